"""A briefing becomes private or public, and a private one gets another key."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from briefing.config import Config
from briefing.config.private_folders import PRIVATE, private_folder
from briefing.publish import feed
from briefing.publish.kept_editions import share
from briefing.shelf.addresses import EDITIONS, addresses_of, public_files
from briefing.shelf.flushing import flush_folder, flush_tree
from briefing.shelf.listing import read_or_rebuild
from briefing.shelf.private_shelves import drop_link, key_of, make_link, private_shelves
from briefing.shelf.register import register_of
from briefing.shelf.shelf import Shelf, building
from briefing.shelf.sidecar_reader import read_edition

__all__ = ["arrange", "has_old_addresses", "leave_other_shelf", "without_table", "write_again"]

_WAIT_S = 60.0
"""For a build of the same briefing that began before the setting was changed."""
_OF_A_COMMIT = (".previous",)
"""Files of an edition's folder that belong to one commit alone."""
_OF_A_SHELF = (".xml", ".png", ".jpg")
"""Endings of files whose names depend on the shelf: feed and cover."""


def without_table(configs: Sequence[Config]) -> list[Config]:
    """Return a configuration for each private briefing that has editions but no table any more.

    Whoever has its address can still listen. Its table was removed or renamed.
    """
    names = {other.name for config in configs for other in config.neighbours}
    names |= {config.output.name for config in configs}
    folders = {config.output_folder.resolve(): config for config in configs}
    left: list[Config] = []
    for config in folders.values():
        for _, folder in private_shelves(config.output_folder):
            name = folder.name.rpartition(".")[0]
            if name in names or Shelf(folder).current(name) is None:
                continue
            left.append(
                replace(
                    config,
                    output=replace(config.output, name=name),
                    feed=replace(config.feed, private=True),
                    private_folder=folder,
                    neighbours=(),
                )
            )
    return left


def leave_other_shelf(shelf: Shelf, config: Config) -> bool:
    """Bring a briefing's editions from the shelf on which they were before `feed.private` changed.

    Nothing of it is published there afterwards. Return whether there was something. The caller
    holds the briefing's lock on its shelf. Raises BriefingError, OSError.
    """
    name = config.output.name
    if config.feed.private:
        other = Shelf(config.output_folder)
    elif (config.output_folder / PRIVATE).is_dir():
        other = Shelf(private_folder(config.output_folder, name))
    else:
        return False
    if not other.folder.is_dir() or other.current(name) is None:
        return False
    with building(other.folder, name, _WAIT_S):
        current = other.current(name)
        if current is not None and shelf.current(name) is None:
            _take_over(shelf, name, current)
        other.withdraw(name)
    if not config.feed.private:
        drop_link(other.folder)
        shutil.rmtree(other.folder, ignore_errors=True)
    return True


def _take_over(shelf: Shelf, name: str, current: Path) -> None:
    """Publish another shelf's editions of a briefing.

    Their feed and cover are left out: they get addresses of this shelf by the build that follows.
    """
    place = shelf.folder / EDITIONS / name
    shutil.rmtree(place, ignore_errors=True)
    for folder in current.parent.iterdir():
        (place / folder.name).mkdir(parents=True)
        for path in folder.iterdir():
            if path.suffix not in _OF_A_SHELF and path.name not in _OF_A_COMMIT:
                share(path, place / folder.name / path.name)
    flush_tree(place)
    flush_folder(place.parent)
    edition = place / current.name
    shelf.front.commit(name, current.name, addresses_of(edition), {})


def arrange(config: Config) -> None:
    """Make a private briefing's public folder. Raises OSError."""
    if config.feed.private:
        make_link(config.shelf_folder)


def has_old_addresses(shelf: Shelf, config: Config) -> bool:
    """Return whether a private feed was written for an earlier key."""
    current = shelf.current(config.output.name)
    if not config.feed.private or current is None:
        return False
    key = key_of(shelf.folder)
    feeds = (current / file for file in public_files(current) if file.endswith(".xml"))
    return any(not feed.has_key(path, key) for path in feeds)


def write_again(shelf: Shelf, config: Config) -> None:
    """Write the feed of the published edition for the key that the shelf has now.

    The caller holds the briefing's lock. Raises BriefingError, OSError.
    """
    name = config.output.name
    current = shelf.current(name)
    listing = read_or_rebuild(current, name) if current else None
    if current is None or listing is None or not config.feed.base_url:
        return
    with shelf.edition(name, listing.current.audio) as staged:
        for path in current.iterdir():
            if path.suffix != ".xml" and path.name not in _OF_A_COMMIT:
                share(path, staged.folder / path.name)
        edition = read_edition(staged.folder / f"{name}.json")
        if edition is None:
            return
        register = register_of(shelf)
        read = (feed.kept_episode(entry, current.parent) for entry in listing.kept_editions)
        episodes = list(filter(None, read)) or [feed.current_episode(edition)]
        stem = register.covers.get(name, "cover")
        picture = next(
            (file for file in public_files(staged.folder) if Path(file).stem == stem), f"{stem}.png"
        )
        feed.write(staged.folder, config, episodes, register.feeds.get(name, "feed.xml"), picture)
        staged.commit(keeps_previous=False)
