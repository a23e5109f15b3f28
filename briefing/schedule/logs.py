"""Events of the service -> one JSON object a line in audio/.state/schedule.log, kept small.

A line holds names, counts and exit codes, and never text of an article.
"""

from __future__ import annotations

import json
import logging
import logging.handlers
from datetime import UTC, datetime
from pathlib import Path

__all__ = ["Log"]

_MAX_BYTES = 1_000_000
_OLD_FILES = 3


class _Handler(logging.handlers.RotatingFileHandler):
    def handleError(self, record: logging.LogRecord) -> None:
        """Let a full disk end a line and not the service."""


class Log:
    """The log file of a service; a folder that cannot be written to gets none."""

    def __init__(self, folder: Path) -> None:
        self._handler: _Handler | None = None
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._handler = _Handler(
                folder / "schedule.log",
                maxBytes=_MAX_BYTES,
                backupCount=_OLD_FILES,
                encoding="utf-8",
                errors="backslashreplace",
                delay=True,
            )
        except OSError:
            return

    def write(self, event: str, **facts: object) -> None:
        """Add a line: when, what happened, and the facts that are not None."""
        if not self._handler:
            return
        known = {name: value for name, value in facts.items() if value is not None}
        stamp = datetime.now(UTC).isoformat(timespec="milliseconds")
        line = json.dumps({"time": stamp, "event": event, **known}, ensure_ascii=False, default=str)
        self._handler.handle(
            logging.LogRecord("briefing.schedule", logging.INFO, "", 0, line, None, None)
        )

    def close(self) -> None:
        """Close the file."""
        if self._handler:
            self._handler.close()
