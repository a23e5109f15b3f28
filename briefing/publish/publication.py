"""Publishes an edition's sound and texts, with everything that belongs to them.

The order is: claim the addresses of the feed and the cover; write the feed, the pages and the
listing into the edition's folder; commit; then renew the views of the whole shelf.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from briefing.config import Config
from briefing.config.private_folders import PRIVATE
from briefing.errors import ShelfError
from briefing.shelf.addresses import VIEW_NAMES, VIEWS, VIEWS_RECORD, dates_of, in_order
from briefing.shelf.lock import Busy
from briefing.shelf.shelf import Shelf, Staged
from briefing.shelf.sidecar_reader import read_edition

if TYPE_CHECKING:
    from briefing.publish.listening_page.article_html import ArticleHtml
    from briefing.publish.listening_page.page import Extras
    from briefing.shelf.listing import Listing
    from briefing.shelf.register import Register

__all__ = ["later_dates", "offset_of_day", "publish", "recover"]


def recover(shelf: Shelf, config: Config, name: str = "") -> None:
    """Complete what a crashed process left, and take over a shelf of an earlier version.

    name: the briefing, by default the configuration's. The caller holds its lock. Raises
    BriefingError.
    """
    if not shelf.folder.is_dir() and not config.feed.private:
        return
    name = name or config.output.name
    with shelf.refusals(name):
        if shelf.may_be_old():
            from briefing.publish import takeover

            takeover.take_over(shelf, config)
        if name == config.output.name:
            _set_apart(shelf, config)
        shelf.recover(name)
        if _views_are_stale(shelf, config):
            from briefing.publish import views

            views.refresh(shelf, config)


def _set_apart(shelf: Shelf, config: Config) -> None:
    """See that a briefing is on the shelf that `feed.private` says, and nowhere else."""
    if not config.feed.private and not (config.output_folder / PRIVATE).is_dir():
        return
    from briefing.publish import private_feed, views

    if private_feed.leave_other_shelf(shelf, config) and config.feed.private:
        views.refresh(Shelf(config.output_folder), config)
    private_feed.arrange(config)
    if private_feed.has_old_addresses(shelf, config):
        private_feed.write_again(shelf, config)


def later_dates(shelf: Shelf, name: str, day: str) -> list[str]:
    """Return the dates of a briefing's editions that are later than a day, newest first."""
    current = shelf.current(name)
    return [date for date in (dates_of(current) if current else ()) if date > day]


def _views_are_stale(shelf: Shelf, config: Config) -> bool:
    """Return whether the views were made from other editions, or in another order."""
    editions = {name: folder.name for name, folder in shelf.editions().items()}
    if not editions:
        return False
    try:
        record = json.loads((shelf.folder / VIEWS / VIEWS_RECORD).read_bytes())
        order = tuple(record["order"])
        new_order = in_order(order, [table.name for table in config.on_this_shelf])
        return (
            record["editions"] != editions
            or order != new_order
            or not all(map(shelf.front.shows, VIEW_NAMES))
        )
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return True


def offset_of_day(shelf: Shelf, config: Config, day: str) -> str:
    """Return how far the schedule's clock is from UTC on a day, such as "+02:00".

    If it is the machine's clock, an edition of that day keeps the offset that it was first
    published with, so that a rebuild in another time zone does not move it.
    """
    from briefing.schedule.edition_hour import utc_offset

    current = shelf.current(config.output.name)
    earlier = ""
    if config.schedule.timezone == "local" and current is not None and day in dates_of(current):
        earlier = _published_offset(current, config.output.name, day)
    return earlier or utc_offset(config, day)


def _published_offset(current: Path, name: str, day: str) -> str:
    """Return the offset in the sidecar of a day's edition; "" if it has none."""
    from briefing.shelf.listing import read_or_rebuild

    listing = read_or_rebuild(current, name)
    entries = listing.kept_editions if listing else ()
    folders = {entry.row.date: entry.folder for entry in entries}
    edition = read_edition(current.parent / folders.get(day, current.name) / f"{name}.json")
    if edition is None or edition.date != day:
        return ""
    return edition.head["build"].get("utc_offset", "")


def publish(staged: Staged, config: Config, text: ArticleHtml) -> None:
    """Publish the edition whose sound, transcript and sidecar are in the folder.

    text: the text of its page. Raises BriefingError.
    """
    from briefing.publish import feed, views
    from briefing.publish.kept_editions import next_kept
    from briefing.publish.listening_page import page
    from briefing.shelf.listing import Listing, read_or_rebuild, row_of, write_listing

    name, folder, shelf = staged.name, staged.folder, staged.shelf
    register = _enter(shelf, config)
    edition = read_edition(folder / f"{name}.json")
    if edition is None:
        raise ShelfError(f"{folder / name}.json: cannot be read back; nothing was published")
    current = shelf.current(name)
    before = read_or_rebuild(current, name) if current else None
    entries = next_kept(
        before.kept_editions if before else (), edition, folder.name, config.output.keep
    )
    interface = config.page.interface
    picture = feed.write_cover(folder, config, register.covers[name])
    file = register.feeds[name] if config.feed.base_url else ""
    base = feed.base_url(config) if file and not config.feed.private else ""
    listing = Listing(
        row_of(edition, is_kept=False), entries, interface, page.generator(interface), base
    )
    if file:
        read = (feed.kept_episode(entry, folder.parent) for entry in entries)
        episodes = list(filter(None, read)) or [feed.current_episode(edition)]
        feed.write(folder, config, episodes, file, picture)
    extras = page.Extras(file, picture, base)
    page.write(folder, edition, text, listing, extras)
    if before is not None and before.generator != listing.generator:
        _write_kept_pages(folder.parent, listing, folder.name, extras)
    write_listing(folder, listing)
    if config.private_folder:
        from briefing.publish import private_feed

        private_feed.arrange(config)
    staged.commit()
    try:
        views.refresh(shelf, config)
    except (OSError, Busy) as error:
        raise ShelfError(
            f"{name} is published, but the page's list of the shelf could not be written: {error};"
            " the next build writes it"
        ) from error


def _enter(shelf: Shelf, config: Config) -> Register:
    """Claim the addresses of a briefing; return the register."""
    from briefing.shelf.register import claim, read_register, register_of, write_register

    with shelf.shared_lock():
        register = register_of(shelf)
        claimed = claim(register, config)
        if claimed != register or read_register(shelf.folder) is None:
            write_register(shelf.folder, claimed)
    return claimed


def _write_kept_pages(editions: Path, listing: Listing, new: str, extras: Extras) -> None:
    """Write the pages of the kept editions again, because another version wrote them."""
    from briefing.publish.listening_page.article_html import article_html
    from briefing.publish.listening_page.page import write_kept

    for entry in listing.kept_editions:
        folder = editions / entry.folder
        edition = read_edition(folder / f"{entry.row.name}.json")
        if edition is not None and entry.folder != new:
            with suppress(ValueError):  # if a sidecar is damaged, the old page is kept
                text = article_html(edition)
                write_kept(folder, edition, text, entry, listing.interface, extras)
