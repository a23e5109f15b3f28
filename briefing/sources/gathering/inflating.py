"""The body of an answer as it came -> its bytes, of no more than a limit.

Compressed bytes grow a thousandfold: no more is inflated than may be kept.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from briefing.errors import SourceError

__all__ = ["ACCEPTED_ENCODINGS", "CUT", "inflate"]

ACCEPTED_ENCODINGS = "gzip, deflate"
CUT = "the connection was cut before all had come"
_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32
_RAW_DEFLATE = -zlib.MAX_WBITS
"""Some servers send deflate without zlib's head, against RFC 9110, 8.4.1.2."""
_ZLIB_METHOD = 8


def inflate(blocks: Iterable[bytes], encoding: str, limit: int) -> bytes:
    """Return the body. Raise SourceError if it is longer than `limit` bytes, damaged or cut.

    encoding: of the Content-Encoding header, "" for none.

    >>> inflate([zlib.compress(b"text")], "deflate", 10)
    b'text'
    """
    name = encoding.strip().lower()
    if name in ("", "identity"):
        return _join(blocks, limit)
    if name not in ("gzip", "x-gzip", "deflate"):
        raise SourceError(f"the answer is packed in a way that was not asked for ({name[:20]!r})")
    try:
        return _unpack(blocks, limit)
    except zlib.error:
        raise SourceError("the answer is packed, and damaged") from None


def _join(blocks: Iterable[bytes], limit: int) -> bytes:
    body = bytearray()
    for block in blocks:
        body += block
        if len(body) > limit:
            raise _too_long(limit)
    return bytes(body)


def _unpack(blocks: Iterable[bytes], limit: int) -> bytes:
    body = bytearray()
    inflater = None
    for block in blocks:
        rest = block
        while rest:
            if inflater is None:
                inflater = zlib.decompressobj(_window_bits(rest))
            body += inflater.decompress(rest, limit + 1 - len(body))
            if len(body) > limit:
                raise _too_long(limit)
            if inflater.eof:  # gzip may have several members (RFC 1952, 2.2)
                rest = inflater.unused_data
                inflater = None
                if not rest.strip(b"\0"):
                    break
            else:
                rest = inflater.unconsumed_tail
    if inflater is not None:
        raise SourceError(CUT)
    return bytes(body)


def _window_bits(first: bytes) -> int:
    is_gzip = first[:1] == b"\x1f"
    return _GZIP_OR_ZLIB if is_gzip or first[0] & 15 == _ZLIB_METHOD else _RAW_DEFLATE


def _too_long(limit: int) -> SourceError:
    return SourceError(f"the answer is longer than {limit / 1e6:g} MB")
