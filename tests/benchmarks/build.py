"""Times whole builds against a baseline in the same run, and prints a table of ratios.

    python tests/benchmarks/build.py [--runs N]

Needs the packages espeak-ng and lame for the comparison. Commands take turns (A B A B …), so that
a machine whose speed drifts is fair to both; medians are compared.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
SEED = next((ROOT / "seeds").glob("*.txt"))
BUILD = (sys.executable, "-m", "briefing", "build", "--quiet")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=7)
    runs = options.parse_args().runs
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print("| what | against | ratio | bar |\n| --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        rows(Path(folder), runs)


def rows(folder: Path, runs: int) -> None:
    project = make(folder / "one", [SEED.read_text("utf-8")])
    if shutil.which("espeak-ng") and shutil.which("lame"):
        pipe = f"espeak-ng -v ar -f {SEED} --stdout | lame --quiet - {folder}/out.mp3"
        cold, bare = alternate(
            lambda: run(BUILD, project, cold=True), lambda: run(["sh", "-c", pipe], project), runs
        )
        row("cold build of the sample", "espeak-ng piped to lame", cold, bare, "1.0")
    else:
        print("| cold build of the sample | espeak-ng and lame are not installed | - | 1.0 |")
    run(BUILD, project)
    idle, bare = alternate(
        lambda: run(BUILD, project),
        lambda: run([sys.executable, "-c", "pass"], project),
        2 * runs,
    )
    row("nothing changed", "python -c pass", idle, bare, "25")
    title, _, body = SEED.read_text("utf-8").partition("\n")
    texts = [f"{title} {number}\n{vary(body, number)}" for number in range(10)]
    ten = make(folder / "ten", texts)
    long = peak_mb(BUILD, ten)
    short = peak_mb(BUILD, project)
    print(
        f"| peak memory, ten times the sample | the sample | {long / short:.2f}"
        f" ({long:.0f} / {short:.0f} MB) | 1.3 |"
    )


def vary(body: str, number: int) -> str:
    """Make other paragraphs of the same length, so that no clip is in the cache."""
    words = body.split(" ")
    turns, first = divmod(number, len(words))
    other = words[turns % len(words)]
    words[turns % len(words)], words[0] = words[0], other
    return " ".join(words[first:] + words[:first])


def make(folder: Path, texts: Sequence[str]) -> Path:
    (folder / "seeds").mkdir(parents=True)
    for number, text in enumerate(texts):
        (folder / "seeds" / f"{number:03}.txt").write_text(text, encoding="utf-8")
    return folder


def run(command: Sequence[str], folder: Path, *, cold: bool = False) -> float:
    """Run a command in the folder; give its wall time in seconds."""
    if cold:
        shutil.rmtree(folder / "cache", ignore_errors=True)
        shutil.rmtree(folder / "audio", ignore_errors=True)
    started = time.perf_counter()
    subprocess.run(
        command, cwd=folder, env=environment(folder), check=True, stdout=subprocess.DEVNULL
    )
    return time.perf_counter() - started


def environment(folder: Path) -> dict[str, str]:
    """Give a user's environment: byte code is kept, as it is after a first run."""
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "XDG_CACHE_HOME": str(folder / "cache"), "PYTHONPATH": str(ROOT)}


def peak_mb(command: Sequence[str], folder: Path, *, cold: bool = True) -> float:
    """Run a build in a child of its own; give the peak of its largest process in MB."""
    if cold:
        shutil.rmtree(folder / "cache", ignore_errors=True)
        shutil.rmtree(folder / "audio", ignore_errors=True)
    code = (
        "import resource, subprocess, sys;"
        "subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *command],
        cwd=folder,
        env=environment(folder),
        check=True,
        capture_output=True,
        text=True,
    )
    return int(done.stdout) / 1024


def alternate(
    one: Callable[[], float], other: Callable[[], float], runs: int
) -> tuple[list[float], list[float]]:
    """Time two commands in turn, after one warm-up of each."""
    one(), other()
    pairs = [(one(), other()) for _ in range(runs)]
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def row(what: str, against: str, ours: list[float], theirs: list[float], bar: str) -> None:
    one, other = statistics.median(ours), statistics.median(theirs)
    print(
        f"| {what} | {against} | {one / other:.2f} ({one:.3f} / {other:.3f} s) | {bar} |",
        flush=True,
    )


if __name__ == "__main__":
    main()
