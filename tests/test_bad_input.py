"""Bad input gets one clear message and an exit code; the others are built; no traceback."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.another_user import NOBODY, needs_root, run_as_nobody
from tests.conftest import SHORT_ARTICLES, Project, make_project


def messages(stderr: str) -> list[str]:
    assert "Traceback" not in stderr
    return [line for line in stderr.splitlines() if line.startswith("briefing:")]


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("bad.txt", "مرحبا بالعالم كيف الحال".encode("iso8859_6"), "unknown encoding"),
        ("empty.txt", b"", "is empty"),
        ("picture.txt", b"\x89PNG\r\n\x1a\n" + bytes(100), "is a picture"),
        ("english.txt", b"Nothing Arabic here.", "has no Arabic"),
        ("huge.txt", "كلمة ".encode() * 2_300_000, "larger than 5 MB"),
    ],
)
def test_a_bad_file_is_named_and_skipped_and_the_others_are_built(
    project: Project, name: str, data: bytes, reason: str
) -> None:
    (project.folder / "seeds" / name).write_bytes(data)
    done = project.run("build")
    assert done.returncode == 3
    (message,) = messages(done.stderr)
    assert name in message
    assert reason in message
    sidecar = json.loads((project.audio / "briefing.json").read_text("utf-8"))
    assert len(sidecar["chapters"]) == 2
    assert sidecar["build"]["skipped"][0]["path"] == f"seeds/{name}"


@pytest.mark.slow
def test_a_line_of_a_hundred_thousand_letters_does_not_end_the_briefing(project: Project) -> None:
    project.write("c.txt", "عنوان\n\n" + "بت" * 50_000 + " ثم كلام.\n" + "كلام " * 3000 + "\n")
    done = project.run("build", timeout_s=300)
    assert done.returncode == 0, done.stderr
    sidecar = json.loads((project.audio / "briefing.json").read_text("utf-8"))
    assert sidecar["paragraphs"][-2]["sentences"][0]["spoken"] == "ثم كلام"
    long = sidecar["paragraphs"][-1]["sentences"]
    assert [len(one["words"]) for one in long] == [3000]
    assert long[0]["end_s"] > long[0]["start_s"] + 500


def test_odd_files_in_the_folder_end_nothing(project: Project) -> None:
    seeds = project.folder / "seeds"
    os.mkfifo(seeds / "pipe.txt")
    (seeds / "loop.txt").symlink_to("loop.txt")
    (seeds / "nowhere.txt").symlink_to("missing")
    (seeds / "folder.txt").mkdir()
    (seeds / "سطر\nجديد.txt").write_text(SHORT_ARTICLES["a.txt"], "utf-8")
    (seeds / "مقال عربي.txt").write_text(SHORT_ARTICLES["b.txt"], "utf-8")
    Path(os.fsdecode(os.fsencode(seeds) + b"/\xff\xfe.txt")).write_text(
        SHORT_ARTICLES["b.txt"], "utf-8"
    )
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(seeds / "s.txt"))
        done = project.run("build", timeout_s=300)
    assert done.returncode == 3, done.stderr
    assert "Traceback" not in done.stderr
    sidecar = json.loads((project.audio / "briefing.json").read_text("utf-8"))
    assert len(sidecar["chapters"]) == 5
    skipped = {Path(one["path"]).name for one in sidecar["build"]["skipped"]}
    assert skipped == {"pipe.txt", "loop.txt", "nowhere.txt", "s.txt"}


@pytest.mark.parametrize("make", [lambda p: None, lambda p: shutil.rmtree(p.folder / "seeds")])
def test_no_article_at_all_fails_with_one_message(tmp_path: Path, make: object) -> None:
    project = make_project(tmp_path / "project", {})
    make(project)  # type: ignore[operator]
    done = project.run("build")
    assert done.returncode == 1
    assert len(messages(done.stderr)) == 1
    assert "seeds" in done.stderr


def test_when_every_source_fails_the_last_edition_stands(built_project: Project) -> None:
    before = (built_project.audio / "briefing.mp3").read_bytes()
    for one in (built_project.folder / "seeds").iterdir():
        one.write_bytes(b"")
    done = built_project.run("build")
    assert done.returncode == 1
    assert len(messages(done.stderr)) == 1
    assert (built_project.audio / "briefing.mp3").read_bytes() == before


@pytest.mark.parametrize(
    ("text", "place", "hint"),
    [
        ("tittle = 'x'\n", ":1", "did you mean title?"),
        ("voice = 3\n", ":1", "must be a text"),
        ("\n[output]\nformat = 'wav'\n", ":3", "one of mp3"),
        ("[pauses]\nsentence_s = -1\n", ":2", "at least 0"),
        ("[sources\n", "", "not valid TOML"),
        ("[output]\nname = '../x'\n", ":2", "cannot be a file name"),
    ],
)
def test_a_wrong_configuration_is_named_with_its_line(
    project: Project, text: str, place: str, hint: str
) -> None:
    project.configure(text)
    done = project.run("build")
    assert done.returncode == 2
    (message,) = messages(done.stderr)
    assert f"config.toml{place}" in message
    assert hint in message


def test_an_empty_configuration_works(project: Project) -> None:
    project.configure("")
    assert project.run("build").returncode == 0


@pytest.mark.parametrize(
    "arguments",
    [["build", "--voice", "nobody"], ["build", "--date", "tomorrow"], ["bild"], ["build", "--x"],
     ["build", "--config", "missing.toml"]],
    ids=" ".join,
)  # fmt: skip
def test_wrong_usage_is_exit_code_2(project: Project, arguments: list[str]) -> None:
    done = project.run(*arguments)
    assert done.returncode == 2
    assert len(messages(done.stderr)) == 1


def test_a_file_of_somebody_on_the_shelf_is_not_overwritten(project: Project) -> None:
    project.audio.mkdir()
    (project.audio / "briefing.mp3").write_bytes(b"mine")
    done = project.run("build")
    assert done.returncode == 1
    assert "move it away" in done.stderr
    assert (project.audio / "briefing.mp3").read_bytes() == b"mine"


BUILD_AND_CHANGE = """
import os, shutil, sys
from briefing.cli import main
assert main(["build", "--quiet"]) == 0
shutil.copy("audio/briefing.mp3", "before.mp3")
shutil.copy("seeds/b.txt", "seeds/c.txt")
os.environ["XDG_CACHE_HOME"] = os.environ["HOME"] = sys.argv[1]
"""


@needs_root
def test_an_unwritable_shelf_fails_with_one_message_and_keeps_its_edition(
    public_folder: Path,
) -> None:
    project = make_project(public_folder / "project")
    cache = public_folder / "their-cache"
    cache.mkdir()
    os.chown(cache, NOBODY, NOBODY)
    done = run_as_nobody(
        BUILD_AND_CHANGE,
        "sys.exit(main(['build']))",
        cache,
        folder=project.folder,
        environment=project.environment(),
    )
    assert done.returncode == 1, done.stderr
    assert len(messages(done.stderr)) == 1
    assert "cannot be written" in done.stderr
    before = (project.folder / "before.mp3").read_bytes()
    assert (project.audio / "briefing.mp3").read_bytes() == before


@pytest.mark.slow
def test_a_full_disk_leaves_the_last_edition(built_project: Project) -> None:
    before = (built_project.audio / "briefing.mp3").read_bytes()
    built_project.write("c.txt", "عنوان\n\n" + "جملة طويلة من الكلام. " * 200)
    limit = (
        "import resource,sys,runpy; resource.setrlimit(resource.RLIMIT_FSIZE,(300_000,300_000));"
    )
    code = f"{limit} import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); sys.argv=['briefing','build']; runpy.run_module('briefing', run_name='__main__')"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=built_project.folder, env=built_project.environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert any("cannot be written" in one for one in messages(done.stderr))
    assert (built_project.audio / "briefing.mp3").read_bytes() == before
    assert built_project.run("build").returncode == 0
