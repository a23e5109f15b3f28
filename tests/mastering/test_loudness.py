"""Our gating blocks against FFmpeg's meter."""

from __future__ import annotations

import numpy as np
import pytest

from briefing.mastering.signal.ffmpeg_filters import filter_frames
from briefing.mastering.signal.loudness import measure

_BLOCKS_BEFORE_THE_FIRST = 3


@pytest.mark.parametrize("rate", [16_000, 22_050, 24_000, 44_100, 48_000])
def test_blocks_are_as_loud_as_ffmpeg_says(rate: int) -> None:
    random = np.random.default_rng(1)
    seconds = np.arange(5 * rate) / rate
    sweep = np.sin(2 * np.pi * (50 * seconds + 0.09 * rate * seconds**2 / 2))
    murmur = 0.01 * random.standard_normal(len(seconds))
    samples = (0.3 * sweep * np.abs(np.sin(2 * np.pi * 0.7 * seconds)) + murmur).astype(np.float32)
    silence = np.zeros(round(0.4 * rate), np.float32)
    expected = [
        float(frame.metadata["lavfi.r128.M"])
        for frame in filter_frames(
            np.concatenate((samples, silence)), rate, [("ebur128", "dualmono=true:metadata=1")]
        )
        if "lavfi.r128.M" in frame.metadata
    ]
    measured = measure(samples, rate).loudness
    assert len(measured) == len(expected) == 54
    for ours, theirs in list(zip(measured, expected, strict=True))[_BLOCKS_BEFORE_THE_FIRST:]:
        assert ours == pytest.approx(theirs, abs=0.01) or max(ours, theirs) < -70
