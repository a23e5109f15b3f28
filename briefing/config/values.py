"""A table of the file -> the dataclass of its settings, each value checked."""

from __future__ import annotations

import dataclasses
import math
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from briefing.config.feed_sources import FeedSource
from briefing.config.places import Places
from briefing.config.settings import Config, Sources
from briefing.config.voice_settings import VOICE_TABLES
from briefing.errors import ConfigError, UsageError

__all__ = ["check_setting", "checked_table"]

_PER_MACHINE = {"base", "path", "neighbours"}
_TYPE_NAMES = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "a text in quotes",
}


def check_setting(table: type, name: str, value: Any) -> None:
    """Raise UsageError where a value from the command line is none that the setting may have."""
    (item,) = (item for item in dataclasses.fields(table) if item.name == name)
    if problem := _problem(item, value):
        raise UsageError(f"--{name} {value}: must be {problem}")


def checked_table(
    cls: type[Any], table: Mapping[str, Any], places: Places, keys: tuple[str, ...]
) -> Any:
    """Return the dataclass `cls` of one table, each value checked; keys: the table's name.

    Raises ConfigError: an unknown key, a value of a wrong type or outside its limits.
    """
    fields = {
        item.name: item
        for item in dataclasses.fields(cls)
        if item.name not in _PER_MACHINE and item.name != "voices"
    }
    values = {}
    for name, value in table.items():
        here = (*keys, name)
        if name not in fields:
            raise _unknown_key(cls, keys, name, value, places)
        values[name] = _value(fields[name], value, places, here)
    return cls(**values)


def _unknown_key(
    cls: type[Any], table: tuple[str, ...], name: str, value: Any, places: Places
) -> ConfigError:
    """Return the error about a key that its table does not have; table: the names of the table."""
    from briefing.config import misplaced_keys

    tree = {
        **misplaced_keys.tree_of(Config),
        "sources": {
            **misplaced_keys.tree_of(Sources),
            "feeds": misplaced_keys.tree_of(FeedSource),
        },
        "voices": {
            **{voice: misplaced_keys.tree_of(its) for voice, its in VOICE_TABLES.items()},
            **({table[1]: misplaced_keys.tree_of(cls)} if table[:1] == ("voices",) else {}),
        },
    }
    key = misplaced_keys.written_path(name, value)
    names = tuple(name for name in table if not name.isdecimal())
    hint = misplaced_keys.explain(tree, names, key)
    if name == "feeds":
        hint = "write [[sources.feeds]] and its keys under it, for each feed"
    place = places.nearest(*table, *key)
    return ConfigError(f"{place}: unknown key {_label((*table, *key))}; {hint}")


def _checked_tables(
    cls: type[Any], value: Any, places: Places, here: tuple[str, ...]
) -> tuple[Any, ...]:
    """Return the dataclasses of a list of tables; the place of each is its name in `places`."""
    label = _label(here)
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise ConfigError(
            f"{places(*here)}: {label} is a list of tables: write [[{label}]] and its keys under it"
        )
    rows: list[Any] = []
    for index, table in enumerate(value):
        keys = (*here, str(index))
        if "url" not in table:
            raise ConfigError(f"{places.nearest(*keys)}: [[{label}]] number {index + 1} has no url")
        row = checked_table(cls, table, places, keys)
        if row.url in (other.url for other in rows):
            where = places.nearest(*keys, "url")
            raise ConfigError(f"{where}: {label} has this address twice; leave one out")
        rows.append(row)
    return tuple(rows)


def _label(here: tuple[str, ...]) -> str:
    """Return the dotted name of a setting, without the places of tables in a list."""
    return ".".join(name for name in here if not name.isdecimal())


def _value(item: dataclasses.Field[Any], value: Any, places: Places, here: tuple[str, ...]) -> Any:
    """Check one value against its setting's type and limits."""
    label = _label(here)

    def wrong(expected: str) -> ConfigError:
        written = "" if item.metadata.get("may_be_secret") else f" = {value!r}"
        return ConfigError(f"{places.nearest(*here)}: {label}{written} must be {expected}")

    if "meaning" not in item.metadata:
        if not isinstance(value, dict):
            raise ConfigError(
                f"{places(*here)}: {label} is a table: write [{label}] and its keys under it"
            )
        return checked_table(item.default_factory, value, places, here)  # type: ignore[arg-type]
    if item.metadata["tables"]:
        return _checked_tables(item.metadata["tables"], value, places, here)
    if isinstance(item.default, tuple):
        if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
            raise wrong('a list of texts, such as ["one", "two"]')
        for problem in filter(None, (_pattern_problem(item, text) for text in value)):
            raise wrong(f"a list in which each is {problem}")
        return tuple(value)
    kind = type(item.default)
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if isinstance(value, bool) and "true" in (item.metadata["allowed"] or ()):
        value = "true" if value else "false"
    if type(value) is not kind:
        raise wrong(_TYPE_NAMES[kind])
    if problem := _problem(item, value):
        raise wrong(problem)
    return _path(str(value), wrong) if item.metadata["is_path"] else value


def _problem(item: dataclasses.Field[Any], value: Any) -> str:
    """Return what a value of the right type must be and is not, "" where it is within limits."""
    allowed, low, high = (item.metadata[name] for name in ("allowed", "at_least", "at_most"))
    if allowed and value not in allowed:
        return "one of " + ", ".join(allowed)
    if isinstance(value, float) and not math.isfinite(value):
        return "a finite number"
    if low is not None and value < low:
        return f"at least {low}"
    if high is not None and value > high:
        return f"at most {high}"
    return _pattern_problem(item, value)


def _pattern_problem(item: dataclasses.Field[Any], value: Any) -> str:
    pattern = item.metadata["pattern"]
    if pattern and not re.fullmatch(pattern, value, re.ASCII):
        like: str = item.metadata["like"]
        return like
    return ""


def _path(value: str, wrong: Callable[[str], ConfigError]) -> str:
    """Check a setting that names a file or folder; ~ is the user's home."""
    if any(ord(character) < 32 for character in value):
        raise wrong("a path without control characters")
    if value.startswith("~"):
        try:
            return str(Path(value).expanduser())
        except RuntimeError:
            raise wrong("a path; there is no such user's home") from None
    path = Path(value)
    if not path.is_absolute() and ".." in Path(os.path.normpath(path)).parts:
        raise wrong("inside the configuration's folder; write an absolute path for another place")
    return value
