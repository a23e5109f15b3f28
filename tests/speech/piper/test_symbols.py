"""A model reads what such models heard in training: espeak-ng's own writing of Arabic."""

from __future__ import annotations

import ctypes

import pytest

from briefing.config import Config
from briefing.speech.espeak.ipa import _library, foreign_ipa
from briefing.speech.piper.symbols import (
    lacking_symbols,
    nearest,
    symbols_of,
    symbols_of_word,
    written_as,
)
from briefing.text.script_writer import script_writer
from tests.speech.piper.made_model import SYMBOLS

WORDS = [
    # vowelled words that espeak-ng's letter-to-sound rules read right, and our mnemonics of them
    ("خُبْزُن", "X'ubzun"), ("غَرْب", "Q'ar|b"), ("شَمْس", "S'ams"), ("عَيْن", "A'aj|n"),
    ("ثَوْب", "T'aw|b"), ("يَوْم", "j'aw|m"), ("طَيْر", "t['a.j|r"), ("صَوْت", "s['a.w|t"),
    ("أَصْل", "?'as[|l"), ("حَقّ", "H'aq:"), ("أُمّ", "?'um|m"), ("حُبّ", "H'ub:"),
    ("ضِدّ", "dH'id:"), ("ظِلّ", "Z'il|l"), ("رَأْس", "r'a?|s"), ("سُوق", "s'u:q"),
    ("مِصْر", "m'is[|r"), ("طِفْل", "t['if|l"), ("نَظَر", "n'aZa.r"), ("جَمِيل", "dZam'i:l"),
]  # fmt: skip


def espeaks_own(text: str) -> str:
    """What espeak-ng writes for Arabic text, without stress: its rules put it elsewhere."""
    library = _library()
    rest = ctypes.c_char_p(text.encode())
    return library.espeak_TextToPhonemes(ctypes.byref(rest), 1, 2).decode()


def without_stress(symbols: str) -> str:
    return symbols.replace("ˈ", "").replace("ˌ", "")


@pytest.mark.parametrize(("word", "mnemonics"), WORDS, ids=[word for word, _ in WORDS])
def test_a_word_is_written_as_espeak_writes_it(word: str, mnemonics: str) -> None:
    import unicodedata

    ours = written_as(symbols_of_word(mnemonics))
    assert without_stress(ours) == without_stress(unicodedata.normalize("NFD", espeaks_own(word)))


def test_stress_stands_before_its_vowel() -> None:
    assert symbols_of_word("kit'a:b") == "kitˈaːb"


def test_each_spoken_word_keeps_its_place_and_marks_follow_words() -> None:
    text = "قال د. أحمد لوكالة Reuters، إن BBC وO'Brien وصلوا إلى ضاحية 24! هل صدق؟"
    for sentence in script_writer(Config(), None).write(text).sentences:
        words = symbols_of(sentence).split(" ")
        assert len(words) == len(sentence.spoken.split())
        assert words[-1][-1] in ".?!"
        assert all(sign in SYMBOLS for word in words for sign in written_as(word)), words


def test_a_dark_vowel_at_the_end_of_a_word_is_no_end_of_a_sentence() -> None:
    word = symbols_of_word("m'a:dHi")
    assert not word.endswith(".")
    assert written_as(word).endswith("i.")


def test_foreign_words_are_espeaks_english() -> None:
    assert foreign_ipa("Reuters") == "ɹˈɔɪtəz"
    assert "(" not in foreign_ipa("Google")


def test_the_nearest_symbol_that_a_model_has_is_taken() -> None:
    assert lacking_symbols(SYMBOLS) == {}
    few = {sign: 1 for sign in SYMBOLS if sign not in "χħq"}
    assert lacking_symbols(few) == {"q": "k", "ħ": "h", "χ": "x" if "x" in few else "k"}
    assert nearest("☃", few) == ""
    assert nearest("ˈ", {"-": 1}) == ""  # no sound is spoken as a dash
