"""What a build of one briefing costs by how many others stand on its shelf.

    python -m tests.benchmarks.shelf [--sizes 2 11 36 100] [--runs 7] [--keep 30]

Each briefing is one sentence. The shelf is built, then one briefing of it is built again and again
with all clips in the cache; the CPU seconds are those of the whole process and of its workers. A
row's last column is what each other briefing adds, against a shelf of one, measured in turns in
the same run.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
BUILD = (sys.executable, "-m", "briefing", "build", "--quiet")
_BAR_MS = 2.0


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--sizes", type=int, nargs="+", default=[2, 11, 36, 100])
    options.add_argument("--runs", type=int, default=7)
    options.add_argument("--days", type=int, default=1, help="kept editions of each briefing")
    given = options.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    with tempfile.TemporaryDirectory() as folder:
        alone = make(Path(folder) / "1", 1, given.days)
        shelves = {size: make(Path(folder) / str(size), size, given.days) for size in given.sizes}
        for turns in range(given.runs + 1):
            for times, project in [alone, *shelves.values()]:
                again(project)
                spent = cpu_ms([*BUILD, "--name", "b000", "--date", "2026-11-24"], project)
                if turns:  # the first one is warmer than none
                    times.append(spent)
    base = statistics.median(alone[0])
    print("| briefings on the shelf | a build of one, CPU ms | each other adds, ms | bar |")
    print(f"| --- | --- | --- | --- |\n| 1 | {base:.0f} | | |")
    for size, (times, _) in shelves.items():
        spent = statistics.median(times)
        print(f"| {size} | {spent:.0f} | {(spent - base) / (size - 1):.2f} | {_BAR_MS:g} |")


def make(project: Path, size: int, days: int) -> tuple[list[float], Path]:
    """Build a shelf of briefings of one sentence; return an empty list for times, and the folder."""
    tables = []
    for number in range(size):
        (project / f"s{number:03}").mkdir(parents=True)
        text = f"خبر {number}\n\nهذه هي الجملة رقم {number}.\n"
        (project / f"s{number:03}" / "a.txt").write_text(text, "utf-8")
        tables.append(f'[briefing.b{number:03}]\nsources.folder = "s{number:03}"\n')
    config = "workers = 1\n[feed]\nbase_url = 'https://example.org/'\n" + "".join(tables)
    (project / "config.toml").write_text(config, "utf-8")
    for day in range(days):
        date = (
            f"2026-11-{24 - days + 1 + day:02}"
            if days <= 24
            else f"2026-{1 + day // 28:02}-{1 + day % 28:02}"
        )
        subprocess.run(
            [*BUILD, "--force", "--date", date], cwd=project, check=True, env=quiet(project)
        )
    return [], project


def again(project: Path) -> None:
    """Make the first briefing out of date; its clips stay in the cache."""
    record = (project / "audio" / ".current.b000").resolve() / ".b000.built"
    if not record.exists():  # a version with one edition for all
        record = (project / "audio" / ".current").resolve() / ".b000.built"
    record.unlink()


def cpu_ms(command: list[str], project: Path) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=project, check=True, env=quiet(project))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def quiet(project: Path) -> dict[str, str]:
    return {
        **os.environ,
        "XDG_CACHE_HOME": str(project / "cache"),
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "ignore",
    }


if __name__ == "__main__":
    main()
