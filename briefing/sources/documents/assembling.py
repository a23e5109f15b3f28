"""Blocks and metadata -> one `Document`: which block is the title, and which the byline."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from briefing.errors import SourceError
from briefing.sources.article import is_title, split_bylines
from briefing.sources.documents.authors import NAMED_BY
from briefing.sources.documents.blocks import (
    Block,
    fold,
    paragraphs_of,
    same_text,
    tidy,
    with_bold_headings,
)
from briefing.sources.documents.dates import is_date_line, written_date
from briefing.sources.documents.document import Document, Paragraph

__all__ = ["ARABIC", "Metadata", "assemble"]

ARABIC = re.compile("[\u0620-\u064a\u066e-\u06d3\ufb50-\ufdfb\ufe70-\ufefc]")
_OTHER_LANGUAGES = re.compile(r"(?:fa|prs|ur|ps|ckb|ku|ug|sd|pnb)(?:[-_]|$)", re.IGNORECASE)
"""Languages that are written in Arabic letters, and would be read as nonsense."""
_LONGEST_LINE = 1_000
_LONGEST_URL = 2_000
"""In characters. A longer title is cut off, a longer address ignored."""
_TOP = 4
"""A title or a byline is looked for among so many blocks."""
_ADDRESS_OR_TAGS = re.compile(r"(?:https?://|www\.)\S+|(?:#[^\W\d][\w/-]*[\s،,]*)+")
_CLASS_WORDS = re.compile(r"[a-z]+")
_BYLINE_CLASSES = frozenset({"author", "authors", "byline", "writer", "reporter"})
_MOST_BYLINE_WORDS = 9
_MOST_LINES_ABOVE = 2
"""The most lines, such as a subtitle and a place, between the title and the byline."""
_ENDS_SENTENCE = re.compile(r"[.!?؟…۔][\"'”’»)\]]*$")
_SPOKEN = frozenset({"p", "heading", "item", "row", "quote"})


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a document says about an article, apart from its text; "" if it says nothing."""

    title: str = ""
    byline: str = ""
    owner: str = ""
    """Who made the file, the book or the feed: the byline if the text has none."""
    date: str = ""
    section: str = ""
    order: int | None = None
    url: str = ""
    key: str = ""
    language: str = ""
    draft: bool = False
    publish: str = ""


def assemble(
    blocks: Sequence[Block],
    metadata: Metadata,
    *,
    find_title: bool = True,
    text_is_elsewhere: bool = False,
) -> Document:
    """Return the article. Raise SourceError if it has no Arabic text.

    find_title: if the metadata has no title, look for it among the blocks. text_is_elsewhere: of an
    article that has a title and an address, the text may be missing: it can be fetched.
    """
    if _OTHER_LANGUAGES.match(metadata.language):
        raise SourceError(
            f"is in another language (lang: {metadata.language}); this program reads Arabic"
        )
    blocks = [block for block in blocks if block.rows or _is_said(block)]
    date, blocks = _date_line(blocks, with_place=False)
    title = tidy(metadata.title)
    if not title and find_title:
        title, blocks = _own_title(blocks)
    elif title:
        blocks = _without(blocks, title)
    byline, owner = tidy(metadata.byline), tidy(metadata.owner)
    for name in filter(None, (byline, owner)):
        blocks = _without(blocks, name)
    marked, blocks = _marked_bylines(blocks)
    byline = byline or marked
    if not date:
        date, blocks = _date_line(blocks, with_place=True)
    paragraphs = _without_empty_headings(list(paragraphs_of(with_bold_headings(blocks))))
    byline, paragraphs = _bylines(paragraphs, byline, owner, has_title=bool(title))
    may_be_empty = text_is_elsewhere and title and metadata.url
    if not may_be_empty and not any(paragraph.kind in _SPOKEN for paragraph in paragraphs):
        raise SourceError("has no text that can be read; write an article in it or remove it")
    document = Document(
        title=title[:_LONGEST_LINE],
        byline=byline[:_LONGEST_LINE],
        paragraphs=tuple(paragraphs),
        date=metadata.date or date,
        section=tidy(metadata.section)[:_LONGEST_LINE],
        order=metadata.order,
        url=metadata.url if len(metadata.url) <= _LONGEST_URL else "",
        key=metadata.key[:_LONGEST_URL],
        language=metadata.language,
        draft=metadata.draft,
        publish=metadata.publish,
    )
    texts = (title, *(paragraph.text for paragraph in paragraphs))
    if not any(ARABIC.search(text) for text in texts):
        raise SourceError("has no Arabic in it; this program reads Arabic")
    return document


def _is_said(block: Block) -> bool:
    """Return whether a block has a text, and not only an embedded video's address or tags."""
    return bool(fold(block.text)) and _ADDRESS_OR_TAGS.fullmatch(block.text) is None


def _marked_bylines(blocks: list[Block]) -> tuple[str, list[Block]]:
    """Return the names in the lines at the top whose class marks a byline, and the other blocks."""
    marked = [
        block
        for block in blocks[:_TOP]
        if block.kind == "p"
        and _BYLINE_CLASSES & set(_CLASS_WORDS.findall(block.classes))
        and len(block.text.split()) <= _MOST_BYLINE_WORDS
        and not (written_date(block.text) or _ENDS_SENTENCE.search(block.text))
    ]
    names = (NAMED_BY.sub("", block.text) for block in marked)
    return "، ".join(names), [block for block in blocks if block not in marked]


def _date_line(blocks: list[Block], *, with_place: bool) -> tuple[str, list[Block]]:
    """Return the date of a line at the top that has nothing else, and the other blocks.

    with_place: the line may also have the place.
    """
    for block in blocks[:_TOP]:
        if block.kind == "p" and is_date_line(block.text, with_place=with_place):
            return written_date(block.text), [other for other in blocks if other is not block]
    return "", blocks


def _own_title(blocks: list[Block]) -> tuple[str, list[Block]]:
    """Return the title that is in the text, and the blocks without it."""
    for place, block in enumerate(blocks[:_TOP]):
        if block.kind == "heading" and block.level == 1:
            return block.text, [*blocks[:place], *blocks[place + 1 :]]
    spoken = [block for block in blocks if block.kind in (*_SPOKEN, "table")]
    if len(spoken) > 1 and (first := spoken[0]).kind in ("p", "heading") and is_title(first.text):
        return first.text, [block for block in blocks if block is not first]
    return "", blocks


def _without(blocks: list[Block], text: str) -> list[Block]:
    """Return the blocks without those at the top that only repeat a text."""
    return [
        block
        for place, block in enumerate(blocks)
        if not (place < _TOP and block.kind != "table" and same_text(block.text, text))
    ]


def _lines_above(texts: Sequence[str]) -> int:
    """Return how many lines, such as a subtitle, stand above the first line of the text.

    texts: "" for what is no plain paragraph.
    """
    for place, text in enumerate(texts[:_MOST_LINES_ABOVE], 1):
        if not text or _ENDS_SENTENCE.search(text) or not is_title(text):
            return 0
        if split_bylines(texts[place:], has_title=True)[0]:
            return place
    return 0


def _without_empty_headings(paragraphs: list[Paragraph]) -> list[Paragraph]:
    """Return the paragraphs without headings at the end, which have nothing under them."""
    while paragraphs and paragraphs[-1].kind == "heading":
        paragraphs.pop()
    return paragraphs


def _bylines(
    paragraphs: list[Paragraph], byline: str, owner: str, *, has_title: bool
) -> tuple[str, list[Paragraph]]:
    """Return the byline, and the paragraphs without the lines that are part of it.

    owner: is the byline unless the first lines have one.
    """
    kinds = [paragraph.kind for paragraph in paragraphs]
    spoken = [place for place, kind in enumerate(kinds) if kind in _SPOKEN]
    if "p" not in kinds or not spoken:
        return byline or owner, paragraphs
    texts = [paragraphs[place].text if kinds[place] == "p" else "" for place in spoken]
    first, last, lines = split_bylines(texts, has_title=has_title)
    above = 0 if first or not has_title else _lines_above(texts)
    if above:
        first, last, lines = split_bylines(texts[above:], has_title=True)
    bylines = {*spoken[above : above + first], *spoken[above + last :]}
    rest = [paragraph for place, paragraph in enumerate(paragraphs) if place not in bylines]
    byline = byline or ("" if first else owner)
    if not byline:
        return "، ".join(lines), rest
    name = byline.removeprefix("من ")
    more = [line for line in lines if name not in line]
    return "، ".join([byline, *more]), rest
