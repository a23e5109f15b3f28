"""Times that are lengths and no clock's: زمن السباق 2:03:15, مدة المقطع 3:45."""

from __future__ import annotations

from briefing.text.numbers.cardinals import decline, join
from briefing.text.numbers.grammatical_case import case_after
from briefing.text.numbers.measures import Amount, with_unit
from briefing.text.pieces.sentence_in_progress import Line, Reading
from briefing.text.tables import Unit, context

__all__ = ["read_duration"]

_HOUR = Unit("سَاعَة", "سَاعَات", "f", "", "", "", 0, "measure")
_MINUTE = Unit("دَقِيقَة", "دَقَائِق", "f", "", "", "", 0, "measure")
_SECOND = Unit("ثَانِيَة", "ثَوَانٍ", "f", "", "", "", 0, "measure")
_HOURS = 24
_SIGHT = 6
"""Words before a time that may show that it is a duration."""


def read_duration(line: Line, index: int, at: int) -> Reading | None:
    """Read a time as a length, where the words before it say so; else None.

    Of two numbers the words distinguish hours and minutes (الماراثون 2:03) from minutes and seconds
    (المقطع 3:45).

    >>> from briefing.text.normalisation.paragraph import spoken
    >>> spoken("فاز بزمن 2:03:15"), spoken("الساعة 2:03:15")
    ('فاز بزمن ساعتين وثلاث دقائق وخمس عشرة ثانية', 'الساعة الثانية وثلاث دقائق وخمس عشرة ثانية')
    """
    table, words = context(), line.before(index)[-_SIGHT:]
    if not table["clock"].isdisjoint(words):
        return None
    numbers = [int(part) for part in line.word(at).split(":")]
    if len(numbers) == 3 and table["timed"].isdisjoint(words):
        return None
    units: tuple[Unit, ...] = (_HOUR, _MINUTE, _SECOND)
    if len(numbers) == 2:
        beyond_clock = numbers[0] > _HOURS and not table["timed"].isdisjoint(words)
        if table["length_of_time"].isdisjoint(words) and not beyond_clock:
            return None
        units = units[:2] if not table["of_hours"].isdisjoint(words) else units[1:]
    # زمنا قدره ساعتان: its predicate (Wright II § 113)
    case = "nom" if words[-1] in table["whose_length"] else case_after(words, counted="time")
    parts = [
        _part(number, unit, case, alone=sum(map(bool, numbers)) == 1)
        for number, unit in zip(numbers, units, strict=True)
        if number
    ]
    return Reading(line.pieces[at].end, join(parts)) if parts else None


def _part(number: int, unit: Unit, case: str, *, alone: bool) -> str:
    """Return a number of hours, minutes or seconds; a single hour of several parts is ساعة."""
    if number == 1 and not alone:
        return decline(unit.singular, case)
    return with_unit(Amount(number), unit, case)
