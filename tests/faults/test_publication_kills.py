"""SIGKILL at every file-system step of a publication, and the order of its flushes.

strace delivers the signal at the N-th call that changes the file system, so that the program
itself has no test hook.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from briefing.shelf.shelf import Shelf, building
from tests.publish.shelves import litter, publish, title

ROOT = Path(__file__).parents[2]
STEPS = (
    "mkdir,mkdirat,rmdir,rename,renameat,renameat2,symlink,symlinkat,link,linkat,unlink,unlinkat,"
    "write,pwrite64,ftruncate,fsync,fdatasync,utimensat,chmod,fchmod,fchmodat,copy_file_range,"
    "sendfile"
)
PUBLISH = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from tests.publish.shelves import publish
from briefing.shelf.shelf import Shelf, building
folder = Path(sys.argv[2])
with building(folder, "briefing", 0):
    publish(Shelf(folder, links=sys.argv[4] == "links"), sys.argv[3])
"""


def traced(
    folder: Path, content: str, kind: str, *options: str
) -> subprocess.CompletedProcess[str]:
    command = ["strace", "-f", "-y", "-s", "200", "-o", str(folder.parent / "trace"), *options]
    program = [sys.executable, "-B", "-c", PUBLISH, str(ROOT)]
    return subprocess.run(
        [*command, *program, str(folder), content, kind], capture_output=True, text=True
    )


def calls(folder: Path) -> list[str]:
    trace = (folder.parent / "trace").read_text(errors="replace").splitlines()
    return [line.split(None, 1)[1] for line in trace if re.match(r"\d+ +\w+\(", line)]


@pytest.fixture(scope="module", autouse=True)
def _strace(tmp_path_factory: pytest.TempPathFactory) -> None:
    if shutil.which("strace") is None:
        pytest.skip("needs strace")
    if subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True).returncode:
        pytest.skip("may not trace processes")


@pytest.mark.slow  # test_step_kills.py does so for every test run, with fewer calls
@pytest.mark.parametrize("kind", ["links", "journal"])
@pytest.mark.parametrize("editions", [0, 2], ids=["first", "third"])
def test_killed_at_every_step_the_shelf_stays_whole(
    tmp_path: Path, editions: int, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    start = tmp_path / "start"
    for number in range(editions):
        publish(Shelf(start, links=kind == "links"), f"edition {number}")
        publish(Shelf(start, links=kind == "links"), "sports", "sport")
    start.mkdir(exist_ok=True)
    old = title(start)
    seen = {"old": 0, "new": 0}
    rehearsal = tmp_path / "audio"
    shutil.copytree(start, rehearsal, symlinks=True)
    assert traced(rehearsal, "new", kind, "-e", f"trace={STEPS}").returncode == 0
    names = [call.split("(", 1)[0] for call in calls(rehearsal)]
    # strace counts the calls of each name apart
    steps = [(name, names[: index + 1].count(name)) for index, name in enumerate(names)]
    for step, (name, count) in enumerate(steps, 1):
        folder = tmp_path / "audio"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(start, folder, symlinks=True)
        done = traced(
            folder,
            "new",
            kind,
            "-e",
            f"trace={STEPS}",
            "-e",
            f"inject={name}:signal=KILL:when={count}",
        )
        assert done.returncode == -9, done.stderr
        if kind == "journal":  # the promise there is that the next command completes it
            with building(folder, "briefing", 0):
                Shelf(folder, links=False).recover("briefing")
        found = title(folder)
        assert found in (old, "new"), f"step {step}: {calls(folder)[-1]}"
        seen["new" if found == "new" else "old"] += 1
        if editions:
            assert title(folder, "sport") == "sports", f"step {step}: {calls(folder)[-1]}"
        with building(folder, "briefing", 0):
            publish(Shelf(folder, links=kind == "links"), "next")
        assert title(folder) == "next"
        if kind == "links":
            assert litter(folder) == [], f"step {step}"
    assert seen["old"] > 15
    assert seen["new"] >= 1  # the first edition: the flush after the commit alone
    with capsys.disabled():
        print(f"\n{kind}, edition {editions + 1}: killed at {len(steps)} steps,", end=" ")
        print(f"{seen['old']} times the old edition, {seen['new']} times the new one, 0 torn")


def test_everything_is_flushed_before_the_commit_and_the_commit_after_it(tmp_path: Path) -> None:
    folder = tmp_path / "audio"
    publish(Shelf(folder), "one")
    assert traced(folder, "two", "links", "-e", f"trace={STEPS},openat").returncode == 0
    found = calls(folder)
    commit = next(
        index
        for index, call in enumerate(found)
        if call.startswith("rename") and ".current.briefing" in call
    )
    edition = Shelf(folder).current("briefing")
    assert edition is not None
    flushed = [re.search(r"<(.*?)>", call) for call in found[:commit] if call.startswith("fsync")]
    places = [Path(one[1]) for one in flushed if one]
    wanted = [*edition.iterdir(), edition, edition.parent, folder]
    assert set(wanted) <= set(places)
    assert max(map(places.index, edition.iterdir())) < places.index(edition)
    written = [
        index
        for index, call in enumerate(found)
        if call.startswith("write") and f"{edition}/" in call
    ]
    first_flush = next(index for index, call in enumerate(found) if call.startswith("fsync"))
    assert max(written) < first_flush
    after = [call for call in found[commit + 1 :] if call.startswith("fsync")]
    assert f"<{folder}>" in after[0]


@pytest.mark.parametrize("error", ["EPERM", "ENOSYS", "EOPNOTSUPP"])
def test_a_disk_without_links_is_found_out(tmp_path: Path, error: str) -> None:
    folder = tmp_path / "audio"
    program = PUBLISH.replace(', links=sys.argv[4] == "links"', "")
    done = subprocess.run(
        [
            "strace",
            "-f",
            "-o",
            "/dev/null",
            "-e",
            f"inject=symlink,symlinkat:error={error}",
            sys.executable,
            "-c",
            program,
            str(ROOT),
            str(folder),
            "one",
        ],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert title(folder) == "one"
    assert not (folder / "briefing.mp3").is_symlink()


@pytest.mark.parametrize("error", ["EIO", "ENOSPC"])
@pytest.mark.parametrize(
    "call", ["fsync", "symlink,symlinkat", "rename,renameat,renameat2", "mkdir"]
)
def test_a_call_that_fails_is_told_and_the_edition_stands(
    tmp_path: Path, call: str, error: str
) -> None:
    folder = tmp_path / "audio"
    publish(Shelf(folder), "one")
    done = subprocess.run(
        [
            "strace",
            "-f",
            "-o",
            "/dev/null",
            "-P",
            str(folder),
            "-e",
            "trace=all",
            "-e",
            f"inject={call}:error={error}",
            sys.executable,
            "-B",
            "-c",
            PUBLISH,
            str(ROOT),
            str(folder),
            "two",
            "links",
        ],
        capture_output=True,
        text=True,
    )
    assert title(folder) in ("one", "two")
    assert done.returncode == 0 or "ShelfError" in done.stderr, done.stderr
