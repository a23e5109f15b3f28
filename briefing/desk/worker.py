"""The warm worker: one process that keeps the model and the voice, and does one job at a time.

What an editor waits for goes before the marks that are read ahead. A worker that dies is replaced;
its job fails with a message.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import threading
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any

from briefing.errors import BriefingError, UsageError, explain
from briefing.production import processes
from briefing.production.workers import widen

__all__ = ["AHEAD", "FIRST", "Replaced", "Worker", "WorkerFailed"]

FIRST, AHEAD = 0, 1
"""Priorities: what an editor waits for, and what is read ahead."""
_JOB_S = 120.0
"""For how long a job may run: an online voice waits for its service."""


class Replaced(Exception):
    """A newer request of the same kind replaced this one before it began."""


class WorkerFailed(BriefingError):
    """The worker ended, or did not answer."""


@dataclass(order=True)
class _Job:
    priority: int
    number: int
    name: str = field(compare=False)
    arguments: tuple[Any, ...] = field(compare=False)
    result: Future[Any] = field(compare=False)
    alone: bool = field(compare=False, default=False)


class Worker:
    """Passes jobs to the process, one at a time. Start it before other threads run."""

    def __init__(self) -> None:
        self._jobs: list[_Job] = []
        self._numbers = itertools.count()
        self._change = threading.Condition()
        self._thread: threading.Thread | None = None
        self._process: Any = None
        self._requests: Connection | None = None
        self._answers: Connection | None = None
        self._is_closed = False

    @property
    def pid(self) -> int | None:
        """The number of the process, None before it starts."""
        return self._process.pid if self._process is not None else None

    def start(self) -> None:
        """Start the process."""
        requests, self._requests = processes.pipe()
        self._answers, answers = processes.pipe()
        widen(answers)
        self._process = processes.start(
            _work, (requests, answers), close=(self._requests, self._answers)
        )
        requests.close()
        answers.close()

    def stop(self) -> None:
        """End the process, and fail the jobs that wait."""
        with self._change:
            self._is_closed = True
            waiting, self._jobs = self._jobs, []
            self._change.notify_all()
        for job in waiting:
            job.result.cancel()
        if self._process is not None:
            processes.end([self._process])
        self._close_pipes()

    async def call(
        self, name: str, *arguments: Any, priority: int = FIRST, alone: bool = False
    ) -> Any:
        """Return what a method of `Speaker` returns.

        alone: it replaces a call of the same name that still waits, which raises Replaced. Raise
        what the method raises, or WorkerFailed.
        """
        return await asyncio.wrap_future(
            self.begin(name, *arguments, priority=priority, alone=alone)
        )

    def begin(
        self, name: str, *arguments: Any, priority: int = FIRST, alone: bool = False
    ) -> Future[Any]:
        """Queue a call, see `call`, and return its future result."""
        result: Future[Any] = Future()
        replaced: list[_Job] = []
        with self._change:
            if self._thread is None:
                # a daemon: the end of the desk does not wait for a long job
                self._thread = threading.Thread(target=self._run, name="worker", daemon=True)
                self._thread.start()
            if alone:
                replaced = [job for job in self._jobs if job.alone and job.name == name]
                self._jobs = [job for job in self._jobs if job not in replaced]
                heapq.heapify(self._jobs)
            job = _Job(priority, next(self._numbers), name, arguments, result, alone)
            heapq.heappush(self._jobs, job)
            self._change.notify_all()
        for job in replaced:
            if job.result.set_running_or_notify_cancel():
                job.result.set_exception(Replaced())
        return result

    def _run(self) -> None:
        while True:
            with self._change:
                self._change.wait_for(lambda: self._jobs or self._is_closed)
                if self._is_closed:
                    return
                job = heapq.heappop(self._jobs)
            if not job.result.set_running_or_notify_cancel():  # who asked is gone
                continue
            try:
                value = self._do(job.name, job.arguments)
            except Exception as error:
                job.result.set_exception(error)
            else:
                job.result.set_result(value)

    def _do(self, name: str, arguments: tuple[Any, ...]) -> Any:
        """Pass a job to the process and wait for its answer."""
        if self._is_closed:
            raise WorkerFailed("the desk is closing")
        if self._process is None or not self._process.is_alive():
            self._close_pipes()
            self.start()
        assert self._requests is not None
        assert self._answers is not None
        try:
            self._requests.send((name, arguments))
            if not self._answers.poll(_JOB_S):
                processes.end([self._process])
                raise WorkerFailed("this took too long; try again")
            kind, value = self._answers.recv()
        except (EOFError, OSError):
            self._process.join(1)
            raise WorkerFailed("the process that reads and speaks has ended; try again") from None
        if kind == "error":
            raise value
        return value

    def _close_pipes(self) -> None:
        for connection in (self._requests, self._answers):
            if connection is not None:
                with suppress(OSError):
                    connection.close()


def _work(requests: Connection, answers: Connection) -> None:
    """Do jobs until the pipe closes."""
    from briefing.desk.speaking import AskFirst, Speaker

    speaker = Speaker()
    while True:
        try:
            name, arguments = requests.recv()
        except (EOFError, OSError):
            return
        answer: tuple[str, Any]
        try:
            answer = ("done", getattr(speaker, name)(*arguments))
        except (AskFirst, UsageError) as error:
            answer = ("error", error)
        except Exception as error:
            answer = ("error", WorkerFailed(explain(error)))
        with suppress(OSError):
            answers.send(answer)
