"""Feeds and pages -> the inbox, before a build or by itself; and a line for what came of each."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from briefing.config import Config
from briefing.errors import EXIT_DONE, EXIT_PARTLY, BriefingError, explain

if TYPE_CHECKING:
    from briefing.commands.terminal import BriefingReport, Terminal
    from briefing.sources.gathering.gather import Finding
    from briefing.sources.gathering.request import Report

__all__ = ["check_feeds", "feed_lines", "gather_before_build", "gather_by_command"]


def gather_before_build(
    configs: Sequence[Config], edition_date: str, terminal: Terminal
) -> dict[str, list[str]]:
    """Gather for briefings that are about to be built; return the problems of each by its name.

    An edition of a past day is made of what was gathered for it. What fails is told here.
    """
    from briefing.sources.gathering.moments import today

    report = terminal.report(is_briefing=False)
    try:
        if edition_date < today():
            report.say(f"{edition_date} is past: nothing is gathered for it now")
            return {}
        if notice := offline_notice(configs):
            report.say(notice)
            return {}
        findings = _gather(configs, edition_date, report, force=False)
    except BriefingError as error:
        problem = explain(error)
        report.warn(problem)
        return {config.output.name: [problem] for config in configs if config.gathers}
    finally:
        report.end()
    _tell_problems(findings, report)
    count = sum(finding.new for finding in findings)
    if count:
        report.say(f"gathered: {count} new articles")
    return {config.output.name: _problems_of(config, findings) for config in configs}


def gather_by_command(
    configs: Sequence[Config], edition_date: str, terminal: Terminal, *, force: bool
) -> int:
    """Gather for all briefings of a configuration, and return the exit code."""
    report = terminal.report(is_briefing=False)
    if not any(config.gathers for config in configs):
        report.say("there is no feed and no page in the configuration: write [[sources.feeds]]")
        return EXIT_DONE
    if notice := offline_notice(configs):
        report.say(notice)
        return EXIT_DONE
    with terminal:
        findings = _gather(configs, edition_date, report, force=force)
        report.end()
        for finding in findings:
            report.say(f"{finding.label}: {_outcome(finding)}")
        _tell_problems(findings, report)
    return EXIT_PARTLY if any(finding.problem for finding in findings) else EXIT_DONE


class _Silence:
    """A `Report` that nobody reads."""

    def say(self, message: str) -> None:
        """Drop a message."""

    def phase(self, activity: str) -> None:
        """Drop what is being done now."""


def check_feeds(configs: Sequence[Config], edition_date: str) -> tuple[list[Finding], str]:
    """Gather as a build would; return what came of it, and why nothing can come, "" for nothing."""
    if not any(config.gathers and not config.offline for config in configs):
        return [], ""
    try:
        return _gather(configs, edition_date, _Silence(), force=False), ""
    except BriefingError as error:
        return [], explain(error)


def feed_lines(
    config: Config, edition_date: str, findings: Sequence[Finding]
) -> Iterator[tuple[str, bool]]:
    """Yield what a build would have of each feed and page of a briefing, and whether all is well.

    findings: of the gathering just now; a feed that is not among them was not asked.
    """
    from briefing.sources.gathering.reading import channels
    from briefing.sources.gathering.selection import candidates, publication_moment
    from briefing.sources.gathering.subscriptions import record_name

    by_name = {finding.subscription.name: finding for finding in findings}
    already_read = _already_read(config, edition_date)
    for channel in channels(config):
        finding = by_name.get(record_name(channel.feed.url, is_page=channel.is_page))
        record = channel.record
        chosen = candidates(record, channel.feed, config, edition_date, already_read)
        parts = [_reachability(finding)]
        if finding and finding.problem and record.fetched:
            parts.append(f"what is there is of {_readable(record.fetched)}")
        parts.append(f"articles: {len(record.entries)}")
        if record.entries:
            newest = max(publication_moment(entry, config) for entry in record.entries.values())
            parts.append(f"newest {newest.astimezone():%Y-%m-%d %H:%M}")
        parts.append(f"would be read: {len(chosen)}")
        parts += finding.notices if finding else ()
        kind = "page" if channel.is_page else "feed"
        yield f"{kind} {channel.label}: {', '.join(parts)}", not (finding and finding.problem)


def _reachability(finding: Finding | None) -> str:
    if finding is None:
        return "not asked"
    if finding.problem:
        return f"nothing that can be read ({finding.problem})"
    if not finding.is_asked:
        return f"reachable at {_readable(finding.record.answered)}, too early to ask again"
    return "reachable"


def offline_notice(configs: Sequence[Config]) -> str:
    """Return why nothing is gathered where all briefings are offline, and how old the inbox is."""
    gatherers = [config for config in configs if config.gathers]
    if not gatherers or not all(config.offline for config in gatherers):
        return ""
    from briefing.sources.gathering.reading import channels

    fetched = [channel.record.fetched for config in gatherers for channel in channels(config)]
    latest = max(fetched, default="")
    age = f"what is there is of {_readable(latest)}" if latest else "the inbox is empty"
    return f"offline = true: nothing is gathered; {age}"


def _gather(
    configs: Sequence[Config], edition_date: str, report: Report, *, force: bool
) -> list[Finding]:
    from briefing.sources.gathering.gather import gather
    from briefing.sources.gathering.request import Request

    def already_read(config: Config) -> Collection[str]:
        return _already_read(config, edition_date)

    online = [config for config in configs if not config.offline]
    request = Request(
        edition_date,
        force=force,
        already_read=already_read,
        wait_s=min(config.schedule.wait_s for config in configs),
    )
    return gather(online, request, report)


def _already_read(config: Config, edition_date: str) -> frozenset[str]:
    """Return the ids of the articles that earlier editions of a briefing read."""
    from briefing.shelf.edition_record import is_shelf
    from briefing.shelf.read_record import load_record
    from briefing.shelf.shelf import Shelf

    if not is_shelf(config.shelf_folder):
        return frozenset()
    record = load_record(Shelf(config.shelf_folder).current(config.output.name), config.output.name)
    if record is None:
        return frozenset()
    return frozenset(
        story.identity.removeprefix("sha256:")
        for _, day in record.before(edition_date)
        for story in day.stories
    )


def _outcome(finding: Finding) -> str:
    """Return what came of a feed or page, in a few words."""
    record = finding.record
    if finding.problem:
        if record.fetched:
            return f"nothing new; what is there is of {_readable(record.fetched)}"
        return "nothing yet"
    total = f"{len(record.entries)} in all"
    if not finding.is_asked:
        return f"not asked again before {_readable(record.next_poll)}; articles: {total}"
    return f"new articles: {finding.new}, {total}"


def _tell_problems(findings: Sequence[Finding], report: BriefingReport) -> None:
    """Report what is wrong, the same about several feeds once; and what is worth a look."""
    labels: dict[str, list[str]] = {}
    for finding in findings:
        if finding.problem:
            labels.setdefault(finding.problem, []).append(finding.label)
        for notice in finding.notices:
            report.say(f"{finding.label}: {notice}")
    for problem, names in labels.items():
        report.warn(f"{', '.join(names)}: {problem}")


def _problems_of(config: Config, findings: Sequence[Finding]) -> list[str]:
    return [
        f"{finding.label}: {finding.problem}"
        for finding in findings
        if finding.problem and any(own is config for own, _ in finding.subscription.feeds)
    ]


def _readable(moment: str) -> str:
    """Return a moment of the inbox by this machine's clock."""
    from briefing.sources.gathering.moments import moment_of

    parsed = moment_of(moment)
    return f"{parsed.astimezone():%Y-%m-%d %H:%M}" if parsed else "an unknown time"
