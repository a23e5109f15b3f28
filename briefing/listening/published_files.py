"""The shelf as a web application: the pages, the sound with byte ranges, the feeds.

Only files that this program has published are served, whatever else is in the shelf's folder, and
only if their ending is in a table. There is no list of files.

Ranges, validators and compression are Starlette's. A file is sent from its resolved path in the
folder of its edition. Each edition has its own folder, so an edition that is published meanwhile
cannot mix with an answer that is being sent. Two things differ from Starlette's static files. Only
a single range is sent, only to GET, and a range that cannot be read is ignored (RFC 9110, 14.2).
The entity tag of a compressed answer is a weak one (8.8.3.3).
"""

from __future__ import annotations

import dataclasses
import glob
import json
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import anyio.to_thread
from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import HTTPConnection
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
)
from starlette.routing import Mount
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from briefing.listening.clients import is_this_machine
from briefing.listening.empty_shelf import empty_page, empty_policy
from briefing.listening.serving import SAFE_HEADERS
from briefing.shelf.addresses import CURRENT, EDITIONS, KEPT_FOLDER, SHELF_NAME, VIEWS
from briefing.shelf.build_history import failed_builds
from briefing.shelf.private_shelves import shelf_of_key
from briefing.shelf.shelf import Shelf

__all__ = ["PublishedFiles", "app"]

CONTENT_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".chapters.json": "application/json+chapters",
    ".json": "application/json; charset=utf-8",
    ".vtt": "text/vtt; charset=utf-8",
    ".xml": "application/rss+xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".m4b": "audio/mp4",
    ".opus": "audio/ogg; codecs=opus",
    ".epub": "application/epub+zip",
    ".ogg": "audio/ogg",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webmanifest": "application/manifest+json",
    ".js": "text/javascript; charset=utf-8",
    ".woff2": "font/woff2",
}
"""The type of each ending that is served; the first that fits decides. Files with other endings are
not found."""
_FOR_OTHER_SITES = frozenset(
    {".vtt", ".xml", ".mp3", ".m4a", ".m4b", ".opus", ".ogg", ".png", ".jpg"}
)
"""Endings of what players on other sites read: feed, sound, transcript, cover; and the chapters."""
_OPEN_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Accept-Ranges, Content-Length, Content-Range, ETag",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
_PREFLIGHT = {
    **_OPEN_HEADERS,
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Allow-Headers": "Range, If-Range, If-None-Match, If-Modified-Since",
    "Access-Control-Max-Age": "86400",
    "Cache-Control": "no-store",
}
"""The answer to a browser that asks whether another site may read a file (Fetch, 3.3)."""

_PUBLISHED = (EDITIONS, VIEWS, CURRENT)
"""The folders of the shelf in which published files are."""
_COMPRESSED = frozenset({".html", ".json", ".vtt", ".xml", ".txt"})
_FEED = ".xml"
_SMALLEST_COMPRESSED = 600
"""Bytes; fewer fit into one packet anyway."""
_COMPRESSION = 5
"""The level of gzip. Level 6 takes 1.5 times as long for 1 % less. A page of ten hours takes
0.6 s."""
_DIGEST_NAME = re.compile(r".+-\d{4}-\d\d-\d\d-[0-9a-f]{12}\..+")
_POLICY_AT = 2048
"""A page's own policy is within so many bytes."""
_POLICY = re.compile(rb'<meta http-equiv="Content-Security-Policy" content="([^"]+)">')
_STRICT_POLICY = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'self'"
_TROUBLE_LENGTH = 600
"""Characters of a failed build's message; `briefing status` shows more, the log everything."""
_ONE_RANGE = re.compile(r"bytes=(?:([0-9]{1,18})-([0-9]{0,18})|-[0-9]{1,18})", re.IGNORECASE)
_NO_GZIP = re.compile(r"\b(?:gzip|\*)\s*;\s*q\s*=\s*0(?:\.0*)?\s*(?:,|$)", re.IGNORECASE)


def app(shelf: Path) -> ASGIApp:
    """Return the ASGI application that serves the shelf's public files to GET and HEAD."""
    return Starlette(
        routes=[Mount("/", app=PublishedFiles(shelf))],
        middleware=[
            Middleware(_OwnHeaders),
            Middleware(
                GZipMiddleware, minimum_size=_SMALLEST_COMPRESSED, compresslevel=_COMPRESSION
            ),
        ],
    )


class _OwnHeaders:
    """Middleware that removes unsupported headers from requests and adds headers to answers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = MutableHeaders(scope=scope)
        if not (scope["method"] == "GET" and _is_one_range(request.get("range", ""))):
            del request["range"]
        if _NO_GZIP.search(request.get("accept-encoding", "")):
            del request["accept-encoding"]

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SAFE_HEADERS.items():
                    headers.setdefault(name, value)
                if "vary" in headers:
                    headers["vary"] = "Accept-Encoding"  # Starlette adds a second one
                if "content-encoding" in headers and "etag" in headers:
                    headers["etag"] = f"W/{headers['etag']}"
                    del headers["accept-ranges"]
            await send(message)

        await self._app({**scope, "headers": request.raw}, receive, send_with_headers)


def _is_one_range(header: str) -> bool:
    """Return whether a Range header asks for one range of bytes.

    >>> [_is_one_range(f"bytes={part}") for part in ("0-99", "5-", "-10", "9-3", "0-1,5-6")]
    [True, True, True, False, False]
    """
    match = _ONE_RANGE.fullmatch("".join(header.split()))
    return match is not None and not (match[2] and int(match[2]) < int(match[1]))


@dataclass(frozen=True, slots=True)
class _File:
    """A public file."""

    path: Path
    """The resolved path, without links."""
    name: str
    """Its name in the address, which may differ from that on the disk."""
    status: os.stat_result
    policy: str
    """The Content-Security-Policy of a page; "" for other files."""
    is_private: bool = False
    """Whether it is a private briefing's."""

    @property
    def suffix(self) -> str:
        return Path(self.name).suffix.lower()

    @property
    def content_type(self) -> str:
        name = self.name.lower()
        return next(kind for ending, kind in CONTENT_TYPES.items() if name.endswith(ending))

    @property
    def is_for_other_sites(self) -> bool:
        return self.suffix in _FOR_OTHER_SITES or self.name.lower().endswith(".chapters.json")


class _FileResponse(FileResponse):
    chunk_size = 256 * 1024
    """Bytes; more than Starlette's, so that pages are compressed in a thread."""


class PublishedFiles(StaticFiles):
    """Answers requests with the published files at their addresses."""

    def __init__(self, shelf: Path) -> None:
        super().__init__(directory=shelf, check_dir=False)
        self._shelf = shelf
        self.config_checked = True  # a shelf that does not exist yet is empty

    def get_path(self, scope: Scope) -> str:
        """Return the requested address, decoded once and not normalised."""
        path: str = scope["path"]
        return path

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return the answer to one request."""
        if scope["method"] == "OPTIONS" and _is_preflight(Headers(scope=scope)):
            file = await anyio.to_thread.run_sync(_find, self._shelf, path)
            if file is not None and file.is_for_other_sites:
                return Response(status_code=204, headers=_PREFLIGHT)
        if scope["method"] not in ("GET", "HEAD"):
            return PlainTextResponse("GET or HEAD", 405, headers={"Allow": "GET, HEAD"})
        if (key := path.strip("/")) and path == f"/{key}" and shelf_of_key(self._shelf, key):
            return RedirectResponse(f"{key}/", headers={"Cache-Control": "no-store"})
        file = await anyio.to_thread.run_sync(_find, self._shelf, path)
        troubles = await self._troubles(scope, path)
        if file is None:
            return _empty_shelf(troubles) if path == "/" else _nothing()
        answer = _FileResponse(
            file.path,
            headers=_headers(file, troubles),
            media_type=file.content_type,
            stat_result=file.status,
        )
        if file.suffix == _FEED:
            # newsboat drops an answer whose date is not later than the last one's: a feed that was
            # published twice in a second, or after the clock was set back, would never reach it
            del answer.headers["last-modified"]
        if self.is_not_modified(answer.headers, Headers(scope=scope)):
            return NotModifiedResponse(answer.headers)
        return answer

    async def _troubles(self, scope: Scope, path: str) -> list[dict[str, str]]:
        """Return the failed builds, for the page and the list of a shelf.

        The reasons are included only for this machine.
        """
        key, _, rest = path.lstrip("/").partition("/")
        private = shelf_of_key(self._shelf, key)
        if (rest if private else path.lstrip("/")) not in ("", SHELF_NAME):
            return []
        builds = await anyio.to_thread.run_sync(failed_builds, private or self._shelf)
        shows_why = is_this_machine(HTTPConnection(scope))
        return [
            {
                "name": name,
                "when": build.ended.isoformat(),
                "message": build.message[:_TROUBLE_LENGTH] if shows_why else "",
            }
            for name, build in builds
        ]


def _is_preflight(headers: Headers) -> bool:
    return "origin" in headers and "access-control-request-method" in headers


def _headers(file: _File, troubles: list[dict[str, str]]) -> dict[str, str]:
    headers = {"Cache-Control": "no-cache"}
    if file.is_for_other_sites:
        headers |= _OPEN_HEADERS
    if _DIGEST_NAME.fullmatch(file.name):
        headers["Cache-Control"] = "public, max-age=31536000, immutable"
    if file.is_private:
        headers["Cache-Control"] = headers["Cache-Control"].replace("public", "private")
        headers["X-Robots-Tag"] = "noindex, nofollow"
    if file.name == SHELF_NAME:
        headers["Cache-Control"] = "no-store"
        if troubles:
            headers["Briefing-Trouble"] = json.dumps(troubles)  # ASCII, as a header must be
    if file.policy:
        headers["Content-Security-Policy"] = file.policy
    if file.suffix in _COMPRESSED:
        headers["Vary"] = "Accept-Encoding"
    return headers


def _empty_shelf(troubles: list[dict[str, str]]) -> Response:
    headers = {"Cache-Control": "no-store", "Content-Security-Policy": empty_policy()}
    return HTMLResponse(empty_page(troubles), headers=headers)


def _nothing() -> Response:
    headers = {
        "Cache-Control": "no-store",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    }
    return PlainTextResponse("404: not on this shelf", 404, headers=headers)


def _find(shelf: Path, path: str) -> _File | None:
    """Return the public file at a URL path, or None if there is none."""
    key, _, rest = path.lstrip("/").partition("/")
    if private := shelf_of_key(shelf, key):
        file = _find_on(private, rest)
        return dataclasses.replace(file, is_private=True) if file else None
    return _find_on(shelf, path)


def _find_on(shelf: Path, path: str) -> _File | None:
    """Return the public file of one shelf, or None."""
    parts = path.strip("/").split("/") if path.strip("/") else ["index.html"]
    if (
        (len(parts) != 1 and (len(parts) != 2 or parts[0] != KEPT_FOLDER))
        or any(part.startswith(".") or re.search(r"[\\:\x00-\x1f]", part) for part in parts)
        or Path(parts[-1]).suffix.lower() not in CONTENT_TYPES
    ):
        return None
    root = shelf.resolve()
    for place in _places(shelf, "/".join(parts)):
        with suppress(OSError, ValueError):
            real = place.resolve(strict=True)
            if real.relative_to(root).parts[0].startswith(_PUBLISHED) and real.is_file():
                policy = _policy(real) if parts[-1].lower().endswith(".html") else ""
                return _File(real, parts[-1], real.stat(), policy)
    return None


def _places(folder: Path, address: str) -> Iterator[Path]:
    """Yield the paths where a published file may be, the best first."""
    shelf = Shelf(folder)
    with suppress(OSError, ValueError):
        path = shelf.find(address)
        if path is not None:
            yield path
    if shelf.may_be_old():  # until the next build takes it over
        yield folder / CURRENT / address
        yield from sorted(folder.glob(f"{EDITIONS}/*/{glob.escape(address)}"), reverse=True)


def _policy(page: Path) -> str:
    """Return a page's own policy, which comes before anything from a source."""
    with page.open("rb") as file:
        match = _POLICY.search(file.read(_POLICY_AT))
    own = match[1].decode("ascii", "replace") if match else _STRICT_POLICY
    return f"{own}; frame-ancestors 'none'"
