"""An edition's paragraphs -> the text of its page, a span a sentence.

The times of sentences and words are collected on the way, for the page's script.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from briefing.publish.reading import Edition, paragraphs
from briefing.publish.wording import clock, escaped

__all__ = ["ArticleHtml", "article_html"]


@dataclass(frozen=True, slots=True)
class ArticleHtml:
    """The text of a page and, as JSON, the times in it."""

    text: str
    times: str
    """Of each sentence start and length, in ms, in one list."""
    words: str
    """For each sentence a list: empty, or four numbers a word: UTF-16 units from the end of the
    word before, its own units, hundredths of a second from the start of the word before (for the
    first: of the sentence), its own length."""


def article_html(edition: Edition) -> ArticleHtml:
    """Write the text of an edition's page.

    Raises ValueError where the sidecar is no JSON to its end, OSError where it cannot be read.
    """
    times: list[int] = []
    words: list[str] = []
    text = "".join(_article(edition, times, words))
    return ArticleHtml(text, json.dumps(times, separators=(",", ":")), f"[{','.join(words)}]")


def _article(edition: Edition, times: list[int], words: list[str]) -> Iterator[str]:
    head = edition.head
    chapter: int | None = None
    open_section = False
    heading = ""
    number = 0
    for at, paragraph in enumerate(paragraphs(edition.sidecar)):
        sentences = [one for one in paragraph["sentences"] if one["text"].strip()]
        if not sentences:
            continue
        first = not open_section or paragraph["chapter"] != chapter
        if first:
            if open_section:
                yield _section_end(head, chapter)
            chapter = paragraph["chapter"]
            open_section = True
            heading = head["chapters"][chapter]["title"] if chapter is not None else ""
            yield f'<section id="c-{chapter}">\n' if chapter is not None else "<section>\n"
        title = first and _letters("".join(one["text"] for one in sentences)) == _letters(heading)
        if first and heading and not title:
            yield f"<h2><bdi>{escaped(heading)}</bdi></h2>\n"
        tag = "h2" if title else "p"
        yield f'<{tag} id="p-{at}">'
        for sentence in sentences:
            start, end = round(sentence["start_s"] * 1000), round(sentence["end_s"] * 1000)
            times += (start, max(0, end - start))
            words.append(_word_times(sentence))
            space = " " if sentence is not sentences[0] else ""
            yield f'{space}<span class="s" id="s-{number}">{escaped(sentence["text"])}</span>'
            number += 1
        moment = round(paragraph["start_s"], 2)
        yield f' <a class="t" href="#t={moment:g}">{clock(moment)}</a></{tag}>\n'
    if open_section:
        yield _section_end(head, chapter)


def _section_end(head: Mapping[str, Any], chapter: int | None) -> str:
    source = head["chapters"][chapter]["source"] if chapter is not None else None
    byline = head["sources"][source]["byline"] if source is not None else None
    credit = f'<p class="byline"><bdi>{escaped(byline)}</bdi></p>\n' if byline else ""
    return f"{credit}</section>\n"


def _letters(text: str) -> str:
    """Drop the spaces, which may have gone between two sentences."""
    return "".join(text.split())


def _units(text: str) -> int:
    """Count UTF-16 code units, by which a browser counts."""
    if text.isascii() or max(text) <= "\uffff":
        return len(text)
    return len(text) + sum(character > "\uffff" for character in text)


def _word_times(sentence: Mapping[str, Any]) -> str:
    if sentence["timing"] != "exact":
        return "[]"
    text, numbers = sentence["text"], []
    place, before = 0, round(sentence["start_s"] * 100)
    for word in sentence["words"]:
        written = word["text"]
        found = text.find(written, place) if written else -1
        if found < 0:
            continue
        start_s = word["start_s"]
        start = round(start_s * 100)
        numbers.append(
            f"{_units(text[place:found])},{_units(written)},{start - before},"
            f"{max(0, round((word['end_s'] - start_s) * 100))}"
        )
        place, before = found + len(written), start
    return f"[{','.join(numbers)}]"
