"""One build at a time, in a child as the schedule makes it, with its progress."""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass, field

from briefing.config import Config
from briefing.errors import EXIT_DONE, EXIT_PARTLY
from briefing.schedule.child import Child
from briefing.schedule.service import BUILD_COMMAND
from briefing.shelf.build_history import TRIGGER_VARIABLE, read_builds
from briefing.shelf.state_files import state_folder

__all__ = ["PROGRESS_PREFIX", "Builds"]

PROGRESS_PREFIX = "progress: "
"""Begins the lines that tell `briefing build --progress-lines` tells: done, of, activity."""
_STOP_S = 5.0
_MESSAGE_PREFIX = "briefing: "


@dataclass
class Builds:
    """The build that runs, or the last."""

    state: str = "idle"
    completed: int = 0
    of: int = 0
    message: str = ""
    name: str = ""
    """Of the briefing."""
    _child: Child | None = None
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def start(self, config: Config) -> str | None:
        """Start a build; return its identifier, None if one is running. Raise OSError."""
        with self._guard:
            if self.state == "running":
                return None
            command = [*BUILD_COMMAND, "--name", config.output.name, "--progress-lines"]
            command += ["--config", str(config.path)] if config.path is not None else []
            self.state, self.completed, self.of = "running", 0, 0
            self.message, self.name = "", config.output.name
            ready = threading.Event()

            def end() -> None:
                ready.wait()
                self._end(config)

            try:
                self._child = Child(
                    command,
                    {TRIGGER_VARIABLE: "desk"},
                    self._relay,
                    end,
                    folder=config.base,
                )
            except OSError:
                self.state = "failed"
                raise
            ready.set()
            return secrets.token_hex(8)

    def stop(self) -> None:
        """End the build that runs."""
        child = self._child
        if child is not None and child.exit_code is None:
            child.stop(_STOP_S)

    def _relay(self, line: str) -> None:
        """Notice a line of the build's standard error."""
        if not line.startswith(PROGRESS_PREFIX):
            return
        count, _, rest = line.removeprefix(PROGRESS_PREFIX).partition(" ")
        of, _, activity = rest.partition(" ")
        if count.isdigit() and of.isdigit():
            self.completed, self.of, self.message = int(count), int(of), activity

    def _end(self, config: Config) -> None:
        child = self._child
        assert child is not None
        code = child.exit_code or 0
        last = read_builds(state_folder(config.shelf_folder), config.output.name).last
        if last is not None and last.pid == child.pid:
            message = last.message
        else:
            lines = (line for line in reversed(child.tail) if line.strip())
            tail = next((line for line in lines if not line.startswith(PROGRESS_PREFIX)), "")
            message = "" if code == EXIT_DONE else tail.removeprefix(_MESSAGE_PREFIX)
        if code not in (EXIT_DONE, EXIT_PARTLY) and not message:
            message = f"the build was ended by signal {-code}" if code < 0 else f"exit code {code}"
        self.message = message
        self.completed = self.of
        self.state = "done" if code in (EXIT_DONE, EXIT_PARTLY) else "failed"
