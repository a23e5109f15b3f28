"""A briefing's title -> its cover: the title under a star, in a colour of the briefing's own.

The same title gives the same bytes with the same libraries. It needs the extra briefing[cover]
(see `title_lines`), and numpy.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from briefing.publish.title_lines import UPEM, Line, face, set_lines, writable_title

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Picture = NDArray[np.uint32]
    """A row of pixels for each row of the picture. The bytes of a pixel are red, green, blue, 0:
    painting whole words takes half the time of painting bytes."""

__all__ = ["title_cover"]

_Colour = tuple[int, int, int]
"""Red, green, blue."""
_NIGHT, _BLUE, _GOLD, _PAPER = (15, 30, 50), (25, 48, 76), (228, 174, 76), (250, 246, 236)
_COLOURS = (
    (18, 94, 92),  # teal
    (122, 38, 54),  # wine
    (38, 78, 140),  # blue
    (92, 64, 128),  # violet
    (74, 96, 42),  # olive
    (150, 78, 28),  # rust
)
"""Of the star; white on each has a contrast of at least 5 to 1."""

# All measures are parts of the cover's side.
_TILES = 7
_SMALL_STARS = ((0.390, _BLUE), (0.345, _NIGHT), (0.215, _BLUE), (0.170, _NIGHT))
"""Half-sides in tiles, and colours."""
_SMALL_HEART = 0.070
_STAR_AT = 0.335
"""The height of the large star's middle."""
_STAR = ((0.225, _NIGHT), (0.208, _GOLD), (0.196, _NIGHT), (0.188, None))
"""Half-sides and colours; None: the briefing's."""
_BARS = (0.026, 0.056, 0.088, 0.045, 0.105, 0.072, 0.097, 0.040, 0.021)
"""Half-heights of the bars of a voice."""
_BAR_RADIUS, _BAR_STEP = 0.0090, 0.0290
_BAND_AT, _RULE = 0.660, 0.008
"""Where the band of the title begins, and the height of the rule above it."""
_BOX_WIDTH, _BOX_AT, _BOX_HEIGHT = 0.88, 0.690, 0.285
_COMPRESSION = 4
"""zlib's level: a higher one takes longer than it saves."""
_LARGEST, _LINE_HEIGHT = 0.150, 1.45
"""The largest size of an em, and the distance of baselines in em."""
_DEPTH = 0.42
"""From the middle of a line's letters down to its baseline, in em, is half of this."""


def title_cover(title: str, place: int, size_px: int) -> bytes:
    """Return a square cover with a title as a PNG file, 8 bits of red, green and blue; b"" if the
    fonts do not have a letter of the title.

    place: the briefing's in the configuration, which decides the colour. size_px: the side.
    Raises ImportError without the extra.
    """
    text = writable_title(title)
    if not text:
        return b""
    lines = set_lines(text, _BOX_WIDTH, _BOX_HEIGHT, _LINE_HEIGHT)
    colour = _COLOURS[place % len(_COLOURS)]
    picture = _ground(size_px, colour)
    _paint_star(picture, colour)
    _paint_band(picture)
    _paint_letters(picture, lines)
    return _png(picture)


def _ground(size: int, colour: _Colour) -> Picture:
    """Return the pattern of small stars."""
    import numpy as np

    tile = -(-size // _TILES)
    picture = np.full((tile, tile), _word(_NIGHT))
    for half, shade in (*_SMALL_STARS, (_SMALL_HEART, colour)):
        _paint_one_star(picture, tile / 2, tile / 2, half * tile, shade)
    return np.tile(picture, (_TILES, _TILES))[:size, :size].copy()


def _paint_star(picture: Picture, colour: _Colour) -> None:
    """Paint the large star with the bars of a voice."""
    size = len(picture)
    for half, shade in _STAR:
        _paint_one_star(picture, size / 2, _STAR_AT * size, half * size, shade or colour)
    for place, half in enumerate(_BARS):
        middle = size / 2 + (place - (len(_BARS) - 1) / 2) * _BAR_STEP * size
        _paint_bar(picture, middle, _STAR_AT * size, half * size)


def _paint_one_star(
    picture: Picture, across: float, down: float, half: float, colour: _Colour
) -> None:
    """Paint a star of two squares at 45°. across, down: its middle. half: half a square's side."""
    import numpy as np

    diagonal = half * 2**0.5
    part, x, y = _part(picture, across, down, diagonal, diagonal)
    x, y = np.abs(x), np.abs(y)
    square = np.maximum(x, y)
    diamond = (x + y) * np.float32(0.5**0.5)
    _paint(part, _inside(np.minimum(square, diamond) - np.float32(half)), colour)


def _paint_bar(picture: Picture, across: float, down: float, half: float) -> None:
    """Paint an upright bar with round ends. across, down: its middle. half: half its height."""
    import numpy as np

    radius = _BAR_RADIUS * len(picture)
    part, x, y = _part(picture, across, down, radius, half)
    beyond = np.maximum(np.abs(y) - np.float32(half - radius), 0)
    _paint(part, _inside(np.hypot(x, beyond) - np.float32(radius)), _PAPER)


def _part(
    picture: Picture, across: float, down: float, half_width: float, half_height: float
) -> tuple[Picture, Any, Any]:
    """Return the part of a picture around a point, and how far its pixels are from that point.

    These are a row of distances to the right and a column of distances down, in pixels.
    """
    import numpy as np

    size = len(picture)
    left, right = max(0, int(across - half_width) - 1), min(size, int(across + half_width) + 2)
    top, bottom = max(0, int(down - half_height) - 1), min(size, int(down + half_height) + 2)
    x = np.arange(left, right, dtype=np.float32) + np.float32(0.5 - across)
    y = np.arange(top, bottom, dtype=np.float32) + np.float32(0.5 - down)
    return picture[top:bottom, left:right], x[None, :], y[:, None]


def _inside(distance: Any) -> Any:
    """Return how much of a pixel is inside. distance: of its middle from the edge, in pixels."""
    import numpy as np

    return np.clip(np.float32(0.5) - distance, 0, 1)


def _paint_band(picture: Picture) -> None:
    """Paint the band of the title, and the rule above it."""
    size = len(picture)
    rule, band = round((_BAND_AT - _RULE) * size), round(_BAND_AT * size)
    picture[rule:band] = _word(_GOLD)
    picture[band:] = _word(_NIGHT)


def _paint_letters(picture: Picture, lines: Sequence[Line]) -> None:
    """Paint the title into its box, drawn by HarfBuzz."""
    import numpy as np
    import uharfbuzz

    size = len(picture)
    band = round(_BAND_AT * size)
    widest = max(line.width for line in lines) / UPEM or 1
    em = min(_LARGEST, _BOX_WIDTH / widest, _BOX_HEIGHT / (len(lines) * _LINE_HEIGHT)) * size
    scale = em / UPEM
    drawing = uharfbuzz.RasterDraw()
    drawing.extents = uharfbuzz.RasterExtents(0, 0, size, size - band)
    fonts = {
        glyph.font: uharfbuzz.Font(face(glyph.font)) for line in lines for glyph in line.glyphs
    }
    middle = (_BOX_AT + _BOX_HEIGHT / 2) * size
    for number, line in enumerate(lines):
        down = middle + ((number - (len(lines) - 1) / 2) * _LINE_HEIGHT + _DEPTH / 2) * em
        left = (size - line.width * scale) / 2
        for glyph in line.glyphs:
            place = left + glyph.x * scale, size - down + glyph.y * scale
            drawing.transform = (scale, 0, 0, scale, *place)  # y is counted from below
            drawing.draw_glyph(fonts[glyph.font], glyph.number)
    image = drawing.render()
    rows = np.frombuffer(image.buffer, np.uint8).reshape(size - band, image.extents.stride)
    mask = rows[::-1, :size].astype(np.float32) / np.float32(255)
    _paint(picture[band:], mask, _PAPER)


def _paint(part: Picture, mask: Any, colour: _Colour) -> None:
    """Lay a colour over a part of a picture. mask: how much of each pixel is covered, 0 to 1."""
    import numpy as np

    word = _word(colour)
    np.copyto(part, word, where=mask >= 1)
    edge = np.nonzero((mask > 0) & (mask < 1))
    under = part[edge].view(np.uint8).reshape(-1, 4).astype(np.float32)
    over = np.array([word]).view(np.uint8).astype(np.float32)
    mixed = np.rint(under + mask[edge][:, None] * (over - under)).astype(np.uint8)
    part[edge] = mixed.view(np.uint32)[:, 0]


def _word(colour: _Colour) -> Any:
    """Return a colour as a pixel of a picture."""
    import numpy as np

    return np.array([*colour, 0], np.uint8).view(np.uint32)[0]


def _png(picture: Picture) -> bytes:
    """Return a picture as a PNG file (W3C PNG, third edition: truecolour, filter "up")."""
    import numpy as np

    height, width = picture.shape
    rows = picture.view(np.uint8).reshape(height, width, 4)[..., :3].reshape(height, width * 3)
    filtered = np.full((height, width * 3 + 1), 2, np.uint8)
    filtered[0, 1:] = rows[0]
    filtered[1:, 1:] = rows[1:] - rows[:-1]
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(filtered.tobytes(), _COMPRESSION)
    chunks = ((b"IHDR", header), (b"IDAT", data), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
