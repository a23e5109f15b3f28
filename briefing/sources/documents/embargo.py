"""Embargoes: a document with `publish: 2026-11-27T06:00` is not read before that time.

A build must be able to see that nothing changed without reading the documents, so `due_stamp` looks
for such times in the bytes. SOURCE_DATE_EPOCH replaces the clock, so that an edition can be built
again.
"""

from __future__ import annotations

import datetime
import os
import re

from briefing.config import Config

__all__ = ["current_moment", "due_stamp", "is_held", "moment_in_zone"]

_SIGHT = 64 * 1024
_FRONT_MATTER = re.compile(rb"^[\"']?publish(?:_?date)?[\"']?\s*[:=]\s*([^\r\n#]+)", re.M | re.I)
_MOMENTS = {
    "markdown": _FRONT_MATTER,
    "xml": re.compile(rb"<(?:\w+:)?embargoed>([^<]{1,60})<"),
    "json": re.compile(rb'"date"\s*:\s*"([^"]{1,60})"(?=.{0,4000}"future")', re.DOTALL),
}
"""By the name of a kind: where a time may be in its bytes."""


def is_held(publish: str, config: Config) -> bool:
    """Return whether an article must not be read yet. publish: ISO 8601; "": no embargo."""
    return bool(publish) and moment_in_zone(publish, config) > current_moment()


def due_stamp(data: bytes, kind: str, config: Config) -> str:
    """Return a text that changes when an article in a document becomes due."""
    pattern = _MOMENTS.get(kind)
    if pattern is None:
        return ""
    texts = pattern.findall(data[:_SIGHT].replace(b"\0", b""))
    if not texts:
        return ""
    from briefing.sources.documents.dates import iso_date

    moments = (iso_date(text.decode("ascii", "ignore").strip(" \t\"'")) for text in texts)
    return f" {sum(is_held(moment, config) for moment in moments)} held back"


def current_moment() -> datetime.datetime:
    """Return the time, SOURCE_DATE_EPOCH's where that is set, so that a build can be repeated."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdigit():
        return datetime.datetime.fromtimestamp(int(epoch), datetime.UTC)
    return datetime.datetime.now(datetime.UTC)


def moment_in_zone(date: str, config: Config) -> datetime.datetime:
    """Return the moment of a date of ISO 8601; where it names no zone, by the schedule's clock.

    Raise ValueError.
    """
    moment = datetime.datetime.fromisoformat(date)
    if moment.tzinfo is not None:
        return moment
    if config.schedule.timezone == "local":
        return moment.astimezone()
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return moment.replace(tzinfo=ZoneInfo(config.schedule.timezone))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return moment.astimezone()
