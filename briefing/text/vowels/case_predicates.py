"""Rules of case for predicates: what something was, became or is deemed is accusative.

Ryding 2005, 7.5.3. Each rule says how many times likelier it makes a case
(case_view.CaseView.favour).
"""

from __future__ import annotations

import re

from briefing.text.tables import context
from briefing.text.vowels.case_view import ACCUSATIVE, MOSTLY, TANWIN, CaseRule, CaseView
from briefing.text.vowels.verbs_in_view import DEEMED, is_feminine_verb

__all__ = ["PREDICATE_RULES", "is_ordinal"]


def is_ordinal(view: CaseView, index: int) -> bool:
    """Return whether "the first" numbers the noun before it: كَانَ الْمَرْكَزُ الْأَوَّلُ."""
    nouns = context()["ordinal_masculine"] | context()["ordinal_feminine"]
    return view.letters[index] in ("الأول", "الأولى") and view.letters[index - 1] in nouns


def _predicate_of_deemed(view: CaseView, index: int) -> None:
    """يُعَدُّ هَذَا الْهُجُومُ الْأَعْنَفَ: what something is deemed or was is accusative.

    Ryding 2005, 7.5.3.3.
    """
    if not (view.follows(index) and view.begins_with_article(index) and index > 1):
        return
    if not _SUPERLATIVE.fullmatch(view.letters[index]) or not view.begins_with_article(index - 1):
        return
    if is_ordinal(view, index):
        return
    place = index - 2
    if view.follows(index - 1) and view.letters[place] in ("هذا", "هذه") and view.follows(place):
        place -= 1
    if view.follows(place + 1) and DEEMED.fullmatch(view.letters[place]):
        view.favour(index, ACCUSATIVE, MOSTLY)


_SUPERLATIVE = re.compile(
    "ال(?:أ(?!ساس|حمد|مير|خير)[^\\W]{3}|أول|أولى|كبرى|عليا|أقوى|أعلى|أشد|أقل)"
)


def _predicate_behind_relative(view: CaseView, index: int) -> None:
    """الَّتِي تُعَدُّ وَاحِدَةً مِنْ: the subject is the relative's noun, so what follows is the predicate.

    So is a feminine noun behind a masculine verb: يُعَدُّ تُحْفَةً (Ryding 2005, 4.2.1, 7.5.3.3, 14.2).
    """
    if not view.follows(index) or not DEEMED.fullmatch(view.letters[index - 1]):
        return
    is_relative = index > 1 and view.follows(index - 1) and view.letters[index - 2] in _SUBJECTS
    disagrees = view.letters[index].endswith("ة") and not is_feminine_verb(view, index - 1)
    if not (is_relative or disagrees):
        return
    if view.is_noun(index) and view.readings[index].written[-1:] in TANWIN:
        view.favour(index, ACCUSATIVE, MOSTLY)


_SUBJECTS = frozenset(
    "الذي التي وهو وهي أنه أنها إنه إنها لأنه لأنها بأنه بأنها لكنه لكنها".split()
)


PREDICATE_RULES: tuple[CaseRule, ...] = (_predicate_of_deemed, _predicate_behind_relative)
"""In the order in which they run, each over the whole sentence."""
