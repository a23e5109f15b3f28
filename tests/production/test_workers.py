"""Jobs are done whatever becomes of the workers, and no worker waits for its parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from briefing.production.workers import WorkerDied, Workers
from tests.conftest import Project

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="wide pipes and kills are Linux's")

CLIP_BYTES = 400_000
"""Of a minute of speech."""


def nothing() -> None:
    pass


def note(path: str) -> bytes:
    Path(path).touch()
    return bytes(CLIP_BYTES)


def die(path: str) -> str:
    """Die once for each letter in the file."""
    left = Path(path).read_text()
    if left:
        Path(path).write_text(left[1:])
        os.kill(os.getpid(), signal.SIGKILL)
    return "done"


def test_a_worker_goes_on_while_nobody_takes_its_result(tmp_path: Path) -> None:
    files = [tmp_path / "first", tmp_path / "second"]
    workers = Workers(note, nothing, 1)
    try:
        results = [workers.submit(str(file)) for file in files]
        deadline = time.monotonic() + 90
        while not files[1].exists():
            assert time.monotonic() < deadline, "the worker waits for its first result to be taken"
            time.sleep(0.01)
        assert [len(one.result()) for one in results] == [CLIP_BYTES, CLIP_BYTES]
    finally:
        workers.close()


@pytest.mark.parametrize("count", [1, 3])
def test_a_job_is_done_once_more_after_its_worker_died(tmp_path: Path, count: int) -> None:
    (tmp_path / "once").write_text("x")
    (tmp_path / "never").write_text("")
    workers = Workers(die, nothing, count)
    try:
        results = [workers.submit(str(tmp_path / name)) for name in ("never", "once", "never")]
        assert [one.result() for one in results] == ["done"] * 3
    finally:
        workers.close()


def test_a_job_over_which_two_workers_died_is_given_up_alone(tmp_path: Path) -> None:
    (tmp_path / "twice").write_text("xx")
    (tmp_path / "never").write_text("")
    workers = Workers(die, nothing, 1)
    try:
        given_up = workers.submit(str(tmp_path / "twice"))
        other = workers.submit(str(tmp_path / "never"))
        with pytest.raises(WorkerDied):
            given_up.result()
        assert other.result() == "done"
    finally:
        workers.close()


MALLOPT_CALLERS = """
import os, sys

def note_mallopt(event, arguments):
    if event == "ctypes.dlsym" and arguments[1] == "mallopt":
        handle = os.open("callers", os.O_CREAT | os.O_WRONLY | os.O_APPEND)
        os.write(handle, f"{os.getpid()}\\n".encode())
        os.close(handle)

sys.addaudithook(note_mallopt)
from briefing.cli import main
code = main(["build", "--quiet"])
print(os.getpid())
sys.exit(code)
"""


def callers_of_mallopt(project: Project) -> tuple[str, set[str]]:
    """Build; return the number of the process that builds, and of those that called mallopt."""
    done = subprocess.run(
        [sys.executable, "-c", MALLOPT_CALLERS],
        cwd=project.folder, env=project.environment(), capture_output=True, text=True, check=True,
    )  # fmt: skip
    callers = set((project.folder / "callers").read_text().split())
    return done.stdout.split()[-1], callers


def test_only_workers_change_how_memory_is_allocated_not_the_process_that_builds(
    project: Project,
) -> None:
    builder, callers = callers_of_mallopt(project)
    assert callers
    assert builder not in callers


def test_a_build_that_receives_clips_keeps_their_memory_for_the_next(project: Project) -> None:
    pytest.importorskip("obstore")
    project.configure(f'[cache]\nshared = "{(project.folder / "store").as_uri()}"\n')
    builder, callers = callers_of_mallopt(project)
    assert builder in callers
