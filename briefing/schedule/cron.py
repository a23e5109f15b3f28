"""A cron expression and a time zone -> the instants at which the nightly build is due.

Fields and weekdays mean what crontab(5) says. Changes to and from daylight saving time follow
cronie's cron(8). An expression that names its hours is due once a calendar day: a wall time that
occurs twice counts the first time, and one that is skipped counts when the clocks go forward. An
expression that is due in every hour follows the clock. APScheduler's own trigger counts weekdays
from Monday, and on those nights fires twice or not at all, so it only rings at the instants that
are computed here.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from briefing.config import Config, place
from briefing.errors import ConfigError

__all__ = ["Cron", "Timetable", "is_missed", "parse", "timetable", "zone"]

_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_NICKNAMES = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
_FAR = 366 * 8 + 2
"""Days to look ahead: 29 February can be eight years away (1896 to 1904, 2096 to 2104)."""
_STAMP_AHEAD = timedelta(hours=1)
"""A stamp up to this far in the future means that the clock was set right. One that is further in
the future is ignored."""


@dataclass(frozen=True)
class Cron:
    """A parsed expression: the values that each field allows, weekdays with Sunday as 0."""

    text: str
    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    either_day: bool
    """Both day fields are restricted; by crontab(5) a day then needs to match only one of them."""

    @property
    def every_hour(self) -> bool:
        """Whether it is due in every hour of the day, and so follows the clock when it changes."""
        return len(self.hours) == 24

    def on(self, day: date) -> bool:
        """Return whether the expression is due on a calendar day."""
        if day.month not in self.months:
            return False
        in_month = day.day in self.days
        in_week = day.isoweekday() % 7 in self.weekdays
        return (in_month or in_week) if self.either_day else (in_month and in_week)


def parse(text: str) -> Cron:
    """Parse "minute hour day month weekday", or a nickname such as @daily.

    Lists, ranges, steps and English names are allowed; weekdays 0 and 7 are Sunday. Raises
    ValueError with what is wrong.

    >>> sorted(parse("0 3 * * fri-sun").weekdays)
    [0, 5, 6]
    >>> parse("*/20 6-7 * * *").minutes
    (0, 20, 40)
    """
    fields = _NICKNAMES.get(text.strip().lower(), text).split()
    if len(fields) != 5:
        raise ValueError(f"it has {len(fields)} fields, not five: minute hour day month weekday")
    minutes = _field("minute", fields[0], 0, 59)
    hours = _field("hour", fields[1], 0, 23)
    days = _field("day", fields[2], 1, 31)
    months = _field("month", fields[3], 1, 12, {name: i for i, name in enumerate(_MONTHS, 1)})
    named = {name: i for i, name in enumerate(_WEEKDAYS)}
    weekdays = frozenset(day % 7 for day in _field("weekday", fields[4], 0, 7, named))
    # crontab(5): a day field counts as restricted unless it starts with *
    either = not fields[2].startswith("*") and not fields[4].startswith("*")
    cron = Cron(
        text,
        tuple(sorted(minutes)),
        tuple(sorted(hours)),
        frozenset(days),
        frozenset(months),
        weekdays,
        either,
    )
    leap_years = (date(2000, 1, 1) + timedelta(days) for days in range(366))
    if not either and not any(day.month in months and day.day in days for day in leap_years):
        raise ValueError("no month has such a day")
    return cron


def _field(
    label: str, text: str, low: int, high: int, names: dict[str, int] | None = None
) -> set[int]:
    """Return the values that a field allows."""
    values: set[int] = set()
    for part in text.split(","):
        match = re.fullmatch(r"(\*|(\w+)(?:-(\w+))?)(?:/(\d{1,4}))?", part, re.ASCII)
        if not match:
            raise ValueError(f"{label} {part!r} cannot be read")
        if match[1] == "*":
            first, last = low, high
        else:
            first = _number(label, match[2], low, high, names)
            if match[3]:
                last = _number(label, match[3], low, high, names)
                if last < first and names and last == 0:
                    last = 7  # fri-sun: Sunday may also end the week
            else:
                last = high if match[4] else first
        if last < first:
            raise ValueError(f"{label} {part!r} runs backwards")
        step = int(match[4]) if match[4] else 1
        if not step:
            raise ValueError(f"{label} {part!r} has a step of 0")
        values.update(range(first, last + 1, step))
    return values


def _number(label: str, text: str, low: int, high: int, names: dict[str, int] | None) -> int:
    if names and text.lower() in names:
        return names[text.lower()]
    if not text.isdecimal():
        or_name = f" nor one of {', '.join(names)}" if names else ""
        raise ValueError(f"{label} {text!r} is not a number{or_name}")
    value = int(text)
    if not low <= value <= high:
        raise ValueError(f"{label} {value} is not between {low} and {high}")
    return value


def zone(name: str) -> tzinfo:
    """Return a time zone; "local" is the machine's. Raises ValueError for an unknown one."""
    if name == "local":
        from tzlocal import get_localzone

        try:
            return get_localzone()
        except Exception as error:  # tzlocal raises LookupError, ValueError and others
            raise ValueError(f"the machine's time zone is unknown: {error}") from None
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError("no such time zone; write one like Africa/Cairo, or local") from None


@dataclass(frozen=True)
class Timetable:
    """The instants at which a cron expression is due by the clock of a time zone."""

    cron: Cron
    zone: tzinfo

    def after(self, moment: datetime) -> datetime:
        """Return the first due instant later than an aware moment, in UTC."""
        for day in self._days(moment, 1):
            due = self.on(day)
            if (place := bisect.bisect_right(due, moment)) < len(due):
                return due[place]
        raise OverflowError(f"{self.cron.text} is not due within eight years")

    def latest(self, moment: datetime) -> datetime:
        """Return the last due instant that is not later than an aware moment, in UTC."""
        for day in self._days(moment, -1):
            due = self.on(day)
            if place := bisect.bisect_right(due, moment):
                return due[place - 1]
        raise OverflowError(f"{self.cron.text} was not due within eight years")

    def on(self, day: date) -> list[datetime]:
        """Return the due instants of a calendar day, in order, in UTC."""
        if not self.cron.on(day):
            return []
        due: set[datetime] = set()
        for hour in self.cron.hours:
            for minute in self.cron.minutes:
                wall = datetime(day.year, day.month, day.day, hour, minute)
                first, second = self._instant(wall, 0), self._instant(wall, 1)
                if first <= second:
                    due.add(first)
                    if self.cron.every_hour:
                        due.add(second)
                elif not self.cron.every_hour:
                    due.add(self._change(second, first))
        return sorted(due)

    def _instant(self, wall: datetime, fold: int) -> datetime:
        return wall.replace(tzinfo=self.zone, fold=fold).astimezone(UTC)

    def _change(self, low: datetime, high: datetime) -> datetime:
        """Return the second at which the offset from UTC changes between two instants."""
        before = low.astimezone(self.zone).utcoffset()
        while high - low > timedelta(seconds=1):
            middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
            if middle.astimezone(self.zone).utcoffset() == before:
                low = middle
            else:
                high = middle
        return high

    def _days(self, moment: datetime, step: int) -> Iterator[date]:
        """Yield calendar days, beginning a day too early: zones skip and repeat hours."""
        start = moment.astimezone(self.zone).date() - timedelta(step)
        return (start + timedelta(step * number) for number in range(_FAR))


def is_missed(table: Timetable, last: datetime | None, now: datetime) -> bool:
    """Return whether a build is due: whether an instant passed since the last build.

    last: when the last build that counts was started; None: never. A stamp from the future, left
    by a clock that was wrong, counts as None, so that it cannot stop the nightly build.
    """
    if last is None or last > now + _STAMP_AHEAD:
        return True
    return table.latest(now) > last


def timetable(config: Config) -> Timetable:
    """Return the timetable of a briefing's settings. Raises ConfigError with their place."""
    schedule = config.schedule
    for key, value, read in (("cron", schedule.cron, parse), ("timezone", schedule.timezone, zone)):
        try:
            read(value)
        except ValueError as error:
            where = place(config, "schedule", key)
            raise ConfigError(f"{where}: schedule.{key} = {value!r}: {error}") from None
    return Timetable(parse(schedule.cron), zone(schedule.timezone))
