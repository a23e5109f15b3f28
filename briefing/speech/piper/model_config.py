"""The .json beside a Piper model: its symbols, its sample rate, how it was trained to be used."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from briefing.speech.piper.graph import UnsuitableModel

__all__ = ["ModelConfig", "read_model_config"]

_SAMPLE_RATES_HZ = range(8_000, 48_001)
_NEEDED_SYMBOLS = "^$_"
_KIND = "espeak"
_LARGEST_BYTES = 4_000_000
_MOST_SYMBOLS = 100_000


@dataclass(frozen=True, eq=False)
class ModelConfig:
    """What the .json says, as far as speaking needs it."""

    sample_rate_hz: int
    symbols: Mapping[str, tuple[int, ...]]
    """The numbers of each symbol in the model's table."""
    speaker: str
    """The name of its data set: who was recorded."""
    language: str
    """As espeak-ng or the model names it, such as ar or en-us."""
    speakers: int
    length_scale: float
    noise: float
    rhythm_noise: float


def read_model_config(path: Path) -> ModelConfig:
    """Read the .json of a model. Raise UnsuitableModel where it is none, OSError."""
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            raise UnsuitableModel(f"{path.name} is too large for a model's description")
        content = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        raise UnsuitableModel(f"{path.name} is no JSON") from None
    if not isinstance(content, dict):
        raise UnsuitableModel(f"{path.name} is no description of a model")
    kind = content.get("phoneme_type", _KIND)
    if kind != _KIND:
        raise UnsuitableModel(
            f"{path.name}: phoneme_type is {kind!r}; only {_KIND!r} can be spoken, symbols as"
            " espeak-ng writes them"
        )
    return ModelConfig(
        sample_rate_hz=_sample_rate(content, path.name),
        symbols=_symbols(content, path.name),
        speaker=str(content.get("dataset") or "")[:60],
        language=_language(content)[:20],
        speakers=_whole(content, "num_speakers", 1, path.name),
        length_scale=_scale(content, "length_scale", 1.0, path.name),
        noise=_scale(content, "noise_scale", 0.667, path.name),
        rhythm_noise=_scale(content, "noise_w", 0.8, path.name),
    )


def _language(content: Mapping[str, Any]) -> str:
    language = _inner(content, "language").get("code") or _inner(content, "espeak").get("voice")
    return str(language or "")


def _inner(content: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    inner = content.get(name)
    return inner if isinstance(inner, dict) else {}


def _sample_rate(content: Mapping[str, Any], name: str) -> int:
    rate = _inner(content, "audio").get("sample_rate")
    if not isinstance(rate, int) or rate not in _SAMPLE_RATES_HZ:
        raise UnsuitableModel(
            f"{name}: audio.sample_rate is {rate!r}; it must be a number from"
            f" {_SAMPLE_RATES_HZ[0]} to {_SAMPLE_RATES_HZ[-1]}"
        )
    return rate


def _symbols(content: Mapping[str, Any], name: str) -> Mapping[str, tuple[int, ...]]:
    table = content.get("phoneme_id_map")
    most = _whole(content, "num_symbols", _MOST_SYMBOLS, name)
    if not isinstance(table, dict) or not all(map(table.get, _NEEDED_SYMBOLS)):
        raise UnsuitableModel(f"{name} has no phoneme_id_map with the signs {_NEEDED_SYMBOLS}")
    symbols = {}
    for symbol, numbers in table.items():
        if not isinstance(numbers, list) or not all(
            isinstance(number, int) and 0 <= number < most for number in numbers
        ):
            raise UnsuitableModel(
                f"{name}: phoneme_id_map[{symbol!r}] is {numbers!r}; the model has {most} symbols"
            )
        symbols[symbol] = tuple(numbers)
    return symbols


def _whole(content: Mapping[str, Any], key: str, default: int, name: str) -> int:
    value = content.get(key, default)
    if not isinstance(value, int) or not 0 < value <= _MOST_SYMBOLS:
        raise UnsuitableModel(f"{name}: {key} is {value!r}; it must be a whole number above 0")
    return value


def _scale(content: Mapping[str, Any], key: str, default: float, name: str) -> float:
    value = _inner(content, "inference").get(key, default)
    if not isinstance(value, int | float) or not 0 <= value <= 10:
        raise UnsuitableModel(f"{name}: inference.{key} is {value!r}; it must be from 0 to 10")
    return float(value)
