"""The clip cache: bytes stored under the digest of everything that they depend on.

The cache is a folder of small files, each with a checksum of its key and value; what was fetched
together is one file with several names (`entry_packs`). A file is written under a temporary name
and then renamed, so several processes can use the cache concurrently. A damaged entry counts as
missing. `trim` keeps the cache within its size.

The checksum (XXH3) detects damage, not forgery. Files of other users are therefore ignored, and
so is a folder that another user owns or that everybody may write to.
"""

from __future__ import annotations

import errno
import hashlib
import itertools
import json
import os
import stat
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import xxhash

from briefing.entry_packs import pack_entries, read_entry
from briefing.errors import ShelfError
from briefing.user_folders import cache_home

__all__ = [
    "FolderStore",
    "MemoryStore",
    "Store",
    "Usage",
    "cache_folder",
    "entry_of",
    "key_of",
    "value_of",
]

_LAYOUT = "v3"
_MAGIC = b"BRFC"
_HEAD_BYTES = len(_MAGIC) + 16
"""The magic and the checksum."""
_ENCODER = json.JSONEncoder(ensure_ascii=True, sort_keys=True, separators=(",", ":"))
_TOUCH_AFTER_S = 3600.0
"""An entry's time of last use is updated at most once in this time, to save writes."""
_NOT_OURS = "is another user's, or everybody may write to it; chmod it or change cache.folder"
_HELD_BYTES = 32_000_000
"""Of values in memory that were just stored: those of some articles."""
_REMEMBERED = 50_000
"""Keys of entries that were just stored: those of a thousand articles."""
_LEFTOVER_AFTER_S = 3600.0
"""A temporary file older than this belongs to a process that died."""


@dataclass(frozen=True, slots=True)
class Usage:
    """How much the cache holds."""

    entries: int
    bytes: int


def cache_folder(configured: str, base: Path) -> Path:
    """Return the cache's folder: `configured`, relative to `base`, or by default the user's own."""
    if configured:
        return base / Path(configured).expanduser()
    return cache_home() / "briefing"


def key_of(kind: str, parts: Any) -> str:
    """Return the key of an entry that depends on `parts` and on nothing else.

    kind: separates entries of different kinds that have equal parts. parts: any JSON value.

    >>> key_of("clip", {"voice": "espeak"}) == key_of("clip", {"voice": "espeak"})
    True
    """
    return hashlib.sha256(_ENCODER.encode([kind, parts]).encode()).hexdigest()


class Store(Protocol):
    """Bytes by key, as in the clip cache. A key is a hexadecimal digest."""

    def get(self, key: str) -> bytes | None:
        """Return the bytes stored under the key, or None if they are missing or damaged."""

    def put(self, key: str, value: bytes) -> None:
        """Store the bytes under the key. Storing the same key again changes nothing."""


class MemoryStore:
    """A `Store` that lasts as long as the process."""

    def __init__(self) -> None:
        self.values: dict[str, bytes] = {}

    def get(self, key: str) -> bytes | None:
        """Return the bytes stored under the key, or None."""
        return self.values.get(key)

    def put(self, key: str, value: bytes) -> None:
        """Store the bytes."""
        self.values[key] = value

    def put_entries(
        self, entries: Mapping[str, bytes | memoryview], soon: Mapping[str, object] | None = None
    ) -> None:
        """Store the values of entries in which `value_of` found them. soon: of no effect."""
        for key, entry in entries.items():
            self.values[key] = bytes(entry[_HEAD_BYTES:])


class FolderStore:
    """A `Store` in a folder.

    `put` never raises: a value that cannot be stored is computed again by the next build.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._root = folder / _LAYOUT
        self.put_error: OSError | None = None
        """Why the last failed `put` failed, so that a build can warn once."""
        self._trusted: bool | None = None
        self._held: dict[str, tuple[object, int]] = {}
        self._held_bytes = 0
        self._holding = threading.Lock()
        self._stored: set[str] = set()

    def get(self, key: str) -> bytes | None:
        """Return the value stored under the key, or None if it is missing or damaged."""
        value = self.view(key)
        return None if value is None else bytes(value)

    def view(self, key: str) -> memoryview | None:
        """Return what `get` returns, without copying it: most clips are only copied to a file."""
        path = self._path(key)
        file = _read_own_file(path, key) if self._is_trusted() else None
        if file is None:
            return None
        entry, last_use = file
        head, value = entry[:_HEAD_BYTES], memoryview(entry)[_HEAD_BYTES:]
        with suppress(OSError):
            if head != _head(key, value):
                os.unlink(path)  # noqa: PTH108 - faster than Path, thousands of times a build
                return None
            if time.time() - last_use > _TOUCH_AFTER_S:
                os.utime(path)
        return value

    def has(self, key: str) -> bool:
        """Return whether the key has an entry, without reading it."""
        if key in self._held:
            return True
        return self._is_trusted() and os.path.isfile(self._path(key))  # noqa: PTH113 - as above

    @property
    def holds_objects(self) -> bool:
        """Whether objects that `put_entries` was given wait in memory to be taken."""
        return bool(self._held)

    def take(self, key: str) -> object | None:
        """Return the object that `put_entries` was given for an entry, once; None without one."""
        with self._holding:
            value, size = self._held.pop(key, (None, 0))
            self._held_bytes -= size
        return value

    def put(self, key: str, value: bytes) -> None:
        """Store the value. If that fails, keep the reason in `put_error`."""
        self._write(key, (_head(key, value), value))

    def put_entries(
        self, entries: Mapping[str, bytes | memoryview], soon: Mapping[str, object] | None = None
    ) -> None:
        """Store entries in which `value_of` found the values, as they are; see `put`.

        soon: of those that are wanted once, soon, what the value is read as; `take` returns it. Of
        too many, the last ones are held. What was just stored is not stored again: articles share
        paragraphs.
        """
        fresh = {
            key: entry
            for key, entry in entries.items()
            # it may have been damaged or removed since
            if not (key in self._stored and os.path.isfile(self._path(key)))  # noqa: PTH113
        }
        for keys, parts in pack_entries(fresh):
            if len(keys) == 1 or not self._write_together(keys, parts):
                for key in keys:
                    self._write(key, (entries[key],))
        if self.put_error is None:
            if len(self._stored) > _REMEMBERED:
                self._stored.clear()
            self._stored.update(fresh)
        for key, value in (soon or {}).items():
            self._hold(key, value, len(entries[key]))

    def _hold(self, key: str, value: object, size: int) -> None:
        with self._holding:
            if key not in self._held:
                self._held[key] = value, size
                self._held_bytes += size
            while self._held_bytes > _HELD_BYTES:
                _, size = self._held.pop(next(iter(self._held)))
                self._held_bytes -= size

    def _write(self, key: str, parts: Sequence[bytes | memoryview]) -> None:
        """Write an entry's parts into its file, under a temporary name first."""
        try:
            temporary = self._write_new(key, parts)
            try:
                os.replace(temporary, self._path(key))  # noqa: PTH105 - faster than Path, as above
            except BaseException:
                Path(temporary).unlink(missing_ok=True)
                raise
        except OSError as error:
            self.put_error = error

    def _write_together(self, keys: Sequence[str], parts: Sequence[bytes | memoryview]) -> bool:
        """Write a file with several entries, and give it their names; return False if it cannot.

        A name that is taken gets the new file, for its entry may be damaged.
        """
        try:
            temporary = self._write_new(keys[0], parts)
        except OSError as error:
            self.put_error = error
            return True  # each alone would fail, too
        try:
            for key in keys:
                self._link(temporary, self._path(key))
        except OSError:  # not every file system has links
            return False
        finally:
            with suppress(OSError):
                os.unlink(temporary)  # noqa: PTH108
        return True

    def _link(self, existing: str, path: str) -> None:
        try:
            os.link(existing, path)
        except FileNotFoundError:
            self._make_folders(path)
            os.link(existing, path)
        except FileExistsError:
            spare = f"{existing}-again"
            os.link(existing, spare)
            os.replace(spare, path)  # noqa: PTH105

    def _write_new(self, key: str, parts: Sequence[bytes | memoryview]) -> str:
        """Write a new file in the folder of a key; return its path. Raise OSError."""
        path = self._path(key)
        temporary = f"{path[: -len(key)]}.new-{os.getpid()}-{next(_numbers)}-{_NONCE}"
        try:
            handle = self._create_file(temporary)
        except FileNotFoundError:
            self._make_folders(path)
            handle = self._create_file(temporary)
        try:
            try:
                _write_all(handle, parts)
            finally:
                os.close(handle)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        return temporary

    def _make_folders(self, path: str) -> None:
        # writable by this user only, so that no other user can plant an entry
        parent = Path(path).parent
        try:
            parent.mkdir(mode=0o700, exist_ok=True)
        except FileNotFoundError:
            for folder in (self.folder, self._root, parent):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def _create_file(self, path: str) -> int:
        if not self._is_trusted():
            raise PermissionError(errno.EPERM, _NOT_OURS, str(self.folder))
        return os.open(path, _NEW_FILE, 0o600)

    def usage(self) -> Usage:
        """Count the entries and their bytes on disk."""
        sizes = [size for _, size, _ in self._entries()]
        return Usage(len(sizes), sum(sizes))

    def trim(self, max_bytes: int, *, used_since: float) -> int:
        """Remove the least recently used entries beyond max_bytes; return how many.

        used_since: entries used at or after this time (seconds since the epoch) are kept.
        """
        entries = sorted(self._entries(), key=lambda entry: entry[2])
        total = sum(size for _, size, _ in entries)
        dropped = 0
        for path, size, last_use in entries:
            if total <= max_bytes:
                break
            if last_use >= used_since - _TOUCH_AFTER_S:
                continue
            with suppress(OSError):
                Path(path).unlink()
                total -= size
                dropped += 1
        return dropped

    def clear(self) -> Usage:
        """Remove every entry; return how much was removed.

        Raise ShelfError if an entry cannot be removed.
        """
        dropped = freed = 0
        for path, size, _ in list(self._entries()):
            try:
                Path(path).unlink(missing_ok=True)
            except OSError as error:
                raise ShelfError(f"{path}: cannot be removed: {error.strerror}") from None
            dropped, freed = dropped + 1, freed + size
        return Usage(dropped, freed)

    def _is_trusted(self) -> bool:
        """Return whether the folders are this user's (or root's) and not writable by everybody.

        Folders that do not exist yet are trusted: this user will create them.
        """
        if self._trusted is not None:
            return self._trusted
        folders = []
        for folder in (self.folder, self._root):
            with suppress(OSError):
                folders.append(folder.stat())
        trusted = all(map(_is_own, folders))
        if len(folders) == 2 or not trusted:  # a folder that does not exist yet is checked again
            self._trusted = trusted
        return trusted

    def _path(self, key: str) -> str:
        return f"{self._root}{os.sep}{key[:2]}{os.sep}{key}"

    def _entries(self) -> Iterator[tuple[str, int, float]]:
        """Yield (path, bytes, last use) of each entry; remove what dead processes left."""
        now = time.time()
        try:
            folders = [entry.path for entry in os.scandir(self._root) if entry.is_dir()]
        except OSError:
            return
        for folder in folders:
            try:
                files = list(os.scandir(folder))
            except OSError:
                continue
            for entry in files:
                try:
                    facts = entry.stat(follow_symlinks=False)
                except OSError:
                    continue
                if not entry.name.startswith(".new-"):
                    # a file of several entries has a name for each
                    yield entry.path, facts.st_size // max(1, facts.st_nlink), facts.st_mtime
                elif now - facts.st_mtime > _LEFTOVER_AFTER_S:
                    with suppress(OSError):
                        Path(entry.path).unlink()


def entry_of(key: str, value: bytes | memoryview) -> bytes:
    """Return an entry as it is stored: a head with the checksum of key and value, and the value."""
    return _head(key, value) + value


def value_of(key: str, entry: bytes | memoryview) -> memoryview | None:
    """Return the value of an entry, None if it is damaged or another key's."""
    value = memoryview(entry)[_HEAD_BYTES:]
    return value if bytes(entry[:_HEAD_BYTES]) == _head(key, value) else None


def _head(key: str, value: bytes | memoryview) -> bytes:
    """Return what an entry begins with. The checksum covers the key: entries cannot be swapped."""
    checksum = xxhash.xxh3_128(key.encode())
    checksum.update(value)
    return _MAGIC + checksum.digest()


def _is_own(facts: os.stat_result) -> bool:
    """Return whether a file or folder is this user's or root's, and not writable by everybody."""
    if os.name == "nt":
        return True
    return facts.st_uid in (0, os.geteuid()) and not facts.st_mode & stat.S_IWOTH


def _write_all(handle: int, parts: Sequence[bytes | memoryview]) -> None:
    """Write parts into a new file, at once where the system can. Raise OSError."""
    size = sum(map(len, parts))
    written = os.writev(handle, parts) if hasattr(os, "writev") else 0
    rest = memoryview(b"".join(parts))[written:] if written < size else memoryview(b"")
    while rest:
        rest = rest[os.write(handle, rest) :]


_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
_NONCE = os.urandom(4).hex()
_numbers = itertools.count()
"""With the process's number and the nonce, each new file has a name of its own."""

_FLAGS = os.O_RDONLY
for _name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"):
    _FLAGS |= getattr(os, _name, 0)


def _read_own_file(path: str, key: str) -> tuple[bytes, float] | None:
    """Return the entry in a file of this user and its last use (seconds since the epoch).

    Return None for another user's file, a link, a pipe, and a file that cannot be read.
    """
    with suppress(OSError):
        handle = os.open(path, _FLAGS)  # faster than a file object, thousands of times a build
        try:
            facts = os.fstat(handle)
            if stat.S_ISREG(facts.st_mode) and _is_own(facts):
                entry = read_entry(handle, facts, key)
                return None if entry is None else (entry, facts.st_mtime)
        finally:
            os.close(handle)
    return None
