"""What a number must agree with: the counted noun's gender, the case that its context gives."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from briefing.text.tables import context, months, nouns

__all__ = ["case_after", "could_be_counted", "gender_of", "noun_case"]

# a, b: verbal nouns of forms II, IV, VII, VIII, X with the plural ات are masculine
_MASCULINE_PLURAL = re.compile(
    r"ت[^\W]{2}ي[^\W]ات|[إا][^\W]{2}ا[^\W]ات|[اإ]ست[^\W]{2}ا[^\W]ات|ان[^\W]{2}ا[^\W]ات|ا[^\W]ت[^\W]ا[^\W]ات"
)
# plurals of the pattern أفعلة, of masculine singulars: أسئلة, أجهزة
_MASCULINE_FEW = re.compile(r"أ[^\W]{3}ة|أ[^\W]{2}ية")
_VERBAL_NOUN = re.compile(
    r"[بل]?(?:ت[^\Wا]{2}ي[^\Wاةتن]|إ[^\W]{2}ا[^\Wن]|ا[^\W][تدط][^\W]ا[^\W]|ان[^\W]{2}ا[^\W]|است[^\W]{2}ا[^\W]|[^\Wيتأ][^\W]و[^\W])"
)


@lru_cache(maxsize=4096)
def gender_of(noun: str, number: int) -> str:
    """Give "m" or "f" of the noun as it is written after the number.

    >>> [gender_of(*one) for one in (("دول", 3), ("اجتماعات", 5), ("متظاهرا", 26), ("سنة", 15))]
    ['f', 'm', 'm', 'f']
    """
    feminine, masculine, feminine_one, _ = nouns()
    few = 3 <= number % 100 <= 10
    for word in (noun[2:], noun) if noun.startswith("ال") and len(noun) > 4 else (noun,):
        if word in feminine or word in feminine_one:
            return "f"
        if word in masculine:
            return "m"
        if few and _MASCULINE_FEW.fullmatch(word):
            return "m"
        if word.endswith(("ة", "تين", "تان")):
            return "f"
        if word.endswith("ا") and word not in context()["keeps_alif"] and word[:-1] in feminine_one:
            return "f"
        if len(word) > 4 and word.endswith("ات"):
            if word.endswith("يات"):
                return "f"
            return "m" if _MASCULINE_PLURAL.fullmatch(word) else "f"
    return "m"


def could_be_counted(word: str) -> bool:
    """Tell whether the word behind a number can be the noun it counts."""
    feminine, masculine, feminine_one, masculine_one = nouns()
    one = word[:-1] if word.endswith("ا") else word
    if word in feminine or word in masculine or one in feminine_one or one in masculine_one:
        return True
    if word in context()["not_counted"] or word in months()[0] or len(word) < 2:
        return False
    if word.startswith(("ال", "لل", "بال", "وال", "فال", "كال")) and len(word) > 4:
        return False
    if len(word) > 3 and word[0] in "وف" and (word[1:] in context()["not_counted"]):
        return False
    if re.fullmatch(r"[بلو][^\W]{2,}(?:ها|هم|ه)", word):
        return False
    # behind a preposition it is no counted noun: القانون رقم 10 لسنة 2018
    if word[0] in "بلك" and word[1:] in (*context()["year"], "مدة"):
        return False
    return not re.fullmatch(r"[يت][^\W]{2,4}(?:ون|وا)?", word) or word.endswith(("ة", "ا"))


def _without_and(word: str, known: frozenset[str]) -> str:
    if word not in known and len(word) > 2 and word[0] in "وف" and word[1:] in known:
        return word[1:]
    return word


def case_after(words: Sequence[str], fallback: str = "nom") -> str:
    """Give the case of a number behind these words of its clause, the nearest last.

    Genitive after prepositions and as second part of an idafa, accusative after إنّ and its
    sisters and as the object of a verb; otherwise the nominative. Its limit: where a verb can be
    active or passive and its subject is not written, the nominative is taken.

    >>> case_after(["إلى"]), case_after(["اعتقلت", "الشرطة"]), case_after(["حضر"])
    ('gen', 'acc', 'nom')
    """
    if not words:
        return fallback
    table = context()
    last = _without_and(words[-1], table["genitive"])
    if last in table["genitive"]:
        return "gen"
    if _without_and(last, table["accusative"]) in table["accusative"]:
        return "acc"
    if last in ("هناك", "ثمة", "هنالك") and len(words) > 1 and words[-2] in table["accusative"]:
        return "acc"
    if last in context()["scales"] and len(words) > 1:
        return case_after(words[:-1], fallback)
    for distance in range(1, min(len(words), 6) + 1):
        word = words[-distance]
        if not word:
            break
        verb = _without_and(word, table["object"] | table["object_after_subject"])
        if _without_and(word, table["subject"]) in table["subject"]:
            return "nom"
        between = words[len(words) - distance + 1 :]
        if verb in table["object"]:
            return "acc"
        if verb in table["object_after_subject"] and between:
            if between[0] in context()["prepositions"] or between[0][:2] in ("بـ",):
                return "nom"
            return "acc"
        if verb in table["object_after_subject"]:
            return "acc" if _subject_before(words[:-1]) else fallback
        if word in table["accusative"] or word in ("الذي", "التي", "إذ", "حيث"):
            break
    if last.startswith("ال") and len(words) > 1:
        head = words[-2].removeprefix("و").removeprefix("ب").removeprefix("ل")
        if _VERBAL_NOUN.fullmatch(head) or head in context()["verbal_nouns"]:
            return "acc"  # خفض الفائدة خمسا وعشرين نقطة
    if last.startswith("ال") or len(last) < 3:
        return fallback
    if _BROKEN_PLURAL.fullmatch(last.removeprefix("و")):
        return "gen"
    if _WITH_BI.fullmatch(words[-1]) and words[-1] not in context()["not_with_bi"]:
        return "gen"
    if last.endswith(("ة", "ات")) or _VERBAL_NOUN.fullmatch(last.removeprefix("و")):
        return "gen"
    return fallback


# plurals that can only be the first part of an idafa before a number: جثامين, منازل, أسماء
_BROKEN_PLURAL = re.compile(
    r"[^\Wيتأ][^\W]ا[^\W]ي[^\W]|م[^\W]ا[^\W]{2}|[^\Wيت][^\W]ائ[^\W]|أ[^\W]{2}ا[^\W]"
)
_WITH_BI = re.compile(r"و?ب(?!ال|ين|عض)[^\W]{3,}(?<!هم)(?<!ها)(?<!ه)")


def _subject_before(words: Sequence[str]) -> bool:
    """Tell whether a verb's subject stands before it: الشرطة اعتقلت."""
    if (
        not words
        or not words[-1].startswith("ال")
        or words[-1] in ("الذي", "التي", "الذين", "اليوم", "الآن")
    ):
        return False
    return len(words) < 2 or words[-2] not in context()["genitive"]


def noun_case(noun: str, before: Sequence[str]) -> str:
    """Give the case of a definite noun by its own ending, particle or context."""
    if noun.startswith(("بال", "لل", "كال")):
        return "gen"
    bare = noun.removeprefix("و").removeprefix("ف")
    if bare.startswith("ال") and len(bare) > 5:
        if bare.endswith(("ون", "ان")):
            return "nom"
        if bare.endswith("ين") and bare not in ("الملايين", "القوانين", "الميادين"):
            return "gen"
    return case_after(before)
