"""What the later words of a clause are to its verb: objects, clauses, prepositions, times."""

from __future__ import annotations

import re

from briefing.text.vowels.verb_surroundings import Surroundings, begins_clause
from briefing.text.words.clauses import word_at
from briefing.text.words.passives import (
    MASDAR,
    WITH_PRONOUN,
    is_accusative,
    is_agent,
    is_listed,
    is_whole_time,
    noun_kind,
    preposition_of,
)

__all__ = [
    "clause_later",
    "is_done_by_agent",
    "is_place_or_time",
    "later_object",
    "noun_behind_preposition",
    "prepositions_after",
    "words_after",
]

_HALF = 0.5
_DIPTOTE = 0.3
"""The weight of an indefinite a after a preposition, where it may be a diptote's genitive."""


def words_after(view: Surroundings) -> list[str]:
    """Return the words of the clause from the next but one on."""
    return [view.words[place] for place in view.clause]


def noun_behind_preposition(view: Surroundings) -> str:
    """Return the noun behind a preposition, its noun and adjectives: عَلَى النُّوَّابِ خُطَّةً; "" without.

    Before it the subject may stand, if that is somebody: خَصَّصَ لَهَا وَاتْسَابْ صَفْحَةً.
    """
    with_pronoun = WITH_PRONOUN.fullmatch(view.following) is not None
    if not (view.preposition or with_pronoun):
        return ""
    alone = view.following == view.preposition and not with_pronoun
    place = view.index + (3 if alone else 2)
    while word_at(view.words, place).startswith("ال"):
        place += 1
    if noun_kind(word_at(view.words, place)) in ("name", "agent"):
        place += 1
    if place >= len(view.words) or any(view.pauses[view.index : place]):
        return ""
    return view.words[place]


def prepositions_after(view: Surroundings) -> set[str]:
    """Return the prepositions among them, "" for other words."""
    return {preposition_of(word) for word in words_after(view)}


def clause_later(view: Surroundings) -> bool:
    """Return whether the verb's أن comes after the noun: أَكَّدَ الْوَزِيرُ أَنَّ."""
    for place in view.clause:
        if begins_clause(view.words[place]):
            before = view.words[place - 1]
            near = place <= view.index + 3
            of_verb = "أن" in view.own and view.words[place - 2] != "من"  # but مِنَ الْمُمْكِنِ أَنْ
            after_noun = before[:2] in ("ال", "با") and not of_verb
            return near or not (is_listed(before, "prepositions") or after_noun)
    return False


def later_object(view: Surroundings) -> float:
    """Return the probability of a later accusative in the clause that is no adverb."""
    best = 0.0
    inside = False
    for place in view.clause:
        word, before = view.words[place], view.words[place - 1]
        if preposition_of(word):
            inside = True
        elif _may_be_object(word, before) and not _counts_time(view, place):
            is_dual = _DUAL.fullmatch(word) and before.startswith("ال") and not inside
            written = is_accusative(word) or is_dual
            chance = 1.0 if written else view.model.cases(place).accusative
            if _is_new_noun(before, word) and is_agent(view.following):
                chance = 1.0  # صَرَفَتِ الْإِدَارَةُ قَبْلَ الْمُبَارَاةِ مُكَافَآتٍ
                inside = False
            triptote = is_accusative(word) or word.startswith("ال") or word.endswith("ة")
            best = max(best, chance if triptote or not inside else _DIPTOTE * chance)
    return best


def _is_new_noun(before: str, word: str) -> bool:
    """Return whether a feminine thing without article stands behind a word with it: a new noun."""
    feminine = word.endswith(("ات", "آت", "ة")) and not _ADVERBIAL.fullmatch(word)
    return before.startswith("ال") and feminine and noun_kind(word) == "thing"


_ADVERBIAL = re.compile(
    "ت[^\\W]{2}[^\\W]?ة|است[^\\W]+ة|نتيجة|نهاية|بداية|إضافة|مقارنة|خشية|رغبة|حماية|خدمة|مباشرة|عادة|دفعة|جملة"
    "|كافة|خاصة|عامة|بغية|نكاية|عقوبة|إجابة|رعاية|بقية|صحبة|سنة|ساعة|ليلة|مرة|كلمة"
)
"""Accusatives that say why, when or how, or are masdars of a reason: تَلْبِيَةً لِلدَّعْوَةِ."""


def _counts_time(view: Surroundings, place: int) -> bool:
    """Return whether the word at a place counts a length of time: عَشْرَ دَقَائِقَ, أَوَّلَ مَرَّةٍ."""
    number, after = view.words[place], word_at(view.words, place + 1)
    return (is_listed(number, "before_counted") or _TENS.fullmatch(number) is not None) and (
        is_listed(after, "lengths") or is_listed(after, "times") or after in ("مرة", "ليلة")
    )


_TENS = re.compile("(?:ال)?(?:عشر|ثلاث|أربع|خمس|ست|سبع|ثمان|تسع)ين")
_NO_OBJECTS = frozenset(["غير", "نحو", "أكثر", "أقل", "أحد"])


_DUAL = re.compile("(?!ال|لل|بال)[^\\W]{3,}ين")
"""Not genitive after a noun with the article, and so an object: صَارُوخَيْنِ, مُهَاجِمِينَ."""


def _may_be_object(word: str, before: str) -> bool:
    if len(word) < 3 or begins_clause(word) or word in _NO_OBJECTS:
        return False
    if word[0] == "و" and noun_kind(word) == "unknown":
        return False
    if is_listed(before, "prepositions") and not is_whole_time(before):
        return False
    if any(is_listed(word, name) for name in ("times", "lengths", "adverbs")):
        return False
    if word[-1] == "ى" and word != "مستوى":
        return False
    if word.endswith(("ان", "ون")) and noun_kind(word) != "thing":
        return False
    if word[-1] == "ا" and not is_accusative(word):
        return False
    return noun_kind(word) != "name" or word.startswith("ال")


def is_place_or_time(view: Surroundings, place: int) -> bool:
    """Return whether an accusative says where or when: خِلَالَ الْحَرْبِ, جَنُوبَ النَّهْرِ, الثَّلَاثِينَ عَامًا."""
    word = view.words[place]
    when = is_listed(word, "lengths") or is_listed(word, "adverbs") or _counts_time(view, place)
    return when or bool(preposition_of(word))


_OF_AGENT = frozenset("من قبل,على يد,على يدي,على أيدي,من جانب,من طرف,بفعل".split(","))
_DERIVED = re.compile(f"(?:ال|بال|لل)?(?:م[^\\W]{{3,}}|{MASDAR.pattern})")


def is_done_by_agent(view: Surroundings) -> bool:
    """Return whether "by" and a noun follow the verb's subject, which no other word can govern.

    دُمِّرَ الدَّيْرُ مِنْ قِبَلِ الْقُوَّاتِ (Ryding 2005, 38.5), but رَفَضَ اسْتِخْدَامَ الْقُوَّةِ مِنْ قِبَلِ الشُّرْطَةِ.
    """
    for place in (view.index + 1, *view.clause) if view.following else ():
        word = view.words[place]
        phrase = word if word[:1] == "ب" else f"{word} {word_at(view.words, place + 1)}"
        if phrase in _OF_AGENT:
            last = place + phrase.count(" ")
            agent = "" if view.pauses[last] else word_at(view.words, last + 1)
            own = place == view.index + 1 and word in view.complements  # حَذَّرَ مِنْ
            return not (own or not agent or begins_clause(agent) or preposition_of(agent))
        if place == view.index + 1:
            governs = bool(MASDAR.fullmatch(word)) or is_listed(word, "verbal_nouns")
        else:
            cases = view.model.cases(view.index + 1), view.model.cases(place)
            governs = is_agent(view.following) and word.startswith("ال")
            governs = governs or bool(_DERIVED.fullmatch(word))
            seems_object = cases[0].accusative < _HALF < cases[1].accusative
            governs = governs or (seems_object and not is_place_or_time(view, place))
        if governs or (is_accusative(word) and not is_place_or_time(view, place)):
            return False
    return False
