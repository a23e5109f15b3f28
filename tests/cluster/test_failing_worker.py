"""A worker on which every order fails: who fails fast would be given most orders."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cluster.clusters import PATIENCE_S, cluster
from tests.conftest import Project, make_project
from tests.delivery.servers import bucket_server

pytestmark = pytest.mark.slow

ARTICLES = {f"{n}.txt": f"خبر {n}\n\nهطل المطر صباح اليوم رقم {n}.\n" for n in range(6)}


def built(project: Project, environment: dict[str, str]) -> str:
    done = project.run(
        "build", "--date", "2026-11-24", environment=environment, timeout_s=PATIENCE_S
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


def test_its_orders_go_to_another_worker_and_without_one_the_build_speaks(tmp_path: Path) -> None:
    project = make_project(tmp_path / "project", ARTICLES)
    with bucket_server() as bucket, cluster(tmp_path / "cluster", 0) as machines:
        # unencrypted http to another machine: each request is refused at once
        lost = {**bucket.environment(), "AWS_ENDPOINT_URL": "http://store.invalid"}
        machines.start_workers(1, **lost)
        table = f'[cluster]\naddress = "{machines.address}"\n'
        project.configure(f'[cache]\nshared = "s3://shelf/a"\n{table}')
        told = built(project, bucket.environment())
        assert "orders failed on every worker that matches" in told
        assert "the build goes on on this machine" in told
        assert " by " not in told.rpartition("clips spoken")[2]
        machines.start_workers(1, **bucket.environment())
        project = make_project(tmp_path / "again", ARTICLES)
        project.configure(f'[cache]\nshared = "s3://shelf/b"\n{table}')
        told = built(project, bucket.environment())
        assert re.search(r"clips spoken: (\d+) \(\1 by 1 worker\)", told), told
        assert "this machine" not in told
