"""Who may ask the desk: each request passes these rules, in order, before anything else sees it.

1. The Host is 127.0.0.1 or localhost with the desk's own port: no other name leads here (against
   DNS rebinding).
2. A request with an Origin comes from the desk's own page.
3. Only GET /, the empty page, needs no token. Every other request has the token as a header; there
   is no cookie, which any other server of this machine would get.
4. GET changes nothing; POST has the page's Origin and JSON, which no form can send.
5. No body is larger than its limit.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from briefing.desk.messages import message
from briefing.listening.serving import SAFE_HEADERS

__all__ = ["Gate", "TooLarge", "refusal"]

TOKEN_HEADER = "x-desk-token"
_LARGEST_BODY = 64_000
_STRICT_POLICY = "default-src 'none'; frame-ancestors 'none'"
_HEADERS = {
    **SAFE_HEADERS,
    "Cache-Control": "no-store",
    "Content-Security-Policy": _STRICT_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
}


class TooLarge(Exception):
    """The body of a request is larger than its limit, in bytes, which is the argument."""


def refusal(status: int, key: str, language: str, **facts: object) -> JSONResponse:
    """Return an answer that says what is wrong. key: of the message."""
    return JSONResponse({"error": message(key, language, **facts)}, status)


def language_of(headers: Headers) -> str:
    """Return the language of messages: "en" for a browser that asks for it first, else "ar"."""
    return "en" if headers.get("accept-language", "").strip().lower().startswith("en") else "ar"


@dataclass(frozen=True)
class _Request:
    """What the rules look at."""

    method: str
    path: str
    headers: Headers
    hosts: frozenset[str]
    """The valid Host headers."""


class Gate:
    """Lets through what may ask; everything else gets an answer here."""

    def __init__(
        self,
        app: ASGIApp,
        port: int,
        is_token: Callable[[str], bool],
        limits: Callable[[str], int | None] = lambda path: None,
    ) -> None:
        """is_token: whether a text is a token of this desk. limits: bytes of a path's body."""
        self._app = app
        self._hosts = frozenset((f"127.0.0.1:{port}", f"localhost:{port}"))
        self._is_token = is_token
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        headers = Headers(scope=scope)
        request = _Request(scope["method"], scope["path"], headers, self._hosts)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = [(name.lower().encode(), value.encode()) for name, value in _HEADERS.items()]
                names = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *((name, value) for name, value in own if name not in names),
                ]
            await send(message)

        answer = self._refusal(request)
        if answer is not None:
            await answer(scope, receive, send_with_headers)
            return
        limit = self._limits(request.path) or _LARGEST_BODY
        size = 0

        async def receive_within_limit() -> Message:
            nonlocal size
            part = await receive()
            size += len(part.get("body", b""))
            if size > limit:
                raise TooLarge(limit)
            return part

        await self._app(scope, receive_within_limit, send_with_headers)

    def _refusal(self, request: _Request) -> Response | None:
        """Return the answer of the first rule that refuses, None if none does."""
        language = language_of(request.headers)
        for rule in (_refuse_host, _refuse_origin, _refuse_method):
            if reason := rule(request):
                status, key = reason
                return refusal(status, key, language)
        if request.path != "/" and not self._has_token(request):
            return refusal(401, "no_token", language)
        if request.method == "POST":
            if not _is_json(request.headers):
                return refusal(400, "no_json", language)
            limit = self._limits(request.path) or _LARGEST_BODY
            length = request.headers.get("content-length", "0")
            if not length.isascii() or not length.isdigit() or int(length[:15]) > limit:
                return refusal(413, "too_large", language, limit=limit)
        return None

    def _has_token(self, request: _Request) -> bool:
        tokens = request.headers.getlist(TOKEN_HEADER)
        return len(tokens) == 1 and self._is_token(tokens[0])


def _refuse_host(request: _Request) -> tuple[int, str] | None:
    hosts = request.headers.getlist("host")
    return None if len(hosts) == 1 and hosts[0].lower() in request.hosts else (403, "host")


def _refuse_origin(request: _Request) -> tuple[int, str] | None:
    origins = request.headers.getlist("origin")
    host = request.headers.get("host", "").lower()
    if not origins and request.method in ("GET", "HEAD"):
        site = request.headers.get("sec-fetch-site", "same-origin")
        is_own = request.path == "/" or site in ("same-origin", "none")
        return None if is_own else (403, "origin")
    is_own = len(origins) == 1 and hmac.compare_digest(
        origins[0].lower().encode(), f"http://{host}".encode()
    )
    return None if is_own else (403, "origin")


def _refuse_method(request: _Request) -> tuple[int, str] | None:
    return None if request.method in ("GET", "HEAD", "POST") else (404, "no_such_thing")


def _is_json(headers: Headers) -> bool:
    kinds = headers.getlist("content-type")
    return len(kinds) == 1 and kinds[0].partition(";")[0].strip().lower() == "application/json"
