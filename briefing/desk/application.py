"""The desk as a web application: which request is answered by whom.

What takes time is done in threads and in the worker, so that the next request is answered
meanwhile.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from briefing.desk.adding import largest_article
from briefing.desk.answers import answering, nothing, with_body
from briefing.desk.articles import Articles
from briefing.desk.editions import Editions
from briefing.desk.gate import Gate
from briefing.desk.library import Library
from briefing.desk.requests import Body
from briefing.desk.showing import Showing
from briefing.desk.state import DeskState
from briefing.desk.words import Words
from briefing.errors import BriefingError

__all__ = ["application"]


def application(state: DeskState, port: int, is_token: Callable[[str], bool]) -> Gate:
    """Return the application behind its gate."""
    showing, words = Showing(state), Words(state)
    articles, editions = Articles(state), Editions(state)
    place = "/api/articles/{briefing:int}/{article:int}"
    gets = {
        "/": showing.page,
        "/api/desk": showing.desk,
        "/api/build": editions.build_state,
        f"{place}/text": showing.text,
        f"{place}/marks": showing.article_marks,
    }
    posts: dict[str, Callable[[Body], Awaitable[Response]]] = {
        "candidates": words.candidates,
        "sound": words.sound,
        "readings": words.write,
        "undo": words.undo,
        "reviewed": words.review,
        "articles": articles.add,
        "leave_out": articles.leave_out,
        "build": editions.build,
        "edition_sound": editions.edition_sound,
    }
    routes = [Route(path, answering(answer)) for path, answer in gets.items()]
    routes += [
        Route(f"/api/{name}", answering(partial(with_body, answer)), methods=["POST"])
        for name, answer in posts.items()
    ]
    starlette = Starlette(routes=routes, exception_handlers={404: nothing, 405: nothing})
    return Gate(starlette, port, is_token, partial(_limit, state.library))


def _limit(library: Library, path: str) -> int | None:
    """Return how many bytes a request may bring; None: as few as any other."""
    if path != "/api/articles":
        return None
    try:
        desks = library.desks()
    except BriefingError:
        return None
    most = max(largest_article(desk.config) for desk in desks)
    return most * 4 // 3 + 10_000
