"""JSON of Ghost, and of systems whose objects have a "title" and a "content" -> articles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from briefing.sources.documents.assembling import Metadata, assemble
from briefing.sources.documents.authors import NAMED_BY
from briefing.sources.documents.blocks import Block
from briefing.sources.documents.content import content_blocks, plain_text, text_blocks
from briefing.sources.documents.dates import iso_date
from briefing.sources.documents.document import Document, Hints
from briefing.sources.documents.page_facts import web_address

__all__ = ["ghost_posts", "of_ghost", "of_row", "plain_rows"]

_LISTS = ("articles", "posts", "entries", "results", "data", "news")
"""The names of lists of articles in an object around them."""
_TEXTS = ("content", "body", "html", "text", "content_html", "plaintext")
_AUTHORS = ("authors", "author", "byline", "creator")
_DATES = ("published_at", "publishedAt", "published", "date", "pubDate", "created_at", "createdAt")
_SECTIONS = ("section", "category", "categories", "primary_tag", "tags")
_ADDRESSES = ("url", "URL", "link")
_KEYS = ("uuid", "guid", "id", "slug")
_UNPUBLISHED = frozenset({"draft", "private", "pending", "trash"})
_MARKUP = re.compile(r"<(?:p|br|div|h[1-6]|ul|ol|figure|blockquote|table)\b", re.IGNORECASE)


def ghost_posts(value: Any) -> list[Mapping[str, Any]]:
    """Return the posts of Ghost: its Content API has them at the top, its export in "db"."""
    if not isinstance(value, dict):
        return []
    places = [value, *(row.get("data") for row in _objects(value.get("db")))]
    return [
        post
        for place in places
        if isinstance(place, dict)
        for name in ("posts", "pages")
        for post in _objects(place.get(name))
        if "title" in post and ("html" in post or "plaintext" in post)
    ]


def of_ghost(row: Mapping[str, Any], value: Any, hints: Hints) -> Document:
    """Return the article of a post of Ghost. Raise SourceError."""
    author, tag = row.get("primary_author"), row.get("primary_tag")
    more = {"authors": row.get("authors") or author, "category": tag or row.get("tags")}
    return of_row({**row, **more}, value, hints)


def plain_rows(value: Any) -> list[Mapping[str, Any]]:
    """Return the objects with a title and a text in JSON of an unknown kind."""
    lists = [value[name] for name in _LISTS if name in value] if isinstance(value, dict) else []
    rows = [
        row["attributes"] if isinstance(row.get("attributes"), dict) else row
        for row in _objects(next(iter(lists), value if isinstance(value, list) else [value]))
    ]
    return [row for row in rows if _string(row, ("title",)) and _string(row, _TEXTS)]


def of_row(row: Mapping[str, Any], _: Any, hints: Hints) -> Document:
    """Return the article of such an object. Raise SourceError."""
    date = iso_date(_string(row, _DATES))
    status = row.get("status")
    address = _string(row, _ADDRESSES)
    return assemble(
        _blocks(_string(row, _TEXTS)),
        Metadata(
            title=plain_text(_string(row, ("title",))),
            byline="، ".join(dict.fromkeys(_names(row, _AUTHORS))),
            date=date,
            section=next(_names(row, _SECTIONS), ""),
            url=web_address(address, hints.url),
            key=address or _string(row, _KEYS),
            language=_string(row, ("language", "lang", "locale")),
            draft=isinstance(status, str) and status.lower() in _UNPUBLISHED,
            publish=date if status == "scheduled" else "",
        ),
    )


def _blocks(text: str) -> list[Block]:
    return content_blocks(text) if _MARKUP.search(text) else text_blocks(text)


def _string(row: Mapping[str, Any], names: tuple[str, ...]) -> str:
    """Return the first value that is a text with something in it."""
    texts = (row.get(name) for name in names)
    return next((text for text in texts if isinstance(text, str) and text.strip()), "")


def _names(row: Mapping[str, Any], names: tuple[str, ...]) -> Iterator[str]:
    """Yield the names in the first value that has some: a text, an object, or a list of them.

    WordPress.com has categories as an object of objects, by name.
    """
    for name in names:
        value = row.get(name)
        items = value if isinstance(value, list) else [value]
        if isinstance(value, dict) and all(isinstance(item, dict) for item in value.values()):
            items = list(value.values())
        values = [item.get("name") if isinstance(item, dict) else item for item in items]
        texts = [plain_text(value) for value in values if isinstance(value, str)]
        clean = [NAMED_BY.sub("", text) for text in texts if text and "://" not in text]
        if clean:
            yield from clean
            return


def _objects(values: Any) -> list[Mapping[str, Any]]:
    return [item for item in values if isinstance(item, dict)] if isinstance(values, list) else []
