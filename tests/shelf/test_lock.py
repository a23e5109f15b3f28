"""The lock dies with its process, and with nothing else."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from briefing.errors import ShelfError
from briefing.shelf.lock import Busy, lock

HOLD = r"""
import os, sys, time
from pathlib import Path
from briefing.shelf.lock import lock
with lock(Path(sys.argv[1]), "build", 5):
    if "worker" in sys.argv and os.fork() == 0:
        os.write(1, b"worker %d\n" % os.getpid())
        time.sleep(60)
    os.write(1, b"held\n")
    time.sleep(60)
"""


@contextmanager
def holder(folder: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[bytes], bytes]]:
    """Run a process that holds the lock; give it and what it has said."""
    command = [sys.executable, "-c", HOLD, str(folder), *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout
            lines = b"".join(process.stdout.readline() for _ in ("held", *arguments))
            yield process, lines
        finally:
            process.kill()


def test_a_second_process_is_told_who_holds_it(tmp_path: Path) -> None:
    with (
        holder(tmp_path) as (process, _),
        pytest.raises(Busy, match=f"process {process.pid}, since 20"),
        lock(tmp_path, "build", 0),
    ):
        pass


def test_a_killed_process_leaves_no_lock(tmp_path: Path) -> None:
    with holder(tmp_path):
        pass
    with lock(tmp_path, "build", 0):
        pass


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_worker_that_outlives_its_parent_does_not_hold_it(tmp_path: Path) -> None:
    with holder(tmp_path, "worker") as (process, lines):
        worker = int(re.findall(rb"worker (\d+)", lines)[0])
        try:
            process.kill()
            process.wait()
            os.kill(worker, 0)  # it is alive
            with lock(tmp_path, "build", 0):
                pass
        finally:
            os.kill(worker, signal.SIGKILL)


def test_waiting_ends_when_it_is_free(tmp_path: Path) -> None:
    with holder(tmp_path) as (process, _):
        timer = threading.Timer(0.5, process.kill)
        timer.start()
        with lock(tmp_path, "build", 20):
            pass
        timer.join()


def test_waiting_has_an_end(tmp_path: Path) -> None:
    with holder(tmp_path):
        started = time.monotonic()
        with pytest.raises(Busy), lock(tmp_path, "build", 0.3):
            pass
        assert 0.3 <= time.monotonic() - started < 20


def test_a_second_thread_is_kept_out_and_does_not_break_the_lock(tmp_path: Path) -> None:
    refused = []

    def second() -> None:
        try:
            with lock(tmp_path, "build", 0):
                pass
        except Busy as error:
            refused.append(str(error))

    with lock(tmp_path, "build", 0):
        thread = threading.Thread(target=second)
        thread.start()
        thread.join()
        assert f"process {os.getpid()}" in refused[0]
        code = (
            "import sys; from pathlib import Path; from briefing.shelf.lock import lock\n"
            "with lock(Path(sys.argv[1]), 'build', 0): pass"
        )
        other = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True)
        assert b"Busy" in other.stderr


def test_locks_of_two_names_do_not_meet(tmp_path: Path) -> None:
    with lock(tmp_path, "build", 0), lock(tmp_path, "schedule", 0):
        pass


def test_a_shelf_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "audio").write_text("")
    with pytest.raises(ShelfError, match="cannot be written"), lock(tmp_path / "audio", "build", 0):
        pass
