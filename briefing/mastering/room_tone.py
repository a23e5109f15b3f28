"""The soft noise of a room, under the speech and in the pauses of a voice that has none of its own.

Against digital silence, such a voice seems to be switched on and off in earphones. The noise is one
loop of some seconds without a seam; each clip and each pause begins at another place of it.
"""

from __future__ import annotations

import zlib
from functools import lru_cache
from typing import TYPE_CHECKING

from briefing.mastering.formats.encoding import Encoding, Packets
from briefing.mastering.formats.registry import codec_of
from briefing.mastering.signal.joining import pcm

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["add_room_tone", "pause"]

_LOOP_SAMPLES = 1 << 16
"""1.5 to 4 seconds: too long for anyone to hear that it returns."""
_SEED = 15
_LOW_HZ, _KNEE_HZ = 60.0, 200.0
"""Between them the noise is loudest; above, it falls by 6 dB an octave, as that of a quiet room."""
_REELS = 4
"""So many pauses in a row differ."""
_REEL_S = 1.6
"""Of noise that is encoded at once: one pause, or the beginning of a long one."""
_AFTER_PACKETS = 3
"""Of noise after a reel, so that its last packets do not fade."""


def add_room_tone(
    sound: NDArray[np.float32], sample_rate_hz: int, dbfs: float, after: int
) -> NDArray[np.float32]:
    """Add the noise to a sound in its place; return so many samples of the noise after it.

    sound: mono, shape (n,), full scale 1.0; the same sound gets the same noise. dbfs: the noise's
    level (RMS), dB of full scale.
    """
    loop = _loop(sample_rate_hz, dbfs)
    start = zlib.crc32(sound[:sample_rate_hz].tobytes()) % len(loop)
    _add_loop(sound, loop, start)
    return _stretch(loop, start + len(sound), after)


def _add_loop(sound: NDArray[np.float32], loop: NDArray[np.float32], start: int) -> None:
    """Add a loop to a sound, from a place of the loop on, without a copy of either."""
    at = 0
    while at < len(sound):
        part = loop[start : start + len(sound) - at]
        sound[at : at + len(part)] += part
        at += len(part)
        start = 0


def _stretch(loop: NDArray[np.float32], start: int, count: int) -> NDArray[np.float32]:
    """Return so many samples of a loop from a place on."""
    import numpy as np

    return np.take(loop, np.arange(start, start + count), mode="wrap")


def pause(encoding: Encoding, dbfs: float, count: int, number: int) -> Packets:
    """Return noise of exactly `count` packets.

    number: of the pause in its recording; no packet is repeated in a pause of under six seconds,
    nor in four pauses in a row. A repeated packet would be heard as a hum of 38 Hz.
    """
    codec = codec_of(encoding.format)
    longest = _reel_packets(encoding)
    parts: list[Packets] = []
    while count > 0:
        reel = _reel(encoding, dbfs, (number + len(parts)) % _REELS)
        parts.append(codec.beginning(reel, min(count, longest), encoding))
        count -= longest
    return Packets(
        b"".join(part.data for part in parts),
        sum(part.count for part in parts),
        tuple(size for part in parts for size in part.sizes),
    )


def _reel_packets(encoding: Encoding) -> int:
    samples = codec_of(encoding.format).packet_samples(encoding.sample_rate_hz)
    return round(_REEL_S * encoding.sample_rate_hz / samples)


@lru_cache(maxsize=2 * _REELS)
def _reel(encoding: Encoding, dbfs: float, number: int) -> Packets:
    codec, rate = codec_of(encoding.format), encoding.sample_rate_hz
    packets = _reel_packets(encoding) + _AFTER_PACKETS
    samples = packets * codec.packet_samples(rate)
    noise = _stretch(_loop(rate, dbfs), number * _LOOP_SAMPLES // _REELS, samples)
    return codec.encode(pcm(noise), encoding)


@lru_cache(maxsize=2)
def _loop(sample_rate_hz: int, dbfs: float) -> NDArray[np.float32]:
    """Return the loop, shape (n,), full scale 1.0."""
    import numpy as np

    spectrum = np.fft.rfft(np.random.default_rng(_SEED).standard_normal(_LOOP_SAMPLES))
    hz = np.fft.rfftfreq(_LOOP_SAMPLES, 1 / sample_rate_hz)
    rising = (hz / _LOW_HZ) ** 2 / (1 + (hz / _LOW_HZ) ** 2)
    falling = 1 / np.sqrt(1 + (hz / _KNEE_HZ) ** 2)
    noise = np.fft.irfft(spectrum * rising * falling)
    level = 10 ** (dbfs / 20) / np.sqrt(np.mean(np.square(noise)))
    loop: NDArray[np.float32] = (noise * level).astype(np.float32)
    return loop
