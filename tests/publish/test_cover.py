"""The cover: a PNG that anything can read, small, and as the drawing in the tests draws it."""

import struct
import zlib

import pytest

from briefing.publish.cover import COVER_PX, SMALL_COVER_PX, drawn_cover
from tests.publish.cover_drawing import cover_png


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


@pytest.mark.parametrize(("size", "most_bytes"), [(SMALL_COVER_PX, 20_000), (COVER_PX, 512_000)])
def test_it_is_a_square_png_of_the_size_asked_for_and_small(size, most_bytes):
    png = drawn_cover(size)
    width, height, rows, colours = decoded(png)
    assert (width, height) == (size, size)
    assert max(map(max, rows)) < colours
    assert len(png) < most_bytes


def test_it_is_drawn_not_blank_and_stands_in_the_middle():
    _, _, rows, colours = decoded(drawn_cover(600))
    assert {pixel for row in rows for pixel in row} == set(range(colours))
    paper = [x for x, pixel in enumerate(rows[300]) if pixel == colours - 1]
    assert abs((min(paper) + max(paper)) / 2 - 300) < 3


@pytest.mark.parametrize("size", [SMALL_COVER_PX, COVER_PX])
def test_the_files_are_what_the_drawing_draws(size):
    assert decoded(drawn_cover(size)) == decoded(cover_png(size))
