"""What a build says while it runs: a progress bar on a terminal, plain lines otherwise."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from briefing.pipeline import Briefing

__all__ = ["Terminal"]

_LINE_EVERY_S = 10.0
"""Without a terminal: how often a line says how far a long build is."""


class Terminal:
    """A `Report` for the person at the command line; a context, for its progress bar."""

    def __init__(self, *, quiet: bool = False, verbose: bool = False) -> None:
        self._quiet = quiet
        self._verbose = verbose
        self._bar: Any = None
        self._task: Any = None
        self._total = self._done = 0
        self._last_line = time.monotonic()

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def say(self, message: str) -> None:
        """Print a message unless quiet is wanted."""
        if not self._quiet:
            self._print(message)

    def warn(self, message: str) -> None:
        """Print a warning, always."""
        self._print(f"briefing: {message}")

    def begin(self, paragraphs: int) -> None:
        """Start to count paragraphs; another voice starts again."""
        self._total, self._done = paragraphs, 0
        if self._quiet or not sys.stderr.isatty():
            return
        self.__exit__()
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

        self._bar = Progress(
            "{task.description}",
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._task = self._bar.add_task("paragraphs", total=paragraphs)
        self._bar.start()

    def advance(self) -> None:
        """Count one paragraph."""
        self._done += 1
        if self._bar is not None:
            self._bar.advance(self._task)
        elif time.monotonic() - self._last_line > _LINE_EVERY_S:
            self._last_line = time.monotonic()
            self.say(f"{self._done} of {self._total} paragraphs")

    def conclude(self, briefing: Briefing) -> None:
        """Say what came of it: the file on stdout, the rest on stderr."""
        if not briefing.built:
            self.say(f"{briefing.audio}: up to date, nothing to do")
            return
        minutes, seconds = divmod(round(briefing.duration_s), 60)
        self.say(
            f"{minutes}:{seconds:02} minutes by {briefing.voice} in {briefing.seconds:.1f} s;"
            f" clips spoken: {briefing.clips_spoken}, from the cache: {briefing.clips_reused}"
        )
        if not self._quiet:
            print(briefing.audio)

    def _print(self, message: str) -> None:
        if self._bar is not None:
            self._bar.console.print(message, markup=False, highlight=False)
        else:
            print(message, file=sys.stderr, flush=True)
