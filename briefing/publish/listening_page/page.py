"""The editions of a shelf -> its page: text, times, script and style in one file each.

index.html is the newest briefing with the list of the shelf; with several briefings each has
NAME.html too; every kept edition has editions/NAME-DATE.html, so that a link to a moment in it
stays. shelf.json is the list for programs, and for an open page that looks for a new edition.
A page works from any web server and opened as a file; with no script it is an audio element with
the text under it. Everything that comes from a source is escaped.
"""

from __future__ import annotations

import hashlib
import json
import string
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import briefing
from briefing.config import Config
from briefing.publish.feed import find_feed, write_cover
from briefing.publish.kept_editions import kept_sidecars
from briefing.publish.listening_page.article_html import ArticleHtml, article_html
from briefing.publish.sidecar_reader import KEPT_FOLDER, Edition, editions_at, read_edition
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
from briefing.shelf.fresh_files import write_anew

__all__ = ["PAGE_NAME", "SHELF_NAME", "write"]

PAGE_NAME = "index.html"
SHELF_NAME = "shelf.json"

_DATE_WORDS = {"months", "weekdays"}  # strings that the script has from its browser


@dataclass(frozen=True, slots=True)
class _Listed:
    """One edition as the list of the shelf shows it, as shelf.json keeps it."""

    name: str
    title: str
    language: str
    date: str
    digest: str
    duration_s: float
    articles: int
    voice: str
    bytes: int
    audio: str
    page: str
    kept: bool


def write(folder: Path, config: Config, new: Mapping[str, ArticleHtml] | None = None) -> None:
    """Write the pages of an edition's folder: index.html, shelf.json and those of kept editions.

    folder: all that the shelf will show, before its commit: the sidecars NAME.json and what they
    name, and editions/ after `editions.keep`. A file that is already as it must be is left alone;
    one that must change is written anew, since it may be a link to the shelf's own.
    new: the text of a briefing's edition by the briefing's name, where it is written already.
    Raises OSError.
    """
    current = editions_at(folder)
    if not current:
        return
    if not list(folder.glob("cover.*")):
        write_cover(folder, config)  # for lock screens, with a feed or without
    known = _known(folder)
    kept = []
    for _, sidecar in kept_sidecars(folder / KEPT_FOLDER):
        listed = known.get(sidecar.stem) or _listed_at(sidecar)
        if listed:
            kept.append(listed)
    shelf = [_listed(one, current, kept) for one in current]
    shelf += sorted(kept, key=lambda one: one.date, reverse=True)
    written = new or {}
    texts = {one.digest: written.get(one.name) or article_html(one) for one in current}
    for listed in kept:
        target = folder / listed.page
        if not _up_to_date(target, listed, config):
            stem = f"{listed.name}-{listed.date}-{listed.digest}"
            edition = read_edition(folder / KEPT_FOLDER / f"{stem}.json")
            if edition:
                with suppress(ValueError):  # a damaged sidecar: its sound is kept all the same
                    text = texts.get(listed.digest) or article_html(edition)
                    write_anew(target, _page(edition, text, listed, [], config, folder))
    for edition, listed in zip(current, shelf, strict=False):
        pages = [listed.page] if len(current) > 1 else []
        pages += [PAGE_NAME] if edition is current[0] else []
        for page in pages:
            text = texts[listed.digest]
            write_anew(folder / page, _page(edition, text, listed, shelf, config, folder))
    rows = [{field: getattr(one, field) for field in _Listed.__slots__} for one in shelf]
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    write_anew(folder / SHELF_NAME, [f'{{"schema_version": 1, "editions": [\n{lines}\n]}}\n'])


# The list of the shelf


def _known(folder: Path) -> dict[str, _Listed]:
    """Read what the edition before listed, so that kept sidecars need not be read again."""
    try:
        rows = json.loads((folder / SHELF_NAME).read_text(encoding="utf-8"))["editions"]
        listed = [_Listed(**row) for row in rows if row["kept"]]
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return {}
    return {f"{one.name}-{one.date}-{one.digest}": one for one in listed}


def _listed_at(sidecar: Path) -> _Listed | None:
    edition = read_edition(sidecar)
    return _row(edition, kept=True) if edition else None


def _listed(edition: Edition, current: Sequence[Edition], kept: Sequence[_Listed]) -> _Listed:
    """List a current edition, with the lasting URL of its sound where it is kept."""
    row = _row(edition, kept=False)
    page = PAGE_NAME if len(current) == 1 else f"{edition.name}.html"
    same = [one for one in kept if (one.name, one.digest) == (row.name, row.digest)]
    audio = same[0].audio if same else row.audio
    return _Listed(
        **{**{f: getattr(row, f) for f in _Listed.__slots__}, "page": page, "audio": audio}
    )


def _row(edition: Edition, *, kept: bool) -> _Listed:
    head = edition.head
    file = head["audio"]["file"]
    return _Listed(
        name=edition.name,
        title=head["title"],
        language=head["language"],
        date=edition.date,
        digest=edition.digest,
        duration_s=head["duration_s"],
        articles=sum(one["source"] is not None for one in head["chapters"]),
        voice=head["voice"]["engine"],
        bytes=head["audio"]["bytes"],
        audio=f"{KEPT_FOLDER}/{edition.kept_name(file)}" if kept else file,
        page=f"{KEPT_FOLDER}/{edition.day}.html" if kept else f"{edition.name}.html",
        kept=kept,
    )


# The page


def _interface(config: Config) -> str:
    """The language that the page is written in; its script may choose the other one."""
    return "en" if config.page.interface == "en" else "ar"


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


def _generator(config: Config) -> str:
    """Name what wrote a page: another name means that it has to be written again."""
    parts = [asset("page.html"), asset("strings.json"), _script(), _style()]
    parts.append(config.page.interface)
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]
    return f"briefing {briefing.__version__} {digest}"


def _up_to_date(page: Path, listed: _Listed, config: Config) -> bool:
    """Tell whether the page of a kept edition is of that edition and written by this program."""
    try:
        with page.open("rb") as file:
            start = file.read(4096).decode("utf-8", "replace")
    except OSError:
        return False
    return f'content="{_generator(config)} {listed.digest}"' in start


def _page(
    edition: Edition,
    text: ArticleHtml,
    listed: _Listed,
    shelf: Sequence[_Listed],
    config: Config,
    folder: Path,
) -> Iterator[str]:
    """Give the page of one edition in pieces. An empty shelf makes the page of a kept edition."""
    head = edition.head
    language = _interface(config)
    above = "../" if listed.kept else ""
    audio = listed.audio.removeprefix(f"{KEPT_FOLDER}/") if listed.kept else listed.audio
    ending = Path(head["audio"]["file"]).suffix
    feed = _feed_link(folder, edition.name, above)
    values: dict[str, str] = {f"s_{key}": _plain(key, language) for key in strings()}
    values |= {
        "interface": language,
        "direction": direction(language),
        "policy": _policy(),
        "generator": f"{_generator(config)} {listed.digest}",
        "title": escaped(head["title"]),
        "language": escape(head["language"]),
        "text_direction": direction(head["language"]),
        "date": listed.date,
        "date_words": day(listed.date, language),
        "duration": duration(listed.duration_s, language),
        "articles": count("articles", language, listed.articles),
        "voice": escaped(listed.voice),
        "links": (
            f'<link rel="alternate" type="application/rss+xml" title="{escaped(head["title"])}"'
            f' href="{escape(feed)}">\n'
            if feed
            else ""
        ),
        "style": _style(),
        "script": _script(),
        "audio": escape(_url(audio)),
        "download": escaped(f"{edition.day}{ending}"),
        "transcript": _transcript_link(edition, listed, language),
        "back": (
            f' <a href="../{PAGE_NAME}" data-i="back_to_shelf">{say("back_to_shelf", language)}</a>'
            if listed.kept
            else ""
        ),
        "notice": "",
        "chapters": "".join(_chapter_links(head)),
        "shelf": _shelf_list(shelf, listed, language, above),
        "about": _about(edition, language, feed),
    }
    before, rest = string.Template(asset("page.html")).substitute(values).split("<!--text-->")
    between, after = rest.rsplit("<!--data-->", 1)
    yield before
    yield text.text
    yield between
    data = {
        "name": edition.name,
        "date": listed.date,
        "digest": listed.digest,
        "title": head["title"],
        "language": head["language"],
        "duration": head["duration_s"],
        "interface": config.page.interface,
        "shelf": above + SHELF_NAME,
        "latest": above + PAGE_NAME if listed.kept else "",
        "page": "" if listed.kept else _moment_page(folder, edition),
        "cover": above + "cover.png" if (folder / "cover.png").exists() else "",
        "chapters": [[one["title"], one["start_s"]] for one in head["chapters"]],
        "strings": {key: said for key, said in strings().items() if key not in _DATE_WORDS},
    }
    yield f'{_json(data)[:-1]},"times":{text.times},"words":{text.words}}}'
    yield after


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


def _moment_page(folder: Path, edition: Edition) -> str:
    """The lasting page to which a link to a moment leads, "" where no edition is kept."""
    kept = folder / KEPT_FOLDER / f"{edition.stem}.json"
    return _url(f"{KEPT_FOLDER}/{edition.day}.html") if kept.exists() else ""


def _feed_link(folder: Path, name: str, above: str) -> str:
    file = find_feed(folder, name)
    return above + _url(file) if file else ""


def _transcript_link(edition: Edition, listed: _Listed, language: str) -> str:
    file = f"{edition.name}.vtt"
    if file not in edition.endings():
        return ""
    href = edition.kept_name(file) if listed.kept else file
    said = say("transcript", language)
    return f' <a href="{escape(_url(href))}" data-i="transcript">{said}</a>'


def _chapter_links(head: Mapping[str, Any]) -> Iterator[str]:
    for at, chapter in enumerate(head["chapters"]):
        yield (
            f'<li><a href="#c-{at}"><span><bdi>{escaped(chapter["title"])}</bdi></span>'
            f" <time>{clock(chapter['start_s'])}</time></a></li>\n"
        )


def _shelf_list(shelf: Sequence[_Listed], opened: _Listed, language: str, above: str) -> str:
    """List the current editions, then the kept ones that are no longer current."""
    if not shelf:
        said = say("back_to_shelf", language)
        return f'<p><a href="{above}{PAGE_NAME}" data-i="back_to_shelf">{said}</a></p>\n'
    current = {(one.name, one.digest) for one in shelf if not one.kept}
    rows = [one for one in shelf if not one.kept or (one.name, one.digest) not in current]
    rows.sort(key=lambda one: one.date, reverse=True)
    items = []
    for one in rows:
        here = ' aria-current="page"' if one == opened else ""
        items.append(
            f'<li><a href="{escape(_url(one.page))}"{here}>'
            f'<span class="edition"><bdi lang="{escape(one.language)}">{escaped(one.title)}</bdi>'
            "</span>"
            '<span class="details facts">'
            f'<span><time datetime="{one.date}">{day(one.date, language)}</time></span>'
            f" <span>{duration(one.duration_s, language)}</span>"
            f" <span>{count('articles', language, one.articles)}</span>"
            f" <span><bdi>{escaped(one.voice)}</bdi></span></span></a></li>\n"
        )
    return f"<ul>\n{''.join(items)}</ul>\n"


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
