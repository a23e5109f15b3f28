"""The state of one briefing -> whether to build it now, and why.

Nothing here sleeps, reads a clock or touches a file. The service passes in what it sees and when,
so a test can simulate a year in a second.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import datetime, timedelta

from briefing.config import Schedule
from briefing.errors import EXIT_USAGE
from briefing.schedule.cron import Timetable, is_missed
from briefing.schedule.inputs import Snapshot
from briefing.schedule.memory import Memory
from briefing.shelf.build_history import BuildRecord

__all__ = ["Plan"]

_LONGEST_SETTLE_S = 120.0
"""The longest time that a file which never stops changing delays a build."""
_LONGEST_RETRY = timedelta(hours=6)


@dataclass
class Plan:
    """When one briefing is built next."""

    schedule: Schedule
    table: Timetable
    memory: Memory | None
    """None before the first build under the service."""
    last_good: datetime | None = None
    """Start of the last good build, including those by hand."""
    snapshot: Snapshot | None = None
    """The last snapshot of the files."""
    inputs: str = ""
    """Digest of the settings and of the files of the last snapshot."""
    changed: float = 0.0
    """Monotonic time of the last change of the files."""
    unsettled_since: float | None = None
    """Monotonic time of the first change that no build has taken up; None: no such change."""
    last_attempt: str | None = None
    """`inputs` when this service last started a build; None before the first."""
    running: str | None = None
    """Why the running build was started; None: no build is running."""

    def notice(self, snapshot: Snapshot, inputs: str, at: float) -> bool:
        """Record a snapshot taken at a monotonic time; return whether anything changed."""
        if snapshot == self.snapshot and inputs == self.inputs:
            return False
        first = self.snapshot is None
        self.snapshot, self.inputs = snapshot, inputs
        if not first:
            self.unsettle(at)
        return not first

    def unsettle(self, at: float) -> None:
        """Wait, from a monotonic time on, until the files have settled."""
        self.changed = at
        if self.unsettled_since is None:
            self.unsettled_since = at

    def reason(self, now: datetime, at: float) -> str | None:
        """Return why to build now, or None. now: the wall clock; at: monotonic seconds."""
        if self.running or self.wait_s(at) > 0:
            return None
        self.unsettled_since = None
        if self.memory is None:
            return "start"
        if self.is_due(now):
            return "nightly"
        if self.schedule.watch and self.inputs != self._last_inputs:
            return "change" if self.last_attempt is not None else "start"
        retry = self.memory.retry_at
        if retry and (now >= retry or retry - now > _LONGEST_RETRY):
            return "retry"
        return None

    def is_due(self, now: datetime) -> bool:
        """Return whether a nightly build was missed; see cron.is_missed."""
        stamps = [self.memory.nightly if self.memory else None, self.last_good]
        return all(is_missed(self.table, stamp, now) for stamp in stamps)

    def wait_s(self, at: float) -> float:
        """Return for how many more seconds the files must not change before a build reads them."""
        if self.unsettled_since is None:
            return 0.0
        settled = self.changed + self.schedule.settle_s
        return max(0.0, min(settled, self.unsettled_since + _LONGEST_SETTLE_S) - at)

    @property
    def _last_inputs(self) -> str:
        if self.last_attempt is not None:
            return self.last_attempt
        return self.memory.inputs if self.memory else ""

    def begin(self, reason: str) -> None:
        """Record that a build of the last snapshot starts."""
        self.running, self.last_attempt = reason, self.inputs

    def end(self, build: BuildRecord, now: datetime) -> Memory:
        """Record how the build ended; return what to remember over a restart."""
        memory = self.memory or Memory()
        changed = memory.inputs != self.last_attempt
        failures = retry_at = None
        if build.good:
            self.last_good = build.started
        else:
            fresh = changed or self.running == "nightly"
            failures = 1 if fresh else memory.failures + 1
            if failures <= self.schedule.retries and build.exit_code != EXIT_USAGE:
                wait = timedelta(seconds=self.schedule.retry_s) * 2 ** min(failures - 1, 30)
                retry_at = now + min(wait, _LONGEST_RETRY)
        # a nightly build counts once it has ended, so one that was killed is repeated
        nightly = (
            build.started if self.running == "nightly" or not memory.nightly else memory.nightly
        )
        self.memory = dataclasses.replace(
            memory,
            nightly=nightly,
            inputs=self.last_attempt or "",
            failures=failures or 0,
            retry_at=retry_at,
        )
        self.running = None
        return self.memory
