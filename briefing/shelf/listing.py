"""What a briefing has on the shelf, as a small file in its current edition's folder.

The file lists the current edition and the kept ones, with the address of each kept file. So the
page's list, shelf.json and `briefing editions` need to open no sidecar.
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
    "Kept",
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
    """An edition as the list of the shelf shows it; shelf.json has these keys."""

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
    kept: bool

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells an edition from all others."""
        return self.name, self.date, self.digest


@dataclass(frozen=True, slots=True)
class Kept:
    """A kept edition."""

    row: Row
    folder: str
    """The name of its folder, beside the current edition's."""
    files: Mapping[str, str]
    """For each file name in editions/ the file in the folder."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What stands of a briefing."""

    current: Row
    kept: tuple[Kept, ...] = ()
    """Newest edition date first."""
    interface: str = "auto"
    """As page.interface has it."""
    generator: str = ""
    """What wrote the pages of the kept editions."""

    @property
    def lasting(self) -> Row | None:
        """The row of the current edition among the kept ones, None where it is not kept."""
        rows = (kept.row for kept in self.kept)
        return next((row for row in rows if row.key == self.current.key), None)

    def dates(self) -> list[str]:
        """Return the edition dates that stand, newest first."""
        dates = {self.current.date, *(kept.row.date for kept in self.kept)}
        return sorted(dates, reverse=True)


def row_of(edition: Edition, *, kept: bool) -> Row:
    """Return the row of an edition. kept: with the addresses that it has among the kept ones."""
    head = edition.head
    file = head["audio"]["file"]
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
        audio=f"{KEPT_FOLDER}/{edition.kept_name(file)}" if kept else file,
        page=f"{KEPT_FOLDER}/{edition.day}.html" if kept else f"{edition.name}.html",
        kept=kept,
    )


def kept_edition(edition: Edition, folder: str) -> Kept:
    """Return the entry of an edition whose files are in the folder of that name."""
    files = {edition.kept_name(file): file for file in edition.endings()}
    return Kept(row_of(edition, kept=True), folder, {**files, f"{edition.day}.html": LASTING_PAGE})


def write_listing(folder: Path, listing: Listing) -> None:
    """Write the listing into an edition's folder before its commit. Raises OSError."""
    values = {
        "schema_version": _VERSION,
        "interface": listing.interface,
        "generator": listing.generator,
        "current": asdict(listing.current),
        "kept": [
            {**asdict(kept.row), "folder": kept.folder, "files": dict(kept.files)}
            for kept in listing.kept
        ],
    }
    (folder / LISTING_NAME).write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8")


def read_listing(folder: Path) -> Listing | None:
    """Return the listing of an edition's folder, None where there is none that can be read."""
    try:
        values = read_values(folder)
        if values["schema_version"] != _VERSION or kept_files(folder) is None:
            return None
        return Listing(
            current=Row(**values["current"]),
            kept=tuple(_kept(entry) for entry in values["kept"]),
            interface=str(values["interface"]),
            generator=str(values["generator"]),
        )
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def _kept(entry: dict[str, Any]) -> Kept:
    folder, files = entry.pop("folder"), entry.pop("files")
    return Kept(Row(**entry), folder, files)


def read_or_rebuild(folder: Path, name: str) -> Listing | None:
    """Return the listing of an edition's folder; a damaged one is made again from the sidecars.

    None where the sidecar cannot be read either.
    """
    listing = read_listing(folder)
    if listing is not None:
        return listing
    current = read_edition(folder / f"{name}.json")
    if current is None:
        return None
    newest: dict[str, Kept] = {}
    for page in sorted(folder.parent.glob(f"*/{LASTING_PAGE}")):
        edition = read_edition(page.parent / f"{name}.json")
        if edition is not None:
            newest[edition.date] = kept_edition(edition, page.parent.name)
    kept = sorted(newest.values(), key=lambda entry: entry.row.date, reverse=True)
    return Listing(row_of(current, kept=False), tuple(kept))
