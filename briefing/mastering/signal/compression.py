"""Evens out a paragraph's speech: removes rumble and brings loud and quiet moments closer together.

The gain comes from FFmpeg's compand, which is slow because it takes the logarithm of every value.
Here it processes the level of each millisecond instead of the sound. That is enough, because its
gain takes 10 ms to fall and 150 ms to rise. The sound is then multiplied by this gain, which for
speech differs by at most a third of a decibel from that of compand on the sound itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefing.mastering.signal.ffmpeg_filters import filter_samples

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["even_out"]

_RUMBLE_OUT = (("aformat", "sample_fmts=fltp"), ("highpass", "f=70"))
# Gentle, for speech: 2:1 above -24 dB, a soft knee. (pedalboard would do it, too, for 25 MB.)
_COMPRESS = (
    ("compand", "attacks=0.01:decays=0.15:points=-80/-80|-24/-24|0/-12:soft-knee=6:volume=-60"),
)
_LEVELS_PER_SECOND = 1000
_QUIETEST, _LOUDEST = 1e-3, 1.0
"""Levels are clipped to these. Below the knee nothing changes, silence would have no gain, and
beyond full scale compand's curve ends (it would leave the sound as loud as it is)."""


def even_out(samples: NDArray[np.int16], sample_rate_hz: int) -> NDArray[np.float32]:
    """Return speech without its rumble and with its loud moments turned down.

    samples: 16-bit, mono, shape (n,). The result has full scale 1.0, the same shape and times.
    """
    import numpy as np

    if not len(samples):
        return np.zeros(0, np.float32)
    clean = filter_samples(samples, sample_rate_hz, _RUMBLE_OUT)
    span = max(1, round(sample_rate_hz / _LEVELS_PER_SECOND))
    count = len(clean) // span
    if not count:
        return clean
    whole = clean[: count * span].reshape(count, span)
    level = np.clip(_levels(whole), _QUIETEST, _LOUDEST).astype(np.float32)
    gain = filter_samples(level, round(sample_rate_hz / span), _COMPRESS) / level
    # in a straight line from each level's gain to the next: steps would sound like a buzz
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
    """Return the level (root mean square) of spans of samples, shape (count, span).

    Half of each value comes from the two neighbouring spans. Without that, a tone whose period is
    close to a span would beat with the spans, and the beat would be audible in the gain.
    """
    import numpy as np

    power = np.einsum("ij,ij->i", spans, spans) / np.float32(spans.shape[1])
    smooth: NDArray[np.float32] = power / 2
    smooth[1:] += power[:-1] / 4
    smooth[:-1] += power[1:] / 4
    return np.sqrt(smooth, out=smooth)
