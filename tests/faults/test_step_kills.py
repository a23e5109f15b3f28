"""SIGKILL before every file-system call of each change of a shelf with three briefings."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.faults.step_kills import CHANGES

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
COMMAND = [sys.executable, "-W", "ignore", "-m", "tests.faults.step_kills"]
_QUICK = {"first": 7, "same day": 7, "takeover": 40, "remove current": 7}
"""In every test run one call of so many is killed, in the slow tests each."""


def _ways() -> list[object]:
    each = [
        pytest.param(change, way, 1, id=f"{change}-{way}", marks=pytest.mark.slow)
        for change in CHANGES
        for way in ("links", "journal")
    ]
    return each + [pytest.param(change, "links", every) for change, every in _QUICK.items()]


@pytest.mark.parametrize(("change", "way", "every"), _ways())
def test_killed_before_any_call_every_briefing_stays_whole_and_the_next_command_finishes(
    tmp_path: Path, change: str, way: str, every: int
) -> None:
    """In a process of its own: it forks, and this one may have threads."""
    done = subprocess.run(
        [*COMMAND, change, way, str(tmp_path), str(every)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    old, new = map(int, done.stdout.split())
    assert min(old, new) > (10 if every == 1 else 0)
    print(f"\n{change}, {way}: killed {old + new} times, {old} old, {new} new, 0 torn")
