"""MP3 bytes to 16-bit mono PCM. Incomplete, empty or damaged MP3 raises VoiceError.

FFmpeg decodes what it can and skips the rest, so an incomplete answer would become an incomplete
sentence. This module therefore checks that every frame is complete (ISO/IEC 11172-3 2.4.1.3 and
13818-3 2.4.1.3) before the decoder sees it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from briefing.errors import VoiceError

__all__ = ["DamagedSound", "Sound", "decode_mp3", "mp3_frames"]


class DamagedSound(VoiceError):
    """The bytes are not a complete MP3. The message says what is wrong with them."""


@dataclass(frozen=True, slots=True)
class Sound:
    """PCM, 16-bit signed little-endian, one channel."""

    samples: bytes
    sample_rate_hz: int

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return len(self.samples) / 2 / self.sample_rate_hz


_MPEG_1, _MPEG_2, _MPEG_2_5 = 3, 2, 0
"""The header's two version bits."""
_LAYER_III = 1
_RATES_HZ = {
    _MPEG_1: (44_100, 48_000, 32_000),
    _MPEG_2: (22_050, 24_000, 16_000),
    _MPEG_2_5: (11_025, 12_000, 8_000),
}
_KBPS_MPEG_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_KBPS_MPEG_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_HEADER_BYTES = 4
_STRAY_BYTES = 16
"""How much may follow the last frame. Google writes the "=" of its base64 as \\u003d, which gTTS's
decoder turns into up to eight bytes of garbage. Half a frame is recognised by its sync word."""


@dataclass(frozen=True, slots=True)
class _Header:
    version: int
    rate_hz: int
    length: int
    """Bytes of the frame, including the header."""
    channels: int


def _read_header(data: bytes, at: int) -> _Header | None:
    """Return the frame header at a byte, or None if there is none."""
    if len(data) - at < _HEADER_BYTES or data[at] != 0xFF or data[at + 1] & 0xE0 != 0xE0:
        return None
    version = data[at + 1] >> 3 & 3
    bitrate, rate = data[at + 2] >> 4, data[at + 2] >> 2 & 3
    if (
        version not in _RATES_HZ
        or data[at + 1] >> 1 & 3 != _LAYER_III
        or bitrate in (0, 15)
        or rate == 3
    ):
        return None
    rate_hz = _RATES_HZ[version][rate]
    kbps = (_KBPS_MPEG_1 if version == _MPEG_1 else _KBPS_MPEG_2)[bitrate]
    slots = 144_000 if version == _MPEG_1 else 72_000
    length = slots * kbps // rate_hz + (data[at + 2] >> 1 & 1)
    return _Header(version, rate_hz, length, 1 if data[at + 3] >> 6 == 3 else 2)


def mp3_frames(data: bytes) -> Iterator[bytes]:
    """Yield the frames with sound: no tags, and no Xing or Info frame.

    Raise DamagedSound if there is no frame, if a frame is incomplete, or if there is anything
    else between the frames.
    """
    at = _after_id3(data)
    if len(data) == at:
        raise DamagedSound("the sound is empty")
    first: _Header | None = None
    while at < len(data):
        header = _read_header(data, at)
        if header is None:
            if first is None:
                raise DamagedSound("the answer is not MP3")
            rest = data[at:]
            if rest[:3] == b"TAG" or (len(rest) <= _STRAY_BYTES and rest[0] != 0xFF):
                return
            if len(rest) < _HEADER_BYTES:
                raise DamagedSound("the sound is cut short")
            raise DamagedSound(f"the sound is damaged at byte {at} of {len(data)}")
        if first is not None and (header.version, header.rate_hz) != (first.version, first.rate_hz):
            raise DamagedSound(f"the sound is damaged at byte {at} of {len(data)}")
        if at + header.length > len(data):
            raise DamagedSound("the sound is cut short")
        frame = data[at : at + header.length]
        if first is not None or not _is_info(frame, header):
            yield frame
        first = first or header
        at += header.length


def _after_id3(data: bytes) -> int:
    if data[:3] != b"ID3" or len(data) < 10:
        return 0
    size = sum(
        (byte & 0x7F) << shift for byte, shift in zip(data[6:10], (21, 14, 7, 0), strict=True)
    )
    return min(len(data), 10 + size)


def _is_info(frame: bytes, header: _Header) -> bool:
    """Return whether the first frame holds a Xing or Info header instead of sound."""
    side = (17, 32) if header.version == _MPEG_1 else (9, 17)
    start = _HEADER_BYTES + side[header.channels - 1]
    return frame[start : start + 4] in (b"Xing", b"Info")


def decode_mp3(data: bytes, *, sample_rate_hz: int | None = None) -> Sound:
    """Decode a complete MP3 and mix it to one channel.

    sample_rate_hz: of the result; None keeps the MP3's own. The encoder's and decoder's delay
    (about 1,105 samples of near silence at the start) is not removed. Raise DamagedSound, which is
    a VoiceError, if the bytes are not one complete MP3.
    """
    frames = list(mp3_frames(data))
    if not frames:
        raise DamagedSound("the sound is empty")
    import av
    from av.audio.codeccontext import AudioCodecContext
    from av.audio.frame import AudioFrame
    from av.audio.resampler import AudioResampler

    header = _read_header(frames[0], 0)
    assert header is not None  # mp3_frames yields only frames with a header
    rate_hz = sample_rate_hz or header.rate_hz
    decoder = av.CodecContext.create("mp3float", "r")
    assert isinstance(decoder, AudioCodecContext)
    resampler = AudioResampler(format="s16", layout="mono", rate=rate_hz)
    pcm: list[bytes] = []

    def resample(frame: AudioFrame | None) -> None:
        if frame is not None:
            frame.pts = None
        pcm.extend(bytes(part.planes[0])[: part.samples * 2] for part in resampler.resample(frame))

    try:
        for packet in (*map(av.Packet, frames), None):
            for frame in decoder.decode(packet):
                resample(frame)
        resample(None)
    except (av.FFmpegError, ValueError) as error:
        raise DamagedSound(f"the sound cannot be decoded: {error}") from None
    samples = b"".join(pcm)
    if not samples:
        raise DamagedSound("the sound is empty")
    return Sound(samples, rate_hz)
