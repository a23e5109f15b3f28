"""The wire format of protocol buffers, as far as rewriting a message's fields needs it.

https://protobuf.dev/programming-guides/encoding: a message is a row of fields, each with its number
and one of four wire types.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

__all__ = ["Field", "Malformed", "field", "field_head", "fields", "number_field"]

_VARINT, _EIGHT_BYTES, _BYTES, _FOUR_BYTES = 0, 1, 2, 5
_LONGEST_VARINT = 10


class Malformed(ValueError):
    """These bytes are no message."""


class Field(NamedTuple):
    """One field of a message."""

    number: int
    value: int | memoryview
    """A number, or the bytes of a text, of an inner message or of a fixed-size number."""
    raw: memoryview
    """The whole field as it stands in the message."""

    @property
    def content(self) -> memoryview:
        """The value of a field that holds bytes. Raise Malformed if it is a number."""
        if isinstance(self.value, int):
            raise Malformed(f"field {self.number} is a number")
        return self.value

    @property
    def text(self) -> str:
        """The value of a field that holds a text."""
        return str(self.content, "utf-8", "replace")


def fields(message: memoryview) -> Iterator[Field]:
    """Yield the fields of a message in order. Raise Malformed where it is none."""
    start = 0
    while start < len(message):
        key, at = _varint(message, start)
        wire_type = key & 7
        if wire_type == _VARINT:
            value: int | memoryview
            value, end = _varint(message, at)
        elif wire_type in (_BYTES, _FOUR_BYTES, _EIGHT_BYTES):
            if wire_type == _BYTES:
                size, at = _varint(message, at)
            else:
                size = 4 if wire_type == _FOUR_BYTES else 8
            end = at + size
            if end > len(message):
                raise Malformed("a field is longer than its message")
            value = message[at:end]
        else:
            raise Malformed(f"there is no wire type {wire_type}")
        yield Field(key >> 3, value, message[start:end])
        start = end


def field(number: int, content: bytes) -> bytes:
    """Return a field that holds bytes.

    >>> field(4, b"Ceil").hex()
    '22044365696c'
    """
    return _pack(number << 3 | _BYTES) + _pack(len(content)) + content


def number_field(number: int, value: int) -> bytes:
    """Return a field that holds a number that is not negative."""
    return _pack(number << 3 | _VARINT) + _pack(value)


def field_head(number: int, size: int) -> bytes:
    """Return what stands before the content of a field of so many bytes."""
    return _pack(number << 3 | _BYTES) + _pack(size)


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    """Return the number that begins at a place, and the place after it."""
    value = 0
    for index in range(_LONGEST_VARINT):
        if at + index >= len(message):
            break
        byte = message[at + index]
        value |= (byte & 127) << 7 * index
        if byte < 128:
            return value, at + index + 1
    raise Malformed("a number does not end")


def _pack(value: int) -> bytes:
    packed = bytearray()
    while value > 127:
        packed.append(value & 127 | 128)
        value >>= 7
    packed.append(value)
    return bytes(packed)
