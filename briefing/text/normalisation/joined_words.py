"""Words that many write together and the language does not: لايمكن, ماهو, إنشاءالله."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from briefing.text.tables import reading_table

__all__ = ["part"]


def part(word: str) -> str:
    """Return a word as the words that it is written for, or "" where it is one.

    A denial stands alone before what it denies (Ryding 2005, chapter 37); together they would be
    read as a noun.

    >>> part("ولايمكن"), part("لاعب")
    ('ولا يمكن', '')
    """
    front = word[:1] if word[:1] in ("و", "ف") else ""
    rest = word[len(front) :]
    if rest in _whole():
        return front + _whole()[rest]
    behind = _behind().get(rest[:2], frozenset())
    return f"{front}{rest[:2]} {rest[2:]}" if rest[2:] in behind else ""


@cache
def _behind() -> Mapping[str, frozenset[str]]:
    """Return the words behind each particle that are written to it."""
    return {first: frozenset(words.split()) for first, words in reading_table()["behind"].items()}


@cache
def _whole() -> Mapping[str, str]:
    return dict(reading_table()["apart"])
