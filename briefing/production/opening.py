"""The opening line of a briefing: its title, its day in words and its headlines, as paragraphs.

A headline is a paragraph of its own, written as in its article: the voice has spoken it already.
"""

from __future__ import annotations

import datetime
import string
from collections.abc import Sequence

from briefing.text.tables import months

__all__ = ["AUTO", "day_in_words", "opening_paragraphs", "speaks_date"]

AUTO = "{title} ليوم {date}.\nأبرز العناوين:\n{headlines}"
"""What `opening.line = "auto"` says."""
_WEEKDAYS = ("الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد")


def opening_paragraphs(
    template: str, title: str, edition_date: str, headlines: Sequence[str]
) -> list[str]:
    """Give what is said before the first article, a paragraph each; none where nothing is.

    template: a paragraph a line, with {title}, {date} and {headlines}; the last two on lines of
    their own or in a sentence. edition_date: YYYY-MM-DD, Gregorian. Where there are no headlines,
    the line that asks for them is left out, and one before it that ends in a colon.

    >>> opening_paragraphs("{title}، {date}.", "موجز", "2026-11-25", [])
    ['موجز، الأربعاء 25 نوفمبر 2026.']
    """
    paragraphs: list[str] = []
    for line in filter(str.strip, template.splitlines()):
        if "{headlines}" in line and not headlines:
            if paragraphs and paragraphs[-1].endswith(":"):
                paragraphs.pop()
            continue
        before, found, after = line.partition("{headlines}")
        parts = [before, *(headlines if found else ()), after]
        for number, part in enumerate(parts):
            written = number in (0, len(parts) - 1)
            said = (
                part.format(title=title, date=day_in_words(edition_date), headlines="")
                if written
                else part
            )
            if said.strip():
                paragraphs.append(said.strip())
    return paragraphs


def speaks_date(template: str) -> bool:
    """Say whether a template says the edition date."""
    return any(field == "date" for _, field, _, _ in string.Formatter().parse(template))


def day_in_words(edition_date: str) -> str:
    """Write a day as a newspaper does; the text stages read its numbers.

    >>> day_in_words("2025-04-21")
    'الاثنين 21 أبريل 2025'
    """
    from briefing.text.cleaning import strip_marks

    day = datetime.date.fromisoformat(edition_date)
    month = strip_marks(months()[1]["gregorian", day.month])
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {month} {day.year}"
