"""`briefing voices`: shows the voices, and installs or removes neural ones."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from briefing.errors import EXIT_DONE, EXIT_FAILED, ShelfError, UsageError, VoiceError
from briefing.speech.models.installed import (
    NAME,
    ModelStamp,
    damage,
    installed_models,
    models_folder,
    read_stamp,
)
from briefing.speech.voices import AUTO, candidates, installed_voices, survey

if TYPE_CHECKING:
    from briefing.config import Config
    from briefing.speech.models.catalogue import CatalogueEntry

__all__ = ["install", "list_voices", "remove"]

_MODEL_ENDING = ".onnx"
_PARTS = ".parts"
_ROOM = 2.1
"""A model's size times this is needed: the fetched and the stored form exist at the same time."""
_MB = 1e6

Line = Callable[[str], None]


def list_voices(config: Config, line: Line) -> int:
    """Print each voice, whether it can speak, and which would speak; return the exit code."""
    store = config.open_cache()
    models = {stamp.name: stamp for stamp in installed_models(models_folder(config))}
    states = survey(config, store)
    able = {state.name for state in states if state.unavailable is None}
    order = candidates(config, config.voice, config.voice_fallback)
    used = next((name for name in order if name in able), None)
    for state in states:
        kind = "online: sends the text over the network" if state.online else "offline"
        if stamp := models.get(state.name):
            kind += f"; {_about(stamp)}"
        reason = "" if state.unavailable is None else f"; unavailable: {state.unavailable}"
        line(f"{'*' if state.name == used else ' '} {state.name:10} {kind}{reason}")
    line(f'voice = "{config.voice}": {f"{used} speaks" if used else "no voice can speak now"}')
    return EXIT_DONE if used else EXIT_FAILED


def _about(stamp: ModelStamp) -> str:
    """Return the facts about an installed model on one line."""
    facts = [f"{stamp.bytes / _MB:.0f} MB", f"speaker {stamp.speaker}"]
    facts += [stamp.language] if stamp.language else []
    facts += [f"{stamp.sample_rate_hz / 1000:g} kHz", f"licence: {stamp.licence}"]
    if stamp.lacks:
        facts.append(f"without {' '.join(stamp.lacks)}")
    return ", ".join(facts)


@dataclass(frozen=True, slots=True)
class _Order:
    """A voice to be installed."""

    config: Config
    folder: Path
    name: str
    agreed: bool
    """--yes: do not ask the user."""
    line: Line
    """Called with each line of the result."""
    notify: Line
    """Called with each message."""


def install(
    config: Config, model: str, *, name: str | None, agreed: bool, line: Line, notify: Line
) -> int:
    """Install a voice of the catalogue, or a model from a file; return the exit code.

    model: a name in the catalogue, or a file that ends in .onnx. Raise BriefingError.
    """
    from briefing.shelf.lock import lock
    from briefing.speech.models.catalogue import catalogue

    file = Path(model).expanduser()
    is_file = file.suffix.lower() == _MODEL_ENDING or file.is_file()
    entry = None if is_file else catalogue().get(model)
    if not is_file and entry is None:
        raise _unknown(model, list(catalogue()))
    folder = models_folder(config)
    chosen = _check_name(name or (entry.name if entry else _name_of(file)))
    order = _Order(config, folder, chosen, agreed, line, notify)
    if entry is not None and config.offline:
        raise UsageError(
            f"--install {model}: the configuration has offline = true, and this voice must be"
            " fetched; fetch it on another machine and install its file: briefing voices"
            " --install FILE.onnx"
        )
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ShelfError(
            f"{folder}: cannot be written: {error.strerror}; change models.folder"
        ) from None
    with lock(folder, "install", wait_s=0):
        return _install_file(order, file) if entry is None else _install_entry(order, entry)


def remove(config: Config, name: str, line: Line) -> int:
    """Remove an installed model; return the exit code. Raise BriefingError."""
    from briefing.shelf.lock import lock
    from briefing.speech.models.installed import remove as remove_folder

    folder = models_folder(config)
    place = folder / name
    if not NAME.fullmatch(name) or not place.is_dir():
        names = [stamp.name for stamp in installed_models(folder)]
        hint = f"installed are: {', '.join(names)}" if names else f"none is installed in {folder}"
        raise UsageError(f"--remove {name}: there is no such neural voice; {hint}")
    try:
        with lock(folder, "install", wait_s=0):
            remove_folder(place)
    except OSError as error:
        raise ShelfError(f"{place}: cannot be removed: {error.strerror}") from None
    line(f"{name}: removed from {folder}")
    return EXIT_DONE


def _install_file(order: _Order, model: Path) -> int:
    """Install a model from a file with its .json next to it, without opening a connection."""
    from briefing.speech.piper.installation import Origin, install_model

    if not model.is_file():
        raise UsageError(f"--install {model}: there is no such file")
    configs = [model.with_name(f"{model.name}.json"), model.with_suffix(".json")]
    config = next((path for path in configs if path.is_file()), None)
    if config is None:
        raise VoiceError(
            f"{configs[0]}: is missing; put the model's .json next to it, then install it again"
        )
    if read_stamp(order.folder / order.name) is not None:
        _ask(order, f"a voice {order.name} is installed and will be replaced")
    origin = Origin(licence="unknown; ask the model's maker")
    stamp = install_model(model, config, order.folder, order.name, origin, order.notify)
    return _report(order, stamp)


def _install_entry(order: _Order, entry: CatalogueEntry) -> int:
    """Fetch a voice of the catalogue and install it."""
    from briefing.speech.models.download import download, require_space
    from briefing.speech.piper.installation import Origin, install_model

    stamp = read_stamp(order.folder / order.name)
    if stamp and stamp.source == entry.name:
        if damage(order.folder / order.name, stamp) is None:
            order.line(f"{order.name}: is installed already, in {order.folder / order.name}")
            return EXIT_DONE
        order.notify(f"{order.name}: the installed model is damaged and is fetched again")
    base = f"{(order.config.models.mirror or entry.base).rstrip('/')}/"
    size = f"{entry.model_bytes / _MB:.0f} MB" if entry.model_bytes else "size not known yet"
    order.notify(
        f"{entry.name}: {entry.about}; {size}\n"
        f"  from {base}{entry.model}\n"
        f"  to {order.folder / order.name}\n"
        f"  licence: {entry.licence}\n"
        "  the makers of this program have not heard this voice"
    )
    require_space(order.folder, round(entry.model_bytes * _ROOM))
    _ask(order, "")
    parts = order.folder / _PARTS
    model, config = parts / f"{entry.name}.onnx", parts / f"{entry.name}.onnx.json"
    progress = _Progress(order.name)
    files = [
        (entry.config, config, entry.config_sha256),
        (entry.model, model, entry.model_sha256),
    ]
    for address, target, digest in files:
        fetched = download(base + address, target, sha256=digest, progress=progress)
        progress.end()
        if not digest:
            source = "as the server declares" if fetched.declared_sha256 else "not verified"
            order.notify(f"{target.name}: SHA-256 {fetched.sha256}, {source}")
    origin = Origin(entry.licence, entry.attribution, entry.name)
    stamp = install_model(model, config, order.folder, order.name, origin, order.notify)
    for path in (model, config):
        path.unlink(missing_ok=True)
    return _report(order, stamp)


def _report(order: _Order, stamp: ModelStamp) -> int:
    order.line(f"{stamp.name}: installed in {order.folder / stamp.name} ({_about(stamp)})")
    order.line(f'  voice = "{stamp.name}" in config.toml speaks with it')
    return EXIT_DONE


def _ask(order: _Order, question: str) -> None:
    """Ask whether to continue. Raise UsageError if the user does not agree or cannot be asked."""
    if order.agreed:
        return
    if not sys.stdin.isatty():
        about = f"{question}; " if question else ""
        raise UsageError(f"{about}nothing was installed: add --yes if nobody can answer")
    print(f"{question}{'; ' if question else ''}install it? [y/N] ", end="", file=sys.stderr)
    sys.stderr.flush()
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise UsageError("nothing was installed")


def _check_name(name: str) -> str:
    """Return a name if a new voice may have it. Raise UsageError otherwise."""
    if not NAME.fullmatch(name):
        raise UsageError(
            f"--name {name}: a voice's name has small letters, digits, - and _, at most 40"
        )
    if name == AUTO or name in installed_voices():
        raise UsageError(f"--name {name}: is the name of another voice; choose one with --name")
    return name


def _name_of(file: Path) -> str:
    """Return a name for a model from a file.

    >>> _name_of(Path("ar_JO-kareem-medium.onnx"))
    'ar_jo-kareem-medium'
    """
    return "".join(
        sign if sign.isascii() and (sign.isalnum() or sign in "_-") else "-"
        for sign in file.stem.lower()
    ).strip("-_")[:40]


def _unknown(name: str, names: list[str]) -> UsageError:
    near = difflib.get_close_matches(name.lower(), names, 1)
    hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(names)}"
    return UsageError(
        f"--install {name}: there is no such voice to fetch; {hint}; a file's name ends in"
        f" {_MODEL_ENDING}"
    )


class _Progress:
    """The progress of fetching a file, on a terminal."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._line = ""

    def __call__(self, fetched: int, total: int) -> None:
        of = f" of {total / _MB:.0f}" if total else ""
        text = f"{self._name}: {fetched / _MB:.0f}{of} MB"
        if sys.stderr.isatty() and text != self._line:
            self._line = text
            print(f"\r{text}\x1b[K", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        if self._line:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
        self._line = ""
