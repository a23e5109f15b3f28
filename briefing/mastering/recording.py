"""Clips in their order to one recording: an MP3 that is written as a stream.

Nothing is decoded or encoded again but silence: clips are joined frame by frame, pauses are
whole frames (26 ms at 22,050 Hz), and a header declares the exact length.
"""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from briefing.errors import VoiceError
from briefing.mastering.clip import Clip, gap_samples
from briefing.mastering.loudness import GatedLoudness
from briefing.mastering.mp3 import CODEC_DELAY, Encoding, frame_samples, info_frame, silence

__all__ = ["Recorder", "RecordingFacts"]

_LEAD_IN_S = 0.25
"""Silence before the first word: players swallow the first moments of a file."""
_TAIL_S = 0.5
"""Silence after the last word."""


@dataclass(frozen=True, slots=True)
class RecordingFacts:
    """What a finished recording is, for its sidecar."""

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
    """Where the frames are written."""
    quality: int
    """The encoder's, for the pauses."""
    _encoding: Encoding | None = None
    _frames: int = 0
    _bytes: int = 0
    _gap: int = 0
    """Samples of silence already at the end of the body."""
    _loudness: GatedLoudness = field(default_factory=GatedLoudness)
    _true_peak_dbtp: float = -math.inf

    def append(self, clip: Clip, pause_before_s: float) -> int:
        """Append a clip after a pause; give the sample of the recording at which its sound begins.

        The pause before the first clip is the lead-in instead. Raises VoiceError where the clip's
        sample rate is another than the recording's.
        """
        encoding = Encoding(clip.sample_rate_hz, clip.bitrate_kbps, self.quality)
        if self._encoding is None:
            self._encoding = encoding
            pause_before_s = _LEAD_IN_S
        elif self._encoding != encoding:
            raise VoiceError(
                f"the voice changed its sample rate from {self._encoding.sample_rate_hz}"
                f" to {encoding.sample_rate_hz} Hz within a briefing"
            )
        self._pause(pause_before_s)
        start = self._frames * frame_samples(clip.sample_rate_hz)
        self._write(clip.frames, clip.frame_count)
        self._gap = gap_samples(clip)
        self._loudness.add(clip.blocks)
        self._true_peak_dbtp = max(self._true_peak_dbtp, clip.true_peak_dbtp)
        return start

    def finish(self) -> RecordingFacts:
        """Append the tail. At least one clip is there."""
        if self._encoding is None:
            raise ValueError("a recording needs a clip")
        self._pause(_TAIL_S)
        return RecordingFacts(
            sample_rate_hz=self._encoding.sample_rate_hz,
            bitrate_kbps=self._encoding.bitrate_kbps,
            samples=self._frames * frame_samples(self._encoding.sample_rate_hz) - CODEC_DELAY,
            loudness_lufs=round(self._loudness.integrated_lufs(), 2),
            true_peak_dbtp=round(self._true_peak_dbtp, 2),
        )

    def assemble(self, path: Path, facts: RecordingFacts, tag: Callable[[Path], None]) -> None:
        """Write the MP3: tags (by `tag`, into the empty file), the header, the frames.

        The body is read again from its beginning, as a stream.
        """
        assert self._encoding is not None
        path.touch()
        tag(path)
        header = info_frame(self._encoding, self._frames, self._bytes, facts.samples)
        with path.open("ab") as file:
            file.write(header)
            self.body.seek(0)
            shutil.copyfileobj(self.body, file, 1 << 20)

    def _pause(self, pause_s: float) -> None:
        assert self._encoding is not None
        wanted = round(pause_s * self._encoding.sample_rate_hz) - self._gap
        count = round(wanted / frame_samples(self._encoding.sample_rate_hz))
        if count > 0:
            self._write(silence(count, self._encoding), count)
            self._gap += count * frame_samples(self._encoding.sample_rate_hz)

    def _write(self, frames: bytes, count: int) -> None:
        self.body.write(frames)
        self._frames += count
        self._bytes += len(frames)
