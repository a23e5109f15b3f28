"""The verbs that have a passive, and the words of a sentence that distinguish it from the active.

A verb with an object has the same letters in both voices (Ryding 2005, chapter 38): فرض الاتحاد
عقوبات and فرضت عقوبات differ in what follows. The table passives.toml has what a verb governs, who
acts in the news, and the prepositions.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache

from briefing.text.characters import FATHA, FATHATAN, SHADDA, SUKUN
from briefing.text.table_files import toml_table
from briefing.text.tables import context
from briefing.text.words.known_words import is_diptote, known_reading
from briefing.text.words.verb_forms import Form, Vowels, forms_of
from briefing.text.words.verb_index import VerbIndex

__all__ = [
    "MASDAR",
    "WITH_PRONOUN",
    "forms_in_both_voices",
    "has_jussive_twin",
    "is_accusative",
    "is_agent",
    "is_agent_with_genitive",
    "is_before_noun",
    "is_listed",
    "is_name",
    "is_whole_time",
    "listed_verbs",
    "noun_kind",
    "other_form",
    "passive_of",
    "preposition_of",
    "taken_by",
]

_TABLE = "passives.toml"
_PRONOUN = "(?:ه|ها|هم|هما|نا|ك|كم|ي)"
MASDAR = re.compile("(?:ت[^\\W]{2}ي|إ[^\\W]{2}ا|ا[^\\W]ت[^\\W]ا|است[^\\W]{2}ا|ان[^\\W]{2}ا)[^\\W]")
WITH_PRONOUN = re.compile(f"(?:ب|ل|في|من|إلي|علي|عن|مع){_PRONOUN}")


@lru_cache(maxsize=16384)
def passive_of(word: str) -> Form | None:
    """Return the passive that a word without marks may be, or None.

    >>> passive_of("وفرضت").verb, passive_of("يستأنف").imperfect, passive_of("كتاب")
    ('فرض', True, None)
    """
    if word[:2] == "وو":
        form = _form(word[1:])
        return form.behind(("a",)) if form else None  # وَوُجِّهَتْ, not وُوجِهَتْ; وَوَصَلَ, not وُوصِلَ
    if form := _form(word):
        return form
    for size in (1, 2):
        front = word[:size]
        if front not in _FRONTS and front not in _BEFORE_IMPERFECT:
            continue
        form = _form(word[size:])
        if form is not None and (front in _FRONTS or form.imperfect):
            return form.behind(tuple("i" if letter == "ل" else "a" for letter in front))
    return None


_FRONTS = ("و", "ف")
_BEFORE_IMPERFECT = ("س", "وس", "فس", "ل", "ول", "فل")


def forms_in_both_voices(form: Form) -> tuple[Vowels, Vowels, Vowels, Vowels]:
    """Return the passive and active of a form, and those of the other form with its letters."""
    other = form
    if other_form(form.verb):
        other = dict(forms_of(other_form(form.verb)))[form.spelled].behind(form.front)
    return form.passive, form.active, other.passive, other.active


def listed_verbs() -> tuple[str, ...]:
    """Return the verbs with an object, as active perfects."""
    return tuple(_verbs())


def taken_by(form: Form) -> frozenset[str]:
    """Return what a verb governs by the table: prepositions and flags, see passives.toml."""
    return _verbs()[form.verb]


def is_listed(word: str, name: str) -> bool:
    """Return whether a word is in a list of the table."""
    return word in _lists()[name]


def is_whole_time(word: str) -> bool:
    """Return whether a time stands alone, so that subject or object may follow: غَدًا, الْيَوْمَ.

    >>> is_whole_time("غدا"), is_whole_time("فجر")
    (True, False)
    """
    return is_listed(word, "times") and not is_listed(word, "times_of")


def is_before_noun(word: str) -> bool:
    """Return whether no verb can follow a word: a preposition, كل, بسبب."""
    return word in _lists()["before_nouns"]


def has_jussive_twin(before: str, word: str) -> bool:
    """Return whether a verb is usually another one than its letters suggest: لَمْ يَعُدْ, لَمْ تَرِدْ.

    These are not forms of عَدَّ and رَدَّ.

    >>> has_jussive_twin("لم", "تعد"), has_jussive_twin("لن", "تعد")
    (True, False)
    """
    if before not in ("لم", "ولم", "فلم"):
        return False
    form = passive_of(word)
    return form is not None and form.imperfect and is_listed(form.verb, "jussive_twins")


def preposition_of(word: str) -> str:
    """Return the preposition or adverb that a word is or begins with, or ""."""
    if word in _lists()["prepositions"]:
        return word
    if WITH_PRONOUN.fullmatch(word):
        stem = re.sub(f"{_PRONOUN}$", "", word)
        return {"إلي": "إلى", "علي": "على"}.get(stem, stem)
    if len(word) > 3 and (word[:3] in ("بال", "بأن") or word[:2] == "لل"):
        return word[0]
    if len(word) > 3 and word[0] == "ب" and word not in _lists()["begin_with_b"]:
        return "" if known_reading(word).startswith("ب" + FATHA) else "ب"  # بجروح
    if word in _lists()["begin_with_l"]:
        return ""
    if word[:1] == "ل" and (MASDAR.fullmatch(word, 1) or word[1:] in _lists()["verbal_nouns"]):
        return "ل"
    return "ل" if re.fullmatch("ل[^\\W]{2,}(?:ة|ه|ها|هم|ات)", word) else ""


def is_accusative(word: str) -> bool:
    """Return whether a word ends in the alif of an indefinite accusative."""
    if word.endswith("يا"):
        return is_agent(word[:-1])  # شُرْطِيًّا, not رسميا
    if word.endswith(("نا", "ما")) and len(word) > 4:
        noun = word[:-1]  # قَانُونًا, نِظَامًا, not لَاعِبُونَا, تَعَادُلِهِمَا
        is_single = not noun.endswith(("ون", "ين", "هم", "كم")) or noun in context()["ends_in_n"]
        return is_single and noun_kind(noun) in ("thing", "agent")
    return len(word) > 3 and word.endswith("ا") and not word.endswith(("ها", "نا", "ما"))


def is_agent(word: str) -> bool:
    """Return whether a word names somebody who can be the agent of a verb."""
    agents = _lists()["agents"]
    stem = re.sub("^ال", "", word)
    owned = re.sub("(?:ها|هما|هم|ه|نا)$", "", stem)
    if word.endswith("و") and stem + "ن" in agents:
        return True  # مُحَامُو الدِّفَاعِ
    single = re.sub("(?:ون|ين|ان)$", "", stem)
    if {word, stem, owned, single, re.sub("ت$", "ة", owned), re.sub("ات$", "ة", stem)} & agents:
        return True
    return is_name(word)


def is_agent_with_genitive(word: str, after: str) -> bool:
    """Return whether a word is an agent before who or what it is of: وَزِيرُ الثَّقَافَةِ."""
    return (
        after.startswith("ال")
        and not word.startswith("ال")
        and is_agent(word)
        and not is_name(word)
    )


def is_name(word: str) -> bool:
    """Return whether a word is a name in the tables."""
    if word.startswith("ال") and word.endswith("ي"):
        return False  # الأراضي
    reading = known_reading(word)
    ends = reading.endswith((SUKUN, "ا", "و", "ي")) and not reading.endswith(FATHATAN + "ا")
    return is_diptote(word) or ends


_MASDAR_ALONE = re.compile(f"{MASDAR.pattern}(?:ات)?")


def noun_kind(word: str) -> str:
    """Return what a noun is to a verb before it: "agent", "thing", "name" or "unknown".

    >>> noun_kind("الحكومة"), noun_kind("عقوبات")
    ('agent', 'thing')
    """
    if is_agent(word):
        return "agent"
    stem = re.sub("^ال", "", word)
    owned = re.sub("(?:ها|هما|هم|ه|نا)$", "", stem)
    if {stem, owned, re.sub("ت$", "ة", owned)} & _lists()["things"]:
        return "thing"
    if _MASDAR_ALONE.fullmatch(owned):
        return "thing"
    return "name" if is_name(word) else "unknown"


@cache
def _lists() -> Mapping[str, frozenset[str]]:
    return {
        name: frozenset(rows["words"].split())
        for name, rows in toml_table(__file__, _TABLE).items()
        if "words" in rows
    }


@cache
def _verbs() -> Mapping[str, frozenset[str]]:
    return {
        verb: frozenset(own.split()) for verb, own in toml_table(__file__, _TABLE)["verbs"].items()
    }


@cache
def _places() -> Mapping[str, int]:
    return {verb: place for place, verb in enumerate(_verbs())}


@cache
def _index() -> VerbIndex:
    return VerbIndex(_verbs())


def _form(spelled: str) -> Form | None:
    """Return the passive of the first verb of the table that has this spelling, or None."""
    for verb in sorted(_index().of(spelled), key=_places().__getitem__):
        form = _by_spelling(verb).get(spelled)
        if form is not None:
            return form
    return None


@cache
def _by_spelling(verb: str) -> Mapping[str, Form]:
    own = _verbs()[verb]
    forms: dict[str, Form] = {}
    for spelled, form in forms_of(verb):
        if ("^" if form.imperfect else "~") not in own:
            forms.setdefault(spelled, form)
    return forms


def other_form(verb: str) -> str:
    """Return the verb with the same letters in the other form (قَدَرَ, قَدَّرَ) if it is listed, or ""."""
    other = verb.replace(SHADDA, "") if SHADDA in verb else verb[:2] + SHADDA + verb[2:]
    return other if other in _verbs() else ""
