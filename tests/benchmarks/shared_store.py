"""What a slow shared store costs a build, and what a full one saves.

    python -m tests.benchmarks.shared_store [--articles 6] [--runs 3] [--delay-ms 50]

The store is moto's server in a process of its own; each request waits so many milliseconds before it
is answered. Each run builds the same articles without a store, with a quick one and with the slow
one, in turns: cold (nothing is there) and fetched (all is there, and the machine's folder is empty).
Seconds by the clock, the least of the runs: others may use the machine.
"""

from __future__ import annotations

import argparse
import contextlib
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from multiprocessing.connection import Connection
from pathlib import Path

from tests.delivery.servers import Bucket, bucket_server

ROOT = Path(__file__).parents[2]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--articles", type=int, default=6)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--delay-ms", type=float, default=50)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as servers:
        quick = servers.enter_context(server(0))
        slow = servers.enter_context(server(chosen.delay_ms / 1000))
        seconds: dict[str, list[float]] = {}
        for run in range(chosen.runs):
            for name, environment in (("none", None), ("quick", quick), ("slow", slow)):
                for state in ("cold", "fetched"):
                    if environment is None and state == "fetched":
                        continue
                    place = Path(folder) / f"{name}-{run}-{state}"
                    prefix = f"{name}-{run}"
                    took = build(place, chosen.articles, environment, prefix)
                    seconds.setdefault(f"{name} {state}", []).append(took)
        base = min(seconds["none cold"])
        for name, runs in seconds.items():
            least = min(runs)
            print(f"{name:16} {least:7.2f} s  {least / base:5.3f} of a build without a store")
        for state in ("cold", "fetched"):
            slow_s, quick_s = (min(seconds[f"{kind} {state}"]) for kind in ("slow", "quick"))
            print(f"slow to quick, {state}: {slow_s / quick_s:.3f}")


@contextlib.contextmanager
def server(delay_s: float):
    """Run a store in a process of its own; yield the environment that leads to it."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(delay_s, theirs), daemon=True)
    process.start()
    try:
        yield ours.recv()
    finally:
        process.terminate()
        process.join()


def serve(delay_s: float, connection: Connection) -> None:
    import logging

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with bucket_server() as bucket:
        bucket.before = lambda number: time.sleep(delay_s)
        connection.send(Bucket(bucket.url).environment())
        threading.Event().wait()


def build(folder: Path, articles: int, environment: dict[str, str] | None, prefix: str) -> float:
    """Build the articles with an empty folder; return the seconds."""
    (folder / "seeds").mkdir(parents=True)
    (text,) = (path.read_text("utf-8") for path in sorted((ROOT / "seeds").iterdir())[:1])
    paragraphs = text.split("\n\n")
    for number in range(articles):
        own = [f"{paragraph} {number}." for paragraph in paragraphs[1:4]]
        content = "\n\n".join([f"خبر {number}", *own])
        (folder / "seeds" / f"{number}.txt").write_text(content, "utf-8")
    if environment is not None:
        (folder / "config.toml").write_text(f'[cache]\nshared = "s3://shelf/{prefix}"\n')
    kept = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    started = time.monotonic()
    subprocess.run(
        [sys.executable, "-m", "briefing", "build", "--quiet", "--date", "2026-11-24"],
        cwd=folder,
        env={
            **kept,
            **(environment or {}),
            "XDG_CACHE_HOME": str(folder / "cache"),
            "PYTHONPATH": str(ROOT),
        },
        check=True,
    )
    seconds = time.monotonic() - started
    shutil.rmtree(folder / "cache")
    return seconds


if __name__ == "__main__":
    main()
