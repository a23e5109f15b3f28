"""The index of an article in the shared store: its paragraphs' entries, and where each one is.

A line with the SHA-256 of what follows, and JSON: the article, and for each paragraph its entries.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

import orjson

from briefing.clip_cache import key_of
from briefing.orders.bundle import Place
from briefing.orders.order import OrderError, Recipe
from briefing.orders.recorder import KINDS, Row
from briefing.orders.tables import load_json

__all__ = ["LARGEST_INDEX", "Index", "index_name"]

LARGEST_INDEX = 8_000_000
"""Bytes: an article of a million characters has 8,000 paragraphs of four entries."""
_ROW_BYTES = 100
_LAYOUT = 1
_KEY = re.compile(r"[0-9a-f]{64}")
_KEPT = 32
"""Paragraphs that are in the article no more, beside as many as are in it: another edition may
still read them, or the author take his change back."""


@dataclass
class Index:
    """Where the entries of an article's paragraphs are."""

    article: str
    """The name of the index itself: one that stands under another's name is not believed."""
    paragraphs: dict[str, dict[Row, tuple[str, Place]]] = field(default_factory=dict)
    """By the paragraph's key: each entry with its object's digest and its place there. The
    paragraphs that were spoken last come first."""

    def has(self, row: Row) -> bool:
        """Return whether the store has an entry of a paragraph."""
        return row in self.paragraphs.get(row.paragraph, ())

    def add(self, digest: str, places: Iterable[Place]) -> None:
        """Add the entries of an object."""
        for place in places:
            self.paragraphs.setdefault(place.row.paragraph, {})[place.row] = (digest, place)

    def without(self, missing: Collection[Row]) -> None:
        """Remove entries that are not where they should be."""
        for row in missing:
            self.paragraphs.get(row.paragraph, {}).pop(row, None)

    def only_in(self, digests: Collection[str]) -> None:
        """Remove the entries of objects that exist no more."""
        for paragraph, rows in list(self.paragraphs.items()):
            self.paragraphs[paragraph] = {
                row: value for row, value in rows.items() if value[0] in digests
            }
            if not self.paragraphs[paragraph]:
                del self.paragraphs[paragraph]

    def sort(self, current: Collection[str]) -> None:
        """Let the paragraphs of the article come first, and drop what it had long ago."""
        first = {key: self.paragraphs[key] for key in current if key in self.paragraphs}
        later = [key for key in self.paragraphs if key not in first][: len(first) + _KEPT]
        self.paragraphs = {**first, **{key: self.paragraphs[key] for key in later}}

    def to_bytes(self) -> bytes:
        """Return the index as it is stored."""
        rows = [
            [paragraph, row.kind, row.key, digest, place.offset, place.length]
            for paragraph, entries in self.paragraphs.items()
            for row, (digest, place) in entries.items()
        ]
        table = {"layout": _LAYOUT, "article": self.article, "rows": rows}
        packed = orjson.dumps(table)
        return hashlib.sha256(packed).hexdigest().encode() + b"\n" + packed

    @classmethod
    def from_bytes(cls, packed: bytes | memoryview, article: str) -> Index:
        """Return the index of an article. Raise OrderError for any other bytes."""
        if len(packed) > LARGEST_INDEX:
            raise OrderError("the index is too large")
        digest, _, content = bytes(packed).partition(b"\n")
        if hashlib.sha256(content).hexdigest().encode() != digest:
            raise OrderError("the index is damaged or cut short")
        index = cls(article)
        try:
            table = load_json(content, LARGEST_INDEX, _ROW_BYTES)
            if table["layout"] != _LAYOUT or table["article"] != article:
                raise OrderError("the index of another article")
            for row in table["rows"]:
                name, place = _place(row)
                index.add(name, [place])
        except (ValueError, TypeError, KeyError) as error:
            raise OrderError(f"not an index: {type(error).__name__}") from None
        return index


def index_name(article: str, recipe: Recipe) -> str:
    """Return the name of an article's index among the clips of one voice, so mastered."""
    key = key_of(
        "index",
        [article, recipe.voice, recipe.voice_version, dict(sorted(recipe.mastering.items()))],
    )
    return f"{recipe.briefing}/index-{key}"


def _place(row: object) -> tuple[str, Place]:
    """Return the object and the place that a line names. Raise ValueError for any other line."""
    match row:
        case [str(paragraph), str(kind), str(key), str(digest), int(offset), int(length)]:
            is_right = (
                kind in KINDS
                and all(_KEY.fullmatch(name) for name in (paragraph, key, digest))
                and offset >= 0
                and length >= 0
            )
            if is_right:
                return digest, Place(Row(paragraph, kind, key), offset, length)  # type: ignore[arg-type]
    raise ValueError("not the place of an entry")
