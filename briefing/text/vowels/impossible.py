"""Vowellings that no native word of Arabic can have: the last check of every reading.

Each line of the table data/impossible.tsv has a pattern, its grammar and an example. Loanwords may
match some of them (إلكترونية with ktr). Readings by the tables, the lexicon or the author are not
checked.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

__all__ = ["PATTERNS_OF_ENDINGS", "Impossible", "impossible", "impossible_patterns", "is_native"]

_LOAN_PATTERNS = frozenset({"two_sukuns", "begins_with_sukun", "i_before_waw", "u_before_ya"})
"""Patterns that loanwords may match."""
PATTERNS_OF_ENDINGS = frozenset(
    "diptote_of_people diptote_plural dual_not_with_i jussive_without_particle"
    " no_genitive_after_preposition pronoun_after_i pronoun_with_i".split()
)
"""Patterns that also an open ending behind a stem of the tables cannot have."""
_LETTER = "[\u0621-\u064a]"
# stems of five or more letters that are formed from Arabic roots (Wright I §§ 35-66, 190-247)
_NATIVE = re.compile(
    f"م{_LETTER}{{3,6}}|ت{_LETTER}{{3,5}}|(?:ا|أ|إ|آ)?ست{_LETTER}{{2,4}}|[ايتن]{_LETTER}ت{_LETTER}{{2,3}}"
    f"|[إأ]{_LETTER}{{2}}[اي]{_LETTER}ة?|ان{_LETTER}{{3,4}}|{_LETTER}{{2}}ا{_LETTER}ي{_LETTER}"
    f"|{_LETTER}{{3}}ا[نء]|{_LETTER}ا{_LETTER}و{_LETTER}|[يتن]{_LETTER}{{3,5}}"
)
_FRONT = re.compile("^[وف]?(?:[بك]?ال|لل|[بلكس](?=....))?")
_BEHIND = re.compile("(?:ها|هما|هم|نا|كم|ات|ون|ين|ان|وا|ة|ه|ي|ية|يين|يون)$")
_LONGEST_ROOT = 4


class Impossible(NamedTuple):
    """A line of the table."""

    name: str
    before: str
    """A pattern for the letters of the previous word; "" for any."""
    pattern: re.Pattern[str]
    """A pattern for the vowelled word."""
    grammar: str
    """The source of the rule."""
    blocks: str
    """A reading that it blocks."""


@cache
def impossible_patterns() -> tuple[Impossible, ...]:
    """Return the table."""
    text = (Path(__file__).parent / "data" / "impossible.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and line[0] != "#")
    return tuple(
        Impossible(name, before, re.compile(pattern), grammar, blocked)
        for name, before, pattern, grammar, blocked in rows
    )


@cache
def _any_pattern() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{row.pattern.pattern})" for row in impossible_patterns()))


@cache
def is_native(letters: str) -> bool:
    """Return whether a word without marks has a shape that is formed from an Arabic root.

    >>> is_native("المستشفى"), is_native("إلكترونية")
    (True, False)
    """
    stem = _FRONT.sub("", letters)
    shorter = _BEHIND.sub("", stem)
    if len(shorter) <= _LONGEST_ROOT:
        return True
    return any(_NATIVE.fullmatch(form) is not None for form in (stem, shorter))


def impossible(written: str, letters: str, before: str = "") -> str:
    """Return the name of a pattern that makes a reading impossible, or "".

    written: the vowelled word, with a shadda before its vowel. letters: the word without marks.
    before: the letters of the previous word; "" after a pause.

    >>> impossible("تَلْق\u0651َى", "تلقى"), impossible("تَلَق\u0651َى", "تلقى")
    ('sukun_before_shadda', '')
    """
    if not _any_pattern().search(written):
        return ""
    for row in impossible_patterns():
        if row.before and not re.search(row.before, before):
            continue
        if row.pattern.search(written) and (row.name not in _LOAN_PATTERNS or is_native(letters)):
            return row.name
    return ""
