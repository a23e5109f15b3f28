"""Paragraphs of the sidecar -> the documents of a book, and the overlay of each.

A document is an article, a section's heading, or what is said before the first article. A long
article is divided between paragraphs, because reading systems are slow with long documents. The
forms are those of W3C, EPUB 3.3: 6 (content documents) and 9 (media overlays).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

from briefing.publish.read_along.markup import clock_value, xhtml
from briefing.publish.read_along.spans import Span, label, spans
from briefing.shelf.sidecar import Contents, Paragraph

__all__ = ["Document", "DocumentWriter", "Heading"]

LONGEST = 4000
"""Pieces of text in a document, about 300 kB, which old devices can still show."""
_OVERLAY = """\
<?xml version="1.0" encoding="UTF-8"?>
<smil xmlns="http://www.w3.org/ns/SMIL" xmlns:epub="http://www.idpf.org/2007/ops" version="3.0">
<body epub:textref="{name}.xhtml">
{sequences}</body>
</smil>
"""


@dataclass(frozen=True, slots=True)
class Heading:
    """An entry of the table of contents."""

    level: int
    """0 for the outermost."""
    title: str
    address: str


@dataclass(frozen=True, slots=True)
class Document:
    """A document of the book with its overlay."""

    name: str
    """Of its files, without their endings."""
    text: str
    """XHTML."""
    overlay: str
    """SMIL; "" if nothing of the document is heard."""
    duration_ms: int
    """The sum of its clips; 0 if there is no overlay."""
    headings: tuple[Heading, ...]


@dataclass(slots=True)
class _Draft:
    """A document that is being written."""

    name: str
    title: str
    kind: str
    """Its epub:type; "" if it continues the document before it."""
    chapter: int | None
    level: int
    text: list[str] = field(default_factory=list)
    sequences: list[str] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    paragraphs: int = 0
    sentences: int = 0
    pieces: int = 0
    duration_ms: int = 0


class DocumentWriter:
    """Writes documents, a paragraph at a time. In memory is only the one that is being written."""

    def __init__(self, title: str, language: str, listed: Contents, sound: str) -> None:
        """title: of the edition. language: a well-formed tag. sound: the sound's file name.

        listed: the sidecar's chapters and sections.
        """
        self._title = title
        self._language = language
        self._chapters = listed["chapters"]
        sections = listed.get("sections", ())
        self._in_sections = {place for section in sections for place in section["chapters"]}
        self._sound = sound
        self._draft: _Draft | None = None
        self._documents = 0

    def add(self, paragraph: Paragraph) -> Document | None:
        """Write the next paragraph of the sidecar; return the document before it if it is complete.

        A paragraph without visible text is left out.
        """
        sentences = [pieces for row in paragraph["sentences"] if (pieces := spans(row))]
        if not sentences:
            return None
        kind, chapter = paragraph.get("kind", "p"), paragraph["chapter"]
        draft, complete = self._draft, None
        if draft is None or kind == "section" or draft.kind == "part" or chapter != draft.chapter:
            complete = self.finish()
            tag = self._begin(kind, chapter, sentences)
        else:
            tag = "h2" if kind == "heading" else "p"
            if draft.pieces >= LONGEST:
                complete = self.finish()
                self._draft = self._new_draft(draft.title, "", chapter, draft.level)
        self._write(tag, kind, sentences)
        return complete

    def finish(self) -> Document | None:
        """Return the document that was being written; None if there was none."""
        draft, self._draft = self._draft, None
        if draft is None:
            return None
        kind = f' epub:type="{draft.kind}" role="doc-{draft.kind}"' if draft.kind else ""
        body = f"<section{kind}>\n{''.join(draft.text)}</section>\n"
        overlay = ""
        if draft.sequences:
            overlay = _OVERLAY.format(name=draft.name, sequences="".join(draft.sequences))
        return Document(
            draft.name,
            xhtml(draft.title, body, self._language),
            overlay,
            draft.duration_ms,
            tuple(draft.headings),
        )

    def _new_draft(self, title: str, kind: str, chapter: int | None, level: int) -> _Draft:
        self._documents += 1
        return _Draft(f"text-{self._documents:04}", title, kind, chapter, level)

    def _begin(self, kind: str, chapter: int | None, sentences: Sequence[Sequence[Span]]) -> str:
        """Begin a document; return the element of its first paragraph, which may be its heading."""
        spoken = " ".join(map(_text, sentences))
        if kind == "section":
            title, role, level = label(spoken, self._title), "part", 0
        elif chapter is None:
            title, role, level = self._title, "introduction", 0
        else:
            title = label(self._chapters[chapter]["title"], self._title)
            role, level = "chapter", int(chapter in self._in_sections)
        draft = self._draft = self._new_draft(title, role, chapter, level)
        draft.headings.append(Heading(level, title, f"{draft.name}.xhtml"))
        if "".join(title.split()) == "".join(spoken.split()):
            return "h1"
        draft.text.append(f"<h1>{escape(title)}</h1>\n")
        return "h2" if kind == "heading" else "p"

    def _write(self, tag: str, kind: str, sentences: Sequence[Sequence[Span]]) -> None:
        draft = self._draft
        assert draft is not None
        draft.paragraphs += 1
        name = f"p{draft.paragraphs}"
        if tag == "h2":
            title = label(" ".join(map(_text, sentences)), draft.title)
            draft.headings.append(Heading(draft.level + 1, title, f"{draft.name}.xhtml#{name}"))
        rows = [self._sentence(draft, pieces) for pieces in sentences]
        text = f'<{tag} id="{name}">{" ".join(row for row, _ in rows)}</{tag}>\n'
        draft.text.append(f"<blockquote>{text}</blockquote>\n" if kind == "quote" else text)
        if sequences := "".join(sequence for _, sequence in rows):
            address = f"{draft.name}.xhtml#{name}"
            draft.sequences.append(f'<seq epub:textref="{address}">\n{sequences}</seq>\n')

    def _sentence(self, draft: _Draft, pieces: Sequence[Span]) -> tuple[str, str]:
        """Return a sentence as XHTML and as SMIL."""
        draft.sentences += 1
        name = f"s{draft.sentences}"
        text, sequence = [], []
        for piece in pieces:
            draft.pieces += 1
            word = f"w{draft.pieces}" if len(pieces) > 1 else name
            written = escape(piece.text)
            text.append(f'{piece.space}<span id="{word}">{written}</span>')
            if piece.clip is not None:
                draft.duration_ms += piece.clip.end_ms - piece.clip.begin_ms
                sequence.append(
                    f'<par><text src="{draft.name}.xhtml#{word}"/><audio src="{self._sound}"'
                    f' clipBegin="{clock_value(piece.clip.begin_ms)}"'
                    f' clipEnd="{clock_value(piece.clip.end_ms)}"/></par>\n'
                )
        if len(pieces) == 1:
            return text[0], sequence[0] if sequence else ""
        words = "".join(sequence)
        return (
            f'<span id="{name}">{"".join(text)}</span>',
            f'<seq epub:textref="{draft.name}.xhtml#{name}">\n{words}</seq>\n',
        )


def _text(pieces: Sequence[Span]) -> str:
    return "".join(piece.space + piece.text for piece in pieces)
