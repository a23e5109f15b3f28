"""Dates, hours and years in their sentence: which number is a day, an hour or a year."""

from __future__ import annotations

import re

from briefing.text.numbers import dates
from briefing.text.numbers.cardinals import Form, cardinal, digits, ordinal
from briefing.text.numbers.durations import read_duration
from briefing.text.numbers.eras import era_word, find_era
from briefing.text.numbers.numeral import Numeral
from briefing.text.numbers.ordinals import noun_behind
from briefing.text.pieces.scanner import DASHES
from briefing.text.pieces.sentence_in_progress import Line, Reading
from briefing.text.tables import calendar, context, months, unit_pattern

__all__ = [
    "find_daypart",
    "find_month",
    "read_date",
    "read_day",
    "read_time",
    "read_year",
]


_MOST_DAYS = 6
"""Days listed before their month: 3 و4 و5 مايو."""


def read_date(line: Line, index: int, at: int, particle: str, case: str) -> Reading | None:
    """Read a date in digits, an era after it included: 15/09/1445 هـ.

    >>> from briefing.text.normalisation.paragraph import spoken
    >>> spoken("15/09/1445 هـ")
    'الخامس عشر من رمضان ألف وأربعمئة وخمسة وأربعين للهجرة'
    """
    piece = line.pieces[at]
    era, end = find_era(line, at + 1, piece.end)
    words = dates.numeric_date(piece.text, line.date_order, hijri="هجر" in era)
    if not words:
        numbers = re.split(r"([/.-])", piece.text)
        return Reading(piece.end, " ".join(digits(part) for part in numbers[::2]))
    return Reading(end, words + (f" {era_word(era)}" if era else ""))


def read_time(line: Line, index: int, at: int, particle: str, case: str) -> Reading | None:
    """Read a time of day in digits: الساعة 7:30 مساء.

    The hour agrees with الساعة: genitive after a preposition (في الساعة), else the adverb's
    accusative, which is how a newsreader says when (Hasan, المفعول فيه).

    >>> from briefing.text.normalisation.paragraph import spoken
    >>> spoken("الساعة 8:05 صباحا")
    'الساعة الثامنة وخمس دقائق صباحا'
    """
    if duration := read_duration(line, index, at):
        return duration
    piece = line.pieces[at]
    before = line.before(index)
    if case == "nom":
        behind_preposition = before[-2:-1] and before[-2] in context()["genitive"]
        if before[-1:] in (["بالساعة"], ["للساعة"]) or (
            before[-1:] == ["الساعة"] and behind_preposition
        ):
            case = "gen"
        elif any(word in ("الساعة", "والساعة") for word in before[-2:]):
            case = "acc"
    words = dates.clock(piece.text, case)
    if not words or before[-1:] == ["بنتيجة"]:
        return Reading(
            piece.end,
            " ".join(cardinal(int(part), Form(case=case)) for part in piece.text.split(":")),
        )
    part, end = find_daypart(line, at + 1, piece.end)
    if part:
        words += f" {part}"
    if line.word(at + 1) in tuple(DASHES) and line.kind(at + 2) == "time":
        until = read_time(line, at + 2, at + 2, "", "gen")
        if until is not None:
            return Reading(until.end, f"{words} إِلَى {until.words}")
    return Reading(end, words)


def find_daypart(line: Line, at: int, end: int) -> tuple[str, int]:
    """Find an abbreviated part of the day, ص or م: its reading and where it ends."""
    words = calendar()["dayparts"]
    key = line.word(at)
    if key in words and at < len(line.pieces) and line.pieces[at].gap < 2:
        return words[key], line.pieces[at].end
    if key in ("a.m.", "p.m."):
        return words[key.replace(".", "")], line.pieces[at].end
    return "", end


def find_month(line: Line, at: int) -> tuple[tuple[str, int, str] | None, int]:
    """Find a month name at a piece: one word or two."""
    by_name = months()[0]
    two = f"{line.word(at)} {line.word(at + 1)}"
    if two in by_name:
        return by_name[two], at + 2
    if line.word(at) in by_name:
        return by_name[line.word(at)], at + 1
    return None, at


def read_day(number: Numeral) -> Reading | None:
    """Read "21 فبراير", "3-5 مايو", "3 و4 مايو": days are ordinals.

    >>> from briefing.text.normalisation.paragraph import spoken
    >>> spoken("أيام 3 و4 و5 مايو")
    'أيام الثالث والرابع والخامس من مايو'
    """
    day = number.amount.whole
    if day not in _DAYS or len(number.digits) > 2:
        return None
    case = number.case
    after_two_days = _is_after_two_days(number)
    if after_two_days and not number.particle and number.line.pieces[number.index].gap == 1:
        number.line.last_ordinal = (number.index, "m", "gen")
        case = "gen"
    words = ordinal(day, "m", "gen" if case == "nom" else case)
    if reading := _day_before_month(number, words) or _days_with_dash(number, words):
        return reading
    last = _last_of_list(number)
    named = find_month(number.line, last + 1)[0] is not None or after_two_days
    return Reading(number.end, words) if last > number.at and named else None


_DAYS = range(1, 32)
_TWO_DAYS = ("يومي", "ليلتي")
"""Words after which two numbers are days: يومي 20 و21."""


def _is_after_two_days(number: Numeral) -> bool:
    word = number.line.word(number.index - 1)
    return word.removeprefix("و").removeprefix("ل") in _TWO_DAYS


def _day_before_month(number: Numeral, words: str) -> Reading | None:
    """21 فبراير, 21 من شهر فبراير."""
    line, at = number.line, number.at
    of = line.word(at + 1) == "من"
    skip = of or line.word(at + 1) == "شهر"
    month, _ = find_month(line, at + 1 + skip + (of and line.word(at + 2) == "شهر"))
    if not month or line.pieces[at + 1].gap == 2:
        return None
    return Reading(number.end, words if of else f"{words} مِنْ")


def _days_with_dash(number: Numeral, words: str) -> Reading | None:
    """3-5 مايو."""
    line, at = number.line, number.at
    digits_of_last = line.word(at + 2)
    if line.word(at + 1) not in tuple(DASHES) or line.kind(at + 2) != "number":
        return None
    if not digits_of_last.isdigit() or len(digits_of_last) > 2:
        return None
    last = int(digits_of_last)
    if not find_month(line, at + 3)[0] or last not in _DAYS or last <= number.amount.whole:
        return None
    return Reading(line.pieces[at + 2].end, f"{words} إِلَى {ordinal(last, 'm', 'gen')} مِنْ")


def _last_of_list(number: Numeral) -> int:
    """Return the piece of the last of the days that a number begins: 3 و4 و5 مايو."""
    line, last = number.line, number.at
    while (
        line.word(last + 1) in ("و", "إلى", "الى", "حتى", "أو", "،")
        and line.kind(last + 2) == "number"
        and len(line.word(last + 2)) <= 2
        and last < number.at + 2 * _MOST_DAYS
    ):
        last += 2
    return last


def read_year(number: Numeral) -> Reading | None:
    """Read a year: عام 2014, سنة 656 هـ, (1950).

    >>> from briefing.text.normalisation.paragraph import spoken
    >>> spoken("عام 300 ق.م")
    'عام ثلاثمئة قبل الميلاد'
    """
    line = number.line
    words = line.before(number.index)
    last = words[-1] if words else ""
    counts = number.particle == "و" and noun_behind(line, number.at)  # سنة و6 أشهر
    if counts or (last.endswith("السنة") and len(number.digits) < 3):
        return None
    named = {last, last.removeprefix("و")} & context()["year"]
    if named or _is_next_year(number):
        return _year_with_era(number, last)
    if _is_after_month(number, words):
        is_year = _has_four_digits(number) or bool(_era(number)[0])
        return _year_with_era(number, last) if is_year else None
    if _has_era_of_year(number):
        return _year_with_era(number, last)
    if not _looks_like_year(number) or last in ("رقم", "القرار", "قرار"):
        return None
    unexpected = last and last not in context()["before_year"] and not number.particle
    if not unexpected or number.case != "nom":
        return _year_with_era(number, last)
    if line.word(number.index - 1) == last and last in ("المادة", "الغرفة", "الرحلة"):
        return None
    return Reading(number.end, dates.year(number.amount.whole))


_NEXT_YEAR = 4
"""Pieces from one year to the next: عامي 2013 و2014."""
_YEARS_OF_NEWS = range(1800, 2101)


def _has_four_digits(number: Numeral) -> bool:
    return len(number.digits) == 4


def _era(number: Numeral) -> tuple[str, int]:
    return find_era(number.line, number.at + 1, number.end)


def _is_next_year(number: Numeral) -> bool:
    return (
        number.particle in ("و", "أو")
        and number.index - number.line.last_year <= _NEXT_YEAR
        and _has_four_digits(number)
        and not noun_behind(number.line, number.at)
    )


def _is_after_month(number: Numeral, words: list[str]) -> bool:
    """مايو 2014, كانون الثاني 2014, مايو/2014."""
    line, index, by_name = number.line, number.index, months()[0]
    if " ".join(words[-1:]) in by_name or " ".join(words[-2:]) in by_name:
        return True
    return line.word(index - 1) in ("،", ",", "/") and line.word(index - 2) in by_name


def _has_era_of_year(number: Numeral) -> bool:
    """Return whether an era follows; م may be metres: 100م."""
    era, _ = _era(number)
    metres = not _has_four_digits(number) or noun_behind(number.line, number.at + 1)
    return bool(era) and not (era == "م" and metres)


def _looks_like_year(number: Numeral) -> bool:
    """Return whether a number that counts nothing is one of the years in the news."""
    return (
        _has_four_digits(number)
        and number.amount.whole in _YEARS_OF_NEWS
        and not noun_behind(number.line, number.at)
        and not unit_pattern().match(number.line.text, number.end)
    )


def _year_with_era(number: Numeral, last: str) -> Reading:
    """Read a year after a word, which is feminine after سنة, and its era."""
    line = number.line
    era, end = _era(number)
    line.last_year = number.index
    feminine = last.endswith(("سنة", "سنتي", "السنة"))
    words = dates.year(number.amount.whole, feminine=feminine, case="gen")
    if not era:
        return Reading(end, words)
    return _until(line, number.at, Reading(end, f"{words} {era_word(era)}"))


def _until(line: Line, at: int, year: Reading) -> Reading:
    """Read a second year with its era after a dash: 1300هـ-1377هـ."""
    dash = line.after(year.end, at)
    if line.word(dash) not in tuple(DASHES) or line.kind(dash + 1) != "number":
        return year
    last = line.pieces[dash + 1]
    era, end = find_era(line, dash + 2, last.end)
    if not era or not last.text.isdecimal():
        return year
    return Reading(end, f"{year.words} إِلَى {dates.year(int(last.text))} {era_word(era)}")
