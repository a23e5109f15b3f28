"""A lock that ends with its process: one builder a briefing, one service a configuration."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from briefing.errors import BriefingError, ShelfError

__all__ = ["STATE_FOLDER", "Busy", "lock"]

STATE_FOLDER = ".state"
_POLL_S = 0.1
_LOCKED_BYTE = 1 << 20
"""Far beyond the end of the file's text: on Windows a locked byte cannot be read."""

# A record lock does not exclude the threads of one process, and the process loses it when it
# closes any handle of the file. This table excludes them, before the file is opened.
_local_holders: dict[str, str] = {}
_local_guard = threading.Lock()


def _forget_parents_locks() -> None:
    # another thread may have held the guard at the fork
    global _local_guard
    _local_holders.clear()
    _local_guard = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_parents_locks)


class Busy(BriefingError):
    """Another process, or another thread of this one, holds the lock."""


@contextmanager
def lock(
    folder: Path,
    name: str,
    wait_s: float | None = None,
    waiting: Callable[[str], None] = lambda _: None,
) -> Iterator[None]:
    """Hold the shelf's lock of that name.

    wait_s: seconds to wait for it; None waits until it is free. waiting: called once before the
    first wait, with the holder's process number and since when it has held the lock.

    This is a record lock (POSIX.1 fcntl, F_SETLK). It belongs to one process, so neither a crash
    nor a worker that outlives its parent keeps it. (flock would be kept by such a worker.) The
    file itself is never removed: two processes could then hold locks on two files of one name.
    The lock is not re-entrant. Raises Busy, with the holder, or ShelfError if the folder cannot
    be written.
    """
    path = folder / STATE_FOLDER / f"{name}.lock"
    deadline = None if wait_s is None else time.monotonic() + wait_s
    key = os.path.realpath(path)
    note = f"process {os.getpid()}, since {time.strftime('%Y-%m-%d %H:%M:%S')}"
    handle = None
    has_waited = False
    while handle is None:
        with _local_guard:
            holder = _local_holders.get(key)
            if holder is None:
                _local_holders[key] = note
        if holder is None:
            try:
                handle, holder = _try(path)
            finally:
                if handle is None:
                    _release(key)
        if handle is None:
            if deadline is not None and time.monotonic() >= deadline:
                raise Busy(
                    f"{folder}: another process is at work here ({holder or 'unknown'});"
                    " try again when it has finished"
                )
            if not has_waited:
                has_waited = True
                waiting(holder or "unknown")
            time.sleep(_POLL_S)
    try:
        with suppress(OSError):  # on a full disk the lock is held without a note
            note = f"process {os.getpid()}, since {time.strftime('%Y-%m-%d %H:%M:%S')}\n"
            os.ftruncate(handle, 0)
            os.lseek(handle, 0, os.SEEK_SET)
            os.write(handle, note.encode())
        yield
    finally:
        os.close(handle)
        _release(key)


def _release(key: str) -> None:
    with _local_guard:
        _local_holders.pop(key, None)


def _try(path: Path) -> tuple[int | None, str]:
    """Return a handle that holds the lock and "", or None and who holds it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise ShelfError(
            f"{path}: cannot be written: {error.strerror}; make the folder writable, or change"
            " output.folder",
            errno=error.errno,
        ) from None
    try:
        is_locked = _lock_byte(handle)
        # the folder may have been removed and made again since the file was opened
        if is_locked and os.path.samestat(os.fstat(handle), path.stat()):
            return handle, ""
        text = os.read(handle, 200).decode(errors="replace").strip()
    except OSError:
        text = ""
    os.close(handle)
    return None, text


def _lock_byte(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(handle, _LOCKED_BYTE, os.SEEK_SET)
            try:
                msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
            finally:
                os.lseek(handle, 0, os.SEEK_SET)
        else:
            import fcntl

            fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
