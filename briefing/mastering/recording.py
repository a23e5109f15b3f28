"""Clips in their order to one recording: a file that is written as a stream.

Nothing is decoded or encoded again but silence: clips are joined packet by packet, pauses are
whole packets (26 ms of MP3 at 22,050 Hz), and a header declares the exact length.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from briefing.errors import VoiceError
from briefing.mastering.background_writer import WriteBehind
from briefing.mastering.clip import Clip, gap_samples
from briefing.mastering.formats.containers import write, write_head
from briefing.mastering.formats.encoding import Encoding
from briefing.mastering.formats.registry import codec_of
from briefing.mastering.formats.stream import Stream
from briefing.mastering.formats.tags import Tags
from briefing.mastering.signal.loudness import GatedLoudness

__all__ = ["Recorder", "RecordingFacts"]

_LEAD_IN_S = 0.25
"""Silence before the first word: players swallow the first moments of a file."""
_TAIL_S = 0.5
"""Silence after the last word."""


@dataclass(frozen=True, slots=True)
class RecordingFacts:
    """What a finished recording is, for its sidecar."""

    codec: str
    sample_rate_hz: int
    bitrate_kbps: int
    samples: int
    """Decoded, after gapless trimming."""
    loudness_lufs: float
    true_peak_dbtp: float

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.samples / self.sample_rate_hz


@dataclass
class Recorder:
    """Appends clips to a file of frames, and keeps only counts."""

    body: BinaryIO
    """Where the packets are written."""
    quality: int
    """LAME's, for the pauses."""
    room: int = 0
    """Bytes left free at the body's beginning: for what stands before the packets."""
    _writer: WriteBehind = field(init=False)
    _encoding: Encoding | None = None
    _packets: int = 0
    _bytes: int = 0
    _sizes: array[int] = field(default_factory=lambda: array("H"))
    """Bytes of each packet, where the packets do not say it: 200 KB an hour."""
    _gap: int = 0
    """Samples of silence already at the end of the body."""
    _loudness: GatedLoudness = field(default_factory=GatedLoudness)
    _true_peak_dbtp: float = -math.inf

    def __post_init__(self) -> None:
        self._writer = WriteBehind(self.body, self.room)

    def append(self, clip: Clip, pause_before_s: float) -> int:
        """Append a clip after a pause; give the sample of the recording at which its sound begins.

        The pause before the first clip is the lead-in instead. Raises VoiceError where the clip's
        sample rate is another than the recording's.
        """
        encoding = Encoding(clip.sample_rate_hz, clip.bitrate_kbps, self.quality, clip.format)
        if self._encoding is None:
            self._encoding = encoding
            pause_before_s = _LEAD_IN_S
        elif self._encoding != encoding:
            raise VoiceError(
                f"the voice changed its sample rate from {self._encoding.sample_rate_hz}"
                f" to {encoding.sample_rate_hz} Hz within a briefing"
            )
        self._pause(pause_before_s)
        start = self._packets * codec_of(clip.format).packet_samples(clip.sample_rate_hz)
        self._write(clip.frames, clip.frame_count, clip.frame_sizes)
        self._gap = gap_samples(clip)
        self._loudness.add(clip.blocks)
        self._true_peak_dbtp = max(self._true_peak_dbtp, clip.true_peak_dbtp)
        return start

    def close(self) -> None:
        """Let go of the body, before it is closed; `finish` has done so already."""
        self._writer.close()

    def finish(self) -> RecordingFacts:
        """Append the tail. At least one clip is there."""
        if self._encoding is None:
            raise ValueError("a recording needs a clip")
        self._pause(_TAIL_S)
        self._writer.flush()
        rate = self._encoding.sample_rate_hz
        codec = codec_of(self._encoding.format)
        return RecordingFacts(
            codec=codec.name,
            sample_rate_hz=rate,
            bitrate_kbps=self._encoding.bitrate_kbps,
            samples=self._packets * codec.packet_samples(rate) - codec.delay_samples(rate),
            loudness_lufs=round(self._loudness.integrated_lufs(), 2),
            true_peak_dbtp=round(self._true_peak_dbtp, 2),
        )

    def assemble(self, path: Path, facts: RecordingFacts, tags: Tags | None) -> None:
        """Write the file: tags, headers, and the body, which is read again as a stream."""
        write(path, self._stream(facts), tags)

    def complete(self, facts: RecordingFacts, tags: Tags) -> bool:
        """Make the body the file, if tags and headers fit into its room; say whether they did."""
        return write_head(self._stream(facts), tags)

    def _stream(self, facts: RecordingFacts) -> Stream:
        assert self._encoding is not None
        return Stream(
            self.body,
            self.room,
            self._encoding,
            self._packets,
            self._bytes,
            self._sizes,
            facts.samples,
        )

    def _pause(self, pause_s: float) -> None:
        assert self._encoding is not None
        codec, rate = codec_of(self._encoding.format), self._encoding.sample_rate_hz
        count = round((round(pause_s * rate) - self._gap) / codec.packet_samples(rate))
        if count > 0:
            silence = codec.silence(count, self._encoding)
            self._write(silence.data, silence.count, silence.sizes)
            self._gap += count * codec.packet_samples(rate)

    def _write(self, data: bytes | memoryview, count: int, sizes: Sequence[int]) -> None:
        self._writer.write(data)
        self._packets += count
        self._bytes += len(data)
        self._sizes.extend(sizes)
