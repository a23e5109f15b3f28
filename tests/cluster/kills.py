"""Builds during which workers and the scheduler are killed, at moments by chance but repeatable."""

from __future__ import annotations

import hashlib
import random
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.cluster.clusters import PATIENCE_S, Cluster, cluster, python_path, voice_package
from tests.cluster.voices import TONES
from tests.conftest import Project, make_project
from tests.delivery.servers import Bucket, bucket_server

ARTICLES = 8
_REQUESTS = 3 * ARTICLES
"""That a build makes at least: an object, a fetch and an index an article."""
_KILLS_EACH = 3
"""At most, in one build."""
_SCHEDULER_SHARE = 0.2
DAY = "2026-11-24"


@dataclass
class Killer:
    """Kills processes of a cluster when the store has had certain numbers of requests."""

    machines: Cluster
    chance: random.Random
    moments: list[int] = field(default_factory=list)
    kills: list[str] = field(default_factory=list)

    def arm(self, count: int) -> None:
        """Choose the moments of the next build."""
        self.moments = sorted(self.chance.sample(range(1, _REQUESTS), count))

    def __call__(self, request: int) -> None:
        """Kill something if the moment has come. Called before each request is answered."""
        if not self.moments or request < self.moments[0]:
            return
        self.moments.pop(0)
        time.sleep(self.chance.uniform(0, 0.2))
        scheduler = self.machines.scheduler
        if scheduler is not None and self.chance.random() < _SCHEDULER_SHARE:
            self.machines.scheduler = None
            self.machines.kill(scheduler)
            self.kills.append("scheduler")
        elif self.machines.workers:
            self.machines.kill(self.chance.choice(self.machines.workers))
            self.kills.append("worker")


def articles(build: int) -> dict[str, str]:
    """Return other articles for each build, so that none of its clips exists."""
    return {
        f"{number}.txt": f"خبر {number}\n\nهذا خبر رقم {number} من النشرة رقم {build}.\n"
        for number in range(ARTICLES)
    }


def run_kills(folder: Path, count: int, seed: int) -> Iterator[tuple[str, ...]]:
    """Build until so many processes were killed; yield what was killed in each build.

    Every build must end with exit code 0 and the bytes of a build without a cluster.
    """
    path = python_path(voice_package(folder / "voice", "tones", TONES))
    with bucket_server() as bucket:
        environment = {**bucket.environment(), "PYTHONPATH": path}
        with cluster(folder / "cluster", 2, environment) as machines:
            killer = Killer(machines, random.Random(seed))
            number = done = 0
            while done < count:
                number += 1
                project = make_project(folder / f"build-{number}", articles(number))
                alone = make_project(folder / f"alone-{number}", articles(number))
                killer.kills.clear()
                killer.arm(min(killer.chance.randint(1, _KILLS_EACH), count - done))
                _build(project, machines, bucket, killer, environment)
                done += len(killer.kills)  # a build may end before the last of its moments
                alone.configure('voice = "tones"\n')
                assert digest(alone, environment) == digest(project, None), killer.kills
                _restart(machines)
                yield tuple(killer.kills)


def digest(project: Project, environment: dict[str, str] | None) -> str:
    """Return the SHA-256 of a project's MP3, built before if there is an environment."""
    if environment is not None:
        done = project.run("build", "--date", DAY, environment=environment, timeout_s=PATIENCE_S)
        assert done.returncode == 0, done.stderr
    return hashlib.sha256((project.audio / "briefing.mp3").read_bytes()).hexdigest()


def _build(
    project: Project,
    machines: Cluster,
    bucket: Bucket,
    killer: Killer,
    environment: dict[str, str],
) -> subprocess.CompletedProcess[str]:
    project.configure(
        f'voice = "tones"\n[cache]\nshared = "s3://shelf/{project.folder.name}"\n'
        f'[cluster]\naddress = "{machines.address}"\nwait_s = 5\n'
    )
    bucket.requests.clear()
    bucket.before = killer
    done = project.run("build", "--date", DAY, environment=environment, timeout_s=PATIENCE_S)
    bucket.before = None
    assert done.returncode == 0, f"{killer.kills}\n{done.stderr}"
    assert "Traceback" not in done.stderr
    return done


def _restart(machines: Cluster) -> None:
    """Start what was killed, as a service manager does; without a scheduler workers end, too."""
    if machines.scheduler is None:
        for worker in list(machines.workers):
            machines.kill(worker)
        machines.start_scheduler()
    machines.start_workers(2 - len(machines.workers))
