"""A paragraph's speech, made even: rumble out, loud and quiet moments nearer to each other.

By how much is said by FFmpeg's compand, which takes the logarithm of every value it is given.
So it is given the level of each millisecond and not the sound: a gain that needs 10 ms to fall
and 150 ms to rise has nothing to say more often. The sound is then turned up and down by it.
(For speech the gain is that of compand on the sound itself but for a third of a decibel.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefing.mastering.signal.ffmpeg_filters import filtered

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["evened"]

_RUMBLE_OUT = (("aformat", "sample_fmts=fltp"), ("highpass", "f=70"))
# Gentle, for speech: 2:1 above -24 dB, a soft knee. No library more for it (pedalboard: 25 MB).
_COMPRESS = (
    ("compand", "attacks=0.01:decays=0.15:points=-80/-80|-24/-24|0/-12:soft-knee=6:volume=-60"),
)
_PER_SECOND = 1000
"""Levels."""
_QUIETEST, _LOUDEST = 1e-3, 1.0
"""Levels are told within these: below the knee nothing changes, silence would have no gain, and
beyond full scale compand's curve ends (it would leave the sound as loud as it is)."""


def evened(samples: NDArray[np.int16], sample_rate_hz: int) -> NDArray[np.float32]:
    """Give speech with its rumble taken out and its loud moments turned down.

    samples: 16-bit, mono, shape (n,). The result: full scale 1.0, same shape and times.
    """
    import numpy as np

    if not len(samples):
        return np.zeros(0, np.float32)
    clean = filtered(samples, sample_rate_hz, _RUMBLE_OUT)
    span = max(1, round(sample_rate_hz / _PER_SECOND))
    count = len(clean) // span
    if not count:
        return clean
    whole = clean[: count * span].reshape(count, span)
    level = np.clip(_levels(whole), _QUIETEST, _LOUDEST).astype(np.float32)
    gain = filtered(level, round(sample_rate_hz / span), _COMPRESS) / level
    # by a straight line from each level's gain to the next: steps would be heard as a buzz
    start = np.concatenate((np.ones(1, np.float32), gain[:-1]))
    ramp = np.arange(1, span + 1, dtype=np.float32) / np.float32(span)
    even = np.empty_like(clean)
    curve = even[: whole.size].reshape(whole.shape)
    np.multiply((gain - start)[:, None], ramp, out=curve)
    curve += start[:, None]
    curve *= whole
    even[whole.size :] = clean[whole.size :] * gain[-1]
    return even


def _levels(spans: NDArray[np.float32]) -> NDArray[np.float32]:
    """Give the level (root of the mean square) of spans of samples, shape (count, span).

    Half of each value is of the two spans beside it: a tone whose waves and spans almost agree
    would otherwise beat with them, and the beat be in the gain.
    """
    import numpy as np

    power = np.einsum("ij,ij->i", spans, spans) / np.float32(spans.shape[1])
    smooth: NDArray[np.float32] = power / 2
    smooth[1:] += power[:-1] / 4
    smooth[:-1] += power[1:] / 4
    return np.sqrt(smooth, out=smooth)
