"""A paragraph's sentences, as a voice spoke them, to one piece of sound with their times.

The silence that a voice puts around its sentences is trimmed, so that the pauses are those of the
configuration, and every cut is faded.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from briefing.mastering.filters import filtered
from briefing.speech.voice import Speech

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["FADE_MS", "SentenceTimes", "join", "load_pydub", "pcm"]

_WINDOW_S = 0.005
_SILENCE_BELOW_DB = -46.0
"""Of a sentence's loudest 5 ms: under every speech sound, f and th included. What is quieter at
the ends of a voice's clip is silence, and trimmed."""
_NOISE_MARGIN_DB = 6.0
"""A voice with noise of its own is trimmed where it rises so much above that."""
_NOISE_SPREAD_DB = 4.0
"""So much louder than a sentence's quietest tenth its first and last moments may be as noise."""
_QUIETEST_SHARE = 10
"""Percent of a sentence that is nothing but the voice's noise, if it has any."""
_KEPT_BEFORE_S, _KEPT_AFTER_S = 0.005, 0.015
"""Kept beyond the threshold, so that a soft first or last consonant is whole."""
FADE_MS = 5
"""Fade at both ends of a sentence: too short to hear, long enough that no join clicks."""
_UNHEARD_OFFSET = 16
"""Of 32,768: a smaller constant offset is left (-66 dBFS)."""
_NOISE_LOOK_S = 0.02
"""The moments at both ends that tell whether a voice begins and ends in noise."""


@dataclass(frozen=True, slots=True)
class SentenceTimes:
    """Where a sentence is in its clip, in samples."""

    start: int
    end: int
    word_starts: tuple[int, ...] | None
    """One for each spoken word, where the voice knows them."""


def _resampled(speech: Speech, rate: int) -> Speech:
    """Bring a sentence to the recording's sample rate, its words' times with it."""
    import numpy as np

    if speech.sample_rate_hz == rate:
        return speech
    ratio = rate / speech.sample_rate_hz
    wave = np.frombuffer(speech.samples, np.int16)
    out = filtered(
        wave, speech.sample_rate_hz, [("aresample", str(rate))], round(len(wave) * ratio)
    )
    words = speech.word_starts
    return Speech(
        pcm(out), rate, None if words is None else tuple(round(word * ratio) for word in words)
    )


def load_pydub() -> Any:
    """Import pydub, without the warning that it found no ffmpeg program: none is run here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pydub
    return pydub


def join(
    speeches: Sequence[Speech], rate: int, pause_s: float
) -> tuple[bytes, tuple[SentenceTimes, ...]]:
    """Trim each sentence, fade its ends, and put pauses between them.

    rate: of the result, Hz; the sentences are resampled to it. Gives 16-bit samples of one
    channel, and the times of each sentence in them.
    """
    import numpy as np

    AudioSegment = load_pydub().AudioSegment

    pause = AudioSegment(
        bytes(2 * round(pause_s * rate)),
        sample_width=2,
        frame_rate=rate,
        channels=1,
    )
    parts: list[Any] = []
    times: list[SentenceTimes] = []
    position = 0
    for index, speech in enumerate(_resampled(one, rate) for one in speeches):
        if index:
            parts.append(pause)
            position += int(pause.frame_count())
        wave = _without_offset(np.frombuffer(speech.samples, np.int16))
        first, last = _sounding(wave, rate)
        part = AudioSegment(wave[first:last].tobytes(), sample_width=2, frame_rate=rate, channels=1)
        if len(part) > 2 * FADE_MS:
            part = part.fade_in(FADE_MS).fade_out(FADE_MS)
        parts.append(part)
        length = int(part.frame_count())  # a fade rounds to whole milliseconds
        words = speech.word_starts
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
    # one join of bytes: AudioSegment's += would copy all that is there for each sentence
    return b"".join(part.raw_data for part in parts), tuple(times)


def _without_offset(wave: NDArray[np.int16]) -> NDArray[np.int16]:
    """Take off a constant (DC) offset, which would thump at every cut."""
    import numpy as np

    offset = round(float(np.mean(wave))) if len(wave) else 0
    if abs(offset) <= _UNHEARD_OFFSET:
        return wave
    lowest, highest = -32768 + max(offset, 0), 32767 + min(offset, 0)
    return np.clip(wave, lowest, highest) - np.int16(offset)


def _sounding(wave: NDArray[np.int16], rate: int) -> tuple[int, int]:
    """Give the range of a voice's samples that sounds, silence at its ends left out."""
    import numpy as np

    window = max(1, round(_WINDOW_S * rate))
    padded = np.zeros(-(-len(wave) // window) * window, np.float32)
    padded[: len(wave)] = wave
    moments = padded.reshape(-1, window)
    power = np.einsum("ij,ij->i", moments, moments) / np.float32(window)
    if not power.any():
        return 0, len(wave)
    threshold = float(power.max()) * 10 ** (_SILENCE_BELOW_DB / 10)
    # a voice with hiss or hum: its first or last moments are as loud as its quietest ones
    rank = len(power) * _QUIETEST_SHARE // 100
    noise = float(np.partition(power, rank)[rank])
    spread = noise * 10 ** (_NOISE_SPREAD_DB / 10)
    edge = max(1, round(_NOISE_LOOK_S / _WINDOW_S))
    floor = noise * 10 ** (_NOISE_MARGIN_DB / 10)
    bounds = []
    for inwards in (power, power[::-1]):
        noisy = float(np.mean(inwards[:edge])) <= spread
        loud = np.flatnonzero(inwards > max(threshold, floor if noisy else 0.0))
        bounds.append(int(loud[0]) if len(loud) else 0)
    first = max(0, bounds[0] * window - round(_KEPT_BEFORE_S * rate))
    last = min(len(wave), (len(power) - bounds[1]) * window + round(_KEPT_AFTER_S * rate))
    return first, last


def pcm(samples: NDArray[np.float32], gain: float = 1.0) -> bytes:
    """Give floating-point samples (full scale 1.0), times a gain, as 16-bit little-endian ones."""
    import numpy as np

    scaled = samples * np.float32(32768 * gain)
    np.rint(scaled, out=scaled)
    np.clip(scaled, -32768, 32767, out=scaled)
    return scaled.astype("<i2").tobytes()
