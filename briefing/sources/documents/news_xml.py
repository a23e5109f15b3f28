"""An agency's XML (NITF, NewsML-G2) -> its articles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from briefing.errors import SourceError
from briefing.sources.documents.assembling import ARABIC, Metadata, assemble
from briefing.sources.documents.authors import NAMED_BY
from briefing.sources.documents.blocks import Block, tidy
from briefing.sources.documents.content import content_blocks, element_blocks, text_blocks
from briefing.sources.documents.dates import iso_date
from briefing.sources.documents.document import Document
from briefing.sources.documents.page_facts import web_address
from briefing.sources.documents.trees import Element, attribute, local_name, xml_tree

__all__ = ["read_newsml", "read_nitf"]

_NITF_DATES = ("date.issue", "date.release", "story.date")
_NITF_SUBJECTS = ("type", "matter")
"""The parts of a subject's name in NITF 3: its field, and what it is about."""


def read_nitf(data: bytes) -> list[Document]:
    """Return the article of a NITF document (IPTC, NITF 3). Raise SourceError."""
    return [_nitf(xml_tree(data))]


def read_newsml(data: bytes) -> list[Document]:
    """Return the articles of a NewsML-G2 item or message (IPTC). Raise SourceError."""
    root = xml_tree(data)
    documents = [document for item in _all(root, "newsitem") for document in _item(item)]
    if not documents:
        raise SourceError("contains no news item with a text in Arabic")
    return documents


def _nitf(root: Element, metadata: Metadata | None = None) -> Document:
    headline = _text(_first(root, "hl1")) or _text(_first(root, "title"))
    identity = _first(root, "doc-id")
    content = next(filter(_is_of_body, _all(root, "body.content")), None)
    if content is None:
        raise SourceError("contains no text (body.content)")
    metadata = metadata or Metadata()
    return assemble(
        element_blocks(content),
        Metadata(
            title=headline or metadata.title,
            byline=_nitf_byline(root) or metadata.byline,
            date=_nitf_date(root) or metadata.date,
            section=_nitf_section(root) or metadata.section,
            url=metadata.url,
            key=metadata.key or (attribute(identity, "id-string") if identity is not None else ""),
            language=attribute(root, "lang") or metadata.language,
            publish=metadata.publish,
        ),
    )


def _nitf_date(root: Element) -> str:
    """Return when it was issued, else released, else written."""
    for name in _NITF_DATES:
        for element in _all(root, name):
            if date := iso_date(attribute(element, "norm")):
                return date
    return ""


def _nitf_section(root: Element) -> str:
    """Return the section of the newspaper, else the subject if it has an Arabic name."""
    for published in _all(root, "pubdata"):
        if section := attribute(published, "position.section"):
            return section
    subjects = list(_all(root, "tobject.subject"))
    for name in _NITF_SUBJECTS:
        for subject in subjects:
            if ARABIC.search(text := attribute(subject, f"tobject.subject.{name}")):
                return text
    return ""


def _is_of_body(content: Element) -> bool:
    """Return whether a body.content is the article's and not that of a note to editors."""
    parent = content.getparent()
    return parent is not None and local_name(parent) == "body"


def _nitf_byline(root: Element) -> str:
    """Return the byline without the author's title."""
    byline = _first(root, "byline")
    if byline is None:
        return ""
    person = _first(byline, "person")
    if person is not None:
        return _text(person)
    parts = [byline.text or ""]
    for child in byline:
        parts += [
            "" if local_name(child) == "byttl" else "".join(child.itertext()),
            child.tail or "",
        ]
    return NAMED_BY.sub("", tidy("".join(parts)))


def _item(item: Element) -> Iterator[Document]:
    """Yield the article of a news item, unless it was withdrawn or has no text."""
    status = _first(item, "pubstatus")
    if status is not None and "usable" not in attribute(status, "qcode"):
        return
    created = _first(item, "contentcreated")
    versioned = created if created is not None else _first(item, "versioncreated")
    embargo = _first(item, "embargoed")
    metadata = Metadata(
        title=_in_arabic(map(_text, _all(item, "headline"))),
        byline=NAMED_BY.sub("", _text(_first(item, "by")) or _name(_first(item, "creator"))),
        date=iso_date(_text(versioned)),
        section=_in_arabic(name for subject in _all(item, "subject") for name in _names(subject)),
        url=web_address(_address(item)),
        key=attribute(item, "guid"),
        language=attribute(item, "lang"),
        publish=iso_date(_text(embargo)),
    )
    for content in _all(item, "contentset"):
        nitf = _first(content, "nitf")
        try:
            if nitf is not None:
                yield _nitf(nitf, metadata)
            elif blocks := _content(content):
                yield assemble(blocks, metadata)
            else:
                continue
        except SourceError:
            continue
        return


def _content(content: Element) -> list[Block]:
    body = _first(content, "body")
    if body is not None:
        return element_blocks(body)
    inline = _first(content, "inlinedata")
    if inline is None:
        return []
    text = "".join(inline.itertext())
    is_html = "html" in attribute(inline, "contenttype") or text.lstrip().startswith("<")
    return content_blocks(text) if is_html else text_blocks(text)


def _address(item: Element) -> str:
    for link in _all(item, "link"):
        if href := attribute(link, "href"):
            return href
    return ""


def _all(root: Element, name: str) -> Iterator[Element]:
    return (element for element in root.iter() if local_name(element) == name)


def _first(root: Element, name: str) -> Element | None:
    return next(_all(root, name), None)


def _text(element: Element | None) -> str:
    return tidy("".join(element.itertext())) if element is not None else ""


def _name(element: Element | None) -> str:
    """Return the name in an element such as a creator."""
    return _in_arabic(_names(element)) if element is not None else ""


def _names(element: Element) -> Iterator[str]:
    """Yield the names in an element such as a subject, which may be in several languages."""
    return map(_text, _all(element, "name"))


def _in_arabic(texts: Iterable[str]) -> str:
    """Return the first Arabic text, else the first text; "" if there is none."""
    names = [text for text in texts if text]
    return next(filter(ARABIC.search, names), names[0] if names else "")
