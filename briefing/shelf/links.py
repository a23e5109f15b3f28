"""Publication by symbolic links: renaming one link is the whole commit of a briefing.

    audio/.current.NAME -> .editions/NAME/ID     renaming a new link onto it is the commit point
    audio/NAME.mp3 -> .current.NAME/NAME.mp3     a permanent link for each published file
    audio/editions -> .kept                      the folder of the kept editions
    audio/.kept/NAME-DATE-DIGEST.mp3 -> ../.editions/NAME/ID/NAME.mp3
    audio/index.html -> .views/index.html

New links are made before the commit and lead through .current.NAME, where nothing is yet. A kept
edition's links are then led to its folder itself, so that the next commit does not touch them.
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
    Tell,
    addresses_of,
    is_sidecar,
    kept_addresses,
    move_aside,
)
from briefing.shelf.flushing import flush_folder

__all__ = ["LinkedNames", "is_our_link"]

_COMMIT_LINK = f"{CURRENT}."
_NEW = ".new."
"""Begins the name of a link that is about to be renamed; the briefing's name follows."""


class LinkedNames:
    """The public names of a shelf, as links. See `addresses.PublicNames`."""

    def __init__(self, folder: Path, tell: Tell) -> None:
        self._folder = folder
        self._tell = tell

    def names(self) -> list[str]:
        """Return the briefings that stand."""
        with os.scandir(self._folder) as entries:
            return [
                entry.name.removeprefix(_COMMIT_LINK)
                for entry in entries
                if entry.name.startswith(_COMMIT_LINK) and entry.is_dir()
            ]

    def current(self, name: str) -> Path | None:
        """Return the folder of the edition that stands; in a copy of a shelf it may be no link."""
        pointer = self._folder / f"{_COMMIT_LINK}{name}"
        try:
            target = self._folder / pointer.readlink()
        except OSError:
            target = pointer
        return target if target.is_dir() else None

    def ours(self, address: str) -> bool:
        """Return whether a link of ours is at an address."""
        return is_our_link(self._place(address))

    def commit(self, name: str, edition: str, new: Addresses, before: Addresses) -> None:
        """Make an edition the one that stands."""
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
        """Make the links of the edition that stands as they must be."""
        (self._folder / f"{_NEW}{name}").unlink(missing_ok=True)
        self._adopt(name)
        current = self.current(name)
        if current is None:
            return
        addresses = addresses_of(current)
        self._prepare_kept_folder(name, addresses)
        for address, (folder, file) in addresses.items():
            if self._is_kept(address):
                self._point(name, address, self._direct(name, folder, file))
            elif not self._is_anothers(name, address):
                self._point(name, address, self._through(name, address, file), addresses)

    def adopt(self, name: str, edition: Path) -> None:
        """Make an edition the one that stands whose files have their addresses otherwise.

        Nothing on the shelf itself leads to it before `heal`.
        """
        kept = kept_addresses(edition)
        if kept:
            (self._folder / KEPT).mkdir(exist_ok=True)
        for address, (folder, file) in kept.items():
            self._point(name, address, self._direct(name, folder, file))
        self._flush(kept)
        target = f"{EDITIONS}/{name}/{edition.name}"
        self._rename(name, target, self._folder / f"{_COMMIT_LINK}{name}")
        flush_folder(self._folder)

    def clear(self, name: str, addresses: Addresses) -> None:
        """Remove what an interrupted commit left at the addresses of an edition."""
        current = self.current(name)
        standing = addresses_of(current) if current else {}
        self._remove(name, addresses.keys() - standing.keys())
        (self._folder / f"{_NEW}{name}").unlink(missing_ok=True)

    def withdraw(self, name: str) -> None:
        """Take a briefing off the shelf; removing its commit link is the commit point."""
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
            self._make_way(link, self._folder / VIEWS / file)
            self._rename("", f"{VIEWS}/{file}", link)

    def hide(self, file: str) -> None:
        """Take a file of the folder of views off the shelf."""
        if _parts(self._folder / file)[:1] == (VIEWS,):
            (self._folder / file).unlink(missing_ok=True)

    # -- the links

    def _is_kept(self, address: str) -> bool:
        return address.startswith(f"{KEPT_FOLDER}/")

    def _is_anothers(self, name: str, address: str) -> bool:
        """Return whether an address was given to another briefing since, as a feed's may be."""
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
        """Lead the kept links of the edition that was committed to its folder itself."""
        for address, (folder, file) in addresses.items():
            if folder == edition and self._is_kept(address):
                self._point(name, address, self._direct(name, folder, file))

    def _point(
        self, name: str, address: str, target: str, addresses: Addresses | None = None
    ) -> None:
        """Make a link; no reader finds it missing. addresses: those that stand.

        What is in its place and is neither a link of ours nor a copy of what stands is moved aside.
        """
        link = self._place(address)
        if _target(link) == target:
            return
        folder, file = (addresses or {}).get(address, ("", ""))
        self._make_way(link, self._folder / EDITIONS / name / folder / file)
        self._rename(name, target, link)

    def _make_way(self, link: Path, original: Path) -> None:
        if os.path.lexists(link) and not is_our_link(link) and not _is_copy(link, original):
            self._tell(link, move_aside(link))

    def _rename(self, name: str, target: str, link: Path) -> None:
        new = self._folder / f"{_NEW}{name}"
        new.unlink(missing_ok=True)
        new.symlink_to(target)
        new.replace(link)

    def _prepare_kept_folder(self, name: str, addresses: Addresses) -> None:
        """Make editions/ where a kept edition asks for it."""
        if not any(map(self._is_kept, addresses)):
            return
        kept, link = self._folder / KEPT, self._folder / KEPT_FOLDER
        kept.mkdir(exist_ok=True)
        if _target(link) == KEPT:
            return
        if link.is_dir() and not link.is_symlink():  # a copy of the shelf without links
            for path in list(link.iterdir()):
                if _is_copy(path, kept / path.name):
                    path.unlink()
            with suppress(OSError):
                link.rmdir()
        self._make_way(link, kept)
        self._rename(name, KEPT, link)

    def _flush(self, addresses: Addresses) -> None:
        if any(map(self._is_kept, addresses)):
            flush_folder(self._folder / KEPT)
        flush_folder(self._folder)

    def _remove(self, name: str, addresses: Iterable[str]) -> None:
        """Remove a briefing's links; sidecars first, so that none stands without its sound."""
        for address in sorted(addresses, key=lambda address: not is_sidecar(address)):
            parts = _parts(self._place(address))
            if parts[:1] == (f"{_COMMIT_LINK}{name}",) or parts[:2] == (EDITIONS, name):
                self._place(address).unlink(missing_ok=True)

    def _adopt(self, name: str) -> None:
        """Make the commit link a link again where a copy of the shelf made a folder of it."""
        pointer = self._folder / f"{_COMMIT_LINK}{name}"
        if pointer.is_dir() and not pointer.is_symlink():
            folder = Path(EDITIONS, name, f"{time.time_ns():x}-{os.getpid()}")
            (self._folder / folder.parent).mkdir(parents=True, exist_ok=True)
            shutil.move(pointer, self._folder / folder)
            pointer.symlink_to(folder, target_is_directory=True)


def is_our_link(path: Path) -> bool:
    """Return whether a path is a symbolic link as this program makes them, leading anywhere."""
    first = "".join(_parts(path)[:1])
    return first in (CURRENT, KEPT, VIEWS, EDITIONS) or first.startswith(_COMMIT_LINK)


def _parts(link: Path) -> tuple[str, ...]:
    """Return the names on the way that a link leads from the shelf on, none where it is no link."""
    return tuple(part for part in Path(_target(link)).parts if part != "..")


def _target(link: Path) -> str:
    """Return where a link leads, "" where there is none."""
    try:
        return str(link.readlink())
    except OSError:
        return ""


def _is_copy(path: Path, original: Path) -> bool:
    """Return whether an ordinary file has the content of another."""
    if path.is_symlink() or not path.is_file() or not original.is_file():
        return False
    return filecmp.cmp(path, original, shallow=False)
