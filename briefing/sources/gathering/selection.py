"""The inbox's records -> which articles an edition may read: a function of files and dates alone.

No article is read for it, no clock is looked at, so that a build knows at once whether anything is
new, and the same edition can be built again.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection

from briefing.config import Config, FeedSource
from briefing.sources.documents.embargo import is_held
from briefing.sources.gathering.inbox import Entry, Record
from briefing.sources.gathering.moments import age_moment, moment_of

__all__ = ["candidates", "has_whole_text", "publication_moment"]


def candidates(
    record: Record,
    feed: FeedSource,
    config: Config,
    edition_date: str,
    already_read: Collection[str] = (),
    *,
    without_text: bool = False,
) -> list[Entry]:
    """Return the articles of a feed that an edition may read, the newest first.

    Ages count back from the start of the first gathering for the edition's date, so that what a
    morning's edition had is not lost to the one that replaces it at noon. already_read: ids that
    do not count against the feed's limit. without_text: those, too, of which there is but a title.
    """
    gathering = record.for_edition(edition_date)
    start = moment_of(gathering.first) if gathering else None
    if gathering is None or start is None:
        return []
    rows = [
        (publication_moment(entry, config), -entry.place, entry)
        for entry in record.entries.values()
        if entry.first_seen <= gathering.last
        and entry.id not in already_read
        and not _is_held(entry, config)
        and (without_text or entry.has_text or has_whole_text(entry, feed))
    ]
    if feed.max_age_h:
        oldest = start - datetime.timedelta(hours=feed.max_age_h)
        rows = [row for row in rows if row[0] >= oldest]
    rows.sort(key=lambda row: row[:2], reverse=True)
    newest = [entry for _, _, entry in rows]
    return newest[: feed.limit] if feed.limit else newest


def publication_moment(entry: Entry, config: Config) -> datetime.datetime:
    """Return from when on an article has its age: its date, or the end of its embargo."""
    first_seen = moment_of(entry.first_seen)
    assert first_seen is not None  # the inbox has looked
    date = age_moment(entry.date, config, first_seen)
    if not entry.publish:
        return date
    # what was held back is new when it may be read, however long it was in the feed
    distant = datetime.datetime.max.replace(tzinfo=datetime.UTC)
    return max(date, age_moment(entry.publish, config, distant))


def has_whole_text(entry: Entry, feed: FeedSource) -> bool:
    """Return whether the text of the article's page is read instead of the feed's."""
    return bool(entry.page) and (
        feed.full_text == "always" or (feed.full_text == "auto" and entry.is_summary)
    )


def _is_held(entry: Entry, config: Config) -> bool:
    try:
        return is_held(entry.publish, config)
    except ValueError:
        return False
