"""The phonemes that the voice is given are the phonemes that it speaks."""

import ctypes
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from briefing.config import Text
from briefing.speech.espeak import mnemonics
from briefing.speech.espeak.mnemonics import (
    espeak_notation,
    mnemonics_of,
    word_spans,
)
from briefing.text.normalisation.lexicon import load_lexicon
from briefing.text.normalisation.paragraph import read_paragraph
from briefing.text.pronunciation.phonetisation import phonetise
from briefing.text.pronunciation.syllables import VOWELS
from briefing.text.script import Sentence, Token
from tests.text.pronunciation.spoken_words import cases, sentence_of

HERE = Path(__file__).parent
GOLD = HERE.parents[1] / "gold" / "phonemes.tsv"
CASES = [
    case
    for path in (GOLD, HERE / "phonemes.tsv", HERE / "phonemes_by_class.tsv")
    for case in cases(path)
]

Trace = Callable[[str], str]


@pytest.fixture(scope="module")
def trace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trace]:
    """Speak a notation and give espeak-ng's own phoneme trace, without stress marks."""
    if sys.platform == "win32":
        pytest.skip("needs the C library's fopen of the same runtime")
    import espeakng_loader

    from briefing.speech.espeak.voice import _SynthCallback

    library = ctypes.CDLL(espeakng_loader.get_library_path())
    runtime = ctypes.CDLL(None)
    runtime.fopen.restype = ctypes.c_void_p
    library.espeak_Initialize(2, 0, espeakng_loader.get_data_path().encode(), 0)
    library.espeak_SetVoiceByName(b"ar")
    callback = _SynthCallback(lambda wave, count, events: 0)
    library.espeak_SetSynthCallback(callback)
    path = tmp_path_factory.mktemp("trace") / "phonemes"

    def speak(notation: str) -> str:
        stream = ctypes.c_void_p(runtime.fopen(str(path).encode(), b"w"))
        library.espeak_SetPhonemeTrace(1, stream)
        text = notation.encode()
        library.espeak_Synth(text, ctypes.c_size_t(len(text) + 1), 0, 0, 0, 1 | 0x100, None, None)
        library.espeak_SetPhonemeTrace(0, None)
        runtime.fclose(stream)
        return path.read_text(encoding="utf-8")

    yield speak
    library.espeak_Terminate()


def espeak_phonemes() -> list[str]:
    """Give every phoneme of broad IPA that the voice has a mnemonic for."""
    path = Path(mnemonics.__file__).parent / "data" / "espeak_phonemes.tsv"
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.split("\t")[0] for line in lines if line and line[0] != "#"]


def spoken_phonemes(text: str) -> str:
    return re.sub(r"[\s',|%=_]", "", text)


@pytest.mark.parametrize(("text", "right"), CASES)
def test_the_voice_speaks_the_phonemes_it_is_given(trace: Trace, text: str, right: str) -> None:
    notation = espeak_notation(phonetise(sentence_of(text), "full"))
    given = "".join(re.findall(r"\[\[(.*?)\]\](?!\])", notation))
    assert spoken_phonemes(trace(notation)) == spoken_phonemes(given)


def test_every_cluster_and_double_consonant_is_spoken_as_it_is_given(trace: Trace) -> None:
    consonants = [one for one in espeak_phonemes() if one not in VOWELS]
    groups = [
        shape.format(first, second)
        for first in consonants
        for second in consonants
        for shape in ("ba{}{}a", "{}{}iː", "suː{}{}")
    ]
    groups += [f"{one}{vowel}{one}" for one in consonants for vowel in sorted(VOWELS)]
    for start in range(0, len(groups), 50):
        given = [mnemonics_of(group) for group in groups[start : start + 50]]
        said = trace(" ".join(f"[[{one}]]" for one in given))
        assert spoken_phonemes(said) == spoken_phonemes("".join(given))


def test_a_long_text_without_marks_is_spoken_as_it_is_given(trace: Trace) -> None:
    text = re.sub("[،؛:.؟!«»]", "", " ".join(text for text, _ in CASES[:300]))
    notation = espeak_notation(phonetise(sentence_of(text), "full"))
    given = "".join(re.findall(r"\[\[(.*?)\]\](?!\])", notation))
    assert spoken_phonemes(trace(notation)) == spoken_phonemes(given)
    assert max(map(len, notation.split(","))) < 700


def test_phonemes_that_look_like_one_are_kept_apart() -> None:
    assert mnemonics_of("madħ") == "m'ad|H"
    assert mnemonics_of("madˤ") == "m'a.dH"


def test_an_a_beside_an_emphatic_is_dark() -> None:
    assert mnemonics_of("tˤaːlib") == "t['a.:lib"
    assert mnemonics_of("taːlib") == "t'a:lib"


def test_the_a_of_god_is_dark_after_a_and_u_and_light_after_i() -> None:
    assert "a.:" in mnemonics_of("ʔallaːh")
    assert "a.:" not in mnemonics_of("lillaːh")
    assert "a.:" in mnemonics_of("llaːh", before="u")
    assert "a.:" not in mnemonics_of("llaːh", before="i")


@pytest.mark.parametrize(
    ("text", "dark"),
    [
        ("قَالَ اللَّهُ", True),
        ("عَبْدُ اللَّهِ", True),
        ("عَبْدُاللَّهِ", True),
        ("وَاللَّهِ", True),
        ("اللَّهُمَّ", True),
        ("قُلِ اللَّهُمَّ", False),
        ("بِاللَّهِ", False),
        ("لِلَّهِ", False),
        ("فِي اللَّهِ", False),
        ("بِسْمِ اللَّهِ", False),
        ("مِنَ اللَّهِ", True),
        ("وَلَّاهُ", False),  # he appointed him
        ("صَلَّاهَا", False),
    ],
)
def test_the_l_of_the_name_of_god_alone_is_dark(text: str, dark: bool) -> None:
    last = espeak_notation(phonetise(sentence_of(text), "full")).split()[-1]
    assert ("a.:" in last) == dark, last


def test_an_article_after_an_ending_left_out_gets_a_vowel() -> None:
    assert mnemonics_of("lwaziːr", "الْوَزِيرِ", "s").startswith("al|w")
    assert mnemonics_of("lwaziːr", "الْوَزِيرِ", "u").startswith("l|w")


def test_the_article_of_a_latin_name_is_said(trace: Trace) -> None:
    (sentence,) = read_paragraph("قَالَ مُرَاسِلُ الـGuardian أَمْسِ", Text(), load_lexicon(None))
    tokens = [replace(one, diacritised=one.vowelled or one.spoken) for one in sentence.tokens]
    notation = espeak_notation(phonetise(replace(sentence, tokens=tuple(tokens)), "full"))
    assert "ra:silul(en)g" in spoken_phonemes(trace(notation)), notation
    assert len(notation.split()) == len(sentence.spoken.split()) == 5


def test_each_spoken_word_is_one_word_of_the_notation() -> None:
    sentence = phonetise(sentence_of("قَالَتْ Farnaz Fassihi، إِنَّ McDonald O'Brien هُنَا؟"), "full")
    notation = espeak_notation(sentence)
    assert len(notation.split()) == len(sentence.spoken.split())
    assert [notation[start:end] for start, end in word_spans(notation)][1:3] == [
        "Farnaz",
        "Fassihi",
    ]


def test_questions_and_exclamations_keep_their_mark() -> None:
    assert espeak_notation(phonetise(sentence_of("هَلْ عَادَ؟"))).endswith("?")
    assert espeak_notation(phonetise(sentence_of("عَادَ!"))).endswith("!")


def test_a_foreign_name_is_spoken_with_english_phonemes(trace: Trace) -> None:
    assert "(en)" in trace(espeak_notation(phonetise(sentence_of("كَتَبَتْ Farnaz Fassihi"))))


@pytest.mark.parametrize(
    ("word", "sounds"),
    [
        # what espeak-ng's English says for it, in its mnemonics, stress left out
        ("O'Brien", "oUbraI@n"),
        ("O’Brien", "oUbraI@n"),
        ("Moody's", "mu:diz"),
        ("SpaceX", "speIsEks"),
        ("McDonald", "m@kd0n@Ld"),
        ("TIME", "taIm"),
        ("TRUMP", "trVmp"),
        ("Wi-Fi", "waIfaI"),
    ],
)
def test_a_foreign_word_is_said_as_a_word(trace: Trace, word: str, sounds: str) -> None:
    notation = espeak_notation(phonetise(sentence_of(word)))
    assert spoken_phonemes(trace(notation)).replace("(en)", "").removesuffix("(ar)") == sounds


@pytest.mark.parametrize("word", ["Nguyễn", "Timişoara", "Țânțar", "Путин", "Зеленський", "שלום"])
def test_no_letter_of_a_name_is_said_by_the_name_of_its_script(trace: Trace, word: str) -> None:
    token = Token(word, 0, len(word), word, language="xx")
    notation = espeak_notation(Sentence(word, 0, len(word), (token,)))
    said = trace(notation)
    assert said.count("(en)") == 1
    assert len(spoken_phonemes(said)) < 3 * len(word) + len("(en)(ar)"), said


def test_a_word_of_signs_for_which_no_sound_is_known_is_a_short_silence(trace: Trace) -> None:
    token = Token("北京", 0, 2, "北京", language="zh")
    assert not spoken_phonemes(trace(espeak_notation(Sentence("北京", 0, 2, (token,)))))


def test_nothing_to_say_is_an_empty_notation() -> None:
    assert espeak_notation(phonetise(sentence_of(""))) == ""
