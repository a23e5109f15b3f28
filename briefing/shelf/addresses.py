"""Where things lie on a shelf, and from which file each public address takes its content.

audio/.editions/NAME/ID/   an edition of the briefing NAME: its files and its record
audio/.current.NAME        leads to the edition of NAME that stands
audio/.kept/               the public folder editions/: the kept editions of all briefings
audio/.views/              what is made from several briefings: the page and shelf.json
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from briefing.shelf.sidecar_reader import KEPT_FOLDER

__all__ = [
    "CURRENT",
    "EDITIONS",
    "KEPT",
    "KEPT_FOLDER",
    "LISTING_NAME",
    "PAGE_NAME",
    "SHELF_NAME",
    "VIEWS",
    "VIEWS_RECORD",
    "VIEW_NAMES",
    "Addresses",
    "PublicNames",
    "Tell",
    "addresses_of",
    "dates_of",
    "in_order",
    "is_sidecar",
    "kept_addresses",
    "kept_files",
    "move_aside",
    "published",
    "read_values",
]

EDITIONS = ".editions"
CURRENT = ".current"
KEPT = ".kept"
VIEWS = ".views"

LISTING_NAME = ".listing.json"
"""In an edition's folder: what the briefing has on the shelf, see `listing`."""
PAGE_NAME = "index.html"
SHELF_NAME = "shelf.json"
VIEWS_RECORD = ".made.json"
"""In the folder of views: the editions that they were made from, and in which order."""
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


def kept_addresses(edition: Path) -> dict[str, tuple[str, str]]:
    """Return the addresses of the kept editions that an edition lists."""
    return {
        f"{KEPT_FOLDER}/{public}": (folder, file)
        for folder, files in (kept_files(edition) or {}).items()
        for public, file in files.items()
    }


def kept_files(edition: Path) -> dict[str, dict[str, str]] | None:
    """Return, by its folder, each kept edition's files: the name in editions/, that in the folder.

    None where there is no listing that can be read. (`listing` reads all of it; this is for every
    start of the program.)
    """
    try:
        entries = read_values(edition)["kept"]
        kept = {str(entry["folder"]): dict(entry["files"]) for entry in entries}
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None
    names = [*kept, *(name for files in kept.values() for pair in files.items() for name in pair)]
    return kept if all(isinstance(name, str) and "/" not in name for name in names) else None


def dates_of(edition: Path) -> list[str]:
    """Return the edition dates of a briefing that stand, newest first; none are known: none."""
    try:
        values = read_values(edition)
        rows = [values["current"], *values["kept"]]
        return sorted({str(row["date"]) for row in rows}, reverse=True)
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return []


def read_values(edition: Path) -> Any:
    """Return the listing of an edition as JSON. Raises OSError, ValueError, RecursionError."""
    return json.loads((edition / LISTING_NAME).read_bytes())


def in_order(before: Sequence[str], names: Sequence[str]) -> tuple[str, ...]:
    """Return an order with these names in theirs; others keep their places.

    >>> in_order(["a", "old", "b"], ["b", "c", "a"])
    ('b', 'old', 'c', 'a')
    """
    mine = iter(names)
    known = [next(mine) if name in names else name for name in before]
    return (*known, *mine)


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
