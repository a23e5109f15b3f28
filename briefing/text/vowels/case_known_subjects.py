"""Rules of case for subjects that a certain word tells: لَاحَظَتْ مَصَادِرُ, يَتِمُّ حَتَّى الْآنَ طَلَبُ.

Each rule says which words it knows so, and how many times likelier it makes the nominative
(case_view.CaseView.favour).
"""

from __future__ import annotations

import re

from briefing.text.tables import context
from briefing.text.vowels.case_subjects import PLACES
from briefing.text.vowels.case_view import (
    ACCUSATIVE,
    GENITIVE,
    MOSTLY,
    NOMINATIVE,
    SURELY,
    VOWELS,
    CaseRule,
    CaseView,
)
from briefing.text.vowels.verbs_in_view import is_feminine_verb, opens_clause
from briefing.text.words.noun_signs import is_like_adjective
from briefing.text.words.passives import is_listed, noun_kind, preposition_of

__all__ = ["KNOWN_SUBJECT_RULES"]


def _behind_elative_or_form_iv(view: CaseView, index: int) -> None:
    """أَشْهَرَ الْحَكَمُ الْبِطَاقَةَ, أَشْهَرُ الشُّعَرَاءِ: a verb with the letters of an elative, or one.

    The verb, which ends in a, has its subject and object behind it (Ryding 2005, 7.5.1.1);
    "the most", which is nominative at the beginning of a clause, a genitive (10.5).
    """
    verb, following = index - 1, index + 1
    if not view.follows(index) or not view.begins_with_article(index):
        return
    if view.letters[verb].removeprefix("و") not in context()["like_elatives"]:
        return
    if view.readings[verb].written.endswith("\u064f"):
        if not view.follows(verb):
            view.favour(index, GENITIVE, SURELY)
            _favour_adjective(view, following, GENITIVE)
    elif opens_clause(view, verb):
        view.settle(index, NOMINATIVE, (1.0, 0.0, 0.0))
        if view.follows(following) and not preposition_of(view.letters[following]):
            is_adjective = _favour_adjective(view, following, NOMINATIVE)
            if not is_adjective:
                view.favour(following, ACCUSATIVE, MOSTLY)
            if not is_adjective and view.begins_with_article(following):
                _favour_adjective(view, following + 1, ACCUSATIVE)


def _favour_adjective(view: CaseView, index: int, case: int) -> bool:
    """Favour the case of a definite adjective, and return whether it is one."""
    if not view.follows(index) or not view.begins_with_article(index):
        return False
    if not is_like_adjective(view.letters[index].removeprefix("ال")):
        return False
    view.favour(index, case, SURELY)
    return True


def _newest_report(view: CaseView, index: int) -> None:
    """أَوْضَحَ أَحْدَثُ تَقْرِيرٍ: "the newest" behind a verb that shows something is its subject (4.2.1)."""
    if not view.follows(index) or view.letters[index] not in ("أحدث", "آخر", "أول"):
        return
    if not (view.follows(index + 1) and view.letters[index + 1] in context()["reports"]):
        return
    if _SHOWS.fullmatch(view.letters[index - 1]) and view.readings[index].written[-1:] in VOWELS:
        view.settle(index, NOMINATIVE, (1.0, 0.0, 0.0))


_SHOWS = re.compile("[وف]?س?(?:أوضح|أظهر|كشف|أكد|بين|ذكر|[يت]?ظهر|[يت]كشف)ت?")


def _sources_say(view: CaseView, index: int) -> None:
    """لَاحَظَتْ مَصَادِرُ دِبْلُومَاسِيَّةٌ: sources and circles behind a feminine verb are its subject (4.2.1)."""
    verb, following = index - 1, index + 1
    if view.letters[index] not in context()["sources"] or not view.follows(index):
        return
    if verb in view.passives or not view.letters[verb].endswith("ت"):
        return
    if preposition_of(view.letters[verb]) or not is_feminine_verb(view, verb):
        return
    view.settle(index, NOMINATIVE, (1.0, 0.0, 0.0))
    while view.follows(following) and is_like_adjective(view.letters[following]):
        view.favour(following, NOMINATIVE, SURELY)
        following += 1


def _what_is_done(view: CaseView, index: int) -> None:
    """لَمْ يَتِمَّ حَتَّى الْآنَ طَلَبُ عَبَاءَةٍ: what is done is the subject, behind an adverb, too (4.2.1)."""
    verb = index - 1
    while verb >= 0 and view.follows(verb + 1) and view.letters[verb] in _MEANWHILE:
        verb -= 1
    if verb < 0 or not view.follows(verb + 1) or not _IS_DONE.fullmatch(view.letters[verb]):
        return
    word = view.letters[index]
    if preposition_of(word) or word in _MEANWHILE or is_listed(word, "times"):
        return
    is_noun = view.is_noun(index) or view.begins_with_article(index)
    if not is_noun or view.readings[index].written.endswith("\u064bا"):
        return
    if noun_kind(word) == "thing":
        view.settle(index, NOMINATIVE, (1.0, 0.0, 0.0))
    else:
        view.favour(index, NOMINATIVE, MOSTLY)


_IS_DONE = re.compile("[وف]?س?(?:تم|تمت|يتم|تتم)")
_MEANWHILE = frozenset("حتى الآن أيضا اليوم أمس بعد غدا الليلة هنا هناك فقط".split())


def _what_prevents(view: CaseView, index: int) -> None:
    """حَالَ الثَّلْجُ دُونَ وُصُولِ الْإِسْعَافِ: what comes between is the subject (Ryding 2005, 4.2.1)."""
    following = index + 1
    if not (view.follows(index) and view.follows(following)) or view.letters[following] != "دون":
        return
    is_noun = view.is_noun(index) or view.begins_with_article(index)
    if is_noun and _COMES_BETWEEN.fullmatch(view.letters[index - 1]):
        view.favour(index, NOMINATIVE, SURELY)


_COMES_BETWEEN = re.compile("[وف]?س?(?:حالت?|[يت]حول)")


def _enters_into_force(view: CaseView, index: int) -> None:
    """أَنْ يَدْخُلَ الْقَانُونُ حَيِّزَ التَّنْفِيذِ: what enters into force is the subject (Ryding 2005, 4.2.1)."""
    following = index + 1
    if not (view.follows(index) and view.follows(following)) or view.letters[following] != "حيز":
        return
    if view.begins_with_article(index) and _ENTERS.fullmatch(view.letters[index - 1]):
        view.favour(index, NOMINATIVE, SURELY)
        view.favour(following, ACCUSATIVE, SURELY)


_ENTERS = re.compile("[وف]?س?(?:دخلت?|[يت]دخل)")


def _spreads(view: CaseView, index: int) -> None:
    """عَمَّ الظَّلَامُ, سَادَ الْهُدُوءُ: what spreads over a place is the subject (Ryding 2005, 4.2.1)."""
    if not view.follows(index) or not view.begins_with_article(index):
        return
    if _SPREADS.fullmatch(view.letters[index - 1]) and view.letters[index] not in PLACES:
        view.favour(index, NOMINATIVE, MOSTLY)


_SPREADS = re.compile("[وف]?س?(?:عمت?|سادت?|خيمت?|[يت]عم|[يت]سود|[يت]خيم)")


KNOWN_SUBJECT_RULES: tuple[CaseRule, ...] = (
    _behind_elative_or_form_iv,
    _newest_report,
    _sources_say,
    _what_is_done,
    _what_prevents,
    _enters_into_force,
    _spreads,
)
"""In the order in which they run, each over the whole sentence."""
