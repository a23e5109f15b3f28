"""Moments of the inbox: UTC, as ISO 8601 texts that sort by time."""

from __future__ import annotations

import datetime
import os

from briefing.config import Config
from briefing.sources.documents.embargo import current_moment, moment_in_zone

__all__ = ["age_moment", "format_moment", "moment_of", "today"]

_FORMAT = "%Y-%m-%dT%H:%M:%SZ"


def today() -> str:
    """Return the day of today, as the command line has it for an edition: YYYY-MM-DD."""
    if os.environ.get("SOURCE_DATE_EPOCH", "").isdigit():
        return current_moment().date().isoformat()
    return datetime.date.today().isoformat()


def format_moment(moment: datetime.datetime) -> str:
    """Return a moment as the inbox has it.

    >>> format_moment(datetime.datetime(2026, 11, 27, 6, 0, tzinfo=datetime.UTC))
    '2026-11-27T06:00:00Z'
    """
    return moment.astimezone(datetime.UTC).strftime(_FORMAT)


def moment_of(text: str) -> datetime.datetime | None:
    """Return the moment of a text of the inbox, None where it is none."""
    try:
        return datetime.datetime.strptime(text, _FORMAT).replace(tzinfo=datetime.UTC)
    except ValueError:
        return None


def age_moment(date: str, config: Config, first_seen: datetime.datetime) -> datetime.datetime:
    """Return from when on an article has its age: when it was published, as far as that is known.

    date: ISO 8601, "" where the article has none. An article is never younger than the moment it
    was first seen. A day without an hour counts to its end; an hour without a zone is read by the
    schedule's clock.

    >>> seen = datetime.datetime(2026, 11, 27, 12, 0, tzinfo=datetime.UTC)
    >>> age_moment("2026-11-27T06:00:00+03:00", Config(), seen).hour
    3
    >>> age_moment("2031-01-01", Config(), seen) == age_moment("", Config(), seen) == seen
    True
    """
    try:
        published = moment_in_zone(date if "T" in date else f"{date}T23:59:59", config)
    except ValueError:
        return first_seen
    return min(published.astimezone(datetime.UTC), first_seen)
