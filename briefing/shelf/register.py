"""The briefings of a shelf in order, and the addresses of their feeds and covers.

The register is a small file on the shelf. A briefing keeps its addresses when tables of the
configuration are added, moved or removed, because a feed's subscribers know only its address.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from briefing.config import Config, place
from briefing.errors import ConfigError
from briefing.shelf.addresses import in_order
from briefing.shelf.flushing import flush_folder
from briefing.shelf.shelf import Shelf

__all__ = ["Register", "claim", "read_register", "register_of", "write_register"]

REGISTER_NAME = ".briefings.json"
FIRST_FEED = "feed.xml"
FIRST_COVER = "cover"
_VERSION = 1


@dataclass(frozen=True, slots=True)
class Register:
    """The briefings of a shelf."""

    order: tuple[str, ...] = ()
    """Their names, as the configuration orders them."""
    feeds: Mapping[str, str] = field(default_factory=dict)
    """For each name the file of its feed."""
    covers: Mapping[str, str] = field(default_factory=dict)
    """For each name its cover's file, without the ending."""


def read_register(folder: Path) -> Register | None:
    """Return the register of a shelf, or None if none can be read."""
    try:
        values = json.loads((folder / REGISTER_NAME).read_bytes())
        if values["schema_version"] != _VERSION:
            return None
        feeds, covers = dict(values["feeds"]), dict(values["covers"])
        if not all(isinstance(text, str) for table in (feeds, covers) for text in table.values()):
            return None
        return Register(tuple(map(str, values["order"])), feeds, covers)
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None


def register_of(shelf: Shelf) -> Register:
    """Return the register of a shelf, rebuilt from the published editions if it is missing.

    Raises OSError.
    """
    register = read_register(shelf.folder)
    if register is not None:
        return register
    feeds, covers = {}, {}
    for name in sorted(shelf.names()):
        folder = shelf.current(name)
        for path in sorted(folder.glob("[!.]*")) if folder else ():
            if path.suffix == ".xml":
                feeds[name] = path.name
            elif path.suffix in (".png", ".jpg"):
                covers[name] = path.stem
    return Register((), feeds, covers)


def write_register(folder: Path, register: Register) -> None:
    """Replace the register; the caller holds the shelf's lock. Raises OSError."""
    new = folder / f"{REGISTER_NAME}.new"
    with new.open("w", encoding="utf-8") as file:
        json.dump({"schema_version": _VERSION, **asdict(register)}, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    new.replace(folder / REGISTER_NAME)
    flush_folder(folder)


def claim(register: Register, config: Config) -> Register:
    """Return the register with the configuration's order and its briefing's addresses added.

    Raises ConfigError if feed.file is the feed of another briefing of the configuration.
    """
    name = config.output.name
    register = replace(register, order=in_order(register.order, _names(config)))
    covers = {**register.covers}
    if name not in covers:
        covers[name] = _free(_usual(config, FIRST_COVER, ""), [*covers.values()])
    register = replace(register, covers=covers)
    if not config.feed.base_url:
        return register
    feeds = {**register.feeds}
    if config.feed.file:
        for other in [key for key, file in feeds.items() if file == config.feed.file]:
            if other != name:
                _refuse_if_in_use(config, other)
                del feeds[other]
        feeds[name] = config.feed.file
    elif name not in feeds:
        in_use = [*feeds.values(), *(table.feed_file for table in config.on_this_shelf)]
        feeds[name] = _free(_usual(config, FIRST_FEED, ".xml"), in_use)
    return replace(register, feeds=feeds)


def _names(config: Config) -> list[str]:
    return [table.name for table in config.on_this_shelf]


def _usual(config: Config, first: str, ending: str) -> list[str]:
    """Return the addresses that a briefing may have, the best first."""
    name = config.output.name
    if _names(config)[0] == name:
        return [first, f"{name}{ending}", f"{name}-{first}"]
    return [address for address in (f"{name}{ending}", f"{name}-{first}") if address != first]


def _free(addresses: Sequence[str], in_use: Sequence[str]) -> str:
    """Return the first address that no briefing uses."""
    used = {address.casefold() for address in in_use}
    return next((text for text in addresses if text.casefold() not in used), addresses[-1])


def _refuse_if_in_use(config: Config, other: str) -> None:
    """Raise ConfigError if the other briefing would lose its feed's address and has no other."""
    moved = {table.name: table.feed_file for table in config.on_this_shelf}
    if moved.get(other) == "":
        raise ConfigError(
            f"{place(config, 'feed', 'file')}: feed.file = {config.feed.file!r} is the feed of"
            f" the briefing {other!r}, whose subscribers would get this one; choose another name"
        )
