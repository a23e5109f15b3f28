"""Several entries of the clip cache in one file, which has a name for each of them.

    BRFP, entries (uint32), for each: key (32 bytes), offset and length (uint32); then the entries

Numbers are little-endian; an offset counts from the beginning of the file. To make a file costs
more than to give it another name (a hard link), and what is fetched comes in forties. Nothing here
is believed: each entry has the checksum of its key and value.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

__all__ = ["pack_entries", "read_entry"]

_MAGIC = b"BRFP"
_HEAD = struct.Struct("<4sI")
_ROW = struct.Struct("<32sII")
_MOST = 100
"""Entries in a file, so that its table is read with one short read."""
_TABLE_BYTES = 4096
_LARGEST = 1 << 31
"""Bytes of a file."""


def pack_entries(
    entries: Mapping[str, bytes | memoryview],
) -> Iterator[tuple[Sequence[str], Sequence[bytes | memoryview]]]:
    """Yield the keys of some entries and the parts of the file that has these entries.

    entries: by key, a SHA-256 in hexadecimal.
    """
    rest = iter(entries.items())
    while batch := list(islice(rest, _MOST)):
        offset = _HEAD.size + len(batch) * _ROW.size
        table = [_HEAD.pack(_MAGIC, len(batch))]
        for key, entry in batch:
            table.append(_ROW.pack(bytes.fromhex(key), offset, len(entry)))
            offset += len(entry)
        yield [key for key, _ in batch], [b"".join(table), *(entry for _, entry in batch)]


def read_entry(handle: int, facts: os.stat_result, key: str) -> bytes | None:
    """Return the entry of a key from an open file that has it alone or with others.

    facts: of the file. Return None where it has no such entry, or is shorter than it says.
    """
    # a file with one name is read at once: nearly always it has one entry
    whole = facts.st_nlink == 1
    content = os.read(handle, facts.st_size if whole else min(facts.st_size, _TABLE_BYTES))
    if content[: len(_MAGIC)] == _MAGIC:
        return _find(handle, content, key)
    if len(content) < facts.st_size:
        content += os.read(handle, facts.st_size - len(content))
    return content if len(content) == facts.st_size else None


def _find(handle: int, content: bytes, key: str) -> bytes | None:
    """Return an entry of a file of several. content: its beginning."""
    try:
        _, count = _HEAD.unpack_from(content)
        digest = bytes.fromhex(key)
        for place in range(min(count, _MOST)):
            name, offset, length = _ROW.unpack_from(content, _HEAD.size + place * _ROW.size)
            if name == digest:
                break
        else:
            return None
    except (struct.error, ValueError):
        return None
    if offset + length > _LARGEST:
        return None
    os.lseek(handle, offset, os.SEEK_SET)
    entry = os.read(handle, min(length, os.fstat(handle).st_size))
    return entry if len(entry) == length else None
