"""Where the scripts and clips of a build's articles come from: the one place where it is decided.

Before an article is planned, `bring` puts what exists elsewhere into the clip cache; the build then
finds it there, and speaks the rest. After its last clip, `keep` shares what is new. Whether clips
were fetched, spoken by another machine or spoken here, the edition is written from the clip cache.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from briefing.orders.order import Group
    from briefing.production.planning import Planner

__all__ = ["LocalSupply", "Supply"]


class Supply(Protocol):
    """The source of one build's scripts and clips. As a context manager, it ends its threads."""

    @property
    def planner(self) -> Planner:
        """The planner of the build's paragraphs."""

    @property
    def workers(self) -> int:
        """How many other machines' processes spoke for this build."""

    def __enter__(self) -> Supply: ...

    def __exit__(self, *_: object) -> None: ...

    def begin(self, groups: Sequence[Group], *, ahead: bool = True) -> None:
        """Learn which articles the build has. ahead: all of them will be needed, so what takes
        long may begin now."""

    def bring(self, place: int) -> None:
        """Put what exists of an article elsewhere into the clip cache, before it is planned."""

    def keep(self, place: int) -> None:
        """Share what is new of an article, all of whose clips are in the clip cache now."""

    def was_spoken(self, key: str) -> bool:
        """Return whether another machine spoke a clip for this build; only once for each."""

    def finish(self) -> None:
        """Wait for all that `keep` began."""


class LocalSupply:
    """The clip cache alone: what it does not have is spoken here."""

    workers = 0

    def __init__(self, planner: Planner) -> None:
        self.planner = planner

    def __enter__(self) -> Supply:
        return self

    def __exit__(self, *_: object) -> None:
        return

    def begin(self, groups: Sequence[Group], *, ahead: bool = True) -> None:
        """Do nothing."""

    def bring(self, place: int) -> None:
        """Do nothing."""

    def keep(self, place: int) -> None:
        """Do nothing."""

    def was_spoken(self, key: str) -> bool:
        """Return False."""
        return False

    def finish(self) -> None:
        """Do nothing."""
