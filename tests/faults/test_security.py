"""What SECURITY.md promises: nothing from a source becomes a command, a path, markup or a template."""

from __future__ import annotations

import html.parser
import json
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from briefing.config import load
from briefing.errors import ConfigError
from tests.conftest import SHORT_ARTICLES, Project

HOSTILE = [
    "</noscript><script>alert(1)</script><noscript>",
    "<script>alert('خبر')</script>", "<img src=x onerror=alert(1)> صورة", "</script><script>خبر()</script>",
    "]]> خبر <![CDATA[", "<!--text--> خبر <!--data-->", "$title ${audio} $$ خبر", "{{7*7}} {% خبر %} {0.__class__}",
    "$(touch pwned) `touch pwned` ; touch pwned | خبر", "../../../../tmp/pwned خبر", "00:00:00.000 --> 00:00:09.000 خبر",
    "&lt;b&gt; &#x200f; &quot; خبر", "' onmouseover='alert(1) خبر", '" autofocus onfocus="alert(1) خبر', "javascript:alert(1) خبر",
    "[[h@l'oU]] خبر", "NOTE خبر", "\u202eخبر مقلوب\u202c", "<speak><break time='9s'/></speak> خبر",
]  # fmt: skip


class Page(html.parser.HTMLParser):
    """Collects what a browser would run, load or follow."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: dict[str, int] = {}
        self.handlers: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags[tag] = self.tags.get(tag, 0) + 1
        for name, value in attributes:
            if name.startswith("on"):
                self.handlers.append(name)
            if name in ("src", "href"):
                self.addresses.append(value or "")


def page_of(path: Path) -> Page:
    page = Page()
    page.feed(path.read_text("utf-8"))
    return page


@pytest.mark.slow
def test_nothing_from_a_source_is_markup_a_template_a_command_or_a_path(project: Project) -> None:
    project.configure('[feed]\nbase_url = "https://example.org/"\n[cache]\nfolder = "cache"\n')
    done = project.run("build")
    assert done.returncode == 0, done.stderr
    plain = page_of(project.audio / "index.html")
    for number, text in enumerate(HOSTILE):
        body = "\n".join(f"{one}. قال المتحدث ذلك." for one in [text, *HOSTILE])
        project.write(
            f"c{number:02}.txt", f"{text}\n\n{body if number == 0 else 'قال ذلك. ' + text}\n"
        )
    for name in ('"><script>alert(1)<.txt', "$(touch pwned).txt", "..%2f..%2fx.txt", "a]]>b.txt"):
        project.write(name, SHORT_ARTICLES["b.txt"])
    before = {one for one in project.folder.rglob("*") if "cache" not in one.parts}
    done = project.run("build", timeout_s=300)
    assert done.returncode == 0, done.stderr
    page = page_of(project.audio / "index.html")
    assert page.tags["script"] == plain.tags["script"]
    # the rest of a long chapter is in a noscript element
    assert set(page.tags) <= set(plain.tags) | {"bdi", "noscript"}, "a tag of a source"
    assert page.tags["noscript"] <= len(list((project.folder / "seeds").glob("*.txt")))
    assert page.handlers == []
    assert not [
        one
        for one in page.addresses
        if ":" in one.split("/")[0]
        and not one.startswith(("http", "data:"))
        and one not in plain.addresses  # the schemes of podcast programs
    ]
    shown = (project.audio / "index.html").read_text("utf-8")
    assert "${title}" not in HOSTILE or "${title}" in shown
    assert "49" not in re.findall(r">(\d+)<", shown)
    feed = ET.parse(project.audio / "feed.xml").getroot()
    assert len(feed.findall("channel/item")) == 1
    sidecar = json.loads((project.audio / "briefing.json").read_bytes())
    titles = [one["title"] for one in sidecar["sources"]]
    assert HOSTILE[0] in titles
    cues = [
        one
        for one in (project.audio / "briefing.vtt").read_text("utf-8").split("\n\n")
        if "-->" in one
    ]
    assert all(one.count("-->") == 1 for one in cues)
    # nothing was written but the shelf
    after = {one for one in project.folder.rglob("*") if "cache" not in one.parts}
    assert {one for one in after - before if project.audio not in one.parents} == set()
    assert not Path("/tmp/pwned").exists()


PATHS = [
    ("sources", "folder"), ("output", "folder"), ("cache", "folder"), ("text", "lexicon"),
    ("feed", "cover"), ("feed", "file"), ("output", "name"),
]  # fmt: skip


@pytest.mark.parametrize("value", ["../x", "a/../../x", "..", "./../x", "a\\u0000b", "a\\nb"])
@pytest.mark.parametrize(("table", "key"), PATHS, ids=map(".".join, PATHS))
def test_a_value_that_names_a_file_stays_inside_the_project(
    table: str, key: str, value: str, tmp_path: Path
) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f'# one\n[{table}]\n{key} = "{value}"\n', "utf-8")
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert f"{path}:3: " in str(caught.value)
    path.write_text(f'[briefing.one]\n[briefing.two]\n{table}.{key} = "{value}"\n', "utf-8")
    with pytest.raises(ConfigError, match=re.escape(str(path))):
        load(path)


def test_a_place_elsewhere_is_taken_when_it_is_written_whole(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[sources]\nfolder = "/srv/news"\n[output]\nfolder = "a/../audio"\n', "utf-8")
    (config,) = load(path)
    assert config.sources_folder == Path("/srv/news")
    assert config.shelf_folder.resolve() == (tmp_path / "audio").resolve()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('sources.patterns = ["../*.txt"]', "matches no file name"),
        ('output.name = "shelf"', "another file of the shelf"),
        ('output.name = "x.chapters"', "another file of the shelf"),
        (f'output.name = "{"خ" * 99}"', "too long"),
        ('[briefing.a]\noutput.name = "x"\n[briefing.b]\noutput.name = "X"', "two briefings"),
        ("pauses.sentence_s = nan", "a finite number"),
        ('feed.file = "feed.html"', "ends in .xml"),
    ],
)
def test_a_name_that_would_not_work_is_refused_with_its_line(
    text: str, said: str, tmp_path: Path
) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text + "\n", "utf-8")
    with pytest.raises(ConfigError, match=said) as caught:
        load(path)
    assert re.search(r"config\.toml:\d: ", str(caught.value))


@pytest.mark.skipif(os.name == "nt", reason="modes as POSIX has them")
def test_what_the_cache_keeps_is_for_its_user_alone(project: Project) -> None:
    done = project.run("build", prefix=["sh", "-c", 'umask 000; exec "$@"', "sh"])
    assert done.returncode == 0, done.stderr
    kept = list((project.folder / "cache" / "briefing").rglob("*"))
    assert len(kept) > 5
    for one in [project.folder / "cache" / "briefing", *kept]:
        assert not stat.S_IMODE(one.stat().st_mode) & 0o077, one


def traced(project: Project, *arguments: str) -> tuple[subprocess.CompletedProcess[str], str]:
    trace = project.folder / "trace"
    prefix = ["strace", "-f", "-qq", "-e", "trace=%network", "-o", str(trace)]
    done = project.run(*arguments, prefix=prefix, timeout_s=300)
    return done, trace.read_text(errors="replace")


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_no_command_opens_a_connection_when_offline(project: Project) -> None:
    project.configure('offline = true\nvoice = "auto"\n')
    commands = [
        ["build"], ["build", "--force"], ["script", "seeds/a.txt"], ["say", "خبر", "-o", "x.mp3"], ["check"],
        ["voices"], ["cache"], ["status", "--json"],
    ]  # fmt: skip
    for command in commands:
        done, calls = traced(project, *command)
        assert done.returncode in (0, 1), (command, done.stderr)
        assert "AF_INET" not in calls, command


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_the_schedule_and_its_builds_open_no_connection_when_offline(project: Project) -> None:
    project.configure('offline = true\nvoice = "auto"\n')
    trace = project.folder / "trace"
    command = ["strace", "-f", "-qq", "-e", "trace=%network", "-o", str(trace)]
    service = subprocess.Popen(
        [*command, sys.executable, "-m", "briefing", "schedule", "--quiet"],
        cwd=project.folder, env=project.environment(), stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    end = time.monotonic() + 120
    while not (project.audio / ".state" / "briefing.json").exists():
        assert time.monotonic() < end
        assert service.poll() is None, service.communicate()[1]
        time.sleep(0.2)
    children = Path(f"/proc/{service.pid}/task/{service.pid}/children").read_text().split()
    os.kill(int(children[0]), signal.SIGTERM)
    assert service.wait(60) == 0, service.communicate()[1]
    assert service.stderr
    service.stderr.close()
    assert (project.audio / "briefing.mp3").exists()
    assert "AF_INET" not in trace.read_text(errors="replace")


def test_an_unexpected_failure_says_where_and_no_word_of_the_article(project: Project) -> None:
    code = (
        "import sys; import briefing.sources.folder as folder\n"
        "def fail(text, *_): raise KeyError(text)\n"
        "folder.article = fail\n"
        "from briefing.cli import main; sys.exit(main(['build']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=project.folder, env=project.environment(),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "unexpected KeyError at folder.py:" in done.stderr
    assert "بيروت" not in done.stderr
    assert "Traceback" not in done.stderr
    status = project.run("status")
    assert status.returncode == 1
    assert "unexpected KeyError" in status.stdout
