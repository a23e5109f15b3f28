"""What the page shows: the briefings, their articles, the text and its marks."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from briefing.config import Config
from briefing.desk.answers import json_answer
from briefing.desk.changes import changed_paragraphs
from briefing.desk.gate import language_of
from briefing.desk.library import Desk, Row
from briefing.desk.page import assemble_page
from briefing.desk.state import DeskState, lexicon_of
from briefing.errors import BriefingError
from briefing.schedule.cron import timetable
from briefing.shelf.build_history import read_builds
from briefing.shelf.state_files import state_folder
from briefing.sources import Article
from briefing.text.normalisation.lexicon import Lexicon
from briefing.text.normalisation.lexicon_writing import lexicon_digest

__all__ = ["Showing"]


@dataclass
class Showing:
    """Answers what the page shows."""

    state: DeskState
    _counts: dict[str, tuple[object, int | None]] = field(default_factory=dict)

    async def page(self, request: Request) -> Response:
        """Return the page without content, which tells what is wrong with a configuration."""
        try:
            desks = await run_in_threadpool(self.state.library.desks)
            language = _interface(desks[0].config, request)
        except BriefingError:
            language = language_of(request.headers)
        page = assemble_page(language)
        return HTMLResponse(page.html, headers={"Content-Security-Policy": page.csp})

    async def desk(self, request: Request) -> Response:
        """Return the briefings and their articles."""
        return json_answer(await run_in_threadpool(self._desk, request))

    def _desk(self, request: Request) -> dict[str, Any]:
        desks = self.state.library.desks()
        return {
            "language": _interface(desks[0].config, request),
            "briefings": [self._briefing(desk) for desk in desks],
        }

    def _briefing(self, desk: Desk) -> dict[str, Any]:
        config = desk.config
        lexicon, problem = lexicon_of(config)
        head = desk.edition.head if desk.edition else None
        return {
            "name": desk.name,
            "title": config.title,
            "voice": _voice(config),
            "lexicon": {
                "name": config.lexicon_file.name,
                "digest": lexicon_digest(config.lexicon_file),
            },
            "schedule": _schedule(config),
            "edition": {"day": head["edition_date"], "address": head["audio"]["file"]}
            if head
            else None,
            "changed": self._count_changed(desk, lexicon),
            "problem": desk.problem or problem or None,
            "articles": [self._row(desk, lexicon, row) for row in desk.rows],
        }

    def _count_changed(self, desk: Desk, lexicon: Lexicon) -> int | None:
        """Return how many paragraphs changed; counted anew only if something did."""
        state = (desk, lexicon_digest(desk.config.lexicon_file))
        if self._counts.get(desk.name, (None, None))[0] != state:
            self._counts[desk.name] = (state, changed_paragraphs(desk, lexicon))
            articles = [row.article for row in desk.rows if row.article is not None]
            self.state.marks.sweep(desk.config, articles)
        return self._counts[desk.name][1]

    def _row(self, desk: Desk, lexicon: Lexicon, row: Row) -> dict[str, Any]:
        unsure = None
        if row.article is not None:
            stamp = self.state.marks.stamp(desk.config, lexicon, row.article, row.digest)
            reviewed = self.state.reviewed_of(desk.config)
            unsure = self.state.marks.unsure(desk.config, row.article, stamp, reviewed)
        return {
            "title": row.title,
            "file": row.file,
            "digest": row.digest,
            "state": row.state,
            "why": row.why,
            "left_out": row.left_out,
            "unsure": unsure,
        }

    async def text(self, request: Request) -> Response:
        """Return the text of an article, quickly, without models."""
        desk, row, article = await run_in_threadpool(self.state.place, request.path_params)
        texts = desk.paragraphs(article)
        paragraphs = [
            {"kind": kind, "sentences": [{"text": text}]}
            for kind, text in zip(_kinds(article, len(texts)), texts, strict=True)
        ]
        return json_answer(_article(row, paragraphs))

    async def article_marks(self, request: Request) -> Response:
        """Return the text of an article with its words marked."""
        desk, row, article = await run_in_threadpool(self.state.place, request.path_params)
        marks = await self.state.marks_of(desk, row, article)
        self.state.marks.remember_answer(row.digest, marks)
        reviewed = self.state.reviewed_of(desk.config).of(article.key)
        paragraphs = [
            {"kind": kind, "sentences": [_with_reviewed(row, reviewed) for row in sentences]}
            for kind, sentences in zip(_kinds(article, len(marks)), marks, strict=True)
        ]
        return json_answer(_article(row, paragraphs))


def _article(row: Row, paragraphs: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "title": row.title,
        "digest": row.digest,
        "direction": "rtl",
        "paragraphs": paragraphs,
    }


def _kinds(article: Article, count: int) -> list[str]:
    """Return the kind of each spoken paragraph: title, paragraph, heading, item, byline …."""
    above = 1 if article.title else 0
    kinds = ["title"] * above
    for index in range(count - above):
        own = article.kind_of(index)
        is_byline = index >= len(article.paragraphs)
        kinds.append("byline" if is_byline else "paragraph" if own == "p" else own)
    return kinds


def _with_reviewed(
    sentence: dict[str, Any], reviewed: frozenset[tuple[str, int]]
) -> dict[str, Any]:
    """Return a sentence in which the words that were reviewed are marked so."""
    if not reviewed:
        return sentence
    digest = sentence["digest"]
    tokens = [
        {**token, "reviewed": (digest, token["start"]) in reviewed} for token in sentence["tokens"]
    ]
    return {**sentence, "tokens": tokens}


def _interface(config: Config, request: Request) -> str:
    """Return the page's language: the configuration's, else the browser's."""
    chosen = config.page.interface
    return language_of(request.headers) if chosen == "auto" else chosen


def _voice(config: Config) -> dict[str, Any]:
    """Return the voice that is asked first."""
    from briefing.speech.voices import voices_of

    try:
        voice = voices_of(config, None, config.open_cache())[0]
    except BriefingError:
        return {"name": config.voice, "online": False}
    return {"name": voice.name, "online": voice.online}


def _schedule(config: Config) -> dict[str, Any]:
    """Return when the last build ended, when the next is due, and why the last failed."""
    last = read_builds(state_folder(config.shelf_folder), config.output.name).last
    table = timetable(config)
    due = table.after(datetime.datetime.now(datetime.UTC)).astimezone(table.zone)
    return {
        "last": last.ended.isoformat() if last else None,
        "next": due.isoformat(),
        "error": last.message or None if last and not last.good else None,
    }
