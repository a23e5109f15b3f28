"""The clip cache: bytes under the digest of everything that they depend on.

A folder of small files, each with a checksum of its key and value, written aside and renamed:
safe for several processes at once, and a damaged entry is as good as none. Bounded by `trim`.
The checksum (XXH3) tells damage; that no other user wrote an entry, the system tells.
Nothing is taken from another user: not from their file, nor from a folder that they own or that
everybody may write to.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xxhash

from briefing.errors import ShelfError
from briefing.user_folders import cache_home

__all__ = ["FolderStore", "Usage", "cache_folder", "key_of"]

_LAYOUT = "v3"
_MAGIC = b"BRFC"
_HEAD_BYTES = len(_MAGIC) + 16
"""The magic and the checksum."""
_ENCODER = json.JSONEncoder(ensure_ascii=True, sort_keys=True, separators=(",", ":"))
_TOUCH_AFTER_S = 3600.0
"""How stale an entry's last use may be on disk: reading it does not always write."""
_NOT_OURS = "is another user's, or everybody may write to it; chmod it or change cache.folder"
_LEFTOVER_AFTER_S = 3600.0
"""A file still being written after that belongs to a process that died."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What the cache takes."""

    entries: int
    bytes: int


def cache_folder(configured: str, base: Path) -> Path:
    """Return the cache's folder: the configured one (relative to base), else the user's own."""
    if configured:
        return base / Path(configured).expanduser()
    return cache_home() / "briefing"


def key_of(kind: str, parts: Any) -> str:
    """Give the key of what depends on these parts (whatever JSON can write), and on nothing else.

    >>> key_of("clip", {"voice": "espeak"}) == key_of("clip", {"voice": "espeak"})
    True
    """
    return hashlib.sha256(_ENCODER.encode([kind, parts]).encode()).hexdigest()


class FolderStore:
    """A `Store` in a folder. What cannot be kept is made again: `put` never fails a build."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._root = folder / _LAYOUT
        self.put_error: OSError | None = None
        """Why the last `put` could not keep its value, for one warning a build."""
        self._trusted: bool | None = None

    def get(self, key: str) -> bytes | None:
        """Give the value kept under the key; None where there is none, or a damaged one."""
        value = self.view(key)
        return None if value is None else bytes(value)

    def view(self, key: str) -> memoryview | None:
        """Give what `get` gives, uncopied: a clip is read to be written again."""
        path = self._path(key)
        found = _own_file(path) if self._is_ours() else None
        if found is None:
            return None
        entry, used = found
        head, value = entry[:_HEAD_BYTES], memoryview(entry)[_HEAD_BYTES:]
        with suppress(OSError):
            if head != _head(key, value):
                os.unlink(path)  # noqa: PTH108 - a string: thousands are read in a build
                return None
            if time.time() - used > _TOUCH_AFTER_S:
                os.utime(path)
        return value

    def has(self, key: str) -> bool:
        """Say whether there is an entry, without reading it."""
        return self._is_ours() and os.path.isfile(self._path(key))  # noqa: PTH113 - a string

    def put(self, key: str, value: bytes) -> None:
        """Keep the value; where the disk refuses, remember why in `put_error`."""
        path = Path(self._path(key))
        try:
            try:
                handle, name = self._new_file(path.parent)
            except FileNotFoundError:
                # private: nobody else's file may be taken for ours
                for folder in (self.folder, self._root, path.parent):
                    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                handle, name = self._new_file(path.parent)
            written = Path(name)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(_head(key, value))
                    file.write(value)
                written.replace(path)
            except BaseException:
                written.unlink(missing_ok=True)
                raise
        except OSError as error:
            self.put_error = error

    def _new_file(self, folder: Path) -> tuple[int, str]:
        if not self._is_ours():
            raise PermissionError(errno.EPERM, _NOT_OURS, str(self.folder))
        return tempfile.mkstemp(dir=folder, prefix=".new-")

    def usage(self) -> Usage:
        """Count the entries and their bytes on disk."""
        sizes = [size for _, size, _ in self._entries()]
        return Usage(len(sizes), sum(sizes))

    def trim(self, max_bytes: int, *, used_since: float) -> int:
        """Drop the least recently used entries beyond max_bytes; give how many.

        used_since: entries used at or after that time (seconds since the epoch) stay.
        """
        entries = sorted(self._entries(), key=lambda entry: entry[2])
        total = sum(size for _, size, _ in entries)
        dropped = 0
        for path, size, used in entries:
            if total <= max_bytes:
                break
            if used >= used_since - _TOUCH_AFTER_S:
                continue
            with suppress(OSError):
                Path(path).unlink()
                total -= size
                dropped += 1
        return dropped

    def clear(self) -> Usage:
        """Drop every entry; give what was dropped. Raises ShelfError where that is refused."""
        dropped = freed = 0
        for path, size, _ in list(self._entries()):
            try:
                Path(path).unlink(missing_ok=True)
            except OSError as error:
                raise ShelfError(f"{path}: cannot be removed: {error.strerror}") from None
            dropped, freed = dropped + 1, freed + size
        return Usage(dropped, freed)

    def _is_ours(self) -> bool:
        """Say whether the folders are this user's (or root's) and no other may write to them."""
        if self._trusted is not None:
            return self._trusted
        found = []
        for folder in (self.folder, self._root):
            with suppress(OSError):
                found.append(folder.stat())
        trusted = all(map(_is_own, found))
        if len(found) == 2 or not trusted:  # what is yet to be made is looked at again
            self._trusted = trusted
        return trusted

    def _path(self, key: str) -> str:
        return f"{self._root}{os.sep}{key[:2]}{os.sep}{key}"

    def _entries(self) -> Iterator[tuple[str, int, float]]:
        """Give (path, bytes, last use) of each entry; sweep what dead processes left."""
        now = time.time()
        try:
            folders = [entry.path for entry in os.scandir(self._root) if entry.is_dir()]
        except OSError:
            return
        for folder in folders:
            try:
                found = list(os.scandir(folder))
            except OSError:
                continue
            for entry in found:
                try:
                    facts = entry.stat(follow_symlinks=False)
                except OSError:
                    continue
                if not entry.name.startswith(".new-"):
                    yield entry.path, facts.st_size, facts.st_mtime
                elif now - facts.st_mtime > _LEFTOVER_AFTER_S:
                    with suppress(OSError):
                        Path(entry.path).unlink()


def _head(key: str, value: bytes | memoryview) -> bytes:
    """Give what an entry begins with; its key too, so that none can be put in another's place."""
    checksum = xxhash.xxh3_128(key.encode())
    checksum.update(value)
    return _MAGIC + checksum.digest()


def _is_own(facts: os.stat_result) -> bool:
    """Say whether a file or folder is this user's or root's, and not for everybody to write."""
    if os.name == "nt":
        return True
    return facts.st_uid in (0, os.geteuid()) and not facts.st_mode & stat.S_IWOTH


_FLAGS = os.O_RDONLY
for _name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"):
    _FLAGS |= getattr(os, _name, 0)


def _own_file(path: str) -> tuple[bytes, float] | None:
    """Read a file of this user's; give its last use (seconds since the epoch), too.

    None for another's, a link, a pipe, or what cannot be read.
    """
    with suppress(OSError):
        handle = os.open(path, _FLAGS)  # and no file object: thousands are read in a build
        try:
            facts = os.fstat(handle)
            if stat.S_ISREG(facts.st_mode) and _is_own(facts):
                entry = os.read(handle, facts.st_size)
                if len(entry) == facts.st_size:  # a regular file's is never less, unless cut since
                    return entry, facts.st_mtime
        finally:
            os.close(handle)
    return None
