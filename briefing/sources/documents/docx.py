"""A Word document (.docx) -> an article.

mammoth converts it to HTML. Before that, the archive is checked, hidden text and tables of contents
are removed, and only the parts that contain text are passed on.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace

from briefing.errors import SourceError
from briefing.sources.documents.archives import Archive
from briefing.sources.documents.assembling import Metadata, assemble
from briefing.sources.documents.authors import author_of
from briefing.sources.documents.blocks import Block, same_text, tidy
from briefing.sources.documents.boilerplate import drop_hidden
from briefing.sources.documents.dates import iso_date
from briefing.sources.documents.document import Document, Hints
from briefing.sources.documents.docx_numbers import write_numbers
from briefing.sources.documents.docx_styles import is_on, name_by_base, name_headings, write_bold
from briefing.sources.documents.html_blocks import blocks_of
from briefing.sources.documents.trees import Element, html_tree, local_name, xml_tree

__all__ = ["apply_styles", "read_docx"]

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TEXT_PARTS = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|(?:word/)?_rels/[\w.]+\.rels"
    r"|word/(?:document\d*|styles|numbering|footnotes|endnotes)\.xml"
)
_STYLES = """
p[style-name='Title'] => h1.document-title:fresh
p[style-name='Subtitle'] => p.subtitle:fresh
p[style-name='Author'] => p.author:fresh
p[style-name='Date'] => p.date:fresh
p[style-name='caption'] => p.caption:fresh
p[style-name='Caption'] => p.caption:fresh
p[style-name='Image Caption'] => p.caption:fresh
p[style-name='Table Caption'] => p.caption:fresh
p[style-name='Figure'] => p.caption:fresh
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='Intense Quote'] => blockquote > p:fresh
p[style-name='Block Text'] => blockquote > p:fresh
p[style-name='Quotations'] => blockquote > p:fresh
p[style-name='Source Code'] => pre:separator('\\n')
p[style-name='Preformatted Text'] => pre:separator('\\n')
p[style-name='Footnote Text'] => p:fresh
"""
_KNOWN_STYLES = frozenset(name.casefold() for name in re.findall(r"style-name='([^']+)'", _STYLES))
_LONGEST_CHAIN = 10
"""Of styles that are based on each other."""
_STORIES = re.compile(r"word/(?:document\d*|footnotes|endnotes)\.xml")


def read_docx(data: bytes, hints: Hints) -> list[Document]:
    """Return the article of a Word document. Raise SourceError."""
    import mammoth

    archive = Archive(data)
    if "word/document.xml" not in archive and not any(
        re.fullmatch(r"word/document\d*\.xml", name) for name in archive.names()
    ):
        raise SourceError(
            "is no Word document; open it in Word or LibreOffice and save it as .docx"
        )
    try:
        result = mammoth.convert_to_html(
            io.BytesIO(_text_parts(archive)),
            style_map=_STYLES,
            convert_image=mammoth.images.img_element(lambda _: {}),
            external_file_access=False,
        )
    except SourceError:
        raise
    except Exception as error:
        raise SourceError(
            f"is damaged ({type(error).__name__}); open it in Word or LibreOffice and save it again"
        ) from None
    root = html_tree(result.value or "<p></p>")
    drop_hidden(root)
    return [assemble(*apply_styles(blocks_of(root), _properties(archive)))]


def apply_styles(blocks: list[Block], metadata: Metadata) -> tuple[list[Block], Metadata]:
    """Return the text's blocks, and the metadata with what the styles Title and Author mark.

    Blocks with the styles Title, Author and Date are no text.
    """
    title, bylines, date = metadata.title, [], metadata.date
    rest = []
    for place, block in enumerate(blocks):
        words = block.classes.split()
        if "document-title" in words and place < 3:
            title = block.text
        elif "author" in words and place < 6:
            bylines.append(block.text)
        elif "date" in words and place < 6:
            date = date or iso_date(block.text)
        else:
            rest.append(block)
    if not any("document-title" in block.classes for block in blocks):
        title = _visible_title(blocks, title)
    return rest, replace(metadata, title=title, byline="، ".join(bylines), date=date)


def _visible_title(blocks: list[Block], title: str) -> str:
    """Return the title of the properties if the text has it, too; it may be a template's."""
    is_visible = any(same_text(block.text, title) for block in blocks[:3])
    return title if is_visible else ""


def _text_parts(archive: Archive) -> bytes:
    """Return the archive with only the parts that contain text, without hidden text."""
    from lxml import etree

    names = [name for name in archive.names() if _TEXT_PARTS.fullmatch(name)]
    # parsing them here refuses parts that declare entities
    trees = {name: xml_tree(archive.read(name)) for name in names}
    numbering, styles = trees.get("word/numbering.xml"), trees.get("word/styles.xml")
    for name, root in trees.items():
        if _STORIES.fullmatch(name):
            _drop_hidden(root)
            write_numbers(root, numbering, styles)
    if styles is not None:
        stories = [root for name, root in trees.items() if _STORIES.fullmatch(name)]
        write_bold(stories, styles)
        name_headings(stories, styles)
        name_by_base(styles, _KNOWN_STYLES)
        _drop_looks(styles)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as file:
        for name, root in trees.items():
            file.writestr(name, etree.tostring(root, encoding="UTF-8", xml_declaration=True))
    return packed.getvalue()


def _drop_hidden(root: Element) -> None:
    for element in list(root.iter(f"{_W}r", f"{_W}p", f"{_W}sdt")):
        if element.getparent() is not None and _is_hidden(element):
            element.getparent().remove(element)


def _drop_looks(styles: Element) -> None:
    """Remove everything but names and lists from the styles: 300 KB of looks take time to parse."""
    for style in list(styles):
        if local_name(style) != "style":
            styles.remove(style)
            continue
        for child in list(style):
            numbering = child.find(f"{_W}numPr") if local_name(child) == "ppr" else None
            if numbering is not None:
                for other in list(child):
                    if other is not numbering:
                        child.remove(other)
            elif local_name(child) not in ("name", "basedon"):
                style.remove(child)


def _is_hidden(element: Element) -> bool:
    """Return whether a run or paragraph is hidden text, or a table of contents."""
    name = local_name(element)
    if name == "sdt":
        gallery = element.find(f"{_W}sdtPr/{_W}docPartObj/{_W}docPartGallery")
        return gallery is not None and "Contents" in (gallery.get(f"{_W}val") or "")
    if name == "p":
        style = element.find(f"{_W}pPr/{_W}pStyle")
        return style is not None and re.match(r"TOC", style.get(f"{_W}val") or "") is not None
    return is_on(element.find(f"{_W}rPr/{_W}vanish"))


def _properties(archive: Archive) -> Metadata:
    if "docProps/core.xml" not in archive:
        return Metadata()
    root = xml_tree(archive.read("docProps/core.xml"), recover=True)
    values = {local_name(child): tidy(child.text or "") for child in root}
    return Metadata(
        title=values.get("title", ""),
        owner=author_of(values.get("creator", "")),
        language=values.get("language", ""),
    )
