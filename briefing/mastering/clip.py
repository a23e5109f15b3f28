"""A paragraph's sentences, as a voice spoke them, to one `Clip`: mastered and encoded, with times.

pydub joins the sentences with their pauses and fades, and FFmpeg's filters even out their levels.
The clip carries all that a recording needs of it, so that none of this is computed again.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cache
from typing import TYPE_CHECKING, Any

import orjson

from briefing.mastering.formats.encoding import Encoding, Packets
from briefing.mastering.formats.registry import codec_of
from briefing.mastering.room_tone import add_room_tone
from briefing.mastering.signal.compression import even_out
from briefing.mastering.signal.ffmpeg_filters import fit_length
from briefing.mastering.signal.joining import FADE_MS, SentenceTimes, join, pcm
from briefing.mastering.signal.limiting import limit_peaks
from briefing.mastering.signal.loudness import (
    GatedLoudness,
    Measurement,
    decibels,
    measure,
    true_peak,
)
from briefing.speech.voice import Speech

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["CLIP_VERSION", "Clip", "Mastering", "SentenceTimes", "make_clip", "make_sound"]

CLIP_VERSION = 6
"""Part of every clip's key; incremented when the same speech would result in other bytes."""

_SHORTEST_MEASURED_BLOCKS = 5
"""With fewer gating blocks (half a second) a clip's own loudness means little."""
_LARGEST_GAIN_DB = 48.0
"""Speech that needs more than this is nothing but noise."""
_HIGHEST_PEAK_DBTP = -1.1
"""After encoding: -1 dBTP as platforms allow, less a tenth for another decoder's rounding."""
_LOUDNESS_TOLERANCE_LU = 0.1
_INAUDIBLE_LOSS_DB = 0.1
"""Loss of power in encoding. If it is larger, the loudness is measured again: what was lost are
high frequencies, which count more."""
_PEAK_MARGIN_DB = 0.3
"""The ceiling is lowered by this much more than the excess: the next encoding differs a little."""
_PACKETS_AFTER = 3
"""Of noise after a sound: more than its last packets have room for."""
_TRIES, _TRIES_FOR_LOUDNESS = 8, 3
"""How often a clip is encoded at most until its peak and loudness are right after decoding. Only
noise (a whisper) needs more than one; then its peaks matter more than a quarter of a LU."""


@dataclass(frozen=True, slots=True)
class Mastering:
    """How speech becomes a clip. Part of the clip's key."""

    sentence_pause_s: float
    loudness_lufs: float
    """Integrated loudness, on two speakers."""
    peak_dbfs: float
    """The limiter's ceiling; the codec may exceed it by a decibel or so."""
    bitrate_kbps: int
    quality: int
    """LAME's, 0 (slow) to 9 (fast)."""
    format: str = "mp3"
    """mp3, m4b or opus."""
    sample_rate_hz: int = 0
    """Of the recording. 0 means the voice's own, or the nearest that the format has."""
    room_tone_dbfs: float | None = None
    """Level (RMS) of the soft noise under the sound and in the pauses; None for silence."""


@dataclass(frozen=True, slots=True)
class Clip:
    """One paragraph's sound, and what a recording must know of it."""

    frames: bytes | memoryview
    """Encoded packets. In the decoded stream the sound begins after the codec's delay."""
    frame_count: int
    frame_sizes: tuple[int, ...]
    """Bytes of each packet; empty if the packets contain their sizes (MP3)."""
    format: str
    sample_rate_hz: int
    bitrate_kbps: int
    samples: int
    """Length of the sound, without the codec's delay and the padding of the last frame."""
    sentences: tuple[SentenceTimes, ...]
    blocks: tuple[int, ...]
    """Loudness of the decoded sound's gating blocks, in hundredths of LUFS."""
    true_peak_dbtp: float
    """Of the decoded sound."""

    def to_bytes(self) -> bytes:
        """Pack the clip for the clip cache."""
        facts: dict[str, Any] = {name: getattr(self, name) for name in _FACTS}
        facts["sentences"] = [
            [sentence.start, sentence.end, sentence.word_starts] for sentence in self.sentences
        ]
        facts["blocks"] = len(self.blocks)
        facts["sizes"] = len(self.frame_sizes)
        head = orjson.dumps(facts)
        blocks = struct.pack(f"<{len(self.blocks)}h", *self.blocks)
        sizes = struct.pack(f"<{len(self.frame_sizes)}H", *self.frame_sizes)
        return struct.pack("<I", len(head)) + head + blocks + sizes + self.frames

    @classmethod
    def from_bytes(cls, packed: bytes | memoryview) -> Clip:
        """Unpack a clip without copying its frames. Raise ValueError if these are other bytes."""
        try:
            (size,) = struct.unpack_from("<I", packed)
            packed = memoryview(packed)
            facts = orjson.loads(packed[4 : 4 + size])
            count = facts.pop("blocks")
            blocks = struct.unpack_from(f"<{count}h", packed, 4 + size)
            size_count = facts.pop("sizes")
            sizes = struct.unpack_from(f"<{size_count}H", packed, 4 + size + 2 * count)
            sentences = tuple(
                SentenceTimes(start, end, None if words is None else tuple(words))
                for start, end, words in facts.pop("sentences")
            )
            frames = packed[4 + size + 2 * (count + size_count) :]
            return cls(
                frames=frames, frame_sizes=sizes, blocks=blocks, sentences=sentences, **facts
            )
        except (struct.error, KeyError, TypeError) as error:
            raise ValueError(f"not a clip: {error}") from None


_FACTS = tuple(
    item.name
    for item in fields(Clip)
    if item.name not in {"frames", "frame_sizes", "blocks", "sentences"}
)


def make_clip(speeches: Sequence[Speech], mastering: Mastering) -> Clip:
    """Join, master and encode the sentences of one clip.

    Raise ValueError unless all speeches have the same sample rate.
    """
    import numpy as np

    rates = {speech.sample_rate_hz for speech in speeches}
    if len(rates) != 1:
        raise ValueError(f"one sample rate is needed, not {sorted(rates)}")
    (voice_hz,) = rates
    rate = recording_rate(voice_hz, mastering)
    raw, sentences = join(speeches, rate, mastering.sentence_pause_s)
    even = even_out(np.frombuffer(raw, np.int16), rate)
    return _master(even, rate, mastering, sentences)


def make_sound(samples: NDArray[np.float32], sample_rate_hz: int, mastering: Mastering) -> Clip:
    """Master and encode a sound that is not speech: only its loudness and peaks are changed.

    samples: mono, shape (n,), full scale 1.0, at a sample rate that the format has.
    """
    return _master(samples, sample_rate_hz, mastering, ())


def recording_rate(voice_hz: int, mastering: Mastering) -> int:
    """Return the sample rate in which a voice of voice_hz is recorded."""
    return codec_of(mastering.format).sample_rate_hz(mastering.sample_rate_hz or voice_hz)


def gap_samples(clip: Clip) -> int:
    """Return the samples of silence that the codec leaves between this clip and the next."""
    packet = codec_of(clip.format).packet_samples(clip.sample_rate_hz)
    return clip.frame_count * packet - clip.samples


def _master(
    even: NDArray[np.float32],
    rate: int,
    mastering: Mastering,
    sentences: tuple[SentenceTimes, ...],
) -> Clip:
    """Bring a sound to the target loudness, limit its peaks, and encode it.

    Loudness and peaks are checked after decoding. A loss in the limiter or the encoder is made up
    for by gain, and if the encoder exceeds the ceiling, the ceiling is lowered and the sound is
    encoded again. Ordinary speech needs one try.
    """
    codec = codec_of(mastering.format)
    encoding = Encoding(
        rate, codec.bitrate_kbps(mastering.bitrate_kbps, rate), mastering.quality, mastering.format
    )
    before = measure(even, rate) if len(even) else Measurement((), rate)
    gain_db = _gain_db(before, mastering.loudness_lufs)
    ceiling_dbfs = mastering.peak_dbfs
    for attempt in range(_TRIES):
        loud = _amplify(even, rate, gain_db, ceiling_dbfs)
        lost_db = _gain_db(before.after_gain(even, loud), mastering.loudness_lufs)
        if abs(lost_db) > _LOUDNESS_TOLERANCE_LU and attempt < _TRIES_FOR_LOUDNESS:
            gain_db = min(gain_db + lost_db, _LARGEST_GAIN_DB)
            loud = _amplify(even, rate, gain_db, ceiling_dbfs)
        packets = _encode(loud, encoding, mastering.room_tone_dbfs)
        decoded = _decode(packets, encoding, len(loud))
        measurement = _measure_decoded(before, even, loud, decoded)
        peak_db = decibels(true_peak(decoded))
        excess_db = peak_db - _HIGHEST_PEAK_DBTP
        missing_db = _gain_db(measurement, mastering.loudness_lufs)
        off_target = attempt < _TRIES_FOR_LOUDNESS and abs(missing_db) > 2 * _LOUDNESS_TOLERANCE_LU
        if excess_db <= 0 and not off_target:
            break
        if excess_db > 0:
            ceiling_dbfs -= excess_db + _PEAK_MARGIN_DB
        if off_target:
            gain_db = min(gain_db + missing_db, _LARGEST_GAIN_DB)
    return Clip(
        frames=packets.data,
        frame_count=packets.count,
        frame_sizes=tuple(packets.sizes),
        format=mastering.format,
        sample_rate_hz=rate,
        bitrate_kbps=encoding.bitrate_kbps,
        samples=len(even),
        sentences=sentences,
        blocks=measurement.blocks,
        true_peak_dbtp=round(peak_db, 2),
    )


def _encode(loud: NDArray[np.float32], encoding: Encoding, room_tone_dbfs: float | None) -> Packets:
    """Encode a sound; soft noise is added to it, and fills its last packet."""
    codec, gain = codec_of(encoding.format), 1 / encoder_gain(encoding)
    after = b""
    if room_tone_dbfs is not None and len(loud):
        rate = encoding.sample_rate_hz
        count = _PACKETS_AFTER * codec.packet_samples(rate)
        after = pcm(add_room_tone(loud, rate, room_tone_dbfs, count), gain)
    return codec.encode(pcm(loud, gain), encoding, after)


def _amplify(
    even: NDArray[np.float32], rate: int, gain_db: float, ceiling_dbfs: float
) -> NDArray[np.float32]:
    """Apply the gain, the limiter, and fades at both ends."""
    import numpy as np

    if not len(even):
        return even
    loud: NDArray[np.float32] = even * np.float32(10 ** (gain_db / 20))
    limit_peaks(loud, rate, 10 ** (ceiling_dbfs / 20))
    # the high-pass filter leaves a slow tail, but the sound must begin and end in silence
    edge = min(len(loud), round(FADE_MS / 1000 * rate))
    ramp = np.linspace(0, 1, edge, endpoint=False, dtype=np.float32)
    loud[:edge] *= ramp
    loud[len(loud) - edge :] *= ramp[::-1]
    return loud


def _measure_decoded(
    before: Measurement,
    even: NDArray[np.float32],
    loud: NDArray[np.float32],
    decoded: NDArray[np.float32],
) -> Measurement:
    """Return the loudness of the decoded sound.

    It is computed from the change of power, or measured if encoding lost something audible.
    """
    if not len(even):
        return before
    lost_db = 10 * math.log10(max(float(loud @ loud), 1e-9) / max(float(decoded @ decoded), 1e-9))
    if abs(lost_db) > _INAUDIBLE_LOSS_DB:
        return measure(decoded, before.sample_rate_hz)
    return before.after_gain(even, decoded)


def _gain_db(measurement: Measurement, target_lufs: float) -> float:
    """Return the gain that brings a sound to the target loudness, 0 if it is too short to tell."""
    loudness = GatedLoudness()
    loudness.add(measurement.blocks)
    if loudness.block_count < _SHORTEST_MEASURED_BLOCKS:
        return 0.0
    gain = target_lufs - loudness.integrated_lufs()
    return max(-_LARGEST_GAIN_DB, min(_LARGEST_GAIN_DB, gain))


@cache
def encoder_gain(encoding: Encoding) -> float:
    """Return the factor by which the encoder changes samples, measured on a tone.

    LAME's presets reduce them by some 5%.
    """
    import numpy as np

    tone = 0.25 * np.sin(
        2 * np.pi * 440 / encoding.sample_rate_hz * np.arange(encoding.sample_rate_hz)
    )
    packets = codec_of(encoding.format).encode(pcm(tone.astype(np.float32)), encoding)
    decoded = _decode(packets, encoding, len(tone))
    middle = slice(len(tone) // 4, len(tone) * 3 // 4)
    return float(np.sqrt(np.mean(np.square(decoded[middle])) / np.mean(np.square(tone[middle]))))


def _decode(packets: Packets, encoding: Encoding, samples: int) -> NDArray[np.float32]:
    """Decode a clip's packets to its sound alone, shape (samples,)."""
    return fit_length(codec_of(encoding.format).decode(packets, encoding), samples)
