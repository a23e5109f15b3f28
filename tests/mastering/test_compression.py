"""The gain that speech is evened out by, against FFmpeg's compand on the sound itself."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from briefing.mastering.signal.compression import even_out
from briefing.mastering.signal.ffmpeg_filters import filter_samples
from tests.mastering.speaking import resampled, spoken, wave_of

Samples = NDArray[np.float32]
_COMPAND = (
    ("highpass", "f=70"),
    ("compand", "attacks=0.01:decays=0.15:points=-80/-80|-24/-24|0/-12:soft-knee=6:volume=-60"),
)
_RATES = (8000, 16000, 22050, 24000, 44100, 48000)
_UNHEARD_DB = -53.0
"""Of a tone, all that is not the tone: what compand adds to one of 80 Hz."""


def _pcm(wave: NDArray[np.float64]) -> NDArray[np.int16]:
    return np.clip(np.round(wave * 32768), -32768, 32767).astype(np.int16)


def _companded(samples: NDArray[np.int16], rate: int) -> Samples:
    return filter_samples(samples.astype(np.float32) / np.float32(32768), rate, _COMPAND)


def _levels_db(samples: Samples, rate: int) -> NDArray[np.float64]:
    """Give the level of each 5 ms."""
    window = rate // 200
    whole = samples[: len(samples) // window * window].astype(np.float64).reshape(-1, window)
    return 10 * np.log10(np.mean(np.square(whole), axis=1) + 1e-12)


def _speech(rate: int) -> NDArray[np.int16]:
    wave = np.concatenate([wave_of(one) for paragraph in spoken()[:4] for one in paragraph])
    return _pcm(resampled(wave, rate / 22050))


def _tone(hz: float, rate: int, level: float = 0.5) -> NDArray[np.int16]:
    return _pcm(level * np.sin(2 * np.pi * hz * np.arange(2 * rate) / rate))


@pytest.mark.parametrize("rate", _RATES)
def test_speech_is_as_even_as_by_compand(rate: int) -> None:
    samples = _speech(rate)
    ours, theirs = (_levels_db(make(samples, rate), rate) for make in (even_out, _companded))
    apart = (ours - theirs)[theirs > -50]
    assert len(apart) > 1000
    assert np.mean(np.abs(apart)) < 0.5
    assert np.quantile(np.abs(apart - np.mean(apart)), 0.99) < 0.75


@pytest.mark.parametrize("rate", _RATES)
@pytest.mark.parametrize("hz", [100, 164, 169, 332, 495, 755, 1000, 1751, 2165, 2509])
def test_nothing_is_heard_beside_a_tone(hz: float, rate: int) -> None:
    """Among them tones whose waves almost agree with a millisecond, once or twice or thrice."""
    steady = even_out(_tone(hz, rate), rate)[rate:]
    spectrum = np.square(np.abs(np.fft.rfft(steady * np.hanning(len(steady)) ** 2)))
    tone = np.zeros(len(spectrum), bool)
    tone[round(hz) - 8 : round(hz) + 9] = True
    assert 10 * np.log10(np.sum(spectrum[~tone]) / np.sum(spectrum[tone])) < _UNHEARD_DB


@pytest.mark.parametrize("rate", _RATES)
def test_a_gain_that_moves_does_not_buzz(rate: int) -> None:
    """A gain in steps of a millisecond adds tones 1 kHz above and below, at -62 dB."""
    swelling = 0.02 + 0.9 * np.square(np.sin(2 * np.pi * 2 * np.arange(2 * rate) / rate))
    even = even_out(_pcm(swelling * _tone(440, rate, 1.0) / 32768), rate)[rate // 2 :]
    spectrum = np.square(np.abs(np.fft.rfft(even * np.hanning(len(even)) ** 2)))
    above = np.arange(len(spectrum)) * rate / len(even) > 800
    assert 10 * np.log10(np.sum(spectrum[above]) / np.sum(spectrum)) < -80


def test_a_tone_that_grows_louder_at_once_is_turned_down_as_fast_as_by_compand() -> None:
    rate = 22050
    louder = np.where(np.arange(2 * rate) < rate, 0.05, 0.9)
    samples = _pcm(louder * _tone(440, rate, 1.0) / 32768)
    ours, theirs = (_levels_db(make(samples, rate), rate) for make in (even_out, _companded))
    settled_apart = ours[-1] - theirs[-1]
    at = np.argmax(theirs > theirs[100] + 10)
    for moment in (at - 1, at + 2, at + 4, at + 10):
        assert ours[moment] - theirs[moment] == pytest.approx(settled_apart, abs=1.5)


@pytest.mark.parametrize("rate", _RATES)
def test_what_is_clipped_is_turned_down_too(rate: int) -> None:
    """Out of the high-pass comes more than full scale, where the curve of compand is at its end."""
    square = _pcm(np.sign(np.sin(2 * np.pi * 100 * np.arange(rate) / rate)))
    assert np.max(_levels_db(even_out(square, rate), rate)[20:]) < -9


@pytest.mark.parametrize("length", [0, 1, 21, 22, 23, 44, 45, 66, 67, 1000])
def test_a_sound_of_any_length_keeps_it(length: int) -> None:
    even = even_out(np.full(length, 3000, np.int16), 22050)
    assert even.shape == (length,)
    assert even.dtype == np.float32
    assert np.all(np.isfinite(even))
    assert length == 0 or 0.05 < even[0] < 0.1


def test_silence_stays_silent() -> None:
    assert not np.any(even_out(np.zeros(22050, np.int16), 22050))


def test_what_is_quiet_is_left_as_it_is() -> None:
    quiet = _tone(440, 22050, 0.01)
    clean = filter_samples(quiet, 22050, (("aformat", "sample_fmts=fltp"), _COMPAND[0]))
    assert np.array_equal(even_out(quiet, 22050), clean)
