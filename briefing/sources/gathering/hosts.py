"""Requests to a host take turns: one connection at a time, and a pause after each.

Many hosts are asked at the same time.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from briefing.errors import SourceError

__all__ = ["Hosts"]

GAP_S = 1.0
"""From the end of a request to the next one of the same host."""
_STEP_S = 0.2
"""How often a thread that waits looks whether the gathering was stopped."""


class _Host:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.free_at = 0.0
        self.gap_s = 0.0


class Hosts:
    """The turns of all hosts. Safe to use from several threads."""

    def __init__(self, gap_s: float = GAP_S) -> None:
        """gap_s: seconds between two requests of a host."""
        self._gap_s = gap_s
        self._hosts: dict[str, _Host] = {}
        self._guard = threading.Lock()
        self._stopped = threading.Event()

    def stop(self) -> None:
        """Let no further request begin."""
        self._stopped.set()

    def slow_down(self, name: str, gap_s: float) -> None:
        """Wait longer between the requests of a host, as its robots.txt asks for."""
        self._host(name).gap_s = gap_s

    @contextmanager
    def turn(self, name: str) -> Iterator[None]:
        """Wait for a host to be free, and have it for a request. Raise SourceError if stopped."""
        host = self._host(name)
        while not host.lock.acquire(timeout=_STEP_S):
            self._go_on()
        try:
            while (left_s := host.free_at - time.monotonic()) > 0:
                self._go_on()
                self._stopped.wait(min(left_s, _STEP_S))
            self._go_on()
            yield
        finally:
            host.free_at = time.monotonic() + max(self._gap_s, host.gap_s)
            host.lock.release()

    def _host(self, name: str) -> _Host:
        with self._guard:
            return self._hosts.setdefault(name, _Host())

    def _go_on(self) -> None:
        if self._stopped.is_set():
            raise SourceError("the gathering was stopped")
