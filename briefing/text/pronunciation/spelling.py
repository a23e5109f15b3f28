"""A vowelled word to its letters with their marks, including sounds that are not written.

Marks may come in any order: shadda before or after its vowel, tanwin before or on its silent alif.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from briefing.text.characters import (
    DAGGER_ALIF,
    DAMMA,
    DAMMATAN,
    FATHA,
    FATHATAN,
    HAMZA_ABOVE,
    HAMZA_BELOW,
    KASRA,
    KASRATAN,
    MADDA_ABOVE,
    SHADDA,
    SMALL_WAW,
    SMALL_YEH,
    SUKUN,
    SUN_LETTERS,
)

__all__ = [
    "MARKS",
    "SHORT",
    "SMALL_WAW",
    "SMALL_YEH",
    "SUN_LETTERS",
    "TANWIN",
    "Letter",
    "add_unwritten",
    "consonants",
    "letters_of",
    "weak_imperatives",
]

_DATA = Path(__file__).parent / "data"

SILENT = "\u06df"
"""Marks a letter that is not spoken."""
VOWEL_OF = {
    FATHA: "a",
    DAMMA: "u",
    KASRA: "i",
    SUKUN: "o",  # sukun: explicitly no vowel
    "\u06e1": "o",
    FATHATAN: "an",
    DAMMATAN: "un",
    KASRATAN: "in",
    "\u08f0": "an",
    "\u08f1": "un",
    "\u08f2": "in",
}
TANWIN = ("an", "un", "in")
SHORT = ("a", "i", "u")
MARKS = frozenset(VOWEL_OF) | {SHADDA, DAGGER_ALIF, SILENT, MADDA_ABOVE, HAMZA_ABOVE, HAMZA_BELOW}
_COMPOSED = {
    "ا" + MADDA_ABOVE: "آ",
    "ا" + HAMZA_ABOVE: "أ",
    "ا" + HAMZA_BELOW: "إ",
    "و" + HAMZA_ABOVE: "ؤ",
    "ي" + HAMZA_ABOVE: "ئ",
    "ى" + HAMZA_ABOVE: "ئ",
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
    """Return the letters of a vowelled word. Characters that are not Arabic are skipped."""
    units: list[Letter] = []
    for char in word:
        if char in MARKS:
            if units:
                _add_mark(units[-1], char)
        elif char == "ٱ":
            units.append(Letter("ا", wasla=True))
        elif char in consonants() or char in "اآىة" or char in (SMALL_WAW, SMALL_YEH):
            units.append(Letter(char))
    for unit in units:
        if unit.letter == "ی":
            unit.letter = "ي"
    _move_tanwin(units)
    return units


def _add_mark(unit: Letter, mark: str) -> None:
    if mark in VOWEL_OF:
        if not unit.vowel or unit.vowel == "o":
            unit.vowel = VOWEL_OF[mark]
    elif mark == SHADDA:
        unit.shadda = True
    elif mark == DAGGER_ALIF:
        unit.dagger = True
    elif mark == SILENT:
        unit.silent = True
    else:
        unit.letter = _COMPOSED.get(unit.letter + mark, unit.letter)


def _move_tanwin(units: list[Letter]) -> None:
    """Move tanwin from its silent alif to the letter before it: both spellings read the same."""
    for before, after in pairwise(units):
        if after.letter in "اى" and after.vowel == "an" and before.vowel in ("", "a", "an"):
            before.vowel, after.vowel = "an", ""


@cache
def consonants() -> dict[str, str]:
    """Return the sound of each consonant, by its letter, in broad IPA."""
    return dict(_read_rows("consonants.tsv"))


@cache
def weak_imperatives() -> dict[str, str]:
    """Return the vowel of hamzat al-wasl of each imperative that has lost its last radical."""
    return dict(_read_rows("imperatives.tsv"))


@cache
def _unwritten_sounds() -> dict[str, str]:
    """Return words with the signs of sounds that are not written, by the words without marks."""
    return dict(_read_rows("unwritten.tsv"))


def _read_rows(name: str) -> list[tuple[str, str]]:
    lines = (_DATA / name).read_text(encoding="utf-8").splitlines()
    return [
        (left, right)
        for left, _, right in (line.partition("\t") for line in lines if line and line[0] != "#")
    ]


_PROCLITICS = tuple(
    question + conjunction + preposition
    for question in ("", "أ")
    for conjunction in ("", "و", "ف")
    for preposition in ("", "ب", "ل", "ك")
)
_TO_GOD = ("لله", "ولله", "فلله")


def add_unwritten(units: list[Letter], bare: str) -> None:
    """Add the sounds that are not written: of the words in unwritten.tsv and of the name of God.

    units: the word's letters, changed in place. bare: the word without marks.
    """
    _settle_compound(units, bare)
    for prefix in _PROCLITICS:
        if not bare.startswith(prefix):
            continue
        stem = bare[len(prefix) :]
        # للرحمن: the article's alif is not written after ل
        row = _unwritten_sounds().get("ا" + stem[1:] if stem.startswith("لل") else stem)
        if row is not None:
            _apply_row(units, len(prefix), row)
            return
    _settle_name_of_god(units, bare)


def _settle_name_of_god(units: list[Letter], bare: str) -> None:
    """Double the second l of الله, لله and their compounds, with a long a (Wright I §6 a)."""
    stem = bare.removesuffix("م") if bare.endswith("اللهم") else bare
    if not stem.endswith(("الله", "آلله", "ألله")) and stem not in _TO_GOD:
        return
    first, second, last = len(stem) - 3, len(stem) - 2, len(stem) - 1
    if units[second].vowel not in ("", "a") or units[last].letter != "ه":
        return
    units[second].shadda = True
    units[second].dagger = True
    if stem in _TO_GOD:
        units[first].vowel = units[first].vowel or "i"
    else:
        units[first].silent = True
        units[first].shadda = False


def _settle_compound(units: list[Letter], bare: str) -> None:
    """Settle the article inside a name that is written as one word: عبدالرحمن, عبدالعزيز."""
    alif = bare.find("عبدال") + 3
    if alif < 3 or alif > 4 or len(units) < alif + 4:
        return
    if units[alif - 1].vowel in ("", "o"):
        units[alif - 1].vowel = "u"
    units[alif].silent = True
    lam, after = units[alif + 1], units[alif + 2]
    if lam.vowel in ("", "o") and after.letter in SUN_LETTERS:
        lam.silent = True
        after.shadda = True


@dataclass(frozen=True, slots=True)
class _Places:
    """Where a row of unwritten.tsv has signs: indices of the letters that carry them."""

    daggers: tuple[int, ...]
    silents: tuple[int, ...]
    small_waws: tuple[int, ...]


def _find_places(row: str, offset: int) -> _Places:
    """Return the places of a row's signs, in a word that has `offset` letters before the row."""
    places: dict[str, list[int]] = {DAGGER_ALIF: [], SILENT: [], SMALL_WAW: []}
    index = offset - 1
    for char in row:
        if char in places:
            places[char].append(index)
        else:
            index += 1
    return _Places(tuple(places[DAGGER_ALIF]), tuple(places[SILENT]), tuple(places[SMALL_WAW]))


def _is_another_word(units: list[Letter], offset: int, row: str, places: _Places) -> bool:
    """Return whether the author's marks show that this is not the word of the row."""
    if any(units[place].vowel not in ("", "a") for place in places.daggers):
        return True
    inner = [units[place] for place in places.silents if place < len(units) - 1]
    if any(unit.shadda or unit.vowel in SHORT for unit in inner):
        return True  # أَوَّلِيٌّ, not أولي
    # لَكُنَّ, "to you", not لكن
    return row == "لٰكن" and len(units) > offset + 1 and units[offset + 1].vowel == "u"


def _apply_row(units: list[Letter], offset: int, row: str) -> None:
    """Add the signs of a row of unwritten.tsv to a word, unless the author's marks differ.

    offset: the number of letters before the row's own.
    """
    places = _find_places(row, offset)
    if _is_another_word(units, offset, row, places):
        return
    for place in places.daggers:
        units[place].dagger = True
    for place in places.silents:
        units[place].silent = True
        if place == len(units) - 1 and units[place].vowel:
            units[place - 1].vowel, units[place].vowel = units[place].vowel, ""
    for place in reversed(places.small_waws):
        if units[place].vowel in ("", "u"):
            units[place].vowel = "u"
            units.insert(place + 1, Letter(SMALL_WAW))
