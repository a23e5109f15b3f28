"""The shared store in a bucket and in a folder: requests, bytes, faults, and what is not believed."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from briefing.orders.index import Index
from briefing.orders.order import OrderError
from tests.conftest import BUILT_DATE, ROOT, SHORT_ARTICLES, Project, make_project
from tests.delivery.servers import SIGNED, Bucket, bucket_server

pytest.importorskip("obstore")

ARTICLE = {
    "a.txt": "مطر في بيروت\n\nهطل المطر صباح اليوم.\nقال الوزير سرغيني إن الطرق سالكة.\n"
    "ورفض سرغيني التعليق.\n"
}
CLIPS = 4


@pytest.fixture(scope="module")
def store() -> Iterator[Bucket]:
    with bucket_server() as bucket:
        yield bucket


@pytest.fixture
def article(tmp_path: Path, store: Bucket) -> Iterator[Project]:
    """One article of a title and three paragraphs, whose clips go to a prefix of its own."""
    project = make_project(tmp_path / "project", ARTICLE)
    share(project, tmp_path)
    yield project
    store.fault, store.before = "", None


def share(project: Project, folder: Path, settings: str = "") -> None:
    project.configure(f'[cache]\nshared = "s3://shelf/{folder.name}"\n{settings}')


def build(project: Project, store: Bucket | None, machine: str, *options: str) -> dict[str, Any]:
    """Build as another machine would, with a cache and a shelf of its own; return the sidecar."""
    done = run(project, store, machine, *options)
    assert done.returncode == 0, done.stderr
    folder = on(project, machine).audio
    sidecar: dict[str, Any] = json.loads((folder / "briefing.json").read_text("utf-8"))
    return sidecar


def on(project: Project, machine: str) -> Project:
    """The project on another machine: the same files, and a cache and a shelf of its own."""
    return Project(project.folder.parent / machine)


def run(
    project: Project, store: Bucket | None, machine: str, *options: str
) -> subprocess.CompletedProcess[str]:
    other = on(project, machine)
    shutil.copytree(project.folder, other.folder, dirs_exist_ok=True)
    if store:
        store.requests.clear()
    environment = store.environment() if store else {}
    return other.run("build", "--date", BUILT_DATE, *options, environment=environment)


def digests(project: Project, machine: str, name: str = "briefing.mp3") -> tuple[str, str]:
    """What two builds of the same articles have in common."""
    folder = on(project, machine).audio
    sidecar = json.loads((folder / "briefing.json").read_text("utf-8"))
    sidecar.pop("build")
    text = json.dumps(sidecar, sort_keys=True)
    sound = (folder / name).read_bytes()
    return hashlib.sha256(sound).hexdigest(), hashlib.sha256(text.encode()).hexdigest()


def counts(store: Bucket) -> dict[str, int]:
    """The requests since the last build began, listings apart."""
    kinds = [
        "LIST" if method == "GET" and path.count("/") == 1 else method
        for method, path, _ in store.requests
    ]
    return {kind: kinds.count(kind) for kind in sorted(set(kinds))}


def names(store: Bucket, prefix: str) -> list[str]:
    """The objects below a prefix."""
    query = f"{store.url}/shelf?list-type=2&prefix={prefix}/"
    answer = ask(query).decode()
    return [part.split("</Key>")[0] for part in answer.split("<Key>")[1:]]


def ask(url: str, method: str = "GET", body: bytes | None = None) -> bytes:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    headers = {**SIGNED, "Content-Type": "application/octet-stream"}
    request = urllib.request.Request(url, method=method, headers=headers, data=body)
    with opener.open(request) as answer:
        content: bytes = answer.read()
        return content


@pytest.mark.slow
def test_each_kind_of_build_makes_the_requests_it_may(
    article: Project, store: Bucket, tmp_path: Path
) -> None:
    cold = build(article, store, "first")
    assert cold["build"]["clips_spoken"] == CLIPS
    assert counts(store) == {"LIST": 1, "PUT": 2}, "an object and the index"

    build(article, store, "first")
    assert counts(store) == {}, "nothing changed, nothing asked"

    fetched = build(article, store, "second")
    assert counts(store) == {"LIST": 1, "GET": 2}, "the index, and the clips in one piece"
    assert fetched["build"]["clips_spoken"] == 0
    assert digests(article, "second") == digests(article, "first")

    article.write("a.txt", ARTICLE["a.txt"].replace("المطر صباح", "الثلج صباح"))
    changed = build(article, store, "third")
    assert counts(store) == {"LIST": 1, "GET": 2, "PUT": 2}
    assert changed["build"]["clips_spoken"] == 1
    assert changed["build"]["clips_reused"] == CLIPS - 1

    again = build(article, store, "fourth")
    assert counts(store) == {"LIST": 1, "GET": 3}, "the index, and parts of two objects"
    assert again["build"]["clips_spoken"] == 0
    assert digests(article, "fourth") == digests(article, "third")

    build(article, store, "fourth", "--force")
    assert counts(store) == {"LIST": 1}, "the index is known by its tag, and nothing is new"


@pytest.mark.slow
def test_a_hidden_text_is_spoken_as_without_a_store(article: Project, store: Bucket) -> None:
    """The names of the article are read alike, whoever speaks which paragraph."""
    build(article, store, "first")
    article.write("a.txt", ARTICLE["a.txt"].replace("ورفض", "وقبل"))
    build(article, store, "second")
    article.configure("")
    build(article, None, "alone")
    assert digests(article, "second") == digests(article, "alone")


@pytest.mark.slow
@pytest.mark.parametrize("form", ["mp3", "m4b", "opus"])
def test_the_bytes_are_those_of_a_build_without_a_store(
    tmp_path: Path, store: Bucket, form: str
) -> None:
    project = make_project(tmp_path / "project", SHORT_ARTICLES)
    settings = f'[output]\nformat = "{form}"\n'
    project.configure(settings)
    build(project, None, "alone")
    share(project, tmp_path, settings)
    build(project, store, "first")
    assert counts(store) == {"LIST": 1, "PUT": 4}
    fetched = build(project, store, "second")
    assert fetched["build"]["clips_spoken"] == 0
    assert counts(store) == {"LIST": 1, "GET": 4}
    name = f"briefing.{form}"
    assert digests(project, "first", name) == digests(project, "alone", name)
    assert digests(project, "second", name) == digests(project, "alone", name)


@pytest.mark.slow
def test_a_store_that_refuses_three_requests_in_ten_is_not_noticed(
    article: Project, store: Bucket
) -> None:
    chances = random.Random(18)

    def before(number: int) -> None:
        store.fault = "503" if chances.random() < 0.3 else ""

    store.before = before
    done = [run(article, store, machine) for machine in ("first", "second")]
    assert [(process.returncode, "s3://" in process.stderr) for process in done] == [(0, False)] * 2
    assert "clips spoken: 0" in done[1].stderr


@pytest.mark.slow
def test_a_store_that_is_down_is_told_in_one_line_and_the_build_goes_on(
    article: Project, store: Bucket, tmp_path: Path
) -> None:
    store.fault = "503"
    refused = run(article, store, "first")
    store.fault = ""
    nobody = dict(store.environment(), AWS_ENDPOINT_URL="http://127.0.0.1:9")
    shutil.copytree(article.folder, on(article, "second").folder)
    gone = on(article, "second").run("build", "--date", BUILT_DATE, environment=nobody)
    for process, reason in ((refused, "the server answers 503"), (gone, "the connection is refu")):
        assert process.returncode == 0, process.stderr
        (line,) = [line for line in process.stderr.splitlines() if "s3://" in line]
        assert f"s3://shelf/{tmp_path.name}: {reason}" in line
        assert line.endswith("; the build goes on without the shared store")
        assert f"clips spoken: {CLIPS}" in process.stderr
        assert "secret" not in process.stderr
    assert digests(article, "first") == digests(article, "second")


@pytest.mark.slow
def test_a_store_that_fails_while_it_is_used_costs_no_edition(
    article: Project, store: Bucket
) -> None:
    build(article, store, "first")

    def before(number: int) -> None:
        store.fault = "503" if number > 2 else ""

    store.before = before
    done = run(article, store, "second")
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("the build goes on without the shared store") == 1
    assert digests(article, "second") == digests(article, "first")


def cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def flip(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


@pytest.mark.slow
def test_what_is_damaged_in_the_store_is_spoken_again_and_mended(
    article: Project, store: Bucket, tmp_path: Path
) -> None:
    build(article, store, "first")
    for kind in ("index", "object"):
        (name,) = (
            name for name in names(store, tmp_path.name) if ("index" in name) == (kind == "index")
        )
        url = f"{store.url}/shelf/{name}"
        whole = ask(url)
        for damage in (cut, flip, lambda content: b""):
            ask(url, "PUT", damage(whole))
            machine = f"{kind}-{len(ask(url))}"
            done = run(article, store, machine)
            assert done.returncode == 0, done.stderr
            assert "s3://" not in done.stderr
            assert digests(article, machine) == digests(article, "first")
            if kind == "index":
                own = name.removeprefix(f"{tmp_path.name}/")
                assert Index.from_bytes(ask(url), own) == Index.from_bytes(whole, own)
            last = build(article, store, f"{machine}-mended")
            assert last["build"]["clips_spoken"] == 0


@pytest.mark.slow
def test_an_object_that_expired_or_is_anothers_is_spoken_again(
    article: Project, store: Bucket, tmp_path: Path
) -> None:
    build(article, store, "first")
    (name,) = [name for name in names(store, tmp_path.name) if "index" not in name]
    url = f"{store.url}/shelf/{name}"
    content = ask(url)
    ask(url, "DELETE")
    assert build(article, store, "second")["build"]["clips_spoken"] == CLIPS
    assert digests(article, "second") == digests(article, "first")
    article.write("a.txt", ARTICLE["a.txt"].replace("هطل", "نزل"))
    build(article, store, "third")
    for other in names(store, tmp_path.name):
        if "index" not in other and other != name:
            ask(f"{store.url}/shelf/{other}", "PUT", content)  # whole, and another order's
    fourth = build(article, store, "fourth")
    assert fourth["build"]["clips_spoken"] == 1
    assert digests(article, "fourth") == digests(article, "third")


@pytest.mark.slow
def test_an_object_without_its_index_is_found_by_the_orders_name(
    article: Project, store: Bucket, tmp_path: Path
) -> None:
    build(article, store, "first")
    (name,) = [name for name in names(store, tmp_path.name) if "index" in name]
    ask(f"{store.url}/shelf/{name}", "DELETE")
    second = build(article, store, "second")
    assert second["build"]["clips_spoken"] == 0
    assert counts(store) == {"LIST": 1, "GET": 1, "PUT": 1}, "the object, and a new index"
    assert digests(article, "second") == digests(article, "first")


@pytest.mark.slow
def test_a_time_limit_reads_from_the_store_too(
    article: Project, store: Bucket, tmp_path: Path
) -> None:
    share(article, tmp_path, "[edition]\nmax_minutes = 5\n")
    build(article, store, "first")
    fetched = build(article, store, "second")
    assert fetched["build"]["clips_spoken"] == 0
    assert counts(store) == {"LIST": 1, "GET": 2}
    assert digests(article, "second") == digests(article, "first")


@pytest.mark.slow
def test_several_briefings_share_a_folder(tmp_path: Path) -> None:
    project = make_project(tmp_path / "project", SHORT_ARTICLES)
    shared = tmp_path / "shared clips"
    project.configure(
        f'[cache]\nshared = "{shared.as_uri()}"\n[briefing.morning]\n[briefing.evening]\n'
    )
    for machine in ("first", "second"):
        done = run(project, None, machine)
        assert done.returncode == 0, done.stderr
    assert done.stderr.count("clips spoken: 0") == 2
    assert len(list(shared.iterdir())) == 2
    for name in ("morning.mp3", "evening.mp3"):
        first, second = (on(project, machine).audio / name for machine in ("first", "second"))
        assert first.read_bytes() == second.read_bytes()


_OBSTORE_FIRST = """
import os, sys, threading
from briefing.buckets import Patience, open_bucket

bucket = open_bucket("s3://shelf/fork", Patience(1, 10, 10))
import obstore
obstore.put(bucket, "x", b"x")
assert threading.active_count() == 1 < len(os.listdir("/proc/self/task"))
from briefing.cli import main
sys.exit(main(["build", "--date", "2026-11-24"]))
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing is forked")
def test_a_build_in_a_process_that_used_obstore_ends(article: Project, store: Bucket) -> None:
    article.configure("workers = 2\n")
    done = subprocess.run(
        [sys.executable, "-c", _OBSTORE_FIRST], cwd=article.folder, timeout=300,
        env={**article.environment(), **store.environment()}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert (article.audio / "briefing.mp3").is_file()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing is forked")
def test_a_thread_that_python_does_not_count_forbids_a_fork(tmp_path: Path) -> None:
    program = (
        "import threading, obstore; from obstore.store import LocalStore;"
        "from briefing.production.processes import _start_method as method;"
        f"print(method()); obstore.put(LocalStore({str(tmp_path)!r}), 'x', b'x');"
        "print(threading.active_count(), method())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["fork", "1", "spawn"]


def test_a_build_without_a_store_imports_no_library_for_it(built_project: Project) -> None:
    shutil.rmtree(built_project.audio)
    done = built_project.run(
        "build", "--date", BUILT_DATE,
        environment={"PYTHONPROFILEIMPORTTIME": "1"},
    )  # fmt: skip
    assert "clips spoken: 0" in done.stderr
    loaded = {line.rsplit("|", 1)[-1].strip() for line in done.stderr.splitlines()}
    assert "briefing.production.clips" in loaded
    assert not loaded & {"obstore", "distributed", "dask"}


def test_a_store_whose_extra_is_missing_is_told(built_project: Project, tmp_path: Path) -> None:
    built_project.configure(f'[cache]\nshared = "{tmp_path.as_uri()}/x"\n')
    (tmp_path / "obstore.py").write_text("raise ImportError('no obstore')\n")
    path = {"PYTHONPATH": f"{tmp_path}:{ROOT}"}
    shutil.rmtree(built_project.audio)
    done = built_project.run("build", "--date", BUILT_DATE, environment=path)
    assert done.returncode == 0, done.stderr
    assert "cache.shared needs an extra: python3 -m pip install 'briefing[publish]'" in done.stderr
    assert "clips spoken: 0" in done.stderr, "from this machine's own cache"


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ('[cache]\nfolder = "s3://b/c"', 'config.toml:2: cache.folder is a folder of this machine, no address; write cache.shared = "s3://b/c", and leave cache.folder out'),
        ('[cache]\nfolder = "s3://key:secret@b/c"', 'write cache.shared = "s3://bucket/prefix"'),
        ('[cache]\nfolder = "gs://b/c"', 'write cache.shared = "s3://bucket/prefix"'),
        ('[cache]\nshared = "/srv/clips"', "config.toml:2: cache.shared: write s3://bucket/prefix or file:///folder"),
        ('[cache]\nshared = "s3://key:secret@b/c"', "credentials come from the environment"),
        ('[cache]\nshared = "file://host/x"', "write file:/// and the whole path of a folder"),
        ('offline = true\n[cache]\nshared = "s3://b/c"', "config.toml:3: cache.shared: offline = true opens no connection"),
    ],
)  # fmt: skip
def test_an_address_in_the_wrong_place_is_refused(
    tmp_path: Path, settings: str, message: str
) -> None:
    from briefing.config import load
    from briefing.errors import ConfigError

    path = tmp_path / "config.toml"
    path.write_text(settings)
    with pytest.raises(ConfigError) as raised:
        load(path)
    assert message in str(raised.value)
    assert "secret" not in str(raised.value)


KEY = "0" * 64
ROW = [KEY, "clip", KEY, KEY, 0, 4]


def index_of(table: object) -> bytes:
    content = table if isinstance(table, bytes) else json.dumps(table).encode()
    return hashlib.sha256(content).hexdigest().encode() + b"\n" + content


@pytest.mark.parametrize(
    "table",
    [
        pytest.param(b"[" * 100_000, id="deep"),
        pytest.param({"layout": 1, "article": "another", "rows": []}, id="another"),
        pytest.param({"layout": 2, "article": "a", "rows": []}, id="layout"),
        pytest.param({"layout": 1, "article": "a", "rows": {"x": 1}}, id="rows"),
        pytest.param(b'{"layout":1,"article":"a","rows":[' + b" " * 16_000_000 + b"]}", id="huge"),
        *(
            pytest.param({"layout": 1, "article": "a", "rows": [row]}, id=name)
            for name, row in {
                "key": [KEY, "clip", "../../x", KEY, 0, 4],
                "object": [KEY, "clip", KEY, "../index-x", 0, 4],
                "offset": [KEY, "clip", KEY, KEY, -1, 4],
                "length": [KEY, "clip", KEY, KEY, 0, 1.5],
                "kind": [KEY, "pickle", KEY, KEY, 0, 4],
            }.items()
        ),
    ],
)
def test_an_index_by_a_stranger_is_refused(table: object) -> None:
    with pytest.raises(OrderError):
        Index.from_bytes(index_of(table), "a")
    good = Index.from_bytes(index_of({"layout": 1, "article": "a", "rows": [ROW]}), "a")
    assert Index.from_bytes(good.to_bytes(), "a") == good


@pytest.mark.slow
def test_check_says_what_the_store_has_or_why_it_cannot_be_used(
    article: Project, store: Bucket, tmp_path: Path
) -> None:
    build(article, store, "first")
    store.requests.clear()
    good = article.run("check", environment=store.environment())
    assert (
        f"shared store s3://shelf/{tmp_path.name}: 2 objects of these briefings, 0." in good.stdout
    )
    assert counts(store) == {"LIST": 1}
    article.configure('[cache]\nshared = "s3://nobody/x"\n')
    bad = article.run("check", environment=store.environment())
    assert "s3://nobody/x: there is no such bucket; create it" in bad.stderr
    assert bad.returncode == good.returncode == 0
