"""A paragraph's sentences, as a voice spoke them, to one sound with the times of its sentences.

The silence that a voice puts around its sentences is trimmed, so that the pauses are as
configured. Every cut is faded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from briefing.mastering.signal.ffmpeg_filters import filter_samples
from briefing.speech.voice import Speech

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["FADE_MS", "SentenceTimes", "join", "pcm"]

_WINDOW_S = 0.005
_SILENCE_BELOW_DB = -46.0
"""Relative to a sentence's loudest 5 ms, and below every speech sound, even f and th. Whatever is
quieter at the ends of a sentence is trimmed as silence."""
_NOISE_MARGIN_DB = 6.0
"""A voice with background noise is trimmed up to where it rises above the noise by this much."""
_NOISE_SPREAD_DB = 4.0
"""The ends of a sentence count as noise if they exceed its quietest tenth by at most this much."""
_QUIETEST_SHARE = 10
"""Percent of a sentence that contains nothing but the voice's noise, if it has any."""
_MARGIN_BEFORE_S, _MARGIN_AFTER_S = 0.005, 0.015
"""Not trimmed beyond the threshold, so that a soft first or last consonant stays complete."""
FADE_MS = 5
"""The fade at both ends of a sentence: too short to hear, long enough to prevent clicks."""
_INAUDIBLE_OFFSET = 16
"""Of 32,768: a constant offset up to this stays (-66 dBFS)."""
_NOISE_CHECK_S = 0.02
"""The length at both ends that shows whether a sentence begins and ends in noise."""


@dataclass(frozen=True, slots=True)
class SentenceTimes:
    """Where a sentence is in its clip, in samples."""

    start: int
    end: int
    word_starts: tuple[int, ...] | None
    """The start of each spoken word, or None if the voice does not know them."""


def _resample(speech: Speech, rate: int) -> Speech:
    """Convert a sentence and the times of its words to the recording's sample rate."""
    import numpy as np

    if speech.sample_rate_hz == rate:
        return speech
    ratio = rate / speech.sample_rate_hz
    wave = np.frombuffer(speech.samples, np.int16)
    out = filter_samples(
        wave, speech.sample_rate_hz, [("aresample", str(rate))], round(len(wave) * ratio)
    )
    words = speech.word_starts
    return Speech(
        pcm(out), rate, None if words is None else tuple(round(word * ratio) for word in words)
    )


def join(
    speeches: Sequence[Speech], rate: int, pause_s: float
) -> tuple[bytes, tuple[SentenceTimes, ...]]:
    """Trim each sentence, fade its ends, and put pauses between the sentences.

    rate: sample rate of the result, Hz. Return 16-bit samples of one channel, and the times of
    each sentence in them.
    """
    import numpy as np
    from pydub import AudioSegment

    pause = AudioSegment(
        bytes(2 * round(pause_s * rate)),
        sample_width=2,
        frame_rate=rate,
        channels=1,
    )
    parts: list[AudioSegment] = []
    times: list[SentenceTimes] = []
    position = 0
    for index, speech in enumerate(speeches):
        if index:
            parts.append(pause)
            position += int(pause.frame_count())
        sentence = _resample(speech, rate)
        wave = _remove_offset(np.frombuffer(sentence.samples, np.int16))
        first, end = _find_sound(wave, rate)
        part = AudioSegment(wave[first:end].tobytes(), sample_width=2, frame_rate=rate, channels=1)
        if len(part) > 2 * FADE_MS:
            part = part.fade_in(FADE_MS).fade_out(FADE_MS)
        parts.append(part)
        length = int(part.frame_count())  # a fade rounds to whole milliseconds
        words = sentence.word_starts
        times.append(
            SentenceTimes(
                position,
                position + length,
                None
                if words is None
                else tuple(position + min(max(word - first, 0), length) for word in words),
            )
        )
        position += length
    # joined as bytes, because AudioSegment's += would copy all previous sentences each time
    return b"".join(part.raw_data for part in parts), tuple(times)


def _remove_offset(wave: NDArray[np.int16]) -> NDArray[np.int16]:
    """Remove a constant (DC) offset, which would thump at every cut."""
    import numpy as np

    offset = round(float(np.mean(wave))) if len(wave) else 0
    if abs(offset) <= _INAUDIBLE_OFFSET:
        return wave
    lowest, highest = -32768 + max(offset, 0), 32767 + min(offset, 0)
    return np.clip(wave, lowest, highest) - np.int16(offset)


def _find_sound(wave: NDArray[np.int16], rate: int) -> tuple[int, int]:
    """Return the first sample and the end of a sentence without the silence around it."""
    import numpy as np

    window = max(1, round(_WINDOW_S * rate))
    padded = np.zeros(-(-len(wave) // window) * window, np.float32)
    padded[: len(wave)] = wave
    moments = padded.reshape(-1, window)
    power = np.einsum("ij,ij->i", moments, moments) / np.float32(window)
    if not power.any():
        return 0, len(wave)
    threshold = float(power.max()) * 10 ** (_SILENCE_BELOW_DB / 10)
    # in a voice with hiss or hum, the ends of a sentence are as loud as its quietest moments
    rank = len(power) * _QUIETEST_SHARE // 100
    noise = float(np.partition(power, rank)[rank])
    spread = noise * 10 ** (_NOISE_SPREAD_DB / 10)
    edge = max(1, round(_NOISE_CHECK_S / _WINDOW_S))
    floor = noise * 10 ** (_NOISE_MARGIN_DB / 10)
    bounds = []
    for inwards in (power, power[::-1]):
        is_noisy = float(np.mean(inwards[:edge])) <= spread
        loud = np.flatnonzero(inwards > max(threshold, floor if is_noisy else 0.0))
        bounds.append(int(loud[0]) if len(loud) else 0)
    first = max(0, bounds[0] * window - round(_MARGIN_BEFORE_S * rate))
    end = min(len(wave), (len(power) - bounds[1]) * window + round(_MARGIN_AFTER_S * rate))
    return first, end


def pcm(samples: NDArray[np.float32], gain: float = 1.0) -> bytes:
    """Return floating-point samples (full scale 1.0), times a gain, as 16-bit little-endian PCM."""
    import numpy as np

    scaled = samples * np.float32(32768 * gain)
    np.rint(scaled, out=scaled)
    np.clip(scaled, -32768, 32767, out=scaled)
    return scaled.astype("<i2").tobytes()
