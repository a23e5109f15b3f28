"""Articles of which a feed has only a summary -> their whole text, from their pages."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from briefing.errors import SourceError
from briefing.sources.documents.store import DocumentStore
from briefing.sources.gathering.answers import read_page
from briefing.sources.gathering.fetching import Answer, Fetcher, Source
from briefing.sources.gathering.inbox import Entry, Inbox, Record
from briefing.sources.gathering.poll import reason_of_status
from briefing.sources.gathering.request import Request
from briefing.sources.gathering.robots import Robots
from briefing.sources.gathering.selection import candidates
from briefing.sources.gathering.subscriptions import Subscription

__all__ = ["fetch_page", "missing_pages", "note_failures", "problem_of", "take_page"]

_MOST_TRIES = 3
"""Gatherings in which a page is tried that cannot be had."""
_MOST_PAGES = 100
"""Of a feed in one gathering: at one a second, what a night has time for."""
_OK = 200
_ACCEPT = "text/html, application/xhtml+xml, */*;q=0.5"


def missing_pages(subscription: Subscription, record: Record, request: Request) -> list[Entry]:
    """Return the articles that an edition may read and whose pages are to be fetched for it."""
    rows: dict[str, Entry] = {}
    for config, feed in subscription.feeds:
        if feed.full_text == "never":
            continue
        already_read = request.already_read(config)
        for entry in candidates(
            record, feed, config, request.edition_date, already_read, without_text=True
        ):
            wants_page = entry.is_summary or feed.full_text == "always"
            if wants_page and entry.link and not entry.page and entry.page_tries < _MOST_TRIES:
                rows[entry.id] = entry
    return list(rows.values())[:_MOST_PAGES]


def fetch_page(link: str, source: Source, fetcher: Fetcher, robots: Robots) -> Answer:
    """Return an article's page. Raise SourceError. Any thread may fetch."""
    robots.require(link, source)
    answer = fetcher.fetch(link, source, accept=_ACCEPT)
    if answer.status != _OK:
        raise SourceError(reason_of_status(answer.status))
    return answer


def take_page(entry: Entry, answer: Answer, inbox: Inbox, documents: DocumentStore) -> Entry:
    """Return an article with its page, which is kept. Raise SourceError if it has no article."""
    read_page(answer.body, answer.media_type, entry.link, documents)
    sha256 = inbox.write_body(answer.body)
    return dataclasses.replace(entry, page=sha256, page_type=answer.media_type)


def note_failures(record: Record, reasons: Sequence[str], notices: list[str]) -> None:
    """Note why whole texts cannot be had, each reason once."""
    of = f"{len(reasons)} of {len(record.entries)} articles"
    notices.append(f"the whole text of {of} cannot be fetched: {'; '.join(dict.fromkeys(reasons))}")


def problem_of(subscription: Subscription, record: Record, request: Request) -> str:
    """Return what is missing in the edition because a page cannot be had, "" for nothing."""
    missing: set[str] = set()
    for config, feed in subscription.feeds:
        rows = [
            candidates(record, feed, config, request.edition_date, without_text=without_text)
            for without_text in (False, True)
        ]
        texts, titles = ({entry.id for entry in row} for row in rows)
        missing |= titles - texts
    if not missing:
        return ""
    return (
        f"of {len(missing)} articles it has but the title, and their pages were not fetched:"
        " they are not read"
    )
