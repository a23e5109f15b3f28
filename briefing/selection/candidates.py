"""Articles, what earlier editions read, an edition date -> what the edition of that day may read.

A pure function, so that a day that is built again reads the same. Its rules, in this order: not
read before, nor the same story as one that was; not the same story as another of today; no more of
a feed than its limit. What is too old for its feed was left out before (`sources.gathering`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from briefing.selection.lineup import Lineup, arrange
from briefing.selection.moments import newness
from briefing.selection.stories import Stories, story_of
from briefing.shelf.read_record import NOTHING_READ, Day, ReadRecord, Story
from briefing.sources import Article

if TYPE_CHECKING:
    from briefing.config import Edition

__all__ = ["Double", "Selection", "select"]


@dataclass(frozen=True, slots=True)
class Double:
    """An article that is not read because its story is read already."""

    article: Article
    original: str
    """The title of the other article."""
    date: str = ""
    """The edition date of the one that read it, "" where it is this edition."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What the edition of a day may read, and what it may not."""

    lineup: Lineup
    doubles: tuple[Double, ...] = ()
    over_limit: tuple[Article, ...] = ()
    """More than their feed's limit; the newest of a feed are read."""
    missed: tuple[Story, ...] = ()
    """Stories that an earlier edition had no time for, and that can be read no more."""
    is_news: bool = True
    """False where nothing is there that the edition before has not read."""
    once: frozenset[str] = frozenset()
    """The identities of the articles that one edition alone reads."""

    def day(self, lineup: Lineup) -> Day:
        """Return what to remember of the edition. lineup: as it was cut to its length."""
        waiting = (story_of(article) for article in lineup.left)
        return Day(
            stories=tuple(self._story(article) for article in lineup.articles),
            waiting=tuple(story for story in waiting if story.identity in self.once),
        )

    def _story(self, article: Article) -> Story:
        story = story_of(article)
        return story if story.identity in self.once else replace(story, again=True)


def select(
    articles: Sequence[Article],
    settings: Edition,
    record: ReadRecord = NOTHING_READ,
    edition_date: str = "9999-12-31",
) -> Selection:
    """Return which articles the edition of a day may read, in the order in which it reads them.

    record: what earlier editions read.
    """
    earlier = list(record.before(edition_date))
    latest = earlier[0][1] if earlier else Day()
    expected = {story.identity for story in latest.waiting}
    stories = [story_of(article) for article in articles]
    sieve = _Sieve(settings)
    for date, day in reversed(earlier):
        sieve.remember(date, day)
    waiting = {at for at, story in enumerate(stories) if story.identity in expected}
    places = _by_precedence(articles, waiting)
    chosen = sorted(at for at in places if sieve.lets_through(articles[at], stories[at]))
    lineup = arrange(
        [articles[at] for at in chosen],
        settings,
        {place for place, at in enumerate(chosen) if at in waiting},
    )
    accounted = {stories[at].identity for at in chosen} | sieve.doubled
    return Selection(
        lineup=lineup,
        doubles=tuple(sieve.doubles),
        over_limit=tuple(sieve.over_limit),
        missed=tuple(story for story in latest.waiting if story.identity not in accounted),
        is_news=_is_news([stories[at] for at in chosen], sieve.once, latest),
        once=frozenset(sieve.once),
    )


def _by_precedence(articles: Sequence[Article], waiting: set[int]) -> list[int]:
    """Return the indices of the articles; of two that tell the same story, the first stays.

    First what waited for its turn, then files of the folder, then feeds in their order, of each
    the newest first: so its limit leaves out the oldest.
    """
    feeds: dict[str, int] = {}
    for article in articles:
        feeds.setdefault(article.feed, len(feeds))

    def rank(at: int) -> tuple[float, ...]:
        article = articles[at]
        if not article.feed:
            return (at not in waiting, 0, 0, 0, at)
        return (at not in waiting, 1, feeds[article.feed], newness(article), at)

    return sorted(range(len(articles)), key=rank)


@dataclass(slots=True)
class _Sieve:
    """Lets the articles through that may be read, and collects the others by the reason."""

    settings: Edition
    past: Stories = field(default_factory=Stories)
    dates: dict[str, str] = field(default_factory=dict)
    """The edition date that read each story of the past, by identity."""
    chosen: Stories = field(default_factory=Stories)
    of_feeds: Counter[str] = field(default_factory=Counter)
    once: set[str] = field(default_factory=set)
    doubles: list[Double] = field(default_factory=list)
    doubled: set[str] = field(default_factory=set)
    over_limit: list[Article] = field(default_factory=list)

    def remember(self, date: str, day: Day) -> None:
        """Add the stories of an earlier edition to the past."""
        for story in day.stories:
            self.past.add(story)
            self.dates[story.identity] = date

    def lets_through(self, article: Article, story: Story) -> bool:
        """Return whether the edition may read an article, asked in the order of precedence."""
        is_once = _is_read_once(article, self.settings)
        if is_once:
            self.once.add(story.identity)
        if is_once and (original := self.past.match(story)):
            self._drop(article, story, original, self.dates[original.identity])
            return False
        if original := self.chosen.match(story, by_text=False):
            self._drop(article, story, original, "")
            return False
        if article.limit and self.of_feeds[article.feed] >= article.limit:
            self.over_limit.append(article)
            return False
        self.of_feeds[article.feed] += 1
        self.chosen.add(story)
        return True

    def _drop(self, article: Article, story: Story, original: Story, date: str) -> None:
        self.doubles.append(Double(article, original.title, date))
        self.doubled.add(story.identity)


def _is_read_once(article: Article, settings: Edition) -> bool:
    if settings.unread_only == "gathered":
        return bool(article.feed)
    return settings.unread_only == "true"


def _is_news(chosen: Sequence[Story], once: set[str], latest: Day) -> bool:
    """Return whether an edition of these stories has anything that the one before has not."""
    before = {story.digest for story in latest.stories}
    return any(story.identity in once or story.digest not in before for story in chosen)
