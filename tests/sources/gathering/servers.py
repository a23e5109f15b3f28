"""Loopback servers that answer as a test says: well, badly, or with malice."""

from __future__ import annotations

import http.server
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

LONG = "هطلت أمطار غزيرة على المدينة صباح اليوم، وأغلقت المدارس أبوابها حتى إشعار آخر. " * 6
"""More words than a summary has."""


@dataclass
class Reply:
    """What a server answers."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    write: Callable[[Callable[[bytes], None]], None] | None = None
    """Writes the whole answer by itself, head and all, byte by byte if it likes."""


Route = Reply | Callable[[Mapping[str, str]], Reply]


@dataclass
class Asked:
    """A request that came."""

    path: str
    headers: Mapping[str, str]
    began: float
    ended: float = 0.0


class Server:
    """A server on a loopback address, whose routes may change while it runs."""

    def __init__(self, host: str = "127.0.0.1", context: ssl.SSLContext | None = None) -> None:
        self.routes: dict[str, Route] = {}
        self.requests: list[Asked] = []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked = Asked(self.path, dict(self.headers.items()), time.monotonic())
                outer.requests.append(asked)
                with suppress(OSError, ValueError):
                    self._answer()
                asked.ended = time.monotonic()

            def do_CONNECT(self) -> None:
                self.do_GET()

            def _answer(self) -> None:
                route = outer.routes.get(self.path.partition("?")[0], Reply(status=404))
                reply = route(dict(self.headers.items())) if callable(route) else route
                if reply.write is not None:
                    reply.write(self._send)
                    return
                headers = {"Content-Length": str(len(reply.body)), **reply.headers}
                self.send_response(reply.status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(reply.body)

            def _send(self, data: bytes) -> None:
                self.wfile.write(data)
                self.wfile.flush()

            def log_message(self, *_: object) -> None:
                pass

        self.http = http.server.ThreadingHTTPServer((host, 0), Handler)
        self.http.daemon_threads = True
        self.host, self.port = host, self.http.server_address[1]
        self.scheme = "https" if context else "http"
        if context:
            self.http.socket = context.wrap_socket(
                self.http.socket, server_side=True, do_handshake_on_connect=False
            )

    def url(self, path: str, host: str | None = None) -> str:
        return f"{self.scheme}://{host or self.host}:{self.port}{path}"

    @property
    def paths(self) -> list[str]:
        return [asked.path for asked in self.requests]


@contextmanager
def serving(host: str = "127.0.0.1", context: ssl.SSLContext | None = None) -> Iterator[Server]:
    server = Server(host, context)
    server.http.handle_error = lambda *_: None  # type: ignore[method-assign]
    thread = threading.Thread(target=server.http.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.http.shutdown()
        server.http.server_close()


def rss(*items: tuple[str, str, str, str], link: str = "") -> bytes:
    """Return a feed of (guid, title, date of RFC 822, text)."""
    rows = "".join(
        f"<item><title>{title}</title><guid isPermaLink='false'>{guid}</guid>"
        f"<link>{link or 'https://news.example/' + guid}</link>"
        f"{f'<pubDate>{date}</pubDate>' if date else ''}<description>{text}</description></item>"
        for guid, title, date, text in items
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>أخبار</title>'
        f"<link>https://news.example/</link>{rows}</channel></rss>"
    ).encode()
