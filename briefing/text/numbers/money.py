"""Money whose sign comes before its number, or after a number in words: $7.50, مليون €."""

from __future__ import annotations

from briefing.text.cleaning import strip_marks
from briefing.text.numbers import measures
from briefing.text.numbers.cardinals import Form
from briefing.text.numbers.measures import Amount, parse
from briefing.text.pieces.scanner import DASHES
from briefing.text.pieces.sentence_in_progress import Line, Reading
from briefing.text.tables import Unit, scales, unit_pattern, units

__all__ = ["money_before", "money_behind"]


def money_behind(line: Line, at: int) -> Reading | None:
    """Read the money after a number in words: مليون $, ثلاثة ملايين ج.م.

    >>> from briefing.text.normalisation.paragraph import spoken
    >>> spoken("ثلاثة ملايين €")
    'ثلاثة ملايين يورو'
    """
    match = unit_pattern().match(line.text, line.pieces[at].start)
    if not match or line.word(at - 1) not in scales() or not line.pieces[at].gap:
        return None
    unit = units()[match[1]]
    return Reading(match.end(), measures.behind_scale(unit)) if unit.kind == "money" else None


def money_before(line: Line, at: int, case: str) -> Reading | None:
    """Read "$7.50", "USD 5m".

    >>> from briefing.text.normalisation.paragraph import spoken
    >>> spoken("بسعر $7.50")
    'بسعر سبعة دولارات وخمسين سنتا'
    """
    key = line.word(at)
    number = at + 1
    if (
        line.word(at) + line.word(at + 1) in units()
        and line.kind(at + 1) == "sign"
        and line.pieces[at + 1].gap == 0
    ):
        key, number = key + line.word(at + 1), at + 2
    if line.kind(number) != "number" or key not in units() or units()[key].kind != "money":
        return money_behind(line, at)
    if line.pieces[number].gap == 2:
        return None
    unit = units()[key]
    amount = parse(line.word(number).lstrip("0") or "0")
    if line.word(number + 1) in DASHES and line.kind(number + 2) == "number":
        other = parse(line.word(number + 2))
        last = _amount_of_money(line, number + 2, other, unit, "gen")
        words = f"{measures.bare(amount, Form(unit.gender, case))} إِلَى {last.words}"
        return Reading(last.end, words)
    return _amount_of_money(line, number, amount, unit, case)


def _amount_of_money(line: Line, number: int, amount: Amount, unit: Unit, case: str) -> Reading:
    scale = line.word(number + 1)
    if line.kind(number + 1) in ("arabic", "latin"):
        words = measures.read_thousands(amount, scale, case, unit, followed=True)
        if words:
            named = line.word(number + 2).removesuffix("ا") == strip_marks(unit.singular)
            return Reading(line.pieces[number + 1 + named].end, words)
        if scale.removesuffix("ا") == strip_marks(unit.singular) or scale == strip_marks(
            unit.plural
        ):
            return Reading(line.pieces[number + 1].end, measures.with_unit(amount, unit, case))
    return Reading(line.pieces[number].end, measures.with_unit(amount, unit, case))
