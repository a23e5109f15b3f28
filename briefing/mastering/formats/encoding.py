"""What all sound formats share: samples become packets, and packets are joined.

Each clip is encoded separately. Its first packet does not depend on earlier ones, and the clip
begins and ends in silence. The packets of several clips can therefore be joined as they are.

The decoded sound begins with the codec's delay. A joined stream has that delay once, at its start,
where the file declares it. In the recording a clip therefore begins exactly at its first packet.
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
    """How samples become packets: all that the encoder's output depends on except the samples."""

    sample_rate_hz: int
    bitrate_kbps: int
    quality: int = 5
    """LAME's quality, 0 (slow) to 9 (fast); other encoders have none."""
    format: str = "mp3"
    """The value of `output.format`: mp3, m4b or opus."""


@dataclass(frozen=True, slots=True)
class Packets:
    """Encoded sound. A packet of MP3 is called a frame."""

    data: bytes
    count: int
    sizes: Sequence[int] = ()
    """Bytes of each packet; empty if the packets contain their sizes (MP3)."""


class Codec(Protocol):
    """A sound format."""

    name: str
    """Its name in the sidecar."""
    ending: str
    """The ending of the file's name."""

    def sample_rate_hz(self, voice_hz: int) -> int:
        """Return the sample rate for a voice of voice_hz: its own, or the next one possible."""

    def bitrate_kbps(self, requested_kbps: int, sample_rate_hz: int) -> int:
        """Return the lowest possible bitrate from the requested one up, else the highest."""

    def packet_samples(self, sample_rate_hz: int) -> int:
        """Return the samples of one packet."""

    def delay_samples(self, sample_rate_hz: int) -> int:
        """Return the samples that come before the sound in the decoded stream."""

    def encode(self, samples: bytes, encoding: Encoding, after: bytes = b"") -> Packets:
        """Encode 16-bit little-endian mono samples.

        The packets have room for the codec's delay and all samples after it. after: samples that
        fill what room is left; silence where there are none.
        """

    def decode(self, packets: Packets, encoding: Encoding) -> NDArray[np.float32]:
        """Decode packets to samples, full scale 1.0, without the codec's delay."""

    def silence(self, count: int, encoding: Encoding) -> Packets:
        """Return silence of exactly `count` packets, for a pause between two clips."""

    def beginning(self, packets: Packets, count: int, encoding: Encoding) -> Packets:
        """Return the first `count` packets of an encoded sound, so that others can follow them."""
