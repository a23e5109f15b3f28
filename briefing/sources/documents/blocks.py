"""Blocks, which every reader makes from its document, -> paragraphs.

How lists, tables, quotes, notes, code and headings are read is decided here, for all formats. A
list's item is a paragraph and keeps its number. A table's row is a paragraph that has the column's
heading before each cell. Of a long table, only the number of rows is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from briefing.sources.documents.document import Paragraph

__all__ = [
    "Block",
    "Cell",
    "fold",
    "paragraphs_of",
    "same_text",
    "tidy",
    "with_bold_headings",
]

MOST_ROWS = 12
"""The most rows of a table that are read aloud; nobody listens to more."""
_SPACE = re.compile(r"\s+")
_UNSEEN = re.compile("[\u00ad\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff\x00-\x08\x0e-\x1f\x7f]")
"""Characters that only control how a text is displayed."""
_FOLDED = re.compile(r"[\W_\u064b-\u0655\u0670\u0640]+")
_ENDS = ".،,;؛: "
_LONGEST_HEADING = 12
"""The most words of a bold line that counts as a heading."""
_NO_HEADING_END = re.compile(r"[.،,;؛:…!؟?۔*][\"'”’»)\]]*$")
_BESIDE_TEXT = frozenset({"caption", "alt", "note", "code"})


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table."""

    text: str
    is_head: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A self-contained piece of a document, with what its markup says about it."""

    text: str
    kind: str = "p"
    """As in `Paragraph`, or "table"."""
    level: int = 0
    """For a heading, 1 to 6."""
    rows: tuple[tuple[Cell, ...], ...] = ()
    """For a table."""
    classes: str = ""
    """The class and id of the element in lower case, which may mark a byline or a date."""
    linked: float = 0.0
    """The share of its letters that are part of a link, 0 to 1."""
    is_bold: bool = False
    """True if the whole text is bold."""


def tidy(text: str) -> str:
    """Return a text with single spaces and without invisible characters.

    >>> tidy(" نص\\u00a0 مائل \\u200b")
    'نص مائل'
    """
    return _SPACE.sub(" ", _UNSEEN.sub("", text)).strip()


def fold(text: str) -> str:
    """Return only the letters and digits of a text, to compare it with another."""
    return _FOLDED.sub("", text).casefold()


def same_text(first: str, second: str) -> bool:
    """Return whether two texts differ only in space, punctuation and vowel marks."""
    return bool(first) and fold(first) == fold(second)


def with_bold_headings(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks with each bold line between two paragraphs as a heading.

    Writers and content systems without styles mark headings so. The first line is none: it is the
    place, the author or the beginning in bold. A bold question is often an interview's.
    """
    text = [place for place, block in enumerate(blocks) if block.kind not in _BESIDE_TEXT]
    headings = {
        place
        for before, place, after in zip(text, text[1:], text[2:], strict=False)
        if _is_bold_line(blocks[place])
        and not (blocks[before].is_bold or blocks[after].is_bold)
        and blocks[after].kind != "heading"
    }
    return [
        replace(block, kind="heading", level=3) if place in headings else block
        for place, block in enumerate(blocks)
    ]


def _is_bold_line(block: Block) -> bool:
    return (
        block.kind == "p"
        and block.is_bold
        and block.linked < 0.5
        and len(block.text.split()) <= _LONGEST_HEADING
        and _NO_HEADING_END.search(block.text) is None
    )


def paragraphs_of(blocks: Sequence[Block]) -> Iterator[Paragraph]:
    """Yield the paragraphs that blocks are read as, in order."""
    for block in blocks:
        if block.kind == "table":
            yield from _table(block.rows)
        elif block.text:
            yield Paragraph(block.text, block.kind)


def _table(rows: Sequence[Sequence[Cell]]) -> Iterator[Paragraph]:
    """Yield a paragraph for each row: "head: cell، head: cell."."""
    rows = [row for row in rows if any(cell.text for cell in row)]
    if not rows:
        return
    if _names_its_rows(rows):
        rows = [(replace(row[0], is_head=True), *row[1:]) for row in rows]
    heads = [cell.text for cell in rows[0]] if _has_heads(rows) else []
    body = rows[1:] if heads else rows
    if len(body) > MOST_ROWS:
        yield Paragraph(f"جدول، عدد صفوفه {len(body)}.", "row")
        return
    for row in body:
        text = _row(row, heads)
        if text:
            yield Paragraph(text, "row")


def _has_heads(rows: Sequence[Sequence[Cell]]) -> bool:
    """Return whether the first row has the headings: it is marked so, or the table is regular."""
    if len(rows) < 2 or len(rows[0]) < 2:
        return False
    marked = [cell.is_head for row in rows for cell in row]
    if any(marked):
        return all(cell.is_head or not cell.text for cell in rows[0])
    if all(row[0].text[:1].isdecimal() for row in rows if row):
        return False  # each row begins with its year or number, the first one, too
    return len({len(row) for row in rows}) == 1 and all(cell.text for cell in rows[0][1:])


def _names_its_rows(rows: Sequence[Sequence[Cell]]) -> bool:
    """Return whether each row of an unmarked table of two columns is a name with its value.

    It is so if each name has a colon, or if the values are of one kind and also in the first row a
    quantity, or if a few of them are numbers: a column has values of one kind, or lacks a few.
    """
    if any(len(row) != 2 or any(cell.is_head for cell in row) for row in rows):
        return False
    if any(not row[0].text or row[0].text[0].isdecimal() for row in rows):
        return False
    if all(row[0].text.endswith((":", "：")) for row in rows):
        return True
    first, *below = (row[1].text for row in rows)
    numbers = [text[:1].isdecimal() for text in below]
    if first[:1].isdecimal():
        return all(numbers) and not first.isdecimal()
    return 0 < sum(numbers) <= len(numbers) / 2


def _row(row: Sequence[Cell], heads: Sequence[str]) -> str:
    cells = [cell.text.rstrip(_ENDS) for cell in row]
    if not heads and len(row) > 1 and row[0].is_head:
        return f"{cells[0]}: {'، '.join(filter(None, cells[1:]))}."  # a row with its own heading
    named = []
    for place, text in enumerate(cells):
        head = heads[place].rstrip(_ENDS) if place < len(heads) else ""
        if text:
            named.append(f"{head}: {text}" if head else text)
    return f"{'، '.join(named)}." if named else ""
