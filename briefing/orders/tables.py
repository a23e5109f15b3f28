"""JSON by others: read within limits of size and memory."""

from __future__ import annotations

import json
from typing import Any

import orjson

__all__ = ["load_json"]

_FREE_BYTES = 1000
"""Of a short text, whose lists need not be counted."""


def load_json(packed: bytes | memoryview, largest: int, list_bytes: int) -> Any:
    """Return the value of a JSON text. Raise ValueError for any other text, or a too large one.

    largest: bytes of the text. list_bytes: bytes that a list or table takes at least on average;
    an empty one is written in three, and takes a hundred in memory.
    """
    if len(packed) > largest:
        raise ValueError(f"{len(packed)} bytes are too many")
    content = bytes(packed)
    lists = content.count(b"[") + content.count(b"{")
    if lists * list_bytes > len(content) + _FREE_BYTES:
        raise ValueError("there are too many lists")
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        pass  # a lone surrogate, which a source may have, is no JSON to it; other faults are told
    try:
        return json.loads(content)
    except RecursionError:
        raise ValueError("lists are nested too deeply") from None
