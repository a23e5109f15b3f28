"""Imperatives, by which advice, recipes and notices speak to the reader: اِحْفَظْ مِلَفَّكَ, رَاجِعْ طَبِيبَكَ.

The imperative is the imperfect without its first letter, in the jussive (Ryding 2005, chapter 35).
Form I is seen by its alif; the letters of the derived forms are those of the perfect, so that
somebody must be spoken to elsewhere in the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from briefing.text.characters import DAMMA, FATHA, KASRA, SHADDA, SUKUN
from briefing.text.words.clauses import word_at
from briefing.text.words.conjugation import active_readings
from briefing.text.words.known_words import known_reading
from briefing.text.words.passives import is_agent, noun_kind, preposition_of

__all__ = ["imperative"]

_VOWELS = {"a": FATHA, "i": KASRA, "u": DAMMA}
_OPENING = re.compile("(و?)([^\\W]+?)(وا)?")
_FORM_I = re.compile("ا[^\\Wاأإآ][^\\Wاوىي][^\\Wاوىيةه]")
_FORM_II, _FORM_V = SHADDA + KASRA, SHADDA + FATHA
# the letters of a derived form, and the marks of each letter of its imperative but the last
_DERIVED: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (re.compile("است[^\\Wاوىي]{3}"), ("", SUKUN, FATHA, SUKUN, KASRA)),
    (re.compile("ات[^\\Wاوىيت][^\\Wاوىي]"), ("", _FORM_V, KASRA)),
    (re.compile("ا[^\\Wاوىيتن][تط][^\\Wاوىي]{2}"), ("", SUKUN, FATHA, KASRA)),
    (re.compile("ان[^\\Wاوىيت][^\\Wاوىي]{2}"), ("", SUKUN, FATHA, KASRA)),
    (re.compile("أ[^\\Wاوىي]{3}"), (FATHA, SUKUN, KASRA)),
    (re.compile("ت[^\\Wاوىي]ا[^\\Wاوىي]{2}"), (FATHA, FATHA, "", FATHA)),
    (re.compile("[^\\Wاوىيأ]ا[^\\Wاوىي]{2}"), (FATHA, "", KASRA)),
    (re.compile("ت[^\\Wاوىي]{3}"), (FATHA, FATHA, _FORM_V)),
    (re.compile("[^\\Wاأإىيت][^\\Wاى][^\\Wاوىي]"), (FATHA, _FORM_II)),
)
"""Forms X, VIII (twice), VII, IV, VI, III, V and II."""


def imperative(words: Sequence[str], pauses: Sequence[bool], index: int) -> str:
    """Return an imperative with its vowels; "" for any other word.

    >>> imperative("احفظ ملفك".split(), [False, True], 0)
    'احْفَظْ'
    >>> imperative("راجع طبيبك".split(), [False, True], 0), imperative(["راجع"], [True], 0)
    ('رَاجِعْ', '')
    """
    word = words[index]
    opens = index == 0 or pauses[index - 1]
    joined = word[:1] == "و" or (index > 0 and words[index - 1] == "ثم")
    if not (opens or joined):
        return ""
    match = _OPENING.fullmatch(word)
    if match is None:
        return ""
    front, stem, many = (group or "" for group in match.groups())
    if front and stem in _IRREGULAR:
        return ""  # وَضَعَ
    written = _form_i(stem)
    if not (opens or written):
        return ""
    if not (written or front or preposition_of(stem)) and _speaks_to_somebody(words, index):
        written = _vowel_derived_form(stem)
    if not written:
        return ""
    ending = f"{DAMMA}وا" if many else SUKUN
    return f"{front and front + FATHA}{written}{ending}"


def _form_i(stem: str) -> str:
    """Return اشرب as اشْرَب: its vowel is that of يَشْرَبُ; "" if there is no such verb."""
    if stem in _IRREGULAR or not _FORM_I.fullmatch(stem):
        return _IRREGULAR.get(stem, "")
    if known_reading(stem) or active_readings(stem):
        return ""
    for vowels, doubled in active_readings(f"ي{stem[1:]}"):
        if vowels[:2] == ("a", "o") and vowels[2] in _VOWELS and not any(doubled):
            return f"ا{stem[1]}{SUKUN}{stem[2]}{_VOWELS[vowels[2]]}{stem[3]}"
    return ""


_IRREGULAR = {
    "ضع": f"ض{FATHA}ع",
    "أضف": f"أ{FATHA}ض{KASRA}ف",
    "خذ": f"خ{DAMMA}ذ",
    "دع": f"د{FATHA}ع",
    "اختر": f"اخ{SUKUN}ت{FATHA}ر",
    "انقر": f"ان{SUKUN}ق{DAMMA}ر",
}


def _speaks_to_somebody(words: Sequence[str], index: int) -> bool:
    """Return whether "your" or another imperative stands in the sentence, and no subject behind."""
    following = word_at(words, index + 1)
    if is_agent(following) or words[index] in ("قد", "فقد"):
        return False  # راجع المدرب خطتك
    rest = (word for place, word in enumerate(words) if place != index)
    return any(_is_yours(word) or _is_joined_imperative(word) for word in rest)


def _is_joined_imperative(word: str) -> bool:
    """Return whether a word is "and" with an imperative of form I: وَاحْصُلْ."""
    return word[:2] == "وا" and bool(_form_i(word[1:]))


def _is_yours(word: str) -> bool:
    """Return whether a noun has "your": ملفك, برأيكم, but ذلك, البنك."""
    match = _YOURS.fullmatch(word)
    if word in _OURS:
        return True  # تَابِعُوا الْأَخْبَارَ عَلَى مَوْقِعِنَا
    if match is None:
        return False
    noun = re.sub("ت$", "ة", match[1])
    if noun != match[1] and len(noun) > _SHORT:
        return True  # كلمتك
    is_noun = noun_kind(match[1]) in ("thing", "agent") or bool(known_reading(match[1]))
    return bool(match[2]) or is_noun


_SHORT = 3
_OURS = frozenset("موقعنا صفحتنا قناتنا تطبيقنا نشرتنا بنا معنا صفحاتنا حساباتنا".split())
_YOURS = re.compile("[وف]?[بلك]?(?!ال)([^\\W]{3,})ك(م)?")


def _vowel_derived_form(stem: str) -> str:
    if known_reading(stem):
        return ""
    for letters, marks in _DERIVED:
        if letters.fullmatch(stem):
            is_verb = stem.startswith(("ت", "ات")) or bool(active_readings(stem))
            written = "".join(map(str.__add__, stem, marks)) + stem[-1]
            return written if is_verb else ""
    return ""
