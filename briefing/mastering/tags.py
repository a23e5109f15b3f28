"""ID3 tags of a recording: what players and platforms show, with a chapter for each article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["ChapterMark", "Tags", "write_id3"]

# ISO 639-1 to the ISO 639-2 codes that ID3's TLAN wants
_ISO_639_2 = {"ar": "ara", "en": "eng", "fr": "fra", "fa": "fas", "ur": "urd"}
_UTF8 = 3


@dataclass(frozen=True, slots=True)
class ChapterMark:
    """A chapter: its title and where it is, in seconds."""

    title: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Tags:
    """What is written into the MP3."""

    title: str
    language: str
    """ISO 639-1."""
    edition_date: str
    """YYYY-MM-DD."""
    publisher: str
    software: str
    chapters: Sequence[ChapterMark]


def write_id3(path: Path, tags: Tags) -> None:
    """Write an ID3v2.4 tag at the head of the file, which is made where it is not there.

    Chapters by the ID3v2 Chapter Frame Addendum 1.0; the table of contents is top-level and
    ordered and has a title, or some players hide the chapters.
    """
    from mutagen.id3 import CHAP, CTOC, ID3, TDRC, TIT2, TLAN, TPE1, TPUB, TSSE, CTOCFlags

    id3 = ID3()
    id3.add(TIT2(encoding=_UTF8, text=tags.title))
    id3.add(TDRC(encoding=_UTF8, text=tags.edition_date))
    id3.add(TLAN(encoding=_UTF8, text=_ISO_639_2.get(tags.language, tags.language)))
    id3.add(TSSE(encoding=_UTF8, text=tags.software))
    if tags.publisher:
        id3.add(TPE1(encoding=_UTF8, text=tags.publisher))
        id3.add(TPUB(encoding=_UTF8, text=tags.publisher))
    names = [f"chp{index}" for index in range(len(tags.chapters))]
    for name, chapter in zip(names, tags.chapters, strict=True):
        id3.add(
            CHAP(
                element_id=name,
                start_time=round(chapter.start_s * 1000),
                end_time=round(chapter.end_s * 1000),
                start_offset=0xFFFFFFFF,
                end_offset=0xFFFFFFFF,
                sub_frames=[TIT2(encoding=_UTF8, text=chapter.title)],
            )
        )
    if names:
        id3.add(
            CTOC(
                element_id="toc",
                flags=CTOCFlags.TOP_LEVEL | CTOCFlags.ORDERED,
                child_element_ids=names[:255],
                sub_frames=[TIT2(encoding=_UTF8, text=tags.title)],
            )
        )
    id3.save(path, v2_version=4, padding=lambda _: 0)
