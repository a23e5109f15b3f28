"""Publication by symbolic links: renaming one link commits a whole briefing.

    audio/.current.NAME -> .editions/NAME/ID     renaming a new link onto it is the commit point
    audio/NAME.mp3 -> .current.NAME/NAME.mp3     a permanent link for each published file
    audio/editions -> .kept                      the folder of the kept editions
    audio/.kept/NAME-DATE-DIGEST.mp3 -> ../.editions/NAME/ID/NAME.mp3
    audio/index.html -> .views/index.html

New links are made before the commit. They lead through .current.NAME, so they dangle until it
happens. After the commit, a kept edition's links are changed to lead straight to its folder, so
that the next commit does not affect them.
"""

from __future__ import annotations

import filecmp
import os
import shutil
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from briefing.shelf.addresses import (
    CURRENT,
    EDITIONS,
    KEPT,
    KEPT_FOLDER,
    VIEWS,
    Addresses,
    OnMove,
    addresses_of,
    is_sidecar,
    kept_addresses,
    move_aside,
)
from briefing.shelf.flushing import flush_folder

__all__ = ["LinkedNames", "is_our_link"]

_COMMIT_LINK = f"{CURRENT}."
_NEW = ".new."
"""Prefix of a link that is about to be renamed; the briefing's name follows."""


class LinkedNames:
    """The public names of a shelf, as links. See `addresses.PublicNames`."""

    def __init__(self, folder: Path, on_move: OnMove) -> None:
        self._folder = folder
        self._on_move = on_move

    def names(self) -> list[str]:
        """Return the published briefings, in no order."""
        with os.scandir(self._folder) as entries:
            return [
                entry.name.removeprefix(_COMMIT_LINK)
                for entry in entries
                if entry.name.startswith(_COMMIT_LINK) and entry.is_dir()
            ]

    def current(self, name: str) -> Path | None:
        """Return the folder of the published edition, or None.

        In a shelf that was copied without its links, the commit link may be a folder.
        """
        pointer = self._folder / f"{_COMMIT_LINK}{name}"
        try:
            target = self._folder / pointer.readlink()
        except OSError:
            target = pointer
        return target if target.is_dir() else None

    def is_ours(self, address: str) -> bool:
        """Return whether a link made by this program is at an address."""
        return is_our_link(self._place(address))

    def commit(self, name: str, edition: str, new: Addresses, before: Addresses) -> None:
        """Publish an edition in place of the previous one."""
        self._prepare_kept_folder(name, new)
        for address, (folder, file) in new.items():
            if folder != edition:
                self._point(name, address, self._direct(name, folder, file))
            elif not self._is_kept(address) or not os.path.lexists(self._place(address)):
                self._point(name, address, self._through(name, address, file), before)
        self._flush(new)
        self._rename(name, f"{EDITIONS}/{name}/{edition}", self._folder / f"{_COMMIT_LINK}{name}")
        flush_folder(self._folder)
        self._settle(name, edition, new)
        self._remove(name, before.keys() - new.keys())

    def heal(self, name: str) -> None:
        """Restore the links of the published edition."""
        (self._folder / f"{_NEW}{name}").unlink(missing_ok=True)
        self._restore_commit_link(name)
        current = self.current(name)
        if current is None:
            return
        addresses = addresses_of(current)
        self._prepare_kept_folder(name, addresses)
        for address, (folder, file) in addresses.items():
            if self._is_kept(address):
                self._point(name, address, self._direct(name, folder, file))
            elif not self._belongs_to_another(name, address):
                self._point(name, address, self._through(name, address, file), addresses)

    def adopt(self, name: str, edition: Path) -> None:
        """Register an edition whose files have their addresses by other means.

        Until `heal`, no address at the top of the shelf leads to it.
        """
        addresses = kept_addresses(edition)
        if addresses:
            (self._folder / KEPT).mkdir(exist_ok=True)
        for address, (folder, file) in addresses.items():
            self._point(name, address, self._direct(name, folder, file))
        self._flush(addresses)
        target = f"{EDITIONS}/{name}/{edition.name}"
        self._rename(name, target, self._folder / f"{_COMMIT_LINK}{name}")
        flush_folder(self._folder)

    def clear(self, name: str, addresses: Addresses) -> None:
        """Remove what an interrupted commit left at the addresses of an edition."""
        current = self.current(name)
        published = addresses_of(current) if current else {}
        self._remove(name, addresses.keys() - published.keys())
        (self._folder / f"{_NEW}{name}").unlink(missing_ok=True)

    def withdraw(self, name: str) -> None:
        """Remove a briefing from the shelf. Removing its commit link is the commit point."""
        current = self.current(name)
        if current is None:
            return
        addresses = addresses_of(current)
        (self._folder / f"{_COMMIT_LINK}{name}").unlink()
        flush_folder(self._folder)
        self._remove(name, addresses)

    def shows(self, file: str) -> bool:
        """Return whether a file of the folder of views is published."""
        return _target(self._folder / file) == f"{VIEWS}/{file}" and (self._folder / file).exists()

    def show(self, file: str) -> None:
        """Publish a file of the folder of views."""
        link = self._folder / file
        if _target(link) != f"{VIEWS}/{file}":
            self._clear_place(link, self._folder / VIEWS / file)
            self._rename("", f"{VIEWS}/{file}", link)

    def hide(self, file: str) -> None:
        """Remove the address of a file of the folder of views."""
        if _parts(self._folder / file)[:1] == (VIEWS,):
            (self._folder / file).unlink(missing_ok=True)

    # -- the links

    def _is_kept(self, address: str) -> bool:
        return address.startswith(f"{KEPT_FOLDER}/")

    def _belongs_to_another(self, name: str, address: str) -> bool:
        """Return whether an address now belongs to another briefing, as a feed's may."""
        first = "".join(_parts(self._folder / address)[:1])
        own = first in (f"{_COMMIT_LINK}{name}", CURRENT)
        return first.startswith(CURRENT) and not own and (self._folder / address).exists()

    def _place(self, address: str) -> Path:
        """Return where the link of an address is."""
        if self._is_kept(address):
            return self._folder / KEPT / address.removeprefix(f"{KEPT_FOLDER}/")
        return self._folder / address

    def _through(self, name: str, address: str, file: str) -> str:
        above = "../" if self._is_kept(address) else ""
        return f"{above}{_COMMIT_LINK}{name}/{file}"

    def _direct(self, name: str, folder: str, file: str) -> str:
        return f"../{EDITIONS}/{name}/{folder}/{file}"

    def _settle(self, name: str, edition: str, addresses: Addresses) -> None:
        """Make the kept links of the committed edition lead straight to its folder."""
        for address, (folder, file) in addresses.items():
            if folder == edition and self._is_kept(address):
                self._point(name, address, self._direct(name, folder, file))

    def _point(
        self, name: str, address: str, target: str, addresses: Addresses | None = None
    ) -> None:
        """Make a link; at no moment is the address missing.

        addresses: those of the published edition. A file that is in the way is moved aside,
        unless it is a link of this program or a copy of the published file.
        """
        link = self._place(address)
        if _target(link) == target:
            return
        folder, file = (addresses or {}).get(address, ("", ""))
        self._clear_place(link, self._folder / EDITIONS / name / folder / file)
        self._rename(name, target, link)

    def _clear_place(self, link: Path, original: Path) -> None:
        """Move aside what is in a link's place, unless it is ours or a copy of the original."""
        if os.path.lexists(link) and not is_our_link(link) and not _is_copy(link, original):
            self._on_move(link, move_aside(link))

    def _rename(self, name: str, target: str, link: Path) -> None:
        new = self._folder / f"{_NEW}{name}"
        new.unlink(missing_ok=True)
        new.symlink_to(target)
        new.replace(link)

    def _prepare_kept_folder(self, name: str, addresses: Addresses) -> None:
        """Make editions/ if there is a kept edition."""
        if not any(map(self._is_kept, addresses)):
            return
        kept_folder, link = self._folder / KEPT, self._folder / KEPT_FOLDER
        kept_folder.mkdir(exist_ok=True)
        if _target(link) == KEPT:
            return
        if link.is_dir() and not link.is_symlink():  # a copy of the shelf without links
            for path in list(link.iterdir()):
                if _is_copy(path, kept_folder / path.name):
                    path.unlink()
            with suppress(OSError):
                link.rmdir()
        self._clear_place(link, kept_folder)
        self._rename(name, KEPT, link)

    def _flush(self, addresses: Addresses) -> None:
        if any(map(self._is_kept, addresses)):
            flush_folder(self._folder / KEPT)
        flush_folder(self._folder)

    def _remove(self, name: str, addresses: Iterable[str]) -> None:
        """Remove a briefing's links: sidecars first, so that no sidecar outlives its sound."""
        for address in sorted(addresses, key=lambda address: not is_sidecar(address)):
            parts = _parts(self._place(address))
            if parts[:1] == (f"{_COMMIT_LINK}{name}",) or parts[:2] == (EDITIONS, name):
                self._place(address).unlink(missing_ok=True)

    def _restore_commit_link(self, name: str) -> None:
        """Make the commit link a link again if copying the shelf turned it into a folder."""
        pointer = self._folder / f"{_COMMIT_LINK}{name}"
        if pointer.is_dir() and not pointer.is_symlink():
            folder = Path(EDITIONS, name, f"{time.time_ns():x}-{os.getpid()}")
            (self._folder / folder.parent).mkdir(parents=True, exist_ok=True)
            shutil.move(pointer, self._folder / folder)
            pointer.symlink_to(folder, target_is_directory=True)


def is_our_link(path: Path) -> bool:
    """Return whether a path is a symbolic link of the kind that this program makes."""
    first = "".join(_parts(path)[:1])
    return first in (CURRENT, KEPT, VIEWS, EDITIONS) or first.startswith(_COMMIT_LINK)


def _parts(link: Path) -> tuple[str, ...]:
    """Return the parts of a link's target, seen from the shelf; () if it is no link."""
    return tuple(part for part in Path(_target(link)).parts if part != "..")


def _target(link: Path) -> str:
    """Return where a link leads; "" if it is no link."""
    try:
        return str(link.readlink())
    except OSError:
        return ""


def _is_copy(path: Path, original: Path) -> bool:
    """Return whether a path is an ordinary file with the content of `original`."""
    if path.is_symlink() or not path.is_file() or not original.is_file():
        return False
    return filecmp.cmp(path, original, shallow=False)
