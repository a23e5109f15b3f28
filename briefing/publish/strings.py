"""The page's own texts in Arabic and English: strings, counts, lengths, dates.

Each string, with the plural forms that Arabic needs, is a line of assets/strings.json.
"""

from __future__ import annotations

import datetime
import json
import re
from functools import cache
from html import escape
from typing import Any

from briefing.publish.page_assets import asset

__all__ = [
    "clock",
    "count",
    "day",
    "direction",
    "duration",
    "escape_text",
    "say",
    "strings",
]

_RIGHT_TO_LEFT = {"ar", "arc", "ckb", "dv", "fa", "he", "ks", "ku", "ps", "sd", "ug", "ur", "yi"}
_CONTROLS = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")


@cache
def strings() -> dict[str, dict[str, Any]]:
    """Return the interface's strings by key and language: a text, or its plural forms."""
    read: dict[str, dict[str, Any]] = json.loads(asset("strings.json"))
    return read


def plural(language: str, number: int) -> str:
    """Return the CLDR plural category of a whole number, in Arabic or English."""
    if language == "en":
        return {0: "zero", 1: "one"}.get(number, "other")
    if number < 3:
        return ("zero", "one", "two")[number]
    rest = number % 100
    return "few" if 3 <= rest <= 10 else "many" if rest >= 11 else "other"


def say(key: str, language: str, number: int | None = None) -> str:
    """Return an interface string, in the plural form of its number if it has one."""
    text = strings()[key][language]
    if number is None:
        return str(text)
    form = text.get(plural(language, number), text["other"])
    return str(form).replace("{n}", str(number))


def count(key: str, language: str, number: int) -> str:
    """Return a count as HTML that the page's script can translate."""
    return f'<span data-i="{key}" data-n="{number}">{say(key, language, number)}</span>'


def duration(seconds: float, language: str) -> str:
    """Return a length in hours and minutes as HTML, rounded to the minute."""
    hours, minutes = divmod(round(seconds / 60), 60)
    if not hours:
        return count("minutes", language, minutes)
    text = count("hours", language, hours)
    if minutes:
        text += f'<span data-i="and">{say("and", language)}</span>'
        text += count("minutes", language, minutes)
    return text


def day(date: str, language: str) -> str:
    """Return an edition date in words, with Western digits."""
    day = datetime.date.fromisoformat(date)
    comma = "، " if language == "ar" else ", "
    weekday = strings()["weekdays"][language][day.weekday()]
    month = strings()["months"][language][day.month - 1]
    return f"{weekday}{comma}{day.day} {month} {day.year}"


def clock(seconds: float) -> str:
    """Return a time as players show it.

    >>> clock(65.9), clock(3700)
    ('1:05', '1:01:40')
    """
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def escape_text(text: str) -> str:
    """Escape a source's text for HTML; control characters, which HTML alters, become spaces."""
    return escape(text if text.isprintable() else _CONTROLS.sub(" ", text))


def direction(language: str) -> str:
    """Return the direction in which a language is written: "rtl" or "ltr".

    >>> direction("ar-EG"), direction("en")
    ('rtl', 'ltr')
    """
    return "rtl" if language.lower().split("-")[0] in _RIGHT_TO_LEFT else "ltr"
