"""Builds by the command with Microsoft's voice, the service on the loopback."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.conftest import ROOT, Project

pytest.importorskip("edge_tts", reason="edge-tts is not installed (extra edge)")

from tests.speech.edge.service import EdgeService, fault
from tests.speech.google.proxy import GoogleProxy, authority

pytestmark = pytest.mark.slow  # test_edge_voice.py asks in each run

_TRUSTING = """
import os, ssl
import edge_tts.communicate
edge_tts.communicate._SSL_CTX = ssl.create_default_context(cafile=os.environ["EDGE_AUTHORITY"])
"""
QUICK = "[voices.edge]\nbackoff_s = 0.02\ntries = 2\n[voices.gtts]\nbackoff_s = 0.02\ntries = 2\n"


@pytest.fixture
def service():
    with EdgeService() as running:
        yield running


@pytest.fixture
def trusting(project: Project) -> dict[str, str]:
    """An environment in which edge-tts trusts the service of these tests."""
    folder = project.folder / "site"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(_TRUSTING, "utf-8")
    authority().cert_pem.write_to_path(str(folder / "authority.pem"))
    return {
        "PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)]),
        "EDGE_AUTHORITY": str(folder / "authority.pem"),
    }


def sidecar(project: Project) -> dict:
    return json.loads((project.audio / "briefing.json").read_text("utf-8"))


def published(project: Project) -> bytes:
    return Path(project.audio / "briefing.mp3").read_bytes()


def test_a_briefing_is_spoken_with_exact_word_times_and_says_by_whom(project, service, trusting):
    project.configure(f'voice = "edge"\n{QUICK}')
    environment = {**trusting, "HTTPS_PROXY": service.url}
    built = project.run("build", "--date", "2026-11-24", environment=environment)
    assert built.returncode == 0, built.stderr
    assert "edge: the text is sent over the network" in built.stderr
    voice = sidecar(project)["voice"]
    assert (voice["engine"], voice["name"]) == ("edge", "ar-SA-HamedNeural")
    assert voice["online"] is True
    sentences = [one for row in sidecar(project)["paragraphs"] for one in row["sentences"]]
    assert {one["timing"] for one in sentences if one["spoken"]} == {"exact"}
    first = published(project)
    # everything again from what was fetched: nothing is asked for, the bytes are the same
    asked = len(service.asked)
    again = project.run("build", "--force", "--date", "2026-11-24", environment=environment)
    assert again.returncode == 0, again.stderr
    assert (published(project), len(service.asked)) == (first, asked)


def test_a_named_voice_that_fails_half_way_leaves_the_edition_and_pays_nothing_twice(
    project, service, trusting
):
    project.configure("")
    assert project.run("build").returncode == 0
    before = published(project)
    project.configure(f'voice = "edge"\nworkers = 1\n{QUICK}')
    environment = {**trusting, "HTTPS_PROXY": service.url}
    service.script([*[fault("ok")] * 3, *[fault("close midway")] * 40])
    failed = project.run("build", environment=environment)
    assert failed.returncode == 1
    assert "cut short" in failed.stderr
    assert "the last edition is still published" in failed.stderr
    assert published(project) == before
    service.script([])
    built = project.run("build", environment=environment)
    assert built.returncode == 0, built.stderr
    assert len(set(service.answered)) == len(service.answered)


def test_a_named_voice_with_a_stand_in_is_published_and_tried_again(project, service, trusting):
    project.configure(f'voice = "edge"\nvoice_fallback = ["espeak"]\nworkers = 1\n{QUICK}')
    environment = {**trusting, "HTTPS_PROXY": service.url}
    service.script([*[fault("ok")] * 2, *[fault("status 403")] * 40])
    built = project.run("build", environment=environment)
    assert built.returncode == 3, built.stderr
    assert sidecar(project)["voice"]["engine"] == "espeak"  # the whole briefing
    build = sidecar(project)["build"]
    assert build["wanted_voice"] == "edge"
    assert "clock" in build["fallback_reason"]
    again = project.run("build", environment=environment)
    assert "nothing to do" in again.stderr  # not out of date for that
    service.script([])
    wanted = project.run("build", "--voice", "edge", environment=environment)
    assert wanted.returncode == 0, wanted.stderr
    assert sidecar(project)["voice"]["engine"] == "edge"
    assert len(set(service.answered)) == len(service.answered)


def test_auto_takes_edge_then_google_for_the_whole(project, service, trusting):
    project.configure(f'voice = "auto"\nworkers = 1\n{QUICK}')
    environment = {**trusting, "HTTPS_PROXY": service.url}
    built = project.run("build", environment=environment)
    assert built.returncode == 0, built.stderr
    assert sidecar(project)["voice"]["engine"] == "edge"
    with GoogleProxy() as google:
        # a proxy that plays Google is no Microsoft: the voice edge fails, Google speaks
        environment["HTTPS_PROXY"] = google.url
        built = project.run(
            "build",
            "--force",
            environment={**environment, "XDG_CACHE_HOME": str(project.folder / "other")},
        )
        assert built.returncode == 3, built.stderr
        assert sidecar(project)["voice"]["engine"] == "gtts"
        assert "edge: " in sidecar(project)["build"]["fallback_reason"]


def test_offline_forbids_it_by_the_line_that_names_it(project):
    project.configure('offline = true\nvoice_fallback = ["edge"]\n')
    refused = project.run("build")
    assert refused.returncode == 2
    assert "config.toml:2: voice_fallback: 'edge'" in refused.stderr
    assert "offline = true" in refused.stderr
    project.configure('voice_fallback = ["edje"]\n')
    refused = project.run("check")
    assert refused.returncode == 2
    assert "did you mean edge?" in refused.stderr


def test_say_speaks_with_a_stand_in_only_where_no_voice_is_named(project):
    project.configure('voice = "edge"\nvoice_fallback = ["espeak"]\n')
    environment = {"HTTPS_PROXY": "http://127.0.0.1:9"}
    audition = project.run("say", "مرحبا", "-o", "hello.mp3", environment=environment)
    assert audition.returncode == 0, audition.stderr
    assert "edge: " in audition.stderr
    named = project.run(
        "say", "مرحبا", "--voice", "edge", "-o", "hello.mp3", environment=environment
    )
    assert named.returncode == 1
    assert "no voice can speak: edge: " in named.stderr
