"""The `Voice` protocol: something that speaks sentences. Thirty lines are enough for a new one.

Voices are found by the entry-point group `briefing.voices`. The entry's name is what
`voice = "…"` in the configuration says; its object is called as `factory(settings, store)`.
A voice may inherit from `Voice` but need not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from briefing.clip_cache import Store
from briefing.text.script import Sentence

__all__ = ["Concurrency", "Speech", "Store", "Voice", "VoiceFactory"]

Concurrency = Literal["processes", "threads"]


@dataclass(frozen=True, slots=True)
class Speech:
    """One spoken sentence as a voice returns it, before any trimming or mastering."""

    samples: bytes
    """PCM, 16-bit signed little-endian, one channel."""
    sample_rate_hz: int
    word_starts: Sequence[int] | None = None
    """The sample at which each spoken word begins, in the order of the sentence's `spoken`; None
    if the voice does not know all of them exactly."""


class Voice(Protocol):
    """Something that speaks sentences, one clip (paragraph) at a time.

    How a clip sounds depends only on its notations and on the voice's `name`, `version` and
    settings, never on what was spoken earlier.

    What is marked as optional may be left out: `briefing.speech.voices.make_voice` adds it.
    """

    name: str
    version: str
    """Identifies all that shapes the sound: library and data versions, the voice's settings.
    Every start reads it, so it must cost no heavy import."""
    online: bool
    """True if the text leaves the machine."""
    concurrency: Concurrency
    """How several clips are spoken at the same time. "processes": each in a process of its own,
    for a voice that calculates; "threads": several threads call this object at once, for a voice
    that waits for a service. Optional: threads for an online voice, processes for any other."""
    memory_mb: int
    """The memory that one process of the voice takes at most, in megabytes, beyond what every
    worker takes; no more processes are started than fit. Optional: 0, which limits nothing."""
    room_tone_dbfs: float | None
    """The level (RMS) of a soft noise that is put under its speech and into the pauses, for a voice
    whose silence is digital. Optional: None, no noise."""
    speaker: str
    """Who speaks, as the voice's users know it, for the sidecar. Optional: the voice's name."""

    def unavailable(self) -> str | None:
        """Return why the voice cannot speak now, as a message for the user, or None if it can.

        This takes a second or two at most.
        """

    def notation(self, sentence: Sentence) -> str:
        """Return all that the voice needs of a sentence, as one string; "" for nothing to say.

        The notation is part of the clip's key and the only thing that `speak` receives. For a
        voice that cannot speak Latin letters,
        `briefing.text.normalisation.transliteration.in_arabic_letters` rewrites the sentence
        without any.
        """

    def mark_continuation(self, notation: str, *, before: bool, after: bool) -> str:
        """Return the notation of a sentence at an end of a clip that is not its paragraph's end.

        A paragraph of some minutes is spoken as several clips. before: this is the first sentence
        of a clip, and its paragraph began in an earlier one; after: this is the last sentence of a
        clip, and its paragraph goes on in a later one. Optional.
        """
        return notation

    def speak(self, notations: Sequence[str]) -> Iterator[Speech]:
        """Speak the sentences of one clip in order: yield one `Speech` for each notation.

        Raise VoiceError if the voice cannot speak.
        """

    def stop(self) -> None:
        """End every wait for the network now, so that `speak` fails in the other threads.

        Optional.
        """
        return

    def requests(self, notations: Sequence[str]) -> int | None:
        """Return how many online requests these sentences would take now, or None if unknown.

        Optional.
        """
        return None


class VoiceFactory(Protocol):
    """What a `briefing.voices` entry point names."""

    def __call__(self, settings: dict[str, Any], store: Store) -> Voice:
        """Make the voice.

        settings: the voice's table of the configuration ([voices.NAME]). store: where it may keep
        what it has fetched. This must be quick: heavy imports and connections belong in `speak`.
        """
