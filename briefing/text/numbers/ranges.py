"""Two numbers in one: ranges, results, fractions."""

from __future__ import annotations

import re
from collections.abc import Callable

from briefing.text.numbers import counted_nouns, dates, measures
from briefing.text.numbers.cardinals import Form, cardinal, fraction
from briefing.text.numbers.dual_and_one import holds_number
from briefing.text.numbers.eras import era_word, find_era
from briefing.text.numbers.measures import Amount, parse
from briefing.text.pieces.sentence_in_progress import Line, Said
from briefing.text.tables import context, months, scales, unit_pattern, units

__all__ = [
    "DASHES",
    "FRACTIONS",
    "read_mixed",
    "read_part",
    "read_slashed",
    "read_span",
    "share_behind",
    "unit_gender",
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
DASHES = "-–—"


def read_mixed(line: Line, at: int, amount: Amount, case: str) -> Said | None:
    """Read 1½ and "1 1/2".

    >>> from briefing.text.normalisation.paragraph import spoken
    >>> spoken("2½ كم")
    'كيلومتران ونصف'
    """
    sign = line.word(at + 1)
    over = under = 0
    end = at + 1
    if sign in FRACTIONS and line.pieces[at + 1].gap == 0:
        over, under = FRACTIONS[sign]
    elif (
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
        over, under, end = int(line.word(at + 1)), int(line.word(at + 3)), at + 3
    part = fraction(over, under, case) if under and len(str(over)) < 4 else ""
    if not part and over and under:
        part = f"{cardinal(over, Form(case=case))} عَلَى {cardinal(under, Form(case='gen'))}"
    if not part:
        return None
    found = unit_pattern().match(line.text, line.pieces[end].end)
    if found:
        words = measures.with_fraction(amount.whole, part, units()[found[1]], case)
        return Said(found.end(), words)
    noun = line.word(end + 1) if line.kind(end + 1) == "arabic" else ""
    if amount.whole == 1 and noun in scales():
        return Said(line.pieces[end + 1].end, f"{noun} وَ{part} {noun}")
    counts = bool(noun) and counted_nouns.could_be_counted(noun)
    if amount.whole == 1 and counts and holds_number(line, end, 1, noun, label=False):
        return Said(line.pieces[end + 1].end, f"{noun} وَ{part}")  # ساعة ونصف
    return Said(line.pieces[end].end, f"{measures.bare(amount, Form('m', case))} وَ{part}")


def read_slashed(
    line: Line, index: int, at: int, particle: str, case: str, amount: Amount
) -> Said | None:
    """Read 1/2, 3/4; 24/7 and others as "على".

    >>> from briefing.text.normalisation.paragraph import spoken
    >>> spoken("3/4 السكان")
    'ثلاثة أرباع السكان'
    """
    if (
        line.word(at + 1) not in ("/", "⁄")
        or line.kind(at + 2) != "number"
        or not line.word(at + 2).isdigit()
    ):
        return None
    if line.pieces[at + 1].gap or line.pieces[at + 2].gap or len(line.word(at + 2)) > 9:
        return None
    over, under = amount.whole, int(line.word(at + 2))
    end = line.pieces[at + 2].end
    if 1 <= over <= 12 and len(line.word(at + 2)) == 4 and 1900 <= under <= 2100:
        return Said(end, f"{months()[1]['gregorian', over]} {dates.year(under)}")
    if (over >= 1000 and under >= 1000) or (over >= 1000 and under < 100):
        both = (
            dates.year(over, case="gen"),
            dates.year(under if under > 99 else over // 100 * 100 + under, case="gen"),
        )
        return Said(end, " ".join(both))
    if 0 < over < under or under in (2, 3, 4):
        words = read_part(line, at + 2, over, under, case)
        if words:
            return Said(end, words)
    before = line.before(index)
    if before and before[-1] in ("الساعة", "العمل", "مدار"):
        return Said(end, f"{cardinal(over, Form(case=case))} {cardinal(under, Form(case=case))}")
    return Said(end, f"{cardinal(over, Form(case=case))} عَلَى {cardinal(under, Form(case='gen'))}")


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


_NIL = parse("0")


def _is_era_of_years(era: str, first: Amount, last: Amount, *, bracketed: bool) -> bool:
    """Return whether an era behind two numbers makes years of them: 132-656هـ, 384-322 ق.م.

    م may be metres: 1300-1377م and (661-750م), but 100-200م.
    """
    earliest = 100 if bracketed else 1000
    return bool(era) and (era != "م" or earliest <= first.whole < last.whole < 2100)


def share_behind(line: Line, at: int) -> bool:
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


def read_span(
    line: Line,
    index: int,
    at: int,
    particle: str,
    case: str,
    amount: Amount,
    read_number: Callable[[Line, int, int, str, str], Said | None],
) -> Said | None:
    """Read a range or a result: 3-5 أيام, 2011-2015, 2-1.

    >>> from briefing.text.normalisation.paragraph import spoken
    >>> spoken("خلال 3-5 أيام")
    'خلال ثلاثة إلى خمسة أيام'
    >>> spoken("فاز 2-1")
    'فاز اثنين مقابل واحد'
    """
    if line.word(at + 1) not in tuple(DASHES) or line.kind(at + 2) != "number":
        return None
    first_gap, second_gap = line.pieces[at + 1].gap, line.pieces[at + 2].gap
    if first_gap != second_gap or first_gap == 2:
        return None
    if (
        line.word(at + 3) in tuple(DASHES)
        and line.kind(at + 4) == "number"
        and not line.pieces[at + 3].gap
    ):
        parts = []
        while line.kind(at) == "number":
            parts.append(line.word(at))
            end = line.pieces[at].end
            if line.word(at + 1) not in tuple(DASHES) or line.pieces[at + 1].gap:
                break
            at += 2
        return Said(end, " ".join(measures.bare(parse(part), Form(case=case)) for part in parts))
    other = parse(line.word(at + 2))
    if other.too_large:
        return None
    if line.kind(index - 1) == "latin" and min(amount.whole, other.whole) > 99 and not first_gap:
        two = (measures.bare(one, Form(case=case)) for one in (amount, other))
        return Said(line.pieces[at + 2].end, " ".join(two))  # Boeing 737-800
    words = line.before(index)
    hours = words[-1:] in (["الساعة"], ["بالساعة"]) and not (amount.part or other.part)
    if hours and 1 <= amount.whole < other.whole <= 24:
        begin, until = dates.hour_of_day(amount.whole, "acc"), dates.hour_of_day(other.whole, "gen")
        return Said(line.pieces[at + 2].end, f"{begin} إِلَى {until}")
    whole, share = not (amount.part or other.part), share_behind(line, at + 3)
    score = not share and (
        index - line.last_score <= _NEXT_SET
        or any(word in context()["score"] or _RESULT.search(word) for word in words)
    )
    end = line.pieces[at + 2].end
    following = (
        line.word(at + 3) if line.kind(at + 3) == "arabic" and line.pieces[at + 3].gap == 1 else ""
    )
    noun = bool(following) and counted_nouns.could_be_counted(following)
    are_years = (
        1000 <= amount.whole <= 2200
        and (1000 <= other.whole <= 2200 or len(line.word(at + 2)) == 2)
        and not noun
        and whole
    )
    era, behind = find_era(line, at + 3, end)
    if (
        whole
        and not noun
        and _is_era_of_years(era, amount, other, bracketed=line.word(index - 1) in ("(", "/"))
    ):
        both = f"{dates.year(amount.whole)} إِلَى {dates.year(other.whole)}"
        return Said(behind, f"{both} {era_word(era)}")
    if are_years:
        last = other.whole if other.whole > 99 else amount.whole // 100 * 100 + other.whole
        feminine = bool(words) and words[-1] in ("سنة", "سنتي")
        years = [dates.year(one, feminine=feminine) for one in (amount.whole, last)]
        return Said(end, " إِلَى ".join(years))
    tail = Line(line.text, line.pieces, line.date_order)
    if (
        not (score or noun or share)
        and whole
        and other.whole <= 20
        and amount.whole <= 20
        and not first_gap
        and not unit_pattern().match(line.text, end)
    ):
        score = not following or following in ("في", "على", "أمام", "لصالح", "ضد")
    if (
        1 <= amount.whole <= 12
        and len(line.word(at + 2)) == 4
        and 1900 <= other.whole <= 2100
        and not first_gap
        and not noun
        and whole
    ):
        return Said(end, f"{months()[1]['gregorian', amount.whole]} {dates.year(other.whole)}")
    # a dateline: القاهرة 15-7 (أ ف ب)
    day_and_month = whole and 1 <= amount.whole <= 31 and 1 <= other.whole <= 12
    agency = line.word(at + 3) == "(" and line.kind(at + 4) in ("arabic", "latin", "initials")
    if day_and_month and agency and words and not any(map(_RESULT.search, words)):
        month = months()[1]["gregorian", other.whole]
        return Said(end, f"{dates.day_of_month(amount.whole)} {month}")
    # a range ascends
    descends = whole and not share and amount.whole >= other.whole
    descends = descends and not unit_pattern().match(line.text, end)
    if descends or (score and not noun):
        case = "acc" if case == "nom" and words else case
        line.last_score = index
        return Said(
            end,
            f"{measures.bare(amount, Form(case=case)) if amount != _NIL else 'صِفْر'} مُقَابِلَ "
            f"{measures.bare(other, Form(case='gen'))}",
        )
    second = read_number(tail, at + 2, at + 2, "", "gen")
    if second is None:
        return None
    gender = counted_nouns.gender_of(following, other.whole) if noun else unit_gender(line, end)
    return Said(second.end, f"{measures.bare(amount, Form(gender, case))} إِلَى {second.words}")


def unit_gender(line: Line, end: int) -> str:
    """Give the gender of the unit behind a place, masculine where there is none."""
    found = unit_pattern().match(line.text, end)
    return units()[found[1]].gender if found else "m"
