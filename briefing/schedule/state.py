"""What builds and the service leave on disk about themselves: small JSON files in audio/.state.

NAME.json holds the last build of a briefing and the last one that published or found nothing to
do; `briefing build` writes it whatever started it. schedule/NAME.json holds what the service must
remember over a restart. Every file is replaced whole; one that cannot be read counts as none.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from briefing.errors import EXIT_DONE, EXIT_PARTLY, ShelfError
from briefing.shelf.flushing import flush_folder

__all__ = [
    "TRIGGER_VARIABLE",
    "BuildRecord",
    "Builds",
    "Memory",
    "read",
    "read_memory",
    "record",
    "remember",
    "state_folder",
]

TRIGGER_VARIABLE = "BRIEFING_TRIGGER"
"""Environment variable by which the service tells a build why it was started."""
_VERSION = 1
_MESSAGE_LENGTH = 2000


@dataclass(frozen=True)
class BuildRecord:
    """One build, as `briefing status` and the page tell of it."""

    started: datetime
    ended: datetime
    exit_code: int
    """0 done, 1 failed, 2 configuration, 3 published but something was skipped."""
    message: str = ""
    """What failed or was skipped, in the words that the user was told; empty when all is well."""
    edition_date: str | None = None
    """Day of the edition that stands after this build, such as 2026-11-24."""
    published: bool = False
    """A new edition was published; False also when there was nothing to do."""
    reused: int = 0
    spoken: int = 0
    """Clips taken from the cache, and clips spoken."""
    voice: str = ""
    trigger: str = ""
    """nightly, change, retry, start, configuration; empty for a build by hand."""
    pid: int = 0

    @property
    def good(self) -> bool:
        """The edition on the shelf is what the sources say, but for what was skipped."""
        return self.exit_code in (EXIT_DONE, EXIT_PARTLY)


@dataclass(frozen=True)
class Builds:
    """The last build of a briefing and the last good one; None before the first."""

    last: BuildRecord | None = None
    last_good: BuildRecord | None = None


@dataclass(frozen=True)
class Memory:
    """What the service remembers of a briefing."""

    nightly: datetime | None = None
    """Start of the last nightly build that ended, whatever its result."""
    inputs: str = ""
    """Digest of sources and configuration at the start of the last build that ended."""
    failures: int = 0
    """Failed builds in a row."""
    retry_at: datetime | None = None
    """When the failed build is tried again."""


def state_folder(shelf: Path) -> Path:
    """Give the folder of the state and the locks of a shelf."""
    return shelf / ".state"


def record(folder: Path, name: str, build: BuildRecord) -> None:
    """Remember a build as the last one of a briefing. Raises ShelfError.

    folder: see state_folder(); name: [output] name of the briefing.
    """
    trigger = build.trigger or os.environ.get(TRIGGER_VARIABLE, "")
    message = build.message[:_MESSAGE_LENGTH]
    build = BuildRecord(**{**_shallow(build), "trigger": trigger, "message": message})
    good = build if build.good else read(folder, name).last_good
    _write(
        folder / f"{name}.json",
        {"last": _shallow(build), "last_good": _shallow(good) if good else None},
    )


def read(folder: Path, name: str) -> Builds:
    """Read what record() left; what is missing or damaged is None."""
    table = _read(folder / f"{name}.json")
    return Builds(_build(table.get("last")), _build(table.get("last_good")))


def remember(folder: Path, name: str, memory: Memory) -> None:
    """Keep what the service must know after a restart. Raises ShelfError."""
    _write(folder / "schedule" / f"{name}.json", asdict(memory))


def read_memory(folder: Path, name: str) -> Memory | None:
    """Read what remember() left; None when no service ever looked after this briefing."""
    table = _read(folder / "schedule" / f"{name}.json")
    if not table:
        return None
    inputs, failures = table.get("inputs"), table.get("failures")
    return Memory(
        nightly=_moment(table.get("nightly")),
        inputs=inputs if isinstance(inputs, str) else "",
        failures=max(0, failures) if isinstance(failures, int) else 0,
        retry_at=_moment(table.get("retry_at")),
    )


def _shallow(build: BuildRecord) -> dict[str, Any]:
    return {item.name: getattr(build, item.name) for item in fields(build)}


def _build(table: object) -> BuildRecord | None:
    if not isinstance(table, dict):
        return None
    started, ended = _moment(table.get("started")), _moment(table.get("ended"))
    if not started or not ended or not isinstance(table.get("exit_code"), int):
        return None
    known: dict[str, Any] = {"started": started, "ended": ended}
    for item in fields(BuildRecord):
        if item.name in table and item.name not in known:
            value = table[item.name]
            if type(value).__name__ in str(item.type).replace("None", "NoneType"):
                known[item.name] = value
    return BuildRecord(**known)


def _moment(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
        return moment.astimezone(UTC) if moment else None
    except (ValueError, OverflowError):
        return None


def _read(path: Path) -> dict[str, Any]:
    try:
        table = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return table if isinstance(table, dict) and table.get("version") == _VERSION else {}


def _write(path: Path, table: Mapping[str, Any]) -> None:
    text = json.dumps(
        {"version": _VERSION, **table},
        ensure_ascii=False,
        indent=1,
        default=lambda moment: moment.astimezone(UTC).isoformat(),
    )
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=".", suffix=".new", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode("utf-8", "backslashreplace"))
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        _replace(Path(temporary), path)
        flush_folder(path.parent)
    except OSError as error:
        if temporary:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()
        raise ShelfError(f"{path}: cannot be written: {error.strerror}") from None


def _replace(temporary: Path, path: Path) -> None:
    """Rename onto the file; Windows refuses for as long as somebody reads it."""
    for _ in range(20):
        try:
            temporary.replace(path)
        except PermissionError:
            if os.name != "nt":
                raise
            time.sleep(0.05)
        else:
            return
    temporary.replace(path)
