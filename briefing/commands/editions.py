"""`briefing editions`: shows or removes the editions on the shelves of a configuration."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence

from briefing.config import Config
from briefing.errors import UsageError
from briefing.publish import kept_editions, private_feed, publication, views
from briefing.publish.kept_editions import PublishedEdition
from briefing.publish.strings import clock
from briefing.shelf.shelf import Shelf, building

__all__ = ["remove", "table"]


def table(configs: Sequence[Config], today: datetime.date | None = None) -> Iterator[str]:
    """Yield a line for each edition: name, date, length, bytes, and whether it is the current one.

    today: later editions are marked; by default the clock's date.
    """
    day = (today or datetime.date.today()).isoformat()
    rows = [
        (edition, mark)
        for shelves, mark in (
            (_shelves(configs), ""),
            (private_feed.without_table(configs), "private, in no table of the configuration"),
        )
        for config in shelves
        for edition in _editions_of(config)
    ]
    if not rows:
        yield "no edition is published; run `briefing build`"
    width = max((len(row.name) for row, _ in rows), default=0)
    for row, mark in rows:
        marks = [*(["current"] if row.is_current else []), *_later(row, day), *filter(None, [mark])]
        line = (
            f"{row.name:{width}}  {row.date}  {clock(row.duration_s):>8}  {row.bytes:>12,} bytes"
            f"  {', '.join(marks)}"
        )
        yield line.rstrip()


def remove(configs: Sequence[Config], name: str, date: str, *, warn: Callable[[str], None]) -> str:
    """Remove an edition from the shelf, the feed and the page; return a message on the result.

    warn: called with each repair that was made on the way. Raises BriefingError.
    """
    config = _config_of(configs, name)
    shelf = Shelf(config.shelf_folder)
    with building(shelf.folder, name, config.schedule.wait_s):
        publication.recover(shelf, config, name)
        outcome = kept_editions.remove(shelf, name, date)
        with shelf.refusals(name):
            views.refresh(shelf, config)
    for notice in shelf.notices:
        warn(notice)
    still = (
        "; `briefing publish` removes it at publish.target, too" if config.publish.target else ""
    )
    return f"{name}: the edition of {date} was removed; {outcome}{still}"


def _editions_of(config: Config) -> list[PublishedEdition]:
    return kept_editions.published_editions(Shelf(config.shelf_folder))


def _shelves(configs: Sequence[Config]) -> list[Config]:
    """Return a configuration for each shelf."""
    return list({config.shelf_folder.resolve(): config for config in reversed(configs)}.values())[
        ::-1
    ]


def _config_of(configs: Sequence[Config], name: str) -> Config:
    """Return the configuration of a briefing's shelf, even if it has no table any more."""
    for config in configs:
        if config.output.name == name:
            return config
    shelves = [*_shelves(configs), *private_feed.without_table(configs)]
    for config in shelves:
        if name in Shelf(config.shelf_folder).names():
            return config
    names = sorted({row.name for config in shelves for row in _editions_of(config)})
    raise UsageError(
        f"no briefing {name!r} is on the shelf; there are: {', '.join(names) or 'none'}"
    )


def _later(row: PublishedEdition, day: str) -> list[str]:
    return [f"later than today, {day}"] if row.date > day else []
