"""An edition -> its transcript (WebVTT, one cue a sentence) and its Podcasting 2.0 JSON chapters.

The transcript has the sidecar's own values. The paragraphs are passed one at a time.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from html import escape

from briefing.mastering.formats.tags import ChapterMark
from briefing.shelf.sidecar import Paragraph

__all__ = ["WebVtt", "chapters_json", "timestamp"]

LINE_CHARACTERS = 65
"""The longest line of a cue that the Podcast namespace recommends (transcripts.md, WebVTT)."""

_SHORTEST_CUE_MS = 1  # WebVTT: a cue's end is after its start
_CONTROLS = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")


class WebVtt:
    """A WebVTT file (W3C, 4.1) in pieces: its head, then a cue for each sentence.

    A sentence without visible characters has no cue. Lines have at most 65 characters. "&", "<" and
    ">" are escaped, so that no text is read as markup or as "-->".

    >>> sentence = {"text": "أهلا <b> بكم", "start_s": 0.5, "end_s": 2}
    >>> file = WebVtt("ar")
    >>> print(file.head + file.cues({"sentences": [sentence]}), end="")
    WEBVTT
    Language: ar
    <BLANKLINE>
    1
    00:00:00.500 --> 00:00:02.000
    أهلا &lt;b&gt; بكم
    """

    def __init__(self, language: str) -> None:
        """language: the sidecar's."""
        self.head = f"WEBVTT\nLanguage: {language}\n"
        self._count = 0

    def cues(self, paragraph: Paragraph) -> str:
        """Return the cues of the next paragraph of the sidecar."""
        cues = []
        for sentence in paragraph["sentences"]:
            text = sentence["text"]
            lines = _lines(text if text.isprintable() else _CONTROLS.sub(" ", text))
            if not lines:
                continue
            self._count += 1
            start_ms = _milliseconds(sentence["start_s"])
            end_ms = max(_milliseconds(sentence["end_s"]), start_ms + _SHORTEST_CUE_MS)
            text = escape("\n".join(lines), quote=False)
            cues.append(f"\n{self._count}\n{timestamp(start_ms)} --> {timestamp(end_ms)}\n{text}\n")
        return "".join(cues)


def _lines(text: str) -> list[str]:
    """Return a text as lines, wrapped at spaces; a longer word is cut."""
    rest = " ".join(text.split())
    lines = []
    while len(rest) > LINE_CHARACTERS:
        space = rest.rfind(" ", 0, LINE_CHARACTERS + 1)
        lines.append(rest[:space] if space > 0 else rest[:LINE_CHARACTERS])
        rest = rest[space + 1 :] if space > 0 else rest[LINE_CHARACTERS:].lstrip()
    return [*lines, rest] if rest else lines


def chapters_json(title: str, chapters: Iterable[ChapterMark]) -> str:
    """Return the Podcasting 2.0 chapters (namespace document jsonChapters.md, version 1.2.0).

    title: the recording's. chapters: those that players show; times are seconds, to a tenth of a
    millisecond. The format has no nesting: a section's heading is a chapter like the others.

    >>> chapters_json("موجز", [ChapterMark("أ", 0, 2.00004)])
    '{"version":"1.2.0","title":"موجز","chapters":[{"startTime":0,"endTime":2.0,"title":"أ"}]}\\n'
    """
    listed = [
        {
            "startTime": round(chapter.start_s, 4),
            "endTime": round(chapter.end_s, 4),
            "title": chapter.title,
        }
        for chapter in chapters
    ]
    content = {"version": "1.2.0", "title": title, "chapters": listed}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n"


def timestamp(milliseconds: int) -> str:
    """Return a time in WebVTT's form (W3C, 4.1), with hours.

    >>> timestamp(3_723_004)
    '01:02:03.004'
    """
    seconds, thousandths = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}.{thousandths:03}"


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)
