"""A paragraph's sentences, as a voice spoke them, to one `Clip`: mastered, encoded, with times.

pydub joins the sentences with their pauses and fades; FFmpeg's filters even them out; the clip
carries all that a recording needs of it, so that nothing of it is ever computed again.
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
from briefing.mastering.signal.compression import evened
from briefing.mastering.signal.ffmpeg_filters import fitted
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
"""Part of every clip's key: changes when the same speech would give other bytes."""

_SHORTEST_MEASURED_BLOCKS = 5
"""With fewer gating blocks (half a second) a clip's own loudness says little."""
_LARGEST_GAIN_DB = 48.0
"""Beyond it there is no voice, only the noise of one."""
_HIGHEST_PEAK_DBTP = -1.1
"""After encoding: what platforms allow, and a tenth for another decoder's rounding."""
_LOUDNESS_TOLERANCE_LU = 0.1
_UNHEARD_LOSS_DB = 0.1
"""Of power in encoding: a larger one is measured, since it is of high sounds, which count more."""
_PEAK_MARGIN_DB = 0.3
"""How much further than its excess the ceiling is lowered: the next encoding differs a little."""
_TRIES, _TRIES_FOR_LOUDNESS = 8, 3
"""How often a clip is encoded at most, until peak and loudness are right after decoding. Only
noise (a whisper) needs more than one; its peaks then matter more than a quarter of a LU."""


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
    """LAME's, 0 (slow) to 9 (fast)."""
    format: str = "mp3"
    """mp3, m4b or opus."""
    sample_rate_hz: int = 0
    """Of the recording; 0: the voice's own, as far as the format has it."""


@dataclass(frozen=True, slots=True)
class Clip:
    """One paragraph's sound and what a recording must know of it."""

    frames: bytes | memoryview
    """Encoded packets; the sound begins the codec's delay into the decoded stream."""
    frame_count: int
    frame_sizes: tuple[int, ...]
    """Bytes of each packet; none where the packets say it themselves (MP3)."""
    format: str
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
        facts: dict[str, Any] = {name: getattr(self, name) for name in _FACTS}
        facts["sentences"] = [[one.start, one.end, one.word_starts] for one in self.sentences]
        facts["blocks"] = len(self.blocks)
        facts["sizes"] = len(self.frame_sizes)
        head = orjson.dumps(facts)
        blocks = struct.pack(f"<{len(self.blocks)}h", *self.blocks)
        sizes = struct.pack(f"<{len(self.frame_sizes)}H", *self.frame_sizes)
        return struct.pack("<I", len(head)) + head + blocks + sizes + self.frames

    @classmethod
    def from_bytes(cls, packed: bytes | memoryview) -> Clip:
        """Unpack; the frames are not copied. Raises ValueError where it is not a clip's."""
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

    All speeches have one sample rate. ValueError where they have not.
    """
    import numpy as np

    rates = {speech.sample_rate_hz for speech in speeches}
    if len(rates) != 1:
        raise ValueError(f"one sample rate is needed, not {sorted(rates)}")
    (voice_hz,) = rates
    rate = recording_rate(voice_hz, mastering)
    raw, sentences = join(speeches, rate, mastering.sentence_pause_s)
    even = evened(np.frombuffer(raw, np.int16), rate)
    return _finished(even, rate, mastering, sentences)


def make_sound(samples: NDArray[np.float32], sample_rate_hz: int, mastering: Mastering) -> Clip:
    """Master and encode what is no speech, as it is but for its loudness and peaks.

    samples: mono, shape (n,), full scale 1.0, of a sample rate that the format has.
    """
    return _finished(samples, sample_rate_hz, mastering, ())


def recording_rate(voice_hz: int, mastering: Mastering) -> int:
    """Give the sample rate in which a voice of voice_hz is recorded."""
    return codec_of(mastering.format).sample_rate_hz(mastering.sample_rate_hz or voice_hz)


def gap_samples(clip: Clip) -> int:
    """Silence that the codec leaves between this clip's sound and that of the next, in samples."""
    packet = codec_of(clip.format).packet_samples(clip.sample_rate_hz)
    return clip.frame_count * packet - clip.samples


def _finished(
    even: NDArray[np.float32],
    rate: int,
    mastering: Mastering,
    sentences: tuple[SentenceTimes, ...],
) -> Clip:
    """Bring to the loudness wanted, keep the peaks down, encode; as heard after decoding.

    What the limiter and the encoder take away is given back, and where the encoder goes over the
    ceiling it is lowered, for as long as it takes: speech as it comes needs one try.
    """
    codec = codec_of(mastering.format)
    encoding = Encoding(
        rate, codec.bitrate_kbps(mastering.bitrate_kbps, rate), mastering.quality, mastering.format
    )
    before = measure(even, rate) if len(even) else Measurement((), rate)
    gain_db = _gain_db(before, mastering.loudness_lufs)
    ceiling_dbfs = mastering.peak_dbfs
    for attempt in range(_TRIES):
        loud = _limited(even, rate, gain_db, ceiling_dbfs)
        lost_db = _gain_db(before.changed(even, loud), mastering.loudness_lufs)
        if abs(lost_db) > _LOUDNESS_TOLERANCE_LU and attempt < _TRIES_FOR_LOUDNESS:
            gain_db = min(gain_db + lost_db, _LARGEST_GAIN_DB)
            loud = _limited(even, rate, gain_db, ceiling_dbfs)
        packets = codec.encode(pcm(loud, 1 / encoder_gain(encoding)), encoding)
        decoded = _decoded(packets, encoding, len(loud))
        heard = _measured_after(before, even, loud, decoded)
        peak_db = decibels(true_peak(decoded))
        excess_db = peak_db - _HIGHEST_PEAK_DBTP
        missing_db = _gain_db(heard, mastering.loudness_lufs)
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
        blocks=heard.blocks,
        true_peak_dbtp=round(peak_db, 2),
    )


def _limited(
    even: NDArray[np.float32], rate: int, gain_db: float, ceiling_dbfs: float
) -> NDArray[np.float32]:
    """Apply the gain, the limiter, and fades at both ends."""
    import numpy as np

    if not len(even):
        return even
    raised: NDArray[np.float32] = even * np.float32(10 ** (gain_db / 20))
    limit_peaks(raised, rate, 10 ** (ceiling_dbfs / 20))
    # the high-pass leaves a slow tail: the sound must begin and end in silence
    edge = min(len(raised), round(FADE_MS / 1000 * rate))
    ramp = np.linspace(0, 1, edge, endpoint=False, dtype=np.float32)
    raised[:edge] *= ramp
    raised[len(raised) - edge :] *= ramp[::-1]
    return raised


def _measured_after(
    before: Measurement,
    even: NDArray[np.float32],
    loud: NDArray[np.float32],
    decoded: NDArray[np.float32],
) -> Measurement:
    """Give the loudness of what was decoded: by the change of power, or measured where encoding
    took away what can be heard."""
    if not len(even):
        return before
    lost_db = 10 * math.log10(max(float(loud @ loud), 1e-9) / max(float(decoded @ decoded), 1e-9))
    if abs(lost_db) > _UNHEARD_LOSS_DB:
        return measure(decoded, before.sample_rate_hz)
    return before.changed(even, decoded)


def _gain_db(measured: Measurement, target_lufs: float) -> float:
    loudness = GatedLoudness()
    loudness.add(measured.blocks)
    if loudness.block_count < _SHORTEST_MEASURED_BLOCKS:
        return 0.0
    gain = target_lufs - loudness.integrated_lufs()
    return max(-_LARGEST_GAIN_DB, min(_LARGEST_GAIN_DB, gain))


@cache
def encoder_gain(encoding: Encoding) -> float:
    """Measure what the encoder multiplies samples by: LAME's presets turn them down by some 5%."""
    import numpy as np

    tone = 0.25 * np.sin(
        2 * np.pi * 440 / encoding.sample_rate_hz * np.arange(encoding.sample_rate_hz)
    )
    packets = codec_of(encoding.format).encode(pcm(tone.astype(np.float32)), encoding)
    decoded = _decoded(packets, encoding, len(tone))
    middle = slice(len(tone) // 4, len(tone) * 3 // 4)
    return float(np.sqrt(np.mean(np.square(decoded[middle])) / np.mean(np.square(tone[middle]))))


def _decoded(packets: Packets, encoding: Encoding, samples: int) -> NDArray[np.float32]:
    """Decode a clip's packets; give its sound alone, shape (samples,)."""
    return fitted(codec_of(encoding.format).decode(packets, encoding), samples)
