"""Evidence of a verb's voice by what it and the nouns behind it say together."""

from __future__ import annotations

import re
from collections.abc import Iterator

from briefing.text.tables import context, verbs
from briefing.text.vowels.idioms_of_active import DEEMS
from briefing.text.vowels.later_words import later_object, noun_behind_preposition, words_after
from briefing.text.vowels.verb_surroundings import Surroundings
from briefing.text.words.clauses import word_at
from briefing.text.words.noun_signs import (
    is_broken_plural,
    is_feminine,
    is_feminine_thing,
    is_like_adjective,
    is_plural_subject,
    is_sound_plural,
)
from briefing.text.words.passives import (
    WITH_PRONOUN,
    is_accusative,
    is_agent,
    is_agent_with_genitive,
    is_listed,
    noun_kind,
    preposition_of,
)
from briefing.text.words.verb_signs import without_particle

__all__ = ["of_phrase"]

_INDEFINITE = re.compile("(?!ال)[^\\W]{3,}ة")


def of_phrase(view: Surroundings) -> Iterator[tuple[str, float]]:
    """Yield what verb and noun say together: what something is deemed or named, what is gained."""
    if view.form.imperfect and view.form.verb in DEEMS:
        predicate = is_accusative(view.following) and not is_listed(view.following, "adverbs")
        relative = view.follows_relative and _INDEFINITE.fullmatch(view.following) is not None
        predicate = predicate or view.following in ("أحد", "إحدى")
        predicate = predicate or (relative and not preposition_of(view.following))
        yield "predicate_follows", float(predicate)  # الْإِدْمَانُ الَّذِي يُعْتَبَرُ مُشْكِلَةً
    if WITH_PRONOUN.fullmatch(view.following) and is_listed(view.second, "names_given"):
        yield "given_name", 1.0
    if is_listed(view.form.verb, "gains") and is_listed(view.following, "gained"):
        yield "gains", 1.0  # شَغَلَتْ مَنْصِبَ الْوَزِيرَةِ
    yield "thing_done", float(_is_thing_done(view))
    yield "thing_first", float(_is_thing_first(view))
    yield "who_does_it", float(_is_who_does_it(view))
    yield "own_object", float(_has_own_object(view))
    yield "pair_before_object", float(_is_pair_before_object(view))
    yield from _of_subject_and_object(view)


def _is_thing_done(view: Surroundings) -> bool:
    """Return whether a thing after أن is the subject, and no object follows: أَنَّ الْجَائِزَةَ سَتُمْنَحُ.

    What nothing does without an object is done to it: the passive (Ryding 2005, 38.1).
    """
    place = view.index - 2
    if place < 0 or view.pauses[place] or view.pauses[place + 1] or view.before_that:
        return False
    if not _THAT.fullmatch(view.words[place]) or not view.before.startswith("ال"):
        return False
    if noun_kind(view.before) != "thing" or is_listed(view.form.verb, "done_by_things"):
        return False
    ends = not view.following or is_listed(view.following, "times")
    governed = view.preposition and view.preposition not in view.complements
    return bool((ends or governed) and view.form.verb not in _BEGINS and later_object(view) < _HALF)


def _is_thing_first(view: Surroundings) -> bool:
    """Return whether a first verb has a thing alone behind it: نُقِلَتِ الْجُثَثُ إِلَى الْمُسْتَشْفَى.

    Nobody has been named who could do it (Ryding 2005, 38.1).
    """
    if view.index or view.form.front or view.has_subject_inside or not view.run:
        return False
    if noun_kind(view.following) != "thing" or is_listed(view.form.verb, "done_by_things"):
        return False
    if view.run > 1 and not (_describes(view.second) and _of_one_gender(view)):
        return False
    if view.form.verb in _BEGINS or not _agrees(view) or later_object(view) >= _HALF:
        return False
    after = preposition_of(view.after_run) if view.after_run else ""
    ends = not view.after_run or is_listed(view.after_run, "times")
    return bool(ends or (after and after not in view.complements))


def _agrees(view: Surroundings) -> bool:
    """Return whether a noun with the article may be the subject by gender (Ryding 4.2.1, 7.1)."""
    stem = view.following[2:]
    feminine = is_feminine(stem) or is_broken_plural(stem)
    return feminine if view.is_feminine else not is_feminine(stem)


def _of_one_gender(view: Surroundings) -> bool:
    """Return whether the second word behind a verb is feminine as the verb is, or neither."""
    return view.is_feminine == is_feminine(view.second[2:])


_THAT = re.compile("[وف]?[بل]?[أإ]ن")
_BEGINS = frozenset({"بدأ", "عبر", "فتح"})
"""Verbs whose active a thing may have without an object: بَدَأَتِ الْجَلْسَةُ, يَفْتَحُ الْمَحَلُّ."""
_HALF = 0.5


def _has_own_object(view: Surroundings) -> bool:
    """Return whether what belongs to the subject follows it: سَيَفْتَتِحُ الْمَعْرِضُ أَبْوَابَهُ.

    It is no subject, as that has been named (Ryding 2005, 7.5.1.1).
    """
    owned = _OWNED.fullmatch(view.second)
    if not owned or not view.following.startswith("ال") or preposition_of(view.second):
        return False
    its = "ها" if is_feminine(view.following[2:]) else "ه"
    if owned[2] != its or view.is_feminine != (its == "ها"):
        return False
    return noun_kind(view.second) == "thing" or is_broken_plural(owned[1])


_OWNED = re.compile("(?!كل|بعض|معظم|جميع|نفس|أغلب|وحد|أحد)([^\\W]{3,})(ها|ه)")


def _is_pair_before_object(view: Surroundings) -> bool:
    """Return whether an agent and its nisba, both without article, stand before a noun with it.

    اِتَّهَمَ تَقْرِيرٌ دَوْلِيٌّ الْحُكُومَةَ: it is no genitive of the adjective (Ryding 2005, 8.1, 10.1).
    """
    third = word_at(view.words, view.index + 3)
    if any(view.pauses[view.index : view.index + 3]) or not third.startswith("ال"):
        return False
    if view.following.startswith("ال") or not is_agent(view.following):
        return False
    if view.is_feminine or view.has_subject_inside or view.following.endswith(("ة", "ات")):
        return False
    if is_listed(third, "times") or noun_kind(third) not in ("agent", "thing"):
        return False  # قُتِلَ قَائِدٌ عَسْكَرِيٌّ الْأَحَدَ
    nisba = _NISBA.fullmatch(view.second) is not None
    return nisba and third[2:] not in context()["said_of"] and not _NISBA.fullmatch(third)


_NISBA = re.compile("[^\\W]{3,}ي")


def _is_who_does_it(view: Surroundings) -> bool:
    """Return whether "who" is the subject: الَّذِي قَتَلَ الْحَارِسَ, where no pronoun means him.

    In the passive the clause would say nothing of him (Ryding 2005, 14.2, 38.1).
    """
    if view.before not in ("الذي", "التي") or view.is_feminine != (view.before == "التي"):
        return False
    if not view.following.startswith("ال") or view.has_subject_inside:
        return False
    words = [view.following, view.second, *words_after(view)[1:_NEAR]]
    return not any(word.endswith(("ه", "ها", "هم")) for word in words if word)


_NEAR = 3


def _of_subject_and_object(view: Surroundings) -> Iterator[tuple[str, float]]:
    """Yield who or what is the subject or the object by what it is."""
    if view.following.startswith("ال") and not is_sound_plural(view.following):
        # رَفَضَ الْقَرَارَ مُعَارِضُو الْحُكُومَةِ
        plural = is_plural_subject(view.second) and not preposition_of(view.second)
        place = view.index + 3
        ends = not view.second or view.pauses[place - 1]
        third = "" if ends else word_at(view.words, place)
        verb = without_particle(view.words[view.index])
        acts = verb in verbs("done_by_people") and noun_kind(view.following) == "thing"
        # افْتَتَحَ الْمَعْرِضَ وَزِيرُ الثَّقَافَةِ
        acts = acts and is_agent_with_genitive(view.second, third)
        yield "subject_behind_object", float(plural or acts)
        yield "wages", float(view.form.verb in _WAGES and view.after_run in context()["waged"])
        yield "accused", float(_is_accused(view))
        yield "listed", float(_is_listed_there(view))
    elif view.following in context()["doers"] and noun_kind(view.second) in ("thing", "agent"):
        yield "doers", float(not preposition_of(view.second))  # سَرَقَ لُصُوصٌ لَوْحَاتٍ
    of_nobody = "!" + preposition_of(view.second) in view.own  # عُثِرَ أَمْسِ عَلَى جُثَّةٍ
    if not (view.is_feminine or view.has_subject_inside or of_nobody):  # عَرَضَ عَلَى النُّوَّابِ خُطَّةً
        yield (
            "feminine_behind_preposition",
            float(is_feminine_thing(noun_behind_preposition(view))),
        )
    if is_listed(view.following, "times"):
        acts = view.second.startswith("ال") and is_agent(view.second)
        third = word_at(view.words, view.index + 3)
        acts = acts and not view.pauses[view.index + 2] and is_accusative(third)
        yield "agent_behind_time", float(acts)  # اِسْتَقْبَلَ الْيَوْمَ الْمَلِكُ وَفْدًا


_WAGES = frozenset({"شنّ", "نفّذ"})
"""شَنَّتِ الطَّائِرَاتُ غَارَاتٍ: what wages raids stands before them."""


def _is_accused(view: Surroundings) -> bool:
    """Return whether somebody alone stands before "on a charge of": اُعْتُقِلَ الْوَزِيرُ السَّابِقُ بِتُهْمَةِ.

    Who arrests somebody would have him behind it (Ryding 2005, 38.4).
    """
    if view.form.verb not in context()["arrests"] or not _CHARGED.fullmatch(view.after_run):
        return False
    if view.run > 2 or view.following in context()["who_arrests"]:
        return False
    return view.run < 2 or _describes(view.second)


def _describes(word: str) -> bool:
    """Return whether a word with the article is an adjective and no noun of the tables."""
    is_noun = noun_kind(word) in ("thing", "agent")
    return is_like_adjective(word.removeprefix("ال")) and not is_noun


def _is_listed_there(view: Surroundings) -> bool:
    """Return whether a thing alone stands before the list: أُدْرِجَتِ الْمَدِينَةُ عَلَى قَائِمَةِ التُّرَاثِ."""
    if view.run > 1 and (is_agent(view.following) or not _describes(view.second)):
        return False  # أَدْرَجَتِ اللَّجْنَةُ الْمَدِينَةَ
    place = view.index + 1 + max(view.run, 1)
    pair = " ".join(view.words[place : place + 2])
    return view.form.verb in _PUTS_ON and _ON_LIST.fullmatch(pair) is not None


_PUTS_ON = frozenset({"أدرج", "وضع"})
_ON_LIST = re.compile("(?:على|في|ضمن) (?:ال)?(?:قائمة|لائحة|جدول|قوائم)")
_CHARGED = re.compile("بتهمة|بتهم|بتهمتي|بشبهة")
