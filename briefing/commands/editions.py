"""The editions on the shelves of a configuration, as `briefing editions` shows or removes them."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence

from briefing.config import Config
from briefing.errors import UsageError
from briefing.publish import kept_editions, publication, views
from briefing.publish.kept_editions import Standing
from briefing.publish.strings import clock
from briefing.shelf.shelf import Shelf, building

__all__ = ["remove", "table"]


def table(configs: Sequence[Config], today: datetime.date | None = None) -> Iterator[str]:
    """Return a line an edition: name, date, length, bytes, and whether it is the current one.

    today: what is dated later is marked; by default the clock's day.
    """
    day = (today or datetime.date.today()).isoformat()
    rows = [edition for config in _shelves(configs) for edition in _standing(config)]
    if not rows:
        yield "no edition is published; run `briefing build`"
    width = max((len(row.name) for row in rows), default=0)
    for row in rows:
        marks = [*(["current"] if row.is_current else []), *_later(row, day)]
        line = (
            f"{row.name:{width}}  {row.date}  {clock(row.duration_s):>8}  {row.bytes:>12,} bytes"
            f"  {', '.join(marks)}"
        )
        yield line.rstrip()


def remove(configs: Sequence[Config], name: str, date: str, *, warn: Callable[[str], None]) -> str:
    """Remove an edition from the shelf, the feed and the page; return what then stands, in words.

    warn: is told what was found and put right on the way. Raises BriefingError.
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
    return f"{name}: the edition of {date} is removed; {outcome}"


def _standing(config: Config) -> list[Standing]:
    return kept_editions.standing(Shelf(config.shelf_folder))


def _shelves(configs: Sequence[Config]) -> list[Config]:
    """Return a configuration for each shelf."""
    return list({config.shelf_folder.resolve(): config for config in reversed(configs)}.values())[
        ::-1
    ]


def _config_of(configs: Sequence[Config], name: str) -> Config:
    """Return the configuration of the shelf on which a briefing stands, with or without a table."""
    for config in configs:
        if config.output.name == name:
            return config
    for config in _shelves(configs):
        if name in Shelf(config.shelf_folder).names():
            return config
    known = sorted({row.name for config in _shelves(configs) for row in _standing(config)})
    raise UsageError(
        f"no briefing {name!r} stands on the shelf; there are: {', '.join(known) or 'none'}"
    )


def _later(row: Standing, day: str) -> list[str]:
    return [f"later than today, {day}"] if row.date > day else []
