"""The editions of a briefing on the shelf, in a small file in its current edition's folder.

The file lists the current edition and the kept ones, with the address of each kept file. The
page's list, shelf.json and `briefing editions` read it instead of opening every sidecar.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from briefing.shelf.addresses import LISTING_NAME, kept_files, read_values
from briefing.shelf.sidecar_reader import KEPT_FOLDER, Edition, read_edition

__all__ = [
    "LASTING_PAGE",
    "KeptEdition",
    "Listing",
    "Row",
    "kept_edition",
    "read_listing",
    "read_or_rebuild",
    "row_of",
    "write_listing",
]

LASTING_PAGE = ".page.html"
"""In an edition's folder: its page among the kept editions."""
_VERSION = 1


@dataclass(frozen=True, slots=True)
class Row:
    """An edition as the list of the shelf shows it."""

    name: str
    title: str
    language: str
    date: str
    digest: str
    duration_s: float
    articles: int
    voice: str
    bytes: int
    audio: str
    page: str
    is_kept: bool
    """Whether `audio`, `page` and `book` are its addresses among the kept editions."""
    book: str = ""
    """The address of its read-along book; "" if there is none."""

    @property
    def key(self) -> tuple[str, str, str]:
        """Identifies an edition."""
        return self.name, self.date, self.digest

    def as_json(self) -> dict[str, Any]:
        """Return the row as shelf.json and the listing have it."""
        values = asdict(self)
        values["kept"] = values.pop("is_kept")
        return values

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Row:
        """Return the row that `as_json` wrote. Raises TypeError and KeyError for other values."""
        fields = dict(values)
        is_kept = fields.pop("kept")
        return cls(**fields, is_kept=is_kept)


@dataclass(frozen=True, slots=True)
class KeptEdition:
    """A kept edition."""

    row: Row
    folder: str
    """The name of its folder, beside the current edition's."""
    files: Mapping[str, str]
    """For each file name in editions/ the file's name in the folder."""


@dataclass(frozen=True, slots=True)
class Listing:
    """The editions of a briefing."""

    current: Row
    kept_editions: tuple[KeptEdition, ...] = ()
    """Newest edition date first."""
    interface: str = "auto"
    """The value of the setting page.interface."""
    generator: str = ""
    """The version of the code that wrote the pages of the kept editions."""
    base: str = ""
    """The shelf's address on the web when the edition was published; "" if none was known."""

    @property
    def lasting(self) -> Row | None:
        """The row of the current edition among the kept ones, or None if it is not kept."""
        rows = (edition.row for edition in self.kept_editions)
        return next((row for row in rows if row.key == self.current.key), None)

    def dates(self) -> list[str]:
        """Return the dates of the editions, newest first."""
        dates = {self.current.date, *(edition.row.date for edition in self.kept_editions)}
        return sorted(dates, reverse=True)


def row_of(edition: Edition, *, is_kept: bool) -> Row:
    """Return the row of an edition. is_kept: with its addresses among the kept editions."""
    head = edition.head
    file, book = head["audio"]["file"], f"{edition.name}.epub"
    book = book if book in edition.endings() else ""
    return Row(
        name=edition.name,
        title=head["title"],
        language=head["language"],
        date=edition.date,
        digest=edition.digest,
        duration_s=head["duration_s"],
        articles=sum(chapter["source"] is not None for chapter in head["chapters"]),
        voice=head["voice"]["engine"],
        bytes=head["audio"]["bytes"],
        audio=f"{KEPT_FOLDER}/{edition.kept_name(file)}" if is_kept else file,
        page=f"{KEPT_FOLDER}/{edition.day}.html" if is_kept else f"{edition.name}.html",
        is_kept=is_kept,
        book=f"{KEPT_FOLDER}/{edition.kept_name(book)}" if book and is_kept else book,
    )


def kept_edition(edition: Edition, folder: str) -> KeptEdition:
    """Return the entry of an edition. folder: the name of the folder that has its files."""
    files = {edition.kept_name(file): file for file in edition.endings()}
    files = {**files, f"{edition.day}.html": LASTING_PAGE}
    return KeptEdition(row_of(edition, is_kept=True), folder, files)


def write_listing(folder: Path, listing: Listing) -> None:
    """Write the listing into an edition's folder before its commit. Raises OSError."""
    values = {
        "schema_version": _VERSION,
        "interface": listing.interface,
        "generator": listing.generator,
        "base": listing.base,
        "current": listing.current.as_json(),
        "kept": [
            {**edition.row.as_json(), "folder": edition.folder, "files": dict(edition.files)}
            for edition in listing.kept_editions
        ],
    }
    (folder / LISTING_NAME).write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8")


def read_listing(folder: Path) -> Listing | None:
    """Return the listing of an edition's folder, or None if none can be read."""
    try:
        values = read_values(folder)
        if values["schema_version"] != _VERSION or kept_files(folder) is None:
            return None
        return Listing(
            current=Row.from_json(values["current"]),
            kept_editions=tuple(_read_entry(entry) for entry in values["kept"]),
            interface=str(values["interface"]),
            generator=str(values["generator"]),
            base=str(values.get("base", "")),
        )
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def _read_entry(entry: dict[str, Any]) -> KeptEdition:
    folder, files = entry.pop("folder"), entry.pop("files")
    return KeptEdition(Row.from_json(entry), folder, files)


def read_or_rebuild(folder: Path, name: str) -> Listing | None:
    """Return the listing of an edition's folder, rebuilt from the sidecars if it is damaged.

    Return None if the sidecar cannot be read either.
    """
    listing = read_listing(folder)
    if listing is not None:
        return listing
    current = read_edition(folder / f"{name}.json")
    if current is None:
        return None
    newest: dict[str, KeptEdition] = {}
    for page in sorted(folder.parent.glob(f"*/{LASTING_PAGE}")):
        edition = read_edition(page.parent / f"{name}.json")
        if edition is not None:
            newest[edition.date] = kept_edition(edition, page.parent.name)
    entries = sorted(newest.values(), key=lambda entry: entry.row.date, reverse=True)
    return Listing(row_of(current, is_kept=False), tuple(entries))
