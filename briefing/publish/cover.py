"""The cover of a briefing without one of its own: the same picture every time, as two files.

tests/publish/cover_drawing.py drew them: `python3 -m tests.publish.cover_drawing`.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

__all__ = ["COVER_PX", "SMALL_COVER_PX", "drawn_cover"]

COVER_PX = 1400
"""Apple asks for 1400 to 3000 pixels."""
SMALL_COVER_PX = 600
"""Of the picture inside the file: what a lock screen shows."""

_DATA = Path(__file__).parent / "data"


@cache
def drawn_cover(size_px: int) -> bytes:
    """Return the cover as a PNG file. size_px: its side, COVER_PX or SMALL_COVER_PX."""
    return (_DATA / f"cover-{size_px}.png").read_bytes()
