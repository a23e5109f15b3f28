"""The number with which a paragraph, an item of a list, begins -> "أولا", up to ten."""

from __future__ import annotations

import re

from briefing.text.pieces.sentence_in_progress import Line, Reading

__all__ = ["read_list_number"]

_ADVERBS = (
    "أَوَّلًا",
    "ثَانِيًا",
    "ثَالِثًا",
    "رَابِعًا",
    "خَامِسًا",
    "سَادِسًا",
    "سَابِعًا",
    "ثَامِنًا",
    "تَاسِعًا",
    "عَاشِرًا",
)
"""As a speaker counts what he lists; from eleven on, nobody does."""
_NUMBER = re.compile(r"\s*(10|[1-9])[.)\-–]\s+(?=[^\W\d_]|[\"'«“(])")


def read_list_number(line: Line, at: int) -> Reading | None:
    """Return how the number at the beginning of a paragraph is said; None where it is none.

    >>> from briefing.text.normalisation.paragraph import spoken
    >>> spoken("2. لصق الأجزاء"), spoken("11. طلاء"), spoken("5 لصوص")
    ('ثانيا لصق الأجزاء', 'أحد عشر طلاء', 'خمسة لصوص')
    """
    if at != 0 or line.pieces[0].kind != "number":
        return None
    match = _NUMBER.match(line.text)
    if match is None or match.start(1) != line.pieces[0].start:
        return None
    return Reading(line.pieces[0].end, _ADVERBS[int(match[1]) - 1])
