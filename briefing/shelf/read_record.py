"""Which articles the editions of a briefing have read: so that no story is read twice.

The record is committed inside an edition, so what it says was read was published, whatever stopped
a build. A rebuild of a day looks at the days before it alone.
"""

from __future__ import annotations

import base64
import datetime
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

__all__ = [
    "NOTHING_READ",
    "Day",
    "ReadRecord",
    "Story",
    "load_record",
    "record_file",
    "save_record",
]

_VERSION = 1
_DAYS = 60
"""How long it is remembered what was read."""
_DAYS_OF_MARKS = 10
"""How long texts can be compared: after that a story is known by its id and its link alone."""
_MARK_BYTES = 4
_LARGEST_BYTES = 64_000_000
"""A larger file is no record of ours."""


@dataclass(frozen=True, slots=True)
class Story:
    """An article as it is remembered."""

    identity: str
    """What it is known by in every edition."""
    link: str
    """The canonical address of the original, "" where there is none."""
    digest: str
    """Of its words."""
    marks: tuple[int, ...] = ()
    """Of its text, see `selection.stories`, in ascending order; none of a short text."""
    feed: str = ""
    title: str = ""
    url: str = ""
    section: str = ""
    path: str = ""
    again: bool = False
    """True for a file of the folder that each edition reads again."""


@dataclass(frozen=True, slots=True)
class Day:
    """What the edition of a day did with the articles."""

    stories: tuple[Story, ...] = ()
    """Those that it read."""
    waiting: tuple[Story, ...] = ()
    """Those that it had no time for, to be read on a later day."""


@dataclass(frozen=True, slots=True)
class ReadRecord:
    """What was read, by edition date (YYYY-MM-DD)."""

    days: Mapping[str, Day] = field(default_factory=dict)

    def before(self, date: str) -> Iterator[tuple[str, Day]]:
        """Yield the days before a date, the latest first."""
        for day in sorted(self.days, reverse=True):
            if day < date:
                yield day, self.days[day]

    def with_day(self, date: str, day: Day) -> ReadRecord:
        """Return the record with the edition of a day, less what is too old to matter."""
        days = {**self.days, date: day}
        newest = datetime.date.fromisoformat(max(days))
        recent: dict[str, Day] = {}
        for name in sorted(days):
            age = (newest - datetime.date.fromisoformat(name)).days
            if age < _DAYS:
                recent[name] = days[name] if age < _DAYS_OF_MARKS else _without_marks(days[name])
        return ReadRecord(recent)

    def without_day(self, date: str) -> ReadRecord:
        """Return the record less the edition of a day."""
        return ReadRecord({name: day for name, day in self.days.items() if name != date})


NOTHING_READ = ReadRecord()


def record_file(name: str) -> str:
    """Return the record's file name in an edition's folder."""
    return f".{name}.read"


def save_record(folder: Path, name: str, record: ReadRecord) -> None:
    """Write the record into an edition's folder, before its commit. Raise OSError."""
    days = {
        date: {
            "stories": [_row(story) for story in day.stories],
            "waiting": [_row(story) for story in day.waiting],
        }
        for date, day in record.days.items()
    }
    text = json.dumps({"version": _VERSION, "days": days}, separators=(",", ":"))
    (folder / record_file(name)).write_text(text, encoding="utf-8")


def load_record(folder: Path | None, name: str) -> ReadRecord | None:
    """Return the record of an edition's folder; None where it is damaged.

    folder: None before the first edition. An edition without a record has read nothing once.
    """
    if folder is None:
        return NOTHING_READ
    path = folder / record_file(name)
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            return None
        values = json.loads(path.read_bytes())
        if values["version"] != _VERSION:
            return None
        days = {_date(date): _day(value) for date, value in values["days"].items()}
    except FileNotFoundError:
        return NOTHING_READ
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    return ReadRecord(days)


def _date(text: str) -> str:
    datetime.date.fromisoformat(text)
    return text


def _day(value: Mapping[str, Any]) -> Day:
    return Day(tuple(map(_story, value["stories"])), tuple(map(_story, value["waiting"])))


def _row(story: Story) -> dict[str, object]:
    """Return what there is to write of a story: empty values are left out."""
    row: dict[str, object] = {
        name: getattr(story, name)
        for name in ("identity", "link", "digest", "feed", "title", "url", "section", "path")
        if getattr(story, name)
    }
    if story.marks:
        packed = b"".join(mark.to_bytes(_MARK_BYTES, "big") for mark in story.marks)
        row["marks"] = base64.b64encode(packed).decode()
    if story.again:
        row["again"] = True
    return row


def _story(row: Mapping[str, Any]) -> Story:
    values = dict(row)
    packed = values.pop("marks", "")
    again = values.pop("again", False) is True
    if not all(isinstance(value, str) for value in values.values()):
        raise TypeError("a story's values are texts")
    data = base64.b64decode(packed, validate=True)
    starts = range(0, len(data), _MARK_BYTES)
    marks = tuple(int.from_bytes(data[at : at + _MARK_BYTES], "big") for at in starts)
    return Story(**{"identity": "", "link": "", "digest": "", **values}, marks=marks, again=again)


def _without_marks(day: Day) -> Day:
    return replace(day, stories=tuple(replace(story, marks=()) for story in day.stories))
