"""Builds at the same time: a few processes that build, and workers that all of them share.

The process of the command starts both, and passes on what goes between them: a builder's job to
a worker, its result to the builder, a message to the display. So the workers are no more than
were asked for, however many builds there are, and each loads its libraries once; and a builder
builds one briefing after the other, so that the models are loaded once in each.

Nobody waits in a circle: the command's process sends to a builder only what that waits for.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing.connection import Connection, wait
from typing import Any

from briefing.commands.attempt import Job, Outcome, attempt, together
from briefing.errors import EXIT_FAILED
from briefing.production import processes
from briefing.production.clips import load_numpy, make_workers
from briefing.production.workers import Result

__all__ = ["Builders"]

_DRAW_EVERY_S = 0.25
_GRACE_S = 10.0
"""For a builder that is told to end: it removes what it has staged."""
_REPORTS = frozenset({"say", "warn", "phase", "begin", "expect", "advance"})
"""The messages of a `Report`, which a builder sends by their names."""


@dataclass
class _Builder:
    """A process that builds, as the process of the command sees it."""

    process: Any
    messages: Connection
    answers: Connection
    job: Job | None = None
    started: datetime = datetime.min
    results: dict[int, Result] = field(default_factory=dict)
    awaited: int | None = None
    """The number of the result that it waits for."""


class Builders:
    """So many builders and workers; a context, which ends them."""

    def __init__(self, count: int, workers: int, idle: Callable[[], None]) -> None:
        """idle: called a few times a second while builds are under way."""
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
        """Build the jobs, in order as far as they can be built together; yield each as it ends."""
        waiting = list(jobs)
        while waiting or any(builder.job for builder in self._builders):
            self._give_out(waiting)
            listened = {builder.messages: builder for builder in self._builders}
            ready = wait([*listened, *self._workers.result_pipes], _DRAW_EVERY_S)
            self._workers.collect(block=False)
            for builder in [listened[one] for one in ready if one in listened]:
                job = builder.job
                if job is not None and (outcome := self._hear(builder, job)):
                    yield job, outcome
            for builder in self._builders:
                self._answer(builder)
            self._idle()

    def _give_out(self, waiting: list[Job]) -> None:
        """Give jobs to the builders that have none; start builders while there are too few."""
        busy = [builder.job for builder in self._builders if builder.job]
        for job in together(waiting, busy)[: self._count - len(busy)]:
            idle = [builder for builder in self._builders if not builder.job]
            builder = idle[0] if idle else self._new_builder()
            waiting.remove(job)
            builder.job, builder.started = job, datetime.now(UTC)
            with suppress(OSError):  # it died; the end of its messages says so
                builder.answers.send((job.config, job.request))

    def _new_builder(self) -> _Builder:
        messages, theirs = processes.pipe()
        orders, answers = processes.pipe()
        ours = [end for one in self._builders for end in (one.messages, one.answers)]
        process = processes.start(
            _build_what_is_ordered,
            (orders, theirs),
            close=[messages, answers, *ours, *self._workers.connections],
            unwinds=True,
        )
        orders.close()
        theirs.close()
        builder = _Builder(process, messages, answers)
        self._builders.append(builder)
        return builder

    def _hear(self, builder: _Builder, job: Job) -> Outcome | None:
        """Take one message of a builder; return the outcome when its build has ended."""
        try:
            kind, value = builder.messages.recv()
        except (EOFError, OSError, pickle.UnpicklingError):
            return self._lost(builder)
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
        """Send the result that a builder waits for, if it is there."""
        if builder.awaited is None or builder.results[builder.awaited].outcome is None:
            return
        outcome = builder.results.pop(builder.awaited).outcome
        builder.awaited = None
        with suppress(OSError):  # it died; the end of its messages says so
            builder.answers.send(outcome)

    def _forget(self, builder: _Builder) -> None:
        self._workers.drop(list(builder.results.values()))
        builder.results.clear()

    def _lost(self, builder: _Builder) -> Outcome:
        """Return the outcome of a build whose process died; another one goes on in its place."""
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


def _build_what_is_ordered(orders: Connection, messages: Connection) -> None:
    """Build one briefing after the other, until this process is told to end."""
    report, pool = _Relay(messages), _SharedWorkers(orders, messages)
    while True:
        try:
            config, request = orders.recv()
            outcome = attempt(config, request, report, pool)
            messages.send(("outcome", outcome))
        except (EOFError, BrokenPipeError):
            return


class _Relay:
    """A `Report` whose messages go to the process of the command."""

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
    """The workers of the process of the command, as a builder uses them (`Pool`)."""

    def __init__(self, answers: Connection, messages: Connection) -> None:
        self._answers = answers
        self._messages = messages
        self._submitted = 0

    def start(self) -> None:
        """They are started already."""

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
    """What will come of a job that the shared workers do."""

    def __init__(self, workers: _SharedWorkers, number: int) -> None:
        self._workers = workers
        self._number = number
        self._value: bytes | None = None

    def result(self) -> bytes:
        if self._value is None:
            self._value = self._workers.result(self._number)
        return self._value
