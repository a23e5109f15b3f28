"""A sentence of the sidecar -> its text in pieces, each with the time in which it is heard."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from briefing.shelf.sidecar import Sentence, Word

__all__ = ["Clip", "Span", "label", "plain", "spans"]

_UNWRITABLE = re.compile(
    "[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]"
    f"|[{''.join(chr(plane << 16 | 0xFFFE) + chr(plane << 16 | 0xFFFF) for plane in range(1, 17))}]"
)
"""What XML 1.0 or HTML cannot hold, and line separators."""


@dataclass(frozen=True, slots=True)
class Clip:
    """A part of the sound, in milliseconds."""

    begin_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a sentence."""

    space: str
    """The white space before it."""
    text: str
    clip: Clip | None
    """None if it is not heard."""


@dataclass(slots=True)
class _Place:
    """Where words are in their sentence, and when."""

    start: int
    end: int
    begin_ms: int
    end_ms: int


def plain(text: str) -> str:
    """Return a text with a space for each character that a document cannot hold.

    Its length is the same, so that places in it remain valid.
    """
    return _UNWRITABLE.sub(" ", text)


def label(text: str, otherwise: str) -> str:
    """Return a text as one line, for a heading or the table of contents.

    otherwise: what is returned if nothing of it can be seen.
    """
    line = " ".join(plain(text).split())
    visible = any(unicodedata.category(character)[0] not in "CZ" for character in line)
    return line if visible else otherwise


def spans(sentence: Sentence) -> list[Span]:
    """Return the pieces of a sentence: its words, with the signs that belong to them.

    All pieces together are the sentence. If its voice reported no times of words, it is one piece.
    """
    text = plain(sentence["text"]).strip()
    if not text:
        return []
    places = _places(text, sentence["words"]) if sentence["timing"] == "exact" else []
    if not places:
        return [Span("", text, _clip_of(sentence))]
    starts = [0, *(_start(text, before.end, place.start) for before, place in pairwise(places))]
    pieces, end = [], 0
    for start, until, place in zip(starts, [*starts[1:], len(text)], places, strict=True):
        piece = text[start:until].rstrip()
        pieces.append(Span(text[end:start], piece, Clip(place.begin_ms, place.end_ms)))
        end = start + len(piece)
    return pieces


def _clip_of(sentence: Sentence) -> Clip | None:
    clip = Clip(_milliseconds(sentence["start_s"]), _milliseconds(sentence["end_s"]))
    return clip if sentence["words"] and clip.begin_ms < clip.end_ms else None


def _places(text: str, words: Sequence[Word]) -> list[_Place]:
    """Return where the words are; a word without a place or a length joins the one before it."""
    places: list[_Place] = []
    searched, waiting_ms = 0, None
    for word in words:
        begin_ms, end_ms = _milliseconds(word["start_s"]), _milliseconds(word["end_s"])
        written = plain(word["text"]).strip()
        start = text.find(written, searched) if written else -1
        if start >= 0:
            searched = start + len(written)
        if start >= 0 and begin_ms < end_ms:
            first_ms = begin_ms if waiting_ms is None else waiting_ms
            places.append(_Place(start, searched, first_ms, end_ms))
            waiting_ms = None
        elif places:
            places[-1].end, places[-1].end_ms = searched, max(places[-1].end_ms, end_ms)
        elif waiting_ms is None:
            waiting_ms = begin_ms
    return places


def _start(text: str, before: int, start: int) -> int:
    """Return where the signs in front of a word begin, such as a quotation mark.

    before: where the word before it ends. start: where the word itself begins.
    """
    gap = text[before:start]
    signs = gap.split()[-1] if gap.split() and not gap[-1].isspace() else ""
    return start - len(signs) if len(signs) < len(gap) else start


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)
