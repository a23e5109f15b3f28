"""Phrases in which a verb is active: قَرَّرَ وَضْعَ حَدٍّ, حَذَّرَتْ دِرَاسَةٌ مِنْ.

Who does it is named, in a way that the weighed evidence does not see (Ryding 2005, chapter 38).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from briefing.text.tables import context
from briefing.text.vowels.later_words import later_object
from briefing.text.vowels.verb_surroundings import Surroundings, begins_clause
from briefing.text.words.clauses import new_agent, word_at
from briefing.text.words.noun_signs import is_feminine
from briefing.text.words.passives import (
    is_accusative,
    is_agent,
    is_listed,
    noun_kind,
    preposition_of,
)

__all__ = ["ACTIVE", "DEEMS"]

DEEMS = frozenset({"اعتبر", "عدّ"})
"""Verbs with a noun and its predicate: with that alone they are passive (Ryding 2005, 38.6)."""


def _decides(view: Surroundings) -> bool:
    """قَرَّرَ وَضْعَ حَدٍّ: who decides decides to do something."""
    return view.form.verb == "قرّر" and (view.is_feminine or noun_kind(view.following) == "thing")


def _has_done_before(view: Surroundings) -> bool:
    """سَبَقَ وَأَعْلَنَ: what somebody has done before."""
    return view.before == "سبق" and view.form.front == ("a",)


def _deems_that_it_is(view: Surroundings) -> bool:
    """تَعْتَبِرُ أَنَّهُ, تَعْتَبِرُ مِنَ الضَّرُورِيِّ: what somebody thinks of something."""
    if view.form.verb not in DEEMS:
        return False
    if _deems_him(view):
        return True
    if not view.preposition and any(begins_clause(view.words[at]) for at in view.clause):
        return True  # يَعْتَبِرُ قِسْمٌ مِنَ السُّكَّانِ أَنَّ
    if view.run and is_agent(view.following) and view.after_run in _WHERE_AND_WHEN:
        return True  # اِعْتَبَرَ الرَّئِيسُ فِي مُقَابَلَةٍ أَنَّ: what somebody is deemed follows him
    judged = view.second.removeprefix("ال") in context()["judgements"]
    return view.before_that or (view.following == "من" and judged and view.second[:2] == "ال")


_WHERE_AND_WHEN = frozenset({"في", "خلال", "أمس", "اليوم", "أثناء", "عقب", "بعد"})


def _deems_him(view: Surroundings) -> bool:
    """Return whether a name behind the perfect deems what follows: اِعْتَبَرَ بُوتِينُ الْقَرَارَ خَطَأً."""
    if view.form.imperfect or not view.second or view.following[:2] == "ال" or view.preposition:
        return False
    is_somebody = noun_kind(view.following) in ("unknown", "name", "agent")
    return is_somebody and not (is_accusative(view.following) or is_accusative(view.second))


def _states_act(view: Surroundings) -> bool:
    """فَرَضَتِ الْوِلَايَاتُ الْمُتَّحِدَةُ السِّرِّيَّةَ: the name is two words, and a third noun the object."""
    name = (view.following, view.second) == ("الولايات", "المتحدة")
    third = word_at(view.words, view.index + 3)
    is_other = third.startswith("ال") and not third.startswith(("الأمريك", "الأميرك"))
    ends = any(view.pauses[view.index : view.index + 3])
    return name and not ends and is_other and not is_listed(third, "times")


def _agent_holds(view: Surroundings) -> bool:
    """نَظَّمَتْ مُنَظَّمَةُ السَّلَامِ: somebody holds a meeting, and nobody holds somebody."""
    if view.form.verb not in ("نظّم", "عقد", "أعلن", "أصدر", "شنّ", "نفّذ", "وقّع", "فرض", "أجرى"):
        return False
    noun = view.following.removeprefix("ال")
    return is_agent(view.following) and view.is_feminine == is_feminine(noun)


def _partly(view: Surroundings) -> bool:
    """سَيُعَمِّقُ مِنَ الْأَزْمَةِ: "of" stands before a part of the object (Ryding 2005, 16.2)."""
    return view.form.verb in ("عمّق", "خفّف", "خفّض", "قلّل", "قلّص", "عزّز", "صعّد") and (
        view.form.imperfect
        and (view.following == "من" or (view.following in _WHICH and view.second == "من"))
    )


_WHICH = frozenset({"ذلك", "هذا", "هذه", "تلك"})


def _records(view: Surroundings) -> bool:
    """سَجَّلَ الْخَامُ أَعْلَى سِعْرٍ: what has a price records one."""
    return view.form.verb == "سجّل" and view.following in context()["has_price"]


def _reveals(view: Surroundings) -> bool:
    """كَشَفَ اسْتِطْلَاعٌ عَنْ تَرَاجُعِ, حَذَّرَتْ دِرَاسَةٌ مِنْ: what a report reveals and warns of."""
    return view.form.verb in ("كشف", "حذّر") and view.following in context()["reports"]


def _entrusts(view: Surroundings) -> bool:
    """أَوْكَلَتِ الْمَحْكَمَةُ إِلَى خَبِيرٍ مُهِمَّةً: who gives a task stands before to whom."""
    if view.form.verb not in ("أسند", "أوكل", "عهد") or not view.run:
        return False
    noun = view.following.removeprefix("ال")
    return is_agent(view.following) and view.is_feminine == is_feminine(noun)


def _counts_later(view: Surroundings) -> bool:
    """سَجَّلَ خِلَالَهَا وَاحِدًا وَعِشْرِينَ هَدَفًا: a number whose letters are of the accusative is the object."""
    if "2" in view.own or not _BEHIND_OWNER.fullmatch(view.following):
        return False
    return view.second in ("واحدا", "اثنين") or _TENS.fullmatch(view.second) is not None


_BEHIND_OWNER = re.compile("(?:ب|ل|في|من|إلي|علي|عن|مع|خلال|بعد|قبل|أمام|ضد)(?:ه|ها|هم|هما)")


def _pays(view: Surroundings) -> bool:
    """دَفَعَ ثَمَنَ أَخْطَائِهِ: the price of what is his is what he pays himself."""
    if view.form.verb != "دفع" or view.following not in ("ثمن", "ضريبة", "تكاليف"):
        return False
    return view.second.endswith("ها" if view.is_feminine else "ه")


def _frees(view: Surroundings) -> bool:
    """أَطْلَقَتْ سَرَاحَهُ: the noun is masculine, and so is the verb of its passive (4.2.1)."""
    return view.form.verb == "أطلق" and view.is_feminine and view.following.startswith("سراح")


def _costs(view: Surroundings) -> bool:
    """تُكَلِّفُ الرِّحْلَةُ عَشَرَاتِ الْمَلَايِينِ: what costs something does it."""
    if view.form.verb != "كلّف" or not view.form.imperfect or is_agent(view.following):
        return False
    return any(view.words[at] in context()["large_amounts"] for at in view.clause)


def _subject_before(view: Surroundings) -> bool:
    """أَنَّ الْوِزَارَةَ قَدَّمَتْ فِي مَارِسَ طَلَبًا: who does it before the verb, and its object later.

    كَانَ رَئِيسُ الْوُزَرَاءِ حَدَّدَ قَبْلَ اللِّقَاءِ شُرُوطًا.
    """
    if "2" in view.own or not _is_behind_its_subject(view):
        return False
    partly = view.following == "من" and view.second in ("عدد", "حجم", "قيمة", "نسبة")
    if is_listed(view.form.verb, "two_objects"):
        return partly
    pairs = [(view.words[at - 1], view.words[at]) for at in view.clause]
    counted = any(
        _TENS.fullmatch(word) and preposition_of(before) != before for before, word in pairs
    )
    counted = counted or is_listed(view.following, "before_counted")  # الْوِزَارَةُ تُسَجِّلُ خَمْسَ إِصَابَاتٍ
    written = later_object(view) == 1.0 and any(is_accusative(word) for _, word in pairs)
    return partly or counted or written


def _is_behind_its_subject(view: Surroundings) -> bool:
    """Return whether an agent of the verb's gender stands before it, with what belongs to it.

    Before them is the first word of the clause, أن or كان.
    """
    place = view.index - 1
    while place >= 0 and not view.pauses[place] and view.words[place].startswith("ال"):
        place -= 1
    if place >= 0 and not view.pauses[place] and not _BEFORE_SUBJECT.fullmatch(view.words[place]):
        place -= 1  # رَئِيسُ الْوُزَرَاءِ
    starts = place < 0 or view.pauses[place] or _BEFORE_SUBJECT.fullmatch(view.words[place])
    if not starts or place + 1 >= view.index or view.follows_relative:
        return False
    subject = view.words[place + 1]
    is_feminine_agent = is_feminine(subject.removeprefix("ال"))
    return is_agent(subject) and view.is_feminine == is_feminine_agent


_BEFORE_SUBJECT = re.compile("[وف]?[بل]?[أإ]ن|[وف]?لكن|[وف]?كانت?|بينما|فيما|حيث")


_TENS = re.compile("(?:عشر|ثلاث|أربع|خمس|ست|سبع|ثمان|تسع)ين")


def _objects_to_what(view: Surroundings) -> bool:
    """اِسْتَنْكَرَتِ الْجَمْعِيَّةُ مَا وَصَفَتْهُ بِالتَّضْيِيقِ: what somebody calls so is the object."""
    if view.preposition or view.before_that or is_listed(view.form.verb, "two_objects"):
        return False
    place = view.index + 2 + len(view.clause)  # a clause ends before "what"
    is_what = word_at(view.words, place) == "ما" and not view.pauses[place - 1]
    return is_what and _CALLS.fullmatch(word_at(view.words, place + 1)) is not None


_CALLS = re.compile(
    "(?:[يت]?(?:وصف|صف|عتبر|عد|سم)|اعتبر|سما|أسم|أسما)ت?(?:ه|ها|وه|ونه|اه|ته|ته)|[يت]سمى"
)


def _comes_upon(view: Surroundings) -> bool:
    """عَثَرَ رَاعٍ عَلَى قِطْعَةٍ: a passive of nobody has no noun right behind it (Wright II §133)."""
    if view.form.verb not in ("عثر", "أفرج", "أطاح", "اعتدى") or view.preposition:
        return False
    lists = ("times", "adverbs", "adverbials")
    is_when = any(is_listed(view.following, name) for name in lists)
    return bool(view.following) and not (is_when or is_accusative(view.following))


def _does_in_headline(view: Surroundings) -> bool:
    """شَرِكَةٌ نَاشِئَةٌ تُطَوِّرُ بَطَّارِيَّةً: in a headline somebody new stands first and does the verb."""
    agent = new_agent(view.words, view.index, view.pauses) if view.form.imperfect else ""
    if not agent or not view.following or view.preposition:
        return False
    return view.is_feminine == is_feminine(agent) and not is_listed(view.following, "times")


ACTIVE: Mapping[str, Callable[[Surroundings], bool]] = {
    "decides": _decides,
    "has_done_before": _has_done_before,
    "deems_that_it_is": _deems_that_it_is,
    "states_act": _states_act,
    "agent_holds": _agent_holds,
    "records": _records,
    "partly": _partly,
    "subject_before": _subject_before,
    "reveals": _reveals,
    "entrusts": _entrusts,
    "costs": _costs,
    "frees": _frees,
    "pays": _pays,
    "counts_later": _counts_later,
    "objects_to_what": _objects_to_what,
    "comes_upon": _comes_upon,
    "does_in_headline": _does_in_headline,
}
"""The name of each phrase, and whether a verb stands in it."""
