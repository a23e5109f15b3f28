"""Samples to packets and back by FFmpeg's codecs, for the formats that LAME does not write."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from briefing.mastering.formats.encoding import Encoding, Packets

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["FFmpegCodec", "decode", "encode"]

_SETTLED = 8
"""Packets until an encoder's silence is always the same: AAC needs 4, Opus 8."""


def encode(
    samples: bytes, encoding: Encoding, name: str, options: Mapping[str, str], packets: int
) -> Packets:
    """Encode 16-bit mono samples by the encoder called so, filled up to as many packets."""
    import av
    import numpy as np

    encoder: Any = av.CodecContext.create(name, "w")
    encoder.sample_rate = encoding.sample_rate_hz
    encoder.layout = "mono"
    encoder.format = "fltp" if name == "aac" else "flt"
    encoder.bit_rate = encoding.bitrate_kbps * 1000
    encoder.time_base = Fraction(1, encoding.sample_rate_hz)
    encoder.options = dict(options)
    encoder.open()
    size = encoder.frame_size
    wave = np.zeros(packets * size, np.float32)
    sound = np.frombuffer(samples, np.int16)
    wave[: len(sound)] = sound / np.float32(32768)
    made: list[bytes] = []
    for start in range(0, len(wave), size):
        frame = av.AudioFrame.from_ndarray(
            wave[None, start : start + size], format=encoder.format.name, layout="mono"
        )
        frame.sample_rate = encoding.sample_rate_hz
        frame.pts = start
        made += [bytes(packet) for packet in encoder.encode(frame)]
    made += [bytes(packet) for packet in encoder.encode(None)]
    made = made[:packets]
    return Packets(b"".join(made), len(made), tuple(map(len, made)))


def decode(
    packets: Packets, name: str, sample_rate_hz: int, packet_samples: int, head: bytes
) -> NDArray[np.float32]:
    """Decode to samples, full scale 1.0, the codec's delay included.

    head: what the decoder is told before the first packet (FFmpeg's extradata).
    """
    import av
    import numpy as np

    from briefing.mastering.signal.ffmpeg_filters import joined

    decoder: Any = av.CodecContext.create(name, "r")
    decoder.extradata = head
    decoder.sample_rate = sample_rate_hz
    decoder.layout = "mono"
    frames = []
    start = 0
    for number, size in enumerate(packets.sizes):
        packet = av.Packet(packets.data[start : start + size])
        packet.pts = number * packet_samples
        packet.time_base = Fraction(1, sample_rate_hz)
        frames += decoder.decode(packet)
        start += size
    frames += decoder.decode(None)
    return joined(frames, np.float32)


class FFmpegCodec:
    """What the formats of FFmpeg's codecs share; a format adds its rates, options and header."""

    name = ""
    ending = ""
    encoder = ""
    """FFmpeg's name of the encoder."""
    options: Mapping[str, str] = MappingProxyType({})
    samples_a_packet = 0
    delay = 0
    """Samples that come before the sound in the decoded stream."""

    def bitrate_kbps(self, wanted_kbps: int, sample_rate_hz: int) -> int:
        """Return the wanted bitrate: the encoders take any that the configuration allows."""
        return wanted_kbps

    def packet_samples(self, sample_rate_hz: int) -> int:
        """Return the samples of one packet."""
        return self.samples_a_packet

    def delay_samples(self, sample_rate_hz: int) -> int:
        """Return the encoder's delay in samples."""
        return self.delay

    def encode(self, samples: bytes, encoding: Encoding) -> Packets:
        """Encode 16-bit little-endian mono samples.

        One packet more than the samples fill: with AAC the last packet's second half is heard
        with the packet after it; an Opus stream that ends in silence resets what the next one is
        predicted from.
        """
        sound = len(samples) // 2 + self.delay
        packets = -(-sound // self.samples_a_packet) + 1
        return encode(samples, encoding, self.encoder, self.options, packets)

    def silence(self, count: int, encoding: Encoding) -> Packets:
        """Return silence of exactly `count` packets: one settled packet, repeated."""
        packet = _silent_packet(self, encoding)
        count = max(0, count)
        return Packets(packet * count, count, (len(packet),) * count)


@lru_cache(maxsize=8)
def _silent_packet(codec: FFmpegCodec, encoding: Encoding) -> bytes:
    packets = codec.encode(bytes(2 * codec.samples_a_packet * _SETTLED), encoding)
    start = sum(packets.sizes[: _SETTLED - 1])
    return packets.data[start : start + packets.sizes[_SETTLED - 1]]
