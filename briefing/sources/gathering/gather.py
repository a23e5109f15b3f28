"""The step that opens connections: each feed and page is asked once, and its answer kept.

Hosts are asked at the same time, each by one connection. Answers are read, one after the other, in
the child process of documents, so that the inbox knows which articles are new and which have their
text on a page. What fails is told; the rest goes on, and what the inbox has stays.
"""

from __future__ import annotations

import dataclasses
import datetime
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from briefing import __version__
from briefing.config import Config
from briefing.errors import SourceError
from briefing.sources.documents.articles import KindError, require_reader
from briefing.sources.documents.embargo import current_moment
from briefing.sources.documents.kinds import kind_named
from briefing.sources.documents.store import DocumentStore
from briefing.sources.gathering import full_text, poll
from briefing.sources.gathering.fetching import Answer, Fetcher
from briefing.sources.gathering.inbox import Gathering, Inbox, Record, digest_of
from briefing.sources.gathering.moments import format_moment, moment_of
from briefing.sources.gathering.request import Report, Request
from briefing.sources.gathering.robots import Robots
from briefing.sources.gathering.subscriptions import Subscription, subscriptions

__all__ = ["Finding", "gather"]

_MOST_AT_ONCE = 16
"""Hosts that are asked at the same time."""
_KEPT = datetime.timedelta(days=60)
"""So long an article is known that its feed has no more, as long as editions know what was read."""
_MOST_ENTRIES = 5_000
"""Of a feed: five times what its reader takes of one answer."""
_KEPT_BODIES = datetime.timedelta(days=7)
"""So long its text is kept beyond its age, so that a day's edition can be built again."""
_WRONG_CLOCK = datetime.timedelta(days=2)
"""Nobody is told to wait longer: what is so far ahead was written by a clock that was wrong."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of a feed or page."""

    subscription: Subscription
    record: Record
    new: int = 0
    """Articles that were not there before."""
    is_asked: bool = True
    """False where it is too early to ask again."""
    problem: str = ""
    """Why nothing came that can be read, now or when it was asked last; "" where it did."""
    notices: tuple[str, ...] = ()
    """What is worth a look."""

    @property
    def label(self) -> str:
        """Return what a message begins with."""
        return f"{self.subscription.kind} {self.subscription.label}"


@dataclass
class _Visit:
    """A feed or page in the course of a gathering."""

    subscription: Subscription
    record: Record
    is_asked: bool
    new: int = 0
    problem: str = ""
    notices: list[str] = field(default_factory=list)


def gather(
    configs: Sequence[Config], request: Request, report: Report, fetcher: Fetcher | None = None
) -> list[Finding]:
    """Gather for briefings, and return what came of each of their feeds and pages.

    Raise Busy while another gathering is at work, ShelfError where an inbox cannot be written,
    SourceError where the clock was set back.
    """
    inboxes: dict[Path, list[Config]] = {}
    for config in configs:
        if config.gathers:
            inboxes.setdefault(config.inbox_folder.resolve(), []).append(config)
    findings: list[Finding] = []
    for folder, members in inboxes.items():
        own_fetcher = fetcher or Fetcher(_user_agent(members))
        findings += _gather_into(Inbox(folder), members, request, report, own_fetcher)
    return findings


def _gather_into(
    inbox: Inbox, configs: Sequence[Config], request: Request, report: Report, fetcher: Fetcher
) -> list[Finding]:
    def waiting(holder: str) -> None:
        report.say(f"{inbox.folder}: another gathering is at work ({holder}); waiting for it")

    store = configs[0].open_cache()
    with inbox.hold(request.wait_s, waiting), DocumentStore(store) as documents:
        start = current_moment()
        _require_forward_clock(inbox, start)
        visits = [
            _visit(subscription, inbox, request, start) for subscription in subscriptions(configs)
        ]
        report.phase("gathering")
        with _pool(fetcher) as pool:
            robots = Robots(fetcher)
            _poll_all(visits, inbox, documents, pool, fetcher, robots, start)
            for visit in visits:
                visit.record = _note_gathering(visit, request.edition_date, start)
            _fetch_pages(visits, inbox, documents, pool, fetcher, robots, request)
        for visit in visits:
            inbox.write_record(visit.subscription.name, _without_old(visit.record, start))
        inbox.remove_bodies(_bodies_in_use(inbox, visits, start))
    return [
        Finding(
            visit.subscription,
            visit.record,
            visit.new,
            visit.is_asked,
            visit.problem or visit.record.problem,
            tuple(visit.notices),
        )
        for visit in visits
    ]


def _require_forward_clock(inbox: Inbox, start: datetime.datetime) -> None:
    """Raise SourceError for a time of SOURCE_DATE_EPOCH at which the inbox was not yet as it is."""
    if "SOURCE_DATE_EPOCH" not in os.environ:
        return
    moment = format_moment(start)
    if any(record.answered > moment for _, record in inbox.records()):
        raise SourceError(
            "SOURCE_DATE_EPOCH is before the last gathering: nothing is gathered; take another"
            " sources.inbox for it, or unset it"
        )


def _user_agent(configs: Sequence[Config]) -> str:
    """Return who asks, with the owner's address where there is one."""
    owner = next((config.feed.email for config in configs if config.feed.email), "")
    plain = owner if owner.isascii() and owner.isprintable() and len(owner) < 100 else ""
    about = "reads feeds aloud for its owner"
    return f"briefing/{__version__} ({about}{'; ' + plain if plain else ''})"


@contextmanager
def _pool(fetcher: Fetcher) -> Iterator[ThreadPoolExecutor]:
    """Run threads; all have ended afterwards, for workers are forked from this process."""
    pool = ThreadPoolExecutor(_MOST_AT_ONCE, thread_name_prefix="gather")
    try:
        yield pool
    except BaseException:
        fetcher.hosts.stop()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _visit(
    subscription: Subscription, inbox: Inbox, request: Request, start: datetime.datetime
) -> _Visit:
    record = inbox.read_record(subscription.name)
    try:
        require_reader(kind_named("page" if subscription.is_page else "xml"))
    except KindError as error:
        return _Visit(subscription, record, is_asked=False, problem=str(error))
    if request.force:
        return _Visit(subscription, record, is_asked=True)
    wait_until = moment_of(record.next_poll)
    is_early = wait_until is not None and start < wait_until < start + _WRONG_CLOCK
    return _Visit(subscription, record, is_asked=not (record.is_gone or is_early))


def _poll_all(
    visits: Sequence[_Visit],
    inbox: Inbox,
    documents: DocumentStore,
    pool: ThreadPoolExecutor,
    fetcher: Fetcher,
    robots: Robots,
    start: datetime.datetime,
) -> None:
    polls: dict[Future[Answer], _Visit] = {
        pool.submit(
            _ask_shielded, poll.ask, visit.subscription, visit.record, inbox, fetcher, robots
        ): visit
        for visit in visits
        if visit.is_asked
    }
    for future in as_completed(polls):
        visit = polls[future]
        before = visit.record
        try:
            answer = future.result()
        except SourceError as error:
            visit.record = poll.note_failure(before, error, start)
        else:
            visit.record = poll.take_answer(
                visit.subscription, before, answer, inbox, documents, start
            )
        visit.new = len(visit.record.entries.keys() - before.entries.keys())
        if visit.record.moved_to:
            visit.notices.append(poll.moved_notice(visit.record))
        inbox.write_record(visit.subscription.name, visit.record)


def _ask_shielded(ask: Callable[..., Answer], *arguments: object) -> Answer:
    """Ask a server; an unforeseen error becomes its failure and stops no other server."""
    try:
        return ask(*arguments)
    except SourceError:
        raise
    except Exception as error:
        raise SourceError(f"unexpected {type(error).__name__}; please report it") from error


def _note_gathering(visit: _Visit, edition_date: str, start: datetime.datetime) -> Record:
    """Note when the articles of an edition were gathered."""
    moment = format_moment(start)
    gatherings = dict(visit.record.gatherings)
    earlier = gatherings.get(edition_date)
    if earlier is None:
        gatherings[edition_date] = Gathering(moment, moment)
    elif visit.is_asked:
        gatherings[edition_date] = Gathering(min(earlier.first, moment), moment)
    return dataclasses.replace(visit.record, gatherings=gatherings)


def _fetch_pages(
    visits: Sequence[_Visit],
    inbox: Inbox,
    documents: DocumentStore,
    pool: ThreadPoolExecutor,
    fetcher: Fetcher,
    robots: Robots,
    request: Request,
) -> None:
    """Fetch the pages of articles of which the feed has only a summary."""
    fetches: dict[Future[Answer], tuple[_Visit, str]] = {}
    for visit in visits:
        subscription = visit.subscription
        for entry in full_text.missing_pages(subscription, visit.record, request):
            future = pool.submit(
                _ask_shielded,
                full_text.fetch_page,
                entry.link,
                subscription.source,
                fetcher,
                robots,
            )
            fetches[future] = (visit, entry.id)
    failures: dict[int, list[str]] = {}
    for future in as_completed(fetches):
        visit, name = fetches[future]
        entry = visit.record.entries[name]
        try:
            entry = full_text.take_page(entry, future.result(), inbox, documents)
        except SourceError as error:
            entry = dataclasses.replace(entry, page_tries=entry.page_tries + 1)
            failures.setdefault(id(visit), []).append(str(error))
        visit.record = dataclasses.replace(
            visit.record, entries={**visit.record.entries, name: entry}
        )
    for visit in visits:
        if reasons := failures.get(id(visit)):
            full_text.note_failures(visit.record, reasons, visit.notices)
        visit.problem = visit.problem or full_text.problem_of(
            visit.subscription, visit.record, request
        )


def _without_old(record: Record, start: datetime.datetime) -> Record:
    """Return a record without what no edition asks for any more."""
    oldest = format_moment(start - _KEPT)
    entries = [entry for entry in record.entries.values() if entry.last_seen >= oldest]
    entries.sort(key=lambda entry: (entry.last_seen, entry.first_seen), reverse=True)
    return dataclasses.replace(
        record,
        entries={entry.id: entry for entry in entries[:_MOST_ENTRIES]},
        gatherings={
            date: gathering
            for date, gathering in record.gatherings.items()
            if gathering.last >= oldest
        },
    )


def _bodies_in_use(
    inbox: Inbox, visits: Sequence[_Visit], start: datetime.datetime
) -> frozenset[str]:
    """Return the answers that some article of some record is still read from."""
    ages_h = {
        digest_of(visit.subscription.name): [feed.max_age_h for _, feed in visit.subscription.feeds]
        for visit in visits
    }
    in_use: set[str] = set()
    for name, record in inbox.records():
        hours = ages_h.get(name, [0.0])  # a feed of another configuration: as long as it is known
        oldest = format_moment(start - datetime.timedelta(hours=max(hours)) - _KEPT_BODIES)
        in_use.add(record.body)
        for entry in record.entries.values():
            if not all(hours) or entry.first_seen >= oldest:
                in_use |= {entry.body, entry.page}
    return frozenset(in_use)
