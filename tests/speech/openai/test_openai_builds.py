"""Builds by the command with a server's voice, the server on the loopback."""

from __future__ import annotations

import json

import pytest

from tests.conftest import Project
from tests.speech.openai.server import SpeechServer, fault

pytestmark = pytest.mark.slow  # test_openai_voice.py asks in each run

KEY = "sk-secret"


@pytest.fixture
def server():
    with SpeechServer() as running:
        yield running


def configure(project: Project, server: SpeechServer, more: str = "", settings: str = "") -> None:
    project.configure(
        f'voice = "openai"\n{more}\n[voices.openai]\nurl = "{server.url}"\nmodel = "m"\n'
        f'voice = "salma"\nbackoff_s = 0.02\ntries = 2\n{settings}\n'
    )


def sidecar(project: Project) -> dict:
    return json.loads((project.audio / "briefing.json").read_text("utf-8"))


def published(project: Project) -> bytes:
    return (project.audio / "briefing.mp3").read_bytes()


def test_a_briefing_is_spoken_offline_by_a_server_on_this_machine(project, server):
    configure(project, server, "offline = true", 'key_variable = "MY_KEY"')
    environment = {"MY_KEY": KEY, "ALL_PROXY": "http://127.0.0.1:9"}
    built = project.run("build", "--date", "2026-11-24", environment=environment)
    assert built.returncode == 0, built.stderr
    assert "over the network" not in built.stderr
    voice = sidecar(project)["voice"]
    assert (voice["engine"], voice["name"], voice["online"]) == ("openai", "salma", False)
    sentences = [one for row in sidecar(project)["paragraphs"] for one in row["sentences"]]
    assert {one["timing"] for one in sentences if one["spoken"]} == {"estimated"}
    for path in project.folder.rglob("*"):
        assert not path.is_file() or KEY.encode() not in path.read_bytes(), path
    # everything again from what was fetched: nothing is asked for, the bytes are the same
    first, count = published(project), len(server.asked)
    again = project.run("build", "--force", "--date", "2026-11-24", environment=environment)
    assert again.returncode == 0, again.stderr
    assert (published(project), len(server.asked)) == (first, count)


def test_a_server_that_fails_half_way_leaves_the_edition_and_is_asked_nothing_twice(
    project, server
):
    project.configure("")
    assert project.run("build").returncode == 0
    before = published(project)
    configure(project, server, "workers = 1")
    server.script([*[fault("ok")] * 3, *[fault("body cut")] * 40])
    failed = project.run("build")
    assert failed.returncode == 1
    assert "openai: the sound is cut short" in failed.stderr
    assert "the last edition is still published" in failed.stderr
    assert published(project) == before
    server.script([])
    built = project.run("build")
    assert built.returncode == 0, built.stderr
    assert len(set(server.answered)) == len(server.answered)


def test_with_a_stand_in_the_whole_briefing_is_spoken_by_it(project, server):
    configure(project, server, 'voice_fallback = ["espeak"]')
    server.script([*[fault("ok")] * 2, *[fault("status 404")] * 40])
    built = project.run("build")
    assert built.returncode == 3, built.stderr
    assert sidecar(project)["voice"]["engine"] == "espeak"
    assert "404 model_not_found" in sidecar(project)["build"]["fallback_reason"]


def test_offline_refuses_a_server_on_another_machine_by_the_line_that_names_it(project):
    project.configure(
        'offline = true\nvoice = "openai"\n[voices.openai]\nurl = "https://example.org/v1"\n'
    )
    refused = project.run("build")
    assert refused.returncode == 2
    assert "config.toml:2: voice = 'openai'" in refused.stderr
    assert "offline = true" in refused.stderr


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ('url = "http://127.0.0.1:99999/v1"', "config.toml:3: voices.openai.url: "),
        ('url = "http://me:secret@127.0.0.1/v1"', "config.toml:3: voices.openai.url must"),
        (
            'url = "http://example.org/v1"\nkey_variable = "MY_KEY"',
            "config.toml:4: voices.openai.key_variable: ",
        ),
        ('key_variable = "sk-secret"', "config.toml:3: voices.openai.key_variable must"),
    ],
)
def test_a_wrong_setting_is_told_by_its_line_and_without_a_secret(project, settings, message):
    project.configure(f'voice = "openai"\n[voices.openai]\n{settings}\n')
    refused = project.run("build")
    assert refused.returncode == 2, refused.stderr
    assert message in refused.stderr
    assert "secret" not in refused.stderr
    assert "unexpected" not in refused.stderr


def test_voices_lists_it_with_what_is_missing(project, server):
    project.configure("")
    assert "voices.openai.url is not set" in project.run("voices").stdout
    configure(project, server)
    listed = project.run("voices")
    assert listed.returncode == 0, listed.stderr
    assert 'voice = "openai": openai speaks' in listed.stdout
    assert server.orders == []


def test_say_speaks_with_it(project, server):
    configure(project, server)
    audition = project.run("say", "مرحبا بكم", "-o", "hello.mp3")
    assert audition.returncode == 0, audition.stderr
    assert (project.folder / "hello.mp3").stat().st_size > 1000
    assert len(server.asked) == 1
