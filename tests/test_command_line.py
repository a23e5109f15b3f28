"""The command line: what is mistyped is named with what was meant, and no file is misnamed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import av
import pytest

from briefing.cli import main
from tests.conftest import Project
from tests.speech.google.proxy import GoogleProxy

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


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            "--config x.toml check",
            "--config stands after the command, as in: briefing build --config",
        ),
        ("bild", "there is no command 'bild'; did you mean build?"),
        ("zzz", "there are: build, gather, script, say"),
        ("build --voise espeak", "did you mean --voice?; see: briefing build --help"),
        ("script a.txt --jsn", "did you mean --json?"),
        ("build --voice gtt", "there is no voice 'gtt'; did you mean gtts?"),
        ("say خبر --voice ESPEAK", "did you mean espeak?"),
        ("build --voice nobody", "there are: edge, espeak, gtts, openai, auto"),
        ("listen --port 70000", "--port 70000: must be at most 65535"),
        ("listen --port -1", "--port -1: must be at least 0"),
        (
            "say خبر -o x.wav",
            "-o x.wav: the ending must be that of a format, one of .mp3, .m4b, .opus",
        ),
        ("say خبر -o mp3", "the ending must be that of a format"),
        ("say خبر -o seeds", "seeds: is a folder; name a file"),
        ("say خبر -o none/x.mp3", "there is no folder none"),
    ],
)
def test_wrong_usage_says_what_was_meant(
    project: Project, run: Run, arguments: str, message: str
) -> None:
    before = sorted(project.folder.iterdir())
    code, _, err = run(*arguments.split())
    assert code == 2
    assert message in err
    assert len(err.splitlines()) == 1
    assert [path for path in sorted(project.folder.iterdir()) if path.name != "audio"] == before


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("c.txt", "briefing: c.txt: there is no such file"),
        ("a.txt", "briefing: a.txt: there is no such file; did you mean seeds/a.txt?"),
        ("seeds/a.text", "did you mean seeds/a.txt?"),
        ("A", "did you mean seeds/a.txt?"),
        ("seeds", "briefing: seeds: is a folder; name an article in it, such as seeds/a.txt"),
        ("empty.txt", "briefing: empty.txt: is empty"),
        ("broken.txt", "briefing: broken.txt: is a link that leads nowhere"),
        ("pipe.txt", "briefing: pipe.txt: is a pipe; pass it to `briefing script -`"),
        ("x" * 300, "cannot be read: File name too long"),
    ],
)
@pytest.mark.skipif(os.name == "nt", reason="pipes and links as POSIX has them")
def test_an_article_that_cannot_be_shown_is_named_with_its_cause(
    project: Project, run: Run, name: str, message: str
) -> None:
    (project.folder / "empty.txt").write_text("")
    (project.folder / "broken.txt").symlink_to("nowhere")
    os.mkfifo(project.folder / "pipe.txt")
    code, out, err = run("script", name)
    assert (code, out) == (1, "")
    assert message in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize(
    ("ending", "container", "codec"),
    [("mp3", "mp3", "mp3"), ("M4B", "mov,mp4,m4a,3gp,3g2,mj2", "aac"), ("opus", "ogg", "opus")],
)
def test_a_phrase_is_written_in_the_format_of_its_ending(
    project: Project, run: Run, ending: str, container: str, codec: str
) -> None:
    file = project.folder / f"phrase.{ending}"
    file.write_bytes(b"before")
    assert run("say", "وصل الوزير", "-o", file.name) == (0, "", "")
    with av.open(str(file)) as sound:
        assert sound.format.name == container
        assert sound.streams.audio[0].codec_context.codec.canonical_name == codec
        assert sum(frame.samples for frame in sound.decode(audio=0)) > 10_000
    assert sorted(path.name for path in project.folder.iterdir()) == ["cache", file.name, "seeds"]


def test_a_phrase_goes_to_standard_output_and_nothing_else_does(project: Project) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "briefing", "say", "وصل الوزير", "-o", "-", "--verbose"],
        cwd=project.folder,
        env=project.environment(),
        capture_output=True,
        check=True,
    )
    assert done.stdout[:2] in (b"\xff\xf3", b"\xff\xfb")  # an MP3 frame: ISO/IEC 13818-3
    assert b"/tmp" not in done.stdout
    assert not (project.folder / "-").exists()
    empty = subprocess.run(
        [sys.executable, "-m", "briefing", "say", "…", "-o", "-"],
        cwd=project.folder,
        env=project.environment(),
        capture_output=True,
        check=False,
    )
    assert (empty.returncode, empty.stdout) == (1, b"")
    assert b"nothing to speak" in empty.stderr


def test_before_a_phrase_is_sent_over_the_network_a_line_says_so(project: Project) -> None:
    with GoogleProxy() as proxy:
        done = project.run(
            "say", "خبر", "--voice", "gtts", "-o", "x.mp3", environment={"HTTPS_PROXY": proxy.url}
        )
    assert done.returncode == 0, done.stderr
    assert done.stderr == "briefing: gtts: the text is sent over the network to be spoken\n"
    assert proxy.asked == ["خبر"]


def test_the_file_of_a_phrase_that_cannot_be_written_stays_as_it_was(
    project: Project, run: Run, tmp_path: Path
) -> None:
    file = project.folder / "phrase.mp3"
    file.write_bytes(b"before")
    code, _, err = run("say", "…", "-o", "phrase.mp3")
    assert code == 1
    assert "nothing to speak" in err
    assert file.read_bytes() == b"before"
