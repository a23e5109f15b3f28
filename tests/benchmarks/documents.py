"""A thousand documents of every kind: how long they take to read, in how much memory, and again.

    python3 -m tests.benchmarks.documents [--count N]

The second run takes everything from the store; the bar is 5 % of the first. Also each hostile
sample by itself: seconds of the whole process that reads it, and its peak memory.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from briefing.config import Config
from briefing.sources import read
from tests.sources.held_documents import held_documents
from tests.sources.test_hostile_documents import READ

BAR = 0.05
MOST_SECONDS, MOST_MB = 5.0, 150


def fill(folder: Path, count: int) -> int:
    """Write documents, each another by its bytes; return how many."""
    samples = [
        one
        for one in (*held_documents("documents"), *held_documents("own_documents"))
        if not one.is_hostile and one.path.suffix != ".pdf"
    ]
    for number in range(count):
        sample = samples[number % len(samples)]
        data = sample.path.read_bytes()
        # bytes after the end of a ZIP, a space after everything else: the document is the same
        tail = f"{number:08}".encode() if data.startswith(b"PK") else b" " * (number + 1)
        (folder / f"{number:04}{sample.path.suffix}").write_bytes(data + tail)
    return count


def thousand(count: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        (base / "seeds").mkdir()
        os.environ["XDG_CACHE_HOME"] = str(base / "cache")
        count = fill(base / "seeds", count)
        times = []
        for _ in range(2):
            started = time.perf_counter()
            articles, skipped = read(Config(base=base))
            times.append(time.perf_counter() - started)
            print(f"{len(articles)} articles of {count} documents, {len(skipped)} skipped,"
                  f" {times[-1]:.2f} s")  # fmt: skip
        child = resource.getrusage(resource.RUSAGE_CHILDREN)
        own = resource.getrusage(resource.RUSAGE_SELF)
        print(f"CPU of the readers {child.ru_utime + child.ru_stime:.2f} s,"
              f" peak memory {child.ru_maxrss / 1024:.0f} MB; of this process"
              f" {own.ru_maxrss / 1024:.0f} MB")  # fmt: skip
        print(f"second run / first: {times[1] / times[0]:.1%} (bar {BAR:.0%})")


def hostile() -> None:
    for one in held_documents("documents"):
        if not one.is_hostile or one.path.suffix == ".pdf":
            continue
        started, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(
            [sys.executable, "-c", READ, str(one.path)], capture_output=True, text=True, check=True
        )
        seconds = time.perf_counter() - started
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        peak = int(done.stdout.splitlines()[-1]) / 1024
        over = " OVER" if cpu > MOST_SECONDS or peak > MOST_MB else ""
        print(f"{one.path.parent.name:28} {seconds:5.2f} s, CPU {cpu:5.2f} s, {peak:4.0f} MB{over}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000)
    thousand(parser.parse_args().count)
    hostile()
