"""A pytest plugin for the mutants: ends a run when its time is used up, and reports the outcomes.

It is told what to do by variables of the environment:

TESTS_BUDGET    so many seconds after the first test began no further test begins
TESTS_REPORT    a JSON file to write: the outcome of each test, in the order of the run
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

BUDGET, REPORT = "TESTS_BUDGET", "TESTS_REPORT"

_outcomes: dict[str, str] = {}
_started: list[float] = []


@pytest.hookimpl(trylast=True)  # after the plain run has put its long files first
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run the files in the order in which they are named."""
    files = [argument.partition("::")[0] for argument in config.args]
    items.sort(key=lambda item: files.index(item.nodeid.partition("::")[0]))


def pytest_runtest_setup() -> None:
    """Start the clock with the first test: reading the files does not count."""
    if not _started:
        _started.append(time.monotonic())


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Keep the first outcome of a test's phases other than "passed", or else "passed"."""
    if _outcomes.get(report.nodeid, "passed") == "passed":
        _outcomes[report.nodeid] = report.outcome


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Let no further test begin once the budget is used up."""
    budget = os.environ.get(BUDGET)
    if budget and time.monotonic() - _started[0] > float(budget):
        item.session.shouldstop = "the budget is used up"


def pytest_sessionfinish() -> None:
    """Write the report."""
    if path := os.environ.get(REPORT):
        Path(path).write_text(json.dumps(_outcomes, ensure_ascii=False), "utf-8")
