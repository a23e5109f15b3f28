"""Builds the briefings of a configuration that are out of date, concurrently if possible.

First, this process determines which briefings are up to date, without heavy imports. The others are
built by a few processes that share the workers (`commands.builders`). If no two builds can run at
the same time, they are built one after another in this process.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from briefing.commands.attempt import Job, Outcome, attempt, compatible_jobs, failure
from briefing.commands.terminal import Terminal
from briefing.config import Config
from briefing.errors import EXIT_DONE, EXIT_FAILED, EXIT_PARTLY, EXIT_USAGE, BriefingError, worst
from briefing.pipeline import NETWORK, Request, excludes, memory_mb, up_to_date
from briefing.production.memory import count_that_fit
from briefing.shelf.build_history import BuildRecord, record_build
from briefing.shelf.edition_record import is_shelf
from briefing.shelf.state_files import state_folder
from briefing.speech.voices import check_name

__all__ = ["build_all"]

_MOST_AT_ONCE = 8
"""The most concurrent builds, however many cores there are: each uses 100 MB for its models."""


def build_all(
    configs: Sequence[Config], request: Request, terminal: Terminal, *, gathers: bool = False
) -> int:
    """Build the briefings that are out of date and write a record of each; return the exit code.

    gathers: ask their feeds and pages first. Raises UsageError, before anything is built, if the
    voice of `request` does not exist.
    """
    if request.voice is not None:
        check_name(configs[0], request.voice)
    several = len(configs) > 1
    jobs = [
        Job(config, request, terminal.report(config.output.name if several else ""))
        for config in configs
    ]
    # by name: a job that another process built has a copy of its configuration
    problems: dict[str, list[str]] = {}
    codes: list[int] = []
    ended: list[tuple[Job, Outcome]] = []
    without_sources: list[tuple[Job, Outcome]] = []
    with terminal:
        if gathers and any(config.gathers for config in configs):
            from briefing.commands.gathering import gather_before_build

            problems = gather_before_build(configs, request.edition_date, terminal)
        for job, own in _outcomes(jobs, terminal):
            outcome = _with_problems(own, problems.get(job.config.output.name, []))
            job.report.end()
            codes.append(outcome.exit_code)
            ended.append((job, outcome))
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
        if any(job.config.publish.target for job in jobs):
            codes += _deliver(ended)
        # last, because the build of another briefing may have made the folder a shelf
        for job, outcome in without_sources:
            if is_shelf(job.config.shelf_folder):
                _record(job, outcome)
    return worst(codes)


def _with_problems(outcome: Outcome, problems: Sequence[str]) -> Outcome:
    """Return how a build ended, with what was missing of its feeds.

    It failed where that leaves nothing on the shelf: the schedule then tries again.
    """
    if not problems:
        return outcome
    is_empty = outcome.briefing is not None and not outcome.briefing.edition_date
    return dataclasses.replace(
        outcome,
        exit_code=EXIT_FAILED if is_empty else worst([outcome.exit_code, EXIT_PARTLY]),
        missing="; ".join(problems),
    )


def _deliver(ended: Sequence[tuple[Job, Outcome]]) -> Iterator[int]:
    """Deliver the shelves to their targets; yield an exit code for each that failed.

    The user is warned, and it is recorded with each build of the shelf. Where all of a shelf's
    builds were refused, nothing is tried.
    """
    from briefing.commands.publishing import publish_built

    configs = [job.config for job, _ in ended]
    ended = [pair for pair in ended if pair[1].exit_code != EXIT_USAGE]
    if not ended:
        return
    tried = [job.config for job, _ in ended]
    for config, problem in publish_built(tried, configs, ended[0][0].report.phase):
        message = f"not delivered; the next build tries again: {problem}"
        on_shelf = [pair for pair in ended if pair[0].config.output_folder == config.output_folder]
        on_shelf[0][0].report.warn(message)
        for job, outcome in on_shelf:
            if outcome.briefing is not None:
                _record(job, outcome, message)
        yield EXIT_PARTLY


def _record(job: Job, outcome: Outcome, undelivered: str = "") -> None:
    briefing = outcome.briefing
    remarks = briefing.remarks if briefing else ""
    build = BuildRecord(
        started=outcome.started,
        ended=outcome.ended,
        exit_code=worst([outcome.exit_code, EXIT_PARTLY if undelivered else EXIT_DONE]),
        message="; ".join(filter(None, (outcome.problem or remarks, outcome.missing, undelivered))),
        edition_date=briefing.edition_date if briefing else None,
        published=bool(briefing and briefing.is_new),
        reused=briefing.clips_reused if briefing else 0,
        spoken=briefing.clips_spoken if briefing else 0,
        voice=briefing.voice if briefing else "",
        pid=os.getpid(),
    )
    try:
        record_build(state_folder(job.config.shelf_folder), job.config.output.name, build)
    except BriefingError as error:
        if not outcome.problem:  # a problem that was reported already is the likely cause
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
            briefing = up_to_date(job.config, job.request, job.report)
            if briefing is None:
                needs = excludes(job.config, job.request)
                out_of_date.append(dataclasses.replace(job, excludes=needs))
        except Exception as error:
            yield job, failure(error, job.request, started)
        else:
            if briefing is not None:
                yield job, Outcome(started, datetime.now(UTC), briefing.exit_code, briefing)
    if out_of_date:
        yield from _build_jobs(out_of_date, terminal)


def _build_jobs(jobs: Sequence[Job], terminal: Terminal) -> Iterator[tuple[Job, Outcome]]:
    """Build the jobs, concurrently if they and the number of workers allow it."""
    from briefing.production.clips import cores

    workers = min(job.config.workers or cores() for job in jobs)
    # builds on a cluster wait for others, so there may be more of them than cores
    spread = all(job.config.cluster.address for job in jobs)
    at_once = _MOST_AT_ONCE if spread else min(workers, _MOST_AT_ONCE)
    count = min(len(compatible_jobs(jobs)), at_once)
    if count < 2:
        for job in jobs:
            yield job, attempt(job.config, job.request, job.report)
        return
    from briefing.commands.builders import Builders

    # voices that are services use threads instead, which count as workers
    threads = workers // 2 if any(NETWORK in job.excludes for job in jobs) else 0
    shared = [
        dataclasses.replace(job, config=dataclasses.replace(job.config, workers=max(1, threads)))
        for job in jobs
    ]
    needed_mb = max(memory_mb(job.config, job.request) for job in jobs)
    processes = count_that_fit(max(1, workers - threads), needed_mb)
    if spread:
        from briefing.cluster.connection import load_client

        load_client()
    with Builders(count, processes, idle=terminal.draw) as builders:
        yield from builders.run(shared)
