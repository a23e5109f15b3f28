"""A file that is written in the background, while other work produces its bytes."""

from __future__ import annotations

import os
from concurrent.futures import Future, ThreadPoolExecutor
from typing import BinaryIO

__all__ = ["BackgroundWriter"]

_BATCH_BYTES = 2 << 20
"""Written in one batch: little enough that memory stays flat, enough that batches are rare."""
_MOST_PIECES = 1024
"""The most pieces that one system call takes (IOV_MAX)."""


class BackgroundWriter:
    """Appends pieces to a file in order. `flush` waits until all of them are written.

    If the disk refuses a write, a later `write` or `flush` raises OSError.
    """

    def __init__(self, file: BinaryIO, start: int) -> None:
        """start: the position in the file, in bytes, of the first piece."""
        self._file = file
        self._position = start
        self._pieces: list[bytes | memoryview] = []
        self._bytes = 0
        self._thread: ThreadPoolExecutor | None = None
        self._batch: Future[None] | None = None

    def write(self, piece: bytes | memoryview) -> None:
        """Append a piece. The caller must not change it afterwards."""
        self._pieces.append(piece)
        self._bytes += len(piece)
        if self._bytes >= _BATCH_BYTES:
            self._start_batch()

    def flush(self) -> None:
        """Wait until every piece is in the file, and end the thread."""
        self._wait()
        _append(self._file, self._position, self._pieces)
        self._position += self._bytes
        self._pieces, self._bytes = [], 0
        self.close()

    def close(self) -> None:
        """End the thread, before the file is closed. Pieces that are not written yet are lost."""
        if self._thread is not None:
            self._thread.shutdown()
            self._thread = None

    def _start_batch(self) -> None:
        self._wait()
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, thread_name_prefix="writer")
        self._batch = self._thread.submit(_append, self._file, self._position, self._pieces)
        self._position += self._bytes
        self._pieces, self._bytes = [], 0

    def _wait(self) -> None:
        if self._batch is not None:
            batch, self._batch = self._batch, None
            batch.result()


def _append(file: BinaryIO, position: int, pieces: list[bytes | memoryview]) -> None:
    """Write pieces at a position in bytes, without moving the file's own if the system can."""
    if not hasattr(os, "pwritev"):
        file.seek(position)
        file.write(b"".join(pieces))
        file.flush()
        return
    rest = [memoryview(piece) for piece in pieces if len(piece)]
    while rest:
        written = os.pwritev(file.fileno(), rest[:_MOST_PIECES], position)
        position += written
        complete = 0
        while complete < len(rest) and len(rest[complete]) <= written:
            written -= len(rest[complete])
            complete += 1
        del rest[:complete]
        if written:
            rest[0] = rest[0][written:]
