"""Two numbers in one: ranges, results, fractions."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from briefing.text.numbers import counted_nouns, dates, measures
from briefing.text.numbers.cardinals import Form, cardinal, fraction
from briefing.text.numbers.dual_and_one import holds_number
from briefing.text.numbers.eras import era_word, find_era
from briefing.text.numbers.measures import Amount, parse
from briefing.text.numbers.numeral import Numeral
from briefing.text.pieces.scanner import DASHES
from briefing.text.pieces.sentence_in_progress import Line, Reading
from briefing.text.tables import context, months, scales, unit_pattern, units

__all__ = [
    "FRACTIONS",
    "RANGE_RULES",
    "Range",
    "range_at",
    "read_chain",
    "read_mixed",
    "read_part",
    "read_slashed",
]

FRACTIONS = {
    "½": (1, 2),
    "⅓": (1, 3),
    "⅔": (2, 3),
    "¼": (1, 4),
    "¾": (3, 4),
    "⅕": (1, 5),
    "⅛": (1, 8),
    "⅜": (3, 8),
    "⅖": (2, 5),
    "⅗": (3, 5),
    "⅘": (4, 5),
    "⅙": (1, 6),
}


def read_mixed(number: Numeral) -> Reading | None:
    """Read 1½ and "1 1/2".

    >>> from briefing.text.normalisation.paragraph import spoken
    >>> spoken("2½ كم")
    'كيلومتران ونصف'
    """
    line, amount, case = number.line, number.amount, number.case
    over, under, end = _part_behind(line, number.at)
    part = fraction(over, under, case) if under and len(str(over)) < 4 else ""
    if not part and over and under:
        part = f"{cardinal(over, Form(case=case))} عَلَى {cardinal(under, Form(case='gen'))}"
    if not part:
        return None
    match = unit_pattern().match(line.text, line.pieces[end].end)
    if match:
        words = measures.with_fraction(amount.whole, part, units()[match[1]], case)
        return Reading(match.end(), words)
    noun = line.word(end + 1) if line.kind(end + 1) == "arabic" else ""
    if amount.whole == 1 and noun in scales():
        return Reading(line.pieces[end + 1].end, f"{noun} وَ{part} {noun}")
    counts = bool(noun) and counted_nouns.could_be_counted(noun)
    if amount.whole == 1 and counts and holds_number(line, end, 1, noun, label=False):
        return Reading(line.pieces[end + 1].end, f"{noun} وَ{part}")  # ساعة ونصف
    return Reading(line.pieces[end].end, f"{measures.bare(amount, Form('m', case))} وَ{part}")


def _part_behind(line: Line, at: int) -> tuple[int, int, int]:
    """Return numerator, denominator and last piece of a fraction after a number; 0, 0: none."""
    sign = line.word(at + 1)
    if sign in FRACTIONS and line.pieces[at + 1].gap == 0:
        return (*FRACTIONS[sign], at + 1)
    if (
        line.kind(at + 1) == "number"
        and line.word(at + 2) == "/"
        and line.kind(at + 3) == "number"
        and line.pieces[at + 1].gap == 1
        and not line.pieces[at + 2].gap
        and not line.pieces[at + 3].gap
        and line.word(at + 1).isdigit()
        and line.word(at + 3).isdigit()
        and len(line.word(at + 3)) < 4
    ):
        return int(line.word(at + 1)), int(line.word(at + 3)), at + 3
    return 0, 0, at + 1


def read_slashed(number: Numeral) -> Reading | None:
    """Read 1/2, 3/4; 24/7 and others as "على".

    >>> from briefing.text.normalisation.paragraph import spoken
    >>> spoken("3/4 السكان")
    'ثلاثة أرباع السكان'
    """
    line, at, case = number.line, number.at, number.case
    if (
        line.word(at + 1) not in ("/", "⁄")
        or line.kind(at + 2) != "number"
        or not line.word(at + 2).isdigit()
    ):
        return None
    if line.pieces[at + 1].gap or line.pieces[at + 2].gap or len(line.word(at + 2)) > 9:
        return None
    over, under = number.amount.whole, int(line.word(at + 2))
    end = line.pieces[at + 2].end
    if 1 <= over <= 12 and len(line.word(at + 2)) == 4 and 1900 <= under <= 2100:
        return Reading(end, f"{months()[1]['gregorian', over]} {dates.year(under)}")
    if (over >= 1000 and under >= 1000) or (over >= 1000 and under < 100):
        both = (
            dates.year(over, case="gen"),
            dates.year(under if under > 99 else over // 100 * 100 + under, case="gen"),
        )
        return Reading(end, " ".join(both))
    if 0 < over < under or under in (2, 3, 4):
        words = read_part(line, at + 2, over, under, case)
        if words:
            return Reading(end, words)
    before = line.before(number.index)
    if before and before[-1] in ("الساعة", "العمل", "مدار"):
        return Reading(end, f"{cardinal(over, Form(case=case))} {cardinal(under, Form(case=case))}")
    return Reading(
        end, f"{cardinal(over, Form(case=case))} عَلَى {cardinal(under, Form(case='gen'))}"
    )


def read_part(line: Line, at: int, over: int, under: int, case: str) -> str:
    """Read a fraction; in construct where a noun follows: نصف السكان.

    >>> from briefing.text.normalisation.paragraph import spoken
    >>> spoken("في 2/3 الحالات")
    'في ثلثي الحالات'
    """
    follows = line.kind(at + 1) == "arabic" and line.pieces[at + 1].gap == 1
    construct = follows and (
        line.word(at + 1).startswith("ال") or counted_nouns.could_be_counted(line.word(at + 1))
    )
    return fraction(over, under, case, construct=construct)


_NEXT_SET = 6
"""Pieces from one result to the next of the same game: 6-4 و3-6."""
_RESULT = re.compile("فوز|فاز|فازت|تعادل|هزيم|نتيجة|خسار|متقدما|متأخرا")
_HIGHEST_SCORE = 20
"""Of two numbers joined by a dash, without a word for a game before them."""
_ZERO = parse("0")
_YEARS = range(1000, 2201)
_YEARS_OF_NEWS = range(1900, 2101)


@dataclass(slots=True)
class Range:
    """Two numbers with a dash between them, and what is around them."""

    line: Line
    index: int
    """The piece where the phrase of the first begins, an attached particle included."""
    at: int
    """The piece of the first."""
    case: str
    first: Amount
    last: Amount
    is_joined: bool
    """The dash has no spaces around it."""
    is_whole: bool
    """Neither has decimals."""
    is_share: bool
    """Per cent or per mille follows."""
    end: int
    """The cleaned offset where the last ends."""
    words: Sequence[str]
    """Of the clause before it."""
    after: str
    """The word after it, "" where none is."""

    @property
    def noun(self) -> str:
        """The noun that both count, or ""."""
        counts = self.after and counted_nouns.could_be_counted(self.after)
        return self.after if counts else ""

    @property
    def gender(self) -> str:
        """The gender of what both count: "m" or "f"."""
        if self.noun:
            return counted_nouns.gender_of(self.noun, self.last.whole)
        return _unit_gender(self.line, self.end)

    @property
    def has_unit(self) -> bool:
        """Whether a unit follows: 3-5 كم."""
        return unit_pattern().match(self.line.text, self.end) is not None

    @property
    def last_digits(self) -> str:
        """The last as written."""
        return self.line.word(self.at + 2)


def _is_before_dash(number: Numeral) -> bool:
    """Return whether a dash and another number follow, with the same space on both sides."""
    line, at = number.line, number.at
    if line.word(at + 1) not in tuple(DASHES) or line.kind(at + 2) != "number":
        return False
    return line.pieces[at + 1].gap == line.pieces[at + 2].gap < 2


def read_chain(number: Numeral) -> Reading | None:
    """Read three numbers and more with dashes between them, one by one: 4-3-3.

    >>> from briefing.text.normalisation.paragraph import spoken
    >>> spoken("بخطة 4-3-3")
    'بخطة أربعة ثلاثة ثلاثة'
    """
    line, at = number.line, number.at
    if (
        not _is_before_dash(number)
        or line.word(at + 3) not in tuple(DASHES)
        or line.kind(at + 4) != "number"
        or line.pieces[at + 3].gap
    ):
        return None
    parts = []
    end = number.end
    while line.kind(at) == "number":
        parts.append(line.word(at))
        end = line.pieces[at].end
        if line.word(at + 1) not in tuple(DASHES) or line.pieces[at + 1].gap:
            break
        at += 2
    form = Form(case=number.case)
    return Reading(end, " ".join(measures.bare(parse(part), form) for part in parts))


def range_at(number: Numeral) -> Range | None:
    """Return the range or result that begins with a number, or None where none does."""
    line, at = number.line, number.at
    if not _is_before_dash(number):
        return None
    last = parse(line.word(at + 2))
    if last.too_large:
        return None
    follows = line.kind(at + 3) == "arabic" and line.pieces[at + 3].gap == 1
    return Range(
        line=line,
        index=number.index,
        at=at,
        case=number.case,
        first=number.amount,
        last=last,
        is_joined=not line.pieces[at + 1].gap,
        is_whole=not (number.amount.part or last.part),
        is_share=_is_share(line, at + 3),
        end=line.pieces[at + 2].end,
        words=line.before(number.index),
        after=line.word(at + 3) if follows else "",
    )


def _is_share(line: Line, at: int) -> bool:
    """Return whether a share stands at a piece: %, بالمئة, في المئة, في الألف.

    >>> from briefing.text.normalisation.paragraph import spoken
    >>> spoken("بنسبة 2.5-3 في المئة")
    'بنسبة اثنين فاصلة خمسة إلى ثلاثة في المئة'
    """
    word = line.word(at)
    whole = context()["of_how_many"]
    if word in ("%", "‰") or word.removeprefix("ب") in whole:
        return True
    return word in ("في", "من") and line.word(at + 1) in whole


def _model_numbers(both: Range) -> Reading | None:
    """Boeing 737-800."""
    foreign = both.line.kind(both.index - 1) == "latin" and both.is_joined
    if not foreign or min(both.first.whole, both.last.whole) <= 99:
        return None
    form = Form(case=both.case)
    return Reading(both.end, f"{measures.bare(both.first, form)} {measures.bare(both.last, form)}")


def _hours(both: Range) -> Reading | None:
    """الساعة 8-10."""
    named = both.words[-1:] in (["الساعة"], ["بالساعة"]) and both.is_whole
    if not named or not 1 <= both.first.whole < both.last.whole <= 24:
        return None
    begin = dates.hour_of_day(both.first.whole, "acc")
    return Reading(both.end, f"{begin} إِلَى {dates.hour_of_day(both.last.whole, 'gen')}")


def _years_of_era(both: Range) -> Reading | None:
    """132-656هـ, 384-322 ق.م."""
    if both.noun or not both.is_whole:
        return None
    era, end = find_era(both.line, both.at + 3, both.end)
    in_brackets = both.line.word(both.index - 1) in ("(", "/")
    if not _is_era_of_years(era, both.first, both.last, in_brackets=in_brackets):
        return None
    years = f"{dates.year(both.first.whole)} إِلَى {dates.year(both.last.whole)}"
    return Reading(end, f"{years} {era_word(era)}")


def _is_era_of_years(era: str, first: Amount, last: Amount, *, in_brackets: bool) -> bool:
    """Return whether an era after two numbers makes years of them.

    م may be metres: 1300-1377م and (661-750م), but 100-200م.
    """
    earliest = 100 if in_brackets else 1000
    return bool(era) and (era != "م" or earliest <= first.whole < last.whole < 2100)


def _years(both: Range) -> Reading | None:
    """2011-2015, 2023-24."""
    short = len(both.last_digits) == 2
    if both.noun or not both.is_whole or both.first.whole not in _YEARS:
        return None
    if both.last.whole not in _YEARS and not short:
        return None
    first, last = both.first.whole, both.last.whole
    if last <= 99:
        last += first // 100 * 100
    feminine = both.words[-1:] in (["سنة"], ["سنتي"])
    years = (dates.year(year, feminine=feminine) for year in (first, last))
    return Reading(both.end, " إِلَى ".join(years))


def _month_and_year(both: Range) -> Reading | None:
    """9-2024."""
    if both.noun or not both.is_whole or not both.is_joined or len(both.last_digits) != 4:
        return None
    if not 1 <= both.first.whole <= 12 or both.last.whole not in _YEARS_OF_NEWS:
        return None
    month = months()[1]["gregorian", both.first.whole]
    return Reading(both.end, f"{month} {dates.year(both.last.whole)}")


def _dateline(both: Range) -> Reading | None:
    """القاهرة 15-7 (أ ف ب): day and month."""
    line, at = both.line, both.at
    in_calendar = both.is_whole and 1 <= both.first.whole <= 31 and 1 <= both.last.whole <= 12
    agency = line.word(at + 3) == "(" and line.kind(at + 4) in ("arabic", "latin", "initials")
    if not (in_calendar and agency and both.words) or any(map(_RESULT.search, both.words)):
        return None
    month = months()[1]["gregorian", both.last.whole]
    return Reading(both.end, f"{dates.day_of_month(both.first.whole)} {month}")


def _result(both: Range) -> Reading | None:
    """فاز 2-1; numbers that do not ascend are a result too."""
    descends = both.is_whole and not both.is_share and both.first.whole >= both.last.whole
    if not (descends and not both.has_unit) and (both.noun or not _is_score(both)):
        return None
    case = "acc" if both.case == "nom" and both.words else both.case
    both.line.last_score = both.index
    first = measures.bare(both.first, Form(case=case)) if both.first != _ZERO else "صِفْر"
    return Reading(both.end, f"{first} مُقَابِلَ {measures.bare(both.last, Form(case='gen'))}")


def _is_score(both: Range) -> bool:
    if both.is_share:
        return False
    if both.index - both.line.last_score <= _NEXT_SET:
        return True
    if any(word in context()["score"] or _RESULT.search(word) for word in both.words):
        return True
    small = max(both.first.whole, both.last.whole) <= _HIGHEST_SCORE
    if both.noun or not (both.is_whole and small and both.is_joined) or both.has_unit:
        return False
    return not both.after or both.after in ("في", "على", "أمام", "لصالح", "ضد")


RANGE_RULES: tuple[Callable[[Range], Reading | None], ...] = (
    _model_numbers,
    _hours,
    _years_of_era,
    _years,
    _month_and_year,
    _dateline,
    _result,
)
"""What looks like a range and is none, in the order in which it is asked for."""


def _unit_gender(line: Line, end: int) -> str:
    """Return the gender of the unit after a place, masculine where there is none."""
    match = unit_pattern().match(line.text, end)
    return units()[match[1]].gender if match else "m"
