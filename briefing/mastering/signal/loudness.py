"""Loudness by ITU-R BS.1770-4, kept as gating blocks so that it can be summed over clips.

A clip stores the loudness of each of its gating blocks. A recording's integrated loudness is
computed from the blocks of its clips, without reading the sound again.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from briefing.mastering.signal.ffmpeg_filters import filter_samples

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = [
    "GatedLoudness",
    "Measurement",
    "decibels",
    "measure",
    "true_peak",
]

ABSOLUTE_GATE_LUFS = -70.0
RELATIVE_GATE_LU = -10.0
_BLOCK_S, _STEP_S = 0.4, 0.1
_OFFSET_DB = -0.691
"""BS.1770-4, annex 1, equation 2."""
_TWO_SPEAKERS = 2
"""Mono sound comes from both of two speakers, which doubles its power."""
_MOST_WEIGHT_DB = 6.0
"""More than the K-weighting adds to any sound: its shelf has 4 dB."""
_SILENCE = 1e-20
_NEAR_PEAK = 0.7
"""Relative to the highest sample: near samples above it, the sound between may be higher still."""
_TAPS = 12
"""Samples on each side from which an oversampled value is computed."""
_COUNT_BATCH = 1 << 16
_BINS_PER_LU = 100
"""Blocks are rounded to a hundredth of a LU, so that a histogram of them stays small."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """The loudness of a sound, including the silence after it, block by block."""

    loudness: tuple[float, ...]
    """Of each gating block (400 ms, a new one every 100 ms), LUFS on two speakers."""
    sample_rate_hz: int

    @property
    def blocks(self) -> tuple[int, ...]:
        """The blocks above the absolute gate, in hundredths of LUFS."""
        import numpy as np

        audible = np.asarray(self.loudness)
        audible = audible[audible > ABSOLUTE_GATE_LUFS]
        return tuple(np.round(audible * _BINS_PER_LU).astype(int).tolist())

    def after_gain(self, before: NDArray[np.float32], after: NDArray[np.float32]) -> Measurement:
        """Return the loudness after a slowly varying gain, by each block's change of power.

        before: the samples that were measured. after: the samples with the gain, same shape (n,).
        """
        import numpy as np

        count, rate = len(self.loudness), self.sample_rate_hz
        powers = _block_powers(before, rate, count)
        powers_after = _block_powers(after, rate, count)
        gains_db = 10 * np.log10(np.maximum(powers_after / np.maximum(powers, 1e-20), 1e-20))
        loudness = np.asarray(self.loudness) + gains_db
        # in a silence that has become soft noise, the change is no gain of what was there
        mean = powers_after * _TWO_SPEAKERS / round(_BLOCK_S * rate)
        loudest = _OFFSET_DB + _MOST_WEIGHT_DB + 10 * np.log10(np.maximum(mean, _SILENCE))
        return Measurement(tuple(np.minimum(loudness, loudest).tolist()), rate)


def _block_powers(samples: NDArray[np.float32], rate: int, count: int) -> NDArray[np.float64]:
    """Return each block's energy, the sum of its squares, shape (count,).

    Block 0 ends with the first step; the rest of it is the silence before the sound.
    """
    import numpy as np

    step = round(_STEP_S * rate)
    whole = min(len(samples) // step, count)
    rows = samples[: whole * step].reshape(whole, step)
    steps = np.zeros(count)
    steps[:whole] = np.einsum("ij,ij->i", rows, rows)
    if whole < count:
        rest = samples[whole * step : (whole + 1) * step]
        steps[whole] = rest @ rest
    per_block = round(_BLOCK_S / _STEP_S)
    return np.convolve(steps, np.ones(per_block))[:count]


def measure(samples: NDArray[np.float32], sample_rate_hz: int) -> Measurement:
    """Return the loudness of mono samples (BS.1770-4, annex 1), shape (n,), full scale 1.0.

    One block of silence after them is included, because a block that is half speech and half pause
    counts in the recording. The first blocks, which are incomplete, do not count. FFmpeg's ebur128
    computes the same but takes four times as long, mostly to report its results.
    """
    import numpy as np

    after = round(_BLOCK_S * sample_rate_hz)
    weighted = filter_samples(samples, sample_rate_hz, _k_weighting(sample_rate_hz), silence=after)
    count = len(weighted) // round(_STEP_S * sample_rate_hz)
    powers = _block_powers(weighted, sample_rate_hz, count) * _TWO_SPEAKERS / after
    powers[: round(_BLOCK_S / _STEP_S) - 1] = 0
    loudness = _OFFSET_DB + 10 * np.log10(np.maximum(powers, _SILENCE))
    return Measurement(tuple(loudness.tolist()), sample_rate_hz)


@cache
def _k_weighting(sample_rate_hz: int) -> tuple[tuple[str, str], ...]:
    """Return the two filters of BS.1770-4, annex 1, for a sample rate.

    The standard tabulates them for 48 kHz. These are their analogue prototypes under the bilinear
    transform (B. De Man, "Evaluation of implementations of the EBU R128 loudness measurement",
    AES convention 145, 2018), which result in the standard's table at 48 kHz.
    """
    shelf_hz, shelf_db, shelf_q = 1681.974450955533, 3.999843853973347, 0.7071752369554196
    high = 10 ** (shelf_db / 20)
    band = high**0.4996667741545416
    turn = math.tan(math.pi * shelf_hz / sample_rate_hz)
    scale = 1 + turn / shelf_q + turn**2
    shelf = (
        (high + band * turn / shelf_q + turn**2) / scale,
        2 * (turn**2 - high) / scale,
        (high - band * turn / shelf_q + turn**2) / scale,
        1.0,
        2 * (turn**2 - 1) / scale,
        (1 - turn / shelf_q + turn**2) / scale,
    )
    pass_hz, pass_q = 38.13547087602444, 0.5003270373238773
    turn = math.tan(math.pi * pass_hz / sample_rate_hz)
    scale = 1 + turn / pass_q + turn**2
    high_pass = (
        1.0,
        -2.0,
        1.0,
        1.0,
        2 * (turn**2 - 1) / scale,
        (1 - turn / pass_q + turn**2) / scale,
    )
    names = ("b0", "b1", "b2", "a0", "a1", "a2")
    return tuple(
        (
            "biquad",
            ":".join(f"{name}={value:.17g}" for name, value in zip(names, values, strict=True)),
        )
        for values in (shelf, high_pass)
    )


def true_peak(samples: NDArray[np.float32]) -> float:
    """Return the highest value at and between samples (BS.1770-4, annex 2).

    samples: shape (n,), full scale 1.0. They are oversampled four times, but only near samples
    that are high themselves.
    """
    import numpy as np

    if not len(samples):
        return 0.0
    highest = max(float(samples.max()), -float(samples.min()))
    high = _NEAR_PEAK * highest
    near = np.flatnonzero((samples >= high) | (samples <= -high))
    if near[0] < _TAPS or near[-1] >= len(samples) - _TAPS:
        samples, near = np.pad(samples, _TAPS), near + _TAPS
    windows = np.lib.stride_tricks.sliding_window_view(samples, 2 * _TAPS + 1)[near - _TAPS]
    offsets = np.arange(-_TAPS, _TAPS + 1)
    for quarter in (-0.5, -0.25, 0.25, 0.5):
        kernel = np.sinc(offsets - quarter) * np.hanning(2 * _TAPS + 3)[1:-1]
        highest = max(highest, float(np.max(np.abs(windows @ kernel.astype(np.float32)))))
    return highest


def decibels(amplitude: float) -> float:
    """Return an amplitude in dB of full scale, -inf for silence."""
    return 20 * math.log10(amplitude) if amplitude > 0 else -math.inf


@dataclass
class GatedLoudness:
    """Sums up gating blocks. Its memory does not grow with their number."""

    counts: Counter[int] = field(default_factory=Counter)
    _recent: array[int] = field(default_factory=lambda: array("h"))
    """Blocks that are not counted yet: they are counted in batches."""

    def add(self, blocks: Iterable[int]) -> None:
        """Add blocks, in hundredths of LUFS."""
        self._recent.extend(blocks)
        if len(self._recent) > _COUNT_BATCH:
            self._count()

    def _count(self) -> None:
        import numpy as np

        blocks, counts = np.unique(np.array(self._recent), return_counts=True)
        self.counts.update(dict(zip(blocks.tolist(), counts.tolist(), strict=True)))
        del self._recent[:]

    @property
    def block_count(self) -> int:
        """How many blocks passed the absolute gate."""
        return self.counts.total() + len(self._recent)

    def integrated_lufs(self) -> float:
        """Return the loudness (BS.1770-4, annex 1, equations 3 to 7), -inf for silence."""
        ungated = self._mean_power(-math.inf)
        if ungated == 0:
            return -math.inf
        return _lufs(self._mean_power(_lufs(ungated) + RELATIVE_GATE_LU))

    def _mean_power(self, gate_lufs: float) -> float:
        self._count()
        total, count = 0.0, 0
        for block in sorted(self.counts):
            if block > gate_lufs * _BINS_PER_LU:
                total += self.counts[block] * 10 ** (block / _BINS_PER_LU / 10)
                count += self.counts[block]
        return total / count if count else 0.0


def _lufs(power: float) -> float:
    return 10 * math.log10(power)
