"""Numbers with small signs at their side: powers (10⁶) and places on the globe (24°28′)."""

from __future__ import annotations

import re
from functools import cache

from briefing.text.numbers import counted_nouns, measures
from briefing.text.numbers.cardinals import Form, cardinal, join
from briefing.text.numbers.measures import Amount, parse
from briefing.text.pieces.sentence_in_progress import Line, Reading
from briefing.text.tables import Unit

__all__ = ["is_raised", "read_angle", "read_power"]

_RAISED = re.compile("([⁻−]?)([⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3})")
_PLAIN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_FOOTNOTES = frozenset("¹²³")
_LARGEST_SQUARED = 100
"""A larger number has no square in the news: its small sign is a footnote's."""
_SCALES = {"3": "ألف", "6": "مليون", "9": "مليار", "12": "تريليون"}


def is_raised(sign: str) -> bool:
    """Return whether a sign is a raised number: ², ⁶."""
    return _RAISED.fullmatch(sign) is not None


def read_power(line: Line, at: int, amount: Amount, case: str) -> Reading | None:
    """Read a power: of ten with a noun after it as thousands, millions; else by أس.

    >>> from briefing.text.normalisation.paragraph import spoken
    >>> spoken("10⁶ مشاهدة"), spoken("2⁵"), spoken("عام 2014²")
    ('مليون مشاهدة', 'اثنان أس خمسة', 'عام ألفين وأربعة عشر')
    """
    end = line.pieces[at].end
    match = _RAISED.match(line.text, end)
    if match is None or amount.part:
        return None
    if not match[1] and _FOOTNOTES.issuperset(match[2]):
        squared = match[2] in ("²", "³") and 1 < amount.whole <= _LARGEST_SQUARED
        if not squared:
            return None
    exponent = match[2].translate(_PLAIN)
    behind = line.after(match.end(), at)
    noun = line.word(behind) if line.kind(behind) == "arabic" else ""
    of_ten = amount.whole == 10 and not match[1] and exponent in _SCALES
    if of_ten and noun and counted_nouns.could_be_counted(noun):
        scale = measures.read_thousands(Amount(1), _SCALES[exponent], case, None, followed=True)
        return Reading(match.end(), scale)
    raised = cardinal(int(exponent), Form(case="gen"))
    sign = "سَالِب " if match[1] else ""
    return Reading(match.end(), f"{measures.bare(amount, Form('m', case))} أُسّ {sign}{raised}")


_ANGLE = re.compile(
    r"(\d{1,3}(?:\.\d+)?)\s?[°º]\s?(\d{1,2}(?:\.\d+)?)\s?[′'’‘]"
    r"(?:\s?(\d{1,2}(?:\.\d+)?)\s?(?:[″\"”]|''))?(?!\w)"
)


@cache
def _parts_of_angle() -> tuple[Unit, ...]:
    rows = (
        ("دَرَجَة", "دَرَجَات"),
        ("دَقِيقَة", "دَقَائِق"),
        ("ثَانِيَة", "ثَوَانٍ"),
    )
    return tuple(Unit(singular, plural, "f", "", "", "", 0, "measure") for singular, plural in rows)


def read_angle(line: Line, at: int, case: str) -> Reading | None:
    """Read a place on the globe: 24°28′ as degrees and minutes.

    >>> from briefing.text.normalisation.paragraph import spoken
    >>> spoken("عند خط عرض 24°28′ شمالا")
    'عند خط عرض أربع وعشرين درجة وثمان وعشرين دقيقة شمالا'
    """
    match = _ANGLE.match(line.text, line.pieces[at].start)
    if match is None:
        return None
    parts = [
        measures.with_unit(parse(number.lstrip("0") or "0"), unit, case)
        for number, unit in zip(match.groups(), _parts_of_angle(), strict=True)
        if number is not None
    ]
    return Reading(match.end(), join(parts))
