"""What every sound format has in common: samples become packets, packets are joined.

A clip is encoded on its own. Its first packet needs nothing from before and it begins and ends in
silence, so packets of clips encoded apart are joined as they are. Of the decoded sound the first
samples are the codec's delay; a joined stream has that delay once, at its start, where its file
declares it, so that in the recording a clip begins exactly where its first packet does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Codec", "Encoding", "Packets"]


@dataclass(frozen=True, slots=True)
class Encoding:
    """How samples become packets: all that the encoder's output depends on beside the samples."""

    sample_rate_hz: int
    bitrate_kbps: int
    quality: int = 5
    """LAME's quality, 0 (slow) to 9 (fast); other encoders have none."""
    format: str = "mp3"
    """What `output.format` says: mp3, m4b or opus."""


@dataclass(frozen=True, slots=True)
class Packets:
    """Encoded sound. In MP3 a packet is called a frame."""

    data: bytes
    count: int
    sizes: Sequence[int] = ()
    """Bytes of each packet; none where the packets say it themselves (MP3)."""


class Codec(Protocol):
    """A sound format."""

    name: str
    """As the sidecar calls it."""
    ending: str
    """Of the file's name."""

    def sample_rate_hz(self, voice_hz: int) -> int:
        """Give the sample rate in which a voice of voice_hz is encoded: its own, if that can be."""

    def bitrate_kbps(self, wanted_kbps: int, sample_rate_hz: int) -> int:
        """Give the bitrate that is nearest to the one wanted, not below it where there is one."""

    def packet_samples(self, sample_rate_hz: int) -> int:
        """Give the samples of one packet."""

    def delay_samples(self, sample_rate_hz: int) -> int:
        """Give the samples that come before the sound in the decoded stream."""

    def encode(self, samples: bytes, encoding: Encoding) -> Packets:
        """Encode 16-bit little-endian mono samples.

        The packets have room for all samples behind the codec's delay.
        """

    def decode(self, packets: Packets, encoding: Encoding) -> NDArray[np.float32]:
        """Decode packets to samples, full scale 1.0, the codec's delay left out."""

    def silence(self, count: int, encoding: Encoding) -> Packets:
        """Make silence of exactly so many packets, to stand between two clips."""
