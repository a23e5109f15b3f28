"""A feed or page is asked, and its answer becomes a record: articles, or why there are none."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence
from urllib.parse import urlsplit

from briefing.errors import SourceError
from briefing.sources.documents.document import Document
from briefing.sources.documents.store import DocumentStore
from briefing.sources.gathering.answers import (
    content_digest,
    count_words,
    document_id,
    read_feed,
    read_page,
    seems_a_summary,
)
from briefing.sources.gathering.fetching import Answer, Fetcher
from briefing.sources.gathering.inbox import Entry, Inbox, Record, digest_of
from briefing.sources.gathering.moments import format_moment
from briefing.sources.gathering.robots import Robots
from briefing.sources.gathering.subscriptions import Subscription
from briefing.sources.gathering.waiting import SHORTEST_WAIT, next_poll
from briefing.sources.gathering.wire import Unreachable

__all__ = ["ask", "moved_notice", "note_failure", "reason_of_status", "take_answer"]

_OK, _NOT_MODIFIED, _GONE = 200, 304, 410
_ACCEPT_FEED = (
    "application/feed+json, application/atom+xml, application/rss+xml, application/xml;q=0.9,"
    " application/json;q=0.9, text/xml;q=0.9, */*;q=0.5"
)
_ACCEPT_PAGE = "text/html, application/xhtml+xml, */*;q=0.5"
_VALIDATORS = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}
_REASONS = {
    401: "the server wants a password",
    403: "the server refuses",
    404: "it is not there",
    410: "it is gone for good; remove it from the configuration",
    429: "the server is asked too often",
    500: "the server has a fault",
    503: "the server is busy",
}


def ask(
    subscription: Subscription, record: Record, inbox: Inbox, fetcher: Fetcher, robots: Robots
) -> Answer:
    """Return what the server answers. Raise SourceError. Any thread may ask; nothing is written."""
    if subscription.is_page:
        robots.require(subscription.url, subscription.source)
    if record.moved_to:
        try:
            answer = _request(record.moved_to, subscription, record, inbox, fetcher)
            if answer.status in (_OK, _NOT_MODIFIED):
                return dataclasses.replace(answer, moved=True)
        except SourceError:
            pass  # it was moved on, or back
    return _request(subscription.url, subscription, record, inbox, fetcher)


def _request(
    url: str, subscription: Subscription, record: Record, inbox: Inbox, fetcher: Fetcher
) -> Answer:
    is_known = record.validators_of == digest_of(url) and inbox.read_body(record.body) is not None
    return fetcher.fetch(
        url,
        subscription.source,
        accept=_ACCEPT_PAGE if subscription.is_page else _ACCEPT_FEED,
        validators=record.validators if is_known else {},
    )


def note_failure(record: Record, error: SourceError, start: datetime.datetime) -> Record:
    """Return the record after an answer that cannot be used, or none."""
    if isinstance(error, Unreachable):  # nobody was bothered: another try may follow at once
        return dataclasses.replace(record, problem=str(error), status=0, next_poll="")
    wait_until = format_moment(start + SHORTEST_WAIT)
    return dataclasses.replace(record, problem=str(error), status=0, next_poll=wait_until)


def take_answer(
    subscription: Subscription,
    record: Record,
    answer: Answer,
    inbox: Inbox,
    documents: DocumentStore,
    start: datetime.datetime,
) -> Record:
    """Return the record after an answer, whose body is kept if it can be read. Raise ShelfError."""
    moment = format_moment(start)
    after = dataclasses.replace(
        record,
        host=urlsplit(subscription.url).hostname or "",
        answered=moment,
        status=answer.status,
        next_poll=format_moment(next_poll(answer.status, answer.headers, start)),
    )
    if answer.status == _NOT_MODIFIED and record.body:
        # what the last body held is still there
        current = {
            name: dataclasses.replace(entry, last_seen=moment)
            if entry.last_seen == record.fetched
            else entry
            for name, entry in record.entries.items()
        }
        return dataclasses.replace(after, fetched=moment, problem="", entries=current)
    if answer.status != _OK:
        return dataclasses.replace(after, problem=reason_of_status(answer.status))
    read = read_page if subscription.is_page else read_feed
    try:
        rows = read(answer.body, answer.media_type, subscription.url, documents)
    except SourceError as error:
        return dataclasses.replace(
            after, problem=_of_answer(error), next_poll=format_moment(start + SHORTEST_WAIT)
        )
    sha256 = inbox.write_body(answer.body)
    moved_to = str(answer.address) if answer.moved else ""
    return dataclasses.replace(
        after,
        validators=_validators(answer),
        validators_of=digest_of(moved_to or subscription.url),
        moved_to=moved_to,
        body=sha256,
        fetched=moment,
        problem="",
        entries=_entries(subscription, record, rows, sha256, answer, inbox, moment),
    )


def reason_of_status(status: int) -> str:
    """Return what a status other than 200 means, for the user."""
    reason = _REASONS.get(status) or ("the server has a fault" if status >= 500 else "no article")
    return f"{reason} (status {status})"


def moved_notice(record: Record) -> str:
    """Return what to do about a feed that has moved for good."""
    host = urlsplit(record.moved_to).hostname
    return f"it has moved for good, to {host}; write its new address into the configuration"


def _of_answer(error: SourceError) -> str:
    """Return why an answer cannot be read, as a sentence about the feed."""
    reason = str(error)
    return f"its answer {reason}" if reason.startswith(("is ", "has ", "holds ")) else reason


def _validators(answer: Answer) -> dict[str, str]:
    """Return the headers that let the server answer "not modified" the next time."""
    return {
        request: " ".join(answer.headers[header].split())
        for header, request in _VALIDATORS.items()
        if answer.headers.get(header, "").isprintable() and answer.headers.get(header)
    }


def _entries(
    subscription: Subscription,
    record: Record,
    rows: Sequence[Document],
    sha256: str,
    answer: Answer,
    inbox: Inbox,
    moment: str,
) -> dict[str, Entry]:
    """Return the articles known before, with those of a new answer."""
    entries = dict(record.entries)
    current: set[str] = set()
    for place, document in enumerate(rows):
        name = _name(document, subscription)
        if name in current or document.draft:
            continue
        current.add(name)
        fresh = _entry(name, document, place, sha256, answer, subscription, moment)
        earlier = entries.get(name)
        if earlier is not None:
            fresh = _update(earlier, fresh, inbox)
        entries[name] = fresh
    return entries


def _name(document: Document, subscription: Subscription) -> str:
    if not subscription.is_page:
        return document_id(document, subscription.url)
    # a page that has another headline is another article
    return digest_of(f"{subscription.url}\n{document.title}")


def _entry(
    name: str,
    document: Document,
    place: int,
    sha256: str,
    answer: Answer,
    subscription: Subscription,
    moment: str,
) -> Entry:
    return Entry(
        id=name,
        first_seen=moment,
        last_seen=moment,
        date=document.date,
        publish=document.publish,
        content=content_digest(document),
        body=sha256,
        media_type=answer.media_type,
        place=place,
        link="" if subscription.is_page else document.url,
        is_summary=not subscription.is_page and seems_a_summary(document),
        has_text=count_words(document) > 0,
    )


def _update(earlier: Entry, fresh: Entry, inbox: Inbox) -> Entry:
    """Return an article that was known, as it is now; what stayed the same keeps its body."""
    if earlier.content == fresh.content and inbox.read_body(earlier.body) is not None:
        return dataclasses.replace(earlier, last_seen=fresh.last_seen, place=fresh.place)
    page = (earlier.page, earlier.page_type) if earlier.content == fresh.content else ("", "")
    return dataclasses.replace(
        fresh, first_seen=earlier.first_seen, page=page[0], page_type=page[1]
    )
