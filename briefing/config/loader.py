"""config.toml -> one `Config` a briefing. A wrong key or value is named with its line."""

from __future__ import annotations

import dataclasses
import os
import re
import string
import tomllib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from briefing.config.places import Places
from briefing.config.private_folders import private_folder
from briefing.config.settings import Config
from briefing.config.values import checked_table
from briefing.config.voice_settings import VOICE_TABLES
from briefing.errors import ConfigError, UsageError

__all__ = ["CONFIG_NAME", "load", "place", "settings_of_voice"]

CONFIG_NAME = "config.toml"
_OPENING_FIELDS = ("title", "date", "headlines")
_NAME = re.compile(r"[^\W.][^/\\\x00-\x1f]{0,99}")
_LOWEST_KBPS = 16
"""Below it no format keeps speech whole."""
_LONGEST_NAME_BYTES = 150
"""A file system's 255 less the longest of what is added, as in NAME-2026-11-24-….chapters.json."""
_OTHERS_NAMES = frozenset({"index", "shelf"})
"""The page and the list of the shelf: NAME.html and NAME.json would take their places."""


def load(path: Path | None = None) -> tuple[Config, ...]:
    """Read the configuration: one Config, or one for each [briefing.NAME] table.

    path: the file; None reads config.toml of the working folder, or takes the defaults where
    there is none. Raises ConfigError.
    """
    if path is None:
        path = Path.cwd() / CONFIG_NAME
        if not os.path.lexists(path):  # a link that leads nowhere is a mistake
            return (_config({}, Places("", path), base=Path.cwd(), path=None),)
    path = path.absolute()
    text = _read(path)
    table = _parse(text, path)
    places = Places(text, path)
    several = table.pop("briefing", {})
    if not isinstance(several, dict) or not all(
        isinstance(overrides, dict) for overrides in several.values()
    ):
        raise ConfigError(f"{places('briefing')}: write [briefing.NAME] tables")
    if not several:
        return (_config(table, places, base=path.parent, path=path),)
    configs: list[Config] = []
    for name, overrides in several.items():
        merged = _merge(table, overrides)
        output = merged.setdefault("output", {})
        if isinstance(output, dict) and "name" not in overrides.get("output", {}):
            output["name"] = name
        config = _config(merged, places.of(name), base=path.parent, path=path)
        # some file systems do not tell capital letters from small ones
        if config.output.name.casefold() in (other.output.name.casefold() for other in configs):
            where = places("briefing", name, "output", "name")
            raise ConfigError(
                f"{where}: two briefings are called {config.output.name!r};"
                " give each its own output.name"
            )
        configs.append(config)
    return _as_neighbours(configs, places)


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise ConfigError(f"{path}: there is no such configuration file") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: is not UTF-8; save it as UTF-8") from None


def _parse(text: str, path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        from briefing.config import toml_mistakes

        where = f"{path}:{toml_mistakes.line_number(error, text)}"
        mistake = toml_mistakes.explain(error, text)
        raise ConfigError(f"{where}: is not valid TOML: {mistake}") from None


def _as_neighbours(configs: Sequence[Config], places: Places) -> tuple[Config, ...]:
    """Let the briefings of a configuration know each other; no two may have one feed's address."""
    neighbours = tuple(config.as_neighbour for config in configs)
    owners: dict[tuple[Path, str], str] = {}
    for neighbour in neighbours:
        if not neighbour.has_feed or not neighbour.feed_file:
            continue
        address = (neighbour.shelf, neighbour.feed_file.casefold())
        owner = owners.setdefault(address, neighbour.name)
        if owner != neighbour.name:
            raise ConfigError(
                f"{places.of(neighbour.name)('feed', 'file')}: feed.file ="
                f" {neighbour.feed_file!r} is the feed of two briefings, {owner!r} and"
                f" {neighbour.name!r}; give each its own in its [briefing.NAME] table, or leave it"
                " out: each then has one of its own"
            )
    return tuple(dataclasses.replace(config, neighbours=neighbours) for config in configs)


def place(config: Config, *keys: str) -> str:
    """Return "file:line" of a setting of a loaded configuration, for a message about its value."""
    return _places_of(config)(*keys)


def settings_of_voice(config: Config, name: str, table: type[Any]) -> dict[str, Any]:
    """Return the settings of a voice that has such a table, each checked. Raise ConfigError.

    For voices whose kind is not known from their names when the configuration is read.
    """
    settings = config.voices.get(name, {})
    return dataclasses.asdict(checked_table(table, settings, _places_of(config), ("voices", name)))


def _places_of(config: Config) -> Places:
    """Return the places of the keys in a loaded configuration's file, as it is now."""
    path, text = config.path or Path(CONFIG_NAME), ""
    if config.path is not None:
        with suppress(OSError, UnicodeDecodeError):
            text = config.path.read_text("utf-8-sig")
    return Places(text, path, config.output.name)


def _merge(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for name, value in over.items():
        old = merged.get(name)
        merged[name] = (
            _merge(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
        )
    return merged


def _config(table: Mapping[str, Any], places: Places, *, base: Path, path: Path | None) -> Config:
    table = dict(table)
    voices = _voices(table.pop("voices", {}), places)
    config: Config = checked_table(Config, table, places, ())
    _check_name(config.output.name, places)
    _check_patterns(config.sources.patterns, places)
    _check_opening(config.opening.line, places)
    _check_bitrate(config.sound.bitrate_kbps, places)
    _check_feed_file(config.feed.file, places)
    _check_cache(config, places)
    config = dataclasses.replace(config, voices=voices, base=base.absolute(), path=path)
    if not config.feed.private:
        return config
    own = private_folder(config.output_folder, config.output.name)
    return dataclasses.replace(config, private_folder=own)


def _voices(tables: Any, places: Places) -> dict[str, Mapping[str, Any]]:
    """Return each voice's settings: those of a known table checked, an installed voice's as read.

    The table of an installed voice is checked when the voice is made: its name does not tell it.
    """
    if not isinstance(tables, dict):
        raise ConfigError(f"{places('voices')}: voices is a table: write [voices.NAME]")
    voices: dict[str, Mapping[str, Any]] = {}
    for name, settings in {**{name: {} for name in VOICE_TABLES}, **tables}.items():
        if not isinstance(settings, dict):
            raise ConfigError(
                f"{places('voices', name)}: write [voices.{name}] and its keys under it"
            )
        if table := VOICE_TABLES.get(name):
            settings = dataclasses.asdict(checked_table(table, settings, places, ("voices", name)))
        voices[name] = settings
    return voices


def _check_patterns(patterns: Sequence[str], places: Places) -> None:
    for pattern in patterns:
        if "/" in pattern or not pattern:
            raise ConfigError(
                f"{places('sources', 'patterns')}: sources.patterns: {pattern!r} matches no file"
                " name; write one like *.txt (folders in sources.folder are not read)"
            )


def _check_bitrate(bitrate_kbps: int, places: Places) -> None:
    if 0 < bitrate_kbps < _LOWEST_KBPS:
        raise ConfigError(
            f"{places('sound', 'bitrate_kbps')}: sound.bitrate_kbps = {bitrate_kbps}"
            f" must be 0 (the preset's) or at least {_LOWEST_KBPS}"
        )


def _check_feed_file(file: str, places: Places) -> None:
    if file and not re.fullmatch(_NAME.pattern + r"\.xml", file):
        raise ConfigError(
            f"{places('feed', 'file')}: feed.file = {file!r} must be a file name that"
            " ends in .xml; it stands on the shelf"
        )


def _check_cache(config: Config, places: Places) -> None:
    """See that addresses and folders stand where each belongs."""
    cache = config.cache
    if scheme := re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", cache.folder):
        address = (
            cache.folder if scheme[0].lower() in ("s3://", "file://") else "s3://bucket/prefix"
        )
        address = address if "@" not in address else "s3://bucket/prefix"
        raise ConfigError(
            f"{places('cache', 'folder')}: cache.folder is a folder of this machine, no address;"
            f' write cache.shared = "{address}", and leave cache.folder out'
        )
    if not cache.shared:
        return
    from briefing.buckets import check_bucket

    where = f"{places('cache', 'shared')}: cache.shared"
    if not cache.shared.startswith(("s3://", "file://")):
        raise ConfigError(f"{where}: write s3://bucket/prefix or file:///folder")
    try:
        bucket, _ = check_bucket(cache.shared)
    except UsageError as error:
        raise ConfigError(f"{where}: {error}") from None
    if bucket and config.offline:
        raise ConfigError(
            f"{where}: offline = true opens no connection to s3://…; write file:///folder, or set"
            " offline = false"
        )


def _check_opening(line: str, places: Places) -> None:
    """See that a template has no other fields than those that are filled in."""
    try:
        parsed = list(string.Formatter().parse(line))
        wrong = [
            field
            for _, field, form, conversion in parsed
            if field is not None and (field not in _OPENING_FIELDS or form or conversion)
        ]
    except ValueError as error:
        wrong = [str(error)]
    if wrong:
        raise ConfigError(
            f"{places('opening', 'line')}: opening.line: {wrong[0]!r} is none of"
            f" {', '.join(f'{{{name}}}' for name in _OPENING_FIELDS)};"
            " a brace itself is written twice"
        )


def _check_name(name: str, places: Places) -> None:
    if not _NAME.fullmatch(name):
        problem = "cannot be a file name; use letters, digits, - and _"
    elif len(name.encode("utf-8", "replace")) > _LONGEST_NAME_BYTES:
        problem = f"is too long for a file name; use at most {_LONGEST_NAME_BYTES // 2} letters"
    elif name.casefold() in _OTHERS_NAMES or name.endswith(".chapters"):
        problem = "is the name of another file of the shelf; choose another"
    else:
        return
    raise ConfigError(f"{places('output', 'name')}: {name!r} {problem}")
