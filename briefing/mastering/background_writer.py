"""A file that is written beside the work that makes its bytes."""

from __future__ import annotations

import os
from concurrent.futures import Future, ThreadPoolExecutor
from typing import BinaryIO

__all__ = ["WriteBehind"]

_AT_ONCE_BYTES = 2 << 20
"""Handed over together: few enough that memory stays flat, so many that it seldom happens."""
_MOST_PIECES = 1024
"""Of one call of the system (IOV_MAX)."""


class WriteBehind:
    """Appends to a file, in order, what it is given; `flush` waits until all is there.

    What the disk refuses is raised as OSError by a later `write` or by `flush`.
    """

    def __init__(self, file: BinaryIO, start: int) -> None:
        """start: the byte of the file where the first piece belongs."""
        self._file = file
        self._at = start
        self._pieces: list[bytes | memoryview] = []
        self._bytes = 0
        self._thread: ThreadPoolExecutor | None = None
        self._under_way: Future[None] | None = None

    def write(self, piece: bytes | memoryview) -> None:
        """Append a piece, which must not change any more."""
        self._pieces.append(piece)
        self._bytes += len(piece)
        if self._bytes >= _AT_ONCE_BYTES:
            self._hand_over()

    def flush(self) -> None:
        """Wait until everything is in the file, and end the thread."""
        self._wait()
        _append(self._file, self._at, self._pieces)
        self._at += self._bytes
        self._pieces, self._bytes = [], 0
        self.close()

    def close(self) -> None:
        """End the thread, before the file is closed; what is not written yet is not wanted."""
        if self._thread is not None:
            self._thread.shutdown()
            self._thread = None

    def _hand_over(self) -> None:
        self._wait()
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, thread_name_prefix="writer")
        self._under_way = self._thread.submit(_append, self._file, self._at, self._pieces)
        self._at += self._bytes
        self._pieces, self._bytes = [], 0

    def _wait(self) -> None:
        if self._under_way is not None:
            under_way, self._under_way = self._under_way, None
            under_way.result()


def _append(file: BinaryIO, at: int, pieces: list[bytes | memoryview]) -> None:
    """Write pieces from a byte of the file on, without moving its position where that can be."""
    if not hasattr(os, "pwritev"):
        file.seek(at)
        file.write(b"".join(pieces))
        file.flush()
        return
    rest = [memoryview(piece) for piece in pieces if len(piece)]
    while rest:
        written = os.pwritev(file.fileno(), rest[:_MOST_PIECES], at)
        at += written
        done = 0
        while done < len(rest) and len(rest[done]) <= written:
            written -= len(rest[done])
            done += 1
        del rest[:done]
        if written:
            rest[0] = rest[0][written:]
