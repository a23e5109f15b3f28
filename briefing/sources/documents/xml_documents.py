"""An XML document -> its articles; its root element decides: a feed, NITF or NewsML-G2."""

from __future__ import annotations

import re

from briefing.errors import SourceError
from briefing.sources.decoding import decode_markup
from briefing.sources.documents import feeds, news_xml
from briefing.sources.documents.document import Document, Hints

__all__ = ["read_xml"]

_SIGHT = 100_000
"""The root element must begin within so many characters."""
_BEFORE_ROOT = re.compile(
    r"\s+|<\?[^>]*\?>|<!--.*?-->|<!DOCTYPE[^<>\[]*(?:\[[^\]]*\])?\s*>", re.DOTALL | re.IGNORECASE
)
_ROOT = re.compile(r"<(?:[\w.-]+:)?([\w.-]+)")
_NEWSML = frozenset({"newsitem", "newsmessage", "packageitem"})


def read_xml(data: bytes, hints: Hints) -> list[Document]:
    """Return the articles of an XML document. Raise SourceError."""
    root = _root(decode_markup(data)[:_SIGHT])
    if root == "nitf":
        return news_xml.read_nitf(data)
    if root in _NEWSML:
        return news_xml.read_newsml(data)
    if root == "html":
        raise SourceError(feeds.NOT_A_FEED)
    return feeds.read_feed(data, hints)


def _root(text: str) -> str:
    """Return the name of the root element; "" if there is none."""
    at = 0
    while before := _BEFORE_ROOT.match(text, at):
        at = before.end()
    root = _ROOT.match(text, at)
    return root[1].lower() if root else ""
