"""Words at the desk: heard, given another reading in the lexicon, and reviewed."""

from __future__ import annotations

import json
import secrets
from collections import OrderedDict
from dataclasses import dataclass, field

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from briefing.config import Config
from briefing.desk import editing
from briefing.desk.answers import Refused, json_answer
from briefing.desk.library import Desk
from briefing.desk.requests import BadRequest, Body
from briefing.desk.speaking import Override, Passage
from briefing.desk.state import LOCK_WAIT_S, DeskState, check_paragraph, text_of
from briefing.shelf.lock import lock
from briefing.text.normalisation.lexicon import configured_lexicon
from briefing.text.normalisation.lexicon_writing import Change, undo_change, write_reading

__all__ = ["Words"]

_MOST_UNDONE = 200


@dataclass
class Words:
    """Answers what is asked of a word."""

    state: DeskState
    _changes: OrderedDict[str, tuple[Config, Change]] = field(default_factory=OrderedDict)

    async def candidates(self, body: Body) -> Response:
        """Return the readings that a word may have, and where each scope applies."""
        desk, row, article = await run_in_threadpool(self.state.place_in, body)
        passage = Passage(body.index("paragraph"), body.index("sentence"), body.index("token"))
        text = text_of(desk, article)
        check_paragraph(text, passage)
        token, readings = await self.state.worker.call("candidates", desk.config, text, passage)
        word = await self.state.word(desk, row, article, passage)
        readings_there = {candidate["reading"] for candidate in readings}
        for reading in self.state.marks.elsewhere(token["written"]):
            if reading not in readings_there and len(readings) < 4:
                readings.append({"reading": reading, "origin": "elsewhere"})
        places = await run_in_threadpool(editing.places_of, word, desk)
        return json_answer(
            {
                "written": token["written"],
                "reading": token["reading"],
                "candidates": readings,
                "places": places,
            }
        )

    async def sound(self, body: Body) -> Response:
        """Return the sound of a sentence or a part of it, with another reading if there is one."""
        desk, _, article = await run_in_threadpool(self.state.place_in, body)
        first, last = body.optional_index("from_token"), body.optional_index("to_token")
        passage = Passage(body.index("paragraph"), body.index("sentence"), first, last)
        reading = body.object("reading")
        override = Override(reading.index("token"), reading.text("reading")) if reading else None
        text = text_of(desk, article)
        check_paragraph(text, passage)
        sound, starts = await self.state.worker.call(
            "sound", desk.config, text, passage, override, body.flag("agreed"), alone=True
        )
        headers = {"X-Word-Starts": json.dumps(starts)}
        return Response(sound, media_type="audio/wav", headers=headers)

    async def write(self, body: Body) -> Response:
        """Write a reading into the lexicon."""
        desk, row, article = await run_in_threadpool(self.state.place_in, body)
        passage = Passage(body.index("paragraph"), body.index("sentence"), body.index("token"))
        scope = body.text("scope")
        if scope not in editing.SCOPES:
            raise BadRequest('"scope"')
        reading, digest = body.text("reading"), body.optional_text("lexicon_digest")
        word = await self.state.word(desk, row, article, passage)
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
        return json_answer(
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
            raise Refused(404, "nothing_to_undo")
        config, change = self._changes[number]
        now = await run_in_threadpool(
            undo_change, config.lexicon_file, change, digest, locks=config.output_folder
        )
        self._changes.pop(number, None)
        return json_answer({"lexicon_digest": now})

    async def review(self, body: Body) -> Response:
        """Write down that a word was reviewed, or was not."""
        desk, row, article = await run_in_threadpool(self.state.place_in, body)
        passage = Passage(body.index("paragraph"), body.index("sentence"), body.index("token"))
        reviewed = body.flag("reviewed")
        word = await self.state.word(desk, row, article, passage)

        def write() -> None:
            with lock(desk.config.shelf_folder, f"desk.{desk.name}", LOCK_WAIT_S):
                place = (word.place.digest, word.place.start)
                self.state.reviewed_of(desk.config).mark(article.key, place, reviewed)

        await run_in_threadpool(write)
        return json_answer({})
