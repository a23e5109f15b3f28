"""Whether a sound can be the speech of its text at all: by its length.

A service may answer with half a sentence, with a drone that does not end, or with silence, and
say nothing of it.
"""

from __future__ import annotations

from briefing.speech.online.mp3_decoding import DamagedSound, Sound

__all__ = ["check_length", "longest_s"]

_SHORTEST_S_PER_LETTER = 1 / 45
"""Arabic news is read at 12 to 15 letters a second; a sound three times as fast is incomplete."""
_LONGEST_S_PER_LETTER = 0.35
_LONGEST_PAUSES_S = 3.0
"""Spelled letters (USA) take 0.4 s each, but a sentence has few of them."""


def check_length(sound: Sound, text: str, *, pace: float = 1.0) -> None:
    """Raise DamagedSound if a sound without silence around it is none of its text.

    pace: how many times as fast as usual the service was told to speak.
    """
    if not sound.samples:
        raise DamagedSound("the sound is silent")
    letters = sum(character.isalnum() for character in text)
    if sound.seconds < letters * _SHORTEST_S_PER_LETTER / max(pace, 1.0):
        raise DamagedSound(f"the sound is cut short: {sound.seconds:.1f} s for {letters} letters")
    if sound.seconds > longest_s(text, pace=pace):
        raise DamagedSound(f"the sound is too long: {sound.seconds:.0f} s for {letters} letters")


def longest_s(text: str, *, pace: float = 1.0) -> float:
    """Return the seconds that a text's speech takes at most.

    >>> longest_s("نعم") < 5
    True
    """
    letters = sum(character.isalnum() for character in text)
    return (letters * _LONGEST_S_PER_LETTER + _LONGEST_PAUSES_S) / min(pace, 1.0)
