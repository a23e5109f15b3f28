"""Lines that stand in an article and are no part of it: photo credits, "اقرأ أيضا", tags.

The phrases are in data/reading.toml, table asides.
"""

from __future__ import annotations

import re
from functools import cache

from briefing.text.tables import reading_table

__all__ = ["is_aside", "names_agency"]

_HAMZA = str.maketrans("أإآؤئ", "اااوي")
_LONGEST_CREDIT = 90
"""Characters."""
_MARK_OF_END = r"[/\-–—=*#~()\[\]]"
_TAGS = re.compile(r"(?:[#@][^\W\d][\w.-]*[\s،,|]*)+\Z")
"""A line of tags and of names in social networks."""
_NO_INITIALS = "و|او|لا|في|من|عن|مع|هو|هي|ما|لم|لن|كل|بل|ان|قد|هل|ثم|كم|يا|اب|ام"
_INITIAL = rf"(?!(?:{_NO_INITIALS})\b)[\u0621-\u064a]{{1,2}}"
_INITIALS = re.compile(
    rf"(?:{_INITIAL}(?:\s{_INITIAL})?\s?/\s?){{1,4}}{_INITIAL}(?:\s{_INITIAL})?\s*\Z"
)
"""The initials of an agency's editors under a text: "لش/م ن"."""
_TIME_OF_MECCA = re.compile(r"\d{1,2}:\d{2}\s?ت\s?م\s*\Z")
"""The time under a text of the Saudi agency."""


def is_aside(text: str, *, whole: bool = True) -> bool:
    """Return whether a cleaned paragraph is a photo credit, an end mark, or points elsewhere.

    whole: False for one sentence of a paragraph, where an agency's name alone is no credit.

    >>> is_aside("اقرأ أيضا: خبر آخر"), is_aside("(رويترز)"), is_aside("قرأ أيضا كتابا")
    (True, True, False)
    """
    opening, *alone = _patterns()
    folded = text[:_LONGEST_CREDIT].translate(_HAMZA)
    if opening.match(folded):
        return True
    is_short = whole and len(text) <= _LONGEST_CREDIT
    patterns = (*alone, _TAGS, _INITIALS, _TIME_OF_MECCA)
    return is_short and any(pattern.match(folded) for pattern in patterns)


def names_agency(text: str) -> bool:
    """Return whether a text is the name of a source alone, as a dateline has it in brackets.

    >>> names_agency("أ ف ب"), names_agency("نقيب")
    (True, False)
    """
    return text.translate(_HAMZA) in _agencies()


@cache
def _agencies() -> frozenset[str]:
    table = reading_table()["asides"]
    lines = f"{table['credit']}\n{table['named']}\n{table['datelines']}".splitlines()
    return frozenset(line.translate(_HAMZA) for line in lines if line)


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    """Return the patterns of an aside's beginning, of a line of credits, and of an end mark."""
    table = reading_table()["asides"]
    opening, label, credit, source, named, end = (
        _any_of(table[name]) for name in ("opening", "label", "credit", "source", "named", "end")
    )
    more = rf"(?:\W|_|(?:و?(?:{credit}|{named}))(?!\w)|(?<!\d)20\d\d(?!\d)){{0,40}}\Z"
    return (
        re.compile(rf"\W{{0,10}}(?:{opening}(?!\w)|{label}\s?(?:[:،|–—-]|\W{{0,10}}\Z))"),
        re.compile(rf"\W{{0,10}}(?:{credit}(?!\w)|20\d\d\s{credit}(?!\w)|{source}\s?[:،-]){more}"),
        re.compile(rf"\s*{_MARK_OF_END}{{1,10}}\s*{end}\s*{_MARK_OF_END}{{1,10}}\s*\Z"),
    )


def _any_of(lines: str) -> str:
    phrases = {line.translate(_HAMZA) for line in lines.splitlines() if line.strip()}
    return (
        "(?:"
        + "|".join(
            r"\s".join(map(re.escape, phrase.split()))
            for phrase in sorted(phrases, key=len, reverse=True)
        )
        + ")"
    )
