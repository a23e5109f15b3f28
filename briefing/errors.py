"""What can go wrong, as a user is told it: each message names the place and what to do.

BriefingError              exit code 1: failed, the last good edition stands
├── UsageError             exit code 2: wrong usage
│   └── ConfigError        exit code 2: wrong key or value in the configuration
├── SourceError            a source that cannot be read; the others are built (exit code 3)
├── VoiceError             a voice cannot speak (now); another one may
└── ShelfError             the shelf or the cache cannot be written
"""

from __future__ import annotations

__all__ = [
    "EXIT_DONE",
    "EXIT_FAILED",
    "EXIT_PARTLY",
    "EXIT_USAGE",
    "BriefingError",
    "ConfigError",
    "ShelfError",
    "SourceError",
    "UsageError",
    "VoiceError",
]

EXIT_DONE = 0
EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_PARTLY = 3


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
