"""How clips are mastered, by the configuration's sound and format."""

from __future__ import annotations

from briefing.config import Config
from briefing.mastering.clip import Mastering
from briefing.speech.voice import Voice

__all__ = ["mastering_of"]

_PEAK_DBFS = -2.0
"""The limiter's ceiling. The codec adds up to a decibel, and platforms allow -1 dBTP."""
_ENCODER_QUALITY = 7
"""LAME's quality. 7 takes half the time of 5, and 64 kbit/s are more than one channel needs."""
_PODCAST_HZ = 44_100
_BITRATES_KBPS = {
    ("mp3", "voice"): 64,
    ("mp3", "podcast"): 96,
    ("m4b", "voice"): 64,
    ("m4b", "podcast"): 96,
    ("opus", "voice"): 48,
    ("opus", "podcast"): 64,
}
"""By format and preset, as measured by `python -m tests.benchmarks.bitrates`."""


def mastering_of(config: Config, voice: Voice) -> Mastering:
    """Return how a voice's clips are mastered by the configuration."""
    sound = config.sound
    form = config.output.format
    return Mastering(
        sentence_pause_s=config.pauses.sentence_s,
        loudness_lufs=sound.loudness_lufs,
        peak_dbfs=_PEAK_DBFS,
        bitrate_kbps=sound.bitrate_kbps or _BITRATES_KBPS[form, sound.preset],
        quality=_ENCODER_QUALITY,
        format=form,
        sample_rate_hz=_PODCAST_HZ if sound.preset == "podcast" else 0,
        room_tone_dbfs=voice.room_tone_dbfs,
    )
