"""What comes of an order: one object with the entries of the clip cache that its paragraphs need.

    BRFO, bytes of the head (uint32, little-endian), head, entries, SHA-256 of all before

The head is JSON: the order's digest, and for each entry its paragraph, kind, key, place and length.
Each entry begins with the checksum of its key and value, as in the folder, so that a part of an
object can be fetched alone. The digest detects truncation and damage; the order's name in it, an
object that stands under another's name.
"""

from __future__ import annotations

import hashlib
import json
import re
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from briefing.clip_cache import MemoryStore, entry_of, value_of
from briefing.orders.entry_checks import is_entry
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
_LAYOUT = 1
_HEAD = struct.Struct("<4sI")
_DIGEST_BYTES = 32
_LARGEST_HEAD = 8_000_000
_ROW_BYTES = 100
"""Of the JSON of a place: two digests have more."""
_KEY = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Place:
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
    packed = b"".join([_HEAD.pack(_MAGIC, len(head)), head, *entries.values()])
    return packed + hashlib.sha256(packed).digest()


def places_of(packed: bytes | memoryview, digest: str) -> list[Place]:
    """Return where the entries are in an order's object. Raise OrderError for any other bytes."""
    body = memoryview(packed)[:-_DIGEST_BYTES]
    if not _HEAD.size + _DIGEST_BYTES <= len(packed) <= LARGEST_OBJECT:
        raise OrderError(f"an object of {len(packed)} bytes is none of an order")
    if hashlib.sha256(body).digest() != bytes(packed[-_DIGEST_BYTES:]):
        raise OrderError("the object is damaged or cut short")
    magic, size = _HEAD.unpack_from(body)
    first = _HEAD.size + size
    if magic != _MAGIC or size > _LARGEST_HEAD or first > len(body):
        raise OrderError("not the object of an order")
    try:
        head = load_json(body[_HEAD.size : first], _LARGEST_HEAD, _ROW_BYTES)
        if head["layout"] != _LAYOUT or head["order"] != digest:
            raise OrderError("the object of another order")
        places = [_place(row, first, len(body)) for row in head["rows"]]
        if not are_bounded(places, len(body)):
            raise OrderError("entries of an object that overlap")
        return places
    except (ValueError, TypeError, KeyError) as error:
        raise OrderError(f"not the object of an order: {type(error).__name__}") from None


def unpack(packed: bytes | memoryview, digest: str, mastering: Mastering) -> Mapping[str, bytes]:
    """Return the values of an order's object by their keys, without those that are no such entry.

    digest: the order's name. Raise OrderError unless this is its object, whole.
    """
    store = MemoryStore()
    places = places_of(packed, digest)
    put_entries(store, ((place, place.entry_in(packed)) for place in places), mastering)
    return store.values


def put_entries(
    store: FolderStore | MemoryStore,
    contents: Iterable[tuple[Place, bytes | memoryview]],
    mastering: Mastering,
) -> set[Row]:
    """Put entries into a store; return the rows of those that are whole.

    contents: each place with the bytes that stand there. mastering: how clips must be mastered.
    """
    rows = set()
    whole: dict[str, bytes | memoryview] = {}
    is_whole: dict[tuple[str, str], bool] = {}
    for place, content in contents:
        kind, key = entry = (place.row.kind, place.row.key)
        if entry not in is_whole:
            value = value_of(key, content)
            is_whole[entry] = value is not None and is_entry(kind, value, mastering)
        if is_whole[entry]:
            rows.add(place.row)
            whole[key] = content
    store.put_entries(whole)
    return rows


def are_bounded(places: Iterable[Place], size: int) -> bool:
    """Return whether entries have no more bytes together than the object that they are in.

    Otherwise a small object could name one part a million times, and each would be checked.
    """
    parts = {(place.row.key, place.offset, place.length) for place in places}
    return sum(length for _, _, length in parts) <= size


def _place(row: list[object], first: int, end: int) -> Place:
    """Return the place that a line of the head names. Raise ValueError for any other line."""
    match row:
        case [str(paragraph), str(kind), str(key), int(offset), int(length)]:
            is_right = (
                kind in KINDS
                and _KEY.fullmatch(paragraph)
                and _KEY.fullmatch(key)
                and 0 <= offset <= offset + length <= end - first
            )
            if is_right:
                return Place(Row(paragraph, kind, key), first + offset, length)  # type: ignore[arg-type]
    raise ValueError("not the place of an entry")
