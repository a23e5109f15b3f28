"""A tree of HTML elements -> blocks: paragraphs, headings, items, tables, captions, notes.

All formats that are HTML or are converted to it use this: pages, feeds, EPUB, Markdown, Word, NITF.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from briefing.sources.documents.blocks import Block, Cell, tidy
from briefing.sources.documents.stylesheets import is_bold_style
from briefing.sources.documents.trees import Element, attribute, local_name

__all__ = ["NUMBER_MARK", "blocks_of"]

NUMBER_MARK = "\ue0f1"
"""The character before and after the number of a list item that a reader has counted itself."""
_COUNTED = re.compile(f"{NUMBER_MARK}(\\d+){NUMBER_MARK}")

_SKIPPED = frozenset(
    "applet area audio base button canvas col colgroup datalist embed fieldset frame frameset head"
    " iframe input link map math media-metadata media-producer media-reference meta meter nav"
    " noembed noscript object optgroup option param"
    " progress rp rt script select source style svg template textarea title track video".split()
)
"""Elements that are ignored with everything in them: scripts, controls, embedded files."""
_BLOCKS = frozenset(
    "address article aside block body bq blockquote center dd details dialog dir div dl dt"
    " fieldset figcaption figure fn footer form h1 h2 h3 h4 h5 h6 header hedline hgroup hl1 hl2 hr"
    " html legend li main media media-caption menu ol p pre search section summary table tbody td"
    " tfoot th thead tr ul caption".split()
)
_HEADINGS = {**{f"h{level}": level for level in range(1, 7)}, "hl1": 1, "hl2": 2}
_CAPTIONS = frozenset({"figcaption", "media-caption", "caption", "amp-fit-text"})
_LISTS = frozenset({"ol", "ul", "menu", "dir"})
_LONGEST_CELL = 120
"""Characters of a data cell; a longer cell is text in a table that is used for layout."""
_MOST_SPAN = 20
"""The most columns or rows that one cell can span."""
_NOTE_ADDRESS = re.compile(
    r"[^#]*#_?(?:fn|ftn|edn|footnote|endnote|cite_note|note|sdfootnote|sdendnote|n)[-_:]?\d*\w{0,40}"
)
_NOTE_WORDS = re.compile(
    r"\b(?:footnotes?|endnotes?|rearnotes?|doc-footnotes?|doc-endnotes?|references|reflist)\b"
)
_NOTE_ID = re.compile(r"(?:fn|_?ftn|_?edn|footnote|endnote|cite_note|sdfootnote)[-_:]?\d+\w*")
_NOTE_MARK = re.compile(r"\s*[\[(]?\s*(?:\d{1,3}|[٠-٩]{1,3}|[*†‡a-z])\s*[\])]?\s*")
_BACK = re.compile(r"[\s↩↑^⏎\ufe0e\ufe0f]*")
_CAPTION_CLASS = re.compile(
    r"\b(?:captions?|wp-caption-text|image-?desc\w*|pic-?desc\w*|photo-?(?:desc\w*|credit|caption)"
    r"|image-?(?:credit|caption)|img-?(?:desc\w*|caption)|figcaption|cutline)\b"
)
_BULLET = re.compile(r"^[•◦▪●○■‣⁃·–—-][\s.]*(?=\w)")
"""A bullet that some programs write before an item in addition to the list's own."""
_ARABIC = re.compile("[\u0620-\u064a]")
_ARABIC_TEXT = 0.8
"""The share of Arabic letters of a text that is no code."""
_SUPERSCRIPTS = {"2": "²", "3": "³"}


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the tree the walk is, which decides how a text is read."""

    kind: str = "p"
    level: int = 0
    classes: str = ""
    is_line: bool = False
    """True if a line break counts as a space: in a heading, an item or a cell."""
    is_verbatim: bool = False
    """True if each line of the text is one: in a poem."""


def blocks_of(root: Element) -> list[Block]:
    """Return the blocks under an element, in order."""
    walker = _Walker()
    walker.element(root, _Place())
    walker.flush(_Place())
    return walker.blocks


class _Walker:
    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._text: list[str] = []
        self._linked = self._bold = self._link_depth = self._bold_depth = 0
        self._number = ""
        """The number of the item that begins next."""

    def flush(self, place: _Place) -> None:
        """End the current block."""
        written = "".join(self._text)
        text = tidy(written)
        letters = _letters(written) or 1
        linked, bold = self._linked / letters, self._bold / letters
        self._text.clear()
        self._linked = self._bold = 0
        if not text or not any(character.isalnum() for character in text):
            return
        number, self._number = self._number, ""
        if NUMBER_MARK in text:
            counted = _COUNTED.match(text)
            number = f"{counted[1]}. " if counted and number else number
            text = _COUNTED.sub("", text)
        if place.kind == "item":
            text = _BULLET.sub("", text)
            if number:  # LibreOffice writes it into the text of its XHTML, too
                text = re.sub(rf"^{re.escape(number.strip())}\s*(?!\d)", "", text)
        self.blocks.append(
            Block(
                f"{number}{text}",
                place.kind,
                place.level,
                classes=place.classes,
                linked=linked,
                is_bold=bold > 0.95,
            )
        )

    def _add_text(self, text: str | None) -> None:
        if not text:
            return
        self._text.append(text)
        letters = _letters(text)
        self._linked += letters if self._link_depth else 0
        self._bold += letters if self._bold_depth else 0

    def element(self, element: Element, place: _Place) -> None:
        """Read an element, without the text after it."""
        tag = local_name(element)
        if not tag or tag in _SKIPPED:
            return
        if tag == "br":
            self._text.append(" ") if place.is_line else self.flush(place)
        elif tag == "img" or tag == "amp-img":
            self._picture(element)
        elif tag == "a" and _is_note_mark(element):
            return
        elif tag == "sup":
            self._superscript(element, place)
        elif tag == "table":
            self.flush(place)
            self._table(element, place)
        elif tag in _LISTS:
            self.flush(place)
            self._list(element, place, ordered=tag == "ol")
            self.flush(place)
        elif tag in _BLOCKS or (tag == "span" and _is_caption(element)):
            self.flush(place)
            inner, is_bold = _inside(element, tag, place), _is_bold(element, tag)
            self._bold_depth += is_bold
            self._children(element, inner)
            self.flush(inner)
            self._bold_depth -= is_bold
        else:
            self._inline(element, tag, place)

    def _children(self, element: Element, place: _Place) -> None:
        self._add_lines(element.text, place)
        for child in element:
            self.element(child, place)
            self._add_lines(child.tail, place)

    def _add_lines(self, text: str | None, place: _Place) -> None:
        """Add a text, of a poem line by line."""
        first, *more = (text or "").split("\n") if place.is_verbatim else [text]
        self._add_text(first)
        for line in more:
            self.flush(place)
            self._add_text(line)

    def _inline(self, element: Element, tag: str, place: _Place) -> None:
        is_link, is_bold = tag == "a", _is_bold(element, tag)
        self._link_depth += is_link
        self._bold_depth += is_bold
        self._children(element, place)
        self._link_depth -= is_link
        self._bold_depth -= is_bold

    def _picture(self, element: Element) -> None:
        text = tidy(attribute(element, "alt"))
        if text:
            self.blocks.append(Block(text, "alt"))

    def _superscript(self, element: Element, place: _Place) -> None:
        """Read a superscript such as a square, but not the mark of a note."""
        text = "".join(element.itertext())
        links = [child for child in element.iter() if local_name(child) == "a"]
        before = self._text[-1].rstrip() if self._text else ""
        if links and (_is_note_mark(links[0]) or _NOTE_MARK.fullmatch(text)):
            return
        if text.strip() in _SUPERSCRIPTS and before[-1:].isalpha():
            self._add_text(_SUPERSCRIPTS[text.strip()])
        elif not _NOTE_MARK.fullmatch(text):
            self._children(element, place)

    def _list(self, element: Element, place: _Place, *, ordered: bool) -> None:
        number = _integer(attribute(element, "start"), 1)
        kind = "note" if place.kind == "note" or _is_note(element) else "item"
        for child in element:
            if local_name(child) != "li":
                self.element(child, replace(place, is_line=True))
                continue
            number = _integer(attribute(child, "value"), number)
            inner = replace(place, kind=kind, level=0, classes=_classes(child), is_line=True)
            if _is_note(child):
                inner = replace(inner, kind="note")
            self._number = f"{number}. " if ordered else ""
            self._children(child, inner)
            self.flush(inner)
            self._number = ""
            number += 1

    def _table(self, element: Element, place: _Place) -> None:
        for caption in element:
            if local_name(caption) == "caption":
                self.element(caption, place)
        rows = list(_rows(element))
        grid = _grid(rows) if _is_data(rows) else None
        if grid is not None:
            self.blocks.append(Block("", "table", rows=grid, classes=_classes(element)))
            return
        for row in rows:  # a table that is used for layout: its cells are text
            for cell in row:
                inner = _inside(cell, "td", replace(place, is_line=False))
                self._children(cell, inner)
                self.flush(inner)


def _is_bold(element: Element, tag: str) -> bool:
    return tag in ("b", "strong") or is_bold_style(attribute(element, "style"))


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))


def _inside(element: Element, tag: str, place: _Place) -> _Place:
    """Return the place inside a block."""
    classes = _classes(element)
    if not classes and tag in ("p", "div"):
        classes = place.classes
    inner = replace(place, classes=classes)
    if tag == "fn" or _is_note(element):
        return replace(inner, kind="note", level=0, is_line=False)
    if place.kind == "note":
        return inner
    if tag in _HEADINGS:
        return replace(inner, kind="heading", level=_HEADINGS[tag], is_line=True)
    if tag in _CAPTIONS or (tag in ("p", "div", "span", "td") and _marks_caption(classes)):
        return replace(inner, kind="caption", level=0)
    if tag == "p" and place.kind == "p" and _is_picture_with_line(element):
        return replace(inner, kind="caption", level=0)
    if tag in ("blockquote", "bq"):
        return replace(inner, kind="quote", is_line=False)
    if tag == "pre":
        return (
            replace(inner, is_verbatim=True)
            if _is_arabic(element)
            else replace(inner, kind="code", is_line=True)
        )
    if tag in ("dt", "dd"):
        return replace(inner, kind="item", is_line=True)
    return inner


def _is_arabic(element: Element) -> bool:
    """Return whether preformatted text is Arabic, such as a poem, and no code."""
    text = "".join(element.itertext())
    return _letters(text) > 0 and len(_ARABIC.findall(text)) >= _ARABIC_TEXT * _letters(text)


def _is_picture_with_line(paragraph: Element) -> bool:
    """Return whether a paragraph is a picture and then one line that is wholly in italics.

    Markdown has no captions; its writers put such a line directly under the picture.
    """
    children = [child for child in paragraph if local_name(child) not in ("", "br")]
    names = [local_name(child) for child in children]
    outside = [paragraph.text, *(child.tail for child in paragraph)]
    return (
        len(names) == 2
        and (names[0] == "img" or _holds_only_picture(children[0]))
        and names[1] in ("em", "i")
        and not any(text and text.strip() for text in outside)
    )


def _holds_only_picture(link: Element) -> bool:
    """Return whether a link is a picture, as those that lead to its larger copy."""
    return (
        local_name(link) == "a"
        and [local_name(child) for child in link] == ["img"]
        and not "".join(link.itertext()).strip()
    )


def _is_caption(element: Element) -> bool:
    return _marks_caption(_classes(element))


def _marks_caption(classes: str) -> bool:
    return _CAPTION_CLASS.search(classes.replace("_", "-")) is not None


def _classes(element: Element) -> str:
    words = (attribute(element, name) for name in ("class", "id", "itemprop", "role", "type"))
    return " ".join(filter(None, words)).lower()


def _is_note(element: Element) -> bool:
    """Return whether an element contains notes."""
    identity = attribute(element, "id").lower()
    return bool(_NOTE_WORDS.search(_classes(element)) or _NOTE_ID.fullmatch(identity))


def _is_note_mark(link: Element) -> bool:
    """Return whether a link is the mark of a note, or leads back from it."""
    words = _classes(link)
    text = "".join(link.itertext())
    if re.search(
        r"\bnoteref\b|doc-noteref|doc-backlink|footnote-(?:back)?ref|footnote-back", words
    ):
        return True
    address = attribute(link, "href")
    if "#" not in address or "://" in address:
        return False
    return bool(
        _BACK.fullmatch(text) or (_NOTE_MARK.fullmatch(text) and _NOTE_ADDRESS.match(address))
    )


def _rows(table: Element) -> Iterator[list[Element]]:
    """Yield the cells of each row of a table, without those of nested tables."""
    for child in table:
        tag = local_name(child)
        if tag in ("thead", "tbody", "tfoot"):
            yield from _rows(child)
        elif tag == "tr":
            yield [cell for cell in child if local_name(cell) in ("td", "th")]


def _is_data(rows: list[list[Element]]) -> bool:
    """Return whether a table contains data and is not used for layout."""
    cells = [cell for row in rows for cell in row]
    if len(rows) < 2 or max(map(len, rows), default=0) < 2:
        return any(local_name(cell) == "th" for cell in cells) and len(rows) > 1
    for cell in cells:
        inside = [local_name(child) for child in cell.iter()]
        if any(tag in ("table", "ul", "ol", "form") or tag in _HEADINGS for tag in inside):
            return False
        if inside.count("p") > 1 or inside.count("br") > 2:
            return False
    longest = max(len(tidy("".join(cell.itertext()))) for cell in cells)
    return longest <= _LONGEST_CELL or any(local_name(cell) == "th" for cell in cells)


def _grid(rows: list[list[Element]]) -> tuple[tuple[Cell, ...], ...]:
    """Return the cells of a table. A cell that spans several columns or rows is repeated."""
    grid: list[tuple[Cell, ...]] = []
    below: dict[int, tuple[Cell, int]] = {}
    """By column: a cell of an earlier row that spans this one, and for how many more rows."""
    for row in rows:
        cells: list[Cell] = []
        for element in [*row, None]:
            while len(cells) in below:
                cell, left = below.pop(len(cells))
                if left > 1:
                    below[len(cells)] = (cell, left - 1)
                cells.append(cell)
            if element is None:
                break
            cell, down = _cell(element), _span(element, "rowspan")
            for _ in range(_span(element, "colspan")):
                if down > 1:
                    below[len(cells)] = (cell, down - 1)
                cells.append(cell)
        grid.append(tuple(cells))
    return tuple(grid)


def _cell(element: Element) -> Cell:
    row = element.getparent()
    in_head = row is not None and local_name(row.getparent()) == "thead"
    text = " ".join(block.text for block in blocks_of(element) if block.kind != "alt")
    return Cell(text, local_name(element) == "th" or in_head)


def _span(element: Element, name: str) -> int:
    return max(1, min(_MOST_SPAN, _integer(attribute(element, name), 1)))


def _integer(text: str, otherwise: int) -> int:
    return int(text) if re.fullmatch(r"-?\d{1,6}", text.strip()) else otherwise
