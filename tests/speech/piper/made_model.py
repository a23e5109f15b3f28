"""A model of a few kB with a Piper voice's inputs, output and nodes, written byte by byte.

It "speaks" a tone for each symbol, of a pitch of its own, for as many frames as a noisy duration
rounds up to; pauses and marks are silent. What it does wrong is chosen by `Fault`.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

__all__ = ["HOP", "SYMBOLS", "Fault", "config_of", "write_model"]

HOP = 256
"""Samples a frame, as Piper's medium voices have."""
_SILENT = "_^$ !'(),-.:;?"
SYMBOLS = {sign: [number] for number, sign in enumerate([*_SILENT, *(
    "abdefhijklmnopqrstuvwxzðħŋæɐɑɔəɛɜɡɣɪɫɹɾʃʊʌʒʔʕˈˌːθχ\u032aˤg"
)])}  # fmt: skip
_FIRST_SOUND = len(_SILENT)
_FLOAT, _INT64 = 1, 7


class Fault(Enum):
    """What a made model does wrong."""

    NONE = "nothing"
    SILENCE = "silence"
    NOISE = "noise"
    EMPTY = "no samples"
    ENDLESS = "ten minutes"
    MOODY = "silence in every other take"
    DRONE = "holds v for seconds"
    INPUTS = "other inputs"
    FOREIGN_NODE = "a node of another maker"
    OTHER_RANDOM = "RandomUniformLike"
    OUTSIDE_DATA = "numbers in another file"
    NO_DURATIONS = "no node that rounds up"


@dataclass
class _Graph:
    parts: list[bytes] = field(default_factory=list)
    names: int = 0

    def node(
        self, kind: str, *inputs: str, to: str = "", domain: str = "", **attributes: int
    ) -> str:
        self.names += 1
        output = to or f"{kind}_{self.names}"
        content = b"".join(message(1, name.encode()) for name in inputs)
        content += message(2, output.encode()) + message(4, kind.encode())
        for name, value in attributes.items():
            content += message(5, _attribute(name, value))
        content += message(7, domain.encode()) if domain else b""
        self.parts.append(message(1, content))
        return output

    def constant(self, values: list[float] | list[int] | float | int) -> str:
        """A tensor: numbers in a row, or one number without dimensions."""
        self.names += 1
        name = f"constant_{self.names}"
        row = values if isinstance(values, list) else [values]
        kind = _FLOAT if isinstance(row[0], float) else _INT64
        head = number(1, len(row)) if isinstance(values, list) else b""
        raw = struct.pack(f"<{len(row)}{'f' if kind == _FLOAT else 'q'}", *row)
        content = head + number(2, kind) + message(8, name.encode()) + message(9, raw)
        self.parts.append(message(5, content))
        return name


def write_model(path: Path, fault: Fault = Fault.NONE, *, sample_rate_hz: int = 22_050) -> Path:
    """Write a model, and its .json beside it."""
    graph = _Graph()
    scales = [graph.node("Gather", "scales", graph.constant([index])) for index in range(3)]
    symbols = _as_float(graph, graph.node("Unsqueeze", "input", graph.constant([1])))
    durations = _durations(graph, symbols, scales, fault)
    wave = _wave(graph, symbols, durations, scales[0], fault)
    graph.node("Reshape", wave, graph.constant([1, 1, 1, -1]), to="output")
    graph.node("Identity", "input_lengths")  # taken, as Piper's networks do
    if fault is Fault.OUTSIDE_DATA:
        content = number(1, 1) + number(2, _FLOAT) + message(8, b"elsewhere") + number(14, 1)
        content += message(13, message(1, b"location") + message(2, b"/etc/passwd"))
        graph.parts.append(message(5, content))
    inputs = {"input": (_INT64, 2), "input_lengths": (_INT64, 1), "scales": (_FLOAT, 1)}
    if fault is Fault.INPUTS:
        inputs["spectrogram"] = (_FLOAT, 3)
    parts = [*graph.parts, message(2, b"made")]
    parts += [message(11, _value(name, *kind)) for name, kind in inputs.items()]
    parts.append(message(12, _value("output", _FLOAT, 4)))
    operators = message(8, message(1, b"") + number(2, 15))
    operators += message(8, message(1, b"com.example") + number(2, 1))
    path.write_bytes(number(1, 8) + operators + message(7, b"".join(parts)))
    config = json.dumps(config_of(sample_rate_hz), ensure_ascii=False)
    path.with_name(f"{path.name}.json").write_text(config, encoding="utf-8")
    return path


def _durations(graph: _Graph, symbols: str, scales: list[str], fault: Fault) -> str:
    """How many frames each symbol has, shape (1, 1, symbols)."""
    _, length, rhythm = scales
    add, constant = graph.node, graph.constant
    kind = "RandomUniformLike" if fault is Fault.OTHER_RANDOM else "RandomNormalLike"
    noise = add("Mul", add("Mul", add(kind, symbols), rhythm), constant([0.3]))
    frames = add("Add", noise, constant([2.5]))
    if fault is Fault.ENDLESS:
        frames = add("Mul", frames, constant([150.0]))
    if fault is Fault.DRONE:
        is_it = add("Equal", symbols, constant([float(SYMBOLS["v"][0])]))
        frames = add("Add", frames, add("Mul", _as_float(graph, is_it), constant([600.0])))
    frames = add("Max", add("Mul", frames, length), constant([1.0]))
    return add("Round" if fault is Fault.NO_DURATIONS else "Ceil", frames)


def _wave(graph: _Graph, symbols: str, durations: str, noise_scale: str, fault: Fault) -> str:
    """A tone of its symbol's pitch in each frame, silence at marks, and a little noise."""
    add, constant = graph.node, graph.constant
    total = add("Cast", add("ReduceSum", durations, keepdims=0), to_type=_INT64)
    frame = _as_float(graph, add("Range", constant(0), total, constant(1)))
    ends = add("CumSum", durations, constant(2))
    passed = add("GreaterOrEqual", add("Reshape", frame, constant([1, -1, 1])), ends)
    passed = add("Cast", passed, to_type=_INT64)
    place = add("ReduceSum", passed, constant([2]), keepdims=0)
    of_frame = add("Gather", add("Reshape", symbols, constant([-1])), place)
    of_frame = add("Reshape", of_frame, constant([-1]))
    sample = add("Range", constant(0), add("Mul", total, constant(HOP)), constant(1))
    frame_of_sample = add("Div", sample, constant(HOP))
    pitch = add("Mul", add("Add", of_frame, constant([8.0])), constant([0.006]))
    phase = add("Mul", _as_float(graph, sample), add("Gather", pitch, frame_of_sample))
    noise = add("Mul", add("RandomNormalLike", of_frame), noise_scale)
    loudness = add("Add", constant([0.3]), add("Mul", noise, constant([0.01])))
    is_sound = add("GreaterOrEqual", of_frame, constant([float(_FIRST_SOUND)]))
    loudness = add("Mul", _as_float(graph, is_sound), loudness)
    if fault is Fault.SILENCE:
        loudness = add("Mul", loudness, constant([0.0]))
    if fault is Fault.MOODY:
        mood = add("GreaterOrEqual", add("ReduceMean", noise, keepdims=1), constant([0.0]))
        loudness = add("Mul", loudness, _as_float(graph, mood))
    wave = add("Mul", add("Sin", phase), add("Gather", loudness, frame_of_sample))
    if fault is Fault.NOISE:  # a sine of a huge, uneven phase: as good as random
        wave = add("Sin", add("Mul", add("Mul", phase, phase), constant([77.7])))
    if fault is Fault.EMPTY:
        wave = add("Slice", wave, constant([0]), constant([0]))
    if fault is Fault.FOREIGN_NODE:
        wave = add("Gelu", wave, domain="com.example")
    return wave


def _as_float(graph: _Graph, name: str) -> str:
    return graph.node("Cast", name, to_type=_FLOAT)


def config_of(sample_rate_hz: int = 22_050, **others: Any) -> dict[str, Any]:
    """The .json of a made model."""
    return {
        "audio": {"sample_rate": sample_rate_hz},
        "espeak": {"voice": "ar"},
        "inference": {"noise_scale": 0.667, "length_scale": 1, "noise_w": 0.8},
        "phoneme_type": "espeak",
        "phoneme_id_map": SYMBOLS,
        "num_symbols": 256,
        "num_speakers": 1,
        "dataset": "made",
        **others,
    }


def message(place: int, content: bytes) -> bytes:
    return packed(place << 3 | 2) + packed(len(content)) + content


def number(place: int, value: int) -> bytes:
    return packed(place << 3) + packed(value)


def packed(value: int) -> bytes:
    """A varint; a negative number as its 64 bits."""
    value &= (1 << 64) - 1
    rest, last = value >> 7, value & 127
    return bytes([last | 128]) + packed(rest) if rest else bytes([last])


def _attribute(name: str, value: int) -> bytes:
    name = {"to_type": "to"}.get(name, name)
    return message(1, name.encode()) + number(3, value) + number(20, 2)


def _value(name: str, kind: int, rank: int) -> bytes:
    shape = b"".join(message(1, message(2, f"{name}_{axis}".encode())) for axis in range(rank))
    return message(1, name.encode()) + message(2, message(1, number(1, kind) + message(2, shape)))
