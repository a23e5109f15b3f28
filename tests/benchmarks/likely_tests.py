"""Which files of tests are most likely to see a change of a module, and how they are run.

The order comes from names and imports alone, so nothing has to be recorded first: files that
import the module, then files whose path shares words with the module's path, then files that
reach the module through few imports.
"""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tests.benchmarks.budgeted_run import BUDGET, REPORT

PLAIN_RUN = "addopts=--strict-markers -m 'not slow' --doctest-modules"
"""The plain run's options without its workers; the examples in docstrings are tests as well."""
_MOST_FILES = 12
"""So many files are read for a mutant: reading all of them would take longer than running some."""
_DIRECT_IMPORT = 3
"""An import of the module counts as much as so many shared words."""


@dataclass(frozen=True)
class LikelyTests:
    """The files of tests of a project, in the order in which they may see a change."""

    root: Path
    package: str

    def of(self, module: str) -> list[str]:
        """Return the files that may see a change of a module, the likeliest first."""
        distances = self._distances(module)
        words = _words(module)

        def order(file: str) -> tuple[int, int, int]:
            distance = distances.get(file, 99)
            likeness = len(words & _words(file)) + _DIRECT_IMPORT * (distance == 1)
            return -likeness, distance, (self.root / file).stat().st_size

        tests = [file for file in self._files if Path(file).name.startswith("test_")]
        likely = [file for file in tests if file in distances or words & _words(file)]
        has_examples = b">>>" in (self.root / module).read_bytes()
        return [module] * has_examples + sorted(likely, key=order)[:_MOST_FILES]

    @cached_property
    def _files(self) -> dict[str, str]:
        """By path, the dotted name of each module of the package and of the tests."""
        paths = (
            path.relative_to(self.root)
            for folder in (self.package, "tests")
            for path in sorted((self.root / folder).rglob("*.py"))
        )
        return {
            path.as_posix(): ".".join(path.with_suffix("").parts).removesuffix(".__init__")
            for path in paths
        }

    @cached_property
    def _importers(self) -> dict[str, set[str]]:
        """By dotted name, the files that import it."""
        importers: dict[str, set[str]] = {name: set() for name in self._files.values()}
        for file in self._files:
            for name in _imported(self.root / file):
                if name in importers:
                    importers[name].add(file)
        return importers

    def _distances(self, module: str) -> dict[str, int]:
        """Return how many imports lie between each file and the module."""
        distances, reached = {module: 0}, [module]
        for file in reached:
            for importer in sorted(self._importers[self._files[file]]):
                if importer not in distances:
                    distances[importer] = distances[file] + 1
                    reached.append(importer)
        return distances


def _words(path: str) -> set[str]:
    """Return the words of a path but for those that every path has."""
    words = {word.removesuffix("s") for word in re.split(r"[/_.]", path)}
    return words - {"", "py", "test", "briefing", "init"}


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@dataclass(frozen=True, slots=True)
class Run:
    """What a run of tests came to."""

    passed: bool
    in_time: bool
    outcomes: dict[str, str]
    """By node id, in the order of the run."""

    @property
    def failing(self) -> list[str]:
        """Return the tests that failed."""
        return [node for node, outcome in self.outcomes.items() if outcome == "failed"]


def run_tests(
    copy: Path, own: Path, arguments: Iterable[str], budget_s: float, limit_s: float
) -> Run:
    """Run tests of a copy of the project in a process group that is ended with them.

    own: a folder for all that they write. budget_s: so many seconds after the first test began no
    further test begins. limit_s: after so many seconds the run is ended.
    """
    for name in ("home", "cache", "tmp"):
        (own / name).mkdir(parents=True, exist_ok=True)
    report = own / "report.json"
    with (own / "output.txt").open("w") as output:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"),
                *("-p", "tests.benchmarks.budgeted_run", "-o", PLAIN_RUN, *arguments),
            ],
            cwd=copy,
            env={
                **os.environ,
                "PYTHONPATH": str(copy),
                "HOME": str(own / "home"),
                "XDG_CACHE_HOME": str(own / "cache"),
                "TMPDIR": str(own / "tmp"),
                BUDGET: str(budget_s),
                REPORT: str(report),
            },
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            code: int | None = process.wait(limit_s)
        except subprocess.TimeoutExpired:
            code = None
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            shutil.rmtree(own / "tmp", ignore_errors=True)
    outcomes = json.loads(report.read_text("utf-8")) if report.exists() else {}
    # 2: ended by the budget, 5: no test in these files
    failed = "failed" in outcomes.values()
    passed = code in {0, 5} or (code == 2 and bool(outcomes) and not failed)
    return Run(passed, code is not None, outcomes)
