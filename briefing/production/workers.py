"""Worker processes for offline voices, which outlive neither their build nor a fault of their own.

The parent has no threads: it hands out jobs and collects results when it is called. A worker that
dies takes nothing with it but its own pipes; its jobs are done once more by a new one.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import Any

__all__ = ["Result", "WorkerDied", "Workers"]

_JOBS_EACH = 2
"""A worker's jobs: the one it does and the next, so that it never waits for the parent."""
_LARGEST_WAITING_JOB = 16_384
"""Bytes: a larger job is sent to an idle worker only. A full pipe would stop the parent, while
its worker waits for the parent to read a result."""
_RESULT_PIPE_BYTES = 1 << 20
"""Room for a few clips: a worker whose result does not fit waits until the parent, which may be
reading a text, takes it. More needs privileges (Linux, /proc/sys/fs/pipe-max-size)."""


class WorkerDied(Exception):
    """A worker process died over this job, twice."""


class Result:
    """What will come of a job."""

    def __init__(self, workers: Workers, job: bytes) -> None:
        self._workers = workers
        self.job = job
        self.tries = 0
        self.outcome: tuple[bool, Any] | None = None

    def result(self) -> Any:
        """Wait for the job's value; raises what the job raised, or WorkerDied."""
        while self.outcome is None:
            self._workers.collect(block=True)
        done, value = self.outcome
        if done:
            return value
        raise value


@dataclass
class _Worker:
    process: Any
    jobs: Connection
    results: Connection
    doing: deque[Result] = field(default_factory=deque)


class Workers:
    """So many processes that call one function; a context ends them."""

    def __init__(
        self, function: Callable[[Any], Any], prepare: Callable[[], None], count: int
    ) -> None:
        """function: what is done with a job, importable by name. prepare: is called first."""
        self._function = function
        self._prepare = prepare
        self._count = count
        self._workers: list[_Worker] = []
        self._queue: deque[Result] = deque()

    def start(self) -> None:
        """Start the processes now, rather than with the first jobs."""
        while len(self._workers) < self._count:
            self._workers.append(self._new_worker())

    def submit(self, job: Any, *, first: bool = False) -> Result:
        """Have a job done; first: before those that wait."""
        self.start()
        result = Result(self, pickle.dumps(job))
        if first:
            self._queue.appendleft(result)
        else:
            self._queue.append(result)
        self.collect(block=False)
        return result

    def collect(self, *, block: bool) -> None:
        """Take in results and hand out jobs."""
        self._hand_out()
        ready = wait([worker.results for worker in self._workers], None if block else 0)
        for worker in [one for one in self._workers if one.results in ready]:
            try:
                outcome = worker.results.recv()
            except (EOFError, OSError, pickle.UnpicklingError):
                self._replace(worker)
            else:
                worker.doing.popleft().outcome = outcome
        self._hand_out()

    def close(self) -> None:
        """End the processes, whatever they do."""
        for worker in self._workers:
            worker.process.terminate()
        for worker in self._workers:
            worker.jobs.close()
            worker.results.close()
            worker.process.join(_GRACE_S)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()
        self._workers.clear()
        self._queue.clear()

    def _hand_out(self) -> None:
        while self._queue:
            worker = min(self._workers, key=lambda one: len(one.doing))
            small = len(self._queue[0].job) <= _LARGEST_WAITING_JOB
            if len(worker.doing) >= (_JOBS_EACH if small else 1):
                return
            result = self._queue.popleft()
            worker.doing.append(result)
            try:
                worker.jobs.send_bytes(result.job)
            except OSError:
                self._replace(worker)

    def _replace(self, worker: _Worker) -> None:
        """Put a new worker in the place of one that died, and its jobs back into the queue."""
        worker.process.kill()
        worker.process.join()
        worker.jobs.close()
        worker.results.close()
        for position, result in enumerate(reversed(worker.doing)):
            first = position == len(worker.doing) - 1
            result.tries += first
            if result.tries > 1:
                result.outcome = (False, WorkerDied())
            else:
                self._queue.appendleft(result)
        self._workers[self._workers.index(worker)] = self._new_worker()

    def _new_worker(self) -> _Worker:
        context: Any = multiprocessing.get_context(_start_method())
        theirs, jobs = context.Pipe(duplex=False)
        results, answers = context.Pipe(duplex=False)
        _widen(answers)
        # a forked worker inherits the parent's ends of all pipes: it must let go of them
        inherited = [jobs, results]
        for one in self._workers:
            inherited += [one.jobs, one.results]
        if context.get_start_method() != "fork":
            inherited = []
        process = context.Process(
            target=_work,
            args=(self._function, self._prepare, theirs, answers, inherited, os.getpid()),
            daemon=True,
        )
        with _signals_held():  # until the worker has its own way of taking them
            process.start()
        theirs.close()
        answers.close()
        return _Worker(process, jobs, results)


def _widen(pipe: Connection) -> None:
    """Give a pipe room for results, as far as the system lets us."""
    if sys.platform == "linux":
        import fcntl

        with suppress(OSError):  # too many wide ones already
            fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, _RESULT_PIPE_BYTES)


_GRACE_S = 2.0


@contextmanager
def _signals_held() -> Iterator[None]:
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ASKED_TO_END)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


_ASKED_TO_END = {signal.SIGTERM, signal.SIGINT}


def _start_method() -> str:
    """Fork where that is safe (Linux, before any thread runs): it is the quickest start."""
    return "fork" if sys.platform == "linux" and threading.active_count() == 1 else "spawn"


def _work(
    function: Callable[[Any], Any],
    prepare: Callable[[], None],
    jobs: Connection,
    answers: Connection,
    inherited: list[Connection],
    parent: int,
) -> None:
    """Do jobs until the parent closes the pipe or dies."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent's to handle: it ends us
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ASKED_TO_END)
    for connection in inherited:
        connection.close()
    _follow(parent)
    try:
        unprepared = _failure(prepare)
        while True:
            job = pickle.loads(jobs.recv_bytes())
            try:
                outcome = (False, unprepared) if unprepared else (True, function(job))
            except Exception as error:  # whatever it is belongs to the one who waits for the job
                outcome = (False, error)
            answers.send(outcome)
    except (EOFError, OSError, MemoryError):
        return


def _failure(prepare: Callable[[], None]) -> Exception | None:
    try:
        prepare()
    except Exception as error:  # told with each job
        return error
    return None


def _follow(parent: int) -> None:
    """Have this process end when its parent does, however that ends."""
    watched = multiprocessing.parent_process()

    def end_with_parent() -> None:
        assert watched is not None
        watched.join()
        os._exit(1)

    if watched is not None:
        threading.Thread(target=end_with_parent, daemon=True, name="parent-watch").start()
    if sys.platform == "linux" and os.getppid() != parent:
        os._exit(1)
