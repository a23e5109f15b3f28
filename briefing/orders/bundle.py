"""What comes of an order: one object with the entries of the clip cache that its paragraphs need.

    BRFO, bytes of the head (uint32, little-endian), head, entries, SHA-256 of the head and what is
    before it

The head is JSON: the order's digest, and for each entry its paragraph, kind, key, place and length.
Each entry begins with the checksum of its key and value, as in the folder, so that a part of an
object can be fetched alone. The digest and the checksums detect truncation and damage; the order's
name in it, an object that stands under another's name. In objects of layout 1 the digest is of all
before it, so that 4 MB are hashed twice.
"""

from __future__ import annotations

import hashlib
import json
import re
import struct
from collections.abc import Iterable, Mapping, Sequence
from operator import add
from typing import TYPE_CHECKING, Any, NamedTuple

from briefing.clip_cache import MemoryStore, entry_of, value_of
from briefing.orders.entry_checks import read_entry
from briefing.orders.order import OrderError
from briefing.orders.recorder import KINDS, Row
from briefing.orders.tables import load_json

if TYPE_CHECKING:
    from briefing.clip_cache import FolderStore, Store
    from briefing.mastering.clip import Mastering

__all__ = [
    "LARGEST_OBJECT",
    "Place",
    "are_bounded",
    "places_of",
    "put_entries",
    "unpack",
    "write_bundle",
]

LARGEST_OBJECT = 128_000_000
"""Bytes: eight times what an order has by default; the highest bitrate takes five times as much."""
_MAGIC = b"BRFO"
_LAYOUT, _LAYOUT_HASHED_WHOLE = 2, 1
_HEAD = struct.Struct("<4sI")
_DIGEST_BYTES = 32
_LARGEST_HEAD = 8_000_000
_ROW_BYTES = 100
"""Of the JSON of a place: two digests have more."""
_KEY_DIGITS = 64
_NO_DIGIT = re.compile(r"[^0-9a-f]")


class Place(NamedTuple):
    """Where an entry is in an object."""

    row: Row
    offset: int
    """Bytes from the beginning of the object."""
    length: int

    def value_in(self, packed: bytes | memoryview, start: int = 0) -> memoryview | None:
        """Return the entry's value, None if it is damaged.

        packed: a part of the object; start: where in the object it begins.
        """
        return value_of(self.row.key, self.entry_in(packed, start))

    def entry_in(self, packed: bytes | memoryview, start: int = 0) -> memoryview:
        """Return the bytes of the entry, which nobody looked at yet."""
        first = self.offset - start
        return memoryview(packed)[first : first + self.length]


def write_bundle(digest: str, rows: Iterable[Row], store: Store) -> bytes:
    """Return the object of the rows whose values the store has. digest: the order's name."""
    entries: dict[str, bytes] = {}
    table: list[list[str | int]] = []
    offsets: dict[str, int] = {}
    size = 0
    for row in dict.fromkeys(rows):
        if row.key not in entries:
            value = store.get(row.key)
            if value is None:
                continue
            entries[row.key] = entry_of(row.key, value)
            offsets[row.key] = size
            size += len(entries[row.key])
        place = [offsets[row.key], len(entries[row.key])]
        table.append([row.paragraph, row.kind, row.key, *place])
    head = json.dumps(
        {"layout": _LAYOUT, "order": digest, "rows": table}, separators=(",", ":")
    ).encode()
    head = _HEAD.pack(_MAGIC, len(head)) + head
    return b"".join([head, *entries.values(), hashlib.sha256(head).digest()])


def places_of(packed: bytes | memoryview, digest: str) -> list[Place]:
    """Return where the entries are in an order's object, which may be damaged themselves.

    Raise OrderError for any other bytes.
    """
    body = memoryview(packed)[:-_DIGEST_BYTES]
    if not _HEAD.size + _DIGEST_BYTES <= len(packed) <= LARGEST_OBJECT:
        raise OrderError(f"an object of {len(packed)} bytes is none of an order")
    magic, size = _HEAD.unpack_from(body)
    first = _HEAD.size + size
    layout = _layout(body, first, bytes(packed[-_DIGEST_BYTES:]))
    if magic != _MAGIC or size > _LARGEST_HEAD or first > len(body):
        raise OrderError("not the object of an order")
    try:
        head = load_json(body[_HEAD.size : first], _LARGEST_HEAD, _ROW_BYTES)
        if head["layout"] != layout or head["order"] != digest:
            raise OrderError("the object of another order")
        places = _places(head["rows"], first, len(body))
        if not are_bounded(places, len(body)):
            raise OrderError("entries of an object that overlap")
        return places
    except (ValueError, TypeError, KeyError) as error:
        raise OrderError(f"not the object of an order: {type(error).__name__}") from None


def _layout(body: memoryview, first: int, digest: bytes) -> int:
    """Return the layout of which an object's digest is right. Raise OrderError if it is of none.

    first: where the entries begin.
    """
    if hashlib.sha256(body[:first]).digest() == digest:
        return _LAYOUT
    if hashlib.sha256(body).digest() == digest:
        return _LAYOUT_HASHED_WHOLE
    raise OrderError("the object is damaged or cut short")


def unpack(packed: bytes | memoryview, digest: str, mastering: Mastering) -> Mapping[str, bytes]:
    """Return the values of an order's object by their keys, without those that are no such entry.

    digest: the order's name. Raise OrderError unless this is its object, whole.
    """
    store = MemoryStore()
    places = places_of(packed, digest)
    if any(place.value_in(packed) is None for place in places):
        raise OrderError("the object is damaged or cut short")
    put_entries(store, ((place, place.entry_in(packed)) for place in places), mastering)
    return store.values


def put_entries(
    store: FolderStore | MemoryStore,
    contents: Iterable[tuple[Place, bytes | memoryview]],
    mastering: Mastering,
    plans: dict[str, Sequence[Any]] | None = None,
) -> set[Row]:
    """Put entries into a store; return the rows of those that are whole.

    contents: each place with the bytes that stand there. mastering: how clips must be mastered.
    plans: the rows of plans are added to it, by their keys.
    """
    rows = set()
    whole: dict[str, bytes | memoryview] = {}
    clips: dict[str, object] = {}
    is_whole: dict[tuple[str, str], bool] = {}
    for place, content in contents:
        kind, key = entry = (place.row.kind, place.row.key)
        if entry not in is_whole:
            value = value_of(key, content)
            read = None if value is None else read_entry(kind, value, mastering)
            is_whole[entry] = read is not None
            if plans is not None and kind == "plan" and isinstance(read, list):
                plans[key] = read
            if kind == "clip" and read is not None:
                clips[key] = read
        if is_whole[entry]:
            rows.add(place.row)
            whole[key] = content
    store.put_entries(whole, soon=clips)
    return rows


def are_bounded(places: Iterable[Place], size: int) -> bool:
    """Return whether entries have no more bytes together than the object that they are in.

    Otherwise a small object could name one part a million times, and each would be checked.
    """
    parts = {(place.row.key, place.offset, place.length) for place in places}
    return sum(length for _, _, length in parts) <= size


def _places(rows: object, first: int, end: int) -> list[Place]:
    """Return the places that the lines of the head name. Raise ValueError for any other lines."""
    if not isinstance(rows, list) or set(map(type, rows)) - {list} or set(map(len, rows)) - {5}:
        raise ValueError("not the places of entries")
    # an article has sixty: a column is looked at sooner than each line
    paragraphs, kinds, keys, offsets, lengths = zip(*rows, strict=True) if rows else [()] * 5
    digests, numbers = (*paragraphs, *keys), (*offsets, *lengths)
    is_right = (
        set(map(type, (*digests, *kinds))) <= {str}
        and set(map(type, numbers)) <= {int}
        and set(kinds) <= set(KINDS)
        and set(map(len, digests)) <= {_KEY_DIGITS}
        and not _NO_DIGIT.search("".join(digests))
        and min(numbers, default=0) >= 0
        and max(map(add, offsets, lengths), default=0) <= end - first
    )
    if not is_right:
        raise ValueError("not the places of entries")
    return [
        Place(Row(paragraph, kind, key), first + offset, length)
        for paragraph, kind, key, offset, length in rows
    ]
