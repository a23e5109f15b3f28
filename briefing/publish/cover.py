"""The cover of a briefing without one of its own.

With the extra briefing[cover] it has the briefing's title, see `title_cover`; it is drawn once and
kept in the clip cache. Without the extra, or if the title has letters that the fonts do not have,
it is the same picture every time, from two files that tests/publish/cover_drawing.py drew:
`python3 -m tests.publish.cover_drawing`.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from briefing.clip_cache import Store, key_of
from briefing.versions import files_digest, version

__all__ = ["COVER_PX", "SMALL_COVER_PX", "cover_of", "drawn_cover"]

COVER_PX = 1400
"""Apple asks for 1400 to 3000 pixels."""
SMALL_COVER_PX = 600
"""Of the picture inside the file: what a lock screen shows."""

_DATA = Path(__file__).parent / "data"


def cover_of(title: str, place: int, size_px: int, store: Store) -> bytes:
    """Return a briefing's cover as a PNG file, with its title if that can be drawn here.

    place: the briefing's in the configuration, which decides the colour. size_px: the cover's side,
    COVER_PX or SMALL_COVER_PX. store: where the drawn cover is kept.
    """
    versions = [version(package) for package in ("uharfbuzz", "python-bidi")]
    if "none" in versions:  # without the extra
        return drawn_cover(size_px)
    key = key_of("cover", [title, place, size_px, files_digest("publish"), *versions])
    picture = store.get(key)
    if picture is None:
        try:
            from briefing.publish.title_cover import title_cover

            picture = title_cover(title, place, size_px)
        except ImportError:  # a library that does not load here
            return drawn_cover(size_px)
        store.put(key, picture)
    return picture or drawn_cover(size_px)


@cache
def drawn_cover(size_px: int) -> bytes:
    """Return the cover without a title as a PNG file. size_px: COVER_PX or SMALL_COVER_PX."""
    return (_DATA / f"cover-{size_px}.png").read_bytes()
