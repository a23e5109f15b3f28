"""The sounds that are no speech: an opening, a closing, a separator; ours or a user's file.

Ours are made of a few soft bell tones, of sines, so that there is nothing to ship and no licence.
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

__all__ = ["KINDS", "SoundJob", "SoundSource", "decode_sound", "load_sounds", "make", "our_sound"]

KINDS = ("opening", "separator", "closing")
LONGEST_S = 60.0
"""Of a user's file: longer is a piece of music, not a sign."""
_LARGEST_FILE_BYTES = 50_000_000
_SOUNDS_VERSION = 1
"""Part of the key of our own sounds: changes when they do."""
_SILENT_BELOW_DB = -60.0
"""Of a file's highest peak: quieter at its ends is silence, and trimmed."""
_FADE_IN_S, _FADE_OUT_S = 0.004, 0.03
_SHORTEST_S = 0.05

# (start in seconds, frequency in Hz, weight): a major sixth chord, up to open, down to close
_C4, _E4, _G4, _A4, _C5, _E5 = 261.63, 329.63, 392.0, 440.0, 523.25, 659.26
_NOTES = {
    "opening": ((0.0, _C4, 0.8), (0.16, _G4, 0.7), (0.32, _C5, 0.8), (0.48, _E5, 1.0)),
    "separator": ((0.0, _C5, 0.8), (0.14, _G4, 0.7)),
    "closing": ((0.0, _E5, 0.8), (0.2, _C5, 0.8), (0.4, _A4, 0.7), (0.64, _C4, 1.0)),
}
_LENGTHS_S = {"opening": 2.4, "separator": 1.0, "closing": 2.8}
_DECAY_S = {"opening": 0.55, "separator": 0.28, "closing": 0.6}
_PARTIALS = ((1.0, 1.0, 1.0), (2.0, 0.3, 0.6), (3.0, 0.1, 0.4), (4.0, 0.05, 0.25))
"""Of a bar that is struck softly: (frequency, weight, length of its ringing), all relative."""
_ATTACK_S = 0.012


@dataclass(frozen=True, slots=True)
class SoundSource:
    """What one of the sounds is made from."""

    kind: str
    file: str
    """The configured path, for messages; "" for ours."""
    data: bytes
    """The file's bytes; none for ours."""


@dataclass(frozen=True, slots=True)
class SoundJob:
    """A clip that is wanted of a sound."""

    source: SoundSource
    sample_rate_hz: int
    mastering: Mastering

    @property
    def key(self) -> str:
        """All that the clip's bytes depend on."""
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
                "libraries": [version(one) for one in ("numpy", "av", "lameenc")],
            },
        )


def load_sounds(config: Config) -> dict[str, SoundSource]:
    """Read the sounds that the configuration names, by kind; a file is tried, too.

    Raises ConfigError where a file is missing, no sound, silent or too long.
    """
    sources = {}
    for kind in KINDS:
        file = getattr(config.sound, kind)
        if file == DEFAULT:
            sources[kind] = SoundSource(kind, "", b"")
        elif file:
            where = f"{place(config, 'sound', kind)}: sound.{kind} = {file!r}"
            path = config.base / file
            data = _read(path, where)
            try:
                decode_sound(data, 22_050)
            except ValueError as error:
                raise ConfigError(f"{where}: {path} {error}") from None
            sources[kind] = SoundSource(kind, file, data)
    return sources


def _read(path: Path, where: str) -> bytes:
    try:
        if path.stat().st_size > _LARGEST_FILE_BYTES:
            raise ConfigError(
                f"{where}: {path} has more than {_LARGEST_FILE_BYTES // 1_000_000} MB;"
                f" use a sound of at most {LONGEST_S:.0f} seconds"
            )
        return path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{where}: {path} cannot be read: {error.strerror}") from None


def make(job: SoundJob) -> Clip:
    """Make the clip. Raises ValueError where the file is no sound."""
    rate = recording_rate(job.sample_rate_hz, job.mastering)
    samples = (
        decode_sound(job.source.data, rate) if job.source.file else our_sound(job.source.kind, rate)
    )
    return make_sound(samples, rate, job.mastering)


def our_sound(kind: str, sample_rate_hz: int) -> NDArray[np.float32]:
    """Make one of our own sounds: mono samples, shape (n,), full scale 1.0."""
    import numpy as np

    times = np.arange(round(_LENGTHS_S[kind] * sample_rate_hz)) / sample_rate_hz
    wave = np.zeros(len(times))
    for start_s, frequency, weight in _NOTES[kind]:
        since = np.maximum(times - start_s, 0.0)
        attack = 0.5 - 0.5 * np.cos(np.pi * np.minimum(since / _ATTACK_S, 1.0))
        for multiple, share, ringing in _PARTIALS:
            decay = np.exp(-since / (_DECAY_S[kind] * ringing))
            tone = np.sin(2 * np.pi * multiple * frequency * since)
            wave += weight * share * attack * decay * tone
    return _faded((0.2 * wave).astype(np.float32), sample_rate_hz, ending_s=0.3)


def decode_sound(data: bytes, sample_rate_hz: int) -> NDArray[np.float32]:
    """Decode a file of any format that FFmpeg knows to mono samples of a sample rate.

    Silence at its ends is trimmed. ValueError where it is no sound, silent, or too long; its
    message goes on after the file's name.
    """
    import av
    import numpy as np

    from briefing.mastering.signal.ffmpeg_filters import joined

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
    wave = joined(frames, np.float32)
    wave = np.nan_to_num(wave, posinf=0.0, neginf=0.0)
    level = np.abs(wave)
    highest = float(level.max(initial=0.0))
    heard = np.flatnonzero(level > highest * 10 ** (_SILENT_BELOW_DB / 20))
    if highest < 1e-4 or heard[-1] - heard[0] < _SHORTEST_S * sample_rate_hz:
        raise ValueError("is silent")
    return _faded(wave[heard[0] : heard[-1] + 1], sample_rate_hz, ending_s=_FADE_OUT_S)


def _faded(
    wave: NDArray[np.float32], sample_rate_hz: int, *, ending_s: float
) -> NDArray[np.float32]:
    """Fade both ends, so that nothing clicks."""
    import numpy as np

    faded = wave.copy()
    beginning = min(len(faded), round(_FADE_IN_S * sample_rate_hz))
    ending = min(len(faded), round(ending_s * sample_rate_hz))
    faded[:beginning] *= np.linspace(0, 1, beginning, endpoint=False, dtype=np.float32)
    faded[len(faded) - ending :] *= np.linspace(1, 0, ending, dtype=np.float32)
    return faded
