"""Blocks and what is known of them -> one `Document`: which is the title, which the byline."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from briefing.errors import SourceError
from briefing.sources.article import is_title, split_bylines
from briefing.sources.documents.blocks import Block, paragraphs_of, same_text, tidy
from briefing.sources.documents.document import Document, Paragraph

__all__ = ["ARABIC", "Known", "assemble"]

ARABIC = re.compile("[\u0620-\u064a\u066e-\u06d3\ufb50-\ufdfb\ufe70-\ufefc]")
_OTHER_LANGUAGES = re.compile(r"(?:fa|prs|ur|ps|ckb|ku|ug|sd|pnb)(?:[-_]|$)", re.IGNORECASE)
"""Which are written in Arabic letters, and would be read as nonsense."""
_LONGEST_LINE = 1_000
_LONGEST_URL = 2_000
"""Characters: what is longer is no title and no address."""
_TOP = 4
"""Blocks among which a title, a byline and a date are looked for."""
_SPOKEN = frozenset({"p", "heading", "item", "row", "quote"})


@dataclass(frozen=True, slots=True)
class Known:
    """What a document says of an article beside its text; "" where it does not."""

    title: str = ""
    byline: str = ""
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
    known: Known,
    *,
    find_title: bool = True,
    text_is_elsewhere: bool = False,
) -> Document:
    """Return the article. Raise SourceError where there is no Arabic text in it.

    find_title: look for the title among the blocks where it is not known. text_is_elsewhere: of an
    article that has a title and an address, the text may be missing: it can be fetched.
    """
    if _OTHER_LANGUAGES.match(known.language):
        raise SourceError(
            f"is in another language (lang: {known.language}); this program reads Arabic"
        )
    blocks = [block for block in blocks if block.text or block.rows]
    title = tidy(known.title)
    if not title and find_title:
        title, blocks = _own_title(blocks)
    elif title:
        blocks = _without(blocks, title)
    byline = tidy(known.byline)
    if byline:
        blocks = _without(blocks, byline)
    paragraphs = _without_empty_headings(list(paragraphs_of(blocks)))
    byline, paragraphs = _bylines(paragraphs, byline, has_title=bool(title))
    may_be_empty = text_is_elsewhere and title and known.url
    if not may_be_empty and not any(paragraph.kind in _SPOKEN for paragraph in paragraphs):
        raise SourceError("has no text in it that can be read; write an article in it or remove it")
    document = Document(
        title=title[:_LONGEST_LINE],
        byline=byline[:_LONGEST_LINE],
        paragraphs=tuple(paragraphs),
        date=known.date,
        section=tidy(known.section)[:_LONGEST_LINE],
        order=known.order,
        url=known.url if len(known.url) <= _LONGEST_URL else "",
        key=known.key[:_LONGEST_URL],
        language=known.language,
        draft=known.draft,
        publish=known.publish,
    )
    if not any(ARABIC.search(text) for text in (title, *(one.text for one in paragraphs))):
        raise SourceError("has no Arabic in it; this program reads Arabic")
    return document


def _own_title(blocks: list[Block]) -> tuple[str, list[Block]]:
    """Return the title that stands in the text, and the blocks without it."""
    for place, block in enumerate(blocks[:_TOP]):
        if block.kind == "heading" and block.level == 1:
            return block.text, [*blocks[:place], *blocks[place + 1 :]]
    spoken = [block for block in blocks if block.kind in (*_SPOKEN, "table")]
    if len(spoken) > 1 and (first := spoken[0]).kind in ("p", "heading") and is_title(first.text):
        return first.text, [block for block in blocks if block is not first]
    return "", blocks


def _without(blocks: list[Block], text: str) -> list[Block]:
    """Return blocks without those at the top that only repeat a text."""
    return [
        block
        for place, block in enumerate(blocks)
        if not (place < _TOP and block.kind != "table" and same_text(block.text, text))
    ]


def _without_empty_headings(paragraphs: list[Paragraph]) -> list[Paragraph]:
    """Return paragraphs without headings at the end, under which nothing is left."""
    while paragraphs and paragraphs[-1].kind == "heading":
        paragraphs.pop()
    return paragraphs


def _bylines(
    paragraphs: list[Paragraph], byline: str, *, has_title: bool
) -> tuple[str, list[Paragraph]]:
    """Return the byline and the paragraphs without the lines that are one."""
    plain = [place for place, one in enumerate(paragraphs) if one.kind == "p"]
    spoken = [place for place, one in enumerate(paragraphs) if one.kind in _SPOKEN]
    if not plain or not spoken:
        return byline, paragraphs
    texts = [paragraphs[place].text if place in set(plain) else "" for place in spoken]
    first, last, found = split_bylines(texts, has_title=has_title)
    kept = set(spoken[first:last])
    rest = [one for place, one in enumerate(paragraphs) if place in kept or place not in spoken]
    if not byline:
        return "، ".join(found), rest
    more = [line for line in found if byline not in line]
    return "، ".join([byline, *more]), rest
