"""Rules by which the words around a verb speak for its passive or its active.

They are asked in their order; the first that has an answer decides, and its name is kept. An answer
is in log-odds: above 0 for the passive, below for the active (Ryding 2005, chapter 38).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from briefing.text.vowels.verb_surroundings import Surroundings, begins_clause
from briefing.text.words.clauses import after_time, is_object, lasts, noun_behind, word_at
from briefing.text.words.passives import (
    WITH_PRONOUN,
    is_accusative,
    is_agent,
    is_listed,
    passive_of,
    preposition_of,
)

__all__ = ["CERTAIN", "RATHER", "Verdict", "leaning"]

CERTAIN = 8.0
"""Log-odds for the passive: nothing follows the verb that could be subject and object."""
_FIRST = 6.5
"""What follows does not do things, and the verb begins the sentence."""
_LIKELY = 4.0
"""The same, and the verb begins a clause."""
_PERHAPS = 2.5
"""The same, after "and" alone: it may go on with the subject before."""
RATHER = 1.5
"""It has no object, but somebody who may do things follows."""
_HARDLY = -2.0
"""An object follows."""
_OF_PLACE = frozenset({"من", "إلى", "على", "عن", "في", "ب", "ل"})
_FATHA = "\u064e"
_TANWIN = ("\u064b", "\u064c", "\u064d")


class Verdict(NamedTuple):
    """What the words around a verb say of its voice."""

    rule: str
    """The name of the rule that decided."""
    odds: float
    """Log-odds of the passive against the active."""


Rule = Callable[[Surroundings], float | None]


def leaning(view: Surroundings) -> Verdict:
    """Return how far the words around a verb make it passive, and by which rule."""
    for rule in _RULES:
        odds = rule(view)
        if odds is not None:
            return Verdict(rule.__name__, odds)
    return Verdict("no_rule", 0.0)


def imperfect_before_that(view: Surroundings) -> float | None:
    """يُعْتَقَدُ أَنَّ."""
    if not (view.form.imperfect and view.before_that):
        return None
    bare = re.sub("^[وف]?س?", "", view.words[view.index])
    impersonal = view.opens or bare in ("يحتمل", "يفترض", "يؤمل")
    return CERTAIN if impersonal and is_listed(bare, "said_of_nobody") else 0.0


def intransitive_at_the_end(view: Surroundings) -> float | None:
    """A verb that has a passive only with its preposition, and nothing follows."""
    return -CERTAIN if "-" in view.own and not view.following else None


def at_the_end(view: Surroundings) -> float | None:
    """خُرُوقَاتٌ تُذْكَرُ: no object follows; but وَأَضَافَ."""
    if view.before_that:
        return 0.0
    if view.following:
        return None
    return 0.0 if "أن" in view.own and not view.form.imperfect else CERTAIN


def before_time(view: Surroundings) -> float | None:
    """تُعْقَدُ مَسَاءَ الثُّلَاثَاءِ, but يُعْلِنُ الْيَوْمَ نَتَائِجَ."""
    skipped = view.before_this and not view.pauses[view.index + 1]
    place = view.index + (2 if skipped else 1)
    if not is_listed(word_at(view.words, place), "times"):
        return None
    after = word_at(view.words, after_time(view.words, place, view.pauses))
    if after and not preposition_of(after) and after[0] != "و":
        return _HARDLY if "2" not in view.own and is_accusative(after) else 0.0
    return -CERTAIN if "-" in view.own else CERTAIN


def intransitive_without_preposition(view: Surroundings) -> float | None:
    """اتَّفَقَ الطَّرَفَانِ: it is passive only with its preposition right after it."""
    if "-" in view.own and "!" + view.preposition not in view.own:
        return -CERTAIN
    return None


def before_impersonal_preposition(view: Surroundings) -> float | None:
    """أُفْرِجَ عَنْهُ, but وَعَثَرَتْ عَلَى: of nobody it is masculine."""
    if not view.preposition or "!" + view.preposition not in view.own:
        return None
    if view.form.spelled[-1] == "ت" or (view.form.imperfect and view.form.spelled[0] == "ت"):
        return 0.0
    if view.opens:
        return CERTAIN
    return RATHER if WITH_PRONOUN.fullmatch(view.following) else 0.0


def before_own_preposition(view: Surroundings) -> float | None:
    """كَتَبَ عَنْ, but هَدَفٌ سُجِّلَ فِي."""
    if not view.preposition or view.preposition not in view.own:
        return None
    of_thing = not view.form.imperfect and view.index and view.ending(view.index - 1) in _TANWIN
    of_thing = of_thing and view.says_of_thing
    return _LIKELY if of_thing and view.preposition == view.following else 0.0


def before_pronoun_and_noun(view: Surroundings) -> float | None:
    """نَقَلَ إِلَيْهِ رِسَالَةً, but نُقِلَ إِلَيْهِ فِي."""
    if not (view.preposition and WITH_PRONOUN.fullmatch(view.following) and view.second):
        return None
    return CERTAIN if preposition_of(view.second) else 0.0


def before_preposition(view: Surroundings) -> float | None:
    """قُتِلَ فِي الْهُجُومِ."""
    return CERTAIN if view.preposition else None


def before_share(view: Surroundings) -> float | None:
    """طَائِرَاتٌ اعْتُرِضَ مُعْظَمُهَا."""
    return CERTAIN if is_listed(view.following, "shares") else None


def mostly_passive(view: Surroundings) -> float | None:
    """اسْتُشْهِدَ, وُلِدَ."""
    return CERTAIN if "*" in view.own else None


def before_and_verb(view: Surroundings) -> float | None:
    """بَعْدَ أَنْ سُرِقَ وَهُرِّبَ."""
    if view.following[0] != "و" or passive_of(view.following[1:]) is None or "أن" in view.own:
        return None
    return _LIKELY if view.opens else 0.0


def subject_in_ending(view: Surroundings) -> float | None:
    """اعْتَقَلُوا رَجُلًا, but اعْتُقِلُوا وَسُجِنُوا: what follows is no subject."""
    if not view.has_subject_inside:
        return None
    return CERTAIN if view.following[0] == "و" and not is_agent(view.following) else _HARDLY


def before_accusative(view: Surroundings) -> float | None:
    """أَجْرَى مُحَادَثَاتٍ, but انْتُخِبَ رَئِيسًا."""
    if not is_accusative(view.following):
        return None
    if "2" not in view.own:
        return _HARDLY
    return RATHER if view.index and view.form.front else _LIKELY


# A feminine noun; numbers in ة count masculines
_FEMININE = re.compile(
    "(?!(?:ثلاث|أربع|خمس|ست|سبع|ثماني|تسع|عشر|عد|قاد|قضا|طلب|أساتذ|قراصن)ة)(?:ال)?[^\\W]{3,}ة"
)


def masculine_before_feminine(view: Surroundings) -> float | None:
    """وَكَلَّفَ لَجْنَةً: a verb right before its subject agrees with it."""
    if view.is_feminine or not _FEMININE.fullmatch(view.following):
        return None
    return _HARDLY


def accusative_is_second(view: Surroundings) -> float | None:
    """رَصَدَ بَاحِثُونَ كَوْكَبًا."""
    return _HARDLY if "2" not in view.own and is_accusative(view.second) else None


def before_plural_nominative(view: Surroundings) -> float | None:
    """أُبْعِدَ مُسْتَوْطِنُونَ مِنْ: the subject in either voice."""
    if not re.fullmatch("[^\\W]{4,}ون", view.following):
        return None
    alone = preposition_of(view.second) in _OF_PLACE - view.complements
    alone = alone and not noun_behind(view.words, view.index + 2, view.pauses)
    return _LIKELY if alone and view.opens else 0.0


def before_own_thing(view: Surroundings) -> float | None:
    """قَبْلَ أَنْ تُطْلِقَ صَوَارِيخَهَا, but مَا لَمْ تُنَفَّذْ مَطَالِبُهُ."""
    owner = re.search("[^ب]..(ه|ها|هم|هما)$", view.following)
    if not (view.index and not view.run and owner):
        return None
    if view.has_subject_inside:
        same = owner[1] in ("هم", "هما")
    else:
        same = owner[1] in ("هم", "ها" if view.is_feminine else "ه")
    return 0.0 if same else None


def noun_before_that(view: Surroundings) -> float | None:
    """أَظْهَرَتِ التَّجَارِبُ أَنَّ."""
    return _HARDLY if begins_clause(view.after_run) else None


def agent_and_own_preposition(view: Surroundings) -> float | None:
    """نَقَلَتِ الْوَكَالَةُ عَنْ مَصْدَرٍ."""
    if not view.has_agent:
        return None
    preposition = preposition_of(view.after_run)
    return _HARDLY if preposition and preposition in view.complements else None


def agent_and_definite_object(view: Surroundings) -> float | None:
    """أَرْسَلَتِ الْمُنَظَّمَةُ الْمُسَاعَدَاتِ."""
    if not view.has_agent or view.run < 2:
        return None
    return _HARDLY if is_object(view.following, word_at(view.words, view.index + 2)) else None


def agent_named_something(view: Surroundings) -> float | None:
    """عُيِّنَ الْجِنِرَالُ قَائِدًا."""
    return _LIKELY if view.has_agent and view.has_object and "2" in view.own else None


def agent_and_preposition_later(view: Surroundings) -> float | None:
    """كَشَفَ فَرِيقٌ مِنَ الْبَاحِثِينَ عَنْ."""
    if not view.has_agent:
        return None
    taken = view.complements - {""}
    return _HARDLY if any(preposition_of(word) in taken for word in view.rest) else None


def agent_alone(view: Surroundings) -> float | None:
    """عُزِلَ الرَّئِيسُ مِنْ مَنْصِبِهِ."""
    if not view.has_agent:
        return None
    if view.has_object or not view.opens or not _stands_alone(view):
        return 0.0
    if any(view.is_object_at(place) for place in range(view.index + 2, view.noun_end)):
        return 0.0
    if view.run > 1 and not word_at(view.words, view.index + 2).endswith(("ي", "ية")):
        return 0.0
    says = "أن" in view.own and any(word[:2] in ("أن", "إن") for word in view.rest)
    if says or noun_behind(view.words, view.noun_end, view.pauses):
        return 0.0  # عَقَدَ الْوَزِيرُ فِي بَارِيسَ لِقَاءَاتٍ
    return _LIKELY


def _stands_alone(view: Surroundings) -> bool:
    """Return whether the noun after the verb ends where no object can follow."""
    end = view.noun_end
    if view.after_noun in _OF_PLACE:
        return True
    if view.run and (view.after_noun or view.pauses[end - 1] or end == len(view.words)):
        return True
    return lasts(word_at(view.words, end), word_at(view.words, end + 1))


def object_after_noun(view: Surroundings) -> float | None:
    """رَصَدَ تِلِسْكُوبُ الْفَضَاءِ كَوْكَبًا, مَنَعَ الْحُرَّاسُ الصَّحَفِيِّينَ."""
    if "2" in view.own:
        return None
    objects = view.has_object
    if not (view.run or view.names_this):
        objects = objects or (view.second != "" and view.is_object_at(view.index + 2))
    if view.run > 1:  # فَقَدَ السَّائِقُ السَّيْطَرَةَ
        taken = view.is_object_at(view.index + 2) and view.ending(view.index + 1) != _FATHA
        objects = objects or word_at(view.words, view.index + 2).endswith("ين") or taken
    return _HARDLY if objects else None


def noun_in_place(view: Surroundings) -> float | None:
    """وَلَمْ تُسَجَّلْ خَسَائِرُ فِي الْأَرْوَاحِ."""
    in_place = view.after_noun == "في" and "في" in view.complements
    return RATHER if in_place and view.opens and not view.run else None


def noun_goes_on(view: Surroundings) -> float | None:
    """تُوَاجِهُ الْخُطَّةُ انْتِقَادَاتٍ."""
    if view.run > 2 or (view.run and not _ends_noun(view)):
        return 0.0
    taken_up = {preposition_of(view.after_run), view.after_noun}
    return 0.0 if taken_up & (view.complements - {""}) else None


def _ends_noun(view: Surroundings) -> bool:
    """Return whether what follows the words with the article is no object."""
    after = view.after_run
    place = view.index + 1 + max(view.run, 1)
    return (
        not after
        or after.startswith(("وال", "وفي", "ومن", "وعلى", "وإلى", "ول"))
        or after.endswith("يا")
        or after in ("هذا", "هذه")  # لَمْ تُرْفَعِ الضَّرَائِبُ هَذَا الْعَامَ
        or after in ("الذي", "التي", "الذين")
        or lasts(after, word_at(view.words, place + 1))
        or preposition_of(after) != ""
    )


def opens_before_thing(view: Surroundings) -> float | None:
    """فُرِضَتْ عُقُوبَاتٌ."""
    if not view.opens:
        return None
    return _LIKELY if view.index and view.after_run else _FIRST


def and_before_thing(view: Surroundings) -> float | None:
    """وَفُرِضَتْ عُقُوبَاتٌ."""
    return _PERHAPS if view.words[view.index][0] == "و" and view.form.front else None


def that_before_thing(view: Surroundings) -> float | None:
    """أَنْ تُفْرَضَ عُقُوبَاتٌ."""
    return RATHER if word_at(view.words, view.index - 1) in ("أن", "بأن", "ألا") else None


_RULES: tuple[Rule, ...] = (
    imperfect_before_that,
    intransitive_at_the_end,
    at_the_end,
    before_time,
    intransitive_without_preposition,
    before_impersonal_preposition,
    before_own_preposition,
    before_pronoun_and_noun,
    before_preposition,
    before_share,
    mostly_passive,
    before_and_verb,
    subject_in_ending,
    before_accusative,
    masculine_before_feminine,
    accusative_is_second,
    before_plural_nominative,
    before_own_thing,
    noun_before_that,
    agent_and_own_preposition,
    agent_and_definite_object,
    agent_named_something,
    agent_and_preposition_later,
    agent_alone,
    object_after_noun,
    noun_in_place,
    noun_goes_on,
    opens_before_thing,
    and_before_thing,
    that_before_thing,
)
