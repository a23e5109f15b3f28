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
_QUICK = {("first", "links"), ("same day", "links"), ("remove current", "links")}


def _ways() -> list[object]:
    ways = [(change, way) for change in CHANGES for way in ("links", "journal")]
    return [pytest.param(*way, marks=[pytest.mark.slow] * (way not in _QUICK)) for way in ways]


@pytest.mark.parametrize(("change", "way"), _ways())
def test_killed_before_any_call_every_briefing_stays_whole_and_the_next_command_finishes(
    tmp_path: Path, change: str, way: str
) -> None:
    """In a process of its own: it forks, and this one may have threads."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.faults.step_kills", change, way, tmp_path],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    old, new = map(int, done.stdout.split())
    assert old > 10
    assert new > 10
    print(f"\n{change}, {way}: killed {old + new} times, {old} old, {new} new, 0 torn")
