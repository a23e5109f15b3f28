"""A configuration -> the files that a build reads from, how they stand, and a digest of them.

A look costs one stat a file; a file is read again only when its size or time changed, so that the
service can look often and start no build for a touched file.
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

__all__ = ["Digests", "Look", "folders", "look", "newest", "settings_digest"]

Stamp = tuple[int, ...]
Look = Mapping[Path, Stamp]
"""Each file with what tells that it changed: device, inode, size, times; or the error's number."""

_BLOCK = 1 << 20
_BINARY = getattr(os, "O_BINARY", 0)


def look(config: Config) -> Look:
    """See how the sources and the other files stand that the briefing is made of."""
    return {path: stamp for path in sorted(_files(config)) if (stamp := _stamp(path))}


def newest(seen: Look) -> float:
    """Give when a file was changed last, in seconds since 1970; 0 without a file."""
    return max((stamp[-1] / 1e9 for stamp in seen.values() if len(stamp) == 5), default=0.0)


def _files(config: Config) -> Iterator[Path]:
    with suppress(SourceError, OSError):  # the build says what is wrong with the folder
        yield from find(config)
    yield from config.extra_files


def _stamp(path: Path) -> Stamp:
    """Stat through symbolic links; nothing for what is neither a file nor an error."""
    try:
        seen = path.stat()
    except FileNotFoundError:
        return ()
    except (OSError, ValueError) as error:
        return (-1, getattr(error, "errno", None) or 0)
    if not stat.S_ISREG(seen.st_mode):
        return ()
    return (seen.st_dev, seen.st_ino, seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns)


@dataclass
class Digests:
    """Digests of file contents, each kept until the file's stamp changes."""

    max_bytes: int
    """A larger file is not read: its stamp stands for it."""
    _known: dict[Path, tuple[Stamp, str]] = field(default_factory=dict)

    def of(self, seen: Look) -> str:
        """Give one digest of all files of a look: their paths and contents."""
        self._known = {path: known for path, known in self._known.items() if path in seen}
        total = hashlib.sha256()
        for path, stamp in seen.items():
            known = self._known.get(path)
            if not known or known[0] != stamp:
                known = self._known[path] = (stamp, self._digest(path, stamp))
            total.update(os.fsencode(path) + b"\0" + known[1].encode() + b"\n")
        return total.hexdigest()

    def _digest(self, path: Path, stamp: Stamp) -> str:
        if len(stamp) == 5 and stamp[2] <= self.max_bytes:
            try:
                # not blocking: since the look it may have become a pipe
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
    """Digest what the configuration says about the sound, and not when or where to listen."""
    fixed = dataclasses.replace(
        config,
        schedule=type(config.schedule)(),
        listen=type(config.listen)(),
        neighbours=(),
    )
    return hashlib.sha256(repr(fixed).encode("utf-8", "backslashreplace")).hexdigest()


def folders(config: Config) -> dict[Path, tuple[int, int]]:
    """List the folders to watch, each with device and inode, so that one made again is seen.

    These are the folder of the articles, or the nearest above it that exists, and the one above;
    and the folders of the configuration, of other files and of what symbolic links point to.
    """
    wanted: set[Path] = {config.base}
    source = config.sources_folder
    # Path.is_dir and is_symlink raise where permission is denied
    while not os.path.isdir(source) and source != source.parent:  # noqa: PTH112
        source = source.parent
    wanted |= {source, source.parent}
    for path in _files(config):
        wanted.add(path.parent)
        if os.path.islink(path):  # noqa: PTH114
            wanted.add(Path(os.path.realpath(path)).parent)
    found = {}
    for folder in wanted:
        try:
            seen = folder.stat()
        except (OSError, ValueError):
            continue
        if stat.S_ISDIR(seen.st_mode):
            found[folder] = (seen.st_dev, seen.st_ino)
    return found
