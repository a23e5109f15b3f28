"""A shelf -> the files that are delivered, each with its address, its stage and its headers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

from briefing.shelf.addresses import KEPT_FOLDER, VIEW_NAMES, VIEWS, addresses_of
from briefing.shelf.private_shelves import private_shelves
from briefing.shelf.shelf import Shelf

__all__ = ["Item", "Stage", "contents", "current_editions", "media_type"]


class Stage(IntEnum):
    """When a file is sent. A file is sent after everything that it names."""

    DATED = 0
    """Files of the kept editions, whose names never get another content."""
    LATEST = 1
    """The newest edition's files under their lasting names."""
    PAGES = 2
    """Pages, and the list of the shelf."""
    FEEDS = 3
    """What podcast programs ask for."""


@dataclass(frozen=True, slots=True)
class Item:
    """A file of the shelf that is delivered."""

    address: str
    """Such as "news.mp3" or "editions/news-2026-11-24-….mp3"."""
    path: Path
    """Where its content is: never a link."""
    bytes: int
    modified_ns: int
    same_as: str = ""
    """The dated address with the same content; "" if there is none."""

    @property
    def stage(self) -> Stage:
        """When it is sent."""
        ending = self.address.rpartition(".")[2]
        if ending == "xml":
            return Stage.FEEDS
        folder, _, file = self.address.rpartition("/")
        if ending == "html" or file in VIEW_NAMES:
            return Stage.PAGES
        return Stage.DATED if folder.rpartition("/")[2] == KEPT_FOLDER else Stage.LATEST

    @property
    def media_type(self) -> str:
        """The value of the Content-Type header."""
        return media_type(self.address)

    @property
    def is_large(self) -> bool:
        """Whether it contains the sound of an edition."""
        return self.media_type in _LARGE_TYPES

    @property
    def cache_control(self) -> str:
        """The value of the Cache-Control header.

        Sound and books have the same value under both of their names, so that a server can copy
        them from one to the other. All but dated texts is asked for again, which costs an answer
        of no content.
        """
        text = self.stage is Stage.DATED and not self.is_large
        return _FOR_EVER if text else _ASK_AGAIN


_FOR_EVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "public, max-age=0, must-revalidate"
_MEDIA_TYPES = {
    ".mp3": "audio/mpeg",
    ".m4b": "audio/x-m4a",
    ".opus": "audio/ogg",
    ".vtt": "text/vtt; charset=utf-8",
    ".chapters.json": "application/json+chapters",
    ".json": "application/json",
    ".html": "text/html; charset=utf-8",
    ".xml": "application/rss+xml; charset=utf-8",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".epub": "application/epub+zip",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
"""The first ending that fits decides. RSS Advisory Board; Podcasting 2.0, tag chapters; RFC 8216
for WebVTT; RFC 7845, 9 for Opus."""
_LARGE_TYPES = frozenset({"audio/mpeg", "audio/x-m4a", "audio/ogg", "application/epub+zip"})


def media_type(address: str) -> str:
    """Return the media type of a published file.

    >>> media_type("news.chapters.json"), media_type("editions/news-2026-11-24-0123.mp3")
    ('application/json+chapters', 'audio/mpeg')
    """
    fitting = (value for ending, value in _MEDIA_TYPES.items() if address.endswith(ending))
    return next(fitting, "application/octet-stream")


def contents(shelf: Shelf) -> dict[str, Item]:
    """Return the published files by their addresses, in the order in which they are sent.

    Those of private briefings have addresses in the folders of their keys. Raises OSError if a
    file has vanished, because a build has replaced its edition.
    """
    items = [*_items(shelf, "")]
    for key, folder in private_shelves(shelf.folder):
        items += _items(Shelf(folder), f"{key}/")
    items.sort(key=lambda item: (item.stage, item.address))
    return {item.address: item for item in items}


def current_editions(shelf: Shelf) -> dict[Path, dict[str, Path]]:
    """Return the folders of the current editions of a shelf and its private shelves."""
    shelves = [shelf, *(Shelf(folder) for _, folder in private_shelves(shelf.folder))]
    return {each.folder: each.editions() for each in shelves}


def _items(shelf: Shelf, above: str) -> Iterator[Item]:
    """Yield the files of one shelf. above: what precedes their addresses."""
    for edition in shelf.editions().values():
        dated: dict[Path, str] = {}
        addresses = addresses_of(edition)
        for address in sorted(addresses, key=lambda address: "/" not in address):
            folder, file = addresses[address]
            path = edition.parent / folder / file
            status = path.stat()
            same_as = dated.get(path, "") if "/" not in address else ""
            if "/" in address:
                dated[path] = above + address
            yield Item(above + address, path, status.st_size, status.st_mtime_ns, same_as)
    for file in VIEW_NAMES if shelf.names() else ():
        path = shelf.folder / VIEWS / file
        status = path.stat()
        yield Item(above + file, path, status.st_size, status.st_mtime_ns)
