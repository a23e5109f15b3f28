"""What a running desk knows: its briefings, the marks of their articles, the words reviewed.

Articles, paragraphs, sentences and words are named by their places in lists, never by a path.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

from starlette.concurrency import run_in_threadpool

from briefing.config import Config
from briefing.desk import editing
from briefing.desk.answers import Refused
from briefing.desk.builds import Builds
from briefing.desk.library import Desk, Library, Row
from briefing.desk.marks import Marks, MarksFolder, Reviewed
from briefing.desk.requests import Body
from briefing.desk.speaking import ArticleText, Passage
from briefing.desk.worker import AHEAD, Worker
from briefing.errors import ConfigError
from briefing.sources import Article
from briefing.text.normalisation.lexicon import Lexicon, Place, configured_lexicon, parse_lexicon

__all__ = ["LOCK_WAIT_S", "DeskState", "check_paragraph", "desk_at", "lexicon_of", "text_of"]

LOCK_WAIT_S = 10.0
_BUILD_FIRST_S = 8
"""For how long a build comes before the marks of an article."""


@dataclass
class DeskState:
    """The briefings, what is known of their articles, and who reads and builds them."""

    library: Library
    worker: Worker
    builds: Builds = field(default_factory=Builds)
    marks: MarksFolder = field(default_factory=MarksFolder)
    _reviewed: dict[str, Reviewed] = field(default_factory=dict)
    _reading: dict[str, asyncio.Task[Marks]] = field(default_factory=dict)

    def place(self, place: dict[str, Any]) -> tuple[Desk, Row, Article]:
        """Return the article at its place. Raise Refused."""
        desk = desk_at(self.library.desks(), place["briefing"])
        index = place["article"]
        if not 0 <= index < len(desk.rows):
            raise Refused(404, "no_such_article")
        row = desk.rows[index]
        if row.article is None:
            raise Refused(404, "no_such_article")
        return desk, row, row.article

    def place_in(self, body: Body) -> tuple[Desk, Row, Article]:
        """Return the article that a request names, if it is still the same. Raise Refused."""
        place = {"briefing": body.index("briefing"), "article": body.index("article")}
        digest = body.text("digest")
        try:
            desk, row, article = self.place(place)
        except Refused:
            raise Refused(409, "article_changed", {"reason": "article changed"}) from None
        if row.digest != digest:
            raise Refused(409, "article_changed", {"reason": "article changed"})
        return desk, row, article

    async def word(self, desk: Desk, row: Row, article: Article, passage: Passage) -> editing.Word:
        """Return the word that a request names. Raise Refused if there is none."""
        # what the page saw, and no wait for paragraphs that another reading changed meanwhile
        marks = self.marks.latest(row.digest) or await self.marks_of(desk, row, article)
        try:
            sentence = marks[passage.paragraph][passage.sentence]
            token = sentence["tokens"][passage.first or 0]
        except IndexError:
            raise Refused(404, "no_such_word") from None
        written = " ".join(token["written"].split())
        place = Place(sentence["digest"], token["start"], written)
        return editing.Word(article, place, token["reading"])

    async def marks_of(self, desk: Desk, row: Row, article: Article) -> Marks:
        """Return the marks of an article, which are made if they are not there."""
        config = desk.config
        lexicon = (await run_in_threadpool(lexicon_of, config))[0]
        stamp = await run_in_threadpool(self.marks.stamp, config, lexicon, article, row.digest)
        marks = await run_in_threadpool(self.marks.get, config, article, stamp)
        if marks is not None:
            return marks
        if stamp not in self._reading:
            task = asyncio.create_task(self._read_marks(desk, article, stamp))
            task.add_done_callback(lambda _: self._reading.pop(stamp, None))
            self._reading[stamp] = task
        return await asyncio.shield(self._reading[stamp])

    async def _read_marks(self, desk: Desk, article: Article, stamp: str) -> Marks:
        text = text_of(desk, article)
        await self._wait_for_build()
        marks = [
            await self.worker.call("marks", desk.config, text, index, priority=AHEAD)
            for index in range(len(text.paragraphs))
        ]
        await run_in_threadpool(self.marks.put, desk.config, article, stamp, marks)
        return marks

    async def _wait_for_build(self) -> None:
        """Let a build that runs read what changed first: then it is in the cache for both."""
        for _ in range(_BUILD_FIRST_S * 10):
            if self.builds.state != "running":
                return
            await asyncio.sleep(0.1)

    def reviewed_of(self, config: Config) -> Reviewed:
        """Return the words of a briefing that were reviewed."""
        key = f"{config.shelf_folder} {config.output.name}"
        return self._reviewed.setdefault(key, Reviewed(config))


def desk_at(desks: tuple[Desk, ...], index: int) -> Desk:
    """Return the briefing at its place. Raise Refused if there is none."""
    if not 0 <= index < len(desks):
        raise Refused(404, "no_such_article")
    return desks[index]


def text_of(desk: Desk, article: Article) -> ArticleText:
    """Return an article as the worker reads it."""
    return ArticleText(article.key, tuple(desk.paragraphs(article)), bool(article.title))


def check_paragraph(text: ArticleText, passage: Passage) -> None:
    """Raise Refused if the text has no such paragraph."""
    if passage.paragraph >= len(text.paragraphs):
        raise Refused(404, "no_such_word")


def lexicon_of(config: Config) -> tuple[Lexicon, str]:
    """Return the lexicon, and what is wrong with the user's file, "" for nothing."""
    try:
        return configured_lexicon(config), ""
    except ConfigError as error:
        return parse_lexicon("", ""), str(error)
