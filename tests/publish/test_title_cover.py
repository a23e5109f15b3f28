"""The cover with a title: the letters that HarfBuzz says, none missing, the same bytes each time."""

from __future__ import annotations

import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest

from briefing.clip_cache import MemoryStore
from briefing.publish.cover import COVER_PX, SMALL_COVER_PX, cover_of, drawn_cover
from tests.conftest import ROOT, Project

hb = pytest.importorskip("uharfbuzz", reason="the extra briefing[cover] is not installed")
from briefing.publish.title_cover import _COLOURS, title_cover  # noqa: E402
from briefing.publish.title_lines import ARABIC, LATIN, face, set_lines, writable_title  # noqa: E402

TITLE = "موجز الأخبار 24"
WIDE = (9.0, 1.0, 1.0)
"""A box in which each title has one line."""


def pixels(png: bytes) -> np.ndarray:
    """Read a truecolour PNG whose rows are differences to the row above."""
    width, height, *form = struct.unpack(">IIBBBBB", png[16:29])
    assert form == [8, 2, 0, 0, 0]  # 8 bits of red, green and blue
    data, place = b"", 8
    while place < len(png):
        length, kind = struct.unpack(">I4s", png[place : place + 8])
        data += png[place + 8 : place + 8 + length] if kind == b"IDAT" else b""
        place += 12 + length
    rows = np.frombuffer(zlib.decompress(data), np.uint8).reshape(height, 1 + 3 * width)
    assert set(rows[:, 0]) == {2}
    return np.cumsum(rows[:, 1:], axis=0, dtype=np.uint8).reshape(height, width, 3)


def shaped(text: str, direction: str, font: str = ARABIC) -> list[tuple[str, int]]:
    """Return the glyphs that HarfBuzz itself sets a text in, from left to right."""
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    assert buffer.direction == direction
    own = hb.Font(face(font))
    hb.shape(own, buffer)
    return [(font, info.codepoint) for info in buffer.glyph_infos]


def nominal(letter: str, font: str = ARABIC) -> tuple[str, int]:
    """Return the glyph of a letter that stands alone."""
    return font, hb.Font(face(font)).get_nominal_glyph(ord(letter))


def drawn(text: str) -> list[tuple[str, int]]:
    (line,) = set_lines(writable_title(text), *WIDE)
    assert all(glyph.number for glyph in line.glyphs)  # 0 is the box of a missing glyph
    assert [glyph.x for glyph in line.glyphs if glyph.x < 0] == []
    return [(glyph.font, glyph.number) for glyph in line.glyphs]


def test_the_glyphs_of_a_title_are_those_of_harfbuzz_in_visual_order() -> None:
    assert drawn(TITLE) == shaped("24", "ltr") + shaped("موجز الأخبار ", "rtl")
    # letters are joined
    assert not {nominal("م"), nominal("ج"), nominal("خ")} & {*drawn(TITLE)}
    assert nominal("و") not in drawn("مو")


def test_latin_words_are_read_from_left_to_right_inside_an_arabic_title() -> None:
    glyphs = drawn("أخبار BBC: موجز (الصباح) 2026")
    assert glyphs[:4] == shaped("2026", "ltr")
    letters = [nominal(letter, LATIN) for letter in "BBC"]
    assert glyphs[glyphs.index(letters[0]) :][:3] == letters
    left, right = (glyphs.index(nominal(sign, LATIN)) for sign in "()")
    assert glyphs[left + 1 : right] == shaped("الصباح", "rtl")


def test_an_english_title_is_set_from_left_to_right() -> None:
    assert drawn("News from القاهرة") == (
        shaped("News from ", "ltr", LATIN) + shaped("القاهرة", "rtl")
    )


@pytest.mark.parametrize(
    ("title", "written"),
    [
        ("  موجز \n الأخبار ", "موجز الأخبار"),
        ("موجز 📻 الأخبار", "موجز الأخبار"),
        ("\u202eموجز\u202c \x07!", "موجز !"),
        ("日本のニュース", ""),
        ("موجز नमस्ते", ""),
        ("📻", ""),
        ("", ""),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
    ids=["spaces", "emoji", "controls", "japanese", "hindi", "only emoji", "empty", "non-joiner"],
)
def test_what_cannot_be_written_is_left_out_or_the_cover_has_no_title(
    title: str, written: str
) -> None:
    assert writable_title(title) == written
    if written:
        assert drawn(title)
    else:
        assert cover_of(title, 0, SMALL_COVER_PX, MemoryStore()) == drawn_cover(SMALL_COVER_PX)


def test_a_title_of_any_length_is_set_whole_lines_in_its_box() -> None:
    title = "موجز يومي عن أخبار المدينة وما حولها " * 20
    lines = set_lines(writable_title(title), 0.88, 0.285, 1.45)
    assert 2 <= len(lines) <= 5
    text = " ".join(line.text for line in lines)
    assert text.endswith("…")
    assert " ".join(title.split()).startswith(text.rstrip("…"))
    widths = [line.width for line in lines]
    assert max(widths) < 2 * min(widths)
    assert set_lines(writable_title("كلمة" * 40), 0.88, 0.285, 1.45)


@pytest.mark.parametrize(("size", "most_bytes"), [(SMALL_COVER_PX, 60_000), (COVER_PX, 512_000)])
def test_the_picture_shows_the_letters_as_large_as_harfbuzz_measures(
    size: int, most_bytes: int
) -> None:
    png = title_cover(TITLE, 0, size)
    assert len(png) < most_bytes  # Apple takes 512 kB
    picture = pixels(png)
    assert picture.shape == (size, size, 3)
    band = picture[round(0.66 * size) + 1 :].astype(float)
    night, paper = np.array((15, 30, 50.0)), np.array((250, 246, 236.0))
    ink = ((band - night) / (paper - night)).mean(axis=2)
    assert ink.min() > -0.01
    assert ink.max() < 1.01
    rows, columns = (ink > 0.5).any(axis=1).nonzero()[0], (ink > 0.5).any(axis=0).nonzero()[0]
    assert abs((columns[0] + columns[-1]) / 2 - size / 2) < size * 0.01  # in the middle
    assert rows[0] > 0.01 * size
    assert rows[-1] < len(band) - 0.01 * size
    # the covered area is that of the outlines
    (line,) = set_lines(TITLE, 0.88, 0.285, 1.45)
    em = min(0.150, 0.88 / (line.width / 1000)) * size
    assert ink.sum() == pytest.approx(area(line.glyphs) * (em / 1000) ** 2, rel=0.02)


def area(glyphs: tuple) -> float:
    """Return the area inside the glyphs' outlines in units of the font, by Green's theorem."""
    total = 0.0
    functions = hb.DrawFuncs()
    state = {"at": (0.0, 0.0), "start": (0.0, 0.0), "sum": 0.0}

    def line(x: float, y: float) -> None:
        before = state["at"]
        state["sum"] += (before[0] * y - x * before[1]) / 2
        state["at"] = (x, y)

    def move(x: float, y: float, _: object) -> None:
        state["at"] = state["start"] = (x, y)

    def curve(cx: float, cy: float, x: float, y: float, _: object) -> None:
        (ax, ay), steps = state["at"], 16
        for step in range(1, steps + 1):
            t = step / steps
            u = 1 - t
            line(u * u * ax + 2 * u * t * cx + t * t * x, u * u * ay + 2 * u * t * cy + t * t * y)

    functions.set_move_to_func(move)
    functions.set_line_to_func(lambda x, y, _: line(x, y))
    functions.set_quadratic_to_func(curve)
    functions.set_close_path_func(lambda _: line(*state["start"]))
    for glyph in glyphs:
        state["sum"] = 0.0
        hb.Font(face(glyph.font)).draw_glyph(glyph.number, functions, None)
        total += abs(state["sum"])
    return total


def test_the_same_title_gives_the_same_bytes_in_another_process() -> None:
    code = (
        "import sys; from briefing.publish.title_cover import title_cover;"
        f"sys.stdout.buffer.write(title_cover({TITLE!r}, 0, {SMALL_COVER_PX}))"
    )
    other = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True, timeout=120
    )
    assert other.stdout == title_cover(TITLE, 0, SMALL_COVER_PX)


def test_a_cover_is_drawn_once_and_kept() -> None:
    store = MemoryStore()
    picture = cover_of(TITLE, 0, SMALL_COVER_PX, store)
    assert picture == title_cover(TITLE, 0, SMALL_COVER_PX)
    (key,) = store.values
    store.values[key] = b"kept"
    assert cover_of(TITLE, 0, SMALL_COVER_PX, store) == b"kept"
    assert cover_of(TITLE, 1, SMALL_COVER_PX, store) not in (b"kept", picture)


def test_each_briefing_has_its_own_cover_and_its_colours_can_be_read() -> None:
    covers = {title_cover("موجز", place, SMALL_COVER_PX) for place in range(len(_COLOURS))}
    assert len(covers) == len({*_COLOURS}) == 6
    assert title_cover("رياضة", 0, SMALL_COVER_PX) not in covers
    for colour in _COLOURS:
        assert contrast(colour, (250, 246, 236)) > 5


def contrast(first: tuple[int, ...], second: tuple[int, ...]) -> float:
    """Return the contrast of two colours (WCAG 2.2)."""

    def light(colour: tuple[int, ...]) -> float:
        parts = [part / 255 for part in colour]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((light(first), light(second)))
    return (high + 0.05) / (low + 0.05)


def test_the_fonts_are_what_the_script_makes_and_have_their_licence() -> None:
    data = ROOT / "briefing" / "publish" / "data"
    licence = (data / "cover.OFL.txt").read_text("utf-8")
    for font in (ARABIC, LATIN):
        assert font in licence
        assert (data / font).stat().st_size < 90_000
    assert {*"ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيپچژگ0123456789٠٩.!،؟«»"} <= {
        chr(number) for number in face(ARABIC).unicodes
    }


def test_without_the_extra_the_cover_is_todays(project: Project, tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.mkdir()
    (blocked / "uharfbuzz.py").write_text("raise ImportError('not installed')\n")
    code = (
        f"import sys; sys.path.insert(0, {str(blocked)!r});"
        "from briefing.clip_cache import MemoryStore;from briefing.publish.cover import cover_of, drawn_cover;"
        f"assert cover_of('موجز', 0, {SMALL_COVER_PX}, MemoryStore()) == drawn_cover({SMALL_COVER_PX})"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=120)
