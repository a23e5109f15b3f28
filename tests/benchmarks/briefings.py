"""Times the briefings of one configuration together, against building them one after the other.

    python -m tests.benchmarks.briefings [--runs N]

Three briefings as long as the sample, nothing in the cache; thirty-six of one sentence each, all
clips in the cache; and thirty of which none has changed. Commands take turns (A B A B …), and
medians are compared.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.build import BUILD, SEED, alternate, environment, row, run, vary


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=5)
    runs = options.parse_args().runs
    print("| what | against | ratio | bar |\n| --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        rows(Path(folder), runs)


def rows(folder: Path, runs: int) -> None:
    title, _, body = SEED.read_text("utf-8").partition("\n")
    lines = body.splitlines()
    texts = [
        # no paragraph of one is in another
        f"{title} {number}\n" + "\n".join(vary(line, number + 1) for line in lines)
        for number in range(3)
    ]
    three = make(folder / "three", texts)
    together, alone = alternate(
        lambda: timed([BUILD], three, "cache"),
        lambda: timed([(*BUILD, "--name", f"b{number}") for number in range(3)], three, "cache"),
        runs,
    )
    row("3 briefings of the sample, cold", "one after the other", together, alone, "1.0")
    many = make(folder / "many", [f"عنوان\n\nهذا خبر رقم {number}.\n" for number in range(36)])
    run(BUILD, many)
    together, alone = alternate(
        lambda: timed([BUILD], many),
        lambda: timed([(*BUILD, "--name", f"b{number}") for number in range(36)], many),
        max(1, runs // 2),
    )
    row("36 briefings of a sentence, cached", "one after the other", together, alone, "1.0")
    thirty = make(folder / "thirty", [f"عنوان\n\nهذا خبر رقم {number}.\n" for number in range(30)])
    run(BUILD, thirty)
    idle, bare = alternate(
        lambda: run(BUILD, thirty), lambda: run([sys.executable, "-c", "pass"], thirty), 2 * runs
    )
    row("nothing changed in 30 briefings", "python -c pass", idle, bare, "25")


def make(folder: Path, texts: Sequence[str]) -> Path:
    """Make a project with a briefing for each text, on a shelf of its own."""
    tables = []
    for number, text in enumerate(texts):
        name = f"b{number}"
        (folder / name).mkdir(parents=True)
        (folder / name / "a.txt").write_text(text, encoding="utf-8")
        tables.append(
            f'[briefing.{name}]\nsources.folder = "{name}"\noutput.folder = "shelves/{name}"\n'
        )
    (folder / "config.toml").write_text("".join(tables), encoding="utf-8")
    return folder


def timed(commands: Sequence[Sequence[str]], folder: Path, *gone: str) -> float:
    """Run commands in turn, the shelves and what else is named removed; return seconds."""
    for name in ("shelves", *gone):
        shutil.rmtree(folder / name, ignore_errors=True)
    started = time.perf_counter()
    for command in commands:
        subprocess.run(
            command, cwd=folder, env=environment(folder), check=True, stdout=subprocess.DEVNULL
        )
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
