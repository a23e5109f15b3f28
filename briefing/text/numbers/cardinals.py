"""Whole numbers to vowelled Arabic words: gender, case, construct and article.

The rules are those of the counted noun (W. Wright, A Grammar of the Arabic Language, I §§ 318-328
and II §§ 96-110): 3 to 10 take the gender opposite to the noun's, 11 and 12 agree with it, 13 to
19 invert the unit only, tens have one form; dual and hundreds lose their nun before a noun.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from briefing.text.characters import (
    DAMMA,
    DAMMATAN,
    FATHA,
    FATHATAN,
    KASRA,
    KASRATAN,
    SHADDA,
    SUKUN,
    SUN_LETTERS,
    TANWIN,
    TASHKEEL,
)

__all__ = [
    "LARGEST",
    "Form",
    "cardinal",
    "decline",
    "digits",
    "dual",
    "fraction",
    "join",
    "ordinal",
    "with_article",
    "without_ending",
]

LARGEST = 10**15 - 1
"""Larger numbers are read digit by digit."""

_U, _A, _I = DAMMA, FATHA, KASRA
_UN, _AN, _IN = DAMMATAN, FATHATAN, KASRATAN
_SHORT = {"nom": _U, "acc": _A, "gen": _I}
_NUNATED = {"nom": _UN, "acc": _AN, "gen": _IN}

_DIGITS = (
    "صِفْرْ", "وَاحِدْ", "اثْنَانْ", "ثَلَاثَةْ", "أَرْبَعَةْ", "خَمْسَةْ", "سِتَّةْ", "سَبْعَةْ", "ثَمَانِيَةْ", "تِسْعَةْ"
)  # fmt: skip
"""Each as it is said by itself, without an ending."""
_STEMS = {3: "ثَلَاث", 4: "أَرْبَع", 5: "خَمْس", 6: "سِتّ", 7: "سَبْع", 8: "ثَمَانِ", 9: "تِسْع", 10: "عَشْر"}
_WITH_T = {
    3: "ثَلَاثَة", 4: "أَرْبَعَة", 5: "خَمْسَة", 6: "سِتَّة", 7: "سَبْعَة", 8: "ثَمَانِيَة", 9: "تِسْعَة", 10: "عَشَرَة",
}  # fmt: skip
_TENS = {2: "عِشْر", 3: "ثَلَاث", 4: "أَرْبَع", 5: "خَمْس", 6: "سِتّ", 7: "سَبْع", 8: "ثَمَان", 9: "تِسْع"}
_HUNDREDS = {3: "ثَلَاث", 4: "أَرْبَع", 5: "خَمْس", 6: "سِتّ", 7: "سَبْع", 8: "ثَمَان", 9: "تِسْع"}
_SCALES = (
    (10**12, "تِرِيلْيُون", "تِرِيلْيُونَات"),
    (10**9, "مِلْيَار", "مِلْيَارَات"),
    (10**6, "مِلْيُون", "مَلَايِين"),
    (10**3, "أَلْف", "آلَاف"),
)
_ORDINALS = {
    2: ("ثَانِي", "ثَانِيَة"), 3: ("ثَالِث", "ثَالِثَة"), 4: ("رَابِع", "رَابِعَة"), 5: ("خَامِس", "خَامِسَة"),
    6: ("سَادِس", "سَادِسَة"), 7: ("سَابِع", "سَابِعَة"), 8: ("ثَامِن", "ثَامِنَة"), 9: ("تَاسِع", "تَاسِعَة"),
    10: ("عَاشِر", "عَاشِرَة"),
}  # fmt: skip
_PARTS = {
    2: ("نِصْف", "نِصْفَ", "أَنْصَاف"), 3: ("ثُلُث", "ثُلُثَ", "أَثْلَاث"), 4: ("رُبُع", "رُبُعَ", "أَرْبَاع"),
    5: ("خُمُس", "خُمُسَ", "أَخْمَاس"), 6: ("سُدُس", "سُدُسَ", "أَسْدَاس"), 7: ("سُبُع", "سُبُعَ", "أَسْبَاع"),
    8: ("ثُمُن", "ثُمُنَ", "أَثْمَان"), 9: ("تُسُع", "تُسُعَ", "أَتْسَاع"), 10: ("عُشُر", "عُشُرَ", "أَعْشَار"),
}  # fmt: skip

_LONG_END = re.compile("[اىويء]$")
_DIPTOTE = re.compile(
    f"^[^{TASHKEEL}]{FATHA}[^{TASHKEEL}]{FATHA}?ا[^{TASHKEEL}]{KASRA}(?:ي?)[^{TASHKEEL}]$"
)


@dataclass(frozen=True)
class Form:
    """How a number stands in its sentence."""

    gender: str = "m"
    """The counted noun's: "m" or "f"."""
    case: str = "nom"
    """"nom", "acc" or "gen"."""
    construct: bool = False
    """A noun follows in the genitive: the dual loses its nun, no nunation."""
    definite: bool = False
    """With the article."""


def join(parts: list[str]) -> str:
    """Join coordinated parts: each after the first takes و.

    >>> join(["مِئَةٌ", "خَمْسَةٌ"])
    'مِئَةٌ وَخَمْسَةٌ'
    """
    return " وَ".join(parts)


def decline(noun: str, case: str, state: str = "indefinite") -> str:
    """Return a singular or broken plural with its case ending.

    noun: vowelled, without ending. state: "indefinite" (nunation), "construct" or "definite".
    Nouns that end in a long vowel stay as they are; a diptote's genitive takes a.

    >>> decline("دُولَار", "acc"), decline("لِيرَة", "gen"), decline("يُورُو", "acc")
    ('دُولَارًا', 'لِيرَةٍ', 'يُورُو')
    """
    if not noun or _LONG_END.search(noun) or noun[-1] in _SHORT.values():
        return noun
    if state != "indefinite":
        return noun + (_I if noun.endswith("َات") and case == "acc" else _SHORT[case])
    if _DIPTOTE.match(noun):
        return noun + (_U if case == "nom" else _A)
    if noun.endswith("َات"):
        return noun + (_UN if case == "nom" else _IN)
    if case == "acc":
        return noun + (_AN if noun.endswith("ة") else _AN + "ا")
    return noun + _NUNATED[case]


def dual(noun: str, case: str, construct: bool = False) -> str:
    """Return the dual of a singular.

    >>> dual("دُولَار", "gen"), dual("سَنَة", "nom"), dual("مِلْيُون", "nom", construct=True)
    ('دُولَارَيْنِ', 'سَنَتَانِ', 'مِلْيُونَا')
    """
    if noun.endswith("ة"):
        noun = noun[:-1] + "ت"
    elif noun.endswith("ى"):
        noun = noun[:-1] + "ي"
    elif noun.endswith("و") and not noun.endswith("ْو"):
        return noun  # يورو, كيلو: no dual
    ending = ("َا" if construct else "َانِ") if case == "nom" else ("َيْ" if construct else "َيْنِ")
    return noun + ending


def cardinal(number: int, form: Form = Form()) -> str:
    """Read a number from 0 to LARGEST, vowelled with its case endings.

    >>> cardinal(15, Form("f")), cardinal(26, Form(case="gen"))
    ('خَمْسَ عَشْرَةَ', 'سِتَّةٍ وَعِشْرِينَ')
    >>> cardinal(2000, Form(construct=True))
    'أَلْفَا'
    """
    if number == 0:
        return decline("صِفْر", form.case)
    parts: list[str] = []
    article = "ال" if form.definite else ""
    for size, singular, plural in _SCALES:
        count, number = divmod(number, size)
        if count:
            parts.append(_thousands(count, singular, plural, form, last=number == 0))
    hundreds, rest = divmod(number, 100)
    if hundreds:
        parts.append(_hundreds(hundreds, form, last=rest == 0))
    if rest:
        parts.extend(_below_hundred(rest, form))
    if not article:
        return join(parts)
    return join([_with_article(part) for part in parts])


def _with_article(words: str) -> str:
    return "ال" + _moon(words, True)


def _state(form: Form, last: bool) -> str:
    if form.definite:
        return "definite"
    return "construct" if last and form.construct else "indefinite"


def _thousands(count: int, singular: str, plural: str, form: Form, *, last: bool) -> str:
    """Read thousands, millions: a counted noun themselves, masculine."""
    state = _state(form, last)
    if count == 1:
        return decline(singular, form.case, state)
    if count == 2:
        return dual(singular, form.case, last and form.construct)
    inner = Form("m", form.case, construct=True)
    words = cardinal(count, inner)
    tail = count % 100
    if 3 <= tail <= 10:
        noun = decline(plural, "gen", "construct" if state == "construct" else "indefinite")
    elif 11 <= tail <= 99:
        noun = singular + _A if state == "construct" else decline(singular, "acc")
    else:
        noun = decline(singular, "gen", "construct" if state == "construct" else "indefinite")
    return f"{words} {noun}"


def _hundreds(count: int, form: Form, *, last: bool) -> str:
    state = _state(form, last)
    if count == 1:
        return decline("مِئَة", form.case, state)
    if count == 2:
        return dual("مِئَة", form.case, last and form.construct)
    return _HUNDREDS[count] + _SHORT[form.case] + decline("مِئَة", "gen", state)


def _below_hundred(number: int, form: Form) -> list[str]:
    feminine = form.gender == "f"
    if number <= 10:
        return [_unit(number, form, _state(form, True))]
    if number < 20:
        return [_teen(number, feminine, form.case)]
    tens, units = divmod(number, 10)
    ten = _TENS[tens] + ("ُونَ" if form.case == "nom" else "ِينَ")
    if not units:
        return [ten]
    if units == 1 and feminine:
        return ["إِحْدَى", ten]
    inner = Form(form.gender, form.case, definite=form.definite)
    return [_unit(units, inner, "definite" if form.definite else "indefinite"), ten]


def _unit(number: int, form: Form, state: str) -> str:
    feminine = form.gender == "f"
    if number == 1:
        return decline("وَاحِدَة" if feminine else "وَاحِد", form.case, state)
    if number == 2:
        stem = "اثْنَت" if feminine else "اثْن"
        return stem + ("َانِ" if form.case == "nom" else "َيْنِ")
    if not feminine:
        return decline(_WITH_T[number], form.case, state)
    if number == 8:
        if state == "indefinite":
            return "ثَمَانِيًا" if form.case == "acc" else "ثَمَانٍ"
        return "ثَمَانِيَ" if form.case == "acc" else "ثَمَانِي"
    return _STEMS[number] + (_SHORT if state != "indefinite" else _ACC_TANWEEN)[form.case]


_ACC_TANWEEN = {"nom": _UN, "gen": _IN, "acc": _AN + "ا"}


def _teen(number: int, feminine: bool, case: str) -> str:
    ten = "عَشْرَةَ" if feminine else "عَشَرَ"
    if number == 11:
        return f"{'إِحْدَى' if feminine else 'أَحَدَ'} {ten}"
    if number == 12:
        stem = "اثْنَت" if feminine else "اثْن"
        return f"{stem}{'َا' if case == 'nom' else 'َيْ'} {ten}"
    if number == 18 and feminine:
        return f"ثَمَانِيَ {ten}"
    return f"{(_STEMS if feminine else _WITH_T)[number - 10]}{_A} {ten}"


def ordinal(number: int, gender: str = "m", case: str = "nom", *, definite: bool = True) -> str:
    """Read an ordinal from 1 to 999.

    >>> ordinal(21, "m", "gen"), ordinal(11, "f")
    ('الْحَادِي وَالْعِشْرِينَ', 'الْحَادِيَةَ عَشْرَةَ')
    """
    feminine = gender == "f"
    article = "ال" if definite else ""
    hundreds, rest = divmod(number, 100)
    if hundreds and rest:
        return f"{ordinal(rest, gender, case, definite=definite)} بَعْدَ {_hundredth(hundreds)}"
    if hundreds:
        return _hundredth(hundreds)
    if rest == 1:
        first = "أُولَى" if feminine else "أَوَّل" + _SHORT[case]
        return (article + "ْ" if article else "") + first
    if rest <= 10:
        return article + _moon(_ordinal_unit(rest, feminine, case, definite), bool(article))
    if rest < 20:
        if rest == 11:
            unit = "حَادِيَةَ" if feminine else "حَادِي"
        else:
            unit = _ORDINALS[rest - 10][feminine] + ("" if rest == 12 and not feminine else _A)
        ten = "عَشْرَةَ" if feminine else "عَشَرَ"
        return f"{article}{_moon(unit, bool(article))} {ten}"
    tens, units = divmod(rest, 10)
    ten = article + _moon(_TENS[tens] + ("ُونَ" if case == "nom" else "ِينَ"), bool(article))
    if not units:
        return ten
    if units == 1:
        unit = "حَادِيَة" + _SHORT[case] if feminine else ("حَادِيَ" if case == "acc" else "حَادِي")
    else:
        unit = _ordinal_unit(units, feminine, case, definite)
    return f"{article}{_moon(unit, bool(article))} وَ{ten}"


def _ordinal_unit(number: int, feminine: bool, case: str, definite: bool) -> str:
    word = _ORDINALS[number][feminine]
    if word.endswith("ِي"):
        return word + (_A if case == "acc" else "")
    return decline(word, case, "definite" if definite else "indefinite")


def _hundredth(hundreds: int) -> str:
    words = cardinal(hundreds * 100, Form(case="gen", definite=True))
    return words.replace("الْْ", "الْ")


def with_article(noun: str) -> str:
    """Put the article before a vowelled noun.

    >>> with_article("عِشْرُونَ")
    'الْعِشْرُونَ'
    """
    return "ال" + _moon(noun, True)


def _moon(word: str, article: bool) -> str:
    """Mark the article's assimilation: sukun on its lam, or shadda on a sun letter."""
    if not article or not word:
        return word
    if word[0] == "ا":
        return KASRA + word  # the lam takes the i of the silent alif: الِاثْنَانِ
    if word[0] in SUN_LETTERS:
        return word[0] + SHADDA + word[1:]
    return SUKUN + word


def fraction(over: int, under: int, case: str = "nom", *, construct: bool = False) -> str:
    """Read a fraction in words, "" where it has no name.

    >>> fraction(1, 2), fraction(3, 4), fraction(2, 3, "gen")
    ('نِصْفٌ', 'ثَلَاثَةُ أَرْبَاعٍ', 'ثُلُثَيْنِ')
    """
    if under not in _PARTS or over < 1:
        return ""
    singular, _, plural = _PARTS[under]
    if over == 1:
        return decline(singular, case, "construct" if construct else "indefinite")
    if over == 2:
        return dual(singular, case, construct)
    if over > 10:
        return ""
    end = decline(plural, "gen", "construct" if construct else "indefinite")
    return f"{cardinal(over, Form('m', case, construct=True))} {end}"


def digits(text: str) -> str:
    """Read ASCII digits one by one.

    >>> digits("07")
    'صِفْرْ سَبْعَةْ'
    """
    return " ".join(_DIGITS[int(digit)] for digit in text)


_TANWIN_AT_END = re.compile(f"[{TANWIN}]\\Z")


def without_ending(words: str) -> str:
    """Return the words of a number that counts nothing, a name's or a code's, without ending.

    >>> without_ending("خَمْسَةٌ"), without_ending("خَمْسَةَ عَشَرَ")
    ('خَمْسَةْ', 'خَمْسَةَ عَشَرَ')
    """
    return _TANWIN_AT_END.sub(SUKUN, words)
