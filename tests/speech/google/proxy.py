"""A proxy on the loopback that plays Google: it ends TLS itself, speaks the protocol that gTTS
speaks, answers with MP3, and goes wrong as it is told to.

`GoogleProxy` is a context; set HTTPS_PROXY to its `url`, for this process or a child's, and the
real client talks to it. What it says sounds of its text: each letter lasts LETTER_S at the pitch
`pitch_hz(text)`, between silences as Google's answers have them.
"""

from __future__ import annotations

import base64
import json
import re
import socket
import socketserver
import ssl
import struct
import tempfile
import threading
import time
import urllib.parse
import zlib
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import lameenc
import numpy as np
import trustme

__all__ = [
    "FAULTS",
    "LETTER_S",
    "Answer",
    "Connection",
    "GoogleProxy",
    "authority",
    "fault",
    "mp3_of",
    "pitch_hz",
    "reset",
    "seconds_of",
    "tls_context",
]

LETTER_S = 0.07
LEAD_S, TAIL_S = 0.15, 0.4
_RATE_HZ = 24_000
_PITCHES_HZ = range(300, 2000, 40)
PATIENCE_S = 120.0
"""How long the proxy stalls at most; every client here gives up far sooner."""


def letters(text: str) -> int:
    return sum(character.isalnum() for character in text)


def seconds_of(text: str) -> float:
    """How long the text's sound is, without the silences around it."""
    return letters(text) * LETTER_S


def pitch_hz(text: str) -> int:
    return _PITCHES_HZ[zlib.crc32(text.encode()) % len(_PITCHES_HZ)]


@cache
def mp3_of(text: str, rate_hz: int = _RATE_HZ, level: float = 0.3) -> bytes:
    count = round(seconds_of(text) * rate_hz)
    tone = level * np.sin(2 * np.pi * pitch_hz(text) * np.arange(count) / rate_hz)
    samples = np.concatenate(
        [np.zeros(round(LEAD_S * rate_hz)), tone, np.zeros(round(TAIL_S * rate_hz))]
    )
    encoder = lameenc.Encoder()
    encoder.set_bit_rate(32)
    encoder.set_in_sample_rate(rate_hz)
    encoder.set_out_sample_rate(rate_hz)
    encoder.set_channels(1)
    encoder.set_quality(7)
    encoder.silence()
    return bytes(encoder.encode((samples * 32767).astype("<i2").tobytes()) + encoder.flush())


@dataclass(frozen=True)
class Answer:
    """How one request is answered; as it stands: well."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    phase: str = ""
    """Where the connection breaks: "accept", "tunnel", "proxy STATUS", "tls", "tls garbage",
    "request", "headers", "body"; or "stall headers", "stall body", "drip"; "" for nowhere."""
    sound: str = "speech"
    """"speech", "truncated" (in a frame), "short" (at a frame's end), "empty", "silent", "noise"
    (no MP3), "16 kHz", "44.1 kHz", "escaped" (base64's = as Google writes it), "none"
    (the protocol without sound), "html", "not base64", "not utf-8"."""
    delay_s: float = 0.0

    @property
    def before_request(self) -> bool:
        return self.phase in ("accept", "tunnel", "tls", "tls garbage") or self.phase.startswith(
            "proxy "
        )


FAULTS = {
    **{f"status {status}": Answer(status=status) for status in
       (400, 401, 403, 404, 405, 407, 408, 410, 413, 414, 418, 422, 429, 451,
        500, 501, 502, 503, 504, 520)},
    "status 429, Retry-After 1": Answer(429, {"Retry-After": "1"}),
    "status 429, Retry-After an hour": Answer(429, {"Retry-After": "3600"}),
    "status 429, Retry-After a past date": Answer(
        429, {"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}
    ),
    "status 429, Retry-After nonsense": Answer(429, {"Retry-After": "soon"}),
    "status 503, Retry-After 1": Answer(503, {"Retry-After": "1"}),
    **{f"reset: {phase}": Answer(phase=phase) for phase in
       ("accept", "tunnel", "tls", "request", "headers", "body")},
    "tls garbage": Answer(phase="tls garbage"),
    "proxy 403": Answer(phase="proxy 403"),
    "proxy 407": Answer(phase="proxy 407"),
    "proxy 502": Answer(phase="proxy 502"),
    "stalled headers": Answer(phase="stall headers"),
    "stalled body": Answer(phase="stall body"),
    "a byte at a time": Answer(phase="drip"),
    **{sound: Answer(sound=sound) for sound in
       ("truncated", "short", "empty", "silent", "noise", "none", "html", "not base64",
        "not utf-8", "16 kHz", "44.1 kHz", "escaped")},
    "slow": Answer(delay_s=0.3),
}  # fmt: skip
"""By the names that the tables of tests use."""


def fault(name: str) -> Answer:
    return Answer() if name == "ok" else FAULTS[name]


class GoogleProxy:
    """The proxy; start and stop it as a context."""

    host = "translate.google.com"

    def __init__(self) -> None:
        self.asked: list[str] = []
        """The texts of all requests, in order of arrival, whatever they were answered."""
        self.asked_at: list[float] = []
        self.answered: list[str] = []
        """The texts whose whole sound was sent: what Google counts as paid."""
        self.tunnels = 0
        self.hosts: set[str] = set()
        self.tunnel_heads: list[str] = []
        self.at_once = self.most_at_once = 0
        self.usual = Answer()
        """The answer when the script is at its end."""
        self._script: deque[Answer] = deque()
        self._lock = threading.Lock()
        self._stopping = threading.Event()

    def script(self, answers: Iterable[Answer]) -> None:
        """The next requests are answered so, one each."""
        with self._lock:
            self._script = deque(answers)

    def next_answer(self, *, before_request: bool = False) -> Answer:
        with self._lock:
            coming = self._script[0] if self._script else self.usual
            if self._script and coming.before_request == before_request:
                self._script.popleft()
            return coming

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> GoogleProxy:
        self.tls = tls_context(self.host)
        self._server = _Server(("127.0.0.1", 0), self.connection_class())
        self._server.proxy = self
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )
        self._thread.start()
        return self

    def connection_class(self) -> type[Connection]:
        return Connection

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def stall(self, seconds: float = PATIENCE_S) -> None:
        self._stopping.wait(seconds)


@cache
def authority() -> trustme.CA:
    """Who signs the certificates of every service that is played here."""
    return trustme.CA()


@cache
def tls_context(host: str) -> ssl.SSLContext:
    certificate = authority().issue_cert(host)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "certificate.pem")
        certificate.private_key_and_cert_chain_pem.write_to_path(str(path))
        context.load_cert_chain(path)
    return context


def reset(connection: socket.socket) -> None:
    """Break a connection off with a TCP reset, not a polite end."""
    linger = struct.pack("ii", 1, 0)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    if isinstance(connection, ssl.SSLSocket):
        socket.socket(fileno=connection.detach()).close()
    else:
        connection.close()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64
    proxy: GoogleProxy

    def handle_error(self, request, client_address) -> None:
        pass  # a client that goes away is what these tests are about


class Connection(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        proxy = self.server.proxy
        self.request.settimeout(PATIENCE_S)
        self.plain = self.request
        first = proxy.next_answer(before_request=True)
        early = first if first.before_request else Answer()
        if early.phase == "accept":
            return self.reset()
        head = self.read_head(self.request)
        if not head:
            return None
        proxy.tunnels += 1
        proxy.hosts.add(head.split()[1].decode())
        proxy.tunnel_heads.append(head.decode("latin-1"))
        if early.phase == "tunnel":
            return self.reset()
        if early.phase.startswith("proxy "):
            status = early.phase.split()[1]
            self.request.sendall(f"HTTP/1.1 {status} No\r\nContent-Length: 0\r\n\r\n".encode())
            return None
        self.request.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        if early.phase == "tls":
            self.request.recv(100)
            return self.reset()
        if early.phase == "tls garbage":
            self.request.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            return None
        with suppress(OSError), proxy.tls.wrap_socket(self.request, server_side=True) as secure:
            self.request = secure
            self.serve()
        return None

    def serve(self) -> None:
        proxy = self.server.proxy
        text = self.read_text()
        if text is None:
            return
        with proxy._lock:
            proxy.asked.append(text)
            proxy.asked_at.append(time.monotonic())
            proxy.at_once += 1
            proxy.most_at_once = max(proxy.most_at_once, proxy.at_once)
        try:
            self.answer(text, proxy.next_answer())
        finally:
            with proxy._lock:
                proxy.at_once -= 1

    def answer(self, text: str, how: Answer) -> None:
        proxy = self.server.proxy
        if how.phase == "request":
            return self.reset()
        proxy.stall(how.delay_s)
        if how.phase == "stall headers":
            return proxy.stall()
        body = _body(text, how)
        headers = {"Content-Length": str(len(body)), "Connection": "close", **how.headers}
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        head = f"HTTP/1.1 {how.status} Told so\r\n{lines}\r\n".encode()
        if how.phase == "headers":
            self.request.sendall(head[:10])
            return self.reset()
        self.request.sendall(head)
        if how.phase in ("body", "stall body"):
            self.request.sendall(body[: len(body) // 2])
            return self.reset() if how.phase == "body" else proxy.stall()
        if how.phase == "drip":
            for index in range(len(body)):
                self.request.sendall(body[index : index + 1])
                proxy.stall(0.05)
                if proxy._stopping.is_set():
                    break
            return None
        self.request.sendall(body)
        if how.status == 200 and how.sound in ("speech", "16 kHz", "44.1 kHz", "escaped"):
            with proxy._lock:
                proxy.answered.append(text)
        return None

    def reset(self) -> None:
        reset(self.request)

    def read_head(self, source) -> bytes:
        head = b""
        while b"\r\n\r\n" not in head:
            more = source.recv(1)
            if not more:
                return b""
            head += more
        return head

    def read_text(self) -> str | None:
        head = self.read_head(self.request)
        found = re.search(rb"content-length: *(\d+)", head, re.IGNORECASE)
        if not found:
            return None
        body = b""
        while len(body) < int(found[1]):
            body += self.request.recv(65536)
        calls = json.loads(urllib.parse.parse_qs(body.decode())["f.req"][0])
        text, language, _speed, _ = json.loads(calls[0][0][1])
        assert calls[0][0][0] == "jQ1olc"
        assert language == "ar"
        assert len(text) <= 100
        return str(text)


def _body(text: str, how: Answer) -> bytes:
    if how.sound == "html" or how.status != 200:
        return b"<!doctype html><html><title>Sorry</title><p>Log in to the network.</html>"
    mp3 = mp3_of(text)
    sound = {
        "truncated": mp3[: len(mp3) * 2 // 3 + 5],
        "short": mp3[: 96 * 8],
        "empty": b"",
        "silent": mp3_of(text, level=0.0),
        "noise": bytes(range(256)) * 20,
        "16 kHz": mp3_of(text, 16_000),
        "44.1 kHz": mp3_of(text, 44_100),
        "escaped": mp3 + b"\0" * ((1 - len(mp3)) % 3),
    }.get(how.sound, mp3)
    coded = base64.b64encode(sound).decode()
    if how.sound == "escaped":
        assert coded.endswith("==")
        coded = coded.replace("=", "\\u003d")
    if how.sound == "not base64":
        coded = coded[:-3] + "é!"
    inner = "null" if how.sound == "none" else json.dumps([coded]).replace("\\\\u", "\\u")
    line = json.dumps(
        [["wrb.fr", "jQ1olc", inner, None, None, None, "generic"]], ensure_ascii=False
    )
    line = line.replace('", "', '","')
    raw = f')]}}\'\n\n{len(line)}\n{line}\n25\n[["e",4,null,null,{len(line)}]]\n'.encode()
    return raw + b"\xff\xfe\n" if how.sound == "not utf-8" else raw
