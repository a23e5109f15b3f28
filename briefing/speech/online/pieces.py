"""A sentence in Arabic to the texts of its requests, cut where a reader breathes.

A service that limits the length of a request speaks each text as if it were a sentence of its own,
so the cuts are audible. The best set of cuts is found by weights, not greedily.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

__all__ = ["Cut", "RequestText", "cut", "has_sound"]


class Cut(Enum):
    """Where a request's text ends, and so how its end should sound."""

    CLAUSE = "clause"
    """After a punctuation mark, or at the end of the sentence."""
    CONJUNCTION = "conjunction"
    """Before a word that opens a phrase: without a mark, but a reader could breathe there."""
    WORD = "word"
    """Between any two words."""
    INSIDE = "inside"
    """Inside a word that is too long for one request."""


@dataclass(frozen=True, slots=True)
class RequestText:
    """The text of one request."""

    text: str
    """Words and marks, separated by single spaces, without spaces at the ends."""
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
"""Letters. In a shorter word the و is as often part of the word (ورد، وقت) as it is "and"."""

# The weights. The unit is one request.
_COST_OF_A_REQUEST = 1.0
_COST_OF_A_CUT = {Cut.CLAUSE: 0.0, Cut.CONJUNCTION: 2.0, Cut.WORD: 4.0, Cut.INSIDE: 50.0}
"""A cut between words costs more than the requests it could save; a cut in a word more than all."""
_SHORT_TEXT = 18
_COST_OF_A_SHORT_TEXT = 1.5
"""Two or three words alone get the melody of a whole sentence, which sounds like a stumble."""


def has_sound(text: str) -> bool:
    """Return whether a voice would speak any of the text: it has a letter or a digit.

    >>> has_sound("نعم."), has_sound("…"), has_sound("؟ !")
    (True, False, False)
    """
    return any(character.isalnum() for character in text)


def cut(text: str, longest: int) -> list[RequestText]:
    """Cut a sentence into texts of at most `longest` characters (code points).

    It is cut after marks by preference, then before و and conjunctions, then between words, and
    inside a word only if the word is too long. The texts contain all words of the sentence in
    order. A text without a letter or digit is left out.

    >>> [part.text for part in cut("قال الوزير، أمس، إنه سيسافر.", 18)]
    ['قال الوزير، أمس،', 'إنه سيسافر.']
    """
    if longest < 1:
        raise ValueError(f"longest is {longest}, must be at least 1")
    units = _split_units(text, longest)
    if not units:
        return []
    texts = []
    for first, last in _best_spans(units, longest):
        joined_text = "".join(
            _glue(units, index, first) + units[index].text for index in range(first, last)
        )
        if has_sound(joined_text):
            texts.append(RequestText(joined_text, units[last - 1].after))
    if texts:
        texts[-1] = RequestText(texts[-1].text, Cut.CLAUSE)
    return texts


@dataclass(frozen=True, slots=True)
class _Unit:
    """A word with its marks, or a part of a word that is too long for one request."""

    text: str
    after: Cut
    """Which kind of cut would be made after it."""


def _split_units(text: str, longest: int) -> list[_Unit]:
    words: list[str] = []
    for word in text.split():
        if words and not has_sound(word) and len(words[-1]) + len(word) <= longest:
            words[-1] += word  # a mark after a space belongs to the word before it
        else:
            words.append(word)
    units = []
    for index, word in enumerate(words):
        following = words[index + 1] if index + 1 < len(words) else ""
        parts = _split_word(word, longest)
        units += [_Unit(part, Cut.INSIDE) for part in parts[:-1]]
        units.append(_Unit(parts[-1], _classify_cut(word, following)))
    return units


def _classify_cut(word: str, following: str) -> Cut:
    """Return which kind of cut would be made between two words."""
    if not following or word[-1] in _CLAUSE_MARKS:
        return Cut.CLAUSE
    bare = "".join(letter for letter in following if unicodedata.category(letter) != "Mn")
    bare = bare.rstrip("".join(_CLAUSE_MARKS))
    if bare in _CONJUNCTIONS or (bare.startswith("و") and len(bare) >= _SHORTEST_WAW_WORD):
        return Cut.CONJUNCTION
    return Cut.WORD


def _split_word(word: str, longest: int) -> list[str]:
    """Split a word into parts of at most `longest` characters, each letter with its vowels."""
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
    """Return the spans of units, one for each request, whose cuts cost least in all."""
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
            is_short = length < _SHORT_TEXT and not (first == 0 and last == count)
            total = cost[first] + ending + _COST_OF_A_REQUEST + is_short * _COST_OF_A_SHORT_TEXT
            if total < cost[last]:
                cost[last], begin[last] = total, first
    spans = []
    last = count
    while last:
        spans.append((begin[last], last))
        last = begin[last]
    return spans[::-1]
