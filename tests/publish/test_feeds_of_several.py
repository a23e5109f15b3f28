"""Several briefings of one configuration on one shelf, each with a feed of its own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

import feedparser
import pytest

from briefing.clip_cache import MemoryStore
from briefing.config import load
from briefing.publish.cover import cover_of
from tests.conftest import Project
from tests.publish.serving import ask, served
from tests.publish.shelf_maker import shelve
from tests.publish.subscribers import Gpodder, Newsboat

NAMES = ("news", "sport", "tech")
DAYS = ("2026-11-22", "2026-11-23", "2026-11-24")
SECOND = 1_795_977_536
CONFIG = """workers = 1
[feed]
base_url = "{base}"
[opening]
line = ""
[sound]
opening = ""
closing = ""
"""


def configure(
    project: Project,
    names: Sequence[str] = NAMES,
    base: str = "https://example.org/",
    more: str = "",
) -> None:
    tables = [
        f'[briefing.{name}]\ntitle = "عرض {name}"\nsources.folder = "{name}"\n' for name in names
    ]
    project.configure(CONFIG.format(base=base) + "\n".join([*tables, more]))
    for name in names:
        (project.folder / name).mkdir(exist_ok=True)
        article = project.folder / name / "a.txt"
        if not article.exists():
            article.write_text(f"خبر {name}\n\nنص قصير.\n", "utf-8")


def build(project: Project, *arguments: str) -> str:
    done = project.run("build", "--force", *arguments)
    assert done.returncode == 0, done.stderr
    return done.stderr


def publish(project: Project, *names: str, days: Sequence[str] = DAYS[:1]) -> None:
    """Publish editions as the build does, but without speaking. names: of all tables if none."""
    for day in days:
        for config in load(project.folder / "config.toml"):
            if not names or config.output.name in names:
                articles = [(f"خبر {config.output.name}", [f"نص {day}."], None)]
                title = config.title
                shelve(project.audio, config, date=day, articles=articles, title=title)


def guids(project: Project, file: str) -> list[str]:
    read = feedparser.parse((project.audio / file).read_bytes())
    assert not read.bozo, read.get("bozo_exception")
    return [entry.id for entry in read.entries]


def episodes(name: str, days: Sequence[str]) -> list[str]:
    return [f"{name}-{day}" for day in sorted(days, reverse=True)]


def test_each_briefing_has_a_feed_and_no_feed_has_anothers_episodes(project: Project) -> None:
    configure(project)
    build(project, "--date", DAYS[0])
    build(project, "--date", DAYS[1])
    before = {name: guids(project, file) for name, file in FILES.items()}
    assert before == {name: episodes(name, DAYS[:2]) for name in NAMES}
    build(project, "--date", DAYS[2], "--name", "sport")
    assert guids(project, "sport.xml") == episodes("sport", DAYS)
    assert guids(project, "feed.xml") == before["news"]
    titles = {
        feedparser.parse((project.audio / file).read_bytes()).feed.title for file in FILES.values()
    }
    assert titles == {f"عرض {name}" for name in NAMES}


FILES = {"news": "feed.xml", "sport": "sport.xml", "tech": "tech.xml"}


def test_the_order_of_building_gives_no_briefing_anothers_address(project: Project) -> None:
    configure(project)
    publish(project, "tech")
    publish(project, "sport")
    publish(project, "news")
    for name, file in FILES.items():
        assert guids(project, file)[0].startswith(f"{name}-")


def test_an_address_stays_when_tables_are_added_moved_and_removed(project: Project) -> None:
    configure(project, ["news", "sport"])
    publish(project)
    configure(project, ["world", "sport", "news"])
    publish(project)
    assert guids(project, "feed.xml")[0].startswith("news-")
    assert guids(project, "world.xml")[0].startswith("world-")
    configure(project, ["world", "sport"])
    before = (project.audio / "feed.xml").read_bytes()
    publish(project)
    assert (project.audio / "feed.xml").read_bytes() == before, "the editions of news still stand"
    listed = project.run("editions").stdout
    assert [line.split()[0] for line in listed.splitlines()] == ["world", "sport", "news"]
    configure(project, ["news", "world", "sport"])
    publish(project)
    assert guids(project, "feed.xml")[0].startswith("news-")
    assert guids(project, "sport.xml")[0].startswith("sport-")


def test_a_name_may_be_set_and_no_two_briefings_may_have_it(project: Project) -> None:
    configure(project, more='feed.file = "technique.xml"\n')
    publish(project)
    assert guids(project, "technique.xml")[0].startswith("tech-")
    assert not (project.audio / "tech.xml").is_symlink()
    text = (project.folder / "config.toml").read_text("utf-8")
    both = text.replace("[feed]\n", '[feed]\nfile = "all.xml"\n').replace(
        "technique.xml", "all.xml"
    )
    project.configure(both)
    done = project.run("build")
    assert done.returncode == 2
    assert re.search(r"config\.toml:\d+: feed\.file = 'all\.xml' is the feed of two", done.stderr)
    configure(project, more='feed.file = "feed.xml"\n')
    done = project.run("build", "--name", "tech")
    assert done.returncode == 2
    assert re.search(r"config\.toml:\d+: feed\.file = 'feed\.xml' .*'news'", done.stderr)
    assert guids(project, "feed.xml")[0].startswith("news-")


def test_covers_belong_to_their_briefings_too(project: Project) -> None:
    from tests.publish.cover_drawing import cover_png

    (project.folder / "mine.png").write_bytes(cover_png(1500))
    configure(project, more='feed.cover = "mine.png"\n')
    publish(project)
    covers = {
        name: feedparser.parse((project.audio / file).read_bytes()).feed.image.href
        for name, file in FILES.items()
    }
    assert covers == {
        "news": "https://example.org/cover.png",
        "sport": "https://example.org/sport.png",
        "tech": "https://example.org/tech.png",
    }
    assert (project.audio / "tech.png").read_bytes() == cover_png(1500)
    assert (project.audio / "cover.png").read_bytes() == cover_of(
        "عرض news", 0, 1400, MemoryStore()
    )


@pytest.mark.slow
@pytest.mark.parametrize("client", [Gpodder, Newsboat])
def test_a_subscriber_gets_each_show_its_own_episodes_before_and_after_a_rebuild(
    project: Project, client: type[Gpodder] | type[Newsboat], tmp_path: Path
) -> None:
    if shutil.which(client.program) is None:
        pytest.skip(f"{client.program} is not installed")
    project.audio.mkdir()
    with served(project.audio) as base:
        configure(project, base=base)
        subscriber = client(tmp_path / "home")
        for count, day in enumerate(DAYS, 1):
            build(project, "--date", day)
            if count == 1:
                subscriber.subscribe([f"{base}{file}" for file in FILES.values()])
            due = {name: {f"{name}-{day}" for day in DAYS[:count]} for name in NAMES}
            for name, file in FILES.items():
                assert {
                    entry.id for entry in feedparser.parse(ask(base, f"/{file}").body).entries
                } == due[name]
                # as if all had been published in one second
                os.utime(project.audio / file, (SECOND, SECOND))
            update(subscriber, {f"{base}{file}": due[name] for name, file in FILES.items()})
        (project.folder / "sport" / "a.txt").write_text("خبر آخر\n\nنص آخر.\n", "utf-8")
        build(project, "--date", DAYS[2], "--name", "sport")
        update(
            subscriber,
            {f"{base}{file}": {f"{name}-{day}" for day in DAYS} for name, file in FILES.items()},
        )
        assert subscriber.downloads(f"{base}sport.xml") == len(DAYS)


@pytest.mark.slow
@pytest.mark.parametrize("client", [Gpodder, Newsboat])
def test_a_listener_hears_a_private_show_until_its_key_is_replaced(
    project: Project, client: type[Gpodder] | type[Newsboat], tmp_path: Path
) -> None:
    if shutil.which(client.program) is None:
        pytest.skip(f"{client.program} is not installed")
    project.audio.mkdir()
    with served(project.audio) as base:
        configure(project, ["news", "sport"], base=base, more="feed.private = true\n")
        for day in DAYS[:2]:
            build(project, "--date", day)
        old = private_address(project)
        subscriber = client(tmp_path / "home")
        subscriber.subscribe([f"{base}feed.xml", old])
        update(
            subscriber,
            {
                f"{base}feed.xml": {f"news-{day}" for day in DAYS[:2]},
                old: {f"sport-{day}" for day in DAYS[:2]},
            },
        )
        assert subscriber.downloads(old) == 2
        assert project.run("feed", "--new-key").returncode == 0
        assert ask(base, urlsplit(old).path).status == 404
        listener = client(tmp_path / "other")
        listener.subscribe([private_address(project)])
        update(listener, {private_address(project): {f"sport-{day}" for day in DAYS[:2]}})


def update(subscriber: Gpodder | Newsboat, due: dict[str, set[str]]) -> None:
    """Update until the subscriber has the episodes that are due.

    A program that cannot fetch a feed says nothing and asks for it at its next update, so it is given
    three; a feed that is not the right one stays wrong.
    """
    for _ in range(3):
        subscriber.update()
        if subscriber.episodes() == due:
            return
    assert subscriber.episodes() == due


def private_address(project: Project) -> str:
    return project.run("feed", "--name", "sport").stdout.split()[1]


def test_a_shared_feed_of_an_earlier_version_goes_to_the_first_table(project: Project) -> None:
    from tests.publish.old_shelf import make_old_shelf

    make_old_shelf(project.audio, NAMES, (22, 23))
    assert guids(project, "feed.xml") == ["tech-2026-11-23"]
    configure(project)
    publish(project, "sport", days=DAYS[2:])
    assert guids(project, "sport.xml") == episodes("sport", DAYS)
    publish(project, days=DAYS[2:])
    assert {name: guids(project, file) for name, file in FILES.items()} == {
        name: episodes(name, DAYS) for name in NAMES
    }
    done = subprocess.run(["find", project.audio, "-xtype", "l"], capture_output=True, text=True)
    assert done.stdout == "", "a link leads nowhere"
