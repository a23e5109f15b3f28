"""The seam to every reader: bytes, a name and hints -> articles. It runs in the child process.

A saved feed comes this way, and so does one that was fetched.
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
"""By the name of a kind: the module beside this one and its function."""


def parse(data: bytes, name: str, hints: Hints = NO_HINTS) -> list[Document]:
    """Return the articles of a document.

    name: its file name, whose ending tells the kind; else hints.media_type does. Raise SourceError,
    with the reason and what to do as its message.
    """
    return _reader(_kind(name, hints))(data, hints)


def load(name: str, hints: Hints) -> None:
    """Read a document of our own, so that the reader of a kind has all that it needs in memory."""
    from briefing.sources.documents.warming import sample_document

    with suppress(SourceError):
        kind = _kind(name, hints)
        _reader(kind)(sample_document(kind.name), hints)


def _kind(name: str, hints: Hints) -> Kind:
    kind = kind_of(name, hints.media_type)
    if kind is None:
        raise SourceError("is of a kind that is not read here")
    return kind


def _reader(kind: Kind) -> _Read:
    module, function = _READERS[kind.name]
    reader: _Read = getattr(import_module(f"{__package__}.{module}"), function)
    return reader
