"""Dates, hours and years in their sentence: which number is a day, an hour or a year."""

from __future__ import annotations

import re

from briefing.text.numbers import dates
from briefing.text.numbers.cardinals import Form, cardinal, digits, ordinal
from briefing.text.numbers.durations import read_duration
from briefing.text.numbers.eras import era_word, find_era
from briefing.text.numbers.measures import Amount
from briefing.text.numbers.ordinals import noun_behind
from briefing.text.numbers.ranges import DASHES
from briefing.text.pieces.sentence_in_progress import Line, Said
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


def read_date(line: Line, index: int, at: int, particle: str, case: str) -> Said | None:
    """Read a date in digits, an era behind it included: 15/09/1445 هـ.

    >>> from briefing.text.normalisation.paragraph import spoken
    >>> spoken("15/09/1445 هـ")
    'الخامس عشر من رمضان ألف وأربعمئة وخمسة وأربعين للهجرة'
    """
    piece = line.pieces[at]
    era, end = find_era(line, at + 1, piece.end)
    words = dates.numeric_date(piece.text, line.date_order, hijri="هجر" in era)
    if not words:
        numbers = re.split(r"([/.-])", piece.text)
        return Said(piece.end, " ".join(digits(part) for part in numbers[::2]))
    return Said(end, words + (f" {era_word(era)}" if era else ""))


def read_time(line: Line, index: int, at: int, particle: str, case: str) -> Said | None:
    """Read a time of day in digits: الساعة 7:30 مساء.

    The hour agrees with الساعة: genitive after a preposition (في الساعة), else the adverb's
    accusative, which is how a newsreader says when (Hasan, المفعول فيه).

    >>> from briefing.text.normalisation.paragraph import spoken
    >>> spoken("الساعة 8:05 صباحا")
    'الساعة الثامنة وخمس دقائق صباحا'
    """
    if said := read_duration(line, index, at):
        return said
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
        return Said(
            piece.end,
            " ".join(cardinal(int(part), Form(case=case)) for part in piece.text.split(":")),
        )
    part, end = find_daypart(line, at + 1, piece.end)
    if part:
        words += f" {part}"
    if line.word(at + 1) in tuple(DASHES) and line.kind(at + 2) == "time":
        until = read_time(line, at + 2, at + 2, "", "gen")
        if until is not None:
            return Said(until.end, f"{words} إِلَى {until.words}")
    return Said(end, words)


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


_TWO_DAYS = ("يومي", "ليلتي")
"""Words behind which two numbers are days: يومي 20 و21."""


def read_day(
    line: Line, index: int, at: int, particle: str, case: str, amount: Amount
) -> Said | None:
    """Read "21 فبراير", "3-5 مايو", "3 و4 مايو": days are ordinals.

    >>> from briefing.text.normalisation.paragraph import spoken
    >>> spoken("أيام 3 و4 و5 مايو")
    'أيام الثالث والرابع والخامس من مايو'
    """
    if not 1 <= amount.whole <= 31 or len(line.word(at)) > 2:
        return None
    two_days = line.word(index - 1).removeprefix("و").removeprefix("ل") in _TWO_DAYS
    if two_days and not particle and line.pieces[index].gap == 1:
        line.last_ordinal = (index, "m", "gen")
        case = "gen"
    day_case = "gen" if case == "nom" else case
    skip = 1 if line.word(at + 1) in ("من", "شهر") else 0
    if skip and line.word(at + 1) == "من" and line.word(at + 2) == "شهر":
        skip = 2
    month, _ = find_month(line, at + 1 + skip)
    end = line.pieces[at].end
    if month and line.pieces[at + 1].gap < 2:
        words = ordinal(amount.whole, "m", day_case)
        if not (skip and line.word(at + 1) == "من"):
            words += " مِنْ"
        return Said(end, words)
    sign = line.word(at + 1)
    link = ""
    if sign in tuple(DASHES):
        link = " إِلَى "
    if (
        link
        and line.kind(at + 2) == "number"
        and line.word(at + 2).isdigit()
        and len(line.word(at + 2)) <= 2
    ):
        month, _ = find_month(line, at + 3)
        last = int(line.word(at + 2))
        if month and amount.whole < last <= 31:
            return Said(
                line.pieces[at + 2].end,
                f"{ordinal(amount.whole, 'm', day_case)} إِلَى {ordinal(last, 'm', 'gen')} مِنْ",
            )
    last_day = at
    while (
        line.word(last_day + 1) in ("و", "إلى", "الى", "حتى", "أو", "،")
        and line.kind(last_day + 2) == "number"
        and len(line.word(last_day + 2)) <= 2
        and last_day < at + 2 * _MOST_DAYS
    ):
        last_day += 2
    if (last_day > at and find_month(line, last_day + 1)[0]) or (two_days and last_day > at):
        return Said(end, ordinal(amount.whole, "m", day_case))
    return None


def read_year(
    line: Line, index: int, at: int, particle: str, case: str, amount: Amount
) -> Said | None:
    """Read a year: عام 2014, سنة 656 هـ, (1950).

    >>> from briefing.text.normalisation.paragraph import spoken
    >>> spoken("عام 300 ق.م")
    'عام ثلاثمئة قبل الميلاد'
    """
    piece = line.pieces[at]
    words = line.before(index)
    last = words[-1] if words else ""
    more = particle == "و" and noun_behind(line, at)  # سنة و6 أشهر
    if more or (last.endswith("السنة") and len(piece.text) < 3):
        return None
    if (
        particle in ("و", "أو")
        and index - line.last_year <= 4
        and len(piece.text) == 4
        and not noun_behind(line, at)
    ):
        era = ""
    elif last.removeprefix("و") in context()["year"] or last in context()["year"]:
        pass
    elif (
        last in months()[0]
        or " ".join(words[-2:]) in months()[0]
        or (line.word(index - 1) in ("،", ",", "/") and line.word(index - 2) in months()[0])
    ):
        if len(piece.text) != 4 and not find_era(line, at + 1, piece.end)[0]:
            return None
    else:
        era, end = find_era(line, at + 1, piece.end)
        if era and not (era == "م" and (len(piece.text) != 4 or noun_behind(line, at + 1))):
            pass
        elif (
            len(piece.text) == 4
            and 1800 <= amount.whole <= 2100
            and not noun_behind(line, at)
            and not unit_pattern().match(line.text, piece.end)
            and last not in ("رقم", "القرار", "قرار")
        ):
            if last and last not in context()["before_year"] and case == "nom" and particle == "":
                return (
                    None
                    if last.startswith("ال")
                    and line.word(index - 1) == last
                    and last in ("المادة", "الغرفة", "الرحلة")
                    else Said(piece.end, dates.year(amount.whole))
                )
        else:
            return None
    era, end = find_era(line, at + 1, piece.end)
    line.last_year = index
    feminine = last.endswith(("سنة", "سنتي", "السنة"))
    spoken = dates.year(amount.whole, feminine=feminine, case="gen")
    if not last and particle == "" and not era:
        spoken = dates.year(amount.whole, case="gen")
    said = Said(end, spoken + (f" {era_word(era)}" if era else ""))
    return _until(line, at, said) if era else said


def _until(line: Line, at: int, said: Said) -> Said:
    """Read a second year with its era behind a dash: 1300هـ-1377هـ."""
    dash = line.after(said.end, at)
    if line.word(dash) not in tuple(DASHES) or line.kind(dash + 1) != "number":
        return said
    last = line.pieces[dash + 1]
    era, end = find_era(line, dash + 2, last.end)
    if not era or not last.text.isdecimal():
        return said
    return Said(end, f"{said.words} إِلَى {dates.year(int(last.text))} {era_word(era)}")
