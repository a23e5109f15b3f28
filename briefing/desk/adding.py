"""An article that an editor adds: checked by the readers of the folder, never over another file."""

from __future__ import annotations

import errno
import os
import re
import tempfile
import unicodedata
from contextlib import suppress
from pathlib import Path, PurePath

from briefing.config import Config
from briefing.errors import BriefingError, ShelfError, SourceError
from briefing.sources import is_source_name, read_path
from briefing.sources.documents.kinds import READ_ENDINGS, kind_of, refusal

__all__ = ["BadName", "add_article", "largest_article"]

_LONGEST_NAME_BYTES = 150
_BYTES_PER_MB = 1_000_000
_UNSAFE = re.compile(r'[/\\:*?"<>|\x00-\x1f\x7f]')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
_TEXT_ENDINGS = (".txt", ".text", ".md")


class BadName(BriefingError):
    """A name that no article can have. str(): why."""


def largest_article(config: Config) -> int:
    """Return the most bytes that an article of any kind may have."""
    factors = [kind.size_factor for kind in map(kind_of, ("a.docx", "a.odt", "a.epub")) if kind]
    return round(config.sources.max_file_mb * _BYTES_PER_MB * max([1, *factors]))


def add_article(config: Config, name: str, data: bytes) -> str:
    """Write an article into the folder of the sources; return the name of its file.

    Raise BadName, SourceError if it cannot be read as an article, ShelfError if it cannot be
    written.
    """
    safe = _safe_name(name, config)
    folder = config.sources_folder
    with tempfile.TemporaryDirectory(prefix="briefing-desk-") as checking:
        trial = Path(checking) / safe
        try:
            trial.write_bytes(data)
        except OSError as error:
            raise _unwritable(trial, error) from None
        if not read_path(trial, config):
            raise SourceError("there is no article in it")
    try:
        folder.mkdir(exist_ok=True)
        return _write_new(folder, safe, data).name
    except OSError as error:
        raise _unwritable(folder / safe, error) from None


def _safe_name(name: str, config: Config) -> str:
    """Return the name of a file: no path, no hidden file, an ending that the folder reads."""
    plain = unicodedata.normalize("NFC", name).encode("utf-8", "ignore").decode()
    plain = "".join(
        sign for sign in plain if unicodedata.category(sign) not in ("Cc", "Cf", "Zl", "Zp")
    )
    plain = " ".join(_UNSAFE.sub(" ", PurePath(plain.replace("\\", "/")).name).split()).strip(". ")
    if not plain:
        raise BadName("there is no name in it")
    if _RESERVED.fullmatch(plain):
        raise BadName("Windows reserves it")
    stem, ending = os.path.splitext(plain)  # noqa: PTH122 - a name, no path
    if kind_of(plain) is None and ending.lower() not in _TEXT_ENDINGS:
        if reason := refusal(plain):
            raise BadName(reason)
        stem, ending = plain, ".txt"
    while len((stem + ending).encode()) > _LONGEST_NAME_BYTES:
        stem = stem[:-1]
    stem = stem.rstrip(". ")
    if not is_source_name(stem + ending, config):
        patterns = config.sources.patterns
        reads = READ_ENDINGS if "auto" in patterns else ", ".join(patterns)
        raise BadName(f"sources.patterns reads {reads} only")
    return stem + ending


def _write_new(folder: Path, name: str, data: bytes) -> Path:
    """Write a file under a name that no other file has, completely or not at all."""
    handle, temporary = tempfile.mkstemp(prefix=".", suffix=".new", dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        stem, ending = os.path.splitext(name)  # noqa: PTH122
        for number in range(1, 1000):
            path = folder / (name if number == 1 else f"{stem} ({number}){ending}")
            try:
                _link(Path(temporary), path)
            except FileExistsError:
                continue
            return path
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
    finally:
        with suppress(OSError):
            Path(temporary).unlink()


def _link(temporary: Path, path: Path) -> None:
    """Add the name to a file. Raise FileExistsError if another has it."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        with path.open("xb") as file:
            file.write(temporary.read_bytes())


def _unwritable(path: Path, error: OSError) -> ShelfError:
    message = f"{path}: cannot be written: {error.strerror}; nothing was added"
    return ShelfError(message, errno=error.errno)
