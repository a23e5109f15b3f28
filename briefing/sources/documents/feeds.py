"""A feed (RSS 0.9x to 2, RSS 1.0, Atom) -> an article for each entry, in the feed's order."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from briefing.errors import SourceError
from briefing.sources.decoding import decode_markup
from briefing.sources.documents.assembling import Metadata, assemble
from briefing.sources.documents.authors import NAMED_BY
from briefing.sources.documents.blocks import Block
from briefing.sources.documents.content import content_blocks, plain_text, text_blocks
from briefing.sources.documents.dates import iso_date
from briefing.sources.documents.document import Document, Hints
from briefing.sources.documents.page_facts import web_address, without_site
from briefing.sources.documents.trees import refuse_entities

__all__ = ["NOT_A_FEED", "NO_ARTICLE", "read_feed"]

NOT_A_FEED = "is not a feed but a page, perhaps of an error; look at it in a browser"
NO_ARTICLE = "is a feed without an article in Arabic"
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_DOCTYPE = re.compile(r"<!DOCTYPE[^<>\[]*(?:\[[^\]]{0,20000}\])?\s*>", re.IGNORECASE)
_MOST_ENTRIES = 1_000
_LONGEST_NAME = 300
"""Characters."""
_MARKUP = re.compile(r"<[a-zA-Z/!]")
_IN_BRACKETS = re.compile(r"\S+@\S+\s*\(([^)]*)\)")
_MAIL = re.compile(r"\S+@\S+")


def read_feed(data: bytes, hints: Hints) -> list[Document]:
    """Return the articles of a feed. Raise SourceError if there is none."""
    import feedparser

    text = decode_markup(data)
    refuse_entities(text.encode("utf-8", "replace"))
    text = _DOCTYPE.sub("", _DECLARATION.sub("", text))
    feed = feedparser.parse(
        text.encode("utf-8", "replace"),
        response_headers={
            "content-type": "application/xml; charset=utf-8",
            "content-location": hints.url,
        },
        resolve_relative_uris=False,
        sanitize_html=False,
    )
    if not feed.get("version") and not feed.entries:
        raise SourceError(NOT_A_FEED)
    documents = []
    for entry in feed.entries[:_MOST_ENTRIES]:
        try:
            documents.append(_article(entry, feed.feed, hints))
        except SourceError:
            continue  # an entry without text, or in another language
    if not documents:
        raise SourceError(NO_ARTICLE)
    return documents


def _article(entry: Any, feed: Any, hints: Hints) -> Document:
    title = without_site(plain_text(entry.get("title", "")), plain_text(feed.get("title", "")))
    base = hints.url or feed.get("link", "")
    language = entry.get("title_detail", {}).get("language") or feed.get("language") or ""
    link = entry.get("link", "")
    return assemble(
        _body(entry),
        Metadata(
            title=title,
            byline=_byline(entry),
            owner=_byline(feed),
            date=iso_date(entry.get("published") or entry.get("updated") or ""),
            section=plain_text(_section(entry)),
            url=web_address(link, base),
            key=entry.get("id") or link,
            language=language,
        ),
        text_is_elsewhere=bool(hints.url),
    )


def _body(entry: Any) -> list[Block]:
    """Return the blocks of the longest of an entry's texts."""
    contents = [*entry.get("content", []), entry.get("summary_detail") or {}]
    longest = max(contents, key=lambda content: len(content.get("value", "")))
    text = str(longest.get("value", ""))
    if "xhtml" not in str(longest.get("type")) and not _MARKUP.search(text):
        return text_blocks(unescape(text))
    return content_blocks(text)


def _byline(entry: Any) -> str:
    """Return the authors of an entry or of a feed."""
    written = entry.get("author", "")[:_LONGEST_NAME]
    if match := _IN_BRACKETS.search(written):  # RSS: "mail@example.org (name)"
        return plain_text(match[1])
    names = [author.get("name", "") for author in entry.get("authors", [])]
    names = [name for name in names if name] or [written]
    plain = (_MAIL.sub("", plain_text(name)[:_LONGEST_NAME]).strip() for name in names)
    return NAMED_BY.sub("", "، ".join(dict.fromkeys(filter(None, plain))))


def _section(entry: Any) -> str:
    for tag in entry.get("tags", []):
        if text := tag.get("label") or tag.get("term"):
            return str(text)
    return ""
