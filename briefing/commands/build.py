"""The briefings of a configuration -> built, those out of date at the same time.

What is up to date is found out first, in this process and without a heavy import. The rest is
built by a few processes that share the workers (`commands.builders`); where no two builds can run
at the same time, one after the other in this process.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from briefing.commands.attempt import Job, Outcome, attempt, failure, together
from briefing.commands.gathering import Gathered, gather_before_build
from briefing.commands.terminal import Terminal
from briefing.config import Config
from briefing.errors import EXIT_FAILED, BriefingError, worst
from briefing.pipeline import NETWORK, Request, excludes, memory_mb, up_to_date
from briefing.production.memory import count_that_fit
from briefing.schedule.state import BuildRecord, record, state_folder
from briefing.shelf.edition_record import is_shelf
from briefing.speech.voices import check_name

__all__ = ["build_all"]

_MOST_AT_ONCE = 8
"""Builds at the same time, whatever the cores: each takes some 100 MB for its models."""


def build_all(
    configs: Sequence[Config], request: Request, terminal: Terminal, *, gathers: bool = False
) -> int:
    """Build the briefings that are out of date, leave a record of each, return the exit code.

    gathers: ask their feeds and pages first. Raises UsageError, before anything is built, for a
    voice that does not exist in `request`.
    """
    if request.voice is not None:
        check_name(configs[0], request.voice)
    several = len(configs) > 1
    jobs = [
        Job(config, request, terminal.report(config.output.name if several else ""))
        for config in configs
    ]
    # by name: a job that another process built has a copy of its configuration
    gathered = {config.output.name: Gathered() for config in configs}
    codes: list[int] = []
    without_sources: list[tuple[Job, Outcome]] = []
    with terminal:
        if gathers:
            rows = gather_before_build(configs, request.edition_date, terminal)
            names = (config.output.name for config in configs)
            gathered = dict(zip(names, rows, strict=True))
        for job, own in _outcomes(jobs, terminal):
            outcome = _with_gathering(own, gathered[job.config.output.name])
            job.report.end()
            codes.append(outcome.exit_code)
            if outcome.briefing is not None:
                job.report.conclude(outcome.briefing)
            else:
                job.report.warn(outcome.problem)
                if terminal.verbose and outcome.details:
                    job.report.say(outcome.details)
            if outcome.without_sources:
                without_sources.append((job, outcome))
            elif outcome.on_record:
                _record(job, outcome)
        # last: another briefing may have made a shelf of the folder, whichever came first
        for job, outcome in without_sources:
            if is_shelf(job.config.shelf_folder):
                _record(job, outcome)
    return worst(codes)


def _with_gathering(outcome: Outcome, gathered: Gathered) -> Outcome:
    """Return how a build ended, with what was missing of its feeds.

    It failed where that leaves nothing on the shelf: the schedule then tries again.
    """
    if not gathered.problems:
        return outcome
    is_empty = outcome.briefing is not None and not outcome.briefing.edition_date
    return dataclasses.replace(
        outcome,
        exit_code=EXIT_FAILED if is_empty else worst([outcome.exit_code, gathered.exit_code]),
        missing="; ".join(gathered.problems),
    )


def _record(job: Job, outcome: Outcome) -> None:
    briefing = outcome.briefing
    build = BuildRecord(
        started=outcome.started,
        ended=outcome.ended,
        exit_code=outcome.exit_code,
        message="; ".join(
            filter(None, [outcome.problem, outcome.missing, briefing.remarks if briefing else ""])
        ),
        edition_date=briefing.edition_date if briefing else None,
        published=bool(briefing and briefing.built),
        reused=briefing.clips_reused if briefing else 0,
        spoken=briefing.clips_spoken if briefing else 0,
        voice=briefing.voice if briefing else "",
        pid=os.getpid(),
    )
    try:
        record(state_folder(job.config.shelf_folder), job.config.output.name, build)
    except BriefingError as error:
        if not outcome.problem:  # else it is the same trouble, reported already
            job.report.warn(str(error))


def _outcomes(jobs: Sequence[Job], terminal: Terminal) -> Iterator[tuple[Job, Outcome]]:
    """Yield each job with its outcome, as it ends."""
    if len(jobs) == 1:
        yield jobs[0], attempt(jobs[0].config, jobs[0].request, jobs[0].report)
        return
    out_of_date: list[Job] = []
    for job in jobs:
        started = datetime.now(UTC)
        try:
            standing = up_to_date(job.config, job.request, job.report)
            if standing is None:
                needs = excludes(job.config, job.request)
                out_of_date.append(dataclasses.replace(job, excludes=needs))
        except Exception as error:
            yield job, failure(error, job.request, started)
        else:
            if standing is not None:
                yield job, Outcome(started, datetime.now(UTC), standing.exit_code, standing)
    if out_of_date:
        yield from _built(out_of_date, terminal)


def _built(jobs: Sequence[Job], terminal: Terminal) -> Iterator[tuple[Job, Outcome]]:
    """Build the jobs, at the same time as far as they and the number of workers allow it."""
    from briefing.production.clips import cores

    workers = min(job.config.workers or cores() for job in jobs)
    count = min(len(together(jobs)), workers, _MOST_AT_ONCE)
    if count < 2:
        for job in jobs:
            yield job, attempt(job.config, job.request, job.report)
        return
    from briefing.commands.builders import Builders

    # a voice that is a service has threads instead: they are workers, too
    threads = workers // 2 if any(NETWORK in job.excludes for job in jobs) else 0
    shared = [
        dataclasses.replace(job, config=dataclasses.replace(job.config, workers=max(1, threads)))
        for job in jobs
    ]
    needed_mb = max(memory_mb(job.config, job.request) for job in jobs)
    processes = count_that_fit(max(1, workers - threads), needed_mb)
    with Builders(count, processes, idle=terminal.draw) as builders:
        yield from builders.run(shared)
