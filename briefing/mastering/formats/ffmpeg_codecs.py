"""Samples to packets and back by FFmpeg's codecs, for the formats other than MP3."""

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
"""Packets of silence after which an encoder's packets no longer change: AAC needs 4, Opus 8."""


def encode(
    samples: bytes, encoding: Encoding, name: str, options: Mapping[str, str], packets: int
) -> Packets:
    """Encode 16-bit mono samples, padded with silence to a number of packets.

    name: FFmpeg's name of the encoder. options: FFmpeg's options for it.
    """
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
    encoded: list[bytes] = []
    for start in range(0, len(wave), size):
        frame = av.AudioFrame.from_ndarray(
            wave[None, start : start + size], format=encoder.format.name, layout="mono"
        )
        frame.sample_rate = encoding.sample_rate_hz
        frame.pts = start
        encoded += [bytes(packet) for packet in encoder.encode(frame)]
    encoded += [bytes(packet) for packet in encoder.encode(None)]
    encoded = encoded[:packets]
    return Packets(b"".join(encoded), len(encoded), tuple(map(len, encoded)))


def decode(
    packets: Packets, name: str, sample_rate_hz: int, packet_samples: int, head: bytes
) -> NDArray[np.float32]:
    """Decode packets to samples, full scale 1.0, including the codec's delay.

    name: FFmpeg's name of the decoder. head: what the decoder needs before the first packet
    (FFmpeg's extradata).
    """
    import av
    import numpy as np

    from briefing.mastering.signal.ffmpeg_filters import join_frames

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
    return join_frames(frames, np.float32)


class FFmpegCodec:
    """The base of formats by FFmpeg's codecs; a format adds its rates, options and header."""

    name = ""
    ending = ""
    encoder = ""
    """FFmpeg's name of the encoder."""
    options: Mapping[str, str] = MappingProxyType({})
    samples_a_packet = 0
    delay = 0
    """Samples that come before the sound in the decoded stream."""
    ends_in_silence = False
    """Whether a clip's last packet must be silent."""

    def bitrate_kbps(self, requested_kbps: int, sample_rate_hz: int) -> int:
        """Return the requested bitrate: the encoders accept all that the configuration allows."""
        return requested_kbps

    def packet_samples(self, sample_rate_hz: int) -> int:
        """Return the samples of one packet."""
        return self.samples_a_packet

    def delay_samples(self, sample_rate_hz: int) -> int:
        """Return the encoder's delay in samples."""
        return self.delay

    def encode(self, samples: bytes, encoding: Encoding, after: bytes = b"") -> Packets:
        """Encode 16-bit little-endian mono samples; `after` fills the room that is left.

        There is one packet more than the samples fill. AAC needs it because the second half of a
        packet is decoded together with the next one. In Opus it ends the clip in silence, which
        resets the state from which the next clip's first packet is predicted.
        """
        sound = len(samples) // 2 + self.delay
        packets = -(-sound // self.samples_a_packet) + 1
        silent = self.samples_a_packet + self.delay if self.ends_in_silence else 0
        room = packets * self.samples_a_packet - silent - len(samples) // 2
        samples += after[: 2 * max(0, room)]
        return encode(samples, encoding, self.encoder, self.options, packets)

    def silence(self, count: int, encoding: Encoding) -> Packets:
        """Return silence of exactly `count` packets: one settled packet, repeated."""
        packet = _silent_packet(self, encoding)
        count = max(0, count)
        return Packets(packet * count, count, (len(packet),) * count)

    def beginning(self, packets: Packets, count: int, encoding: Encoding) -> Packets:
        """Return the first `count` packets of an encoded sound, so that others can follow them."""
        sizes = tuple(packets.sizes[: count - self.ends_in_silence])
        data = packets.data[: sum(sizes)]
        if self.ends_in_silence:
            last = _silent_packet(self, encoding)
            data, sizes = data + last, (*sizes, len(last))
        return Packets(data, count, sizes)


@lru_cache(maxsize=8)
def _silent_packet(codec: FFmpegCodec, encoding: Encoding) -> bytes:
    packets = codec.encode(bytes(2 * codec.samples_a_packet * _SETTLED), encoding)
    start = sum(packets.sizes[: _SETTLED - 1])
    return packets.data[start : start + packets.sizes[_SETTLED - 1]]
