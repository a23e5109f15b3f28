"""Worker processes that end with their build and are replaced when they die.

The parent has no threads: it distributes jobs and collects results whenever it is called. A worker
that dies costs only its own pipes; a new worker does its jobs again.
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

__all__ = ["JOBS_EACH", "Result", "WorkerDied", "Workers", "widen"]

JOBS_EACH = 2
"""A worker has its current job and the next one, so that it never waits for a busy parent."""
_LARGEST_WAITING_JOB = 16_384
"""A job of more bytes is sent only to an idle worker. Otherwise it could fill the pipe and stop the
parent, while the worker waits for the parent to read a result."""
_RESULT_PIPE_BYTES = 1 << 20
"""Room for a few clips. A worker whose result does not fit waits until the parent, which may be
reading a text, collects it. More needs privileges (Linux, /proc/sys/fs/pipe-max-size)."""


class WorkerDied(Exception):
    """Two worker processes, one after the other, died while they did this job."""


class Result:
    """The future result of a job."""

    def __init__(self, workers: Workers, job: bytes) -> None:
        self._workers = workers
        self.job = job
        self.tries = 0
        self.outcome: tuple[bool, Any] | None = None
        """Whether the job succeeded, and its value or the exception; None until it has ended."""

    def result(self) -> Any:
        """Wait for the job's value and return it. Raises what the job raised, or WorkerDied."""
        while self.outcome is None:
            self._workers.collect(block=True)
        succeeded, value = self.outcome
        if succeeded:
            return value
        raise value


@dataclass
class _Worker:
    process: Any
    jobs: Connection
    results: Connection
    pending: deque[Result] = field(default_factory=deque)


class Workers:
    """Processes that call one function with each job."""

    def __init__(
        self,
        function: Callable[[Any], Any],
        prepare: Callable[[], None],
        count: int,
        jobs_each: int = JOBS_EACH,
    ) -> None:
        """function: called with each job; importable by name. prepare: called first in a process.

        count: the number of processes. jobs_each: 1 where the parent only distributes jobs, so
        that no job waits for a long one while another worker is idle.
        """
        self._function = function
        self._prepare = prepare
        self._count = count
        self._jobs_each = jobs_each
        self._workers: list[_Worker] = []
        self._queue: deque[Result] = deque()

    def start(self) -> None:
        """Start the processes now instead of with the first job."""
        while len(self._workers) < self._count:
            self._workers.append(self._new_worker())

    def submit(self, job: Any, *, first: bool = False) -> Result:
        """Queue a job. first: before the jobs that wait."""
        return self.submit_packed(pickle.dumps(job), first=first)

    def submit_packed(self, job: bytes, *, first: bool = False) -> Result:
        """Queue a job that is pickled already. first: before the jobs that wait."""
        self.start()
        result = Result(self, job)
        if first:
            self._queue.appendleft(result)
        else:
            self._queue.append(result)
        self.collect(block=False)
        return result

    def drop(self, results: Collection[Result]) -> None:
        """Remove jobs from the queue. Jobs that a worker has already are still done."""
        self._queue = deque(result for result in self._queue if result not in results)

    @property
    def result_pipes(self) -> list[Connection]:
        """The pipes of the results, for `multiprocessing.connection.wait`; `collect` reads them."""
        return [worker.results for worker in self._workers]

    @property
    def connections(self) -> list[Connection]:
        """This process's ends of all pipes, which a process that it forks must close."""
        return [end for worker in self._workers for end in (worker.jobs, worker.results)]

    def collect(self, *, block: bool) -> None:
        """Collect results and distribute jobs. block: wait for at least one result."""
        self._distribute()
        ready = wait(self.result_pipes, None if block else 0)
        for worker in [worker for worker in self._workers if worker.results in ready]:
            try:
                outcome = worker.results.recv()
            except (EOFError, OSError, pickle.UnpicklingError):
                self._replace(worker)
            else:
                worker.pending.popleft().outcome = outcome
        self._distribute()

    def close(self) -> None:
        """End the processes, whatever they are doing."""
        for connection in self.connections:
            connection.close()
        processes.end([worker.process for worker in self._workers])
        self._workers.clear()
        self._queue.clear()

    def _distribute(self) -> None:
        while self._queue:
            worker = min(self._workers, key=lambda worker: len(worker.pending))
            small = len(self._queue[0].job) <= _LARGEST_WAITING_JOB
            if len(worker.pending) >= (self._jobs_each if small else 1):
                return
            result = self._queue.popleft()
            worker.pending.append(result)
            try:
                worker.jobs.send_bytes(result.job)
            except OSError:
                self._replace(worker)

    def _replace(self, worker: _Worker) -> None:
        """Replace a worker that died, and put its jobs back into the queue."""
        worker.process.kill()
        worker.process.join()
        worker.jobs.close()
        worker.results.close()
        for position, result in enumerate(reversed(worker.pending)):
            first = position == len(worker.pending) - 1
            result.tries += first
            if result.tries > 1:
                result.outcome = (False, WorkerDied())
            else:
                self._queue.appendleft(result)
        place = self._workers.index(worker)
        del self._workers[place]
        self._workers.insert(place, self._new_worker())

    def _new_worker(self) -> _Worker:
        worker_jobs, jobs = processes.pipe()
        results, answers = processes.pipe()
        widen(answers)
        process = processes.start(
            _work,
            (self._function, self._prepare, worker_jobs, answers),
            close=[jobs, results, *self.connections],
        )
        worker_jobs.close()
        answers.close()
        return _Worker(process, jobs, results)


def widen(pipe: Connection) -> None:
    """Enlarge a pipe for results, if the system allows it."""
    if sys.platform == "linux":
        import fcntl

        with suppress(OSError):  # the user has too many large pipes already
            fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, _RESULT_PIPE_BYTES)


def _work(
    function: Callable[[Any], Any],
    prepare: Callable[[], None],
    jobs: Connection,
    answers: Connection,
) -> None:
    """Do jobs until the parent closes the pipe or dies."""
    try:
        prepare_error = _error_of(prepare)
        while True:
            job = pickle.loads(jobs.recv_bytes())
            try:
                outcome = (False, prepare_error) if prepare_error else (True, function(job))
            except Exception as error:  # raised again where the result is awaited
                outcome = (False, error)
            answers.send(outcome)
    except (EOFError, OSError, MemoryError):
        return


def _error_of(prepare: Callable[[], None]) -> Exception | None:
    try:
        prepare()
    except Exception as error:  # reported with each job
        return error
    return None
