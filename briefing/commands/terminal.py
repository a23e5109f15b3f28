"""The display of running builds: a progress bar on a terminal, plain lines otherwise.

There is one display for all briefings that are built at the same time. It starts no thread, because
worker processes are forked from this process, which is safe only while it has a single thread.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from briefing.pipeline import Briefing

__all__ = ["BriefingReport", "Terminal"]

_LINE_EVERY_S = 10.0
"""Without a terminal: how often a line reports the progress of a long build."""
_DRAW_EVERY_S = 0.1
_LONGEST_LINE = 70
"""The most characters of the line that a terminal shows before there is a bar; 80 fit."""


class Terminal:
    """The display of a command. Leaving the context removes the progress from the screen."""

    def __init__(
        self, *, quiet: bool = False, verbose: bool = False, progress_lines: bool = False
    ) -> None:
        """progress_lines: write a line "progress: DONE OF ACTIVITY" for a program that reads it."""
        self._progress_lines = progress_lines
        self.quiet = quiet
        self.verbose = verbose
        self._reports: list[BriefingReport] = []
        self._briefings = self._ended = 0
        self._bar: Any = None
        self._line = ""
        self._drawn = 0.0
        self._last_line = time.monotonic()

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        self._clear()
        self._reports.clear()

    def report(self, name: str = "", *, is_briefing: bool = True) -> BriefingReport:
        """Return the `Report` of one briefing. name: the prefix of its messages, if any.

        is_briefing: False for other work, which does not count among the briefings.
        """
        self._briefings += is_briefing
        return BriefingReport(self, f"{name}: " if name else "", is_briefing=is_briefing)

    def show(self, message: str) -> None:
        """Print a message above the progress."""
        self._clear()
        print(message, file=sys.stderr, flush=True)

    def show_result(self, text: str) -> None:
        """Print a result on standard output."""
        self._clear()
        print(text)

    def begin(self, report: BriefingReport) -> None:
        """Show the progress of a briefing from now on."""
        if report not in self._reports:
            self._reports.append(report)

    def end(self, report: BriefingReport) -> None:
        """Stop showing the progress of a briefing, which is completed."""
        self._ended += report.is_briefing
        if report in self._reports:
            self._reports.remove(report)
            self._clear()

    def draw(self, *, now: bool = False) -> None:
        """Show the progress of the briefings, at most a few times a second. now: show it anyway."""
        if self.quiet or not self._reports:
            return
        at = time.monotonic()
        if self._progress_lines:
            if now or at - self._drawn > _DRAW_EVERY_S:
                self._drawn = at
                report = self._reports[0]
                line = f"progress: {report.completed} {report.pieces} {report.activity}"
                print(line, file=sys.stderr, flush=True)
            return
        if not sys.stderr.isatty():
            if at - self._last_line > _LINE_EVERY_S:
                self._last_line = at
                self.show("; ".join([*map(str, self._reports), *self._all()]))
        elif now or at - self._drawn > _DRAW_EVERY_S:
            self._drawn = at
            if any(report.pieces for report in self._reports):
                self._draw_bars()
            else:
                self._draw_line("; ".join([*map(str, self._reports), *self._all()]))

    def _all(self) -> list[str]:
        """Return how many briefings are completed; [] if there is only one."""
        several = self._briefings > 1
        return [f"{self._ended} of {self._briefings} briefings done"] if several else []

    def _draw_line(self, text: str) -> None:
        """Show a line instead of the progress bar, which takes a while to import."""
        text = text[:_LONGEST_LINE]
        sys.stderr.write("\r" + text.ljust(len(self._line)))
        sys.stderr.flush()
        self._line = text

    def _draw_bars(self) -> None:
        if self._bar is None:
            self._clear()
            self._bar = _new_bar()
            self._bar.start()
        rows = [(str(report), report.completed, report.pieces) for report in self._reports]
        if self._briefings > 1:
            rows.append((self._all()[0], self._ended, self._briefings))
        for task in self._bar.task_ids[len(rows) :]:
            self._bar.remove_task(task)
        tasks = self._bar.task_ids
        for task, (text, completed, total) in zip(tasks, rows, strict=False):
            self._bar.update(task, description=text, completed=completed, total=total or None)
        for text, completed, total in rows[len(tasks) :]:
            self._bar.add_task(text, completed=completed, total=total or None)
        self._bar.refresh()

    def _clear(self) -> None:
        """Remove the progress from the terminal; the next `draw` shows it again."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None
        if self._line:
            sys.stderr.write("\r" + " " * len(self._line) + "\r")
            self._line = ""
        self._drawn = 0.0


class BriefingReport:
    """The `Report` of one briefing, shown on a terminal."""

    def __init__(self, terminal: Terminal, label: str, *, is_briefing: bool = True) -> None:
        self._terminal = terminal
        self.is_briefing = is_briefing
        self._label = label
        self.activity = ""
        """What is being done."""
        self._unit = "pieces"
        self.pieces = self.completed = 0
        """How many pieces there are, 0 before they are counted; and how many are completed."""

    def say(self, message: str) -> None:
        """Print a message, unless the command has --quiet."""
        if not self._terminal.quiet:
            self._terminal.show(f"{self._label}{message}")

    def warn(self, message: str) -> None:
        """Print a warning, also with --quiet."""
        self._terminal.show(f"briefing: {self._label}{message}")

    def phase(self, activity: str) -> None:
        """Show the current activity."""
        news = activity.partition(" ")[0] != self.activity.partition(" ")[0]
        self.activity = activity
        self._terminal.begin(self)
        self._terminal.draw(now=news and self.completed in (0, self.pieces))

    def begin(self, pieces: int, unit: str = "pieces") -> None:
        """Start to count. If another voice takes over, it starts again."""
        self.pieces, self.completed, self._unit = pieces, 0, unit
        self._terminal.begin(self)
        self._terminal.draw(now=True)

    def expect(self, pieces: int) -> None:
        """Change the number of all pieces."""
        self.pieces = pieces
        self._terminal.draw()

    def advance(self) -> None:
        """Count one piece."""
        self.completed += 1
        self._terminal.draw()

    def conclude(self, briefing: Briefing) -> None:
        """Print the result: the file on standard output, the rest on standard error."""
        if not briefing.is_new:
            self.say(briefing.notice or f"{briefing.audio}: up to date, nothing to do")
            return
        minutes, seconds = divmod(round(briefing.duration_s), 60)
        workers = "1 worker" if briefing.workers == 1 else f"{briefing.workers} workers"
        elsewhere = f" ({briefing.clips_elsewhere} by {workers})" if briefing.workers else ""
        self.say(
            f"{minutes}:{seconds:02} minutes by {briefing.voice} in {briefing.seconds:.1f} s;"
            f" clips spoken: {briefing.clips_spoken}{elsewhere},"
            f" from the cache: {briefing.clips_reused}"
        )
        if not self._terminal.quiet:
            self._terminal.show_result(str(briefing.audio))

    def end(self) -> None:
        """Remove the briefing's progress from the display."""
        self._terminal.end(self)

    def __str__(self) -> str:
        count = f"{self.completed} of {self.pieces} {self._unit}" if self.pieces else ""
        return self._label + ", ".join(part for part in (self.activity, count) if part)


def _new_bar() -> Any:
    """Return a bar that draws only on request, and does not redirect the standard streams."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TimeRemainingColumn

    return Progress(
        "{task.description}",
        BarColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        auto_refresh=False,
        redirect_stdout=False,
        redirect_stderr=False,
    )
