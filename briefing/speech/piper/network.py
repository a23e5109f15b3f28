"""Symbols to sound, by a rewritten network in ONNX Runtime: one piece at a time, repeatably."""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from briefing.errors import VoiceError
from briefing.speech.piper.graph import NOISE, TOO_SHORT
from briefing.speech.piper.model_config import ModelConfig
from briefing.speech.piper.symbols import SILENT_WORD, nearest, written_as

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["EndlessSoundError", "Network", "Pace", "Take", "load_network"]

_START, _END, _PAD, _SPACE = "^", "$", "_", " "
_CHANNELS = 192
"""Of VITS: random numbers for each frame of sound."""
_FRAMES_PER_ID, _LEAST_FRAMES = 8, 200
"""Frames for which there are random numbers, at the usual pace: three times what speech has. A
network that wants more is stopped before its sound takes gigabytes."""
_PUNCTUATION = frozenset(" ,;:.?!_^$")


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast and how freely a network speaks."""

    length_scale: float
    noise: float
    rhythm_noise: float
    speaker: int = 0


@dataclass(frozen=True, slots=True)
class Take:
    """One piece as the network spoke it."""

    samples: NDArray[Any]
    """Shape (n,), full scale 1.0."""
    word_starts: tuple[int, ...] | None
    """The sample at which each word begins, None if the network does not say."""
    longest_symbol: int | None
    """Samples of the longest sound that is no pause."""


class EndlessSoundError(Exception):
    """The network would make far more sound than the words take."""


class Network:
    """A loaded model."""

    def __init__(self, session: Any, config: ModelConfig) -> None:
        self.config = config
        self._session = session
        inputs = [each.name for each in session.get_inputs()]
        outputs = [each.name for each in session.get_outputs()]
        self._noises = [name for name in inputs if name.startswith(NOISE)]
        self._takes_speaker = "sid" in inputs
        self._outputs = outputs[:1] + [name for name in outputs[1:] if "Ceil" in name][:1]

    def speak(self, words: Sequence[str], pace: Pace, take: int) -> Take:
        """Speak some words; the same words, pace and take give the same samples.

        Raise EndlessSoundError, or VoiceError if the network fails.
        """
        import numpy as np

        ids, starts, sounds = self._ids(words)
        inputs: dict[str, Any] = {
            "input": np.array([ids], np.int64),
            "input_lengths": np.array([len(ids)], np.int64),
            "scales": np.array([pace.noise, pace.length_scale, pace.rhythm_noise], np.float32),
        }
        if self._takes_speaker:
            inputs["sid"] = np.array([pace.speaker], np.int64)
        frames = max(_LEAST_FRAMES, len(ids) * _FRAMES_PER_ID * max(1.0, pace.length_scale))
        self._add_noise(inputs, " ".join(words), take, round(frames) * _CHANNELS)
        answers = self._run(inputs)
        samples = np.asarray(answers[0], np.float32).reshape(-1)
        durations = np.asarray(answers[1]).reshape(-1) if len(answers) > 1 else np.zeros(0)
        if len(durations) != len(ids) or not durations.sum() or len(samples) % durations.sum():
            return Take(samples, None, None)
        hop = int(len(samples) // durations.sum())
        ends = np.cumsum(durations).astype(np.int64) * hop
        return Take(
            samples,
            tuple(int(ends[start - 1]) if start else 0 for start in starts),
            int(max((durations[place] for place in sounds), default=0)) * hop,
        )

    def _add_noise(self, inputs: dict[str, Any], text: str, take: int, numbers: int) -> None:
        """Add random numbers that the text and the take decide to the inputs."""
        import numpy as np

        seed = int.from_bytes(hashlib.sha256(f"{take}\0{text}".encode()).digest()[:8], "little")
        for index, name in enumerate(self._noises):
            generator = np.random.default_rng([seed, index])
            inputs[name] = generator.standard_normal(numbers, dtype=np.float32)

    def _run(self, inputs: dict[str, Any]) -> list[Any]:
        """Run the network. Raise EndlessSoundError or VoiceError."""
        try:
            answers: list[Any] = self._session.run(self._outputs, inputs)
            return answers
        except Exception as error:  # the runtime's own, by many names
            first_line = str(error).partition("\n")[0]
            if NOISE in first_line and TOO_SHORT in first_line:
                raise EndlessSoundError from None
            raise VoiceError(f"its model cannot speak: {first_line[:200]}") from None

    def _ids(self, words: Sequence[str]) -> tuple[list[int], list[int], list[int]]:
        """Return the model's numbers, the place of each word's first, and the places of sounds."""
        table = self.config.symbols
        ids = [*table[_START], *table[_PAD]]
        starts: list[int] = []
        sounds: list[int] = []
        for number, word in enumerate(words):
            for index, symbol in enumerate(_symbols(word, self.config, is_first=number == 0)):
                if index == 0 and symbol == _SPACE:
                    ids += [*table[symbol], *table[_PAD]]
                    continue
                if len(starts) == number:
                    starts.append(len(ids))
                if symbol not in _PUNCTUATION:
                    sounds.append(len(ids))
                ids += [*table[symbol], *table[_PAD]]
            if len(starts) == number:  # a word that has no sound
                starts.append(len(ids))
        return [*ids, *table[_END]], starts, sounds


def _symbols(word: str, config: ModelConfig, *, is_first: bool) -> list[str]:
    """Return the symbols of one word that the model knows, the space before it included."""
    table = config.symbols
    spoken = "" if word == SILENT_WORD else unicodedata.normalize("NFD", written_as(word))
    symbols = [sign if sign in table else nearest(sign, table) for sign in spoken]
    return [*([] if is_first or _SPACE not in table else [_SPACE]), *filter(None, symbols)]


@lru_cache(maxsize=1)  # a worker has memory for one
def load_network(model: Path, config: ModelConfig) -> Network:
    """Load a rewritten model, to run in one thread. Raise VoiceError if it cannot be loaded."""
    # as briefing.text.vowels.tashkeel_model: nothing is reported to anybody
    for variable in ("ORT_DISABLE_TELEMETRY", "ORT_TELEMETRY_DISABLED"):
        os.environ[variable] = "1"
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 4
        session = onnxruntime.InferenceSession(
            str(model), options, providers=["CPUExecutionProvider"]
        )
    except Exception as error:  # the runtime's own, by many names
        first_line = str(error).partition("\n")[0][:200]
        raise VoiceError(f"its model cannot be loaded: {first_line}") from None
    return Network(session, config)
