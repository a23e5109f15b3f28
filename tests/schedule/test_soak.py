"""A week of nights and hundreds of edits at simulated time, with faults at random.

The service is the real one, its clock the soak's; builds are real processes (soak_build.py). Every
edit is in some later edition, every night is built once, and nothing grows.
"""

from __future__ import annotations

import gc
import heapq
import itertools
import json
import os
import queue
import random
import re
import shutil
import sys
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from briefing.schedule.cron import Timetable, parse
from briefing.schedule.service import Clock, Service
from briefing.shelf.build_history import BuildRecord, read_builds
from tests.conftest import ROOT
from tests.faults.shelves import published

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="counts handles in /proc")

ZONE = ZoneInfo("Asia/Beirut")
CRON = "30 23 * * *"
START = datetime(2026, 10, 20, 9, 0, tzinfo=UTC)
"""Beirut's clocks go back in the night of the fourth day."""
BUILDER = [sys.executable, str(Path(__file__).with_name("soak_build.py"))]
LONGEST_JUMP_S = 90.0
BUILD_S = 20.0
LATEST = timedelta(hours=2)
"""After the hour of the night, or after waking: builds that were spoilt are tried again by then."""
ARTICLES = 6


class Crash(BaseException):
    """The service process dies."""


class Soak:
    """A folder, a clock that jumps from one event to the next, and an account of everything."""

    def __init__(self, folder: Path, seed: int, real_every: int) -> None:
        self.folder, self.chance, self.real_every = folder, random.Random(seed), real_every
        self.wall, self.at = START, 0.0
        self.events: list[tuple[float, int, Callable[[], None]]] = []
        self.order = itertools.count()
        self.tokens = itertools.count(1000)
        self.written: dict[str, set[str]] = {}
        self.seen: dict[str, float] = {}
        self.expected: dict[str, float] = {}
        """Each edit, and when it was published and made: seconds that the machine was awake."""
        self.done: list[BuildRecord] = []
        self.asleep: list[tuple[datetime, datetime]] = []
        self.counts: Counter[str] = Counter()
        self.faults_next: list[dict[str, object]] = []
        self.building = False
        self.service: Service | None = None
        (folder / "seeds").mkdir()
        self.config()
        for number in range(ARTICLES):
            self.write(f"{number}.txt", "")

    # -- what people do

    def config(self, title: str = "نشرة", broken: str = "") -> None:
        (self.folder / "config.toml").write_text(
            f'title = "{title}"\ncache.folder = "cache"\noutput.keep = 2\n'
            f'[schedule]\ncron = "{CRON}"\ntimezone = "{ZONE.key}"\n{broken}\n',
            "utf-8",
        )

    def write(self, name: str, text: str) -> None:
        self.written[name] = set(re.findall(r"\d{4,}", text))
        new = self.folder / "new"
        new.write_text(f"خبر {name[0]}\n\nهذا مقال.\n{text}", "utf-8")
        new.rename(self.folder / "seeds" / name)

    def edit(self) -> None:
        self.counts["edits"] += 1
        name = f"{self.chance.randrange(ARTICLES)}.txt"
        path = self.folder / "seeds" / name
        if not path.parent.is_dir():
            return
        old = path.read_text("utf-8").split("هذا مقال.\n", 1)[1]
        if self.written[name] <= self.seen.keys() and len(self.written[name]) > 4:
            old = ""
        token = str(next(self.tokens))
        self.expected[token] = self.at
        self.write(name, f"{old}الخبر رقم {token}.\n")

    def retitle(self) -> None:
        self.counts["titles"] += 1
        self.config(f"نشرة {next(self.tokens)}")

    def misconfigure(self) -> None:
        self.counts["broken configurations"] += 1
        self.config(broken="retries = -1")
        self.later(300, self.retitle)

    def move_folder(self) -> None:
        self.counts["folders away"] += 1
        if (self.folder / "seeds").is_dir():
            (self.folder / "seeds").rename(self.folder / "away")
            self.later(self.chance.choice([1, 400]), self.bring_folder)

    def bring_folder(self) -> None:
        shutil.copytree(self.folder / "away", self.folder / "seeds")
        shutil.rmtree(self.folder / "away")

    def sleep(self) -> None:
        self.counts["times asleep"] += 1
        hours = self.chance.choice([0.5, 3, 9])
        self.asleep.append((self.wall, self.wall + timedelta(hours=hours)))
        self.wall += timedelta(hours=hours)

    def set_clock(self) -> None:
        self.counts["clocks set"] += 1
        minutes = self.chance.choice([-40, -5, 5, 40])
        self.wall += timedelta(minutes=minutes)
        self.later(600, lambda: self.put_right(-minutes))

    def put_right(self, minutes: int) -> None:
        self.wall += timedelta(minutes=minutes)

    def crash(self) -> None:
        self.counts["crashes"] += 1
        raise Crash

    def damage_state(self) -> None:
        self.counts["states damaged"] += 1
        name = self.chance.choice(["briefing.json", "build.lock"])
        (self.folder / "audio" / ".state" / name).write_bytes(b"\xff{")

    def drop_cache(self) -> None:
        self.counts["caches dropped"] += 1
        shutil.rmtree(self.folder / "cache", ignore_errors=True)

    def spoil(self) -> None:
        what = self.chance.choice(
            [{"full": True}, {"die": "staged"}, {"die": "published"}, {"die": "recorded"}]
        )
        self.counts["builds spoilt"] += 1
        self.faults_next += [what] * self.chance.choice([1, 1, 3])

    # -- the clock

    def later(self, seconds: float, what: Callable[[], None]) -> None:
        heapq.heappush(self.events, (self.at + seconds, next(self.order), what))

    def pass_time(self, seconds: float) -> None:
        end = self.at + seconds
        while self.events and self.events[0][0] <= end:
            at, _, what = heapq.heappop(self.events)
            self.go_to(at)
            what()
        self.go_to(end)

    def go_to(self, at: float) -> None:
        self.wall += timedelta(seconds=max(0.0, at - self.at))
        self.at = max(self.at, at)

    def wait(self, inbox: queue.SimpleQueue[str], seconds: float) -> str:
        assert self.service
        if self.service.building:
            self.building = True
            self.pass_time(BUILD_S)
            return inbox.get(timeout=120)
        if self.building:
            self.building = False
            self.account()
        self.prepare()
        next_event = self.events[0][0] - self.at if self.events else LONGEST_JUMP_S
        # nobody can tell when a busy machine wakes a sleeper
        self.pass_time(max(min(seconds, next_event), min(next_event, LONGEST_JUMP_S)))
        self.prepare()
        if not self.events:
            self.service.stop()
        return inbox.get_nowait()

    def prepare(self) -> None:
        """Say to the next build what time it is and what will go wrong."""
        number = self.counts["builds"]
        order: dict[str, object] = {"now": self.wall.timestamp()}
        if self.faults_next:
            order |= self.faults_next[0]
        elif self.real_every and number % self.real_every == 0:
            order["real"] = True
        (self.folder / "soak.json").write_text(json.dumps(order))

    def account(self) -> None:
        """Note what came of the build that has ended."""
        self.counts["builds"] += 1
        if self.faults_next:
            self.faults_next.pop(0)
        shelf = self.folder / "audio"
        last = read_builds(shelf / ".state", "briefing").last
        if last and (not self.done or last != self.done[-1]):
            self.done.append(last)
        if published(shelf):
            for token in re.findall(r"\d{4,}", (shelf / "briefing.json").read_text("utf-8")):
                self.seen.setdefault(token, self.at)

    def run(self) -> None:
        """Let the service live and die until there is nothing left to happen."""
        while self.events:
            clock = Clock(lambda: self.wall, lambda: self.at, self.wait)
            self.service = Service(
                self.folder / "config.toml", quiet=True, command=BUILDER, clock=clock
            )
            with suppress(Crash):
                self.service.run()

    def sizes(self) -> dict[str, int]:
        gc.collect()
        resident = int(Path("/proc/self/statm").read_text().split()[1]) * 4096
        return {
            "handles": len(os.listdir("/proc/self/fd")),
            "threads": threading.active_count(),
            "files": sum(1 for one in self.folder.rglob("*") if "cache" not in one.parts),
            "bytes": resident,
        }


def soak(folder: Path, seed: int, days: int, edits: int, faults: int, real_every: int) -> Soak:
    one = Soak(folder, seed, real_every)
    length_s = days * 86400.0
    for _ in range(edits // 3):
        begin = one.chance.uniform(0, length_s)
        for _ in range(3):
            one.later(begin + one.chance.choice([0, 1, 10, 300, 3000]), one.edit)
    kinds = [one.spoil, one.spoil, one.crash, one.sleep, one.set_clock, one.retitle,
             one.misconfigure, one.move_folder, one.damage_state, one.drop_cache]  # fmt: skip
    for number in range(faults):
        one.later(one.chance.uniform(3600, length_s), kinds[number % len(kinds)])
    taken: list[dict[str, int]] = []
    one.later(length_s * 0.3, lambda: taken.append(one.sizes()))
    one.later(length_s + 4000, lambda: taken.append(one.sizes()))
    one.later(length_s + 9 * 3600, lambda: None)
    one.run()
    check(one, taken)
    return one


def check(one: Soak, taken: list[dict[str, int]]) -> None:
    assert one.expected.keys() - one.seen.keys() == set(), "edits that are in no edition"
    waits = [one.seen[token] - made for token, made in one.expected.items()]
    assert max(waits) < LATEST.total_seconds(), "edits that were published too late"
    # each night is followed by a build that was good, as soon as there was nobody asleep
    table = Timetable(parse(CRON), ZONE)
    due = table.after(START)
    good = [build for build in one.done if build.good]
    nights = 0
    while (following := table.after(due)) < one.wall - timedelta(hours=1):
        nights += 1
        limit = due + LATEST
        for begin, end in sorted(one.asleep):
            if begin < limit and end > due:
                limit = max(limit, end + LATEST)
        early = due - timedelta(minutes=41)  # by a clock that was set back
        found = [build for build in good if early <= build.started < following]
        assert found, f"nothing was built for the night of {due}"
        assert found[0].started < limit, f"the night of {due} was built at {found[0].started}"
        nightly = [b for b in found if b.trigger == "nightly"]
        assert len(nightly) <= 1, f"the night of {due} was built {len(nightly)} times"
        due = following
    reasons = sum(one.counts[what] for what in ("edits", "titles", "crashes", "states damaged"))
    reasons += 2 * one.counts["folders away"] + 4 * one.counts["builds spoilt"] + nights + 1
    assert one.counts["builds"] <= reasons, "builds without a reason"
    first, last = taken
    assert last["handles"] <= first["handles"] + 3, taken
    assert last["threads"] <= first["threads"] + 2, taken
    assert last["files"] <= first["files"] + 25, taken
    assert last["bytes"] <= first["bytes"] + 20_000_000, taken
    print(f"\n{nights} nights, {dict(one.counts)}: {len(one.seen.keys() & one.expected)} of"
          f" {len(one.expected)} edits published, sizes {first} -> {last}")  # fmt: skip


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.chdir(tmp_path)


@pytest.mark.slow
def test_two_days_of_edits_and_faults_lose_nothing(tmp_path: Path) -> None:
    soak(tmp_path, seed=1, days=2, edits=24, faults=10, real_every=0)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [2])
def test_a_week_of_nights_edits_and_faults_loses_nothing_and_grows_nothing(
    tmp_path: Path, seed: int
) -> None:
    one = soak(tmp_path, seed=seed, days=7, edits=360, faults=60, real_every=12)
    assert one.counts["edits"] >= 300
