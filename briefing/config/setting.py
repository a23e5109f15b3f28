"""How one setting is declared: a dataclass field that knows its meaning and its limits."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

__all__ = ["setting", "setting_help"]


def setting(
    default: Any,
    meaning: str,
    *,
    allowed: Sequence[str] | None = None,
    at_least: float | None = None,
    at_most: float | None = None,
    is_path: bool = False,
    pattern: str = "",
    like: str = "",
    may_be_secret: bool = False,
    tables: type | None = None,
) -> Any:
    """Declare one setting: a dataclass field that knows its meaning and its limits.

    is_path: it names a file or folder, inside the project's folder unless it is absolute. pattern:
    a regular expression that the whole text must match; like: what it must be, for the message.
    may_be_secret: a wrong value is not repeated in the message. tables: the dataclass of each table
    of a list of tables. A pattern holds for each text of a list.
    """
    metadata = {
        "meaning": meaning,
        "allowed": allowed,
        "at_least": at_least,
        "at_most": at_most,
        "is_path": is_path,
        "pattern": pattern,
        "like": like,
        "may_be_secret": may_be_secret,
        "tables": tables,
    }
    return dataclasses.field(default=default, metadata=metadata)


def setting_help(cls: type) -> list[tuple[str, Any, str]]:
    """List (name, default, meaning) of a table's settings, for the reference and its tests."""
    return [
        (item.name, item.default, item.metadata["meaning"])
        for item in dataclasses.fields(cls)
        if "meaning" in item.metadata
    ]
