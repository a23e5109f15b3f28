"""Dates, times of day and years to words."""

from __future__ import annotations

from briefing.text.characters import DAMMA, FATHA, KASRA
from briefing.text.numbers.cardinals import Form, cardinal, fraction, ordinal, with_article
from briefing.text.numbers.measures import Amount, with_unit
from briefing.text.tables import Unit, months

__all__ = ["clock", "day_of_month", "numeric_date", "year"]

_MINUTE = Unit("دَقِيقَة", "دَقَائِق", "f", "", "", "", 0, "measure")
_SECOND = Unit("ثَانِيَة", "ثَوَانٍ", "f", "", "", "", 0, "measure")


def year(number: int, *, feminine: bool = False, case: str = "gen") -> str:
    """Read a year; after سنة the units are feminine.

    >>> from briefing.text.cleaning import strip_marks
    >>> strip_marks(year(2014))
    'ألفين وأربعة عشر'
    """
    return cardinal(number, Form("f" if feminine else "m", case))


def day_of_month(day: int, case: str = "gen") -> str:
    """Read a day: "الحادي والعشرين من"."""
    return f"{ordinal(day, 'm', case)} مِن"


def numeric_date(text: str, order: str, *, hijri: bool) -> str:
    """Read 21/2/2010, 2010-02-21, 21.2.2010; "" where it is no date.

    order: "dmy" or "mdy", of dates whose year is last.
    """
    import re

    first, second, third = (part for part in re.split("[/.-]", text))
    if len(first) == 4:
        day, month, of_year = int(third), int(second), int(first)
    else:
        day, month, of_year = int(first), int(second), int(third)
        if order == "mdy" or (month > 12 >= day):
            day, month = month, day
        if order == "mdy" and month > 12 >= day:
            day, month = month, day
        if len(third) == 2:
            of_year += 2000 if of_year < 50 else 1900
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return ""
    name = months()[1]["hijri" if hijri or 1300 <= of_year <= 1500 else "gregorian", month]
    return f"{day_of_month(day)} {name} {year(of_year)}"


def clock(text: str, case: str) -> str:
    """Read a time of day: 7:30 as السابعة والنصف, 19:00 as the nineteenth hour.

    >>> from briefing.text.cleaning import strip_marks
    >>> strip_marks(clock("7:30", "nom")), strip_marks(clock("8:05", "gen"))
    ('السابعة والنصف', 'الثامنة وخمس دقائق')
    """
    hour, minute, *second = (int(part) for part in text.split(":"))
    if hour > 24:
        return ""
    words = hour_of_day(hour, case)
    if second:
        parts = [words, with_unit(Amount(minute), _MINUTE, case)]
        if second[0]:
            parts.append(with_unit(Amount(second[0]), _SECOND, case))
        return " وَ".join(parts)
    if minute == 45 and hour <= 12:
        return f"{hour_of_day(hour % 12 + 1, case)} إِلَّا رُبْعًا"
    if minute in (15, 30):
        return f"{words} وَ{with_article(fraction(1, 60 // minute, case, construct=True))}"
    if minute:
        words += " وَ" + with_unit(Amount(minute), _MINUTE, case)
    return words


def hour_of_day(hour: int, case: str) -> str:
    """Read an hour from 0 to 24 as an ordinal; one o'clock is الواحدة.

    >>> from briefing.text.cleaning import strip_marks
    >>> strip_marks(hour_of_day(1, "gen"))
    'الواحدة'
    """
    if hour == 1:
        return "الْوَاحِدَة" + {"nom": DAMMA, "gen": KASRA, "acc": FATHA}[case]
    return ordinal(hour or 12, "f", case)
