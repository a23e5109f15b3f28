"""Clips in their order to one recording, a file that is written as a stream.

Only pauses are encoded here: silence, or soft noise. Clips are joined packet by packet, pauses are
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
from briefing.mastering import room_tone
from briefing.mastering.background_writer import BackgroundWriter
from briefing.mastering.clip import Clip, gap_samples
from briefing.mastering.formats.containers import write, write_head
from briefing.mastering.formats.encoding import Encoding
from briefing.mastering.formats.registry import codec_of
from briefing.mastering.formats.stream import Stream
from briefing.mastering.formats.tags import Tags
from briefing.mastering.signal.loudness import GatedLoudness

__all__ = ["Recorder", "RecordingFacts"]

_LEAD_IN_S = 0.25
"""Silence before the first word: some players skip the first moments of a file."""
_TAIL_S = 0.5
"""Silence after the last word."""


@dataclass(frozen=True, slots=True)
class RecordingFacts:
    """The facts about a finished recording that its sidecar states."""

    codec: str
    sample_rate_hz: int
    bitrate_kbps: int
    samples: int
    """Of the decoded sound, after gapless trimming."""
    loudness_lufs: float
    true_peak_dbtp: float

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.samples / self.sample_rate_hz


@dataclass
class Recorder:
    """Appends clips to a file of packets. In memory it keeps only counts."""

    body: BinaryIO
    """Where the packets are written."""
    quality: int
    """LAME's quality, for the pauses."""
    room: int = 0
    """Bytes left free at the beginning of the body, for what comes before the packets."""
    room_tone_dbfs: float | None = None
    """As in the clips' `Mastering`: level of the noise in the pauses; None for silence."""
    _writer: BackgroundWriter = field(init=False)
    _encoding: Encoding | None = None
    _packets: int = 0
    _bytes: int = 0
    _sizes: array[int] = field(default_factory=lambda: array("H"))
    """Bytes of each packet, unless the packets contain their sizes: 200 KB an hour."""
    _pauses: int = 0
    _gap: int = 0
    """Samples of silence that the body ends with."""
    _loudness: GatedLoudness = field(default_factory=GatedLoudness)
    _true_peak_dbtp: float = -math.inf

    def __post_init__(self) -> None:
        self._writer = BackgroundWriter(self.body, self.room)

    def append(self, clip: Clip, pause_before_s: float) -> int:
        """Append a clip after a pause; return the recording's sample at which its sound begins.

        Before the first clip there is the lead-in instead of the pause. Raise VoiceError if the
        clip's sample rate differs from the recording's.
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
        """Stop using the body, so that it can be closed. Not needed after `finish`."""
        self._writer.close()

    def finish(self) -> RecordingFacts:
        """Append the silence at the end. Raise ValueError if there is no clip."""
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
        """Write the file: tags, headers, and the body, which is copied as a stream."""
        write(path, self._stream(facts), tags)

    def complete(self, facts: RecordingFacts, tags: Tags) -> bool:
        """Turn the body itself into the recording; return whether tags and headers fit its room."""
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
            if self.room_tone_dbfs is None:
                pause = codec.silence(count, self._encoding)
            else:
                pause = room_tone.pause(self._encoding, self.room_tone_dbfs, count, self._pauses)
            self._pauses += 1
            self._write(pause.data, pause.count, pause.sizes)
            self._gap += count * codec.packet_samples(rate)

    def _write(self, data: bytes | memoryview, count: int, sizes: Sequence[int]) -> None:
        self._writer.write(data)
        self._packets += count
        self._bytes += len(data)
        self._sizes.extend(sizes)
