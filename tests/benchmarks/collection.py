"""Times rebuilds of a long collection, in ratios to its own cold build, and prints a table.

    python -m tests.benchmarks.collection [--hours N] [--runs N]

Makes articles of some seven minutes each, no two clips alike, and builds them in processes of
their own. Ten hours take a few minutes and two gigabytes of disk.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.build import BUILD, SEED, make, peak_mb, run

ARTICLES_AN_HOUR = 8


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--hours", type=int, default=10)
    options.add_argument("--runs", type=int, default=5, help="of each rebuild; medians are given")
    given = options.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"| {given.hours} hours | against | ratio | bar |\n| --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        rows(Path(folder), given.hours, given.runs)


def rows(folder: Path, hours: int, runs: int) -> None:
    seed = make(folder / "seed", [SEED.read_text("utf-8")])
    sample_mb = peak_mb(BUILD, seed)
    hour = make(folder / "hour", articles(ARTICLES_AN_HOUR))
    before = run(BUILD, hour, cold=True)
    long = make(folder / "long", articles(hours * ARTICLES_AN_HOUR))
    cold = run(BUILD, long, cold=True)
    # the machine's speed drifts: an hour before and an hour after
    one_hour = (before + run(BUILD, hour, cold=True)) / 2
    shutil.rmtree(hour)
    changed, idle = [], []
    for number in range(runs):
        change(sorted((long / "seeds").iterdir())[number * 7 % (hours * ARTICLES_AN_HOUR)], number)
        changed.append(run(BUILD, long))
        idle.append(run(BUILD, long))
    change(next((long / "seeds").iterdir()), runs)
    rebuild_mb = peak_mb(BUILD, long, cold=False)
    long_mb = peak_mb(BUILD, long)
    row("one paragraph changed", "its cold build", statistics.median(changed), cold, "2%")
    row("nothing changed", "its cold build", statistics.median(idle), cold, "1%")
    print(
        f"| cold build | {hours} times one hour | {cold / one_hour / hours:.2f}"
        f" ({cold:.0f} / {hours} × {one_hour:.1f} s) | 1.05 |"
    )
    for what, peak in (("cold build", long_mb), ("one paragraph changed", rebuild_mb)):
        print(
            f"| peak memory, {what} | the sample's | {peak / sample_mb:.2f}"
            f" ({peak:.0f} / {sample_mb:.0f} MB) | 1.3 |"
        )


def articles(count: int) -> list[str]:
    """Make articles of the sample's length, no paragraph twice: the words of each turned round."""
    title, _, body = SEED.read_text("utf-8").partition("\n")
    return [
        f"{title} {number}\n" + "\n".join(_turned(line, number) for line in body.split("\n"))
        for number in range(count)
    ]


def _turned(line: str, number: int) -> str:
    words = line.split(" ")
    if not line:
        return line
    rounds, by = divmod(number, len(words))
    return " ".join([*words[by:], *words[:by], *([str(number)] if rounds else [])])


def change(article: Path, number: int) -> None:
    """Change one paragraph of an article."""
    lines = article.read_text("utf-8").split("\n")
    lines[4] += f" وهذه الجملة رقم {number}."
    article.write_text("\n".join(lines), encoding="utf-8")


def row(what: str, against: str, ours: float, theirs: float, bar: str) -> None:
    print(
        f"| {what} | {against} | {ours / theirs:.1%} ({ours:.2f} / {theirs:.1f} s) | {bar} |",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
