"""How many small faults the tests see: mutants drawn at random, and those that lived.

python3 -m tests.benchmarks.mutants [--seed N] [--count N] [--budget SECONDS] [--limit SECONDS]
                                    [--processes N] [--only FILE:LINE …] [-v]

A mutant is the program with one comparison, constant or call changed. Modules are drawn by their
lines. Each mutant is tried in a copy of the project by the files of tests that are most likely to
see it, until a test fails or the budget is used up; so one that lived may still be seen by a test
that was not run. A test that fails without any mutant counts for nothing. A run that has not
ended at the limit is counted apart: the mutant may hang, or a test may be slow.

Mutants that no test can see, with the reason, are listed in equivalent_mutants.tsv.
"""

from __future__ import annotations

import argparse
import itertools
import os
import shutil
import subprocess
import tempfile
import time
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

from tests.benchmarks.likely_tests import LikelyTests, run_tests
from tests.benchmarks.mutation import Mutant, draw

ROOT = Path(__file__).parents[2]
PACKAGE = "briefing"
EQUIVALENT = Path(__file__).with_name("equivalent_mutants.tsv")

_TIMES = itertools.count(1_600_000_000)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the tests made of a mutant."""

    mutant: Mutant
    fate: str
    """seen, lived or timed out"""
    tests: int
    """How many tests tried it."""
    failing: str
    """The first test that failed."""
    seconds: float


class Trials:
    """Tries mutants in copies of the project, as many at a time as there are copies."""

    def __init__(self, copies: list[Path], arguments: argparse.Namespace) -> None:
        self.likely = LikelyTests(copies[0], PACKAGE)
        self.budget_s: float = arguments.budget
        self.limit_s: float = arguments.limit
        self.verbose: bool = arguments.verbose
        self.copies: SimpleQueue[Path] = SimpleQueue()
        for copy in copies:
            self.copies.put(copy)
        self.processes = len(copies)

    def try_all(self, drawn: list[Mutant]) -> list[Verdict]:
        """Return the verdict on each mutant, and print it."""
        verdicts: list[Verdict] = []
        broken: tuple[str, ...] = ()
        while drawn:
            tried = self._try_each(drawn, broken)
            failing = {verdict.failing for verdict in tried if verdict.failing}
            more = self._failing_without_mutant(sorted(failing))
            if more:
                print(f"fail without any mutant: {', '.join(more)}", flush=True)
            broken += more
            verdicts += [verdict for verdict in tried if verdict.failing not in more]
            drawn = [verdict.mutant for verdict in tried if verdict.failing in more]
        return verdicts

    def _try_each(self, drawn: list[Mutant], without: tuple[str, ...]) -> list[Verdict]:
        verdicts = []
        with ThreadPoolExecutor(self.processes) as pool:
            tried = [pool.submit(self._try, mutant, without) for mutant in drawn]
            for number, verdict in enumerate(map(Future.result, as_completed(tried)), 1):
                verdicts.append(verdict)
                if self.verbose or verdict.fate != "seen":
                    print(f"{number:3} {_summary(verdict)}", flush=True)
        return verdicts

    def _try(self, mutant: Mutant, without: tuple[str, ...]) -> Verdict:
        copy, started = self.copies.get(), time.monotonic()
        own = copy.parent / f"run-{next(_TIMES)}"
        own.mkdir()
        module = copy / mutant.module
        source, facts = module.read_bytes(), module.stat()
        deselected = [f"--deselect={node}" for node in without]
        try:
            module.write_bytes(mutant.apply(source))
            # a time of its own: compiled modules are told apart by whole seconds and by their size
            os.utime(module, (next(_TIMES),) * 2)
            files = self.likely.of(mutant.module)
            run = run_tests(copy, own, ["-x", *deselected, *files], self.budget_s, self.limit_s)
        finally:
            module.write_bytes(source)
            os.utime(module, ns=(facts.st_atime_ns, facts.st_mtime_ns))
            shutil.rmtree(own, ignore_errors=True)
            self.copies.put(copy)
        fate = "timed out" if not run.in_time else "lived" if run.passed else "seen"
        failing = next(iter(run.failing), "")
        return Verdict(mutant, fate, len(run.outcomes), failing, time.monotonic() - started)

    def _failing_without_mutant(self, nodes: list[str]) -> tuple[str, ...]:
        """Return which of some tests fail in the project as it is."""
        if not nodes:
            return ()
        copy = self.copies.get()
        own = copy.parent / f"run-{next(_TIMES)}"
        own.mkdir()
        try:
            run = run_tests(copy, own, nodes, float("inf"), 60 + self.limit_s * len(nodes))
        finally:
            self.copies.put(copy)
        return tuple(node for node in nodes if run.outcomes.get(node) != "passed")


def main() -> None:
    """Draw mutants, try them, and print what lived."""
    arguments = _arguments()
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mutants-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)  # tests of permissions run as another user
        copies = [_copy(Path(folder) / f"copy-{n}") for n in range(arguments.processes)]
        drawn = draw(copies[0] / PACKAGE, arguments.count, arguments.seed)
        if arguments.only:
            drawn = [
                mutant for mutant in drawn if f"{mutant.module}:{mutant.line}" in arguments.only
            ]
        verdicts = Trials(copies, arguments).try_all(drawn)
    _print(verdicts, arguments.seed, time.monotonic() - started)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 -m tests.benchmarks.mutants")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--processes", type=int, default=2, help="mutants tried at a time")
    parser.add_argument("--budget", type=float, default=10, help="seconds of tests for a mutant")
    parser.add_argument("--limit", type=float, default=45, help="seconds until a run is ended")
    parser.add_argument("--only", nargs="+", help="of those drawn, the mutants in these lines")
    parser.add_argument("-v", "--verbose", action="store_true", help="name every mutant")
    return parser.parse_args()


def _copy(folder: Path) -> Path:
    """Copy what Git would keep of the project."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in listed.stdout.decode().split("\0"):
        source, target = ROOT / name, folder / name
        if name and source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    return folder


def _summary(verdict: Verdict) -> str:
    mutant = verdict.mutant
    tried = f"{verdict.tests} tests, {verdict.seconds:.0f} s"
    return f"{mutant.module}:{mutant.line} {mutant.kind}, {tried}: {verdict.fate} {verdict.failing}"


def _equivalent() -> dict[tuple[str, str], str]:
    """Return, by line before and after, why no test can see the change."""
    rows = [
        line.split("\t")
        for line in EQUIVALENT.read_text("utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    return {(before, after): reason for before, after, reason in rows}


def _print(verdicts: list[Verdict], seed: int, seconds: float) -> None:
    """Print the mutants that no test saw, and how many of them a test could have seen."""
    reasons = _equivalent()
    equivalent = 0
    for verdict in verdicts:
        if verdict.fate == "seen":
            continue
        before, after = verdict.mutant.shown((ROOT / verdict.mutant.module).read_bytes())
        reason = reasons.get((before, after))
        equivalent += reason is not None
        print(f"\n{_summary(verdict)}\n    {before}\n -> {after}")
        if reason:
            print(f"    equivalent: {reason}")
    fates = Counter(verdict.fate for verdict in verdicts)
    print(
        f"\nseed {seed}: {len(verdicts)} mutants in {seconds:.0f} s: {fates['seen']} seen,"
        f" {fates['timed out']} timed out, {fates['lived']} lived; {equivalent} equivalent"
    )


if __name__ == "__main__":
    main()
