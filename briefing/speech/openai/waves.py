"""A server's answer to 16-bit mono PCM: WAV of any common kind, or the MP3 that some send instead.

The answer is not trusted. Only these two formats are read, by their first bytes: FFmpeg's own guess
would open playlists, and those open files and addresses.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator

from briefing.speech.online.mp3_decoding import DamagedSound, Sound, decode_mp3

__all__ = ["decode_sound"]

_RATES_HZ = range(8_000, 192_001)
_MOST_CHANNELS = 8
_UNKNOWN_SIZE = 0x7FFF_F000
"""A chunk of at least this size was written before its length was known."""
_SHORTEST_FORMAT = 16


def decode_sound(data: bytes, *, sample_rate_hz: int) -> Sound:
    """Decode a complete WAV or MP3, mix it to one channel and resample it.

    Raise DamagedSound for anything else.
    """
    if not data:
        raise DamagedSound("the answer is empty")
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        return _decode_wave(data, sample_rate_hz)
    if data[:3] == b"ID3" or (data[0] == 0xFF and data[1:2] >= b"\xe0"):
        return decode_mp3(data, sample_rate_hz=sample_rate_hz)
    raise DamagedSound("the answer is neither WAV nor MP3")


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the name and content of each chunk (RIFF). Raise DamagedSound if one is incomplete."""
    at = 12
    while at + 8 <= len(data):
        name = data[at : at + 4]
        (size,) = struct.unpack_from("<I", data, at + 4)
        if name == b"data" and (size == 0 or size >= _UNKNOWN_SIZE):
            size = len(data) - at - 8
        if at + 8 + size > len(data):
            raise DamagedSound("the sound is cut short")
        yield name, data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2


def _decode_wave(data: bytes, sample_rate_hz: int) -> Sound:
    form = samples = b""
    for name, content in _chunks(data):
        if name == b"fmt ":
            form = content
        elif name == b"data":
            samples = content
            break
    if len(form) < _SHORTEST_FORMAT:
        raise DamagedSound("the answer is a WAV without a format")
    _, channels, rate_hz, _, block_bytes, _ = struct.unpack_from("<HHIIHH", form)
    if rate_hz not in _RATES_HZ or not 0 < channels <= _MOST_CHANNELS or not block_bytes:
        raise DamagedSound(f"the answer is a WAV of {rate_hz} Hz and {channels} channels")
    samples = samples[: len(samples) // block_bytes * block_bytes]
    if not samples:
        raise DamagedSound("the sound is empty")
    return _decode(_wave(form, samples), sample_rate_hz)


def _wave(form: bytes, samples: bytes) -> bytes:
    """Return a WAV whose lengths are true."""
    chunks = b"".join(
        name + struct.pack("<I", len(content)) + content + bytes(len(content) % 2)
        for name, content in ((b"fmt ", form), (b"data", samples))
    )
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks


def _decode(wave: bytes, sample_rate_hz: int) -> Sound:
    import av
    from av.audio.resampler import AudioResampler

    resampler = AudioResampler(format="s16", layout="mono", rate=sample_rate_hz)
    pcm: list[bytes] = []
    try:
        with av.open(io.BytesIO(wave), mode="r", format="wav") as container:
            for frame in (*container.decode(container.streams.audio[0]), None):
                if frame is not None:
                    frame.pts = None
                parts = resampler.resample(frame)
                pcm.extend(bytes(part.planes[0])[: part.samples * 2] for part in parts)
    except (av.FFmpegError, ValueError, IndexError) as error:
        raise DamagedSound(f"the sound cannot be decoded: {type(error).__name__}") from None
    if not pcm:
        raise DamagedSound("the sound is empty")
    return Sound(b"".join(pcm), sample_rate_hz)
