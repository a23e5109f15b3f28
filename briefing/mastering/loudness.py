"""Loudness by ITU-R BS.1770-4 as gating blocks, so that it adds up over clips.

A clip keeps the loudness of each of its gating blocks; a recording's integrated loudness is
computed from the blocks of its clips without reading the sound again.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from briefing.mastering.filters import joined, run_filters

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = [
    "GatedLoudness",
    "Measurement",
    "decibels",
    "measure",
    "run_filters",
    "true_peak",
]

ABSOLUTE_GATE_LUFS = -70.0
RELATIVE_GATE_LU = -10.0
_BLOCK_S, _STEP_S = 0.4, 0.1
_NEAR_PEAK = 0.7
"""Of the highest sample: where the sound between samples may be higher still."""
_TAPS = 12
"""Samples on each side that an oversampled value is made of."""
_BINS_PER_LU = 100
"""Blocks are kept to a hundredth of a LU, as many bins as a histogram needs."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """The loudness of a piece of sound, with the silence around it, block by block."""

    loudness: tuple[float, ...]
    """Of each gating block (400 ms, a new one every 100 ms), LUFS as heard on two speakers."""
    sample_rate_hz: int

    @property
    def blocks(self) -> tuple[int, ...]:
        """The blocks above the absolute gate, in hundredths of LUFS."""
        return tuple(
            round(block * _BINS_PER_LU) for block in self.loudness if block > ABSOLUTE_GATE_LUFS
        )

    def changed(self, before: NDArray[np.float32], after: NDArray[np.float32]) -> Measurement:
        """Give the loudness after a gain that varies slowly: each block by its change of power.

        before: the samples that were measured; after: what became of them, same shape (n,).
        """
        import numpy as np

        count = len(self.loudness)
        powers = _block_powers(before, self.sample_rate_hz, count)
        gains = _block_powers(after, self.sample_rate_hz, count) / np.maximum(powers, 1e-20)
        changes = 10 * np.log10(np.maximum(gains, 1e-20))
        return Measurement(
            tuple(float(one) for one in np.asarray(self.loudness) + changes), self.sample_rate_hz
        )


def _block_powers(samples: NDArray[np.float32], rate: int, count: int) -> NDArray[np.float64]:
    """Give each block's power in some unit, shape (count,); block 0 ends with the first step."""
    import numpy as np

    step = round(_STEP_S * rate)
    padded = np.zeros(count * step, np.float32)
    padded[: len(samples)] = samples[: len(padded)]
    steps = np.square(padded.reshape(count, step)).sum(axis=1, dtype=np.float64)
    per_block = round(_BLOCK_S / _STEP_S)
    return np.convolve(steps, np.ones(per_block))[:count]


def measure(
    samples: NDArray[np.float32], sample_rate_hz: int, filters: Iterable[tuple[str, str]] = ()
) -> tuple[NDArray[np.float32], Measurement]:
    """Run mono samples through FFmpeg's filters and measure what comes out, in one go.

    samples: shape (n,), full scale 1.0; so is what it gives. The silence of a block after them is
    measured, too: a block that is half speech and half pause counts in the recording. The meter
    begins with an empty block, which is the silence before.
    """
    import numpy as np

    after = np.zeros(round(_BLOCK_S * sample_rate_hz), np.float32)
    meter = ("ebur128", "dualmono=true:metadata=1")
    loudness: list[float] = []

    def metered() -> Iterator[Any]:
        sound = np.concatenate((samples, after))
        for frame in run_filters(sound, sample_rate_hz, [*filters, meter]):
            if (momentary := frame.metadata.get("lavfi.r128.M")) is not None:
                loudness.append(float(momentary))
            yield frame

    filtered = joined(metered(), np.float64)[: len(samples)].astype(np.float32)
    return filtered, Measurement(tuple(loudness), sample_rate_hz)


def true_peak(samples: NDArray[np.float32]) -> float:
    """Give the highest value between samples too, by four times oversampling (BS.1770-4, annex 2).

    samples: shape (n,), full scale 1.0. Looked for where the samples themselves are high.
    """
    import numpy as np

    if not len(samples):
        return 0.0
    size = np.abs(samples)
    highest = float(np.max(size))
    near = np.flatnonzero(size >= _NEAR_PEAK * highest)
    padded = np.pad(samples, _TAPS)
    windows = padded[near[:, None] + np.arange(2 * _TAPS + 1)]
    offsets = np.arange(-_TAPS, _TAPS + 1)
    for quarter in (-0.5, -0.25, 0.25, 0.5):
        kernel = np.sinc(offsets - quarter) * np.hanning(2 * _TAPS + 3)[1:-1]
        highest = max(highest, float(np.max(np.abs(windows @ kernel.astype(np.float32)))))
    return highest


def decibels(amplitude: float) -> float:
    """Give an amplitude in dB of full scale, -inf for silence."""
    return 20 * math.log10(amplitude) if amplitude > 0 else -math.inf


@dataclass
class GatedLoudness:
    """Adds up gating blocks; its memory does not grow with them."""

    counts: Counter[int] = field(default_factory=Counter)

    def add(self, blocks: Iterable[int]) -> None:
        """Add blocks, in hundredths of LUFS."""
        self.counts.update(blocks)

    @property
    def block_count(self) -> int:
        """How many blocks passed the absolute gate."""
        return self.counts.total()

    def integrated_lufs(self) -> float:
        """Integrated loudness (BS.1770-4, annex 1, equations 3 to 7), -inf for silence."""
        ungated = self._mean_power(-math.inf)
        if ungated == 0:
            return -math.inf
        return _lufs(self._mean_power(_lufs(ungated) + RELATIVE_GATE_LU))

    def _mean_power(self, gate_lufs: float) -> float:
        total, count = 0.0, 0
        for block in sorted(self.counts):
            if block > gate_lufs * _BINS_PER_LU:
                total += self.counts[block] * 10 ** (block / _BINS_PER_LU / 10)
                count += self.counts[block]
        return total / count if count else 0.0


def _lufs(power: float) -> float:
    return 10 * math.log10(power)
