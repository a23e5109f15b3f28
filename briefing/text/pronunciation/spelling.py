"""A vowelled word to its letters with their marks, and with what is said though not written.

Marks come in any order: shadda before or after its vowel, tanwin before or on its silent alif.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

__all__ = [
    "MARKS",
    "SHORT",
    "SMALL_WAW",
    "SMALL_YEH",
    "SUN",
    "TANWIN",
    "Letter",
    "add_unwritten",
    "consonants",
    "letters_of",
    "weak_imperatives",
]

_DATA = Path(__file__).parent / "data"

SHADDA, DAGGER, SILENT, SMALL_WAW, SMALL_YEH = "\u0651", "\u0670", "\u06df", "\u06e5", "\u06e6"
VOWEL_OF = {
    "\u064e": "a",
    "\u064f": "u",
    "\u0650": "i",
    "\u0652": "o",  # sukun: no vowel, said so
    "\u06e1": "o",
    "\u064b": "an",
    "\u064c": "un",
    "\u064d": "in",
    "\u08f0": "an",
    "\u08f1": "un",
    "\u08f2": "in",
}
TANWIN = ("an", "un", "in")
SHORT = ("a", "i", "u")
SUN = frozenset("تثدذرزسشصضطظلن")
MARKS = frozenset(VOWEL_OF) | {SHADDA, DAGGER, SILENT, "\u0653", "\u0654", "\u0655"}
_COMPOSED = {
    "ا\u0653": "آ",
    "ا\u0654": "أ",
    "ا\u0655": "إ",
    "و\u0654": "ؤ",
    "ي\u0654": "ئ",
    "ى\u0654": "ئ",
}


@dataclass(slots=True)
class Letter:
    """A letter and its marks."""

    letter: str
    vowel: str = ""
    shadda: bool = False
    dagger: bool = False
    silent: bool = False
    wasla: bool = False
    """Written as hamzat al-wasl: ٱ."""


def letters_of(word: str) -> list[Letter]:
    """Give the letters of a vowelled word; what is no Arabic letter is passed over."""
    units: list[Letter] = []
    for char in word:
        if char in MARKS:
            if not units:
                continue
            last = units[-1]
            if char in VOWEL_OF:
                if not last.vowel or last.vowel == "o":
                    last.vowel = VOWEL_OF[char]
            elif char == SHADDA:
                last.shadda = True
            elif char == DAGGER:
                last.dagger = True
            elif char == SILENT:
                last.silent = True
            else:
                last.letter = _COMPOSED.get(last.letter + char, last.letter)
        elif char == "ٱ":
            units.append(Letter("ا", wasla=True))
        elif char in consonants() or char in "اآىة" or char in (SMALL_WAW, SMALL_YEH):
            units.append(Letter(char))
    for one in units:
        if one.letter == "ی":
            one.letter = "ي"
    # Tanwin on its silent alif rather than on the letter before it: one reading
    for before, after in pairwise(units):
        if after.letter in "اى" and after.vowel == "an" and before.vowel in ("", "a", "an"):
            before.vowel, after.vowel = "an", ""
    return units


@cache
def consonants() -> dict[str, str]:
    """Give the sound of each consonant, by its letter, in broad IPA."""
    return dict(_rows("consonants.tsv"))


@cache
def weak_imperatives() -> dict[str, str]:
    """Give the vowel of hamzat al-wasl of each imperative that has lost its last radical."""
    return dict(_rows("imperatives.tsv"))


@cache
def _heard() -> dict[str, str]:
    return dict(_rows("heard.tsv"))


def _rows(name: str) -> list[tuple[str, str]]:
    lines = (_DATA / name).read_text(encoding="utf-8").splitlines()
    return [
        (left, right)
        for left, _, right in (line.partition("\t") for line in lines if line and line[0] != "#")
    ]


_PROCLITICS = tuple(
    asking + joining + preposition
    for asking in ("", "أ")
    for joining in ("", "و", "ف")
    for preposition in ("", "ب", "ل", "ك")
)


def add_unwritten(units: list[Letter], bare: str) -> None:
    """Add what is heard and not written: the closed list of heard.tsv, and the name of God."""
    _settle_compound(units, bare)
    for prefix in _PROCLITICS:
        if not bare.startswith(prefix):
            continue
        stem = bare[len(prefix) :]
        # للرحمن: the article's alif is not written behind ل
        heard = _heard().get("ا" + stem[1:] if stem.startswith("لل") else stem)
        if heard is not None:
            _overlay(units, len(prefix), heard)
            return
    # الله, لله and their compounds: the second l is double and its a is long (Wright I §6 a)
    stem = bare.removesuffix("م") if bare.endswith("اللهم") else bare
    if stem.endswith(("الله", "آلله", "ألله")) or stem in ("لله", "ولله", "فلله"):
        first, second, last = len(stem) - 3, len(stem) - 2, len(stem) - 1
        if units[second].vowel in ("", "a") and units[last].letter == "ه":
            units[second].shadda = True
            units[second].dagger = True
            if stem in ("لله", "ولله", "فلله"):
                units[first].vowel = units[first].vowel or "i"
            else:
                units[first].silent = True
                units[first].shadda = False


def _settle_compound(units: list[Letter], bare: str) -> None:
    """Settle the article within a name that is written as one word: عبدالرحمن, عبدالعزيز."""
    alif = bare.find("عبدال") + 3
    if alif < 3 or alif > 4 or len(units) < alif + 4:
        return
    if units[alif - 1].vowel in ("", "o"):
        units[alif - 1].vowel = "u"
    units[alif].silent = True
    lam, after = units[alif + 1], units[alif + 2]
    if lam.vowel in ("", "o") and after.letter in SUN:
        lam.silent = True
        after.shadda = True


def _overlay(units: list[Letter], offset: int, heard: str) -> None:
    """Lay a row of heard.tsv over the letters; where the author's vowels differ, leave them."""
    index = offset - 1
    daggers, silents, small = [], [], []
    for char in heard:
        if char == DAGGER:
            daggers.append(index)
        elif char == SILENT:
            silents.append(index)
        elif char == SMALL_WAW:
            small.append(index)
        else:
            index += 1
    if any(units[place].vowel not in ("", "a") for place in daggers):
        return
    inner = [place for place in silents if place < len(units) - 1]
    if any(units[one].shadda or units[one].vowel in SHORT for one in inner):
        return  # أَوَّلِيٌّ, not أولي
    if heard == "لٰكن" and len(units) > offset + 1 and units[offset + 1].vowel == "u":
        return  # لَكُنَّ, "to you", not لكن
    for place in daggers:
        units[place].dagger = True
    for place in silents:
        units[place].silent = True
        if place == len(units) - 1 and units[place].vowel:
            units[place - 1].vowel, units[place].vowel = units[place].vowel, ""
    for place in reversed(small):
        if units[place].vowel in ("", "u"):
            units[place].vowel = "u"
            units.insert(place + 1, Letter(SMALL_WAW))
