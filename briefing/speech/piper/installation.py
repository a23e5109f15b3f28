"""A published model and its .json to an installed voice: rewritten, tried, stamped, in one rename.

The first words are spoken in a process of their own with bounded time and memory: a model is
another's file, and what it does to the process that runs it is known only then.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from briefing.errors import ShelfError, VoiceError
from briefing.speech.models.download import require_space
from briefing.speech.models.installed import (
    CONFIG_NAME,
    MODEL_NAME,
    ModelStamp,
    checksum_of,
    remove,
    write_stamp,
)
from briefing.speech.piper.graph import UnsuitableModel, rewrite
from briefing.speech.piper.model_config import ModelConfig, read_model_config
from briefing.speech.piper.symbols import lacking_symbols

__all__ = ["Origin", "install_model"]

_LONGEST_TRIAL_S = 120.0
_ADDED_BYTES = 1_000_000
"""What an installed model takes beyond the published one, at most."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a model comes from."""

    licence: str
    attribution: str = ""
    source: str = ""
    """Its name in the catalogue."""


def install_model(
    model: Path, config: Path, folder: Path, name: str, origin: Origin, tell: Callable[[str], None]
) -> ModelStamp:
    """Install a model under a name, in the place of another of that name.

    folder: of all models. tell: takes what the user should know of the model. Raise VoiceError if
    it is no voice of this kind or does not speak, ShelfError if the folder cannot be written.
    """
    try:
        description = read_model_config(config)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        require_space(folder, model.stat().st_size + _ADDED_BYTES)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".new-") as new:
            place = Path(new, name)
            place.mkdir(mode=0o700)
            stamp = _fill(place, model, config, description, name, origin, tell)
            _put_in_place(place, folder / name)
    except UnsuitableModel as error:
        raise VoiceError(f"{model}: cannot be installed: {error}") from None
    except OSError as error:
        where = error.filename or folder
        raise ShelfError(f"{where}: {error.strerror or error}") from None
    return stamp


def _fill(
    place: Path,
    model: Path,
    config: Path,
    description: ModelConfig,
    name: str,
    origin: Origin,
    tell: Callable[[str], None],
) -> ModelStamp:
    """Put a model into its folder and return its stamp."""
    facts = rewrite(model, place / MODEL_NAME)
    shutil.copyfile(config, place / CONFIG_NAME)
    if facts.durations is None:
        tell("it does not say how long its sounds are: the times of words will be estimated")
    lacks = lacking_symbols(description.symbols)
    if lacks:
        pairs = ", ".join(f"{sign} as {stand_in or 'nothing'}" for sign, stand_in in lacks.items())
        tell(f"it has no sign for some sounds of Arabic and speaks {pairs}")
    if description.language and not description.language.startswith("ar"):
        tell(f"it was made for {description.language}: it speaks Arabic with that accent")
    symbol_s = _trial(place)
    for path in (place / MODEL_NAME, place / CONFIG_NAME):
        with path.open("rb+") as file:
            os.fsync(file.fileno())
    stamp = ModelStamp(
        name=name,
        digest=_digest(model, config),
        checksum=checksum_of(place),
        bytes=(place / MODEL_NAME).stat().st_size,
        speaker=description.speaker or name,
        language=description.language,
        sample_rate_hz=description.sample_rate_hz,
        symbol_s=symbol_s,
        licence=origin.licence,
        attribution=origin.attribution,
        source=origin.source,
        lacks=lacks,
    )
    write_stamp(place, stamp)
    return stamp


def _digest(model: Path, config: Path) -> str:
    digest = hashlib.sha256()
    for path in (model, config):
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def _trial(place: Path) -> float:
    """Have the model speak in another process; return the seconds that a symbol takes.

    Raise UnsuitableModel if it does not speak, or not within the time.
    """
    command = [sys.executable, "-m", "briefing.speech.piper.trial", str(place)]
    package_parent = str(Path(__file__).parents[3])
    paths = [package_parent, *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    try:
        process = subprocess.run(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=_LONGEST_TRIAL_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise UnsuitableModel(f"it has not spoken ten words in {_LONGEST_TRIAL_S:g} s") from None
    try:
        answer = json.loads(process.stdout)
    except ValueError:
        died = f"the process that tried it died (exit code {process.returncode})"
        raise UnsuitableModel(died) from None
    if "problem" in answer:
        raise UnsuitableModel(str(answer["problem"]))
    return float(answer["symbol_s"])


def _put_in_place(place: Path, target: Path) -> None:
    """Rename a filled folder; one of that name that was there goes."""
    old = place.with_name("old")
    if target.exists():
        target.rename(old)
    place.rename(target)
    if old.exists():
        remove(old)
