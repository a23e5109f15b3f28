"""A private briefing: everything of it is at an address that only `briefing feed` shows."""

from __future__ import annotations

import os
import re
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit

import feedparser
import pytest

from briefing.commands import editions, feeds
from briefing.config import Config, load
from briefing.shelf.private_shelves import replace_key
from briefing.shelf.shelf import Shelf, building
from tests.conftest import Project
from tests.publish.serving import ask, served
from tests.publish.shelf_maker import record_last_build, shelve

BASE = "https://example.org/audio/"
CONFIG = """feed.base_url = "https://example.org/audio/"
[briefing.news]
title = "الأخبار"
[briefing.sport]
title = "رياضة سرية"
"""
PRIVATE = f"{CONFIG}feed.private = true\n"
DAYS = ("2026-11-23", "2026-11-24")


def publish(project: Project, text: str, days: tuple[str, ...] = DAYS) -> list[Config]:
    """Publish both briefings as the build does, without speaking; return their configurations."""
    project.configure(text)
    for day in days:
        for config in load(project.folder / "config.toml"):
            name = config.output.name
            articles = [(f"خبر {name}", [f"نص {name} {day}."], None)]
            shelve(config.shelf_folder, config, date=day, articles=articles, title=config.title)
    return list(load(project.folder / "config.toml"))


@pytest.fixture
def shelf(project: Project) -> Project:
    publish(project, PRIVATE)
    return project


def address_of(project: Project, *, new: bool = False) -> str:
    """Return the address of the private feed, as `briefing feed` shows it to a user."""
    configs = load(project.folder / "config.toml")
    lines = list(feeds.renew(configs) if new else feeds.addresses(configs))
    address = re.fullmatch(r"sport  (https://\S+)  \(private\)", lines[-1])
    assert address, lines
    return address[1]


def key_in(address: str) -> str:
    key = urlsplit(address).path.split("/")[-2]
    assert re.fullmatch("[0-9a-f]{32}", key)  # 128 bits
    return key


def addresses_in(feed: bytes) -> set[str]:
    found = re.findall(rf'(?:url|href)="({re.escape(BASE)}[^"]*)"', feed.decode())
    links = re.findall(rf">({re.escape(BASE)}[^<]*)</", feed.decode())
    return {address.removeprefix(BASE) for address in (*found, *links)}


def everything(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield str(path.relative_to(folder)), path.read_bytes()


def test_the_private_feed_and_all_that_it_names_answer_under_its_key(shelf: Project) -> None:
    address = address_of(shelf)
    key = key_in(address)
    with served(shelf.audio) as server:
        feed = ask(server, f"/{key}/feed.xml")
        assert feed.status == 200
        assert feed.headers["x-robots-tag"] == "noindex, nofollow"
        named = addresses_in(feed.body)
        assert len(named) > 8
        assert {name.split("/")[0] for name in named} == {key}
        for name in named:
            answer = ask(server, f"/{name}")
            assert answer.status == 200, name
            assert "public" not in answer.headers["cache-control"]
        assert ask(server, f"/{key}").status == 307
        page = ask(server, f"/{key}/").body.decode()
        assert "رياضة سرية" in page
        assert key not in page
        assert ask(server, f"/{key}/shelf.json").body.decode().count("رياضة سرية") == 3
    read = feedparser.parse(feed.body)
    assert [entry.id for entry in read.entries] == ["sport-2026-11-24", "sport-2026-11-23"]
    assert "<itunes:block>Yes</itunes:block>" in feed.body.decode()
    public = (shelf.audio / "feed.xml").read_text("utf-8")
    assert "itunes:block" not in public
    # a web server that sends the folder itself finds it, too
    assert (shelf.audio / key / "feed.xml").read_bytes() == feed.body


def test_nothing_of_it_is_served_elsewhere_or_printed(shelf: Project) -> None:
    key = key_in(address_of(shelf))
    config = load(shelf.folder / "config.toml")[1]
    record_last_build(config.shelf_folder, "a failure of sport", name="sport")
    files = [path.name for path in (shelf.audio / key).iterdir()]
    files += [f"editions/{path.name}" for path in (shelf.audio / key / "editions").iterdir()]
    with served(shelf.audio) as server:
        for file in files:
            body = ask(server, f"/{file}").body.decode("utf-8", "replace")
            assert "رياضة سرية" not in body
            assert key not in body
        hidden = config.shelf_folder.relative_to(shelf.audio)
        for guess in (hidden, ".private", f"{hidden}/feed.xml", f"{hidden}/.key", f"{key}/.key"):
            assert ask(server, f"/{guess}").status == 404
        assert ask(server, f"/{'0' * 32}/feed.xml").status == 404
        assert ask(server, f"/{key.upper()}/feed.xml").status == 404
        assert ask(server, f"/{key}/../news.mp3").status == 404
        assert ask(server, "/shelf.json").headers["briefing-trouble"] is None
        assert ask(server, f"/{key}/shelf.json").headers["briefing-trouble"]
    for command in ("status --json", "publish web --dry-run"):
        done = shelf.run(*command.split())
        assert key not in done.stdout + done.stderr, command
    # in the shelf's files only the feed itself and the key have it
    holders = {name for name, content in everything(shelf.audio) if key.encode() in content}
    assert {Path(name).name for name in holders} == {"feed.xml", ".key"}
    assert stat.S_IMODE((config.shelf_folder / ".key").stat().st_mode) == 0o600
    assert not stat.S_IMODE((shelf.audio / ".private").stat().st_mode) & 0o066


def test_a_new_key_ends_the_old_address_and_episodes_stay_the_same(shelf: Project) -> None:
    old = key_in(address_of(shelf))
    before = (shelf.audio / old / "feed.xml").read_text("utf-8")
    new = key_in(address_of(shelf, new=True))
    assert new != old
    assert not (shelf.audio / old).exists()
    with served(shelf.audio) as server:
        assert ask(server, f"/{old}/feed.xml").status == 404
        assert ask(server, f"/{old}/").status == 404
        after = ask(server, f"/{new}/feed.xml").body.decode()
        for name in addresses_in(after.encode()):
            assert ask(server, f"/{name}").status == 200, name
    # the same podcast: only the key differs
    assert after == before.replace(old, new)
    assert "podcast:guid" in after
    assert key_in(address_of(shelf)) == new


def test_the_next_build_completes_a_new_key_that_was_interrupted(shelf: Project) -> None:
    old = key_in(address_of(shelf))
    config = load(shelf.folder / "config.toml")[1]
    new = replace_key(config.shelf_folder)  # and then the process is killed
    with served(shelf.audio) as server:
        assert ask(server, f"/{old}/feed.xml").status == 404
    publish(shelf, PRIVATE, days=("2026-11-25",))
    assert not (shelf.audio / old).exists()
    feed = (shelf.audio / new / "feed.xml").read_bytes()
    assert old.encode() not in feed
    assert len(feedparser.parse(feed).entries) == 3


def test_a_public_briefing_that_becomes_private_is_nowhere_else_any_more(
    project: Project,
) -> None:
    publish(project, CONFIG)
    assert (project.audio / "sport.mp3").exists()
    publish(project, PRIVATE, days=("2026-11-25",))
    assert not [path for path in project.audio.iterdir() if path.name.startswith("sport")]
    assert not [path for path in (project.audio / "editions").iterdir() if "sport" in path.name]
    assert "رياضة سرية" not in (project.audio / "index.html").read_text("utf-8")
    assert "رياضة سرية" not in (project.audio / "shelf.json").read_text("utf-8")
    key = key_in(address_of(project))
    read = feedparser.parse((project.audio / key / "feed.xml").read_bytes())
    # with the editions that were there before
    assert [entry.id for entry in read.entries] == [f"sport-2026-11-{day}" for day in (25, 24, 23)]
    assert (project.audio / "cover.png").exists()
    # and back
    publish(project, CONFIG, days=("2026-11-26",))
    assert not (project.audio / key).exists()
    assert len(feedparser.parse((project.audio / "sport.xml").read_bytes()).entries) == 4
    assert {
        entry.id for entry in feedparser.parse((project.audio / "feed.xml").read_bytes()).entries
    } == {f"news-2026-11-{day}" for day in (23, 24, 25, 26)}
    assert (project.audio / "cover.png").exists()


def test_private_feeds_are_published_under_their_key_and_an_old_key_goes_at_once(
    shelf: Project,
) -> None:
    old = key_in(address_of(shelf))
    web = shelf.folder / "web"
    done = shelf.run("publish", "web")
    assert done.returncode == 0, done.stderr
    assert old not in done.stdout + done.stderr
    for name in addresses_in((web / old / "feed.xml").read_bytes()):
        assert (web / (f"{name}index.html" if name.endswith("/") else name)).is_file(), name
    assert not [path for path in web.iterdir() if path.name.startswith("sport")]
    ledgers = list((shelf.audio / ".state" / "delivery").glob("target-*.json"))
    assert [stat.S_IMODE(path.stat().st_mode) for path in ledgers] == [0o600]
    new = key_in(address_of(shelf, new=True))
    done = shelf.run("publish", "web")
    assert done.returncode == 0, done.stderr
    assert not (web / old).exists()
    assert (web / new / "feed.xml").is_file()
    done = shelf.run("publish", "web")
    assert " 0 files sent" in done.stdout


@pytest.mark.slow
def test_a_target_loses_what_has_become_private_at_once(project: Project) -> None:
    publish(project, CONFIG)
    assert project.run("publish", "web").returncode == 0
    web = project.folder / "web"
    assert (web / "sport.mp3").is_file()
    publish(project, PRIVATE, days=("2026-11-25",))
    assert project.run("publish", "web").returncode == 0
    assert not [
        path
        for path in web.rglob("sport*")
        if "editions" in str(path.parent) and len(path.relative_to(web).parts) == 2
    ]
    assert not list(web.glob("sport*"))
    assert (web / "news.mp3").is_file()
    assert list(web.glob("editions/news-*"))


@pytest.mark.slow
def test_a_shelf_of_private_briefings_alone_is_served_and_published(project: Project) -> None:
    publish(project, PRIVATE.replace("[briefing.news]", "[briefing.news]\nfeed.private = true"))
    keys = [path.name for path in project.audio.iterdir() if len(path.name) == 32]
    assert len(keys) == 2
    with served(project.audio) as server:
        assert ask(server, "/feed.xml").status == 404
        assert {ask(server, f"/{key}/feed.xml").status for key in keys} == {200}
    done = project.run("publish", "web")
    assert done.returncode == 0, done.stderr
    assert {path.name for path in (project.folder / "web").iterdir() if path.is_dir()} == {*keys}
    guids = {
        feedparser.parse((project.audio / key / "feed.xml").read_bytes()).feed.podcast_guid
        for key in keys
    }
    assert len(guids) == 2


@pytest.mark.slow
def test_messages_of_a_refusal_have_no_key(shelf: Project) -> None:
    key = key_in(address_of(shelf))
    web = shelf.folder / "web"
    (web / key).mkdir(parents=True)
    (web / key / "feed.xml").write_text("another's", "utf-8")
    done = shelf.run("publish", "web")
    assert done.returncode == 1
    assert "(private)/feed.xml" in done.stderr
    assert key not in done.stderr
    assert (web / key / "feed.xml").read_text("utf-8") == "another's"
    assert key not in shelf.run("status").stdout


def test_new_key_names_what_is_missing(project: Project) -> None:
    publish(project, CONFIG, days=DAYS[:1])
    done = project.run("feed", "--new-key")
    assert done.returncode == 2
    assert "feed.private" in done.stderr
    done = project.run("feed")
    assert done.stdout.splitlines() == [
        f"news   {BASE}feed.xml",
        f"sport  {BASE}sport.xml",
    ]
    project.configure(PRIVATE.replace("[briefing.news]", "[briefing.news]\nfeed.private = true"))
    done = project.run("feed", "--new-key")
    assert done.returncode == 2
    assert "--name" in done.stderr


@pytest.mark.slow
def test_an_edition_of_a_private_briefing_can_be_removed(shelf: Project) -> None:
    done = shelf.run("editions", "--remove", "sport", "2026-11-24")
    assert done.returncode == 0, done.stderr
    key = key_in(address_of(shelf))
    read = feedparser.parse((shelf.audio / key / "feed.xml").read_bytes())
    assert [entry.id for entry in read.entries] == ["sport-2026-11-23"]
    assert parsedate_to_datetime(read.entries[0].published).date().isoformat() == "2026-11-23"
    done = shelf.run("editions", "--remove", "sport", "2026-11-23")
    assert done.returncode == 0, done.stderr
    assert not (shelf.audio / key / "feed.xml").exists()


def test_a_private_briefing_whose_table_is_gone_is_listed_and_can_be_ended(
    shelf: Project,
) -> None:
    key = key_in(address_of(shelf))
    shelf.configure(CONFIG.partition("[briefing.sport]")[0])
    configs = load(shelf.folder / "config.toml")
    lines = list(editions.table(configs))
    assert [line[:17] for line in lines if "in no table" in line] == [
        "sport  2026-11-24",
        "sport  2026-11-23",
    ]
    assert not [line for line in lines if key in line]
    assert [line for line in feeds.addresses(configs) if key in line and "--remove sport" in line]
    checked = shelf.run("check")
    assert "the private briefing sport is in no table and still published" in checked.stderr
    assert key not in checked.stdout + checked.stderr
    for day in DAYS:
        editions.remove(configs, "sport", day, warn=pytest.fail)
    with served(shelf.audio) as server:
        for file in ("feed.xml", "sport.html", "sport.mp3", "index.html"):
            assert ask(server, f"/{key}/{file}").status == 404, file
    assert len(list(editions.table(configs))) == 2
    assert len(list(feeds.addresses(configs))) == 1


def test_without_links_listen_serves_it_all_the_same(project: Project) -> None:
    project.configure(PRIVATE)
    config = load(project.folder / "config.toml")[1]
    articles = [("خبر", ["نص."], None)]
    shelve(config.shelf_folder, config, articles=articles, links=False)
    key = key_in(address_of(project))
    link = project.audio / key
    if link.is_symlink():
        link.unlink()
    with served(project.audio) as server:
        for name in addresses_in(ask(server, f"/{key}/feed.xml").body):
            assert ask(server, f"/{name}").status == 200


@pytest.mark.slow
def test_no_command_prints_a_key_and_a_new_one_ends_the_old(shelf: Project) -> None:
    shown = shelf.run("feed", "--name", "sport").stdout
    key = key_in(shown.split()[1])
    for command in ("status", "editions", "check", "build --quiet", "publish web", "cache"):
        done = shelf.run(*command.split())
        assert key not in done.stdout + done.stderr, command
    assert shelf.run("feed", "--new-key").returncode == 0
    assert not (shelf.audio / key).exists()


@pytest.mark.slow
def test_a_build_of_both_puts_each_in_its_place(project: Project) -> None:
    quick = 'opening.line = ""\nsound.opening = ""\nsound.closing = ""\nworkers = 1\n'
    project.configure(quick + PRIVATE)
    done = project.run("build", "--date", "2026-11-24")
    assert done.returncode == 0, done.stderr
    key = key_in(address_of(project))
    assert key not in done.stdout + done.stderr
    assert (project.audio / key / "sport.mp3").stat().st_size > 10_000
    assert (project.audio / "news.mp3").is_file()
    assert not (project.audio / "sport.mp3").exists()
    again = project.run("build", "--date", "2026-11-24")
    assert "sport" in again.stderr
    assert again.stderr.count("up to date") == 2
    shutil.rmtree(project.folder / ".cache", ignore_errors=True)
    with building(load(project.folder / "config.toml")[1].shelf_folder, "sport", 0):
        assert Shelf(project.audio).names() == ["news"]


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")
def test_listen_says_where_private_briefings_are_without_their_address(shelf: Project) -> None:
    key = key_in(address_of(shelf))
    command = [sys.executable, "-m", "briefing", "listen", "--port", "0", "--no-browser"]
    with subprocess.Popen(
        command,
        cwd=shelf.folder,
        env=shelf.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as server:
        assert server.stdout
        lines = [server.stdout.readline(), server.stdout.readline()]
        server.send_signal(signal.SIGINT)
        rest = server.communicate(timeout=60)
    assert "`briefing feed`" in lines[1]
    assert key not in "".join((*lines, *rest))
