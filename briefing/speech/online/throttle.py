"""Limits how fast a service is asked: how many requests run concurrently in the whole process.

The limit falls to one when the service refuses a request as one too many. That slows all callers
down, whatever clip they work on.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["Throttle"]


class Throttle:
    """A gate that lets a few requests through at a time. Safe to use from any thread."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._running = 0
        self._not_before = 0.0
        self._is_slow = False
        """True lets only one request through at a time."""

    @contextmanager
    def turn(self, limit: int, check: Callable[[], None]) -> Iterator[None]:
        """Wait for a turn and hold it.

        limit: how many requests may run concurrently; after `slow_down` it is one. check: called
        at every change while waiting (see `wake`); an exception from it ends the wait.
        """
        with self._changed:
            while True:
                check()
                pause_s = self._not_before - time.monotonic()
                if pause_s > 0:
                    self._changed.wait(pause_s)
                elif self._running < (1 if self._is_slow else limit):
                    break
                else:
                    self._changed.wait()
            self._running += 1
        try:
            yield
        finally:
            with self._changed:
                self._running -= 1
                self._changed.notify_all()

    def slow_down(self, seconds: float) -> None:
        """Let no request through for some seconds, then one at a time until one succeeds."""
        with self._changed:
            self._not_before = max(self._not_before, time.monotonic() + seconds)
            self._is_slow = True
            self._changed.notify_all()

    def speed_up(self) -> None:
        """Return to the usual limit: a request has succeeded."""
        with self._changed:
            self._is_slow = False
            self._changed.notify_all()

    def wake(self) -> None:
        """Make every waiting caller call its `check`."""
        with self._changed:
            self._changed.notify_all()
