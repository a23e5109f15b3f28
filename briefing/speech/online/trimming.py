"""The sounds of a sentence's requests to one sound, without the silence around each of them."""

from __future__ import annotations

from collections.abc import Iterable

from briefing.speech.online.mp3_decoding import Sound

__all__ = ["TRIMMING_VERSION", "cut_out", "join", "speech_span", "trim"]

TRIMMING_VERSION = 1
"""Part of the voice's version; incremented when the result of `trim` or `join` changes."""
_WINDOW_S = 0.005
_THRESHOLD = 10 ** (-46 / 20)
"""As a share of the loudest window. 46 dB below it is under every speech sound, even f and th (at
most 35 dB below the vowels), and above the noise that an encoder makes of silence."""
_FLOOR = 10 ** (-60 / 20)
"""As a share of full scale: a sound whose loudest window is below it is silence."""
_BEFORE_S = 0.015
_AFTER_S = 0.035
"""Margins around the speech: a stop's burst is sudden, the end of a vowel or of s fades slowly."""
_FADE_S = 0.005


def trim(sound: Sound) -> Sound:
    """Remove the silence at both ends and fade the cuts, so that nothing clicks.

    Return a sound without samples if the sound is silent throughout.
    """
    return cut_out(sound, *speech_span(sound))


def speech_span(sound: Sound) -> tuple[int, int]:
    """Return the first sample of the speech and its end; the same twice if all is silent."""
    import numpy as np

    samples = np.frombuffer(sound.samples, dtype="<i2")
    window = max(1, round(_WINDOW_S * sound.sample_rate_hz))
    padded = np.zeros(-(-len(samples) // window) * window, dtype=np.float64)
    padded[: len(samples)] = samples / 32768.0
    loudness = np.sqrt(np.mean(padded.reshape(-1, window) ** 2, axis=1))
    loudest = loudness.max(initial=0.0)
    if loudest < _FLOOR:
        return 0, 0
    loud = np.flatnonzero(loudness > loudest * _THRESHOLD)
    start = max(0, int(loud[0]) * window - round(_BEFORE_S * sound.sample_rate_hz))
    end = min(len(samples), (int(loud[-1]) + 1) * window + round(_AFTER_S * sound.sample_rate_hz))
    return start, end


def cut_out(sound: Sound, start: int, end: int) -> Sound:
    """Return the samples from start to end, faded at both ends."""
    import numpy as np

    speech = np.frombuffer(sound.samples, dtype="<i2")[start:end].astype(np.float64)
    fade = min(round(_FADE_S * sound.sample_rate_hz), len(speech) // 2)
    ramp = (np.arange(fade) + 0.5) / max(fade, 1)
    speech[:fade] *= ramp
    speech[len(speech) - fade :] *= ramp[::-1]
    return Sound(np.rint(speech).astype("<i2").tobytes(), sound.sample_rate_hz)


def join(parts: Iterable[tuple[Sound, float]], sample_rate_hz: int) -> Sound:
    """Join trimmed sounds of the same sample rate.

    parts: each sound with the seconds of silence that follow it.
    """
    pcm = bytearray()
    for sound, gap_s in parts:
        pcm += sound.samples
        pcm += bytes(2 * round(gap_s * sample_rate_hz))
    return Sound(bytes(pcm), sample_rate_hz)
