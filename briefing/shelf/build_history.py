"""The last build of each briefing and the last good one, in audio/.state/NAME.json.

Every `briefing build` records its result. `briefing status`, the service and the page read the
history here.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from briefing.errors import EXIT_DONE, EXIT_FAILED, EXIT_PARTLY, EXIT_USAGE
from briefing.shelf.state_files import read_moment, read_state, state_folder, write_state

__all__ = [
    "TRIGGER_VARIABLE",
    "BuildRecord",
    "Builds",
    "failed_builds",
    "read_builds",
    "record_build",
]

TRIGGER_VARIABLE = "BRIEFING_TRIGGER"
"""The environment variable in which the service passes the reason for a build to it."""
_MESSAGE_LENGTH = 2000


@dataclass(frozen=True)
class BuildRecord:
    """One build, as `briefing status` and the page show it."""

    started: datetime
    ended: datetime
    exit_code: int
    """0 done, 1 failed, 2 configuration, 3 published but something was skipped."""
    message: str = ""
    """What failed or was skipped, in the words of the build's message; "" if all is well."""
    edition_date: str | None = None
    """Day of the edition that is published after this build, such as 2026-11-24."""
    published: bool = False
    """Whether a new edition was published; False also if there was nothing to do."""
    reused: int = 0
    spoken: int = 0
    """`reused` counts the clips from the cache, `spoken` the others."""
    voice: str = ""
    trigger: str = ""
    """nightly, change, retry, start, configuration; "" for a build by hand."""
    pid: int = 0

    @property
    def good(self) -> bool:
        """Whether the published edition is up to date with the sources, except skipped ones."""
        return self.exit_code in (EXIT_DONE, EXIT_PARTLY)


@dataclass(frozen=True)
class Builds:
    """The last build of a briefing and the last good one; None before the first."""

    last: BuildRecord | None = None
    last_good: BuildRecord | None = None


def record_build(folder: Path, name: str, build: BuildRecord) -> None:
    """Write down a build as the last one of a briefing. Raises ShelfError.

    folder: see `state_folder`. name: the briefing's output.name.
    """
    trigger = build.trigger or os.environ.get(TRIGGER_VARIABLE, "")
    message = build.message[:_MESSAGE_LENGTH]
    build = BuildRecord(**{**_shallow(build), "trigger": trigger, "message": message})
    good = build if build.good else read_builds(folder, name).last_good
    write_state(
        folder / f"{name}.json",
        {"last": _shallow(build), "last_good": _shallow(good) if good else None},
    )


def read_builds(folder: Path, name: str) -> Builds:
    """Read what `record_build` wrote; a record that is missing or damaged is None."""
    table = read_state(folder / f"{name}.json")
    return Builds(_build(table.get("last")), _build(table.get("last_good")))


def failed_builds(shelf: Path) -> list[tuple[str, BuildRecord]]:
    """Return the names and builds of the briefings of a shelf whose last build failed."""
    folder = state_folder(shelf)
    builds = [(path.stem, read_builds(folder, path.stem).last) for path in folder.glob("*.json")]
    return sorted(
        (name, last)
        for name, last in builds
        if last is not None and last.exit_code in (EXIT_FAILED, EXIT_USAGE)
    )


def _shallow(build: BuildRecord) -> dict[str, Any]:
    return {item.name: getattr(build, item.name) for item in fields(build)}


def _build(table: object) -> BuildRecord | None:
    if not isinstance(table, dict):
        return None
    started, ended = read_moment(table.get("started")), read_moment(table.get("ended"))
    if not started or not ended or not isinstance(table.get("exit_code"), int):
        return None
    values: dict[str, Any] = {"started": started, "ended": ended}
    for item in fields(BuildRecord):
        if item.name in table and item.name not in values:
            value = table[item.name]
            if type(value).__name__ in str(item.type).replace("None", "NoneType"):
                values[item.name] = value
    return BuildRecord(**values)
