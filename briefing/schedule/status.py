"""What builds and the service left on disk -> what `briefing status` says, and its exit code."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from briefing.config import load
from briefing.errors import EXIT_DONE, EXIT_FAILED, EXIT_PARTLY
from briefing.schedule.cron import timetable
from briefing.schedule.memory import read_memory
from briefing.shelf.build_history import BuildRecord, read_builds
from briefing.shelf.lock import STATE_FOLDER, Busy, lock
from briefing.shelf.state_files import state_folder

__all__ = ["BriefingStatus", "Status", "report"]

_LATE = timedelta(hours=2)
"""A night's build has so long before the briefing counts as stale."""


@dataclass(frozen=True)
class BriefingStatus:
    """How one briefing stands."""

    name: str
    state: str
    """ok, partly (something was skipped), failed, stale (a night without a build), new (none)."""
    scheduled: bool
    """`briefing schedule` looks after it now."""
    edition_date: str | None
    last_build: BuildRecord | None
    last_good: datetime | None
    failures: int
    retry_at: datetime | None
    next_run: datetime
    """The next nightly build, if the service runs then."""


@dataclass(frozen=True)
class Status:
    """How all briefings of a configuration stand."""

    briefings: tuple[BriefingStatus, ...]

    @property
    def exit_code(self) -> int:
        """0 when all is well, also when something was skipped; 1: failed, stale or never built."""
        fine = all(one.state in ("ok", "partly") for one in self.briefings)
        return EXIT_DONE if fine else EXIT_FAILED

    def as_json(self) -> dict[str, Any]:
        """Give it as a JSON object; times are ISO 8601 in UTC."""
        return {
            "exit_code": self.exit_code,
            "briefings": [_plain(asdict(o)) for o in self.briefings],
        }

    def as_text(self) -> str:
        """Give it as a few lines, times by the briefing's own clock."""
        return "\n".join(_text(one) for one in self.briefings)


def report(config_path: Path | None = None, *, now: datetime | None = None) -> Status:
    """See how the briefings of a configuration stand. Raises ConfigError."""
    now = now or datetime.now(UTC)
    found = []
    for config in load(config_path):
        name, folder = config.output.name, state_folder(config.shelf_folder)
        table = timetable(config)
        builds, memory = read_builds(folder, name), read_memory(folder, name)
        last, good = builds.last, builds.last_good
        if last is None:
            state = "new"
        elif not last.good:
            state = "failed"
        elif memory and good and good.started < table.latest(now - _LATE):
            state = "stale"
        else:
            state = "partly" if last.exit_code == EXIT_PARTLY else "ok"
        found.append(
            BriefingStatus(
                name=name,
                state=state,
                scheduled=_is_running(config.shelf_folder),
                edition_date=good.edition_date if good else None,
                last_build=last,
                last_good=good.started if good else None,
                failures=memory.failures if memory else 0,
                retry_at=memory.retry_at if memory else None,
                next_run=table.after(now).astimezone(table.zone),
            )
        )
    return Status(tuple(found))


def _is_running(shelf: Path) -> bool:
    """Tell whether a service holds its lock; nothing is made where there is no state yet."""
    if not (shelf / STATE_FOLDER / "schedule.lock").exists():
        return False
    try:
        with lock(shelf, "schedule", 0):
            return False
    except Busy:
        return True
    except Exception:  # a shelf that this user may only read
        return False


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


def _text(one: BriefingStatus) -> str:
    zone = one.next_run.tzinfo

    def at(moment: datetime) -> str:
        return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"

    lines = [f"{one.name}: {_WORDS[one.state]}"]
    if last := one.last_build:
        seconds = (last.ended - last.started).total_seconds()
        result = "published" if last.published else "up to date" if last.good else "failed"
        why = f", {last.trigger}" if last.trigger else ""
        edition = f", edition {one.edition_date}" if one.edition_date else ""
        lines.append(f"  last build   {at(last.started)} ({seconds:.1f} s{why}): {result}{edition}")
        if last.message:
            lines.append(f"  it said      {' '.join(last.message.split())}")
        if not last.good:
            good = at(one.last_good) if one.last_good else "never"
            often = "once" if one.failures <= 1 else f"{one.failures} times"
            lines.append(f"  last good    {good}; failed {often} since")
    if one.retry_at:
        lines.append(f"  tried again  {at(one.retry_at)}")
    service = "" if one.scheduled else " - but `briefing schedule` is not running"
    lines.append(f"  next nightly {at(one.next_run)}{service}")
    return "\n".join(lines)


_WORDS = {
    "ok": "well",
    "partly": "published, but something was skipped or another voice spoke",
    "failed": "the last build failed; the edition before stands",
    "stale": "no build since the last night it was due",
    "new": "not built yet",
}
