"""Months of nights, edits, failures, suspended machines and moved clocks, at simulated time."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from briefing.config import Schedule
from briefing.schedule.cron import Timetable, parse
from briefing.schedule.memory import Memory
from briefing.schedule.plan import Plan
from briefing.shelf.build_history import BuildRecord

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
STEP_S = 30.0


class World:
    """A clock, files whose contents are numbered, and a build that takes half a minute."""

    def __init__(self, expression: str = "30 0 * * *", zone: str = "Africa/Cairo") -> None:
        self.table = Timetable(parse(expression), ZoneInfo(zone))
        self.now, self.at, self.version = START, 0.0, 0
        self.builds: list[tuple[str, datetime, int, int]] = []
        self.exit_code = 0
        self.memory: Memory | None = None
        self.last_good: datetime | None = None
        self.ends: float | None = None
        self.start()

    def start(self) -> None:
        """Start the service, as after a crash: what is known is what was written."""
        self.plan = Plan(Schedule(), self.table, self.memory, self.last_good)
        self.ends = None

    def step(self) -> None:
        self.plan.notice({Path("a"): (self.version,)}, str(self.version), self.at)
        if self.ends is not None and self.at >= self.ends:
            reason, started, version, _ = self.builds[-1]
            self.builds[-1] = (reason, started, version, self.exit_code)
            self.memory = self.plan.end(BuildRecord(started, self.now, self.exit_code), self.now)
            if self.exit_code == 0:
                self.last_good = started
            self.ends = None
        if self.ends is None and (reason := self.plan.reason(self.now, self.at)):
            self.plan.begin(reason)
            self.builds.append((reason, self.now, self.version, -1))
            self.ends = self.at + 30

    def run(self, hours: float, step_s: float = STEP_S) -> None:
        for _ in range(max(1, int(hours * 3600 / step_s))):
            self.now += timedelta(seconds=step_s)
            self.at += step_s
            self.step()

    def edit(self) -> None:
        self.version += 1

    def nights(self) -> list[str]:
        zone = self.table.zone
        return [f"{at.astimezone(zone):%m-%d}" for why, at, _, _ in self.builds if why == "nightly"]


@pytest.mark.slow
def test_every_night_is_built_once_through_the_change_of_clocks() -> None:
    world = World()
    world.run(24 * 75)  # 1 March to 15 May: Cairo's clocks go forward on 24 April at midnight
    expected = [f"{START + timedelta(days=day):%m-%d}" for day in range(1, 76)]
    assert world.nights() == expected


TABLE = Path(__file__).with_name("clock_changes.tsv").read_text("utf-8")
CHANGES = [line.split("\t")[:4] for line in TABLE.splitlines()[1:]]


@pytest.mark.parametrize("row", CHANGES, ids=" ".join)
def test_a_night_on_which_the_clocks_change_is_built_once_and_when_it_is_due(
    row: list[str],
) -> None:
    zone, day, time, expected = row
    hour, minute = time.split(":")
    due = datetime.fromisoformat(expected)
    world = World(f"{int(minute)} {int(hour)} * * *", zone)
    world.now = datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=ZoneInfo(zone)) - timedelta(
        days=2
    )
    world.now = world.now.astimezone(UTC)
    world.run(1)
    world.run(24 * 4, step_s=300)
    nights = [at for why, at, _, _ in world.builds if why == "nightly"]
    assert len(nights) == 4, nights
    assert [at for at in nights if timedelta(0) <= at - due < timedelta(seconds=300)], nights
    first = datetime.fromisoformat(day).date() - timedelta(days=1)
    days = [at.astimezone(ZoneInfo(zone)).date() for at in nights]
    assert len(set(days)) == 4, days
    assert datetime.fromisoformat(day).date() in days
    assert days[0] in (first, first - timedelta(days=1))


def test_a_machine_that_slept_through_the_night_builds_once_on_waking() -> None:
    world = World()
    world.run(1)
    world.now += timedelta(days=3, hours=2)  # suspended: the monotonic clock stood still
    world.run(5)
    assert len(world.nights()) == 1


def test_a_build_killed_with_the_service_is_made_up_and_one_that_ended_is_not_doubled() -> None:
    world = World("0 3 * * *", "UTC")
    while "nightly" not in [build[0] for build in world.builds]:
        world.run(0.005)
    world.start()
    world.run(1)
    assert world.nights() == ["03-02", "03-02"]
    world.start()
    world.run(1)
    assert world.nights() == ["03-02", "03-02"]


@pytest.mark.parametrize("years", [-10, 10])
def test_a_clock_that_was_wrong_by_years_does_not_stop_the_nights(years: int) -> None:
    world = World()
    world.run(24)
    world.now += timedelta(days=365 * years)
    world.run(49)
    assert 3 <= len(world.nights()) <= 4
    world.now -= timedelta(days=365 * years)
    world.run(24 * 3)
    assert 6 <= len(world.nights()) <= 8


def test_a_failed_build_waits_longer_each_time_and_gives_up() -> None:
    world = World("0 3 * * *", "UTC")
    world.exit_code = 1
    world.run(8)
    at = [build[1] for build in world.builds]
    waits = [(after - before).total_seconds() for before, after in pairwise(at)]
    assert [round((wait - 30) / 60) for wait in waits] == [1, 2, 4, 8, 16, 32, 64, 128]
    world.run(13)  # the next night is tried with its own retries
    assert [build[0] for build in world.builds[9:]] == ["nightly", *["retry"] * 8]


def test_a_wrong_configuration_is_not_tried_again_until_something_changes() -> None:
    world = World()
    world.exit_code = 2
    world.run(5)
    assert len(world.builds) == 1
    world.edit()
    world.run(1)
    assert [build[0] for build in world.builds] == ["start", "change"]


def test_a_file_that_never_stops_changing_holds_up_a_build_for_two_minutes_at_most() -> None:
    plan = Plan(Schedule(), Timetable(parse("0 3 * * *"), UTC), Memory(START, "0"), START)
    plan.notice({}, "0", 0.0)
    at, now = 0.0, START
    while plan.reason(now, at) is None:
        at += 0.5
        plan.notice({Path("a"): (int(at * 2),)}, str(at), at)
        assert at < 200
    assert 119 < at < 122


@pytest.mark.parametrize("seed", range(4))
def test_soak_no_edit_is_lost_and_no_night_missed_or_doubled(seed: int) -> None:
    world, chance = World("30 23 * * *", "Asia/Beirut"), random.Random(seed)
    world.now = datetime(2026, 10, 20, 12, 0, tzinfo=UTC)  # over the autumn change of clocks
    begin = world.now
    for _ in range(400):
        what = chance.choice(["edit", "edit", "crash", "sleep", "fail", "idle"])
        if what == "edit":
            for _ in range(chance.randint(1, 5)):
                world.edit()
                world.run(chance.choice([0.005, 0.01, 0.1]))
        elif what == "crash":
            world.start()
        elif what == "sleep":
            world.now += timedelta(hours=chance.choice([1, 9]))
        elif what == "fail":
            world.exit_code = 1
            world.run(chance.choice([0.05, 1]))
            world.exit_code = 0
        world.run(chance.choice([0.1, 1, 2]))
    world.run(2)
    good = [build for build in world.builds if build[3] == 0]
    assert good[-1][2] == world.version
    # each due instant is followed by a build, and by a good one, before the next is due
    due = world.table.after(begin)
    while (following := world.table.after(due)) < world.now - timedelta(hours=2):
        assert any(due <= at < following for _, at, _, code in good), due
        due = following
    # a second build of the same contents needs a reason: another night, a failure, a crash
    assert (
        len(world.nights())
        <= (world.now - begin).days + sum(1 for build in world.builds if build[3] == -1) + 1
    )
