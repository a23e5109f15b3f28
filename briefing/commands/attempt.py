"""A briefing to build -> how it ended, whatever happens in it."""

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

__all__ = ["Job", "Outcome", "attempt", "failure", "together"]


@dataclass(frozen=True, slots=True)
class Job:
    """A briefing to build."""

    config: Config
    request: Request
    report: BriefingReport
    excludes: frozenset[Hashable] = frozenset()
    """Two jobs with anything in common here are not built at the same time."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a build ended."""

    started: datetime
    ended: datetime
    exit_code: int
    briefing: Briefing | None = None
    """What stands on the shelf; None after a failure."""
    problem: str = ""
    """What failed, as the user reads it."""
    missing: str = ""
    """Which feeds and pages brought nothing that can be read."""
    details: str = ""
    """The traceback of a failure that nobody foresaw, for --verbose."""
    on_record: bool = True
    """False for what is no build of this briefing: a typo on the command line, or the lock of
    another build, which leaves its own record."""
    without_sources: bool = False
    """True when no article could be read: no trace is left where no shelf is."""


def attempt(config: Config, request: Request, report: Report, pool: Pool | None = None) -> Outcome:
    """Build the briefing if it is out of date. Raises nothing but what ends the process."""
    started = datetime.now(UTC)
    try:
        briefing = build(config, request, report, pool)
    except Exception as error:
        return failure(error, request, started)
    return Outcome(started, datetime.now(UTC), briefing.exit_code, briefing)


def failure(error: Exception, request: Request, started: datetime) -> Outcome:
    """Return the outcome of a build that ended with this error."""
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


def together(jobs: Sequence[Job], busy: Sequence[Job] = ()) -> list[Job]:
    """Return the jobs, in order, that can be built at the same time and beside those under way."""
    taken = {need for job in busy for need in job.excludes}
    chosen = []
    for job in jobs:
        if taken.isdisjoint(job.excludes):
            chosen.append(job)
            taken |= job.excludes
    return chosen
