"""The evidence for the passive or the active of a verb, as named numbers between 0 and 1.

The weights that turn it into log-odds are learned: data/verb_weights.tsv, made by
tests/benchmarks/verb_weights.py. In the passive there is no object, or the object has become the
subject (Ryding 2005, chapter 38). So the most important question is whether there is an object.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from briefing.text.vowels.idioms_of_active import DEEMS
from briefing.text.vowels.idioms_of_passive import PASSIVE
from briefing.text.vowels.later_words import (
    clause_later,
    is_done_by_agent,
    is_place_or_time,
    later_object,
    prepositions_after,
    words_after,
)
from briefing.text.vowels.verb_idioms import of_idiom
from briefing.text.vowels.verb_phrases import of_phrase
from briefing.text.vowels.verb_surroundings import Surroundings, begins_clause
from briefing.text.words.clauses import definite_run, word_at
from briefing.text.words.noun_signs import (
    is_broken_plural,
    is_feminine,
)
from briefing.text.words.passives import (
    WITH_PRONOUN,
    is_accusative,
    is_agent,
    is_listed,
    noun_kind,
    passive_of,
    preposition_of,
)

__all__ = ["evidence"]

_CLAMP = 6.0
"""The model's log-odds are limited to this."""
_BY = ("من قبل", "على يد", "على أيدي", "من جانب", "بواسطة", "بوساطة", "بفعل")
"""Phrases that name the agent of a passive."""
_HALF = 0.5
_JOINED = 16
"""Words before a verb among which the verb is looked for to which "and" joins it."""
_FLAGS = frozenset({"", "-", "*", "^", "~", "2", "أن"})
_SAID_OF_NOBODY = ("يحتمل", "يفترض", "يؤمل")
# A feminine noun; numbers in ة count masculines
_FEMININE = re.compile(
    "(?!(?:ثلاث|أربع|خمس|ست|سبع|ثماني|تسع|عشر|عد|قاد|قضا|طلب|أساتذ|قراصن)ة)(?:ال)?[^\\W]{3,}ة"
)
_SUPERLATIVE = re.compile("أحد|إحدى|من|أول|أولى|أ[^\\W]{3}(?<!ا)")
_OWNER = re.compile("^(?!ال)[^\\W]{3,}(ه|ها|هم|هما)$")
_ALL_OF_IT = re.compile("(?:كل|جميع|نفس|ذات|وحد|بعض|معظم|أغلب|عين)(?:ه|ها|هم|هما)")
_HIMSELF = re.compile("[بل]?(?:نفس|أنفس)(?:ه|ها|هم|هما)")
_FIRM = -3.0
"""The model's log-odds below which it is firm that a verb is active."""


def evidence(view: Surroundings, odds: float | None) -> dict[str, float]:
    """Return the evidence for the voice of a verb.

    odds: the model's log-odds of the passive; None if it reads the word as no verb.
    """
    signs = {"always": 1.0, "model": max(-_CLAMP, min(_CLAMP, odds or 0.0))}
    if odds is None:
        signs["model_has_no_verb"] = 1.0
    else:
        signs["model_says_passive"] = float(odds > 0)
        signs["model_firm"] = min(0.0, signs["model"] - _FIRM)
    signs.update(_of_verb(view))
    signs.update(_of_place(view))
    phrases = " ".join((view.following, *words_after(view)))
    if any(phrase in phrases for phrase in _BY):
        signs["done_by"] = 1.0
        signs["done_by_agent"] = float(is_done_by_agent(view))
        signs["done_by_hand"] = float("على يد" in phrases or "على أيدي" in phrases)
    if _is_of_nobody(view):
        signs["of_nobody_after_feminine"] = 1.0
    if "*" in view.own and view.complements - _FLAGS:
        signs["cites" if _has_complement(view) else "complement_missing"] = 1.0
    signs.update(of_phrase(view))
    signs.update(of_idiom(view))
    if signs.keys() & PASSIVE.keys():
        signs.pop("feminine_behind_preposition", None)  # كُتِبَ عَلَيْهَا عِبَارَةٌ
    if view.before_that:
        signs.update(_before_that(view))
    elif not view.following:
        signs["at_the_end"] = 1.0
    elif view.preposition or is_listed(view.following, "adverbs"):
        signs.update(_before_preposition(view))
    elif view.has_subject_inside:
        signs["subject_in_ending"] = 1.0
        signs["object_after_ending"] = view.model.cases(view.index + 1).accusative
    else:
        signs.update(_before_noun(view, done_by="done_by" in signs))
    if "masculine_before_plural" in signs:
        signs.pop("done_by_agent", None)  # وَحَرْقُ الْمَصَاحِفِ مِنْ قِبَلِ
    return {name: value for name, value in signs.items() if value}


def _has_complement(view: Surroundings) -> bool:
    """Return whether the preposition follows without which a verb is passive.

    اُسْتُشْهِدَ ثَلَاثَةٌ بِنِيرَانِهِمْ, but اِسْتَشْهَدَ بِقَوْلِ الشَّاعِرِ (Wehr: to cite; passive: to die a martyr).
    """
    for place in range(view.index + 1, len(view.words)):
        if view.pauses[place - 1]:
            return False
        word = view.words[place]
        if preposition_of(word) in view.complements and not is_listed(word, "died_by"):
            return True
    return False


def _is_of_nobody(view: Surroundings) -> bool:
    """Return whether a masculine verb after a feminine relative says what nobody does.

    الَّتِي يُعْتَقَدُ أَنَّهَا (Wright II §133): if "she" thought so it would be تعتقد.
    """
    bare = re.sub("^[وف]?س?", "", view.words[view.index])
    says = begins_clause(view.following.removeprefix("ب"))
    return view.before == "التي" and says and is_listed(bare, "said_of_nobody")


def _of_verb(view: Surroundings) -> Iterator[tuple[str, float]]:
    """Yield what the tables say about the verb, and the verb itself: some have a usual voice."""
    tense = "imperfect" if view.form.imperfect else "perfect"
    yield f"{tense} {view.form.verb}", 1.0
    if view.form.imperfect:
        yield "imperfect", 1.0
        if is_listed(view.form.verb, "twins"):
            yield "like_another_verb", 1.0
    if view.form.front:
        yield "after_particle", 1.0
    for flag, name in (("-", "intransitive"), ("*", "mostly_passive"), ("2", "names_something")):
        if flag in view.own:
            yield name, 1.0


def _of_place(view: Surroundings) -> Iterator[tuple[str, float]]:
    """Yield what is before the verb."""
    if view.follows_relative:
        yield "after_relative", 1.0
    elif view.before in ("كان", "كانت", "كانوا"):
        yield "after_was", 1.0
    elif view.opens:
        yield "opens", 1.0
    else:
        yield "goes_on", 1.0
        yield "after_that_of_somebody", float(view.before in ("أن", "كي", "لكي"))
    if view.before == "من" and view.index > 1 and view.words[view.index - 2] in _FIRST:
        yield "first_who", 1.0  # كَانَ أَوَّلَ مَنْ عَرَفَ قِيمَتَهَا
    if _HIMSELF.fullmatch(view.following) or _HIMSELF.fullmatch(view.second):
        yield "does_it_to_himself", 1.0
    yield from _of_verb_before(view)
    yield "after_as", float(view.before == "كما" and view.form.imperfect)
    was = view.before == "كان" and view.words[max(0, view.index - 2)] == "كما"
    yield "after_as_was", float(was and view.form.imperfect)  # كَمَا كَانَ يُعْتَقَدُ


_FIRST = ("أول", "آخر", "أوائل", "أكثر", "أفضل", "أبرز")


def _of_verb_before(view: Surroundings) -> Iterator[tuple[str, float]]:
    """What the verb before says to which this one is joined: رَصَدَتِ الثَّغْرَةَ وَنَشَرَتْ تَحْدِيثًا."""
    if not view.form.front or view.words[view.index][0] not in "وف":
        return
    for place in range(view.index - 1, max(-1, view.index - _JOINED), -1):
        word = view.words[place]
        other = passive_of(word)
        if other is None or other.imperfect != view.form.imperfect or other.front:
            continue
        feminine = word[0] == "ت" if other.imperfect else word[-1] == "ت"
        if feminine == view.is_feminine:
            chance = view.model.begins_with_a(place)
            yield "joined_to_a", chance
            yield "joined_to_u", 1 - chance
            return


def _before_that(view: Surroundings) -> Iterator[tuple[str, float]]:
    """Yield the evidence of a following أن: يُعْتَقَدُ أَنَّ, but يَعْتَقِدُ أَنَّ."""
    yield "before_that", 1.0
    if "أن" in view.own:
        yield "may_take_that", 1.0
    if view.form.verb in DEEMS and not view.form.imperfect:
        yield "deems_that", 1.0  # وَاعْتَبَرَتْ أَنَّ الْقَرَارَ خَطِيرٌ
    bare = re.sub("^[وف]?س?", "", view.words[view.index])
    of_noun = view.follows_relative or is_accusative(view.before)
    resumed = of_noun and view.following not in ("أن", "إن")  # التي يُزعم أنها, كَنْزًا يُعْتَقَدُ أَنَّهُ
    impersonal = view.opens or resumed or bare in _SAID_OF_NOBODY
    if view.form.imperfect and impersonal and is_listed(bare, "said_of_nobody"):
        yield "said_of_nobody", 1.0


def _before_preposition(view: Surroundings) -> Iterator[tuple[str, float]]:
    """Yield the evidence of a preposition or adverb that follows: قُتِلَ فِي الْهُجُومِ, but كَتَبَ عَنْهُ."""
    yield "before_preposition", 1.0
    yield "ending_before_preposition", float(view.has_subject_inside)
    if "2" in view.own and view.following == "من":
        yield "names_superlative", 1.0
    when = any(is_listed(view.following, name) for name in ("times", "adverbs"))
    preposition = view.preposition
    if when and preposition_of(view.second):
        preposition = preposition_of(view.second)  # سَيَسْمَحُ مُجَدَّدًا بِالْخُرُوجِ
    is_impersonal = "!" + preposition in view.own
    if is_impersonal and view.has_subject_inside:
        yield "of_nobody_with_subject", 1.0  # عَثَرُوا عَلَى: impersonal verbs have no plural
    elif is_impersonal and not view.is_feminine:
        yield "of_nobody", 1.0  # وَعُثِرَ عَلَى, but وَعَثَرَتْ عَلَى: impersonal verbs are masculine
        yield "of_nobody_first", float(view.opens)
        nobody = view.opens or _after_her_words(view)
        yield "of_nobody_negated", float(nobody and view.before in ("لم", "لن", "لا"))
        yield "of_nobody_at_start", float(view.index == 0 and not view.form.front)
    elif preposition in view.complements:
        yield "own_preposition", 1.0
    elif WITH_PRONOUN.fullmatch(view.following):
        yield "with_pronoun", 1.0
        if view.second and not preposition_of(view.second):
            yield "pronoun_and_noun", 1.0  # نَقَلَ إِلَيْهِ رِسَالَةً
            for name, value in _of_agreement(view, view.second, noun_kind(view.second), 1.0):
                yield f"late_{name}", value  # تُنْسَجُ مِنْهَا الْأَقْمِشَةُ
    elif when:
        yield "before_time", 1.0
    yield "object_after_preposition", later_object(view)
    is_object = is_accusative(view.second) and not is_listed(view.second, "adverbs")
    yield "object_written_second", float(is_object and bool(WITH_PRONOUN.fullmatch(view.following)))


def _after_her_words(view: Surroundings) -> bool:
    """Return whether "it" is nobody: أَكَّدَتِ الْوِزَارَةُ أَنَّهُ لَنْ يُسْمَحَ لَهُمْ (Ryding 2005, 19.4).

    A feminine speaker would not be "he".
    """
    place = view.index - 2
    if place < 1 or view.pauses[place] or not _HE.fullmatch(view.words[place]):
        return False
    speakers = [word for word in view.words[:place] if _SAYS.fullmatch(word)]
    return bool(speakers) and speakers[-1].endswith("ت")


_HE = re.compile("[وفبل]?[أإ]نه")
_SAYS = re.compile("[وف]?(?:قال|أكد|أعلن|أضاف|أوضح|ذكر|أشار|شدد|بين|حذر|أفاد|كشف|رأى)ت?")


def _before_noun(view: Surroundings, *, done_by: bool) -> Iterator[tuple[str, float]]:
    """Yield the evidence of a noun that follows: فُرِضَتْ عُقُوبَاتٌ, but فَرَضَ الْاتِّحَادُ عُقُوبَاتٍ."""
    cases = view.model.cases(view.index + 1)
    written = is_accusative(view.following)
    accusative = 1.0 if written else cases.accusative
    yield "accusative_written" if written else "accusative_follows", accusative
    if "2" in view.own:
        yield "names_accusative", accusative
        role = written and is_agent(view.following[:-1])
        yield "names_role", float(role and not is_accusative(view.second))  # عُيِّنَ قَاضِيًا
    later = 0.0 if done_by else later_object(view)
    if "2" in view.own:
        places = {view.following, view.second, view.after_run, *words_after(view)[1:2]}
        yield "names_superlative", float(any(map(_SUPERLATIVE.fullmatch, places)))
    if "2" in view.own or is_listed(view.form.verb, "two_objects"):
        yield "second_object_later", later * (1 - accusative)
        later = 0.0
    yield "object_later", later * (1 - accusative)
    yield "object_written", float(later == 1.0 and any(map(is_accusative, words_after(view))))
    says = clause_later(view)
    governs = bool(prepositions_after(view) & (view.complements - _FLAGS))
    governs_next = preposition_of(view.after_run) in view.complements - _FLAGS
    yield "that_later", float(says)
    points = view.following in _DEMONSTRATIVES and view.second.startswith("ال")
    agent = is_agent(view.second if points else view.following)  # لَمْ تُضْبَطْ هَذِهِ الْمُمَارَسَاتُ
    yield "agent_follows", (1 - accusative) * float(agent)
    yield "own_thing_later", float(_has_own_object(view))
    yield "second_noun_definite", float(view.run > 1 and _is_definite_noun(view.second))
    yield "amount_later", float(is_listed(view.after_run, "before_counted"))
    yield "own_preposition_later", float(governs)
    yield "agent_and_own_preposition", float(governs and is_agent(view.following))
    alone = 0.0 if says or governs_next else (1 - accusative) * (1 - later)
    yield "subject_alone", alone
    first = view.opens or view.follows_relative
    yield "subject_alone_first", alone if first else 0.0
    yield from _of_subject(view, alone, sum(cases))
    if not view.is_feminine and _FEMININE.fullmatch(view.following):
        yield "masculine_before_feminine", 1.0  # وَكَلَّفَ لَجْنَةً
    elif _owns(view):
        yield "before_own_thing", 1.0  # قَبْلَ أَنْ تُطْلِقَ صَوَارِيخَهَا
    elif (owner := _OWNER.search(view.following)) and not view.run:
        agrees = owner[1] == ("ها" if view.is_feminine else "ه")  # قَدَّمَ اسْتِقَالَتَهُ
        yield "before_thing_of_its_owner" if agrees else "before_thing_of_another", 1.0


_DEMONSTRATIVES = ("هذا", "هذه", "ذلك", "تلك", "هذان", "هاتان")


def _of_subject(view: Surroundings, alone: float, marked: float) -> Iterator[tuple[str, float]]:
    """Yield the kind of a noun without an object after it: an agent, a thing, a name.

    alone: the probability that no object follows. marked: the model's probability that the noun
    shows a case, which few foreign names do.
    """
    place = view.index + 1
    while (
        is_listed(view.words[place], "before_counted")
        and not view.pauses[place]
        and place < view.index + 3
    ):
        place += 1
        if place == len(view.words):
            break
    noun = word_at(view.words, place)
    kind = noun_kind(noun)
    yield from _of_agreement(view, noun, kind, alone)
    yield from _of_what_follows(view, place, "owned" if _OWNER.search(noun) else kind, alone)
    if kind in ("unknown", "name") and view.following[-1] not in "اىيو":
        yield "like_a_name", max(0.0, 1 - marked) * alone
    yield f"{kind}_alone", alone
    if kind == "agent" and view.opens:
        yield "agent_first", alone
    if kind == "thing":
        doer = "able" if is_listed(view.form.verb, "done_by_things") else "unable"
        yield f"thing_alone_{doer}", alone
        yield f"thing_first_{doer}", alone if view.opens else 0.0


def _of_agreement(
    view: Surroundings, noun: str, kind: str, alone: float
) -> Iterator[tuple[str, float]]:
    """Whether a noun can be the subject: plurals of things are feminine (Ryding 2005, 7.1)."""
    stem = noun[2:] if noun.startswith("ال") else re.sub("(?:ه|ها|هم)$", "", noun)
    is_plural = is_broken_plural(stem) or stem.endswith("ات")
    if kind == "agent":
        return
    if view.is_feminine and is_broken_plural(stem):
        yield "feminine_before_plural", alone  # تُسْتَعْمَلُ أَوْرَاقُهُ
    elif view.is_feminine and kind == "thing" and not _MAY_BE_FEMININE.search(stem):
        yield "feminine_before_masculine", 1.0 - is_feminine(stem)  # وَأَغْلَقَتْ بَابَهُ
    elif not view.is_feminine and (is_plural if kind == "thing" else _ITEMS.fullmatch(stem)):
        yield "masculine_before_plural", 1.0  # وَيَعْرِضُ النَّتَائِجَ


_MAY_BE_FEMININE = re.compile("[ةتىاء]$|^(?:طريق|سبيل|روح|سكين|حال)$|^[^\\W]{2}ا[^\\W]$")
_ITEMS = re.compile("(?!أشخاص|أفراد|أنصار|أتباع|أولاد|أصحاب|أحفاد)أ[^\\W]{2}ا[^\\Wء]")


def _of_what_follows(
    view: Surroundings, place: int, kind: str, alone: float
) -> Iterator[tuple[str, float]]:
    """What follows the noun at a place, which no object follows: تُعَالَجُ الْحَالَةُ بِالْجِرَاحَةِ."""
    end = _behind_genitives(view, max(view.index + 1 + max(view.run, 1), place + 1))
    for at in range(end, end + _ADJECTIVES + 1):
        if at >= len(view.words) or view.pauses[at - 1]:
            yield f"{kind}_then_end", alone
            return
        preposition = preposition_of(view.words[at])
        if preposition == "ب":
            yield f"{kind}_then_by", alone
            return
        if preposition or is_place_or_time(view, at):
            yield f"{kind}_then_preposition", alone
            return


def _behind_genitives(view: Surroundings, place: int) -> int:
    """Return the place behind a noun's genitives, of which the last has the article.

    قَضِيَّةُ تَمْوِيلِ الْمَشْرُوعِ.
    """
    genitive = word_at(view.words, place)
    of_noun = noun_kind(genitive) in ("thing", "agent") and not view.following.startswith("ال")
    if not of_noun or any(view.pauses[view.index : place + 1]) or preposition_of(genitive):
        return place
    run = definite_run(view.words, place + 1, view.pauses)
    return place + 1 + run if run else place


_ADJECTIVES = 1
"""Words without an article that may still belong to the noun: أَوَّلُ كِتَابٍ مَطْبُوعٍ بِالْعَرَبِيَّةِ."""


def _owns(view: Surroundings) -> bool:
    """Return whether a pronoun on the noun may mean the verb's agent."""
    owner = _OWNER.search(view.following)
    if not (view.index and not view.run and owner):
        return False
    if view.has_subject_inside:
        return owner[1] in ("هم", "هما")
    return owner[1] in ("هم", "ها" if view.is_feminine else "ه")


def _has_own_object(view: Surroundings) -> bool:
    """Return whether what follows the noun is its own: فَتَحَ الْمُتْحَفُ أَبْوَابَهُ."""
    of_genitive = view.second.startswith("ال")  # فَتَحَتْ دُورُ الْعِبَادَةِ أَبْوَابَهَا
    if not (view.run or of_genitive or noun_kind(view.following) in ("agent", "name")):
        return False  # حَالَةُ أَحَدِهِمْ
    third = [view.words[place] for place in view.clause[1:2]] if of_genitive else []
    for word in {view.second, view.after_run, *third}:
        if word and _OWNER.search(word) and not preposition_of(word):
            return not _ALL_OF_IT.fullmatch(word)
    return False


def _is_definite_noun(word: str) -> bool:
    """Return whether a word with the article is a noun of the tables, and no adjective."""
    return word.startswith("ال") and noun_kind(word) in ("agent", "thing")
