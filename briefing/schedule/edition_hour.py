"""When an edition counts as published: its day, at the hour of `feed.hour` or of the schedule.

The clock of a build says nothing about this: the same day gives the same moment, however often it
is built.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone

from briefing.config import Config
from briefing.schedule.cron import parse, zone

__all__ = ["edition_hour", "moment", "utc_offset"]

_USUAL = time(6)
"""Where neither the feed nor the schedule names an hour."""


def edition_hour(config: Config) -> time:
    """Return the time of the day: `feed.hour`, else that of a daily schedule, else 6:00.

    A schedule with several hours or minutes names none.
    """
    if config.feed.hour:
        hours, _, minutes = config.feed.hour.partition(":")
        return time(int(hours), int(minutes or 0))
    try:
        cron = parse(config.schedule.cron)
    except ValueError:
        return _USUAL
    if len(cron.hours) == len(cron.minutes) == 1:
        return time(cron.hours[0], cron.minutes[0])
    return _USUAL


def utc_offset(config: Config, edition_date: str) -> str:
    """Return how far the schedule's clock is from UTC at that moment, such as "+02:00".

    edition_date: YYYY-MM-DD. A time zone that is not known on this machine counts as UTC.
    """
    at = datetime.combine(date.fromisoformat(edition_date), edition_hour(config))
    try:
        offset = at.replace(tzinfo=zone(config.schedule.timezone)).utcoffset()
    except ValueError:
        offset = None
    minutes = round((offset or timedelta()).total_seconds() / 60)
    sign = "-" if minutes < 0 else "+"
    return f"{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def moment(config: Config, edition_date: str, offset: str) -> datetime:
    """Return when an edition counts as published. offset: as `utc_offset` returns it.

    Raises ValueError if it is none.
    """
    day, hour = date.fromisoformat(edition_date), edition_hour(config)
    zone_of_day = datetime.strptime(offset, "%z").tzinfo
    assert isinstance(zone_of_day, timezone)
    return datetime.combine(day, hour, zone_of_day)
