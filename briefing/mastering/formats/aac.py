"""Samples to AAC packets (low complexity), which an .m4b file holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefing.mastering.formats import ffmpeg_codecs
from briefing.mastering.formats.encoding import Encoding, Packets

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
# noise that the decoder makes up differs with what was decoded before: clips could not be joined
# (the fast coder is the better one for speech, too: tests/benchmarks/bitrates.py)
_OPTIONS = {"aac_pns": "0", "aac_coder": "fast"}


class Aac:
    """AAC by FFmpeg's own encoder."""

    name = "aac"
    ending = ".m4b"

    def sample_rate_hz(self, voice_hz: int) -> int:
        """Give the voice's rate, or the next that is used.

        Below 22,050 Hz a packet is too long for pauses to hold within 30 ms.
        """
        rates = sorted(rate for rate in _RATES if _LOWEST_RATE_HZ <= rate <= _HIGHEST_RATE_HZ)
        wanted_hz = voice_hz
        while wanted_hz < _LOWEST_RATE_HZ:
            wanted_hz *= 2
        return next((rate for rate in rates if rate >= wanted_hz), rates[-1])

    def bitrate_kbps(self, wanted_kbps: int, sample_rate_hz: int) -> int:
        """Give the bitrate wanted: the encoder takes any that the configuration allows."""
        return wanted_kbps

    def packet_samples(self, sample_rate_hz: int) -> int:
        """Give the samples of one packet."""
        return PACKET_SAMPLES

    def delay_samples(self, sample_rate_hz: int) -> int:
        """Give the encoder's delay."""
        return PRIMING_SAMPLES

    def encode(self, samples: bytes, encoding: Encoding) -> Packets:
        """Encode 16-bit little-endian mono samples."""
        sound = len(samples) // 2 + PRIMING_SAMPLES
        # one more: the last packet's second half is heard with the packet after it
        packets = -(-sound // PACKET_SAMPLES) + 1
        return ffmpeg_codecs.encode(samples, encoding, "aac", _OPTIONS, packets)

    def decode(self, packets: Packets, encoding: Encoding) -> NDArray[np.float32]:
        """Decode packets to samples, full scale 1.0, the delay left out."""
        head = specific_config(encoding.sample_rate_hz)
        sound = ffmpeg_codecs.decode(packets, "aac", encoding.sample_rate_hz, PACKET_SAMPLES, head)
        return sound[PRIMING_SAMPLES:]

    def silence(self, count: int, encoding: Encoding) -> Packets:
        """Make silence of exactly so many packets."""
        return ffmpeg_codecs.silence(count, encoding)


def specific_config(sample_rate_hz: int) -> bytes:
    """Give the AudioSpecificConfig (ISO/IEC 14496-3, 1.6.2.1) of mono low-complexity AAC.

    >>> specific_config(22050).hex()
    '1388'
    """
    value = _LOW_COMPLEXITY << 11 | _RATES.index(sample_rate_hz) << 7 | _MONO << 3
    return value.to_bytes(2, "big")
