"""An address to a file: fetched in as many parts as it takes, checked as a whole, then renamed.

What has come so far stands beside the file as FILE.part and is gone on with, by this or by the next
command, as long as the server still has the same file (RFC 9110, 13.1.5 If-Range and 14.2 Range).
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from briefing.errors import ShelfError, VoiceError

__all__ = ["Downloaded", "Limits", "download", "require_space"]

Progress = Callable[[int, int], None]
"""Receives how many bytes have come, and of how many; 0 where that is not known."""

_BLOCK_BYTES = 1 << 16
_BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})
_LONGEST_WAIT_S = 20.0
_SHA256 = re.compile(r'"?([0-9a-f]{64})"?')
_DECLARED_DIGEST = "X-Linked-ETag"
"""Where a Hugging Face server says the SHA-256 of a large file."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how much a download may take."""

    stall_s: float = 30.0
    """Without a byte for so long, the connection is given up."""
    tries: int = 5
    """Connections without any progress, one after the other, before giving up."""
    first_wait_s: float = 1.0
    """Before the next connection; it doubles."""
    largest_bytes: int = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Downloaded:
    """A file that has come."""

    sha256: str
    declared_sha256: str | None
    """What the server said that it would be, if it said so."""


class _TryAgainError(Exception):
    """This connection failed; another one may go on."""


@dataclass
class _Part:
    """What has come of a file so far."""

    path: Path
    url: str
    resumed: bool = False
    """True if it was put together from several answers."""

    @property
    def size(self) -> int:
        return self.path.stat().st_size if self.path.exists() else 0

    @property
    def _facts(self) -> Path:
        return self.path.with_name(f"{self.path.name}.json")

    def tag(self) -> str | None:
        """Return the server's tag of the file, None if what is there cannot be gone on with."""
        with suppress(OSError, ValueError, AttributeError):
            facts = json.loads(self._facts.read_bytes())
            if facts.get("url") == self.url and self.size:
                return str(facts["tag"]) if facts.get("tag") else None
        return None

    def begin(self, tag: str | None) -> None:
        self._facts.write_text(json.dumps({"url": self.url, "tag": tag}), encoding="utf-8")
        self.path.write_bytes(b"")

    def drop(self) -> None:
        self.path.unlink(missing_ok=True)
        self._facts.unlink(missing_ok=True)

    def finish(self, target: Path) -> None:
        with self.path.open("rb+") as file:
            os.fsync(file.fileno())
        self.path.replace(target)
        self._facts.unlink(missing_ok=True)


def download(
    url: str,
    target: Path,
    *,
    sha256: str,
    progress: Progress = lambda received, total: None,
    limits: Limits | None = None,
) -> Downloaded:
    """Fetch a file. A wrong digest leaves nothing behind; anything else leaves what has come.

    sha256: what the file must have; "" if that is not known: then what the server declares.
    Raise VoiceError if the network or the server fails, ShelfError if the disk does.
    """
    limits = limits or Limits()
    part = _Part(target.with_name(f"{target.name}.part"), url)
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        came = _fetch(part, progress, limits)
        if not _is_right(came, sha256) and part.resumed:
            part.drop()  # halves of two files, perhaps: once more from the start
            came = _fetch(part, progress, limits)
        if not _is_right(came, sha256):
            part.drop()
            raise VoiceError(
                f"{url}: is not the file that it should be: its SHA-256 is {came.sha256},"
                f" not {sha256 or came.declared_sha256}; nothing was installed"
            )
        part.finish(target)
    except OSError as error:
        raise ShelfError(
            f"{target.parent}: cannot be written: {error.strerror or error}; make room, then run"
            " the command again: it goes on where it stopped"
        ) from None
    return came


def _is_right(came: Downloaded, sha256: str) -> bool:
    return came.sha256 == (sha256 or came.declared_sha256 or came.sha256)


def require_space(folder: Path, needed_bytes: int) -> None:
    """Raise ShelfError if a folder's file system has less room than is needed."""
    there = next(place for place in (folder, *folder.parents) if place.exists())
    free = shutil.disk_usage(there).free
    if free < needed_bytes:
        raise ShelfError(
            f"{folder}: {needed_bytes / 1e6:.0f} MB are needed and {free / 1e6:.0f} MB are free;"
            " make room, or change models.folder"
        )


def _fetch(part: _Part, progress: Progress, limits: Limits) -> Downloaded:
    """Fetch the rest of a file, by as many connections as it takes."""
    failures = 0
    while True:
        before = part.size
        try:
            declared = _connect(part, progress, limits)
            return Downloaded(_sha256(part.path), declared)
        except _TryAgainError as error:
            failures = 0 if part.size > before else failures + 1
            if failures >= limits.tries:
                goes_on = f"; {part.size / 1e6:.1f} MB have come" if part.size else ""
                raise VoiceError(
                    f"{part.url}: {error}{goes_on}; run the command again later: it goes on where"
                    " it stopped"
                ) from None
            time.sleep(min(limits.first_wait_s * 2**failures, _LONGEST_WAIT_S))


def _connect(part: _Part, progress: Progress, limits: Limits) -> str | None:
    """Fetch as much as one connection gives; return the digest that the server declares.

    Raise _TryAgainError, VoiceError, OSError.
    """
    import requests

    headers = {"Accept-Encoding": "identity", "User-Agent": "briefing"}
    tag = part.tag()
    part.resumed = tag is not None
    if tag is not None:
        headers |= {"Range": f"bytes={part.size}-", "If-Range": tag}
    timeouts = (min(10.0, limits.stall_s), limits.stall_s)
    try:
        with requests.get(part.url, headers=headers, stream=True, timeout=timeouts) as answer:
            declared = _declared_digest(answer)
            if _is_whole(answer, part):
                return declared
            total = _begin(answer, part, limits)
            _receive(answer, part, total, progress)
            return declared
    except requests.TooManyRedirects:
        raise VoiceError(f"{part.url}: it leads in a circle") from None
    except requests.RequestException as error:
        raise _TryAgainError(_reason(error, limits)) from None


def _declared_digest(answer: Any) -> str | None:
    for each in (*answer.history, answer):
        if match := _SHA256.fullmatch(each.headers.get(_DECLARED_DIGEST, "")):
            return match[1]
    return None


def _is_whole(answer: Any, part: _Part) -> bool:
    """Return whether all has come already: the server has nothing after what is there."""
    if answer.status_code != 416:
        return False
    if answer.headers.get("Content-Range") == f"bytes */{part.size}":
        return True
    part.drop()
    raise _TryAgainError("the server has another file than before")


def _begin(answer: Any, part: _Part, limits: Limits) -> int:
    """Look at the head of an answer; return the size of the whole file, 0 if it is not said.

    Raise _TryAgainError or VoiceError if this is no answer to go on with.
    """
    status = answer.status_code
    if status in _BUSY:
        raise _TryAgainError(f"the server is busy (status {status})")
    if status not in (200, 206):
        raise VoiceError(f"{part.url}: the server refuses it (status {status})")
    if urlsplit(part.url).scheme == "https" and urlsplit(answer.url).scheme != "https":
        raise VoiceError(f"{part.url}: the server sends it by an unprotected connection")
    length = int(answer.headers.get("Content-Length") or 0)
    if status == 206:
        span = re.fullmatch(r"bytes (\d+)-\d+/(\d+)", answer.headers.get("Content-Range", ""))
        if span is None or int(span[1]) != part.size:
            part.drop()
            raise _TryAgainError("the server goes on at another place than asked for")
        total = int(span[2])
    else:
        tag = answer.headers.get("ETag")
        part.begin(tag if tag and not tag.startswith("W/") else None)
        total = length
    if total > limits.largest_bytes:
        part.drop()
        raise VoiceError(f"{part.url}: it is too large ({total / 1e6:.0f} MB)")
    require_space(part.path.parent, total - part.size)
    return total


def _receive(answer: Any, part: _Part, total: int, progress: Progress) -> None:
    """Write what comes. Raise _TryAgainError if it is less than was announced."""
    with part.path.open("ab") as file:
        size = part.size
        for block in _blocks(answer):
            file.write(block)
            size += len(block)
            if total and size > total:
                break
            progress(size, total)
    if total and size != total:
        if size > total:
            part.drop()
        raise _TryAgainError(f"the connection ended after {size:,} of {total:,} bytes")


def _blocks(answer: Any) -> Iterator[bytes]:
    yield from answer.iter_content(_BLOCK_BYTES)


def _reason(error: Exception, limits: Limits) -> str:
    """Return why a connection failed, in words for the user."""
    import requests

    if isinstance(error, requests.exceptions.ProxyError):
        return "the proxy does not answer, or refuses"
    if isinstance(error, requests.exceptions.SSLError):
        return "the server's certificate is not trusted"
    if "timed out" in str(error):
        return f"nothing came for {limits.stall_s:g} s"
    is_cut = isinstance(error, requests.exceptions.ChunkedEncodingError)
    return "the connection was cut" if is_cut else "it cannot be reached"


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
