"""Microsoft's service on the loopback, behind a proxy of its own: TLS, WebSocket (RFC 6455), the
messages that edge-tts reads, and every way in which they can go wrong.

`EdgeService` is a context; set HTTPS_PROXY to its `url`, and have edge-tts trust `authority()`.
Each letter of a text lasts LETTER_S; between words the sound is lower, so that their boundaries
can be seen in it.
"""

from __future__ import annotations

import base64
import email.utils
import hashlib
import json
import re
import ssl
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape, unescape

import lameenc
import numpy as np

from tests.speech.google.proxy import (
    LEAD_S,
    LETTER_S,
    TAIL_S,
    Answer,
    Connection,
    GoogleProxy,
    authority,
    letters,
)

__all__ = [
    "FAULTS",
    "EdgeAnswer",
    "EdgeService",
    "fault",
    "spoken_s",
    "trusting_context",
    "word_starts_s",
]

HOST = "speech.platform.bing.com"
_RATE_HZ = 24_000
_WORD_GAP_S = 0.05
_TICKS_PER_S = 10_000_000
_MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_FOLDED = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا"})


@dataclass(frozen=True)
class EdgeAnswer(Answer):
    """How one request is answered. More phases: "close", "eof" and "reset" break the connection
    midway, "silence" and "silence midway" leave it open without a word."""

    cut_at: float = 1.0
    """The share of the messages after which the phase breaks the connection."""
    metadata: str = "between"
    """"between" the sounds, "first" (as the service sends it, ahead), "none"."""
    words: str = "folded"
    """How the boundaries are written: "folded", "joined" (two words in one), "split", "renamed",
    "backwards", "without the last"."""
    message: str = ""
    """One message that the protocol does not have."""
    date_offset_s: float | None = 0.0
    """What the service's clock is ahead; None sends no date."""


FAULTS: dict[str, Answer] = {
    **{f"status {status}": EdgeAnswer(status=status) for status in
       (400, 401, 403, 404, 408, 429, 500, 502, 503, 504)},
    "status 403 without a date": EdgeAnswer(status=403, date_offset_s=None),
    "status 429, Retry-After 1": EdgeAnswer(429, {"Retry-After": "1"}),
    "status 429, Retry-After an hour": EdgeAnswer(429, {"Retry-After": "3600"}),
    "status 503, Retry-After 1": EdgeAnswer(503, {"Retry-After": "1"}),
    "status 200, a login page": EdgeAnswer(phase="html"),
    "this clock is an hour off": EdgeAnswer(date_offset_s=3600.0),
    **{f"reset: {phase}": EdgeAnswer(phase=phase) for phase in ("accept", "tunnel", "tls", "request")},
    "tls garbage": EdgeAnswer(phase="tls garbage"),
    **{f"proxy {status}": EdgeAnswer(phase=f"proxy {status}") for status in (403, 407, 502)},
    "silence": EdgeAnswer(phase="silence", cut_at=0.0),
    "silence midway": EdgeAnswer(phase="silence", cut_at=0.5),
    "a message a second": EdgeAnswer(phase="drip"),
    **{f"{phase} before any sound": EdgeAnswer(phase=phase, cut_at=0.0)
       for phase in ("close", "eof", "reset")},
    **{f"{phase} midway": EdgeAnswer(phase=phase, cut_at=0.5) for phase in ("close", "eof", "reset")},
    "close midway, all words told": EdgeAnswer(phase="close", cut_at=0.7, metadata="first"),
    "close midway, no words told": EdgeAnswer(phase="close", cut_at=0.2, metadata="none"),
    "close before the last word": EdgeAnswer(phase="close", cut_at=0.8),
    "no sound": EdgeAnswer(sound="none"),
    "no sound, no words": EdgeAnswer(sound="none", metadata="none"),
    **{sound: EdgeAnswer(sound=sound) for sound in
       ("truncated", "short", "silent", "noise", "10 minutes", "endless")},
    **{f"message: {message}": EdgeAnswer(message=message) for message in
       ("unknown path", "no json", "unknown metadata", "too short", "header too long",
        "wrong type", "no path", "sound without type")},
    **{f"words {words}": EdgeAnswer(words=words) for words in
       ("folded", "joined", "split", "renamed", "backwards", "without the last")},
    "words first": EdgeAnswer(metadata="first"),
    "words none": EdgeAnswer(metadata="none"),
    "slow": EdgeAnswer(delay_s=0.3),
}  # fmt: skip
"""By the names that the tables of tests use."""


def fault(name: str) -> Answer:
    return EdgeAnswer() if name == "ok" else FAULTS[name]


def trusting_context() -> ssl.SSLContext:
    """What replaces edge-tts's own: it trusts nobody but the authority of these tests."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "authority.pem")
        authority().cert_pem.write_to_path(str(path))
        return ssl.create_default_context(cafile=str(path))


def word_starts_s(text: str) -> list[float]:
    """When each word begins in the sound of a text, the silence before it included."""
    starts, at = [], LEAD_S
    for word in text.split():
        starts.append(at)
        at += letters(word) * LETTER_S + _WORD_GAP_S
    return starts


def spoken_s(text: str) -> float:
    """How long the speech of a text is, without silence around it."""
    words = text.split()
    return sum(map(letters, words)) * LETTER_S + (len(words) - 1) * _WORD_GAP_S


def word_sound(word: str, number: int, rate_hz: int) -> np.ndarray:
    """A tone that rises and falls with each two letters, as speech does with its syllables."""
    seconds = np.arange(round(letters(word) * LETTER_S * rate_hz)) / rate_hz
    envelope = 0.05 + 0.95 * np.sin(np.pi * seconds / (2 * LETTER_S)) ** 2
    return envelope * np.sin(2 * np.pi * (300 + 90 * (number % 10)) * seconds)


@cache
def mp3_of(text: str, level: float = 0.3, lasts_s: float = 0.0) -> bytes:
    total_s = max(LEAD_S + spoken_s(text) + TAIL_S, lasts_s)
    samples = np.zeros(round(total_s * _RATE_HZ))
    for number, (word, start_s) in enumerate(zip(text.split(), word_starts_s(text), strict=True)):
        first = round(start_s * _RATE_HZ)
        tone = word_sound(word, number, _RATE_HZ)
        samples[first : first + len(tone)] = level * tone
    if lasts_s:
        samples += 0.1 * np.sin(2 * np.pi * 200 * np.arange(len(samples)) / _RATE_HZ)
    encoder = lameenc.Encoder()
    encoder.set_bit_rate(48)
    encoder.set_in_sample_rate(_RATE_HZ)
    encoder.set_out_sample_rate(_RATE_HZ)
    encoder.set_channels(1)
    encoder.set_quality(7)
    encoder.silence()
    return bytes(encoder.encode((samples * 32767).astype("<i2").tobytes()) + encoder.flush())


class EdgeService(GoogleProxy):
    """The service; start and stop it as a context."""

    host = HOST

    def __init__(self) -> None:
        super().__init__()
        self.usual = EdgeAnswer()
        self.ssml: list[str] = []
        """All requests as they came."""
        self.tokens: list[str] = []

    def connection_class(self) -> type[Connection]:
        return _EdgeConnection


class _EdgeConnection(Connection):
    def serve(self) -> None:
        service = self.server.proxy
        head = self.read_head(self.request).decode("latin-1")
        if not head:
            return
        how = service.next_answer()
        if how.phase == "request":
            self.reset()
            return
        if refusal := self.refusal(head, how):
            self.request.sendall(refusal)
            return
        key = re.search(r"sec-websocket-key: *(\S+)", head, re.IGNORECASE)[1]
        accept = base64.b64encode(hashlib.sha1((key + _MAGIC).encode()).digest()).decode()
        self.request.sendall(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Accept: {accept}\r\n\r\n".encode()
        )
        config, ssml = self.read_message(), self.read_message()
        if '"wordBoundaryEnabled":"true"' not in config or not ssml:
            return
        text = unescape(re.search(r"<prosody[^>]*>(.*)</prosody>", ssml, re.DOTALL)[1])
        with service._lock:
            service.asked.append(text)
            service.asked_at.append(time.monotonic())
            service.ssml.append(ssml)
            service.at_once += 1
            service.most_at_once = max(service.most_at_once, service.at_once)
        try:
            self.answer(text, how)
        finally:
            with service._lock:
                service.at_once -= 1

    def refusal(self, head: str, how: EdgeAnswer) -> bytes | None:
        """The answer to a handshake that is not accepted."""
        from edge_tts.drm import generate_sec_ms_gec_v2

        service = self.server.proxy
        token = re.search(r"Sec-MS-GEC=([\w-]+)", head)[1]
        service.tokens.append(token)
        status = how.status
        now = time.time() + (how.date_offset_s or 0.0)
        # the client's clock is taken from the service's last answer, and so may be off again
        if status == 200 and token not in map(generate_sec_ms_gec_v2, (now, now - 300, now + 300)):
            status = 403
        if how.phase == "html":
            return b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nlogin"
        if status == 200:
            return None
        headers = dict(how.headers)
        if how.date_offset_s is not None:
            headers["Date"] = email.utils.formatdate(now, usegmt=True)
        if status == 403 and how.status == 200:  # the same answer awaits the next try
            with service._lock:
                service._script.appendleft(how)
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return f"HTTP/1.1 {status} Told so\r\n{lines}Content-Length: 0\r\n\r\n".encode()

    def answer(self, text: str, how: EdgeAnswer) -> None:
        service = self.server.proxy
        service.stall(how.delay_s)
        messages = list(_messages(text, how))
        at = round(len(messages) * how.cut_at)
        for index, message in enumerate(messages):
            if index == at and how.phase in ("close", "eof", "reset", "silence"):
                break
            with suppress(OSError):
                self.request.sendall(message)
            if how.phase == "drip":
                service.stall(0.2)
            if service._stopping.is_set():
                return
        if how.phase == "reset":
            self.reset()
        elif how.phase == "silence":
            service.stall()
        elif how.phase == "eof":
            self.request.close()
        elif how.phase == "close":
            self.request.sendall(b"\x88\x02\x03\xe8")
        elif how.sound in ("speech", "endless") and not how.message:
            with service._lock:
                service.answered.append(text)

    def read_message(self) -> str:
        """A masked text message of the client."""
        first = self.read_exactly(2)
        length = first[1] & 0x7F
        if length == 126:
            length = int.from_bytes(self.read_exactly(2), "big")
        elif length == 127:
            length = int.from_bytes(self.read_exactly(8), "big")
        mask = self.read_exactly(4)
        data = self.read_exactly(length)
        if first[0] & 0x0F != 1:
            return ""
        return bytes(byte ^ mask[index % 4] for index, byte in enumerate(data)).decode()

    def read_exactly(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            more = self.request.recv(count - len(data))
            if not more:
                raise ConnectionError
            data += more
        return data


def _frame(opcode: int, data: bytes) -> bytes:
    head = bytes([0x80 | opcode])
    if len(data) < 126:
        return head + bytes([len(data)]) + data
    if len(data) < 65536:
        return head + bytes([126]) + len(data).to_bytes(2, "big") + data
    return head + bytes([127]) + len(data).to_bytes(8, "big") + data


def _text(path: str, data: str) -> bytes:
    return _frame(1, f"X-RequestId:1\r\nPath:{path}\r\n\r\n{data}".encode())


def _sound(data: bytes, head: bytes = b"Content-Type:audio/mpeg\r\nPath:audio") -> bytes:
    head = b"X-RequestId:1\r\n" + head + b"\r\n"
    return _frame(2, len(head).to_bytes(2, "big") + head + data)


def _metadata(text: str, start_s: float, lasts_s: float) -> bytes:
    data = {
        "Offset": round(start_s * _TICKS_PER_S),
        "Duration": round(lasts_s * _TICKS_PER_S),
        "text": {"Text": escape(text), "Length": len(text), "BoundaryType": "WordBoundary"},
    }
    return _text(
        "audio.metadata", json.dumps({"Metadata": [{"Type": "WordBoundary", "Data": data}]})
    )


_WRONG = {
    "unknown path": _text("advertisement", "{}"),
    "no json": _text("audio.metadata", "{"),
    "unknown metadata": _text("audio.metadata", '{"Metadata": [{"Type": "Viseme", "Data": {}}]}'),
    "too short": _frame(2, b"\x00"),
    "header too long": _frame(2, b"\xff\xff" + b"Path:audio"),
    "wrong type": _sound(b"x" * 9, b"Content-Type:audio/ogg\r\nPath:audio"),
    "no path": _sound(b"x" * 9, b"Content-Type:audio/mpeg"),
    "sound without type": _sound(b"x" * 9, b"Path:audio"),
}


def _words(text: str, how: EdgeAnswer) -> list[tuple[str, float, float]]:
    """What the service tells of each word: its letters, its start and its length."""
    rows = [
        (
            "".join(one for one in word.translate(_FOLDED) if one.isalnum()),
            start_s,
            letters(word) * LETTER_S,
        )
        for word, start_s in zip(text.split(), word_starts_s(text), strict=True)
    ]
    if how.words == "joined":
        (first, start_s, _), (second, then_s, lasts_s), *rest = rows
        return [(first + second, start_s, then_s + lasts_s - start_s), *rest]
    if how.words == "split":
        (first, start_s, lasts_s), *rest = rows
        return [
            (first[:1], start_s, lasts_s / 2),
            (first[1:], start_s + lasts_s / 2, lasts_s / 2),
            *rest,
        ]
    if how.words == "renamed":
        return [("1" * 9, start_s, lasts_s) for _, start_s, lasts_s in rows]
    if how.words == "backwards":
        return rows[::-1]
    return rows[:-1] if how.words == "without the last" else rows


def _messages(text: str, how: EdgeAnswer):
    """All frames of an answer, in order."""
    yield _text("turn.start", "{}")
    yield _text("response", "{}")
    if how.message:
        yield _WRONG[how.message]
    whole = mp3_of(text)
    mp3 = {
        "none": b"",
        "silent": mp3_of(text, level=0.0),
        "truncated": whole[: len(whole) * 2 // 3 + 5],
        "short": whole[: 144 * 8],
        "noise": bytes(range(256)) * 20,
    }.get(how.sound, whole)
    if how.sound == "10 minutes":
        mp3 = whole + 30 * mp3_of("x", lasts_s=20.0)
    words = [] if how.metadata == "none" else _words(text, how)
    if how.metadata == "first":
        for row in words:
            yield _metadata(*row)
        words = []
    step = max(144, len(mp3) // 20 // 144 * 144)
    for start in range(0, len(mp3), step):
        # a word is told of before its sound, as the service does it
        until_s = (start + step) * 8 / 48_000
        while words and (how.words == "backwards" or words[0][1] <= until_s):
            yield _metadata(*words.pop(0))
        yield _sound(mp3[start : start + step])
    for row in words:
        yield _metadata(*row)
    if how.sound == "endless":
        for _ in range(200):
            yield _sound(mp3_of("x", lasts_s=20.0))
    if mp3:
        yield _sound(b"", b"Path:audio")
    yield _text("turn.end", "{}")
