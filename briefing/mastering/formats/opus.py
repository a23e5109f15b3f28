"""Samples to Opus packets (RFC 6716), which an Ogg file (.opus) contains."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from briefing.mastering.formats.encoding import Encoding, Packets
from briefing.mastering.formats.ffmpeg_codecs import FFmpegCodec, decode

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["PRE_SKIP", "SAMPLE_RATE_HZ", "Opus", "opus_head"]

SAMPLE_RATE_HZ = 48_000
"""The rate at which every Opus stream is decoded and its times are counted."""
PACKET_SAMPLES = 960
"""20 ms, the usual length of a packet."""
PRE_SKIP = 120
"""libopus' look-ahead in the mode below."""
# The other modes predict a packet from earlier ones in ways that silence does not reset. In this
# mode (CELT only), separately encoded clips decode to the same samples after joining.
_OPTIONS = {"application": "lowdelay", "frame_duration": "20", "vbr": "constrained"}


class Opus(FFmpegCodec):
    """Opus by libopus."""

    name = "opus"
    ending = ".opus"
    encoder = "libopus"
    options = _OPTIONS
    samples_a_packet = PACKET_SAMPLES
    delay = PRE_SKIP
    ends_in_silence = True

    def sample_rate_hz(self, voice_hz: int) -> int:
        """Return Opus' one rate."""
        return SAMPLE_RATE_HZ

    def decode(self, packets: Packets, encoding: Encoding) -> NDArray[np.float32]:
        """Decode packets to samples, full scale 1.0, without the delay, which FFmpeg removes."""
        return decode(packets, "opus", SAMPLE_RATE_HZ, PACKET_SAMPLES, opus_head(SAMPLE_RATE_HZ))


def opus_head(input_hz: int) -> bytes:
    """Return the identification header (RFC 7845, 5.1) of a mono stream.

    input_hz: the sample rate before encoding, which players show but do not use.
    """
    version, channels, gain, mapping = 1, 1, 0, 0
    return b"OpusHead" + struct.pack(
        "<BBHIhB", version, channels, PRE_SKIP, input_hz, gain, mapping
    )
