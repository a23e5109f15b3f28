"""What a number must agree with: the gender and the kind of the noun that it counts."""

from __future__ import annotations

import re
from functools import lru_cache

from briefing.text.tables import context, kinds, months, nouns, people
from briefing.text.words.noun_signs import begins_with_own

__all__ = ["could_be_counted", "gender_of", "kind_of"]

# verbal nouns of forms II, IV to VIII and X, and participles of X, with the plural ات are masculine
_MASCULINE_PLURAL = re.compile(
    r"ت[^\W]{2}ي[^\W]ات|ت[^\W]ا[^\W]{2}ات|ت[^\W]{3}ات|[إا][^\W]{2}ا[^\W]ات|[اإ]ست[^\W]{2}ا[^\W]ات"
    r"|ان[^\W]{2}ا[^\W]ات|ا[^\W]ت[^\W]ا[^\W]ات|مست[^\W]{3}ات"
)
# plurals of feminine فعيلة: هزائم, نصائح; those of masculine singulars are in the table
_FEMININE_FEW = re.compile(r"[^\W]{2}ائ[^\W]")
# plurals of the pattern أفعلة, of masculine singulars: أسئلة, أجهزة
_MASCULINE_FEW = re.compile(r"أ[^\W]{3}ة|أ[^\W]{2}ية")


@lru_cache(maxsize=4096)
def gender_of(noun: str, number: int) -> str:
    """Return "m" or "f" of the noun as it is written after the number.

    >>> [gender_of(*row) for row in (("دول", 3), ("اجتماعات", 5), ("متظاهرا", 26), ("سنة", 15))]
    ['f', 'm', 'm', 'f']
    """
    feminine, masculine, feminine_one, masculine_one = nouns()
    few = 3 <= number % 100 <= 10 or (noun.startswith("ال") and number > 1)
    for word in (noun[2:], noun) if noun.startswith("ال") and len(noun) > 4 else (noun,):
        if word in feminine or word in feminine_one:
            return "f"
        if word in masculine or word in masculine_one:
            return "m"
        if few and _MASCULINE_FEW.fullmatch(word):
            return "m"
        if few and _FEMININE_FEW.fullmatch(word):
            return "f"
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
    """Return whether the word after a number can be the noun it counts."""
    feminine, masculine, feminine_one, masculine_one = nouns()
    singular = word[:-1] if word.endswith("ا") else word
    if (
        word in feminine
        or word in masculine
        or singular in feminine_one
        or singular in masculine_one
    ):
        return True
    if word in context()["not_counted"] or word in months()[0] or len(word) < 2:
        return False
    if word.startswith(("ال", "لل", "بال", "وال", "فال", "كال")) and len(word) > 4:
        return False
    if len(word) > 3 and word[0] in "وف" and _is_joined(word):
        return False
    if re.fullmatch(r"[بلو][^\W]{2,}(?:ها|هم|ه)", word):
        return False
    if word.endswith("وا") and len(word) > 3 and word[:-1] not in people():
        return False  # الركاب الـ200 نجوا
    if word[0] in "بلك" and not begins_with_own(word):
        return False  # القرار 1701 لحماية المدنيين, القانون رقم 10 لسنة 2018
    return not re.fullmatch(r"[يت][^\W]{2,4}(?:ون|وا)?", word) or word.endswith(("ة", "ا"))


@lru_cache(maxsize=4096)
def _is_joined(word: str) -> bool:
    """Return whether the و or ف of a word is the conjunction: وإصابة, but not وزارة."""
    rest, table = word[1:], context()
    if rest in table["not_counted"] or rest in table["genitive"] or rest in table["transitive"]:
        return True
    return word[0] == "و" and rest[0] in "أإآا" and word not in table["begins_with_wa"]


def kind_of(noun: str) -> str:
    """Return what a counted noun names: "time", "measure" (space, weight, points), "person" or "".

    >>> kind_of("جنديا"), kind_of("كيلومترا"), kind_of("مقعدا")
    ('person', 'measure', '')
    """
    singular = noun[:-1] if noun.endswith("ا") and len(noun) > 3 else noun
    for kind, listed in kinds().items():
        if noun in listed or singular in listed:
            return kind
    plural = len(noun) > 4 and noun.endswith("ين") and noun not in context()["ends_in_n"]
    return "person" if plural else ""
