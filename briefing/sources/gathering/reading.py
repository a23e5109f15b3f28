"""The inbox -> the articles of a briefing, from files alone; and what decides how they are read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from briefing.config import Config, FeedSource
from briefing.errors import SourceError
from briefing.sources.article import Article
from briefing.sources.documents.articles import KindError, article_of
from briefing.sources.documents.document import Document
from briefing.sources.documents.store import DocumentStore
from briefing.sources.gathering.answers import (
    count_words,
    document_id,
    read_feed,
    read_page,
)
from briefing.sources.gathering.inbox import Entry, Inbox, Record
from briefing.sources.gathering.secrets import public_link, public_page, without_query
from briefing.sources.gathering.selection import candidates, has_whole_text
from briefing.sources.gathering.subscriptions import as_feed, labels, record_name

__all__ = ["Channel", "channels", "gathered_articles"]


@dataclass(frozen=True, slots=True)
class Channel:
    """A feed or page of a briefing, and what the inbox has of it."""

    feed: FeedSource
    label: str
    """What messages call it."""
    is_page: bool
    record: Record


def channels(config: Config) -> Iterator[Channel]:
    """Yield the feeds and pages of a briefing, in its order."""
    inbox = Inbox(config.inbox_folder)
    names = labels(config)
    rows = [(feed, False) for feed in config.sources.feeds]
    rows += [(as_feed(page), True) for page in config.sources.pages]
    for feed, is_page in rows:
        name = record_name(feed.url, is_page=is_page)
        yield Channel(feed, names[name], is_page, inbox.read_record(name))


def gathered_articles(
    config: Config,
    edition_date: str,
    documents: DocumentStore,
) -> tuple[list[Article], list[tuple[str, SourceError]]]:
    """Return the articles that an edition may read, by feed, and (label, why) of what is missing.

    Of a feed the newest come first. Each article has its feed's section, the link to the original,
    when it was published and first seen, and an id that stays. How many of a
    feed are read is for who knows which were read before.
    """
    inbox = Inbox(config.inbox_folder)
    articles: list[Article] = []
    problems: list[tuple[str, SourceError]] = []
    for channel in channels(config):
        missing = 0
        unlimited = replace(channel.feed, limit=0)
        for entry in candidates(channel.record, unlimited, config, edition_date):
            try:
                articles.append(_article(entry, channel, config, inbox, documents))
            except KindError as error:
                problems.append((channel.label, error))
                break
            except SourceError:
                missing += 1
        if missing:
            problems.append(
                (
                    channel.label,
                    SourceError(
                        f"{missing} of its articles are in the inbox no more; run: briefing gather"
                        " --force"
                    ),
                )
            )
    return articles, problems


def _article(
    entry: Entry, channel: Channel, config: Config, inbox: Inbox, documents: DocumentStore
) -> Article:
    """Return an article of the inbox. Raise SourceError where its file is missing."""
    document = _document(entry, channel, inbox, documents)
    if has_whole_text(entry, channel.feed):
        document = _with_whole_text(document, entry, inbox, documents)
    path = inbox.body_path(entry.body)
    if path.is_relative_to(config.base):
        path = path.relative_to(config.base)
    article = article_of(document, path.as_posix(), entry.body, f"sha256:{entry.id}", config.text)
    url = _public_url(document, channel)
    return replace(
        article,
        url=url,
        section=channel.feed.section or article.section,
        feed=channel.label,
        gathered=entry.first_seen,
        limit=channel.feed.limit,
        max_age_h=channel.feed.max_age_h,
    )


def _public_url(document: Document, channel: Channel) -> str:
    """Return the link to the original, without a secret."""
    own_url = channel.feed.url
    if not channel.is_page:
        return public_link(document.url, own_url)
    names_no_other = document.url in ("", without_query(own_url))
    return public_page(own_url if names_no_other else document.url)


def _document(entry: Entry, channel: Channel, inbox: Inbox, documents: DocumentStore) -> Document:
    data = inbox.read_body(entry.body)
    if data is None:
        raise SourceError("is missing")
    if channel.is_page:
        return read_page(data, entry.media_type, channel.feed.url, documents)[0]
    rows = read_feed(data, entry.media_type, channel.feed.url, documents)
    for document in rows:
        if document_id(document, channel.feed.url) == entry.id:
            return document
    raise SourceError("is missing")


def _with_whole_text(
    document: Document, entry: Entry, inbox: Inbox, documents: DocumentStore
) -> Document:
    """Return an article with the text of its page, if that is longer than the feed's."""
    data = inbox.read_body(entry.page)
    if data is None:
        return document
    try:
        page = read_page(data, entry.page_type, entry.link, documents)[0]
    except KindError:
        raise
    except SourceError:
        return document
    if count_words(page) <= count_words(document):
        return document
    return replace(document, paragraphs=page.paragraphs, byline=document.byline or page.byline)
