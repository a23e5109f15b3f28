"""The ways in which a build's surroundings fail, each a context around one build.

A way is given the project and an argument of its row in faults.tsv; it yields what to put before
the command and into its environment, and undoes itself at the end.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.conftest import Project

STRANGER = 65534
"""The user "nobody"."""
ORDINARY = ["setpriv", "--bounding-set=-dac_override,-dac_read_search,-fowner,-chown"]
"""Takes from root what an ordinary user has not: other users' files are closed to it."""


@dataclass
class Run:
    """How the build is run."""

    prefix: list[str] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)
    arguments: list[str] = field(default_factory=list)


Way = Callable[[Project, str], AbstractContextManager[Run]]
WAYS: dict[str, Way] = {}


def way(make: Callable[[Project, str], Iterator[Run]]) -> Way:
    made = contextmanager(make)
    WAYS[make.__name__.replace("_", " ")] = made
    return made


def needs(command: str) -> None:
    if shutil.which(command) is None:
        pytest.skip(f"{command} is not installed")


def entries(project: Project) -> list[Path]:
    return sorted(one for one in (project.folder / "cache").rglob("*") if one.is_file())


def edition(project: Project) -> Path:
    return (project.audio / ".current.briefing").resolve()


# -- the disk


@way
def small_disk(project: Project, kilobytes: str) -> Iterator[Run]:
    """The shelf is a file system of so many kilobytes more than what it holds."""
    needs("mount")
    copy = project.folder / "copy"
    shutil.copytree(project.audio, copy, symlinks=True)
    taken = sum(-(-one.stat().st_size // 4096) * 4 + 4 for one in copy.rglob("*"))
    size = f"size={taken + int(kilobytes)}k"
    command = ["mount", "-t", "tmpfs", "-o", size, "none", str(project.audio)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("may not mount")
    try:
        shutil.copytree(copy, project.audio, symlinks=True, dirs_exist_ok=True)
        yield Run()
        subprocess.run(["mount", "-o", "remount,size=64m", str(project.audio)], check=True)
        # what the test looks at must outlive the mount
        shutil.rmtree(copy)
        shutil.copytree(project.audio, copy, symlinks=True)
    finally:
        subprocess.run(["umount", str(project.audio)], check=True)
        shutil.rmtree(project.audio)
        copy.rename(project.audio)


@way
def largest_file(project: Project, limit: str) -> Iterator[Run]:
    """No file may grow beyond a byte less than one of the edition's has, or so many bytes."""
    size = int(limit) if limit.isdigit() else (project.audio / limit).stat().st_size - 1
    code = f"import resource, os, sys; resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size})); os.execv(sys.argv[1], sys.argv[1:])"
    yield Run([sys.executable, "-S", "-c", code])


@way
def read_only(project: Project, what: str) -> Iterator[Run]:
    """A folder of the project is a file system that is mounted for reading."""
    needs("mount")
    folder = project.folder / what
    folder.mkdir(exist_ok=True)
    bound = subprocess.run(
        ["mount", "--bind", str(folder), str(folder)], capture_output=True, check=False
    )
    if bound.returncode:
        pytest.skip("may not mount")
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", str(folder)], check=True)
        yield Run()
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@way
def call_fails(project: Project, argument: str) -> Iterator[Run]:
    """A system call fails with an error; on a path of the project where one is named.

    argument: CALL ERROR [PATH]; a PATH that begins with "edition/" is in the edition that stands,
    "entry" is a file of the cache.
    """
    needs("strace")
    call, error, *paths = argument.split()
    prefix = ["strace", "-f", "-qq", "-o", os.devnull]
    for path in paths:
        if path == "entries":
            found = entries(project)
        elif path.startswith("edition/"):
            found = [edition(project) / path.removeprefix("edition/")]
        else:
            found = [project.folder / path]
        for one in found:
            prefix += ["-P", str(one)]
    yield Run([*prefix, "-e", f"trace={call}", "-e", f"inject={call}:error={error}"])


# -- permissions


@way
def not_ours(project: Project, what: str) -> Iterator[Run]:
    """A file or folder is another user's, readable or (with !) not even that."""
    needs("setpriv")
    if os.geteuid() != 0:
        pytest.skip("needs root to give a file away")
    path = project.folder / what.strip("!")
    if path.suffix == ".toml" and not path.exists():
        path.write_text("", "utf-8")
    mode = path.stat().st_mode & 0o777
    os.chown(path, STRANGER, STRANGER)
    path.chmod((0o700 if path.is_dir() else 0o600) if what.endswith("!") else mode & ~0o022)
    yield Run(ORDINARY)
    os.chown(path, 0, 0)
    path.chmod(mode)


# -- the cache


def _each_entry(change: Callable[[Path], None]) -> Callable[[Project, str], Iterator[Run]]:
    def make(project: Project, _: str) -> Iterator[Run]:
        found = entries(project)
        assert found
        for entry in found:
            change(entry)
        yield Run()

    return make


def _flip(entry: Path) -> None:
    data = bytearray(entry.read_bytes())
    data[len(data) // 2] ^= 0x10
    entry.write_bytes(bytes(data))


def _truncate(entry: Path) -> None:
    entry.write_bytes(entry.read_bytes()[: entry.stat().st_size // 2])


def _empty(entry: Path) -> None:
    entry.write_bytes(b"")


def _pipe(entry: Path) -> None:
    entry.unlink()
    os.mkfifo(entry)


def _folder(entry: Path) -> None:
    entry.unlink()
    entry.mkdir()


def _link(entry: Path) -> None:
    target = entry.with_name("." + entry.name)
    entry.rename(target)
    entry.symlink_to(target)


_ENTRY_FAULTS = {
    "flipped bit": _flip,
    "truncated": _truncate,
    "empty": _empty,
    "a pipe": _pipe,
    "a folder": _folder,
    "a link": _link,
}


@way
def cache_entries(project: Project, kind: str) -> Iterator[Run]:
    """Each entry of the cache is damaged in one way."""
    yield from _each_entry(_ENTRY_FAULTS[kind])(project, kind)


@way
def cache_poisoned(project: Project, how: str) -> Iterator[Run]:
    """Another user has put clips into the cache that pass every checksum."""
    found = entries(project)
    if how == "swapped":
        first, *rest = [one.read_bytes() for one in found]
        for entry, data in zip(found, [*rest, first], strict=True):
            entry.write_bytes(data)
        yield Run()
        return
    if os.geteuid() != 0:
        pytest.skip("needs root to give a file away")
    for entry in found:
        # as the program writes an entry, of the sound of another word
        head, value = entry.read_bytes()[:4], b"poison" * 1000
        digest = hashlib.sha256(entry.name.encode() + b"\0" + value).digest()
        entry.write_bytes(head + digest + value)
        if how == "another user's files":
            os.chown(entry, STRANGER, STRANGER)
    if how == "another user's folder":
        os.chown(project.folder / "cache" / "briefing", STRANGER, STRANGER)
    elif how == "a folder for everybody":
        (project.folder / "cache" / "briefing").chmod(0o777)
    yield Run()
    os.chown(project.folder / "cache" / "briefing", 0, 0)
    (project.folder / "cache" / "briefing").chmod(0o700)
    if how != "another user's files":
        shutil.rmtree(project.folder / "cache")


@way
def while_building(project: Project, what: str) -> Iterator[Run]:
    """Something is removed again and again while the build runs."""
    over = threading.Event()
    target = project.folder / what
    content = target.read_bytes() if target.is_file() else None

    def remove() -> None:
        while not over.is_set():
            if target.is_dir():
                shutil.rmtree(target, ignore_errors=True)
            else:
                with suppress(OSError):
                    target.unlink()
            time.sleep(0.02)

    thread = threading.Thread(target=remove)
    thread.start()
    try:
        yield Run()
    finally:
        over.set()
        thread.join()
    if content is not None:
        target.write_bytes(content)


# -- what stands on the shelf


def _edit_title(path: Path) -> bytes:
    return path.read_bytes().replace(b'"title"', b'"Title"', 1)


def _outside(path: Path) -> bytes:
    values = json.loads(path.read_bytes())
    values["outputs"].append({"path": "../../../stolen", "bytes": 1, "sha256": "0" * 64})
    return json.dumps(values).encode()


def _shapeless(path: Path) -> bytes:
    values = json.loads(path.read_bytes())
    return json.dumps(dict.fromkeys(values, 1) | {"schema_version": 1}).encode()


_EDITS: dict[str, Callable[[Path], bytes]] = {
    "title": _edit_title,
    "half": lambda path: path.read_bytes()[: path.stat().st_size // 2],
    "empty": lambda _: b"",
    "nulls": lambda path: bytes(path.stat().st_size),
    "outside": _outside,
    "shapeless": _shapeless,
    "deep": lambda _: b"[" * 100_000,
}


@way
def edited(project: Project, argument: str) -> Iterator[Run]:
    """A file of the shelf was written over: PATH HOW, through its link as an editor may do it."""
    path, how = argument.split()
    target = project.folder / path
    if path.startswith("edition/"):
        target = edition(project) / path.removeprefix("edition/")
    target.write_bytes(_EDITS[how](target))
    yield Run()


@way
def replaced(project: Project, argument: str) -> Iterator[Run]:
    """A published name was taken: PATH by a file, a folder, a link elsewhere, or nothing."""
    path, kind = argument.split()
    target = project.folder / path
    target.unlink()
    if kind == "file":
        target.write_text("{}", "utf-8")
    elif kind == "folder":
        target.mkdir()
    elif kind == "link":
        (project.folder / "mine").mkdir()
        (project.folder / "mine" / "keep").write_text("mine", "utf-8")
        target.symlink_to(project.folder / "mine")
    yield Run()
    if kind == "link":
        assert (project.folder / "mine" / "keep").read_text("utf-8") == "mine"


# -- the machine


@way
def clock(project: Project, offset: str) -> Iterator[Run]:
    """The clock is wrong by so much."""
    needs("faketime")
    yield Run(["faketime", "-f", offset])


@way
def limits(project: Project, argument: str) -> Iterator[Run]:
    """The process may have so much of a resource."""
    name, value = argument.split()
    code = f"import resource, os, sys; resource.setrlimit(resource.RLIMIT_{name}, ({value}, {value})); os.execv(sys.argv[1], sys.argv[1:])"
    yield Run([sys.executable, "-S", "-c", code])


@way
def shell(project: Project, redirection: str) -> Iterator[Run]:
    """The streams of the process are closed or lead nowhere."""
    yield Run(["sh", "-c", f'exec "$@" {redirection}', "sh"])


@way
def environment(project: Project, variables: str) -> Iterator[Run]:
    """Variables that a session may lack or have wrong: NAME=VALUE …, -NAME to take one away."""
    prefix = ["env"]
    for one in variables.split():
        prefix += ["-u", one[1:]] if one.startswith("-") else [one]
    yield Run(prefix)


@way
def another_build(project: Project, argument: str) -> Iterator[Run]:
    """Other builds of the same shelf are under way."""
    command = [sys.executable, "-m", "briefing", "build", "--quiet", *argument.split()[1:]]
    others = [
        subprocess.Popen(command, cwd=project.folder, env=project.environment())
        for _ in range(int(argument.split()[0]))
    ]
    try:
        yield Run(arguments=argument.split()[1:])
    finally:
        codes = [other.wait(120) for other in others]
    assert codes == [0] * len(others)


@way
def lock_held(project: Project, setting: str) -> Iterator[Run]:
    """Another process holds the shelf's lock, for longer than the setting waits."""
    project.configure(f"[schedule]\n{setting}\n")
    code = "import sys, time; from pathlib import Path; from briefing.shelf.lock import lock\nwith lock(Path(sys.argv[1]), 'build.briefing', 0):\n    print('held', flush=True); time.sleep(120)"
    with subprocess.Popen(
        [sys.executable, "-c", code, str(project.audio)],
        env=project.environment(),
        stdout=subprocess.PIPE,
    ) as holder:
        assert holder.stdout
        holder.stdout.readline()
        try:
            yield Run()
        finally:
            holder.kill()


@way
def seen_lock_file(project: Project, content: str) -> Iterator[Run]:
    """A lock file that a dead process left."""
    (project.audio / ".state" / "build.briefing.lock").write_text(content)
    yield Run()
