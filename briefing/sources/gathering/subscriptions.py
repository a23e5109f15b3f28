"""Configurations -> the feeds and pages that are gathered, each once for all briefings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from briefing.config import Config, FeedSource
from briefing.sources.gathering.fetching import Source

__all__ = ["Subscription", "as_feed", "labels", "subscriptions"]


@dataclass(frozen=True, slots=True)
class Subscription:
    """A feed or page, with what any of its briefings asks of it."""

    url: str
    label: str
    """What messages call it: its name or host, never the address, which may hold a token."""
    is_page: bool
    source: Source
    feeds: tuple[tuple[Config, FeedSource], ...]
    """Each briefing that has it, with its settings."""

    @property
    def name(self) -> str:
        """Return what its record in the inbox is called by."""
        return record_name(self.url, is_page=self.is_page)

    @property
    def kind(self) -> str:
        """Return what it is, for a message."""
        return "page" if self.is_page else "feed"


def record_name(url: str, *, is_page: bool) -> str:
    """Return what a record in the inbox is called by: a page and a feed may have one address."""
    return f"page {url}" if is_page else url


def as_feed(page: str) -> FeedSource:
    """Return a page as a feed of one article that never is too old, for it is what it is now."""
    return FeedSource(url=page, limit=0, max_age_h=0.0, full_text="never")


def labels(config: Config) -> dict[str, str]:
    """Return what messages call each feed and page of a briefing, by record name.

    That is the name that the user gave, else the host; a number tells those of one host apart.
    """
    rows = [(record_name(feed.url, is_page=False), feed.name) for feed in config.sources.feeds]
    rows += [(record_name(url, is_page=True), "") for url in config.sources.pages]
    names = [name or _host(url) for url, name in rows]
    counts = Counter(names)
    return {
        url: name if counts[name] == 1 else f"{name} ({number})"
        for number, ((url, _), name) in enumerate(zip(rows, names, strict=True), 1)
    }


def subscriptions(configs: Sequence[Config]) -> list[Subscription]:
    """Return the feeds and pages of several briefings, each once, in their order."""
    rows: dict[str, Subscription] = {}
    for config in configs:
        names = labels(config)
        for feed, is_page in _sources(config):
            name = record_name(feed.url, is_page=is_page)
            earlier = rows.get(name)
            private = config.sources.private_addresses or bool(
                earlier and earlier.source.private_addresses
            )
            rows[name] = Subscription(
                feed.url,
                earlier.label if earlier else names[name],
                is_page,
                Source(feed.url, private),
                (*(earlier.feeds if earlier else ()), (config, feed)),
            )
    return list(rows.values())


def _sources(config: Config) -> Iterator[tuple[FeedSource, bool]]:
    yield from ((feed, False) for feed in config.sources.feeds)
    yield from ((as_feed(page), True) for page in config.sources.pages)


def _host(name: str) -> str:
    return urlsplit(name.rpartition(" ")[2]).hostname or "?"
