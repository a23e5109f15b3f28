"""A sentence in Arabic -> pieces short enough for one request, cut where a reader breathes.

A service that takes so many characters at a time speaks each piece as if it were a sentence of
its own, so where the cuts fall is heard. The best set of cuts is found by weights, not greedily.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

__all__ = ["Cut", "Piece", "cut", "has_sound"]


class Cut(Enum):
    """What a piece ends at, and so how its end should sound."""

    CLAUSE = "clause"
    """After a mark of the sentence, or at its end."""
    CONJUNCTION = "conjunction"
    """Before a word that opens a phrase: there is no mark, a reader could still breathe."""
    WORD = "word"
    """Between any two words."""
    INSIDE = "inside"
    """Inside a word that is longer than a piece may be."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One request's text."""

    text: str
    """Words and marks, single spaces, none at the ends."""
    ends_at: Cut


_CLAUSE_MARKS = frozenset("،؛:.؟!…,;?")
# fmt: off
_CONJUNCTIONS = frozenset(
    [
        "أو", "أم", "ثم", "بل", "لكن", "لكنه", "لكنها", "لكنهم", "ولكن", "حيث", "حين", "حينما",
        "عندما", "بينما", "بعدما", "قبل", "بعد", "كما", "إذ", "إذا", "لأن", "لأنه", "لأنها",
        "حتى", "لكي", "كي", "منذ", "الذي", "التي", "الذين", "اللذين", "اللتين", "اللواتي", "أن",
        "إن", "أنه", "أنها", "أنهم", "مما", "وفق", "رغم", "خلال", "بسبب",
    ]
)
# fmt: on
"""Words that open a clause or an adverbial phrase of news prose, written without vowels."""
_SHORTEST_WAW_WORD = 4
"""Letters. A word in و of fewer is as often a word of its own (ورد، وقت) as "and"."""

# The weights, in requests: what one more request is worth in smoothness.
_COST_OF_A_PIECE = 1.0
_COST_OF_A_CUT = {Cut.CLAUSE: 0.0, Cut.CONJUNCTION: 2.0, Cut.WORD: 4.0, Cut.INSIDE: 50.0}
"""A cut that no mark calls for costs more than two requests saved; a cut word more than all."""
_SHORT_PIECE = 18
_COST_OF_A_SHORT_PIECE = 1.5
"""Two or three words alone get the melody of a whole sentence: heard as a stumble."""


def has_sound(text: str) -> bool:
    """Say whether a voice would say anything: a letter or a digit is in it.

    >>> has_sound("نعم."), has_sound("…"), has_sound("؟ !")
    (True, False, False)
    """
    return any(character.isalnum() for character in text)


def cut(text: str, longest: int) -> list[Piece]:
    """Cut a sentence into pieces of at most `longest` characters (code points).

    Marks first, then before و and conjunctions, then between words, a word only where it is
    itself too long. The pieces joined by spaces say what the text says: nothing is left out but
    marks with no word near them. Pieces without a letter or digit are left out.

    >>> [piece.text for piece in cut("قال الوزير، أمس، إنه سيسافر.", 18)]
    ['قال الوزير، أمس،', 'إنه سيسافر.']
    """
    if longest < 1:
        raise ValueError(f"longest is {longest}, must be at least 1")
    units = _units(text, longest)
    if not units:
        return []
    pieces = []
    for first, last in _best_spans(units, longest):
        said = "".join(
            _glue(units, index, first) + units[index].text for index in range(first, last)
        )
        if has_sound(said):
            pieces.append(Piece(said, units[last - 1].after))
    if pieces:
        pieces[-1] = Piece(pieces[-1].text, Cut.CLAUSE)
    return pieces


@dataclass(frozen=True, slots=True)
class _Unit:
    """A word with its marks, or a part of a word that is too long for one piece."""

    text: str
    after: Cut
    """What a cut after it would be."""


def _units(text: str, longest: int) -> list[_Unit]:
    words: list[str] = []
    for word in text.split():
        if words and not has_sound(word) and len(words[-1]) + len(word) <= longest:
            words[-1] += word  # a mark set apart belongs to the word before it
        else:
            words.append(word)
    units = []
    for index, word in enumerate(words):
        following = words[index + 1] if index + 1 < len(words) else ""
        parts = _parts(word, longest)
        units += [_Unit(part, Cut.INSIDE) for part in parts[:-1]]
        units.append(_Unit(parts[-1], _cut_between(word, following)))
    return units


def _cut_between(word: str, following: str) -> Cut:
    if not following or word[-1] in _CLAUSE_MARKS:
        return Cut.CLAUSE
    bare = "".join(letter for letter in following if unicodedata.category(letter) != "Mn")
    bare = bare.rstrip("".join(_CLAUSE_MARKS))
    if bare in _CONJUNCTIONS or (bare.startswith("و") and len(bare) >= _SHORTEST_WAW_WORD):
        return Cut.CONJUNCTION
    return Cut.WORD


def _parts(word: str, longest: int) -> list[str]:
    """Cut a word that is too long, never between a letter and its vowels if that can be."""
    parts = []
    while len(word) > longest:
        at = longest
        while at > 0 and unicodedata.combining(word[at]):
            at -= 1
        at = at or longest
        parts.append(word[:at])
        word = word[at:]
    return [*parts, word]


def _glue(units: Sequence[_Unit], index: int, first: int) -> str:
    return "" if index == first or units[index - 1].after is Cut.INSIDE else " "


def _best_spans(units: Sequence[_Unit], longest: int) -> list[tuple[int, int]]:
    """Find the spans of units, one a piece, whose cuts cost least; the earliest of equals."""
    count = len(units)
    cost = [0.0] + [float("inf")] * count
    begin = [0] * (count + 1)
    for last in range(1, count + 1):
        length = 0
        ending = 0.0 if last == count else _COST_OF_A_CUT[units[last - 1].after]
        for first in range(last - 1, -1, -1):
            glue = 0 if first == last - 1 or units[first].after is Cut.INSIDE else 1
            length += len(units[first].text) + glue
            if length > longest:
                break
            short = length < _SHORT_PIECE and not (first == 0 and last == count)
            total = cost[first] + ending + _COST_OF_A_PIECE + short * _COST_OF_A_SHORT_PIECE
            if total < cost[last]:
                cost[last], begin[last] = total, first
    spans = []
    last = count
    while last:
        spans.append((begin[last], last))
        last = begin[last]
    return spans[::-1]
