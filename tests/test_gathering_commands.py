"""Feeds by the command line, as their user has them: gather, build, check, the schedule's builds."""

from __future__ import annotations

import datetime
import email.utils
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from briefing.config import load
from briefing.errors import ConfigError
from briefing.schedule.inputs import take_snapshot
from tests.conftest import Project, make_project
from tests.sources.gathering.servers import Reply, Server, rss, serving
from tests.test_offline import _WITHOUT_SOCKETS

TOKEN = "s3cretToken99"
SHORT = "هطل المطر صباح اليوم. أغلقت المدارس أبوابها."
CONFIG = """
[[sources.feeds]]
url = "{url}?token={token}"
name = "وكالة"
section = "محليات"
full_text = "never"

[[sources.feeds]]
url = "{down}?token={token}"
"""


def item(name: str, title: str, hours: float) -> tuple[str, str, str, str]:
    moment = datetime.datetime.now(datetime.UTC) - datetime.timedelta(hours=hours)
    return (name, title, email.utils.format_datetime(moment), SHORT)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving() as running:
        link = f"https://news.example/1?token={TOKEN}"
        running.routes["/rss"] = Reply(rss(item("1", "مطر في بيروت", 2), link=link))
        yield running


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, server: Server) -> Project:
    """A project with two feeds, one of them down, and without a folder of articles."""
    project = make_project(tmp_path_factory.mktemp("desk") / "project", {})
    (project.folder / "seeds").rmdir()
    urls = {"url": server.url("/rss"), "down": server.url("/down", "localhost")}
    project.configure(CONFIG.format(**urls, token=TOKEN))
    return project


@pytest.fixture(scope="module")
def first_build(desk: Project) -> subprocess.CompletedProcess[str]:
    return desk.run("build")


def test_a_build_gathers_first_and_a_feed_that_fails_makes_it_partly(
    desk: Project, first_build: subprocess.CompletedProcess[str]
) -> None:
    assert first_build.returncode == 3, first_build.stderr
    assert "feed localhost: it is not there (status 404)" in first_build.stderr
    assert "gathered: 1 new articles" in first_build.stderr
    sidecar = json.loads((desk.audio / "briefing.json").read_text("utf-8"))
    (source,) = sidecar["sources"]
    assert (source["title"], source["section"]) == ("مطر في بيروت", "محليات")
    assert source["url"] == "https://news.example/1"
    assert 'href="https://news.example/1"' in (desk.audio / "briefing.html").read_text("utf-8")
    status = desk.run("status")
    assert "feed localhost: it is not there (status 404)" in status.stdout


def test_a_token_is_in_nothing_that_is_published_logged_or_told(
    desk: Project, first_build: subprocess.CompletedProcess[str]
) -> None:
    told = [first_build.stdout, first_build.stderr]
    for command in ("check", "status", "editions", "gather"):
        done = desk.run(command, "--verbose")
        told += [done.stdout, done.stderr]
    assert not any(TOKEN in text for text in told)
    for path in desk.audio.rglob("*"):
        assert TOKEN not in path.name
        if path.is_file():
            assert TOKEN.encode() not in path.read_bytes(), path


def test_a_build_soon_after_asks_nobody_and_has_nothing_to_do(
    desk: Project, server: Server, first_build: subprocess.CompletedProcess[str]
) -> None:
    count = len(server.requests)
    done = desk.run("build")
    assert done.returncode == 3
    assert "nothing to do" in done.stderr
    assert "feed localhost: it is not there" in done.stderr
    assert len(server.requests) == count


def test_a_build_by_the_watcher_asks_nobody_and_one_of_the_night_does(
    desk: Project, server: Server, first_build: subprocess.CompletedProcess[str]
) -> None:
    for path in (desk.folder / ".briefing" / "inbox" / "feeds").iterdir():
        record = json.loads(path.read_text("utf-8"))
        path.write_text(json.dumps({**record, "next_poll": ""}), "utf-8")
    count = len(server.requests)
    done = desk.run("build", environment={"BRIEFING_TRIGGER": "change"})
    assert done.returncode == 0, done.stderr
    assert len(server.requests) == count
    done = desk.run("build", environment={"BRIEFING_TRIGGER": "nightly"})
    assert done.returncode == 3
    assert len(server.requests) == count + 2


def test_check_says_of_each_feed_what_there_is(
    desk: Project, first_build: subprocess.CompletedProcess[str]
) -> None:
    done = desk.run("check")
    assert done.returncode == 3
    good, bad = (line for line in done.stdout.splitlines() if line.startswith("feed "))
    assert good.startswith("feed وكالة: reachable")
    assert "articles: 1, newest 20" in good
    assert "would be read: 1" in good
    assert bad.startswith("feed localhost: nothing that can be read (it is not there")
    assert "articles: 0" in bad


def test_offline_gathers_nothing_and_says_how_old_the_inbox_is(
    desk: Project, server: Server, first_build: subprocess.CompletedProcess[str]
) -> None:
    text = (desk.folder / "config.toml").read_text("utf-8")
    desk.configure("offline = true\n" + text)
    count = len(server.requests)
    try:
        for command in ("gather", "build", "check"):
            done = subprocess.run(
                [sys.executable, "-c", _WITHOUT_SOCKETS, command],
                cwd=desk.folder,
                env=desk.environment(),
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stderr
            output = done.stdout + done.stderr
            assert "offline = true: nothing is gathered; what is there is of 20" in output
    finally:
        desk.configure(text)
    assert len(server.requests) == count


def test_a_past_day_is_made_of_what_was_gathered_for_it(
    desk: Project, server: Server, first_build: subprocess.CompletedProcess[str]
) -> None:
    count = len(server.requests)
    done = desk.run("build", "--date", "2026-01-01")
    assert done.returncode == 0, done.stderr
    assert "2026-01-01 is past: nothing is gathered for it now" in done.stderr
    assert len(server.requests) == count


def test_the_watcher_sees_no_file_of_the_inbox_and_clearing_the_cache_leaves_it(
    desk: Project, first_build: subprocess.CompletedProcess[str]
) -> None:
    inbox = desk.folder / ".briefing" / "inbox"
    before = sorted(path for path in inbox.rglob("*"))
    assert before
    assert desk.run("cache", "--clear").returncode == 0
    assert sorted(inbox.rglob("*")) == before
    (config,) = load(desk.folder / "config.toml")
    assert not any(inbox in path.parents for path in take_snapshot(config))


def test_gather_says_what_came_and_without_a_feed_how_to_name_one(
    project: Project, server: Server
) -> None:
    done = project.run("gather")
    assert done.returncode == 0
    assert "[[sources.feeds]]" in done.stderr
    project.configure(f'[[sources.feeds]]\nurl = "{server.url("/rss")}"\nfull_text = "never"\n')
    done = project.run("gather")
    assert done.returncode == 0, done.stderr
    assert "feed 127.0.0.1: new articles: 1, 1 in all" in done.stderr
    assert "not asked again before" in project.run("gather").stderr


def test_a_first_build_whose_feeds_are_all_down_fails_and_leaves_no_edition(
    project: Project,
) -> None:
    for path in (project.folder / "seeds").iterdir():
        path.unlink()
    project.configure('[[sources.feeds]]\nurl = "http://127.0.0.1:9/rss"\n')
    done = project.run("build")
    assert done.returncode == 1
    assert "127.0.0.1 cannot be reached" in done.stderr
    assert not (project.audio / "briefing.mp3").exists()


def test_without_what_reads_feeds_the_command_that_installs_it_is_told_once(
    project: Project, server: Server
) -> None:
    project.configure(
        "".join(f'[[sources.feeds]]\nurl = "{server.url("/rss")}?{n}"\n' for n in range(3))
    )
    without = project.folder / "without"
    without.mkdir()
    (without / "sitecustomize.py").write_text(
        "from importlib import util\nfind = util.find_spec\n"
        "util.find_spec = lambda name, *more: None if name == 'feedparser' else find(name, *more)\n"
    )
    environment = project.environment()
    environment["PYTHONPATH"] += f":{without}"
    count = len(server.requests)
    done = project.run("gather", environment=environment)
    assert done.returncode == 3, done.stderr
    assert done.stderr.count('pip install "briefing[web]"') == 1
    assert len(server.requests) == count


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ('[[sources.feeds]]\nurl = "https://a.example/"\nlimt = 1\n', 3, "did you mean limit?"),
        ('[[sources.feeds]]\nname = "x"\n', 1, "has no url"),
        (
            '[[sources.feeds]]\nurl = "https://a.example/"\n\n[[sources.feeds]]\n'
            'url = "https://b.example/"\nlimit = -1\n',
            6,
            "sources.feeds.limit = -1 must be at least 0",
        ),
        (
            '[[sources.feeds]]\nurl = "https://a.example/"\n[[sources.feeds]]\n'
            'url = "https://a.example/"\n',
            4,
            "twice",
        ),
        ('[[sources.feeds]]\nurl = "ftp://hush.example/"\n', 2, "an address like https"),
        ('[[sources.feeds]]\nurl = "https://me:hush@a.example/"\n', 2, "no user name or password"),
        ('[sources]\npages = ["https://a.example/", "hush"]\n', 2, "a list in which each is"),
        ('[sources]\nfeeds = "https://hush.example/"\n', 2, "write [[sources.feeds]]"),
        ('[[feeds]]\nurl = "https://a.example/"\n', 1, "write [[sources.feeds]]"),
        (
            '[briefing.a]\n[[briefing.a.sources.feeds]]\nurl = "https://a.example/"\n'
            'full_text = "yes"\n',
            4,
            "one of auto, never, always",
        ),
    ],
)
def test_a_mistake_about_a_feed_is_named_by_its_line_and_no_address_is_repeated(
    tmp_path: Path, text: str, line: int, message: str
) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigError, match=re.escape(message)) as refused:
        load(path)
    assert str(refused.value).startswith(f"{path}:{line}: ")
    assert "hush" not in str(refused.value)
