"""Samples to AAC packets (low complexity), which an .m4b file contains."""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefing.mastering.formats.encoding import Encoding, Packets
from briefing.mastering.formats.ffmpeg_codecs import FFmpegCodec, decode

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["PACKET_SAMPLES", "PRIMING_SAMPLES", "Aac", "specific_config"]

PACKET_SAMPLES = 1024
PRIMING_SAMPLES = 1024
"""FFmpeg's encoder puts one packet before the sound; a decoder adds nothing."""
# ISO/IEC 14496-3, table 1.18: samplingFrequencyIndex
_RATES = (96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350)
_LOWEST_RATE_HZ, _HIGHEST_RATE_HZ = 22_050, 48_000
_LOW_COMPLEXITY, _MONO = 2, 1
# With perceptual noise substitution (pns) the decoder's noise would depend on earlier packets, and
# clips could not be joined. The fast coder is also the better one for speech
# (tests/benchmarks/bitrates.py).
_OPTIONS = {"aac_pns": "0", "aac_coder": "fast"}


class Aac(FFmpegCodec):
    """AAC by FFmpeg's own encoder."""

    name = "aac"
    ending = ".m4b"
    encoder = "aac"
    options = _OPTIONS
    samples_a_packet = PACKET_SAMPLES
    delay = PRIMING_SAMPLES

    def sample_rate_hz(self, voice_hz: int) -> int:
        """Return the voice's rate, or the next higher one that AAC has.

        Below 22,050 Hz packets are too long to make pauses exact within 30 ms.
        """
        rates = sorted(rate for rate in _RATES if _LOWEST_RATE_HZ <= rate <= _HIGHEST_RATE_HZ)
        lowest_hz = voice_hz
        while lowest_hz < _LOWEST_RATE_HZ:
            lowest_hz *= 2
        return next((rate for rate in rates if rate >= lowest_hz), rates[-1])

    def decode(self, packets: Packets, encoding: Encoding) -> NDArray[np.float32]:
        """Decode packets to samples, full scale 1.0, without the delay."""
        head = specific_config(encoding.sample_rate_hz)
        sound = decode(packets, "aac", encoding.sample_rate_hz, PACKET_SAMPLES, head)
        return sound[PRIMING_SAMPLES:]


def specific_config(sample_rate_hz: int) -> bytes:
    """Return the AudioSpecificConfig (ISO/IEC 14496-3, 1.6.2.1) of mono low-complexity AAC.

    >>> specific_config(22050).hex()
    '1388'
    """
    value = _LOW_COMPLEXITY << 11 | _RATES.index(sample_rate_hz) << 7 | _MONO << 3
    return value.to_bytes(2, "big")
