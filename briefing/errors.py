"""The errors that a user may see. Each message says what is wrong, where, and what to do.

BriefingError              exit code 1: failed; the last good edition is still published
├── UsageError             exit code 2: wrong usage
│   └── ConfigError        exit code 2: wrong key or value in the configuration
├── SourceError            a source cannot be read; the others are built (exit code 3)
├── VoiceError             a voice cannot speak at present; another one may
└── ShelfError             the shelf or the cache cannot be written
"""

from __future__ import annotations

import traceback
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

__all__ = [
    "EXIT_DONE",
    "EXIT_FAILED",
    "EXIT_PARTLY",
    "EXIT_USAGE",
    "BriefingError",
    "ConfigError",
    "Findings",
    "ShelfError",
    "SourceError",
    "UsageError",
    "VoiceError",
    "explain",
    "worst",
]

EXIT_DONE = 0
EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_PARTLY = 3
_WORST_FIRST = (EXIT_USAGE, EXIT_FAILED, EXIT_PARTLY, EXIT_DONE)


class BriefingError(Exception):
    """An error that a user can understand; str() is the whole message."""

    exit_code = EXIT_FAILED


class UsageError(BriefingError):
    """The command line asks for something that does not exist."""

    exit_code = EXIT_USAGE


class ConfigError(UsageError):
    """The configuration has a wrong key or value; the message has its line and what is allowed."""


class SourceError(BriefingError):
    """One source cannot be read as an article."""


class VoiceError(BriefingError):
    """A voice cannot speak: not installed, no network, refused, or no sound in the answer."""


class ShelfError(BriefingError):
    """The shelf, the cache or the lexicon cannot be read or written. errno: why, if it is known."""

    def __init__(self, message: str = "", *, errno: int | None = None) -> None:
        super().__init__(message)
        self.errno = errno


@dataclass(frozen=True)
class Findings:
    """The result of examining a configuration."""

    refusals: tuple[BriefingError, ...] = ()
    warnings: tuple[str, ...] = ()


def worst(codes: Iterable[int]) -> int:
    """Return the exit code for several briefings: 2 if any has 2, else 1, else 3, else 0.

    >>> worst([0, 3, 1, 0]), worst([3, 2, 1]), worst([0, 3]), worst([])
    (1, 2, 3, 0)
    """
    return min(codes, key=_WORST_FIRST.index, default=EXIT_DONE)


def explain(error: Exception) -> str:
    """Return what failed, where, and what to do. The message contains no text of an article."""
    if isinstance(error, BriefingError):
        return str(error)
    if isinstance(error, OSError):
        place = f"{error.filename}: " if error.filename else ""
        return f"{place}{error.strerror or error}"
    package = Path(__file__).parent
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(package)]
    place = f" at {Path(own[-1].filename).name}:{own[-1].lineno}" if own else ""
    return (
        f"unexpected {type(error).__name__}{place}; the last edition is still published."
        " Please report it, with what --verbose prints"
    )
