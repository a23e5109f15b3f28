"""Rules of case about two of a thing, and about the adjectives of two (Ryding 2005, 5.1, 7.1, 8.1).

They run before the rules of adjectives, which would take the genitive for what is described.
"""

from __future__ import annotations

import re

from briefing.text.vowels.case_adjectives import follow
from briefing.text.vowels.case_view import ACCUSATIVE, GENITIVE, SURELY, CaseRule, CaseView
from briefing.text.words.passives import preposition_of

__all__ = ["DUAL_RULES"]


def _genitive_of_two(view: CaseView, index: int) -> None:
    """بَيْنَ فَرِيقَيِ الْأَهْلِيِّ وَالزَّمَالِكِ: what two are of is genitive, each of them (Ryding 2005, 8.1)."""
    is_head = not view.is_definite(index)
    if not view.follows(index) or (is_head and not view.is_noun(index)):
        return
    joined = index > 1 and view.letters[index].startswith("وال") and view.follows(index - 1)
    two = index - 2 if joined else index - 1
    written = view.readings[two].written
    two_of = len(view.letters[two]) > 3 and _TWO_OF.search(written)
    many_of = (
        not (joined or is_head) and _MANY_OF.fullmatch(view.letters[two]) and written.endswith(_II)
    )
    if two_of or many_of:  # نَازِحِي الْمَدِينَةِ
        view.favour(index, GENITIVE, SURELY)


_II = "\u0650ي"
_MANY_OF = re.compile("(?![يت])(?:م[^\\W]{3,}|[^\\W]ا[^\\W]{2})ي")
_TWO_OF = re.compile("\u064eي[\u0650\u0652]?$")


def _adjectives_of_dual(view: CaseView, index: int) -> None:
    """الْوَزِيرَيْنِ الْفَرَنْسِيَّ وَالْأَلْمَانِيَّ: one adjective for each of two (Ryding 2005, 5.1, 10.1).

    Without the article only in the genitive: an accusative would have an alif.
    """
    before, after = index - 1, index + 1
    if not (
        view.follows(index) and view.follows(after) and _DUAL.search(view.readings[before].written)
    ):
        return
    is_definite = view.begins_with_article(before)
    adjective = _DEFINITE_NISBA if is_definite else _NISBA
    first, second = view.letters[index], view.letters[after]
    if second[0] != "و" or not (adjective.fullmatch(first) and adjective.fullmatch(second[1:])):
        return
    if not is_definite and not (before and preposition_of(view.letters[before - 1])):
        return
    chances = view.chances(index)
    case = GENITIVE if chances[GENITIVE] > chances[ACCUSATIVE] else ACCUSATIVE
    view.favour(index, case if is_definite else GENITIVE, SURELY)
    follow(view, index, after)


_DUAL = re.compile("\u064eي\u0652ن\u0650$")
_DEFINITE_NISBA = re.compile("ال[^\\W]{2,}ية?")
_NISBA = re.compile("(?!ال)[^\\W]{3,}ية?")


"""إِحَالَة, إِقَالَة: of verbs whose second radical is weak (Ryding 2005, 26.4)."""


DUAL_RULES: tuple[CaseRule, ...] = (
    _genitive_of_two,
    _adjectives_of_dual,
)
"""In the order in which they run, each over the whole sentence."""
