"""Samples to MP3 frames, and the header that makes a stream of frames gapless.

Each clip starts with an empty bit reservoir, and its last frame carries nothing over, so streams
can be joined frame by frame. The delay of 1,105 samples is declared once, by the Info header.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from briefing.mastering.formats.encoding import Encoding, Packets

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["CODEC_DELAY", "Mp3", "count_frames", "find_frames", "frame_samples", "info_frame"]

ENCODER_DELAY = 576
"""Samples that LAME puts before the sound (its default encoder delay)."""
CODEC_DELAY = ENCODER_DELAY + 529
"""Samples before the sound in the decoded stream: LAME's delay and any decoder's (528 + 1, by the
convention of the LAME tag)."""

# ISO/IEC 11172-3 and 13818-3, audio frame header: layer III, kbit/s by bitrate index
_BITRATES = {
    1: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
# sample rate: (MPEG version, version bits, sample rate index)
_RATES = {
    44100: (1, 0b11, 0),
    48000: (1, 0b11, 1),
    32000: (1, 0b11, 2),
    22050: (2, 0b10, 0),
    24000: (2, 0b10, 1),
    16000: (2, 0b10, 2),
    11025: (2, 0b00, 0),
    12000: (2, 0b00, 1),
    8000: (2, 0b00, 2),
}
_RATES_BY_BITS = {(bits, index): (rate, version) for rate, (version, bits, index) in _RATES.items()}
_LAYER_III_NO_CRC = 0b011
_MONO = 0b11
_SIDE_INFO_BYTES = {1: 17, 2: 9}
_INFO_BYTES = 156
"""Length of the Info and LAME fields: 4 + 4 + 4 + 4 + 100 + 4, and 36 of LAME's."""
_LOWPASS_UNKNOWN = 0
_LOWEST_RATE_HZ = 16_000


def frame_samples(sample_rate_hz: int) -> int:
    """Return the samples of a frame: 1152 in MPEG-1, else 576 (ISO/IEC 13818-3, 2.4.2)."""
    return 1152 if _RATES[sample_rate_hz][0] == 1 else 576


class Mp3:
    """MPEG-1, 2 and 2.5 layer III at a constant bitrate, by LAME."""

    name = "mp3"
    ending = ".mp3"

    def sample_rate_hz(self, voice_hz: int) -> int:
        """Return the voice's rate, or the next higher one that MP3 has.

        Below 16 kHz frames are too long to make pauses exact within 30 ms.
        """
        rates = sorted(rate for rate in _RATES if rate >= _LOWEST_RATE_HZ)
        lowest_hz = voice_hz
        while lowest_hz < _LOWEST_RATE_HZ:
            lowest_hz *= 2
        return next((rate for rate in rates if rate >= lowest_hz), rates[-1])

    def bitrate_kbps(self, requested_kbps: int, sample_rate_hz: int) -> int:
        """Return the lowest possible bitrate from the requested one up, else the highest."""
        possible = _BITRATES[_RATES[sample_rate_hz][0]][1:]
        return next((kbps for kbps in possible if kbps >= requested_kbps), possible[-1])

    def packet_samples(self, sample_rate_hz: int) -> int:
        """Return the samples of one frame."""
        return frame_samples(sample_rate_hz)

    def delay_samples(self, sample_rate_hz: int) -> int:
        """Return the encoder's and decoder's delay in samples."""
        return CODEC_DELAY

    def encode(self, samples: bytes, encoding: Encoding, after: bytes = b"") -> Packets:
        """Encode 16-bit little-endian mono samples to complete frames, without an Info frame.

        after: samples that fill the last frames; two frames of them are enough.
        """
        import lameenc

        encoder = lameenc.Encoder()
        encoder.set_channels(1)
        encoder.set_in_sample_rate(encoding.sample_rate_hz)
        encoder.set_out_sample_rate(encoding.sample_rate_hz)
        encoder.set_bit_rate(encoding.bitrate_kbps)
        encoder.set_quality(encoding.quality)
        encoder.silence()
        data = bytes(encoder.encode(samples + after) + encoder.flush())
        if not after:
            return Packets(data, count_frames(data))
        needed = CODEC_DELAY + len(samples) // 2
        return _first_frames(data, -(-needed // frame_samples(encoding.sample_rate_hz)))

    def decode(self, packets: Packets, encoding: Encoding) -> NDArray[np.float32]:
        """Decode frames to samples, full scale 1.0, without the codec's delay."""
        import av
        import numpy as np

        from briefing.mastering.signal.ffmpeg_filters import join_frames

        decoder: Any = av.CodecContext.create("mp3float", "r")
        # all frames as one packet: the decoder splits it faster than Python would
        frames = decoder.decode(av.Packet(packets.data)) if packets.data else []
        return join_frames(frames, np.float32)[CODEC_DELAY:]

    def silence(self, count: int, encoding: Encoding) -> Packets:
        """Return silence of exactly `count` frames."""
        return _encode_silence(max(0, count), encoding)

    def beginning(self, packets: Packets, count: int, encoding: Encoding) -> Packets:
        """Return the first `count` frames of an encoded sound, so that others can follow them."""
        return _first_frames(packets.data, count)


@lru_cache(maxsize=256)
def _encode_silence(count: int, encoding: Encoding) -> Packets:
    if not count:
        return Packets(b"", 0)
    samples = bytes(2 * count * frame_samples(encoding.sample_rate_hz))
    return _first_frames(Mp3().encode(samples, encoding).data, count)


def _first_frames(stream: bytes, count: int) -> Packets:
    """Return the first frames of a stream: no data of a frame comes after it."""
    end = 0
    for _, (start, length) in zip(range(count), find_frames(stream), strict=False):
        end = start + length
    return Packets(stream[:end], count)


def count_frames(stream: bytes) -> int:
    """Return the number of frames. Raise ValueError if the stream contains anything else."""
    return sum(1 for _ in find_frames(stream))


def find_frames(stream: bytes) -> Iterator[tuple[int, int]]:
    """Yield (offset, length) of each frame, in bytes."""
    offset, end = 0, len(stream)
    while offset < end:
        length = _frame_bytes(stream[offset : offset + 3])
        if not length:
            raise ValueError(f"not an MP3 frame at byte {offset}")
        if offset + length > end:
            raise ValueError(f"the frame at byte {offset} is cut short")
        yield offset, length
        offset += length


@lru_cache(maxsize=64)
def _frame_bytes(header: bytes) -> int:
    """Return a frame's length by its first three bytes, 0 if they do not begin a frame."""
    if len(header) < 3 or header[0] != 0xFF or header[1] & 0xE0 != 0xE0:
        return 0
    rate_and_version = _RATES_BY_BITS.get((header[1] >> 3 & 0b11, header[2] >> 2 & 0b11))
    if rate_and_version is None:
        return 0
    rate, version = rate_and_version
    bitrates = _BITRATES[version]
    bitrate = bitrates[header[2] >> 4] if header[2] >> 4 < len(bitrates) else 0
    if not bitrate:
        return 0
    return frame_samples(rate) // 8 * bitrate * 1000 // rate + (header[2] >> 1 & 1)


def info_frame(encoding: Encoding, frame_count: int, audio_bytes: int, samples: int) -> bytes:
    """Return the Info frame with LAME's fields, which comes before the frames of a recording.

    It declares the exact length in samples, so that players skip the codec's delay and the padding
    of the last frame, and where to seek (evenly, since the bitrate is constant).

    frame_count, audio_bytes: of the stream that follows. samples: of the sound in it.
    Source: the LAME tag specification, revision 1. Its count of frames excludes this frame, its
    count of bytes includes it.
    """
    rate = encoding.sample_rate_hz
    padding = frame_count * frame_samples(rate) - ENCODER_DELAY - samples
    if not 0 <= padding <= 0xFFF:
        raise ValueError(f"padding of {padding} samples cannot be written")
    side_info = bytes(_SIDE_INFO_BYTES[_RATES[rate][0]])
    header, length = _info_frame_header(encoding)
    total_bytes = length + audio_bytes
    frame = header + side_info
    frame += _info_fields(frame_count, total_bytes, encoding.quality)
    frame += _lame_fields(encoding.bitrate_kbps, padding, total_bytes)
    frame += struct.pack(">H", _crc16(frame))
    return frame.ljust(length, b"\0")


def _info_frame_header(encoding: Encoding) -> tuple[bytes, int]:
    """Return the header of an Info frame and the frame's length in bytes.

    Its bitrate is the smallest whose frame has room for the fields; players skip this frame.
    """
    rate = encoding.sample_rate_hz
    version, bits, rate_index = _RATES[rate]
    shortest = 4 + _SIDE_INFO_BYTES[version] + _INFO_BYTES
    bitrate_index, length = next(
        (index, size)
        for index, kbps in enumerate(_BITRATES[version])
        if kbps >= encoding.bitrate_kbps
        and (size := frame_samples(rate) // 8 * kbps * 1000 // rate) >= shortest
    )
    header = (
        0x7FF << 21
        | bits << 19
        | _LAYER_III_NO_CRC << 16
        | bitrate_index << 12
        | rate_index << 10
        | _MONO << 6
    )
    return struct.pack(">I", header), length


def _info_fields(frame_count: int, total_bytes: int, quality: int) -> bytes:
    frames_bytes_toc_quality = 0b1111
    seek_table = bytes(min(255, percent * 256 // 100) for percent in range(100))
    return struct.pack(
        ">4sIII100sI",
        b"Info",
        frames_bytes_toc_quality,
        frame_count,
        total_bytes,
        seek_table,
        100 - 10 * quality,
    )


def _lame_fields(bitrate_kbps: int, padding: int, total_bytes: int) -> bytes:
    """Return LAME's fields but for the checksum at their end."""
    revision_and_constant_bitrate = 0x01
    return struct.pack(
        ">9sBBIHHBB3sBbHIH",
        b"LAME3.100",
        revision_and_constant_bitrate,
        _LOWPASS_UNKNOWN,
        0,  # peak: not stated
        0,  # replay gains: not stated
        0,
        0,  # encoding flags
        min(255, bitrate_kbps),
        (ENCODER_DELAY << 12 | padding).to_bytes(3, "big"),
        0,  # misc
        0,  # MP3 gain
        0,  # preset
        min(total_bytes, 0xFFFFFFFF),
        0,  # checksum of the music: not stated
    )


def _crc16(data: bytes) -> int:
    """Return the CRC-16/ARC, which the LAME tag uses."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return crc
