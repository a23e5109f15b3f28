"""SIGKILL before every file-system call of a change of the shelf, many a second.

    python -m tests.faults.step_kills CHANGE links|journal FOLDER [EVERY]

Each change is made in a child that Python's own audit events stop before its N-th call that
changes or opens a file; so the program has no test hook, and no tracer is needed. After each kill
readers must find every briefing whole, and the next command must finish the work.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from briefing.config import Config, Feed, Neighbour, Output
from briefing.publish import kept_editions, publication, views
from briefing.shelf.shelf import Shelf, building
from tests.publish.old_shelf import make_old_shelf
from tests.publish.shelf_maker import shelve
from tests.publish.shelves import litter, views_agree, whole

_EVENTS = frozenset(
    ["open", "os.rename", "os.symlink", "os.link", "os.remove", "os.rmdir", "os.mkdir", "os.utime",
     "os.truncate", "os.chmod", "os.scandir", "shutil.rmtree", "shutil.move"]
)  # fmt: skip
TABLES = ("news", "sport", "tech")


def table(folder: Path, name: str, keep: int = 3) -> Config:
    """The configuration of one of three briefings with feeds."""
    neighbours = tuple(Neighbour(one, folder, has_feed=True) for one in TABLES)
    config = Config(output=Output(name=name, keep=keep), feed=Feed("https://example.org/"))
    return replace(config, output=replace(config.output, folder=str(folder)), neighbours=neighbours)


def build(folder: Path, name: str, day: int, text: str, links: bool) -> None:
    """Publish an edition."""
    articles = [(f"خبر {text}", [f"نص {text}."], None)]
    shelve(folder, table(folder, name), links=links, date=f"2026-11-{day}", articles=articles)


def remove(folder: Path, name: str, day: int, links: bool) -> None:
    """Remove an edition, as the command does."""
    config = table(folder, name)
    with building(folder, name, 0):
        shelf = Shelf(folder, links=links)
        publication.recover(shelf, config)
        kept_editions.remove(shelf, name, f"2026-11-{day}")
        views.refresh(shelf, config)


@dataclass(frozen=True)
class Change:
    """A change of the shelf that is killed at every step."""

    start: Callable[[Path, bool], None]
    """Makes the shelf as it was."""
    make: Callable[[Path, bool], None]
    name: str = "sport"
    """Of the briefing that it changes; the others must stay as they are."""
    ends: bool = False
    """The briefing does not stand afterwards."""


def _nothing(_folder: Path, _links: bool) -> None:
    pass


def _three_days(folder: Path, links: bool) -> None:
    for name in TABLES:
        for day in (21, 22, 23):
            build(folder, name, day, f"{name} {day}", links)


def _one_day(folder: Path, links: bool) -> None:
    for name in TABLES:
        build(folder, name, 23, name, links)


def _old(folder: Path, links: bool) -> None:
    make_old_shelf(folder, TABLES, (22, 23), links=links)


CHANGES = {
    "first": Change(_nothing, lambda folder, links: build(folder, "sport", 24, "new", links)),
    "next day": Change(_three_days, lambda folder, links: build(folder, "sport", 24, "new", links)),
    "same day": Change(_three_days, lambda folder, links: build(folder, "sport", 23, "new", links)),
    "takeover": Change(_old, lambda folder, links: build(folder, "sport", 24, "new", links)),
    "remove kept": Change(_three_days, lambda folder, links: remove(folder, "sport", 22, links)),
    "remove current": Change(_three_days, lambda folder, links: remove(folder, "sport", 23, links)),
    "remove only": Change(
        _one_day, lambda folder, links: remove(folder, "sport", 23, links), ends=True
    ),
}


def kill_at_every_step(
    change: Change, folder: Path, *, links: bool, every: int = 1
) -> tuple[int, int]:
    """Kill a change before each of its calls; return how often the old and the new stood then.

    every: of so many calls it is killed before one. links: where there are none, the next command must have run before readers find it whole.
    """
    start, shelf = folder / "start", folder / "audio"
    start.mkdir(parents=True)
    change.start(shelf, links)
    if shelf.exists():
        shutil.copytree(shelf, start, symlinks=True, dirs_exist_ok=True)
    old = new = 0
    step = 1 - every
    before = {name: whole(start, name) for name in TABLES}
    while True:
        step += every
        shutil.rmtree(shelf, ignore_errors=True)
        shutil.copytree(start, shelf, symlinks=True)
        if not _killed(lambda: change.make(shelf, links), step):
            return old, new
        if not links:
            _recover(shelf, change.name, links)
        after = {name: whole(shelf, name) for name in TABLES}
        _recover(shelf, "news", links)
        standing = [name for name in TABLES if after[name]]
        if links and standing:
            views_agree(shelf, standing)
        for name in TABLES:
            assert after[name] == before[name] or name == change.name, f"step {step}: {name}"
        old, new = old + (after == before), new + (after != before)
        build(shelf, change.name, 25, "last", links)
        assert whole(shelf, change.name) not in (None, after[change.name]), f"step {step}"
        for name in TABLES:
            assert name == change.name or whole(shelf, name) == before[name], f"step {step}"
        assert litter(shelf) == [], f"step {step}: {litter(shelf)}"
        assert not (shelf / ".current").is_symlink(), f"step {step}"


def _recover(shelf: Path, name: str, links: bool) -> None:
    with building(shelf, name, 0):
        publication.recover(Shelf(shelf, links=links), table(shelf, name))


def _killed(change: Callable[[], None], step: int) -> bool:
    """Make a change in a child that is killed at its N-th step; return whether it came so far."""
    child = os.fork()
    if child == 0:
        count = 0

        def hook(event: str, _arguments: object) -> None:
            nonlocal count
            if event in _EVENTS:
                count += 1
                if count == step:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(hook)
        try:
            change()
        except BaseException as error:
            print(f"step {step}: {error!r}", file=sys.stderr, flush=True)
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert status in (0, signal.SIGKILL), status
    return status == signal.SIGKILL


if __name__ == "__main__":
    os.fsync = lambda _file: None  # a kill loses nothing that was written; many steps are quick
    ways = {"links": True, "journal": False}
    counts = kill_at_every_step(
        CHANGES[sys.argv[1]],
        Path(sys.argv[3]),
        links=ways[sys.argv[2]],
        every=int(sys.argv[4]) if len(sys.argv) > 4 else 1,
    )
    print(*counts)
