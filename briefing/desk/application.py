"""The desk as a web application: what the page asks, and what it is answered.

Articles, paragraphs, sentences and words are named by their places in lists, never by a path. What
takes time is done in threads and in the worker, so that the next request is answered meanwhile.
"""

from __future__ import annotations

import asyncio
import datetime
import errno
import json
import secrets
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from briefing.config import Config
from briefing.desk import editing
from briefing.desk.adding import BadName, add_article, largest_article
from briefing.desk.builds import Builds
from briefing.desk.changes import changed_paragraphs
from briefing.desk.gate import Gate, TooLarge, language_of, refusal
from briefing.desk.library import Desk, Library, Row
from briefing.desk.marks import Marks, MarksFolder, Reviewed
from briefing.desk.messages import message
from briefing.desk.page import assemble_page
from briefing.desk.requests import BadRequest, Body, read_body
from briefing.desk.speaking import ArticleText, AskFirst, Override, Passage
from briefing.desk.worker import AHEAD, Replaced, Worker
from briefing.errors import BriefingError, ConfigError, ShelfError, SourceError, UsageError
from briefing.schedule.cron import timetable
from briefing.shelf.build_history import read_builds
from briefing.shelf.left_out import left_out_keys, write_left_out
from briefing.shelf.lock import Busy, lock
from briefing.shelf.sidecar_reader import paragraphs as sidecar_paragraphs
from briefing.shelf.state_files import state_folder
from briefing.sources import Article
from briefing.text.normalisation.lexicon import Lexicon, Place, configured_lexicon, parse_lexicon
from briefing.text.normalisation.lexicon_writing import (
    Change,
    LexiconChanged,
    lexicon_digest,
    undo_change,
    write_reading,
)

__all__ = ["DeskApplication"]

_MOST_UNDONE = 200
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_FORBIDDEN = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
_LOCK_WAIT_S = 10.0
_BUILD_FIRST_S = 8
"""For how long a build comes before the marks of an article."""


class _Refused(Exception):
    """A request that cannot be done."""

    def __init__(self, status: int, key: str, extra: dict[str, Any] | None = None, **facts: object):
        super().__init__(key)
        self.status, self.key, self.facts = status, key, facts
        self.extra = extra or {}


@dataclass
class DeskApplication:
    """The state of a running desk."""

    library: Library
    worker: Worker
    builds: Builds = field(default_factory=Builds)
    marks: MarksFolder = field(default_factory=MarksFolder)
    _reviewed: dict[str, Reviewed] = field(default_factory=dict)
    _changes: OrderedDict[str, tuple[Config, Change]] = field(default_factory=OrderedDict)
    _counts: dict[str, tuple[object, int | None]] = field(default_factory=dict)
    _reading: dict[str, asyncio.Task[Marks]] = field(default_factory=dict)

    def app(self, port: int, is_token: Callable[[str], bool]) -> Gate:
        """Return the application behind its gate."""
        posts: dict[str, Callable[[Body], Awaitable[Response]]] = {
            "candidates": self.candidates,
            "sound": self.sound,
            "readings": self.write,
            "undo": self.undo,
            "reviewed": self.review,
            "articles": self.add,
            "leave_out": self.leave_out,
            "build": self.build,
            "edition_sound": self.edition_sound,
        }
        place = "/api/articles/{briefing:int}/{article:int}"
        gets = {
            "/": self.page,
            "/api/desk": self.desk,
            "/api/build": self.build_state,
            f"{place}/text": self.text,
            f"{place}/marks": self.article_marks,
        }
        routes = [Route(path, _answering(answer)) for path, answer in gets.items()]
        routes += [
            Route(f"/api/{name}", _answering(partial(_with_body, answer)), methods=["POST"])
            for name, answer in posts.items()
        ]
        starlette = Starlette(routes=routes, exception_handlers={404: _nothing, 405: _nothing})
        return Gate(starlette, port, is_token, self._limit)

    def _limit(self, path: str) -> int | None:
        if path != "/api/articles":
            return None
        try:
            desks = self.library.desks()
        except BriefingError:
            return None
        most = max(largest_article(desk.config) for desk in desks)
        return most * 4 // 3 + 10_000

    # -- what the page shows

    async def page(self, request: Request) -> Response:
        """Return the page without content."""
        desks = await run_in_threadpool(self.library.desks)
        page = assemble_page(_interface(desks[0].config, request))
        return HTMLResponse(page.html, headers={"Content-Security-Policy": page.csp})

    async def desk(self, request: Request) -> Response:
        """Return the briefings and their articles."""
        return _json(await run_in_threadpool(self._desk, request))

    def _desk(self, request: Request) -> dict[str, Any]:
        desks = self.library.desks()
        return {
            "language": _interface(desks[0].config, request),
            "briefings": [self._briefing(desk) for desk in desks],
        }

    def _briefing(self, desk: Desk) -> dict[str, Any]:
        config = desk.config
        lexicon, problem = _lexicon(config)
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
            self.marks.sweep(desk.config, articles)
        return self._counts[desk.name][1]

    def _row(self, desk: Desk, lexicon: Lexicon, row: Row) -> dict[str, Any]:
        unsure = None
        if row.article is not None:
            stamp = self.marks.stamp(desk.config, lexicon, row.article, row.digest)
            reviewed = self._reviewed_of(desk.config)
            unsure = self.marks.unsure(desk.config, row.article, stamp, reviewed)
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
        desk, row, article = await run_in_threadpool(self._place, request.path_params)
        texts = desk.paragraphs(article)
        paragraphs = [
            {"kind": kind, "sentences": [{"text": text}]}
            for kind, text in zip(_kinds(article, len(texts)), texts, strict=True)
        ]
        return _json(_article(row, paragraphs))

    async def article_marks(self, request: Request) -> Response:
        """Return the text of an article with its words marked."""
        desk, row, article = await run_in_threadpool(self._place, request.path_params)
        marks = await self._marks(desk, row, article)
        self.marks.remember_answer(row.digest, marks)
        reviewed = self._reviewed_of(desk.config).of(article.key)
        paragraphs = [
            {"kind": kind, "sentences": [_with_reviewed(row, reviewed) for row in sentences]}
            for kind, sentences in zip(_kinds(article, len(marks)), marks, strict=True)
        ]
        return _json(_article(row, paragraphs))

    async def _marks(self, desk: Desk, row: Row, article: Article) -> Marks:
        """Return the marks of an article, which are made if they are not there."""
        config = desk.config
        lexicon = (await run_in_threadpool(_lexicon, config))[0]
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
        text = _text_of(desk, article)
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

    # -- words

    async def candidates(self, body: Body) -> Response:
        """Return the readings that a word may have, and where each scope applies."""
        desk, row, article = await run_in_threadpool(self._place_in, body)
        passage = Passage(body.index("paragraph"), body.index("sentence"), body.index("token"))
        text = _text_of(desk, article)
        _check_paragraph(text, passage)
        token, readings = await self.worker.call("candidates", desk.config, text, passage)
        word = await self._word(desk, row, article, passage)
        readings_there = {candidate["reading"] for candidate in readings}
        for reading in self.marks.elsewhere(token["written"]):
            if reading not in readings_there and len(readings) < 4:
                readings.append({"reading": reading, "origin": "elsewhere"})
        places = await run_in_threadpool(editing.places_of, word, desk)
        return _json(
            {
                "written": token["written"],
                "reading": token["reading"],
                "candidates": readings,
                "places": places,
            }
        )

    async def sound(self, body: Body) -> Response:
        """Return the sound of a sentence or a part of it, with another reading if there is one."""
        desk, _, article = await run_in_threadpool(self._place_in, body)
        first, last = body.optional_index("from_token"), body.optional_index("to_token")
        passage = Passage(body.index("paragraph"), body.index("sentence"), first, last)
        reading = body.object("reading")
        override = Override(reading.index("token"), reading.text("reading")) if reading else None
        text = _text_of(desk, article)
        _check_paragraph(text, passage)
        sound, starts = await self.worker.call(
            "sound", desk.config, text, passage, override, body.flag("agreed"), alone=True
        )
        headers = {"X-Word-Starts": json.dumps(starts)}
        return Response(sound, media_type="audio/wav", headers=headers)

    async def write(self, body: Body) -> Response:
        """Write a reading into the lexicon."""
        desk, row, article = await run_in_threadpool(self._place_in, body)
        passage = Passage(body.index("paragraph"), body.index("sentence"), body.index("token"))
        scope = body.text("scope")
        if scope not in editing.SCOPES:
            raise BadRequest('"scope"')
        reading, digest = body.text("reading"), body.optional_text("lexicon_digest")
        word = await self._word(desk, row, article, passage)
        return await run_in_threadpool(self._write, desk, word, reading, scope, digest)

    def _write(
        self, desk: Desk, word: editing.Word, reading: str, scope: editing.Scope, digest: str | None
    ) -> Response:
        config = desk.config
        lexicon = configured_lexicon(config)
        change = write_reading(
            config.lexicon_file,
            editing.line_of(word, scope),
            editing.reading_for(word, reading, scope),
            digest,
            locks=config.output_folder,
            removed=editing.narrower_lines(word, scope, lexicon),
        )
        number = secrets.token_hex(8)
        self._changes[number] = (config, change)
        while len(self._changes) > _MOST_UNDONE:
            self._changes.popitem(last=False)
        places, articles = editing.count_applied(scope, editing.places_of(word, desk))
        return _json(
            {
                "lexicon_digest": change.digest,
                "places": places,
                "articles": articles,
                "undo": number,
            }
        )

    async def undo(self, body: Body) -> Response:
        """Undo a reading that was written by this desk."""
        number, digest = body.text("undo"), body.optional_text("lexicon_digest")
        if number not in self._changes:
            raise _Refused(404, "nothing_to_undo")
        config, change = self._changes[number]
        now = await run_in_threadpool(
            undo_change, config.lexicon_file, change, digest, locks=config.output_folder
        )
        self._changes.pop(number, None)
        return _json({"lexicon_digest": now})

    async def review(self, body: Body) -> Response:
        """Write down that a word was reviewed, or was not."""
        desk, row, article = await run_in_threadpool(self._place_in, body)
        passage = Passage(body.index("paragraph"), body.index("sentence"), body.index("token"))
        reviewed = body.flag("reviewed")
        word = await self._word(desk, row, article, passage)

        def write() -> None:
            with lock(desk.config.shelf_folder, f"desk.{desk.name}", _LOCK_WAIT_S):
                place = (word.place.digest, word.place.start)
                self._reviewed_of(desk.config).mark(article.key, place, reviewed)

        await run_in_threadpool(write)
        return _json({})

    async def _word(self, desk: Desk, row: Row, article: Article, passage: Passage) -> editing.Word:
        """Return the word that a request names. Raise _Refused if there is none."""
        # what the page saw, and no wait for paragraphs that another reading changed meanwhile
        marks = self.marks.latest(row.digest) or await self._marks(desk, row, article)
        try:
            sentence = marks[passage.paragraph][passage.sentence]
            token = sentence["tokens"][passage.first or 0]
        except IndexError:
            raise _Refused(404, "no_such_word") from None
        written = " ".join(token["written"].split())
        place = Place(sentence["digest"], token["start"], written)
        return editing.Word(article, place, token["reading"])

    # -- articles

    async def add(self, body: Body) -> Response:
        """Write an article into the folder of the sources."""
        desks = await run_in_threadpool(self.library.desks)
        desk = _desk_at(desks, body.index("briefing"))
        name, data = body.text("name"), body.content()
        try:
            file = await run_in_threadpool(add_article, desk.config, name, data)
        except BadName as error:
            raise _Refused(400, "bad_name", name=name[:80], why=error) from None
        except SourceError as error:
            raise _Refused(400, "failed", why=error) from None
        return _json({"file": file})

    async def leave_out(self, body: Body) -> Response:
        """Leave an article out of the next edition, or put it back."""
        desk, _, article = await run_in_threadpool(self._place_in, body)
        out = body.flag("out")

        def write() -> None:
            shelf, name = desk.config.shelf_folder, desk.name
            with lock(shelf, f"desk.{name}", _LOCK_WAIT_S):
                keys = left_out_keys(shelf, name)
                write_left_out(shelf, name, keys | {article.key} if out else keys - {article.key})

        await run_in_threadpool(write)
        return _json({})

    # -- editions

    async def build(self, body: Body) -> Response:
        """Start a build."""
        desks = await run_in_threadpool(self.library.desks)
        desk = _desk_at(desks, body.index("briefing"))
        try:
            number = await run_in_threadpool(self.builds.start, desk.config)
        except OSError as error:
            raise _Refused(503, "failed", why=error.strerror) from None
        if number is None:
            raise _Refused(409, "build_running", {"reason": "build running"})
        return _json({"build": number})

    async def build_state(self, request: Request) -> Response:
        """Return how far the build is."""
        builds = self.builds
        edition = None
        if builds.state == "done":
            desks = await run_in_threadpool(self.library.desks)
            desk_of_build = next((desk for desk in desks if desk.name == builds.name), None)
            if desk_of_build is not None and desk_of_build.edition is not None:
                head = desk_of_build.edition.head
                edition = {"day": head["edition_date"], "address": head["audio"]["file"]}
        return _json(
            {
                "state": builds.state,
                "done": builds.completed,
                "of": builds.of,
                "message": builds.message,
                "edition": edition,
            }
        )

    async def edition_sound(self, body: Body) -> Response:
        """Return a sentence as the newest edition says it."""
        desk, row, article = await run_in_threadpool(self._place_in, body)
        paragraph, sentence = body.index("paragraph"), body.index("sentence")
        marks = await self._marks(desk, row, article)
        try:
            text = marks[paragraph][sentence]["text"]
        except IndexError:
            raise _Refused(404, "no_such_word") from None
        before = sum(
            other["text"] == text
            for rows in [*marks[:paragraph], marks[paragraph][:sentence]]
            for other in rows
        )
        stretch = await run_in_threadpool(_stretch, desk, article, text, before)
        if stretch is None or desk.edition is None:
            raise _Refused(404, "no_edition")
        file = desk.edition.sidecar.parent / desk.edition.head["audio"]["file"]
        sound = await self.worker.call("edition_sound", file, *stretch)
        return Response(sound, media_type="audio/wav")

    # -- places

    def _place(self, place: dict[str, Any]) -> tuple[Desk, Row, Article]:
        """Return the article at its place. Raise _Refused."""
        desk = _desk_at(self.library.desks(), place["briefing"])
        index = place["article"]
        if not 0 <= index < len(desk.rows):
            raise _Refused(404, "no_such_article")
        row = desk.rows[index]
        if row.article is None:
            raise _Refused(404, "no_such_article")
        return desk, row, row.article

    def _place_in(self, body: Body) -> tuple[Desk, Row, Article]:
        """Return the article that a request names, if it is still the same. Raise _Refused."""
        place = {"briefing": body.index("briefing"), "article": body.index("article")}
        digest = body.text("digest")
        try:
            desk, row, article = self._place(place)
        except _Refused:
            raise _Refused(409, "article_changed", {"reason": "article changed"}) from None
        if row.digest != digest:
            raise _Refused(409, "article_changed", {"reason": "article changed"})
        return desk, row, article

    def _reviewed_of(self, config: Config) -> Reviewed:
        key = f"{config.shelf_folder} {config.output.name}"
        return self._reviewed.setdefault(key, Reviewed(config))


# -- answers

_Answer = Callable[[Request], Awaitable[Response]]


async def _with_body(answer: Callable[[Body], Awaitable[Response]], request: Request) -> Response:
    return await answer(read_body(await request.body()))


def _answering(answer: _Answer) -> _Answer:
    """Return an endpoint whose errors become answers."""

    async def endpoint(request: Request) -> Response:
        try:
            return await answer(request)
        except ClientDisconnect:
            raise
        except Exception as error:
            return _answer_of(error, language_of(request.headers))

    return endpoint


def _answer_of(error: Exception, language: str) -> Response:
    """Return the answer that an error is."""
    if isinstance(error, _Refused):
        text = message(error.key, language, **error.facts)
        return JSONResponse({"error": text, **error.extra}, error.status)
    if isinstance(error, TooLarge):
        return refusal(413, "too_large", language, limit=error)
    if isinstance(error, BadRequest):
        return refusal(400, "bad_request", language, what=error)
    if isinstance(error, AskFirst):
        text = message("online_voice", language, voice=error)
        return JSONResponse({"error": text, "reason": "online voice"}, 403)
    if isinstance(error, Replaced):
        return refusal(429, "replaced", language)
    if isinstance(error, LexiconChanged):
        text = message("lexicon_changed", language)
        extra = {"reason": "lexicon changed", "lexicon_digest": error.digest}
        return JSONResponse({"error": text, **extra}, 409)
    if isinstance(error, Busy):
        return refusal(503, "busy", language)
    if isinstance(error, ShelfError) and error.errno in _FULL:
        return refusal(507, "full_disk", language, why=error)
    if isinstance(error, ShelfError) and error.errno in _FORBIDDEN:
        return refusal(403, "read_only", language, why=error)
    if isinstance(error, UsageError) and not isinstance(error, ConfigError):
        return refusal(400, "failed", language, why=error)
    if isinstance(error, BriefingError | OSError):
        return refusal(503, "failed", language, why=error)
    raise error


async def _nothing(request: Request, error: Exception) -> Response:
    return refusal(404, "no_such_thing", language_of(request.headers))


def _json(value: Any) -> Response:
    import orjson

    try:
        return Response(orjson.dumps(value), media_type="application/json")
    except TypeError:  # a lone surrogate of a source
        return Response(json.dumps(value), media_type="application/json")


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


def _desk_at(desks: tuple[Desk, ...], index: int) -> Desk:
    if not 0 <= index < len(desks):
        raise _Refused(404, "no_such_article")
    return desks[index]


def _text_of(desk: Desk, article: Article) -> ArticleText:
    return ArticleText(article.key, tuple(desk.paragraphs(article)), bool(article.title))


def _check_paragraph(text: ArticleText, passage: Passage) -> None:
    if passage.paragraph >= len(text.paragraphs):
        raise _Refused(404, "no_such_word")


def _interface(config: Config, request: Request) -> str:
    """Return the page's language: the configuration's, else the browser's."""
    chosen = config.page.interface
    return language_of(request.headers) if chosen == "auto" else chosen


def _lexicon(config: Config) -> tuple[Lexicon, str]:
    """Return the lexicon, and what is wrong with the user's file, "" for nothing."""
    try:
        return configured_lexicon(config), ""
    except ConfigError as error:
        return parse_lexicon("", ""), str(error)


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


def _stretch(desk: Desk, article: Article, text: str, before: int) -> tuple[float, float] | None:
    """Return from when to when the edition says a sentence of an article; None: it does not.

    before: how many sentences of the article with the same text come earlier.
    """
    if desk.edition is None:
        return None
    head = desk.edition.head
    sources = {index for index, row in enumerate(head["sources"]) if row["path"] == article.path}
    chapters = {index for index, row in enumerate(head["chapters"]) if row["source"] in sources}
    for paragraph in sidecar_paragraphs(desk.edition.sidecar):
        if paragraph["chapter"] not in chapters:
            continue
        for sentence in paragraph["sentences"]:
            if sentence["text"] == text:
                if before == 0:
                    return sentence["start_s"], sentence["end_s"]
                before -= 1
    return None
