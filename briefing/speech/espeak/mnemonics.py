"""A phonetised sentence to the notation that the espeak voice speaks from.

Each word of the sentence's `spoken` becomes one word of the notation, in order, and so one word
event. An Arabic word is one [[…]] of espeak-ng's phoneme mnemonics with its stress mark. A foreign
word stays in Latin letters, which the Arabic voice speaks with its English phonemes. Words are
separated by one space; the marks ، ؛ : . ؟ ! come directly after a word.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

from briefing.text.pronunciation.spelling import MARKS
from briefing.text.pronunciation.syllables import LONG, VOWELS, phonemes, stressed_vowel
from briefing.text.pronunciation.word_sounds import clitic_vowels
from briefing.text.script import Sentence

__all__ = ["espeak_notation", "mnemonics_of", "word_spans"]

_MARKS = {"،": ",", "؛": ";", ":": ":", ".": ".", "؟": "?", "!": "!", "…": ".", "-": ","}
"""The marks that shape espeak-ng's intonation of a clause."""
_EMPHATIC = frozenset({"sˤ", "dˤ", "tˤ", "ðˤ"})
_DARK = {"a": "a.", "aː": "a.:"}
_STOPS = frozenset({"t", "tˤ", "k", "q", "p", "dʒ", "tʃ"})
"""A double stop is one long closure and one release (Thelwall & Sa'adeddin 1990). The voice would
release two of these in a row twice; other consonants it doubles correctly."""
_LINKING_VOWELS = {"l": "a"}
"""The vowel put before a word that begins with two consonants, by the first of them; i for all
others. It is needed where the ending of the word before it was left out."""
_CLAUSE, _LONGEST_CLAUSE = 550, 640
"""Characters of notation without a mark after which a breath is put before the next word that
does not begin with two consonants, and after which it is put before any word."""
_GOD = re.compile(r"(?:^[وف]?|[اأآٱ])لله(?:م)?$")
_ODD_LATIN = re.compile("[\u0180-\u024f\u1e00-\u1eff]")
"""Latin Extended-B and Additional: Romanian, Vietnamese."""
_UNSPEAKABLE = re.compile(
    r"[^0-9A-Za-z'\-\u00c0-\u024f\u0370-\u03ff\u0900-\u09ff\u0b80-\u0bff\u10d0-\u10ff\uac00-\ud7af]"
)
_SILENCE = "[[_]]"


def espeak_notation(sentence: Sentence) -> str:
    """Return the notation of a phonetised sentence; "" if there is nothing to say."""
    words: list[str] = []
    last_sound = ""
    for token in sentence.tokens:
        if token.language != "ar":
            words += [_write_foreign_word(word) for word in token.spoken.split()]
            last_sound = ""
        else:
            spellings = (token.diacritised or token.spoken).split()
            for index, group in enumerate(token.ipa.split()):
                spelling = spellings[index] if index < len(spellings) else ""
                words.append(f"[[{mnemonics_of(group, spelling, last_sound)}]]")
                last_sound = phonemes(group)[-1]
        if token.mark in _MARKS and words:
            words[-1] = words[-1].rstrip(",;:.?!") + _MARKS[token.mark]
            last_sound = ""
    return " ".join(_add_breaths(words))


def _add_breaths(words: list[str]) -> list[str]:
    """Add a breath to words that have no mark for longer than espeak-ng can process.

    espeak-ng cuts a longer clause in the middle of a word and reads the rest of that word as
    English (observed with 731 characters; the buffer of readclause.c has 800).
    """
    run = 0
    for index, word in enumerate(words):
        following = words[index + 1] if index + 1 < len(words) else "."
        if word[-1] == "." and following[0].islower():
            word = words[index] = word[:-1] + ";"  # "e. g.": the library would end the sentence
        run += len(word) + 1
        if word[-1] in ",;:.?!":
            run = 0
        elif run > (_CLAUSE if "|" not in following[:8] else _LONGEST_CLAUSE):
            words[index] += "," * (index + 1 < len(words))
            run = 0
    return words


def word_spans(notation: str) -> list[tuple[int, int]]:
    """Return the span of each word in a notation, in characters, without the mark after it.

    A word event of espeak-ng belongs to the word whose span contains its text_position - 1. A word
    of capitals that is spelled out has several events; the first is its start.

    >>> word_spans("[[q'a:la]] Reuters, [[?al|j'aw|m]].")
    [(0, 10), (11, 18), (20, 34)]
    """
    return [
        (match.start(), match.start() + len(match[0].rstrip(",;:.?!")))
        for match in re.finditer(r"\S+", notation)
    ]


def _write_foreign_word(word: str) -> str:
    """Return a foreign word as espeak-ng's English speaks it: O'Brien, Jean-Luc, SpaceX, Müller.

    Its English knows the letters of Western and Central Europe, and Greek, Georgian, Hindi,
    Bengali, Tamil and Korean by their own voices. For any other letter it speaks the name of the
    script. Latin is therefore written without unusual signs (Nguyễn), Cyrillic and Hebrew in Latin
    letters, and any other script is a short silence. A word in capitals is spoken as a word:
    abbreviations were spelled in Arabic earlier (briefing.text.normalisation.capitals).
    """
    word = unicodedata.normalize("NFKC", word).replace("’", "'")
    plain = "".join(map(_latin_letters, word)).strip("'-")
    if not plain or _UNSPEAKABLE.search(plain):
        return _SILENCE
    return plain.lower() if plain.isupper() and len(plain) > 1 else plain


@cache
def _latin_letters(letter: str) -> str:
    """Return a letter in letters that the voice's English knows; "" for a sign."""
    latin = _rows("latin_letters.tsv").get(letter.lower())
    if latin is not None:
        return latin.capitalize() if letter.isupper() else latin
    if unicodedata.category(letter)[0] not in "LMN" and letter not in "'-":
        return ""
    return unicodedata.normalize("NFKD", letter)[0] if _ODD_LATIN.match(letter) else letter


@lru_cache(maxsize=65536)
def mnemonics_of(group: str, word: str = "", before: str = "") -> str:
    """Return espeak-ng's mnemonics of one word in broad IPA, its stressed vowel marked.

    word: its vowelled spelling, which separates the article from the stem. before: the last sound
    of the word before it, or "" after a pause. If that word's ending was left out and this one
    begins with two consonants, a short vowel is put between them.

    >>> mnemonics_of("kitaːb"), mnemonics_of("ittifaːq"), mnemonics_of("madda")
    ("kit'a:b", "it:if'a:q", "m'ad|da")
    """
    sounds = phonemes(group)
    clitics = clitic_vowels(word) if word else 0
    if word[:1] in "اٱ" and clitics and not group.startswith("ʔ"):
        clitics -= 1  # the article's own vowel is not spoken here
    has_cluster = len(sounds) > 1 or sounds == ["l"]  # the latter: الـGuardian
    if before and before not in VOWELS and has_cluster and not {*sounds[:2]} & VOWELS:
        is_double = sounds[:1] == sounds[1:2]
        sounds.insert(0, "a" if is_double else _LINKING_VOWELS.get(sounds[0], "i"))
        clitics += 1
    stressed = stressed_vowel(sounds, clitics)
    is_god = (
        not word or _GOD.search("".join(sign for sign in word if sign not in MARKS)) is not None
    )
    needs_stress = sum(sound in VOWELS for sound in sounds) > 1 or sounds[-1] not in VOWELS
    mnemonics: list[str] = []
    for index, sound in enumerate(sounds):
        mnemonic = _phoneme_table().get(sound, "")
        if sound in _STOPS and index > 0 and sounds[index - 1] == sound:
            mnemonics[-1] += ":"
            continue
        if sound in _DARK and _is_dark(sounds, index, before if is_god else None):
            mnemonic = _DARK[sound]
        if index == stressed and needs_stress:
            mnemonic = "'" + mnemonic
        elif mnemonics and sound not in VOWELS and sounds[index - 1] not in VOWELS:
            mnemonic = "|" + mnemonic  # d|H is not dH
        mnemonics.append(mnemonic)
    return "".join(mnemonics)


def _is_dark(sounds: list[str], index: int, before: str | None) -> bool:
    """Return whether an a is dark: next to an emphatic consonant, or in الله after a or u.

    before: the sound before the word; None if the word is not the name of God (وَلَّاهُ).
    Ryding 2005, 2.2.6 (spread to the neighbouring vowels); Wright I §17 (the l of الله).
    """
    if _EMPHATIC & {*sounds[max(0, index - 1) : index + 2]}:
        return True
    if before is None:
        return False
    in_god = sounds[index] in LONG and sounds[index - 2 : index] == ["l", "l"]
    if in_god and sounds[index + 1 : index + 2] == ["h"]:
        return (sounds[index - 3] if index > 2 else before) not in ("i", "iː")
    return False


@cache
def _phoneme_table() -> dict[str, str]:
    return _rows("espeak_phonemes.tsv")


@cache
def _rows(name: str) -> dict[str, str]:
    lines = (Path(__file__).parent / "data" / name).read_text(encoding="utf-8").splitlines()
    rows = (line.partition("\t") for line in lines if line and line[0] != "#")
    return {left: right for left, _, right in rows}
