"""A configuration -> the files that a build reads, their state, and a digest of their content.

Taking a snapshot costs one stat a file. A file is read again only if its size or time changed. So
the service can look often, and a file that was only touched starts no build.
"""

from __future__ import annotations

import dataclasses
import hashlib
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from briefing.config import Config
from briefing.errors import SourceError
from briefing.sources import find

__all__ = ["Digests", "Snapshot", "folders", "newest", "settings_digest", "take_snapshot"]

Stamp = tuple[int, ...]
Snapshot = Mapping[Path, Stamp]
"""For each file: device, inode, size and times, or (-1, the error's number)."""

_BLOCK = 1 << 20
_BINARY = getattr(os, "O_BINARY", 0)


def take_snapshot(config: Config) -> Snapshot:
    """Return the state of the sources and of all other files that a build reads."""
    return {path: stamp for path in sorted(_files(config)) if (stamp := _stamp(path))}


def newest(snapshot: Snapshot) -> float:
    """Return when a file was last changed, in seconds since 1970; 0 if there is no file."""
    return max((stamp[-1] / 1e9 for stamp in snapshot.values() if len(stamp) == 5), default=0.0)


def _files(config: Config) -> Iterator[Path]:
    with suppress(SourceError, OSError):  # the build reports what is wrong with the folder
        yield from find(config)
    yield from config.extra_files


def _stamp(path: Path) -> Stamp:
    """Return a file's stamp, following symbolic links; () if there is no regular file."""
    try:
        facts = path.stat()
    except FileNotFoundError:
        return ()
    except (OSError, ValueError) as error:
        return (-1, getattr(error, "errno", None) or 0)
    if not stat.S_ISREG(facts.st_mode):
        return ()
    return (facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns)


@dataclass
class Digests:
    """Digests of file contents. Each is remembered until the file's stamp changes."""

    max_bytes: int
    """A larger file is not read; its stamp is used instead."""
    _cache: dict[Path, tuple[Stamp, str]] = field(default_factory=dict)

    def of(self, snapshot: Snapshot) -> str:
        """Return one digest of the paths and contents of all files of a snapshot."""
        self._cache = {path: entry for path, entry in self._cache.items() if path in snapshot}
        total = hashlib.sha256()
        for path, stamp in snapshot.items():
            entry = self._cache.get(path)
            if not entry or entry[0] != stamp:
                entry = self._cache[path] = (stamp, self._digest(path, stamp))
            total.update(os.fsencode(path) + b"\0" + entry[1].encode() + b"\n")
        return total.hexdigest()

    def _digest(self, path: Path, stamp: Stamp) -> str:
        if len(stamp) == 5 and stamp[2] <= self.max_bytes:
            try:
                # non-blocking: it may have become a pipe since the snapshot
                handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | _BINARY)
                with open(handle, "rb") as file:  # noqa: PTH123 - a handle, not a path
                    digest = hashlib.sha256()
                    while block := file.read(_BLOCK):
                        digest.update(block)
                    return digest.hexdigest()
            except OSError as error:
                return f"error {error.errno}"
        return repr(stamp)


def settings_digest(config: Config) -> str:
    """Return a digest of all settings except those of the schedule and the server."""
    relevant = dataclasses.replace(
        config,
        schedule=type(config.schedule)(),
        listen=type(config.listen)(),
        neighbours=(),
        private_folder=None,
    )
    return hashlib.sha256(repr(relevant).encode("utf-8", "backslashreplace")).hexdigest()


def folders(config: Config) -> dict[Path, tuple[int, int]]:
    """Return the folders to watch with their devices and inodes, which show when one is replaced.

    They are the folder of the articles (or the nearest existing folder above it) and its parent,
    and the folders of the configuration, of the other files and of the targets of symbolic links.
    """
    candidates: set[Path] = {config.base}
    source = config.sources_folder
    # Path.is_dir and is_symlink raise an error if permission is denied
    while not os.path.isdir(source) and source != source.parent:  # noqa: PTH112
        source = source.parent
    candidates |= {source, source.parent}
    for path in _files(config):
        candidates.add(path.parent)
        if os.path.islink(path):  # noqa: PTH114
            candidates.add(Path(os.path.realpath(path)).parent)
    watchable = {}
    for folder in candidates:
        try:
            facts = folder.stat()
        except (OSError, ValueError):
            continue
        if stat.S_ISDIR(facts.st_mode):
            watchable[folder] = (facts.st_dev, facts.st_ino)
    return watchable
