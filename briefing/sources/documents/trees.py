"""Bytes or text of XML and HTML -> a tree of elements, without entities, network or surprises."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from briefing.errors import SourceError

__all__ = ["Element", "attribute", "html_tree", "local_name", "refuse_entities", "xml_tree"]

Element = Any
"""An element of lxml, which has no types."""

MOST_LEVELS = 250
"""Of elements in each other; libxml2 reads 256."""
_ENTITIES = "declares entities in it, which no document needs; save its text anew"
_DECLARED = re.compile(rb"<!ENTITY", re.IGNORECASE)
_WIDE_DECLARED = tuple("<!ENTITY".encode(encoding) for encoding in ("utf-16-le", "utf-16-be"))
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
_TOO_DEEP = "has too many elements in each other; save its text as UTF-8"
_NAMESPACE = re.compile(r"\{[^}]*\}")


def refuse_entities(data: bytes) -> None:
    """Raise SourceError where XML declares entities, which may grow or name a file."""
    if _DECLARED.search(data) or any(wide in data for wide in _WIDE_DECLARED):
        raise SourceError(_ENTITIES)


def xml_tree(data: bytes, *, recover: bool = False) -> Element:
    """Return the root of an XML document. Raise SourceError, with what to do.

    recover: read what there is of a document that is not well-formed.
    """
    refuse_entities(data)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=recover,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        if "depth" in str(error):
            raise SourceError(_TOO_DEEP) from None
        line = getattr(error, "lineno", None)
        where = f" at line {line}" if line else ""
        raise SourceError(f"is not well-formed XML{where}; save it again") from None
    except ValueError:
        raise SourceError("is not well-formed XML; save it again") from None
    if root is None:
        raise SourceError("is no XML; save it again")
    internal = root.getroottree().docinfo.internalDTD
    if internal is not None and any(True for _ in internal.iterentities()):
        raise SourceError(_ENTITIES)
    return root


def html_tree(text: str) -> Element:
    """Return the root of an HTML document, its <html>. Raise SourceError."""
    text = _DECLARATION.sub("", text, count=1).replace("\x00", "")
    parser = lxml_html.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_pis=True, remove_comments=True
    )
    try:
        root = lxml_html.document_fromstring(
            text.encode("utf-8", "replace"), parser=parser, ensure_head_body=True
        )
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        raise SourceError("holds no text; save its text as UTF-8") from None
    if any("depth" in entry.message for entry in parser.error_log) or _depth(root) > MOST_LEVELS:
        raise SourceError(_TOO_DEEP)
    return root


def _depth(root: Element) -> int:
    deepest = level = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        level += 1 if event == "start" else -1
        deepest = max(deepest, level)
    return deepest


def local_name(element: Element) -> str:
    """Return an element's name in lower case, without its namespace; "" for what is no element."""
    tag = element.tag
    return _NAMESPACE.sub("", tag).lower() if isinstance(tag, str) else ""


def attribute(element: Element, name: str) -> str:
    """Return an attribute by its name without its namespace, "" where there is none."""
    value = element.get(name)
    if value is not None:
        return str(value)
    for key, other in element.attrib.items():
        if _NAMESPACE.sub("", key) == name or key == f"epub:{name}":
            return str(other)
    return ""
