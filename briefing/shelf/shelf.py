"""The shelf: editions replace each other whole, or not at all, whatever kills the process.

    audio/.editions/ID/            an edition: every file that is published, and its record
    audio/.current -> .editions/ID the one that stands; renaming a new link onto it is the only
                                   commit point
    audio/NAME.mp3 -> .current/NAME.mp3   a permanent link for each published file or folder

Two renames cannot change two files together, however close they are; one rename of the link
through which both are seen can. Everything is flushed to the disk before it. Where there are no
symbolic links (Windows, FAT), briefing.shelf.journal does it as well as can be.

Nobody's file is removed or overwritten: one that is in the way of a file never published before
is refused; one that replaced a published file (an edited sidecar) is moved aside, to
NAME.kept-1.json, and `Shelf.notices` says so.
"""

from __future__ import annotations

import errno
import filecmp
import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from briefing.errors import ShelfError
from briefing.shelf.flushing import flush_folder, flush_tree
from briefing.shelf.journal import Journal, move_aside

__all__ = ["Shelf", "Staged"]

_EDITIONS = ".editions"
_CURRENT = ".current"
_NEW_CURRENT = ".current.new"
_NEW_LINK = ".link.new"
_PREVIOUS = ".previous"
"""In an edition: the ID of the one that it replaced, which open readers may still read."""
_MAY_BE_REWRITTEN = frozenset({".html", ".xml", ".json", ".txt", ".vtt", ".built"})
"""Carried over as copies, the rest as hard links: were a view to write into a linked file, it
would write into the edition that stands."""
_DISK_REFUSES = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO})


class Shelf:
    """The folder of what was built. One process at a time writes it, under its lock."""

    def __init__(self, folder: Path, *, links: bool | None = None) -> None:
        """links: whether symbolic links work there; None finds out."""
        self.folder = folder
        self.notices: list[str] = []
        """What a user should know about what was found and done, a line each."""
        self._links = links
        self._journal = Journal(folder)

    def current(self) -> Path | None:
        """Give the folder of the edition that stands, None before the first."""
        pointer = self.folder / _CURRENT
        if pointer.is_symlink():
            target = self.folder / pointer.readlink()
        elif (name := self._journal.current()) is not None:
            target = self.folder / _EDITIONS / name
        else:
            return None
        return target if target.is_dir() else None

    def recover(self) -> None:
        """Finish or undo what a process that died has left, and what others did to the links.

        A published file that was removed or replaced on the shelf is put back. To be called under
        the shelf's lock. Raises ShelfError.
        """
        if not self.folder.exists():
            return
        with self._refusals():
            self._tell(self._journal.roll_forward(self.folder / _EDITIONS))
            self._adopt()
            current = self.current()
            if current is not None and (self.folder / _CURRENT).is_symlink():
                self._link(_published(current), current)
            elif current is not None:
                self._tell(self._journal.heal(self.folder / _EDITIONS))
            self._sweep()

    @contextmanager
    def edition(self, name: str, audio: str = "") -> Iterator[Staged]:
        """Stage an edition of a briefing: a folder to write NAME.* into, then `commit`.

        To be called under the shelf's lock. Leaving the context without a commit removes what was
        staged. Raises ShelfError, also for what the disk refuses while the files are written.
        """
        with self._refusals():
            self._refuse_strangers((audio or f"{name}.mp3", f"{name}.json"), self.current())
            folder = self.folder / _EDITIONS / f"{time.time_ns():x}-{os.getpid()}"
            folder.mkdir(parents=True)
            try:
                yield Staged(self, folder, name)
            finally:
                if folder != self.current():
                    shutil.rmtree(folder, ignore_errors=True)

    def _commit(self, staged: Staged, views: Sequence[Callable[[Path], None]]) -> None:
        self._adopt()
        before = self.current()
        if before is not None:
            _carry_over(before, staged.folder, staged.name)
            (staged.folder / _PREVIOUS).write_text(before.name, encoding="utf-8")
        for view in views:
            view(staged.folder)
        self._refuse_strangers(_published(staged.folder), before)
        flush_tree(staged.folder)
        flush_folder(staged.folder.parent)
        if self._has_links():
            self._link(_published(staged.folder), before)
            flush_folder(self.folder)
            new = self.folder / _NEW_CURRENT
            new.unlink(missing_ok=True)
            new.symlink_to(Path(_EDITIONS) / staged.folder.name, target_is_directory=True)
            new.replace(self.folder / _CURRENT)
            flush_folder(self.folder)
        else:
            files = [
                path.relative_to(staged.folder).as_posix()
                for top in _published(staged.folder)
                for path in _files(staged.folder / top)
            ]
            aside = self._journal.publish(self.folder / _EDITIONS, staged.folder.name, files)
            self._tell(aside)
        with suppress(OSError):  # published: what could not be cleared away is so the next time
            self._sweep()

    def refuse_strangers(self, names: Sequence[str]) -> None:
        """Refuse what publishing would refuse at its end. Raise ShelfError."""
        current = self.current()
        if current is None and (self.folder / _CURRENT).is_dir():
            current = self.folder / _CURRENT  # a copy of the shelf; `recover` makes it a link again
        self._refuse_strangers(names, current)

    def _refuse_strangers(self, names: Sequence[str], current: Path | None) -> None:
        """Refuse to publish where somebody else's file is that we never published one over."""
        ours = set(_published(current)) if current is not None else set()
        for name in names:
            path = self.folder / name
            if name not in ours and os.path.lexists(path) and not _is_our_link(path):
                raise ShelfError(
                    f"{path}: is in the way and was not published by this program;"
                    " move it away, or change output.folder or output.name"
                )

    def _link(self, names: Sequence[str], current: Path | None) -> None:
        """Make the permanent links; before the first edition they lead nowhere.

        Each is renamed into its place, so that no reader finds it missing.
        """
        for name in names:
            link = self.folder / name
            target = str(Path(_CURRENT) / name)
            if link.is_symlink() and str(link.readlink()) == target:
                continue
            new = self.folder / _NEW_LINK
            new.unlink(missing_ok=True)
            new.symlink_to(target)
            if os.path.lexists(link) and not _is_copy(link, current):
                self._tell([(link, move_aside(link))])
            new.replace(link)

    def _adopt(self) -> None:
        """Make `.current` a link again where a copy of the shelf made a folder of it."""
        pointer = self.folder / _CURRENT
        if pointer.is_dir() and not pointer.is_symlink():
            name = f"{time.time_ns():x}-{os.getpid()}"
            pointer.rename(self.folder / _EDITIONS / name)
            pointer.symlink_to(Path(_EDITIONS) / name, target_is_directory=True)

    def _has_links(self) -> bool:
        if self._links is None:
            if (self.folder / _CURRENT).is_symlink():
                self._links = True
            elif sys.platform == "win32" or self._journal.current() is not None:
                # Windows cannot rename onto a link to a folder
                self._links = False
            else:
                trial = self.folder / _NEW_LINK
                try:
                    trial.unlink(missing_ok=True)
                    trial.symlink_to(_EDITIONS)
                    trial.unlink()
                    self._links = True
                except (OSError, NotImplementedError) as error:
                    if isinstance(error, OSError) and error.errno in _DISK_REFUSES:
                        raise
                    self._links = False
        return self._links

    def _sweep(self) -> None:
        """Remove editions that nobody reads any more, and links to files that are gone."""
        current = self.current()
        kept = set()
        if current is not None:
            kept.add(current.name)
            with suppress(OSError, ValueError):
                kept.add((current / _PREVIOUS).read_text(encoding="utf-8").strip())
        self._remove_editions(kept)
        for name in (_NEW_CURRENT, _NEW_LINK):
            (self.folder / name).unlink(missing_ok=True)
        for path in self.folder.iterdir():
            if _is_our_link(path) and not path.exists():
                path.unlink(missing_ok=True)

    def _remove_editions(self, kept: Set[str]) -> None:
        editions = self.folder / _EDITIONS
        if editions.is_dir():
            for path in editions.iterdir():
                if path.name not in kept:
                    shutil.rmtree(path, ignore_errors=True)

    def _tell(self, moved: Sequence[tuple[Path, Path]]) -> None:
        self.notices += [
            f"{path}: was not as published; what was there is now {kept.name}"
            for path, kept in moved
        ]

    @contextmanager
    def _refusals(self) -> Iterator[None]:
        """Turn what the disk refuses into one message; other failures pass as they are."""
        try:
            yield
        except OSError as error:
            place = error.filename2 or error.filename
            if error.errno not in _DISK_REFUSES and not self._holds(place):
                raise
            stands = "the last edition stands" if self.current() else "nothing was published"
            raise ShelfError(
                f"{place or self.folder}: cannot be written: {error.strerror or error}; {stands};"
                " free space, make the folder writable, or change output.folder"
            ) from error

    def _holds(self, place: object) -> bool:
        if not isinstance(place, str | os.PathLike):
            return False
        path, shelf = Path(place).absolute(), self.folder.absolute()
        return path == shelf or shelf in path.parents or path in shelf.parents


@dataclass(frozen=True)
class Staged:
    """An edition that is being written."""

    shelf: Shelf
    folder: Path
    """Files in it are published under their names; those in folders in it under theirs too, and
    carried over from edition to edition until a view removes them. A name that begins with a dot
    is kept with the edition and not shown on the shelf."""
    name: str

    def make_way(self) -> None:
        """Remove the edition before the one that stands: who read it then has long read it.

        `commit` would do it while all waits; a long one takes its time. To be called beside other
        work, and to have ended before `commit`.
        """
        current = self.shelf.current()
        with suppress(OSError):
            self.shelf._remove_editions({self.folder.name, *([current.name] if current else [])})

    def commit(self, views: Sequence[Callable[[Path], None]] = ()) -> None:
        """Publish what is in the folder, together with the other briefings' current files.

        views: functions that write further files from those in the folder. A view may write any
        file there anew, but in a file that lies in a folder it replaces by renaming: that one may
        be shared with the edition that stands. Raises ShelfError.
        """
        with self.shelf._refusals():
            self.shelf._commit(self, views)


def _is_our_link(path: Path) -> bool:
    return path.is_symlink() and path.readlink().parts[:1] == (_CURRENT,)


def _is_copy(link: Path, current: Path | None) -> bool:
    """Say whether what is in a link's place is a link of ours or a copy of what it led to."""
    if _is_our_link(link):
        return True
    if current is None or link.is_symlink() or not link.is_file():
        return False
    original = current / link.name
    return original.is_file() and filecmp.cmp(link, original, shallow=False)


def _published(edition: Path) -> list[str]:
    """List the names of an edition that are shown on the shelf."""
    return sorted(one.name for one in edition.iterdir() if not one.name.startswith("."))


def _files(path: Path) -> list[Path]:
    return [one for one in sorted(path.rglob("*")) if one.is_file()] if path.is_dir() else [path]


def _outputs(sidecar: Path) -> list[str] | None:
    """List the files that a sidecar says were published with it, None if it is no sidecar."""
    try:
        values = json.loads(sidecar.read_text(encoding="utf-8"))
        return [str(one["path"]) for one in values["outputs"]]
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None


def _carry_over(before: Path, folder: Path, name: str) -> None:
    """Take over the files of other briefings, and of folders, unless there are new ones."""
    for relative in _carried(before, name):
        target = folder / relative
        if os.path.lexists(target):
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        if len(relative.parts) > 1 or target.suffix not in _MAY_BE_REWRITTEN:
            try:
                os.link(before / relative, target)
                continue
            except OSError as error:
                if error.errno in _DISK_REFUSES:
                    raise
        shutil.copy2(before / relative, target)


def _carried(before: Path, name: str) -> list[Path]:
    """List what is carried over: files in folders, and what a sidecar of another briefing names.

    Views (page, feed) are not: they are written anew.
    """
    carried: set[Path] = set()
    for entry in before.iterdir():
        if entry.is_dir():
            carried.update(path.relative_to(before) for path in _files(entry))
            continue
        other = entry.stem
        if entry.suffix != ".json" or other == name or entry.name.startswith("."):
            continue
        outputs = _outputs(entry)
        if outputs is not None:
            record = f".{other}.built"
            carried.update(map(Path, (entry.name, record, *outputs)))
    return sorted(
        path
        for path in carried
        if not path.is_absolute() and ".." not in path.parts and (before / path).is_file()
    )
