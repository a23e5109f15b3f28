"""Documents that were read -> articles, with the kinds of paragraphs that the settings ask for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from briefing.config import Config, Text
from briefing.errors import SourceError
from briefing.sources.article import Article
from briefing.sources.documents.document import NO_HINTS, Document, Hints, Paragraph
from briefing.sources.documents.embargo import is_held
from briefing.sources.documents.kinds import Kind, missing_extra
from briefing.sources.documents.store import DocumentStore
from briefing.sources.garbled import repair_lines, robbery

__all__ = ["KindError", "Reading", "article_of", "read_articles", "require_reader"]


class KindError(SourceError):
    """Why no document of a kind can be read. It is reported once for all of them."""


@dataclass(frozen=True, slots=True)
class Reading:
    """An article, and whether an edition may read it."""

    article: Article
    is_draft: bool = False
    embargo: str = ""
    """ISO 8601: not to be read before; "" where it may be read."""

    @property
    def is_due(self) -> bool:
        """Whether an edition may read it now."""
        return not self.is_draft and not self.embargo


def read_articles(
    data: bytes,
    path: str,
    sha256: str,
    kind: Kind,
    config: Config,
    documents: DocumentStore,
    hints: Hints = NO_HINTS,
) -> list[Reading]:
    """Return the articles of a document. Raise SourceError with what is wrong and what to do.

    path: the document's path as in `Article`. hints: for a document that was fetched.
    """
    require_reader(kind)
    read = documents.read(data, path, kind, hints)
    readings = []
    for number, document in enumerate(read, 1):
        key = document.key or document.url or (path if len(read) == 1 else f"{path}#{number}")
        article = article_of(document, path, sha256, key, config.text)
        embargo = document.publish if is_held(document.publish, config) else ""
        readings.append(Reading(article, document.draft, embargo))
    return readings


def require_reader(kind: Kind) -> None:
    """Raise KindError where what reads a kind of document is not installed."""
    if extra := missing_extra(kind):
        raise KindError(
            f'needs more than is installed; run: python3 -m pip install "briefing[{extra}]"'
        )


def article_of(document: Document, path: str, sha256: str, key: str, settings: Text) -> Article:
    """Return a document as an article, with the paragraphs that the settings ask for."""
    chosen = _chosen(document.paragraphs, settings)
    title, *texts = map(repair_lines, (document.title, *(part.text for part in chosen)))
    why = {
        number: reason for number, text in enumerate((title, *texts)) if (reason := robbery(text))
    }
    paragraphs = [
        replace(paragraph, text=text)
        for number, (paragraph, text) in enumerate(zip(chosen, texts, strict=True), 1)
        if number not in why
    ]
    return Article(
        title="" if 0 in why else title,
        byline=document.byline,
        paragraphs=tuple(paragraph.text for paragraph in paragraphs),
        path=path,
        sha256=sha256,
        kinds=tuple(paragraph.kind for paragraph in paragraphs),
        url=document.url,
        date=document.date,
        section=document.section,
        order=document.order,
        key=key,
        robbed=tuple(
            (f"paragraph {number}" if number else "title", reason) for number, reason in why.items()
        ),
    )


def _chosen(paragraphs: Sequence[Paragraph], settings: Text) -> list[Paragraph]:
    """Return the paragraphs that are read, without headings that only notes or pictures follow."""
    chosen: list[Paragraph] = []
    has_unread = False
    for paragraph in (*paragraphs, None):
        if paragraph is None or paragraph.kind == "heading":
            if has_unread and chosen and chosen[-1].kind == "heading":
                chosen.pop()
            has_unread = False
        if paragraph is not None and _is_read(paragraph, settings):
            chosen.append(paragraph)
        else:
            has_unread = True
    return chosen


def _is_read(paragraph: Paragraph, settings: Text) -> bool:
    """Return whether the settings ask for a paragraph of its kind."""
    optional = {
        "caption": settings.read_captions,
        "alt": settings.read_alt,
        "note": settings.read_notes,
        "code": settings.read_code,
    }
    return optional.get(paragraph.kind, True)
