"""The briefings of a configuration and their articles, in the order of the next edition.

An article is named by its place in these lists, never by a path. The lists are read again when a
file of the configuration, the folder or the inbox changed.
"""

from __future__ import annotations

import datetime
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from briefing.clip_cache import key_of
from briefing.config import Config, load
from briefing.errors import BriefingError, SourceError
from briefing.production.rundown import spoken_paragraphs
from briefing.schedule.inputs import take_snapshot
from briefing.selection import choose
from briefing.shelf.edition_record import EditionRecord, read_record
from briefing.shelf.left_out import left_out_keys
from briefing.shelf.shelf import Shelf
from briefing.shelf.sidecar_reader import Edition, read_edition
from briefing.sources import Article, held_back

__all__ = ["Desk", "Library", "Row"]


@dataclass(frozen=True)
class Row:
    """An article, or a file that is skipped."""

    title: str
    file: str
    """Its name as shown."""
    state: str
    """"new", "changed", "in_edition" or "skipped"."""
    why: str | None = None
    """Why it is skipped."""
    article: Article | None = None
    """None for a file that is skipped."""
    left_out: bool = False

    @cached_property
    def digest(self) -> str:
        """What its text depends on, as a digest."""
        if self.article is None:
            return key_of("row", [self.file, self.title, self.why])[:16]
        article = self.article
        parts = [article.key, article.title, article.byline, *article.paragraphs, *article.kinds]
        return key_of("row", parts)[:16]


@dataclass(frozen=True)
class Desk:
    """A briefing on the desk."""

    config: Config
    rows: tuple[Row, ...]
    edition: Edition | None
    record: EditionRecord | None
    problem: str = ""
    """Why no article can be read, "" if they can."""
    dropped_articles: int = 0
    """How many articles of the edition the next one does not read."""

    @property
    def name(self) -> str:
        """The briefing's name."""
        return self.config.output.name

    @property
    def read(self) -> list[tuple[int, Article]]:
        """The articles of the next edition, each with its place in the rows."""
        return [
            (place, row.article)
            for place, row in enumerate(self.rows)
            if row.article is not None and not row.left_out and row.state != "skipped"
        ]

    def paragraphs(self, article: Article) -> list[str]:
        """Return the paragraphs of an article that are spoken."""
        return spoken_paragraphs(article, self.config)


@dataclass
class Library:
    """The desks of a configuration, as the files are now."""

    path: Path | None
    """Of the configuration; None for ./config.toml or the defaults."""
    _desks: tuple[Desk, ...] = ()
    _stamp: object = None
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def desks(self) -> tuple[Desk, ...]:
        """Return the desks. Raise BriefingError if the configuration cannot be read."""
        with self._guard:
            configs = load(self.path)
            stamp = (configs, tuple(map(_stamp_of, configs)))
            if stamp != self._stamp:
                self._desks = tuple(map(_desk_of, configs))
                self._stamp = stamp
            return self._desks


def _stamp_of(config: Config) -> object:
    """Return what changes when a desk must be read again."""
    current = Shelf(config.shelf_folder).current(config.output.name)
    return (
        dict(take_snapshot(config)),
        _inbox_stamp(config),
        left_out_keys(config.shelf_folder, config.output.name),
        current,
        datetime.date.today(),
    )


def _inbox_stamp(config: Config) -> list[tuple[str, int, int]]:
    if not config.gathers:
        return []
    rows = []
    try:
        for path in sorted(config.inbox_folder.rglob("*")):
            facts = path.stat()
            rows.append((path.name, facts.st_size, facts.st_mtime_ns))
    except OSError:
        return rows
    return rows


def _desk_of(config: Config) -> Desk:
    name, today = config.output.name, datetime.date.today().isoformat()
    folder = Shelf(config.shelf_folder).current(name)
    edition = read_edition(folder / f"{name}.json") if folder is not None else None
    record = read_record(folder, name) if folder is not None else None
    try:
        choice = choose(config, folder, today, with_left_out=True)
    except BriefingError as error:
        return Desk(config, tuple(_held(config)), edition, record, str(error))
    left_out = left_out_keys(config.shelf_folder, name)
    in_edition = {row["path"]: row["sha256"] for row in edition.head["sources"]} if edition else {}
    rows = [
        Row(
            article.heading,
            article.path,
            _state(article, in_edition),
            article=article,
            left_out=article.key in left_out,
        )
        for article in choice.selection.lineup.articles
    ]
    read = {row.file for row in rows if not row.left_out}
    rows += [
        Row(double.article.heading, double.article.path, "skipped", _double(double))
        for double in choice.selection.doubles
    ]
    rows += [
        Row(article.heading, article.path, "skipped", f"limit = {article.limit} of {article.feed}")
        for article in choice.selection.over_limit
    ]
    rows += [Row(file.path, file.path, "skipped", file.reason) for file in choice.skipped]
    dropped_articles = sum(1 for path in in_edition if path not in read)
    return Desk(config, (*rows, *_held(config)), edition, record, dropped_articles=dropped_articles)


def _state(article: Article, in_edition: dict[str, str]) -> str:
    digest = in_edition.get(article.path)
    if digest is None:
        return "new"
    return "in_edition" if digest == article.sha256 else "changed"


def _double(double: Any) -> str:
    where = f" in the edition of {double.date}" if double.date else ""
    return f"the same story as {double.original}{where}"


def _held(config: Config) -> Iterator[Row]:
    """Yield the articles of the folder that no edition reads yet."""
    try:
        held: Sequence[Any] = held_back(config)
    except (SourceError, OSError):
        return
    for article in held:
        why = f"not before {article.until}" if article.until else "draft"
        yield Row(article.title or article.path, article.path, "skipped", why)
