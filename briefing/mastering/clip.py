"""A paragraph's sentences, as a voice spoke them, to one `Clip`: mastered, encoded, with times.

pydub joins the sentences with their pauses and fades; FFmpeg's filters even them out; the clip
carries all that a recording needs of it, so that nothing of it is ever computed again.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from briefing.mastering.loudness import (
    GatedLoudness,
    Measurement,
    decibels,
    joined,
    measure,
    run_filters,
    true_peak,
)
from briefing.mastering.mp3 import CODEC_DELAY, Encoding, count_frames, encode, frame_samples
from briefing.speech.voice import Speech

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["CLIP_VERSION", "Clip", "Mastering", "SentenceTimes", "make_clip"]

CLIP_VERSION = 2
"""Part of every clip's key: changes when the same speech would give other bytes."""

_SILENCE_BELOW = 0.003
"""Of full scale (-50 dBFS): quieter at the ends of a voice's clip is silence, and trimmed."""
_KEPT_BEFORE_S, _KEPT_AFTER_S = 0.005, 0.015
"""Kept beyond the threshold, so that a soft first or last consonant is whole."""
_FADE_MS = 5
"""Fade at both ends of a sentence: too short to hear, long enough that no join clicks."""
_SHORTEST_MEASURED_BLOCKS = 5
"""With fewer gating blocks (half a second) a clip's own loudness says little."""
_LARGEST_GAIN_DB = 24.0
_UNHEARD_LOSS_DB = 0.05

# Gentle for speech: rumble out, peaks and murmurs nearer to each other (2:1 above -24 dB, a soft
# knee). compand does what acompressor does in half the time, and pedalboard would be 25 MB more.
_EVEN_OUT = (
    ("highpass", "f=70"),
    (
        "compand",
        "attacks=0.01:decays=0.15:points=-80/-80|-24/-24|0/-12:soft-knee=6:volume=-60",
    ),
)


@dataclass(frozen=True, slots=True)
class Mastering:
    """How a clip is made of speech: part of its key."""

    sentence_pause_s: float
    loudness_lufs: float
    """Integrated, as heard on two speakers."""
    peak_dbfs: float
    """The limiter's ceiling; the codec may go over it by a decibel or so."""
    bitrate_kbps: int
    quality: int
    """The encoder's, 0 (slow) to 9 (fast)."""


@dataclass(frozen=True, slots=True)
class SentenceTimes:
    """Where a sentence is in its clip, in samples."""

    start: int
    end: int
    word_starts: tuple[int, ...] | None
    """One for each spoken word, where the voice knows them."""


@dataclass(frozen=True, slots=True)
class Clip:
    """One paragraph's sound and what a recording must know of it."""

    frames: bytes
    """MP3 frames; the sound begins CODEC_DELAY samples into the decoded stream."""
    frame_count: int
    sample_rate_hz: int
    bitrate_kbps: int
    samples: int
    """Length of the sound, without the codec's delay and the last frame's padding."""
    sentences: tuple[SentenceTimes, ...]
    blocks: tuple[int, ...]
    """Loudness of the gating blocks, hundredths of LUFS, of the decoded sound."""
    true_peak_dbtp: float
    """Of the decoded sound."""

    def to_bytes(self) -> bytes:
        """Pack for the clip cache."""
        facts = {
            name: value
            for name, value in asdict(self).items()
            if name not in {"frames", "blocks", "sentences"}
        }
        facts["sentences"] = [[one.start, one.end, one.word_starts] for one in self.sentences]
        facts["blocks"] = len(self.blocks)
        head = json.dumps(facts).encode()
        blocks = struct.pack(f"<{len(self.blocks)}h", *self.blocks)
        return struct.pack("<I", len(head)) + head + blocks + self.frames

    @classmethod
    def from_bytes(cls, packed: bytes) -> Clip:
        """Unpack. Raises ValueError where it is not a clip's."""
        try:
            (size,) = struct.unpack_from("<I", packed)
            facts = json.loads(packed[4 : 4 + size])
            count = facts.pop("blocks")
            blocks = struct.unpack_from(f"<{count}h", packed, 4 + size)
            sentences = tuple(
                SentenceTimes(start, end, None if words is None else tuple(words))
                for start, end, words in facts.pop("sentences")
            )
            frames = packed[4 + size + 2 * count :]
            return cls(frames=frames, blocks=blocks, sentences=sentences, **facts)
        except (struct.error, KeyError, TypeError) as error:
            raise ValueError(f"not a clip: {error}") from None


def make_clip(speeches: Sequence[Speech], mastering: Mastering) -> Clip:
    """Join, master and encode the sentences of one clip.

    All speeches have one sample rate, one that MP3 knows. ValueError where they have not.
    """
    import numpy as np

    rates = {speech.sample_rate_hz for speech in speeches}
    if len(rates) != 1:
        raise ValueError(f"one sample rate is needed, not {sorted(rates)}")
    (rate,) = rates
    raw, sentences = _join(speeches, rate, mastering.sentence_pause_s)
    encoding = Encoding(rate, mastering.bitrate_kbps, mastering.quality)
    sound, blocks = _master(np.frombuffer(raw, np.int16), rate, mastering)
    for_encoder = sound / encoder_gain(encoding)
    frames = encode(_pcm(for_encoder), encoding)
    peak = true_peak(_decode(frames, len(sound)))
    return Clip(
        frames=frames,
        frame_count=count_frames(frames),
        sample_rate_hz=rate,
        bitrate_kbps=mastering.bitrate_kbps,
        samples=len(sound),
        sentences=sentences,
        blocks=blocks,
        true_peak_dbtp=round(decibels(peak), 2),
    )


def gap_samples(clip: Clip) -> int:
    """Silence that the codec leaves between this clip's sound and that of the next, in samples."""
    return clip.frame_count * frame_samples(clip.sample_rate_hz) - clip.samples


def _join(
    speeches: Sequence[Speech], rate: int, pause_s: float
) -> tuple[bytes, tuple[SentenceTimes, ...]]:
    """Trim each sentence, fade its ends, and put pauses between them."""
    from pydub import AudioSegment

    pause = AudioSegment(
        bytes(2 * round(pause_s * rate)), sample_width=2, frame_rate=rate, channels=1
    )
    parts: list[AudioSegment] = []
    times: list[SentenceTimes] = []
    position = 0
    for index, speech in enumerate(speeches):
        if index:
            parts.append(pause)
            position += int(pause.frame_count())
        first, last = _sounding(speech.samples, rate)
        part = AudioSegment(
            speech.samples[2 * first : 2 * last], sample_width=2, frame_rate=rate, channels=1
        )
        if len(part) > 2 * _FADE_MS:
            part = part.fade_in(_FADE_MS).fade_out(_FADE_MS)
        parts.append(part)
        length = last - first
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


def _sounding(samples: bytes, rate: int) -> tuple[int, int]:
    """Give the range of a voice's samples that sounds, silence at its ends left out."""
    import numpy as np

    wave = np.frombuffer(samples, np.int16)
    loud = np.flatnonzero(np.abs(wave.astype(np.int32)) > _SILENCE_BELOW * 32768)
    if not len(loud):
        return 0, len(wave)
    first = max(0, int(loud[0]) - round(_KEPT_BEFORE_S * rate))
    last = min(len(wave), int(loud[-1]) + 1 + round(_KEPT_AFTER_S * rate))
    return first, last


def _master(
    wave: NDArray[np.int16], rate: int, mastering: Mastering
) -> tuple[NDArray[np.float32], tuple[int, ...]]:
    """Even out, bring to the loudness wanted, keep the peaks down; same length.

    Gives the samples, full scale 1.0, and the loudness of their gating blocks.
    """
    import numpy as np

    if not len(wave):
        return wave.astype(np.float32), ()
    even, before = measure(wave.astype(np.float32) / np.float32(32768), rate, _EVEN_OUT)
    gain_db = _gain_db(before, mastering.loudness_lufs)
    loud, lost_db = _limited(even, rate, gain_db, mastering.peak_dbfs)
    if lost_db > _UNHEARD_LOSS_DB:
        # what the limiter took is given back once; what it takes of that is a tenth of it
        gain_db += lost_db
        loud, _ = _limited(even, rate, gain_db, mastering.peak_dbfs)
    # the high-pass leaves a slow tail: the sound must begin and end in silence
    edge = min(len(loud), round(_FADE_MS / 1000 * rate))
    ramp = np.linspace(0, 1, edge, endpoint=False, dtype=np.float32)
    loud[:edge] *= ramp
    loud[len(loud) - edge :] *= ramp[::-1]
    return loud, before.changed(even, loud).blocks


def _limited(
    samples: NDArray[np.float32], rate: int, gain_db: float, peak_dbfs: float
) -> tuple[NDArray[np.float32], float]:
    """Apply the gain and the limiter; give the loss of power that the limiter brought, in dB."""
    import numpy as np

    raised: NDArray[np.float32] = samples * np.float32(10 ** (gain_db / 20))
    ceiling = 10 ** (peak_dbfs / 20)
    if float(np.max(np.abs(raised))) <= ceiling:
        return raised, 0.0
    limiter = f"limit={ceiling:.6f}:attack=5:release=80:level=false:latency=true"
    frames = run_filters(raised, rate, (("alimiter", limiter), ("aformat", "sample_fmts=flt")))
    limited = np.zeros_like(raised)
    out = joined(frames, np.float32)
    limited[: len(out)] = out[: len(limited)]
    return limited, 10 * math.log10(float(raised @ raised) / max(float(limited @ limited), 1e-9))


def _gain_db(measured: Measurement, target_lufs: float) -> float:
    loudness = GatedLoudness()
    loudness.add(measured.blocks)
    if loudness.block_count < _SHORTEST_MEASURED_BLOCKS:
        return 0.0
    gain = target_lufs - loudness.integrated_lufs()
    return max(-_LARGEST_GAIN_DB, min(_LARGEST_GAIN_DB, gain))


def _pcm(samples: NDArray[np.float32]) -> bytes:
    import numpy as np

    return np.clip(np.round(samples * 32768), -32768, 32767).astype(np.int16).tobytes()


@cache
def encoder_gain(encoding: Encoding) -> float:
    """Measure what the encoder multiplies samples by: LAME's presets turn them down by some 5%."""
    import numpy as np

    tone = 0.25 * np.sin(
        2 * np.pi * 440 / encoding.sample_rate_hz * np.arange(encoding.sample_rate_hz)
    )
    frames = encode(_pcm(tone.astype(np.float32)), encoding)
    decoded = _decode(frames, len(tone))
    middle = slice(len(tone) // 4, len(tone) * 3 // 4)
    return float(np.sqrt(np.mean(np.square(decoded[middle])) / np.mean(np.square(tone[middle]))))


def _decode(frames: bytes, samples: int) -> NDArray[np.float32]:
    """Decode a clip's frames; give its sound without the codec's delay, shape (samples,)."""
    import av
    import numpy as np

    decoder: Any = av.CodecContext.create("mp3float", "r")
    packets = [*decoder.parse(frames), *decoder.parse(b"")]
    decoded = (frame for packet in packets for frame in decoder.decode(packet))
    return joined(decoded, np.float32)[CODEC_DELAY : CODEC_DELAY + samples]
