"""Events of the service -> one JSON object a line in audio/.state/schedule.log.

Old lines are dropped, so the log stays small. A line holds names, counts and exit codes, never
text of an article.
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
        """Ignore errors: a full disk costs a line and does not end the service."""


class Log:
    """The log file of a service. If the folder cannot be written to, there is none."""

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
        """Add a line with the time, the event, and the facts that are not None."""
        if not self._handler:
            return
        present = {name: value for name, value in facts.items() if value is not None}
        stamp = datetime.now(UTC).isoformat(timespec="milliseconds")
        entry = {"time": stamp, "event": event, **present}
        line = json.dumps(entry, ensure_ascii=False, default=str)
        self._handler.handle(
            logging.LogRecord("briefing.schedule", logging.INFO, "", 0, line, None, None)
        )

    def close(self) -> None:
        """Close the file."""
        if self._handler:
            self._handler.close()
