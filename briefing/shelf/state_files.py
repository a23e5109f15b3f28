"""The state of builds and of the service: small JSON files in audio/.state.

Each file is replaced in one step. A file that cannot be read counts as missing.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from briefing.errors import ShelfError
from briefing.shelf.flushing import flush_folder
from briefing.shelf.lock import STATE_FOLDER

__all__ = ["read_moment", "read_state", "state_folder", "write_state"]

_VERSION = 1


def state_folder(shelf: Path) -> Path:
    """Return the folder of a shelf's state and locks."""
    return shelf / STATE_FOLDER


def read_moment(value: object) -> datetime | None:
    """Return a time of a state file in UTC, or None if it cannot be read."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
        return moment.astimezone(UTC) if moment else None
    except (ValueError, OverflowError):
        return None


def read_state(path: Path) -> dict[str, Any]:
    """Return what `write_state` wrote; {} if it is missing, damaged or of another version."""
    try:
        table = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return table if isinstance(table, dict) and table.get("version") == _VERSION else {}


def write_state(path: Path, table: Mapping[str, Any], mode: int = 0o644) -> None:
    """Write a table to a file, with its times in UTC. mode: its permissions. Raises ShelfError."""
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
        Path(temporary).chmod(mode)
        _replace(Path(temporary), path)
        flush_folder(path.parent)
    except OSError as error:
        if temporary:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()
        message = f"{path}: cannot be written: {error.strerror}"
        raise ShelfError(message, errno=error.errno) from None


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
