"""The kept editions of a briefing -> its podcast feed: RSS 2.0, iTunes and Podcasting 2.0 tags.

An episode is an edition date: rebuilding a day keeps its GUID and gives its sound a new address.
Nothing in the feed comes from the clock: the same shelf gives the same bytes.
"""

from __future__ import annotations

import datetime
import html
import ipaddress
import re
import struct
import uuid
import zoneinfo
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import briefing
from briefing.config import Config, place
from briefing.errors import ConfigError
from briefing.publish.cover import cover_png
from briefing.publish.strings import day, direction
from briefing.shelf.fresh_files import write_anew
from briefing.shelf.listing import KeptEdition
from briefing.shelf.sidecar_reader import KEPT_FOLDER, Edition, read_edition

__all__ = [
    "COVER_PX",
    "SMALL_COVER_PX",
    "Episode",
    "check",
    "cover",
    "current_episode",
    "draw_covers",
    "kept_episode",
    "owner_of",
    "podcast_guid",
    "without_episode",
    "write",
    "write_cover",
]

COVER_PX = 1400
"""Apple asks for 1400 to 3000 pixels."""
SMALL_COVER_PX = 600
"""Of the picture inside the file: what a lock screen shows."""

CONTENT_TYPES = {
    ".mp3": "audio/mpeg",
    ".m4b": "audio/x-m4a",
    ".m4a": "audio/x-m4a",
    ".opus": "audio/ogg",
}
"""What an enclosure's type may be. Apple takes no opus; other podcast players do (RFC 7845, 9)."""

# fmt: off
_FILE_ENDINGS = frozenset(
    [
        ".aac", ".asp", ".aspx", ".atom", ".flac", ".gif", ".htm", ".html", ".jpeg", ".jpg",
        ".json", ".jsp", ".m3u", ".m3u8", ".m4a", ".m4b", ".mp3", ".ogg", ".opus", ".pdf",
        ".php", ".png", ".rss", ".shtml", ".svg", ".txt", ".vtt", ".wav", ".webp", ".xhtml", ".xml",
    ]
)
# fmt: on
"""Of what stands on the web as a file, never as a folder: v1.2/ may well be one."""

_NAMESPACE = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
"""The namespace of podcast:guid (Podcasting 2.0, tag guid)."""

_SUMMARY_BYTES = 4000  # Apple's limit of a description
_CUT = "…"
_TITLE_LENGTH = 255  # characters: Apple's limit of any other value
_OWNED = re.compile(rb"<!-- briefing: (.*?) -->")
_OWNED_BYTES = 2048  # a comment that says whose the feed is stands within these
_HIDDEN = "\u200b"  # stands in that comment between two hyphens
_ITEM, _ITEM_END = "<item>\n", "</item>\n"
_PUB_DATE = re.compile("<pubDate>(.*?)</pubDate>")
_BUILD_DATE = re.compile("<lastBuildDate>.*?</lastBuildDate>")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Episode:
    """An edition, and the addresses that it has on the shelf."""

    edition: Edition
    files: Mapping[str, str]
    """For each file that its sidecar names its address below the shelf's."""
    page: str


def kept_episode(kept: KeptEdition, editions: Path) -> Episode | None:
    """Return the episode of a kept edition, None where its sidecar cannot be read.

    editions: the folder in which the briefing's editions have theirs.
    """
    edition = read_edition(editions / kept.folder / f"{kept.row.name}.json")
    if edition is None:
        return None
    files = {file: f"{KEPT_FOLDER}/{public}" for public, file in kept.files.items()}
    return Episode(edition, files, kept.row.page)


def current_episode(edition: Edition) -> Episode:
    """Return the episode of an edition that is not kept."""
    files = {file: file for file in edition.endings()}
    return Episode(edition, files, f"{edition.name}.html")


def write(
    folder: Path, config: Config, episodes: Sequence[Episode], file: str, picture: str
) -> None:
    """Write the briefing's feed into an edition's folder.

    episodes: one at least, newest first. file, picture: the names of the feed and the cover.
    Raises ConfigError where base_url cannot be used, OSError.
    """
    write_anew(folder / file, _feed(episodes, config, _base_url(config), file, picture))


def owner_of(path: Path) -> str:
    """Return whose feed a file is, as it says before its channel; "" where it does not.

    Raises OSError.
    """
    with path.open("rb") as file:
        found = _OWNED.search(file.read(_OWNED_BYTES))
    return found[1].decode("utf-8", "replace").replace(_HIDDEN, "") if found else ""


def without_episode(feed: str, day: str) -> str:
    """Return a feed as `write` wrote it less an episode, "" where that is its last.

    day: NAME-DATE, the episode's guid.
    """
    head, *items = feed.split(_ITEM)
    ends = items[-1].index(_ITEM_END) + len(_ITEM_END) if items else 0
    end = items[-1][ends:] if items else ""
    items = [item[: item.index(_ITEM_END) + len(_ITEM_END)] for item in items]
    items = [item for item in items if _guid(day) not in item]
    if not items:
        return ""
    newest = _PUB_DATE.search(items[0])
    if newest:
        head = _PUB_DATE.sub(newest[0], head, count=1)
        head = _BUILD_DATE.sub(f"<lastBuildDate>{newest[1]}</lastBuildDate>", head, count=1)
    return _ITEM.join([head, *items]) + end


def podcast_guid(url: str) -> str:
    """Give the podcast:guid of a feed: a UUIDv5 of its address less scheme and closing slashes.

    The example is that of the tag's documentation.

    >>> podcast_guid("https://mp3s.nashownotes.com/pc20rss.xml")
    '917393e3-1b1e-5cef-ace4-edaa54e1f810'
    """
    return str(uuid.uuid5(_NAMESPACE, re.sub(r"^[a-z]+://", "", url).rstrip("/")))


def check(config: Config) -> list[str]:
    """Look at the feed's settings before anything is built for it; return what is worth a warning.

    Raise ConfigError where base_url, the guid or the cover cannot be used.
    """
    warnings = []
    if config.feed.base_url:
        base = urlsplit(_base_url(config))
        if base.scheme == "http" and not _is_this_machine(base.hostname or ""):
            warnings.append(
                f"{place(config, 'feed', 'base_url')}: feed.base_url = {config.feed.base_url!r}:"
                " podcast directories and phones want https://, and anybody on the way can change"
                " what comes by http://"
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


def draw_covers(config: Config) -> None:
    """Draw the covers that publishing will ask for. Raises as `cover` does."""
    for size_px in (SMALL_COVER_PX, COVER_PX):
        cover(config, size_px)


def write_cover(folder: Path, config: Config, stem: str) -> str:
    """Put the cover into an edition's folder, the user's or a drawn one, and return its file name.

    stem: the file name without its ending.

    Raises ConfigError where the user's is no square PNG or JPEG of 1400 to 3000 pixels.
    """
    content = cover(config, COVER_PX)
    file = f"{stem}.png" if content.startswith(b"\x89PNG") else f"{stem}.jpg"
    write_anew(folder / file, content)
    return file


def cover(config: Config, size_px: int) -> bytes:
    """Give the cover: the user's as it is, or one drawn of so many pixels a side.

    Raises ConfigError where the user's cannot be used.
    """
    return _own_cover(config) if config.feed.cover else cover_png(size_px)


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
        shown = f"it has {size[0]} by {size[1]}" if size else "it is neither"
        raise ConfigError(
            f"{place(config, 'feed', 'cover')}: feed.cover = {config.feed.cover!r}: {path} must be"
            f" a square PNG or JPEG of 1400 to 3000 pixels; {shown}"
        )
    return content


def _base_url(config: Config) -> str:
    """Return feed.base_url as ASCII, with a slash at its end. Raise ConfigError."""
    url = config.feed.base_url
    parts = urlsplit(url)
    if problem := _problem_of_base_url(url):
        raise ConfigError(
            f"{place(config, 'feed', 'base_url')}: feed.base_url = {url!r} {problem}; it is the"
            " address at which the shelf stands, such as https://example.org/audio/"
        )
    try:
        host = parts.netloc.encode("ascii" if parts.netloc.isascii() else "idna").decode()
    except UnicodeError:
        host = parts.netloc
    path = quote(parts.path, safe="/%~!$&'()*+,;=:@")
    return f"{parts.scheme}://{host}{path.removesuffix('/')}/"


def _problem_of_base_url(url: str) -> str:
    """Return why an address cannot be where a shelf stands, "" where it can."""
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
    """Return whether a host name is of the loopback interface (RFC 6761, 6.3)."""
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost" or host.endswith(".localhost")


def _feed(
    episodes: Sequence[Episode], config: Config, base: str, file: str, cover: str
) -> Iterator[str]:
    newest = episodes[0].edition.head
    address = base + quote(file)
    title = _line(config.title) or newest["title"]
    author = config.publisher or title
    description = config.feed.description or (
        f"{title} — {config.publisher}" if config.publisher else title
    )
    category, _, subcategory = (part.strip() for part in config.feed.category.partition("/"))
    inner = f"<itunes:category text={_quoted(subcategory)}/>" if subcategory else ""
    owner = (
        f"<itunes:owner><itunes:name>{_x(author)}</itunes:name>"
        f"<itunes:email>{_x(config.feed.email)}</itunes:email></itunes:owner>\n"
        if config.feed.email
        else ""
    )
    locked_owner = f" owner={_quoted(config.feed.email)}" if config.feed.email else ""
    built = format_datetime(_published(newest["edition_date"], config))
    image = base + quote(cover)
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
        ' xmlns:podcast="https://podcastindex.org/namespace/1.0"'
        ' xmlns:atom="http://www.w3.org/2005/Atom"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/">\n'
        f"<!-- briefing: {_comment(config.output.name)} -->\n"
        "<channel>\n"
        f"<title>{_x(title)}</title>\n"
        f"<link>{_x(base)}</link>\n"
        f'<atom:link href={_quoted(address)} rel="self" type="application/rss+xml"/>\n'
        f"<description>{_x(_shortened(description))}</description>\n"
        f"<language>{_x(newest['language'])}</language>\n"
        f"<generator>briefing {briefing.__version__}</generator>\n"
        f"<pubDate>{built}</pubDate>\n"
        f"<lastBuildDate>{built}</lastBuildDate>\n"
        f"<itunes:author>{_x(author)}</itunes:author>\n"
        f"{owner}"
        f"<itunes:image href={_quoted(image)}/>\n"
        f"<image><url>{_x(image)}</url><title>{_x(title)}</title><link>{_x(base)}</link></image>\n"
        f"<itunes:category text={_quoted(category)}>{inner}</itunes:category>\n"
        f"<itunes:explicit>{_boolean(config.feed.explicit)}</itunes:explicit>\n"
        "<itunes:type>episodic</itunes:type>\n"
        f"<podcast:guid>{config.feed.guid or podcast_guid(address)}</podcast:guid>\n"
        f"<podcast:locked{locked_owner}>yes</podcast:locked>\n"
        "<podcast:medium>podcast</podcast:medium>\n"
    )
    for episode in episodes:
        yield from _item(episode, config, base)
    yield "</channel>\n</rss>\n"


def _item(episode: Episode, config: Config, base: str) -> Iterator[str]:
    edition, head = episode.edition, episode.edition.head
    audio = head["audio"]
    kind = CONTENT_TYPES.get(Path(audio["file"]).suffix)
    if kind is None:
        return

    def address(file: str) -> str:
        return base + quote(episode.files.get(file, file))

    title = _episode_title(head)
    page = base + quote(episode.page)
    groups = _groups(head)
    summary = _shortened("\n".join(_summary_lines(groups)) or title)
    yield (
        f"{_ITEM}"
        f"<title>{_x(title)}</title>\n"
        f"<itunes:title>{_x(title)}</itunes:title>\n"
        f"<link>{_x(page)}</link>\n"
        f"{_guid(edition.day)}\n"
        f"<pubDate>{format_datetime(_published(head['edition_date'], config))}</pubDate>\n"
        f"<description>{_x(summary)}</description>\n"
        f"<content:encoded>{_x(''.join(map(_listed, groups)))}</content:encoded>\n"
        f"<enclosure url={_quoted(address(audio['file']))}"
        f' length="{audio["bytes"]}" type="{kind}"/>\n'
        f"<itunes:duration>{max(1, round(head['duration_s']))}</itunes:duration>\n"
        f"<itunes:explicit>{_boolean(config.feed.explicit)}</itunes:explicit>\n"
        "<itunes:episodeType>full</itunes:episodeType>\n"
    )
    transcript, marks = f"{edition.name}.vtt", f"{edition.name}.chapters.json"
    if transcript in episode.files:
        yield (
            f'<podcast:transcript url={_quoted(address(transcript))} type="text/vtt"'
            f" language={_quoted(head['language'])}/>\n"
        )
    if marks in episode.files:
        yield (
            f'<podcast:chapters url={_quoted(address(marks))} type="application/json+chapters"/>\n'
        )
    yield _ITEM_END


def _episode_title(head: Mapping[str, Any]) -> str:
    """Say the day and its first article: Apple wants the show's own title in no episode's."""
    language = "ar" if direction(head["language"]) == "rtl" else "en"
    date = day(head["edition_date"], language)
    first = next((one["title"] for one in head["chapters"] if one["source"] is not None), "")
    title = f"{date}: {_line(first)}" if first.strip() else date
    return title if len(title) <= _TITLE_LENGTH else title[: _TITLE_LENGTH - 1].rstrip() + "…"


def _groups(head: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    """Return the sections of an edition, each with the titles of its chapters.

    Chapters under no heading are a group without a title.
    """
    titles = [one["title"] for one in head["chapters"]]
    groups: list[tuple[str, list[str]]] = []
    sections = {at: one for one in head.get("sections", ()) for at in one["chapters"]}
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


def _listed(group: tuple[str, list[str]]) -> str:
    """Return a section as an HTML list, which the feed carries as escaped text."""
    section, titles = group
    items = "".join(f"<li>{html.escape(_line(one), quote=False)}</li>" for one in titles)
    heading = f'<h3 dir="auto">{html.escape(_line(section), quote=False)}</h3>' if section else ""
    return f'{heading}<ol dir="auto">{items}</ol>'


def _published(date: str, config: Config) -> datetime.datetime:
    """Give the moment an edition is for: its day's beginning by the schedule's clock, or UTC's."""
    zone: datetime.tzinfo = datetime.UTC
    if config.schedule.timezone != "local":
        with suppress(zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
            zone = zoneinfo.ZoneInfo(config.schedule.timezone)
    day = datetime.date.fromisoformat(date)
    return datetime.datetime.combine(day, datetime.time(), zone)


def _x(text: Any) -> str:
    """Escape text for XML 1.0, less the characters that it cannot hold."""
    return html.escape(_NOT_XML.sub("", str(text)), quote=False)


def _quoted(text: str) -> str:
    return f'"{html.escape(_NOT_XML.sub("", text))}"'


def _line(text: str) -> str:
    return " ".join(text.split())


def _boolean(value: bool) -> str:
    return "true" if value else "false"


def _guid(day: str) -> str:
    return f'<guid isPermaLink="false">{_x(day)}</guid>'


def _comment(name: str) -> str:
    """Make a briefing's name fit for an XML comment: no two hyphens in a row."""
    return re.sub(r"-(?=-|$)", f"-{_HIDDEN}", name)


def _shortened(text: str) -> str:
    """Cut a description at Apple's 4,000 bytes, between lines or words."""
    if len(text.encode()) <= _SUMMARY_BYTES:
        return text
    cut = text.encode()[: _SUMMARY_BYTES - len(_CUT.encode())].decode("utf-8", "ignore")
    place = max(cut.rfind("\n"), cut.rfind(" "))
    return (cut[:place] if place > 0 else cut) + _CUT


def _image_size(content: bytes) -> tuple[int, int] | None:
    """Read width and height of a PNG or a JPEG, in pixels."""
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
