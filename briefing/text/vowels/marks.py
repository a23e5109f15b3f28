"""The letters and marks of a word: which marks a letter may have, and which of them are the best.

The letters themselves rule out some marks: an alif of length has no vowel, there is an a before ة,
and tanwin is only at the end, and not after an article (Ryding 2005, 2.2-2.4).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from briefing.text.characters import SUN_LETTERS
from briefing.text.vowels.tashkeel_model import Mark
from briefing.text.words.known_words import is_diptote, nouns_of_damma_and_shadda
from briefing.text.words.noun_signs import is_dual_of_thing

__all__ = [
    "HAMZA_SEATS",
    "NO_CASE",
    "SURE_ENDING",
    "Cases",
    "Reading",
    "Word",
    "best_reading",
    "complete",
    "constraint",
    "doubled_passive_of_author",
    "fits",
    "is_form_viii_of_lam",
    "passive_of_author",
    "unread",
    "word_of",
]

_FATHA, _DAMMA, _KASRA, _SUKUN = "\u064e", "\u064f", "\u0650", "\u0652"
_TANWIN = "\u064b\u064c\u064d"
_SHADDA, _DAGGER = "\u0651", "\u0670"
_VOWELS = _FATHA + _DAMMA + _KASRA + _SUKUN + _TANWIN + _DAGGER
_MARKS = re.compile("[\u064b-\u0652\u0670\u06df\u06e1\u06e5\u06e6]")

SURE_ENDING = 0.845
"""Probability below which a case ending is not sure: on the hand-vowelled news that was looked at
0.6% of the endings are then wrong, 5.3% left out; each 0.005 less speaks 0.2% more of the endings
in text by others, a fifth of which are wrong."""
_SURE_HAMZA = 0.8
"""A hamza that the author did not write is read if its probability is above this."""
_SURE_WORD = 0.79
"""A word is unsure if the probability of all its spoken marks together is below this."""
_HAMZA_OF = {"أ": "\u0654", "إ": "\u0655", "آ": "\u0653", "ؤ": "\u0654", "ئ": "\u0654"}
_HAMZA_ON = {("ا", "\u0654"): "أ", ("ا", "\u0655"): "إ", ("ا", "\u0653"): "آ"}
_TWO_SUKUNS = f"{_SUKUN}ت{_SUKUN}"
_SERVANT = re.compile("[وفبل]?عبد(?=ال)")
"""عبدالعزيز written as one word: the first part has a case ending."""
_SERVANT_AND_ARTICLE = re.compile("[وفبل]?عبدال")
_SEATED = re.compile("ا[ءؤئ](?:ه|ها|هم|هما|هن|نا|كم|ك)")
_VOWEL_OF_SEAT = {"ء": _FATHA, "ؤ": _DAMMA, "ئ": _KASRA}
# imperfects whose last radical is ه, with an i before it: يُوَاجِهُ, تَتَّجِهُ, يَنْتَبِهُ (Wehr)
_RADICAL_HEH = re.compile(
    "[وف]?[سل]?[يتنأ](?:واج|جاب|شاف|تج|نتب|شتب|ستكر|وج|نب|شب|شو|نو|رف|نز|مو|سف|كر)ه"
)
# an indefinite verbal noun of form VIII whose first radical is ل: الْتِزَامًا (Wright I §55). Without
# the alif of its accusative its letters are those of الْتُرَاث, too
_FORM_VIII_OF_LAM = re.compile(
    "[وف]?[بلك]?الت(?:[^\\Wاوي]ا[^\\Wاويى]ا|(?:هاب|زام|ماس|حاق|باس|حام|فاف|فات|قاط|هام|ئام)(?:ات)?)"
)
# the article before a moon letter without the mark on its ل: الْأَمِيرُ
_BARE_LAM = re.compile(
    f"^((?:[وف]{_FATHA})?(?:[بك][{_FATHA}{_KASRA}])?ال)"
    f"(?=[ءأإبجحخعغفقكمهوي][{_FATHA}{_DAMMA}{_KASRA}])"
)
_ENDS_ARTICLE = re.compile("[وف]?[بك]?ال")
_ARTICLE = re.compile("[وف]?[بك]?ال.|[وف]?لل.")
HAMZA_SEATS = ("\u0654", "\u0655", "\u0653")
# a verb of three radicals or of form IV, alone or with the ت of the feminine
_FIRST_DAMMA = re.compile("أ?[^اويأآىة]{3}ت?")


Cases = tuple[float, float, float]
"""The chances of nominative, accusative and genitive."""
NO_CASE: Cases = (1 / 3, 1 / 3, 1 / 3)
"""The chances of a word that shows no case."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word's letters, and the marks already known on each of them."""

    letters: str
    shaddas: tuple[bool, ...]
    vowels: tuple[str, ...]
    exact: bool = False
    """True: a vowelled letter without shadda has none. False: an author may have left it out."""
    by_user: bool = False
    """Whether the user's lexicon has this reading: nothing disputes it."""

    @property
    def is_known(self) -> bool:
        """Whether each letter but the last is marked or, after the first, may be a long vowel."""
        return (
            bool(self.vowels[0] or self.letters[0] in "اآ")
            and any(self.vowels)
            and all(
                vowel or shadda or letter in "اويىآ"
                for letter, vowel, shadda in zip(
                    self.letters[:-1], self.vowels[:-1], self.shaddas[:-1], strict=True
                )
            )
        )

    @property
    def ends_long(self) -> bool:
        """Whether the last letter is the long vowel that belongs to the known vowel before it."""
        return (self.vowels[-2:-1], self.letters[-1:]) in (((_KASRA,), "ي"), ((_DAMMA,), "و"))


@dataclass(frozen=True, slots=True)
class Reading:
    """A vowelled word, and how certain it is."""

    written: str
    sure: bool
    ending_sure: bool
    ending_chance: float = 1.0
    """The model's probability of the ending."""
    chance: float = 1.0
    """The model's probability of all other marks together."""
    source: str = "model"
    """What decided the reading, see Token.source."""
    rule: str = ""
    """The rule or table that decided the reading, see Token.rule."""
    cases: Cases = NO_CASE
    """The model's probabilities of the cases that the ending may show."""
    agreed: float = 1.0
    """The model's probability of the marks that were known before it was asked, but the last."""


def word_of(text: str) -> Word:
    """Return a word's letters and marks; tanwin is put on the letter before its silent alif."""
    letters: list[str] = []
    shaddas: list[bool] = []
    vowels: list[str] = []
    for char in text:
        if not _MARKS.match(char):
            letters.append(char)
            shaddas.append(False)
            vowels.append("")
        elif letters and char == _SHADDA:
            shaddas[-1] = True
        elif letters and char in _VOWELS:
            vowels[-1] = char
    if len(letters) > 1 and letters[-1] in "اى" and vowels[-1] == _TANWIN[0]:
        vowels[-2:] = [vowels[-1], ""]
    return Word("".join(letters), tuple(shaddas), tuple(vowels))


def complete(own: Word, reading: Word) -> Word | None:
    """Return an author's marks completed from a reading, or None if they differ.

    Only the vowel of the last letter may differ, because it is the ending.
    """
    last = len(own.letters) - 1
    if own.letters != reading.letters:
        return None
    for index, (vowel, shadda) in enumerate(zip(own.vowels, own.shaddas, strict=True)):
        if shadda and not reading.shaddas[index]:
            return None
        if index != last and vowel and reading.vowels[index] not in ("", vowel):
            return None
    vowels = [mark or filled for mark, filled in zip(own.vowels, reading.vowels, strict=True)]
    return Word(own.letters, reading.shaddas, tuple(vowels), exact=True)


def constraint(word: Word, index: int, careful: bool) -> tuple[str, bool | None, str, str]:
    """Return what restricts a letter's marks: hamza, shadda, vowel and the role of its place."""
    letters = word.letters
    letter, last = letters[index], len(letters) - 1
    following = letters[index + 1] if index < last else ""
    hamza = _HAMZA_OF.get(letter, "")
    if letter == "ا" and index == 0 and not careful and not word.vowels[index]:
        hamza = "?"  # the author may never write hamza
    shadda, vowel = word.shaddas[index], word.vowels[index] or _vowel_of_letters(letters, index)
    settled = not vowel and not shadda and word.is_known and (index < last or word.ends_long)
    if settled or _is_bare(letters, index):
        role = "bare"
    elif following == "ة":
        role = "a"
    elif following == "ا" and index + 1 == last:
        role = "any" if letter == "و" else "a or an"
    elif (
        following == "ا"
        and index > 1
        and letter != "و"
        and not _SERVANT.fullmatch(letters, 0, index + 1)
        and not _ENDS_ARTICLE.fullmatch(letters, 0, index + 1)
    ):
        role = "a"
    elif following == "ى" and index + 1 == last:
        role = "a or an or i"
    elif index == last and is_diptote(letters):
        role = "u or a"
    elif index < last or _has_article(letters) or _SERVANT.match(letters):
        role = "no tanwin"
    else:
        role = "any"
    in_dual = index == last and letter == "ي" and vowel and word.vowels[index - 1] == _FATHA
    single = (word.exact or in_dual) and bool(vowel)  # يَوْمَيِ السبت والأحد
    single = single or (word.exact and index == last)  # التَّهَانِي, الْأَرَقُ
    return hamza, shadda or (False if single else None), vowel, role


def _vowel_of_letters(letters: str, index: int) -> str:
    """Return the vowel that a letter has by the letters beside it, or "".

    A hamza between alif and a pronoun shows the case by its seat: دُعَاءَهَا, دُعَاؤُهَا, دُعَائِهَا
    (Ryding 2005, 2.3.4.2). The article's lam in عَبْدُالْعَزِيزِ has none.
    In الْتِزَامًا there is no article.

    >>> _vowel_of_letters("أبناءهم", 4) == _FATHA, _vowel_of_letters("بناءة", 3)
    (True, '')
    """
    if letters[index] in _VOWEL_OF_SEAT and _SEATED.fullmatch(letters, max(0, index - 1)):
        return _VOWEL_OF_SEAT[letters[index]]
    if is_form_viii_of_lam(letters):
        place = index - letters.index("الت")
        accusative = letters.endswith("ا") and index == len(letters) - 2
        return _TANWIN[0] if accusative else {1: _SUKUN, 2: _KASRA, 3: _FATHA}.get(place, "")
    if is_dual_of_thing(letters):
        return {-3: _FATHA, -2: _SUKUN, -1: _KASRA}.get(index - len(letters), "")
    is_lam = _SERVANT_AND_ARTICLE.fullmatch(letters, 0, index + 1)
    return _SUKUN if is_lam and letters[index + 1 : index + 2] not in (*SUN_LETTERS, "ا") else ""


def is_form_viii_of_lam(letters: str) -> bool:
    """Return whether the first ال of a word belongs to a verbal noun of form VIII.

    >>> is_form_viii_of_lam("والتزاما"), is_form_viii_of_lam("التراث")
    (True, False)
    """
    return _FORM_VIII_OF_LAM.fullmatch(letters) is not None


def _has_article(letters: str) -> bool:
    return _ARTICLE.match(letters) is not None and not is_form_viii_of_lam(letters)


def _is_bare(letters: str, index: int) -> bool:
    """Return whether a letter has no mark: an alif of length, the lam in عَبْدُالرَّحْمَنِ, no letter."""
    letter = letters[index]
    if letter == "ل" and letters[index + 1 : index + 2] in (*SUN_LETTERS,):
        return _SERVANT_AND_ARTICLE.fullmatch(letters, 0, index + 1) is not None
    return not _is_letter(letter) or (letter in "اىآ" and (index > 0 or letter == "ا"))


def fits(mark: Mark, role: str) -> bool:
    """Return whether a letter of this role may have this mark."""
    match role:
        case "bare":
            return not mark.vowel and not mark.shadda
        case "a":
            return mark.vowel in (_FATHA, "")
        case "a or an":
            return mark.vowel in (_FATHA, _TANWIN[0], "")
        case "a or an or i":
            return mark.vowel in (_FATHA, _TANWIN[0], _KASRA, "")
        case "u or a":
            return mark.vowel in (_DAMMA, _FATHA)
        case "no tanwin":
            return not mark.vowel or mark.vowel not in _TANWIN
        case _:
            return True


def best_reading(
    word: Word, marks: Sequence[Mark], chances: Sequence[float], cases: Cases = NO_CASE
) -> Reading:
    """Return a word with the best mark of each letter. chances: the probability of each mark."""
    marks = _possible(word, marks, chances)
    written: list[str] = []
    last = len(word.letters) - 1
    ending_sure = True
    ending_chance = whole = 1.0
    seat = last - 1 if last > 0 and word.letters[last] in "اى" else last
    for index, (letter, mark, chance) in enumerate(zip(word.letters, marks, chances, strict=True)):
        if mark.hamza and letter == "ا":
            letter = _HAMZA_ON[letter, mark.hamza] if chance > _SURE_HAMZA else letter
        shadda = mark.shadda or word.shaddas[index]
        vowel = word.vowels[index] or mark.vowel
        if index == last and letter == "ه" and last > 1 and not word.vowels[index]:
            is_radical = _RADICAL_HEH.fullmatch(word.letters)
            vowel = vowel if is_radical else _harmony("".join(written[-2:]), vowel)
        elif index and _PRONOUN_OF_MANY.match(word.letters, index) and not word.vowels[index]:
            vowel = _harmony("".join(written[-2:]), vowel)
        written.append(_written(letter, shadda, vowel))
        if word.vowels[index]:
            continue
        if index == last:
            ending_sure = vowel in ("", _SUKUN) or chance >= SURE_ENDING
            ending_chance = chance
        elif index != seat:
            whole *= chance
    text = _BARE_LAM.sub(rf"\1{_SUKUN}", "".join(written))
    if text.endswith(_TWO_SUKUNS) and not any(word.vowels[-2:]):
        text = text[:-3] + _FATHA + text[-2:]  # تَعَاقَدَتْ: no word ends in C°t°
    spoken = ending_chance if ending_sure else 1.0  # an ending that is not sure is not spoken
    sure = whole * spoken >= _SURE_WORD
    return Reading(text, sure, ending_sure, ending_chance, whole, cases=cases)


def passive_of_author(word: Word) -> str:
    """Return the passive perfect of a verb with only a damma on its first letter, or ""."""
    if word.vowels[0] != _DAMMA or any(word.vowels[1:]) or any(word.shaddas):
        return ""
    return _passive(word.letters) if _FIRST_DAMMA.fullmatch(word.letters) else ""


_FORM_II = re.compile("[^اويأآىةء][^اآىةأ][^اآىةأ](?:ت|وا)?|أ[^اويآىةأ][^اويآىةأ](?:ت|وا)?")


def doubled_passive_of_author(word: Word) -> str:
    """Return the passive of form II of a word marked with a damma and then a shadda (حُدّث), or "".

    Ryding 2005, 38.2: CuCCiC. The author may have marked the ending, too.
    """
    front = 1 if word.letters[0] in "وف" and not word.vowels[0] and len(word.letters) > 3 else 0
    stem = word.letters[front:]
    damma, doubled = word.vowels[front : front + 2], word.shaddas[front : front + 2]
    rest = any(word.vowels[front + 2 : -1]) or any(word.shaddas[front + 2 :])
    if damma[0] != _DAMMA or doubled != (False, True) or damma[1] not in ("", _KASRA) or rest:
        return ""
    if not _FORM_II.fullmatch(stem) or stem in nouns_of_damma_and_shadda():
        return ""
    end = {"ت": _FATHA + "ت" + _SUKUN, "وا": _DAMMA + "وا"}.get(stem[3:], _FATHA)
    before = word.letters[0] + _FATHA if front else ""
    return f"{before}{stem[0]}{_DAMMA}{stem[1]}{_SHADDA}{_KASRA}{stem[2]}{end}"


def _passive(letters: str) -> str:
    """Return a passive perfect with vowels (Ryding 2005, 38.2): سُجِنَ, أُعْلِنَ, نُقِلَتْ.

    If an author only marks the first letter with a damma, where another vowel would be expected,
    this means the passive.
    """
    stem = letters.removesuffix("ت") if len(letters.removeprefix("أ")) == 4 else letters
    first, middle = stem[0] + _DAMMA, stem[1:-2]
    inner = "".join(letter + _SUKUN for letter in middle)
    end = stem[-1] + _FATHA + ("ت" + _SUKUN if stem != letters else "")
    return first + inner + stem[-2] + _KASRA + end


_PRONOUN_OF_MANY = re.compile("(?<=[^\\W]{3}ي)هم?[من]?ا?$")
"""أَيْدِيهِمْ, مُوَاطِنِيهِمَا, but not يُهِمُّ."""


def _harmony(before: str, vowel: str) -> str:
    """Return the vowel of the pronoun ـه: i after i, else u (Wright I §185, remark b)."""
    if vowel == _DAMMA and before.endswith((_KASRA, f"{_KASRA}ي")):
        return _KASRA
    if vowel == _KASRA and before.endswith((_DAMMA, _FATHA)):
        return _DAMMA
    return vowel


def _possible(word: Word, marks: Sequence[Mark], chances: Sequence[float]) -> list[Mark]:
    """Return marks without an impossible pair: a letter without a vowel before a doubled one.

    Of the two (تُطْلِّقَ), the less probable mark is changed. Ryding 2005, 2.4.1: syllables CV, CVC,
    CVV.
    """
    mended = list(marks)
    for index in range(1, len(mended)):
        before, mark = mended[index - 1], mended[index]
        if before.vowel != _SUKUN or not mark.shadda or word.shaddas[index]:
            continue
        if word.letters[index - 1] in "ويل" or (word.vowels[index - 1] and word.vowels[index]):
            continue  # a diphthong, the article, or the author's own
        if chances[index - 1] >= chances[index] or word.vowels[index - 1]:
            mended[index] = mark._replace(shadda=False)
        else:
            mended[index - 1] = before._replace(vowel=_FATHA)
    return mended


def _written(letter: str, shadda: bool, vowel: str) -> str:
    return letter + (_SHADDA if shadda else "") + vowel


def unread(word: Word) -> Reading:
    """Return a word that the model cannot read with the marks that it has, as unsure."""
    written = map(_written, word.letters, word.shaddas, word.vowels)
    return Reading("".join(written), sure=False, ending_sure=True)


def _is_letter(char: str) -> bool:
    return "ء" <= char <= "ي" or char in "پچژڤگ"
