"""The state of builds and of the service: small JSON files in audio/.state.

NAME.json holds the last build of a briefing and the last good one, which published an edition or
found nothing to do. Every `briefing build` writes it. schedule/NAME.json holds what the service
must remember over a restart. Every file is replaced in one step; one that cannot be read counts as
missing.
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
"""The environment variable in which the service passes the reason for a build to it."""
_VERSION = 1
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
    """When the failed build will be tried again."""


def state_folder(shelf: Path) -> Path:
    """Return the folder of a shelf's state and locks."""
    return shelf / ".state"


def record(folder: Path, name: str, build: BuildRecord) -> None:
    """Write down a build as the last one of a briefing. Raises ShelfError.

    folder: see state_folder(). name: the briefing's output.name.
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
    """Read what record() wrote; a record that is missing or damaged is None."""
    table = _read(folder / f"{name}.json")
    return Builds(_build(table.get("last")), _build(table.get("last_good")))


def remember(folder: Path, name: str, memory: Memory) -> None:
    """Write down what the service must know after a restart. Raises ShelfError."""
    _write(folder / "schedule" / f"{name}.json", asdict(memory))


def read_memory(folder: Path, name: str) -> Memory | None:
    """Read what remember() wrote; None if no service has ever built this briefing."""
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
    values: dict[str, Any] = {"started": started, "ended": ended}
    for item in fields(BuildRecord):
        if item.name in table and item.name not in values:
            value = table[item.name]
            if type(value).__name__ in str(item.type).replace("None", "NoneType"):
                values[item.name] = value
    return BuildRecord(**values)


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
    """Rename onto the file, which Windows refuses while a process has it open."""
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
