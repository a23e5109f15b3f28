"""Text to an article: its title line, its paragraphs, its byline.

The first line is the title, unless it reads like a paragraph. A line is a paragraph; where blank
lines separate blocks of lines that were broken for their width, a block is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath

__all__ = ["Article", "article", "is_title", "split_bylines", "text_paragraphs"]

_LONGEST_TITLE = 30
"""Words: a longer first line is a paragraph. Headlines have 6 to 16."""
_MOST_BYLINES = 3
"""Lines at the end, such as "إعداد: …", "تحرير: …", "(رويترز)"."""
_LONGEST_BYLINE = 300
"""Characters."""
_WIDEST_BROKEN_LINE = 100
"""Characters: lines that are longer were not broken for their width."""
_ENDS_SENTENCE = re.compile(r"[.!?؟۔…:؛][\"'”’»)\]]*\s*$")
_LIST_ITEM = re.compile(r"\s*(?:[-–—•*▪●◦]|[\d٠-٩]{1,3}\s*[.)\-–])\s*\S")
# the line ends of text files; U+2028, U+0085 and the rest stay where they are
_LINE_END = re.compile(r"\r\n|\n|\r|\f|\v|\u2029")


@dataclass(frozen=True, slots=True)
class Article:
    """An article as written."""

    title: str
    """The title line, "" where there is none."""
    byline: str
    """Who wrote it, as the article says; "" where it does not."""
    paragraphs: tuple[str, ...]
    """As read, white space at the ends apart; a paragraph of broken lines keeps its line ends."""
    path: str
    """Relative to the configuration's folder, with / between."""
    sha256: str
    """Of the file's bytes."""
    kinds: tuple[str, ...] = ()
    """What each paragraph is: "p", "heading", "item", "row", "quote"; empty where all are "p"."""
    url: str = ""
    """Of the original on the web, "" where there is none."""
    date: str = ""
    """ISO 8601, when it was published, "" where that is not known."""
    section: str = ""
    """Such as "اقتصاد", "" where there is none."""
    order: int | None = None
    """Its place as its author set it."""
    key: str = ""
    """What it is known by in every edition: its guid, its address, or its path."""
    robbed: tuple[tuple[str, str], ...] = ()
    """Lines left out because nobody can read them: where ("12", "paragraph 3"), and why."""

    @property
    def heading(self) -> str:
        """What to call it in a list: its title, else its file's name."""
        return self.title or PurePosixPath(self.path).stem or self.path

    def kind_of(self, index: int) -> str:
        """Return what a paragraph is, by its index among the paragraphs."""
        return self.kinds[index] if index < len(self.kinds) else "p"


def article(text: str, path: str, sha256: str, robbed: tuple[tuple[str, str], ...] = ()) -> Article:
    """Return the article that a text is: its title, byline and paragraphs. robbed: see there."""
    paragraphs = list(text_paragraphs(text.removeprefix("\ufeff")))
    title = ""
    if len(paragraphs) > 1 and is_title(paragraphs[0]):
        title = paragraphs.pop(0)
    first, last, bylines = split_bylines(paragraphs, has_title=bool(title))
    return Article(
        title, "، ".join(bylines), tuple(paragraphs[first:last]), path, sha256, robbed=robbed
    )


def split_bylines(paragraphs: Sequence[str], *, has_title: bool) -> tuple[int, int, list[str]]:
    """Return where the text begins and ends among paragraphs, and the bylines around it.

    has_title: the article has a title, so that its first paragraph may be a byline.
    """
    first, last = 0, len(paragraphs)
    top: list[str] = []
    if last > 1 and has_title and _is_byline(paragraphs[0], "top"):
        top.append(paragraphs[0])
        first = 1
    end: list[str] = []
    while last - first > 1 and len(end) < _MOST_BYLINES and _is_byline(paragraphs[last - 1], "end"):
        last -= 1
        end.insert(0, paragraphs[last])
    return first, last, top + end


def text_paragraphs(text: str) -> Iterator[str]:
    """Return the paragraphs of a text; those of broken lines keep their line ends."""
    block: list[str] = []
    for line in (*_LINE_END.split(text), ""):
        if line.strip():
            block.append(line.strip())
            continue
        if block:
            yield from ["\n".join(block)] if _is_broken(block) else block
        block = []


def _is_broken(lines: list[str]) -> bool:
    """Say whether lines were broken for their width: short, and most end within a sentence."""
    if len(lines) < 2 or any(_LIST_ITEM.match(line) for line in lines):
        return False
    if max(map(len, lines)) > _WIDEST_BROKEN_LINE:
        return False
    inner = lines[:-1]
    within = sum(1 for line in inner if not _ENDS_SENTENCE.search(line))
    # lines broken for their width are about as wide as each other; headlines and verses are not
    widest = max(map(len, inner))
    even = all(len(line) >= 0.6 * widest for line in inner)
    return even and within >= 0.6 * len(inner) and widest >= 40


def is_title(line: str) -> bool:
    """Return whether a line reads like a headline and not like a paragraph."""
    if "\n" in line or len(line.split()) > _LONGEST_TITLE:
        return False
    return not re.search(r"[.۔؛،,]\s*$", line) or line.rstrip().endswith(("...", "…"))


@cache
def _bylines() -> tuple[tuple[str, int, re.Pattern[str]], ...]:
    rows = []
    table = (Path(__file__).parent / "data" / "bylines.tsv").read_text(encoding="utf-8")
    for row in table.splitlines():
        if row and not row.startswith("#"):
            place, words, pattern, _example = row.split("\t")
            rows.append((place, int(words), re.compile(pattern)))
    return tuple(rows)


def _is_byline(line: str, place: str) -> bool:
    if len(line) > _LONGEST_BYLINE:
        return False
    words = line.split()
    folded = " ".join(words)
    return any(
        where in (place, "both") and len(words) <= most and pattern.fullmatch(folded)
        for where, most, pattern in _bylines()
    )
