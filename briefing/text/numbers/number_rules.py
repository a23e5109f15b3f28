"""Numbers in digits to words: an ordered table of rules, of which the first that fits reads it."""

from __future__ import annotations

import re

from briefing.text.numbers import counted_nouns, measures
from briefing.text.numbers.cardinals import Form, cardinal, ordinal, without_ending
from briefing.text.numbers.codes import read_code, read_law
from briefing.text.numbers.counted_phrases import read_counted, read_scaled
from briefing.text.numbers.eras import era_word, find_era
from briefing.text.numbers.grammatical_case import noun_case
from briefing.text.numbers.hours import read_hour, read_hour_by_point
from briefing.text.numbers.labels import is_label, names_noun
from briefing.text.numbers.numeral import DEFINITE, Numeral, NumeralRule, numeral_at
from briefing.text.numbers.ordinals import noun_behind, read_definite, read_ordinal
from briefing.text.numbers.powers import read_angle, read_power
from briefing.text.numbers.ranges import (
    RANGE_RULES,
    Range,
    range_at,
    read_chain,
    read_mixed,
    read_slashed,
)
from briefing.text.numbers.times import read_day, read_year
from briefing.text.pieces.scanner import DASHES
from briefing.text.pieces.sentence_in_progress import Line, Reading, first_reading
from briefing.text.tables import context, unit_pattern, units

__all__ = ["PARTS_OF", "read_number"]

PARTS_OF = {"%": "بِالْمِئَةِ", "‰": "بِالْأَلْفِ"}
_CENTURIES = range(1, 40)
_AGAIN = 3
"""Pieces from one temperature to the next: العظمى 36 والصغرى 22."""


def read_number(
    line: Line, index: int, at: int, particle: str, case: str, *, is_negative: bool = False
) -> Reading:
    """Read the number at a piece.

    index: the piece where its phrase begins; particle: what is attached to it; case: "nom", "gen"
    or "acc". The reading's rule is the name of the rule that read it.

    >>> from briefing.text.normalisation.paragraph import spoken
    >>> spoken("في 3 مدن"), spoken("القرن 21"), spoken("بنسبة 5%")
    ('في ثلاث مدن', 'القرن الحادي والعشرون', 'بنسبة خمسة بالمئة')
    """
    number = numeral_at(line, index, at, particle, case, is_negative=is_negative)
    return first_reading(_RULES, number) or _read_alone(number)


def _name_with_dash(number: Numeral) -> Reading | None:
    """كوفيد-19, إف-16: the number belongs to a name and has no ending."""
    line, index = number.line, number.index
    is_named = (
        number.touches
        and number.before
        and line.kind(index - 1) == "sign"
        and number.before in DASHES
        and line.kind(index - 2) in ("arabic", "latin")
    )
    return _without_ending(number, Form()) if is_named else None


def _without_ending(number: Numeral, form: Form) -> Reading:
    return Reading(number.end, without_ending(measures.bare(number.written_amount, form)))


def _code(number: Numeral) -> Reading | None:
    """رقم الحساب 123456."""
    return read_code(number.line, number.index, number.at) if number.is_whole else None


def _law(number: Numeral) -> Reading | None:
    """القانون رقم 15/2023."""
    return read_law(number.line, number.index, number.at) if number.is_whole else None


def _digits(number: Numeral) -> Reading | None:
    """More digits than a number has, zeros in front (007)."""
    if not number.amount.too_large:
        return None
    return Reading(number.end, without_ending(measures.bare(number.amount, Form())))


def _model_name(number: Numeral) -> Reading | None:
    """بوينغ 737, آيفون 15: what has models."""
    if number.before not in context()["models"]:
        return None
    return Reading(number.end, without_ending(measures.bare(number.amount, Form())))


def _day(number: Numeral) -> Reading | None:
    return read_day(number) if number.is_whole else None


def _fraction_or_result(number: Numeral) -> Reading | None:
    return read_slashed(number) if number.is_whole else None


def _may_be_range(number: Numeral) -> bool:
    return number.is_whole or (number.kind_after == "sign" and number.after in DASHES)


def _chain(number: Numeral) -> Reading | None:
    """4-3-3."""
    return read_chain(number) if _may_be_range(number) else None


def _range(number: Numeral) -> Reading | None:
    """3-5 أيام, 2011-2015, 2-1: first what is no range but looks like one."""
    both = range_at(number) if _may_be_range(number) else None
    return (first_reading(RANGE_RULES, both) or _read_range(both)) if both else None


def _read_range(both: Range) -> Reading:
    """3-5 أيام: the second number reads what it counts, the first agrees with it."""
    alone = Line(both.line.text, both.line.pieces, both.line.date_order)
    last = read_number(alone, both.at + 2, both.at + 2, "", "gen")
    words = measures.bare(both.first, Form(both.gender, both.case))
    return Reading(last.end, f"{words} إِلَى {last.words}")


def _power(number: Numeral) -> Reading | None:
    return read_power(number.line, number.at, number.amount, number.case)


def _angle(number: Numeral) -> Reading | None:
    return read_angle(number.line, number.at, number.case)


def _percentage(number: Numeral) -> Reading | None:
    """5%, 5%-7%, 3‰."""
    if number.after not in PARTS_OF:
        return None
    line, at = number.line, number.at
    words = measures.bare(number.amount, Form("m", number.case, definite=number.is_definite))
    words, end = f"{words} {PARTS_OF[number.after]}", line.pieces[at + 1].end
    if line.word(at + 2) in tuple(DASHES) and line.kind(at + 3) == "number":
        until = read_number(line, at + 3, at + 3, "", "gen")
        words, end = f"{words} إِلَى {until.words}", until.end
    return Reading(end, words)


def _century(number: Numeral) -> Reading | None:
    """القرن 21, القرن 3 ق.م."""
    named = number.before.endswith("القرن") and number.is_whole
    if not named or number.amount.whole not in _CENTURIES:
        return None
    era, end = find_era(number.line, number.at + 1, number.end)
    case = noun_case(number.before, number.line.before(number.index - 1))
    words = ordinal(number.amount.whole, "m", case)
    words += f" {era_word(era)}" if era else ""
    if era and (other := _other_century(number, end, case)):
        return Reading(other.end, f"{words} {other.words}")
    return Reading(end, words)


def _other_century(number: Numeral, end: int, case: str) -> Reading | None:
    """القرن 10هـ/16م: the same century of the other calendar."""
    line = number.line
    at = line.after(end, number.at)
    if line.word(at) != "/" or line.kind(at + 1) != "number":
        return None
    amount = measures.parse(line.word(at + 1))
    era, until = find_era(line, at + 2, line.pieces[at + 1].end)
    if not era or amount.whole not in _CENTURIES or amount.part:
        return None
    return Reading(until, f"{ordinal(amount.whole, 'm', case)} {era_word(era)}")


def _year(number: Numeral) -> Reading | None:
    return read_year(number) if number.is_whole and not number.is_definite else None


def _english_ordinal(number: Numeral) -> Reading | None:
    """21st, 3rd."""
    joined = number.kind_after == "latin" and not number.gap_after and number.is_whole
    if not joined or not number.amount.whole or number.after not in ("st", "nd", "rd", "th"):
        return None
    end = number.line.pieces[number.at + 1].end
    return Reading(end, ordinal(number.amount.whole, "m", number.case))


def _unit(number: Numeral) -> Reading | None:
    """5 كم, 20°, 7.50$."""
    match = unit_pattern().match(number.line.text, number.end)
    if not match or not _is_unit(number.line, number.at, match):
        return None
    words = measures.with_unit(number.amount, units()[match[1]], number.case)
    return Reading(match.end(), words)


_BEFORE_A_POINT = ("م", "غ", "g", "m", "l", "L", "W", "ha")
"""Units that are initials where a point and a letter follow: 5 م.ع."""


def _is_unit(line: Line, at: int, match: re.Match[str]) -> bool:
    key, end = match[1], match.end()
    pointed = line.text[end : end + 1] == "." and line.text[end + 1 : end + 2].isalnum()
    if key in _BEFORE_A_POINT and pointed:
        return False
    is_million = (
        key == "m" and line.word(at - 1) in units() and units()[line.word(at - 1)].kind == "money"
    )
    return not is_million


def _thousands(number: Numeral) -> Reading | None:
    """3 آلاف, 5 ملايين دولار, 2bn."""
    joined = number.gap_after == 0 or len(number.after) > 3
    if number.kind_after == "arabic" or (number.kind_after == "latin" and joined):
        return read_scaled(number)
    return None


def _ordinal(number: Numeral) -> Reading | None:
    open_ended = number.after == "+" and number.line.kind(number.at + 2) != "number"
    return read_ordinal(number) if number.is_whole and not open_ended else None


def _definite(number: Numeral) -> Reading | None:
    return read_definite(number) if number.is_definite else None


def _before_shared_noun(number: Numeral) -> Reading | None:
    """بين 5 و10 سنوات: it agrees with what the next number counts."""
    if not (number.is_whole or number.is_negative) or not (gender := _shared_gender(number)):
        return None
    return Reading(number.end, measures.bare(number.amount, Form(gender, number.case)))


def _shared_gender(number: Numeral) -> str:
    """Return the gender of what the next number counts too, "" where there is none."""
    line, at = number.line, number.at
    if (
        line.word(at + 1) not in ("و", "أو", "إلى", "الى", "حتى")
        or line.kind(at + 2) != "number"
        or number.amount.whole < 3
    ):
        return ""
    other = line.pieces[at + 2]
    match = unit_pattern().match(line.text, other.end)
    if match and (match[1] != "م" or not line.text[match.end() :].startswith(".")):
        return units()[match[1]].gender
    if not noun_behind(line, at + 2) or not other.text.isdecimal():
        return ""
    return counted_nouns.gender_of(line.word(at + 3), int(other.text[:9]))


def _temperature(number: Numeral) -> Reading | None:
    """العظمى 36 والصغرى 22: degrees that are not written."""
    line, index = number.line, number.index
    if not number.is_whole or not _is_heat(line, index, number.at):
        return None
    added = number.before.startswith("و") and index - line.last_number <= _AGAIN
    form = Form("f", line.last_case if added else number.case)
    return Reading(number.end, cardinal(number.amount.whole, form))


def _is_heat(line: Line, index: int, at: int) -> bool:
    degrees, words = context()["degrees"], line.before(index)[-4:]
    if noun_behind(line, at) or not words:
        return False
    between = words[-1] in ("بين", "من", "إلى", "و", "")
    return words[-1] in degrees or (between and not degrees.isdisjoint(words))


def _label(number: Numeral) -> Reading | None:
    """القرار 1701, في الغرفة 25: it names the noun in front and counts nothing."""
    if not names_noun(number.line, number.index, number.at):
        return None
    words = measures.bare(number.amount, Form("m", number.case))
    return Reading(number.end, without_ending(words))


def _number_and_noun(number: Numeral) -> Reading | None:
    """20 يوما, 3 نساء; after a name's noun without ending: الطراز 3."""
    if number.kind_after != "arabic" or not number.gap_after or number.amount.part:
        return None
    line, index = number.line, number.index
    label = is_label(line.before(index), latin=line.kind(index - 1) == "latin")
    reading = read_counted(number, label=label)
    counts = number.after == "من" or counted_nouns.could_be_counted(number.after)
    if _belongs_to_name(number) and not counts:
        reading.words = without_ending(reading.words)
    return reading


def _belongs_to_name(number: Numeral) -> bool:
    """Return whether a number may be a name's: الطراز 3, iPhone 8, 5G."""
    return (
        number.before.startswith(DEFINITE)
        or number.before in ("رقم", "برقم")
        or number.line.kind(number.index - 1) == "latin"
        or (number.kind_after == "latin" and not number.gap_after)
    )


def _read_alone(number: Numeral) -> Reading:
    """A number that counts nothing that is written."""
    case = number.case
    if case == "nom" and number.is_whole and number.before.startswith(DEFINITE):
        words_before = number.line.before(number.index - 1)
        if not words_before or words_before[-1] not in context()["lengths"]:
            case = noun_case(number.before, words_before)  # بالقرار 2728
    words = measures.bare(number.amount, Form("m", case))
    if _belongs_to_name(number):
        words = without_ending(words)
    return Reading(number.end, words, rule="number")


_RULES: tuple[NumeralRule, ...] = (
    # numbers that name
    _name_with_dash,
    _code,
    _law,
    _digits,
    _model_name,
    # numbers with signs
    _day,
    _fraction_or_result,
    _chain,
    _range,
    _power,
    _angle,
    read_mixed,
    _percentage,
    # times
    _century,
    _year,
    read_hour_by_point,
    read_hour,
    # what follows the number
    _english_ordinal,
    _unit,
    _thousands,
    # numbers by what comes before them
    _ordinal,
    _definite,
    _before_shared_noun,
    _temperature,
    _label,
    _number_and_noun,
)
