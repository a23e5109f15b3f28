"""A saved web page -> its article.

First, what is hidden or not the article is removed by its markup. Of the remaining blocks, those
are used that trafilatura considers part of the article, and also whole sentences that only
readability does, so that none is lost.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from copy import deepcopy

from briefing.sources.decoding import decode_markup
from briefing.sources.documents.assembling import Metadata, assemble
from briefing.sources.documents.blocks import Block, fold, tidy
from briefing.sources.documents.boilerplate import (
    drop,
    drop_boilerplate,
    drop_facts,
    drop_hidden,
    without_pointers,
    words_of,
)
from briefing.sources.documents.dates import is_date_line, written_date
from briefing.sources.documents.document import Document, Hints
from briefing.sources.documents.html_blocks import blocks_of
from briefing.sources.documents.page_facts import Facts, page_facts
from briefing.sources.documents.stylesheets import mark_bold, office_bold_classes
from briefing.sources.documents.trees import Element, html_tree, local_name

__all__ = ["body_blocks", "page_article", "read_page"]

_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(\S+)\s*-->")
_SENTENCE_END = re.compile(r"[.!?؟…۔][\"'”’»)\]]*$")
_QUESTION_ENDS = ("؟", "?", "!")
"""A linked line that ends so is the headline of another article."""
_REPORT_WORDS = frozenset({"post", "entry", "update", "item", "card", "event", "report"})
_PAGE_NUMBER = re.compile(r"[\W_]*\d{1,4}[\W_]*")
_FEWEST_WORDS = 6
"""The fewest words of a whole sentence."""
_MOST_LINKED = 0.6
_LONGEST_LABEL = 4
"""The most words of a label above the headline."""
_LONGEST_DATE_LINE = 14
"""The most words of a line that only has the date and the place."""


def read_page(data: bytes, hints: Hints) -> list[Document]:
    """Return the article of a page. Raise SourceError."""
    return [page_article(decode_markup(data), hints)]


def page_article(text: str, hints: Hints) -> Document:
    """Return the article of a page's HTML."""
    root = html_tree(text)
    mark_bold(root, office_bold_classes(text))
    if saved := _SAVED_FROM.search(text[:2000]):
        root.set("data-saved-from", saved[1])
    visible = deepcopy(root)
    drop_hidden(visible)
    drop_boilerplate(visible, keep_facts=True)
    facts = page_facts(root, visible, hints.url)
    drop_boilerplate(visible)
    drop_facts(visible)
    _drop_headline(visible, facts)
    blocks = body_blocks(visible, is_live=facts.is_live)
    if not _has_sentence(blocks) and facts.body:
        blocks = [Block(line) for line in map(tidy, facts.body.splitlines()) if line]
    metadata = Metadata(
        title=facts.title,
        byline=facts.byline,
        date=facts.date,
        section=facts.section,
        url=facts.url,
        language=facts.language,
    )
    return assemble(blocks, metadata)


def _has_sentence(blocks: Sequence[Block]) -> bool:
    return any(len(block.text.split()) >= _FEWEST_WORDS or block.rows for block in blocks)


def _drop_headline(visible: Element, facts: Facts) -> None:
    """Remove the headline from the page, because it is the title already."""
    for heading in list(visible.iter("h1")):
        if fold("".join(heading.itertext())) == fold(facts.title):
            _drop_labels_above(heading)
            for child in list(heading):
                heading.remove(child)
            heading.text = None


def _drop_labels_above(heading: Element) -> None:
    """Remove the short lines above a headline, such as the name of its section."""
    for element in (heading, *heading.iterancestors()):
        if local_name(element) in ("article", "body", "main"):
            return
        for label in list(element.itersiblings(preceding=True)):
            text = "".join(label.itertext()).strip()
            if text and len(text.split()) <= _LONGEST_LABEL and not _SENTENCE_END.search(text):
                drop(label)


def body_blocks(visible: Element, *, is_live: bool = False) -> list[Block]:
    """Return the blocks of a page that are its article.

    is_live: the page says that it consists of many short reports.
    """
    region, is_marked = _region(visible, is_live=is_live)
    blocks = [
        block
        for block in without_pointers(blocks_of(region))
        if not (_is_date_line(block) or _is_only_link(block) or _is_page_number(block))
    ]
    precise = _by_trafilatura(visible)
    broad = _by_readability(visible)
    if not precise and not broad:
        return [block for block in blocks if _is_text(block)]
    verdicts = [_is_article(block, precise, broad, is_marked=is_marked) for block in blocks]
    if True not in verdicts:
        return []
    first, last = verdicts.index(True), len(verdicts) - verdicts[::-1].index(True)
    if is_live and first and blocks[first - 1].kind == "heading":
        verdicts[first - 1] = True  # the headline of the newest report
    return [
        block
        for place, block in enumerate(blocks)
        # a short item, heading or bold line between two paragraphs of the article belongs to it
        if verdicts[place] or (first < place < last and (block.kind != "p" or _is_of_text(block)))
    ]


def _region(visible: Element, *, is_live: bool) -> tuple[Element, bool]:
    """Return the element with the article's text, and whether the page marks it as such."""
    if (live := _live_region(visible, is_live=is_live)) is not None:
        return live, True
    for element in visible.iter():
        if local_name(element) and "articleBody" in (element.get("itemprop") or "").split():
            return element, True
    for name in ("article", "main"):
        candidates = [item for item in visible.iter(name) if item.getparent() is not None]
        if len(candidates) == 1:
            return candidates[0], name == "article"
    body = visible.find("body")
    return (body if body is not None else visible), False


def _live_region(visible: Element, *, is_live: bool) -> Element | None:
    """Return the element with all reports of a live page; None if the page is no such page."""
    reports = [
        element
        for element in visible.iter()
        if local_name(element) and "liveBlogUpdate" in (element.get("itemprop") or "").split()
    ]
    if not reports and is_live:
        named = [
            item for item in visible.iter("article", "div", "li", "section") if _is_report(item)
        ]
        reports = named if len(named) > 1 else list(visible.iter("article"))
    if len(reports) < 2:
        return None
    inside = [*reports, *visible.iter("h1")]
    above = [set(element.iterancestors()) for element in inside]
    return next(
        (item for item in reports[0].iterancestors() if all(item in parents for parents in above)),
        None,
    )


def _is_report(element: Element) -> bool:
    """Return whether an element's class marks one of the reports of a live page."""
    words = words_of(element)
    return "liveblog" in words or ("live" in words and not _REPORT_WORDS.isdisjoint(words))


def _is_article(block: Block, precise: str, broad: str, *, is_marked: bool) -> bool:
    """Return whether a block is part of the article.

    precise, broad: the letters of what trafilatura and readability consider the article.
    """
    if block.kind == "table":
        cells = [fold(cell.text) for row in block.rows for cell in row if cell.text]
        return any(cell in precise for cell in cells) if precise else True
    if block.kind in ("caption", "alt", "note", "code"):
        return True  # its kind decides whether it is read
    folded = fold(block.text)
    if folded in precise:
        return True
    is_whole = _SENTENCE_END.search(block.text) is not None and (
        _is_text(block) or _is_linked_sentence(block)
    )
    return is_whole and (folded in broad or is_marked)


def _is_of_text(block: Block) -> bool:
    """Return whether a paragraph between two of the article belongs to it."""
    is_sentence = _SENTENCE_END.search(block.text) is not None
    is_long = len(block.text.split()) >= _FEWEST_WORDS
    return not block.linked and (block.is_bold or (is_sentence and is_long))


def _is_text(block: Block) -> bool:
    """Return whether a block reads like text and not like a menu."""
    if block.kind in ("table", "heading"):
        return True
    return block.linked <= _MOST_LINKED and len(block.text.split()) >= 3


def _is_linked_sentence(block: Block) -> bool:
    """Return whether a paragraph is a linked sentence; a headline has no full stop."""
    is_long = len(block.text.split()) >= _FEWEST_WORDS
    return block.kind == "p" and is_long and block.text.endswith(".")


def _is_page_number(block: Block) -> bool:
    return block.kind == "p" and _PAGE_NUMBER.fullmatch(block.text) is not None


def _is_only_link(block: Block) -> bool:
    """Return whether a block is a link, but not a sentence of the text that is one as a whole."""
    return (
        block.kind != "table"
        and block.linked > 0.9
        and (_SENTENCE_END.search(block.text) is None or block.text.endswith(_QUESTION_ENDS))
        and not (block.kind == "heading" and block.level <= 3)
    )


def _is_date_line(block: Block) -> bool:
    """Return whether a block only has the date, and perhaps the place."""
    words = len(block.text.split())
    if block.kind != "p" or words > _LONGEST_DATE_LINE or _SENTENCE_END.search(block.text):
        return False
    return bool(written_date(block.text)) or is_date_line(block.text)


def _by_trafilatura(visible: Element) -> str:
    """Return the letters of what trafilatura considers the article."""
    import socket

    socket.has_ipv6 = False  # urllib3 would open a socket to see whether there is IPv6
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    import trafilatura

    text = trafilatura.extract(
        deepcopy(visible),
        include_comments=False,
        include_tables=True,
        favor_precision=True,
        with_metadata=False,  # it would try an Arabic date in 223 languages
        deduplicate=False,
    )
    return fold(text or "")


def _by_readability(visible: Element) -> str:
    """Return the letters of what readability considers the article."""
    from lxml import etree, html
    from readability import Document as Readable

    logging.getLogger("readability.readability").setLevel(logging.CRITICAL)
    try:
        summary = Readable(html.tostring(visible, encoding="unicode")).summary()
        return fold("".join(html.fromstring(summary).itertext()))
    except (etree.LxmlError, ValueError, TypeError, AttributeError, KeyError, IndexError):
        return ""
    except Exception as error:
        if type(error).__name__ == "Unparseable":
            return ""
        raise
