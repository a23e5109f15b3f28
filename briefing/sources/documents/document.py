"""The result of reading a document: plain data that the child process sends and the cache keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["KINDS", "NO_HINTS", "Document", "Hints", "Paragraph", "from_json", "to_json"]

KINDS = ("p", "heading", "item", "row", "quote", "caption", "alt", "note", "code")
"""The kinds of paragraphs. The last four are read only if a setting asks for them."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph and its kind, one of `KINDS`."""

    text: str
    kind: str = "p"


@dataclass(frozen=True, slots=True)
class Hints:
    """What is known about a document apart from its bytes and its name; "" if unknown."""

    url: str = ""
    """The address that it was fetched from. Relative links are resolved against it."""
    media_type: str = ""
    """As the server declared it, such as "application/rss+xml"; used if the ending of the name does
    not show the kind."""


NO_HINTS = Hints()


@dataclass(frozen=True, slots=True)
class Document:
    """One article of a document, with everything that the document says about it."""

    title: str
    byline: str
    paragraphs: tuple[Paragraph, ...]
    date: str = ""
    """ISO 8601, a date or a time, as the document has it."""
    section: str = ""
    order: int | None = None
    url: str = ""
    """The address of the original on the web."""
    key: str = ""
    """The publisher's identifier: a feed's or a news item's guid."""
    language: str = ""
    """The declared language; "" if none is declared."""
    draft: bool = False
    publish: str = ""
    """ISO 8601: the time before which it must not be read."""


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

    The child that wrote them has read untrusted bytes, so every value is checked. Raise ValueError
    if one is wrong.
    """
    documents = []
    for row in rows:
        values = dict(row)
        paragraphs = tuple(Paragraph(text, kind) for text, kind in values.pop("paragraphs"))
        if not all(isinstance(part.text, str) and part.kind in KINDS for part in paragraphs):
            raise ValueError("a paragraph has no text or an unknown kind")
        if set(values) != set(_PLAIN):
            raise ValueError("a document has missing or unknown fields")
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
