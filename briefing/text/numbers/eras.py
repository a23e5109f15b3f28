"""Eras after a year: هـ, م, ق.م."""

from __future__ import annotations

import re
from functools import cache

from briefing.text.pieces.sentence_in_progress import Line
from briefing.text.tables import calendar

__all__ = ["era_word", "find_era"]


@cache
def _era_pattern() -> re.Pattern[str]:
    """The written forms of calendar.toml's eras, with or without tatweel; no letter follows."""
    keys = sorted(calendar()["eras"], key=len, reverse=True)
    forms = "|".join(re.escape(key).replace("ـ", "ـ?") for key in keys)
    return re.compile(rf"(?:{forms})(?![^\W_])")


def find_era(line: Line, at: int, end: int) -> tuple[str, int]:
    """Return the key in calendar.toml of the era after a year and where it ends, or "" and end."""
    if at >= len(line.pieces) or line.pieces[at].gap == 2:
        return "", end
    match = _era_pattern().match(line.text, line.pieces[at].start)
    if not match:
        return "", end
    by_form = {key.replace("ـ", ""): key for key in calendar()["eras"]}
    return by_form[match[0].replace("ـ", "")], match.end()


def era_word(key: str) -> str:
    """Return the words of an era: هـ as للهجرة."""
    return calendar()["eras"][key]
