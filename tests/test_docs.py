"""The pages in docs/ and the README are true: their commands run, their links lead somewhere."""

from __future__ import annotations

import json
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import ROOT, SHORT_ARTICLES, Project, make_project

PAGES = sorted([*(ROOT / "docs").glob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"])
NOT_RUN = "not run by a test"
SERVICES = ("listen", "schedule", "desk")
"""Commands that run until they are stopped."""
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
_STARTED_S = 60


@dataclass(frozen=True)
class Command:
    """A line of a page's shell blocks."""

    page: Path
    line: str


def _commands() -> Iterator[Command]:
    for page in PAGES:
        for language, block in _FENCE.findall(page.read_text("utf-8")):
            if language == "sh":
                lines = block.replace("\\\n", " ").splitlines()
                yield from (Command(page, line) for line in lines if line.strip())


COMMANDS = list(_commands())
OURS = [each for each in COMMANDS if re.search(r"(^|\| )briefing ", each.line)]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project as the manual describes it, built once."""
    folder = tmp_path_factory.mktemp("manual") / "project"
    made = make_project(folder, {"article.txt": SHORT_ARTICLES["a.txt"]})
    assert made.run("build", "--date", "2026-11-24").returncode == 0
    return made


@pytest.mark.parametrize("command", OURS, ids=lambda each: f"{each.page.name}: {each.line}")
def test_each_briefing_command_of_the_pages_runs(command: Command, project: Project) -> None:
    if NOT_RUN in command.line:
        return
    line = command.line.split("  #")[0].strip()
    piped, _, ours = line.rpartition(" | ")
    words = shlex.split(ours)[1:]
    if words[0] in SERVICES:
        _starts_and_stops(project, words)
        return
    text = shlex.split(piped)[1] if piped else None
    done = project.run(*words, text=text)
    assert done.returncode == 0, done.stderr


def _starts_and_stops(project: Project, words: list[str]) -> None:
    """Start a service, wait for its first line, stop it as a system does."""
    port = ["--port", "0", "--no-browser"] if words[0] in ("listen", "desk") else []
    command = [sys.executable, "-u", "-m", "briefing", *words, *port]
    with subprocess.Popen(
        command,
        cwd=project.folder,
        env=project.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline(), "no line was printed"
        process.send_signal(signal.SIGTERM)
        process.stdout.read()
        assert process.wait(_STARTED_S) == 0


def test_every_other_command_of_the_manual_is_marked_as_not_run() -> None:
    pages = [page for page in PAGES if page.parent.name == "docs"]
    others = [each for each in COMMANDS if each.page in pages and each not in OURS]
    assert [each.line for each in others if NOT_RUN not in each.line] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_links_of_a_page_lead_to_files(page: Path) -> None:
    links = [link for link in _LINK.findall(page.read_text("utf-8")) if "://" not in link]
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_json_lines_of_the_scripting_page_have_the_keys_that_it_lists(project: Project) -> None:
    page = (ROOT / "docs" / "scripting.md").read_text("utf-8")
    table = page.split("| key | meaning |")[1].split("\n\n")[0]
    listed = {
        name
        for row in table.splitlines()
        for name in re.findall(r"`(\w+)`", row.split("|")[1] if row.startswith("|") else "")
    }
    done = project.run("script", "--json", "seeds/article.txt")
    assert set(json.loads(done.stdout.splitlines()[0])) == listed


def test_the_tables_named_for_contributors_exist() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    names = re.findall(r"`((?:text|speech|sources)/[\w/.]+)`", page)
    assert len(names) > 10
    assert [name for name in names if not (ROOT / "briefing" / name).exists()] == []
