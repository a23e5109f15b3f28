"""Numbers that name the noun in front of them: القرار 1701, في الغرفة 25, البندين 2.1 و2.2.

Such a number counts nothing: it is masculine, the number's own name, and takes the case of its noun
as an apposition does (Hasan, an-Nahw al-Wafi, III § 123; Ryding, A Reference Grammar of Modern
Standard Arabic, 8.1.5).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from briefing.text.numbers import counted_nouns
from briefing.text.numbers.grammatical_case import noun_case
from briefing.text.pieces.sentence_in_progress import Line
from briefing.text.tables import context, kinds, nouns, plurals, scales, unit_pattern
from briefing.text.words.verb_signs import is_verb

__all__ = ["is_label", "label_case", "names_noun"]

_ARTICLE = re.compile("^[وف]?(?:لل|[بك]?ال)")
_MANY = (("تين", "ة"), ("تان", "ة"), ("ين", ""), ("ان", ""), ("ات", "ة"), ("ات", ""))
"""Endings of the dual and plural, and what their singular has: الغرفتين, القرارات."""


@lru_cache(maxsize=4096)
def _is_listed(noun: str) -> bool:
    """Return whether a definite noun, its dual or its plural is in the table of labels."""
    bare = _ARTICLE.sub("", noun)
    labels = context()["labels"]
    forms = [
        bare,
        *(
            bare.removesuffix(end) + singular_ending
            for end, singular_ending in _MANY
            if bare.endswith(end)
        ),
    ]
    return bare != noun and any(form in labels for form in forms)


def is_label(words: Sequence[str], *, latin: bool = False) -> bool:
    """Return whether a number after these words may name what they end with: القرار 1701.

    A definite noun after a verb is its subject, and the number counts: أصابت المسيرة 2 منزل.

    >>> is_label(["الرحلة"]), is_label(["أصابت", "المسيرة"]), is_label(["حضر"])
    (True, False, False)
    """
    if latin or not words:
        return latin
    last = words[-1]
    if last in ("رقم", "برقم", "رقمه", "رقمها") or last in context()["labels"] or _is_listed(last):
        return True
    return _ARTICLE.match(last) is not None and not is_verb("".join(words[-2:-1]))


def names_noun(line: Line, index: int, at: int) -> bool:
    """Return whether the number at a piece names the listed noun in front and counts nothing.

    index: the piece where the number's phrase begins, an attached particle included.

    >>> from briefing.text.normalisation.paragraph import spoken
    >>> spoken("في الغرفة 25 من الفندق"), spoken("دخلت الفرقة 3 مدن")
    ('في الغرفة خمسة وعشرين من الفندق', 'دخلت الفرقة ثلاث مدن')
    """
    words = line.before(index)
    if not words or index != at or line.pieces[at].gap == 2 or not _is_listed(words[-1]):
        return False
    behind = line.word(at + 1)
    if (
        behind in scales()
        or behind in ("%", "‰")
        or unit_pattern().match(line.text, line.pieces[at].end)
    ):
        return False  # تضخ المحطة 50 م3
    if line.kind(at + 1) != "arabic" or line.pieces[at + 1].gap != 1:
        return True
    if behind == "من":  # قتلت الفرقة 5 من الجنود
        return not is_verb("".join(words[-2:-1]))
    return not (counted_nouns.could_be_counted(behind) and _is_known(behind))


def _is_known(noun: str) -> bool:
    """Return whether a noun, or its accusative in ا, is in the tables of counted nouns."""
    singular = noun.removesuffix("ا")
    listed = (*nouns(), *kinds().values(), plurals())
    return any(form in table for form in (noun, singular) for table in listed) or noun.endswith(
        "ات"
    )


def label_case(line: Line, index: int, at: int, words: Sequence[str]) -> str:
    """Return the case that a number takes from the listed noun that it names, else ""."""
    return noun_case(words[-1], words[:-1]) if names_noun(line, index, at) else ""
