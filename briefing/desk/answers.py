"""What the desk answers: JSON, and the errors as answers in the page's language."""

from __future__ import annotations

import errno
import json
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from briefing.desk.gate import TooLarge, language_of, refusal
from briefing.desk.messages import message
from briefing.desk.requests import BadRequest, Body, read_body
from briefing.desk.speaking import AskFirst
from briefing.desk.worker import Replaced
from briefing.errors import BriefingError, ConfigError, ShelfError, UsageError
from briefing.shelf.lock import Busy
from briefing.text.normalisation.lexicon_writing import LexiconChanged, LineChanged

__all__ = ["Answer", "Refused", "answering", "json_answer", "nothing", "with_body"]

Answer = Callable[[Request], Awaitable[Response]]

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_FORBIDDEN = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


class Refused(Exception):
    """A request that cannot be done."""

    def __init__(self, status: int, key: str, extra: dict[str, Any] | None = None, **facts: object):
        super().__init__(key)
        self.status, self.key, self.facts = status, key, facts
        self.extra = extra or {}


async def with_body(answer: Callable[[Body], Awaitable[Response]], request: Request) -> Response:
    """Answer a request by its JSON body."""
    return await answer(read_body(await request.body()))


def answering(answer: Answer) -> Answer:
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
    if isinstance(error, Refused):
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
    if isinstance(error, LexiconChanged | LineChanged):
        return _conflict(error, language)
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


def _conflict(error: LexiconChanged | LineChanged, language: str) -> Response:
    """Return the answer to what was written elsewhere meanwhile."""
    if isinstance(error, LineChanged):
        text = message("line_changed", language)
        return JSONResponse({"error": text, "reason": "line changed"}, 409)
    text = message("lexicon_changed", language)
    extra = {"reason": "lexicon changed", "lexicon_digest": error.digest}
    return JSONResponse({"error": text, **extra}, 409)


async def nothing(request: Request, error: Exception) -> Response:
    """Answer that there is no such thing."""
    return refusal(404, "no_such_thing", language_of(request.headers))


def json_answer(value: Any) -> Response:
    """Return a value as JSON."""
    import orjson

    try:
        return Response(orjson.dumps(value), media_type="application/json")
    except TypeError:  # a lone surrogate of a source
        return Response(json.dumps(value), media_type="application/json")
