"""The state on disk of builds and the service -> the report of `briefing status`."""

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
"""If no nightly build has started this long after it was due, the briefing counts as stale."""


@dataclass(frozen=True)
class BriefingStatus:
    """The status of one briefing."""

    name: str
    state: str
    """ok, partly (something was skipped), failed, stale (no nightly build), new (no build yet)."""
    scheduled: bool
    """Whether `briefing schedule` is running for it."""
    edition_date: str | None
    last_build: BuildRecord | None
    last_good: datetime | None
    failures: int
    retry_at: datetime | None
    next_run: datetime
    """When the next nightly build is due."""


@dataclass(frozen=True)
class Status:
    """The status of all briefings of a configuration."""

    briefings: tuple[BriefingStatus, ...]

    @property
    def exit_code(self) -> int:
        """0: all are well, although something may be skipped; 1: failed, stale or never built."""
        fine = all(briefing.state in ("ok", "partly") for briefing in self.briefings)
        return EXIT_DONE if fine else EXIT_FAILED

    def as_json(self) -> dict[str, Any]:
        """Return the status as a JSON object; times are ISO 8601 in UTC."""
        return {
            "exit_code": self.exit_code,
            "briefings": [_plain(asdict(briefing)) for briefing in self.briefings],
        }

    def as_text(self) -> str:
        """Return the status as a few lines of text, with times in each briefing's time zone."""
        return "\n".join(map(_text, self.briefings))


def report(config_path: Path | None = None, *, now: datetime | None = None) -> Status:
    """Return the status of the briefings of a configuration. Raises ConfigError."""
    now = now or datetime.now(UTC)
    briefings = []
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
        briefings.append(
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
    return Status(tuple(briefings))


def _is_running(shelf: Path) -> bool:
    """Return whether a service holds its lock. No folder is made if there is no state yet."""
    if not (shelf / STATE_FOLDER / "schedule.lock").exists():
        return False
    try:
        with lock(shelf, "schedule", 0):
            return False
    except Busy:
        return True
    except Exception:  # a shelf that this user may not write to
        return False


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


def _text(briefing: BriefingStatus) -> str:
    zone = briefing.next_run.tzinfo

    def at(moment: datetime) -> str:
        return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"

    lines = [f"{briefing.name}: {_WORDS[briefing.state]}"]
    if last := briefing.last_build:
        seconds = (last.ended - last.started).total_seconds()
        result = "published" if last.published else "up to date" if last.good else "failed"
        why = f", {last.trigger}" if last.trigger else ""
        edition = f", edition {briefing.edition_date}" if briefing.edition_date else ""
        lines.append(f"  last build   {at(last.started)} ({seconds:.1f} s{why}): {result}{edition}")
        if last.message:
            lines.append(f"  message      {' '.join(last.message.split())}")
        if not last.good:
            good = at(briefing.last_good) if briefing.last_good else "never"
            often = "once" if briefing.failures <= 1 else f"{briefing.failures} times"
            lines.append(f"  last good    {good}; failed {often} since")
    if briefing.retry_at:
        lines.append(f"  next try     {at(briefing.retry_at)}")
    service = "" if briefing.scheduled else " - but `briefing schedule` is not running"
    lines.append(f"  next nightly {at(briefing.next_run)}{service}")
    return "\n".join(lines)


_WORDS = {
    "ok": "well",
    "partly": "published, but something was skipped or another voice spoke",
    "failed": "the last build failed; the edition before it is still published",
    "stale": "no build since the last nightly build was due",
    "new": "not built yet",
}
