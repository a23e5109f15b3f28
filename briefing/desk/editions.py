"""Editions at the desk: built, followed while they are built, heard."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from briefing.desk.answers import Refused, json_answer
from briefing.desk.library import Desk
from briefing.desk.requests import Body
from briefing.desk.state import DeskState, desk_at
from briefing.shelf.sidecar_reader import paragraphs as sidecar_paragraphs
from briefing.sources import Article

__all__ = ["Editions"]


@dataclass
class Editions:
    """Answers what is asked of a build and of the newest edition."""

    state: DeskState

    async def build(self, body: Body) -> Response:
        """Start a build."""
        desks = await run_in_threadpool(self.state.library.desks)
        desk = desk_at(desks, body.index("briefing"))
        try:
            number = await run_in_threadpool(self.state.builds.start, desk.config)
        except OSError as error:
            raise Refused(503, "failed", why=error.strerror) from None
        if number is None:
            raise Refused(409, "build_running", {"reason": "build running"})
        return json_answer({"build": number})

    async def build_state(self, request: Request) -> Response:
        """Return how far the build is."""
        builds = self.state.builds
        edition = None
        if builds.state == "done":
            desks = await run_in_threadpool(self.state.library.desks)
            desk_of_build = next((desk for desk in desks if desk.name == builds.name), None)
            if desk_of_build is not None and desk_of_build.edition is not None:
                head = desk_of_build.edition.head
                edition = {"day": head["edition_date"], "address": head["audio"]["file"]}
        return json_answer(
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
        desk, row, article = await run_in_threadpool(self.state.place_in, body)
        paragraph, sentence = body.index("paragraph"), body.index("sentence")
        marks = await self.state.marks_of(desk, row, article)
        try:
            text = marks[paragraph][sentence]["text"]
        except IndexError:
            raise Refused(404, "no_such_word") from None
        before = sum(
            other["text"] == text
            for rows in [*marks[:paragraph], marks[paragraph][:sentence]]
            for other in rows
        )
        stretch = await run_in_threadpool(_stretch, desk, article, text, before)
        if stretch is None or desk.edition is None:
            raise Refused(404, "no_edition")
        file = desk.edition.sidecar.parent / desk.edition.head["audio"]["file"]
        sound = await self.state.worker.call("edition_sound", file, *stretch)
        return Response(sound, media_type="audio/wav")


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
