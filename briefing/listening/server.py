"""Serves the shelf over HTTP: the page, the sound with byte ranges, the feed. Nothing else.

Only what this program has published is served, whatever else is in the shelf's folder, and only
files whose ending is in a table; there is no listing. A response reads from one open file from its
first header to its last byte, so that a new edition published in between cannot mix with it.
"""

from __future__ import annotations

import email.utils
import errno
import glob
import gzip
import hashlib
import html
import ipaddress
import json
import logging
import os
import re
import signal
import socket
import threading
import webbrowser
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import urlsplit

from briefing.config import Config
from briefing.errors import EXIT_FAILED, EXIT_USAGE, BriefingError, UsageError
from briefing.publish.strings import asset, digest_source, say
from briefing.shelf.addresses import CURRENT, EDITIONS, KEPT_FOLDER, VIEWS
from briefing.shelf.shelf import Shelf

if TYPE_CHECKING:
    import uvicorn
    from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["app", "byte_range", "failed_builds", "run"]

CONTENT_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".vtt": "text/vtt; charset=utf-8",
    ".xml": "application/rss+xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".m4b": "audio/mp4",
    ".opus": "audio/ogg; codecs=opus",
    ".ogg": "audio/ogg",
    ".png": "image/png",
    ".jpg": "image/jpeg",
}
"""What is served, by file name ending. A file with any other ending is not there."""

_COMPRESSED = {".html", ".json", ".vtt", ".xml", ".txt"}
_PUBLISHED = (EDITIONS, VIEWS, CURRENT)
"""The folders of the shelf in which published files are."""
_SHELF_NAME = "shelf.json"
_TROUBLE_LENGTH = 600  # characters of a message; the log has all of it
_DIGEST_NAME = re.compile(r".+-\d{4}-\d\d-\d\d-[0-9a-f]{12}\..+")
_CHUNK_BYTES = 256 * 1024
_SMALLEST_COMPRESSED = 600  # bytes: below this a packet is a packet
_POLICY_AT = 2048  # bytes of the page in which its own policy stands
_POLICY = re.compile(rb'<meta http-equiv="Content-Security-Policy" content="([^"]+)">')
_STRICT_POLICY = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'self'"
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
_STOP_S = 2  # how long a stopped server waits for answers under way


def byte_range(header: str, size: int) -> tuple[int, int] | None:
    """Read a Range header (RFC 9110, 14.2) as (first, last + 1) of a file of `size` bytes.

    None means that the header is to be ignored and the whole file sent: another unit, not
    well-formed, or several ranges. Raises ValueError where the range lies outside the file (416).

    >>> byte_range("bytes=0-99", 1000), byte_range("bytes=-10", 1000), byte_range("lines=1-", 9)
    ((0, 100), (990, 1000), None)
    """
    found = re.fullmatch(r"\s*bytes\s*=\s*([0-9]*)\s*-\s*([0-9]*)\s*", header, re.IGNORECASE)
    if not found or found[1] == found[2] == "":
        return None
    first, last = found[1], found[2]
    if first == "":
        start, end = max(0, size - int(last)), size
    else:
        start = int(first)
        if last and int(last) < start:
            return None
        end = min(size, int(last) + 1) if last else size
    if start >= end:
        raise ValueError(f"bytes {header!r} of a file of {size}")
    return start, end


def app(shelf: Path) -> ASGIApp:
    """Make the ASGI application that serves the shelf's public files, GET and HEAD alone."""
    from starlette.applications import Starlette
    from starlette.routing import Mount

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        await _answer(shelf, scope, receive, send)

    return Starlette(routes=[Mount("/", app=serve)])


def run(config: Config, host: str, port: int, open_browser: bool) -> int:
    """Serve the shelf until Ctrl-C or SIGTERM, and return the exit code, 0.

    host: the address to listen on; port 0 takes a free one. The address is printed on stdout.
    Raises BriefingError where the port is taken or the address is not this machine's.
    """
    import uvicorn

    with _listening(host, port) as listener:
        server = uvicorn.Server(
            uvicorn.Config(
                app(config.shelf_folder),
                log_level="warning",
                access_log=False,
                lifespan="off",
                server_header=False,
                timeout_graceful_shutdown=_STOP_S,
            )
        )
        # Answers that a stop cuts off are no errors to tell of.
        logging.getLogger("uvicorn.error").addFilter(lambda _: not server.should_exit)
        with _stopping_quietly(server):
            addresses = _addresses(host, listener.getsockname()[1])
            for address in addresses:
                print(f"Listening on {address} (Ctrl-C stops)", flush=True)
            if open_browser:
                threading.Thread(target=webbrowser.open, args=(addresses[0],), daemon=True).start()
            server.run(sockets=[listener])
    return 0


async def _answer(shelf: Path, scope: Scope, receive: Receive, send: Send) -> None:
    import anyio.to_thread
    from starlette.requests import Request
    from starlette.responses import HTMLResponse, PlainTextResponse

    request = Request(scope, receive)
    if request.method not in ("GET", "HEAD"):
        refusal = PlainTextResponse("GET or HEAD", 405, headers={"Allow": "GET, HEAD", **_HEADERS})
        await refusal(scope, receive, send)
        return
    path = scope["path"]  # decoded once, by the server
    opened = await anyio.to_thread.run_sync(_open, shelf, path)
    troubles = []
    if path in ("/", f"/{_SHELF_NAME}"):
        troubles = await anyio.to_thread.run_sync(failed_builds, shelf)
        if not _is_this_machine(request):
            troubles = [{**one, "message": ""} for one in troubles]
    if opened is None:
        headers = {
            **_HEADERS,
            "Cache-Control": "no-store",
            "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
        }
        if path == "/":
            headers["Content-Security-Policy"] = _empty_policy()
            await HTMLResponse(_empty_page(troubles), headers=headers)(scope, receive, send)
        else:
            await PlainTextResponse("404: not on this shelf", 404, headers=headers)(
                scope, receive, send
            )
        return
    try:
        await _send_file(opened, request, send, troubles)
    finally:
        opened.file.close()


def _empty_page(troubles: list[dict[str, str]]) -> str:
    """Give the page of a shelf without a briefing, with the builds that failed."""
    failed = say("failed_first", "ar")
    told = "".join(
        f'<div class="failed"><p><strong>{failed}</strong></p>'
        f'<p dir="auto">{html.escape(one["message"])}</p></div>'
        for one in troubles
    )
    state = hashlib.sha256(told.encode()).hexdigest()[:12]  # another one: look again
    return asset("empty.html").replace("$trouble", told).replace("$state", state, 1)


@cache
def _empty_policy() -> str:
    """The policy of the empty shelf's page: its own style and script, its own address."""
    page = asset("empty.html")
    style, script = (
        page.split(f"<{tag}>", 1)[1].split(f"</{tag}>", 1)[0] for tag in ("style", "script")
    )
    return (
        f"default-src 'none'; style-src {digest_source(style)}; script-src {digest_source(script)};"
        " connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none';"
        " frame-ancestors 'none'"
    )


@dataclass(frozen=True, slots=True)
class _Opened:
    """A public file."""

    file: BinaryIO
    name: str
    """Its name in the address; on the disk it may have another."""


def _open(shelf: Path, path: str) -> _Opened | None:
    """Open the public file that a URL path names, or None where there is none."""
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
                return _Opened(real.open("rb"), parts[-1])
    return None


def _places(folder: Path, address: str) -> Iterator[Path]:
    """Return where a published file may be, the best first."""
    shelf = Shelf(folder)
    with suppress(OSError, ValueError):
        found = shelf.find(address)
        if found is not None:
            yield found
    if shelf.may_be_old():  # until the next build takes it over
        yield folder / CURRENT / address
        yield from sorted(folder.glob(f"{EDITIONS}/*/{glob.escape(address)}"), reverse=True)


def failed_builds(shelf: Path) -> list[dict[str, str]]:
    """List the briefings whose last build failed: name, when (ISO 8601) and message.

    Reads what builds leave of themselves in the shelf's .state; what is not as expected is not
    listed.
    """
    found = []
    for path in sorted(shelf.glob(".state/*.json")):
        with suppress(OSError, ValueError, RecursionError, TypeError, KeyError):
            last = json.loads(path.read_bytes())["last"]
            if last["exit_code"] in (EXIT_FAILED, EXIT_USAGE):
                message = str(last["message"])[:_TROUBLE_LENGTH]
                found.append({"name": path.stem, "when": str(last["ended"]), "message": message})
    return found


def _is_this_machine(request: Any) -> bool:
    """Return whether the one who asks sits here: others learn that a build failed, and no more.

    A proxy on this machine asks for others. It shows by a header that proxies add, by the name
    that the others asked for, or by the version 1.0 of HTTP, which no browser speaks.
    """
    headers = request.headers
    if request.scope.get("http_version") == "1.0" or any(map(_is_a_proxys, headers)):
        return False
    client = request.client.host if request.client else ""
    return _is_loopback_address(client) and _is_loopback(headers.get("host", ""))


def _is_a_proxys(header: str) -> bool:
    return header in ("forwarded", "via", "x-real-ip") or header.startswith("x-forwarded")


def _is_loopback(host: str) -> bool:
    """Return whether a Host header names this machine.

    >>> [_is_loopback(host) for host in ("localhost:8642", "[::1]", "127.0.0.1:80", "example.org")]
    [True, True, True, False]
    """
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    return name == "localhost" or _is_loopback_address(name)


def _is_loopback_address(text: str) -> bool:
    with suppress(ValueError):
        return ipaddress.ip_address(text).is_loopback
    return False


async def _send_file(
    opened: _Opened, request: Any, send: Send, troubles: list[dict[str, str]]
) -> None:
    import anyio.to_thread
    from starlette.responses import Response

    file, name = opened.file, opened.name
    status = os.fstat(file.fileno())
    suffix = Path(name).suffix.lower()
    asked = request.headers
    tag = f"{status.st_mtime_ns:x}-{status.st_size:x}"
    headers = {
        **_HEADERS,
        "Content-Type": CONTENT_TYPES[suffix],
        "Last-Modified": email.utils.formatdate(status.st_mtime, usegmt=True),
        "Accept-Ranges": "bytes",
        "Cache-Control": "no-cache",
    }
    if _DIGEST_NAME.fullmatch(name):
        headers["Cache-Control"] = "public, max-age=31536000, immutable"
    if name == _SHELF_NAME:
        headers["Cache-Control"] = "no-store"
        if troubles:
            headers["Briefing-Trouble"] = json.dumps(troubles)  # ASCII, as a header must be
    if suffix == ".html":
        headers["Content-Security-Policy"] = _policy(file)
    body: bytes | None = None
    if suffix in _COMPRESSED:
        headers["Vary"] = "Accept-Encoding"
        if (
            _accepts_gzip(asked.get("accept-encoding", ""))
            and "range" not in asked
            and status.st_size >= _SMALLEST_COMPRESSED
        ):
            body = await anyio.to_thread.run_sync(_gzipped, _Same(file, tag))
            tag += "-gz"
            headers["Content-Encoding"] = "gzip"
            del headers["Accept-Ranges"]
    headers["ETag"] = f'"{tag}"'
    if _unchanged(asked, headers):
        await Response(status_code=304, headers=headers)(request.scope, request.receive, send)
        return
    start, end, code = 0, len(body) if body is not None else status.st_size, 200
    if "range" in asked and request.method == "GET" and _same_edition(asked, headers):
        try:
            part = byte_range(asked["range"], status.st_size)
        except ValueError:
            headers["Content-Range"] = f"bytes */{status.st_size}"
            await Response(status_code=416, headers=headers)(request.scope, request.receive, send)
            return
        if part:
            start, end, code = *part, 206
            headers["Content-Range"] = f"bytes {start}-{end - 1}/{status.st_size}"
    headers["Content-Length"] = str(end - start)
    raw = [(key.lower().encode(), value.encode("latin-1")) for key, value in headers.items()]
    await send({"type": "http.response.start", "status": code, "headers": raw})
    if request.method == "HEAD" or body is not None:
        content = b"" if request.method == "HEAD" else body
        await send({"type": "http.response.body", "body": content})
        return
    await anyio.to_thread.run_sync(file.seek, start)
    while start < end:
        if await request.is_disconnected():
            return
        chunk = await anyio.to_thread.run_sync(file.read, min(_CHUNK_BYTES, end - start))
        if not chunk:
            break
        start += len(chunk)
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


def _policy(page: BinaryIO) -> str:
    """Give the page's own policy, which stands before anything that comes from a source."""
    found = _POLICY.search(page.read(_POLICY_AT))
    page.seek(0)
    own = found[1].decode("ascii", "replace") if found else _STRICT_POLICY
    return f"{own}; frame-ancestors 'none'"


def _unchanged(asked: Mapping[str, str], headers: Mapping[str, str]) -> bool:
    """Tell whether the browser has this already (RFC 9110, 13.1.2 and 13.1.3)."""
    if "if-none-match" in asked:
        tags = [tag.strip().removeprefix("W/") for tag in asked["if-none-match"].split(",")]
        return "*" in tags or headers["ETag"] in tags
    if "if-modified-since" in asked:
        with suppress(ValueError, TypeError):
            since = email.utils.parsedate_to_datetime(asked["if-modified-since"])
            return email.utils.parsedate_to_datetime(headers["Last-Modified"]) <= since
    return False


def _same_edition(asked: Mapping[str, str], headers: Mapping[str, str]) -> bool:
    """Tell whether If-Range (RFC 9110, 13.1.5) lets a part be sent."""
    return asked.get("if-range", headers["ETag"]) in (headers["ETag"], headers["Last-Modified"])


def _accepts_gzip(header: str) -> bool:
    for one in header.lower().split(","):
        coding, _, quality = one.partition(";")
        if coding.strip() in ("gzip", "*"):
            return not re.fullmatch(r"\s*q\s*=\s*0(\.0*)?\s*", quality)
    return False


class _Same:
    """An open file that equals another one of the same version, for the cache below."""

    def __init__(self, file: BinaryIO, tag: str) -> None:
        self.file = file
        self.version = (file.name, tag)

    def __hash__(self) -> int:
        return hash(self.version)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.version == self.version


@lru_cache(maxsize=16)
def _gzipped(same: _Same) -> bytes:
    return gzip.compress(same.file.read(), 6, mtime=0)


def _listening(host: str, port: int) -> socket.socket:
    """Bind the socket ourselves, so that a taken port is one clear message."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError:
        raise UsageError(f"--host {host}: is not an address; try 127.0.0.1 or 0.0.0.0") from None
    listener = socket.socket(family, kind, protocol)
    try:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(128)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise BriefingError(
                f"port {port} is in use; stop what uses it (perhaps another `briefing listen`),"
                " or take another one with --port, or any free one with --port 0"
            ) from None
        if error.errno == errno.EACCES:
            raise BriefingError(f"port {port} is not allowed; take one from 1024 up") from None
        raise BriefingError(f"cannot listen on {host} port {port}: {error.strerror}") from None
    return listener


def _addresses(host: str, port: int) -> list[str]:
    """Give the URLs at which a browser reaches the server, this machine's first."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return [f"http://{host}:{port}/"]
    if not address.is_unspecified:
        shown = f"[{host}]" if address.version == 6 else host
        return [f"http://{shown}:{port}/"]
    urls = [f"http://127.0.0.1:{port}/"]
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # TEST-NET-1: only the route is looked up, nothing is sent
        urls.append(f"http://{probe.getsockname()[0]}:{port}/")
    return urls


@contextmanager
def _stopping_quietly(server: uvicorn.Server) -> Iterator[None]:
    """Let a signal stop the server whenever it comes: before it runs, or raised again after."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        server.should_exit = True

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    names = [signal.SIGINT, signal.SIGTERM]
    before = {name: signal.signal(name, stop) for name in names}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)
