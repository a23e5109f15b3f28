"""A phonetised sentence to the notation that the espeak voice speaks from.

Each word of the sentence's `spoken`, in order, is one word of the notation, and so one word
event: an Arabic word is one [[…]] of espeak-ng's phoneme mnemonics with its stress mark, a foreign
word is itself in Latin letters, which the Arabic voice says with its English phonemes. Words are
separated by one space; the marks ، ؛ : . ؟ ! stand after the word they follow.
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

__all__ = ["espeak_notation", "mnemonics_of", "notation_words"]

_MARKS = {"،": ",", "؛": ";", ":": ":", ".": ".", "؟": "?", "!": "!", "…": ".", "-": ","}
"""What espeak-ng's clause intonation knows."""
_EMPHATIC = frozenset({"sˤ", "dˤ", "tˤ", "ðˤ"})
_DARK = {"a": "a.", "aː": "a.:"}
_HELD = frozenset({"t", "tˤ", "k", "q", "p", "dʒ", "tʃ"})
"""A double one is one long closure and one release (Thelwall & Sa'adeddin 1990): the voice would
release two in a row twice, and does not for the others."""
_CONNECTION = {"l": "a"}
"""The vowel of an article left without one by an ending left out before it; else i."""
_CLAUSE, _LONGEST_CLAUSE = 550, 640
"""Characters of notation between two marks: from where a breath is wanted, and by where."""
_GOD = re.compile(r"(?:^[وف]?|[اأآٱ])لله(?:م)?$")
_ODD_LATIN = re.compile("[\u0180-\u024f\u1e00-\u1eff]")
"""Latin Extended-B and Additional: Romanian, Vietnamese."""
_UNSAID = re.compile(
    r"[^0-9A-Za-z'\-\u00c0-\u024f\u0370-\u03ff\u0900-\u09ff\u0b80-\u0bff\u10d0-\u10ff\uac00-\ud7af]"
)
_SILENCE = "[[_]]"


def espeak_notation(sentence: Sentence) -> str:
    """Give the notation of a phonetised sentence; "" when there is nothing to say."""
    pieces: list[str] = []
    last = ""  # the sound before
    for token in sentence.tokens:
        if token.language != "ar":
            words = [_one_word(word) for word in token.spoken.split()]
            last = ""
        else:
            words = []
            written = (token.diacritised or token.spoken).split()
            for index, group in enumerate(token.ipa.split()):
                word = written[index] if index < len(written) else ""
                words.append(f"[[{mnemonics_of(group, word, last)}]]")
                last = phonemes(group)[-1]
        pieces += words
        if token.mark in _MARKS and pieces:
            pieces[-1] = pieces[-1].rstrip(",;:.?!") + _MARKS[token.mark]
            last = ""
    return " ".join(_with_breaths(pieces))


def _with_breaths(words: list[str]) -> list[str]:
    """Give words with a breath wherever no mark stands in what espeak-ng can take at once.

    A clause of more is cut in the middle of a word, and what is left of that word is read as
    English (found with 731 characters; readclause.c has room for 800).
    """
    run = 0
    for index, word in enumerate(words):
        following = words[index + 1] if index + 1 < len(words) else "."
        if word[-1] == "." and following[0].islower():
            word = words[index] = word[:-1] + ";"  # "e. g.": no point of a sentence for the library
        run += len(word) + 1
        if word[-1] in ",;:.?!":
            run = 0
        elif run > (_CLAUSE if "|" not in following[:8] else _LONGEST_CLAUSE):
            words[index] += "," * (index + 1 < len(words))
            run = 0
    return words


def notation_words(notation: str) -> list[tuple[int, int]]:
    """Give the span of each word in a notation, in characters, marks after it not counted.

    A word event of espeak-ng belongs to the word whose span holds its text_position - 1; a word
    of capitals that is spelled out has several events, the first is its start.

    >>> notation_words("[[q'a:la]] Reuters, [[?al|j'aw|m]].")
    [(0, 10), (11, 18), (20, 34)]
    """
    return [
        (found.start(), found.start() + len(found[0].rstrip(",;:.?!")))
        for found in re.finditer(r"\S+", notation)
    ]


def _one_word(word: str) -> str:
    """Write a foreign word so that espeak-ng's English says it: O'Brien, Jean-Luc, SpaceX, Müller.

    Its English knows the letters of Western and Central Europe, and Greek, Georgian, Hindi,
    Bengali, Tamil and Korean by their own voices. Of other letters it says the name of the
    script, so Latin is written without unusual signs (Nguyễn), Cyrillic and Hebrew in Latin
    letters; any other script is a short silence. Capitals alone are a word here: what is spelled
    has been read in Arabic (briefing.text.normalisation.capitals).
    """
    word = unicodedata.normalize("NFKC", word).replace("’", "'")
    plain = "".join(map(_latin_letters, word)).strip("'-")
    if not plain or _UNSAID.search(plain):
        return _SILENCE
    return plain.lower() if plain.isupper() and len(plain) > 1 else plain


@cache
def _latin_letters(letter: str) -> str:
    """Give a letter as the voice's English knows it; "" for what is no letter."""
    latin = _rows("latin_letters.tsv").get(letter.lower())
    if latin is not None:
        return latin.capitalize() if letter.isupper() else latin
    if unicodedata.category(letter)[0] not in "LMN" and letter not in "'-":
        return ""
    return unicodedata.normalize("NFKD", letter)[0] if _ODD_LATIN.match(letter) else letter


@lru_cache(maxsize=65536)
def mnemonics_of(group: str, word: str = "", before: str = "") -> str:
    """Give espeak-ng's mnemonics of one group of broad IPA, its stressed vowel marked.

    word: its vowelled spelling, which tells the article from the stem. before: the last sound of
    the word before it, or "" after a pause: an article whose vowel neither word has (an ending
    was left out) gets a short one.

    >>> mnemonics_of("kitaːb"), mnemonics_of("ittifaːq"), mnemonics_of("madda")
    ("kit'a:b", "it:if'a:q", "m'ad|da")
    """
    sounds = phonemes(group)
    clitics = clitic_vowels(word) if word else 0
    if group.startswith("ʔ") and word[:1] in "اٱ" and clitics:
        pass
    elif word[:1] in "اٱ" and clitics:
        clitics -= 1
    cluster = len(sounds) > 1 or sounds == ["l"]  # the latter: الـGuardian
    if before and before not in VOWELS and cluster and not {*sounds[:2]} & VOWELS:
        double = sounds[:1] == sounds[1:2]
        sounds.insert(0, "a" if double else _CONNECTION.get(sounds[0], "i"))
        clitics += 1
    stressed = stressed_vowel(sounds, clitics)
    god = not word or _GOD.search("".join(one for one in word if one not in MARKS)) is not None
    several = sum(sound in VOWELS for sound in sounds) > 1 or sounds[-1] not in VOWELS
    written: list[str] = []
    for index, sound in enumerate(sounds):
        mnemonic = _table().get(sound, "")
        if sound in _HELD and index > 0 and sounds[index - 1] == sound:
            written[-1] += ":"
            continue
        if sound in _DARK and _is_dark(sounds, index, before if god else None):
            mnemonic = _DARK[sound]
        if index == stressed and several:
            mnemonic = "'" + mnemonic
        elif written and sound not in VOWELS and sounds[index - 1] not in VOWELS:
            mnemonic = "|" + mnemonic  # d|H is not dH
        written.append(mnemonic)
    return "".join(written)


def _is_dark(sounds: list[str], index: int, before: str | None) -> bool:
    """Tell whether an a is dark: beside an emphatic, or in الله after a or u.

    before: the sound before the word; None where it is not the name of God (وَلَّاهُ).
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
def _table() -> dict[str, str]:
    return _rows("espeak_phonemes.tsv")


@cache
def _rows(name: str) -> dict[str, str]:
    lines = (Path(__file__).parent / "data" / name).read_text(encoding="utf-8").splitlines()
    rows = (line.partition("\t") for line in lines if line and line[0] != "#")
    return {left: right for left, _, right in rows}
