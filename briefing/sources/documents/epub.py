"""An EPUB -> an article for each chapter, in reading order, without cover, contents and imprint."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from briefing.errors import SourceError
from briefing.sources.decoding import decode_markup
from briefing.sources.documents.archives import Archive
from briefing.sources.documents.assembling import Metadata, assemble
from briefing.sources.documents.authors import author_of
from briefing.sources.documents.blocks import Block, same_text, tidy
from briefing.sources.documents.content import element_blocks
from briefing.sources.documents.dates import iso_date, written_date
from briefing.sources.documents.document import Document, Hints
from briefing.sources.documents.stylesheets import bold_classes, mark_bold
from briefing.sources.documents.trees import (
    Element,
    attribute,
    html_tree,
    local_name,
    refuse_entities,
    xml_tree,
)

__all__ = ["read_epub"]

_CONTAINER = "META-INF/container.xml"
_NO_CHAPTER = re.compile(
    r"\b(?:cover|bibliography|titlepage|halftitlepage|copyright-page|toc|landmarks|loi|lot|index|imprint"
    r"|colophon|dedication|backlink|acknowledgments|other-credits)\b"
)
_CHAPTER_NAME = re.compile(r"[\w.-]*\.x?html?|(?:chapter|section|part|untitled)[\s_-]*\d*", re.I)
_CHAPTER_NUMBER = re.compile(
    r"(?:(?:الفصل|الباب|المقال|المقالة|الجزء|الدرس|[Cc]hapter)\s)?(?:[\dIVX٠-٩]{1,4}"
    r"|(?:ال(?:أول|أولى|ثانية?|ثالثة?|رابعة?|خامسة?|سادسة?|سابعة?|ثامنة?|تاسعة?|عاشرة?|حادية?)"
    r"(?: عشرة?)?))\W{0,3}"
)
_MOST_CHAPTERS = 500
_LAST_TITLE_PAGE = 4
"""The title page is among so many parts at the beginning."""


def read_epub(data: bytes, hints: Hints) -> list[Document]:
    """Return an article for each chapter. Raise SourceError."""
    archive = Archive(data)
    if _CONTAINER not in archive:
        raise SourceError("is no EPUB, or is damaged; copy it again")
    if "META-INF/encryption.xml" in archive and b"EncryptedData" in archive.read(
        "META-INF/encryption.xml"
    ):
        _refuse_locked(archive)
    container = xml_tree(archive.read(_CONTAINER))
    path = next(
        (
            attribute(element, "full-path")
            for element in container.iter()
            if local_name(element) == "rootfile"
        ),
        "",
    )
    package = xml_tree(archive.read(path))
    metadata = _metadata(package)
    names = _chapter_names(archive, package, path)
    bold = _bold_classes(archive, package, path)
    spine = _spine(archive, package, path)[:_MOST_CHAPTERS]
    if not metadata.date:
        metadata = replace(metadata, date=_title_page_date(archive, spine))
    documents = []
    for name in spine:
        document = _chapter(archive.read(name), metadata, names.get(name, []), bold)
        if document is not None:
            documents.append(document)
    if not documents:
        raise SourceError("has no chapter with Arabic text in it")
    return documents


def _refuse_locked(archive: Archive) -> None:
    locked = xml_tree(archive.read("META-INF/encryption.xml"))
    for reference in locked.iter():
        uri = attribute(reference, "URI")
        if local_name(reference) == "cipherreference" and re.search(r"\.x?html?$", uri):
            raise SourceError("is locked (DRM) and cannot be read")


def _metadata(package: Element) -> Metadata:
    """Return the metadata of the book."""
    values: dict[str, list[str]] = {}
    for element in package.iter():
        if "purl.org/dc/" in str(element.tag):
            values.setdefault(local_name(element), []).append(tidy("".join(element.itertext())))
    return Metadata(
        title=next(iter(values.get("title", [])), ""),
        owner="، ".join(filter(None, map(author_of, values.get("creator", [])))),
        date=iso_date(next(iter(values.get("date", [])), "")),
        language=next(iter(values.get("language", [])), ""),
    )


def _title_page_date(archive: Archive, spine: Sequence[str]) -> str:
    """Return the date on the title page, where pandoc writes one that is not in ISO 8601."""
    for name in spine[:_LAST_TITLE_PAGE]:
        root = _page(archive.read(name))
        if not any("titlepage" in attribute(element, "type") for element in root.iter()):
            continue
        for element in root.iter():
            if "date" in (element.get("class") or "").split():
                return written_date("".join(element.itertext()))
    return ""


def _items(package: Element) -> dict[str, Element]:
    items = (element for element in package.iter() if local_name(element) == "item")
    return {attribute(item, "id"): item for item in items}


def _spine(archive: Archive, package: Element, path: str) -> list[str]:
    """Return the members with the text, in reading order."""
    items = _items(package)
    members = []
    for reference in package.iter():
        if local_name(reference) != "itemref" or attribute(reference, "linear") == "no":
            continue
        item = items.get(attribute(reference, "idref"))
        if item is None or "nav" in attribute(item, "properties").split():
            continue
        if "html" not in attribute(item, "media-type"):
            continue
        member = archive.resolve(path, attribute(item, "href"))
        if member:
            members.append(member)
    return members


def _chapter_names(archive: Archive, package: Element, path: str) -> dict[str, list[str]]:
    """Return each member's names in the table of contents (EPUB 3 navigation or EPUB 2 NCX)."""
    names: dict[str, list[str]] = {}
    for item in _items(package).values():
        member = archive.resolve(path, attribute(item, "href"))
        if not member:
            continue
        if "nav" in attribute(item, "properties").split():
            tree = _page(archive.read(member))
            for link in tree.iter("a"):
                target = archive.resolve(member, link.get("href") or "")
                names.setdefault(target, []).append(tidy("".join(link.itertext())))
        elif "dtbncx" in attribute(item, "media-type"):
            for point in xml_tree(archive.read(member), recover=True).iter():
                if local_name(point) != "navpoint":
                    continue
                source = next((part for part in point if local_name(part) == "content"), None)
                label = next((part for part in point if local_name(part) == "navlabel"), None)
                if source is not None and label is not None:
                    target = archive.resolve(member, attribute(source, "src"))
                    names.setdefault(target, []).append(tidy("".join(label.itertext())))
    return names


def _bold_classes(archive: Archive, package: Element, path: str) -> frozenset[str]:
    """Return the classes that the book's stylesheets make bold."""
    classes: set[str] = set()
    for item in _items(package).values():
        member = archive.resolve(path, attribute(item, "href"))
        if member and attribute(item, "media-type") == "text/css":
            classes |= bold_classes(archive.read(member).decode("utf-8", "replace"))
    return frozenset(classes)


def _as_heading(block: Block, names: Sequence[str]) -> Block:
    """Return a paragraph as a heading if it is in the table of contents, else unchanged."""
    is_named = block.kind == "p" and any(same_text(block.text, name) for name in names)
    return replace(block, kind="heading", level=2) if is_named else block


def _without_number(blocks: list[Block]) -> list[Block]:
    """Return the blocks without a line over the first heading that only counts the chapter."""
    if len(blocks) < 2 or blocks[1].kind != "heading" or blocks[0].kind not in ("p", "heading"):
        return blocks
    return blocks[1:] if _CHAPTER_NUMBER.fullmatch(blocks[0].text) else blocks


def _page(content: bytes) -> Element:
    refuse_entities(content)
    return html_tree(decode_markup(content))


def _chapter(
    content: bytes, metadata: Metadata, names: Sequence[str], bold: frozenset[str]
) -> Document | None:
    """Return the article of a chapter; None for a cover, an imprint, or without Arabic text.

    names: the names of the chapter and its parts in the table of contents. bold: the classes that
    are bold.
    """
    root = _page(content)
    mark_bold(root, bold)
    body = root.find("body")
    top = list(body) if body is not None else []
    kinds = [attribute(element, "type") for element in ([body, *top] if body is not None else [])]
    roles = [attribute(element, "role") for element in top]
    if any(_NO_CHAPTER.search(kind) for kind in (*kinds, *roles)):
        return None
    head = root.find(".//title")
    title = tidy("".join(head.itertext())) if head is not None else ""
    blocks = _without_number([_as_heading(block, names) for block in element_blocks(root)])
    name = next((name for name in names if not _CHAPTER_NAME.fullmatch(name)), "")
    read = [block for block in blocks if block.kind not in ("alt", "caption")]
    if read and read[0].kind == "heading":
        title = read[0].text
    elif read and same_text(read[0].text, metadata.title):
        title = metadata.title
    elif name and not any(
        block.kind == "heading" and same_text(block.text, name) for block in read
    ):
        title = name
    elif _CHAPTER_NAME.fullmatch(title) or same_text(title, metadata.title):
        title = ""
    facts = Metadata(
        title=title, owner=metadata.owner, date=metadata.date, language=metadata.language
    )
    try:
        return assemble(blocks, facts, find_title=not title)
    except SourceError:
        return None
