"""Voices are found by entry points; one that fails is followed by the next, for the whole."""

from __future__ import annotations

import dataclasses
import json
import math
import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from briefing.clip_cache import FolderStore
from briefing.config import load
from briefing.errors import UsageError, VoiceError
from briefing.production.memory import count_that_fit, free_mb
from briefing.speech.voice import Voice
from briefing.speech.voices import make_voice, usable_voice
from tests.conftest import ROOT, Project
from tests.speech.google.proxy import GoogleProxy, fault

_EXAMPLE = re.search(
    r"```python\n(\"\"\"tone_voice.*?)```",
    (ROOT / "docs" / "scripting.md").read_text("utf-8"),
    re.DOTALL,
)
assert _EXAMPLE is not None
_TONE_VOICE = (
    _EXAMPLE[1]
    + '''
from briefing.errors import VoiceError

class Faulty(Tone):
    """The voice of the manual, which fails or is a service where its settings say so."""

    def __init__(self, settings, store):
        super().__init__(settings, store)
        self.fails_at = settings.get("fails_at", "")
        for fact in {"online", "concurrency", "memory_mb", "speaker"} & set(settings):
            setattr(self, fact, settings[fact])

    def speak(self, notations):
        import multiprocessing, threading
        threads = getattr(self, "concurrency", "") == "threads" or self.online
        in_process = multiprocessing.parent_process() is not None
        in_thread = threading.current_thread() is not threading.main_thread()
        assert not (in_process if threads else in_thread), "it is called in a wrong way"
        if self.fails_at and any(self.fails_at in notation for notation in notations):
            raise VoiceError("tone: cannot say this")
        return super().speak(notations)
'''
)


@pytest.fixture
def with_tone(project: Project) -> Project:
    """A project in which a voice of somebody else is installed."""
    site = project.folder / "site"
    information = site / "tone_voice-1.dist-info"
    information.mkdir(parents=True)
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: tone-voice\nVersion: 1\n")
    (information / "entry_points.txt").write_text("[briefing.voices]\ntone = tone_voice:Faulty\n")
    (site / "tone_voice.py").write_text(_TONE_VOICE)
    return project


def run(project: Project, *arguments: str, **environment: str):  # type: ignore[no-untyped-def]
    path = f"{project.folder / 'site'}:{project.environment()['PYTHONPATH']}"
    return project.run(*arguments, environment={"PYTHONPATH": path, **environment})


def sidecar(project: Project) -> dict:  # type: ignore[type-arg]
    value: dict = json.loads((project.audio / "briefing.json").read_text("utf-8"))  # type: ignore[type-arg]
    return value


def test_a_voice_that_somebody_installs_speaks_with_its_settings(with_tone: Project) -> None:
    with_tone.configure('voice = "tone"\n[voices.tone]\nfrequency_hz = 300\n')
    assert "tone" in run(with_tone, "voices").stdout
    done = run(with_tone, "build")
    assert done.returncode == 0, done.stderr
    assert sidecar(with_tone)["voice"] == {
        "engine": "tone", "name": "tone", "version": "1 300", "online": False
    }  # fmt: skip
    first = sidecar(with_tone)["paragraphs"][1]["sentences"][0]
    assert first["timing"] == "estimated"
    assert math.isclose(
        first["end_s"] - first["start_s"], 0.1 * len(first["spoken"].split()), abs_tol=0.03
    )


def test_a_voice_that_fails_half_way_publishes_nothing_of_its_own(with_tone: Project) -> None:
    assert run(with_tone, "build").returncode == 0
    before = (with_tone.audio / "briefing.mp3").read_bytes()
    with_tone.configure('voice = "tone"\n[voices.tone]\nfails_at = "احتفل"\n')
    done = run(with_tone, "build")
    assert done.returncode == 1
    assert "cannot say this" in done.stderr
    assert "the last edition is still published" in done.stderr
    assert (with_tone.audio / "briefing.mp3").read_bytes() == before


def test_a_voice_of_thirty_lines_gets_the_members_that_it_leaves_out(
    with_tone: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(with_tone.folder / "site")
    voice = make_voice("tone", {"frequency_hz": 300}, FolderStore(with_tone.folder / "cache"))
    assert (voice.name, voice.version) == ("tone", "1 300")
    assert voice.requests(["كلمة"]) is None
    assert (voice.concurrency, voice.memory_mb, voice.speaker) == ("processes", 0, "tone")
    assert voice.room_tone_dbfs is None
    assert voice.mark_continuation("كلمة", before=True, after=False) == "كلمة"
    voice.stop()
    with pytest.raises(AttributeError, match="tempo"):
        voice.tempo  # type: ignore[attr-defined]  # noqa: B018


def test_an_online_voice_of_thirty_lines_is_checked_auditioned_and_built_with(
    with_tone: Project,
) -> None:
    with_tone.configure('voice = "tone"\n[voices.tone]\nonline = true\n')
    checked = run(with_tone, "check")
    assert checked.returncode == 0, checked.stderr
    assert "voice tone: can speak\n" in checked.stdout
    said = run(with_tone, "say", "مرحبا", "-o", "hello.mp3")
    assert said.returncode == 0, said.stderr
    built = run(with_tone, "build")
    assert built.returncode == 0, built.stderr
    assert sidecar(with_tone)["voice"]["online"] is True


def test_a_service_on_this_machine_is_called_from_threads_and_allowed_offline(
    with_tone: Project,
) -> None:
    with_tone.configure(
        'voice = "tone"\noffline = true\n[voices.tone]\nconcurrency = "threads"\nspeaker = "Omar"\n'
    )
    built = run(with_tone, "build")
    assert built.returncode == 0, built.stderr
    assert "over the network" not in built.stderr
    assert sidecar(with_tone)["voice"] == {
        "engine": "tone", "name": "Omar", "version": "1 440", "online": False
    }  # fmt: skip


def test_workers_are_no_more_than_fit_into_memory() -> None:
    assert count_that_fit(8, 0) == 8
    assert count_that_fit(8, 10**9) == 1
    free = free_mb()
    assert free is None or 1 <= count_that_fit(1000, round(free / 4)) <= 4


def test_how_many_requests_googles_voice_would_make_is_checked(project: Project) -> None:
    project.configure('voice = "gtts"\n')
    checked = project.run("check", environment={"HTTPS_PROXY": "http://127.0.0.1:9"})
    (line,) = [line for line in checked.stdout.splitlines() if line.startswith("voice gtts: ")]
    assert int(line.rpartition("; online requests: ")[2]) > 0


def chosen(project: Project, requested: str, *, offline: bool = False) -> Voice:
    project.configure("")
    (config,) = load(project.folder / "config.toml")
    config = dataclasses.replace(config, voice=requested, offline=offline)
    return usable_voice(config, None, FolderStore(Path("unused")))


def test_of_several_voices_the_first_that_can_speak_is_chosen(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    assert chosen(project, "auto").name == "espeak"
    assert chosen(project, "auto", offline=True).name == "espeak"
    with GoogleProxy() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        assert chosen(project, "auto").name == ("edge" if find_spec("edge_tts") else "gtts")
        assert chosen(project, "auto", offline=True).name == "espeak"
        assert proxy.asked == []  # no text was sent


def test_a_voice_requested_by_name_has_no_stand_in(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    with pytest.raises(VoiceError, match=r"no voice can speak: gtts: translate\.google\.com .*"):
        chosen(project, "gtts")
    with pytest.raises(UsageError, match="'gtts' sends the text over the network"):
        chosen(project, "gtts", offline=True)
    with pytest.raises(UsageError, match=r"there is no voice 'esspeak'; did you mean espeak\?"):
        chosen(project, "esspeak")


def test_auto_without_a_network_is_spoken_offline_within_seconds(project: Project) -> None:
    project.configure('voice = "auto"\n')
    done = project.run("build", environment={"HTTPS_PROXY": "http://127.0.0.1:9"}, timeout_s=100)
    assert done.returncode == 3, done.stderr
    build = sidecar(project)["build"]
    assert sidecar(project)["voice"]["engine"] == "espeak"
    assert build["wanted_voice"] == "auto"
    assert "gtts" in build["fallback_reason"]
    again = project.run("build", environment={"HTTPS_PROXY": "http://127.0.0.1:9"})
    assert "nothing to do" in again.stderr  # a stand-in's edition is not out of date for that


def test_a_voice_that_fails_half_way_is_replaced_for_the_whole_and_not_paid_twice(
    project: Project,
) -> None:
    project.configure(
        'voice = "gtts"\nvoice_fallback = ["espeak"]\n[voices.gtts]\nbackoff_s = 0.05\ntries = 2\n'
    )
    with GoogleProxy() as proxy:
        environment = {"HTTPS_PROXY": proxy.url}
        proxy.script([*[fault("ok")] * 3, *[fault("status 429")] * 40])
        done = project.run("build", environment=environment)
        assert done.returncode == 3, done.stderr
        assert sidecar(project)["voice"]["engine"] == "espeak"
        assert "sent over the network" in done.stderr
        proxy.script([])
        paid = len(proxy.answered)
        done = project.run("build", "--voice", "gtts", environment=environment)
        assert done.returncode == 0, done.stderr
        assert sidecar(project)["voice"] == {
            **sidecar(project)["voice"],
            "engine": "gtts",
            "online": True,
        }
        assert len(set(proxy.answered)) == len(proxy.answered) > paid
        done = project.run("build", environment=environment)
        assert "nothing to do" in done.stderr
