"""What an edition may read: nothing twice, nothing too old, no more of a feed than its limit."""

from __future__ import annotations

import datetime
import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from briefing.config import Edition
from briefing.selection import Selection, select
from briefing.shelf.read_record import (
    NOTHING_READ,
    ReadRecord,
    load_record,
    record_file,
    save_record,
)
from briefing.sources import Article
from tests.selection.articles import article, entry, story


def chosen(
    articles: Sequence[Article],
    record: ReadRecord = NOTHING_READ,
    date: str = "2026-11-28",
    **settings: Any,
) -> Selection:
    return select(articles, Edition(**settings), record, date)


def titles(selection: Selection) -> list[str]:
    return [one.title for one in selection.lineup.articles]


def after(record: ReadRecord, selection: Selection, date: str, count: int = 99) -> ReadRecord:
    """Return the record after an edition that had time for so many articles."""
    lineup = selection.lineup.only(
        range(len(selection.lineup.articles))[:count], selection.lineup.articles[count:]
    )
    return record.with_day(date, selection.day(lineup))


def test_an_entry_of_a_feed_is_read_in_one_edition_and_a_file_in_each() -> None:
    articles = [article("ملف", story(1)), entry("أ", "1", story(2)), entry("أ", "2", story(3))]
    first = chosen(articles)
    record = after(NOTHING_READ, first, "2026-11-28")
    second = chosen([*articles, entry("أ", "3", story(4))], record, "2026-11-29")
    assert titles(second) == ["ملف", "3"]
    assert [(one.article.title, one.date) for one in second.doubles] == [
        ("1", "2026-11-28"),
        ("2", "2026-11-28"),
    ]


@pytest.mark.parametrize(
    ("unread_only", "expected"), [("gathered", ["ملف"]), ("true", []), ("false", ["ملف", "1"])]
)
def test_what_is_read_once_is_a_setting(unread_only: str, expected: list[str]) -> None:
    articles = [article("ملف", story(1)), entry("أ", "1", story(2))]
    record = after(NOTHING_READ, chosen(articles, unread_only=unread_only), "2026-11-28")
    again = chosen(articles, record, "2026-11-29", unread_only=unread_only)
    assert titles(again) == expected


def test_a_day_that_is_built_again_reads_the_same() -> None:
    articles = [entry("أ", str(number), story(number)) for number in range(5)]
    first = chosen(articles)
    record = after(NOTHING_READ, first, "2026-11-28", 3)
    assert chosen(articles, record).lineup == first.lineup
    later = after(record, chosen(articles, record, "2026-11-29"), "2026-11-29")
    assert chosen(articles, later).lineup == first.lineup


def test_there_is_no_news_where_the_edition_before_has_it_all() -> None:
    files = [article("ملف", story(1))]
    feed = [entry("أ", "1", story(2))]
    first = chosen([*files, *feed])
    assert first.is_news
    record = after(NOTHING_READ, first, "2026-11-28")
    assert not chosen([*files, *feed], record, "2026-11-29").is_news
    assert not chosen([], record, "2026-11-29").is_news
    changed = [article("ملف", story(3))]
    assert chosen([*changed, *feed], record, "2026-11-29").is_news


def test_the_limit_of_a_feed_leaves_out_its_oldest() -> None:
    feed = [entry("أ", f"{day}", story(day), f"2026-11-{day}", limit=2) for day in (21, 25, 23)]
    other = entry("ب", "ب", story(4), "2026-11-20", limit=2)
    selection = chosen([*feed, other])
    assert titles(selection) == ["25", "23", "ب"]
    assert [one.title for one in selection.over_limit] == ["21"]


def test_a_story_that_another_feed_has_takes_no_place_in_the_limit() -> None:
    first = entry("أ", "1", story(1))
    feed = [entry("ب", "1", story(1), "2026-11-27", limit=1), entry("ب", "2", story(2), limit=1)]
    selection = chosen([first, *feed])
    assert titles(selection) == ["1", "2"]
    (double,) = selection.doubles
    assert (double.article, double.original, double.date) == (feed[0], "1", "")


def test_what_there_was_no_time_for_comes_first_then_is_missed() -> None:
    monday = [entry("أ", str(number), story(number), limit=3) for number in (1, 2, 3)]
    record = after(NOTHING_READ, chosen(monday), "2026-11-28", 1)
    newer = [entry("أ", str(n), story(n), "2026-11-29T01:00:00Z", limit=3) for n in (7, 8, 9)]
    tuesday = chosen([*newer, *monday], record, "2026-11-29", order="newest")
    assert titles(tuesday) == ["2", "3", "7"]
    assert tuesday.missed == ()
    record = after(record, tuesday, "2026-11-29", 1)
    wednesday = chosen([newer[2]], record, "2026-11-30")
    assert [one.title for one in wednesday.missed] == ["3", "7"]
    record = after(record, wednesday, "2026-11-30")
    assert chosen(newer, record, "2026-12-01").missed == ()


def test_what_waits_and_is_read_under_another_name_is_not_missed() -> None:
    pair = [entry("أ", "1", story(1)), entry("أ", "2", story(2))]
    record = after(NOTHING_READ, chosen(pair), "2026-11-28", 1)
    copy = entry("ب", "x", story(2))
    next_day = chosen([copy, pair[1]], record, "2026-11-29")
    assert (titles(next_day), next_day.missed) == (["2"], ())


def test_no_story_is_lost_or_read_twice_whatever_three_feeds_do_in_a_month() -> None:
    """Additions, edits, copies, feeds that are down, and a time limit that cuts."""
    chance = random.Random(14)
    record, read, missed = NOTHING_READ, Counter[str](), Counter[str]()
    feeds: dict[str, list[Article]] = {"أ": [], "ب": [], "ج": []}
    number = 0
    for day in range(1, 31):
        morning = datetime.datetime(2026, 11, day, 3, tzinfo=datetime.UTC)
        for feed, entries in feeds.items():
            for _ in range(chance.randrange(4)):
                number += 1
                moment = (morning - datetime.timedelta(hours=chance.randrange(24))).isoformat()
                entries.append(entry(feed, f"{number}", story(number), moment, title=f"{number}"))
                if chance.random() < 0.3:
                    other = chance.choice([name for name in feeds if name != feed])
                    copy = f"{story(number)} {story(-number, 20)}"
                    feeds[other].append(entry(other, f"c{number}", copy, moment, title=f"{number}"))
        down = "ب" if day in (9, 10) else ""
        oldest = (morning - datetime.timedelta(hours=72)).isoformat()
        articles = [
            one for name in feeds if name != down for one in feeds[name] if one.date >= oldest
        ]
        date = f"2026-11-{day:02}"
        selection = chosen(articles, record, date)
        record = after(record, selection, date, 3)
        read.update(one.title for one in selection.lineup.articles[:3])
        missed.update(one.title for one in selection.missed)
    waiting = Counter(one.title for one in record.days["2026-11-30"].waiting)
    every = {one.title for entries in feeds.values() for one in entries}
    assert max(read.values()) == max(missed.values()) == 1
    assert not read.keys() & missed.keys()
    assert read.keys() | missed.keys() | waiting.keys() == every
    assert missed.total() > 5
    assert read.total() > 60


def test_the_record_comes_back_as_it_was_written(tmp_path: Path) -> None:
    selection = chosen([article("ملف", story(1)), entry("أ", "1", story(2), url="https://a.org/b")])
    record = after(NOTHING_READ, selection, "2026-11-28", 1)
    save_record(tmp_path, "briefing", record)
    assert load_record(tmp_path, "briefing") == record
    assert load_record(tmp_path, "other") == load_record(None, "briefing") == NOTHING_READ


def test_the_record_keeps_sixty_days_and_ten_of_the_texts() -> None:
    record = NOTHING_READ
    first = datetime.date(2026, 1, 1)
    selection = chosen([entry("أ", "1", story(1))])
    day = selection.day(selection.lineup)
    for number in range(80):
        record = record.with_day((first + datetime.timedelta(days=number)).isoformat(), day)
    assert (len(record.days), min(record.days)) == (60, "2026-01-21")
    assert sum(bool(one.stories[0].marks) for one in record.days.values()) == 10


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        b"[]",
        b'{"version": 2, "days": {}}',
        b'{"version": 1, "days": {"yesterday": {"stories": [], "waiting": []}}}',
        b'{"version": 1, "days": {"2026-11-28": {"stories": [{"identity": 7}], "waiting": []}}}',
        b'{"version": 1, "days": {"2026-11-28": {"stories": [{"extra": "x"}], "waiting": []}}}',
        b'{"version": 1, "days": {"2026-11-28": {"stories": [{"marks": "="}], "waiting": []}}}',
        b"[" * 100_000,
    ],
)
def test_a_damaged_record_is_told_from_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / record_file("briefing")).write_bytes(content)
    assert load_record(tmp_path, "briefing") is None
