"""SIGKILL at every step of a delivery: whatever a published feed names answers, always."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from briefing.delivery.ledger import shelf_number
from tests.conftest import ROOT
from tests.delivery.servers import Bucket, bucket_server, ssh_server
from tests.delivery.shelves import Fetch, build, enclosures, folder_fetch, missing, two_days
from tests.delivery.test_bucket import fetcher
from tests.delivery.test_rsync import needs_ssh

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")

_PROGRAM = """
import os, sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from briefing.delivery.delivery import deliver
from briefing.delivery.targets.choice import open_target
from briefing.shelf.shelf import Shelf

audio, target, hours, last = Path(sys.argv[1]), sys.argv[2], float(sys.argv[3]), int(sys.argv[4])
events = {"open", "os.rename", "os.link", "os.remove", "os.mkdir", "shutil.copyfile"}
count = 0

def step(event, arguments):
    global count
    place = str(arguments[0]) if arguments else ""
    if event in events and (target in place or ".state" in place):
        count += 1
        if count == last:
            os.kill(os.getpid(), 9)

opened = open_target(target, audio.parent, audio)
shelf = Shelf(audio)
sys.addaudithook(step)
deliver(shelf, opened, grace_h=24, now=datetime(2026, 11, 22, tzinfo=UTC) + timedelta(hours=hours))
print(count)
"""


def deliver(
    audio: Path, target: str, hours: float, last: int = 0, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Deliver in a process that is killed before its step `last` (0: never)."""
    kept = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    return subprocess.run(
        [sys.executable, "-c", _PROGRAM, str(audio), target, str(hours), str(last)],
        env={**kept, "PYTHONPATH": str(ROOT), **(environment or {})},
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=120, start_new_session=True,
    )  # fmt: skip


def changed_shelf(folder: Path) -> tuple[Path, Path]:
    """Return a shelf of two days, and the same a day later."""
    before, after = folder / "before", folder / "audio"
    two_days(before)
    shelf_number(before)
    shutil.copytree(before, after, symlinks=True)
    for name in ("news", "sport"):
        build(after, name, 23, "يوم آخر")
    return before, after


def whole(fetch: Fetch) -> int:
    """Assert that nothing is missing; return how many episodes the feeds name."""
    assert missing(fetch) == []
    assert fetch("index.html")
    return len(enclosures(fetch)) + len(enclosures(fetch, "sport.xml"))


@pytest.mark.slow
def test_killed_at_any_step_of_a_delivery_to_a_folder(tmp_path: Path) -> None:
    """A new edition is delivered, then an old one removed. A step is a call of the system; every
    third is tried."""
    every = 3
    before, after = changed_shelf(tmp_path)
    start = tmp_path / "start"
    web = tmp_path / "web"
    assert deliver(before, str(web), 0).returncode == 0
    shutil.copytree(web, start)
    state = tmp_path / "state"
    shutil.copytree(before / ".state", state)
    kills = 0
    for hours in (1, 30):
        step = 1
        while True:
            shutil.rmtree(web)
            shutil.rmtree(after / ".state")
            shutil.copytree(start, web)
            shutil.copytree(state, after / ".state")
            done = deliver(after, str(web), hours, step)
            whole(folder_fetch(web))
            if done.returncode == 0:
                assert int(done.stdout) < step
                break
            assert done.returncode == -signal.SIGKILL, done.stderr
            kills += 1
            assert deliver(after, str(web), hours).returncode == 0, "the next run finishes it"
            assert whole(folder_fetch(web)) == 4
            step += every
        start, state = tmp_path / f"start-{hours}", tmp_path / f"state-{hours}"
        shutil.copytree(web, start)
        shutil.copytree(after / ".state", state)
    assert kills > 60 / every
    print(f"\nfolder: killed {kills} times, nothing missing")


@pytest.fixture(scope="module")
def store() -> Iterator[Bucket]:
    with bucket_server() as bucket:
        yield bucket


@pytest.mark.slow
def test_killed_at_any_request_to_a_bucket(tmp_path: Path, store: Bucket) -> None:
    """The process is killed before the store handles every second request, which it then handles
    or not."""
    every = 2
    before, after = changed_shelf(tmp_path)
    kept = tmp_path / "kept"
    shutil.copytree(after / ".state", kept)
    number, kills = 1, 0
    while True:
        target = f"s3://shelf/{tmp_path.name}-{number}"
        environment = store.environment()
        assert deliver(before, target, 0, environment=environment).returncode == 0
        shutil.rmtree(after / ".state")
        shutil.copytree(before / ".state", after / ".state")
        fetch = fetcher(store, f"{tmp_path.name}-{number}")
        assert whole(fetch) == 4
        ended = _killed_at(store, after, target, number)
        whole(fetch)
        store.before = None
        if ended:
            break
        kills += 1
        assert deliver(after, target, 1, environment=environment).returncode == 0
        assert whole(fetch) == 4
        assert any("2026-11-23" in address for address in enclosures(fetch))
        number += every
    assert kills > 20 / every
    print(f"\nbucket: killed {kills} times, nothing missing")


def _killed_at(store: Bucket, audio: Path, target: str, number: int) -> bool:
    """Kill a delivery at its request of that number; return whether it ended before."""
    kept = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    store.requests.clear()
    with subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, str(audio), target, "1", "0"],
        env={**kept, "PYTHONPATH": str(ROOT), **store.environment()}, cwd=ROOT,
        stdout=subprocess.DEVNULL,
    ) as process:  # fmt: skip

        def strike(count: int) -> None:
            if count == number:
                process.send_signal(signal.SIGKILL)
                process.wait()

        store.before = strike
        return process.wait(120) == 0


_COUNTING_SHELL = """
import os, select, subprocess, sys

counter, last, command = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
with subprocess.Popen(command, stdin=subprocess.PIPE) as ssh:
    while ssh.poll() is None:
        if not select.select([0], [], [], 0.05)[0]:
            continue
        if not (chunk := os.read(0, 512)):
            break
        with open(counter, "ab") as file:
            file.write(b"x" * len(chunk))
            if last and file.tell() >= last:
                os.killpg(0, 9)  # this program, rsync, and the delivery
        ssh.stdin.write(chunk)
        ssh.stdin.flush()
    ssh.stdin.close()
sys.exit(ssh.returncode)
"""


@pytest.mark.slow
@needs_ssh
@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="needs /proc")
def test_killed_at_any_place_of_a_delivery_by_rsync(tmp_path: Path) -> None:
    """The delivery, its rsync and its ssh are killed when so many bytes have been sent."""
    parts = 8
    before, after = changed_shelf(tmp_path)
    start, web, counter = tmp_path / "start", tmp_path / "web", tmp_path / "count"
    shell = tmp_path / "shell.py"
    shell.write_text(_COUNTING_SHELL)
    with ssh_server(tmp_path / "ssh") as server:
        target = server.address(web)

        def run(audio: Path, hours: float, last: int = 0) -> int:
            counter.write_bytes(b"")
            wrapper = f"{sys.executable} {shell} {counter} {last} {server.shell}"
            done = deliver(audio, target, hours, environment={"RSYNC_RSH": wrapper})
            _wait_for_the_other_end(web)
            assert done.returncode in (0, -signal.SIGKILL), done.stderr
            return done.returncode

        assert run(before, 0) == 0
        shutil.copytree(web, start)
        states = [tmp_path / f"state-{hours}" for hours in (1, 30)]
        shutil.copytree(before / ".state", states[0])
        kills = 0
        for hours, state in zip((1, 30), states, strict=True):

            def reset(state: Path = state) -> None:
                shutil.rmtree(web)
                shutil.rmtree(after / ".state")
                shutil.copytree(start, web)
                shutil.copytree(state, after / ".state")

            reset()
            assert run(after, hours) == 0
            total = counter.stat().st_size
            for part in range(parts):
                reset()
                assert run(after, hours, 1 + total * part // parts) == -signal.SIGKILL
                whole(folder_fetch(web))
                kills += 1
                assert run(after, hours) == 0, "the next run finishes it"
                assert whole(folder_fetch(web)) == 4
            shutil.rmtree(start)
            shutil.copytree(web, start)
            if hours == 1:
                shutil.copytree(after / ".state", states[1])
    assert kills == 2 * parts
    print(f"\nrsync: killed {kills} times, nothing missing")


def _wait_for_the_other_end(web: Path) -> None:
    """Wait until no rsync of the server works in a folder any more."""
    deadline = time.monotonic() + 120
    while any(b"--server" in line and str(web).encode() in line for line in _commands()):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _commands() -> Iterator[bytes]:
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            yield path.read_bytes()
        except OSError:  # it has ended
            continue
