"""Builds on a cluster: the same bytes as without one, whoever speaks and whatever dies."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import socket
import subprocess
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
from tests.cluster.kills import run_kills
from tests.cluster.voices import TONES
from tests.conftest import SHORT_ARTICLES, Project, make_project
from tests.delivery.servers import Bucket, bucket_server

pytestmark = pytest.mark.slow

DAY = "2026-11-24"
FORMATS = {"mp3": "mp3", "m4b": "m4b", "opus": "opus"}
NEWS = "خبر 1\n\nهطل المطر على بيروت.\n\nقالت البلدية إن الطرق سالكة.\n\nوأغلقت المدارس.\n"
KILLS, SEED = 12, 18
"""`python3 -m tests.benchmarks.cluster --only kills` kills 50 times."""


@pytest.fixture(scope="module")
def bucket() -> Iterator[Bucket]:
    with bucket_server() as server:
        yield server


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory, bucket: Bucket) -> Iterator[Cluster]:
    """Two workers that match."""
    with cluster(tmp_path_factory.mktemp("cluster"), 2, bucket.environment()) as both:
        yield both


def in_formats() -> str:
    """Return tables of a briefing in each format."""
    return "".join(
        f'[briefing.{name}]\noutput.folder = "{name}"\noutput.format = "{name}"\n'
        for name in FORMATS
    )


def configuration(address: str, prefix: str, wait_s: float = 60) -> str:
    return (
        f'[cache]\nshared = "s3://shelf/{prefix}"\n'
        f'[cluster]\naddress = "{address}"\nwait_s = {wait_s}\n'
    )


def build(project: Project, bucket: Bucket, **environment: str) -> subprocess.CompletedProcess[str]:
    done = project.run(
        "build", "--date", DAY, timeout_s=PATIENCE_S,
        environment={**bucket.environment(), **environment},
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    return done


def digests(project: Project) -> dict[str, str]:
    """Return the SHA-256 of each sound, and of its sidecar without what may differ."""
    found = {}
    for path in sorted(project.folder.glob("*/[!.]*.*")):
        if path.suffix.lstrip(".") in FORMATS:
            found[path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
            sidecar = json.loads(path.with_suffix(".json").read_text("utf-8"))
            del sidecar["build"]
            found[f"{path.stem}.json"] = json.dumps(sidecar, sort_keys=True)
    return found


def test_each_format_has_the_bytes_of_a_build_without_a_cluster(
    tmp_path: Path, bucket: Bucket, machines: Cluster
) -> None:
    alone = make_project(tmp_path / "alone")
    alone.configure(in_formats())
    assert alone.run("build", "--date", DAY, timeout_s=PATIENCE_S).returncode == 0
    spread = make_project(tmp_path / "spread")
    spread.configure(configuration(machines.address, "formats") + in_formats())
    done = build(spread, bucket)
    assert done.returncode == 0, done.stderr
    assert len(digests(alone)) == 2 * len(FORMATS)
    assert digests(spread) == digests(alone)
    counts = re.findall(r"clips spoken: (\d+) \((\d+) by (\d) workers?\)", done.stderr)
    assert len(counts) == len(FORMATS), done.stderr
    assert all(int(by_workers) >= 5 for _, by_workers, _ in counts)


def test_a_changed_paragraph_alone_is_spoken_for_a_machine_with_an_empty_cache(
    tmp_path: Path, bucket: Bucket, machines: Cluster
) -> None:
    first = make_project(tmp_path / "first")
    first.configure(configuration(machines.address, "changed"))
    assert build(first, bucket).returncode == 0
    second = make_project(
        tmp_path / "second",
        {**SHORT_ARTICLES, "a.txt": SHORT_ARTICLES["a.txt"].replace("سالكة", "مغلقة")},
    )
    second.configure(configuration(machines.address, "changed"))
    done = build(second, bucket)
    assert "clips spoken: 1 (1 by 1 worker)" in done.stderr


def requests(bucket: Bucket) -> dict[str, int]:
    """Return how many requests of each kind there were, and forget them."""
    kinds = [
        "LIST" if method == "GET" and path.count("/") == 1 else method
        for method, path, _ in bucket.requests
    ]
    bucket.requests.clear()
    return {kind: kinds.count(kind) for kind in sorted(set(kinds))}


def test_an_order_costs_three_requests_and_what_is_there_none(
    tmp_path: Path, bucket: Bucket, machines: Cluster
) -> None:
    news = make_project(tmp_path / "news", {"a.txt": NEWS, "b.txt": NEWS.replace("1", "2")})
    news.configure(configuration(machines.address, "requests"))
    bucket.requests.clear()
    assert build(news, bucket).returncode == 0
    assert requests(bucket) == {"LIST": 1, "PUT": 4, "GET": 2}, "two orders: object, fetch, index"
    assert build(news, bucket).returncode == 0
    assert requests(bucket) == {}, "nothing changed, nothing asked"

    changed = make_project(tmp_path / "changed", {"a.txt": NEWS.replace("سالكة", "مغلقة")})
    changed.configure(configuration(machines.address, "requests"))
    done = build(changed, bucket)
    assert "clips spoken: 1 (1 by 1 worker)" in done.stderr
    assert requests(bucket) == {"LIST": 1, "GET": 3, "PUT": 2}, (
        "the index, the clips that are there in one piece, the new order's object and its two writes"
    )


def test_a_worker_with_another_encoder_gets_nothing_and_stores_nothing(
    tmp_path: Path, bucket: Bucket, project: Project
) -> None:
    path = python_path(other_version(tmp_path / "other", "lameenc", "1.8.1"))
    environment = {**bucket.environment(), "PYTHONPATH": path}
    project.configure("")
    assert project.run("build", "--date", DAY).returncode == 0
    expected = digests(project)
    shutil.rmtree(project.audio)
    shutil.rmtree(project.folder / "cache")
    with cluster(tmp_path / "cluster", 1, environment) as foreign:
        project.configure(configuration(foreign.address, "foreign", wait_s=1))
        bucket.requests.clear()
        done = build(project, bucket)
        assert done.returncode == 0, done.stderr
        assert "no worker matches" in done.stderr
        assert "lameenc 1.8.1 instead of" in done.stderr
        assert "the build goes on on this machine" in done.stderr
        assert digests(project) == expected
        log = next(foreign.folder.glob("worker-*.log")).read_text()
        assert "briefing-" not in log.replace("briefing-worker", "")
        # an order that is forced upon it all the same
        stored = len([request for request in bucket.requests if request[0] == "PUT"])
        assert "the order is for another program" in forced_order(foreign, tmp_path)
        assert len([request for request in bucket.requests if request[0] == "PUT"]) == stored


def forced_order(foreign: Cluster, folder: Path) -> str:
    """Send an order of this machine to a worker that does not match; return its answer."""
    import distributed

    from briefing.cluster.identity import identity_here
    from briefing.cluster.tasks import OrderFailed, carry_out_order
    from briefing.config import Config
    from briefing.mastering.presets import mastering_of
    from briefing.orders.order import Group, recipe_of, split_into_orders
    from briefing.speech.voices import make_voice, settings_of
    from briefing.text.normalisation.lexicon import load_lexicon

    config = Config(base=folder)
    settings = settings_of(config, "espeak")
    voice = make_voice("espeak", settings, config.open_cache())
    recipe = recipe_of(
        config,
        voice,
        settings,
        load_lexicon(None),
        mastering_of(config, voice),
        identity_here().digest,
    )
    [order] = split_into_orders(Group(0, "a" * 64, ("مطر",), False), recipe, lambda _: {})
    with distributed.Client(foreign.address, set_as_default=False) as client:  # type: ignore[no-untyped-call]
        future = client.submit(carry_out_order, order.packed.decode(), "s3://shelf/foreign")
        error = future.exception(timeout=PATIENCE_S)
        assert isinstance(error, OrderFailed)
        return error.reason


def test_without_a_scheduler_the_build_ends_here(project: Project, bucket: Bucket) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # nobody listens there
        address = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        project.configure(configuration(address, "nobody", wait_s=0))
        done = build(project, bucket)
    assert done.returncode == 0, done.stderr
    assert f"cluster {address}: the scheduler does not answer" in done.stderr
    assert done.stderr.count("does not answer") == 1
    assert (project.audio / "briefing.mp3").stat().st_size > 10_000


def test_without_the_store_the_build_ends_here(
    project: Project, bucket: Bucket, machines: Cluster
) -> None:
    project.configure(configuration(machines.address, "gone"))
    bucket.fault = "503"
    try:
        done = build(project, bucket)
    finally:
        bucket.fault = ""
    assert done.returncode == 0, done.stderr
    assert "the build goes on without the shared store" in done.stderr
    assert (project.audio / "briefing.mp3").stat().st_size > 10_000


def test_a_voice_that_waits_for_a_service_speaks_here(
    project: Project, bucket: Bucket, machines: Cluster
) -> None:
    source = TONES.replace("online = False", 'online = False\n    concurrency = "threads"')
    path = python_path(voice_package(project.folder / "voice", "tones", source))
    project.configure('voice = "tones"\n' + configuration(machines.address, "threads"))
    done = build(project, bucket, PYTHONPATH=path)
    assert done.returncode == 0, done.stderr
    assert "worker" not in done.stderr


def test_whatever_is_killed_no_edition_is_lost_or_wrong(tmp_path: Path) -> None:
    killed = [kill for kills in run_kills(tmp_path, KILLS, SEED) for kill in kills]
    assert "scheduler" in killed
    assert "worker" in killed
