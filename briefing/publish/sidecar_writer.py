"""The sidecar: what is spoken when, as a JSON file next to the MP3, written as a stream.

Its form is sidecar.schema.json. Times are seconds of the decoded sound after gapless trimming,
rounded to a tenth of a millisecond.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from typing import BinaryIO, Literal

import orjson

from briefing.mastering.clip import SentenceTimes
from briefing.production.planning import Part
from briefing.shelf.read_record import Story
from briefing.shelf.sidecar import Head, LeftOut, Paragraph, Sentence, Source, Word
from briefing.sources import Article

__all__ = [
    "SCHEMA_VERSION",
    "ParagraphSpool",
    "left_out_row",
    "paragraph_row",
    "sentence_row",
    "source_row",
    "write_sidecar",
]

SCHEMA_VERSION = 2
_CHUNK = 1 << 20


class ParagraphSpool:
    """Collects the sidecar's paragraphs in a temporary file, one a line, ready to be copied."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._end = b"\n"

    def add(self, paragraph: Paragraph) -> None:
        """Append a paragraph, see `paragraph_row`."""
        self._file.write(self._end + orjson.dumps(paragraph))
        self._end = b",\n"

    def paragraphs(self) -> Iterator[Paragraph]:
        """Yield the paragraphs in order."""
        self._file.seek(0)
        for line in self._file:
            if row := line.rstrip(b",\n"):
                yield orjson.loads(row)

    def copy_to(self, file: BinaryIO) -> None:
        """Append all paragraphs to a file."""
        self._file.seek(0)
        shutil.copyfileobj(self._file, file, _CHUNK)


def paragraph_row(
    chapter: int | None,
    start_s: float,
    end_s: float,
    sentences: list[Sentence],
    kind: str = "p",
) -> Paragraph:
    """Return a paragraph's entry. chapter: None for the opening. sentences: see `sentence_row`."""
    start_s, end_s = round(start_s, 4), round(end_s, 4)
    if kind == "p":
        return {"chapter": chapter, "start_s": start_s, "end_s": end_s, "sentences": sentences}
    return {
        "chapter": chapter,
        "kind": kind,
        "start_s": start_s,
        "end_s": end_s,
        "sentences": sentences,
    }


def sentence_row(
    part: Part,
    times: SentenceTimes | None,
    clip_start: int,
    sample_rate_hz: int,
    silent_s: float,
) -> Sentence:
    """Return a sentence's entry.

    clip_start: the clip's first sample in the recording. times: the sentence's times in the clip;
    None if nothing of it is spoken, and then it begins and ends at silent_s.
    """
    if times is None:
        start_s = end_s = round(silent_s, 4)
        words: list[Word] = []
        exact = False
    else:
        starts, exact = _word_starts(part, times)
        bounds = [
            round((clip_start + sample) / sample_rate_hz, 4) for sample in (*starts, times.end)
        ]
        start_s = round((clip_start + times.start) / sample_rate_hz, 4)
        end_s = bounds[-1]
        words = []
        index = 0
        for text, count in part.words:
            start = bounds[index]
            index += count
            words.append({"text": text, "start_s": start, "end_s": bounds[index]})
    return {
        "text": _writable(part.text),
        "spoken": _writable(part.spoken),
        "start_s": start_s,
        "end_s": end_s,
        "words": words,
        "timing": "exact" if exact else "estimated",
    }


def _word_starts(part: Part, times: SentenceTimes) -> tuple[Sequence[float], bool]:
    """Return the sample at which each spoken word begins, and whether the voice reported them."""
    count = sum(count for _, count in part.words)
    reported = times.word_starts
    if reported and len(reported) == count and list(reported) == sorted(reported):
        return (times.start, *reported[1:]), True
    # a fair estimate: each letter takes about the same time
    spoken = part.spoken.split()
    total = sum(len(word) + 1 for word in spoken)
    starts, letters = [], 0
    for word in spoken:
        starts.append(times.start + (times.end - times.start) * letters / total)
        letters += len(word) + 1
    return starts, False


def _writable(text: str) -> str:
    """Replace lone surrogates, which UTF-8 cannot hold."""
    return text.encode("utf-8", "replace").decode()


def source_row(article: Article) -> Source:
    """Return a source's entry, without what is unknown."""
    row: Source = {
        "path": article.path,
        "sha256": article.sha256,
        "title": article.title,
        "byline": article.byline,
    }
    if article.url:
        row["url"] = _writable(article.url)
    if article.date:
        row["date"] = _writable(article.date)
    if article.section:
        row["section"] = _writable(article.section)
    return row


def left_out_row(article: Article | Story, reason: Literal["time", "missed"]) -> LeftOut:
    """Return the entry of an article that is not read; what is not known of it is left out.

    reason: "time": there was none in this edition. "missed": there was none, and it is too late.
    """
    title = article.heading if isinstance(article, Article) else article.title
    row: LeftOut = {"title": _writable(title), "reason": reason}
    if article.path:
        row["path"] = _writable(article.path)
    if article.url.startswith(("https://", "http://")):
        row["url"] = _writable(article.url)
    if article.section:
        row["section"] = _writable(article.section)
    return row


def write_sidecar(file: BinaryIO, head: Head, paragraphs: ParagraphSpool) -> None:
    """Write head and paragraphs (a line of JSON each) as one JSON object.

    The paragraphs come last, so that a reader of the other values need not read them.
    """
    file.write(b"{\n")
    for name, value in head.items():
        line = f"{json.dumps(name)}: {json.dumps(value, ensure_ascii=False)},\n"
        file.write(line.encode())
    file.write(b'"paragraphs": [')
    paragraphs.copy_to(file)
    file.write(b"\n]\n}\n")
