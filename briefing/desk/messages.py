"""What the desk answers when something cannot be done, in the page's language."""

from __future__ import annotations

from functools import cache

from briefing.text.table_files import toml_table

__all__ = ["message"]


def message(key: str, language: str, **facts: object) -> str:
    """Return a message. language: "ar" or "en". facts: what stands in its braces."""
    return _table()[key][language].format(**facts)


@cache
def _table() -> dict[str, dict[str, str]]:
    rows: dict[str, dict[str, str]] = toml_table(__file__, "messages.toml")
    return rows
