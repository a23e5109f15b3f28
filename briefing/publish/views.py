"""All briefings of a shelf -> index.html, the newest with the list of all, and shelf.json.

These are views: they are made from the briefings' listings after a commit, and each is renamed into
its place separately. A record has the editions that they were made from, so that the next command
notices if a process died before it had made them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from briefing.config import Config
from briefing.shelf.addresses import (
    PAGE_NAME,
    SHELF_NAME,
    VIEW_NAMES,
    VIEWS,
    VIEWS_RECORD,
    in_order,
)
from briefing.shelf.listing import Listing, Row, read_or_rebuild
from briefing.shelf.register import register_of, write_register
from briefing.shelf.shelf import Shelf

__all__ = ["refresh"]


@dataclass(frozen=True, slots=True)
class _Briefing:
    """A briefing on the shelf."""

    name: str
    folder: Path
    """The folder of its current edition."""
    listing: Listing


def refresh(shelf: Shelf, config: Config | None = None) -> None:
    """Make the views again.

    config: decides the order of its briefings; None keeps the order. The caller must not hold the
    shelf's lock. Raises Busy, OSError.
    """
    with shelf.shared_lock():
        register = register_of(shelf)
        order = register.order
        if config is not None:
            order = in_order(order, [table.name for table in config.on_this_shelf])
            if order != register.order:
                register = replace(register, order=order)
                write_register(shelf.folder, register)
        editions = shelf.editions()
        briefings = _briefings(editions, order)
        if briefings:
            _write(shelf, briefings)
        else:
            for file in VIEW_NAMES:
                shelf.hide_view(file)
        _remember(shelf, editions, order)


def _briefings(editions: Mapping[str, Path], order: Sequence[str]) -> list[_Briefing]:
    """Return the briefings as configured."""
    place = {name: index for index, name in enumerate(order)}
    briefings = [
        _Briefing(name, folder, listing)
        for name, folder in editions.items()
        if (listing := read_or_rebuild(folder, name)) is not None
    ]
    briefings.sort(key=lambda briefing: (place.get(briefing.name, len(place)), briefing.name))
    return briefings


def _write(shelf: Shelf, briefings: Sequence[_Briefing]) -> None:
    from briefing.publish.listening_page.page import with_shelf
    from briefing.publish.listening_page.shelf_list import shelf_list

    only = len(briefings) == 1
    current = [_current(briefing.listing, only=only) for briefing in briefings]
    kept_rows = [entry.row for briefing in briefings for entry in briefing.listing.kept_editions]
    rows = [*current, *sorted(kept_rows, key=lambda row: row.date, reverse=True)]
    lines = ",\n".join(json.dumps(row.as_json(), ensure_ascii=False) for row in rows)
    shelf.show_view(SHELF_NAME, f'{{"schema_version": 1, "editions": [\n{lines}\n]}}\n'.encode())
    pairs = [*zip(briefings, current, strict=True)]
    pairs.sort(key=lambda pair: pair[1].date, reverse=True)
    for briefing, row in pairs:
        try:
            page = (briefing.folder / f"{briefing.name}.html").read_bytes()
            page = with_shelf(page, shelf_list(rows, row.page, briefing.listing.interface))
        except (OSError, ValueError):
            continue  # the page is damaged: another briefing's is shown
        shelf.show_view(PAGE_NAME, page)
        return


def _current(listing: Listing, *, only: bool) -> Row:
    """Return the row of a current edition; if it is kept, with its files' lasting addresses."""
    row, lasting = listing.current, listing.lasting
    page = PAGE_NAME if only else row.page
    files = lasting or row
    return replace(row, page=page, audio=files.audio, book=files.book)


def _remember(shelf: Shelf, editions: Mapping[str, Path], order: Sequence[str]) -> None:
    folders = {name: folder.name for name, folder in editions.items()}
    path = shelf.folder / VIEWS / VIEWS_RECORD
    path.parent.mkdir(exist_ok=True)
    new = path.with_name(f"{VIEWS_RECORD}.new")
    record = {"editions": folders, "order": order}
    new.write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
    new.replace(path)
