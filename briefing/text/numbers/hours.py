"""Numbers that are hours of the day: الساعة 7, من 8 إلى 10 مساء, الساعة 7.30."""

from __future__ import annotations

import re

from briefing.text.numbers import dates
from briefing.text.numbers.numeral import Numeral
from briefing.text.numbers.ordinals import noun_behind
from briefing.text.numbers.times import find_daypart
from briefing.text.pieces.sentence_in_progress import Line, Reading
from briefing.text.tables import context

__all__ = ["read_hour", "read_hour_by_point"]

_NEXT_HOUR = 4
"""Pieces from one hour to the next: من الساعة 8 إلى 10."""
_HOURS = range(1, 25)


def read_hour_by_point(number: Numeral) -> Reading | None:
    """Read الساعة 7.30, and agencies' minutes first: الساعة 30,7.

    >>> from briefing.text.normalisation.paragraph import spoken
    >>> spoken("الساعة 7.30")
    'الساعة السابعة والنصف'
    """
    clock = _clock(number)
    if not clock or not number.case:
        return None
    part, end = find_daypart(number.line, number.at + 1, number.end)
    words = dates.clock(clock, _adverbial(number.case))
    return Reading(end, words + (f" {part}" if part else ""))


def _adverbial(case: str) -> str:
    """Return the case of an hour that says when: the accusative unless something governs it."""
    return "acc" if case == "nom" else case


def _clock(number: Numeral) -> str:
    """Return "7:30" of 7.30 and of 30,7; "" of what is no hour."""
    match = re.fullmatch(r"(\d{1,2})[.,](\d{2})", number.digits)
    if not match:
        return ""
    line, at = number.line, number.at
    greenwich = line.word(at + 1) == "ت" and line.word(at + 2) == "غ"
    if number.before not in ("الساعة", "الساعه", "والساعة") and not greenwich:
        return ""
    first, second = int(match[1]), int(match[2])
    if "," in number.digits and second <= 24 and len(match[1]) == 2:
        first, second = second, first
    return f"{first}:{second:02}" if first <= 24 and second < 60 else ""


def read_hour(number: Numeral) -> Reading | None:
    """Read an hour after الساعة, before a part of the day, or soon after another hour.

    >>> from briefing.text.normalisation.paragraph import spoken
    >>> spoken("من الساعة 8 إلى 10")
    'من الساعة الثامنة إلى العاشرة'
    """
    by_day = _is_before_daypart(number)
    named = number.before in ("الساعة", "الساعه", "بالساعة")
    if not (named or by_day or _is_next_hour(number)):
        return None
    if not number.is_whole or number.amount.whole not in _HOURS:
        return None
    if number.particle not in ("", "ال", "و") and not by_day:
        return None
    part, end = find_daypart(number.line, number.at + 1, number.end)
    number.line.last_hour = number.index
    words = dates.hour_of_day(number.amount.whole, _adverbial(number.case))
    return Reading(end, words + (f" {part}" if part else ""))


def _is_next_hour(number: Numeral) -> bool:
    line = number.line
    return (
        number.index - line.last_hour <= _NEXT_HOUR
        and (number.particle == "و" or number.before in ("إلى", "حتى"))
        and not noun_behind(line, number.at)
    )


def _is_before_daypart(number: Numeral) -> bool:
    """Return whether a part of the day follows, or another hour with one: 8 أو 9 مساء."""
    line, at = number.line, number.at
    return _is_daypart(line, at + 1) or (
        number.after in ("و", "إلى", "حتى", "-", "–")
        and line.kind(at + 2) == "number"
        and line.word(at + 2).isdecimal()
        and int(line.word(at + 2)[:4]) <= 12
        and _is_daypart(line, at + 3)
    )


def _is_daypart(line: Line, at: int) -> bool:
    word = line.word(at)
    if word in ("والنصف", "والربع", "والثلث") or word in context()["dayparts"]:
        return True
    return word in ("بعد", "قبل") and line.word(at + 1) in ("الظهر", "العصر", "الفجر")
