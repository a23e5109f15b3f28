"""Where things lie on a shelf, and from which file each public address takes its content.

audio/.editions/NAME/ID/   an edition of the briefing NAME: its files and its record
audio/.current.NAME        leads to the edition of NAME that stands
audio/.kept/               the public folder editions/: the kept editions of all briefings
audio/.views/              what is made from several briefings: the page and shelf.json
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

from briefing.shelf.listing import kept_addresses
from briefing.shelf.sidecar_reader import KEPT_FOLDER

__all__ = [
    "CURRENT",
    "EDITIONS",
    "KEPT",
    "KEPT_FOLDER",
    "PAGE_NAME",
    "SHELF_NAME",
    "VIEWS",
    "VIEW_NAMES",
    "Addresses",
    "PublicNames",
    "Tell",
    "addresses_of",
    "is_sidecar",
    "move_aside",
    "published",
]

EDITIONS = ".editions"
CURRENT = ".current"
KEPT = ".kept"
VIEWS = ".views"

PAGE_NAME = "index.html"
SHELF_NAME = "shelf.json"
VIEW_NAMES = (PAGE_NAME, SHELF_NAME)

Addresses = Mapping[str, tuple[str, str]]
"""For each address on the shelf, such as "news.mp3" or "editions/news-2026-11-24-….mp3", the
name of the edition's folder and the file in it."""

Tell = Callable[[Path, Path], None]
"""Is told that a file was moved aside: from where, to where."""


class PublicNames(Protocol):
    """How the files of an edition get their addresses: by links, or by copies and a journal.

    All but `names` and `current` are called under the briefing's lock, `show` and `hide` under the
    shelf's. All raise OSError.
    """

    def names(self) -> list[str]:
        """Return the briefings that stand, in no order."""

    def current(self, name: str) -> Path | None:
        """Return the folder of the edition that stands, None where there is none."""

    def ours(self, address: str) -> bool:
        """Return whether what is at an address was put there by this program."""

    def commit(self, name: str, edition: str, new: Addresses, before: Addresses) -> None:
        """Make an edition the one that stands. edition: the name of its folder."""

    def heal(self, name: str) -> None:
        """Finish an interrupted commit, and put back what others removed or replaced."""

    def clear(self, name: str, addresses: Addresses) -> None:
        """Remove what an interrupted commit left at the addresses of an edition."""

    def withdraw(self, name: str) -> None:
        """Take a briefing off the shelf."""

    def shows(self, file: str) -> bool:
        """Return whether a file of the folder of views is published."""

    def show(self, file: str) -> None:
        """Publish a file of the folder of views."""

    def hide(self, file: str) -> None:
        """Take a file of the folder of views off the shelf."""


def published(edition: Path) -> list[str]:
    """Return the names of an edition's files that stand on the shelf itself."""
    with os.scandir(edition) as entries:
        return sorted(entry.name for entry in entries if not entry.name.startswith("."))


def addresses_of(edition: Path) -> dict[str, tuple[str, str]]:
    """Return all addresses that an edition publishes, those of the kept editions among them."""
    own = {file: (edition.name, file) for file in published(edition)}
    return {**own, **kept_addresses(edition)}


def is_sidecar(address: str) -> bool:
    """Return whether an address is that of a sidecar, which names the files beside it."""
    return address.endswith(".json") and not address.endswith(".chapters.json")


def move_aside(path: Path) -> Path:
    """Rename what is in the way to a free name beside it: a.mp3 to a.kept-1.mp3. Return that."""
    number = 1
    while os.path.lexists(free := path.with_name(f"{path.stem}.kept-{number}{path.suffix}")):
        number += 1
    path.rename(free)
    return free
