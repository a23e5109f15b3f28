"""A sentence's symbols to the pieces that a network speaks at once: clauses of a bounded length.

Memory grows with the length of a piece (measured: 290 MB at 6 s of speech, 440 MB at 13 s, 1.6 GB
at 62 s), so a long sentence is spoken in pieces and joined.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from briefing.speech.piper.symbols import MARKS

__all__ = ["LONGEST_PIECE", "cut", "halves", "size"]

LONGEST_PIECE = 200
"""Symbols, about 11 s of speech: a worker then stays below 600 MB."""
_SHORTEST_SHARE = 0.4
"""Of the longest piece: a mark that comes earlier is no place to cut, as long as others follow."""
_CUT_MARK = ","
"""Ends a piece that is cut where no mark is: the sentence goes on."""


def cut(words: Sequence[str], longest: int = LONGEST_PIECE) -> list[list[str]]:
    """Return a sentence's words in pieces of so many symbols at most, cut at marks if possible.

    A word that is longer than a piece is a piece of its own.

    >>> cut(["qˈaːla,", "ʔˈinna", "lʔˈamra", "sˈahl."], 16)
    [['qˈaːla,'], ['ʔˈinna', 'lʔˈamra,'], ['sˈahl.']]
    """
    pieces: list[list[str]] = []
    rest = list(words)
    while rest:
        count = _fitting(rest, longest)
        if count < len(rest):
            at_mark = [number for number in range(1, count + 1) if rest[number - 1][-1] in MARKS]
            if at_mark and size(rest[: at_mark[-1]]) >= _SHORTEST_SHARE * longest:
                count = at_mark[-1]
        pieces.append(_end_with_mark(rest[:count], is_last=count == len(rest)))
        rest = rest[count:]
    return pieces


def halves(words: Sequence[str]) -> list[list[str]]:
    """Return a piece of two or more words as two, cut at the mark or else the word next to half."""
    half = size(words) / 2
    places = range(1, len(words))
    at_mark = [place for place in places if words[place - 1][-1] in MARKS]
    place = min(at_mark or places, key=lambda place: abs(size(words[:place]) - half))
    return [_end_with_mark(words[:place], is_last=False), list(words[place:])]


def size(words: Sequence[str]) -> int:
    """Return the symbols of some words and of the spaces between them."""
    return len(unicodedata.normalize("NFD", " ".join(words)))


def _fitting(words: Sequence[str], longest: int) -> int:
    """Return how many words fit into a piece, at least one."""
    used = 0
    for count, word in enumerate(words):
        used += len(unicodedata.normalize("NFD", word)) + (count > 0)
        if used > longest:
            return max(1, count)
    return len(words)


def _end_with_mark(words: Sequence[str], *, is_last: bool) -> list[str]:
    """Return the words of a piece, a mark after the last."""
    if is_last or words[-1][-1] in MARKS:
        return list(words)
    return [*words[:-1], words[-1] + _CUT_MARK]
