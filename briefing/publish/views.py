"""All briefings of a shelf -> index.html, the newest with the list of all, and shelf.json.

These are views: they are made from the briefings' listings after a commit, each renamed into its
place by itself. A record says from which editions they were made, so that the next command notices
where a process died before it had made them.
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
class _Listed:
    """A briefing on the shelf."""

    name: str
    folder: Path
    """Of its current edition."""
    listing: Listing


def refresh(shelf: Shelf, config: Config | None = None) -> None:
    """Make the views anew. config: has the order of its briefings; None: as it was.

    Not to be called under the shelf's lock. Raises Busy, OSError.
    """
    with shelf.shared_lock():
        register = register_of(shelf)
        order = register.order
        if config is not None:
            order = in_order(order, [one.name for one in config.on_this_shelf])
            if order != register.order:
                register = replace(register, order=order)
                write_register(shelf.folder, register)
        editions = shelf.editions()
        listed = _listed(editions, order)
        if listed:
            _write(shelf, listed)
        else:
            for file in VIEW_NAMES:
                shelf.hide_view(file)
        _remember(shelf, editions, order)


def _listed(editions: Mapping[str, Path], order: Sequence[str]) -> list[_Listed]:
    """Return the briefings as they are listed: newest date first, then as configured."""
    place = {name: index for index, name in enumerate(order)}
    listed = [
        _Listed(name, folder, listing)
        for name, folder in editions.items()
        if (listing := read_or_rebuild(folder, name)) is not None
    ]
    listed.sort(key=lambda one: (place.get(one.name, len(place)), one.name))
    listed.sort(key=lambda one: one.listing.current.date, reverse=True)
    return listed


def _write(shelf: Shelf, listed: Sequence[_Listed]) -> None:
    from briefing.publish.listening_page.page import shelf_list, with_shelf

    only = len(listed) == 1
    current = [_current(one.listing, only=only) for one in listed]
    kept = [kept.row for one in listed for kept in one.listing.kept_editions]
    rows = [*current, *sorted(kept, key=lambda row: row.date, reverse=True)]
    lines = ",\n".join(json.dumps(row.as_json(), ensure_ascii=False) for row in rows)
    shelf.show_view(SHELF_NAME, f'{{"schema_version": 1, "editions": [\n{lines}\n]}}\n'.encode())
    for one, row in zip(listed, current, strict=True):
        try:
            page = (one.folder / f"{one.name}.html").read_bytes()
            page = with_shelf(page, shelf_list(rows, row.page, one.listing.interface))
        except (OSError, ValueError):
            continue  # it is damaged: that of another briefing is shown
        shelf.show_view(PAGE_NAME, page)
        return


def _current(listing: Listing, *, only: bool) -> Row:
    """Return the row of a current edition, with the lasting address of its sound if it is kept."""
    row, lasting = listing.current, listing.lasting
    page = PAGE_NAME if only else row.page
    return replace(row, page=page, audio=lasting.audio if lasting else row.audio)


def _remember(shelf: Shelf, editions: Mapping[str, Path], order: Sequence[str]) -> None:
    made = {"editions": {name: folder.name for name, folder in editions.items()}, "order": order}
    path = shelf.folder / VIEWS / VIEWS_RECORD
    path.parent.mkdir(exist_ok=True)
    new = path.with_name(f"{VIEWS_RECORD}.new")
    new.write_text(json.dumps(made, ensure_ascii=False), encoding="utf-8")
    new.replace(path)
