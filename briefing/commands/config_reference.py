"""The table of settings -> docs/configuration.md.

`python3 -m briefing.commands.config_reference docs/configuration.md` writes the page. A test
compares it with the settings.
"""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterator
from pathlib import Path

from briefing import config

__all__ = ["reference"]

_HEAD = """# Configuration

This page is generated: `python3 -m briefing.commands.config_reference docs/configuration.md`.

`briefing` reads `config.toml` in the working folder, or the file given by `--config FILE`. Paths
are relative to that file. Every key has a default, so an empty file works. A `[briefing.NAME]`
table inherits the settings at the top level and can override them. A wrong key or value is refused
with its line number.

| key | default | meaning |
| --- | --- | --- |
"""
_FOOT = """
Pauses are as set, within 30 ms. But between paragraphs, titles, articles and sounds, an MP3 or M4B
always has a pause of 0.05 to 0.13 s, even if the setting is smaller.
"""
_VOICES = {
    "espeak": config.Espeak,
    "gtts": config.Gtts,
    "edge": config.Edge,
    "openai": config.Openai,
    "NAME": config.Neural,
}


def reference() -> str:
    """Return the page: a row for each setting, with its default and meaning."""
    return _HEAD + "".join(_rows()) + _FOOT


def _rows() -> Iterator[str]:
    for prefix, table in _tables():
        for name, default, meaning in config.setting_help(table):
            cell = meaning.replace("|", "/")
            yield f"| `{prefix}{name}` | `{_format(default)}` | {cell} |\n"


def _tables() -> Iterator[tuple[str, type]]:
    yield "", config.Config
    for item in dataclasses.fields(config.Config):
        table: object = item.default_factory
        if not isinstance(table, type) or "meaning" in item.metadata:
            continue
        if dataclasses.is_dataclass(table):
            yield f"{item.name}.", table
            for inner in dataclasses.fields(table):
                if rows := inner.metadata.get("tables"):
                    yield f"{item.name}.{inner.name}.", rows
    for name, settings in _VOICES.items():
        yield f"voices.{name}.", settings


def _format(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, tuple):
        return "[" + ", ".join(f'"{item}"' for item in value) + "]"
    return f"{value:g}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(reference(), encoding="utf-8", newline="\n")
