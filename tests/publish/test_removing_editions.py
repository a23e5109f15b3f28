"""`briefing editions`: what stands on the shelf, and how one is taken off it."""

from __future__ import annotations

import datetime
import json
import re

import feedparser
import pytest

from briefing.commands import editions
from briefing.config import load
from tests.conftest import Project
from tests.publish.shelf_maker import shelve
from tests.publish.shelves import litter

FUTURE = "2099-01-01"


@pytest.fixture
def project(project: Project) -> Project:
    """One short article, with a feed."""
    (project.folder / "seeds" / "b.txt").unlink()
    project.write("a.txt", "خبر\n\nنص قصير.\n")
    project.configure('workers = 1\n[feed]\nbase_url = "https://example.org/"\n')
    return project


def publish(project: Project, *dates: str, text: str = "نص قصير.") -> None:
    """Publish editions of all tables, as the build does, but without speaking."""
    for date in dates:
        for config in load(project.folder / "config.toml"):
            shelve(project.audio, config, date=date, articles=[("خبر", [text], None)])


def remove(project: Project, date: str, name: str = "briefing") -> str:
    done = project.run("editions", "--remove", name, date)
    assert done.returncode == 0, done.stderr
    assert litter(project.audio) == []
    return done.stdout


def episodes(project: Project) -> list[str]:
    read = feedparser.parse((project.audio / "feed.xml").read_bytes())
    assert not read.bozo
    return [entry.id.removeprefix("briefing-") for entry in read.entries]


def shown(project: Project) -> list[str]:
    """The dates that the page lists."""
    page = (project.audio / "index.html").read_text("utf-8")
    listed = page.split("<!--shelf-->")[1].split("<!--/shelf-->")[0]
    return re.findall(r'datetime="([\d-]+)"', listed)


def current(project: Project) -> str:
    return str(json.loads((project.audio / "briefing.json").read_text("utf-8"))["edition_date"])


def test_the_shelf_is_listed_with_dates_lengths_bytes_and_what_is_current(
    project: Project,
) -> None:
    assert "no edition is published" in project.run("editions").stdout
    publish(project, "2026-11-23", "2026-11-24")
    lines = project.run("editions").stdout.splitlines()
    size = (project.audio / "briefing.mp3").stat().st_size
    assert re.fullmatch(
        rf"briefing  2026-11-24 +\d:\d\d +{size:,} bytes  current(, later than .*)?", lines[0]
    )
    assert lines[1].startswith("briefing  2026-11-23 ")
    assert "current" not in lines[1]


def test_an_edition_of_a_day_to_come_is_warned_of_until_it_is_removed(project: Project) -> None:
    publish(project, "2020-01-01", FUTURE)
    for _ in ("published", "up to date"):
        done = project.run("build", "--date", "2020-01-02")
        assert done.returncode == 0
        assert f"later than today, {datetime.date.today()}: {FUTURE}" in done.stderr
        assert f"briefing editions --remove briefing {FUTURE}" in done.stderr
    assert "nothing to do" in done.stderr
    assert "later than today" in project.run("editions").stdout.splitlines()[0]
    assert "the edition of 2020-01-02 is still the current one" in remove(project, FUTURE)
    assert "later than" not in project.run("build").stderr
    assert episodes(project) == ["2020-01-02", "2020-01-01"]
    assert shown(project) == ["2020-01-02", "2020-01-01"]
    assert current(project) == "2020-01-02"


def test_an_older_edition_is_gone_with_its_files_its_episode_and_its_page(
    project: Project,
) -> None:
    publish(project, "2020-01-01", "2020-01-02", "2020-01-03")
    said = remove(project, "2020-01-02")
    assert said == (
        "briefing: the edition of 2020-01-02 was removed; the edition of 2020-01-03 is still the"
        " current one\n"
    )
    assert episodes(project) == shown(project) == ["2020-01-03", "2020-01-01"]
    assert list((project.audio / "editions").glob("*2020-01-02*")) == []
    rows = json.loads((project.audio / "shelf.json").read_text("utf-8"))["editions"]
    assert [row["date"] for row in rows if row["kept"]] == ["2020-01-03", "2020-01-01"]
    held = [path for path in project.audio.rglob("*.json") if path.name == "briefing.json"]
    dates = {json.loads(path.read_text("utf-8"))["edition_date"] for path in held}
    assert "2020-01-02" not in dates, "not even hidden"


def test_after_the_current_edition_the_newest_kept_one_is_current(project: Project) -> None:
    publish(project, "2020-01-01")
    before = (project.audio / "briefing.mp3").read_bytes()
    publish(project, "2020-01-02", text="نص آخر أطول قليلا.")
    said = remove(project, "2020-01-02")
    assert "it was the current one; now the edition of 2020-01-01 is" in said
    assert (project.audio / "briefing.mp3").read_bytes() == before
    assert episodes(project) == shown(project) == ["2020-01-01"]
    feed = feedparser.parse((project.audio / "feed.xml").read_bytes()).feed
    assert "01 Jan 2020" in feed.updated
    held = list(project.audio.rglob("briefing.json"))
    assert {json.loads(p.read_text("utf-8"))["edition_date"] for p in held} == {"2020-01-01"}
    publish(project, "2020-01-02")
    assert episodes(project) == ["2020-01-02", "2020-01-01"]


def test_after_the_only_edition_nothing_stands_and_the_next_build_brings_all_back(
    project: Project,
) -> None:
    publish(project, "2020-01-01")
    assert "it was the only one" in remove(project, "2020-01-01")
    assert [path.name for path in project.audio.iterdir() if path.name[0] != "."] in (
        [],
        ["editions"],
    )
    assert "no edition is published" in project.run("editions").stdout
    publish(project, "2020-01-02")
    assert episodes(project) == ["2020-01-02"]


def test_what_is_not_there_cannot_be_removed(project: Project) -> None:
    publish(project, "2020-01-01")
    for arguments, said in (
        (
            ("briefing", "2020-01-05"),
            "briefing has no edition of 2020-01-05; there are: 2020-01-01",
        ),
        (
            ("evening", "2020-01-01"),
            "no briefing 'evening' is on the shelf; there are: briefing",
        ),
    ):
        done = project.run("editions", "--remove", *arguments)
        assert done.returncode == 2
        assert said in done.stderr
    assert episodes(project) == ["2020-01-01"]


def test_the_editions_of_a_table_that_is_gone_stay_listed_and_can_be_removed(
    project: Project,
) -> None:
    tables = '[feed]\nbase_url = "https://example.org/"\n[briefing.one]\n'
    project.configure(f"{tables}[briefing.two]\n")
    publish(project, "2020-01-01", "2020-01-02")
    project.configure(tables)
    publish(project, "2020-01-03")
    assert shown(project) == ["2020-01-03", "2020-01-02", "2020-01-01", "2020-01-02", "2020-01-01"]
    assert [line.split()[:2] for line in project.run("editions").stdout.splitlines()] == [
        ["one", "2020-01-03"],
        ["one", "2020-01-02"],
        ["one", "2020-01-01"],
        ["two", "2020-01-02"],
        ["two", "2020-01-01"],
    ]
    assert "now the edition of 2020-01-01 is" in remove(project, "2020-01-02", "two")
    read = feedparser.parse((project.audio / "two.xml").read_bytes())
    assert [entry.id for entry in read.entries] == ["two-2020-01-01"]
    remove(project, "2020-01-01", "two")
    assert not (project.audio / "two.xml").is_symlink()
    assert shown(project) == ["2020-01-03", "2020-01-02", "2020-01-01"]


@pytest.mark.parametrize(
    "damage",
    [
        b"<rss><channel>",
        b"\xff\xfe",
        b'<!DOCTYPE r [<!ENTITY a "&b;&b;"><!ENTITY b "&a;">]><rss><channel>&a;</channel></rss>',
    ],
    ids=["cut off", "not UTF-8", "entities"],
)
def test_a_damaged_feed_is_named_and_nothing_is_removed(project: Project, damage: bytes) -> None:
    project.configure('[feed]\nbase_url = "https://example.org/"\n')
    publish(project, "2020-01-01", "2020-01-02")
    before = shown(project)
    (project.audio / "feed.xml").resolve().write_bytes(damage)
    done = project.run("editions", "--remove", "briefing", "2020-01-02")
    assert done.returncode == 1
    assert "feed.xml: is damaged; run `briefing build`" in done.stderr
    assert shown(project) == before
    assert current(project) == "2020-01-02"


def test_what_is_still_at_a_target_is_told(project: Project) -> None:
    publish(project, "2026-11-23", "2026-11-24")
    path = project.folder / "config.toml"
    path.write_text(f'publish.target = "web"\n{path.read_text("utf-8")}', "utf-8")
    outcome = editions.remove(load(path), "briefing", "2026-11-23", warn=pytest.fail)
    assert "`briefing publish` removes it at publish.target" in outcome
