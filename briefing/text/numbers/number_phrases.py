"""The phrase of a number: an attached particle, a sign or digits, and the case it all takes."""

from __future__ import annotations

from briefing.text.numbers import counted_nouns
from briefing.text.numbers.codes import read_phone, read_version
from briefing.text.numbers.grammatical_case import case_after, noun_case
from briefing.text.numbers.labels import label_case
from briefing.text.numbers.measures import attach
from briefing.text.numbers.money import money_before, money_behind
from briefing.text.numbers.number_rules import read_number
from briefing.text.numbers.sign_phrases import begins_number, read_sign, read_times
from briefing.text.numbers.times import read_date, read_time
from briefing.text.pieces.sentence_in_progress import PARTICLES, Line, Reading, rule_name
from briefing.text.tables import context, scales, unit_pattern, units
from briefing.text.words.verb_signs import is_verb

__all__ = ["read_figure"]

_READERS = {
    "number": read_number,
    "date": read_date,
    "time": read_time,
    "phone": read_phone,
    "version": read_version,
}
"""By the kind of piece that the digits are."""
_GENITIVE = frozenset(["ل", "ول", "فل", "لل", "ولل", "بال", "كال", "وبال"])
"""Particles that take the genitive; so do those that end in ب or ك."""
_NEXT = 5
"""Pieces from one number to the next that shares its case."""


def read_figure(line: Line, index: int) -> Reading | None:
    """Read the number phrase that begins at a piece, an attached particle included.

    None where the piece begins none.

    >>> from briefing.text.normalisation.paragraph import spoken
    >>> spoken("بـ20 دولارا")
    'بعشرين دولارا'
    """
    particle, at = "", index
    if line.kind(index) == "arabic":
        if not _is_attached(line, index):
            return None
        particle, at = line.word(index), index + 1
    reading = _read(line, index, at, particle)
    if reading is not None:
        line.last_number = index
    return reading


def _is_attached(line: Line, index: int) -> bool:
    """Return whether a piece is a particle that belongs to the number after it."""
    piece, following = line.pieces[index], index + 1
    if (
        piece.text not in PARTICLES
        or following >= len(line.pieces)
        or line.pieces[following].gap == 2
        or not _begins_number(line, following)
        or (piece.text == "و" and piece.gap == 0)
    ):
        return False
    after_letter = line.word(index - 1) in context()["letter_used"]
    return not (len(piece.text) == 1 and not line.pieces[following].gap and after_letter)


def _begins_number(line: Line, at: int) -> bool:
    kind, text = line.kind(at), line.word(at)
    if kind == "sign":
        return begins_number(text)
    if kind == "latin":
        is_money = text in units() and units()[text].kind == "money"
        return is_money and line.kind(at + 1) == "number"
    return kind in _READERS


def _read(line: Line, index: int, at: int, particle: str) -> Reading | None:
    case = _case(line, index, at, particle)
    reading = _read_in_case(line, index, at, particle, case)
    if reading is None:
        return None
    line.last_case = case
    letters = particle.replace("ال", "") if particle not in ("لل", "ولل") else particle[:-1]
    reading.words = attach(letters, reading.words)
    return reading


def _read_in_case(line: Line, index: int, at: int, particle: str, case: str) -> Reading | None:
    kind = line.kind(at)
    if kind == "sign":
        return read_sign(line, index, at, particle, case)
    if kind == "latin":
        reading = read_times(line, at) or money_before(line, at, case)
        rule = "times" if line.word(at)[0] in "xX" else "money"
    elif kind == "initials":
        reading, rule = money_behind(line, at), "money"
    elif kind in _READERS:
        reading = _READERS[kind](line, index, at, particle, case)
        rule = rule_name(_READERS[kind])
    else:
        return None
    if reading is not None:
        reading.rule = reading.rule or rule
    return reading


def _case(line: Line, index: int, at: int, particle: str) -> str:
    """Return the case that the words before a number's phrase give it: "nom", "gen" or "acc"."""
    if particle in _GENITIVE or particle.rstrip("ا").endswith(("ب", "ك")):
        return "gen"
    words = line.before(index)
    near = index - line.last_number <= _NEXT
    if near and (particle in ("و", "وال") or (words and words[-1] in ("أو", "و"))):
        return line.last_case
    if particle in ("و", "وال") and words and not is_verb(words[-1]):
        return case_after(words[:-1])  # قتلت امرأة واثنان: with the noun before
    if particle == "و" and line.word(at + 1) in ("دقيقة", "دقائق", "ثانية", "ثوان") and words:
        return noun_case(words[-1], words[:-1])
    kind = _counted_kind(line, at)
    if case := label_case(line, index, at, words):
        return case
    case = case_after(words, counted=kind)
    if line.word(index - 1) != "(" or line.word(at + 1) == ")":  # but بمشاركة (40) دولة
        return case
    is_age = line.word(at + 1) in _YEARS and line.word(at + 2) == ")"
    return "nom" if is_age or case == "acc" else case  # طفل (3 سنوات): a sentence of its own


_YEARS = frozenset("عاما سنة سنوات عام أعوام سنين شهرا أشهر شهور".split())


def _counted_kind(line: Line, at: int) -> str:
    """Return what the number at a piece counts: "person", "measure" or ""."""
    after = at + 1
    while line.word(after) in scales() and line.pieces[after].gap < 2:
        after += 1
    percent = line.word(after) in ("%", "بالمئة", "بالمائة") or (
        line.word(after) == "في" and line.word(after + 1) in ("المئة", "المائة")
    )
    if percent:
        # a part of them does it (رفض 38% منهم), a percentage measures it (انخفض 12%)
        behind = line.word(after + 1 + (line.word(after) == "في"))
        return "" if behind in ("من", "منهم", "منها", "منهن") else "measure"
    match = unit_pattern().match(line.text, line.pieces[after - 1].end)
    if match and units()[match[1]].kind == "measure":
        return "measure"
    return counted_nouns.kind_of(line.word(after)) if line.kind(after) == "arabic" else ""
