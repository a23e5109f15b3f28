"""A title -> the glyphs of its lines, shaped and in the order in which they are drawn.

HarfBuzz shapes (uharfbuzz), the bidirectional algorithm orders (python-bidi; UAX 9): both come with
the extra briefing[cover]. A title is set in Noto Naskh Arabic, and in Noto Serif where it is Latin.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

__all__ = ["UPEM", "Glyph", "Line", "face", "set_lines", "writable_title"]

UPEM = 1000
"""Units of an em in both fonts; all measures of a line are in them."""
ARABIC, LATIN = "cover-arabic.ttf", "cover-latin.ttf"
_DATA = Path(__file__).parent / "data"
_MOST_LINES = 5
_MOST_LETTERS = 120
"""Of a title; what is beyond could not be read on a cover."""
_CUT = "…"
_NON_JOINER = "\u200c"
"""Separates letters of a word that would be joined; it has no glyph."""
_LEFT_OUT = frozenset({"So", "Sk", "Cc", "Cf", "Cn", "Co", "Cs"})
"""Categories of characters without which a title says the same: emoji, control characters."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """A glyph of a line, at its place from the line's left end and the baseline."""

    font: str
    """ARABIC or LATIN."""
    number: int
    """In the font; 0 is the box of a missing glyph, which no line has."""
    x: int
    y: int
    cluster: int
    """The character of the line, in reading order, that it begins to show."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a title."""

    text: str
    glyphs: tuple[Glyph, ...]
    """From left to right."""
    width: int


@cache
def face(font: str) -> Any:
    """Return a font as HarfBuzz's face. Raises ImportError without the extra."""
    import uharfbuzz

    return uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(_DATA / font)))


def writable_title(title: str) -> str:
    """Return a title with the characters that the fonts have; "" if a letter of it is missing.

    Symbols that no font has are left out. Spaces are as between words; a title that is too long
    for a cover is cut.
    """
    letters = []
    for letter in unicodedata.normalize("NFC", " ".join(title.split())):
        is_silent = unicodedata.category(letter) in _LEFT_OUT and letter != _NON_JOINER
        if letter == _NON_JOINER or (_font_of(letter) and not is_silent):
            letters.append(letter)
        elif not is_silent:
            return ""
    text = " ".join("".join(letters).split())
    if len(text) > _MOST_LETTERS:
        text = text[: text.rfind(" ", 0, _MOST_LETTERS) % _MOST_LETTERS] + _CUT
    return text


def set_lines(text: str, width: float, height: float, line_height: float) -> list[Line]:
    """Return a title's lines, broken so that it is as large as possible in a box.

    text: of `writable_title`. width, height: the box, in any unit. line_height: in em.
    """
    words, base = text.split(" "), _base_level(text)
    best: tuple[float, list[Line]] = (0.0, [])
    for count in range(1, min(_MOST_LINES, len(words)) + 1):
        lines = [_set_line(part, base) for part in _broken(words, count, base)]
        widest = max(line.width for line in lines) or 1
        size = min(width / widest, height / (len(lines) * line_height * UPEM))
        if size > best[0]:
            best = size, lines
    return best[1]


def _broken(words: Sequence[str], count: int, base: int) -> list[str]:
    """Return words as so many lines whose longest is as short as possible."""
    widths = [_set_line(word, base).width for word in words]
    space = _set_line("ا ا", base).width - _set_line("اا", base).width
    limits = sorted(
        {
            sum(widths[first : last + 1]) + space * (last - first)
            for first in range(len(words))
            for last in range(first, len(words))
        }
    )
    for limit in limits:
        lines: list[list[int]] = [[]]
        for place, width in enumerate(widths):
            so_far = sum(widths[at] + space for at in lines[-1])
            if lines[-1] and so_far + width > limit:
                lines.append([])
            lines[-1].append(place)
        if len(lines) <= count and limit >= max(widths):
            return [" ".join(words[at] for at in line) for line in lines]
    return [" ".join(words)]


def _set_line(text: str, base: int) -> Line:
    """Return a line. base: the embedding level of the whole title, 1 from right to left."""
    glyphs: list[Glyph] = []
    x = 0
    for run in _visual_runs(text, base):
        for glyph, advance in _shape(text, run):
            glyphs.append(Glyph(run.font, glyph.number, x + glyph.x, glyph.y, glyph.cluster))
            x += advance
    return Line(text, tuple(glyphs), x)


@dataclass(frozen=True, slots=True)
class _Run:
    """Neighbouring characters of one direction and one font."""

    start: int
    end: int
    level: int
    """Of UAX 9: odd from right to left."""
    font: str


def _visual_runs(text: str, base: int) -> list[_Run]:
    """Return the runs of a line from left to right (UAX 9, L2)."""
    levels = _levels(text, base)
    fonts = _fonts(text, base)
    runs = []
    for (level, font), places in groupby(range(len(text)), lambda at: (levels[at], fonts[at])):
        at = list(places)
        runs.append(_Run(at[0], at[-1] + 1, level, font))
    for level in range(max(levels, default=0), 0, -1):
        runs = list(_reversed_from(runs, level))
    return runs


def _reversed_from(runs: Sequence[_Run], level: int) -> Iterator[_Run]:
    """Yield the runs, neighbours of at least a level in reverse order."""
    for is_deep, group in groupby(runs, lambda run: run.level >= level):
        run = list(group)
        yield from reversed(run) if is_deep else run


def _base_level(text: str) -> int:
    from bidi import algorithm

    return int(algorithm.get_base_level(text))


def _levels(text: str, base: int) -> list[int]:
    """Return the embedding level of each character (UAX 9, X1 to I2)."""
    from bidi import algorithm

    storage = algorithm.get_empty_storage()
    storage["base_level"], storage["base_dir"] = base, "LR"[base]
    algorithm.get_embedding_levels(text, storage)
    algorithm.explicit_embed_and_overrides(storage)
    algorithm.resolve_weak_types(storage)
    algorithm.resolve_neutral_types(storage, False)
    algorithm.resolve_implicit_levels(storage, False)
    resolved = iter(storage["chars"])  # without the non-joiners (X9)
    levels: list[int] = []
    for letter in text:
        before = levels[-1] if levels else base
        levels.append(before if letter == _NON_JOINER else next(resolved)["level"])
    return levels


def _fonts(text: str, base: int) -> list[str]:
    """Return the font of each character: digits and signs are set as the letters before them."""
    font = ARABIC if base % 2 else LATIN
    fonts = []
    for letter in text:
        if letter.isalpha():
            font = _font_of(letter) or font
        has_it = letter == _NON_JOINER or _has(font, letter)
        fonts.append(font if has_it else _font_of(letter))
    return fonts


def _font_of(letter: str) -> str:
    return next((font for font in (ARABIC, LATIN) if _has(font, letter)), "")


def _has(font: str, letter: str) -> bool:
    return ord(letter) in _characters(font)


@cache
def _characters(font: str) -> frozenset[int]:
    return frozenset(face(font).unicodes)


def _shape(text: str, run: _Run) -> Iterator[tuple[Glyph, int]]:
    """Yield the glyphs of a run from left to right, each with its advance."""
    import uharfbuzz

    buffer = uharfbuzz.Buffer()
    buffer.add_str(text, run.start, run.end - run.start)
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if run.level % 2 else "ltr"
    if run.font == ARABIC:
        buffer.language = "ar"
    font = uharfbuzz.Font(face(run.font))
    uharfbuzz.shape(font, buffer)
    for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        place = Glyph(run.font, info.codepoint, position.x_offset, position.y_offset, info.cluster)
        yield place, position.x_advance
