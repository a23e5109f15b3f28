"""A briefing to build -> the outcome of the build, whatever happens in it."""

from __future__ import annotations

import traceback
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from briefing.config import Config
from briefing.errors import (
    EXIT_FAILED,
    BriefingError,
    SourceError,
    UsageError,
    explain,
)
from briefing.pipeline import Briefing, Report, Request, build
from briefing.shelf.lock import Busy

if TYPE_CHECKING:
    from briefing.commands.terminal import BriefingReport
    from briefing.production.clips import Pool

__all__ = ["Job", "Outcome", "attempt", "compatible_jobs", "failure"]


@dataclass(frozen=True, slots=True)
class Job:
    """A briefing to build."""

    config: Config
    request: Request
    report: BriefingReport
    excludes: frozenset[Hashable] = frozenset()
    """Two jobs that share an entry here are not built at the same time."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a build ended."""

    started: datetime
    ended: datetime
    exit_code: int
    briefing: Briefing | None = None
    """The published edition; None after a failure."""
    problem: str = ""
    """What failed, as a message for the user."""
    missing: str = ""
    """Which feeds and pages brought nothing that can be read."""
    details: str = ""
    """The traceback of an unexpected error, for --verbose."""
    on_record: bool = True
    """Whether a record is written. False for a mistake on the command line, and if another build,
    which writes its own record, holds the lock."""
    without_sources: bool = False
    """True if no article could be read. Then a record is written only where a shelf exists."""


def attempt(config: Config, request: Request, report: Report, pool: Pool | None = None) -> Outcome:
    """Build the briefing if it is out of date. Every Exception becomes an outcome."""
    started = datetime.now(UTC)
    try:
        briefing = build(config, request, report, pool)
    except Exception as error:
        return failure(error, request, started)
    return Outcome(started, datetime.now(UTC), briefing.exit_code, briefing)


def failure(error: Exception, request: Request, started: datetime) -> Outcome:
    """Return the outcome of a build that ended with an error."""
    named_on_the_command_line = request.voice is not None and isinstance(error, UsageError)
    foreseen = isinstance(error, BriefingError | OSError)
    return Outcome(
        started,
        datetime.now(UTC),
        error.exit_code if isinstance(error, BriefingError) else EXIT_FAILED,
        problem=explain(error),
        details="" if foreseen else "".join(traceback.format_exception(error)),
        on_record=not (isinstance(error, Busy) or named_on_the_command_line),
        without_sources=isinstance(error, SourceError),
    )


def compatible_jobs(jobs: Sequence[Job], running: Sequence[Job] = ()) -> list[Job]:
    """Return the jobs, in order, that can be built together, concurrently with the running ones."""
    in_use = {need for job in running for need in job.excludes}
    chosen = []
    for job in jobs:
        if in_use.isdisjoint(job.excludes):
            chosen.append(job)
            in_use |= job.excludes
    return chosen
