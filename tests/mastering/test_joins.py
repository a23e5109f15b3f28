"""Nothing clicks where sounds are joined: in any format, in the decoded sound."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.mastering.speaking import (
    Recorded,
    changed,
    mastering,
    recorded,
    speech_of,
    spoken,
    wave_of,
)

FORMATS = ("mp3", "m4b", "opus")
_AT_THE_JOIN_S, _INSIDE_S = 0.001, 0.05
_LARGEST_SHARE = 0.5
"""Of the sharpest bend of the wave within 50 ms: what is sharper at the join itself is a click."""
_UNHEARD = 0.004
"""Of full scale: a bend of so little (-48 dB) is heard nowhere."""


def _click(samples: np.ndarray, at: int, rate: int) -> float:
    """Measure how sharp the wave bends at a sample, against the sound around it."""
    bends = np.abs(
        np.diff(samples[max(0, at - round(_INSIDE_S * rate)) :][: 2 * round(_INSIDE_S * rate)], 2)
    )
    middle = min(at, round(_INSIDE_S * rate))
    width = round(_AT_THE_JOIN_S * rate)
    here = float(np.max(bends[max(0, middle - width) : middle + width], initial=0.0))
    return 0.0 if here < _UNHEARD else here / float(np.max(bends))


def _clicks(result: Recorded) -> list[float]:
    """Measure each end of each sentence."""
    rate = result.sound.rate
    return [
        _click(result.sound.samples, round(start_s * rate) + at, rate)
        for clip, start_s in zip(result.clips, result.starts_s, strict=True)
        for sentence in clip.sentences
        for at in (sentence.start, sentence.end)
    ]


@pytest.mark.parametrize("form", FORMATS)
def test_no_join_of_speech_clicks(form: str, tmp_path: Path) -> None:
    clicks = _clicks(recorded(spoken()[:6], tmp_path, mastering(format=form)))
    assert len(clicks) >= 16
    assert max(clicks) < _LARGEST_SHARE


@pytest.mark.parametrize("form", FORMATS)
def test_no_join_of_a_voice_that_breaks_off_clicks(form: str, tmp_path: Path) -> None:
    """Sentences that begin and end in the middle of a vowel, as some voices give them, and with a
    constant offset, which steps at both ends."""

    def broken_off(wave: np.ndarray, rate: int) -> np.ndarray:
        loud = int(np.argmax(np.abs(wave)))
        return np.clip(wave[loud : loud + rate] + 0.1, -1, 1)

    paragraphs = [[changed(one, broken_off) for one in paragraph] for paragraph in spoken()[:6]]
    assert max(_clicks(recorded(paragraphs, tmp_path, mastering(format=form)))) < _LARGEST_SHARE


def test_the_measure_hears_a_click(tmp_path: Path) -> None:
    """Speech that begins in the middle of a vowel, unfaded, is far above the bound."""
    result = recorded(spoken()[:6], tmp_path)
    rate = result.sound.rate
    for start_s in result.starts_s:
        samples = result.sound.samples.copy()
        vowel = samples[round((start_s + 0.1) * rate) :][: rate // 10]
        cut = round((start_s + 0.1) * rate) + int(np.argmax(np.abs(vowel)))
        samples[cut - rate // 2 : cut] = 0
        assert _click(samples, cut, rate) > _LARGEST_SHARE


@pytest.mark.parametrize("form", FORMATS)
def test_pauses_are_silent(form: str, tmp_path: Path) -> None:
    result = recorded(spoken()[:6], tmp_path, mastering(format=form))
    for end_s, start_s in zip(result.ends_s[:-1], result.starts_s[1:], strict=True):
        assert result.sound.level_db(end_s + 0.03, start_s - 0.05) < -70


def test_silence_between_words_is_no_end(tmp_path: Path) -> None:
    """A stop's closure of 200 ms inside a sentence stays."""
    (one, *_), *_ = spoken()
    wave, rate = wave_of(one), one.sample_rate_hz
    gap = np.zeros(rate // 5)
    result = recorded([[speech_of(np.concatenate((wave, gap, wave)), rate)]], tmp_path)
    assert result.ends_s[0] - result.starts_s[0] > 2 * len(wave) / rate
