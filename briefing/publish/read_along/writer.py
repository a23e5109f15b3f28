"""An edition's paragraphs and sound -> its book, an EPUB file that is written as a stream."""

from __future__ import annotations

import datetime
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

from briefing.config import Config
from briefing.publish.read_along.archive import Archive
from briefing.publish.read_along.documents import Document, DocumentWriter
from briefing.publish.read_along.markup import STYLE, language_tag
from briefing.publish.read_along.package import (
    CONTAINER,
    NAVIGATION,
    PACKAGE,
    STYLESHEET,
    Facts,
    navigation,
    package,
)
from briefing.publish.read_along.spans import label
from briefing.shelf.sidecar import Contents, Paragraph
from briefing.speech.voice import Voice

__all__ = ["BookWriter", "book_facts"]

_SOUND_TYPES = {".mp3": "audio/mpeg", ".m4b": "audio/mp4"}
"""EPUB 3.3, 3.2 (core media types)."""
_SOUND_FILES = {".mp3": "sound.mp3", ".m4b": "sound.m4a"}
_PNG = b"\x89PNG"


def book_facts(
    config: Config, edition_date: str, voice: Voice, sound_ending: str, cover: bytes
) -> Facts:
    """Return what the book of an edition says of itself.

    sound_ending: ".mp3" or ".m4b". cover: a PNG or JPEG file.
    """
    is_png = cover.startswith(_PNG)
    return Facts(
        name=config.output.name,
        title=label(config.title, config.output.name),
        language=language_tag(config.language),
        edition_date=edition_date,
        publisher=label(config.publisher, ""),
        voice=label(f"{voice.name} {voice.speaker}", voice.name),
        sound=_SOUND_FILES[sound_ending],
        sound_type=_SOUND_TYPES[sound_ending],
        cover="cover.png" if is_png else "cover.jpg",
        cover_type="image/png" if is_png else "image/jpeg",
    )


class BookWriter(AbstractContextManager["BookWriter"]):
    """Writes a book: first its paragraphs in order, then the sound."""

    def __init__(self, path: Path, facts: Facts, listed: Contents) -> None:
        """Create the file. listed: the sidecar's chapters and sections. Raises OSError."""
        self._facts = facts
        self._archive = Archive(path, datetime.date.fromisoformat(facts.edition_date))
        self._archive.add_text("META-INF/container.xml", CONTAINER)
        self._documents: list[Document] = []
        """The documents that were written, without their texts and overlays."""
        self._writer = DocumentWriter(facts.edition_title, facts.language, listed, facts.sound)

    def __exit__(self, *problem: object) -> None:
        self._archive.__exit__(*problem)

    def add(self, paragraph: Paragraph) -> None:
        """Write the next paragraph of the sidecar. Raises OSError."""
        self._write(self._writer.add(paragraph))

    def finish(self, sound: Path, cover: bytes) -> None:
        """Write everything else. sound: the finished file. Raises OSError."""
        self._write(self._writer.finish())
        headings = [heading for document in self._documents for heading in document.headings]
        self._archive.add_text(f"EPUB/{NAVIGATION}", navigation(self._facts, headings))
        self._archive.add_text(f"EPUB/{STYLE}", STYLESHEET)
        self._archive.add_text(f"EPUB/{PACKAGE}", package(self._facts, self._documents))
        self._archive.add_bytes(f"EPUB/{self._facts.cover}", cover)
        self._archive.add_file(f"EPUB/{self._facts.sound}", sound)

    def _write(self, document: Document | None) -> None:
        if document is None:
            return
        self._archive.add_text(f"EPUB/{document.name}.xhtml", document.text)
        if document.overlay:
            self._archive.add_text(f"EPUB/{document.name}.smil", document.overlay)
        self._documents.append(replace(document, text="", overlay=""))
