"""The marks that shape the voice: the signs after a word, and breaths in a long sentence.

A sentence of more than 40 words gets a breath at its commas and semicolons, which are marks
already; where more than 16 words run on without one, before a conjunction or a clause, never
between a preposition or the first part of a construct and what belongs to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache

from briefing.text.pieces.asides import names_agency
from briefing.text.pieces.scanner import Lexeme
from briefing.text.script import Token
from briefing.text.tables import reading_table, sentence_words

__all__ = ["mark_of", "stronger", "with_breaths"]

_LONG_SENTENCE = 40
"""Words; a longer sentence gets breaths."""
_LONGEST_BREATH = 16
"""Words said without a mark, after which a breath is looked for."""
_LONGEST_WAIT = 24
"""Words after which any و will do."""
_SHORTEST_REST = 4
"""Words: no breath is taken so near before the next mark."""
_LONGEST_DATELINE = 16
"""Words and signs."""
_BREATH = "-"
_STRENGTH = {"؟": 7, "!": 6, "…": 5, ".": 4, ":": 3, "؛": 2, "،": 1, _BREATH: 0, "": -1}
_VERB = re.compile(r"و(?:[يتن][^\W]{3,}|[^\W]{3,}ت)(?: |\Z)")
"""A verb that و adds: ويرفض, وأعلنت; what is no verb does no harm."""


def mark_of(pieces: Sequence[Lexeme], at: int) -> str:
    """Return the mark of the voice that a sign stands for, "" where it is none."""
    sign = pieces[at].text
    following = pieces[at + 1] if at + 1 < len(pieces) else None
    if sign == "." and following is not None and following.text == "." and not following.gap:
        return "…"
    if sign in "-–—" and following is not None and following.gap and _ends_dateline(pieces, at):
        return ":"
    if sign in "-–—" and pieces[at].gap and (following is None or following.gap):
        return _BREATH
    if sign in "([" and pieces[at].gap:
        return _BREATH
    return _marks().get(sign, "")


def _ends_dateline(pieces: Sequence[Lexeme], at: int) -> bool:
    """Return whether a dash stands behind the agency of a dateline: باريس 15-7 (أ ف ب) - علم من."""
    if not 2 < at < _LONGEST_DATELINE or pieces[at - 1].text != ")":
        return False
    agency = ""
    for piece in reversed(pieces[: at - 1]):
        if piece.text == "(":
            return names_agency(agency)
        agency = f"{piece.text} {agency}".strip()
    return False


def stronger(mark: str, other: str) -> str:
    """Return the stronger of two marks: the voice can heed one alone."""
    return other if _STRENGTH[other] > _STRENGTH[mark] else mark


def with_breaths(tokens: list[Token]) -> Iterator[Token]:
    """Yield a sentence's tokens, with breaths where it is long and runs on without a mark."""
    lengths = [token.spoken.count(" ") + 1 if token.spoken else 0 for token in tokens]
    if sum(lengths) <= _LONG_SENTENCE:
        yield from tokens
        return
    ahead = _words_to_mark(tokens, lengths)
    before, not_behind = _words()
    since = 0
    for number, token in enumerate(tokens):
        since += lengths[number]
        if token.mark:
            since = 0
        elif since >= _LONGEST_BREATH and token.spoken and ahead[number] >= _SHORTEST_REST:
            following = next(
                (later.spoken for later in tokens[number + 1 : number + 4] if later.spoken), ""
            )
            last = token.spoken.rsplit(" ", 1)[-1]
            if last not in not_behind and (
                following in before or (_adds(following, since) and not _is_between(tokens, number))
            ):
                since = 0
                token = replace(token, mark=_BREATH)
        yield token


def _words_to_mark(tokens: list[Token], lengths: list[int]) -> list[int]:
    """Return for each token the number of words between it and the next mark."""
    ahead = [0] * len(tokens)
    for number in range(len(tokens) - 2, -1, -1):
        behind = tokens[number + 1]
        ahead[number] = lengths[number + 1] + (0 if behind.mark else ahead[number + 1])
    return ahead


def _adds(words: str, since: int) -> bool:
    """Return whether و adds a verb, or, long after the last breath, anything: والدفاع, وأربعة."""
    first = words.split(" ", 1)[0]
    if first in sentence_words()["own_waw"] or (first[:3] == "وال" and since < _LONGEST_WAIT):
        return False
    return _VERB.match(first) is not None or (
        since >= _LONGEST_WAIT and first.startswith("و") and len(first) > 3
    )


def _is_between(tokens: list[Token], number: int) -> bool:
    """Return whether what و adds is the second of two: بين مصر والسودان."""
    return any(
        earlier.spoken in ("بين", "وبين", "كلا", "كلتا")
        for earlier in tokens[max(0, number - 4) : number]
    )


@cache
def _marks() -> Mapping[str, str]:
    return dict(reading_table()["marks"])


@cache
def _words() -> tuple[frozenset[str], frozenset[str]]:
    table = reading_table()["breaths"]
    return frozenset(table["before"].split()), frozenset(table["not_behind"].split())
