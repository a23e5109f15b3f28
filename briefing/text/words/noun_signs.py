"""Signs that a written word is a noun of our tables, or a plural."""

from __future__ import annotations

import re

from briefing.text.tables import context, nouns, people

__all__ = ["begins_with_own", "is_sound_plural"]


def begins_with_own(word: str) -> bool:
    """Return whether the first letter of a noun belongs to it and is no attached particle.

    >>> begins_with_own("بطارية"), begins_with_own("بدقة")
    (True, False)
    """
    lists = (context()["own_first_letter"], *nouns(), people())
    return any(form in listed for form in _other_forms(word) for listed in lists)


def is_sound_plural(word: str) -> bool:
    """Return whether a noun is a masculine plural in the nominative (Ryding 2005, 7.2.1).

    >>> is_sound_plural("المصابون"), is_sound_plural("القانون"), is_sound_plural("جرحى")
    (True, False, False)
    """
    stem = _BEFORE_STEM.sub("", word)
    return len(stem) > 4 and stem.endswith("ون") and stem not in context()["ends_in_n"]


_BEFORE_STEM = re.compile("^و?(?:ال)?(?=[^\\W]{4})")


def _other_forms(word: str) -> list[str]:
    """Return a noun and its forms in the tables, if any: كتابا كتاب, بوصة بوصات, بطاقتين بطاقة."""
    forms = [word]
    for ending, alternatives in _ENDINGS:
        if word.endswith(ending):
            forms += [word.removesuffix(ending) + other for other in alternatives]
    return forms


_ENDINGS = (
    ("ا", ("",)),
    ("ة", ("ات",)),
    ("ات", ("ة", "")),
    ("تين", ("ة",)),
    ("تان", ("ة",)),
    ("ين", ("",)),
    ("ان", ("",)),
)
