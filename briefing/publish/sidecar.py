"""The sidecar: what is spoken when, as JSON beside the MP3, written as a stream.

Its form is sidecar.schema.json. Times are seconds of the decoded sound after gapless trimming,
rounded to a tenth of a millisecond.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, TextIO

from briefing.mastering.clip import SentenceTimes
from briefing.text.script import Sentence

__all__ = ["SCHEMA_VERSION", "ParagraphSpool", "sentence_row", "write_sidecar"]

SCHEMA_VERSION = 1


class ParagraphSpool:
    """Collects the sidecar's paragraphs in a file, one a line, as their clips arrive."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def add(
        self, chapter: int, start_s: float, end_s: float, sentences: Sequence[dict[str, Any]]
    ) -> None:
        """Append a paragraph. Sentences as `spoken_sentences` gives them."""
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
    sentence: Sentence,
    times: SentenceTimes | None,
    clip_start: int,
    sample_rate_hz: int,
    silent_s: float,
) -> dict[str, Any]:
    """Make a sentence's entry. clip_start: the clip's first sample in the recording.

    times: where it is in the clip, None where nothing of it is said: then it begins and ends at
    silent_s.
    """

    def seconds(sample: float) -> float:
        return round((clip_start + sample) / sample_rate_hz, 4)

    if times is None:
        start_s = end_s = round(silent_s, 4)
        words: list[dict[str, Any]] = []
        timing = "estimated"
    else:
        start_s, end_s = seconds(times.start), seconds(times.end)
        starts, exact = _word_starts(sentence, times)
        bounds = [*starts, times.end]
        words = []
        index = 0
        for token in sentence.tokens:
            count = len(token.spoken.split())
            if count:
                words.append(
                    {
                        "text": token.text,
                        "start_s": seconds(bounds[index]),
                        "end_s": seconds(bounds[index + count]),
                    }
                )
            index += count
        timing = "exact" if exact else "estimated"
    return {
        "text": _writable(sentence.text),
        "spoken": _writable(sentence.spoken),
        "start_s": start_s,
        "end_s": end_s,
        "words": words,
        "timing": timing,
    }


def _word_starts(sentence: Sentence, times: SentenceTimes) -> tuple[Sequence[float], bool]:
    """Give the sample at which each spoken word begins, and whether the voice said so itself."""
    spoken = sentence.spoken.split()
    known = times.word_starts
    in_order = known is not None and all(one <= other for one, other in pairwise(known))
    if known and in_order and len(known) == len(spoken):
        return (times.start, *known[1:]), True
    # letters take about the same time each: a fair guess where the voice tells nothing
    total = sum(len(word) + 1 for word in spoken)
    starts, done = [], 0
    for word in spoken:
        starts.append(times.start + (times.end - times.start) * done / total)
        done += len(word) + 1
    return starts, False


def _writable(text: str) -> str:
    """Replace lone surrogates, which UTF-8 cannot carry."""
    return text.encode("utf-8", "replace").decode()


def write_sidecar(
    file: TextIO, head: dict[str, Any], paragraphs: Iterator[str], tail: dict[str, Any]
) -> None:
    """Write head, paragraphs (a line of JSON each) and tail as one JSON object."""
    file.write("{\n")
    for name, value in head.items():
        file.write(f"{json.dumps(name)}: {json.dumps(value, ensure_ascii=False)},\n")
    file.write('"paragraphs": [')
    for index, row in enumerate(paragraphs):
        file.write((",\n" if index else "\n") + row)
    file.write("\n]")
    for name, value in tail.items():
        file.write(f",\n{json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}")
    file.write("\n}\n")
