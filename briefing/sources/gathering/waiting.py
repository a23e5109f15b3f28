"""The head of an answer -> when the server may be asked again.

By its Cache-Control and Expires (RFC 9111, 4.2.1) and Retry-After (RFC 9110, 10.2.3), and never
sooner than a quarter of an hour, as a reader of feeds should.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

__all__ = ["SHORTEST_WAIT", "next_poll"]

SHORTEST_WAIT = datetime.timedelta(minutes=15)
_LONGEST_FRESHNESS = datetime.timedelta(hours=12)
"""A nightly build asks each night, whatever a server says of its freshness."""
_LONGEST_RETRY = datetime.timedelta(hours=24)
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
_UNCACHED = re.compile(r"(?:^|[\s,])no-(?:cache|store)\b", re.IGNORECASE)
_BUSY = frozenset({429, 503})


def next_poll(status: int, headers: Mapping[str, str], at: datetime.datetime) -> datetime.datetime:
    """Return the moment before which the server is not asked again.

    >>> at = datetime.datetime(2026, 11, 27, 3, 0, tzinfo=datetime.UTC)
    >>> next_poll(200, {"cache-control": "public, max-age=3600"}, at).hour
    4
    >>> next_poll(429, {"retry-after": "7200"}, at).hour
    5
    """
    if status in _BUSY:
        wait = min(_retry_after(headers.get("retry-after", ""), at), _LONGEST_RETRY)
    else:
        wait = min(_freshness(headers, at), _LONGEST_FRESHNESS)
    return at + max(wait, SHORTEST_WAIT)


def _retry_after(value: str, at: datetime.datetime) -> datetime.timedelta:
    if value.strip().isdecimal():
        return datetime.timedelta(seconds=int(value.strip()[:9]))
    return _until(value, at)


def _freshness(headers: Mapping[str, str], at: datetime.datetime) -> datetime.timedelta:
    cache_control = headers.get("cache-control", "")
    if _UNCACHED.search(cache_control):
        return SHORTEST_WAIT
    if match := _MAX_AGE.search(cache_control):
        return datetime.timedelta(seconds=int(match[1]))
    return _until(headers.get("expires", ""), at)


def _until(date: str, at: datetime.datetime) -> datetime.timedelta:
    """Return how long it is to a date of HTTP; nothing for one that cannot be read."""
    try:
        moment = parsedate_to_datetime(date)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=datetime.UTC)
        return moment - at
    except (TypeError, ValueError, OverflowError, IndexError):
        return SHORTEST_WAIT
