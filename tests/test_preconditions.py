"""What `build` would refuse, `check` refuses and the schedule does not start on: one message."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from briefing.cli import main
from tests.conftest import Project, make_project
from tests.publish.cover_drawing import cover_png

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(
    project: Project, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Run:
    """Run a command in the project's folder; give its exit code, stdout and stderr."""
    monkeypatch.chdir(project.folder)
    monkeypatch.setenv("XDG_CACHE_HOME", str(project.folder / "cache"))

    def command(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        out, err = capfd.readouterr()
        assert "Traceback" not in err
        return code, out, err

    return command


def add_small_cover(project: Project) -> None:
    (project.folder / "small.png").write_bytes(cover_png(300))


def add_strangers_page(project: Project) -> None:
    project.audio.mkdir()
    (project.audio / "index.html").write_text("mine")


def add_file_for_editions(project: Project) -> None:
    project.audio.mkdir()
    (project.audio / ".editions").write_text("")


def add_link_to_the_sources(project: Project) -> None:
    (project.folder / "shelf").symlink_to("seeds")


REFUSED: dict[str, tuple[str, int, str, Callable[[Project], None] | None]] = {
    "no scheme": ('[feed]\nbase_url = "example.org"', 2, ":2: feed.base_url", None),
    "no target": ('[publish]\ntarget = "ftp://a.org/x"', 2, ":2: publish.target: ftp://…", None),
    "scp": ('[publish]\ntarget = "a.org:www"', 2, "write ssh://a.org/~/www", None),
    "own target": ('[publish]\ntarget = "audio/web"', 2, "name another folder", None),
    "target offline": (
        'offline = true\n[publish]\ntarget = "s3://bucket"', 2, "offline = true opens no", None
    ),
    "a file": ('[feed]\nbase_url = "https://a.org/x/feed.xml"', 2, "ends in a file, feed.xml", None),
    "a page": ('[feed]\nbase_url = "https://a.org/index.HTML/"', 2, "ends in a file", None),
    "a port": ('[feed]\nbase_url = "https://a.org:99999/"', 2, ":2: feed.base_url", None),
    "no cover": ('[feed]\nexplicit = true\ncover = "none.png"', 2, ":3: feed.cover", None),
    "small cover": ('[feed]\ncover = "small.png"', 2, "it has 300 by 300", add_small_cover),
    "guid": ('[feed]\nguid = "mine"', 2, ":2: feed.guid", None),
    "nowhere": ('[output]\nfolder = "/proc/shelf"', 1, ":2: output.folder = '/proc/shelf'", None),
    "a file as shelf": ('[output]\nfolder = "seeds/a.txt"', 1, "cannot be written", None),
    "a file in the shelf": ("", 1, ".editions cannot be written", add_file_for_editions),
    "a voice's setting": ('voice = "gtts"\n[voices.gtts]\ntld = "x/y"', 2, ":3: voices.gtts.tld", None),
    "a page in the way": ("", 1, "index.html: is in the way", add_strangers_page),
    "sound": ('[sound]\nopening = "none.wav"', 2, ":2: sound.opening", None),
    "lexicon": ('[text]\nlexicon = "none.toml"', 2, ":2: text.lexicon", None),
    "voice": ('offline = true\nvoice = "gtt"', 2, ":2: voice = 'gtt': there is no voice", None),
    "online voice": ('offline = true\nvoice = "gtts"', 2, ":2: voice = 'gtts'", None),
    "own output": (
        'output.folder = "seeds"\nsources.patterns = ["*"]', 2, ":1: output.folder = 'seeds'", None,
    ),
    "own output, spelled": (
        'output.folder = "./seeds/../seeds/"\nsources.patterns = ["*.TXT", "*.Json"]', 2, "'*.Json'", None,
    ),
    "own output, linked": (
        'output.folder = "shelf"\nsources.patterns = ["brief*"]', 2, "'brief*'", add_link_to_the_sources,
    ),
    "own editions": (
        'sources.folder = "audio/editions"', 2, "the shelf's own files", None,
    ),
}  # fmt: skip


@pytest.mark.skipif(os.name == "nt", reason="/proc and links as Linux has them")
@pytest.mark.parametrize("case", REFUSED)
def test_check_build_and_schedule_refuse_with_one_message(
    project: Project, run: Run, case: str
) -> None:
    text, code, message, prepare = REFUSED[case]
    project.configure(text)
    if prepare:
        prepare(project)
    before = sorted(project.folder.rglob("*"))
    errors = set()
    for command in ("check", "build", "schedule"):
        # a schedule that starts all the same is ended
        guard = threading.Timer(15, os.kill, (os.getpid(), signal.SIGTERM))
        guard.start()
        got, _, err = run(command)
        guard.cancel()
        assert got == code, (command, err)
        assert message in err
        errors.update(line for line in err.splitlines() if message in line)
    assert len(errors) == 1
    left = {path for path in project.folder.rglob("*") if ".state" not in path.parts}
    shelf = {project.audio, project.folder / "cache"}
    assert left - shelf <= set(before)


def test_an_address_that_anybody_can_change_on_the_way_is_warned_of(
    project: Project, run: Run
) -> None:
    project.configure('[feed]\nbase_url = "http://news.example.org/audio"')
    for command in ("check", "build"):
        code, _, err = run(command)
        assert code == 0
        assert "config.toml:2: feed.base_url" in err
        assert "https://" in err
    for loopback in ("http://127.0.0.1:8000/", "http://localhost/", "http://[::1]/audio"):
        project.configure(f'[feed]\nbase_url = "{loopback}"')
        code, _, err = run("check")
        assert (code, err) == (0, "")


@pytest.mark.parametrize("url", ["https://a.org/v1.2", "https://a.org/audio.d/", "https://a.org"])
def test_a_folder_with_a_dot_in_its_name_is_no_file(project: Project, run: Run, url: str) -> None:
    project.configure(f'[feed]\nbase_url = "{url}"')
    assert run("check")[0] == 0


def test_a_shelf_among_the_articles_is_fine_where_no_pattern_takes_what_is_published(
    project: Project, run: Run
) -> None:
    project.configure('output.folder = "seeds"\nsources.patterns = ["*.txt"]')
    code, _, err = run("check")
    assert (code, err) == (0, "")


def test_check_tells_all_that_is_wrong_and_leaves_nothing_behind(
    project: Project, run: Run
) -> None:
    project.configure('voice = "gtt"\nfeed.base_url = "x"\nfeed.cover = "y"\nschedule.cron = "z"')
    code, _, err = run("check")
    assert code == 2
    assert [line.split(": ")[1][-1] for line in err.splitlines()] == ["2", "1", "4"]
    assert not project.audio.exists()


def test_of_several_briefings_check_looks_at_all(project: Project, run: Run) -> None:
    project.configure(
        '[briefing.a]\nsources.folder = "none"\n[briefing.b]\nfeed.cover = "x.png"\n[briefing.c]\n'
    )
    code, out, err = run("check")
    assert code == 2
    assert "config.toml:4: feed.cover" in err
    assert "briefing c:\nsources: 2 articles" in out


def test_folders_among_the_articles_are_told_by_check_and_build(
    tmp_path: Path, project: Project, run: Run
) -> None:
    inner = project.folder / "seeds" / "2024" / "may"
    inner.mkdir(parents=True)
    (project.folder / "seeds" / "pictures").mkdir()
    (project.folder / "seeds" / "pictures" / "a.png").write_bytes(b"")
    assert "not read" not in run("check")[1]
    (inner / "c.txt").write_text("خبر\n\nنص.\n", "utf-8")
    assert "1 file is not read, in 2024/" in run("check")[1]
    for _ in ("built", "up to date"):
        code, _, err = run("build")
        assert code == 0
        assert "1 file is not read, in 2024/" in err
    alone = make_project(tmp_path / "alone", {})
    (alone.folder / "seeds" / "news").mkdir()
    (alone.folder / "seeds" / "news" / "a.txt").write_text("خبر\n\nنص.\n", "utf-8")
    done = alone.run("build", "--quiet")
    assert done.returncode == 1
    assert "1 file is not read, in news/" in done.stderr
