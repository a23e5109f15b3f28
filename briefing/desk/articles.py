"""Articles at the desk: added to the folder, left out of the next edition."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from briefing.desk.adding import BadName, add_article
from briefing.desk.answers import Refused, json_answer
from briefing.desk.requests import Body
from briefing.desk.state import LOCK_WAIT_S, DeskState, desk_at
from briefing.errors import SourceError
from briefing.shelf.left_out import left_out_keys, write_left_out
from briefing.shelf.lock import lock

__all__ = ["Articles"]


@dataclass
class Articles:
    """Answers what is asked of the choice of articles."""

    state: DeskState

    async def add(self, body: Body) -> Response:
        """Write an article into the folder of the sources."""
        desks = await run_in_threadpool(self.state.library.desks)
        desk = desk_at(desks, body.index("briefing"))
        name, data = body.text("name"), body.content()
        try:
            file = await run_in_threadpool(add_article, desk.config, name, data)
        except BadName as error:
            raise Refused(400, "bad_name", name=name[:80], why=error) from None
        except SourceError as error:
            raise Refused(400, "failed", why=f"{name[:80]} {error}") from None
        return json_answer({"file": file})

    async def leave_out(self, body: Body) -> Response:
        """Leave an article out of the next edition, or put it back."""
        desk, _, article = await run_in_threadpool(self.state.place_in, body)
        out = body.flag("out")

        def write() -> None:
            shelf, name = desk.config.shelf_folder, desk.name
            with lock(shelf, f"desk.{name}", LOCK_WAIT_S):
                keys = left_out_keys(shelf, name)
                write_left_out(shelf, name, keys | {article.key} if out else keys - {article.key})

        await run_in_threadpool(write)
        return json_answer({})
