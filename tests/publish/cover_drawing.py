"""Draws the cover: a pattern of eight-pointed stars, and a large one with the bars of a voice.

python3 -m tests.publish.cover_drawing writes the pictures in briefing/publish/data/.

It needs no image library. A row of the picture is a few runs of one colour.
"""

from __future__ import annotations

import struct
import zlib
from functools import lru_cache
from math import isqrt
from pathlib import Path

from briefing.publish.cover import COVER_PX, SMALL_COVER_PX

__all__ = ["cover_png"]

# night blue, a lighter blue, teal, gold, paper
_PALETTE = ((15, 30, 50), (25, 48, 76), (18, 94, 92), (228, 174, 76), (250, 246, 236))
_NIGHT, _BLUE, _TEAL, _GOLD, _PAPER = range(5)

_TILES = 7  # stars in a row of the pattern
# half-sides and colours, the largest first: small stars in thousandths of a tile, the large star in
# thousandths of the picture
_SMALL = ((390, _BLUE), (345, _NIGHT), (215, _BLUE), (170, _NIGHT), (70, _TEAL))
_LARGE = ((322, _NIGHT), (300, _GOLD), (284, _NIGHT), (272, _TEAL))
# half-heights of the voice's bars from left to right, in thousandths of the picture
_BARS = (38, 82, 128, 66, 152, 104, 140, 58, 30)
_COMPRESSION = 3
"""zlib's level. By default a cover is two thirds of this size, but takes three times as long."""
_BAR_HALF_WIDTH, _BAR_STEP = 13, 42


@lru_cache(maxsize=4)
def cover_png(size_px: int) -> bytes:
    """Draw the square cover as a PNG file (W3C PNG, third edition: a palette, 8 bits a pixel).

    size_px: its side, 64 to 4000. Podcast directories require 1400 to 3000; players show 600.
    Raises ValueError for another size.

    >>> cover_png(600)[:8], struct.unpack(">II", cover_png(600)[16:24])
    (b'\\x89PNG\\r\\n\\x1a\\n', (600, 600))
    """
    if not 64 <= size_px <= 4000:
        raise ValueError(f"a cover of {size_px} pixels a side; 64 to 4000 can be drawn")
    tile = size_px // _TILES + 1
    ground = [_ground_row(y, tile) * _TILES for y in range(tile)]
    middle = size_px // 2
    # the upper and the lower half of the large star are the same
    runs = [_large_runs(distance, size_px) for distance in range(middle + 1)]
    picture = bytearray()
    for y in range(size_px):
        start = len(picture) + 1
        picture += b"\0" + ground[y % tile][:size_px]
        for first, pixels in runs[abs(y - middle)]:
            picture[start + first : start + first + len(pixels)] = pixels
    header = struct.pack(">IIBBBBB", size_px, size_px, 8, 3, 0, 0, 0)
    chunks = (
        (b"IHDR", header),
        (b"PLTE", b"".join(map(bytes, _PALETTE))),
        (b"IDAT", zlib.compress(picture, _COMPRESSION)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _star_half_width(distance: int, half_side: int) -> int:
    """Return half the width of a star (two squares at 45°) at a distance from its middle."""
    corner = isqrt(2 * half_side * half_side)
    return max(half_side if distance <= half_side else 0, corner - distance)


def _ground_row(y: int, tile: int) -> bytes:
    row = bytearray([_NIGHT]) * tile
    middle = tile // 2
    for thousandths, colour in _SMALL:
        half = _star_half_width(abs(y - middle), tile * thousandths // 1000)
        start, end = max(0, middle - half), min(tile, middle + half)
        row[start:end] = bytes([colour]) * (end - start)
    return bytes(row)


def _large_runs(distance: int, size: int) -> list[tuple[int, bytes]]:
    """Return the runs (first pixel, pixels) of the large star at a distance from the middle row."""
    middle = size // 2
    halves = [
        (middle, _star_half_width(distance, size * thousandths // 1000), colour)
        for thousandths, colour in _LARGE
    ]
    radius = size * _BAR_HALF_WIDTH // 1000
    for at, thousandths in enumerate(_BARS):
        beyond = max(0, distance - max(0, size * thousandths // 1000 - radius))
        if beyond < radius:
            centre = middle + (2 * at - len(_BARS) + 1) * size * _BAR_STEP // 2000
            halves.append((centre, isqrt(radius * radius - beyond * beyond), _PAPER))
    return [
        (centre - half, bytes([colour]) * (2 * half)) for centre, half, colour in halves if half > 0
    ]


if __name__ == "__main__":
    data = Path(__file__).parents[2] / "briefing" / "publish" / "data"
    for size in (SMALL_COVER_PX, COVER_PX):
        (data / f"cover-{size}.png").write_bytes(cover_png(size))
