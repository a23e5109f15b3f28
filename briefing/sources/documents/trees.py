"""XML and HTML -> trees of elements, within limits, without entities or access to the network."""

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
"""The most nested elements; libxml2 reads 256 levels."""
MOST_ELEMENTS = 100_000
"""For comparison: a long page has 10,000."""
LONGEST_ATTRIBUTE = 4_000
"""Characters. A longer attribute is an embedded picture, or an attack."""
_SPANS = frozenset(map(str, range(1, 21)))
"""Numbers of columns or rows that one cell can span."""
_ENTITIES = "declares entities in it, which no document needs; save its text anew"
_DECLARED = re.compile(rb"<!ENTITY", re.IGNORECASE)
_WIDE_DECLARED = tuple("<!ENTITY".encode(encoding) for encoding in ("utf-16-le", "utf-16-be"))
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_TOO_DEEP = "has too many nested elements; save its text as UTF-8"


def refuse_entities(data: bytes) -> None:
    """Raise SourceError if XML declares entities, which may expand without limit or read files."""
    if _DECLARED.search(data) or any(wide in data for wide in _WIDE_DECLARED):
        raise SourceError(_ENTITIES)


def xml_tree(data: bytes, *, recover: bool = False) -> Element:
    """Return the root of an XML document. Raise SourceError with what to do.

    recover: read as much as possible of a document that is not well-formed.
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
    """Return the <html> element of an HTML document. Raise SourceError."""
    text = _DECLARATION.sub("", text, count=1).replace("\x00", "")
    parser = lxml_html.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_pis=True, remove_comments=True
    )
    try:
        root = lxml_html.document_fromstring(
            text.encode("utf-8", "replace"), parser=parser, ensure_head_body=True
        )
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        raise SourceError("contains no text; save its text as UTF-8") from None
    if any("depth" in entry.message for entry in parser.error_log):
        raise SourceError(_TOO_DEEP)
    _bound(root)
    return root


def _bound(root: Element) -> None:
    """Remove scripts, styles and long attributes, which no reader needs and an attack may use.

    Raise SourceError if there are too many elements, or if they are nested too deeply.
    """
    level = count = 0
    programs = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "end":
            level -= 1
            continue
        level, count = level + 1, count + 1
        if level > MOST_LEVELS:
            raise SourceError(_TOO_DEEP)
        if count > MOST_ELEMENTS:
            raise SourceError("has too many elements; split it, or save its text as UTF-8")
        for name, value in element.attrib.items():
            if len(value) > LONGEST_ATTRIBUTE:
                del element.attrib[name]
            elif name in ("colspan", "rowspan") and value not in _SPANS:
                element.set(name, "1")
        if element.tag == "style" or (element.tag == "script" and not _is_data(element)):
            programs.append(element)
    for element in programs:
        element.text = None


def _is_data(script: Element) -> bool:
    return "ld+json" in (script.get("type") or "")


def local_name(element: Element) -> str:
    """Return an element's name in lower case without its namespace; "" for a comment."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def attribute(element: Element, name: str) -> str:
    """Return an attribute by its name without its namespace; "" if there is none."""
    value = element.get(name)
    if value is not None:
        return str(value)
    for key, other in element.attrib.items():
        if key.rpartition("}")[2] == name or key == f"epub:{name}":
            return str(other)
    return ""
