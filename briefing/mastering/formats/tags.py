"""The tags of a recording: what players and platforms show, with a chapter for each article."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mutagen.id3 import ID3

__all__ = [
    "ChapterMark",
    "SectionMark",
    "Tags",
    "id3_room",
    "id3_tag",
    "pad_tag",
    "write_comments",
    "write_ilst",
]

# ISO 639-1 to the ISO 639-2 codes that ID3 requires
_ISO_639_2 = {"ar": "ara", "en": "eng", "fr": "fra", "fa": "fas", "ur": "urd"}
_UTF8 = 3
_FRONT_COVER = 3
_GENRE = "Podcast"
_AUDIOBOOK = 2  # iTunes' kind of media for which players remember the position
_HEADER_BYTES = 10
"""Of a tag and of each frame in it."""
_ROOM_BYTES, _CHAPTER_BYTES = 4096, 80
_MOST_IN_A_TOC = 255
"""The count in a table of contents is one byte (ID3v2 Chapter Frame Addendum 1.0, 3.2)."""


@dataclass(frozen=True, slots=True)
class ChapterMark:
    """A chapter: its title and its times in the recording, in seconds."""

    title: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class SectionMark:
    """A section: its title, where its heading begins in seconds, and its chapters by number."""

    title: str
    start_s: float
    end_s: float
    chapters: range


@dataclass(frozen=True, slots=True)
class Tags:
    """The tags of a file, whatever its format."""

    title: str
    language: str
    """ISO 639-1."""
    edition_date: str
    """YYYY-MM-DD."""
    publisher: str
    software: str
    chapters: Sequence[ChapterMark]
    cover: bytes = b""
    """A PNG or JPEG; empty for none."""
    lyrics: str = ""
    """The text as written, one paragraph a line."""
    sections: Sequence[SectionMark] = ()
    """Which chapters are under a heading; the heading's own is the first of them. Formats that
    cannot nest chapters leave the sections out."""

    @property
    def cover_type(self) -> str:
        """The cover's media type."""
        return "image/png" if self.cover.startswith(b"\x89PNG") else "image/jpeg"

    @property
    def language_code(self) -> str:
        """The language by ISO 639-2."""
        primary = self.language.lower().split("-")[0]
        return _ISO_639_2.get(primary, primary if len(primary) == 3 else "und")


def id3_tag(tags: Tags) -> bytes:
    """Return the ID3v2.4 tag that an MP3 file begins with."""
    from mutagen.id3 import APIC, ID3, TALB, TCON, TDRC, TIT2, TLAN, TPE1, TPUB, TSSE, USLT

    id3 = ID3()
    id3.add(TIT2(encoding=_UTF8, text=tags.title))
    id3.add(TALB(encoding=_UTF8, text=tags.title))
    id3.add(TDRC(encoding=_UTF8, text=tags.edition_date))
    id3.add(TCON(encoding=_UTF8, text=_GENRE))
    id3.add(TLAN(encoding=_UTF8, text=tags.language_code))
    id3.add(TSSE(encoding=_UTF8, text=tags.software))
    if tags.publisher:
        id3.add(TPE1(encoding=_UTF8, text=tags.publisher))
        id3.add(TPUB(encoding=_UTF8, text=tags.publisher))
    if tags.lyrics:
        id3.add(USLT(encoding=_UTF8, lang=tags.language_code, desc="", text=tags.lyrics))
    if tags.cover:
        id3.add(APIC(encoding=0, mime=tags.cover_type, type=_FRONT_COVER, data=tags.cover))
    names = _add_chapters(id3, tags)
    file = io.BytesIO()
    id3.save(file, v2_version=4, padding=lambda _: 0)
    return _sort_chapters(file.getvalue(), [name.encode() for name in names])


def _add_chapters(id3: ID3, tags: Tags) -> list[str]:
    """Add the chapters by the ID3v2 Chapter Frame Addendum 1.0; return their element names.

    Some players hide the chapters unless the table of contents is top-level, ordered, and has a
    title.
    """
    from mutagen.id3 import CHAP, CTOC, TIT2, CTOCFlags

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
                child_element_ids=_children(tags, names)[:_MOST_IN_A_TOC],
                sub_frames=[TIT2(encoding=_UTF8, text=tags.title)],
            )
        )
    for number, section in enumerate(tags.sections):
        children = [names[at] for at in section.chapters]
        id3.add(
            CTOC(
                element_id=f"sec{number}",
                flags=CTOCFlags.ORDERED,
                child_element_ids=children[:_MOST_IN_A_TOC],
                sub_frames=[TIT2(encoding=_UTF8, text=section.title)],
            )
        )
    return names


def _children(tags: Tags, names: Sequence[str]) -> list[str]:
    """Return what the top-level table of contents lists: sections, and chapters outside them."""
    nested = {at: number for number, mark in enumerate(tags.sections) for at in mark.chapters}
    listed = (f"sec{nested[at]}" if at in nested else name for at, name in enumerate(names))
    return list(dict.fromkeys(listed))


def id3_room(titles: Sequence[str], text_bytes: int, cover_bytes: int) -> int:
    """Return enough bytes for an ID3v2.4 tag whose chapters' times are not known yet.

    titles: of the chapters. text_bytes: of the lyrics, or somewhat less. Besides its title, a
    chapter takes about sixty bytes.
    """
    chapters = sum(_CHAPTER_BYTES + len(title.encode("utf-8", "replace")) for title in titles)
    return _ROOM_BYTES + chapters + text_bytes * 65 // 64 + cover_bytes


def pad_tag(tag: bytes, size: int) -> bytes:
    """Return an ID3v2.4 tag padded to `size` bytes (ID3v2.4 structure, 3.3)."""
    rest = size - _HEADER_BYTES
    length = bytes(rest >> shift & 0x7F for shift in (21, 14, 7, 0))  # seven bits a byte
    return (tag[:6] + length + tag[_HEADER_BYTES:]).ljust(size, b"\0")


def _sort_chapters(tag: bytes, names: Sequence[bytes]) -> bytes:
    """Return an ID3v2.4 tag with its chapters in the order of their names.

    mutagen sorts frames by size, and players that do not read the table of contents show the
    chapters in the order of the frames.
    """
    header = at = _HEADER_BYTES
    frames = []
    while at + header <= len(tag):
        size = 0
        for byte in tag[at + 4 : at + 8]:
            size = size << 7 | byte
        frames.append(tag[at : at + header + size])
        at += header + size
    places = {name: number for number, name in enumerate(names)}
    frames.sort(
        key=lambda frame: (
            places.get(frame[header:].split(b"\0", 1)[0], -1) if frame.startswith(b"CHAP") else -1
        )
    )
    return tag[:header] + b"".join(frames)


def write_ilst(path: Path, tags: Tags, gapless: str) -> None:
    """Write iTunes' tags into an MP4 file that has a moov box.

    gapless: the value of iTunSMPB, which declares the delay to players that ignore edit lists.
    """
    from mutagen.mp4 import MP4, AtomDataType, MP4Cover, MP4FreeForm

    file = MP4(path)
    file.add_tags()
    assert file.tags is not None
    png = tags.cover_type == "image/png"
    values: dict[str, object] = {
        "\xa9nam": [tags.title],
        "\xa9alb": [tags.title],
        "\xa9day": [tags.edition_date],
        "\xa9gen": [_GENRE],
        "\xa9too": [tags.software],
        "\xa9ART": [tags.publisher] if tags.publisher else None,
        "\xa9lyr": [tags.lyrics] if tags.lyrics else None,
        "covr": [MP4Cover(tags.cover, MP4Cover.FORMAT_PNG if png else MP4Cover.FORMAT_JPEG)]
        if tags.cover
        else None,
        "stik": [_AUDIOBOOK],
        "----:com.apple.iTunes:LANGUAGE": [_text(MP4FreeForm, tags.language, AtomDataType.UTF8)],
        "----:com.apple.iTunes:iTunSMPB": [_text(MP4FreeForm, gapless, AtomDataType.UTF8)],
    }
    for key, value in values.items():
        if value is not None:
            file.tags[key] = value
    file.save(padding=lambda _: 0)


def _text(kind: type, text: str, data_type: int) -> object:
    return kind(text.encode(), data_type)


def write_comments(path: Path, tags: Tags) -> None:
    """Write Vorbis comments into an Ogg Opus file that has its two header pages.

    Chapters follow the Chapter Extension (CHAPTERxxx, CHAPTERxxxNAME). The cover is written as a
    FLAC picture.
    """
    import base64

    from mutagen.flac import Picture
    from mutagen.oggopus import OggOpus

    file = OggOpus(path)
    assert file.tags is not None
    values = {
        "TITLE": tags.title,
        "ALBUM": tags.title,
        "DATE": tags.edition_date,
        "GENRE": _GENRE,
        "LANGUAGE": tags.language_code,
        "ENCODER": tags.software,
        "ARTIST": tags.publisher,
        "PUBLISHER": tags.publisher,
        "LYRICS": tags.lyrics,
    }
    for key, value in values.items():
        if value:
            file.tags[key] = value
    for number, chapter in enumerate(tags.chapters):
        milliseconds = round(chapter.start_s * 1000)
        minutes, rest = divmod(milliseconds, 60_000)
        hours, minutes = divmod(minutes, 60)
        at = f"{hours:02}:{minutes:02}:{rest // 1000:02}.{rest % 1000:03}"
        file.tags[f"CHAPTER{number:03}"] = at
        file.tags[f"CHAPTER{number:03}NAME"] = chapter.title
    if tags.cover:
        picture = Picture()
        picture.data, picture.mime, picture.type = tags.cover, tags.cover_type, _FRONT_COVER
        file.tags["METADATA_BLOCK_PICTURE"] = base64.b64encode(picture.write()).decode()
    file.save(padding=lambda _: 0)
