"""Rules of case about the clause that describes an indefinite noun: شَرِكَةً تَصْنَعُ السَّيَّارَاتِ.

The noun has no genitive, and the verb behind it, of its gender, has its subject in the noun (Ryding
2005, 14.3). Each rule says how many times likelier it makes a case (case_view.CaseView.favour).
"""

from __future__ import annotations

import re

from briefing.text.tables import context
from briefing.text.vowels.case_view import (
    ACCUSATIVE,
    MOSTLY,
    NOMINATIVE,
    SURELY,
    VOWELS,
    CaseRule,
    CaseView,
)
from briefing.text.vowels.verbs_in_view import is_feminine_verb, may_be_verb, takes_object
from briefing.text.words.passives import (
    is_agent,
    is_listed,
    is_whole_time,
    noun_kind,
    preposition_of,
)

__all__ = ["CLAUSE_RULES"]


def _noun_before_its_clause(view: CaseView, index: int) -> None:
    """عِصَابَةٍ تُهَرِّبُ: before a verb a noun has no genitive, so it has tanwin (Ryding 2005, 8.1)."""
    noun = index - 1
    is_short = len(view.letters[index]) < _LONG_NAME  # بُحَيْرَةُ تَلَتْسُكُوِي
    is_verb = _describes(view, index) and (is_short or may_be_verb(view, index))
    if is_verb and view.readings[noun].written[-1:] in VOWELS:
        view.add_tanwin(noun)


_LONG_NAME = 6
"""Letters of a name that looks like a verb in ي."""


def _object_in_clause(view: CaseView, index: int) -> None:
    """شَرِكَةً تَصْنَعُ السَّيَّارَاتِ: the noun is the subject, so what follows the verb is the object.

    But خُطَّةٌ تَدْرُسُ الْحُكُومَةُ تَنْفِيذَهَا: a pronoun comes back to the noun, and who does it has
    the gender of the verb (Ryding 2005, 14.3.2).
    """
    verb = index - 1
    if not (view.follows(index) and view.begins_with_article(index)):
        return
    if not (_describes(view, verb) and takes_object(view, verb)):
        return
    is_subject = (
        is_agent(view.letters[index]) and view.is_feminine(index) and _comes_back(view, index)
    )
    view.favour(index, NOMINATIVE if is_subject else ACCUSATIVE, SURELY)


def _annexed_object_in_clause(view: CaseView, index: int) -> None:
    """أَدِلَّةً تُثْبِتُ تَوَرُّطَ الْمُتَّهَمِينَ: a masculine thing before its genitive is no feminine verb's subject.

    Ryding 2005, 4.2.1, 8.1, 14.3.
    """
    verb, genitive = index - 1, index + 1
    if not (view.follows(index) and view.follows(genitive) and view.is_noun(index)):
        return
    word = view.letters[index]
    if noun_kind(word) != "thing" or view.is_feminine(index) or view.is_broken_plural(index):
        return
    if view.begins_with_article(genitive) and _describes(view, verb):
        view.favour(index, ACCUSATIVE, SURELY)


def _object_in_relative(view: CaseView, index: int) -> None:
    """الَّذِي يُعَالِجُ الْمُصَابَ: without a pronoun that means him, "who" is the subject of the verb.

    So the noun behind it is the object (Ryding 2005, 14.2).
    """
    verb, relative = index - 1, index - 2
    if index < 2 or not (view.follows(index) and view.follows(verb)) or verb in view.passives:
        return
    if not view.begins_with_article(index) or not takes_object(view, verb):
        return
    if is_feminine_verb(view, verb) != _RELATIVES.get(view.letters[relative]):
        return
    if not _comes_back(view, index, ("ه", "ها", "هم")):
        view.favour(index, ACCUSATIVE, MOSTLY)
    elif is_agent(view.letters[index]):  # الَّذِي سَرَقَ اللُّصُوصُ سَيَّارَتَهُ
        view.favour(index, NOMINATIVE, MOSTLY)


_RELATIVES = {"الذي": False, "التي": True}
"""Relative pronouns, and whether they are feminine."""


def _describes(view: CaseView, verb: int) -> bool:
    """Return whether a word is a feminine verb whose clause describes the noun in ة before it."""
    noun = verb - 1
    if noun < 0 or not view.follows(verb) or verb in view.passives:
        return False
    if not view.letters[noun].endswith("ة") or view.is_definite(noun) or not view.is_noun(noun):
        return False
    word = view.letters[noun].removeprefix("و")
    if is_whole_time(word) or is_listed(word, "adverbials") or word in context()["before_clauses"]:
        return False
    return _FEMININE_IMPERFECT.fullmatch(view.readings[verb].written) is not None


_FEMININE_IMPERFECT = re.compile(
    "ت(?:\u064e[^\\W](?:"
    "\u0652(?:ت.+|[^\\W][\u064e-\u0650][^\\W]|[^\\W]\u064e[^\\W]\u0650[^\\W])"  # تَصْنَعُ
    "|[\u064e-\u0650][^\\W]\u0651|\u0650ي?[^\\W]|\u064eا[^\\W]|\u064fو[^\\W]"  # تَضُمُّ, تَزُورُ
    ")|\u064f[^\\W](?:"
    "\u064e(?:[^\\W]\u0651|ا[^\\W])\u0650[^\\W]|\u0652.{2,}"  # تُهَرِّبُ, تُنْتِجُ
    "|\u0650ي[^\\W]|\u0650[^\\W]\u0651"  # تُقِيمُ, تُقِلُّ
    "))(?<!ة)\u064f"
    "|تَت\u064e[^\\W]\u064e(?:[^\\W]\u0651|ا[^\\W])\u064e[^\\W]\u064f"  # تَتَضَمَّنُ
    "|ت(?:[\u064e\u064f][^\\W]\u0652|\u064f[^\\W]\u064e).*(?:\u0650ي|\u064fو|\u064eى)"  # تَدْعُو
)


def _comes_back(view: CaseView, index: int, pronouns: tuple[str, ...] = ("ها",)) -> bool:
    """Return whether a pronoun of the clause means the noun that it describes: تَنْفِيذَهَا, فِيهَا."""
    for place in range(index + 1, min(len(view), index + _CLAUSE)):
        if not view.follows(place):
            return False
        if view.letters[place].endswith(pronouns) and not preposition_of(view.letters[place - 1]):
            return True
    return False


_CLAUSE = 4
"""So many words behind the verb a pronoun that means the noun may stand."""


CLAUSE_RULES: tuple[CaseRule, ...] = (
    _noun_before_its_clause,
    _object_in_clause,
    _annexed_object_in_clause,
    _object_in_relative,
)
"""In the order in which they run, each over the whole sentence."""
