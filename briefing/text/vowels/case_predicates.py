"""Rules of case for predicates: what something was, became or is deemed is accusative.

Ryding 2005, 7.5.3. Each rule says how many times likelier it makes a case
(case_view.CaseView.favour).
"""

from __future__ import annotations

import re

from briefing.text.tables import context
from briefing.text.vowels.case_view import (
    ACCUSATIVE,
    GENITIVE,
    MOSTLY,
    NOMINATIVE,
    TANWIN,
    CaseRule,
    CaseView,
)
from briefing.text.vowels.verbs_in_view import DEEMED, is_feminine_verb, is_woman
from briefing.text.words.passives import is_agent, is_listed, is_name, preposition_of

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


def _subject_behind_there(view: CaseView, index: int) -> None:
    """كَانَ هُنَاكَ الْيَوْمَ حَاجَةٌ: what is there is the subject, behind an adverb, too; أَنَّ هُنَاكَ حَاجَةً.

    Ryding 2005, 4.1.3.2, 7.5.3.3; 19.1 for what follows أَنَّ.
    """
    if not view.follows(index) or not view.letters[index].endswith("ة") or view.is_definite(index):
        return
    place = index - 1
    while place > max(0, index - _ADVERBS) and view.follows(place) and _is_adverb(view, place):
        place -= 1
    if view.letters[place] not in _THERE:
        return
    particle = view.letters[place - 1] if place and view.follows(place) else ""
    case = ACCUSATIVE if _EMPHATIC.fullmatch(particle) else NOMINATIVE
    if view.is_noun(index) and view.case(index) != GENITIVE:
        view.favour(index, case, MOSTLY)


_THERE = frozenset(("هناك", "هنالك", "ثمة"))
_ADVERBS = 3
"""So many words may stand between "there" and what is there, and itself."""
_EMPHATIC = re.compile("[وف]?[بل]?(?:[أإ]ن|كأن|لكن|ليت|لعل)")


def _is_adverb(view: CaseView, index: int) -> bool:
    word = view.letters[index]
    return is_listed(word, "times") or is_listed(word, "adverbs") or word in _ADVERBIAL


_ADVERBIAL = frozenset(("بالفعل", "حتى", "دائما", "بالتأكيد", "بالطبع", "أيضا", "دوما"))


def _predicate_of_title(view: CaseView, index: int) -> None:
    """السَّيِّدَةُ مِيرْكِلْ مُقْتَنِعَةٌ: behind a title and its name at the beginning stands the predicate.

    Without a verb before it nothing makes it accusative (Ryding 2005, 4.1.2, 7.5.1.2).
    """
    name, title = index - 1, index - 2
    if title < 0 or not (view.follows(index) and view.follows(name)) or view.follows(title):
        return
    if not (view.begins_with_article(title) and is_agent(view.letters[title])):
        return
    if view.is_definite(name) or not is_name(view.letters[name]):
        return
    word = view.letters[index]
    if view.is_definite(index) or word.endswith("ة") != is_woman(view, title):
        return
    if view.is_noun(index) and view.readings[index].written.endswith("\u064b"):
        view.favour(index, NOMINATIVE, MOSTLY)


def _participle_without_alif(view: CaseView, index: int) -> None:
    """أَنَّ الْوَضْعَ آمِنٌ: a word like آمِن has no accusative without genitive and alif.

    Before a pause or a preposition it would have the tanwin's alif (Ryding 2005, 2.2.4, 7.5.1).
    """
    if index == 0 or not view.follows(index) or not view.is_definite(index - 1):
        return
    after = view.letters[index + 1] if view.follows(index + 1) else ""
    if not _ACTIVE_PARTICIPLE.fullmatch(view.readings[index].written) or view.is_definite(index):
        return
    word = view.letters[index]
    if (
        (after and preposition_of(after) != after)
        or preposition_of(word)
        or _is_adverb(view, index)
    ):
        return
    if view.shows_case(index):
        view.make_nominative(index)


_ACTIVE_PARTICIPLE = re.compile("(?:[^\\Wا]\u064eا|آ)[^\\W]\u0650[^\\W]\u064e")


PREDICATE_RULES: tuple[CaseRule, ...] = (
    _predicate_of_deemed,
    _predicate_behind_relative,
    _subject_behind_there,
    _predicate_of_title,
    _participle_without_alif,
)
"""In the order in which they run, each over the whole sentence."""
