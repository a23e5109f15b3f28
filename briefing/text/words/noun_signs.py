"""Signs that a written word is a noun of our tables, or a plural."""

from __future__ import annotations

import re
from functools import lru_cache

from briefing.text.tables import context, nouns, people
from briefing.text.words.known_words import known_reading
from briefing.text.words.passives import is_listed, noun_kind

__all__ = [
    "begins_with_own",
    "is_broken_plural",
    "is_dual_of_thing",
    "is_feminine",
    "is_feminine_thing",
    "is_like_adjective",
    "is_masculine",
    "is_plural_subject",
    "is_sound_plural",
    "may_be_diptote",
]


def begins_with_own(word: str) -> bool:
    """Return whether the first letter of a noun belongs to it and is no attached particle.

    >>> begins_with_own("بطارية"), begins_with_own("بدقة")
    (True, False)
    """
    lists = (context()["own_first_letter"], *nouns(), people())
    return any(form in listed for form in _other_forms(word) for listed in lists)


def is_sound_plural(word: str) -> bool:
    """Return whether a noun is a masculine plural in the nominative (Ryding 2005, 7.2.1).

    >>> is_sound_plural("المصابون"), is_sound_plural("القانون"), is_sound_plural("جرحى")
    (True, False, False)
    """
    stem = _BEFORE_STEM.sub("", word)
    return len(stem) > 4 and stem.endswith("ون") and stem not in context()["ends_in_n"]


def is_plural_subject(word: str) -> bool:
    """Return whether a noun without article is nominative by its letters: a plural in ـون or ـو.

    >>> [is_plural_subject(word) for word in ("مسلحون", "ممثلو", "المسلحون", "يهتفون", "موناكو")]
    [True, True, False, False, False]
    """
    plural = word + "ن" if _CONSTRUCT_PLURAL.fullmatch(word) else word
    is_verb = word[:1] in "يت" and not word.endswith("يون")
    return is_sound_plural(plural) and not (is_verb or word.startswith(("ال", "و")))


_CONSTRUCT_PLURAL = re.compile("م[^\\W]{3,}(?<!ك)و|[^\\W]ا[^\\W]{2}و|[^\\W]{3,}يو")
_BEFORE_STEM = re.compile("^و?(?:ال)?(?=[^\\W]{4})")


def is_feminine(stem: str) -> bool:
    """Return whether a noun without article takes a feminine adjective and verb for certain."""
    return stem.endswith(("ة", "ات")) or stem in _FEMININES


def is_broken_plural(stem: str) -> bool:
    """Return whether a noun without article has the letters of a plural that may be feminine."""
    return _BROKEN_PLURAL.fullmatch(stem) is not None


def is_feminine_thing(noun: str) -> bool:
    """Return whether a noun is a thing that a masculine verb has as object, not as subject.

    Ryding 2005, 4.2.1, 7.1.

    >>> [is_feminine_thing(noun) for noun in ("خطة", "نتائج", "قرار", "ملايين")]
    [True, True, False, False]
    """
    if noun_kind(noun) != "thing" or is_listed(noun, "before_counted") or noun[0] in "وا":
        return False
    return noun.endswith(("ة", "ات")) or is_broken_plural(noun)


def is_like_adjective(word: str) -> bool:
    """Return whether a word without article has the letters of an adjective.

    The nisba, participles, فعيل, أفعل (Ryding 2005, 10.1).

    >>> is_like_adjective("أميركي"), is_like_adjective("واسع"), is_like_adjective("تطبيق")
    (True, True, False)
    """
    return _ADJECTIVE.fullmatch(word) is not None


_ADJECTIVE = re.compile(
    "[^\\W]{2,}ي(?:ة|ين|ون|ات)?"  # the nisba
    "|م[^\\W]{3,}|[^\\W]ا[^\\W]{2}ة?|[^\\W]{2}ي[^\\W]ة?|أ[^\\Wا]{3}|آخر|عامة?|خاصة?|حادة?|شابة?|جمة"
)


def may_be_diptote(word: str) -> bool:
    """Return whether a noun has the letters of one without tanwin, or of a noun with a pronoun.

    Plurals of four syllables, the elative and what ends in a hamza (Ryding 2005, 5.4.2.2).

    >>> may_be_diptote("تقارير"), may_be_diptote("مواقع"), may_be_diptote("فيلم")
    (True, True, False)
    """
    return _LIKE_DIPTOTE.fullmatch(word) is not None


_LIKE_DIPTOTE = re.compile("[وف]?(?:[^\\W]{2}ا[^\\W]ي?[^\\W]|أ[^\\W]{3}|آخر)|[^\\W]*(?:ه|اء)")


@lru_cache(maxsize=4096)
def is_dual_of_thing(word: str) -> bool:
    """Return whether a word in ين is the dual of a thing, which has no sound masculine plural.

    Ryding 2005, 7.1, 7.3.1. Participles are left out: they are also persons (مُعَارِضِينَ).

    >>> is_dual_of_thing("جسرين"), is_dual_of_thing("البحرين"), is_dual_of_thing("معارضين")
    (True, False, False)
    >>> is_dual_of_thing("فريقين"), is_dual_of_thing("وفريقين")
    (True, True)
    """
    if not word.endswith("ين") or word.removeprefix("و") in context()["ends_in_n"]:
        return False
    matches = (_DUAL.fullmatch(word), _DUAL_AFTER_PREFIX.fullmatch(word))
    stems = {match[1] for match in matches if match}
    if stems & context()["duals_in_yn"]:
        return True
    nouns = {stem for stem in stems if not _PARTICIPLE.match(stem)}
    return any(is_listed(noun, "things") for noun in nouns) and not known_reading(word)


_PARTICIPLE = re.compile("م|[^\\W]ا|[^\\W]{,2}$")
_STEM = "((?!بحر)[^\\W]{2,})ين"
_DUAL = re.compile(_STEM)
_DUAL_AFTER_PREFIX = re.compile(f"[وف]?(?:[بلك]?ال|لل|[بل](?=[^\\W]{{5}}))?{_STEM}")


def is_masculine(word: str) -> bool:
    """Return whether a noun with the article takes a masculine verb for certain.

    >>> is_masculine("الغاز"), is_masculine("المدارس"), is_masculine("الحكومة")
    (True, False, False)
    """
    stem = word.removeprefix("ال")
    of_stem = stem in context()["ends_in_an"] | context()["ends_in_n"]  # الدخان
    long = stem.endswith(("اء", "ى", "ا", "ي", "ين", "ون", "ان")) and not of_stem
    return (
        stem != word and len(stem) > 2 and not (is_feminine(stem) or is_broken_plural(stem) or long)
    )


_BROKEN_PLURAL = re.compile(
    "أ[^\\W]{2}ا[^\\W]|[^\\Wم]{2}و[^\\W]|[^\\W]{2}ائ[^\\W]|م[^\\W]ا[^\\W]{1,2}[^\\W](?<!ون)|[^\\W]وا[^\\W]{2}"
    "|[^\\W]{2}ا[^\\W]{1,2}ي[^\\W]|[^\\Wمتاأإ][^\\W]ا[^\\W][^\\Wةىيءن]|كتل|رياح|جبال|رمال|قلاع|دول|تجارب|تراجم|مواد|مهام|محال|خواص|طرق|مدن|سفن|كتب|خطط|أسر|قوى|فرق|قمم|جزر|صحف|نظم|سبل"
    "|جدران|نيران|قضبان|غزلان|بلدان|قطعان|حيتان|حيطان|وديان|خلجان|شطآن|تيجان|أمم|غرف|تهم|نخب|صور|تحف|رسل|ذمم|نسخ|خيل|إبل|غنم|نحل|نمل"
    "|جثث|حصص|قصص|شقق|حجج|فتن|محن|مهن|خدع|حفر|منح|غدد|بنى|قرى|قطط|كلاب|ذئاب|قردة|أراضي|مباني|ضواحي|نواحي|مقاهي|ملاهي|معاني|مراعي|أغاني|مساعي|كراسي|مآسي"
)
_FEMININES = frozenset(
    "حرب أرض نار شمس دار نفس ريح سوق يد عين كأس سماء بلاد عصا قدم ساق كف بئر".split()
)


def _other_forms(word: str) -> list[str]:
    """Return a noun and its forms in the tables, if any: كتابا كتاب, بوصة بوصات, بطاقتين بطاقة."""
    forms = [word]
    for ending, alternatives in _ENDINGS:
        if word.endswith(ending):
            forms += [word.removesuffix(ending) + other for other in alternatives]
    return forms


_ENDINGS = (
    ("ا", ("",)),
    ("ة", ("ات",)),
    ("ات", ("ة", "")),
    ("تين", ("ة",)),
    ("تان", ("ة",)),
    ("ين", ("",)),
    ("ان", ("",)),
)
