"""The cover: a PNG that anything can read, small, and the same every time."""

import struct
import time
import zlib

import pytest

from briefing.publish.cover import cover_png


def decoded(png):
    """Read a PNG of one byte a pixel by the rules: (width, height, rows, colours)."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    place, chunks = 8, []
    while place < len(png):
        length, kind = struct.unpack(">I4s", png[place : place + 8])
        data = png[place + 8 : place + 8 + length]
        check = struct.unpack(">I", png[place + 8 + length : place + 12 + length])[0]
        assert check == zlib.crc32(kind + data)
        chunks.append((kind, data))
        place += 12 + length
    assert [kind for kind, _ in chunks] == [b"IHDR", b"PLTE", b"IDAT", b"IEND"]
    width, height, depth, colour, *rest = struct.unpack(">IIBBBBB", chunks[0][1])
    assert (depth, colour, rest) == (8, 3, [0, 0, 0])
    raw = zlib.decompress(chunks[2][1])
    assert len(raw) == height * (width + 1)
    rows = [raw[y * (width + 1) : (y + 1) * (width + 1)] for y in range(height)]
    assert {row[0] for row in rows} == {0}
    return width, height, [row[1:] for row in rows], len(chunks[1][1]) // 3


@pytest.mark.parametrize(("size", "most_bytes"), [(600, 60_000), (1400, 512_000), (3000, 512_000)])
def test_it_is_a_square_png_of_the_size_asked_for_and_small(size, most_bytes):
    png = cover_png(size)
    width, height, rows, colours = decoded(png)
    assert (width, height) == (size, size)
    assert max(map(max, rows)) < colours
    assert len(png) < most_bytes


def test_it_is_drawn_not_blank_and_stands_in_the_middle():
    _, _, rows, colours = decoded(cover_png(600))
    assert {pixel for row in rows for pixel in row} == set(range(colours))
    paper = [x for x, pixel in enumerate(rows[300]) if pixel == colours - 1]
    assert abs((min(paper) + max(paper)) / 2 - 300) < 3


def test_it_is_the_same_every_time_and_quick():
    cover_png.cache_clear()
    begun = time.process_time()
    first = cover_png(1400)
    seconds = time.process_time() - begun
    cover_png.cache_clear()
    assert cover_png(1400) == first
    assert seconds < 2, "0.1 s on a quiet machine"


def test_other_sizes_are_refused():
    with pytest.raises(ValueError, match="0 pixels"):
        cover_png(0)
