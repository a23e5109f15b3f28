"""Worker processes that outlive neither their build nor a fault of their own.

The parent has no threads: it hands out jobs and collects results when it is called. A worker that
dies takes nothing with it but its own pipes; its jobs are done once more by a new one.
"""

from __future__ import annotations

import pickle
import sys
from collections import deque
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import Any

from briefing.production import processes

__all__ = ["JOBS_EACH", "Result", "WorkerDied", "Workers"]

JOBS_EACH = 2
"""A worker's jobs: the one it does and the next, so that it never waits for a busy parent."""
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
        """Whether the job succeeded, and its value or the exception; None until it is done."""

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
        self,
        function: Callable[[Any], Any],
        prepare: Callable[[], None],
        count: int,
        jobs_each: int = JOBS_EACH,
    ) -> None:
        """function: what is done with a job, importable by name. prepare: is called first.

        jobs_each: 1 where the parent has nothing else to do than hand out jobs, so that no job
        waits behind a long one while another worker is idle.
        """
        self._function = function
        self._prepare = prepare
        self._count = count
        self._jobs_each = jobs_each
        self._workers: list[_Worker] = []
        self._queue: deque[Result] = deque()

    def start(self) -> None:
        """Start the processes now, rather than with the first jobs."""
        while len(self._workers) < self._count:
            self._workers.append(self._new_worker())

    def submit(self, job: Any, *, first: bool = False) -> Result:
        """Have a job done; first: before those that wait."""
        return self.submit_packed(pickle.dumps(job), first=first)

    def submit_packed(self, job: bytes, *, first: bool = False) -> Result:
        """Have a job done that is pickled already; first: before those that wait."""
        self.start()
        result = Result(self, job)
        if first:
            self._queue.appendleft(result)
        else:
            self._queue.append(result)
        self.collect(block=False)
        return result

    def drop(self, results: Collection[Result]) -> None:
        """Forget jobs that nobody waits for any more; those that a worker has are still done."""
        self._queue = deque(result for result in self._queue if result not in results)

    @property
    def answering(self) -> list[Connection]:
        """Where results arrive, for `multiprocessing.connection.wait`; `collect` reads them."""
        return [worker.results for worker in self._workers]

    @property
    def connections(self) -> list[Connection]:
        """This process's ends of all pipes: a process that it forks must close them."""
        return [end for worker in self._workers for end in (worker.jobs, worker.results)]

    def collect(self, *, block: bool) -> None:
        """Take in results and hand out jobs."""
        self._hand_out()
        ready = wait(self.answering, None if block else 0)
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
        for connection in self.connections:
            connection.close()
        processes.end([worker.process for worker in self._workers])
        self._workers.clear()
        self._queue.clear()

    def _hand_out(self) -> None:
        while self._queue:
            worker = min(self._workers, key=lambda one: len(one.doing))
            small = len(self._queue[0].job) <= _LARGEST_WAITING_JOB
            if len(worker.doing) >= (self._jobs_each if small else 1):
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
        place = self._workers.index(worker)
        del self._workers[place]
        self._workers.insert(place, self._new_worker())

    def _new_worker(self) -> _Worker:
        theirs, jobs = processes.pipe()
        results, answers = processes.pipe()
        _widen(answers)
        process = processes.start(
            _work,
            (self._function, self._prepare, theirs, answers),
            close=[jobs, results, *self.connections],
        )
        theirs.close()
        answers.close()
        return _Worker(process, jobs, results)


def _widen(pipe: Connection) -> None:
    """Give a pipe room for results, as far as the system lets us."""
    if sys.platform == "linux":
        import fcntl

        with suppress(OSError):  # too many wide ones already
            fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, _RESULT_PIPE_BYTES)


def _work(
    function: Callable[[Any], Any],
    prepare: Callable[[], None],
    jobs: Connection,
    answers: Connection,
) -> None:
    """Do jobs until the parent closes the pipe or dies."""
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
