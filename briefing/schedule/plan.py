"""What is known of one briefing -> whether to build it now, and why.

Nothing here sleeps, reads a clock or touches a file: the service tells what it sees and when, so
that a test can let a year pass in a second.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import datetime, timedelta

from briefing.config import Schedule
from briefing.errors import EXIT_USAGE
from briefing.schedule.cron import Timetable, missed
from briefing.schedule.inputs import Look
from briefing.schedule.memory import Memory
from briefing.shelf.build_history import BuildRecord

__all__ = ["Plan"]

_LONGEST_SETTLE_S = 120.0
"""A file that never stops changing holds the others up for so long."""
_LONGEST_RETRY = timedelta(hours=6)


@dataclass
class Plan:
    """When one briefing is built next."""

    schedule: Schedule
    table: Timetable
    memory: Memory | None
    """None before the first build under the service."""
    last_good: datetime | None = None
    """Start of the last good build, by whatever it was started."""
    seen: Look | None = None
    inputs: str = ""
    """Digest of what was seen last."""
    changed: float = 0.0
    """Monotonic time at which what is seen changed last."""
    unsettled_since: float | None = None
    tried: str | None = None
    """Digest of the inputs when the last build was started; None before the first in this run."""
    running: str | None = None
    """Why the build under way was started."""

    def notice(self, seen: Look, inputs: str, at: float) -> bool:
        """Take what a look found, at a monotonic time in seconds; tell whether that is news."""
        if seen == self.seen and inputs == self.inputs:
            return False
        first = self.seen is None
        self.seen, self.inputs = seen, inputs
        if not first:
            self.unsettle(at)
        return not first

    def unsettle(self, at: float) -> None:
        """Let the files settle from a monotonic time on before they are read."""
        self.changed = at
        if self.unsettled_since is None:
            self.unsettled_since = at

    def reason(self, now: datetime, at: float) -> str | None:
        """Tell why to build now, or None. now: the wall clock; at: monotonic seconds."""
        if self.running or self.wait_s(at) > 0:
            return None
        self.unsettled_since = None
        if self.memory is None:
            return "start"
        if self.is_due(now):
            return "nightly"
        if self.schedule.watch and self.inputs != self._last_tried:
            return "change" if self.tried is not None else "start"
        retry = self.memory.retry_at
        if retry and (now >= retry or retry - now > _LONGEST_RETRY):
            return "retry"
        return None

    def is_due(self, now: datetime) -> bool:
        """Tell whether a night has passed without a build; see cron.missed."""
        stamps = [self.memory.nightly if self.memory else None, self.last_good]
        return all(missed(self.table, stamp, now) for stamp in stamps)

    def wait_s(self, at: float) -> float:
        """Give for how many seconds the files must stay as they are before they are read."""
        if self.unsettled_since is None:
            return 0.0
        settled = self.changed + self.schedule.settle_s
        return max(0.0, min(settled, self.unsettled_since + _LONGEST_SETTLE_S) - at)

    @property
    def _last_tried(self) -> str:
        return self.tried if self.tried is not None else self.memory.inputs if self.memory else ""

    def begin(self, reason: str) -> None:
        """Take note that a build starts, of what was seen last."""
        self.running, self.tried = reason, self.inputs

    def end(self, build: BuildRecord, now: datetime) -> Memory:
        """Take note of how it ended; give what to remember."""
        memory = self.memory or Memory()
        changed = memory.inputs != self.tried
        failures = retry_at = None
        if build.good:
            self.last_good = build.started
        else:
            fresh = changed or self.running == "nightly"
            failures = 1 if fresh else memory.failures + 1
            if failures <= self.schedule.retries and build.exit_code != EXIT_USAGE:
                wait = timedelta(seconds=self.schedule.retry_s) * 2 ** min(failures - 1, 30)
                retry_at = now + min(wait, _LONGEST_RETRY)
        # a night counts once its build has ended: one that was killed is made up
        nightly = (
            build.started if self.running == "nightly" or not memory.nightly else memory.nightly
        )
        self.memory = dataclasses.replace(
            memory,
            nightly=nightly,
            inputs=self.tried or "",
            failures=failures or 0,
            retry_at=retry_at,
        )
        self.running = None
        return self.memory
