"""The sidecar: what is spoken when, as JSON beside the MP3, written as a stream.

Its form is sidecar.schema.json. Times are seconds of the decoded sound after gapless trimming,
rounded to a tenth of a millisecond.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO

import orjson

from briefing.mastering.clip import SentenceTimes
from briefing.production.planning import Part
from briefing.shelf.read_record import Story
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
    """Collects the sidecar's paragraphs in a file, a line each, as they will stand in it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._end = b"\n"

    def add(self, paragraph: Mapping[str, Any]) -> None:
        """Append a paragraph, see `paragraph_row`."""
        self._file.write(self._end + orjson.dumps(paragraph))
        self._end = b",\n"

    def paragraphs(self) -> Iterator[dict[str, Any]]:
        """Give the paragraphs again."""
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
    sentences: Sequence[dict[str, Any]],
    kind: str = "p",
) -> dict[str, Any]:
    """Return a paragraph's entry. chapter None: of the opening line. Sentences: `sentence_row`."""
    return {
        "chapter": chapter,
        **({"kind": kind} if kind != "p" else {}),
        "start_s": round(start_s, 4),
        "end_s": round(end_s, 4),
        "sentences": sentences,
    }


def sentence_row(
    part: Part,
    times: SentenceTimes | None,
    clip_start: int,
    sample_rate_hz: int,
    silent_s: float,
) -> dict[str, Any]:
    """Make a sentence's entry. clip_start: the clip's first sample in the recording.

    times: where it is in the clip, None where nothing of it is said: then it begins and ends at
    silent_s.
    """
    if times is None:
        start_s = end_s = round(silent_s, 4)
        words: list[dict[str, Any]] = []
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
    """Give the sample at which each spoken word begins, and whether the voice said so itself."""
    count = sum(count for _, count in part.words)
    known = times.word_starts
    if known and len(known) == count and list(known) == sorted(known):
        return (times.start, *known[1:]), True
    # letters take about the same time each: a fair guess where the voice tells nothing
    spoken = part.spoken.split()
    total = sum(len(word) + 1 for word in spoken)
    starts, done = [], 0
    for word in spoken:
        starts.append(times.start + (times.end - times.start) * done / total)
        done += len(word) + 1
    return starts, False


def _writable(text: str) -> str:
    """Replace lone surrogates, which UTF-8 cannot carry."""
    return text.encode("utf-8", "replace").decode()


def source_row(article: Article) -> dict[str, Any]:
    """Return a source's entry; what is not known of it is left out."""
    known = {"url": article.url, "date": article.date, "section": article.section}
    return {
        "path": article.path,
        "sha256": article.sha256,
        "title": article.title,
        "byline": article.byline,
        **{name: _writable(value) for name, value in known.items() if value},
    }


def left_out_row(article: Article | Story, reason: str) -> dict[str, Any]:
    """Return the entry of an article that is not read; what is not known of it is left out.

    reason: "time": there was none in this edition. "missed": there was none, and it is too late.
    """
    title = article.heading if isinstance(article, Article) else article.title
    known = {"path": article.path, "url": _web(article.url), "section": article.section}
    return {
        "title": _writable(title),
        **{name: _writable(value) for name, value in known.items() if value},
        "reason": reason,
    }


def _web(url: str) -> str:
    return url if url.startswith(("https://", "http://")) else ""


def write_sidecar(file: BinaryIO, head: dict[str, Any], paragraphs: ParagraphSpool) -> None:
    """Write head and paragraphs (a line of JSON each) as one JSON object.

    The paragraphs come last: who wants to know what an edition is need not read them.
    """
    file.write(b"{\n")
    for name, value in head.items():
        line = f"{json.dumps(name)}: {json.dumps(value, ensure_ascii=False)},\n"
        file.write(line.encode())
    file.write(b'"paragraphs": [')
    paragraphs.copy_to(file)
    file.write(b"\n]\n}\n")
