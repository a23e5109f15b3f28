"""Where files are on a shelf, and which file each public address gets its content from.

audio/.editions/NAME/ID/   an edition of the briefing NAME: its files and its record
audio/.current.NAME        leads to the published edition of NAME
audio/.kept/               the public folder editions/: the kept editions of all briefings
audio/.views/              files made from several briefings: the page and shelf.json
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
    "OnMove",
    "PublicNames",
    "addresses_of",
    "dates_of",
    "in_order",
    "is_sidecar",
    "kept_addresses",
    "kept_files",
    "move_aside",
    "public_files",
    "read_values",
]

EDITIONS = ".editions"
CURRENT = ".current"
KEPT = ".kept"
VIEWS = ".views"

LISTING_NAME = ".listing.json"
"""In an edition's folder: the briefing's editions on the shelf, see `listing`."""
PAGE_NAME = "index.html"
SHELF_NAME = "shelf.json"
VIEWS_RECORD = ".made.json"
"""In the folder of views: which editions they were made from, in order."""
VIEW_NAMES = (PAGE_NAME, SHELF_NAME)

Addresses = Mapping[str, tuple[str, str]]
"""For each address on the shelf, such as "news.mp3" or "editions/news-2026-11-24-….mp3", the
name of the edition's folder and the file in it."""

OnMove = Callable[[Path, Path], None]
"""Called after a file was moved aside, with its old and its new path."""


class PublicNames(Protocol):
    """How an edition's files get their addresses: by links, or by copies and a journal.

    `names` and `current` need no lock. `show` and `hide` are called under the shelf's lock, the
    others under the briefing's. All raise OSError.
    """

    def names(self) -> list[str]:
        """Return the published briefings, in no order."""

    def current(self, name: str) -> Path | None:
        """Return the folder of the published edition, or None."""

    def is_ours(self, address: str) -> bool:
        """Return whether this program put the file at an address there."""

    def commit(self, name: str, edition: str, new: Addresses, before: Addresses) -> None:
        """Publish an edition in place of the previous one. edition: the name of its folder."""

    def heal(self, name: str) -> None:
        """Finish an interrupted commit, and put back what others removed or replaced."""

    def clear(self, name: str, addresses: Addresses) -> None:
        """Remove what an interrupted commit left at the addresses of an edition."""

    def withdraw(self, name: str) -> None:
        """Remove a briefing from the shelf."""

    def shows(self, file: str) -> bool:
        """Return whether a file of the folder of views is published."""

    def show(self, file: str) -> None:
        """Publish a file of the folder of views."""

    def hide(self, file: str) -> None:
        """Remove the address of a file of the folder of views."""


def public_files(edition: Path) -> list[str]:
    """Return the names of an edition's files that are published at the top of the shelf."""
    with os.scandir(edition) as entries:
        return sorted(entry.name for entry in entries if not entry.name.startswith("."))


def addresses_of(edition: Path) -> dict[str, tuple[str, str]]:
    """Return all addresses that an edition publishes, including those of the kept editions."""
    own = {file: (edition.name, file) for file in public_files(edition)}
    return {**own, **kept_addresses(edition)}


def kept_addresses(edition: Path) -> dict[str, tuple[str, str]]:
    """Return the addresses of the kept editions that an edition lists."""
    return {
        f"{KEPT_FOLDER}/{public}": (folder, file)
        for folder, files in (kept_files(edition) or {}).items()
        for public, file in files.items()
    }


def kept_files(edition: Path) -> dict[str, dict[str, str]] | None:
    """Return the files of each kept edition by its folder: name in editions/, name in the folder.

    Return None if no listing can be read. (`listing` reads all of it; this quick form is used at
    every start of the program.)
    """
    try:
        entries = read_values(edition)["kept"]
        folders = {str(entry["folder"]): dict(entry["files"]) for entry in entries}
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None
    pairs = [pair for files in folders.values() for pair in files.items()]
    names = [*folders, *(name for pair in pairs for name in pair)]
    return folders if all(isinstance(name, str) and "/" not in name for name in names) else None


def dates_of(edition: Path) -> list[str]:
    """Return the dates of a briefing's editions, newest first; [] if no listing can be read."""
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
    """Return `before` with `names` in their new order; all other names keep their places.

    >>> in_order(["a", "old", "b"], ["b", "c", "a"])
    ('b', 'old', 'c', 'a')
    """
    mine = iter(names)
    merged = [next(mine) if name in names else name for name in before]
    return (*merged, *mine)


def is_sidecar(address: str) -> bool:
    """Return whether an address is that of a sidecar, which lists the edition's other files."""
    return address.endswith(".json") and not address.endswith(".chapters.json")


def move_aside(path: Path) -> Path:
    """Rename a file that is in the way to a free name: a.mp3 to a.kept-1.mp3. Return its path."""
    number = 1
    while os.path.lexists(free := path.with_name(f"{path.stem}.kept-{number}{path.suffix}")):
        number += 1
    path.rename(free)
    return free
