"""Evidence of a verb's voice in phrases that news has every day: قَرَّرَ وَضْعَ, يُقَدَّرُ عَدَدُهُمْ.

Who does it is not named, or has been named before (Ryding 2005, chapter 38; Wright II §133). Each
phrase is proof of a voice: verb_voice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from briefing.text.tables import context
from briefing.text.vowels.later_words import later_object
from briefing.text.vowels.verb_surroundings import Surroundings, begins_clause
from briefing.text.words.clauses import new_agent, word_at
from briefing.text.words.noun_signs import is_feminine, is_like_adjective
from briefing.text.words.passives import (
    is_accusative,
    is_agent,
    is_listed,
    noun_kind,
    preposition_of,
)

__all__ = ["DEEMS", "IDIOMS_OF_ACTIVE", "IDIOMS_OF_PASSIVE", "of_idiom"]

_LIKELY = 0.5
"""The least chance of an object that is taken for one."""

DEEMS = frozenset({"اعتبر", "عدّ"})
"""Verbs with a noun and its predicate: with that alone they are passive (Ryding 2005, 38.6)."""


def of_idiom(view: Surroundings) -> Iterator[tuple[str, float]]:
    """Yield the names of the phrases that a verb stands in, each with 1.0."""
    for phrase in (*IDIOMS_OF_ACTIVE, *IDIOMS_OF_PASSIVE):
        if _PHRASES[phrase](view):
            yield phrase, 1.0


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
    judged = view.second.removeprefix("ال") in context()["judgements"]
    return view.before_that or (view.following == "من" and judged and view.second[:2] == "ال")


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
        view.following == "من" and view.form.imperfect
    )


def _records(view: Surroundings) -> bool:
    """سَجَّلَ الْخَامُ أَعْلَى سِعْرٍ: what has a price records one."""
    return view.form.verb == "سجّل" and view.following in context()["has_price"]


def _reveals(view: Surroundings) -> bool:
    """كَشَفَ اسْتِطْلَاعٌ عَنْ تَرَاجُعِ: what a report reveals."""
    return view.form.verb == "كشف" and view.following in context()["reports"]


def _costs(view: Surroundings) -> bool:
    """تُكَلِّفُ الرِّحْلَةُ عَشَرَاتِ الْمَلَايِينِ: what costs something does it."""
    if view.form.verb != "كلّف" or not view.form.imperfect or is_agent(view.following):
        return False
    return any(view.words[at] in context()["large_amounts"] for at in view.clause)


def _subject_before(view: Surroundings) -> bool:
    """أَنَّ الْوِزَارَةَ قَدَّمَتْ فِي مَارِسَ طَلَبًا: who does it before the verb, and its object later."""
    place = view.index - 2
    if place < 0 or view.pauses[place] or view.pauses[place + 1] or "2" in view.own:
        return False
    if not _THAT.fullmatch(view.words[place]) or view.before[:2] != "ال":
        return False
    if not is_agent(view.before) or view.is_feminine != is_feminine(view.before[2:]):
        return False
    partly = view.following == "من" and view.second in ("عدد", "حجم", "قيمة", "نسبة")
    if is_listed(view.form.verb, "two_objects"):
        return partly
    pairs = [(view.words[at - 1], view.words[at]) for at in view.clause]
    counted = any(
        _TENS.fullmatch(word) and preposition_of(before) != before for before, word in pairs
    )
    written = later_object(view) == 1.0 and any(is_accusative(word) for _, word in pairs)
    return partly or counted or written


_THAT = re.compile("[وف]?[بل]?[أإ]ن")


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


def _is_written_there(view: Surroundings) -> bool:
    """لَافِتَاتٍ كُتِبَ عَلَيْهَا: what is written on something."""
    there = view.following in ("عليه", "عليها", "عليهما")
    return there and view.form.verb in ("كتب", "نقش", "طبع", "رسم") and not view.form.imperfect


def _is_estimated(view: Surroundings) -> bool:
    """يُقَدَّرُ عَدَدُهُمْ بِأَلْفٍ: an amount is estimated at another."""
    if view.form.verb != "قدّر" or not view.form.imperfect:
        return False
    amount = re.sub("^ال|(?:ه|ها|هم)$", "", view.following)
    amount = f"{amount[:-1]}ة" if amount.endswith("ت") else amount
    behind = view.words[view.index + 2 : view.index + 2 + _SIGHT]
    return amount in context()["amounts"] and any(preposition_of(word) == "ب" for word in behind)


_SIGHT = 6
"""So many words may stand between an amount and what it is estimated at."""


def _is_done_every(view: Surroundings) -> bool:
    """الَّذِي يُجَدَّدُ كُلَّ سَنَةٍ: what is done every year has nobody who does it in its clause."""
    every = view.following == "كل" and view.follows_relative and view.form.imperfect
    time = view.second in context()["periods"] or (
        is_listed(view.second, "before_counted") and _third(view) in context()["counted_periods"]
    )
    return every and time and not view.has_subject_inside


def _third(view: Surroundings) -> str:
    return word_at(view.words, view.index + 3)


def _is_held(view: Surroundings) -> bool:
    """سَتُعْقَدُ جَلْسَةٌ, يُتَوَقَّعُ أَنْ يُعْقَدَ اللِّقَاءُ: behind a first verb of its gender a meeting is held.

    Nobody has been named who would hold it.
    """
    expected = view.before == "أن" and view.words[max(0, view.index - 2)] in context()["expected"]
    first = view.index == 0 or view.before == "كما" or expected
    if not first or view.form.verb not in ("عقد", "نظّم") or not view.form.imperfect:
        return False
    noun = view.following.removeprefix("ال") if expected else view.following
    return noun in context()["meetings"] and view.is_feminine == is_feminine(view.following)


def _is_held_then(view: Surroundings) -> bool:
    """الْمُؤْتَمَرُ الَّذِي سَيُعْقَدُ نِهَايَةَ الْعَامِ: a meeting is held, and when or where follows."""
    if not view.follows_relative or view.form.verb not in ("عقد", "نظّم") or view.index < 2:
        return False
    head = view.words[view.index - 2].removeprefix("ال")
    then = is_listed(view.following, "times") or view.following in context()["parts_of_time"]
    return head in context()["meetings"] and (then or view.preposition in ("في", "ب"))


def _is_best(view: Surroundings) -> bool:
    """يُعْتَبَرُ الْحِزْبُ أَكْبَرَ الْأَحْزَابِ: what something is deemed is a superlative."""
    if view.form.verb not in DEEMS or not view.form.imperfect or not view.run:
        return False
    noun, adjective = view.following[2:], view.second[2:]
    one_gender = is_feminine(noun) == is_feminine(adjective)
    if view.run > 1 and not (view.run == 2 and one_gender and is_like_adjective(adjective)):
        return False  # يَعْتَبِرُ النُّقَّادُ الرِّوَايَةَ أَفْضَلَ
    of_noun = word_at(view.words, view.index + 2 + view.run)
    superlative = view.after_run in context()["elatives"] or view.after_run in ("أول", "أولى")
    return superlative and not preposition_of(of_noun)


def _is_expected(view: Surroundings) -> bool:
    """مِنَ الْمُتَوَقَّعِ أَنْ يُعْلَنَ عَنِ النَّتَائِجِ: nobody is named who will."""
    place = view.index - 2
    if view.before != "أن" or place < 0 or view.pauses[place] or view.following != "عن":
        return False
    return view.words[place] in context()["expected"] and not view.is_feminine


def _is_found(view: Surroundings) -> bool:
    """عُثِرَ أَمْسِ عَلَى جُثَّةٍ: a verb of nobody, behind it when, and then its preposition."""
    if view.is_feminine or view.has_subject_inside or not is_listed(view.following, "times"):
        return False
    alone = view.index == 0 or _HE.fullmatch(view.before) is not None
    return alone and "!" + preposition_of(view.second) in view.own


_HE = re.compile("[بل]?[أإ]نه")


def _is_brought_to_hospital(view: Surroundings) -> bool:
    """أُدْخِلَ الْمُسْتَشْفَى سَبْعَةٌ."""
    return view.form.verb == "أدخل" and view.following == "المستشفى"


def _is_not_known(view: Surroundings) -> bool:
    """لَمْ تُعْرَفِ الْأَسْبَابُ, لَمْ يُعْرَفْ مَصِيرُهُمْ: what nobody knows."""
    if view.form.verb != "عرف" or view.before != "لم":
        return False
    return re.sub("^ال|(?:ه|ها|هم)$", "", view.following) in context()["not_known"]


def _is_closed_to(view: Surroundings) -> bool:
    """أُغْلِقَ الْمَعْبَرُ أَمَامَ الْمُسَافِرِينَ: a place is closed or opened to somebody."""
    if view.form.verb not in ("أغلق", "فتح") or not _is_alone(view) or is_agent(view.following):
        return False
    return view.after_run == "أمام"


def _has_complement_alone(view: Surroundings) -> bool:
    """أُرْغِمَ الطَّيَّارُ عَلَى الْهُبُوطِ, خُيِّرَ الْمُوَظَّفُونَ بَيْنَ: who is made to has no other object (23.3)."""
    if view.index or view.form.imperfect or not _is_alone(view):
        return False
    preposition = preposition_of(view.after_run) or view.after_run[:1]
    return f"{view.form.verb}:{preposition}" in context()["object_and_complement"]


def _is_entrusted(view: Surroundings) -> bool:
    """أُسْنِدَتْ إِلَيْهِ مُهِمَّةٌ, عُهِدَ إِلَى الشَّرِكَةِ بِصِيَانَةٍ: a task, behind to whom, that nobody gives."""
    if view.index or view.form.verb not in ("أسند", "أوكل", "عهد"):
        return False
    if view.following in ("إليه", "إليها", "إليهم"):
        return not (view.second.startswith("ال") or is_agent(view.second))
    return preposition_of(view.following) == "إلى" and later_object(view) < _LIKELY


def _is_lost(view: Surroundings) -> bool:
    """فُقِدَ عَشَرَاتُ الْمُهَاجِرِينَ: how many behind a first verb are who is missing."""
    if view.form.verb != "فقد" or view.index or view.form.imperfect or view.is_feminine:
        return False
    then = preposition_of(_third(view)) in ("بعد", "في", "إثر", "قبالة", "جراء")
    return view.following in context()["large_amounts"] and then


def _is_kept_secret(view: Surroundings) -> bool:
    """الَّذِي لَمْ يُكْشَفْ عَنِ اسْمِهِ: his name is not told."""
    if view.before != "لم" or view.is_feminine:
        return False
    if view.form.verb in ("أعلن", "كشف") and view.following in ("عنه", "عنها", "عنهم"):
        return True  # زِيَارَةٌ لَمْ يُعْلَنْ عَنْهَا
    if view.following != "عن":
        return False
    owned = re.sub("(?:ه|ها|هم)$", "", view.second)
    return owned != view.second and owned in context()["kept_secret"]


def _is_alone(view: Surroundings) -> bool:
    """Return whether one noun with the article follows, perhaps with its nisba: no object."""
    agrees = is_feminine(view.following[2:]) == is_feminine(view.second[2:])
    nisba = _NISBA.fullmatch(view.second) and noun_kind(view.second) == "unknown"
    return view.run == 1 or (view.run == 2 and agrees and nisba is not None)


_NISBA = re.compile("ال[^\\W]{3,}ية?")


def _is_done_regularly(view: Surroundings) -> bool:
    """تُصْرَفُ الرَّوَاتِبُ نِهَايَةَ كُلِّ شَهْرٍ, تُمْنَحُ الْجَائِزَةُ سَنَوِيًّا: a thing and when, and no object."""
    if view.index or not view.form.imperfect or not _is_alone(view) or is_agent(view.following):
        return False
    if view.after_run not in context()["regularly"]:
        return False
    place = view.index + 1 + view.run
    while word_at(view.words, place) and not view.pauses[place - 1]:
        word = view.words[place]
        times = context()["regularly"] | context()["periods"] | context()["counted_periods"]
        if word not in times:
            return word.startswith("ل") or bool(preposition_of(word))
        place += 1
    return True


def _is_resumed(view: Surroundings) -> bool:
    """تُسْتَأْنَفُ الدِّرَاسَةُ بَعْدَ الْعِيدِ: what stops and goes on is resumed, if no object follows it."""
    if view.form.verb != "استأنف" or not _is_alone(view) or later_object(view) > _LIKELY:
        return False
    then = is_listed(view.after_run, "times") or preposition_of(view.after_run)
    return (
        bool(then or not view.after_run)
        and view.following.removeprefix("ال") in context()["goes_on_again"]
    )


def _is_crowned(view: Surroundings) -> bool:
    """تُوِّجَ فَرِيقُ الرَّجَاءِ بِلَقَبِ الْبُطُولَةِ: who gets a title, and no object is named."""
    titles = [at for at in view.clause if view.words[at] in context()["titles_won"]]
    if view.form.verb != "توّج" or not titles or view.following.endswith(("ه", "ها", "هم")):
        return False
    before = range(view.index + 1, titles[0])  # تَوَّجَتِ اللَّجْنَةُ الْفَرِيقَ بِالْمِيدَالِيَّةِ
    return all(view.model.cases(at).accusative < _LIKELY for at in before)


def _is_put_in_a_state(view: Surroundings) -> bool:
    """وُضِعَتِ الْقُوَّاتُ فِي حَالَةِ تَأَهُّبٍ: who puts somebody into a state has him as an object."""
    place = view.index + 1 + view.run
    state = view.after_run == "في" and word_at(view.words, place + 1) == "حالة"
    return view.form.verb == "وضع" and view.run == 1 and state


_PHRASES = {
    "decides": _decides,
    "has_done_before": _has_done_before,
    "deems_that_it_is": _deems_that_it_is,
    "states_act": _states_act,
    "agent_holds": _agent_holds,
    "records": _records,
    "partly": _partly,
    "subject_before": _subject_before,
    "reveals": _reveals,
    "costs": _costs,
    "objects_to_what": _objects_to_what,
    "comes_upon": _comes_upon,
    "does_in_headline": _does_in_headline,
    "written_there": _is_written_there,
    "estimated": _is_estimated,
    "done_every": _is_done_every,
    "held": _is_held,
    "held_then": _is_held_then,
    "best": _is_best,
    "expected": _is_expected,
    "found": _is_found,
    "closed_to": _is_closed_to,
    "complement_alone": _has_complement_alone,
    "entrusted": _is_entrusted,
    "lost": _is_lost,
    "not_known": _is_not_known,
    "brought_to_hospital": _is_brought_to_hospital,
    "kept_secret": _is_kept_secret,
    "done_regularly": _is_done_regularly,
    "resumed": _is_resumed,
    "crowned": _is_crowned,
    "put_in_a_state": _is_put_in_a_state,
}
IDIOMS_OF_PASSIVE = tuple(_PHRASES)[tuple(_PHRASES).index("written_there") :]
IDIOMS_OF_ACTIVE = tuple(phrase for phrase in _PHRASES if phrase not in IDIOMS_OF_PASSIVE)
