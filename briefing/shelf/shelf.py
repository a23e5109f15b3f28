"""The shelf: editions replace each other whole, or not at all, whatever kills the process.

A commit costs its own briefing alone. Each briefing has a folder of its editions,
audio/.editions/NAME/, one of which stands; `addresses` tells where things lie, `links` how an
edition gets its public addresses by one rename, and `journal` how where there are no symbolic
links (Windows, FAT). Everything is flushed to the disk before the commit.

Several processes may write one shelf at the same time. Each holds the lock of its briefing
(`building`) for as long as it builds; the short lock of the shelf (`shared`) is for what belongs to
all briefings: the views, the register of addresses, the takeover of a shelf of an earlier version.

Nobody's file is removed or overwritten: one that is in the way of a file never published before
is refused; one that replaced a published file (an edited sidecar) is moved aside, to
NAME.kept-1.json, and `Shelf.notices` says so.
"""

from __future__ import annotations

import errno
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from briefing.errors import ShelfError
from briefing.shelf.addresses import (
    CURRENT,
    EDITIONS,
    KEPT_FOLDER,
    LISTING_NAME,
    VIEW_NAMES,
    VIEWS,
    PublicNames,
    addresses_of,
    kept_addresses,
    kept_files,
)
from briefing.shelf.edition_record import record_name
from briefing.shelf.flushing import flush, flush_folder, flush_tree
from briefing.shelf.fresh_files import is_same
from briefing.shelf.links import LinkedNames
from briefing.shelf.lock import STATE_FOLDER, lock

__all__ = ["Shelf", "Staged", "building"]

_PREVIOUS = ".previous"
"""In an edition: the folder of the one that it replaced, which open readers may still read."""
_TRIAL = ".trial."
_DISK_REFUSES = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO})
_SHARED_WAIT_S = 60.0
"""The shelf's own lock is held for milliseconds: longer means that its holder is stopped."""


def building(
    folder: Path,
    name: str,
    wait_s: float | None = None,
    waiting: Callable[[str], None] = lambda _: None,
) -> AbstractContextManager[None]:
    """Hold the lock of one briefing of a shelf, for as long as it is built. See `lock`."""
    return lock(folder, f"build.{name}", wait_s, waiting)


class Shelf:
    """The folder of what was built."""

    def __init__(self, folder: Path, *, links: bool | None = None) -> None:
        """links: whether symbolic links work there; None finds out."""
        self.folder = folder
        self.notices: list[str] = []
        """What a user should know about what was found and done, a line each."""
        self._links = links
        self._front: PublicNames | None = None

    def names(self) -> list[str]:
        """Return the briefings that stand on the shelf, in no order."""
        return self._read.names() if self.folder.is_dir() else []

    def current(self, name: str) -> Path | None:
        """Return the folder of the edition of a briefing that stands, None before the first."""
        return self._read.current(name)

    def editions(self) -> dict[str, Path]:
        """Return for each briefing that stands the folder of its current edition."""
        found = {name: self.current(name) for name in self.names()}
        return {name: folder for name, folder in found.items() if folder is not None}

    def shared(self) -> AbstractContextManager[None]:
        """Hold the lock of what belongs to all briefings. Raises Busy."""
        return lock(self.folder, "shelf", _SHARED_WAIT_S)

    def may_be_old(self) -> bool:
        """Return whether the shelf may be one of an earlier version, see `takeover`."""
        state = self.folder / STATE_FOLDER
        old = (self.folder / CURRENT, state / "published.json", state / "publication.json")
        return any(map(os.path.lexists, old))

    def recover(self, name: str) -> None:
        """Finish or undo what a process that died has left of a briefing.

        A published file that was removed or replaced on the shelf is put back. To be called under
        the briefing's lock. Raises ShelfError.
        """
        if not self.folder.exists():
            return
        with self.refusals(name):
            self.front.heal(name)
            self._sweep(name)

    @contextmanager
    def edition(self, name: str, audio: str = "") -> Iterator[Staged]:
        """Stage an edition of a briefing: a folder to write NAME.* into, then `commit`.

        To be called under the briefing's lock. Leaving the context without a commit removes what
        was staged. Raises ShelfError, also for what the disk refuses while the files are written.
        """
        with self.refusals(name):
            self.folder.mkdir(parents=True, exist_ok=True)
            self.refuse_strangers((audio or f"{name}.mp3", f"{name}.json", *VIEW_NAMES))
            folder = self.folder / EDITIONS / name / f"{time.time_ns():x}-{os.getpid()}"
            folder.mkdir(parents=True)
            try:
                yield Staged(self, folder, name)
            finally:
                if folder != self.current(name):
                    shutil.rmtree(folder, ignore_errors=True)

    def withdraw(self, name: str) -> None:
        """Take a briefing off the shelf with all its editions. Raises ShelfError."""
        with self.refusals(name):
            self.front.withdraw(name)
            self._sweep(name)

    def show_view(self, file: str, content: bytes) -> None:
        """Publish a file that is made from several briefings, or leave it if it is so already.

        To be called under the shelf's lock. Raises OSError.
        """
        path = self.folder / VIEWS / file
        if not is_same(path, content):
            path.parent.mkdir(exist_ok=True)
            new = path.with_name(f".{file}.new")
            new.write_bytes(content)
            flush(new)
            new.replace(path)
            flush_folder(path.parent)
        self.front.show(file)

    def hide_view(self, file: str) -> None:
        """Take such a file off the shelf. Raises OSError."""
        self.front.hide(file)
        (self.folder / VIEWS / file).unlink(missing_ok=True)

    def find(self, address: str) -> Path | None:
        """Return the file that was published at an address, None where this program has none.

        address: such as "news.mp3" or "editions/news-2026-11-24-….mp3". Nothing else on the shelf
        is looked at.
        """
        view = self.folder / VIEWS / address
        if "/" not in address and not address.startswith(".") and view.is_file():
            return view
        for name in self.names():
            if address.startswith(f"{KEPT_FOLDER}/{name}-") or "/" not in address:
                current = self.current(name)
                for edition in (current, current and self._previous(name, current)):
                    file = edition and self._file_at(name, edition, address)
                    if file and file.is_file():
                        return file
        return None

    @property
    def front(self) -> PublicNames:
        """How the shelf's files get their public addresses; on a new shelf, links are tried."""
        if self._front is None:
            links = self._links_seen() if self._links is None else self._links
            self._front = self._names_by(self._try_link() if links is None else links)
        return self._front

    @property
    def _read(self) -> PublicNames:
        """The same for reading alone: nothing is tried, and a copy without links is understood."""
        if self._front is not None:
            return self._front
        links = self._links_seen() if self._links is None else self._links
        return self._names_by(links is not False)

    def _names_by(self, links: bool) -> PublicNames:
        if links:
            return LinkedNames(self.folder, self._take_note)
        from briefing.shelf.journal import CopiedNames  # rare: the start is quicker without it

        return CopiedNames(self.folder, self._take_note)

    def _commit(self, staged: Staged, keeps_previous: bool) -> None:
        name, folder = staged.name, staged.folder
        before = self.current(name)
        if before is not None and keeps_previous:
            (folder / _PREVIOUS).write_text(before.name, encoding="utf-8")
        new = addresses_of(folder)
        self.refuse_strangers(sorted({address.split("/")[0] for address in new}))
        flush_tree(folder)
        flush_folder(folder.parent)
        flush_folder(folder.parent.parent)
        self.front.commit(name, folder.name, new, addresses_of(before) if before else {})
        with suppress(OSError):  # published: what could not be cleared away is so the next time
            self._sweep(name)

    def refuse_strangers(self, addresses: Sequence[str]) -> None:
        """Refuse to publish where somebody else's file is that we never published one over.

        Nothing is changed on the shelf. Raises ShelfError.
        """
        for address in addresses:
            path = self.folder / address
            if os.path.lexists(path) and not self._read.ours(address) and not self._was(address):
                raise ShelfError(
                    f"{path}: is in the way and was not published by this program;"
                    " move it away, or change output.folder or output.name"
                )

    def _was(self, address: str) -> bool:
        """Return whether something of ours is published at an address that others have replaced."""
        if address != KEPT_FOLDER:
            return self.find(address) is not None
        editions = filter(None, map(self.current, self.names()))
        return any(kept_addresses(edition) for edition in editions)

    def _links_seen(self) -> bool | None:
        """Return whether the shelf is one of links, None where nothing tells."""
        try:
            with os.scandir(self.folder) as entries:
                if any(entry.name.startswith(CURRENT) and entry.is_symlink() for entry in entries):
                    return True
        except FileNotFoundError:
            return None
        state = self.folder / STATE_FOLDER
        return False if any(state.glob("published/*.json")) or self._was_copied() else None

    def _was_copied(self) -> bool:
        """Return whether the shelf is one of copies by an earlier version."""
        if not self.may_be_old():
            return False
        from briefing.shelf.journal import read_old

        state = self.folder / STATE_FOLDER
        return any(read_old(state / file) for file in ("published.json", "publication.json"))

    def _try_link(self) -> bool:
        if sys.platform == "win32":  # cannot rename onto a link to a folder
            return False
        for left in self.folder.glob(f"{_TRIAL}*"):
            left.unlink(missing_ok=True)
        trial = self.folder / f"{_TRIAL}{time.time_ns():x}-{os.getpid()}"
        try:
            trial.symlink_to(EDITIONS)
            trial.unlink(missing_ok=True)
        except (OSError, NotImplementedError) as error:
            if isinstance(error, OSError) and error.errno in _DISK_REFUSES:
                raise
            return False
        return True

    def _previous(self, name: str, current: Path) -> Path | None:
        try:
            previous = (current / _PREVIOUS).read_text(encoding="utf-8").strip()
        except (OSError, ValueError):
            return None
        return self.folder / EDITIONS / name / previous

    def _file_at(self, name: str, edition: Path, address: str) -> Path | None:
        """Return the file that an edition publishes at an address."""
        if "/" not in address:
            return None if address.startswith(".") else edition / address
        folder, file = kept_addresses(edition).get(address, ("", ""))
        return self.folder / EDITIONS / name / folder / file if file else None

    def _sweep(self, name: str) -> None:
        """Remove a briefing's editions that nobody reads any more, and what led to them."""
        current = self.current(name)
        previous = current and self._previous(name, current)
        self._remove_editions(name, {path.name for path in (current, previous) if path})

    def _remove_editions(self, name: str, read: Set[str]) -> None:
        """Remove all editions' folders but some, and from the kept ones what was not kept."""
        place = self.folder / EDITIONS / name
        if not place.is_dir():
            return
        current = self.current(name)
        listed = kept_files(current) if current else None
        if current is not None and listed is None and (current / LISTING_NAME).exists():
            return  # it is damaged: which editions are kept is known when it has been made again
        kept = {folder: set(files.values()) for folder, files in (listed or {}).items()}
        for path in place.iterdir():
            if path.name not in read and path.name not in kept:
                self.front.clear(name, addresses_of(path))
                shutil.rmtree(path, ignore_errors=True)
            elif path.name not in read and (path / f"{name}.html").exists():
                _strip(path, {*kept[path.name], LISTING_NAME, record_name(name)})
        if current is None:
            with suppress(OSError):
                place.rmdir()

    def _take_note(self, path: Path, kept: Path) -> None:
        self.notices.append(f"{path}: was not as published; what was there is now {kept.name}")

    @contextmanager
    def refusals(self, name: str) -> Iterator[None]:
        """Turn what the disk refuses into one message; other failures pass as they are."""
        try:
            yield
        except OSError as error:
            place = error.filename2 or error.filename
            if error.errno not in _DISK_REFUSES and not self._holds(place):
                raise
            stands = "the last edition stands" if self._stands(name) else "nothing was published"
            raise ShelfError(
                f"{place or self.folder}: cannot be written: {error.strerror or error}; {stands};"
                " free space, make the folder writable, or change output.folder"
            ) from error

    def _stands(self, name: str) -> bool:
        with suppress(OSError):
            return self.current(name) is not None
        return False

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
    """Files in it are published under their names. One whose name begins with a dot is kept with
    the edition and not shown on the shelf; `listing` names those of the kept editions."""
    name: str

    def make_way(self) -> None:
        """Remove the edition before the one that stands: any reader has finished by now.

        `commit` would do it while all waits; a long edition takes its time. To be called beside
        other work, and to have ended before `commit`.
        """
        with suppress(OSError):
            current = self.shelf.current(self.name)
            read = {path.name for path in (self.folder, current) if path}
            self.shelf._remove_editions(self.name, read)

    def commit(self, *, keeps_previous: bool = True) -> None:
        """Publish what is in the folder.

        keeps_previous: open readers of the edition before may still read it. Raises ShelfError.
        """
        with self.shelf.refusals(self.name):
            self.shelf._commit(self, keeps_previous)


def _strip(edition: Path, kept: Set[str]) -> None:
    """Remove from a kept edition's folder what was published with it only while it stood."""
    for path in sorted(edition.iterdir(), key=lambda path: path.suffix == ".html"):
        if path.name not in kept:
            path.unlink(missing_ok=True)  # the page last: it shows that there is more to remove
