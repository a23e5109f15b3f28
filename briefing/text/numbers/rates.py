"""A measure for each of another, written with a stroke: دولار/برميل, متر/ثانية, م3/ث.

Of a time it is so much in it (في الثانية), of what is sold or measured so much for it (للبرميل).
"""

from __future__ import annotations

from functools import cache

from briefing.text.cleaning import strip_marks
from briefing.text.numbers import counted_nouns
from briefing.text.numbers.cardinals import decline, with_article
from briefing.text.numbers.measures import attach
from briefing.text.pieces.sentence_in_progress import Line, Reading
from briefing.text.tables import kinds, rate_nouns, scales, units

__all__ = ["read_rate"]

_STROKES = ("/", "⁄")
_NEAR = 4
"""Pieces from a number to the stroke after what it counts: 12 ألف درهم/شهر."""


def read_rate(line: Line, at: int) -> Reading | None:
    """Read the stroke after a counted measure, and the measure after it.

    >>> from briefing.text.normalisation.paragraph import spoken
    >>> spoken("سعره 85 دولارا/برميل"), spoken("30 م3/ث")
    ('سعره خمسة وثمانون دولارا للبرميل', 'ثلاثون مترا مكعبا في الثانية')
    """
    if line.word(at) not in _STROKES or line.pieces[at].gap or not _touches(line, at + 1):
        return None
    if not 0 < at - line.last_number <= _NEAR:
        return None
    last = at + 1
    if line.word(at + 2) in ("2", "3", "²", "³") and _touches(line, at + 2):
        last = at + 2  # دولار/م2
    written = line.text[line.pieces[at + 1].start : line.pieces[last].end]
    noun = _nouns().get(written.removesuffix("ا"), "")
    counted = line.word(at - 1)
    if not noun or not _is_counted(line, at - 1, counted):
        return None
    singular, _, adjective = noun.partition(" ")
    words = with_article(decline(singular, "gen", "definite"))
    if adjective:
        words += " " + with_article(decline(adjective, "gen", "definite"))
    is_time = strip_marks(singular) in kinds()["time"]
    if is_time or not _is_money(counted):
        return Reading(line.pieces[last].end, f"فِي {words}")
    return Reading(line.pieces[last].end, attach("ل", words))


def _touches(line: Line, at: int) -> bool:
    return at < len(line.pieces) and line.pieces[at].gap == 0


def _is_counted(line: Line, at: int, noun: str) -> bool:
    """Return whether a number or its thousands come before the word at a piece."""
    if line.kind(at) == "number":  # م3
        return line.pieces[at].gap == 0 and line.word(at - 1) + noun in units()
    if noun in ("مربع", "مكعب", "مربعا", "مكعبا"):
        at -= 1
        noun = line.word(at)
    is_noun = (
        noun in units() or bool(counted_nouns.kind_of(noun)) or counted_nouns.could_be_counted(noun)
    )
    return is_noun and (line.kind(at - 1) == "number" or line.word(at - 1) in scales())


def _is_money(noun: str) -> bool:
    """Return whether a word or a sign is money: دولارا, فلسا, $."""
    return noun in _money() or noun.removesuffix("ا") in _money()


@cache
def _money() -> frozenset[str]:
    """Return the signs and names of money and of its parts."""
    money = {key: unit for key, unit in units().items() if unit.kind == "money"}
    parts = {unit.sub for unit in money.values()}
    every = [*money.values(), *(units()[part] for part in parts if part in units())]
    names = {strip_marks(name) for unit in every for name in (unit.singular, unit.plural)}
    return frozenset(names | money.keys())


@cache
def _nouns() -> dict[str, str]:
    """Return what may follow the stroke: written form -> vowelled noun and adjective."""
    by_unit = {
        key: f"{unit.singular} {unit.adjective}".strip()
        for key, unit in units().items()
        if unit.kind == "measure" and not unit.tail
    }
    by_name = {
        strip_marks(noun.partition(" ")[0]): noun for noun in by_unit.values() if " " not in noun
    }
    return {**by_unit, **by_name, **rate_nouns()}
