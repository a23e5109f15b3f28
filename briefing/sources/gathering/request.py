"""The settings of a gathering, and who is told of its progress."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Protocol

from briefing.config import Config

__all__ = ["Report", "Request"]


class Report(Protocol):
    """Receives the messages and the progress of a gathering."""

    def say(self, message: str) -> None:
        """Show a message about how it goes."""

    def phase(self, activity: str) -> None:
        """Note what is being done now."""


@dataclass(frozen=True, slots=True)
class Request:
    """The settings of a gathering."""

    edition_date: str
    """YYYY-MM-DD, the day of the edition that it gathers for."""
    force: bool = False
    """Ask each server, however lately it was asked, and those that said that a feed is gone."""
    already_read: Callable[[Config], Collection[str]] = lambda _: ()
    """The ids of articles that a briefing has read: their whole text is not fetched."""
    wait_s: float = 3600.0
    """How long to wait for another gathering into the same inbox."""
