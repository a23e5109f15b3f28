"""`briefing check` says how many workers match, and why others do not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster.clusters import (
    PATIENCE_S,
    Cluster,
    cluster,
    other_version,
    python_path,
    voice_package,
)
from tests.cluster.voices import TONES
from tests.conftest import Project

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A worker like this process, one with another lameenc, and one without our preload."""
    folder = tmp_path_factory.mktemp("mixed")
    with cluster(folder, 1) as machines:
        path = python_path(other_version(folder / "other", "lameenc", "1.8.1"))
        machines.start_workers(1, PYTHONPATH=path)
        machines.start_workers(1, preload="", PYTHONPATH=python_path())
        yield machines


def check(project: Project, machines: Cluster, top: str = "", path: str = "") -> tuple[int, str]:
    """Return the exit code and the output of `briefing check`."""
    shared = project.folder / "shared"
    project.configure(
        f'{top}\n[cache]\nshared = "file://{shared}"\n\n[cluster]\naddress = "{machines.address}"\n'
    )
    environment = {"PYTHONPATH": path} if path else None
    done = project.run("check", timeout_s=PATIENCE_S, environment=environment)
    return done.returncode, done.stdout + done.stderr


def test_check_counts_workers_and_says_what_others_have_otherwise(
    project: Project, mixed: Cluster
) -> None:
    code, text = check(project, mixed)
    assert code == 0, text
    assert f"cluster {mixed.address}: voice espeak: 1 of 3 workers match" in text
    assert re.search(r"  tcp://127\.0\.0\.1:\d+: lameenc 1\.8\.1 instead of \d", text)
    assert "start it with --preload briefing.cluster.worker" in text


def test_a_voice_that_no_worker_has_is_reported_with_code_3(
    project: Project, mixed: Cluster
) -> None:
    folder = voice_package(project.folder / "voice", "tones", TONES)
    code, text = check(project, mixed, 'voice = "tones"', python_path(folder))
    assert code == 3, text
    assert "voice tones: 0 of 3 workers match" in text
    assert "it lacks the voice tones of tones-voice-1" in text


def test_a_voice_that_waits_for_a_service_stays_here(project: Project, mixed: Cluster) -> None:
    source = TONES.replace("online = False", 'online = False\n    concurrency = "threads"')
    folder = voice_package(project.folder / "voice", "tones", source)
    code, text = check(project, mixed, 'voice = "tones"', python_path(folder))
    assert code == 0, text
    assert "cluster: voice tones waits for a service and stays on this machine" in text
    assert "match" not in text


def test_a_scheduler_that_is_not_there_is_reported_with_code_3(
    project: Project, tmp_path: Path
) -> None:
    nobody = Cluster(tmp_path, {}, address="tcp://127.0.0.1:9")
    code, text = check(project, nobody)
    assert code == 3, text
    assert "cluster tcp://127.0.0.1:9: the scheduler does not answer; see that it runs" in text
    assert "Traceback" not in text
