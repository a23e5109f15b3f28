"""An edition's paragraphs -> the text of its page, a span for each sentence.

The times of sentences and words are collected at the same time for the page's script.

A browser takes seconds to read the elements of a text of hours. Beyond the first screens,
therefore, the rest of each chapter is in a noscript element: a browser without scripts shows it,
and for others it is one string, which the page's script turns into elements when they are wanted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from briefing.publish.strings import clock, escape_text, say
from briefing.shelf.sidecar import Contents, LeftOut, Paragraph, Sentence
from briefing.shelf.sidecar_reader import Edition, paragraphs

__all__ = ["ArticleHtml", "ArticleWriter", "article_html"]

_PLAIN_LENGTH = 10_000
"""Characters of HTML after which the text is deferred: several screens."""


@dataclass(frozen=True, slots=True)
class ArticleHtml:
    """The text of a page, and the times of its sentences and words as JSON."""

    text: str
    times: str
    """One list with the start and the length of each sentence in ms."""
    words: str
    """For each sentence a line, which is empty or has these numbers for each word: twice its UTF-16
    units, and one more unless one unit (a space) is before it; then, if that is odd, the units
    before it; hundredths of a second since the start of the previous word (for the first, of the
    sentence). A number is written from its highest digit on: the last digit has the base 64 and is
    the character 63 + digit, those before it have the base 16 and are the character 35 + digit."""


class ArticleWriter:
    """Writes the text of a page, a paragraph at a time."""

    def __init__(self, head: Contents) -> None:
        """head: a sidecar; its chapters and sources are used."""
        self._head = head
        self._text: list[str] = []
        self._times: list[int] = []
        self._words: list[str] = []
        self._length = 0
        self._chapter: int | None = None
        self._is_deferred = False
        """Whether the rest of the section is deferred."""
        self._open = False
        self._is_heading = False
        """Whether the last paragraph was the heading of a section."""
        self._paragraphs = self._sentences = 0

    def add(self, paragraph: Paragraph) -> None:
        """Write the next paragraph of the sidecar."""
        at = self._paragraphs
        self._paragraphs += 1
        sentences = [sentence for sentence in paragraph["sentences"] if sentence["text"].strip()]
        if not sentences:
            return
        kind = paragraph.get("kind")
        tag, marked = "h3" if kind == "heading" else "p", ""
        if kind == "section":
            self._end_section()
            tag, marked = self._begin_section(None, sentences, "h2"), ' class="part"'
        elif not self._open or paragraph["chapter"] != self._chapter or self._is_heading:
            self._end_section()
            tag = self._begin_section(paragraph["chapter"], sentences, tag)
        self._is_heading = kind == "section"
        if self._length > _PLAIN_LENGTH and tag != "h2" and not self._is_deferred:
            self._write(f'<noscript data-s="{self._sentences}">\n')
            self._is_deferred = True
        write = self._write
        write(f'<{tag} id="p-{at}"{marked}>')
        for number, sentence in enumerate(sentences, self._sentences):
            start, end = round(sentence["start_s"] * 1000), round(sentence["end_s"] * 1000)
            self._times += (start, max(0, end - start))
            self._words.append(_word_times(sentence))
            space = " " if number > self._sentences else ""
            write(f'{space}<span class="s" id="s-{number}">{escape_text(sentence["text"])}</span>')
        self._sentences += len(sentences)
        moment = round(paragraph["start_s"], 2)
        write(f' <a class="t" href="#t={moment:g}">{clock(moment)}</a></{tag}>\n')

    def finish(self) -> ArticleHtml:
        """Return the text that was written."""
        self._end_section()
        self._write(_left_out(self._head))
        return ArticleHtml(
            "".join(self._text),
            orjson.dumps(self._times).decode(),
            "\n".join(self._words),
        )

    def _write(self, html: str) -> None:
        self._text.append(html)
        self._length += len(html)

    def _begin_section(self, chapter: int | None, sentences: Sequence[Sentence], tag: str) -> str:
        """Begin a chapter; return the element of its first paragraph, which may be its heading.

        tag: the element if it is no heading.
        """
        self._chapter, self._open = chapter, True
        name = f' id="c-{chapter}"' if chapter is not None else ""
        self._write(f"<section{name}>\n")
        heading = self._head["chapters"][chapter]["title"] if chapter is not None else ""
        if _letters("".join(sentence["text"] for sentence in sentences)) == _letters(heading):
            return "h2"
        if heading:
            self._write(f"<h2><bdi>{escape_text(heading)}</bdi></h2>\n")
        return tag

    def _end_section(self) -> None:
        if self._open:
            if self._is_deferred:
                self._write("</noscript>\n")
            self._write(_section_end(self._head, self._chapter))
            self._open = self._is_deferred = False


def article_html(edition: Edition) -> ArticleHtml:
    """Return the text of an edition's page.

    Raises ValueError if the sidecar is no valid JSON, OSError if it cannot be read.
    """
    writer = ArticleWriter(edition.head)
    for paragraph in paragraphs(edition.sidecar):
        writer.add(paragraph)
    return writer.finish()


def _section_end(head: Contents, chapter: int | None) -> str:
    place = head["chapters"][chapter]["source"] if chapter is not None else None
    source = head["sources"][place] if place is not None else None
    byline, url = (source["byline"], source.get("url", "")) if source else (None, "")
    credit = f'<p class="byline"><bdi>{escape_text(byline)}</bdi></p>\n' if byline else ""
    if url.startswith(("https://", "http://")):
        words = say("original", "ar")
        credit += (
            f'<p class="original"><a href="{escape_text(url)}" rel="noopener noreferrer external"'
            f' data-i="original">{words}</a></p>\n'
        )
    return f"{credit}</section>\n"


def _left_out(head: Contents) -> str:
    """Return the lists of articles that were left out; "" if there are none."""
    lists = []
    for reason, key in (("time", "no_time"), ("missed", "missed")):
        titles = [_link(row) for row in head.get("left_out", ()) if row["reason"] == reason]
        if titles:
            items = "".join(f"<li>{title}</li>\n" for title in titles)
            heading = f'<h2 data-i="{key}">{say(key, "ar")}</h2>'
            lists.append(f'<section class="left">\n{heading}\n<ul>\n{items}</ul>\n</section>\n')
    return "".join(lists)


def _link(row: LeftOut) -> str:
    title = f"<bdi>{escape_text(row['title'])}</bdi>"
    url = row.get("url", "")
    if not url.startswith(("https://", "http://")):
        return title
    return f'<a href="{escape_text(url)}" rel="noopener noreferrer external">{title}</a>'


def _letters(text: str) -> str:
    """Return a text without spaces, which may differ between two sentences."""
    return "".join(text.split())


_BEYOND = re.compile("([\U00010000-\U0010ffff])")


def _number(value: int) -> str:
    """Write a number as `ArticleHtml.words` says."""
    written = chr(63 + value % 64)
    value //= 64
    while value:
        written = chr(35 + value % 16) + written
        value //= 16
    return written


_NUMBERS = [_number(value) for value in range(1024)]


def _word_times(sentence: Sentence) -> str:
    """Return a sentence's line of `ArticleHtml.words`."""
    if sentence["timing"] != "exact":
        return ""
    text: str = sentence["text"]
    beyond = not text.isascii() and max(text) > "\uffff"
    if beyond:  # a browser counts UTF-16 units, two for a character beyond U+FFFF
        text = _BEYOND.sub("\\1\ufffe", text)
    numbers: list[int] = []
    place, before = 0, round(sentence["start_s"] * 100)
    for word in sentence["words"]:
        written = _BEYOND.sub("\\1\ufffe", word["text"]) if beyond else word["text"]
        at = text.find(written, place) if written else -1
        if at < 0:
            continue
        gap, length = at - place, len(written)
        numbers += (2 * length,) if gap == 1 else (2 * length + 1, gap)
        start = max(before, round(word["start_s"] * 100))
        numbers.append(start - before)
        place, before = at + length, start
    if numbers and max(numbers) < len(_NUMBERS):
        return "".join([_NUMBERS[number] for number in numbers])
    return "".join(map(_number, numbers))
