"""Write one line of the user's lexicon; comments, order and all other lines stay as they are.

The file is replaced in one step. Who writes says which file was read, by its digest, so that an
edit by hand meanwhile is never lost.
"""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
import tomllib
from collections.abc import MutableMapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from briefing.errors import BriefingError, ShelfError, UsageError
from briefing.shelf.flushing import flush_folder
from briefing.shelf.lock import lock
from briefing.text.cleaning import prepare
from briefing.text.normalisation.lexicon import Place, check_line, parse_lexicon

__all__ = [
    "ANY",
    "Change",
    "LexiconChanged",
    "Line",
    "LineChanged",
    "lexicon_digest",
    "undo_change",
    "write_reading",
]

ANY: Literal["any"] = "any"
"""Instead of a digest: whatever the file is."""
_LONGEST_READING = 500
_LARGEST_FILE = 10_000_000
_LOCK_WAIT_S = 10.0
_BOM = b"\xef\xbb\xbf"
_NEW_FILE = "# Readings of names and words: written form = reading with its vowels.\n\n[words]\n"


class LexiconChanged(BriefingError):
    """The file is another than the one that was read. digest: of the file now, None if missing."""

    def __init__(self, path: Path, digest: str | None) -> None:
        super().__init__(
            f"{path}: was changed meanwhile, so nothing was written; look at it and try again"
        )
        self.digest = digest


class LineChanged(BriefingError):
    """The line that a change wrote has another reading now, by hand or from another desk."""

    def __init__(self, path: Path, written: str) -> None:
        super().__init__(f"{path}: the reading of {written!r} was changed meanwhile, so it stays")


@dataclass(frozen=True, slots=True)
class Line:
    """Which line of the lexicon."""

    written: str
    """The word as written."""
    article: str = ""
    """The key of the one article that it is for, "" for all."""
    place: Place | None = None
    """The one place in that article that it is for; None for all."""

    @property
    def table(self) -> tuple[str, ...]:
        """The names of its table, from the outside in."""
        if not self.article:
            return ("words",)
        return ("article", self.article, "here" if self.place else "words")

    @property
    def key(self) -> str:
        """The key of a new line."""
        return str(self.place) if self.place else " ".join(self.written.split())


@dataclass(frozen=True, slots=True)
class Change:
    """What was written, so that it can be undone."""

    edits: tuple[tuple[Line, str | None], ...]
    """The lines that were changed, each with its reading before; None if there was no such line."""
    written: tuple[str | None, ...]
    """What each of these lines became; None if it was removed."""
    before: bytes | None
    """The whole file before, None if there was none."""
    digest: str
    """Of the file now."""


def lexicon_digest(path: Path) -> str | None:
    """Return the SHA-256 of the file's bytes, None if there is no file. Raise ShelfError."""
    data = _read(path)
    return None if data is None else _digest(data)


def write_reading(
    path: Path,
    line: Line,
    reading: str,
    digest: str | None,
    *,
    locks: Path,
    removed: Sequence[Line] = (),
) -> Change:
    """Write a reading into its line, which is added where it is missing.

    digest: of the file that was read, None for no file, ANY for whatever there is. locks: the
    folder of the lock that excludes other writers. removed: lines that would hide this one, and go.
    Raise UsageError for an impossible reading, LexiconChanged if the file is another than that,
    ConfigError if it is wrong already, ShelfError if it cannot be written.
    """
    if len(reading) > _LONGEST_READING:
        raise UsageError(f"the reading is longer than {_LONGEST_READING} characters")
    _, _, wrong = check_line(line.written, reading)
    if wrong:
        raise UsageError(wrong)
    edits: list[tuple[Line, str | None]] = [(line, " ".join(reading.split()))]
    edits += [(other, None) for other in removed]
    with lock(locks, "lexicon", _LOCK_WAIT_S):
        data = _read(path)
        now = None if data is None else _digest(data)
        if digest not in (now, ANY):
            raise LexiconChanged(path, now)
        before = tuple((edit, _reading_of(path, data, edit)) for edit, _ in edits)
        changed = _with_edits(path, data, edits)
        _replace(path, changed)
        return Change(before, tuple(text for _, text in edits), data, _digest(changed))


def undo_change(path: Path, change: Change, digest: str | None, *, locks: Path) -> str | None:
    """Undo a change; return the digest of the file, None if there is none any more.

    If the file is still as the change left it, it becomes as it was before, byte for byte;
    otherwise its line alone is changed back, unless another reading stands there: LineChanged.
    Raise else as `write_reading`.
    """
    with lock(locks, "lexicon", _LOCK_WAIT_S):
        data = _read(path)
        now = None if data is None else _digest(data)
        if digest not in (now, ANY):
            raise LexiconChanged(path, now)
        if now == change.digest:
            if change.before is None:
                _remove(path)
                return None
            _replace(path, change.before)
            return _digest(change.before)
        for (line, before), written in zip(change.edits, change.written, strict=True):
            if _reading_of(path, data, line) not in (written, before):
                raise LineChanged(path, line.written)
        changed = _with_edits(path, data, change.edits)
        _replace(path, changed)
        return _digest(changed)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _read(path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST_FILE + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ShelfError(f"{path}: cannot be read: {error.strerror}") from None
    if len(data) > _LARGEST_FILE:
        raise ShelfError(f"{path}: is larger than {_LARGEST_FILE // 1_000_000} MB; divide it")
    return data


def _reading_of(path: Path, data: bytes | None, line: Line) -> str | None:
    """Return the reading that a line has now, None if there is no such line."""
    table: Any = tomllib.loads(_text(path, data))
    for name in line.table:
        table = table.get(name, {})
    key = _existing_key(table, line)
    return None if key is None else str(table[key])


def _text(path: Path, data: bytes | None) -> str:
    """Return the text of a file that is a lexicon without a mistake. Raise ConfigError."""
    if data is None:
        return ""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ShelfError(f"{path}: is not UTF-8; save the file as UTF-8") from None
    parse_lexicon(text, str(path))
    return text


def _with_edits(path: Path, data: bytes | None, edits: Sequence[tuple[Line, str | None]]) -> bytes:
    """Return the file with other readings in some lines; without a line if its reading is None."""
    import tomlkit

    text = _text(path, data) if data is not None else _NEW_FILE
    document = tomlkit.parse(text)
    for line, reading in edits:
        _edit(document, line, reading)
    edited = tomlkit.dumps(document)
    if "\r\n" in text:
        edited = edited.replace("\r\n", "\n").replace("\n", "\r\n")
    _compare(path, text, edited, edits)
    front = _BOM if data is not None and data.startswith(_BOM) else b""
    return front + edited.encode()


def _edit(document: Any, line: Line, reading: str | None) -> None:
    """Change one line of a document of tomlkit's."""
    import tomlkit

    table = document
    for depth, name in enumerate(line.table):
        if name not in table:
            if reading is None:
                return
            table[name] = tomlkit.table(is_super_table=depth < len(line.table) - 1)
        table = table[name]
    key = _existing_key(table, line)
    if reading is not None:
        table[key if key is not None else line.key] = reading
    elif key is not None:
        del table[key]


def _existing_key(table: MutableMapping[str, Any], line: Line) -> str | None:
    """Return the key of a line as the file writes it: with a tatweel, or other spaces."""
    if line.place is not None:
        return line.key if line.key in table else None
    form = _form(line.written)
    return next((str(key) for key in table if _form(str(key)) == form), None)


def _form(written: str) -> str:
    return " ".join(prepare(written).text.split())


def _compare(path: Path, text: str, edited: str, edits: Sequence[tuple[Line, str | None]]) -> None:
    """Raise ShelfError unless the lines alone differ between two texts: nothing may be lost."""
    before, after = tomllib.loads(text), tomllib.loads(edited)
    for line, reading in edits:
        if _taken_out(after, line) != reading:
            raise ShelfError(f"{path}: the line could not be written; write it by hand")
        _taken_out(before, line)
    if before != after:
        raise ShelfError(f"{path}: is written in a way that cannot be kept; write it by hand")
    parse_lexicon(edited, str(path))


def _taken_out(table: Any, line: Line) -> str | None:
    """Return the reading of a line, which is removed from the table; None if it is not there."""
    for name in line.table:
        table = table.setdefault(name, {})
    key = _existing_key(table, line)
    return None if key is None else str(table.pop(key))


def _replace(path: Path, data: bytes) -> None:
    """Replace the file in one step, through a link if it is one. Raise ShelfError."""
    target = path.resolve()
    temporary = None
    try:
        if target.exists() and not os.access(target, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        handle, temporary = tempfile.mkstemp(
            prefix=f".{target.name}.", suffix=".new", dir=target.parent
        )
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o644
        Path(temporary).chmod(mode)
        Path(temporary).replace(target)
        flush_folder(target.parent)
    except OSError as error:
        if temporary is not None:
            with suppress(OSError):
                Path(temporary).unlink()
        raise _unwritable(path, error) from None


def _remove(path: Path) -> None:
    try:
        path.resolve().unlink(missing_ok=True)
    except OSError as error:
        raise _unwritable(path, error) from None


def _unwritable(path: Path, error: OSError) -> ShelfError:
    message = f"{path}: cannot be written: {error.strerror}; nothing was changed"
    return ShelfError(message, errno=error.errno)
