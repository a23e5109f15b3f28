"""Shelves to deliver, and what a listener's program finds at a target."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

from briefing.config import Config, Feed, Neighbour, Output
from tests.publish.shelf_maker import shelve

BASE = "https://example.org/"
NAMES = ("news", "sport")


def table(folder: Path, name: str, keep: int = 2) -> Config:
    """The configuration of one of two briefings with feeds."""
    neighbours = tuple(Neighbour(one, folder, has_feed=True) for one in NAMES)
    config = Config(output=Output(name=name, keep=keep), feed=Feed(BASE))
    return replace(config, output=replace(config.output, folder=str(folder)), neighbours=neighbours)


def build(folder: Path, name: str, day: int, text: str) -> None:
    """Publish an edition on the shelf."""
    articles = [(f"خبر {text}", [f"نص {text}."], None)]
    shelve(folder, table(folder, name), date=f"2026-11-{day}", articles=articles)


def two_days(folder: Path) -> None:
    for day in (21, 22):
        for name in NAMES:
            build(folder, name, day, f"{name} {day}")


Fetch = Callable[[str], bytes | None]
"""An address -> what the target has there, or None."""


def folder_fetch(folder: Path) -> Fetch:
    def fetch(address: str) -> bytes | None:
        path = folder / address
        return path.read_bytes() if path.is_file() else None

    return fetch


def missing(fetch: Fetch) -> list[str]:
    """Return every address that a published feed names and that does not answer."""
    lost = []
    for feed in ("feed.xml", "sport.xml"):
        text = (fetch(feed) or b"").decode()
        for url in re.findall(rf'(?:url|href)="({re.escape(BASE)}[^"]*)"', text):
            address = unquote(urlsplit(url).path.lstrip("/"))
            if address and fetch(address) is None:
                lost.append(f"{feed}: {address}")
        for address, size in enclosures(fetch, feed).items():
            if len(fetch(address) or b"") != size:
                lost.append(f"{feed}: {address} has another size")
    return lost


def enclosures(fetch: Fetch, feed: str = "feed.xml") -> dict[str, int]:
    """Return the sounds that a feed names, with their sizes."""
    text = (fetch(feed) or b"").decode()
    tags = re.findall(r"<enclosure [^>]*>", text)
    return {
        unquote(urlsplit(re.findall(r'url="([^"]*)"', tag)[0]).path.lstrip("/")): int(
            re.findall(r'length="(\d+)"', tag)[0]
        )
        for tag in tags
    }
