"""A mirror on the loopback that serves files in ranges, and goes wrong as it is told to.

Each request takes the next step of the script; without one it is answered as it should be. A step
is a word and perhaps a number, as in the rows of download_faults.tsv.
"""

from __future__ import annotations

import hashlib
import re
import threading
from collections import deque
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

__all__ = ["Mirror"]


class Mirror:
    """A context; `url` ends in a slash."""

    def __init__(self, files: Mapping[str, bytes], *, declares: bool = False) -> None:
        """files: by path. declares: the server says each file's SHA-256 as Hugging Face's do."""
        self.files = dict(files)
        self.declares = declares
        self.script: deque[str] = deque()
        self.ranges: list[str] = []
        """What each request asked for: its Range, or ""."""
        self.paths: list[str] = []
        self.released = threading.Event()

    def __enter__(self) -> Mirror:
        mirror = self

        class Handler(_Handler):
            pass

        Handler.mirror = mirror
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/"
        return self

    def __exit__(self, *_: object) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()

    def tag(self, content: bytes) -> str:
        return f'"{hashlib.md5(content, usedforsecurity=False).hexdigest()}"'


class _Handler(BaseHTTPRequestHandler):
    mirror: Mirror

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        mirror = self.mirror
        path = urlsplit(self.path).path.lstrip("/")
        asked = self.headers.get("Range", "")
        mirror.paths.append(self.path)
        mirror.ranges.append(asked)
        step, _, argument = (mirror.script.popleft() if mirror.script else "ok").partition(" ")
        content = mirror.files.get(path)
        if step == "status":
            self._head(int(argument), 0)
        elif step == "redirect":
            self._head(302, 0, Location=argument or f"/{path}")
        elif content is None:
            self._head(404, 0)
        else:
            self._serve(content, asked, step, argument)

    def _serve(self, content: bytes, asked: str, step: str, argument: str) -> None:
        mirror = self.mirror
        tag = mirror.tag(content)
        start = 0
        match = re.fullmatch(r"bytes=(\d+)-", asked)
        if match and self.headers.get("If-Range") == tag and step != "whole":
            start = int(match[1])
        if start >= len(content) and start:
            size = argument if step == "other" else str(len(content))
            self._head(416, 0, **{"Content-Range": f"bytes */{size}"})
            return
        body = content[start:]
        if step == "garbled":
            body = bytes(byte ^ 1 for byte in body)
        length = int(argument) if step == "announce" else len(body)
        headers = {"ETag": f"W/{tag}" if step == "weak" else tag}
        if mirror.declares:
            headers["X-Linked-ETag"] = f'"{hashlib.sha256(content).hexdigest()}"'
        if start:
            first = start + (7 if step == "elsewhere" else 0)
            headers["Content-Range"] = f"bytes {first}-{len(content) - 1}/{len(content)}"
        self._head(206 if start else 200, length, **headers)
        if step in ("cut", "stall"):
            body = body[: int(argument)]
        self.wfile.write(body)
        self.wfile.flush()
        if step == "stall":
            mirror.released.wait(20)

    def _head(self, status: int, length: int, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(length))
        self.send_header("Connection", "close")
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
