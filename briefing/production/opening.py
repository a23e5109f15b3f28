"""The opening of a briefing: its title, its day in words and its headlines, as paragraphs.

A headline is a paragraph of its own, written as in its article, so both share one clip.
"""

from __future__ import annotations

import datetime
import string
from collections.abc import Sequence

from briefing.text.tables import months

__all__ = ["AUTO", "day_in_words", "opening_paragraphs", "speaks_date"]

AUTO = "{title} ليوم {date}.\nأبرز العناوين:\n{headlines}"
"""The template of `opening.line = "auto"`."""
_WEEKDAYS = ("الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد")


def opening_paragraphs(
    template: str, title: str, edition_date: str, headlines: Sequence[str]
) -> list[str]:
    """Return the paragraphs that are spoken before the first article.

    template: one paragraph a line, with {title}, {date} and {headlines}, on lines of their own or
    in a sentence. edition_date: YYYY-MM-DD, Gregorian. If there are no headlines, the line with
    {headlines} is left out, and so is the line before it if it ends in a colon.

    >>> opening_paragraphs("{title}، {date}.", "موجز", "2026-11-25", [])
    ['موجز، الأربعاء 25 نوفمبر 2026.']
    """
    paragraphs: list[str] = []
    for line in filter(str.strip, template.splitlines()):
        if "{headlines}" in line and not headlines:
            if paragraphs and paragraphs[-1].endswith(":"):
                paragraphs.pop()
            continue
        before, field, after = line.partition("{headlines}")
        parts = [before, *(headlines if field else ()), after]
        for number, part in enumerate(parts):
            is_template = number in (0, len(parts) - 1)
            text = (
                part.format(title=title, date=day_in_words(edition_date), headlines="")
                if is_template
                else part
            )
            if text.strip():
                paragraphs.append(text.strip())
    return paragraphs


def speaks_date(template: str) -> bool:
    """Return whether the edition date is spoken by a template."""
    return any(field == "date" for _, field, _, _ in string.Formatter().parse(template))


def day_in_words(edition_date: str) -> str:
    """Return a day as a newspaper writes it; the text stages turn its numbers into words.

    >>> day_in_words("2025-04-21")
    'الاثنين 21 أبريل 2025'
    """
    from briefing.text.cleaning import strip_marks

    day = datetime.date.fromisoformat(edition_date)
    month = strip_marks(months()[1]["gregorian", day.month])
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {month} {day.year}"
