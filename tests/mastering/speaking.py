"""Speech to master: the offline voice's, and what other voices could sound like."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from briefing.config import Espeak, setting_help
from briefing.mastering.clip import Clip, Mastering, make_clip
from briefing.mastering.formats.registry import codec_of
from briefing.mastering.formats.tags import Tags
from briefing.mastering.recording import Recorder, RecordingFacts
from briefing.speech.espeak.voice import EspeakVoice
from briefing.speech.voice import Speech
from tests.sound import Sound, decode

Wave = NDArray[np.float64]
PAUSE_S = 0.75

# each line a paragraph, each [[…]] a word, in espeak-ng's mnemonics
NOTATIONS = (
    ("[[q'a:la]] [[lwaz'i:r]] [['inna]] [[lma?d'i:nata]] [[sa?u:d'a]]", "[[h'a:Da:]] [[lj'awm]]"),
    ("[[fi:]] [[s[abA:Hi]] [[lj'awmi]] [[lXam'i:s]] [[waQ'adat]] [[lHuk'u:matu]]",),
    ("[[s'awfa]] [[taS'raQu]] [[fi:]] [[bin'a:?i]] [[lmad'a:risi]] [[waltt[uruq'A:t]]",) * 2,
    ("[[waqA:la]] [[l?udww'u]] [['inna]] [[lmuf'a:wad[A:ti]] [[lam]] [[tant'ahi]] [[baQd]]",) * 2,
)


@cache
def spoken(speed_wpm: int = 165) -> tuple[tuple[Speech, ...], ...]:
    """Speak some forty seconds (at the default speed), a paragraph each."""
    settings: dict[str, Any] = {name: default for name, default, _ in setting_help(Espeak)}
    voice = EspeakVoice({**settings, "speed_wpm": speed_wpm, "natural": False}, None)  # type: ignore[arg-type]
    return tuple(tuple(voice.speak(one)) for one in NOTATIONS * 2)


def wave_of(speech: Speech) -> Wave:
    return np.frombuffer(speech.samples, np.int16) / 32768


def speech_of(wave: Wave, rate: int) -> Speech:
    return Speech(np.clip(np.round(wave * 32767), -32768, 32767).astype("<i2").tobytes(), rate)


def changed(speech: Speech, change: Callable[[Wave, int], Wave]) -> Speech:
    return speech_of(change(wave_of(speech), speech.sample_rate_hz), speech.sample_rate_hz)


def resampled(wave: Wave, ratio: float) -> Wave:
    """Sample anew by straight lines: good enough to be another voice."""
    at = np.arange(round(len(wave) * ratio)) / ratio
    return np.interp(at, np.arange(len(wave)), wave)


def mastering(**settings: Any) -> Mastering:
    values: dict[str, Any] = {
        "sentence_pause_s": 0.45,
        "loudness_lufs": -16.0,
        "peak_dbfs": -2.0,
        "bitrate_kbps": 64,
        "quality": 7,
    }
    return Mastering(**{**values, **settings})


@dataclass(frozen=True)
class Recorded:
    facts: RecordingFacts
    sound: Sound
    path: Path
    clips: tuple[Clip, ...]
    starts_s: tuple[float, ...]
    ends_s: tuple[float, ...]


def record(
    clips: Sequence[Clip], folder: Path, tags: Tags | None = None, pause_s: float = PAUSE_S
) -> Recorded:
    path = folder / f"recording{codec_of(clips[0].format).ending}"
    with tempfile.TemporaryFile() as body:
        recorder = Recorder(body, 7)
        starts = [recorder.append(clip, pause_s) for clip in clips]
        facts = recorder.finish()
        recorder.assemble(path, facts, tags)
    rate = facts.sample_rate_hz
    ends = [start + clip.samples for start, clip in zip(starts, clips, strict=True)]
    return Recorded(
        facts,
        decode(path),
        path,
        tuple(clips),
        tuple(start / rate for start in starts),
        tuple(end / rate for end in ends),
    )


def recorded(
    paragraphs: Sequence[Sequence[Speech]], folder: Path, settings: Mastering | None = None
) -> Recorded:
    settings = settings or mastering()
    return record([make_clip(one, settings) for one in paragraphs], folder)
