"""A server's answer -> the documents in it, read in the child process as any document is."""

from __future__ import annotations

import hashlib
import json
import re

from briefing.errors import SourceError
from briefing.sources.documents.articles import require_reader
from briefing.sources.documents.document import Document, Hints, to_json
from briefing.sources.documents.feeds import NO_ARTICLE as EMPTY_FEED
from briefing.sources.documents.json_documents import NO_ARTICLE as EMPTY_JSON
from briefing.sources.documents.kinds import Kind, kind_of
from briefing.sources.documents.store import DocumentStore
from briefing.sources.gathering.inbox import digest_of
from briefing.sources.gathering.inflating import CUT
from briefing.sources.gathering.secrets import without_query

__all__ = [
    "content_digest",
    "count_words",
    "document_id",
    "kind_of_answer",
    "read_feed",
    "read_page",
    "seems_a_summary",
]

_SIGHT = 4_000
"""Bytes at the beginning and end that are looked at."""
_ROOT = re.compile(rb"<(?:\w+:)?(rss|feed|rdf)\b", re.IGNORECASE)
_PAGE = re.compile(rb"\s*(?:<!--.{0,500}?-->\s*)?<(?:!doctype\s+html|html)\b", re.I | re.S)
_WORLDWIDE = re.compile(r"[a-z][a-z0-9+.-]*:.+|[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}", re.I)
"""Guids that no other feed gives to something else: addresses, tags, UUIDs."""
_UNDECLARED = frozenset({"", "text/plain", "application/octet-stream", "application/xml"})
_FEWEST_WORDS = 60
"""Of a whole article: what agencies send as one has more, summaries of feeds have 15 to 50."""
_IS_CUT = re.compile(
    r"(?:\.{3}|…|\[\s*(?:…|\.{3}|&hellip;)\s*\]|(?:اقرأ|إقرأ|قراءة|للمزيد|المزيد)[^.؟!]{0,40})"
    r"\W*$"
)


def kind_of_answer(data: bytes, media_type: str, *, is_page: bool) -> Kind:
    """Return which reader reads an answer. Raise SourceError where none does.

    A feed's kind is seen in its bytes: servers declare feeds as anything. A page is what its server
    declares, where it does.
    """
    head = data[:_SIGHT].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    kind: Kind | None
    if not is_page:
        kind = kind_of("feed.json" if head[:1] in (b"{", b"[") else "feed.xml")
    elif media_type in _UNDECLARED and _PAGE.match(head):
        kind = kind_of("page.html")
    else:
        kind = kind_of("", media_type)
    if kind is None:
        raise SourceError(f"is no page but {media_type or 'of no kind that its server names'}")
    require_reader(kind)
    return kind


def read_feed(data: bytes, media_type: str, url: str, documents: DocumentStore) -> list[Document]:
    """Return the articles of a feed, in its order. Raise SourceError for what is no whole feed."""
    kind = kind_of_answer(data, media_type, is_page=False)
    if kind.name == "xml" and _is_cut(data):
        raise SourceError(CUT)
    try:
        return documents.read(data, "feed", kind, _hints(url, kind))
    except SourceError as error:
        if str(error) in (EMPTY_FEED, EMPTY_JSON):
            return []
        raise


def read_page(data: bytes, media_type: str, url: str, documents: DocumentStore) -> list[Document]:
    """Return the article of a page. Raise SourceError."""
    kind = kind_of_answer(data, media_type, is_page=True)
    return documents.read(data, "page", kind, _hints(url, kind))


def _hints(url: str, kind: Kind) -> Hints:
    return Hints(without_query(url), kind.media_types[0])


def _is_cut(data: bytes) -> bool:
    """Return whether a feed has no end, though its reader would read what there is."""
    root = _ROOT.search(data[:_SIGHT].replace(b"\0", b""))
    if root is None:
        return False
    end = data[-_SIGHT:].replace(b"\0", b"").lower()
    return re.search(rb"</(?:\w+:)?" + root[1].lower() + rb"\s*>", end) is None


def document_id(document: Document, feed_url: str) -> str:
    """Return what an article is known by in every edition: the digest of its guid or link.

    A guid such as "1234" is another article's in another feed.
    """
    words = [document.title, *(paragraph.text for paragraph in document.paragraphs[:1])]
    name = document.key or document.url or "\n".join(words)
    return digest_of(name if _WORLDWIDE.fullmatch(name) else f"{feed_url}\n{name}")


def content_digest(document: Document) -> str:
    """Return a digest of all that a document says."""
    text = json.dumps(to_json([document]), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def count_words(document: Document) -> int:
    """Return how many words the text of an article has."""
    return sum(len(paragraph.text.split()) for paragraph in document.paragraphs)


def seems_a_summary(document: Document) -> bool:
    """Return whether a feed seems to have only the beginning of an article."""
    if count_words(document) < _FEWEST_WORDS:
        return True
    return _IS_CUT.search(document.paragraphs[-1].text) is not None
