"""Phrases in which a verb is passive: يُقَدَّرُ عَدَدُهُمْ, لَمْ يُعْلَنْ عَنْهُ.

Who does it is not named, or has been named before (Ryding 2005, chapter 38; Wright II §133).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from briefing.text.tables import context
from briefing.text.vowels.idioms_of_active import DEEMS
from briefing.text.vowels.later_words import later_object
from briefing.text.vowels.verb_surroundings import Surroundings
from briefing.text.words.clauses import word_at
from briefing.text.words.noun_signs import is_broken_plural, is_feminine, is_like_adjective
from briefing.text.words.passives import (
    is_agent,
    is_listed,
    noun_kind,
    preposition_of,
)

__all__ = ["PASSIVE"]

_LIKELY = 0.5
"""The least chance of an object that is taken for one."""


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


def _is_taken_to(view: Surroundings) -> bool:
    """نُقِلَ الْوَزِيرُ إِلَى الْمُسْتَشْفَى, أُدْخِلَ الْمُسْتَشْفَى سَبْعَةٌ: where somebody is taken, and no object."""
    if view.form.verb == "أدخل" and view.following == "المستشفى":
        return True
    if view.form.verb not in _MOVES or view.form.imperfect or not _is_alone(view):
        return False
    place = word_at(view.words, view.index + 2 + view.run).removeprefix("ال")
    to_place = view.after_run == "إلى" and place in context()["taken_to"]
    return to_place and later_object(view) < _LIKELY


def _is_freed(view: Surroundings) -> bool:
    """أُطْلِقَ سَرَاحُهُ: a first verb, so that nobody has been named who would do it."""
    first = view.opens and not (view.is_feminine or view.form.imperfect)
    if view.form.verb != "أطلق" or not first or not view.following.startswith("سراح"):
        return False
    return not view.second.endswith(("ه", "هم"))  # وَأَطْلَقَ سَرَاحَ صَدِيقِهِ


def _is_let(view: Surroundings) -> bool:
    """السُّفُنُ لَنْ يُسْمَحَ لَهَا بِالدُّخُولِ: nobody is named who would let them."""
    if view.form.verb != "سمح" or view.is_feminine or view.before not in ("لم", "لن", "لا"):
        return False
    return view.following in ("لها", "لهن") and view.second[:1] == "ب" and _topic_is_hers(view)


def _topic_is_hers(view: Surroundings) -> bool:
    """Return whether the sentence begins with a feminine or a plural of things, no "he"."""
    start = view.index
    while start and not view.pauses[start - 1]:
        start -= 1
    topic = view.words[start].removeprefix("و")
    stem = topic.removeprefix("ال")
    return topic != stem and (is_feminine(stem) or is_broken_plural(stem))


def _is_moved(view: Surroundings) -> bool:
    """نُقِلَ الْجُنُودُ الَّذِينَ أُصِيبُوا إِلَى الْمُسْتَشْفَى: who is moved, more of him, and where to."""
    relative = view.index + 2
    if view.form.verb not in _MOVES or view.form.imperfect or view.run != 1:
        return False
    if view.pauses[view.index + 1] or word_at(view.words, relative) not in _WHO:
        return False
    behind = range(relative + 2, min(relative + _SIGHT + 3, len(view.words)))
    return any(view.words[at] == "إلى" and not any(view.pauses[relative:at]) for at in behind)


_MOVES = frozenset({"نقل", "أحال", "أعاد", "سلّم", "رحّل", "أدخل", "اقتاد"})
_WHO = frozenset({"الذي", "التي", "الذين", "اللذان", "اللتان"})


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
    if view.form.verb == "توّج" and view.run == 1 and view.second in _CROWNED_AS:
        return True  # تُوِّجَ الْأَمِيرُ مَلِكًا
    if view.form.verb != "توّج" or not titles or view.following.endswith(("ه", "ها", "هم")):
        return False
    before = range(view.index + 1, titles[0])  # تَوَّجَتِ اللَّجْنَةُ الْفَرِيقَ بِالْمِيدَالِيَّةِ
    return all(view.model.cases(at).accusative < _LIKELY for at in before)


_CROWNED_AS = frozenset("ملكا ملكة بطلا بطلة إمبراطورا سلطانا وصيفا".split())


def _is_put_in_a_state(view: Surroundings) -> bool:
    """وُضِعَتِ الْقُوَّاتُ فِي حَالَةِ تَأَهُّبٍ: who puts somebody into a state has him as an object."""
    place = view.index + 1 + view.run
    state = view.after_run == "في" and word_at(view.words, place + 1) == "حالة"
    return view.form.verb == "وضع" and view.run == 1 and state


PASSIVE: Mapping[str, Callable[[Surroundings], bool]] = {
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
    "taken_to": _is_taken_to,
    "let": _is_let,
    "freed": _is_freed,
    "moved": _is_moved,
    "kept_secret": _is_kept_secret,
    "done_regularly": _is_done_regularly,
    "resumed": _is_resumed,
    "crowned": _is_crowned,
    "put_in_a_state": _is_put_in_a_state,
}
"""The name of each phrase, and whether a verb stands in it."""
