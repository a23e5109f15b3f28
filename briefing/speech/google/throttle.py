"""How fast a service is asked: so many requests at once in the whole process, fewer when it tires.

One caller that is told "too many requests" slows all of them down, whatever clip they work on.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["Throttle"]


class Throttle:
    """A gate that lets a few requests through at a time; safe from any thread."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._under_way = 0
        self._not_before = 0.0
        self._one_at_a_time = False

    @contextmanager
    def turn(self, at_once: int, check: Callable[[], None]) -> Iterator[None]:
        """Wait for a turn and hold it.

        at_once: requests under way at the same time, at most; one while the service is tired.
        check: called at every change while waiting (see `wake`); what it raises ends the wait.
        """
        with self._changed:
            while True:
                check()
                pause_s = self._not_before - time.monotonic()
                if pause_s > 0:
                    self._changed.wait(pause_s)
                elif self._under_way < (1 if self._one_at_a_time else at_once):
                    break
                else:
                    self._changed.wait()
            self._under_way += 1
        try:
            yield
        finally:
            with self._changed:
                self._under_way -= 1
                self._changed.notify_all()

    def slow_down(self, seconds: float) -> None:
        """Let nobody through for so long, and then one at a time until one has succeeded."""
        with self._changed:
            self._not_before = max(self._not_before, time.monotonic() + seconds)
            self._one_at_a_time = True
            self._changed.notify_all()

    def succeeded(self) -> None:
        """Say that a request was answered: the usual number may go through again."""
        with self._changed:
            self._one_at_a_time = False
            self._changed.notify_all()

    def wake(self) -> None:
        """Have everyone who waits call its `check`."""
        with self._changed:
            self._changed.notify_all()
