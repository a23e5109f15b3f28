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
from dataclasses import dataclass, field
from pathlib import Path

from briefing.config import Config

__all__ = ["Digests", "Look", "folders", "look", "settings_digest"]

Stamp = tuple[int, ...]
Look = Mapping[Path, Stamp]
"""Each file with what tells that it changed: device, inode, size, time; or the error's number."""

_BLOCK = 1 << 20


def look(config: Config) -> Look:
    """See how the sources and the other files stand that the briefing is made of."""
    return {path: stamp for path in sorted(_files(config)) if (stamp := _stamp(path))}


def _files(config: Config) -> Iterator[Path]:
    for pattern in config.sources.patterns:
        try:
            yield from config.sources_folder.glob(pattern)
        except (OSError, ValueError, NotImplementedError):
            continue  # the build says what is wrong with the folder or the pattern
    yield from _extra(config)


def _extra(config: Config) -> Iterator[Path]:
    """List the files besides the sources: the lexicon, where one is configured."""
    lexicon = getattr(config.text, "lexicon", "")
    for name in (lexicon,) if isinstance(lexicon, str) else lexicon:
        if name:
            yield config.base / name


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
    return (seen.st_dev, seen.st_ino, seen.st_size, seen.st_mtime_ns)


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
        if len(stamp) == 4 and stamp[2] <= self.max_bytes:
            try:
                with path.open("rb") as file:
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
        config, schedule=type(config.schedule)(), listen=type(config.listen)()
    )
    return hashlib.sha256(repr(fixed).encode("utf-8", "backslashreplace")).hexdigest()


def folders(config: Config) -> dict[Path, tuple[int, int]]:
    """List the folders to watch, each with device and inode, so that one made again is seen.

    These are the folder of the articles, or the nearest above it that exists, and the one above;
    the folders below it if a pattern reaches there; and the folders of the configuration, of other
    files and of what symbolic links point to.
    """
    wanted: set[Path] = {config.base}
    source = config.sources_folder
    while not source.is_dir() and source != source.parent:
        source = source.parent
    wanted |= {source, source.parent}
    if any("/" in pattern or "**" in pattern for pattern in config.sources.patterns):
        wanted.update(Path(at) for at, _, _ in os.walk(config.sources_folder))
    for path in _files(config):
        wanted.add(path.parent)
        if path.is_symlink():
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
