"""An edition -> its pages: text, times, script and style in one file each.

NAME.html is the current edition of a briefing, with the list of its own editions; every kept
edition has editions/NAME-DATE.html, so that a link to a moment in it stays. index.html and
shelf.json are made from those of all briefings, see `views`.
A page works from any web server and opened as a file; with no script it is an audio element with
the text under it. Everything that comes from a source is escaped.
"""

from __future__ import annotations

import hashlib
import json
import string
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import briefing
from briefing.publish.listening_page.article_html import ArticleHtml
from briefing.publish.strings import (
    asset,
    clock,
    count,
    day,
    digest_source,
    direction,
    duration,
    escaped,
    say,
    strings,
)
from briefing.shelf.addresses import PAGE_NAME, SHELF_NAME
from briefing.shelf.fresh_files import write_anew
from briefing.shelf.listing import LASTING_PAGE, KeptEdition, Listing, Row
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
"""Around the list of the shelf in a page; a text's own "<" is escaped."""
_DATE_WORDS = {"months", "weekdays"}  # strings that the script has from its browser


def write(
    folder: Path, edition: Edition, text: ArticleHtml, listing: Listing, files: Extras
) -> None:
    """Write the pages of an edition into its folder, before its commit.

    These are NAME.html and, where the edition is kept, the page that it has among the kept ones.
    Raises OSError.
    """
    interface = listing.interface
    rows = [listing.current, *(kept.row for kept in listing.kept_editions)]
    lasting = listing.lasting
    own = replace(listing.current, audio=lasting.audio) if lasting else listing.current
    shown = _Shown(edition, text, own, interface, files, _url(lasting.page) if lasting else "")
    all_briefings = say("all_briefings", _language(interface))
    whole = f'<p><a href="{PAGE_NAME}" data-i="all_briefings">{all_briefings}</a></p>\n'
    shelf = shelf_list(rows, listing.current.page, interface) + whole
    write_anew(folder / listing.current.page, _page(shown, shelf))
    for kept in listing.kept_editions:
        if kept.folder == folder.name:
            write_kept(folder, edition, text, kept, interface, files)


def write_kept(
    folder: Path,
    edition: Edition,
    text: ArticleHtml,
    kept: KeptEdition,
    interface: str,
    files: Extras,
) -> None:
    """Write the page that an edition has among the kept ones into its folder. Raises OSError."""
    said = say("back_to_shelf", _language(interface))
    latest = escape(_url(f"../{kept.row.name}.html"))
    back = f'<p><a href="{latest}" data-i="back_to_shelf">{said}</a></p>\n'
    shown = _Shown(edition, text, kept.row, interface, files, "")
    write_anew(folder / LASTING_PAGE, _page(shown, back))


def with_shelf(page: bytes, shelf: str) -> bytes:
    """Return the page of a briefing with another list in it: so it becomes the shelf's own."""
    before, rest = page.split(_LIST_BEGINS, 1)
    _, after = rest.split(_LIST_ENDS, 1)
    return before + _LIST_BEGINS + shelf.encode() + _LIST_ENDS + after


def shelf_list(rows: Sequence[Row], opened: str, interface: str) -> str:
    """Return the list of a shelf as HTML, newest date first: a line an edition.

    rows: the current editions, then the kept ones. opened: the address of the page that it is for.
    """
    language = _language(interface)
    current = {row.key for row in rows if not row.is_kept}
    shown = [row for row in rows if not row.is_kept or row.key not in current]
    shown.sort(key=lambda row: row.date, reverse=True)
    items = []
    for row in shown:
        here = ' aria-current="page"' if row.page == opened else ""
        items.append(
            f'<li><a href="{escape(_url(row.page))}"{here}>'
            f'<span class="edition"><bdi lang="{escape(row.language)}">{escaped(row.title)}</bdi>'
            "</span>"
            '<span class="details facts">'
            f'<span><time datetime="{row.date}">{day(row.date, language)}</time></span>'
            f" <span>{duration(row.duration_s, language)}</span>"
            f" <span>{count('articles', language, row.articles)}</span>"
            f" <span><bdi>{escaped(row.voice)}</bdi></span></span></a></li>\n"
        )
    return f"<ul>\n{''.join(items)}</ul>\n"


@dataclass(frozen=True, slots=True)
class Extras:
    """The names of files that a page leads to, "" where there is none."""

    feed: str = ""
    cover: str = ""


@dataclass(frozen=True, slots=True)
class _Shown:
    """What a page shows."""

    edition: Edition
    text: ArticleHtml
    row: Row
    interface: str
    files: Extras
    moment_page: str
    """The lasting page to which a link to a moment leads, "" where it is this one."""

    @property
    def above(self) -> str:
        """The way from the page to the shelf's folder."""
        return "../" if self.row.is_kept else ""

    @property
    def feed(self) -> str:
        """The feed's URL, relative to the page; "" where there is none."""
        return self.above + _url(self.files.feed) if self.files.feed else ""

    @property
    def latest(self) -> str:
        """The URL of the current edition's page, "" where it is this one."""
        return f"{self.above}{_url(self.row.name)}.html" if self.row.is_kept else ""


# The page


def _language(interface: str) -> str:
    """Return the language that a page is written in; its script may choose the other one."""
    return "en" if interface == "en" else "ar"


@cache
def _script() -> str:
    return asset("page.js")


@cache
def _style() -> str:
    return asset("page.css")


@cache
def _policy() -> str:
    """The page's Content-Security-Policy: its own script and style, and files beside it."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {digest_source(_script())}",
            f"style-src {digest_source(_style())}",
            "img-src 'self' data: file:",
            "media-src 'self' file: blob:",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


@cache
def generator(interface: str) -> str:
    """Return what writes a page: another one means that it has to be written again."""
    parts = [asset("page.html"), asset("strings.json"), _script(), _style(), interface]
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]
    return f"briefing {briefing.__version__} {digest}"


def _page(shown: _Shown, shelf: str) -> Iterator[str]:
    """Write the page of one edition in pieces. shelf: the list in it, as HTML."""
    filled = string.Template(asset("page.html")).substitute(_values(shown, shelf))
    before, rest = filled.split("<!--text-->")
    between, after = rest.rsplit("<!--data-->", 1)
    yield before
    yield shown.text.text
    yield between
    data = _json(_script_data(shown))
    yield f'{data[:-1]},"times":{shown.text.times},"words":{shown.text.words}}}'
    yield after


def _values(shown: _Shown, shelf: str) -> dict[str, str]:
    """Return what is put into the page's template, escaped. shelf: the list in it, as HTML."""
    edition, row = shown.edition, shown.row
    head = edition.head
    language = _language(shown.interface)
    audio = row.audio.removeprefix(f"{KEPT_FOLDER}/") if row.is_kept else row.audio
    ending = Path(head["audio"]["file"]).suffix
    values: dict[str, str] = {f"s_{key}": _plain(key, language) for key in strings()}
    return values | {
        "interface": language,
        "direction": direction(language),
        "policy": _policy(),
        "generator": f"{generator(shown.interface)} {row.digest}",
        "title": escaped(head["title"]),
        "language": escape(head["language"]),
        "text_direction": direction(head["language"]),
        "date": row.date,
        "date_words": day(row.date, language),
        "duration": duration(row.duration_s, language),
        "articles": count("articles", language, row.articles),
        "voice": escaped(row.voice),
        "links": _feed_link(shown),
        "style": _style(),
        "script": _script(),
        "audio": escape(_url(audio)),
        "download": escaped(f"{edition.day}{ending}"),
        "transcript": _transcript_link(edition, row, language),
        "back": _link_to_latest(shown),
        "notice": "",
        "chapters": "".join(_chapter_links(head)),
        "shelf": f"{_LIST_BEGINS.decode()}{shelf}{_LIST_ENDS.decode()}",
        "about": _about(edition, language, shown.feed),
    }


def _script_data(shown: _Shown) -> dict[str, Any]:
    """Return what the page's script reads, but for the times of its sentences and words."""
    edition, row = shown.edition, shown.row
    head = edition.head
    return {
        "name": edition.name,
        "date": row.date,
        "digest": row.digest,
        "title": head["title"],
        "language": head["language"],
        "duration": head["duration_s"],
        "interface": shown.interface,
        "shelf": shown.above + SHELF_NAME,
        "latest": shown.latest,
        "page": shown.moment_page,
        "cover": shown.above + _url(shown.files.cover) if shown.files.cover else "",
        "chapters": [[chapter["title"], chapter["start_s"]] for chapter in head["chapters"]],
        "strings": {key: text for key, text in strings().items() if key not in _DATE_WORDS},
    }


def _feed_link(shown: _Shown) -> str:
    if not shown.feed:
        return ""
    title = escaped(shown.edition.head["title"])
    return (
        f'<link rel="alternate" type="application/rss+xml" title="{title}"'
        f' href="{escape(shown.feed)}">\n'
    )


def _link_to_latest(shown: _Shown) -> str:
    if not shown.latest:
        return ""
    text = say("back_to_shelf", _language(shown.interface))
    return f' <a href="{escape(shown.latest)}" data-i="back_to_shelf">{text}</a>'


def _plain(key: str, language: str) -> str:
    said = strings()[key][language]
    return escape(said) if isinstance(said, str) else ""


def _json(value: Any) -> str:
    """Write JSON that stays inside a script element whatever texts are in it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _url(file: str) -> str:
    return quote(file, safe="/~")


def _transcript_link(edition: Edition, row: Row, language: str) -> str:
    file = f"{edition.name}.vtt"
    if file not in edition.endings():
        return ""
    href = edition.kept_name(file) if row.is_kept else file
    said = say("transcript", language)
    return f' <a href="{escape(_url(href))}" data-i="transcript">{said}</a>'


def _chapter_links(head: Mapping[str, Any]) -> Iterator[str]:
    """Yield the chapters as list items, those of a section in a list of their own."""
    sections = {section["chapters"][0]: section for section in head.get("sections", ())}
    last: int | None = None
    for at, chapter in enumerate(head["chapters"]):
        if section := sections.get(at):
            last = section["chapters"][-1]
            title = escaped(section["title"])
            yield f'<li class="part"><span><bdi>{title}</bdi></span>\n<ol>\n'
        yield (
            f'<li><a href="#c-{at}"><span><bdi>{escaped(chapter["title"])}</bdi></span>'
            f" <time>{clock(chapter['start_s'])}</time></a></li>\n"
        )
        if at == last:
            yield "</ol></li>\n"


def _about(edition: Edition, language: str, feed: str) -> str:
    """Say what the edition was made of, and what could not be read."""
    head = edition.head
    voice, build = head["voice"], head["build"]

    def row(key: str, *values: str) -> str:
        said = "".join(f"<dd><bdi>{escaped(value)}</bdi></dd>" for value in values)
        return f'<dt data-i="{key}">{say(key, language)}</dt>{said}\n'

    rows = row("voice", " ".join((voice["engine"], voice["name"])).strip())
    if build.get("fallback_reason"):
        rows += row("fallback", build["fallback_reason"])
    sources = [one["title"] or one["path"] for one in head["sources"]]
    rows += row("sources", *sources) if sources else ""
    skipped = [f"{one['path']}: {one['reason']}" for one in build.get("skipped", [])]
    rows += row("skipped", *skipped) if skipped else ""
    link = ""
    if feed:
        link = f'<p><a href="{escape(feed)}" data-i="feed">{say("feed", language)}</a></p>\n'
    return f"<dl>\n{rows}</dl>\n{link}"
