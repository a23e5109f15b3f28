"""Fourteen mornings of three feeds: no story is lost, none is read twice."""

from __future__ import annotations

import datetime
import json
import random
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Project, make_project
from tests.selection.articles import story
from tests.sources.gathering.servers import Reply, Server, rss, serving

pytestmark = pytest.mark.slow

FEEDS = {"سياسة": 4, "اقتصاد": 3, "رياضة": 3}
"""Each with how many articles it has on most days."""
FIRST_MORNING = datetime.datetime(2026, 11, 2, 3, tzinfo=datetime.UTC)
DAYS = 14
DOWN = ("اقتصاد", (5, 6))
QUIET_DAY = 9
"""No feed has anything new that morning."""
WORDS = 110
NUMBER = re.compile(r"\d+")


@dataclass
class Newsroom:
    """Three feeds that write, edit, copy from each other, and are down for two days."""

    chance: random.Random
    items: dict[str, list[tuple[str, str, str, str]]] = field(
        default_factory=lambda: {name: [] for name in FEEDS}
    )
    published: dict[int, int] = field(default_factory=dict)
    """The day of each story, by its number."""

    def morning(self, day: int) -> None:
        """Write what is new on a day; the first items of a feed are its newest."""
        if day == QUIET_DAY:
            return
        for feed, count in FEEDS.items():
            for _ in range(self.chance.randint(count - 1, count + 1)):
                self._write(feed, day)
        for items in self.items.values():
            if day and self.chance.random() < 0.7:
                place = self.chance.randrange(len(items))
                guid, title, date, text = items[place]
                items[place] = (guid, title, date, f"{text} وأضيف إليه سطر جديد بعد النشر.")
            del items[40:]

    def _write(self, feed: str, day: int) -> None:
        number = len(self.published) + 1
        self.published[number] = day
        hours = self.chance.randint(1, 23)
        moment = FIRST_MORNING + datetime.timedelta(days=day, hours=-hours)
        date = format_datetime(moment)
        text = story(number, WORDS)
        self.items[feed].insert(0, (f"{feed}-{number}", f"الخبر {number}", date, text))
        if self.chance.random() < 0.25:
            other = self.chance.choice([name for name in FEEDS if name != feed])
            copy = f"{text} {story(-number, 15)}"
            row = (f"{other}-copy-{number}", f"عن الوكالة: الخبر {number}", date, copy)
            self.items[other].insert(0, row)


@pytest.fixture
def servers() -> Iterator[Mapping[str, Server]]:
    with ExitStack() as stack:
        yield {name: stack.enter_context(serving()) for name in FEEDS}


def subscribe(project: Project, servers: Mapping[str, Server], max_minutes: float) -> None:
    tables = "".join(
        f'[[sources.feeds]]\nurl = "{server.url("/rss")}"\nname = "{name}"\nsection = "{name}"\n'
        'limit = 0\nmax_age_h = 72\nfull_text = "never"\n'
        for name, server in servers.items()
    )
    project.configure(
        "sources.private_addresses = true\nvoices.espeak.speed_wpm = 80\n"
        f'edition.order = "newest"\nedition.max_minutes = {max_minutes}\n{tables}'
    )


@dataclass
class Fortnight:
    """What fourteen mornings brought."""

    read: Counter[int] = field(default_factory=Counter)
    missed: Counter[int] = field(default_factory=Counter)
    waiting: set[int] = field(default_factory=set)
    """After the last edition."""
    was_cut: set[int] = field(default_factory=set)
    lengths_s: list[float] = field(default_factory=list)
    days: list[int] = field(default_factory=list)
    """On which there was an edition."""

    def add(self, day: int, head: dict[str, Any]) -> None:
        left = head.get("left_out", [])
        self.days.append(day)
        self.read.update(map(number_of, head["sources"]))
        self.missed.update(number_of(row) for row in left if row["reason"] == "missed")
        self.waiting = {number_of(row) for row in left if row["reason"] == "time"}
        self.was_cut |= self.waiting
        self.lengths_s.append(head["duration_s"])


def number_of(row: Mapping[str, Any]) -> int:
    found = NUMBER.search(row["title"])
    assert found
    return int(found[0])


def live_through(project: Project, servers: Mapping[str, Server], newsroom: Newsroom) -> Fortnight:
    """Build every morning, at that morning's time; a day's second build changes nothing."""
    fortnight = Fortnight()
    sidecar = project.audio / "briefing.json"
    for day in range(DAYS):
        newsroom.morning(day)
        for name, server in servers.items():
            is_down = name == DOWN[0] and day in DOWN[1]
            body = rss(*newsroom.items[name])
            server.routes["/rss"] = Reply(status=503) if is_down else Reply(body)
        morning = FIRST_MORNING + datetime.timedelta(days=day)
        clock = {"SOURCE_DATE_EPOCH": str(int(morning.timestamp())), "TZ": "UTC"}
        date = morning.date().isoformat()
        done = project.run("build", "--date", date, environment=clock, timeout_s=1800)
        assert done.returncode == (3 if day in DOWN[1] else 0), done.stderr
        head = json.loads(sidecar.read_text("utf-8"))
        if head["edition_date"] == date:
            fortnight.add(day, head)
        else:
            assert "no news since" in done.stderr
        before = (project.audio / "briefing.mp3").read_bytes()
        again = project.run("build", "--date", date, environment=clock, timeout_s=1800)
        assert again.returncode in (0, 3), again.stderr
        assert (project.audio / "briefing.mp3").read_bytes() == before
    return fortnight


def test_every_article_of_a_fortnight_is_read_exactly_once(
    tmp_path: Path, servers: Mapping[str, Server]
) -> None:
    project = make_project(tmp_path / "project", {})
    subscribe(project, servers, 0)
    newsroom = Newsroom(random.Random(3))
    fortnight = live_through(project, servers, newsroom)
    print(f"\n{len(newsroom.published)} stories, {fortnight.read.total()} read, 0 lost, 0 doubled")
    assert fortnight.read == Counter(dict.fromkeys(newsroom.published, 1))
    assert not fortnight.missed
    assert fortnight.days == [day for day in range(DAYS) if day != QUIET_DAY]


def test_what_twelve_minutes_leave_out_is_read_later_or_told_as_missed(
    tmp_path: Path, servers: Mapping[str, Server]
) -> None:
    project = make_project(tmp_path / "project", {})
    subscribe(project, servers, 12)
    newsroom = Newsroom(random.Random(3))
    fortnight = live_through(project, servers, newsroom)
    read_later = fortnight.was_cut & fortnight.read.keys()
    print(
        f"\n{len(newsroom.published)} stories: {fortnight.read.total()} read, {len(read_later)} of"
        f" them on a later day, {fortnight.missed.total()} missed, {len(fortnight.waiting)} wait;"
        f" editions of {min(fortnight.lengths_s):.0f} to {max(fortnight.lengths_s):.0f} s"
    )
    assert max(fortnight.lengths_s) <= 12 * 60
    assert set(fortnight.read.values()) == set(fortnight.missed.values()) == {1}
    told = [fortnight.read.keys(), fortnight.missed.keys(), fortnight.waiting]
    assert sum(map(len, told)) == len(newsroom.published)
    assert set().union(*told) == newsroom.published.keys()
    assert read_later
    assert min(fortnight.lengths_s) > 9 * 60
