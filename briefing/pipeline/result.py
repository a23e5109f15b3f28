"""The published edition after a build."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from briefing.config import Config
from briefing.errors import EXIT_DONE, EXIT_PARTLY
from briefing.sources import Skipped

__all__ = ["Briefing", "audio_name"]


@dataclass(frozen=True, slots=True)
class Briefing:
    """The published edition after a build."""

    audio: Path
    sidecar: Path
    edition_date: str
    voice: str
    fallback_reason: str | None
    skipped: tuple[Skipped, ...]
    is_new: bool
    """False if it was up to date and nothing was done."""
    duration_s: float = 0.0
    clips_spoken: int = 0
    clips_reused: int = 0
    clips_elsewhere: int = 0
    """Those of the spoken ones that workers of a cluster spoke."""
    workers: int = 0
    """How many of these there were."""
    seconds: float = 0.0
    notice: str = ""
    """Why there is no new edition, if the sources have no news."""

    @property
    def remarks(self) -> str:
        """What was skipped, and why another voice spoke, in one line."""
        skipped = [f"{file.path}: skipped: {file.reason}" for file in self.skipped]
        notices = filter(None, (self.notice, self.fallback_reason))
        return "; ".join([*notices, *skipped])

    @property
    def exit_code(self) -> int:
        """EXIT_PARTLY if this build skipped something or another voice spoke."""
        partly = self.is_new and (self.skipped or self.fallback_reason)
        return EXIT_PARTLY if partly else EXIT_DONE


def audio_name(config: Config) -> str:
    """Return the name of the sound's file."""
    from briefing.mastering.formats.registry import codec_of

    return config.output.name + codec_of(config.output.format).ending
