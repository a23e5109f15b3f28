"""A text -> an article: its title, its paragraphs, its byline.

The first line is the title, unless it reads like a paragraph. Each line is a paragraph. If blank
lines separate blocks of wrapped lines, each block is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath

__all__ = ["Article", "article", "is_title", "split_bylines", "text_paragraphs"]

_LONGEST_TITLE = 30
"""A first line with more words is a paragraph. Headlines have 6 to 16 words."""
_MOST_BYLINES = 3
"""The most bylines at the end, such as "إعداد: …", "تحرير: …", "(رويترز)"."""
_LONGEST_BYLINE = 300
"""Characters."""
_WIDEST_WRAPPED_LINE = 100
"""Characters. Longer lines were not wrapped."""
_ENDS_SENTENCE = re.compile(r"[.!?؟۔…:؛][\"'”’»)\]]*\s*$")
_LIST_ITEM = re.compile(r"\s*(?:[-–—•*▪●◦]|[\d٠-٩]{1,3}\s*[.)\-–])\s*\S")
# the line ends of text files; U+2028, U+0085 and others are left in the text
_LINE_END = re.compile(r"\r\n|\n|\r|\f|\v|\u2029")


@dataclass(frozen=True, slots=True)
class Article:
    """An article as written."""

    title: str
    """The title line; "" if there is none."""
    byline: str
    """The author as written in the article; "" if there is none."""
    paragraphs: tuple[str, ...]
    """As written, without white space at the ends. Wrapped paragraphs keep their line ends."""
    path: str
    """The file's path relative to the configuration's folder, with /."""
    sha256: str
    """The digest of the file's bytes."""
    kinds: tuple[str, ...] = ()
    """The kind of each paragraph: "p", "heading", "item", "row", "quote"; () if all are "p"."""
    url: str = ""
    """The address of the original on the web; "" if there is none."""
    date: str = ""
    """When it was published, in ISO 8601; "" if unknown."""
    section: str = ""
    """Such as "اقتصاد", "" where there is none."""
    order: int | None = None
    """Its place as its author set it."""
    key: str = ""
    """What it is known by in every edition: its guid, its address, or its path; the digest of the
    first two where it was gathered."""
    feed: str = ""
    """The name of the feed or page that it was gathered from, "" for a file of the folder."""
    gathered: str = ""
    """ISO 8601 in UTC: when it was first seen by a gathering, "" for a file of the folder."""
    limit: int = 0
    """How many articles of its feed an edition reads at most, 0 for all."""
    max_age_h: float = 0
    """How old it may be when it is read, in hours, 0 for any age."""
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
    read = tuple(paragraphs[first:last])
    return Article(title, "، ".join(bylines), read, path, sha256, key=path, robbed=robbed)


def split_bylines(paragraphs: Sequence[str], *, has_title: bool) -> tuple[int, int, list[str]]:
    """Return the first and the end index of the text among paragraphs, and the bylines around it.

    has_title: the article has a title, so its first paragraph may be a byline.
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
    """Yield the paragraphs of a text. Wrapped paragraphs keep their line ends."""
    blocks: list[list[str]] = [[]]
    for line in _LINE_END.split(text):
        if line.strip():
            blocks[-1].append(line.strip())
        elif blocks[-1]:
            blocks.append([])
    blocks = [block for block in blocks if block]
    for place, block in enumerate(blocks):
        end = _byline_below(block, is_first=place == 0, is_last=place == len(blocks) - 1)
        lines = block[: len(block) - len(end)]
        yield from ["\n".join(lines)] if _is_wrapped(lines) else lines
        yield from end


def _byline_below(lines: list[str], *, is_first: bool, is_last: bool) -> list[str]:
    """Return the last of a block's lines if it is a byline, under the title or under the text."""
    if len(lines) < 2:
        return []
    under_title = is_first and len(lines) == 2 and _is_byline(lines[1], "top")
    under_text = is_last and _ENDS_SENTENCE.search(lines[-2]) and _is_byline(lines[-1], "end")
    return lines[-1:] if under_title or under_text else []


def _is_wrapped(lines: list[str]) -> bool:
    """Return whether lines were wrapped: they are short, and most end within a sentence."""
    if len(lines) < 2 or any(_LIST_ITEM.match(line) for line in lines):
        return False
    if max(map(len, lines)) > _WIDEST_WRAPPED_LINE:
        return False
    inner = lines[:-1]
    within = sum(1 for line in inner if not _ENDS_SENTENCE.search(line))
    # wrapped lines have about the same width; headlines and verses do not
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
