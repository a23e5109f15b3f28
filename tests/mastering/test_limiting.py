"""The limiter where there are peaks, against the limiter on the whole sound."""

from __future__ import annotations

import numpy as np
import pytest

from briefing.mastering.signal.ffmpeg_filters import filter_samples
from briefing.mastering.signal.limiting import limit_peaks
from tests.mastering.speaking import resampled, spoken, wave_of

_CEILING = 0.79
_WHOLE = [("alimiter", f"limit={_CEILING:.6f}:attack=5:release=80:level=false:latency=true")]


@pytest.mark.parametrize("rate", [16000, 22050, 48000])
@pytest.mark.parametrize("highest", [0.7, 0.8, 1.0, 2.0, 8.0])
def test_peaks_are_turned_down_as_by_the_limiter_on_all_of_it(highest: float, rate: int) -> None:
    wave = np.concatenate([wave_of(one) for paragraph in spoken()[:4] for one in paragraph])
    sound = resampled(wave * highest / np.max(np.abs(wave)), rate / 22050).astype(np.float32)
    whole = filter_samples(sound, rate, _WHOLE)
    limited = sound.copy()
    limit_peaks(limited, rate, _CEILING)
    assert np.array_equal(limited, whole)
    assert np.max(np.abs(limited)) <= _CEILING + 1e-6
    assert np.array_equal(limited, sound) == (highest < _CEILING)


@pytest.mark.parametrize("gap_s", [0.001, 0.05, 0.09, 0.19, 0.2, 0.201, 0.25])
def test_two_peaks_are_turned_down_as_by_the_limiter_however_far_apart(gap_s: float) -> None:
    rate = 22050
    sound = (0.5 * np.sin(2 * np.pi * 300 * np.arange(rate) / rate)).astype(np.float32)
    for at_s in (0.3, 0.3 + gap_s):
        sound[round(at_s * rate)] = 1.0
    whole = filter_samples(sound, rate, _WHOLE)
    limit_peaks(sound, rate, _CEILING)
    assert np.array_equal(sound, whole)


def test_a_peak_at_either_end_is_turned_down() -> None:
    sound = np.full(22050, 0.1, np.float32)
    sound[[0, -1]] = -1
    limit_peaks(sound, 22050, _CEILING)
    assert np.max(np.abs(sound)) <= _CEILING + 1e-6


@pytest.mark.parametrize("length", [0, 1, 5])
def test_a_short_sound_keeps_its_length(length: int) -> None:
    sound = np.ones(length, np.float32)
    limit_peaks(sound, 22050, _CEILING)
    assert sound.shape == (length,)
