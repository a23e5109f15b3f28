"""An edition -> its pages. Each is one file with the text, the times, the script and the style.

NAME.html is the page of a briefing's current edition, with the list of its editions. Every kept
edition has editions/NAME-DATE.html, so that links to a moment in it last. index.html and
shelf.json are made from those of all briefings, see `views`.
A page works on any web server and as a local file. Without a script it is an audio element with the
text under it. Everything that comes from a source is escaped.
"""

from __future__ import annotations

import hashlib
import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import briefing
from briefing.publish.listening_page.article_html import ArticleHtml
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
    "shelf_list",
    "with_shelf",
    "write",
    "write_kept",
]

_LIST_BEGINS, _LIST_ENDS = b"<!--shelf-->", b"<!--/shelf-->"
"""Mark the list of the shelf in a page. They cannot be in a text, because its "<" is escaped."""
_DATE_WORDS = {"months", "weekdays"}  # strings that the script gets from the browser


def write(
    folder: Path, edition: Edition, text: ArticleHtml, listing: Listing, files: Extras
) -> None:
    """Write the pages of an edition into its folder, before its commit.

    These are NAME.html and, if the edition is kept, its page among the kept editions.
    Raises OSError.
    """
    interface = listing.interface
    rows = [listing.current, *(entry.row for entry in listing.kept_editions)]
    lasting = listing.lasting
    addresses = lasting or listing.current
    own = replace(listing.current, audio=addresses.audio, book=addresses.book)
    content = _Content(edition, text, own, interface, files, _url(lasting.page) if lasting else "")
    all_briefings = say("all_briefings", _language(interface))
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
    label = say("back_to_shelf", _language(interface))
    latest = escape(_url(f"../{entry.row.name}.html"))
    back = f'<p><a href="{latest}" data-i="back_to_shelf">{label}</a></p>\n'
    content = _Content(edition, text, entry.row, interface, files, "")
    write_anew(folder / LASTING_PAGE, _page(content, back))


def with_shelf(page: bytes, shelf: str) -> bytes:
    """Return a briefing's page with another list in it, for index.html."""
    before, rest = page.split(_LIST_BEGINS, 1)
    _, after = rest.split(_LIST_ENDS, 1)
    return before + _LIST_BEGINS + shelf.encode() + _LIST_ENDS + after


def shelf_list(rows: Sequence[Row], opened: str, interface: str) -> str:
    """Return the list of a shelf as HTML, one edition a line, newest date first.

    rows: the current editions, then the kept ones. opened: the address of the page with the list.
    """
    language = _language(interface)
    current = {row.key for row in rows if not row.is_kept}
    listed = [row for row in rows if not row.is_kept or row.key not in current]
    listed.sort(key=lambda row: row.date, reverse=True)
    items = []
    for row in listed:
        here = ' aria-current="page"' if row.page == opened else ""
        items.append(
            f'<li><a href="{escape(_url(row.page))}"{here}>'
            f'<span class="edition"><bdi lang="{escape(row.language)}">'
            f"{escape_text(row.title)}</bdi></span>"
            '<span class="details facts">'
            f'<span><time datetime="{row.date}">{day(row.date, language)}</time></span>'
            f" <span>{duration(row.duration_s, language)}</span>"
            f" <span>{count('articles', language, row.articles)}</span>"
            f" <span><bdi>{escape_text(row.voice)}</bdi></span></span></a>"
            f"{_book_link(row, row.book, language)}</li>\n"
        )
    return f"<ul>\n{''.join(items)}</ul>\n"


@dataclass(frozen=True, slots=True)
class Extras:
    """The names of files that a page links to; "" if there is none."""

    feed: str = ""
    cover: str = ""


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
        return self.above + _url(self.files.feed) if self.files.feed else ""

    @property
    def latest(self) -> str:
        """The URL of the current edition's page; "" if it is this page."""
        return f"{self.above}{_url(self.row.name)}.html" if self.row.is_kept else ""


# The page


def _language(interface: str) -> str:
    """Return the language of a page's interface; its script may switch to the other one."""
    return "en" if interface == "en" else "ar"


@cache
def _script() -> str:
    return asset("common.js") + asset("page.js")


@cache
def _style() -> str:
    return asset("common.css") + asset("page.css")


@cache
def _policy() -> str:
    """Return the page's Content-Security-Policy: only its own script, style and files."""
    return content_policy(
        _script(),
        _style(),
        img_src="'self' data: file:",
        media_src="'self' file: blob:",
        connect_src="'self'",
    )


@cache
def generator(interface: str) -> str:
    """Return the version of the code that writes pages; if it changes, pages are written again."""
    parts = [asset("page.html"), asset("strings.json"), _script(), _style(), interface]
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]
    return f"briefing {briefing.__version__} {digest}"


def _page(content: _Content, shelf: str) -> Iterator[str]:
    """Yield the page of one edition in pieces. shelf: the list in it, as HTML."""
    filled = string.Template(asset("page.html")).substitute(_values(content, shelf))
    before, rest = filled.split("<!--text-->")
    between, after = rest.rsplit("<!--data-->", 1)
    yield before
    yield content.text.text
    yield between
    data = script_json(_script_data(content))
    yield f'{data[:-1]},"times":{content.text.times},"words":{content.text.words}}}'
    yield after


def _values(content: _Content, shelf: str) -> dict[str, str]:
    """Return the escaped values of the page's template. shelf: the list in it, as HTML."""
    edition, row = content.edition, content.row
    head = edition.head
    language = _language(content.interface)
    audio = row.audio.removeprefix(f"{KEPT_FOLDER}/") if row.is_kept else row.audio
    book = row.book.removeprefix(f"{KEPT_FOLDER}/") if row.is_kept else row.book
    ending = Path(head["audio"]["file"]).suffix
    values: dict[str, str] = {f"s_{key}": _plain(key, language) for key in strings()}
    return values | {
        "interface": language,
        "direction": direction(language),
        "policy": _policy(),
        "generator": f"{generator(content.interface)} {row.digest}",
        "title": escape_text(head["title"]),
        "language": escape(head["language"]),
        "text_direction": direction(head["language"]),
        "date": row.date,
        "date_words": day(row.date, language),
        "duration": duration(row.duration_s, language),
        "articles": count("articles", language, row.articles),
        "voice": escape_text(row.voice),
        "links": _feed_link(content),
        "style": _style(),
        "script": _script(),
        "audio": escape(_url(audio)),
        "download": escape_text(f"{edition.day}{ending}"),
        "transcript": _transcript_link(edition, row, language),
        "book": _book_link(row, book, language),
        "back": _link_to_latest(content),
        "notice": "",
        "chapters": "".join(_chapter_links(head)),
        "shelf": f"{_LIST_BEGINS.decode()}{shelf}{_LIST_ENDS.decode()}",
        "about": _about(edition, language, content.feed),
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
        "cover": content.above + _url(content.files.cover) if content.files.cover else "",
        "chapters": [[chapter["title"], chapter["start_s"]] for chapter in head["chapters"]],
        "strings": {key: text for key, text in strings().items() if key not in _DATE_WORDS},
    }


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
    text = say("back_to_shelf", _language(content.interface))
    return f' <a href="{escape(content.latest)}" data-i="back_to_shelf">{text}</a>'


def _plain(key: str, language: str) -> str:
    text = strings()[key][language]
    return escape(text) if isinstance(text, str) else ""


def _url(file: str) -> str:
    return quote(file, safe="/~")


def _transcript_link(edition: Edition, row: Row, language: str) -> str:
    file = f"{edition.name}.vtt"
    if file not in edition.endings():
        return ""
    href = edition.kept_name(file) if row.is_kept else file
    label = say("transcript", language)
    return f' <a href="{escape(_url(href))}" data-i="transcript">{label}</a>'


def _book_link(row: Row, book: str, language: str) -> str:
    """Return a link to an edition's read-along book. book: its address; "" if there is none."""
    if not book:
        return ""
    label, file = say("book", language), escape_text(f"{row.name}-{row.date}.epub")
    return (
        f' <a class="book" href="{escape(_url(book))}" download="{file}" data-i="book">{label}</a>'
    )


def _chapter_links(head: Head) -> Iterator[str]:
    """Yield the chapters as list items, those of a section in a list of their own."""
    sections = {section["chapters"][0]: section for section in head.get("sections", ())}
    last: int | None = None
    for at, chapter in enumerate(head["chapters"]):
        if section := sections.get(at):
            last = section["chapters"][-1]
            title = escape_text(section["title"])
            yield f'<li class="part"><span><bdi>{title}</bdi></span>\n<ol>\n'
        yield (
            f'<li><a href="#c-{at}"><span><bdi>{escape_text(chapter["title"])}</bdi></span>'
            f" <time>{clock(chapter['start_s'])}</time></a></li>\n"
        )
        if at == last:
            yield "</ol></li>\n"


def _about(edition: Edition, language: str, feed: str) -> str:
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
    link = ""
    if feed:
        link = f'<p><a href="{escape(feed)}" data-i="feed">{say("feed", language)}</a></p>\n'
    return f"<dl>\n{rows}</dl>\n{link}"
