"""What every target can do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from briefing.delivery.contents import Item
from briefing.errors import BriefingError

__all__ = ["MARKER", "DeliveryError", "Parcel", "Present", "Target"]

MARKER = ".briefing-shelf-"
"""Followed by the shelf's number: the name of the file that marks a target as that shelf's."""


class DeliveryError(BriefingError):
    """The target refuses a file or cannot be reached; what it has is complete."""


@dataclass(frozen=True, slots=True)
class Present:
    """A file as the target lists it."""

    bytes: int
    tag: str
    """Changes with the content: an ETag, or the time of the last change."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A file to send: the item, and the place from which it is read."""

    item: Item
    path: Path


class Target(Protocol):
    """A place that listeners' programs read."""

    label: str
    """Its address as messages show it, without secrets."""
    identity: str
    """What tells it from other targets."""

    def listing(self, folders: Sequence[str]) -> dict[str, Present]:
        """Return the files in some folders by their addresses. Raises DeliveryError.

        folders: "" for the top one, others with a slash at their end, such as "editions/".
        """

    def has_content(self, parcel: Parcel, present: Present) -> bool:
        """Return whether a file there certainly has an item's content, without the record."""

    def send(self, parcels: Sequence[Parcel], on_sent: Callable[[Parcel, str], None]) -> None:
        """Send files, each complete or not at all. Raises DeliveryError.

        on_sent: called after each file with its tag.
        """

    def mark(self, name: str, content: bytes) -> None:
        """Write a small file. Raises DeliveryError."""

    def read_mark(self, name: str) -> str:
        """Return such a file's text; "" if it cannot be read."""

    def remove(self, addresses: Sequence[str]) -> None:
        """Remove files; those that are gone already do not matter. Raises DeliveryError."""
