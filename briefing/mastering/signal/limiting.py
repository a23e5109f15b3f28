"""Peaks brought under a ceiling by FFmpeg's limiter, which is asked only where there are any."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from briefing.mastering.signal.ffmpeg_filters import filtered

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["limit_peaks"]

_ATTACK_MS, _RELEASE_MS = 5, 80
_REACH_S = 0.1
"""Further than this from a peak the limiter changes nothing, and costs ten times a filter."""


def limit_peaks(samples: NDArray[np.float32], sample_rate_hz: int, ceiling: float) -> None:
    """Turn samples down, in place, around each that is over the ceiling.

    samples: mono, shape (n,), of the ceiling's scale. What comes of them is what the limiter
    makes of the whole.
    """
    import numpy as np

    limiter = (
        f"limit={ceiling:.6f}:attack={_ATTACK_MS}:release={_RELEASE_MS}:level=false:latency=true"
    )
    over = np.flatnonzero((samples > ceiling) | (samples < -ceiling))
    for part in _surroundings(over, round(_REACH_S * sample_rate_hz)):
        samples[part] = filtered(samples[part], sample_rate_hz, [("alimiter", limiter)])


def _surroundings(places: NDArray[np.intp], reach: int) -> Iterator[slice]:
    """Give the ranges, apart from each other, of all that is in reach of one of the places."""
    import numpy as np

    apart = np.flatnonzero(np.diff(places) > 2 * reach)
    for some in np.split(places, apart + 1):
        if len(some):
            yield slice(max(0, int(some[0]) - reach), int(some[-1]) + reach + 1)
