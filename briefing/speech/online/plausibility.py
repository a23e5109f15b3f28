"""Whether a sound can be the speech of its text at all: by its length and its ups and downs.

A service may answer with half a sentence, with a drone that does not end, or with silence, and
say nothing of it.
"""

from __future__ import annotations

from briefing.speech.online.mp3_decoding import DamagedSound, Sound

__all__ = ["check_length", "check_liveliness", "longest_s"]

_SHORTEST_S_PER_LETTER = 1 / 45
"""Arabic news is read at 12 to 15 letters a second; a sound three times as fast is incomplete."""
_LONGEST_S_PER_LETTER = 0.35
_LONGEST_PAUSES_S = 3.0
"""Spelled letters (USA) take 0.4 s each, but a sentence has few of them."""
_WINDOW_S = 0.06
_SHORTEST_JUDGED_S = 0.5
_LEAST_RANGE_DB = 7.0
"""Between the quiet and the loud tenth of a sound. The offline voice has 16 at least (eleven
sentences), white noise 0.3, brown noise 3, a steady tone nothing."""
_FLATTEST = 0.6
"""Of a spectrum's geometric and arithmetic mean: white noise has nearly 1, the offline voice 0.06
at most."""


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


def check_liveliness(sound: Sound) -> None:
    """Raise DamagedSound for a sound that is one steady tone, or noise.

    sound: without silence around it.
    """
    import numpy as np

    window = round(_WINDOW_S * sound.sample_rate_hz)
    samples = np.frombuffer(sound.samples, dtype="<i2").astype(np.float64)
    if len(samples) < _SHORTEST_JUDGED_S * sound.sample_rate_hz:
        return
    windows = samples[: len(samples) // window * window].reshape(-1, window)
    levels_db = 10 * np.log10(np.mean(windows**2, axis=1) + 1.0)
    quiet_db, loud_db = np.percentile(levels_db, [10, 90])
    if loud_db - quiet_db < _LEAST_RANGE_DB:
        raise DamagedSound("the sound is a steady tone or noise, not speech")
    spectrum = np.mean(np.abs(np.fft.rfft(windows * np.hanning(window), axis=1)) ** 2, axis=0)
    flatness = np.exp(np.mean(np.log(spectrum + 1.0))) / np.mean(spectrum + 1.0)
    if flatness > _FLATTEST:
        raise DamagedSound("the sound is noise, not speech")
