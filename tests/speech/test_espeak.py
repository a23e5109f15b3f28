"""The offline voice: what a clip sounds like depends on its notations alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from briefing.clip_cache import FolderStore
from briefing.config import Espeak
from briefing.errors import VoiceError
from briefing.mastering.clip import Mastering
from briefing.production.clips import ClipOrder, Production, clip_key
from briefing.speech.espeak.mnemonics import espeak_notation, mnemonics_of
from briefing.speech.espeak.voice import EspeakVoice
from briefing.text.pronunciation.phonetisation import phonetise
from briefing.text.script import Sentence, Token
from tests.sound import pitch
from tests.text.pronunciation.spoken_words import sentence_of

A = "[[?alq'amar]] [[m'arHaban]]"
B = "[[haDA:]] [[k'ita:bun]] [[dZad'i:d]]?"
MASTERING = Mastering(0.4, -16.0, -2.0, 64, 7)


@pytest.fixture
def voice(tmp_path: Path) -> EspeakVoice:
    return EspeakVoice(asdict(Espeak()), FolderStore(tmp_path))


def sound(voice: EspeakVoice, notations: Sequence[str]) -> list[bytes]:
    return [speech.samples for speech in voice.speak(notations)]


def test_the_same_notation_gives_the_same_samples_whatever_was_spoken_before(
    voice: EspeakVoice,
) -> None:
    assert voice.unavailable() is None
    first = sound(voice, [A])
    other = sound(voice, [B])
    assert sound(voice, [A]) == first != other
    sound(voice, [B, A, B])
    assert sound(voice, [A]) == first


@pytest.mark.parametrize("workers", [1, 4])
def test_clips_have_the_same_bytes_in_any_order_and_by_any_number_of_workers(
    voice: EspeakVoice, tmp_path: Path, workers: int
) -> None:
    order = [A, B, A, f"{A} {B}", B, A]
    orders = [
        ClipOrder(clip_key([one], voice, MASTERING) + str(n), (one,)) for n, one in enumerate(order)
    ]
    store = FolderStore(tmp_path / str(workers))
    with Production(voice, asdict(Espeak()), MASTERING, store, workers=workers) as production:
        clips = [produced.clip for produced in production.clips(orders)]
    assert clips[0] == clips[2] == clips[5]
    assert clips[1] == clips[4] != clips[3]


def test_each_word_of_the_notation_has_its_time(voice: EspeakVoice) -> None:
    (speech,) = voice.speak(["[[?alq'amar]] [[m'arHaban]] [[b'ajt]]."])
    assert speech.word_starts is not None
    assert len(speech.word_starts) == 3
    assert sorted(speech.word_starts) == list(speech.word_starts)
    assert speech.word_starts[-1] < len(speech.samples) // 2


def test_settings_change_the_sound_and_the_version_of_the_voice(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    usual = EspeakVoice(asdict(Espeak()), store)
    other = EspeakVoice(asdict(Espeak(speed_wpm=120)), store)
    assert len(sound(other, [A])[0]) > 1.15 * len(sound(usual, [A])[0])
    assert usual.version != other.version


def test_a_variant_that_does_not_exist_is_told(tmp_path: Path) -> None:
    voice = EspeakVoice(asdict(Espeak(variant="nobody")), FolderStore(tmp_path))
    with pytest.raises(VoiceError, match=r"voices\.espeak\.variant"):
        list(voice.speak([A]))


def test_a_sentence_without_words_has_no_notation(voice: EspeakVoice) -> None:
    assert voice.notation(Sentence("…", 0, 1, ())) == ""
    assert voice.notation(Sentence("🙂", 0, 1, (Token("🙂", 0, 1, ""),))) == ""


def waves(voice: EspeakVoice, text: str) -> tuple[list[NDArray[np.float64]], int]:
    """Speak vowelled text and give each word's sound, up to the next word's event."""
    (speech,) = voice.speak([espeak_notation(phonetise(sentence_of(text), "full"))])
    wave = np.frombuffer(speech.samples, np.int16).astype(float)
    assert speech.word_starts is not None
    return np.split(wave, speech.word_starts[1:]), speech.sample_rate_hz


def middle_pitch(wave: NDArray[np.float64], rate: int) -> float:
    return float(np.median(pitch(wave, rate)))


def test_a_question_rises_at_its_end_and_a_statement_falls(voice: EspeakVoice) -> None:
    for text in ("هَلْ عَادَ الْوَزِيرُ إِلَى الْقَاهِرَةِ", "مَتَى تَنْتَهِي الْمُفَاوَضَاتُ"):
        ends = {}
        for mark in ".؟":
            words, rate = waves(voice, text + mark)
            ends[mark] = pitch(words[-1], rate)[-1]
        assert ends["؟"] > 1.12 * ends["."], ends  # two semitones


def test_an_exclamation_is_livelier_than_a_statement(voice: EspeakVoice) -> None:
    text = "عَادَ الْوَزِيرُ إِلَى الْقَاهِرَةِ"
    highest = {}
    for mark in ".!":
        words, rate = waves(voice, text + mark)
        highest[mark] = float(np.percentile(pitch(words[-1], rate), 90))
    assert highest["!"] > 1.12 * highest["."], highest


def test_a_latin_name_is_spoken_at_the_pitch_of_what_is_around_it(voice: EspeakVoice) -> None:
    words, rate = waves(voice, "كَتَبَتْ Farnaz Fassihi هَذَا التَّقْرِيرَ أَمْسِ.")
    around = [middle_pitch(words[at], rate) for at in (0, 3, 4)]
    for name in (words[1], words[2]):
        assert len(name) / rate > 0.25
        assert min(around) / 1.19 < middle_pitch(name, rate) < max(around) * 1.19  # 3 semitones


def test_each_word_begins_where_its_event_says(tmp_path: Path) -> None:
    voice = EspeakVoice(asdict(Espeak(word_gap_10ms=25)), FolderStore(tmp_path))
    words, rate = waves(voice, "مَالٌ وَلَدٌ نُورٌ مَدْرَسَةٌ London وَهُمْ.")
    for word in words:
        loud = np.flatnonzero(np.abs(word) > 0.05 * np.abs(word).max())
        assert loud[0] / rate < 0.03, "silence at its beginning: the event is early"
        silent = word[-round(0.15 * rate) :] if word is not words[-1] else word[:0]
        assert not len(silent) or np.abs(silent).max() < 0.05 * np.abs(word).max(), "late"


@pytest.mark.parametrize(
    "text",
    [
        "قَالَ e. g. عَادَ",
        "شَرِكَةُ Apple. iPhone عَادَ",
        "قَالَ O'Brien إِنَّ Jean-Luc وَ SpaceX وَ Wi-Fi وَ Nguyễn وَ x2.",
        "قَالَ Ꮳ ไทย 北京 Путин שלום Αθήνα 서울 नमस्ते عَادَ.",
    ],
)
def test_foreign_words_of_every_kind_have_their_exact_time(voice: EspeakVoice, text: str) -> None:
    tokens = [
        replace(one, language="xx") if not "\u0600" < one.text[0] < "\u06ff" else one
        for one in sentence_of(text).tokens
    ]
    sentence = phonetise(replace(sentence_of(text), tokens=tuple(tokens)), "full")
    notation = espeak_notation(sentence)
    (speech,) = voice.speak([notation])
    assert speech.word_starts is not None, notation
    assert len(speech.word_starts) == len(sentence.spoken.split())
    assert all(a < b for a, b in pairwise(speech.word_starts))


@pytest.mark.parametrize("consonant", ["t", "tˤ", "k", "q", "b", "d", "dˤ", "ʔ"])
def test_a_double_stop_is_one_long_closure_and_one_release(
    voice: EspeakVoice, consonant: str
) -> None:
    closures = {}
    for group in (f"ma{consonant}a", f"ma{consonant}{consonant}a"):
        (speech,) = voice.speak([f"[[{mnemonics_of(group)}]]."])
        wave = np.frombuffer(speech.samples, np.int16).astype(float)
        frame = speech.sample_rate_hz // 100
        power = np.square(wave[: len(wave) // frame * frame].reshape(-1, frame)).mean(axis=1)
        # from the first vowel to the second: frames 30 dB below the vowels, in how many runs
        vowels = np.flatnonzero(power > power.max() / 30)
        quiet = power[vowels[0] : vowels[-1]] < power.max() / 1000
        changes = np.flatnonzero(np.diff(quiet.astype(int)))
        lengths = changes[1::2] - changes[::2]
        # after its release a stop may fade for a moment: that is no second closure
        closures[group] = (int(quiet.sum()), int(np.count_nonzero(lengths > 2)))
    (short, once), (long, runs) = closures.values()
    assert long >= short + 4, "centiseconds"
    assert runs <= max(once, 1), closures


def length_ms(voice: EspeakVoice, group: str) -> float:
    (speech,) = voice.speak([f"[[{mnemonics_of(group)}]] [[b'a:b]]."])
    assert speech.word_starts is not None
    return 1000 * speech.word_starts[1] / speech.sample_rate_hz


def test_a_double_consonant_and_a_long_vowel_are_heard_as_long(voice: EspeakVoice) -> None:
    for one in [
        "ʔ",
        "b",
        "t",
        "θ",
        "dʒ",
        "ħ",
        "x",
        "d",
        "ð",
        "r",
        "z",
        "s",
        "ʃ",
        "sˤ",
        "dˤ",
        "tˤ",
        "ðˤ",
        "ʕ",
        "ɣ",
        "f",
        "q",
        "k",
        "l",
        "m",
        "n",
        "h",
        "w",
        "j",
    ]:
        single, double = length_ms(voice, f"ma{one}a"), length_ms(voice, f"ma{one}{one}a")
        assert 30 < double - single < 200, one
    for vowel in "aiu":
        assert length_ms(voice, f"b{vowel}ːb") > 1.4 * length_ms(voice, f"b{vowel}b"), vowel


def test_the_pace_is_that_of_arabic_newsreaders(voice: EspeakVoice) -> None:
    text = "أَعْلَنَتِ الْحُكُومَةُ عَنْ خُطَّةٍ جَدِيدَةٍ لِدَعْمِ الْقِطَاعِ الزِّرَاعِيِّ فِي الْمُحَافَظَاتِ الْجَنُوبِيَّةِ."
    sentence = phonetise(sentence_of(text), "full")
    words, rate = waves(voice, text)
    syllables = len(re.findall("[aiu]", sentence.ipa))
    assert 4 <= syllables / (sum(map(len, words)) / rate) <= 5.2  # at its end a pause is counted
