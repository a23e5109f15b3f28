"""A build as a child process that cannot outlive the service.

The child is `briefing build --follow-stdin` in a process group of its own. So a library that
crashes ends only the build, and a signal to the service does not reach the build directly.
"""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TextIO

__all__ = ["Child"]

_TAIL_LINES = 20


class Child:
    """A running build in a process group of its own.

    command: program and arguments, run without a shell. relay: called with each line that the
    build writes to standard error. ended: called once, when exit_code is known. Both are called
    from threads. folder: where it works; None: here.
    """

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        relay: Callable[[str], None],
        ended: Callable[[], None],
        folder: Path | None = None,
    ) -> None:
        self.tail: deque[str] = deque(maxlen=_TAIL_LINES)
        """The last lines of the build's standard error."""
        windows = os.name == "nt"
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            cwd=folder,
            env={**os.environ, **environment, "PYTHONIOENCODING": "utf-8"},
            start_new_session=not windows,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0) if windows else 0,
        )
        self.pid = self._process.pid
        self.exit_code: int | None = None
        """None while the build runs; negative: the signal that ended it."""
        self._reader = threading.Thread(
            target=self._read, args=(self._process.stderr, relay), name="stderr", daemon=True
        )
        self._reader.start()
        threading.Thread(target=self._wait, args=(ended,), name="child", daemon=True).start()

    def _read(self, stream: TextIO, relay: Callable[[str], None]) -> None:
        for line in stream:
            self.tail.append(line.rstrip("\n"))
            relay(line.rstrip("\n"))

    def _wait(self, ended: Callable[[], None]) -> None:
        code = self._process.wait()
        self._signal(kill=True)  # end workers that outlived the build
        self._reader.join(2)
        for stream in (self._process.stdin, self._process.stderr):
            if stream and not self._reader.is_alive():
                stream.close()
        self.exit_code = code
        ended()

    def stop(self, grace_s: float) -> None:
        """End the build and its workers: ask them, wait grace_s seconds, kill them.

        It may be called at any moment.
        """
        self._signal(kill=False)
        try:
            self._process.wait(grace_s)
        except subprocess.TimeoutExpired:
            self._signal(kill=True)
            self._process.wait()

    def _signal(self, *, kill: bool) -> None:
        try:
            if os.name == "nt":
                self._process.kill()
            else:
                os.killpg(self.pid, signal.SIGKILL if kill else signal.SIGTERM)
        except (ProcessLookupError, PermissionError):
            pass  # the build and its workers have ended
