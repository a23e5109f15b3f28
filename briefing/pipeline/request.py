"""What a build is asked for, and who is told of its progress."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

__all__ = ["Report", "Request"]


@dataclass(frozen=True, slots=True)
class Request:
    """The options of one build, in addition to the configuration."""

    edition_date: str
    """The day that the edition is for, YYYY-MM-DD."""
    voice: str | None = None
    """The voice of this build, instead of the configuration's."""
    ask_again: bool = False
    """Try the wanted voice again, even if an edition by another voice is up to date."""
    force: bool = False
    """Speak everything again."""
    wait_s: float | None = None
    """How long to wait for another build of this briefing; None: the configuration's time."""


class Report(Protocol):
    """Receives the progress and the messages of a build."""

    def say(self, message: str) -> None:
        """Show a message about the progress."""

    def warn(self, message: str) -> None:
        """Show a warning."""

    def phase(self, activity: str) -> None:
        """Show the current activity, such as "reading"."""

    def begin(self, pieces: int) -> None:
        """Start to count pieces: paragraphs, or parts of those that are too long for a clip."""

    def expect(self, pieces: int) -> None:
        """Change the number of pieces, of which more is known now than at the beginning."""

    def advance(self) -> None:
        """Count one piece as done."""
