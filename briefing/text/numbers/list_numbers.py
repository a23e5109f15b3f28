"""The number of an item -> "أولا", up to ten: at the head of a paragraph, or in a series."""

from __future__ import annotations

import re
from collections.abc import Sequence

from briefing.text.pieces.scanner import Lexeme
from briefing.text.pieces.sentence_in_progress import Line, Reading

__all__ = ["is_in_series", "items_of", "read_list_number"]

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
_BRACKETED, _CLOSED, _DASHED = "()", ")", "-"


def read_list_number(line: Line, at: int) -> Reading | None:
    """Return how the number of an item is said; None where it is none.

    >>> from briefing.text.normalisation.paragraph import spoken
    >>> spoken("2. لصق الأجزاء"), spoken("11. طلاء"), spoken("5 لصوص")
    ('ثانيا لصق الأجزاء', 'أحد عشر طلاء', 'خمسة لصوص')
    >>> spoken("وتشمل: (1) السفر، (2) الإقامة")
    'وتشمل أولا السفر ثانيا الإقامة'
    """
    piece = line.pieces[at]
    if piece.kind != "number":
        return None
    if at == 0 and piece.start == 0:
        match = _NUMBER.match(line.text)
        return Reading(piece.end, _ADVERBS[int(match[1]) - 1]) if match else None
    if line.items is None:
        line.items = items_of(line.pieces)
    if is_in_series(line.pieces, at, line.items) or _begins_item(line.pieces, at):
        return Reading(piece.end, _ADVERBS[int(piece.text) - 1])
    return None


def _begins_item(pieces: Sequence[Lexeme], at: int) -> bool:
    """Return whether an item begins with a number: after a colon, or as its own sentence.

    الشروط: 1- السن 2- الشهادة, which are two sentences.
    """
    first = at == 0 or (pieces[at - 1].text == ":" and pieces[at].text == "1")
    return first and _style(pieces, at) in (_CLOSED, _DASHED)


def items_of(pieces: Sequence[Lexeme]) -> frozenset[tuple[str, int]]:
    """Return how the numbers of items are set off, and the numbers. pieces: of a sentence."""
    styles = ((_style(pieces, at), piece.text) for at, piece in enumerate(pieces))
    return frozenset((style, int(text)) for style, text in styles if style)


def is_in_series(pieces: Sequence[Lexeme], at: int, items: frozenset[tuple[str, int]]) -> bool:
    """Return whether a number is one of (1) … (2) …, of 1) … 2) … or of 1- … 2- …, an item's each.

    items: those of the sentence. One number alone is none: المادة (1).
    """
    style = _style(pieces, at)
    return bool(style) and all(
        (style, number) in items for number in range(1, max(int(pieces[at].text), 2) + 1)
    )


def _style(pieces: Sequence[Lexeme], at: int) -> str:
    """Return how a number up to ten is set off as an item's; "" if it is not."""
    piece = pieces[at]
    if piece.kind != "number" or not _UP_TO_TEN.fullmatch(piece.text) or at + 2 >= len(pieces):
        return ""
    sign, following = pieces[at + 1], pieces[at + 2]
    if sign.gap or following.kind != "arabic" or not following.gap:
        return ""
    if sign.text == ")":
        return _BRACKETED if at and pieces[at - 1].text == "(" else _CLOSED
    return _DASHED if sign.text in ("-", "–") else ""


_UP_TO_TEN = re.compile("10|[1-9]")
