"""Measures builds on a cluster of this machine's processes against built-in builds, in the same run.

    python3 -m tests.benchmarks.cluster [--only NAME …] [--articles N] [--asleep N]

A scheduler, workers and an S3 server run on loopback. Processor time is that of all processes but the
S3 server. What an article costs is the slope between two numbers of articles: a night has ten thousand.
Memory that a build will use is written to and given back before it: where this machine is a guest, the
host finds a page at its first use, which took five times as long as writing it, and the build whose
pages happened to be new paid for both.
"""

from __future__ import annotations

import argparse
import hashlib
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.build import SEED, vary
from tests.benchmarks.build import environment as user_environment
from tests.benchmarks.remembering import MEMORY
from tests.cluster.clusters import Cluster, cluster, python_path, voice_package
from tests.cluster.kills import run_kills
from tests.cluster.voices import ASLEEP
from tests.delivery.servers import Bucket, bucket_server

ARTICLES_A_NIGHT = 10_000
BRIEFINGS, ARTICLES_EACH = 30, 10
DAY = "2026-11-24"
SENTENCES = Path(__file__).with_name("vowelled_news.txt")
ASLEEP_S = 4.0
KILLS = 50
_TRIES = 5
"""Builds of which the least is taken: others on the machine only add, up to half as much again."""
_ROUNDS = 4
"""Parts of the articles that are built cold by turns, as the machine's speed drifts."""
_MEMORY_BYTES = 64_000_000
"""That an article takes at most: its clips in the cache, in the edition, and on their way."""


@dataclass(frozen=True)
class Cost:
    """What a build took."""

    wall_s: float
    coordinator_s: float
    """Processor time of the command and of what it started."""
    cluster_s: float
    """Processor time of the scheduler and the workers."""

    @property
    def processor_s(self) -> float:
        return self.coordinator_s + self.cluster_s


def main() -> None:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    options = argparse.ArgumentParser(description=__doc__)
    measures = {"cpu": cpu, "asleep": asleep, "night": night, "kills": kills}
    options.add_argument("--only", nargs="*", choices=measures, default=list(measures))
    options.add_argument("--articles", type=int, default=64, help="of the size of the sample")
    options.add_argument("--asleep", type=int, default=64, help="articles of one sentence")
    given = options.parse_args()
    print("| what | against | measured | bar |\n| --- | --- | --- | --- |", flush=True)
    with tempfile.TemporaryDirectory() as folder, bucket_server() as bucket:
        for name in given.only:
            measures[name](Path(folder) / name, bucket, given)


def cpu(folder: Path, bucket: Bucket, given: argparse.Namespace) -> None:
    """Compare processor time, cold, and of the coordinator with a build from the cache."""
    texts = sample_articles(given.articles)
    built_in, spread = [], []
    with cluster(folder / "cluster", 0, {**bucket.environment(), MEMORY: str(folder)}) as machines:
        machines.start_workers(2, preload="tests.benchmarks.remembering")
        for number in range(_ROUNDS):
            part = texts[number::_ROUNDS]
            alone = project(folder / f"alone-{number}", {"all": part})
            shared = project(folder / f"shared-{number}", {"all": part}, bucket, f"cpu-{number}")
            point_at(shared, machines)
            built_in.append(build(alone).processor_s)
            spread.append(build(shared, bucket, machines).processor_s)
            assert digest(shared) == digest(alone), "other bytes than the built-in build's"
        row(
            f"processor time of {len(texts)} samples, cold, 2 workers", "built-in build",
            f"{sum(spread) / sum(built_in):.2f} ({sum(spread):.1f} of {sum(built_in):.1f} s)",
            "1.15",
        )  # fmt: skip
        few = texts[: max(1, len(texts) // 8)]
        costs = [coordinating(folder, bucket, machines, some) for some in (few, texts)]
    counts = (len(few), len(texts))
    own, other = (
        Line.through(dict(zip(counts, points, strict=True))) for points in zip(*costs, strict=True)
    )
    row(
        f"coordinator's processor time an article, cold ({counts[0]} and {counts[1]} samples)",
        "built-in build, all clips cached",
        f"{own.each_s / other.each_s:.2f} ({own.each_s * 1000:.0f} of"
        f" {other.each_s * 1000:.0f} ms)", "1.3",
    )  # fmt: skip
    row(
        "the same of a build, however many articles", "the same",
        f"{own.fixed_s:.2f} against {other.fixed_s:.2f} s", "",
    )  # fmt: skip
    for count, (own_s, other_s) in zip(counts, costs, strict=True):
        row(
            f"both together, {count} samples", "the same",
            f"{own_s / other_s:.2f} ({own_s:.2f} of {other_s:.2f} s)", "",
        )  # fmt: skip
    worker_s = sum(built_in) / len(texts)
    for workers in (8, 64):
        minutes = ARTICLES_A_NIGHT * max(worker_s / workers, own.each_s) / 60
        row(
            f"model: {ARTICLES_A_NIGHT:,} articles a night, {workers} workers",
            "one core", f"{minutes:.1f} minutes", "",
        )  # fmt: skip


def coordinating(
    folder: Path, bucket: Bucket, machines: Cluster, texts: Sequence[str]
) -> tuple[float, float]:
    """Return the processor time of a coordinator without any clip, and of a build with all of them.

    Both in seconds, the least of some builds in turns. The workers have spoken all of it before.
    """
    own, other = [], []
    for number in range(_TRIES):
        place = folder / f"coordinator-{len(texts)}-{number}"
        project(place, {"all": texts}, bucket, place.name)
        point_at(place, machines)
        use_memory(place, len(texts))
        own.append(build(place, bucket, machines).coordinator_s)
        alone = project(place / "alone", {"all": texts})
        shutil.move(place / "cache", alone / "cache")
        use_memory(place, len(texts))
        other.append(build(alone).processor_s)
    return min(own), min(other)


@dataclass(frozen=True)
class Line:
    """Processor time as a part for each article, and one that is the same for any number."""

    each_s: float
    fixed_s: float

    @classmethod
    def through(cls, points: Mapping[int, float]) -> Line:
        """Return the line through two points: articles -> seconds."""
        (few, few_s), (many, many_s) = sorted(points.items())
        each_s = (many_s - few_s) / (many - few)
        return cls(each_s, few_s - few * each_s)


def asleep(folder: Path, bucket: Bucket, given: argparse.Namespace) -> None:
    """Compare 8 workers with 1, by a voice that sleeps."""
    voice_package(folder / "voice", "asleep", ASLEEP)
    path = {"PYTHONPATH": python_path(folder / "voice")}
    sentences = [line for line in SENTENCES.read_text("utf-8").splitlines() if len(line) > 40]
    texts = [f"{sentences[n % len(sentences)]} {n}.\n" for n in range(given.asleep)]
    wall = {}
    for workers in (1, 8):
        place = folder / str(workers)
        shared = project(place, {"all": texts}, bucket, f"clips-{workers}", voice="asleep")
        with cluster(place / "cluster", workers, {**bucket.environment(), **path}) as machines:
            point_at(shared, machines)
            before = machines.processor_s()
            wall[workers] = build(shared, bucket, machines, path).wall_s
            share = (machines.processor_s() - before) / (len(texts) * ASLEEP_S)
    row(
        f"{len(texts)} articles that sleep {ASLEEP_S:g} s, 8 workers", "8 times 1 worker",
        f"{wall[1] / 8 / wall[8]:.2f} of linear ({wall[1]:.0f} and {wall[8]:.0f} s; processor"
        f" time {share:.1%} of the sleep)", "0.9",
    )  # fmt: skip


def night(folder: Path, bucket: Bucket, given: argparse.Namespace) -> None:
    """Build many briefings of many articles over two workers."""
    total = BRIEFINGS * ARTICLES_EACH
    texts = short_articles(total)
    briefings = {
        f"b{number:02}": texts[number * ARTICLES_EACH : (number + 1) * ARTICLES_EACH]
        for number in range(BRIEFINGS)
    }
    shared = project(folder / "night", briefings, bucket, "night")
    with cluster(folder / "cluster", 2, bucket.environment()) as machines:
        point_at(shared, machines)
        cost = build(shared, bucket, machines)
    made = len(list(shared.glob("audio-*/*.mp3")))
    row(
        f"{total} articles in {made} briefings, 2 workers", "",
        f"{cost.wall_s:.0f} s; processor time: coordinator {cost.coordinator_s / total * 1000:.0f},"
        f" workers and scheduler {cost.cluster_s / total * 1000:.0f} ms an article", "",
    )  # fmt: skip


def kills(folder: Path, bucket: Bucket, given: argparse.Namespace) -> None:
    """Kill workers and the scheduler while they work; every edition must be there, and right."""
    done = [kill for killed in run_kills(folder, KILLS, seed=1) for kill in killed]
    row(
        f"{len(done)} processes killed, the scheduler {done.count('scheduler')} times", "",
        "no edition lost, none wrong", "none",
    )  # fmt: skip


def sample_articles(count: int) -> list[str]:
    title, _, body = SEED.read_text("utf-8").partition("\n")
    return [
        f"{title} {number}\n" + "\n".join(vary(line, number + 1) for line in body.splitlines())
        for number in range(count)
    ]


def short_articles(count: int) -> list[str]:
    title, _, body = SEED.read_text("utf-8").partition("\n")
    lines = [line for line in body.splitlines() if line.strip()]
    return [
        f"{title} {number}\n\n"
        + "\n\n".join(vary(lines[(number + n) % len(lines)], number + 1) for n in range(3))
        for number in range(count)
    ]


def project(
    folder: Path,
    briefings: Mapping[str, Sequence[str]],
    bucket: Bucket | None = None,
    prefix: str = "clips",
    voice: str = "espeak",
) -> Path:
    """Make a configuration of briefings, with a shared store if there is a bucket."""
    lines = [f'voice = "{voice}"', 'opening.line = ""', 'sound.opening = ""', 'sound.closing = ""']
    if bucket is not None:
        lines.append(f'[cache]\nshared = "s3://shelf/{prefix}"')
    for name, texts in briefings.items():
        (folder / name).mkdir(parents=True)
        for number, text in enumerate(texts):
            (folder / name / f"{number:04}.txt").write_text(text, encoding="utf-8")
        lines.append(
            f'[briefing.{name}]\nsources.folder = "{name}"\noutput.folder = "audio-{name}"'
        )
    (folder / "config.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def use_memory(folder: Path, articles: int) -> None:
    """Write a file as large as what some articles take, and remove it; see above."""
    block = bytes(1_000_000)
    path = folder / "memory"
    with path.open("wb") as file:
        for _ in range(articles * _MEMORY_BYTES // len(block)):
            file.write(block)
    path.unlink()


def point_at(folder: Path, machines: Cluster) -> None:
    config = folder / "config.toml"
    config.write_text(f'cluster.address = "{machines.address}"\n' + config.read_text("utf-8"))


def build(
    folder: Path,
    bucket: Bucket | None = None,
    machines: Cluster | None = None,
    environment: Mapping[str, str] | None = None,
) -> Cost:
    """Build every briefing of a project."""
    variables = {**user_environment(folder), "OMP_NUM_THREADS": "1"}
    variables |= bucket.environment() if bucket else {}
    before = machines.processor_s() if machines else 0.0
    started = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "briefing", "build", "--quiet", "--date", DAY],
        cwd=folder,
        env={**variables, **(environment or {})},
    ) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall_s = time.perf_counter() - started
    assert process.returncode == 0, f"the build ended with {process.returncode}"
    own = usage.ru_utime + usage.ru_stime
    return Cost(wall_s, own, machines.processor_s() - before if machines else 0.0)


def digest(folder: Path) -> str:
    return hashlib.sha256(next(folder.glob("audio-*/*.mp3")).read_bytes()).hexdigest()


def row(what: str, against: str, measured: str, bar: str) -> None:
    print(f"| {what} | {against} | {measured} | {bar} |", flush=True)


if __name__ == "__main__":
    main()
