"""Chosen articles -> their order, and the sections that they stand under.

Sections are grouped, and spoken as headings, where `edition.order` is "section" or
`edition.sections` names any; an article that waited for its turn comes first in its section.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from briefing.selection.moments import newness
from briefing.sources import Article

if TYPE_CHECKING:
    from briefing.config import Edition

__all__ = ["OTHER_NEWS", "Group", "Lineup", "arrange"]

OTHER_NEWS = "أخبار أخرى"
"""The heading of articles without a section, among others that have one."""
_LAST = 1 << 31


@dataclass(frozen=True, slots=True)
class Group:
    """A section: its heading, "" for none, and its articles by their places in the lineup."""

    title: str
    first: int
    count: int

    @property
    def places(self) -> range:
        """The places of its articles."""
        return range(self.first, self.first + self.count)


@dataclass(frozen=True, slots=True)
class Lineup:
    """The articles of an edition, in the order in which they are read."""

    articles: tuple[Article, ...]
    sections: tuple[str, ...] = ()
    """The heading that each article stands under; empty where there are no headings."""
    left: tuple[Article, ...] = ()
    """Articles that there was no time for, in the order in which they would have been read."""
    overflow: tuple[str, ...] = ()
    """Headlines of those, which close the edition."""

    @property
    def groups(self) -> tuple[Group, ...]:
        """The sections in their order; none where there are no headings."""
        return tuple(self._groups())

    def heading_before(self, place: int) -> str:
        """Return the heading that is spoken before an article, "" for none."""
        if not self.sections:
            return ""
        begins = place == 0 or self.sections[place] != self.sections[place - 1]
        return self.sections[place] if begins else ""

    def only(
        self, places: Sequence[int], left: Sequence[Article] = (), overflow: Sequence[str] = ()
    ) -> Lineup:
        """Return a lineup of some of the articles, by their places."""
        return replace(
            self,
            articles=tuple(self.articles[at] for at in places),
            sections=tuple(self.sections[at] for at in places) if self.sections else (),
            left=tuple(left),
            overflow=tuple(overflow),
        )

    def _groups(self) -> Iterator[Group]:
        first = 0
        for at in range(1, len(self.sections) + 1):
            if at == len(self.sections) or self.sections[at] != self.sections[first]:
                yield Group(self.sections[first], first, at - first)
                first = at


def arrange(
    articles: Sequence[Article], settings: Edition, waiting: Collection[int] = ()
) -> Lineup:
    """Return the articles in the order that the settings ask for.

    waiting: the places of those that an earlier edition had no time for.
    """
    names = [_name(article.section) for article in articles]
    is_grouped = any(names) and (settings.order == "section" or bool(settings.sections))
    ranks = _section_ranks(names, settings.sections) if is_grouped else {}

    def rank(at: int) -> tuple[float, ...]:
        article = articles[at]
        order = _LAST if article.order is None else article.order
        within: tuple[float, ...] = ()
        if settings.order == "newest":
            within = (newness(article),)
        elif settings.order == "section":
            within = (order, newness(article))
        return (ranks.get(_fold(names[at]), _LAST), at not in waiting, *within, at)

    places = sorted(range(len(articles)), key=rank)
    sections: tuple[str, ...] = ()
    if is_grouped:
        spellings = _spellings(names, settings.sections)
        sections = tuple(spellings.get(_fold(names[at]), OTHER_NEWS) for at in places)
    return Lineup(tuple(articles[at] for at in places), sections)


def _section_ranks(names: Sequence[str], first: Sequence[str]) -> dict[str, int]:
    """Return the place of each section, by its folded name: `first`, then as they appear."""
    folded = [_fold(name) for name in (*first, *names) if name]
    return {name: rank for rank, name in enumerate(dict.fromkeys(folded))}


def _spellings(names: Sequence[str], first: Sequence[str]) -> dict[str, str]:
    """Return for each folded name how it is written: as the settings do, else as it came first."""
    spellings: dict[str, str] = {}
    for name in (*map(_name, first), *names):
        if name:
            spellings.setdefault(_fold(name), name)
    return spellings


def _name(section: str) -> str:
    return " ".join(section.split())


def _fold(name: str) -> str:
    """Return a section's name less the marks that some write and others do not."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).strip()
