"""A server on the loopback that answers /v1/audio/speech, and every way in which it can go wrong.

Start and stop it as a context; `url` is what the configuration names. Each letter of a text lasts
LETTER_S, with quiet between words.
"""

from __future__ import annotations

import json
import re
import socketserver
import ssl
import struct
import threading
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from tests.speech.edge.service import mp3_of, spoken_s, word_sound
from tests.speech.google.proxy import LEAD_S, TAIL_S, reset, tls_context

__all__ = ["FAULTS", "Reply", "SpeechServer", "fault", "samples_of", "spoken_s", "wave_of"]

PATIENCE_S = 120.0
_RATE_HZ = 24_000
_WORD_GAP_S = 0.05


@dataclass(frozen=True)
class Reply:
    """How one request is answered; as it stands: well."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: str = "speech"
    """By its name in `_body`."""
    phase: str = ""
    """"accept", "request", "garbage", "stall headers", "stall body", "drip", "cut" (fewer bytes than
    announced), "reset body", "chunked", "chunked, cut", "until closed", "until closed, cut"."""
    delay_s: float = 0.0


def _refused(status: int, code: str = "", **headers: str) -> Reply:
    body = f"error {code}"
    return Reply(status, {name.replace("_", "-"): value for name, value in headers.items()}, body)


FAULTS = {
    **{f"status {status}": _refused(status) for status in (400, 405, 413, 422, 500, 502, 503, 529)},
    "status 401": _refused(401, "invalid_api_key"),
    "status 403": _refused(403),
    "status 404": _refused(404, "model_not_found"),
    "status 429": _refused(429, "rate_limit_exceeded"),
    "status 429, Retry-After 1": _refused(429, Retry_After="1"),
    "status 429, Retry-After an hour": _refused(429, Retry_After="3600"),
    "status 429, no credit": _refused(429, "insufficient_quota"),
    "status 500 with the text and the key in it": Reply(500, body="echo"),
    "status 500 without an end": Reply(500, phase="drip"),
    "status 204": Reply(204, body="empty"),
    "redirect to elsewhere": Reply(307, {"Location": "http://192.0.2.1/v1/audio/speech"}),
    "redirect to itself": Reply(302, {"Location": "/v1/audio/speech"}),
    **{f"reset: {phase}": Reply(phase=phase) for phase in ("accept", "request")},
    "garbage": Reply(phase="garbage"),
    "stalled headers": Reply(phase="stall headers"),
    "stalled body": Reply(phase="stall body"),
    "a byte at a time": Reply(phase="drip"),
    **{f"body {phase}": Reply(phase=phase) for phase in ("cut", "reset body", "chunked, cut", "until closed, cut")},
    **{body: Reply(body=body) for body in
       ("empty", "silence", "digital silence", "noise", "pink noise", "drone", "random bytes", "json", "html",
        "10 minutes", "huge", "no data", "half a header", "no format", "no channels", "1 Hz",
        "a playlist", "a tenth of it", "far too long", "flac", "cut mp3")},
    **{body: Reply(body=body) for body in
       ("8 kHz", "48 kHz stereo", "float", "24 bit", "8 bit", "size unknown", "size zero", "extra chunks", "mp3")},
    **{phase: Reply(phase=phase) for phase in ("chunked", "until closed")},
    "slow": Reply(delay_s=0.3),
}  # fmt: skip
"""By the names that the tables of tests use."""


def fault(name: str) -> Reply:
    return Reply() if name == "ok" else FAULTS[name]


def samples_of(text: str, rate_hz: int = _RATE_HZ) -> np.ndarray:
    """The speech of a text, full scale 1.0."""
    parts = [np.zeros(round(LEAD_S * rate_hz))]
    for number, word in enumerate(text.split()):
        parts.append(0.3 * word_sound(word, number, rate_hz))
        parts.append(np.zeros(round(_WORD_GAP_S * rate_hz)))
    return np.concatenate([*parts, np.zeros(round(TAIL_S * rate_hz))])


def wave_of(
    samples: np.ndarray,
    rate_hz: int = _RATE_HZ,
    kind: str = "<i2",
    channels: int = 1,
    size: int | None = None,
    extra: bytes = b"",
) -> bytes:
    """A WAV file. kind: of numpy, or "24" for 24 bits; size: what the header says of the data."""
    if kind == "24":
        wide = (samples * 8_388_607).astype("<i4")
        data = wide.repeat(max(1, channels)).view("u1").reshape(-1, 4)[:, :3].tobytes()
        width, tag = 3, 1
    elif kind == "<f4":
        data, width, tag = samples.astype("<f4").repeat(max(1, channels)).tobytes(), 4, 3
    elif kind == "u1":
        data, width, tag = (
            (samples * 127 + 128).round().astype("u1").repeat(max(1, channels)).tobytes(),
            1,
            1,
        )
    else:
        data, width, tag = (samples * 32767).astype("<i2").repeat(max(1, channels)).tobytes(), 2, 1
    block = width * channels
    form = struct.pack("<HHIIHH", tag, channels, rate_hz, rate_hz * block, block, 8 * width)
    announced = len(data) if size is None else size
    body = (
        b"WAVEfmt "
        + struct.pack("<I", 16)
        + form
        + extra
        + b"data"
        + struct.pack("<I", announced)
        + data
    )
    return b"RIFF" + struct.pack("<I", min(0xFFFFFFFF, len(body))) + body


def _noise(text: str) -> np.ndarray:
    return np.random.default_rng(1).uniform(-0.3, 0.3, len(samples_of(text)))


def _pink(text: str) -> np.ndarray:
    walk = np.cumsum(np.random.default_rng(1).normal(0, 1, len(samples_of(text))))
    return 0.3 * np.tanh((walk - np.convolve(walk, np.ones(480) / 480, "same")) / 20)


def _drone(text: str) -> np.ndarray:
    return 0.3 * np.sin(2 * np.pi * 150 * np.arange(len(samples_of(text))) / _RATE_HZ)


def _repeated(text: str, seconds: float) -> np.ndarray:
    return np.resize(samples_of(text), round(seconds * _RATE_HZ))


_BODIES: dict[str, Callable[[str], bytes]] = {
    "speech": lambda text: wave_of(samples_of(text)),
    "empty": lambda _: b"",
    "silence": lambda text: wave_of(0.0003 * _noise(text)),
    "digital silence": lambda text: wave_of(0 * samples_of(text)),
    "noise": lambda text: wave_of(_noise(text)),
    "pink noise": lambda text: wave_of(_pink(text)),
    "drone": lambda text: wave_of(_drone(text)),
    "random bytes": lambda _: np.random.default_rng(1).bytes(9000),
    "json": lambda _: b'{"error": {"code": "model_not_found"}}',
    "html": lambda _: b"<!doctype html><title>Log in</title>",
    "10 minutes": lambda text: wave_of(_repeated(text, 200.0), _RATE_HZ // 3),
    "huge": lambda text: wave_of(_repeated(text, 600.0)),
    "no data": lambda text: wave_of(samples_of(text))[:44],
    "half a header": lambda text: wave_of(samples_of(text))[:30],
    "no format": lambda _: b"RIFF\0\0\0\0WAVEdata" + struct.pack("<I", 8) + bytes(8),
    "no channels": lambda text: wave_of(samples_of(text), channels=0),
    "1 Hz": lambda text: wave_of(samples_of(text), 1),
    "a playlist": lambda _: b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n",
    "a tenth of it": lambda text: wave_of(samples_of(text)[: round((LEAD_S + 0.3) * _RATE_HZ)]),
    "far too long": lambda text: wave_of(_repeated(text, 12 * spoken_s(text))),
    "flac": lambda _: b"fLaC" + bytes(900),
    "cut mp3": lambda text: mp3_of(text)[: len(mp3_of(text)) * 2 // 3 + 5],
    "8 kHz": lambda text: wave_of(samples_of(text, 8_000), 8_000),
    "48 kHz stereo": lambda text: wave_of(samples_of(text, 48_000), 48_000, channels=2),
    "float": lambda text: wave_of(samples_of(text), kind="<f4"),
    "24 bit": lambda text: wave_of(samples_of(text), kind="24"),
    "8 bit": lambda text: wave_of(samples_of(text), kind="u1"),
    "size unknown": lambda text: wave_of(samples_of(text), size=0xFFFFFFFF),
    "size zero": lambda text: wave_of(samples_of(text), size=0),
    "extra chunks": lambda text: wave_of(
        samples_of(text), extra=b"LIST" + struct.pack("<I", 5) + b"INFOx\0"
    ),
    "mp3": mp3_of,
}


@cache
def _body(name: str, text: str) -> bytes:
    if name.startswith("error"):
        code = name.removeprefix("error").strip() or None
        return json.dumps({"error": {"message": f"no: {text}", "code": code}}).encode()
    return _BODIES[name](text)


class SpeechServer:
    """The server; start and stop it as a context."""

    def __init__(self, tls_host: str = "") -> None:
        """tls_host: speak TLS, as this host."""
        self.orders: list[dict] = []
        """The bodies of all requests."""
        self.heads: list[str] = []
        self.answered: list[str] = []
        self.at_once = self.most_at_once = 0
        self.usual = Reply()
        self.hung_up = threading.Event()
        """Set when a client goes away before its answer is whole."""
        self.tls_host = tls_host
        self._script: deque[Reply] = deque()
        self._lock = threading.Lock()
        self._stopping = threading.Event()

    @property
    def asked(self) -> list[str]:
        """The texts of all requests, in order of arrival."""
        return [order["input"] for order in self.orders]

    def script(self, replies: Iterable[Reply]) -> None:
        """The next requests are answered so, one each."""
        with self._lock:
            self._script = deque(replies)

    def next_reply(self, *, at_accept: bool) -> Reply:
        with self._lock:
            coming = self._script[0] if self._script else self.usual
            if self._script and (coming.phase == "accept") == at_accept:
                self._script.popleft()
            return coming

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def __enter__(self) -> SpeechServer:
        self._server = _Server(("127.0.0.1", 0), _Connection)
        self._server.owner = self
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64
    owner: SpeechServer

    def handle_error(self, request, client_address) -> None:
        pass  # a client that goes away is what these tests are about


class _Connection(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        owner = self.server.owner
        self.request.settimeout(PATIENCE_S)
        if owner.next_reply(at_accept=True).phase == "accept":
            reset(self.request)
            return
        if owner.tls_host:
            with suppress(OSError, ssl.SSLError):
                self.request = tls_context(owner.tls_host).wrap_socket(
                    self.request, server_side=True
                )
                self.serve()
                self.request.close()
        else:
            self.serve()

    def serve(self) -> None:
        owner = self.server.owner
        head = self.read_until(b"\r\n\r\n")
        if not head:
            return
        length = re.search(r"content-length: *(\d+)", head, re.IGNORECASE)
        order = json.loads(self.read_exactly(int(length[1])))
        assert head.startswith("POST /v1/audio/speech HTTP/1.1\r\n")
        reply = owner.next_reply(at_accept=False)
        with owner._lock:
            owner.orders.append(order)
            owner.heads.append(head)
            owner.at_once += 1
            owner.most_at_once = max(owner.most_at_once, owner.at_once)
        try:
            self.answer(order["input"], head, reply)
        except OSError:
            owner.hung_up.set()
        finally:
            with owner._lock:
                owner.at_once -= 1

    def answer(self, text: str, head: str, reply: Reply) -> None:
        owner = self.server.owner
        owner._stopping.wait(reply.delay_s)
        if reply.phase == "request":
            reset(self.request)
            return
        if reply.phase == "garbage":
            self.request.sendall(b"SSH-2.0-OpenSSH_9.9\r\n" * 3)
            return
        if reply.phase == "stall headers":
            self.wait_for_the_client()
            return
        body = json.dumps({"error": {"message": text + head, "code": "sk-secret"}}).encode()
        if reply.body != "echo":
            body = _body(reply.body, text)
        self.request.sendall(_head(reply, len(body)))
        if self.breaks_off(reply, body):
            return
        if reply.phase.startswith("chunked"):
            self.send_chunks(body, whole=reply.phase == "chunked")
        else:
            self.request.sendall(body)
        if reply.status == 200:
            with owner._lock:
                owner.answered.append(text)

    def breaks_off(self, reply: Reply, body: bytes) -> bool:
        """Send a body that does not come to its end, where the reply is such a one."""
        if reply.phase == "drip":
            for index in range(len(body)):
                self.request.sendall(body[index : index + 1])
                if self.server.owner._stopping.wait(0.05):
                    break
            return True
        if reply.phase not in ("stall body", "cut", "reset body", "until closed, cut"):
            return False
        self.request.sendall(body[: len(body) // 2])
        if reply.phase == "stall body":
            self.wait_for_the_client()
        elif reply.phase == "reset body":
            reset(self.request)
        return True

    def send_chunks(self, body: bytes, *, whole: bool) -> None:
        for start in range(0, len(body) if whole else len(body) // 2, 5000):
            chunk = body[start : start + 5000]
            self.request.sendall(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n")
        if whole:
            self.request.sendall(b"0\r\n\r\n")

    def wait_for_the_client(self) -> None:
        """Say nothing until the client goes away."""
        with suppress(OSError):
            if self.request.recv(1) == b"":
                self.server.owner.hung_up.set()

    def read_until(self, end: bytes) -> str:
        data = b""
        while end not in data:
            more = self.request.recv(1)
            if not more:
                return ""
            data += more
        return data.decode("latin-1")

    def read_exactly(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            more = self.request.recv(count - len(data))
            if not more:
                raise ConnectionError
            data += more
        return data


def _head(reply: Reply, length: int) -> bytes:
    headers = {"Content-Type": "audio/wav", **reply.headers}
    if reply.phase.startswith("chunked"):
        headers["Transfer-Encoding"] = "chunked"
    elif not reply.phase.startswith("until closed") and reply.status != 204:
        headers["Content-Length"] = str(length)
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {reply.status} Told so\r\n{lines}\r\n".encode()
