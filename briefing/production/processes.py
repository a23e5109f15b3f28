"""Child processes that ignore the terminal's signals and end when their parent does."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any, NoReturn

__all__ = ["end", "pipe", "start"]

_SIGNALS_TO_END = {signal.SIGTERM, signal.SIGINT}
_GRACE_S = 2.0


def pipe() -> tuple[Connection, Connection]:
    """Return the ends of a pipe: the first receives what is sent into the second."""
    context: Any = multiprocessing.get_context(_start_method())
    ends: tuple[Connection, Connection] = context.Pipe(duplex=False)
    return ends


def start(
    target: Callable[..., None],
    arguments: Sequence[Any],
    *,
    close: Sequence[Connection],
    unwinds: bool = False,
) -> Any:
    """Start a process that calls a function; return the `multiprocessing.Process`.

    target: a function that is importable by name, with arguments that can be pickled. close:
    connections of this process that a forked child inherits and must close. unwinds: SIGTERM
    raises KeyboardInterrupt in the child, so that it leaves its contexts; by default it ends
    immediately. A child ignores Ctrl-C, because its parent ends it.
    """
    context: Any = multiprocessing.get_context(_start_method())
    inherited = list(close) if context.get_start_method() == "fork" else []
    process = context.Process(
        target=_run, args=(target, tuple(arguments), inherited, os.getpid(), unwinds), daemon=True
    )
    with _signals_held():  # until the child has set its own handlers
        process.start()
    return process


def end(processes: Sequence[Any], grace_s: float = _GRACE_S) -> None:
    """End processes: ask all of them, wait grace_s seconds for each, then kill it."""
    for process in processes:
        process.terminate()
    for process in processes:
        process.join(grace_s)
        if process.is_alive():
            process.kill()
            process.join()


def _run(
    target: Callable[..., None],
    arguments: tuple[Any, ...],
    inherited: list[Connection],
    parent: int,
    unwinds: bool,
) -> None:
    signal.signal(signal.SIGTERM, _unwind if unwinds else signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for connection in inherited:
        connection.close()
    _follow(parent)
    try:
        if hasattr(signal, "pthread_sigmask"):
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS_TO_END)
        target(*arguments)
    except KeyboardInterrupt:
        return


def _unwind(signal_number: int, _frame: object) -> NoReturn:
    raise KeyboardInterrupt(signal_number)


def _start_method() -> str:
    """Return how a process is started.

    Fork is the quickest, but is safe only on Linux and before any thread runs. Otherwise a new
    interpreter is started.
    """
    return "fork" if sys.platform == "linux" and _count_threads() == 1 else "spawn"


def _count_threads() -> int:
    """Return how many threads this process has, those that Python did not start among them.

    A library such as obstore keeps threads of its own; in a fork they are gone, and its next
    request waits for them for ever.
    """
    try:
        return len(os.listdir("/proc/self/task"))  # noqa: PTH208 - of Linux (proc_pid_task(5))
    except OSError:
        return threading.active_count()


@contextmanager
def _signals_held() -> Iterator[None]:
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS_TO_END)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _follow(parent: int) -> None:
    """Make this process end when its parent does, however the parent ends."""
    parent_process = multiprocessing.parent_process()

    def end_with_parent() -> None:
        assert parent_process is not None
        parent_process.join()
        os._exit(1)

    if parent_process is not None:
        threading.Thread(target=end_with_parent, daemon=True, name="parent-watch").start()
    if sys.platform == "linux" and os.getppid() != parent:
        os._exit(1)
