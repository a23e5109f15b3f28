"""The shelf: an edition replaces the previous one completely or not at all, even after a crash.

Each briefing has a folder of its editions, audio/.editions/NAME/, one of which is published. A
commit touches the files of its own briefing only. `addresses` describes where files are, `links`
how an edition gets its public addresses by one rename, and `journal` how this is done where there
are no symbolic links (Windows, FAT). Everything is flushed to the disk before the commit.

Several processes may write to one shelf at the same time. Each holds the lock of its briefing
(`building`) for as long as it builds. The short lock of the shelf (`shared_lock`) protects what
belongs to all briefings: the views, the register of addresses and the takeover of a shelf of an
earlier version.

Files of others are neither removed nor overwritten. If a foreign file is where a new address must
be, publishing is refused. If one has replaced a published file (such as a sidecar edited by hand),
it is moved aside to NAME.kept-1.json and `Shelf.notices` reports it.
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
"""In an edition's folder: the name of the previous edition's, which readers may still have open."""
_TRIAL = ".trial."
_DISK_ERRORS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO})
_SHARED_WAIT_S = 60.0
"""The shelf's lock is held for milliseconds. After this time, its holder must have stopped."""


def building(
    folder: Path,
    name: str,
    wait_s: float | None = None,
    waiting: Callable[[str], None] = lambda _: None,
) -> AbstractContextManager[None]:
    """Return the lock of one briefing of a shelf, to be held while it is built. See `lock`."""
    return lock(folder, f"build.{name}", wait_s, waiting)


class Shelf:
    """The folder of the published briefings."""

    def __init__(self, folder: Path, *, links: bool | None = None) -> None:
        """links: whether symbolic links work in the folder; None: try it."""
        self.folder = folder
        self.notices: list[str] = []
        """What a user should know about repairs and files that were moved, a line each."""
        self._links = links
        self._front: PublicNames | None = None

    def names(self) -> list[str]:
        """Return the briefings that are published on the shelf, in no order."""
        return self._read.names() if self.folder.is_dir() else []

    def current(self, name: str) -> Path | None:
        """Return the folder of a briefing's published edition, or None before the first."""
        return self._read.current(name)

    def editions(self) -> dict[str, Path]:
        """Return for each published briefing the folder of its current edition."""
        folders = {name: self.current(name) for name in self.names()}
        return {name: folder for name, folder in folders.items() if folder is not None}

    def shared_lock(self) -> AbstractContextManager[None]:
        """Return the lock of what belongs to all briefings. Entering it may raise Busy."""
        return lock(self.folder, "shelf", _SHARED_WAIT_S)

    def may_be_old(self) -> bool:
        """Return whether an earlier version may have written the shelf, see `takeover`."""
        state = self.folder / STATE_FOLDER
        old = (self.folder / CURRENT, state / "published.json", state / "publication.json")
        return any(map(os.path.lexists, old))

    def recover(self, name: str) -> None:
        """Complete or undo what a crashed process left of a briefing.

        Published files that were removed or replaced are restored. The caller holds the
        briefing's lock. Raises ShelfError.
        """
        if not self.folder.exists():
            return
        with self.refusals(name):
            self.front.heal(name)
            self._sweep(name)

    @contextmanager
    def edition(self, name: str, audio: str = "") -> Iterator[Staged]:
        """Yield a new edition's folder, to write NAME.* into it and then `commit`.

        The caller holds the briefing's lock. Leaving the context without a commit removes the
        folder. Raises ShelfError, also if the disk refuses a file while the caller writes it.
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
        """Remove a briefing with all its editions from the shelf. Raises ShelfError."""
        with self.refusals(name):
            self.front.withdraw(name)
            self._sweep(name)

    def show_view(self, file: str, content: bytes) -> None:
        """Publish a file made from several briefings, unless it has this content already.

        The caller holds the shelf's lock. Raises OSError.
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
        """Remove a file made from several briefings from the shelf. Raises OSError."""
        self.front.hide(file)
        (self.folder / VIEWS / file).unlink(missing_ok=True)

    def find(self, address: str) -> Path | None:
        """Return the file that this program published at an address, or None.

        address: such as "news.mp3" or "editions/news-2026-11-24-….mp3". Other files on the shelf
        are never returned.
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
        """How files get their public addresses. On a new shelf this tries whether links work."""
        if self._front is None:
            links = self._uses_links() if self._links is None else self._links
            self._front = self._names_by(self._try_link() if links is None else links)
        return self._front

    @property
    def _read(self) -> PublicNames:
        """The same for reading only: it writes nothing, and understands a copy without links."""
        if self._front is not None:
            return self._front
        links = self._uses_links() if self._links is None else self._links
        return self._names_by(links is not False)

    def _names_by(self, links: bool) -> PublicNames:
        if links:
            return LinkedNames(self.folder, self._add_notice)
        from briefing.shelf.journal import CopiedNames  # rarely needed: start quicker without it

        return CopiedNames(self.folder, self._add_notice)

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
        with suppress(OSError):  # it is published: the next sweep removes what this one cannot
            self._sweep(name)

    def refuse_strangers(self, addresses: Sequence[str]) -> None:
        """Raise ShelfError if a foreign file is at an address where nothing of ours ever was.

        Nothing is changed on the shelf.
        """
        for address in addresses:
            path = self.folder / address
            if os.path.lexists(path) and not self._is_or_was_ours(address):
                raise ShelfError(
                    f"{path}: is in the way and was not published by this program;"
                    " move it away, or change output.folder or output.name"
                )

    def _is_or_was_ours(self, address: str) -> bool:
        """Return whether a published file is at an address, or was before a foreign one."""
        if self._read.is_ours(address):
            return True
        if address != KEPT_FOLDER:
            return self.find(address) is not None
        editions = filter(None, map(self.current, self.names()))
        return any(kept_addresses(edition) for edition in editions)

    def _uses_links(self) -> bool | None:
        """Return whether the shelf publishes by links; None if nothing has been published."""
        try:
            with os.scandir(self.folder) as entries:
                if any(entry.name.startswith(CURRENT) and entry.is_symlink() for entry in entries):
                    return True
        except FileNotFoundError:
            return None
        state = self.folder / STATE_FOLDER
        return False if any(state.glob("published/*.json")) or self._was_copied() else None

    def _was_copied(self) -> bool:
        """Return whether an earlier version published by copies."""
        if not self.may_be_old():
            return False
        from briefing.shelf.journal import read_old

        state = self.folder / STATE_FOLDER
        return any(read_old(state / file) for file in ("published.json", "publication.json"))

    def _try_link(self) -> bool:
        if sys.platform == "win32":  # a rename cannot replace a link to a folder
            return False
        for leftover in self.folder.glob(f"{_TRIAL}*"):
            leftover.unlink(missing_ok=True)
        trial = self.folder / f"{_TRIAL}{time.time_ns():x}-{os.getpid()}"
        try:
            trial.symlink_to(EDITIONS)
            trial.unlink(missing_ok=True)
        except (OSError, NotImplementedError) as error:
            if isinstance(error, OSError) and error.errno in _DISK_ERRORS:
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
        """Return the file that an edition publishes at an address, or None."""
        if "/" not in address:
            return None if address.startswith(".") else edition / address
        folder, file = kept_addresses(edition).get(address, ("", ""))
        return self.folder / EDITIONS / name / folder / file if file else None

    def _sweep(self, name: str) -> None:
        """Remove a briefing's editions that nobody reads any more, and their links."""
        current = self.current(name)
        previous = current and self._previous(name, current)
        self._remove_editions(name, {path.name for path in (current, previous) if path})

    def _remove_editions(self, name: str, in_use: Set[str]) -> None:
        """Remove old editions, and reduce the kept ones to the files that are kept.

        in_use: names of folders to leave alone.
        """
        place = self.folder / EDITIONS / name
        if not place.is_dir():
            return
        current = self.current(name)
        listed = kept_files(current) if current else None
        if current is not None and listed is None and (current / LISTING_NAME).exists():
            return  # damaged: only when it has been rebuilt is it known which editions are kept
        keep = {folder: set(files.values()) for folder, files in (listed or {}).items()}
        for path in place.iterdir():
            if path.name not in in_use and path.name not in keep:
                self.front.clear(name, addresses_of(path))
                shutil.rmtree(path, ignore_errors=True)
            elif path.name not in in_use and (path / f"{name}.html").exists():
                _strip(path, {*keep[path.name], LISTING_NAME, record_name(name)})
        if current is None:
            with suppress(OSError):
                place.rmdir()

    def _add_notice(self, path: Path, moved_to: Path) -> None:
        self.notices.append(
            f"{path}: was changed by others since it was published; their file is now"
            f" {moved_to.name}"
        )

    @contextmanager
    def refusals(self, name: str) -> Iterator[None]:
        """Turn an error of the disk into a ShelfError; other errors pass unchanged."""
        try:
            yield
        except OSError as error:
            place = error.filename2 or error.filename
            if error.errno not in _DISK_ERRORS and not self._holds(place):
                raise
            is_published = self._is_published(name)
            outcome = f"{'the last edition is still' if is_published else 'nothing was'} published"
            raise ShelfError(
                f"{place or self.folder}: cannot be written: {error.strerror or error}; {outcome};"
                " free space, make the folder writable, or change output.folder"
            ) from error

    def _is_published(self, name: str) -> bool:
        with suppress(OSError):
            return self.current(name) is not None
        return False

    def _holds(self, place: object) -> bool:
        """Return whether a place is the shelf, inside it, or a folder above it."""
        if not isinstance(place, str | os.PathLike):
            return False
        path, shelf = Path(place).absolute(), self.folder.absolute()
        return path == shelf or shelf in path.parents or path in shelf.parents


@dataclass(frozen=True)
class Staged:
    """An edition that is being written."""

    shelf: Shelf
    folder: Path
    """Its files are published under their names, except those whose names begin with a dot.
    `listing` says which of its files are published among the kept editions."""
    name: str

    def remove_old_editions(self) -> None:
        """Remove the edition before the published one: any reader has finished with it by now.

        `commit` would do this too, but removing a long edition takes time. So call this
        concurrently with other work, and wait for it before `commit`.
        """
        with suppress(OSError):
            current = self.shelf.current(self.name)
            in_use = {path.name for path in (self.folder, current) if path}
            self.shelf._remove_editions(self.name, in_use)

    def commit(self, *, keeps_previous: bool = True) -> None:
        """Publish what is in the folder. Raises ShelfError.

        keeps_previous: leave the previous edition's files in place for readers that have it open.
        """
        with self.shelf.refusals(self.name):
            self.shelf._commit(self, keeps_previous)


def _strip(edition: Path, keep: Set[str]) -> None:
    """Remove the files of a kept edition that were published only while it was current."""
    for path in sorted(edition.iterdir(), key=lambda path: path.suffix == ".html"):
        if path.name not in keep:
            path.unlink(missing_ok=True)  # the page last: while it exists, more must be removed
