"""Folders -> a call whenever something changes in them, from a thread.

The call does not say what changed, because editors and tools write files in too many ways. The
listener looks for itself. watchfiles is notified by the operating system, or polls if it cannot.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from pathlib import Path

__all__ = ["Watch"]

_STEP_MS = 200
"""How often watchfiles wakes up; its default of 50 ms uses four times as much CPU when idle."""
_FIRST_YIELD_MS = 400
"""The watch has started when its generator yields for the first time, at the latest after this."""


class Watch(threading.Thread):
    """Watches folders, but not their subfolders, until stop().

    on_event: called in this thread after each change in a folder, and once when the watch has
    started. on_failure: called with the reason if watching fails.
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
        self.has_started = False
        self._folders = sorted(folders)
        self._on_event, self._on_failure = on_event, on_failure
        self._polling, self._poll_ms = polling, int(poll_s * 1000)
        self._stop_event = threading.Event()

    def run(self) -> None:
        """Watch the folders until stop()."""
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
                # None lets watchfiles poll where it knows that it must (WSL)
                force_polling=self._polling or None,
                poll_delay_ms=self._poll_ms,
                recursive=False,
                ignore_permission_denied=True,
            ):
                if changes or not self.has_started:
                    self.has_started = True
                    self._on_event()
        except Exception as error:  # watchfiles raises OSError, RuntimeError and its own errors
            self._on_failure(str(error) or type(error).__name__)

    def stop(self) -> None:
        """Stop watching; the thread ends within _STEP_MS."""
        self._stop_event.set()
