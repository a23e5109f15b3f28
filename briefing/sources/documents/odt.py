"""An OpenDocument text (.odt) -> an article.

Its XML is converted to a tree of HTML elements, which is then read like any other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from briefing.errors import SourceError
from briefing.sources.documents.archives import Archive
from briefing.sources.documents.assembling import Metadata, assemble
from briefing.sources.documents.authors import author_of
from briefing.sources.documents.blocks import tidy
from briefing.sources.documents.document import Document, Hints
from briefing.sources.documents.docx import apply_styles
from briefing.sources.documents.html_blocks import blocks_of
from briefing.sources.documents.trees import Element, attribute, local_name, xml_tree

__all__ = ["read_odt"]

_SKIPPED = frozenset(
    "annotation annotation-end tracked-changes change change-start change-end sequence-decls"
    " variable-decls user-field-decls forms hidden-text table-of-content illustration-index"
    " table-index object-index user-index alphabetical-index bibliography scripts bookmark"
    " bookmark-start bookmark-end reference-mark page-number note-citation desc title".split()
)
_CLASSES = {
    "title": "document-title",
    "author": "author",
    "date": "date",
    "illustration": "caption",
    "figure": "caption",
    "table": "caption",
}
_MOST_REPEATED = 20
_CODE = frozenset({"preformattedtext", "sourcecode"})


@dataclass
class _Styles:
    """The styles of a document."""

    parents: dict[str, str] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    bold: dict[str, bool] = field(default_factory=dict)
    """By style: whether it is bold, if it says so itself."""
    ordered: dict[tuple[str, int], int] = field(default_factory=dict)
    """By list style and level (from 1): the first number, if items are numbered."""

    def names(self, style: str) -> list[str]:
        """Return the names of a style and its parents, without spaces, in lower case."""
        chain: list[str] = []
        while style and style not in chain and len(chain) < 20:
            chain.append(style)
            style = self.parents.get(style, "")
        return [re.sub(r"_20_|[^a-z]", "", name.lower().replace("_20_", "")) for name in chain]

    def is_bold(self, style: str) -> bool:
        """Return whether a style, or the nearest of its parents that decides it, is bold."""
        depth = 0
        while style and depth < 20:
            if style in self.bold:
                return self.bold[style]
            style, depth = self.parents.get(style, ""), depth + 1
        return False


def read_odt(data: bytes, hints: Hints) -> list[Document]:
    """Return the article of an OpenDocument text. Raise SourceError."""
    archive = Archive(data)
    if "content.xml" not in archive:
        raise SourceError("is no OpenDocument text, or is damaged; open it and save it again")
    if "META-INF/manifest.xml" in archive and b"encryption-data" in archive.read(
        "META-INF/manifest.xml"
    ):
        raise SourceError("is locked by a password; save it without one")
    content = xml_tree(archive.read("content.xml"))
    styles = _Styles()
    _read_styles(content, styles)
    if "styles.xml" in archive:
        _read_styles(xml_tree(archive.read("styles.xml")), styles)
    text = next(filter(_is_text_body, content.iter()), None)
    if text is None:
        raise SourceError("is no OpenDocument text; open it and save it as .odt")
    body = _Copier(styles).copy(text)
    return [assemble(*apply_styles(blocks_of(body), _properties(archive)))]


def _is_text_body(element: Element) -> bool:
    parent = element.getparent()
    return local_name(element) == "text" and parent is not None and local_name(parent) == "body"


def _properties(archive: Archive) -> Metadata:
    if "meta.xml" not in archive:
        return Metadata()
    elements = xml_tree(archive.read("meta.xml"), recover=True).iter()
    values = {local_name(element): tidy(element.text or "") for element in elements}
    return Metadata(
        title=values.get("title", ""),
        owner=author_of(values.get("initial-creator", "")) or author_of(values.get("creator", "")),
    )


def _read_styles(root: Element, styles: _Styles) -> None:
    for element in root.iter():
        name = attribute(element, "name")
        if local_name(element) == "style" and name:
            styles.parents[name] = attribute(element, "parent-style-name")
            if any(attribute(child, "display") == "none" for child in element):
                styles.hidden.add(name)
            for child in element:
                # Arabic letters have the weight of complex scripts
                for weight in ("font-weight-complex", "font-weight"):
                    if value := attribute(child, weight):
                        is_bold = value == "bold" or value in ("600", "700", "800", "900")
                        styles.bold.setdefault(name, is_bold)
        elif local_name(element) == "list-style" and name:
            for level in element:
                number = attribute(level, "level")
                is_ordered = local_name(level) == "list-level-style-number"
                if is_ordered and number.isdigit() and attribute(level, "num-format"):
                    start = attribute(level, "start-value")
                    styles.ordered[name, int(number)] = int(start) if start.isdigit() else 1


class _Copier:
    """Copies the text of a document into a tree of HTML."""

    def __init__(self, styles: _Styles) -> None:
        self._styles = styles
        self._notes = etree.Element("section")
        self._notes.set("class", "footnotes")
        self._last: dict[str, int] = {}
        """By the id and by the style of a list: the number of its next item."""

    def copy(self, text: Element) -> Element:
        """Return the <body>: the text, then its notes."""
        body = etree.Element("body")
        self._children(text, body)
        if len(self._notes):
            body.append(self._notes)
        return body

    def _children(self, source: Element, target: Element, level: int = 0) -> None:
        _append_text(target, source.text)
        for child in source:
            self._element(child, target, level)
            _append_text(target, child.tail)

    def _element(self, element: Element, target: Element, level: int) -> None:
        """Copy an element. level: the level of the list that it is in, 0 outside of lists."""
        name = local_name(element)
        style = attribute(element, "style-name")
        if not name or name in _SKIPPED or style in self._styles.hidden:
            return
        if attribute(element, "display") == "none" or attribute(element, "is-hidden") == "true":
            return
        if name in ("tab", "s"):
            _append_text(target, " ")
        elif name == "line-break":
            etree.SubElement(target, "br")
        elif name == "list":
            self._list(element, target, level + 1)
        elif name == "note":
            self._note(element)
        elif name == "table":
            self._table(element, etree.SubElement(target, "table"))
        elif name == "h":
            outline = attribute(element, "outline-level")
            heading = f"h{min(6, int(outline))}" if outline.isdigit() and outline != "0" else "h2"
            self._children(element, etree.SubElement(target, heading), level)
        elif name == "p":
            self._paragraph(element, target, style, level)
        elif name in ("text-box", "section"):
            self._children(element, etree.SubElement(target, "div"), level)
        else:
            is_bold = self._styles.is_bold(style) or any(
                name.startswith("strong") for name in self._styles.names(style)
            )
            inline = "b" if is_bold else "a" if name == "a" else "span"
            self._children(element, etree.SubElement(target, inline), level)

    def _paragraph(self, element: Element, target: Element, style: str, level: int) -> None:
        names = self._styles.names(style)
        if any(name.startswith("quot") or name == "blocktext" for name in names):
            target = etree.SubElement(target, "blockquote")
        is_code = any(name in _CODE for name in names)
        paragraph = etree.SubElement(target, "pre" if is_code else "p")
        if self._styles.is_bold(style):
            paragraph.set("style", "font-weight:bold")
        if classes := " ".join(filter(None, map(_class_of, names))):
            paragraph.set("class", classes)
        self._children(element, paragraph, level)

    def _list(self, element: Element, target: Element, level: int) -> None:
        style = attribute(element, "style-name") or target.get("data-style") or ""
        start = self._styles.ordered.get((style, level))
        number = self._first_number(element, style, start or 1)
        listing = etree.SubElement(target, "ul" if start is None else "ol")
        if start is not None:
            listing.set("start", str(start))
        for child in element:
            if local_name(child) not in ("list-item", "list-header"):
                continue
            item = etree.SubElement(listing, "li")
            item.set("data-style", style)
            if attribute(child, "start-value").isdigit():
                number = int(attribute(child, "start-value")[:6])
            item.set("value", str(number))
            number += any(local_name(part) in ("p", "h") for part in child)
            self._last[attribute(element, "id") or style] = self._last[style] = number
            self._children(child, item, level)

    def _first_number(self, element: Element, style: str, start: int) -> int:
        """Return the number of a list's first item; a list may continue another one."""
        continued = attribute(element, "continue-list")
        if not continued and attribute(element, "continue-numbering") == "true":
            continued = style
        return self._last.get(continued, start)

    def _note(self, element: Element) -> None:
        """Copy a note to the end, without its mark in the text."""
        note = etree.SubElement(self._notes, "div")
        for child in element:
            if local_name(child) == "note-body":
                self._children(child, note)

    def _table(self, element: Element, table: Element) -> None:
        for row in element.iter():
            if local_name(row) != "table-row" or _table_of(row) is not element:
                continue
            in_head = local_name(row.getparent()) == "table-header-rows"
            line = etree.SubElement(table, "tr")
            for cell in row:
                if local_name(cell) != "table-cell":
                    continue
                repeated = attribute(cell, "number-columns-repeated")
                count = min(_MOST_REPEATED, int(repeated)) if repeated.isdigit() else 1
                for _ in range(count):
                    copied = etree.SubElement(line, "th" if in_head else "td")
                    for source, name in _SPANS.items():
                        if span := attribute(cell, source):
                            copied.set(name, span)
                    self._children(cell, copied)


_SPANS = {"number-columns-spanned": "colspan", "number-rows-spanned": "rowspan"}


def _class_of(name: str) -> str:
    """Return the class that the style of a name stands for, "" for most styles."""
    return "caption" if name.endswith("caption") else _CLASSES.get(name, "")


def _append_text(target: Element, text: str | None) -> None:
    if not text:
        return
    if len(target):
        target[-1].tail = (target[-1].tail or "") + text
    else:
        target.text = (target.text or "") + text


def _table_of(element: Element) -> Element:
    parent = element.getparent()
    while parent is not None and local_name(parent) != "table":
        parent = parent.getparent()
    return parent
