"""The sounds other than speech: an opening, a separator and a closing, ours or the user's files.

Ours are a few soft bell tones made of sines, so that no sound file with a licence is needed.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from briefing.clip_cache import key_of
from briefing.config import DEFAULT, Config, place
from briefing.errors import ConfigError
from briefing.mastering.clip import CLIP_VERSION, Clip, Mastering, make_sound, recording_rate
from briefing.versions import version

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["KINDS", "SoundJob", "SoundSource", "decode_sound", "load_sounds", "make", "synthesise"]

KINDS = ("opening", "separator", "closing")
LONGEST_S = 60.0
"""Of a user's file: anything longer is a piece of music rather than a signal."""
_LARGEST_FILE_BYTES = 50_000_000
_SOUNDS_VERSION = 1
"""Part of the key of our own sounds; incremented when they change."""
_SILENT_BELOW_DB = -60.0
"""Relative to a file's highest peak: whatever is quieter at its ends is trimmed as silence."""
_FADE_IN_S, _FADE_OUT_S = 0.004, 0.03
_SHORTEST_S = 0.05

# (start in seconds, frequency in Hz, weight): a major sixth chord, rising at the opening and
# falling at the closing
_C4, _E4, _G4, _A4, _C5, _E5 = 261.63, 329.63, 392.0, 440.0, 523.25, 659.26
_NOTES = {
    "opening": ((0.0, _C4, 0.8), (0.16, _G4, 0.7), (0.32, _C5, 0.8), (0.48, _E5, 1.0)),
    "separator": ((0.0, _C5, 0.8), (0.14, _G4, 0.7)),
    "closing": ((0.0, _E5, 0.8), (0.2, _C5, 0.8), (0.4, _A4, 0.7), (0.64, _C4, 1.0)),
}
_LENGTHS_S = {"opening": 2.4, "separator": 1.0, "closing": 2.8}
_DECAY_S = {"opening": 0.55, "separator": 0.28, "closing": 0.6}
_PARTIALS = ((1.0, 1.0, 1.0), (2.0, 0.3, 0.6), (3.0, 0.1, 0.4), (4.0, 0.05, 0.25))
"""Of a softly struck bar: (frequency, weight, length of the ringing), relative to the lowest."""
_ATTACK_S = 0.012


@dataclass(frozen=True, slots=True)
class SoundSource:
    """Where one of the sounds comes from."""

    kind: str
    file: str
    """The configured path, for messages; "" for our own sound."""
    data: bytes
    """The bytes of the file; empty for our own sound."""


@dataclass(frozen=True, slots=True)
class SoundJob:
    """A request for the clip of a sound."""

    source: SoundSource
    sample_rate_hz: int
    mastering: Mastering

    @property
    def key(self) -> str:
        """The clip's key in the cache: a digest of all that its bytes depend on."""
        content = (
            hashlib.sha256(self.source.data).hexdigest()
            if self.source.file
            else [self.source.kind, _SOUNDS_VERSION]
        )
        return key_of(
            "sound",
            {
                "content": content,
                "rate": self.sample_rate_hz,
                "mastering": {**asdict(self.mastering), "sentence_pause_s": 0},
                "version": CLIP_VERSION,
                "libraries": [version(package) for package in ("numpy", "av", "lameenc")],
            },
        )


def load_sounds(config: Config) -> dict[str, SoundSource]:
    """Return the sounds that the configuration names, by kind.

    Raise ConfigError if a file is missing, too long, silent, or not a sound.
    """
    sources = {}
    for kind in KINDS:
        file = getattr(config.sound, kind)
        if file == DEFAULT:
            sources[kind] = SoundSource(kind, "", b"")
        elif file:
            setting = f"{place(config, 'sound', kind)}: sound.{kind} = {file!r}"
            path = config.base / file
            data = _read(path, setting)
            try:
                decode_sound(data, 22_050)
            except ValueError as error:
                raise ConfigError(f"{setting}: {path} {error}") from None
            sources[kind] = SoundSource(kind, file, data)
    return sources


def _read(path: Path, setting: str) -> bytes:
    """Return a file's bytes. Raise ConfigError, which names the setting, if it cannot be used."""
    try:
        if path.stat().st_size > _LARGEST_FILE_BYTES:
            raise ConfigError(
                f"{setting}: {path} has more than {_LARGEST_FILE_BYTES // 1_000_000} MB;"
                f" use a sound of at most {LONGEST_S:.0f} seconds"
            )
        return path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{setting}: {path} cannot be read: {error.strerror}") from None


def make(job: SoundJob) -> Clip:
    """Make the clip of a sound. Raise ValueError if its file is not a sound."""
    rate = recording_rate(job.sample_rate_hz, job.mastering)
    if job.source.file:
        samples = decode_sound(job.source.data, rate)
    else:
        samples = synthesise(job.source.kind, rate)
    return make_sound(samples, rate, job.mastering)


def synthesise(kind: str, sample_rate_hz: int) -> NDArray[np.float32]:
    """Return one of our own sounds as mono samples, shape (n,), full scale 1.0."""
    import numpy as np

    times = np.arange(round(_LENGTHS_S[kind] * sample_rate_hz)) / sample_rate_hz
    wave = np.zeros(len(times))
    for start_s, frequency, weight in _NOTES[kind]:
        elapsed = np.maximum(times - start_s, 0.0)
        attack = 0.5 - 0.5 * np.cos(np.pi * np.minimum(elapsed / _ATTACK_S, 1.0))
        for multiple, share, ringing in _PARTIALS:
            decay = np.exp(-elapsed / (_DECAY_S[kind] * ringing))
            tone = np.sin(2 * np.pi * multiple * frequency * elapsed)
            wave += weight * share * attack * decay * tone
    return _fade((0.2 * wave).astype(np.float32), sample_rate_hz, ending_s=0.3)


def decode_sound(data: bytes, sample_rate_hz: int) -> NDArray[np.float32]:
    """Decode a file of any format that FFmpeg knows to mono samples at a sample rate.

    Silence at its ends is trimmed. Raise ValueError if it is too long, silent, or not a sound; the
    message continues a sentence that begins with the file's name.
    """
    import av
    import numpy as np

    from briefing.mastering.signal.ffmpeg_filters import join_frames

    longest = round(LONGEST_S * sample_rate_hz)
    frames: list[Any] = []
    count = 0
    try:
        with av.open(io.BytesIO(data), mode="r") as container:
            if not container.streams.audio:
                raise ValueError("has no sound in it")
            resampler = av.AudioResampler(format="flt", layout="mono", rate=sample_rate_hz)
            for decoded in container.decode(container.streams.audio[0]):
                decoded.pts = None
                for frame in resampler.resample(decoded):
                    frames.append(frame)
                    count += frame.samples
                if count > longest:
                    raise ValueError(f"is longer than {LONGEST_S:.0f} seconds")
            frames += resampler.resample(None)
    except (av.FFmpegError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ValueError(f"is not a sound that can be decoded: {reason}") from None
    wave = join_frames(frames, np.float32)
    wave = np.nan_to_num(wave, posinf=0.0, neginf=0.0)
    level = np.abs(wave)
    highest = float(level.max(initial=0.0))
    audible = np.flatnonzero(level > highest * 10 ** (_SILENT_BELOW_DB / 20))
    if highest < 1e-4 or audible[-1] - audible[0] < _SHORTEST_S * sample_rate_hz:
        raise ValueError("is silent")
    return _fade(wave[audible[0] : audible[-1] + 1], sample_rate_hz, ending_s=_FADE_OUT_S)


def _fade(
    wave: NDArray[np.float32], sample_rate_hz: int, *, ending_s: float
) -> NDArray[np.float32]:
    """Return a copy whose ends are faded, so that nothing clicks."""
    import numpy as np

    copy = wave.copy()
    beginning = min(len(copy), round(_FADE_IN_S * sample_rate_hz))
    ending = min(len(copy), round(ending_s * sample_rate_hz))
    copy[:beginning] *= np.linspace(0, 1, beginning, endpoint=False, dtype=np.float32)
    copy[len(copy) - ending :] *= np.linspace(1, 0, ending, dtype=np.float32)
    return copy
