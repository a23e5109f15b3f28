"""What describes a book: its package document, table of contents, container and style.

W3C, EPUB 3.3: 5 (package document), 7 (navigation document), 4.2.6.3.1 (container.xml); the
accessibility metadata are those of W3C, EPUB Accessibility 1.1, 2, in the words of schema.org.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from briefing.publish.read_along.documents import Document, Heading
from briefing.publish.read_along.markup import STYLE, clock_value, xhtml
from briefing.publish.strings import day, direction

__all__ = ["CONTAINER", "NAVIGATION", "PACKAGE", "STYLESHEET", "Facts", "navigation", "package"]

PACKAGE, NAVIGATION = "package.opf", "nav.xhtml"
CONTAINER = f"""\
<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles>
<rootfile full-path="EPUB/{PACKAGE}" media-type="application/oebps-package+xml"/>
</rootfiles>
</container>
"""
_ACTIVE = "-epub-media-overlay-active"
"""The class of what is heard: the name that reading systems without a setting use as well."""
STYLESHEET = f"""\
body {{ line-height: 1.8; }}
h1, h2 {{ line-height: 1.4; }}
.{_ACTIVE} {{ background-color: #ffe08a; color: #000; }}
"""
_CONTENTS = {"ar": "المحتويات", "en": "Contents"}
_SUMMARY = {
    "ar": "النص كله مكتوب ومسموع، ويُبرَز كل جزء منه حين يُنطَق. تقود العناوين وقائمة المحتويات من"
    " خبر إلى خبر. لا صورة إلا الغلاف.",
    "en": "All of the text can be read and heard; each part of it is highlighted while it is"
    " spoken. Headings and the table of contents lead from article to article. The cover is the"
    " only picture.",
}
_ACCESSIBILITY = (
    ("accessMode", ("textual", "auditory")),
    ("accessModeSufficient", ("textual", "auditory", "textual,auditory")),
    (
        "accessibilityFeature",
        (
            "synchronizedAudioText",
            "tableOfContents",
            "structuralNavigation",
            "readingOrder",
            "displayTransformability",
            "unlocked",
        ),
    ),
    ("accessibilityHazard", ("none",)),
)
_NAMESPACE = uuid.UUID("0d3f0a4c-1c5e-5b2e-9a44-4f5c3b6d8e21")
"""Of the identifiers of books: a random one, the same for ever."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a book says of itself. All texts can be held by a document, see `spans.label`."""

    name: str
    """The briefing's."""
    title: str
    """The briefing's, which is that of the series as well."""
    language: str
    edition_date: str
    publisher: str
    """"" if there is none."""
    voice: str
    sound: str
    """The file name of the sound."""
    sound_type: str
    cover: str
    """The file name of the cover."""
    cover_type: str

    @property
    def interface(self) -> str:
        """The language of the program's own words: "ar" or "en"."""
        return "ar" if direction(self.language) == "rtl" else "en"

    @property
    def edition_title(self) -> str:
        """The title with the day, so that the books of a series can be told apart."""
        return f"{self.title} – {day(self.edition_date, self.interface)}"

    @property
    def identifier(self) -> str:
        """The same for each build of a day's edition, so that a new one replaces the old one."""
        words = (self.name, self.title, self.publisher, self.language, self.edition_date)
        return uuid.uuid5(_NAMESPACE, "\n".join(words)).urn


def package(facts: Facts, documents: Sequence[Document]) -> str:
    """Return the package document.

    documents: in reading order; neither their texts nor their overlays are used.
    """
    way = direction(facts.language)
    return f"""\
<?xml version="1.0" encoding="UTF-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="identifier"\
 xml:lang="{facts.language}" dir="{way}">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
{_lines(_metadata(facts, documents))}</metadata>
<manifest>
{_lines(_items(facts, documents))}</manifest>
<spine page-progression-direction="{way}">
{_lines(f'<itemref idref="{document.name}"/>' for document in documents)}</spine>
</package>
"""


def _lines(rows: Iterable[str]) -> str:
    return "".join(f"{row}\n" for row in rows)


def _metadata(facts: Facts, documents: Sequence[Document]) -> Iterable[str]:
    title = escape(facts.title)
    yield f'<dc:identifier id="identifier">{facts.identifier}</dc:identifier>'
    yield f"<dc:title>{escape(facts.edition_title)}</dc:title>"
    yield f"<dc:language>{facts.language}</dc:language>"
    yield f"<dc:date>{facts.edition_date}</dc:date>"
    if facts.publisher:
        yield f"<dc:creator>{escape(facts.publisher)}</dc:creator>"
        yield f"<dc:publisher>{escape(facts.publisher)}</dc:publisher>"
    yield _property("dcterms:modified", f"{facts.edition_date}T00:00:00Z")
    yield f'<meta property="belongs-to-collection" id="series">{title}</meta>'
    yield '<meta refines="#series" property="collection-type">series</meta>'
    yield '<meta name="cover" content="cover"/>'
    for document in documents:
        if document.duration_ms:
            yield (
                f'<meta property="media:duration" refines="#{document.name}-overlay">'
                f"{clock_value(document.duration_ms)}</meta>"
            )
    duration_ms = sum(document.duration_ms for document in documents)
    yield _property("media:duration", clock_value(duration_ms))
    yield _property("media:narrator", facts.voice)
    yield _property("media:active-class", _ACTIVE)
    for name, values in _ACCESSIBILITY:
        for value in values:
            yield _property(f"schema:{name}", value)
    yield _property("schema:accessibilitySummary", _SUMMARY[facts.interface])


def _property(name: str, value: str) -> str:
    return f'<meta property="{name}">{escape(value)}</meta>'


def _items(facts: Facts, documents: Sequence[Document]) -> Iterable[str]:
    page, overlay = "application/xhtml+xml", "application/smil+xml"
    yield _item("nav", NAVIGATION, page, ' properties="nav"')
    yield _item("style", STYLE, "text/css")
    yield _item("cover", facts.cover, facts.cover_type, ' properties="cover-image"')
    yield _item("sound", facts.sound, facts.sound_type)
    for document in documents:
        name = document.name
        own = f' media-overlay="{name}-overlay"' if document.duration_ms else ""
        yield _item(name, f"{name}.xhtml", page, own)
        if document.duration_ms:
            yield _item(f"{name}-overlay", f"{name}.smil", overlay)


def _item(name: str, file: str, media_type: str, more: str = "") -> str:
    return f'<item id="{name}" href="{file}" media-type="{media_type}"{more}/>'


def navigation(facts: Facts, headings: Sequence[Heading]) -> str:
    """Return the table of contents. headings: in reading order, none deeper than its parent + 1."""
    title = _CONTENTS[facts.interface]
    body = f'<nav epub:type="toc" role="doc-toc">\n<h1>{title}</h1>\n{_entries(headings)}</nav>\n'
    return xhtml(title, body, facts.language)


def _entries(headings: Sequence[Heading]) -> str:
    """Return headings as nested lists."""
    rows, depth = [], -1
    for heading in headings:
        if heading.level > depth:
            rows.append("\n<ol>\n" * (heading.level - depth))
        else:
            rows.append("</li>\n" + "</ol>\n</li>\n" * (depth - heading.level))
        depth = heading.level
        rows.append(f'<li><a href="{heading.address}">{escape(heading.title)}</a>')
    rows.append("</li>\n</ol>\n" * (depth + 1))
    return "".join(rows)
