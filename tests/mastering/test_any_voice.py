"""Whatever a voice sounds like, a recording is as loud as it must be, and its pauses hold."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from tests.mastering.speaking import PAUSE_S, Wave, changed, recorded, resampled, spoken

_PAUSE_TOLERANCE_S = 0.03


def _noise(wave: Wave, level: float) -> Wave:
    return level * np.random.default_rng(1).standard_normal(len(wave))


def _hum(wave: Wave, rate: int) -> Wave:
    return 0.02 * np.sin(2 * np.pi * 50 * np.arange(len(wave)) / rate)


def _whispered(wave: Wave, rate: int) -> Wave:
    """Noise with the envelope of the speech: no voice in it, and peaks wherever they fall."""
    window = np.ones(rate // 100) / (rate // 100)
    return np.convolve(np.abs(wave), window, "same") * _noise(wave, 0.3)


VOICES: dict[str, Callable[[Wave, int], Wave]] = {
    "as it comes": lambda wave, rate: wave,
    "at -40 dB": lambda wave, rate: 0.01 * wave,
    "clipped": lambda wave, rate: np.clip(20 * wave, -1, 1),
    "with a constant offset": lambda wave, rate: 0.3 * wave + 0.2,
    "with hum": lambda wave, rate: 0.5 * wave + _hum(wave, rate),
    "with hiss": lambda wave, rate: 0.5 * wave + _noise(wave, 0.005),
    "whispered": _whispered,
    "all peaks": lambda wave, rate: 3 * np.sign(wave) * wave**2,
    "with silence around": lambda wave, rate: np.pad(wave, (rate // 2, rate)),
}


@pytest.mark.parametrize("name", VOICES)
def test_a_voice_is_heard_at_minus_16_lufs_below_the_peak_that_platforms_allow(
    name: str, tmp_path: Path
) -> None:
    paragraphs = [[changed(one, VOICES[name]) for one in paragraph] for paragraph in spoken()]
    result = recorded(paragraphs, tmp_path)
    assert result.sound.seconds > 30
    loudness, peak = result.sound.loudness()
    assert loudness == pytest.approx(-16, abs=0.5)
    assert peak <= -1
    assert result.facts.loudness_lufs == pytest.approx(loudness, abs=0.2)
    assert result.facts.true_peak_dbtp == pytest.approx(peak, abs=0.3)


@pytest.mark.parametrize("name", VOICES)
def test_the_pauses_of_a_voice_are_those_of_the_settings(name: str, tmp_path: Path) -> None:
    """Heard, not read: from where the sound falls below what can be heard to where it rises."""
    paragraphs = [[changed(one, VOICES[name]) for one in paragraph] for paragraph in spoken()]
    sound = recorded(paragraphs, tmp_path).sound
    window = round(0.005 * sound.rate)
    whole = len(sound.samples) // window * window
    power = np.mean(np.square(sound.samples[:whole].reshape(-1, window)), axis=1)
    loud = np.flatnonzero(power > 10 ** (-55 / 10))
    gaps = [(b - a - 1) * 0.005 for a, b in pairwise(loud) if (b - a) * 0.005 > 0.3]
    between_sentences = [gap for gap in gaps if gap < 0.6]
    between_paragraphs = [gap for gap in gaps if gap >= 0.6]
    assert len(between_paragraphs) == 7
    assert len(between_sentences) == 6
    # 15 and 5 ms around the sound are kept, so that no consonant is cut: they are often silent
    kept_s = 0.02
    for expected, measured in ((0.45, between_sentences), (PAUSE_S, between_paragraphs)):
        for gap in measured:
            assert expected - _PAUSE_TOLERANCE_S <= gap <= expected + _PAUSE_TOLERANCE_S + kept_s


@pytest.mark.parametrize("speed_wpm", [90, 320])
def test_the_speed_of_a_voice_changes_nothing_of_it(speed_wpm: int, tmp_path: Path) -> None:
    loudness, peak = recorded(spoken(speed_wpm), tmp_path).sound.loudness()
    assert loudness == pytest.approx(-16, abs=0.5)
    assert peak <= -1


@pytest.mark.parametrize("rate", [8000, 16000, 24000, 32000, 44100, 48000])
def test_a_voice_of_any_sample_rate_is_recorded_in_time(rate: int, tmp_path: Path) -> None:
    from tests.mastering.speaking import speech_of, wave_of

    ratio = rate / 22050
    paragraphs = [
        [speech_of(resampled(wave_of(one), ratio), rate) for one in paragraph]
        for paragraph in spoken()[:3]
    ]
    result = recorded(paragraphs, tmp_path)
    assert result.facts.sample_rate_hz == max(rate, 16000)
    seconds = sum(len(one.samples) / 2 / one.sample_rate_hz for p in paragraphs for one in p)
    lengths = [end - start for start, end in zip(result.starts_s, result.ends_s, strict=True)]
    assert sum(lengths) == pytest.approx(seconds, abs=0.9)  # less what was trimmed
    for (_, end), (start, _) in pairwise(zip(result.starts_s, result.ends_s, strict=True)):
        assert start - end == pytest.approx(PAUSE_S, abs=_PAUSE_TOLERANCE_S)


def test_sentences_of_one_clip_that_differ_by_26_db_leave_the_recording_right(
    tmp_path: Path,
) -> None:
    paragraphs = [
        [changed(one, lambda wave, rate, k=number: (0.05 if k % 2 else 1) * wave)]
        for number, paragraph in enumerate(spoken())
        for one in paragraph
    ]
    loudness, peak = recorded(paragraphs, tmp_path).sound.loudness()
    assert loudness == pytest.approx(-16, abs=0.5)
    assert peak <= -1


def test_the_limiter_does_not_pump(tmp_path: Path) -> None:
    """A loud word now and then must not take the level of what follows with it: half a second
    after a peak that is limited by 12 dB the speech is as loud as without the peak."""
    (first, *_), *_ = spoken()
    one = np.frombuffer(first.samples, np.int16) / 32768

    def level_after(peak: float) -> float:
        rate = first.sample_rate_hz
        wave = np.tile(one, 8) * 0.15
        at = len(wave) // 2
        burst = np.arange(round(0.02 * rate))
        wave[at : at + len(burst)] += peak * np.sin(2 * np.pi * 300 * burst / rate)
        from tests.mastering.speaking import speech_of

        result = recorded([[speech_of(np.clip(wave, -1, 1), rate)]], tmp_path)
        at_s = result.starts_s[0] + at / rate
        after = result.sound.level_db(at_s + 0.35, at_s + 1.35)
        before = result.sound.level_db(at_s - 1.35, at_s - 0.35)
        return after - before

    assert level_after(0.8) == pytest.approx(level_after(0.0), abs=0.7)
