"""The rules for a podcast's feed by Apple, RSS and the podcast namespace, checked one by one.

python3 -m tests.publish.feed_rules ADDRESS prints a table for the feed at an address.

Sources: Apple's "A Podcaster's Guide to RSS" and "Podcast RSS feed requirements", RSS 2.0, the tags'
pages and jsonChapters.md of the podcast namespace, W3C WebVTT.
"""

from __future__ import annotations

import json
import re
import struct
import sys
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from briefing.publish.feed import podcast_guid

NAMES = {
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
}
SOUND_TYPES = {"audio/mpeg": (".mp3",), "audio/x-m4a": (".m4a", ".m4b"), "audio/ogg": (".opus",)}
CATEGORIES = set(
    "Arts,Business,Comedy,Education,Fiction,Government,History,Health & Fitness,Kids & Family,"
    "Leisure,Music,News,Religion & Spirituality,Science,Society & Culture,Sports,Technology,"
    "True Crime,TV & Film".split(",")
)


@dataclass(frozen=True)
class Reply:
    """A server's answer."""

    status: int
    headers: dict[str, str]
    """By their names in small letters."""
    body: bytes


Fetch = Callable[..., Reply]
"""(address, **headers) -> the answer."""


@dataclass
class PodcastFeed:
    """A feed, and how its files are fetched."""

    address: str
    fetch: Fetch
    text: bytes = b""
    channel: Element = field(default_factory=lambda: Element("channel"))

    def __post_init__(self) -> None:
        self.reply = self.fetch(self.address)
        self.text = self.reply.body
        channel = ElementTree.fromstring(self.text).find("channel")
        assert channel is not None
        self.channel = channel

    @property
    def items(self) -> list[Element]:
        return self.channel.findall("item")

    def texts(self, path: str) -> list[str]:
        return [element.text or "" for element in self.channel.findall(path, NAMES)]

    def values(self, path: str, name: str) -> list[str]:
        return [element.get(name, "") for element in self.channel.findall(path, NAMES)]


Rule = Callable[[PodcastFeed], bool]
RULES: dict[tuple[str, str], Rule] = {}
"""(source, rule in words) -> whether a feed follows it."""


def rule(source: str, words: str) -> Callable[[Rule], Rule]:
    def add(check: Rule) -> Rule:
        RULES[source, words] = check
        return check

    return add


def once(feed: PodcastFeed, *paths: str) -> bool:
    return all(len(feed.channel.findall(path, NAMES)) == 1 for path in paths)


def in_each(feed: PodcastFeed, *paths: str) -> bool:
    return bool(feed.items) and all(
        len(item.findall(path, NAMES)) == 1 for item in feed.items for path in paths
    )


def size_of_png(body: bytes) -> tuple[int, int, int]:
    width, height, _, colour = struct.unpack(">IIBB", body[16:26])
    return width, height, colour


@rule("RSS 2.0", "title, link and description of the channel, each once")
def _(feed: PodcastFeed) -> bool:
    return once(feed, "title", "link", "description") and all(
        feed.texts(name)[0].strip() for name in ("title", "link", "description")
    )


@rule("RSS 2.0", "dates by RFC 822, episodes newest first")
def _(feed: PodcastFeed) -> bool:
    dates = [parsedate_to_datetime(text) for text in feed.texts("item/pubDate")]
    return len(dates) == len(feed.items) and dates == sorted(dates, reverse=True)


@rule("RSS 2.0", "the feed's own address (atom:link, rel self)")
def _(feed: PodcastFeed) -> bool:
    return feed.values("atom:link", "href") == [feed.address] and feed.values(
        "atom:link", "rel"
    ) == ["self"]


@rule("Apple", "namespaces in the rss tag, XML in UTF-8")
def _(feed: PodcastFeed) -> bool:
    first, second = feed.text.decode("utf-8").splitlines()[:2]
    return 'encoding="UTF-8"' in first and 'xmlns:itunes="' in second and 'version="2.0"' in second


@rule("Apple", "a description of at most 4,000 bytes, of show and episodes")
def _(feed: PodcastFeed) -> bool:
    texts = feed.texts("description") + feed.texts("item/description")
    texts += feed.texts("item/content:encoded")
    return all(0 < len(text.encode()) <= 4000 for text in texts)


@rule("Apple", "no other value longer than 255 characters")
def _(feed: PodcastFeed) -> bool:
    texts = feed.texts("title") + feed.texts("item/title") + feed.texts("itunes:author")
    return all(0 < len(text) <= 255 for text in texts)


@rule("Apple", "cover: square PNG or JPEG, 1400 to 3000 pixels, RGB, at most 512 kB")
def _(feed: PodcastFeed) -> bool:
    (address,) = feed.values("itunes:image", "href")
    reply = feed.fetch(address)
    width, height, colour = size_of_png(reply.body)
    return (
        reply.headers["content-type"] == "image/png"
        and width == height
        and 1400 <= width <= 3000
        and colour == 2  # red, green, blue
        and len(reply.body) <= 512_000
    )


@rule("Apple", "language by ISO 639")
def _(feed: PodcastFeed) -> bool:
    return re.fullmatch("[a-z]{2}(-[A-Za-z]{2})?", feed.texts("language")[0]) is not None


@rule("Apple", "a category of Apple's list")
def _(feed: PodcastFeed) -> bool:
    return set(feed.values("itunes:category", "text")) <= CATEGORIES and once(
        feed, "itunes:category"
    )


@rule("Apple", "itunes:explicit true or false, of show and episodes")
def _(feed: PodcastFeed) -> bool:
    texts = feed.texts("itunes:explicit") + feed.texts("item/itunes:explicit")
    return len(texts) == 1 + len(feed.items) and set(texts) <= {"true", "false"}


@rule("Apple", "itunes:author, itunes:type episodic")
def _(feed: PodcastFeed) -> bool:
    return once(feed, "itunes:author") and feed.texts("itunes:type") == ["episodic"]


@rule("Apple", "each episode: title, enclosure, guid, date, duration, type")
def _(feed: PodcastFeed) -> bool:
    tags = ("title", "enclosure", "guid", "pubDate", "itunes:duration", "itunes:episodeType")
    return in_each(feed, *tags)


@rule("Apple", "the show's name is in no episode's title")
def _(feed: PodcastFeed) -> bool:
    return not any(feed.texts("title")[0] in title for title in feed.texts("item/title"))


@rule("Apple", "guids are unique and never change: no address in them")
def _(feed: PodcastFeed) -> bool:
    guids = feed.texts("item/guid")
    return len({*guids}) == len(guids) and not any("/" in guid for guid in guids)


@rule("Apple", "enclosures are unique; type by ending; length in bytes as served")
def _(feed: PodcastFeed) -> bool:
    addresses = feed.values("item/enclosure", "url")
    kinds = feed.values("item/enclosure", "type")
    lengths = feed.values("item/enclosure", "length")
    return len({*addresses}) == len(feed.items) and all(
        urlsplit(address).path.endswith(SOUND_TYPES[kind])
        and len(feed.fetch(address).body) == int(length)
        for address, kind, length in zip(addresses, kinds, lengths, strict=True)
    )


@rule("Apple", "the server sends ranges of bytes, and answers HEAD")
def _(feed: PodcastFeed) -> bool:
    for address in feed.values("item/enclosure", "url"):
        part = feed.fetch(address, Range="bytes=0-99")
        if (part.status, len(part.body)) != (206, 100):
            return False
        if feed.fetch(address, method="HEAD").headers.get("accept-ranges") != "bytes":
            return False
    return True


@rule("Apple", "duration in whole seconds")
def _(feed: PodcastFeed) -> bool:
    return all(re.fullmatch("[1-9][0-9]*", text) for text in feed.texts("item/itunes:duration"))


@rule("Apple", "addresses in ASCII, with scheme http or https")
def _(feed: PodcastFeed) -> bool:
    addresses = re.findall(r'(?:url|href)="([^"]*)"', feed.text.decode())
    return bool(addresses) and all(
        address.isascii() and urlsplit(address).scheme in ("http", "https") and " " not in address
        for address in addresses
    )


@rule("podcast:guid", "a UUID; of the address unless set")
def _(feed: PodcastFeed) -> bool:
    (guid,) = feed.texts("podcast:guid")
    blocked = feed.texts("podcast:block")
    return uuid.UUID(guid).version == 5 and (bool(blocked) or guid == podcast_guid(feed.address))


@rule("podcast:locked", "yes or no, once")
def _(feed: PodcastFeed) -> bool:
    return feed.texts("podcast:locked") in (["yes"], ["no"])


@rule("podcast:medium", "podcast")
def _(feed: PodcastFeed) -> bool:
    return feed.texts("podcast:medium") == ["podcast"]


@rule("podcast:block", "yes or no where there is one, together with itunes:block")
def _(feed: PodcastFeed) -> bool:
    return (feed.texts("podcast:block"), feed.texts("itunes:block")) in (
        ([], []),
        (["yes"], ["Yes"]),
    )


@rule("podcast:transcript", "WebVTT with type and language, open to other sites")
def _(feed: PodcastFeed) -> bool:
    return in_each(feed, "podcast:transcript") and all(
        (reply := feed.fetch(address)).body.startswith(b"WEBVTT")
        and reply.headers["content-type"].startswith("text/vtt")
        and reply.headers["access-control-allow-origin"] == "*"
        for address in feed.values("item/podcast:transcript", "url")
    )


@rule("podcast:chapters", "application/json+chapters in tag and answer, open to other sites")
def _(feed: PodcastFeed) -> bool:
    kinds = {*feed.values("item/podcast:chapters", "type")}
    return (
        in_each(feed, "podcast:chapters")
        and kinds == {"application/json+chapters"}
        and all(
            (reply := feed.fetch(address)).headers["content-type"] in kinds
            and reply.headers["access-control-allow-origin"] == "*"
            for address in feed.values("item/podcast:chapters", "url")
        )
    )


@rule("jsonChapters.md", "version, startTime ascending from 0, titles, ends joined")
def _(feed: PodcastFeed) -> bool:
    for address in feed.values("item/podcast:chapters", "url"):
        table = json.loads(feed.fetch(address).body)
        chapters = table["chapters"]
        starts = [chapter["startTime"] for chapter in chapters]
        ends = [chapter["endTime"] for chapter in chapters]
        whole = table["version"] == "1.2.0" and starts[0] == 0 and starts == sorted(starts)
        if not whole or starts[1:] != ends[:-1] or not all(row["title"] for row in chapters):
            return False
    return True


@rule("Fetch (CORS)", "feed, sound and cover are open to other sites")
def _(feed: PodcastFeed) -> bool:
    addresses = [feed.address, *feed.values("itunes:image", "href")]
    addresses += feed.values("item/enclosure", "url")
    replies = [feed.fetch(address, Origin="https://player.example") for address in addresses]
    return all(reply.headers.get("access-control-allow-origin") == "*" for reply in replies)


def check(address: str, fetch: Fetch) -> Iterator[tuple[str, str, bool]]:
    """Yield (source, rule, whether it is followed) for each rule."""
    feed = PodcastFeed(address, fetch)
    for (source, words), follows in RULES.items():
        try:
            result = follows(feed)
        except (LookupError, ValueError, struct.error):
            result = False
        yield source, words, result


def fetch_over_http(address: str, *, method: str = "GET", **headers: str) -> Reply:
    """Ask a server. headers: of the request."""
    request = urllib.request.Request(address, method=method, headers=headers)
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
        request, timeout=60
    ) as answer:
        named = {name.lower(): text for name, text in answer.headers.items()}
        return Reply(answer.status, named, answer.read())


def table(rows: Iterator[tuple[str, str, bool]]) -> str:
    """Return the rows as a Markdown table."""
    lines = ["| source | rule | |", "| --- | --- | --- |"]
    lines += [f"| {source} | {words} | {'yes' if ok else 'NO'} |" for source, words, ok in rows]
    return "\n".join(lines)


if __name__ == "__main__":
    print(table(check(sys.argv[1], fetch_over_http)))
