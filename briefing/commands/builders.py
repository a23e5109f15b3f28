"""Concurrent builds: a few processes that build, and workers that all of them share.

The command's process starts both, and passes everything between them: a builder's jobs to the
workers, their results to the builder, messages to the display. So there are no more workers than
configured, however many builds there are, and each loads its libraries once. A builder builds one
briefing after another, so it loads its models once.

There is no deadlock, because the command's process sends to a builder only what it waits for.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing.connection import Connection, wait
from typing import Any

from briefing.commands.attempt import Job, Outcome, attempt, compatible_jobs
from briefing.errors import EXIT_FAILED
from briefing.production import processes
from briefing.production.clips import load_numpy, make_workers
from briefing.production.workers import Result

__all__ = ["Builders"]

_DRAW_EVERY_S = 0.25
_GRACE_S = 10.0
"""The time that a builder has to remove its unfinished edition when it must end."""
_REPORTS = frozenset({"say", "warn", "phase", "begin", "expect", "advance"})
"""The names of the methods of a `Report` that a builder sends as messages."""


@dataclass
class _Builder:
    """A process that builds, as the command's process sees it."""

    process: Any
    messages: Connection
    answers: Connection
    job: Job | None = None
    started: datetime = datetime.min
    results: dict[int, Result] = field(default_factory=dict)
    awaited: int | None = None
    """The number of the result that it waits for."""


class Builders:
    """Builders and workers. Leaving the context ends them."""

    def __init__(self, count: int, workers: int, idle: Callable[[], None]) -> None:
        """count: how many builders. idle: called a few times a second while builds are running."""
        self._count = count
        self._workers = make_workers(workers, jobs_each=1)
        self._idle = idle
        self._builders: list[_Builder] = []

    def __enter__(self) -> Builders:
        load_numpy()
        self._workers.start()
        return self

    def __exit__(self, *_: object) -> None:
        processes.end([builder.process for builder in self._builders], _GRACE_S)
        for builder in self._builders:
            builder.messages.close()
            builder.answers.close()
        self._workers.close()

    def run(self, jobs: Sequence[Job]) -> Iterator[tuple[Job, Outcome]]:
        """Build the jobs in order, concurrently if possible; yield each when it has ended."""
        waiting = list(jobs)
        while waiting or any(builder.job for builder in self._builders):
            self._assign(waiting)
            by_pipe = {builder.messages: builder for builder in self._builders}
            ready = wait([*by_pipe, *self._workers.result_pipes], _DRAW_EVERY_S)
            self._workers.collect(block=False)
            for builder in [by_pipe[pipe] for pipe in ready if pipe in by_pipe]:
                job = builder.job
                if job is not None and (outcome := self._receive(builder, job)):
                    yield job, outcome
            for builder in self._builders:
                self._answer(builder)
            self._idle()

    def _assign(self, waiting: list[Job]) -> None:
        """Assign jobs to idle builders, and start builders if there are too few."""
        running = [builder.job for builder in self._builders if builder.job]
        for job in compatible_jobs(waiting, running)[: self._count - len(running)]:
            idle = [builder for builder in self._builders if not builder.job]
            builder = idle[0] if idle else self._new_builder()
            waiting.remove(job)
            builder.job, builder.started = job, datetime.now(UTC)
            with suppress(OSError):  # the builder died; `_receive` notices it
                builder.answers.send((job.config, job.request))

    def _new_builder(self) -> _Builder:
        messages, builder_messages = processes.pipe()
        orders, answers = processes.pipe()
        own_ends = [end for other in self._builders for end in (other.messages, other.answers)]
        process = processes.start(
            _build_orders,
            (orders, builder_messages),
            close=[messages, answers, *own_ends, *self._workers.connections],
            unwinds=True,
        )
        orders.close()
        builder_messages.close()
        builder = _Builder(process, messages, answers)
        self._builders.append(builder)
        return builder

    def _receive(self, builder: _Builder, job: Job) -> Outcome | None:
        """Process one message of a builder; return the outcome if its build has ended."""
        try:
            kind, value = builder.messages.recv()
        except (EOFError, OSError, pickle.UnpicklingError):
            return self._replace(builder)
        if kind == "outcome":
            builder.job = None
            self._forget(builder)
            assert isinstance(value, Outcome)
            return value
        if kind in _REPORTS:
            getattr(job.report, kind)(*value)
        elif kind == "submit":
            number, packed, first = value
            builder.results[number] = self._workers.submit_packed(packed, first=first)
        elif kind == "result":
            builder.awaited = value
        elif kind == "forget":
            self._forget(builder)
        return None

    def _answer(self, builder: _Builder) -> None:
        """Send the result that a builder waits for, if it has arrived."""
        if builder.awaited is None or builder.results[builder.awaited].outcome is None:
            return
        outcome = builder.results.pop(builder.awaited).outcome
        builder.awaited = None
        with suppress(OSError):  # the builder died; `_receive` notices it
            builder.answers.send(outcome)

    def _forget(self, builder: _Builder) -> None:
        self._workers.drop(list(builder.results.values()))
        builder.results.clear()

    def _replace(self, builder: _Builder) -> Outcome:
        """Remove a builder that died, so that another is started; return its build's outcome."""
        self._forget(builder)
        self._builders.remove(builder)
        builder.messages.close()
        builder.answers.close()
        processes.end([builder.process], _GRACE_S)
        return Outcome(
            builder.started,
            datetime.now(UTC),
            EXIT_FAILED,
            problem=f"the process that built it died (exit code {builder.process.exitcode});"
            " is there enough memory? The last edition is still published",
        )


def _build_orders(orders: Connection, messages: Connection) -> None:
    """Build one briefing after another, until the command's process closes the pipe."""
    report, pool = _Relay(messages), _SharedWorkers(orders, messages)
    while True:
        try:
            config, request = orders.recv()
            outcome = attempt(config, request, report, pool)
            messages.send(("outcome", outcome))
        except (EOFError, BrokenPipeError):
            return


class _Relay:
    """A `Report` that sends its messages to the command's process."""

    def __init__(self, messages: Connection) -> None:
        self._messages = messages
        self._activity = ""

    def say(self, message: str) -> None:
        self._messages.send(("say", (message,)))

    def warn(self, message: str) -> None:
        self._messages.send(("warn", (message,)))

    def phase(self, activity: str) -> None:
        if activity != self._activity:
            self._activity = activity
            self._messages.send(("phase", (activity,)))

    def begin(self, pieces: int) -> None:
        self._messages.send(("begin", (pieces,)))

    def expect(self, pieces: int) -> None:
        self._messages.send(("expect", (pieces,)))

    def advance(self) -> None:
        self._messages.send(("advance", ()))


class _SharedWorkers:
    """The workers of the command's process, as a builder uses them (`Pool`)."""

    def __init__(self, answers: Connection, messages: Connection) -> None:
        self._answers = answers
        self._messages = messages
        self._submitted = 0

    def start(self) -> None:
        """Do nothing: they have been started already."""

    def submit(self, job: Any, *, first: bool = False) -> _SharedResult:
        self._submitted += 1
        self._messages.send(("submit", (self._submitted, pickle.dumps(job), first)))
        return _SharedResult(self, self._submitted)

    def result(self, number: int) -> bytes:
        self._messages.send(("result", number))
        succeeded, value = self._answers.recv()
        if not succeeded:
            raise value
        packed: bytes = value
        return packed

    def close(self) -> None:
        self._messages.send(("forget", None))


class _SharedResult:
    """The future result of a job of the shared workers."""

    def __init__(self, workers: _SharedWorkers, number: int) -> None:
        self._workers = workers
        self._number = number
        self._value: bytes | None = None

    def result(self) -> bytes:
        if self._value is None:
            self._value = self._workers.result(self._number)
        return self._value
