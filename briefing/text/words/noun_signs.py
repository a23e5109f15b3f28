"""Signs by which a written word is told to be a noun that our tables know."""

from __future__ import annotations

from briefing.text.tables import context, nouns, people

__all__ = ["begins_with_own"]


def begins_with_own(word: str) -> bool:
    """Return whether the first letter of a noun is its own and no attached particle.

    >>> begins_with_own("بطارية"), begins_with_own("بدقة")
    (True, False)
    """
    known = (context()["own_first_letter"], *nouns(), people())
    return any(form in listed for form in _other_forms(word) for listed in known)


def _other_forms(word: str) -> list[str]:
    """Return a noun and what it may be in the tables: كتابا كتاب, بوصة بوصات, بطاقتين بطاقة."""
    forms = [word]
    for ending, others in _ENDINGS:
        if word.endswith(ending):
            forms += [word.removesuffix(ending) + other for other in others]
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
