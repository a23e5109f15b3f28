"""A phonetised sentence to the symbols that an espeak-trained model reads: our seam to its family.

Piper's Arabic voices were trained on what espeak-ng writes for Arabic text, so they know those
signs and those habits only: χ and never x, s̪ and t̪ for emphatics, a full stop after the vowel that
follows an emphatic, a long sign for some doubled consonants, i and u for the ends of diphthongs.
A family that was trained on other symbols gets a module like this one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from briefing.speech.espeak.ipa import foreign_ipa
from briefing.speech.espeak.mnemonics import espeak_notation
from briefing.text.script import Sentence

__all__ = [
    "MARKS",
    "SILENT_WORD",
    "SYMBOLS_VERSION",
    "lacking_symbols",
    "nearest",
    "symbols_of",
    "symbols_of_word",
    "written_as",
]

SYMBOLS_VERSION = 1
"""Part of every clip's key; incremented when the same notation would become other symbols."""

MARKS = ",;:.?!"
SILENT_WORD = "_"
"""Stands for a word that is not said, so that each word keeps its place."""
_SPACE_INSIDE = "\u00a0"
"""Between words that belong to one word of the sentence: "BBC" may be spelled as three."""
_NOTHING = "-"
"""In the table of nearest symbols: a sound that is left out."""
_STRESS, _LENGTH, _SYLLABLE_BREAK = "'", ":", "|"
_VOWELS = frozenset({"a", "i", "u", "a."})
_EMPHATIC = frozenset({"s[", "dH", "t[", "Z"})
_AFTER_EMPHATIC = "\u2024"
"""Stands for the full stop that a vowel has after an emphatic: a mark of the sentence is none."""
_LONG_WHEN_DOUBLED = frozenset({"b", "t", "k", "q", "d", "dZ", "s[", "t["})
"""What espeak-ng writes as one long consonant; it writes any other twice."""
_GLIDES = {"w": "u", "j": "i"}
"""The end of a diphthong after a, as espeak-ng writes عَيْن and يَوْم."""


class _Sound(NamedTuple):
    """A mnemonic in its word."""

    mnemonic: str
    is_stressed: bool
    is_long: bool


def symbols_of(sentence: Sentence) -> str:
    """Return the symbols of a phonetised sentence, its words separated by one space.

    The marks , ; : . ? ! come directly after a word. "" if there is nothing to say.
    """
    words = []
    for written in espeak_notation(sentence).split():
        word = written.rstrip(MARKS)
        words.append(_symbols_of_notation(word) + written[len(word) :])
    return " ".join(words)


def _symbols_of_notation(word: str) -> str:
    """Return the symbols of one word of the espeak voice's notation."""
    if word == "[[_]]":
        return SILENT_WORD
    if word.startswith("[["):
        return symbols_of_word(word[2:-2])
    ipa = unicodedata.normalize("NFD", foreign_ipa(word)).replace(" ", _SPACE_INSIDE)
    return "".join(sign for sign in ipa if sign not in MARKS) or SILENT_WORD


@lru_cache(maxsize=65536)
def symbols_of_word(mnemonics: str) -> str:
    """Return the symbols of an Arabic word in espeak-ng's mnemonics.

    >>> symbols_of_word("s[a.d'i:q"), symbols_of_word("Aal'aj|kum"), symbols_of_word("m'ad|da")
    ('s̪a․dˈiːq', 'ʕalˈaikum', 'mˈadːa')
    """
    sounds = _sounds(mnemonics)
    written: list[str] = []
    dark = doubled = False
    for index, (mnemonic, is_stressed, is_long) in enumerate(sounds):
        if doubled:
            doubled = False
            continue
        before = sounds[index - 1].mnemonic if index else ""
        after = sounds[index + 1].mnemonic if index + 1 < len(sounds) else ""
        is_double = after == mnemonic and mnemonic not in _VOWELS
        glides = before in ("a", "a.") and (is_double or after not in _VOWELS)
        symbol = _training_symbols()[mnemonic]
        if mnemonic in _VOWELS or (mnemonic in _GLIDES and glides):
            symbol = _GLIDES.get(mnemonic, symbol) + _AFTER_EMPHATIC * dark
            doubled = is_double and mnemonic in _GLIDES
        else:
            dark = mnemonic in _EMPHATIC
            doubled = is_double and mnemonic in _LONG_WHEN_DOUBLED
        written.append("ˈ" * is_stressed + symbol + "ː" * (is_long or doubled))
    return "".join(written)


def _sounds(mnemonics: str) -> list[_Sound]:
    """Return the sounds of a word. Raise KeyError for a mnemonic that is in no table."""
    sounds: list[_Sound] = []
    is_stressed = False
    for sign in _pattern().findall(mnemonics):
        if sign == _STRESS:
            is_stressed = True
        elif sign == _LENGTH:
            sounds[-1] = sounds[-1]._replace(is_long=True)
        elif sign != _SYLLABLE_BREAK:
            sounds.append(_Sound(sign, is_stressed, is_long=False))
            is_stressed = False
    return sounds


@cache
def _pattern() -> re.Pattern[str]:
    longest_first = sorted(_training_symbols(), key=len, reverse=True)
    return re.compile(
        "|".join(map(re.escape, [*longest_first, _STRESS, _LENGTH, _SYLLABLE_BREAK])) + "|."
    )


def written_as(notation: str) -> str:
    """Return a piece of a notation in the symbols of the model's own table.

    >>> written_as("s̪a․dˈiːq")
    's̪a.dˈiːq'
    """
    return notation.replace(_AFTER_EMPHATIC, ".").replace(_SPACE_INSIDE, " ")


def lacking_symbols(table: Mapping[str, object]) -> dict[str, str]:
    """Return the symbols of Arabic that a model does not know, each with what is spoken instead.

    table: the model's symbols. "" stands for nothing.

    >>> lacking_symbols({sign: 1 for sign in "abdfhijklmnqrstuwzðθɡɣʃʒʔʕχˈː ̪.,:;?!pvˤ"})
    {'ħ': 'h'}
    """
    used = {sign for symbol in _training_symbols().values() for sign in symbol} | {
        "ˈ",
        "ː",
        " ",
        *MARKS,
    }
    lacking = sorted(sign for sign in used if sign not in table)
    return {sign: nearest(sign, table) for sign in lacking}


def nearest(symbol: str, table: Mapping[str, object]) -> str:
    """Return the symbol that a model knows and that sounds most like one it lacks; "" for none."""
    choices = _rows("nearest_symbols.tsv").get(symbol, _NOTHING).split(" ")
    return next((choice for choice in choices if choice in table and choice != _NOTHING), "")


@cache
def _training_symbols() -> dict[str, str]:
    rows = _rows("heard_in_training.tsv")
    return {mnemonic: unicodedata.normalize("NFD", symbol) for mnemonic, symbol in rows.items()}


@cache
def _rows(name: str) -> dict[str, str]:
    lines = (Path(__file__).parent / "data" / name).read_text(encoding="utf-8").splitlines()
    rows = (line.partition("\t") for line in lines if line and line[0] != "#")
    return {left: right for left, _, right in rows}
