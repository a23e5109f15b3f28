"""When articles were published: as a moment to sort by."""

from __future__ import annotations

import datetime
import re

from briefing.sources import Article

__all__ = ["moment_of", "newness"]

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_LONG_AGO = datetime.datetime(1, 1, 1, tzinfo=datetime.UTC)


def moment_of(article: Article) -> datetime.datetime | None:
    """Return when an article was published, with its zone; None where nothing tells.

    Of a day without a time its end, as far as the article was not gathered before; an article
    without a date is as old as our knowledge of it. Without a zone: UTC.
    """
    gathered = _parse(article.gathered)
    if _DAY.fullmatch(article.date):
        begin = _parse(article.date)
        if begin is None:
            return gathered
        end = begin + datetime.timedelta(days=1)
        return min(end, gathered) if gathered else end
    return _parse(article.date) or gathered


def newness(article: Article) -> float:
    """Return a number to sort by, the newest first; articles of no known moment come last."""
    moment = moment_of(article)
    return -(moment - _LONG_AGO).total_seconds() if moment else 0.0


def _parse(text: str) -> datetime.datetime | None:
    try:
        moment = datetime.datetime.fromisoformat(text)
        if moment.tzinfo is None:
            return moment.replace(tzinfo=datetime.UTC)
        return moment.astimezone(datetime.UTC)
    except (ValueError, OverflowError):
        return None
