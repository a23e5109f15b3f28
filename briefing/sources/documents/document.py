"""What a reader makes of a document: plain data that crosses from the child process and is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["KINDS", "NO_HINTS", "Document", "Hints", "Paragraph", "from_json", "to_json"]

KINDS = ("p", "heading", "item", "row", "quote", "caption", "alt", "note", "code")
"""What a paragraph can be; the last four are read only where a setting asks for them."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph and what it is, one of `KINDS`."""

    text: str
    kind: str = "p"


@dataclass(frozen=True, slots=True)
class Hints:
    """What is known of a document besides its bytes and its name; "" where nothing is."""

    url: str = ""
    """The address that it was fetched from: relative links are resolved against it."""
    media_type: str = ""
    """As the server declared it, such as "application/rss+xml"; it decides where the name's ending
    does not."""


NO_HINTS = Hints()


@dataclass(frozen=True, slots=True)
class Document:
    """One article of a document, with everything that the document says of it."""

    title: str
    byline: str
    paragraphs: tuple[Paragraph, ...]
    date: str = ""
    """ISO 8601, a day or a moment, as the document has it."""
    section: str = ""
    order: int | None = None
    url: str = ""
    """Of the original on the web."""
    key: str = ""
    """What the publisher identifies it by: a feed's guid, a news item's guid."""
    language: str = ""
    """As declared, "" where it is not."""
    draft: bool = False
    publish: str = ""
    """ISO 8601: it may not be read earlier."""


def to_json(documents: list[Document]) -> list[dict[str, Any]]:
    """Return documents as JSON values.

    >>> from_json(to_json([Document("عنوان", "", (Paragraph("نص"),))]))[0].paragraphs
    (Paragraph(text='نص', kind='p'),)
    """
    return [
        {
            **{name: getattr(document, name) for name in _PLAIN},
            "paragraphs": [[paragraph.text, paragraph.kind] for paragraph in document.paragraphs],
        }
        for document in documents
    ]


def from_json(rows: list[Mapping[str, Any]]) -> list[Document]:
    """Return documents from the JSON values of `to_json`.

    The child that wrote them read a stranger's bytes: every value is checked. Raise ValueError
    where one is not what it must be.
    """
    documents = []
    for row in rows:
        values = dict(row)
        paragraphs = tuple(Paragraph(text, kind) for text, kind in values.pop("paragraphs"))
        if not all(isinstance(one.text, str) and one.kind in KINDS for one in paragraphs):
            raise ValueError("a paragraph is no text of a known kind")
        if set(values) != set(_PLAIN):
            raise ValueError("a document has other fields than it must have")
        if not all(isinstance(values[name], kind) for name, kind in _PLAIN.items()):
            raise ValueError("a field of a document has a wrong type")
        documents.append(Document(paragraphs=paragraphs, **values))
    return documents


_PLAIN: Mapping[str, Any] = {
    "title": str,
    "byline": str,
    "date": str,
    "section": str,
    "order": int | None,
    "url": str,
    "key": str,
    "language": str,
    "draft": bool,
    "publish": str,
}
