"""The editions of a shelf: which are kept, which stand, and how one is removed.

A kept edition has the addresses editions/NAME-DATE-DIGEST.mp3 and so on, under which it never
changes; a rebuild on the same edition date takes the place of the one before (DESIGN.md, promise
7).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from briefing.errors import ShelfError, UsageError
from briefing.shelf.edition_record import record_name
from briefing.shelf.listing import (
    KeptEdition,
    Listing,
    kept_edition,
    read_or_rebuild,
    row_of,
    write_listing,
)
from briefing.shelf.read_record import load_record, save_record
from briefing.shelf.register import register_of
from briefing.shelf.shelf import Shelf, Staged
from briefing.shelf.sidecar_reader import Edition, read_edition

__all__ = ["Standing", "next_kept", "remove", "share", "standing"]


@dataclass(frozen=True, slots=True)
class Standing:
    """An edition that stands on a shelf."""

    name: str
    date: str
    duration_s: float
    bytes: int
    """Of its sound."""
    is_current: bool
    """It is the one at NAME.mp3; the others are only among the kept ones."""


def next_kept(
    before: Iterable[KeptEdition], new: Edition, folder: str, keep: int
) -> tuple[KeptEdition, ...]:
    """Return which editions are kept when a new one is published, newest first.

    before: those kept until then. folder: the name of the new one's folder. keep: how many edition
    dates are kept, the newest; 0 keeps none.
    """
    dates = {kept.row.date: kept for kept in before}
    dates[new.date] = kept_edition(new, folder)
    return tuple(dates[date] for date in sorted(dates, reverse=True)[:keep])


def standing(shelf: Shelf) -> list[Standing]:
    """Return the editions on a shelf, the briefings in the configuration's order, newest first."""
    register = register_of(shelf)
    place = {name: index for index, name in enumerate(register.order)}
    names = sorted(shelf.names(), key=lambda name: (place.get(name, len(place)), name))
    return [edition for name in names for edition in _standing(shelf, name)]


def _standing(shelf: Shelf, name: str) -> list[Standing]:
    listing = _listing(shelf, name)
    if listing is None:
        return []
    rows = {kept.row.date: kept.row for kept in listing.kept_editions}
    rows[listing.current.date] = listing.current
    return [
        Standing(name, date, rows[date].duration_s, rows[date].bytes, not rows[date].is_kept)
        for date in sorted(rows, reverse=True)
    ]


def remove(shelf: Shelf, name: str, date: str) -> str:
    """Remove the edition of a day from a shelf, and its episode from the feed.

    Where it is the current one, the newest kept one becomes current; where there is none, the
    briefing stands no longer. To be called under the briefing's lock. Returns what then stands, in
    words. Raises UsageError where there is no such edition, ShelfError.
    """
    listing = _listing(shelf, name)
    if listing is None:
        known = ", ".join(sorted(shelf.names())) or "none"
        raise UsageError(f"no edition of a briefing {name!r} stands here; briefings: {known}")
    if date not in listing.dates():
        raise UsageError(
            f"{name} has no edition of {date}; there are: {', '.join(listing.dates())}"
        )
    kept = tuple(entry for entry in listing.kept_editions if entry.row.date != date)
    if listing.current.date != date:
        _republish(shelf, name, date, listing, None, kept)
        return f"the edition of {listing.current.date} stands as before"
    if kept:
        _republish(shelf, name, date, listing, kept[0], kept)
        return f"it was the current one; the edition of {kept[0].row.date} is now"
    shelf.withdraw(name)
    return (
        "it was the only one; nothing of this briefing stands until the next `briefing build`,"
        " which gives it the same addresses again"
    )


def share(source: Path, target: Path) -> None:
    """Give a file a second place, without copying it where the file system can. Raises OSError."""
    try:
        os.link(source, target)
    except OSError:  # FAT, or too many links
        shutil.copy2(source, target)


def _listing(shelf: Shelf, name: str) -> Listing | None:
    current = shelf.current(name)
    return read_or_rebuild(current, name) if current else None


def _republish(
    shelf: Shelf,
    name: str,
    date: str,
    listing: Listing,
    successor: KeptEdition | None,
    kept: Sequence[KeptEdition],
) -> None:
    """Publish what stands less one edition. successor: the kept one that becomes current."""
    from briefing.publish.listening_page import page
    from briefing.publish.listening_page.article_html import article_html

    current = shelf.current(name)
    assert current is not None
    source = current.parent / successor.folder if successor else current
    with shelf.edition(name, listing.current.audio) as staged:
        edition = _copy(source, staged)
        new = Listing(
            row_of(edition, is_kept=False), tuple(kept), listing.interface, listing.generator
        )
        register = register_of(shelf)
        extras = page.Extras(
            _copy_feed(current, staged.folder, register.feeds.get(name, ""), f"{name}-{date}"),
            _copy_cover(current, staged.folder, register.covers.get(name, "")),
        )
        try:
            page.write(staged.folder, edition, article_html(edition), new, extras)
        except ValueError:
            raise _damaged(edition.sidecar) from None
        write_listing(staged.folder, new)
        record = load_record(current, name)
        if record is not None and record.days:
            # what nobody can hear any more counts as unread
            save_record(staged.folder, name, record.without_day(date))
        staged.commit(keeps_previous=successor is None)


def _copy(source: Path, staged: Staged) -> Edition:
    """Share an edition's own files and its record with the folder of a new one."""
    sidecar = source / f"{staged.name}.json"
    edition = read_edition(sidecar)
    if edition is None:
        raise _damaged(sidecar)
    for file in (*edition.endings(), record_name(staged.name)):
        if (source / file).exists():
            share(source / file, staged.folder / file)
    copied = read_edition(staged.folder / sidecar.name)
    assert copied is not None
    return copied


def _copy_feed(source: Path, target: Path, file: str, day: str) -> str:
    """Copy a feed less an episode; return its file, "" where there is none or none is left."""
    from briefing.publish.feed import without_episode

    if not file or not (source / file).is_file():
        return ""
    feed = without_episode((source / file).read_text(encoding="utf-8"), day)
    if not feed:
        return ""
    (target / file).write_text(feed, encoding="utf-8", newline="\n")
    return file


def _copy_cover(source: Path, target: Path, stem: str) -> str:
    for ending in (".png", ".jpg"):
        if stem and (source / f"{stem}{ending}").exists():
            share(source / f"{stem}{ending}", target / f"{stem}{ending}")
            return f"{stem}{ending}"
    return ""


def _damaged(sidecar: Path) -> ShelfError:
    return ShelfError(f"{sidecar}: is damaged; run `briefing build`, which publishes it anew")
