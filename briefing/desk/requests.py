"""The bodies of the page's requests: every value is checked before it is used."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

__all__ = ["BadRequest", "Body", "read_body"]

LONGEST_TEXT = 500
"""Characters of a reading or a name."""
_MOST = 1_000_000
"""Beyond every index."""


class BadRequest(Exception):
    """A body that is not what the page sends. str(): what is wrong."""


@dataclass(frozen=True, slots=True)
class Body:
    """A JSON object."""

    table: dict[str, Any]

    def index(self, key: str) -> int:
        """Return a place in a list. Raise BadRequest."""
        value = self.table.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < _MOST:
            raise BadRequest(f'"{key}"')
        return value

    def optional_index(self, key: str) -> int | None:
        """Return a place in a list, None for null. Raise BadRequest."""
        return None if self.table.get(key) is None else self.index(key)

    def flag(self, key: str) -> bool:
        """Return true or false. Raise BadRequest."""
        value = self.table.get(key)
        if not isinstance(value, bool):
            raise BadRequest(f'"{key}"')
        return value

    def text(self, key: str, longest: int = LONGEST_TEXT) -> str:
        """Return a text. Raise BadRequest if it is none, or too long."""
        value = self.table.get(key)
        if not isinstance(value, str):
            raise BadRequest(f'"{key}"')
        if len(value) > longest:
            raise BadRequest(f'"{key}": {len(value)} > {longest}')
        return value

    def optional_text(self, key: str) -> str | None:
        """Return a text, None for null. Raise BadRequest."""
        return None if self.table.get(key) is None else self.text(key)

    def object(self, key: str) -> Body | None:
        """Return an object, None for null. Raise BadRequest."""
        value = self.table.get(key)
        if value is not None and not isinstance(value, dict):
            raise BadRequest(f'"{key}"')
        return None if value is None else Body(value)

    def content(self) -> bytes:
        """Return the bytes of "text", or of "base64". Raise BadRequest."""
        text, packed = self.table.get("text"), self.table.get("base64")
        if isinstance(text, str) and packed is None:
            return text.encode("utf-8", "replace")
        if isinstance(packed, str) and text is None:
            try:
                return base64.b64decode(packed, validate=True)
            except (ValueError, binascii.Error):
                raise BadRequest('"base64"') from None
        raise BadRequest('"text" / "base64"')


def read_body(data: bytes) -> Body:
    """Return the JSON object of a body. Raise BadRequest."""
    try:
        table = json.loads(data)
    except (ValueError, RecursionError):
        raise BadRequest("JSON") from None
    if not isinstance(table, dict):
        raise BadRequest("{…}")
    return Body(table)
