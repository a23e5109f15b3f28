"""Lines that stand in an article and are no part of it: photo credits, "اقرأ أيضا".

The phrases are in data/reading.toml, table asides.
"""

from __future__ import annotations

import re
from functools import cache

from briefing.text.tables import reading_table

__all__ = ["is_aside"]

_HAMZA = str.maketrans("أإآؤئ", "اااوي")
_LONGEST_CREDIT = 90
"""Characters."""


def is_aside(text: str, *, whole: bool = True) -> bool:
    """Return whether a cleaned paragraph is a photo credit or points to another article.

    whole: False for one sentence of a paragraph, where an agency's name alone is no credit.

    >>> is_aside("اقرأ أيضا: خبر آخر"), is_aside("(رويترز)"), is_aside("قرأ أيضا كتابا")
    (True, True, False)
    """
    opening, credit = _patterns()
    folded = text[:_LONGEST_CREDIT].translate(_HAMZA)
    if opening.match(folded):
        return True
    return whole and len(text) <= _LONGEST_CREDIT and credit.match(folded) is not None


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the pattern of an aside's beginning and the pattern of a line of credits."""
    table = reading_table()["asides"]
    opening, label, credit, source, named = (
        _any_of(table[name]) for name in ("opening", "label", "credit", "source", "named")
    )
    more = rf"(?:\W|_|(?:و?(?:{credit}|{named}))(?!\w)|(?<!\d)20\d\d(?!\d)){{0,40}}\Z"
    return (
        re.compile(rf"\W{{0,10}}(?:{opening}(?!\w)|{label}\s?(?:[:،|–—-]|\W{{0,10}}\Z))"),
        re.compile(rf"\W{{0,10}}(?:{credit}(?!\w)|20\d\d\s{credit}(?!\w)|{source}\s?[:،-]){more}"),
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
