"""The chapters that players show: the same in the MP3, the M4B, the Opus file and the JSON file.

The sidecar has the articles and their exact times. Players want a chapter at every moment: they
mark the one that plays, and the sound before the first article belongs to none. So here the opening
is a chapter of its own, and each chapter lasts until the next one begins.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from briefing.mastering.formats.tags import ChapterMark, SectionMark
from briefing.shelf.sidecar import Contents

__all__ = ["OPENING_CHAPTER", "PlayerChapters", "player_chapters"]

OPENING_CHAPTER = "المقدمة"
"""The title of the chapter of what is spoken before the first article."""


@dataclass(frozen=True, slots=True)
class PlayerChapters:
    """The chapters of a recording in order: the first begins at 0, the last ends with it."""

    marks: tuple[ChapterMark, ...]
    sections: tuple[SectionMark, ...]
    """Which of the marks are under a heading. The first of each is the heading itself."""


def player_chapters(listed: Contents, duration_s: float, *, has_opening: bool) -> PlayerChapters:
    """Return the chapters for players.

    listed: the chapters and sections of the sidecar, in seconds. duration_s: of the recording.
    has_opening: whether something is spoken before the first article and its heading.

    >>> chapters = [{"title": "أ", "start_s": 3.5, "end_s": 8.0, "source": 0}]
    >>> [(mark.start_s, mark.end_s) for mark in player_chapters(
    ...     {"sources": [], "chapters": chapters}, 9.0, has_opening=True).marks]
    [(0.0, 3.5), (3.5, 9.0)]
    """
    marks = [ChapterMark(OPENING_CHAPTER, 0.0, 0.0)] if has_opening else []
    sections = {section["chapters"][0]: section for section in listed.get("sections", ())}
    ranges = []
    for place, chapter in enumerate(listed["chapters"]):
        if section := sections.get(place):
            last = len(marks) + len(section["chapters"])
            ranges.append((section["title"], range(len(marks), last + 1)))
            marks.append(ChapterMark(section["title"], section["start_s"], section["start_s"]))
        marks.append(ChapterMark(chapter["title"], chapter["start_s"], chapter["end_s"]))
    marks = _join_ends(marks, duration_s)
    return PlayerChapters(
        tuple(marks),
        tuple(
            SectionMark(title, marks[places[0]].start_s, marks[places[-1]].end_s, places)
            for title, places in ranges
        ),
    )


def _join_ends(marks: list[ChapterMark], duration_s: float) -> list[ChapterMark]:
    """Return the marks so that each ends where the next begins, without a gap at either end."""
    starts = [0.0, *(mark.start_s for mark in marks[1:])]
    ends = [*starts[1:], max(duration_s, starts[-1])]
    return [
        replace(mark, start_s=start_s, end_s=end_s)
        for mark, start_s, end_s in zip(marks, starts, ends, strict=True)
    ]
