"""A briefing day after day: sections, a time limit, and nothing that was read before."""

from __future__ import annotations

import datetime
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import av
import jsonschema
import pytest
from mutagen.id3 import ID3

import briefing.publish
from briefing.config import load
from briefing.errors import ConfigError
from briefing.shelf.read_record import load_record
from briefing.shelf.shelf import Shelf
from tests.conftest import ROOT, Project, make_project
from tests.selection.articles import story
from tests.sources.gathering.servers import LONG, Reply, rss, serving

ARTICLES = {
    "market.md": ("اقتصاد", "ارتفاع أسعار القمح", "ارتفعت أسعار القمح هذا الأسبوع بعد جفاف طويل في الشمال."),
    "match.md": ("رياضة", "فوز الفريق الوطني", "فاز الفريق الوطني بهدفين نظيفين أمام جمهور كبير."),
    "port.md": ("اقتصاد", "توسيع الميناء القديم", "تبدأ أعمال توسيع الميناء القديم في الربيع وتنتهي بعد عام."),
    "rain.md": ("", "مطر على الساحل", "هطل مطر غزير على الساحل وأغلقت المدارس أبوابها."),
}  # fmt: skip
QUICK = 'opening.line = ""\nsound.opening = ""\nsound.closing = ""\n'


def write(project: Project, *names: str) -> None:
    for name in names:
        section, title, text = ARTICLES[name]
        head = f"section: {section}\n" if section else ""
        project.write(name, f"---\ntitle: {title}\n{head}---\n\n{text}\n")


def sidecar(project: Project) -> dict[str, Any]:
    head: dict[str, Any] = json.loads((project.audio / "briefing.json").read_text("utf-8"))
    return head


def titles(project: Project) -> list[str]:
    return [one["title"] for one in sidecar(project)["sources"]]


def title(name: str) -> str:
    return ARTICLES[name][1]


@dataclass(frozen=True)
class QuickProject(Project):
    """A project whose clips are kept for all tests: they say the same."""

    cache: Path

    def environment(self) -> dict[str, str]:
        return {**super().environment(), "XDG_CACHE_HOME": str(self.cache)}


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def empty(tmp_path: Path, cache: Path) -> Project:
    return QuickProject(make_project(tmp_path / "project", {}).folder, cache)


@pytest.fixture(scope="module")
def sections(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Project:
    """Four articles in two sections, and one in none; tests must not change it."""
    folder = make_project(tmp_path_factory.mktemp("sections") / "project", {}).folder
    project = QuickProject(folder, cache)
    write(project, *ARTICLES)
    project.configure(
        f'{QUICK}sound.separator = "default"\nfeed.base_url = "https://example.org/audio/"\n'
        'edition.order = "section"\nedition.sections = ["رياضة"]\n'
        '[briefing.briefing]\n[briefing.book]\noutput.format = "m4b"\n'
    )
    done = project.run("build", "--date", "2026-11-24")
    assert done.returncode == 0, done.stderr
    return project


def test_sections_are_spoken_and_the_sidecar_says_where(sections: Project) -> None:
    head = sidecar(sections)
    schema = Path(briefing.publish.__file__).with_name("sidecar.schema.json")
    jsonschema.validate(head, json.loads(schema.read_text("utf-8")))
    assert [(one["title"], one["chapters"]) for one in head["sections"]] == [
        ("رياضة", [0]),
        ("اقتصاد", [1, 2]),
        ("أخبار أخرى", [3]),
    ]
    headings = [one for one in head["paragraphs"] if one.get("kind") == "section"]
    assert [one["sentences"][0]["text"] for one in headings] == ["رياضة", "اقتصاد", "أخبار أخرى"]
    for section, heading in zip(head["sections"], headings, strict=True):
        first, last = (head["chapters"][section["chapters"][at]] for at in (0, -1))
        assert section["start_s"] == heading["start_s"] < heading["end_s"] < first["start_s"]
        assert section["end_s"] == last["end_s"]
    # a separator stands before a heading and between articles, never after a heading
    ends = [one["end_s"] for one in head["sounds"]]
    begins = sorted(one["start_s"] for one in (*headings, head["chapters"][2]))
    assert [min(start for start in begins if start > end) for end in ends] == begins[1:]


def test_chapters_nest_in_the_mp3_and_a_heading_is_a_chapter_in_every_format(
    sections: Project,
) -> None:
    tags = ID3(sections.audio / "briefing.mp3")
    tables = {one.element_id: one for one in tags.getall("CTOC")}
    chapters = {one.element_id: str(one.sub_frames["TIT2"]) for one in tags.getall("CHAP")}
    nested = {
        str(tables[name].sub_frames["TIT2"]): [
            chapters[child] for child in tables[name].child_element_ids
        ]
        for name in tables["toc"].child_element_ids
    }
    assert nested == {
        "رياضة": ["رياضة", title("match.md")],
        "اقتصاد": ["اقتصاد", title("market.md"), title("port.md")],
        "أخبار أخرى": ["أخبار أخرى", title("rain.md")],
    }
    flat = ["رياضة", title("match.md"), "اقتصاد", title("market.md"), title("port.md")]
    flat += ["أخبار أخرى", title("rain.md")]
    file = json.loads((sections.audio / "briefing.chapters.json").read_text("utf-8"))
    assert [one["title"] for one in file["chapters"]] == flat
    starts = [one["startTime"] for one in file["chapters"]]
    assert starts == sorted(set(starts))
    with av.open(str(sections.audio / "book.m4b")) as container:
        book = container.chapters()
    assert [one["metadata"]["title"] for one in book] == flat


def test_the_page_and_the_feed_show_sections(sections: Project) -> None:
    page = (sections.audio / "briefing.html").read_text("utf-8")
    contents = page[page.index('<nav class="chapters"') :]
    contents = contents[: contents.index("</nav>")]
    assert contents.count("<ol") == 1 + 3
    assert contents.index("اقتصاد") < contents.index(title("market.md"))
    assert page.count('class="part"><span class="s"') == 3
    feed = (sections.audio / "feed.xml").read_text("utf-8")
    assert f"اقتصاد:\n{title('market.md')}\n{title('port.md')}\n" in feed
    assert '&lt;h3 dir="auto"&gt;اقتصاد&lt;/h3&gt;' in feed


def test_what_was_read_is_read_no_more_and_a_day_without_news_has_no_edition(
    empty: Project,
) -> None:
    empty.configure(f"{QUICK}edition.unread_only = true\n")
    write(empty, "market.md", "rain.md")
    assert empty.run("build", "--date", "2026-11-24").returncode == 0
    first = (empty.audio / "briefing.mp3").read_bytes()
    quiet = empty.run("build", "--date", "2026-11-25")
    assert (quiet.returncode, quiet.stdout) == (0, "")
    assert "no news since the edition of 2026-11-24" in quiet.stderr
    assert sidecar(empty)["edition_date"] == "2026-11-24"
    write(empty, "match.md")
    assert empty.run("cache", "--clear").returncode == 0
    assert empty.run("build", "--date", "2026-11-26").returncode == 0
    assert titles(empty) == [title("match.md")]
    # a day that is built again reads what it read, and its neighbour is none the wiser
    assert empty.run("build", "--date", "2026-11-24").returncode == 0
    assert titles(empty) == [title("market.md"), title("match.md"), title("rain.md")]
    (empty.folder / "seeds" / "match.md").unlink()
    assert empty.run("build", "--date", "2026-11-24").returncode == 0
    assert (empty.audio / "briefing.mp3").read_bytes() == first


@pytest.mark.slow
def test_a_build_that_fails_has_read_nothing(empty: Project) -> None:
    write(empty, "market.md", "rain.md")
    empty.configure(f"{QUICK}edition.unread_only = true\nedition.max_minutes = 0.01\n")
    failed = empty.run("build", "--date", "2026-11-24")
    assert failed.returncode == 1
    assert "no article fits into edition.max_minutes = 0.01" in failed.stderr
    checked = empty.run("check")
    assert checked.returncode == 1
    assert "no article fits into edition.max_minutes = 0.01" in checked.stdout
    empty.configure(f"{QUICK}edition.unread_only = true\n")
    assert empty.run("build", "--date", "2026-11-25").returncode == 0
    assert titles(empty) == [title("market.md"), title("rain.md")]


@pytest.mark.slow
def test_what_an_edition_has_read_that_is_removed_counts_as_unread(empty: Project) -> None:
    empty.configure(f"{QUICK}edition.unread_only = true\n")
    for day, name in (("24", "market.md"), ("25", "rain.md")):
        write(empty, name)
        assert empty.run("build", "--date", f"2026-11-{day}").returncode == 0
    assert empty.run("editions", "--remove", "briefing", "2026-11-25").returncode == 0
    assert empty.run("build", "--date", "2026-11-26").returncode == 0
    assert titles(empty) == [title("rain.md")]


@pytest.mark.parametrize("overflow", ["headlines", pytest.param("drop", marks=pytest.mark.slow)])
def test_an_edition_keeps_to_its_minutes_and_the_rest_is_read_the_next_day(
    empty: Project, overflow: str
) -> None:
    write(empty, *ARTICLES)
    limit = 0.6
    empty.configure(
        f'{QUICK}edition.unread_only = true\nedition.overflow = "{overflow}"\n'
        f"edition.max_minutes = {limit}\n"
    )
    checked = empty.run("check").stdout
    first = empty.run("build", "--date", "2026-11-24")
    head = sidecar(empty)
    assert head["duration_s"] <= limit * 60
    read = titles(empty)
    left = [one["title"] for one in head["left_out"]]
    assert [*read, *left] == [title(name) for name in ARTICLES]
    assert left
    assert f"no time for: {left[-1]}" in checked
    assert f"no time for {len(left)} article" in first.stderr
    said = [one["sentences"][0]["text"] for one in head["paragraphs"]]
    assert (left[0] in said) == (overflow == "headlines")
    chapters = [(one["title"], one["source"]) for one in head["chapters"]][len(read) :]
    assert chapters == ([("عناوين أخرى", None)] if overflow == "headlines" else [])
    page = (empty.audio / "briefing.html").read_text("utf-8")
    assert f"<li><bdi>{left[0]}</bdi></li>" in page
    days = 0
    while len(read) < len(ARTICLES):
        days += 1
        assert empty.run("build", "--date", f"2026-11-{24 + days}").returncode == 0
        assert sidecar(empty)["duration_s"] <= limit * 60
        read += titles(empty)
    assert read == [title(name) for name in ARTICLES]


def test_what_can_be_read_no_more_is_told_as_missed(empty: Project) -> None:
    write(empty, "market.md", "match.md")
    empty.configure(f"{QUICK}edition.unread_only = true\nedition.max_minutes = 0.3\n")
    assert empty.run("build", "--date", "2026-11-24").returncode == 0
    assert titles(empty) == [title("market.md")]
    (empty.folder / "seeds" / "match.md").unlink()
    write(empty, "rain.md")
    assert f"missed: {title('match.md')}" in empty.run("check").stdout
    done = empty.run("build", "--date", "2026-11-25")
    assert f"missed: {title('match.md')}" in done.stderr
    assert sidecar(empty)["left_out"] == [
        {
            "title": title("match.md"),
            "path": "seeds/match.md",
            "section": "رياضة",
            "reason": "missed",
        }
    ]


def test_the_script_of_the_next_edition_has_its_headings(empty: Project) -> None:
    write(empty, "market.md", "match.md", "rain.md")
    empty.configure(f'{QUICK}edition.sections = ["رياضة"]\n')
    done = empty.run("script", "--json")
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(row["article"], row["section"], row["text"]) for row in rows] == [
        (None, "رياضة", "رياضة"),
        *((0, "رياضة", text) for text in ARTICLES["match.md"][1:]),
        (None, "اقتصاد", "اقتصاد"),
        *((1, "اقتصاد", text) for text in ARTICLES["market.md"][1:]),
        (None, "أخبار أخرى", "أخبار أخرى"),
        *((2, "أخبار أخرى", text) for text in ARTICLES["rain.md"][1:]),
    ]


@pytest.mark.parametrize(
    "manual", ["manual.md", pytest.param("manual.ar.md", marks=pytest.mark.slow)]
)
def test_the_morning_briefing_of_the_manual_is_twelve_lines_and_does_as_it_says(
    empty: Project, manual: str
) -> None:
    text = (ROOT / "docs" / manual).read_text("utf-8")
    (config,) = (block for block in re.findall(r"```toml\n(.*?)```", text, re.S) if "12\n" in block)
    assert len(config.splitlines()) == 12
    with serving() as server:
        served = re.sub(r"https://[^/]+(/[^\"]*)", lambda found: server.url(found[1]), config)
        empty.configure(f"sources.private_addresses = true\n{QUICK}{served}")
        now = datetime.datetime.now(datetime.UTC)
        paths = re.findall(r"https://[^/]+(/[^\"]*)", config)
        assert len(paths) == 3
        for hours, path in enumerate(reversed(paths), 1):
            moment = format_datetime(now - datetime.timedelta(hours=hours))
            row = (path, f"الخبر {hours}", moment, f"{story(hours, 12)}. {LONG}{story(-hours, 90)}")
            server.routes[path] = Reply(rss(row))
        days = [(now.date() + datetime.timedelta(days=day)).isoformat() for day in (0, 1)]
        first = empty.run("build", "--date", days[0])
        assert first.returncode == 0, first.stderr
        assert titles(empty) == ["الخبر 1", "الخبر 2", "الخبر 3"]
        assert sidecar(empty)["duration_s"] <= 12 * 60
        next_day = empty.run("build", "--date", days[1])
    assert next_day.returncode == 0, next_day.stderr
    assert "no news" in next_day.stderr


def test_each_briefing_of_a_configuration_has_its_own_edition_settings(project: Project) -> None:
    project.configure(
        "edition.max_minutes = 12\n[briefing.short]\nedition.max_minutes = 5\n"
        '[briefing.long]\nedition.sections = ["رياضة"]\n'
    )
    short, long = load(project.folder / "config.toml")
    assert (short.edition.max_minutes, long.edition.max_minutes) == (5, 12)
    assert (short.edition.sections, long.edition.sections) == ((), ("رياضة",))
    project.configure("[briefing.short]\nedition.max_minutes = 5\nedition.order = 1\n")
    with pytest.raises(ConfigError, match=r"config\.toml:3: edition\.order = 1 must be a text"):
        load(project.folder / "config.toml")


def test_check_shows_the_next_edition_and_what_is_held_back(empty: Project) -> None:
    write(empty, "market.md", "match.md", "rain.md")
    empty.configure('edition.sections = ["رياضة"]\n')
    empty.write("later.md", "---\ntitle: غدا\npublish: 2099-01-01T06:00\n---\n\nنص قصير هنا.\n")
    empty.write("draft.md", "---\ntitle: مسودة\ndraft: true\n---\n\nنص قصير هنا.\n")
    lines = empty.run("check").stdout.splitlines()
    assert "sources: seeds/later.md: not read before 2099-01-01T06:00:00 (publish)" in lines
    assert "sources: seeds/draft.md: a draft, not read" in lines
    begin = next(at for at, line in enumerate(lines) if line.endswith("reads 3 articles:"))
    assert lines[begin + 1 : begin + 7] == [
        "  رياضة:",
        f"  1. {title('match.md')} (seeds/match.md)",
        "  اقتصاد:",
        f"  2. {title('market.md')} (seeds/market.md)",
        "  أخبار أخرى:",
        f"  3. {title('rain.md')} (seeds/rain.md)",
    ]
    assert lines[begin + 7].startswith("length: about ")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('edition.order = "oldest"', "must be one of file, newest, section"),
        ("edition.unread_only = 1", "must be a text in quotes"),
        ('edition.unread_only = "yes"', "must be one of gathered, true, false"),
        ("edition.max_minutes = -1", "must be at least 0"),
        ("edition.sections = [1]", "must be a list of texts"),
        ("edition.limit = 5", "unknown key edition.limit"),
    ],
)
def test_a_wrong_setting_is_refused_with_its_line(
    project: Project, line: str, message: str
) -> None:
    project.configure(f"# first\n{line}\n")
    with pytest.raises(ConfigError) as caught:
        load(project.folder / "config.toml")
    assert message in str(caught.value)
    assert "config.toml:2: " in str(caught.value)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="kills a process group")
def test_a_build_that_is_killed_has_read_all_of_its_edition_or_nothing(empty: Project) -> None:
    """At twenty moments of a build: before, within and after its commit."""
    empty.configure(f"{QUICK}edition.unread_only = true\n")
    write(empty, "market.md")
    assert empty.run("build", "--date", "2026-11-24").returncode == 0
    write(empty, "rain.md")
    command = [sys.executable, "-m", "briefing", "build", "--date", "2026-11-25"]
    before = empty.folder / "before"
    shutil.copytree(empty.audio, before, symlinks=True)
    began = time.monotonic()
    assert empty.run(*command[3:]).returncode == 0
    whole_s = time.monotonic() - began
    dates = Counter[str]()
    for step in range(20):
        shutil.rmtree(empty.audio)
        shutil.copytree(before, empty.audio, symlinks=True)
        build = subprocess.Popen(
            command,
            cwd=empty.folder,
            env=empty.environment(),
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        with suppress(subprocess.TimeoutExpired):
            build.wait(whole_s * (0.05 + step / 20))
        with suppress(ProcessLookupError):
            os.killpg(build.pid, signal.SIGKILL)
        build.wait()
        current = Shelf(empty.audio).current("briefing")
        record = load_record(current, "briefing")
        date = sidecar(empty)["edition_date"]
        dates[date] += 1
        assert record is not None
        assert max(record.days) == date
        read = [one.title for one in record.days[date].stories]
        assert read == titles(empty)
        assert empty.run("build", "--date", "2026-11-25").returncode == 0
        assert titles(empty) == [title("rain.md")]
    print(f"\nkilled 20 times: {dict(dates)}")
    assert dates.total() == 20


@pytest.mark.slow
def test_a_damaged_record_is_told_and_the_edition_is_built(empty: Project) -> None:
    empty.configure(f"{QUICK}edition.unread_only = true\n")
    write(empty, "rain.md")
    assert empty.run("build", "--date", "2026-11-24").returncode == 0
    (record,) = (empty.audio / ".editions" / "briefing").glob("*/.briefing.read")
    record.write_text("{", "utf-8")
    write(empty, "match.md")
    done = empty.run("build", "--date", "2026-11-25")
    assert done.returncode == 0
    assert "cannot be read back" in done.stderr
    assert titles(empty) == [title("match.md"), title("rain.md")]
