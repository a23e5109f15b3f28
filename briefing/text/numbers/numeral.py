"""A number in its sentence: what each rule is asked about, and the rules asked in order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from briefing.text.numbers import counted_nouns
from briefing.text.numbers.measures import Amount, parse
from briefing.text.pieces.scanner import DASHES
from briefing.text.pieces.sentence_in_progress import Line, Reading
from briefing.text.tables import unit_pattern

__all__ = ["DEFINITE", "Numeral", "NumeralRule", "numeral_at"]

DEFINITE = ("ال", "بال", "لل", "وال")
"""What a word with the article begins with."""


@dataclass(slots=True)
class Numeral:
    """A number in digits and what is around it."""

    line: Line
    index: int
    """The piece where its phrase begins, an attached particle or sign included."""
    at: int
    """The piece of its digits."""
    particle: str
    """What is attached to it: "ب", "وال", or ""."""
    case: str
    """The case that its sentence asks for: "nom", "gen" or "acc"."""
    digits: str
    """As written, with the signs that group them."""
    written_amount: Amount
    amount: Amount
    """Without zeros that only fill a place: 05/2024, 07%."""
    is_negative: bool
    is_definite: bool
    is_whole: bool
    """Digits alone: no sign before them, no point or comma between them."""
    before: str
    """The word before its phrase, "" where a line begins."""
    after: str
    """The piece after its digits, "" where a line ends."""
    kind_after: str
    gap_after: int

    @property
    def end(self) -> int:
        """The cleaned offset where its digits end."""
        return self.line.pieces[self.at].end

    @property
    def touches(self) -> bool:
        """Whether it touches the piece before it: إف-16."""
        return self.at > 0 and self.at == self.index and self.line.pieces[self.at].gap == 0


NumeralRule = Callable[[Numeral], Reading | None]


def numeral_at(
    line: Line, index: int, at: int, particle: str, case: str, *, is_negative: bool = False
) -> Numeral:
    """Return the number at a piece with its surroundings."""
    digits = line.pieces[at].text
    amount = parse(digits, negative=is_negative)
    if len(amount.part) == 3 and _counts_people(line.word(at + 1)):
        amount = Amount(amount.whole * 1000 + int(amount.part), written=amount.written)
    gap = line.pieces[at + 1].gap if at + 1 < len(line.pieces) else 2
    after = line.word(at + 1) if gap < 2 else ""
    return Numeral(
        line=line,
        index=index,
        at=at,
        particle=particle,
        case=case,
        digits=digits,
        written_amount=amount,
        amount=_without_filling_zeros(line, at, amount, after),
        is_negative=is_negative,
        is_definite="ال" in particle or particle in ("لل", "ولل"),
        is_whole=digits.isdigit() and not is_negative,
        before=line.word(index - 1) if index and line.pieces[index].gap < 2 else "",
        after=after,
        kind_after=line.kind(at + 1) if gap < 2 else "",
        gap_after=gap,
    )


def _counts_people(noun: str) -> bool:
    """Return whether a noun is people, who have no decimals: 1.500 شخص."""
    return counted_nouns.kind_of(noun) == "person" and counted_nouns.could_be_counted(noun)


def _without_filling_zeros(line: Line, at: int, amount: Amount, after: str) -> Amount:
    digits = line.pieces[at].text
    if not (amount.too_large and digits.lstrip("0")):
        return amount
    is_month = after in ("/", *DASHES) and len(line.word(at + 2)) == 4 and len(digits) == 2
    if is_month or _is_before_unit(line, line.pieces[at].end):
        return parse(digits.lstrip("0"), negative=amount.negative)
    return amount


def _is_before_unit(line: Line, end: int) -> bool:
    return line.text[end : end + 1] == "%" or unit_pattern().match(line.text, end) is not None
