"""The editions of a shelf: which are kept, which are published, and how one is removed.

A kept edition has addresses such as editions/NAME-DATE-DIGEST.mp3, at which it never changes. A
rebuild for the same edition date replaces the earlier edition (docs/design.md, promise 7).
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

__all__ = ["PublishedEdition", "next_kept", "published_editions", "remove", "share"]


@dataclass(frozen=True, slots=True)
class PublishedEdition:
    """An edition that is published on a shelf."""

    name: str
    date: str
    duration_s: float
    bytes: int
    """The size of its sound."""
    is_current: bool
    """Whether it is the one at NAME.mp3. The others are only among the kept editions."""


def next_kept(
    before: Iterable[KeptEdition], new: Edition, folder: str, keep: int
) -> tuple[KeptEdition, ...]:
    """Return which editions are kept when a new one is published, newest first.

    before: the editions kept until now. folder: the name of the new edition's folder. keep: how
    many of the newest edition dates are kept; 0 keeps none.
    """
    dates = {entry.row.date: entry for entry in before}
    dates[new.date] = kept_edition(new, folder)
    return tuple(dates[date] for date in sorted(dates, reverse=True)[:keep])


def published_editions(shelf: Shelf) -> list[PublishedEdition]:
    """Return the editions on a shelf: briefings in the configuration's order, then newest first."""
    register = register_of(shelf)
    place = {name: index for index, name in enumerate(register.order)}
    names = sorted(shelf.names(), key=lambda name: (place.get(name, len(place)), name))
    return [edition for name in names for edition in _editions_of(shelf, name)]


def _editions_of(shelf: Shelf, name: str) -> list[PublishedEdition]:
    listing = _listing(shelf, name)
    if listing is None:
        return []
    rows = {entry.row.date: entry.row for entry in listing.kept_editions}
    rows[listing.current.date] = listing.current
    return [
        PublishedEdition(
            name, date, rows[date].duration_s, rows[date].bytes, not rows[date].is_kept
        )
        for date in sorted(rows, reverse=True)
    ]


def remove(shelf: Shelf, name: str, date: str) -> str:
    """Remove the edition of a day from a shelf, and its episode from the feed.

    If it is the current edition, the newest kept one becomes current; if there is none, the
    briefing is removed from the shelf. The caller holds the briefing's lock. Returns in words what
    is published afterwards. Raises UsageError if there is no such edition, or ShelfError.
    """
    listing = _listing(shelf, name)
    if listing is None:
        names = ", ".join(sorted(shelf.names())) or "none"
        raise UsageError(f"no edition of a briefing {name!r} is published; briefings: {names}")
    if date not in listing.dates():
        raise UsageError(
            f"{name} has no edition of {date}; there are: {', '.join(listing.dates())}"
        )
    entries = tuple(entry for entry in listing.kept_editions if entry.row.date != date)
    if listing.current.date != date:
        _republish(shelf, name, date, listing, None, entries)
        return f"the edition of {listing.current.date} is still the current one"
    if entries:
        _republish(shelf, name, date, listing, entries[0], entries)
        return f"it was the current one; now the edition of {entries[0].row.date} is"
    shelf.withdraw(name)
    return (
        "it was the only one; nothing of this briefing is published until the next"
        " `briefing build`, which uses the same addresses again"
    )


def share(source: Path, target: Path) -> None:
    """Put a file into a second place: a hard link if possible, else a copy. Raises OSError."""
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
    entries: Sequence[KeptEdition],
) -> None:
    """Publish the editions without one of them.

    successor: the kept edition that becomes current, or None. entries: those that are still kept.
    """
    from briefing.publish.listening_page import page
    from briefing.publish.listening_page.article_html import article_html

    current = shelf.current(name)
    assert current is not None
    source = current.parent / successor.folder if successor else current
    with shelf.edition(name, listing.current.audio) as staged:
        edition = _copy(source, staged)
        new = Listing(
            row_of(edition, is_kept=False),
            tuple(entries),
            listing.interface,
            listing.generator,
            listing.base,
        )
        register = register_of(shelf)
        extras = page.Extras(
            _copy_feed(current, staged.folder, register.feeds.get(name, ""), f"{name}-{date}"),
            _copy_cover(current, staged.folder, register.covers.get(name, "")),
            listing.base,
        )
        try:
            page.write(staged.folder, edition, article_html(edition), new, extras)
        except ValueError:
            raise _damage_error(edition.sidecar) from None
        write_listing(staged.folder, new)
        record = load_record(current, name)
        if record is not None and record.days:
            # what nobody can hear any more counts as unread
            save_record(staged.folder, name, record.without_day(date))
        staged.commit(keeps_previous=successor is None)


def _copy(source: Path, staged: Staged) -> Edition:
    """Put an edition's own files and its record into the folder of a new edition as well."""
    sidecar = source / f"{staged.name}.json"
    edition = read_edition(sidecar)
    if edition is None:
        raise _damage_error(sidecar)
    for file in (*edition.endings(), record_name(staged.name)):
        if (source / file).exists():
            share(source / file, staged.folder / file)
    copy = read_edition(staged.folder / sidecar.name)
    assert copy is not None
    return copy


def _copy_feed(source: Path, target: Path, file: str, day: str) -> str:
    """Copy a feed without an episode; return its file, or "" if there is no feed or no episode."""
    from briefing.publish.feed import without_episode

    if not file or not (source / file).is_file():
        return ""
    try:
        feed = without_episode((source / file).read_text(encoding="utf-8"), day)
    except ValueError:
        raise _damage_error(source / file) from None
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


def _damage_error(sidecar: Path) -> ShelfError:
    return ShelfError(f"{sidecar}: is damaged; run `briefing build` to publish it again")
