"""What can go wrong, as a user is told it: each message names the place and what to do.

BriefingError              exit code 1: failed, the last good edition stands
├── UsageError             exit code 2: wrong usage
│   └── ConfigError        exit code 2: wrong key or value in the configuration
├── SourceError            a source that cannot be read; the others are built (exit code 3)
├── VoiceError             a voice cannot speak (now); another one may
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
    """Something failed in a way that a user can understand; str() is the whole message."""

    exit_code = EXIT_FAILED


class UsageError(BriefingError):
    """The command line asks for something that does not exist."""

    exit_code = EXIT_USAGE


class ConfigError(UsageError):
    """The configuration has a wrong key or value; the message names its line and what may be."""


class SourceError(BriefingError):
    """One source cannot be read as an article."""


class VoiceError(BriefingError):
    """A voice cannot speak: not installed, no network, refused, or no sound in its answer."""


class ShelfError(BriefingError):
    """The shelf or the cache cannot be read or written."""


@dataclass(frozen=True)
class Findings:
    """What an examination of a configuration found."""

    refusals: tuple[BriefingError, ...] = ()
    warnings: tuple[str, ...] = ()


def worst(codes: Iterable[int]) -> int:
    """Return the exit code of several briefings together: 2 if any is 2, else 1, else 3, else 0.

    >>> worst([0, 3, 1, 0]), worst([3, 2, 1]), worst([0, 3]), worst([])
    (1, 2, 3, 0)
    """
    return min(codes, key=_WORST_FIRST.index, default=EXIT_DONE)


def explain(error: Exception) -> str:
    """Return what failed, where and what to do, without a word of an article."""
    if isinstance(error, BriefingError):
        return str(error)
    if isinstance(error, OSError):
        place = f"{error.filename}: " if error.filename else ""
        return f"{place}{error.strerror or error}"
    package = Path(__file__).parent
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(package)]
    place = f" at {Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else ""
    return (
        f"unexpected {type(error).__name__}{place}; the last edition stands."
        " Please report it, with what --verbose prints"
    )
