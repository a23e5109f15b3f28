"""Folders -> "something happened": a thread that is told of changes by the operating system.

What happened is not told, since editors and tools do it in too many ways: the listener looks
again. watchfiles watches; where it cannot, it polls.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from pathlib import Path

__all__ = ["Watch"]

_STEP_MS = 200
"""How often watchfiles wakes up; its 50 ms cost an idle machine four times as much."""
_FIRST_YIELD_MS = 400
"""The watch is known to stand when its generator yields for the first time."""


class Watch(threading.Thread):
    """Watches folders, not what is below them, until stop().

    on_event: called in this thread after anything happened in a folder, and once when the watch
    stands. on_failure: called with the reason when the watch cannot be kept.
    """

    def __init__(
        self,
        folders: Collection[Path],
        on_event: Callable[[], None],
        on_failure: Callable[[str], None],
        *,
        polling: bool = False,
        poll_s: float = 2.0,
    ) -> None:
        super().__init__(name="watch", daemon=True)
        self.standing = False
        self._folders = sorted(folders)
        self._on_event, self._on_failure = on_event, on_failure
        self._polling, self._poll_ms = polling, int(poll_s * 1000)
        self._stop_event = threading.Event()

    def run(self) -> None:
        """Watch; see the class."""
        import watchfiles

        try:
            for changes in watchfiles.watch(
                *self._folders,
                watch_filter=None,
                step=_STEP_MS,
                debounce=2 * _STEP_MS,
                stop_event=self._stop_event,
                rust_timeout=_FIRST_YIELD_MS,
                yield_on_timeout=True,
                raise_interrupt=False,
                # None would let watchfiles poll where it knows that it must (WSL)
                force_polling=self._polling or None,
                poll_delay_ms=self._poll_ms,
                recursive=False,
                ignore_permission_denied=True,
            ):
                if changes or not self.standing:
                    self.standing = True
                    self._on_event()
        except Exception as error:  # watchfiles raises OSError, its own and RuntimeError
            self._on_failure(str(error) or type(error).__name__)

    def stop(self) -> None:
        """End the watch; the thread ends within a step."""
        self._stop_event.set()
