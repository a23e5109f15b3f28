"""JSON of a feed (JSON Feed 1.1), WordPress (REST), Ghost, schema.org or a list -> its articles."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from briefing.errors import SourceError
from briefing.sources.decoding import decode_markup
from briefing.sources.documents.assembling import Metadata, assemble
from briefing.sources.documents.blocks import tidy
from briefing.sources.documents.cms_json import ghost_posts, of_ghost, of_row, plain_rows
from briefing.sources.documents.content import content_blocks, plain_text, text_blocks
from briefing.sources.documents.dates import iso_date
from briefing.sources.documents.document import Document, Hints
from briefing.sources.documents.page_facts import schema_facts, schema_names, web_address

__all__ = ["NO_ARTICLE", "read_json"]

NO_ARTICLE = "holds no article in Arabic"
_UNKNOWN = (
    "is JSON of an unknown kind (known are JSON Feed, WordPress REST, Ghost, schema.org, and"
    ' objects with "title" and "content"); save the article as .html or .txt'
)
_MOST_ARTICLES = 1_000


def read_json(data: bytes, hints: Hints) -> list[Document]:
    """Return the articles of a JSON document. Raise SourceError."""
    try:
        value = json.loads(decode_markup(data), strict=False)
    except RecursionError:
        raise SourceError("has too many nested values") from None
    except json.JSONDecodeError as error:
        raise SourceError(f"is not JSON: line {error.lineno}: {error.msg}; save it again") from None
    rows, reader = _rows(value)
    documents = []
    for row in rows[:_MOST_ARTICLES]:
        try:
            document = reader(row, value, hints)
        except SourceError:
            continue
        documents.append(document)
    if not documents:
        raise SourceError(NO_ARTICLE)
    return documents


def _rows(value: Any) -> tuple[list[Mapping[str, Any]], Any]:
    """Return the objects of the articles, and the function that reads one of them."""
    if isinstance(value, dict) and isinstance(value.get("items"), list):
        return _objects(value["items"]), _of_json_feed
    if posts := ghost_posts(value):
        return posts, of_ghost
    listed = value if isinstance(value, list) else [value]
    objects = _objects(listed)
    if objects and all(_is_wordpress(row) for row in objects):
        return objects, _of_wordpress
    graph = [node for row in objects for node in _objects(row.get("@graph") or [])]
    articles = [row for row in (*objects, *graph) if "@type" in row]
    if articles:
        return articles, _of_schema
    if rows := plain_rows(value):
        return rows, of_row
    raise SourceError(_UNKNOWN)


def _objects(values: Any) -> list[Mapping[str, Any]]:
    return [item for item in values if isinstance(item, dict)] if isinstance(values, list) else []


def _of_json_feed(row: Mapping[str, Any], feed: Any, hints: Hints) -> Document:
    html, text = row.get("content_html"), row.get("content_text")
    blocks = (
        content_blocks(html) if isinstance(html, str) and html.strip() else text_blocks(_raw(text))
    )
    if not blocks:
        blocks = text_blocks(_raw(row.get("summary")))
    authors, owners = (item.get("authors") or [item.get("author")] for item in (row, feed))
    tags = row.get("tags")
    return assemble(
        blocks,
        Metadata(
            title=_string(row.get("title")),
            byline=_author_names(_objects(authors)),
            owner=_author_names(_objects(owners)),
            date=iso_date(_string(row.get("date_published") or row.get("date_modified"))),
            section=_string(tags[0]) if isinstance(tags, list) and tags else "",
            url=web_address(_string(row.get("url") or row.get("external_url")), hints.url),
            key=_string(row.get("id")) or _string(row.get("url")),
            language=_string(row.get("language") or feed.get("language")),
        ),
        text_is_elsewhere=bool(hints.url),
    )


def _author_names(authors: list[Mapping[str, Any]]) -> str:
    return "، ".join(_string(author.get("name")) for author in authors if author.get("name"))


def _yoast_author(row: Mapping[str, Any]) -> str:
    """Return the author that the plugin Yoast names; WordPress itself only has a number."""
    head = row.get("yoast_head_json")
    return _string(head.get("author")) if isinstance(head, dict) else ""


def _is_wordpress(row: Mapping[str, Any]) -> bool:
    return isinstance(row.get("content"), dict) and "rendered" in row["content"]


def _of_wordpress(row: Mapping[str, Any], _: Any, hints: Hints) -> Document:
    content, title = row["content"], row.get("title")
    embedded = row.get("_embedded") if isinstance(row.get("_embedded"), dict) else {}
    authors = _objects(embedded.get("author"))  # type: ignore[union-attr]
    terms = [term for group in embedded.get("wp:term") or [] for term in _objects(group)]  # type: ignore[union-attr]
    section = next(
        (_string(term.get("name")) for term in terms if term.get("taxonomy") == "category"), ""
    )
    date = iso_date(_string(row.get("date")))
    is_future = row.get("status") == "future"
    return assemble(
        content_blocks(_raw(content.get("rendered"))),
        Metadata(
            title=plain_text(_raw(title.get("rendered") if isinstance(title, dict) else title)),
            byline=_author_names(authors) or _yoast_author(row),
            date=date,
            section=plain_text(section),
            url=web_address(_string(row.get("link")), hints.url),
            key=_string(row.get("link")) or str(row.get("id", "")),
            draft=bool(content.get("protected"))
            or row.get("status") not in (None, "publish", "future"),
            publish=date if is_future else "",
        ),
    )


def _of_schema(row: Mapping[str, Any], value: Any, hints: Hints) -> Document:
    listed = _objects(value if isinstance(value, list) else [value])
    nodes = [node for item in listed for node in _objects(item.get("@graph") or [])]
    facts = schema_facts(row, schema_names([*listed, *nodes]))
    if facts is None:
        raise SourceError(_UNKNOWN)
    blocks = content_blocks(facts.body) if "<p" in facts.body else text_blocks(facts.body)
    return assemble(
        blocks,
        Metadata(
            title=facts.title,
            byline=facts.byline,
            date=facts.date,
            section=facts.section,
            url=facts.url,
            key=_string(row.get("@id") or row.get("identifier")) or facts.url,
            language=facts.language,
        ),
    )


def _raw(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _string(value: Any) -> str:
    return tidy(value) if isinstance(value, str) else ""
