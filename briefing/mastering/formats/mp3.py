"""Samples to MP3 frames, and frames to one gapless stream.

The bit reservoir of each clip starts empty and its last frame carries nothing over, so streams are
joined frame by frame. The delay of 1,105 samples is declared once, by the Info header.
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

__all__ = ["CODEC_DELAY", "Mp3", "count_frames", "frame_samples", "info_frame"]

ENCODER_DELAY = 576
"""Samples that LAME puts before the sound (its default encoder delay)."""
CODEC_DELAY = ENCODER_DELAY + 529
"""Samples before the sound in the decoded stream: LAME's delay and that of any decoder (528 + 1,
the LAME tag's convention)."""

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
    """Samples of one frame: 1152 of MPEG-1, 576 of MPEG-2 and 2.5 (ISO/IEC 13818-3, 2.4.2)."""
    return 1152 if _RATES[sample_rate_hz][0] == 1 else 576


class Mp3:
    """MPEG-1, 2 and 2.5 layer III at a constant bitrate, by LAME."""

    name = "mp3"
    ending = ".mp3"

    def sample_rate_hz(self, voice_hz: int) -> int:
        """Give the voice's rate, or the next that MP3 has.

        Below 16 kHz a frame is too long for pauses to hold within 30 ms.
        """
        rates = sorted(rate for rate in _RATES if rate >= _LOWEST_RATE_HZ)
        wanted_hz = voice_hz
        while wanted_hz < _LOWEST_RATE_HZ:
            wanted_hz *= 2
        return next((rate for rate in rates if rate >= wanted_hz), rates[-1])

    def bitrate_kbps(self, wanted_kbps: int, sample_rate_hz: int) -> int:
        """Give the bitrate that is nearest to the one wanted, not below it where there is one."""
        allowed = _BITRATES[_RATES[sample_rate_hz][0]][1:]
        return next((kbps for kbps in allowed if kbps >= wanted_kbps), allowed[-1])

    def packet_samples(self, sample_rate_hz: int) -> int:
        """Give the samples of one frame."""
        return frame_samples(sample_rate_hz)

    def delay_samples(self, sample_rate_hz: int) -> int:
        """Give the encoder's and decoder's delay."""
        return CODEC_DELAY

    def encode(self, samples: bytes, encoding: Encoding) -> Packets:
        """Encode 16-bit little-endian mono samples as whole frames, without a header."""
        import lameenc

        encoder = lameenc.Encoder()
        encoder.set_channels(1)
        encoder.set_in_sample_rate(encoding.sample_rate_hz)
        encoder.set_out_sample_rate(encoding.sample_rate_hz)
        encoder.set_bit_rate(encoding.bitrate_kbps)
        encoder.set_quality(encoding.quality)
        encoder.silence()
        data = bytes(encoder.encode(samples) + encoder.flush())
        return Packets(data, count_frames(data))

    def decode(self, packets: Packets, encoding: Encoding) -> NDArray[np.float32]:
        """Decode frames to samples, full scale 1.0, the codec's delay left out."""
        import av
        import numpy as np

        from briefing.mastering.signal.ffmpeg_filters import joined

        decoder: Any = av.CodecContext.create("mp3float", "r")
        # all frames as one packet: the decoder takes one after the other, and Python has no part
        decoded = decoder.decode(av.Packet(packets.data)) if packets.data else []
        return joined(decoded, np.float32)[CODEC_DELAY:]

    def silence(self, count: int, encoding: Encoding) -> Packets:
        """Make silence of exactly so many frames."""
        return _silence(max(0, count), encoding)


@lru_cache(maxsize=256)
def _silence(count: int, encoding: Encoding) -> Packets:
    if not count:
        return Packets(b"", 0)
    samples = bytes(2 * count * frame_samples(encoding.sample_rate_hz))
    stream = Mp3().encode(samples, encoding).data
    end = 0
    for _, (start, length) in zip(range(count), _frames(stream), strict=False):
        end = start + length
    # a frame's data ends at the latest with the frame, so a stream's beginning is whole
    return Packets(stream[:end], count)


def count_frames(stream: bytes) -> int:
    """Count the frames of a stream that has nothing but frames; ValueError where it has not."""
    return sum(1 for _ in _frames(stream))


def _frames(stream: bytes) -> Iterator[tuple[int, int]]:
    """Give (offset, length) of each frame, in bytes."""
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
    """Give a frame's length by its first three bytes, 0 where they are no frame's."""
    if len(header) < 3 or header[0] != 0xFF or header[1] & 0xE0 != 0xE0:
        return 0
    known = _RATES_BY_BITS.get((header[1] >> 3 & 0b11, header[2] >> 2 & 0b11))
    if known is None:
        return 0
    rate, version = known
    bitrates = _BITRATES[version]
    bitrate = bitrates[header[2] >> 4] if header[2] >> 4 < len(bitrates) else 0
    if not bitrate:
        return 0
    return frame_samples(rate) // 8 * bitrate * 1000 // rate + (header[2] >> 1 & 1)


def info_frame(encoding: Encoding, frame_count: int, audio_bytes: int, samples: int) -> bytes:
    """Make the Info frame with LAME's fields that stands before the frames of a recording.

    It tells players the exact length (samples, so that the codec's delay and the padding of the
    last frame are not heard) and where to seek (constant bitrate: evenly). frame_count,
    audio_bytes: of the stream that follows; samples: of the sound in it.
    Source: the LAME tag specification, revision 1; the count of frames leaves this one out, the
    count of bytes has it.
    """
    rate, per_frame = encoding.sample_rate_hz, frame_samples(encoding.sample_rate_hz)
    padding = frame_count * per_frame - ENCODER_DELAY - samples
    if not 0 <= padding <= 0xFFF:
        raise ValueError(f"padding of {padding} samples cannot be written")
    version, bits, rate_index = _RATES[rate]
    offset = 4 + _SIDE_INFO_BYTES[version]
    # the smallest bitrate whose frame has room for the fields; players skip this frame
    bitrate_index, length = next(
        (index, size)
        for index, kbps in enumerate(_BITRATES[version])
        if kbps >= encoding.bitrate_kbps
        and (size := per_frame // 8 * kbps * 1000 // rate) >= offset + _INFO_BYTES
    )
    header = struct.pack(
        ">I",
        0x7FF << 21
        | bits << 19
        | _LAYER_III_NO_CRC << 16
        | bitrate_index << 12
        | rate_index << 10
        | _MONO << 6,
    )
    frames_bytes_toc_quality = 0b1111
    seek_table = bytes(min(255, percent * 256 // 100) for percent in range(100))
    fields = struct.pack(
        ">4sIII100sI",
        b"Info",
        frames_bytes_toc_quality,
        frame_count,
        length + audio_bytes,
        seek_table,
        100 - 10 * encoding.quality,
    )
    revision_and_constant_bitrate = 0x01
    lame = struct.pack(
        ">9sBBIHHBB3sBbHIH",
        b"LAME3.100",
        revision_and_constant_bitrate,
        _LOWPASS_UNKNOWN,
        0,  # peak: not stated
        0,  # replay gains: not stated
        0,
        0,  # encoding flags
        min(255, encoding.bitrate_kbps),
        (ENCODER_DELAY << 12 | padding).to_bytes(3, "big"),
        0,  # misc
        0,  # MP3 gain
        0,  # preset
        min(length + audio_bytes, 0xFFFFFFFF),
        0,  # checksum of the music: not stated
    )
    frame = header + bytes(_SIDE_INFO_BYTES[version]) + fields + lame
    frame += struct.pack(">H", _crc16(frame))
    return frame.ljust(length, b"\0")


def _crc16(data: bytes) -> int:
    """CRC-16/ARC, as the LAME tag asks for."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return crc
