"""Samples to packets and back by FFmpeg's codecs, for the formats that LAME does not write."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from briefing.mastering.formats.encoding import Encoding, Packets, codec_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["decode", "encode", "silence"]

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


def silence(count: int, encoding: Encoding) -> Packets:
    """Make silence of exactly so many packets: one that the encoder has settled on, repeated."""
    packet = _silent_packet(encoding)
    count = max(0, count)
    return Packets(packet * count, count, (len(packet),) * count)


@lru_cache(maxsize=8)
def _silent_packet(encoding: Encoding) -> bytes:
    codec = codec_of(encoding.format)
    samples = codec.packet_samples(encoding.sample_rate_hz)
    packets = codec.encode(bytes(2 * samples * _SETTLED), encoding)
    start = sum(packets.sizes[: _SETTLED - 1])
    return packets.data[start : start + packets.sizes[_SETTLED - 1]]
