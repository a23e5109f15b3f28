"""When a cron expression is due: weekdays, lists, and each change of daylight-saving time."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from apscheduler.triggers.cron import CronTrigger

from briefing.config import load
from briefing.errors import ConfigError
from briefing.schedule.cron import Timetable, is_missed, parse, timetable, zone

HERE = Path(__file__).parent
ZONES = ("Africa/Cairo", "Asia/Beirut", "Europe/Berlin")
NIGHTS = ("30 23 * * *", "30 0 * * *", "30 2 * * *", "0 3 * * *")


def rows(name: str) -> list[list[str]]:
    lines = (HERE / name).read_text("utf-8").splitlines()[1:]
    return [line.split("\t") for line in lines]


@pytest.mark.parametrize("row", rows("cron.tsv"), ids=lambda row: f"{row[0]} {row[1]} {row[2]}")
def test_an_expression_is_due_when_cron_users_expect(row: list[str]) -> None:
    expression, name, start, *expected = row
    table = Timetable(parse(expression), ZoneInfo(name))
    moment = datetime.fromisoformat(start).replace(tzinfo=ZoneInfo(name))
    for wanted in expected:
        moment = table.after(moment)
        assert f"{moment.astimezone(ZoneInfo(name)):%Y-%m-%d %H:%M}" == wanted
        assert table.latest(moment) == moment
        assert table.latest(moment - timedelta(seconds=1)) < moment


def test_a_day_field_that_begins_with_a_star_restricts_nothing_by_itself() -> None:
    """crontab(5): a day that matches either field is due only where both are restricted, that is,
    begin with no *; with */2 in one of them both must match."""
    days = [date(2027, 1, 1) + timedelta(number) for number in range(365)]
    fridays = {day for day in days if day.isoweekday() == 5}
    firsts = {day for day in days if day.day == 1}
    odd = {day for day in days if day.day % 2 == 1}
    sun_tue_thu_sat = {day for day in days if day.isoweekday() % 7 in (0, 2, 4, 6)}
    for expression, expected in {
        "0 3 1 * 5": firsts | fridays,
        "0 3 */2 * 5": odd & fridays,
        "0 3 1 * */2": firsts & sun_tue_thu_sat,
        "0 3 */2 * */2": odd & sun_tue_thu_sat,
        "0 3 * * 5": fridays,
        "0 3 1 * *": firsts,
    }.items():
        assert {day for day in days if parse(expression).on(day)} == expected, expression


@pytest.mark.parametrize(("expression", "message"), rows("wrong_cron.tsv"))
def test_a_wrong_expression_is_told_with_its_line(
    expression: str, message: str, tmp_path: Path
) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f'# a comment\n[schedule]\ncron = "{expression}"\n', "utf-8")
    with pytest.raises(ConfigError) as caught:
        timetable(load(path)[0])
    assert message in str(caught.value)
    assert f"{path}:3" in str(caught.value)


def test_an_unknown_time_zone_is_told_with_the_line_of_its_briefing(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[briefing.a]\n[briefing.b.schedule]\ntimezone = "Mars/Base"\n', "utf-8")
    with pytest.raises(ConfigError, match=r":3: schedule\.timezone = 'Mars/Base': no such"):
        timetable(load(path)[1])


@pytest.mark.parametrize("expression", NIGHTS)
@pytest.mark.parametrize("name", ZONES)
def test_a_night_job_is_due_once_on_every_day_of_twelve_years(name: str, expression: str) -> None:
    table = Timetable(parse(expression), ZoneInfo(name))
    first, last = date(2018, 1, 1), date(2030, 1, 1)
    moment = datetime(2018, 1, 1, tzinfo=ZoneInfo(name)) - timedelta(seconds=1)
    days: Counter[date] = Counter()
    late = []
    hour, minute = int(expression.split()[1]), int(expression.split()[0])
    while (moment := table.after(moment)).astimezone(ZoneInfo(name)).date() < last:
        wall = moment.astimezone(ZoneInfo(name))
        days[wall.date()] += 1
        if (wall.hour, wall.minute) != (hour, minute):
            late.append(wall)
    assert set(days.values()) == {1}
    assert len(days) == (last - first).days
    for wall in late:  # a skipped time: due at the very change, an offset of an hour before it
        assert (
            wall.utcoffset()
            != (wall - timedelta(hours=2)).astimezone(UTC).astimezone(ZoneInfo(name)).utcoffset()
        )
        assert (
            wall.replace(hour=hour, minute=minute) < wall <= wall.replace(hour=hour + 1, minute=0)
        )


def test_the_zones_do_change_their_clocks_in_the_years_tested() -> None:
    for name in ZONES:
        start = datetime(2024, 1, 1, tzinfo=UTC)
        offsets = {
            (start + timedelta(days=day)).astimezone(ZoneInfo(name)).utcoffset()
            for day in range(366)
        }
        assert len(offsets) == 2


@pytest.mark.parametrize("expression", ["*/7 * * * *", "3 4-9/2 * * *", "0 3 13 */3 *"])
def test_it_agrees_with_apscheduler_where_no_clock_changes(expression: str) -> None:
    table, other = Timetable(parse(expression), UTC), CronTrigger.from_crontab(expression, UTC)
    moment = datetime(2026, 1, 31, 23, 59, 30, tzinfo=UTC)
    for _ in range(200):
        expected = other.get_next_fire_time(None, moment + timedelta(microseconds=1))
        moment = table.after(moment)
        assert moment == expected


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        (None, True),
        ("2026-11-23T02:00:00", True),
        ("2026-11-24T03:00:00", False),
        ("2026-11-24T04:00:00", False),
        ("2026-11-24T12:30:00", False),  # the clock was put right by half an hour
        ("2036-01-01T00:00:00", True),  # the clock was wrong by years
    ],
)
def test_a_night_is_missed_when_no_build_came_after_it(last: str | None, expected: bool) -> None:
    now = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
    stamp = datetime.fromisoformat(last).replace(tzinfo=UTC) if last else None
    assert is_missed(Timetable(parse("0 3 * * *"), UTC), stamp, now) is expected


def test_local_is_the_time_zone_of_the_machine() -> None:
    assert datetime(2026, 7, 1, tzinfo=zone("local")).utcoffset() is not None
