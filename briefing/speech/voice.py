"""The `Voice` protocol: something that speaks sentences. Thirty lines are enough for a new one.

Voices are found by the entry-point group `briefing.voices`; the entry's name is what
`voice = "…"` in the configuration says, its object is called as `factory(settings, store)`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from briefing.clip_cache import Store
from briefing.text.script import Sentence

__all__ = ["Speech", "Store", "Voice", "VoiceFactory"]


@dataclass(frozen=True, slots=True)
class Speech:
    """One spoken sentence as a voice gives it, before any trimming or mastering."""

    samples: bytes
    """PCM, 16-bit signed little-endian, one channel."""
    sample_rate_hz: int
    word_starts: Sequence[int] | None = None
    """The sample at which each spoken word begins, one for each word of the sentence's `spoken`,
    where the voice knows them exactly; else None."""


class Voice(Protocol):
    """Something that speaks sentences, one clip (paragraph) at a time.

    What a clip sounds like depends on the notations, the voice's `name` and `version` and its
    settings alone, never on what was spoken before.
    """

    name: str
    version: str
    """Of everything that shapes the sound: library and data versions, the voice's settings."""
    online: bool
    """True when the text leaves the machine. Online voices are called from several threads at
    once, the others from several processes."""

    def unavailable(self) -> str | None:
        """Say why it cannot speak now, as a message for the user, or None when it can.

        Costs a second or two at most.
        """

    def notation(self, sentence: Sentence) -> str:
        """Give all of a sentence that the voice speaks from, as one string: part of the clip's
        key and the only thing that `speak` is given. "" when there is nothing to say.

        A voice that cannot speak Latin letters finds the sentence without any in
        `briefing.text.normalisation.transliteration.in_arabic_letters`."""

    def speak(self, notations: Sequence[str]) -> Iterator[Speech]:
        """Speak the sentences of one clip in order, one `Speech` for each notation.

        Raises VoiceError when it cannot.
        """


class VoiceFactory(Protocol):
    """What a `briefing.voices` entry point names."""

    def __call__(self, settings: dict[str, Any], store: Store) -> Voice:
        """Make the voice from its table of the configuration ([voices.NAME]) and a place to keep
        what it has paid for. Must be cheap: heavy imports and connections come with `speak`."""
