"""Several briefings of one configuration: built at the same time, each with its own record."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.conftest import SHORT_ARTICLES, Project, make_project

DAY = ("--date", "2026-11-24")
ON_LINUX = pytest.mark.skipif(
    sys.platform != "linux", reason="looks at processes as Linux has them"
)

_MEETING_VOICE = '''
"""A voice that notes who speaks, and whose sentences say how it behaves."""
import os, struct, time
from pathlib import Path
from briefing.errors import VoiceError
from briefing.speech.voice import Speech

class Meeting:
    name = "meeting"
    online = False
    version = "1"

    def __init__(self, settings, store):
        self.folder = Path(settings["folder"])

    def unavailable(self):
        return None

    def notation(self, sentence):
        if "يموت" in sentence.text:
            os.kill(os.getpid(), 9)
        return sentence.spoken

    def speak(self, notations):
        note = self.folder / f"{os.getpid()}-{time.monotonic_ns()}"
        note.write_text("\\n".join(notations), "utf-8")
        (self.folder / "worker").mkdir(exist_ok=True)
        (self.folder / "worker" / str(os.getpid())).touch()
        for notation in notations:
            # the sentence waits until one that begins with the word after "ينتظر" is spoken
            if "ينتظر" in notation:
                self.wait_for(notation.split("ينتظر")[1].split()[0])
            yield Speech(struct.pack("<2205h", *[9000, -9000] * 1102, 0), 22050)

    def wait_for(self, word):
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            for note in self.folder.glob("*-*"):
                sentences = note.read_text("utf-8").splitlines()
                if word in [sentence.split()[0] for sentence in sentences]:
                    return
            time.sleep(0.01)
        raise VoiceError(f"meeting: nobody said {word}")
'''


def several(
    folder: Path, texts: dict[str, str], top: str = "", *, meeting: bool = False
) -> Project:
    """Return a project with a briefing for each text, each on a shelf of its own."""
    project = make_project(folder, {})
    if meeting:
        information = folder / "meeting_voice-1.dist-info"
        information.mkdir()
        (information / "METADATA").write_text(
            "Metadata-Version: 2.1\nName: meeting-voice\nVersion: 1\n"
        )
        (information / "entry_points.txt").write_text(
            "[briefing.voices]\nmeeting = meeting_voice:Meeting\n"
        )
        (folder / "meeting_voice.py").write_text(_MEETING_VOICE)
        (folder / "said").mkdir()
        top += f'\nvoice = "meeting"\nvoices.meeting.folder = "{folder / "said"}"\n'
    tables = []
    for name, text in texts.items():
        (folder / name).mkdir()
        if text:
            (folder / name / "a.txt").write_text(text, "utf-8")
        tables.append(
            f'[briefing.{name}]\nsources.folder = "{name}"\noutput.folder = "audio-{name}"\n'
        )
    project.configure("\n".join([top, *tables]))
    return project


def article(*sentences: str) -> str:
    return "عنوان\n\n" + "\n\n".join(sentences) + "\n"


def command(project: Project) -> list[str]:
    return [sys.executable, "-m", "briefing", "build", *DAY]


def environment(project: Project) -> dict[str, str]:
    path = f"{project.folder}{os.pathsep}{project.environment()['PYTHONPATH']}"
    return {**project.environment(), "PYTHONPATH": path}


def built(project: Project, *arguments: str) -> subprocess.CompletedProcess[str]:
    return project.run("build", *DAY, *arguments, environment=environment(project), timeout_s=200)


def heed_ctrl_c() -> None:
    """Undo what nohup and a shell's & do: whoever starts the tests so lets them ignore SIGINT."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextmanager
def running(arguments: Sequence[str], project: Project) -> Iterator[subprocess.Popen[str]]:
    """Run a process in a group of its own, which is killed at the end whatever happened."""
    with subprocess.Popen(
        arguments, cwd=project.folder, env=environment(project), text=True, encoding="utf-8",
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        start_new_session=True, preexec_fn=heed_ctrl_c if os.name == "posix" else None,
    ) as process:  # fmt: skip
        try:
            yield process
        finally:
            with suppress(OSError):
                os.killpg(process.pid, signal.SIGKILL)


def until(is_so: Callable[[], bool], seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_briefing_is_spoken_while_another_is_and_no_more_workers_speak_than_configured(
    tmp_path: Path,
) -> None:
    texts = {
        "one": article("أحمد ينتظر خالد قليلا"),
        "two": article("خالد ينتظر أحمد قليلا", "جملة أخرى"),
        "three": article("جملة ثالثة", "جملة رابعة"),
    }
    project = several(tmp_path / "project", texts, "workers = 2", meeting=True)
    done = built(project)
    assert done.returncode == 0, done.stderr
    assert sorted(done.stdout.split()) == sorted(
        str(project.folder / f"audio-{name}" / f"{name}.mp3") for name in texts
    )
    assert len(list((project.folder / "said" / "worker").iterdir())) == 2


@pytest.mark.slow
def test_what_is_built_together_is_byte_for_byte_what_is_built_alone(tmp_path: Path) -> None:
    texts = {"one": SHORT_ARTICLES["a.txt"], "two": SHORT_ARTICLES["b.txt"]}
    together = several(tmp_path / "together", texts, "workers = 3")
    alone = several(tmp_path / "alone", texts)
    assert built(together).returncode == 0
    for name in texts:
        assert built(alone, "--name", name).returncode == 0
        for ending in ("mp3", "vtt", "chapters.json"):
            file = f"audio-{name}/{name}.{ending}"
            assert (together.folder / file).read_bytes() == (alone.folder / file).read_bytes()
        sidecars = [
            json.loads((project.folder / f"audio-{name}" / f"{name}.json").read_text("utf-8"))
            for project in (together, alone)
        ]
        for sidecar in sidecars:
            del sidecar["build"]
        assert sidecars[0] == sidecars[1]


def test_briefings_of_one_shelf_do_not_report_each_other_as_another_build(tmp_path: Path) -> None:
    project = several(tmp_path / "project", {"one": "", "two": ""}, "workers = 2")
    project.configure(
        'workers = 2\n[briefing.one]\nsources.patterns = ["a*"]\n'
        '[briefing.two]\nsources.patterns = ["b*"]\n'
    )
    for name, text in SHORT_ARTICLES.items():
        project.write(name, text)
    done = built(project)
    assert done.returncode == 0, done.stderr
    assert "another build" not in done.stderr
    for name in ("one", "two"):
        assert (project.audio / f"{name}.mp3").stat().st_size > 1000
        assert f"{name}: " in done.stderr


def test_the_exit_code_is_that_of_the_worst_briefing_and_each_has_its_own_record(
    tmp_path: Path,
) -> None:
    texts = {name: article(f"نص رقم {name}.") for name in ("one", "two", "three", "four")}
    project = several(tmp_path / "project", texts)
    assert built(project).returncode == 0
    (project.folder / "four" / "b.txt").write_bytes(b"")
    assert built(project).returncode == 3
    (project.folder / "three" / "a.txt").write_bytes(b"")
    assert built(project).returncode == 1
    (project.folder / "four" / "c.txt").write_bytes(b"")
    with (project.folder / "config.toml").open("a") as file:
        file.write('voice = "nobody"\n')
    done = built(project)
    assert done.returncode == 2
    assert "\none: " in f"\n{done.stderr}"
    assert "briefing: three: " in done.stderr
    assert re.search(
        r"briefing: four: .*config\.toml:\d+: .*there is no voice 'nobody'", done.stderr
    )
    status = project.run("status", "--json")
    assert status.returncode == 1
    rows = json.loads(status.stdout)["briefings"]
    assert [(row["name"], row["state"], row["last_build"]["exit_code"]) for row in rows] == [
        ("one", "ok", 0), ("two", "ok", 0), ("three", "failed", 1), ("four", "failed", 2)
    ]  # fmt: skip
    assert "is empty" in rows[2]["last_build"]["message"]
    assert "there is no voice" in rows[3]["last_build"]["message"]


def test_a_briefing_that_another_process_builds_keeps_no_other_waiting(tmp_path: Path) -> None:
    texts = {"one": article("نص أول."), "two": article("نص ثان.")}
    project = several(tmp_path / "project", texts, "workers = 2")
    holder = [
        sys.executable, "-c", "import sys; from pathlib import Path\n"
        "from briefing.shelf.lock import lock\n"
        "with lock(Path('audio-one'), 'build'), lock(Path('audio-one'), 'build.one'):\n"
        "    print(flush=True); sys.stdin.read()",
    ]  # fmt: skip
    with running(holder, project) as other:
        assert other.stdout
        other.stdout.readline()
        with running(command(project), project) as build:
            until(lambda: (project.folder / "audio-two" / "two.mp3").exists())
            assert build.poll() is None
            other.communicate()
            messages = build.communicate(timeout=120)[1]
            assert build.returncode == 0
    assert messages.count("another build") == 1
    assert "one: another build" in messages


def test_many_briefings_up_to_date_import_no_voice_model_or_audio_library(tmp_path: Path) -> None:
    project = several(tmp_path / "project", {n: article("نص قصير.") for n in ("one", "two")})
    assert built(project).returncode == 0
    done = project.run("build", *DAY, environment={"PYTHONPROFILEIMPORTTIME": "1"})
    assert done.stderr.count("up to date") == 2
    loaded = {line.rsplit("|", 1)[-1].strip() for line in done.stderr.splitlines()}
    assert "briefing.commands.build" in loaded
    assert not loaded & {"numpy", "onnxruntime", "av", "multiprocessing", "rich"}


@ON_LINUX
def test_a_build_whose_process_is_killed_fails_alone(tmp_path: Path) -> None:
    texts = {"one": article("هذا يموت هنا"), "two": article("نص ثان."), "three": article("ثالث.")}
    project = several(tmp_path / "project", texts, "workers = 2", meeting=True)
    done = built(project)
    assert done.returncode == 1
    assert "one: the process that built it died" in done.stderr
    assert "Traceback" not in done.stderr
    for name in ("two", "three"):
        assert (project.folder / f"audio-{name}" / f"{name}.mp3").exists()


@ON_LINUX
@pytest.mark.parametrize("way", ["Ctrl-C", "SIGTERM", "SIGKILL"])
def test_ended_in_the_middle_it_leaves_no_process_and_no_half_edition(
    tmp_path: Path, way: str
) -> None:
    texts = {"one": article("أحمد ينتظر أبدا"), "two": article("خالد ينتظر أبدا")}
    project = several(tmp_path / "project", texts, "workers = 2", meeting=True)
    with running(command(project), project) as build:
        said = project.folder / "said"
        until(lambda: sum("ينتظر" in note.read_text("utf-8") for note in said.glob("*-*")) == 2)
        if way == "Ctrl-C":
            os.killpg(build.pid, signal.SIGINT)
        else:
            build.send_signal(signal.SIGTERM if way == "SIGTERM" else signal.SIGKILL)
        messages = build.communicate(timeout=120)[1]
    until(lambda: not _group(build.pid), 10)  # before the voice gives up by itself
    assert "Traceback" not in messages
    if way != "SIGKILL":
        assert build.returncode == 130
        assert messages.splitlines()[-1] == "briefing: stopped"
        for name in texts:
            assert not (project.folder / f"audio-{name}" / f"{name}.mp3").exists()


def _group(leader: int) -> list[str]:
    """List the processes of a group."""
    members = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[2]) == leader and fields[0] != "Z":
                members.append(folder.name)
    return members


def test_a_wrong_command_line_is_no_failed_build_and_a_wrong_configuration_is(
    project: Project,
) -> None:
    project.configure("offline = true\n")
    assert project.run("build").returncode == 0
    before = project.run("status", "--json").stdout
    for arguments in (["--voice", "gtt"], ["--voice", "gtts"], ["--date", "x"], ["--name", "x"]):
        done = project.run("build", *arguments)
        assert done.returncode == 2
        assert len(done.stderr.splitlines()) == 1
        assert project.run("status", "--json").stdout == before
    project.configure('voice = "gtt"\n')
    assert project.run("build").returncode == 2
    assert "no voice 'gtt'" in project.run("status").stdout
    project.configure("")
    for file in (project.folder / "seeds").iterdir():
        file.unlink()
    assert project.run("build").returncode == 1
    assert "there is no article" in project.run("status").stdout


@pytest.mark.parametrize("make_sources", [lambda _: None, lambda folder: folder.mkdir()],
                         ids=["no folder", "an empty folder"])  # fmt: skip
def test_without_a_source_nothing_is_left_where_no_shelf_is(
    tmp_path: Path, make_sources: Callable[[Path], None]
) -> None:
    folder = tmp_path / "somewhere"
    folder.mkdir()
    make_sources(folder / "seeds")
    before = sorted(folder.rglob("*"))
    done = Project(folder).run("build", environment={"XDG_CACHE_HOME": str(tmp_path / "cache")})
    assert done.returncode == 1
    assert sorted(folder.rglob("*")) == before


def test_a_shelf_that_a_later_briefing_makes_has_the_failure_of_an_earlier_one(
    tmp_path: Path,
) -> None:
    project = several(tmp_path / "project", {"one": "", "two": article("نص.")})
    project.configure(
        '[briefing.one]\nsources.folder = "one"\n[briefing.two]\nsources.folder = "two"\n'
    )
    assert built(project).returncode == 1
    one, two = json.loads(project.run("status", "--json").stdout)["briefings"]
    assert (one["state"], two["state"]) == ("failed", "ok")
