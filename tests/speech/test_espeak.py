"""The offline voice: what a clip sounds like depends on its notations alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import pytest

from briefing.config import Espeak
from briefing.errors import VoiceError
from briefing.mastering.clip import Mastering
from briefing.speech.cache import FolderStore
from briefing.speech.espeak import EspeakVoice
from briefing.speech.production import ClipOrder, Production, clip_key
from briefing.text.script import Sentence, Token

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
