"""Timetables -> a call at each due instant, by APScheduler's background scheduler.

The call only means "look at the clock". Whether a build is due is decided in one place, by
`cron.is_missed`, from the stamps on disk. So one call too many or too few does no harm, and no job
store is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger

from briefing.schedule.cron import Timetable

__all__ = ["Alarm"]

_MISFIRE_GRACE_S = 12 * 3600
_CATCH_UP = timedelta(days=1)
"""Older instants are ignored: they would be coalesced into one call anyway."""


class _Instants(BaseTrigger):  # type: ignore[misc]
    """APScheduler's view of a timetable."""

    def __init__(self, table: Timetable) -> None:
        self.table = table

    def get_next_fire_time(
        self, previous_fire_time: datetime | None, now: datetime
    ) -> datetime | None:
        """Return the first due instant after the previous one, or after now."""
        return self.table.after(max(previous_fire_time or now, now - _CATCH_UP))


class Alarm:
    """Calls `ring` at the instants of several timetables, from a thread of its own."""

    def __init__(self, ring: Callable[[], None]) -> None:
        self._ring = ring
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            job_defaults={
                "coalesce": True,
                "max_instances": 1,
                "misfire_grace_time": _MISFIRE_GRACE_S,
            },
        )
        self._scheduler.start()

    def set(self, tables: Mapping[str, Timetable]) -> None:
        """Use these timetables from now on. Call it again after the clock was moved."""
        self._scheduler.remove_all_jobs()
        for name, table in tables.items():
            self._scheduler.add_job(self._ring, _Instants(table), id=name)

    def stop(self) -> None:
        """Stop the alarm."""
        self._scheduler.shutdown(wait=False)
