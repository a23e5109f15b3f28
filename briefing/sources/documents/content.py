"""HTML that contains only an article, from a feed, an EPUB or a CMS -> its blocks."""

from __future__ import annotations

from briefing.errors import SourceError
from briefing.sources.article import text_paragraphs
from briefing.sources.documents.blocks import Block, tidy
from briefing.sources.documents.boilerplate import (
    drop_boilerplate,
    drop_facts,
    drop_hidden,
    without_pointers,
)
from briefing.sources.documents.html_blocks import blocks_of
from briefing.sources.documents.trees import Element, html_tree

__all__ = ["content_blocks", "element_blocks", "plain_text", "text_blocks"]

_SENTENCE_ENDS = (".", "…", "!", "؟", "?", "۔", ":", "،")
_ALL_LINKED = 0.9


def content_blocks(text: str) -> list[Block]:
    """Return the blocks of a piece of HTML that contains only an article."""
    if not text.strip():
        return []
    root = html_tree(text)
    drop_hidden(root)
    drop_facts(root)
    return _without_bare_links(element_blocks(root))


def element_blocks(root: Element) -> list[Block]:
    """Return the blocks of such HTML as a tree. The tree is modified."""
    drop_hidden(root)
    drop_boilerplate(root, is_page=False)
    return without_pointers(blocks_of(root))


def _without_bare_links(blocks: list[Block]) -> list[Block]:
    """Return the blocks without the linked headlines of other articles, unless all are such."""
    remaining = [block for block in blocks if not _is_bare_link(block)]
    return remaining if any(block.kind == "p" for block in remaining) else blocks


def _is_bare_link(block: Block) -> bool:
    is_sentence = block.text.rstrip("\"»”'’)").endswith(_SENTENCE_ENDS)
    return block.kind in ("p", "quote") and block.linked > _ALL_LINKED and not is_sentence


def text_blocks(text: str) -> list[Block]:
    """Return the blocks of plain text, one a line, or one a paragraph if lines are wrapped."""
    return without_pointers([Block(tidy(paragraph)) for paragraph in text_paragraphs(text)])


def plain_text(text: str) -> str:
    """Return a line of HTML, such as a feed's title, as plain text.

    >>> plain_text("فخار &amp; صور <b>جديدة</b>")
    'فخار & صور جديدة'
    """
    if "<" not in text and "&" not in text:
        return tidy(text)
    try:
        return tidy("".join(html_tree(text).itertext()))
    except SourceError:
        return tidy(text)
