"""Brings peaks under a ceiling by FFmpeg's limiter, which runs only around the peaks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from briefing.mastering.signal.ffmpeg_filters import filter_samples

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["limit_peaks"]

_ATTACK_MS, _RELEASE_MS = 5, 80
_REACH_S = 0.1
"""Beyond this distance from a peak the limiter changes nothing. It is ten times slower than other
filters, so it is not run there."""


def limit_peaks(samples: NDArray[np.float32], sample_rate_hz: int, ceiling: float) -> None:
    """Turn samples down, in place, around each sample that exceeds the ceiling.

    samples: mono, shape (n,), on the ceiling's scale. The result is the same as that of the
    limiter on all samples.
    """
    import numpy as np

    limiter = (
        f"limit={ceiling:.6f}:attack={_ATTACK_MS}:release={_RELEASE_MS}:level=false:latency=true"
    )
    over = np.flatnonzero((samples > ceiling) | (samples < -ceiling))
    for part in _find_surroundings(over, round(_REACH_S * sample_rate_hz)):
        samples[part] = filter_samples(samples[part], sample_rate_hz, [("alimiter", limiter)])


def _find_surroundings(places: NDArray[np.intp], reach: int) -> Iterator[slice]:
    """Yield the ranges of all indices within reach of a place; they do not overlap."""
    import numpy as np

    gaps = np.flatnonzero(np.diff(places) > 2 * reach)
    for group in np.split(places, gaps + 1):
        if len(group):
            yield slice(max(0, int(group[0]) - reach), int(group[-1]) + reach + 1)
