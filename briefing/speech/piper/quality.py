"""A piece as a network spoke it -> what is wrong with it, if anything is.

Networks fail in ways of their own: a drone, a word said again and again, a cut end, a silence,
noise. The limits are wide: of the sample article and of forty documents by others no piece came
near one (see docs/figures.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["defect"]

_LEAST_SHARE, _MOST_SHARE = 0.4, 2.5
"""Of the usual length of so many symbols at this voice's own pace."""
_TOLERANCE_S = 0.4
"""A word or two may be twice as long or short as usual."""
_LEAST_PEAK = 0.003
"""Of full scale (-50 dBFS): anything fainter is no speech."""
_FULL_SCALE, _MOST_AT_FULL_SCALE = 0.999, 0.002
_FRAME_S = 0.01
_SILENT_DB = -45.0
"""Below the loudest frame."""
_LONGEST_SILENCE_S = 1.2
_LONGEST_SYMBOL_S = 1.5
"""A drone: one sound held."""
_LOUD_END_DB = -12.0
"""Below the loudest frame: a word is cut off where the last frame is louder."""
_FLATTEST = 0.3
"""Of the average spectrum: the geometric mean of its power through the arithmetic one. White noise
has 0.9 and more, speech at most 0.06."""
_SPECTRUM_SAMPLES = 512


def defect(
    samples: NDArray[Any],
    sample_rate_hz: int,
    usual_s: float,
    longest_symbol_s: float | None = None,
    *,
    is_short: bool = False,
) -> str | None:
    """Return what is wrong with a piece of speech, in words for the user, or None.

    samples: shape (n,), full scale 1.0. usual_s: how long so many symbols take at the usual pace.
    is_short: it is one word, which must be no noise, no silence and not endless.
    """
    import numpy as np

    length_s = len(samples) / sample_rate_hz
    if not len(samples) or not np.isfinite(samples).all():
        return "no sound"
    peak = float(np.abs(samples).max())
    if peak < _LEAST_PEAK:
        return f"silence of {length_s:.1f} s"
    if length_s > _MOST_SHARE * usual_s + _TOLERANCE_S:
        return f"{length_s:.1f} s of sound for words that take about {usual_s:.1f} s"
    if _flatness(samples) > _FLATTEST:
        return "noise"
    if is_short:
        return None
    if length_s < _LEAST_SHARE * usual_s - _TOLERANCE_S:
        return f"only {length_s:.1f} s of sound for words that take about {usual_s:.1f} s"
    if float(np.mean(np.abs(samples) >= _FULL_SCALE)) > _MOST_AT_FULL_SCALE:
        return "a clipped sound"
    if longest_symbol_s is not None and longest_symbol_s > _LONGEST_SYMBOL_S:
        return f"one sound held for {longest_symbol_s:.1f} s"
    return _defect_of_levels(_levels_db(samples, sample_rate_hz))


def _defect_of_levels(levels: NDArray[Any]) -> str | None:
    """Return what the course of the level says is wrong; levels: decibels, one a frame."""
    import numpy as np

    loud = np.flatnonzero(levels > _SILENT_DB)
    silence_s = float(np.diff(loud).max(initial=0)) * _FRAME_S
    if silence_s > _LONGEST_SILENCE_S:
        return f"a silence of {silence_s:.1f} s inside"
    if levels[-1] > _LOUD_END_DB:
        return "an end that is cut off"
    return None


def _levels_db(samples: NDArray[Any], sample_rate_hz: int) -> NDArray[Any]:
    """Return the level of each frame relative to the loudest, in decibels."""
    import numpy as np

    frame = max(1, round(_FRAME_S * sample_rate_hz))
    count = max(1, len(samples) // frame)
    power = np.square(samples[: count * frame].reshape(count, -1)).mean(axis=1) + 1e-12
    levels: NDArray[Any] = 10 * np.log10(power / power.max())
    return levels


def _flatness(samples: NDArray[Any]) -> float:
    """Return how flat the average power spectrum is: 1 for white noise, near 0 for a tone."""
    import numpy as np

    count = len(samples) // _SPECTRUM_SAMPLES
    if not count:
        return 0.0
    frames = samples[: count * _SPECTRUM_SAMPLES].reshape(count, _SPECTRUM_SAMPLES)
    power = np.square(np.abs(np.fft.rfft(frames * np.hanning(_SPECTRUM_SAMPLES), axis=1)))
    average = power.mean(axis=0)[1:] + 1e-12
    return float(np.exp(np.log(average).mean()) / average.mean())
