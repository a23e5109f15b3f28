"""Signs that a written word is a verb: our lists of verbs, or its letters."""

from __future__ import annotations

import re
from functools import cache

from briefing.text.tables import context, verbs

__all__ = ["all_verbs", "is_verb", "looks_like_verb", "without_and", "without_particle"]

# verbs that are in no list: the feminine perfect, the imperfect with ي, the future
_VERB = re.compile(r"[^\W]{2,}[^\Wاةو]ت|(?:سي|ست|ي)[^\W]{2,5}(?<!ة)(?<!ية)(?<!ين)(?<!ات)")


def without_particle(verb: str) -> str:
    """Return a verb's letters without و, ف and س before it."""
    return re.sub("^[وف](?=[^\\W]{3})|^[وف]?س(?=[يت])", "", verb)


def without_and(word: str, listed: frozenset[str]) -> str:
    """Return a word without the conjunction و or ف if only the rest of it is listed."""
    if word not in listed and len(word) > 2 and word[0] in "وف" and word[1:] in listed:
        return word[1:]
    return word


@cache
def all_verbs() -> frozenset[str]:
    """Return every verb form in the tables."""
    return verbs("subject") | verbs("object") | verbs("transitive") | verbs("visits")


def is_verb(word: str) -> bool:
    """Return whether a word is a verb of the tables, or has a verb's letters.

    >>> is_verb("قدمت"), is_verb("في")
    (True, False)
    """
    return without_and(word, all_verbs()) in all_verbs() or looks_like_verb(word)


def looks_like_verb(word: str) -> bool:
    """Return whether a word that is in no list has the letters of a verb."""
    word = word.removeprefix("و") if len(word) > 4 else word
    return (
        len(word) > 3
        and _VERB.fullmatch(word) is not None
        and not word.startswith(("ال", "بال", "لل"))
        and word not in context()["no_verbs"]
    )
