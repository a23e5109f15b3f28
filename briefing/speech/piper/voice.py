"""A neural voice that is installed: sentences to speech by a Piper model on this machine.

A piece that does not sound like speech is spoken again with other random numbers, then in halves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from briefing.config import Neural
from briefing.errors import VoiceError
from briefing.speech.models.installed import ModelStamp, damage, how_to_mend
from briefing.speech.piper.graph import UnsuitableModel
from briefing.speech.piper.model_config import ModelConfig, read_model_config
from briefing.speech.piper.network import EndlessSoundError, Network, Pace, load_network
from briefing.speech.piper.pieces import cut, halves, size
from briefing.speech.piper.quality import defect
from briefing.speech.piper.symbols import MARKS, SYMBOLS_VERSION
from briefing.speech.voice import Concurrency, Speech, Store, Voice
from briefing.text.script import Sentence
from briefing.versions import version

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["PiperVoice"]

_ENGINE_VERSION = 1
"""Part of every clip's key; incremented when the same symbols would become other samples."""
_TAKES, _TAKES_OF_A_WORD = 2, 5
"""How often a piece is spoken before it is cut in halves; a single word cannot be cut."""
_MEMORY_MB = 600
"""Measured: 493 MB, a whole worker on the sample with a medium model of 63 MB
(tests/benchmarks/piper.py)."""
_FULL_SCALE = 32767


@dataclass(frozen=True, slots=True)
class _Sound:
    """Some words, spoken."""

    samples: NDArray[Any]
    word_starts: tuple[int, ...] | None


class PiperVoice(Voice):
    """A voice whose model `briefing voices --install` has put into a folder of its own."""

    online = False
    concurrency: Concurrency = "processes"
    memory_mb = _MEMORY_MB
    room_tone_dbfs = None

    def __init__(
        self, folder: Path, stamp: ModelStamp, settings: Mapping[str, Any], store: Store
    ) -> None:
        """folder: of the model. settings: [voices.NAME], see `briefing.config.Neural`."""
        self._folder = folder
        self._stamp = stamp
        self._settings = Neural(**settings)
        self.name = stamp.name
        self.speaker = stamp.speaker
        self.version = ", ".join(
            (
                f"piper {_ENGINE_VERSION}.{SYMBOLS_VERSION}",
                f"model {stamp.digest[:16]}",
                *(f"{name} {version(name)}" for name in ("onnxruntime", "numpy")),
                f"espeakng-loader {version('espeakng-loader')}",
                *(f"{name} {value:g}" for name, value in sorted(settings.items())),
            )
        )

    def unavailable(self) -> str | None:
        """Return why the voice cannot speak, or None if it can. The whole model is checked."""
        for package in ("onnxruntime", "numpy"):
            if find_spec(package) is None:
                return f"the package {package} is not installed: pip install {package}"
        problem = damage(self._folder, self._stamp)
        return f"{problem}; {how_to_mend(self._stamp)}" if problem else None

    def notation(self, sentence: Sentence) -> str:
        """Return the sentence in the symbols that Arabic voices of this family were trained on."""
        from briefing.speech.piper.symbols import symbols_of

        return symbols_of(sentence)

    def speak(self, notations: Sequence[str]) -> Iterator[Speech]:
        """Speak the sentences of one clip in order.

        Raise VoiceError if the model fails, or says something that is no speech.
        """
        import numpy as np

        for notation in notations:
            sound = _join([self._speak_piece(words) for words in cut(notation.split(" "))])
            samples = np.rint(np.clip(sound.samples, -1, 1) * _FULL_SCALE).astype("<i2")
            yield Speech(samples.tobytes(), self._config.sample_rate_hz, sound.word_starts)

    def _speak_piece(self, words: Sequence[str]) -> _Sound:
        """Speak a piece, again or in halves where that is no speech. Raise VoiceError."""
        problem = ""
        for take in range(_TAKES if len(words) > 1 else _TAKES_OF_A_WORD):
            sound, reason = self._take(words, take)
            if sound is not None and reason is None:
                return sound
            problem = problem or reason or ""
        if len(words) == 1:
            raise VoiceError(
                f"{self.name}: its model makes {problem} for {words[0].rstrip(MARKS)!r}"
            )
        return _join([self._speak_piece(half) for half in halves(words)])

    def _take(self, words: Sequence[str], take: int) -> tuple[_Sound | None, str | None]:
        """Speak a piece once; return it and what is wrong with it, if anything is.

        Raise VoiceError if the model fails.
        """
        try:
            spoken = self._network.speak(words, self._pace, take)
        except EndlessSoundError:
            return None, "far more sound than its words take"
        except VoiceError as error:
            raise VoiceError(f"{self.name}: {error}; {how_to_mend(self._stamp)}") from None
        rate = self._config.sample_rate_hz
        held = spoken.longest_symbol
        reason = defect(
            spoken.samples,
            rate,
            size(words) * self._stamp.symbol_s / self._settings.speed,
            None if held is None else held / rate * self._settings.speed,
            is_short=len(words) == 1,
        )
        return _Sound(spoken.samples, spoken.word_starts), reason

    @cached_property
    def _pace(self) -> Pace:
        settings, config = self._settings, self._config
        return Pace(
            config.length_scale / settings.speed,
            config.noise if settings.noise < 0 else settings.noise,
            config.rhythm_noise if settings.rhythm_noise < 0 else settings.rhythm_noise,
            min(settings.speaker, config.speakers - 1),
        )

    @cached_property
    def _config(self) -> ModelConfig:
        from briefing.speech.models.installed import CONFIG_NAME

        try:
            return read_model_config(self._folder / CONFIG_NAME)
        except (OSError, UnsuitableModel) as error:
            raise VoiceError(f"{self.name}: {error}; {how_to_mend(self._stamp)}") from None

    @property
    def _network(self) -> Network:
        from briefing.speech.models.installed import MODEL_NAME

        return load_network(self._folder / MODEL_NAME, self._config)


def _join(sounds: Sequence[_Sound]) -> _Sound:
    """Return some sounds one after the other; each begins and ends in silence of its own."""
    import numpy as np

    if len(sounds) == 1:
        return sounds[0]
    starts: list[int] | None = []
    length = 0
    for sound in sounds:
        if starts is not None and sound.word_starts is not None:
            starts += [length + start for start in sound.word_starts]
        else:
            starts = None
        length += len(sound.samples)
    return _Sound(
        np.concatenate([sound.samples for sound in sounds]),
        None if starts is None else tuple(starts),
    )
