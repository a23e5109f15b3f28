"""SIGKILL at every file-system step of a publication, and at random moments of whole builds.

After each kill every published file matches the sidecar's digests; the next build succeeds and
leaves no litter, no lock and no worker behind.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from briefing.shelf.shelf import building
from tests.conftest import ROOT, SHORT_ARTICLES, make_project
from tests.faults.shelves import litter, processes_in, published

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kills and /proc are Linux's")

# what a publication does to the disk; each call of each is one step
_CALLS = (
    "mkdir", "openat", "write", "close", "link", "symlink", "fsync", "rename", "unlink", "unlinkat",
    "rmdir", "ftruncate",
)  # fmt: skip
_PUBLISH = """
import hashlib, json, sys
from pathlib import Path
from briefing.shelf.lock import lock
from briefing.shelf.shelf import Shelf
from briefing.shelf.shelf import Shelf, building
folder, content = Path(sys.argv[1]), sys.argv[2]
print("begins", flush=True)
with building(folder, "briefing"):
    shelf = Shelf(folder)
    shelf.recover("briefing")
    with shelf.edition("briefing") as staged:
        data = content.encode() * 1000
        (staged.folder / "briefing.mp3").write_bytes(data)
        (staged.folder / "briefing.vtt").write_text(content)
        entry = {"path": "briefing.mp3", "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        (staged.folder / "briefing.json").write_text(json.dumps({"outputs": [entry]}))
        staged.commit()
"""


def publish(shelf: Path, content: str, *, call: str = "", step: int = 0) -> int:
    """Publish a small edition, killed at that call; give the exit code."""
    prefix = []
    if call:
        prefix = ["strace", "-qq", "-o", os.devnull, "-e", f"trace={call}"]
        prefix += ["-e", f"inject={call}:signal=KILL:when={step}"]
    return subprocess.run(
        [*prefix, sys.executable, "-S", "-c", _PUBLISH, str(shelf), content],
        env={"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    ).returncode


def first_step(call: str, folder: Path) -> int:
    """Count the calls that Python itself makes before the publication begins."""
    trace = folder / "trace"
    command = [sys.executable, "-S", "-c", _PUBLISH, str(folder / "counted"), "x"]
    subprocess.run(
        ["strace", "-qq", "-o", str(trace), "-e", f"trace={call},write", *command],
        env={"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    lines = trace.read_text(errors="replace").splitlines()
    begins = next(number for number, line in enumerate(lines) if '"begins' in line)
    return sum(1 for line in lines[: begins + 1] if line.startswith(f"{call}(")) + 1


@pytest.mark.slow  # test_publication_kills.py does so for every test run, with fewer calls
@pytest.mark.parametrize("first", [True, False], ids=["first-edition", "later-edition"])
def test_a_kill_at_any_step_of_a_publication_leaves_the_shelf_whole(
    tmp_path: Path, first: bool
) -> None:
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed")
    shelf = tmp_path / "audio"
    kills: dict[str, int] = {}
    committed = 0
    for call in _CALLS:
        step = first_step(call, tmp_path)
        while True:
            if first:
                shutil.rmtree(shelf, ignore_errors=True)
            else:
                assert publish(shelf, f"before {call} {step}") == 0
            before = published(shelf) if shelf.exists() else None
            code = publish(shelf, f"after {call} {step}", call=call, step=step)
            after = published(shelf) if shelf.exists() else None
            if code == 0:
                break
            kills[call] = kills.get(call, 0) + 1
            committed += after != before
            assert first or after is not None, (call, step)
            assert publish(shelf, f"next {call} {step}") == 0
            assert litter(shelf) == [], (call, step)
            step += 1
    assert kills["rename"] >= 1
    assert kills["fsync"] >= 6
    assert 0 < committed < sum(kills.values())
    print(
        f"\nkilled at {sum(kills.values())} steps ({kills}), {committed} after the commit: 0 broken"
    )


def test_everything_is_on_the_disk_before_the_commit(tmp_path: Path) -> None:
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed")
    shelf, trace = tmp_path / "audio", tmp_path / "trace"
    assert publish(shelf, "before") == 0
    subprocess.run(
        ["strace", "-qq", "-y", "-o", str(trace), "-e", "trace=fsync,rename,write,openat,mkdir,link",
         sys.executable, "-S", "-c", _PUBLISH, str(shelf), "after"],
        env={"PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        check=True,
    )  # fmt: skip
    lines = trace.read_text(errors="replace").splitlines()
    commit = next(
        n
        for n, line in enumerate(lines)
        if line.startswith("rename(") and ".current.briefing" in line
    )
    edition = Path(os.readlink(shelf / ".current.briefing")).name
    for name in (f"{edition}/briefing.mp3", f"{edition}/briefing.vtt",
                 edition, ".editions/briefing", ".editions"):  # fmt: skip
        flushed = [
            n for n, line in enumerate(lines) if line.startswith("fsync(") and f"/{name}>" in line
        ]
        written = [
            n for n, line in enumerate(lines) if line.startswith("write(") and f"/{name}>" in line
        ]
        assert flushed, name
        assert max(written, default=-1) < min(flushed) < commit, name
    assert any(
        line.startswith("fsync(") and line.split("<")[1].startswith(f"{shelf}>")
        for line in lines[commit:]
    )


@pytest.mark.slow
def test_a_whole_build_is_on_the_disk_before_it_is_published(tmp_path: Path) -> None:
    """What a power cut takes: whatever was written and not flushed before the commit."""
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed")
    project = make_project(tmp_path / "project", SHORT_ARTICLES)
    project.configure("[briefing.one]\n[briefing.two]\n")
    assert project.run("build").returncode == 0
    project.write("a.txt", SHORT_ARTICLES["b.txt"])
    trace = tmp_path / "trace"
    calls = "fsync,fdatasync,write,pwrite64,writev,sendfile,copy_file_range,ftruncate,rename"
    done = project.run(
        "build", "--name", "two",
        prefix=["strace", "-f", "-qq", "-y", "-o", str(trace), "-e", f"trace={calls}"],
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    lines = [line.split(None, 1)[1] for line in trace.read_text(errors="replace").splitlines()]
    lines = [line for line in lines if str(project.audio) in line]
    commit = next(
        n for n, line in enumerate(lines) if re.match(r'rename\(".*", ".*\.current\.two"', line)
    )
    edition = (project.audio / ".current.two").resolve()
    flushed: dict[str, int] = {}
    written: dict[str, int] = {}
    renamed: dict[str, str] = {}
    for number, line in enumerate(lines[:commit]):
        if found := re.match(r'rename\("(.+?)", "(.+?)"\)', line):
            renamed[found[1]] = found[2]
        elif found := re.match(
            r"(\w+)\(\d+<(.+?)>(?:\(deleted\))?(?:, (?:\[.+?\], )?\d+<(.+?)>)?", line
        ):
            target = found[3] if found[1] == "copy_file_range" else found[2]
            (flushed if "sync" in found[1] else written)[target] = number
    files = [one for one in edition.rglob("*") if one.is_file()]
    assert len(files) > 8
    for one in [*files, *(one for one in edition.rglob("*") if one.is_dir()), edition]:
        assert str(one) in flushed, f"{one.name} is not flushed"
    for place, number in written.items():
        path = renamed.get(place, place)
        if path.startswith(str(edition)) and Path(path).exists():
            assert flushed[path] > number, f"{path} is written after it is flushed"
    for folder in (edition.parent, project.audio):
        assert str(folder) in flushed
    after = [line for line in lines[commit + 1 :] if line.startswith("fsync")]
    assert f"<{project.audio}>" in after[0]
    print(f"\n{len(files)} files of an edition and their folders flushed before the commit")


@pytest.mark.slow
def test_after_a_kill_at_a_random_moment_the_shelf_is_whole_and_the_next_build_works(
    tmp_path: Path,
) -> None:
    kills = 200
    chance = random.Random(20261124 + kills)
    project = make_project(tmp_path / "project", SHORT_ARTICLES)
    assert project.run("build").returncode == 0
    started = time.monotonic()  # a warm one: nothing in it is slow for being the first
    assert project.run("build", "--force").returncode == 0
    length_s = time.monotonic() - started
    told: Counter[str] = Counter()
    for number in range(kills):
        kind = _KINDS[number % len(_KINDS)]
        if kind == "first build":
            shutil.rmtree(project.audio)
            shutil.rmtree(project.folder / "cache")
        words = "اليوم " * (number + 1)
        project.write("a.txt", SHORT_ARTICLES["a.txt"].replace("اليوم", words))
        before = published(project.audio)
        force = ["--force"] if kind == "everything again" else []
        process = subprocess.Popen(
            [sys.executable, "-m", "briefing", "build", "--quiet", *force],
            cwd=project.folder,
            env=project.environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(chance.uniform(0.05, 0.9 * length_s))
        workers = _children(process.pid)
        who = chance.choice(["parent", "parent", "parent asked", "worker", "worker, then parent"])
        if "worker" in who and workers:
            os.kill(chance.choice(workers), signal.SIGKILL)
            time.sleep(chance.uniform(0, 0.1))
        if who == "worker":
            process.wait(120)
        else:
            process.send_signal(signal.SIGTERM if who == "parent asked" else signal.SIGKILL)
            process.wait(60)
        assert processes_in(project.folder, wait_s=60) == [], "a worker outlived the build"
        with building(project.audio, "briefing", 0):
            pass
        after = published(project.audio)
        assert after is not None or before is None, "the last edition is lost"
        told[who if process.returncode else f"{who}, all the same built"] += 1
        told[kind] += 1
        if number % 4 == 3:
            done = project.run("build")
            assert done.returncode == 0, done.stderr
            assert litter(project.audio) == []
    done = project.run("build")
    assert done.returncode == 0, done.stderr
    assert litter(project.audio) == []
    assert sum(count for who, count in told.items() if who.startswith("parent")) > kills // 4
    print(f"\n{kills} builds with a kill at a random moment: {dict(told)}: 0 broken")


_KINDS = ("first build", "rebuild", "everything again", "rebuild")


def _children(pid: int) -> list[int]:
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
