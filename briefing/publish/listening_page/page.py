"""An edition -> its pages. Each is one file with the text, the times, the scripts and the style.

NAME.html is the page of a briefing's current edition, with the list of its editions. Every kept
edition has editions/NAME-DATE.html, so that links to a moment in it last. index.html and
shelf.json are made from those of all briefings, see `views`.
A page works on any web server and as a local file. Without a script it is an audio element with the
text under it. Everything that comes from a source is escaped.
"""

from __future__ import annotations

import hashlib
import string
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import briefing
from briefing.publish.listening_page.app_files import (
    font_face,
    manifest_name,
    worker_name,
    write_app_files,
)
from briefing.publish.listening_page.article_html import ArticleHtml
from briefing.publish.listening_page.shelf_list import book_link, language_of, shelf_list, url
from briefing.publish.listening_page.subscribing import subscribing
from briefing.publish.page_assets import asset, content_policy, script_json
from briefing.publish.strings import (
    clock,
    count,
    day,
    direction,
    duration,
    escape_text,
    say,
    strings,
)
from briefing.shelf.addresses import PAGE_NAME, SHELF_NAME
from briefing.shelf.fresh_files import write_anew
from briefing.shelf.listing import LASTING_PAGE, KeptEdition, Listing, Row
from briefing.shelf.sidecar import Head
from briefing.shelf.sidecar_reader import KEPT_FOLDER, Edition

__all__ = [
    "Extras",
    "generator",
    "with_shelf",
    "write",
    "write_kept",
]

_LIST_BEGINS, _LIST_ENDS = b"<!--shelf-->", b"<!--/shelf-->"
"""Mark the list of the shelf in a page. They cannot be in a text, because its "<" is escaped."""
_SHORT_LIST = 6
"""So many headlines a phone shows at first."""
_CARD_LENGTH = 300
"""Characters; of longer descriptions a card shows less."""
_DATE_WORDS = {"months", "weekdays"}  # strings that the script gets from the browser


def write(
    folder: Path, edition: Edition, text: ArticleHtml, listing: Listing, files: Extras
) -> None:
    """Write the pages of an edition into its folder, before its commit.

    These are NAME.html with the files beside it and, if the edition is kept, its page among the
    kept editions. Raises OSError.
    """
    write_app_files(folder, edition, files.cover)
    interface = listing.interface
    rows = [listing.current, *(entry.row for entry in listing.kept_editions)]
    lasting = listing.lasting
    addresses = lasting or listing.current
    own = replace(listing.current, audio=addresses.audio, book=addresses.book)
    content = _Content(edition, text, own, interface, files, url(lasting.page) if lasting else "")
    all_briefings = say("all_briefings", language_of(interface))
    whole = f'<p><a href="{PAGE_NAME}" data-i="all_briefings">{all_briefings}</a></p>\n'
    shelf = shelf_list(rows, listing.current.page, interface) + whole
    write_anew(folder / listing.current.page, _page(content, shelf))
    for entry in listing.kept_editions:
        if entry.folder == folder.name:
            write_kept(folder, edition, text, entry, interface, files)


def write_kept(
    folder: Path,
    edition: Edition,
    text: ArticleHtml,
    entry: KeptEdition,
    interface: str,
    files: Extras,
) -> None:
    """Write the page of an edition among the kept ones into its folder. Raises OSError."""
    label = say("back_to_shelf", language_of(interface))
    latest = escape(url(f"../{entry.row.name}.html"))
    back = f'<p><a href="{latest}" data-i="back_to_shelf">{label}</a></p>\n'
    content = _Content(edition, text, entry.row, interface, files, "")
    write_anew(folder / LASTING_PAGE, _page(content, back))


def with_shelf(page: bytes, shelf: str) -> bytes:
    """Return a briefing's page with another list in it, for index.html."""
    before, rest = page.split(_LIST_BEGINS, 1)
    _, after = rest.split(_LIST_ENDS, 1)
    return before + _LIST_BEGINS + shelf.encode() + _LIST_ENDS + after


@dataclass(frozen=True, slots=True)
class Extras:
    """The names of files that a page links to; "" if there is none."""

    feed: str = ""
    cover: str = ""
    base: str = ""
    """The shelf's address on the web with a slash at its end; "" if none may be shown."""


@dataclass(frozen=True, slots=True)
class _Content:
    """The content of a page."""

    edition: Edition
    text: ArticleHtml
    row: Row
    interface: str
    files: Extras
    moment_page: str
    """The lasting page, to which links to a moment lead; "" if it is this page."""

    @property
    def above(self) -> str:
        """The relative path from the page to the shelf's folder."""
        return "../" if self.row.is_kept else ""

    @property
    def feed(self) -> str:
        """The feed's URL, relative to the page; "" if there is none."""
        return self.above + url(self.files.feed) if self.files.feed else ""

    @property
    def cover(self) -> str:
        """The cover's URL, relative to the page; "" if there is none."""
        return self.above + url(self.files.cover) if self.files.cover else ""

    @property
    def font_face(self) -> str:
        """The style that names the font."""
        return font_face(self.edition.name, self.above)

    @property
    def lasting_page(self) -> str:
        """The address of the edition's lasting page, relative to the shelf's."""
        return self.moment_page or self.row.page

    @property
    def latest(self) -> str:
        """The URL of the current edition's page; "" if it is this page."""
        return f"{self.above}{url(self.row.name)}.html" if self.row.is_kept else ""


# The page


@cache
def _script() -> str:
    return asset("common.js") + asset("page.js")


@cache
def _early_script() -> str:
    return asset("early.js")


@cache
def _style() -> str:
    return asset("common.css") + asset("page.css")


@cache
def _policy(font_face: str) -> str:
    """Return the page's Content-Security-Policy: only its own scripts, styles and files.

    font_face: the page's second style.
    """
    return content_policy(
        [_early_script(), _script()],
        [_style(), font_face],
        img_src="'self' data: file:",
        media_src="'self' file: blob:",
        connect_src="'self'",
        worker_src="'self'",
        manifest_src="'self'",
        font_src="'self'",
    )


@cache
def generator(interface: str) -> str:
    """Return the version of the code that writes pages; if it changes, pages are written again."""
    files = (
        "page.html",
        "strings.json",
        "early.js",
        "common.js",
        "page.js",
        "common.css",
        "page.css",
        "worker.js",
    )
    parts = [*map(asset, files), font_face("", ""), interface]
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]
    return f"briefing {briefing.__version__} {digest}"


def _page(content: _Content, shelf: str) -> Iterator[str]:
    """Yield the page of one edition in pieces. shelf: the list in it, as HTML."""
    filled = string.Template(asset("page.html")).substitute(_values(content, shelf))
    before, rest = filled.split("<!--text-->")
    between, rest = rest.split("<!--data-->", 1)
    last, after = rest.rsplit("<!--words-->", 1)
    yield before
    yield content.text.text
    yield between
    yield f'{script_json(_script_data(content))[:-1]},"times":{content.text.times}}}'
    yield last
    yield content.text.words
    yield after


def _values(content: _Content, shelf: str) -> dict[str, str]:
    """Return the escaped values of the page's template. shelf: the list in it, as HTML."""
    edition, row = content.edition, content.row
    head = edition.head
    language = language_of(content.interface)
    audio = row.audio.removeprefix(f"{KEPT_FOLDER}/") if row.is_kept else row.audio
    book = row.book.removeprefix(f"{KEPT_FOLDER}/") if row.is_kept else row.book
    ending = Path(head["audio"]["file"]).suffix
    values: dict[str, str] = {f"s_{key}": _plain(key, language) for key in strings()}
    return values | {
        "interface": language,
        "direction": direction(language),
        "policy": _policy(content.font_face),
        "generator": f"{generator(content.interface)} {row.digest}",
        "title": escape_text(head["title"]),
        "language": escape(head["language"]),
        "text_direction": direction(head["language"]),
        "date": row.date,
        "date_words": day(row.date, language),
        "duration": duration(row.duration_s, language),
        "articles": count("articles", language, row.articles),
        "voice": escape_text(row.voice),
        "setting": escape(content.interface),
        "links": "".join((_icon_links(content), _feed_link(content), _manifest_link(content))),
        "cards": _cards(content),
        "font_face": content.font_face,
        "style": _style(),
        "early": _early_script(),
        "script": _script(),
        "cover": _cover(content),
        "audio": escape(url(audio)),
        "download": escape_text(f"{edition.day}{ending}"),
        "transcript": _transcript_link(edition, row, language),
        "book": book_link(row, book, language),
        "keep": _keep_label(row.bytes, language),
        "back": _link_to_latest(content),
        "chapters": "".join(_chapter_links(head)),
        "all_headlines": _all_headlines(head, language),
        "subscribe": subscribing(content.files.base, content.files.feed, content.above, language),
        "shelf": f"{_LIST_BEGINS.decode()}{shelf}{_LIST_ENDS.decode()}",
        "about": _about(edition, language),
    }


def _script_data(content: _Content) -> dict[str, Any]:
    """Return the data of the page's script, except the times of sentences and words."""
    edition, row = content.edition, content.row
    head = edition.head
    return {
        "name": edition.name,
        "date": row.date,
        "digest": row.digest,
        "title": head["title"],
        "language": head["language"],
        "duration": head["duration_s"],
        "interface": content.interface,
        "shelf": content.above + SHELF_NAME,
        "latest": content.latest,
        "page": content.moment_page,
        "cover": content.cover,
        "bytes": row.bytes,
        "offline": _offline_files(content),
        "worker": content.above + url(worker_name(edition.name)),
        "chapters": [[chapter["title"], chapter["start_s"]] for chapter in head["chapters"]],
        "strings": {key: text for key, text in strings().items() if key not in _DATE_WORDS},
    }


def _offline_files(content: _Content) -> list[str]:
    """Return the URLs of the small files that the page needs without a network."""
    name = content.edition.name
    files = [content.files.cover, manifest_name(name), f"{name}.woff2"]
    return [content.above + url(file) for file in files if file]


def _keep_label(size: int, language: str) -> str:
    """Return what the button says that keeps the edition on the device, as the script does."""
    megabytes = max(0.1, size / 1e6)
    number = f"{megabytes:.{1 if size < 1e7 else 0}f}"
    size_words = say("mb", language).replace("{a}", number)
    return escape(say("keep", language).replace("{a}", size_words))


def _icon_links(content: _Content) -> str:
    if not content.cover:
        return '<link rel="icon" href="data:,">\n'
    cover = escape(content.cover)
    return f'<link rel="icon" href="{cover}">\n<link rel="apple-touch-icon" href="{cover}">\n'


def _manifest_link(content: _Content) -> str:
    file = content.above + url(manifest_name(content.edition.name))
    return f'<link rel="manifest" href="{escape(file)}">\n'


def _cards(content: _Content) -> str:
    """Return what other sites show of a link to the page (ogp.me).

    They need whole addresses, so without feed.base_url there is no picture.
    """
    head, base = content.edition.head, content.files.base
    headlines = " · ".join(chapter["title"] for chapter in head["chapters"])
    values = {
        "og:type": "website",
        "og:title": f"{head['title']} · {day(content.row.date, language_of(head['language'][:2]))}",
        "og:description": _shorten(headlines),
        "og:locale": head["language"].replace("-", "_"),
    }
    if base:
        values["og:url"] = base + url(content.lasting_page)
        if content.files.cover:
            values["og:image"] = base + url(content.files.cover)
    lines = (
        f'<meta property="{key}" content="{escape_text(value)}">\n'
        for key, value in values.items()
        if value
    )
    description = f'<meta name="description" content="{escape_text(_shorten(headlines))}">\n'
    return description * bool(headlines) + "".join(lines)


def _shorten(text: str) -> str:
    """Return a text cut at a space to what a card shows of it."""
    if len(text) <= _CARD_LENGTH:
        return text
    return text[:_CARD_LENGTH].rpartition(" ")[0] + "…"


def _cover(content: _Content) -> str:
    if not content.cover:
        return ""
    return f'<img class="cover" src="{escape(content.cover)}" alt="" width="112" height="112">\n'


def _feed_link(content: _Content) -> str:
    if not content.feed:
        return ""
    title = escape_text(content.edition.head["title"])
    return (
        f'<link rel="alternate" type="application/rss+xml" title="{title}"'
        f' href="{escape(content.feed)}">\n'
    )


def _link_to_latest(content: _Content) -> str:
    if not content.latest:
        return ""
    text = say("back_to_shelf", language_of(content.interface))
    return f' <a href="{escape(content.latest)}" data-i="back_to_shelf">{text}</a>'


def _plain(key: str, language: str) -> str:
    text = strings()[key][language]
    return escape(text) if isinstance(text, str) else ""


def _transcript_link(edition: Edition, row: Row, language: str) -> str:
    file = f"{edition.name}.vtt"
    if file not in edition.endings():
        return ""
    href = edition.kept_name(file) if row.is_kept else file
    label = say("transcript", language)
    return f' <a href="{escape(url(href))}" data-i="transcript">{label}</a>'


def _chapter_links(head: Head) -> Iterator[str]:
    """Yield the chapters as list items, those of a section in a list of their own."""
    sections = {section["chapters"][0]: section for section in head.get("sections", ())}
    last: int | None = None
    for at, chapter in enumerate(head["chapters"]):
        later = "later" if at >= _SHORT_LIST else ""
        mark = ' class="later"' if later else ""
        if section := sections.get(at):
            last = section["chapters"][-1]
            title = escape_text(section["title"])
            name = f"part {later}".rstrip()
            yield f'<li class="{name}"><span><bdi>{title}</bdi></span>\n<ol>\n'
        yield (
            f'<li{mark}><a href="#c-{at}">'
            f"<span><bdi>{escape_text(chapter['title'])}</bdi></span>"
            f" <time>{clock(chapter['start_s'])}</time></a></li>\n"
        )
        if at == last:
            yield "</ol></li>\n"


def _all_headlines(head: Head, language: str) -> str:
    """Return the button that shows the headlines beyond the first few; "" if there are no more."""
    number = len(head["chapters"])
    if number <= _SHORT_LIST:
        return ""
    label = count("all_headlines", language, number)
    return f'<button type="button" class="all-headlines">{label}</button>\n'


def _about(edition: Edition, language: str) -> str:
    """Return the part of the page on the edition's voice and sources, and what was skipped."""
    head = edition.head
    voice, build = head["voice"], head["build"]

    def row(key: str, *values: str) -> str:
        details = "".join(f"<dd><bdi>{escape_text(value)}</bdi></dd>" for value in values)
        return f'<dt data-i="{key}">{say(key, language)}</dt>{details}\n'

    rows = row("voice", " ".join((voice["engine"], voice["name"])).strip())
    if reason := build.get("fallback_reason"):
        rows += row("fallback", reason)
    sources = [source["title"] or source["path"] for source in head["sources"]]
    rows += row("sources", *sources) if sources else ""
    skipped = [f"{entry['path']}: {entry['reason']}" for entry in build.get("skipped", [])]
    rows += row("skipped", *skipped) if skipped else ""
    return f"<dl>\n{rows}</dl>\n"
