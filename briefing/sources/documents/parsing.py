"""The common entry to all readers: bytes, a name and hints -> articles.

It runs in the child process, both for saved documents and for fetched ones.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from importlib import import_module

from briefing.errors import SourceError
from briefing.sources.documents.document import NO_HINTS, Document, Hints
from briefing.sources.documents.kinds import Kind, kind_of

__all__ = ["load", "parse"]

_Read = Callable[[bytes, Hints], list[Document]]
_READERS = {
    "markdown": ("markdown", "read_markdown"),
    "docx": ("docx", "read_docx"),
    "odt": ("odt", "read_odt"),
    "epub": ("epub", "read_epub"),
    "page": ("web_page", "read_page"),
    "xml": ("xml_documents", "read_xml"),
    "json": ("json_documents", "read_json"),
}
"""By the name of a kind: a module of this package and its function."""


def parse(data: bytes, name: str, hints: Hints = NO_HINTS) -> list[Document]:
    """Return the articles of a document.

    name: its file name, whose ending decides its kind; if it has none, hints.media_type decides.
    Raise SourceError with the reason and what to do.
    """
    return _reader(_kind(name, hints))(data, hints)


def load(name: str, hints: Hints) -> None:
    """Read a sample document, so that everything that the reader of a kind needs is in memory."""
    from briefing.sources.documents.warming import sample_document

    with suppress(SourceError):
        kind = _kind(name, hints)
        _reader(kind)(sample_document(kind.name), hints)


def _kind(name: str, hints: Hints) -> Kind:
    kind = kind_of(name, hints.media_type)
    if kind is None:
        raise SourceError("is of a kind that cannot be read")
    return kind


def _reader(kind: Kind) -> _Read:
    module, function = _READERS[kind.name]
    reader: _Read = getattr(import_module(f"{__package__}.{module}"), function)
    return reader
