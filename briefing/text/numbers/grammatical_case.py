"""The case that a number has after the words before it, or a noun with its number.

Arabic news writes no case endings, so the case follows from the words around: after a preposition
or as second part of an idafa the genitive, after إنّ and its sisters or as the object or measure
of a verb the accusative, else the nominative (Ryding, A Reference Grammar of Modern Standard
Arabic, chapters 7 and 15; Wright II §§ 21-45).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from briefing.text.numbers.counted_nouns import gender_of
from briefing.text.tables import context, verbs
from briefing.text.words.passives import is_listed, noun_kind
from briefing.text.words.verb_signs import all_verbs, is_verb, looks_like_verb, without_and

__all__ = ["case_after", "name_case", "noun_case"]

_VERBAL_NOUN = re.compile(
    r"[بل]?(?:ت[^\Wا]{2}ي[^\Wاةتن]|إ[^\W]{2}ا[^\Wن]|ا[^\W][تدط][^\W]ا[^\W]|ان[^\W]{2}ا[^\W]|است[^\W]{2}ا[^\W]|[^\Wيتأ][^\W]و[^\W])"
)
# plurals that can only be the first part of an idafa before a number: جثامين, منازل, أسماء
_BROKEN_PLURAL = re.compile(
    r"[^\Wيتأ][^\W]ا[^\W]ي[^\W]|م[^\W]ا[^\W]{2}|[^\Wيت][^\W]ائ[^\W]|أ[^\W]{2}ا[^\W]"
)
_WITH_BI = re.compile(r"و?ب(?!ال|ين|عض)[^\W]{3,}(?<!هم)(?<!ها)(?<!ه)")
# third persons plural, their subject in their ending: اعتقلوا, يملكون
_WITH_SUBJECT = re.compile(r"[^\W]{3,}وا|[وف]?س?ي[^\W]{3,}ون")
_CLAUSE = frozenset(["الذي", "التي", "الذين", "إذ", "حيث"])
_DEFINITE = re.compile("[وف]?(?:[بك]?ال|لل)")
_MEASURES = ("time", "measure")
# perfects of the derived stems, and nouns of the same letters: only before a noun: أقر البرلمان
_DERIVED = re.compile(r"و?(?:أ[^\Wا]{2,3}|ت[^\Wاي]{3}|ا[^\Wالأإ][^\Wا]{3,4}(?<!ة))")
_FAR = 6
"""Words between a verb and its object, at most."""


def case_after(words: Sequence[str], counted: str = "") -> str:
    """Return the case of a number after these words of its clause, the nearest last.

    counted: what the number counts: "person", "time", "measure" (space, weight, per cent) or "".
    Its limit: where a verb can be active or passive and its subject is not written, the
    nominative is taken.

    >>> case_after(["إلى"]), case_after(["اعتقلت", "الشرطة"]), case_after(["حضر"])
    ('gen', 'acc', 'nom')
    >>> case_after(["زار", "المعرض"], counted="person"), case_after(["زار", "الوزير"])
    ('nom', 'acc')
    """
    if not words:
        return "nom"
    view = _Before(words, without_and(words[-1], context()["genitive"]), counted)
    for rule in _RULES:
        if case := rule(view):
            return case
    return "nom"


class _Before(NamedTuple):
    """The words of the clause before a number."""

    words: Sequence[str]
    last: str
    """The nearest, without و where it is a preposition."""
    counted: str

    @property
    def bare(self) -> str:
        """The nearest without و."""
        return self.last.removeprefix("و")

    @property
    def before_last(self) -> str:
        return self.words[-2] if len(self.words) > 1 else ""


def _preposition(view: _Before) -> str:
    """في, بعد; غرق is "sank", but "the sinking" after a preposition."""
    genitive = context()["genitive"]
    if view.last not in genitive:
        return ""
    is_verb_here = view.last in verbs("subject") and view.before_last not in genitive
    return "nom" if is_verb_here else "gen"


def _accusative_particle(view: _Before) -> str:
    """إن, أن."""
    accusative = context()["accusative"]
    return "acc" if without_and(view.last, accusative) in accusative else ""


def _before_delayed_noun(view: _Before) -> str:
    """لديه عشرون; إن لديه اثني عشر دليلا."""
    table = context()
    if view.last not in table["stands_first"]:
        return ""
    return "nom" if table["accusative"].isdisjoint(view.words[-3:-1]) else "acc"


def _thousands(view: _Before) -> str:
    """The number goes on: ألف و."""
    is_scale = view.last in context()["scales"]
    return case_after(view.words[:-1], view.counted) if is_scale else ""


def _verbal_noun_after_preposition(view: _Before) -> str:
    """بعد مضي اثني عشر عاما, رغم رفض عشرين نائبا."""
    owns = len(view.words) > 1 and not _DEFINITE.match(view.last)
    return "gen" if owns and _is_noun(view.last, view.before_last) else ""


def _subject_of_particle(view: _Before) -> str:
    """إن بين القتلى اثني عشر طفلا, أن من بين الجرحى."""
    words, table = view.words, context()
    phrase = 2 + (len(words) > 3 and words[-3] in table["prepositions"])
    delayed = len(words) > phrase and words[-1 - phrase] in table["accusative"]
    return "acc" if delayed and words[-2] in table["prepositions"] else ""


def _exception(view: _Before) -> str:
    """إلا: after a negation it changes nothing."""
    if view.last != "إلا":
        return ""
    negated = not context()["negations"].isdisjoint(view.words)
    return case_after(view.words[:-1], view.counted) if negated else "acc"


def _verb(view: _Before) -> str:
    return _by_verb(view.words, view.counted)


def _length_of_time(view: _Before) -> str:
    """صام 12 يوما."""
    return "acc" if view.counted == "time" and _is_for_a_time(view.words) else ""


def _measure_of_verbal_noun(view: _Before) -> str:
    """خفض الفائدة خمسا وعشرين نقطة."""
    if not view.last.startswith("ال"):
        return ""
    head = view.before_last.removeprefix("و").removeprefix("ب").removeprefix("ل")
    is_head = _VERBAL_NOUN.fullmatch(head) or head in context()["verbal_nouns"]
    return "acc" if is_head else ""


def _object_of_verb(view: _Before) -> str:
    """تدرس سحب 900 جندي: a verbal noun behind an imperfect owns what is counted."""
    verb = view.before_last
    is_masdar = view.last in context()["plain_masdars"] and verb[:1] in ("ي", "ت")
    return "gen" if is_masdar and noun_kind(verb) == "unknown" and len(verb) > 3 else ""


def _definite_noun(view: _Before) -> str:
    """القتلى: it owns nothing."""
    return "nom" if _DEFINITE.match(view.last) or len(view.last) < 3 else ""


def _broken_plural_or_verbal_noun(view: _Before) -> str:
    """جثامين, منازل; تدشين."""
    if _BROKEN_PLURAL.fullmatch(view.bare) or _VERBAL_NOUN.fullmatch(view.bare):
        return "gen"
    return "gen" if view.bare[0] == "ت" and view.bare in context()["ends_in_n"] else ""


def _noun_with_bi(view: _Before) -> str:
    """بمشاركة, بقيمة."""
    word = view.words[-1]
    with_bi = _WITH_BI.fullmatch(word) and word not in context()["not_with_bi"]
    return "gen" if with_bi else ""


def _noun_with_li(view: _Before) -> str:
    """لنقل اثني عشر جريحا."""
    rest = view.bare[1:]
    is_listed = rest in context()["genitive"] or rest in verbs("transitive")
    return "gen" if view.bare[0] == "ل" and is_listed else ""


def _feminine_noun(view: _Before) -> str:
    """إصابة, اعتقالات; but غزة after a preposition is a place."""
    if view.last.endswith("ات"):
        return "gen"
    if not view.last.endswith("ة"):
        return ""
    after_preposition = view.before_last.removeprefix("و") in context()["prepositions"]
    is_place = after_preposition and not _VERBAL_NOUN_IN_T.fullmatch(view.bare)
    return "" if is_place else "gen"


_RULES: tuple[Callable[[_Before], str], ...] = (
    _preposition,
    _accusative_particle,
    _before_delayed_noun,
    _thousands,
    _object_of_verb,
    _verbal_noun_after_preposition,
    _subject_of_particle,
    _exception,
    _verb,
    _length_of_time,
    _measure_of_verbal_noun,
    _definite_noun,
    _broken_plural_or_verbal_noun,
    _noun_with_bi,
    _noun_with_li,
    _feminine_noun,
)
"""In the order in which they are asked: each returns a case, or "" where it has none."""
# إصابة, استعادة, مشاركة, تسمية: but غزة after a preposition is a place
_VERBAL_NOUN_IN_T = re.compile(
    r"إ[^\W]{1,2}ا[^\W]ة|است[^\W]{1,2}ا[^\W]ة|م[^\W]ا[^\W]{2}ة|ت[^\W]{2}ية|مجموعة|قائمة|سلسلة|قيمة"
)


def _is_noun(word: str, before: str) -> bool:
    """Return whether a preposition makes a noun of what could be a verb."""
    table = context()
    return before in table["before_verbal_noun"] or (
        before in table["prepositions"] and word in verbs("transitive")
    )


def _is_for_a_time(words: Sequence[str]) -> bool:
    """Return whether a time after these words is a duration: صام 12 يوما, غاب اللاعب 12 شهرا."""
    last, table = words[-1], context()
    if last.endswith(("ه", "ها", "هم")) or _DEFINITE.sub("", last) in table["lengths"]:
        return False
    if not _DEFINITE.match(last):
        return len(last) > 2
    if len(words) > 2 and words[-2] in table["prepositions"]:
        return True  # حرم من اللعب 12 شهرا
    return (
        len(words) > 1
        and not _DEFINITE.match(words[-2])
        and words[-2] not in table["lengths"]
        and words[-2] not in table["genitive"]
    )


def _by_verb(words: Sequence[str], counted: str) -> str:
    """Return the case that the nearest verb gives, "" where none is seen."""
    table = context()
    while len(words) > 1 and counted == "person" and is_listed(words[-1], "times"):
        words = words[:-1]  # قتل صباح اليوم سبعة أشخاص
    intransitive, taking, transitive = verbs("subject"), verbs("object"), verbs("transitive")
    for distance in range(1, min(len(words), _FAR) + 1):
        word = words[-distance]
        if not word or word in table["accusative"] or word in _CLAUSE:
            return ""
        verb = without_and(word, all_verbs())
        between = words[len(words) - distance + 1 :]
        by_particle = bool(between) and (
            between[0] in table["prepositions"] or between[0].startswith(("بال", "لل"))
        )
        if verb in intransitive:
            passing = verb in verbs("counts") and not (between and between[0].startswith("ال"))
            if passing or counted not in _MEASURES:
                return "nom"
            long = counted == "time" or (between and not by_particle)
            return "acc" if long else "nom"
        if len(between) == 1 and verb in verbs("visits") and _visits(verb, between[0], counted):
            return "nom"  # زار المعرض عشرون ألف شخص
        if verb in taking or _WITH_SUBJECT.fullmatch(word):
            people = counted == "person" and not between and verb in verbs("person_subject")
            people = people and not _subject_before(words[:-distance], verb)
            return "nom" if people else "acc"
        derived = between and not by_particle and _DERIVED.fullmatch(word)
        if not (verb in transitive or looks_like_verb(word) or derived):
            continue
        if by_particle:
            return "acc" if counted == "time" else "nom"
        if between:
            return "acc"
        if counted in _MEASURES and verb not in verbs("counts"):
            return "acc"  # يبعد عشرين كيلومترا, تراجعت اثنين بالمئة
        is_verb_form = verb in transitive or word.removeprefix("و").startswith("س")
        return "acc" if is_verb_form and _subject_before(words[:-1], verb) else "nom"
    return ""


def _visits(verb: str, noun: str, counted: str) -> bool:
    """Return whether a noun after a verb is its object, and what is counted its subject.

    People are; and a feminine verb's subject is no masculine noun: دخلت القطاع مئتا شاحنة.
    """
    masculine = noun.startswith("ال") and gender_of(noun, 1) == "m"
    return counted == "person" or (verb.endswith("ت") and masculine and counted not in _MEASURES)


def _subject_before(words: Sequence[str], verb: str) -> bool:
    """Return whether a verb's subject is before it: الشرطة اعتقلت, إنه قتل, إن بلاده ستستقبل."""
    if not words:
        return False
    last, table = words[-1], context()
    if last in table["subject_known"]:
        return True
    if any(word in table["accusative"] for word in words[-3:-1]):
        return last not in table["genitive"]
    if verb[0] in "يت" and not last.startswith("ال"):  # قطار يحمل مئتي راكب
        no_subjects = table["genitive"] | table["not_counted"] | table["negations"]
        return last not in no_subjects and len(last) > 2 and not is_verb(last)
    if verb.endswith("ت") and last.endswith("ة") and last not in table["genitive"]:
        return True  # عصابة سرقت ثلاثة ملايين
    if not last.startswith("ال") or last in ("اليوم", "الآن", *_CLAUSE):
        return False
    return len(words) < 2 or words[-2] not in table["genitive"]


def name_case(words: Sequence[str]) -> str:
    """Return the case of a name after these words: of an idafa after a noun without article.

    >>> name_case(["في", "مؤتمر"]), name_case(["الطائرة"]), name_case(["حلقت"])
    ('gen', 'nom', 'nom')
    """
    if not words or not words[-1]:
        return case_after(words)
    last = words[-1]
    if _DEFINITE.match(last):
        return noun_case(last, words[:-1])
    a_noun = len(last) > 2 and not is_verb(last) and last not in all_verbs() | _CLAUSE
    return (
        "gen"
        if a_noun and len(words) > 1 and words[-2] in context()["genitive"]
        else case_after(words)
    )


def noun_case(noun: str, before: Sequence[str]) -> str:
    """Return the case of a definite noun by its own ending, particle or context.

    Adjectives between the noun and its number are passed over.

    >>> noun_case("العربية", ["في", "القمة"]), noun_case("المركز", ["احتل"])
    ('gen', 'acc')
    """
    words = list(before)
    while (
        noun.startswith("ال")
        and noun.endswith(("ية", "ي"))
        and words
        and _DEFINITE.match(words[-1])
    ):
        noun = words.pop()
    if noun.startswith(("بال", "لل", "كال", "وبال", "ولل")):
        return "gen"
    bare = noun.removeprefix("و").removeprefix("ف")
    if bare.startswith("ال") and len(bare) > 5:
        if bare.endswith(("ون", "ان")) and bare not in _NOT_DUAL:
            return "nom"
        if bare.endswith("ين") and bare[2:] not in context()["ends_in_n"]:
            return "gen"
    if _is_second_noun(noun, words):
        return "acc"
    return case_after(words)


def _is_second_noun(noun: str, words: Sequence[str]) -> bool:
    """Return whether a feminine noun is the object behind a name: تستضيف الدوحة الدورة."""
    if len(words) < 2 or not (noun.startswith("ال") and noun.endswith("ة")):
        return False
    verb, subject = words[-2], words[-1]
    is_name = subject.startswith("ال") and noun_kind(subject) == "agent"
    return is_name and verb[0] in "يت" and is_verb(verb) and noun_kind(noun) != "agent"


_NOT_DUAL = frozenset(
    ["القانون", "البرلمان", "المهرجان", "الميدان", "اللجان", "الإنسان", "الديوان"]
)
