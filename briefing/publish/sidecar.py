"""The sidecar: what is spoken when, as JSON beside the MP3, written as a stream.

Its form is sidecar.schema.json. Times are seconds of the decoded sound after gapless trimming,
rounded to a tenth of a millisecond.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, TextIO

from briefing.mastering.clip import SentenceTimes
from briefing.speech.planning import Part

__all__ = ["SCHEMA_VERSION", "ParagraphSpool", "sentence_row", "write_sidecar"]

SCHEMA_VERSION = 1


class ParagraphSpool:
    """Collects the sidecar's paragraphs in a file, one a line, as their clips arrive."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def add(
        self, chapter: int | None, start_s: float, end_s: float, sentences: Sequence[dict[str, Any]]
    ) -> None:
        """Append a paragraph; chapter None: of the opening line. Sentences: see `sentence_row`."""
        row = {
            "chapter": chapter,
            "start_s": round(start_s, 4),
            "end_s": round(end_s, 4),
            "sentences": sentences,
        }
        self._file.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")

    def rows(self) -> Iterator[str]:
        """Give the lines again, without their ends."""
        self._file.flush()
        self._file.seek(0)
        for line in self._file:
            yield line.rstrip("\n")


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


def write_sidecar(file: TextIO, head: dict[str, Any], paragraphs: Iterator[str]) -> None:
    """Write head and paragraphs (a line of JSON each) as one JSON object.

    The paragraphs come last: who wants to know what an edition is need not read them.
    """
    file.write("{\n")
    for name, value in head.items():
        file.write(f"{json.dumps(name)}: {json.dumps(value, ensure_ascii=False)},\n")
    file.write('"paragraphs": [')
    for index, row in enumerate(paragraphs):
        file.write((",\n" if index else "\n") + row)
    file.write("\n]\n}\n")
