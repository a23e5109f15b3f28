"""The kept editions of a briefing -> its podcast feed: RSS 2.0, iTunes and Podcasting 2.0 tags.

There is one episode for each edition date. Rebuilding a day keeps the episode's GUID and gives its
sound a new address. Nothing in the feed depends on the clock: the same shelf gives the same bytes.
"""

from __future__ import annotations

import datetime
import html
import ipaddress
import re
import struct
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import briefing
from briefing.config import Config, place
from briefing.errors import ConfigError
from briefing.publish.cover import COVER_PX, cover_of
from briefing.publish.strings import day, direction
from briefing.schedule.edition_hour import moment, utc_offset
from briefing.shelf.fresh_files import write_anew
from briefing.shelf.listing import KeptEdition
from briefing.shelf.private_shelves import key_of
from briefing.shelf.sidecar import Head
from briefing.shelf.sidecar_reader import KEPT_FOLDER, Edition, read_edition

__all__ = [
    "Episode",
    "base_url",
    "check",
    "cover",
    "current_episode",
    "has_key",
    "kept_episode",
    "owner_of",
    "podcast_guid",
    "without_episode",
    "write",
    "write_cover",
]

CONTENT_TYPES = {
    ".mp3": "audio/mpeg",
    ".m4b": "audio/x-m4a",
    ".m4a": "audio/x-m4a",
    ".opus": "audio/ogg",
}
"""The types of an enclosure. Apple does not play opus; other podcast players do (RFC 7845, 9)."""

# fmt: off
_FILE_ENDINGS = frozenset(
    [
        ".aac", ".asp", ".aspx", ".atom", ".flac", ".gif", ".htm", ".html", ".jpeg", ".jpg",
        ".json", ".jsp", ".m3u", ".m3u8", ".m4a", ".m4b", ".mp3", ".ogg", ".opus", ".pdf",
        ".php", ".png", ".rss", ".shtml", ".svg", ".txt", ".vtt", ".wav", ".webp", ".xhtml", ".xml",
    ]
)
# fmt: on
"""Endings that only files on the web have. (v1.2/ may well be a folder.)"""

_NAMESPACE = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
"""The namespace of podcast:guid (Podcasting 2.0, tag guid)."""

_SUMMARY_BYTES = 4000  # Apple's limit of a description
_CUT = "…"
_TITLE_LENGTH = 255  # characters: Apple's limit of any other value
_OWNED = re.compile(rb"<!-- briefing: (.*?) -->")
_OWNED_BYTES = 2048  # a comment that says whose the feed is stands within these
_HIDDEN = "\u200b"  # stands in that comment between two hyphens
_PREFIXES = {
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "https://podcastindex.org/namespace/1.0": "podcast",
    "http://www.w3.org/2005/Atom": "atom",
    "http://purl.org/rss/1.0/modules/content/": "content",
}
"""The namespaces of a feed; some podcast programs know them by these prefixes alone."""
_ITUNES, _PODCAST, _ATOM, _CONTENT = (f"{{{url}}}" for url in _PREFIXES)
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Episode:
    """An edition, and the addresses that it has on the shelf."""

    edition: Edition
    files: Mapping[str, str]
    """For each file in its sidecar its address relative to the shelf's."""
    page: str


def kept_episode(entry: KeptEdition, editions: Path) -> Episode | None:
    """Return the episode of a kept edition, or None if its sidecar cannot be read.

    editions: the folder with the folders of the briefing's editions.
    """
    edition = read_edition(editions / entry.folder / f"{entry.row.name}.json")
    if edition is None:
        return None
    files = {file: f"{KEPT_FOLDER}/{public}" for public, file in entry.files.items()}
    return Episode(edition, files, entry.row.page)


def current_episode(edition: Edition) -> Episode:
    """Return the episode of an edition that is not kept."""
    files = {file: file for file in edition.endings()}
    return Episode(edition, files, f"{edition.name}.html")


def write(
    folder: Path, config: Config, episodes: Sequence[Episode], file: str, picture: str
) -> None:
    """Write the briefing's feed into an edition's folder.

    episodes: at least one, newest first. file, picture: the names of the feed and the cover.
    Raises ConfigError if base_url cannot be used, or OSError.
    """
    base = base_url(config)
    guid = config.feed.guid or podcast_guid(base + quote(file))
    if config.feed.private:
        # the key is replaced when it has become known, and the podcast stays the same
        guid = config.feed.guid or podcast_guid(f"{base}{quote(config.output.name)}/{quote(file)}")
        base = f"{base}{key_of(config.shelf_folder)}/"
    write_anew(folder / file, _feed(episodes, config, _Place(base, file, picture, guid)))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a feed is."""

    base: str
    """The address of its folder."""
    file: str
    picture: str
    guid: str
    """The podcast:guid."""


def has_key(feed: Path, key: str) -> bool:
    """Return whether the addresses in a private feed have a key. Raises OSError."""
    with feed.open("rb") as file:
        return f"/{key}/".encode() in file.read(_OWNED_BYTES)


def owner_of(path: Path) -> str:
    """Return the briefing that a feed belongs to, from the comment before its channel, or "".

    Raises OSError.
    """
    with path.open("rb") as file:
        match = _OWNED.search(file.read(_OWNED_BYTES))
    return match[1].decode("utf-8", "replace").replace(_HIDDEN, "") if match else ""


def without_episode(feed: str, day: str) -> str:
    """Return a feed as `write` wrote it without an episode, "" if that is its last.

    day: NAME-DATE, the episode's guid. Raises ValueError if the feed was damaged since.
    """
    builder = ElementTree.TreeBuilder(insert_comments=True)
    try:
        root = ElementTree.fromstring(feed, ElementTree.XMLParser(target=builder))
    except ElementTree.ParseError as error:
        raise ValueError(f"is no XML: {error}") from None
    channel = root.find("channel")
    if channel is None:
        raise ValueError("has no channel")
    for item in channel.findall("item"):
        if item.findtext("guid") == day:
            channel.remove(item)
    newest = channel.find("item")
    if newest is None:
        return ""
    for name in ("pubDate", "lastBuildDate"):
        date = channel.find(name)
        if date is not None:
            date.text = newest.findtext("pubDate")
    return _as_text(root)


def podcast_guid(url: str) -> str:
    """Return the podcast:guid of a feed: a UUIDv5 of its address without scheme and final slashes.

    The example is from the tag's documentation.

    >>> podcast_guid("https://mp3s.nashownotes.com/pc20rss.xml")
    '917393e3-1b1e-5cef-ace4-edaa54e1f810'
    """
    return str(uuid.uuid5(_NAMESPACE, re.sub(r"^[a-z]+://", "", url).rstrip("/")))


def check(config: Config) -> list[str]:
    """Check the feed's settings before anything is built; return warnings.

    Raise ConfigError if base_url, the guid or the cover cannot be used.
    """
    warnings = []
    if config.feed.base_url:
        base = urlsplit(base_url(config))
        if base.scheme == "http" and not _is_this_machine(base.hostname or ""):
            warnings.append(
                f"{place(config, 'feed', 'base_url')}: feed.base_url = {config.feed.base_url!r}:"
                " podcast directories and phones need https://, and anybody on the way can change"
                " what is sent by http://"
            )
    if config.feed.guid:
        try:
            uuid.UUID(config.feed.guid)
        except ValueError:
            raise ConfigError(
                f"{place(config, 'feed', 'guid')}: feed.guid = {config.feed.guid!r} must be a"
                " podcast:guid such as 917393e3-1b1e-5cef-ace4-edaa54e1f810"
            ) from None
    if config.feed.cover:
        _own_cover(config)
    return warnings


def write_cover(folder: Path, config: Config, stem: str) -> str:
    """Write the user's or a drawn cover into an edition's folder; return its file name.

    stem: the file name without its ending.

    Raises ConfigError if the user's is no square PNG or JPEG of 1400 to 3000 pixels.
    """
    content = cover(config, COVER_PX)
    file = f"{stem}.png" if content.startswith(b"\x89PNG") else f"{stem}.jpg"
    write_anew(folder / file, content)
    return file


def cover(config: Config, size_px: int) -> bytes:
    """Return the user's cover unchanged, or else the program's own, its side size_px.

    Raises ConfigError if the user's cannot be used.
    """
    if config.feed.cover:
        return _own_cover(config)
    return cover_of(config.title, config.place, size_px, config.open_cache())


def _own_cover(config: Config) -> bytes:
    path = config.base / config.feed.cover
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ConfigError(
            f"{place(config, 'feed', 'cover')}: feed.cover = {config.feed.cover!r}:"
            f" {path} cannot be read: {error.strerror}"
        ) from None
    size = _image_size(content)
    if not size or size[0] != size[1] or not 1400 <= size[0] <= 3000:
        reason = f"it has {size[0]} by {size[1]}" if size else "it is neither"
        raise ConfigError(
            f"{place(config, 'feed', 'cover')}: feed.cover = {config.feed.cover!r}: {path} must be"
            f" a square PNG or JPEG of 1400 to 3000 pixels; {reason}"
        )
    return content


def base_url(config: Config) -> str:
    """Return feed.base_url as ASCII, with a slash at its end. Raise ConfigError."""
    url = config.feed.base_url
    parts = urlsplit(url)
    if problem := _problem_of_base_url(url):
        raise ConfigError(
            f"{place(config, 'feed', 'base_url')}: feed.base_url = {url!r} {problem}; it is the"
            " address of the shelf on the web, such as https://example.org/audio/"
        )
    try:
        host = parts.netloc.encode("ascii" if parts.netloc.isascii() else "idna").decode()
    except UnicodeError:
        host = parts.netloc
    path = quote(parts.path, safe="/%~!$&'()*+,;=:@")
    return f"{parts.scheme}://{host}{path.removesuffix('/')}/"


def _problem_of_base_url(url: str) -> str:
    """Return why an address cannot be that of a shelf; "" if it can."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        return f"is no web address: {error}"
    if parts.scheme not in ("http", "https"):
        return "must begin with https://"
    if not host or re.search(r"[\s<>\"\\^`{|}]", parts.netloc):
        return "names no host"
    if parts.query or parts.fragment:
        return "must end before ? and #"
    file = parts.path.rstrip("/").rpartition("/")[2]
    if Path(file).suffix.lower() in _FILE_ENDINGS:
        return f"ends in a file, {file}"
    return ""


def _is_this_machine(host: str) -> bool:
    """Return whether a host name belongs to the loopback interface (RFC 6761, 6.3)."""
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost" or host.endswith(".localhost")


def _feed(episodes: Sequence[Episode], config: Config, place: _Place) -> Iterator[str]:
    root = ElementTree.Element("rss", version="2.0")
    root.append(ElementTree.Comment(f" briefing: {_comment(config.output.name)} "))
    channel = _add(root, "channel")
    _describe_channel(channel, episodes[0], config, place)
    for episode in episodes:
        _add_item(channel, episode, config, place.base)
    yield _as_text(root)


def _describe_channel(channel: Element, newest: Episode, config: Config, place: _Place) -> None:
    head, base = newest.edition.head, place.base
    address, image = base + quote(place.file), base + quote(place.picture)
    title = _line(config.title) or head["title"]
    author = config.publisher or title
    about = f"{title} — {config.publisher}" if config.publisher else title
    headlines = "\n".join(_summary_lines(_groups(head)))
    description = config.feed.description or f"{about}\n{headlines}".rstrip()
    date = format_datetime(_publication_time(head, config))
    _add(channel, "title", title)
    _add(channel, "link", base)
    _add(channel, _ATOM + "link", href=address, rel="self", type="application/rss+xml")
    _add(channel, "description", _shorten(description))
    _add(channel, "language", head["language"])
    _add(channel, "generator", f"briefing {briefing.__version__}")
    _add(channel, "pubDate", date)
    _add(channel, "lastBuildDate", date)
    _add(channel, _ITUNES + "author", author)
    if config.feed.email:
        owner = _add(channel, _ITUNES + "owner")
        _add(owner, _ITUNES + "name", author)
        _add(owner, _ITUNES + "email", config.feed.email)
    _add(channel, _ITUNES + "image", href=image)
    picture = _add(channel, "image")
    _add(picture, "url", image)
    _add(picture, "title", title)
    _add(picture, "link", base)
    category, _, subcategory = (part.strip() for part in config.feed.category.partition("/"))
    outer = _add(channel, _ITUNES + "category", text=category)
    if subcategory:
        _add(outer, _ITUNES + "category", text=subcategory)
    _add(channel, _ITUNES + "explicit", _boolean(config.feed.explicit))
    _add(channel, _ITUNES + "type", "episodic")
    if config.feed.private:
        _add(channel, _ITUNES + "block", "Yes")
        _add(channel, _PODCAST + "block", "yes")
    _add(channel, _PODCAST + "guid", place.guid)
    locked = _add(channel, _PODCAST + "locked", "yes")
    if config.feed.email:
        locked.set("owner", _storable(config.feed.email))
    _add(channel, _PODCAST + "medium", "podcast")


def _add_item(channel: Element, episode: Episode, config: Config, base: str) -> None:
    edition, head = episode.edition, episode.edition.head
    audio = head["audio"]
    kind = CONTENT_TYPES.get(Path(audio["file"]).suffix)
    if kind is None:
        return

    def address(file: str) -> str:
        return base + quote(episode.files.get(file, file))

    title = _episode_title(head)
    groups = _groups(head)
    date = format_datetime(_publication_time(head, config))
    sound = {"url": address(audio["file"]), "length": str(audio["bytes"]), "type": kind}
    item = _add(channel, "item")
    _add(item, "title", title)
    _add(item, _ITUNES + "title", title)
    _add(item, "link", base + quote(episode.page))
    _add(item, "guid", edition.day, isPermaLink="false")
    _add(item, "pubDate", date)
    _add(item, "description", _shorten("\n".join(_summary_lines(groups)) or title))
    _add(item, _CONTENT + "encoded", _html_summary(groups))
    _add(item, "enclosure", **sound)
    _add(item, _ITUNES + "duration", str(max(1, round(head["duration_s"]))))
    _add(item, _ITUNES + "explicit", _boolean(config.feed.explicit))
    _add(item, _ITUNES + "episodeType", "full")
    transcript, marks = f"{edition.name}.vtt", f"{edition.name}.chapters.json"
    if transcript in episode.files:
        words = {"url": address(transcript), "type": "text/vtt", "language": head["language"]}
        _add(item, _PODCAST + "transcript", **words)
    if marks in episode.files:
        times = {"url": address(marks), "type": "application/json+chapters"}
        _add(item, _PODCAST + "chapters", **times)


def _add(parent: Element, tag: str, content: str = "", /, **attributes: str) -> Element:
    """Append an element with its text and attributes, less what XML cannot hold."""
    values = {name: _storable(value) for name, value in attributes.items()}
    element = ElementTree.SubElement(parent, tag, values)
    element.text = _storable(content) or None
    return element


def _storable(text: str) -> str:
    """Return a text without the characters that XML 1.0 cannot hold; ElementTree allows them."""
    return _NOT_XML.sub("", text)


def _as_text(root: Element) -> str:
    """Return a feed as an XML document with one element a line."""
    for url, prefix in _PREFIXES.items():
        ElementTree.register_namespace(prefix, url)
    ElementTree.indent(root, space="")
    text = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _episode_title(head: Head) -> str:
    """Return the day and the first article, without the show's title, which Apple forbids."""
    language = "ar" if direction(head["language"]) == "rtl" else "en"
    date = day(head["edition_date"], language)
    chapters = (chapter for chapter in head["chapters"] if chapter["source"] is not None)
    first = next((chapter["title"] for chapter in chapters), "")
    title = f"{date}: {_line(first)}" if first.strip() else date
    return title if len(title) <= _TITLE_LENGTH else title[: _TITLE_LENGTH - 1].rstrip() + "…"


def _groups(head: Head) -> list[tuple[str, list[str]]]:
    """Return the sections of an edition, each with the titles of its chapters.

    Chapters under no heading are a group without a title.
    """
    titles = [chapter["title"] for chapter in head["chapters"]]
    groups: list[tuple[str, list[str]]] = []
    sections = {at: row for row in head.get("sections", ()) for at in row["chapters"]}
    before: object = None
    for at, title in enumerate(titles):
        section = sections.get(at)
        if not groups or section is not before:
            groups.append((section["title"] if section else "", []))
        groups[-1][1].append(title)
        before = section
    return groups or [("", [])]


def _summary_lines(groups: Sequence[tuple[str, list[str]]]) -> Iterator[str]:
    for section, titles in groups:
        if section:
            yield f"{_line(section)}:"
        yield from titles


def _html_summary(groups: Sequence[tuple[str, list[str]]]) -> str:
    """Return the headlines as HTML lists of at most 4,000 bytes; the feed has them escaped.

    What is too much is left out headline by headline, so that the HTML stays whole.
    """
    rows = [(number, title) for number, (_, titles) in enumerate(groups) for title in titles]
    most = min(len(rows), _SUMMARY_BYTES // len("<li></li>"))
    for count in range(most, 0, -1):
        lists: list[tuple[str, list[str]]] = []
        for number, (section, _) in enumerate(groups):
            titles = [title for at, title in rows[:count] if at == number]
            if titles:
                lists.append((section, titles))
        text = "".join(map(_html_list, lists)) + (f"<p>{_CUT}</p>" if count < len(rows) else "")
        if len(text.encode()) <= _SUMMARY_BYTES:
            return text
    return ""


def _html_list(group: tuple[str, list[str]]) -> str:
    """Return a section as an HTML list."""
    section, titles = group
    items = "".join(f"<li>{html.escape(_line(title), quote=False)}</li>" for title in titles)
    heading = f'<h3 dir="auto">{html.escape(_line(section), quote=False)}</h3>' if section else ""
    return f'{heading}<ol dir="auto">{items}</ol>'


def _publication_time(head: Head, config: Config) -> datetime.datetime:
    """Return when an edition counts as published.

    The offset from UTC is the sidecar's, so that a machine in another time zone writes the same.
    """
    offset = head["build"].get("utc_offset", "")
    with suppress(ValueError):
        return moment(config, head["edition_date"], offset)
    return moment(config, head["edition_date"], utc_offset(config, head["edition_date"]))


def _line(text: str) -> str:
    return " ".join(text.split())


def _boolean(value: bool) -> str:
    return "true" if value else "false"


def _comment(name: str) -> str:
    """Return a briefing's name for an XML comment, which cannot have two hyphens in a row."""
    return re.sub(r"-(?=-|$)", f"-{_HIDDEN}", name)


def _shorten(text: str) -> str:
    """Cut a description at Apple's 4,000 bytes, between lines or words."""
    if len(text.encode()) <= _SUMMARY_BYTES:
        return text
    cut = text.encode()[: _SUMMARY_BYTES - len(_CUT.encode())].decode("utf-8", "ignore")
    place = max(cut.rfind("\n"), cut.rfind(" "))
    return (cut[:place] if place > 0 else cut) + _CUT


def _image_size(content: bytes) -> tuple[int, int] | None:
    """Return the width and height of a PNG or a JPEG in pixels, or None for other files."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and content[12:16] == b"IHDR" and content[23:24]:
        width, height = struct.unpack(">II", content[16:24])
        return width, height
    place = 2
    while content.startswith(b"\xff\xd8") and place + 9 <= len(content) and content[place] == 0xFF:
        marker = content[place + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[place + 5 : place + 9])
            return width, height
        place += 2 + int(struct.unpack(">H", content[place + 2 : place + 4])[0])
    return None
