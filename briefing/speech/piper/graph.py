"""A published Piper model -> the same network with its noise as input, its durations as output.

As published, the network draws random numbers by itself, and no seed makes ONNX Runtime draw the
same ones twice in a process. Each node that draws is replaced by nodes that take as many numbers
as it needs from an input. The one node that rounds the phonemes' durations up becomes an output.
Field numbers are those of onnx.proto3 (ONNX 1.16).
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from briefing.speech.piper.protobuf import (
    Malformed,
    field,
    field_head,
    fields,
    number_field,
)

__all__ = ["NOISE", "TOO_SHORT", "GraphFacts", "UnsuitableModel", "rewrite"]

NOISE = "briefing_noise"
"""What the names of the inputs for random numbers begin with."""
TOO_SHORT = "too_short"
"""Ends the name of the node that fails where an input has fewer numbers than the network needs."""

_GRAPH, _OPSETS, _FUNCTIONS = 7, 8, 25  # ModelProto
_NODE, _INITIALIZER, _INPUT, _OUTPUT = 1, 5, 11, 12  # GraphProto
_NODE_INPUT, _NODE_OUTPUT, _NODE_NAME = 1, 2, 3  # NodeProto
_OP_TYPE, _ATTRIBUTE, _DOMAIN = 4, 5, 7  # NodeProto
_INNER_GRAPH, _INNER_GRAPHS = 6, 11  # AttributeProto
_NAME, _TYPE = 1, 2  # ValueInfoProto
_DIMENSION, _DATA_TYPE, _TENSOR_NAME, _RAW_DATA, _DATA_LOCATION = 1, 2, 8, 9, 14  # TensorProto
_OPSET_VERSION = 2  # OperatorSetIdProto
_FLOAT, _INT64 = 1, 7  # TensorProto.DataType
_EXTERNAL = 1  # TensorProto.DataLocation

_DRAWS = "RandomNormalLike"
_OTHER_DRAWS = frozenset({"RandomNormal", "RandomUniform", "RandomUniformLike", "Multinomial"})
_ROUNDS_UP = "Ceil"
_STANDARD_DOMAINS = frozenset({"", "ai.onnx"})
_INPUTS = frozenset({"input", "input_lengths", "scales"})
_SPEAKER_INPUT = "sid"
_ZERO = f"{NOISE}_first"
_LEAST_OPSET = 13
"""From it on Slice and ReduceProd are written as they are here."""


class UnsuitableModel(ValueError):
    """The file is no model of the kind that Piper's voices are; str() says why."""


@dataclass(frozen=True, slots=True)
class GraphFacts:
    """What a rewritten network takes and returns beside Piper's own inputs and output."""

    noises: tuple[str, ...]
    """The inputs that take standard normal numbers, each a row of any length that is enough."""
    durations: str | None
    """The output with the frames of each phoneme, None if the network does not have it."""
    takes_speaker: bool


def rewrite(model: Path, rewritten: Path) -> GraphFacts:
    """Write the network of a published model so that it depends on its inputs alone.

    Raise UnsuitableModel if the file is no ONNX model of this kind, OSError if it cannot be read.
    """
    with model.open("rb") as file:
        try:
            view = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        except ValueError:
            raise UnsuitableModel("the file is empty") from None
        try:
            return _rewrite(view, rewritten)
        except Malformed as error:
            raise UnsuitableModel(f"it is no ONNX model, or only a part of one ({error})") from None


def _rewrite(model: memoryview, rewritten: Path) -> GraphFacts:
    head: list[bytes | memoryview] = []
    graphs: list[memoryview] = []
    opset = 0
    for item in fields(model):
        if item.number == _GRAPH:
            graphs.append(item.content)
            continue
        if item.number == _FUNCTIONS:
            raise UnsuitableModel("it has functions of its own")
        if item.number == _OPSETS:
            versions = [
                entry.value for entry in fields(item.content) if entry.number == _OPSET_VERSION
            ]
            opset = max([opset, *(number for number in versions if isinstance(number, int))])
        head.append(item.raw)
    if len(graphs) != 1:
        raise UnsuitableModel("it is no ONNX model")
    if opset < _LEAST_OPSET:
        raise UnsuitableModel(f"its operators are of version {opset}; it must be {_LEAST_OPSET}")
    parts, facts = _rewrite_graph(graphs[0])
    with rewritten.open("wb") as file:
        for part in (*head, field_head(_GRAPH, sum(map(len, parts))), *parts):
            file.write(part)
    return facts


def _rewrite_graph(graph: memoryview) -> tuple[list[bytes | memoryview], GraphFacts]:
    """Return the parts of the graph as it is to be, and what it takes and returns then."""
    parts: list[bytes | memoryview] = []
    noises: list[str] = []
    rounded: list[str] = []
    inputs: list[str] = []
    outputs: list[str] = []
    for item in fields(graph):
        if item.number == _NODE:
            node = _Node.read(item.content)
            _refuse_what_is_not_repeatable(node, item.content)
            if node.kind == _DRAWS:
                if not node.inputs:
                    raise UnsuitableModel(f"it has a node {_DRAWS} without an input")
                noises.append(f"{NOISE}_{len(noises)}")
                parts += _take_from_input(noises[-1], node)
                continue
            if node.kind == _ROUNDS_UP:
                rounded += node.outputs
        elif item.number == _INITIALIZER:
            _refuse_data_elsewhere(item.content)
        elif item.number in (_INPUT, _OUTPUT):
            name = "".join(entry.text for entry in fields(item.content) if entry.number == _NAME)
            (inputs if item.number == _INPUT else outputs).append(name)
        parts.append(item.raw)
    _refuse_other_inputs(inputs, outputs)
    if any(name.startswith(NOISE) for name in inputs):
        raise UnsuitableModel("it was rewritten already; install the file as it was published")
    parts += [field(_INPUT, _value(name, _FLOAT, rank=1)) for name in noises]
    parts.append(field(_INITIALIZER, _row_of_one_zero()))
    durations = rounded[0] if len(rounded) == 1 else None
    if durations is not None and durations not in outputs:
        parts.append(field(_OUTPUT, _value(durations, _FLOAT)))
    return parts, GraphFacts(tuple(noises), durations, _SPEAKER_INPUT in inputs)


@dataclass(frozen=True, slots=True)
class _Node:
    kind: str
    domain: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]

    @classmethod
    def read(cls, node: memoryview) -> _Node:
        texts: dict[int, list[str]] = {}
        for item in fields(node):
            if item.number in (_NODE_INPUT, _NODE_OUTPUT, _OP_TYPE, _DOMAIN):
                texts.setdefault(item.number, []).append(item.text)
        return cls(
            kind="".join(texts.get(_OP_TYPE, [])),
            domain="".join(texts.get(_DOMAIN, [])),
            inputs=tuple(texts.get(_NODE_INPUT, [])),
            outputs=tuple(texts.get(_NODE_OUTPUT, [])),
        )


def _refuse_what_is_not_repeatable(node: _Node, content: memoryview) -> None:
    """Raise UnsuitableModel for a node that is not ONNX's own, or that draws in another way."""
    if node.domain not in _STANDARD_DOMAINS:
        raise UnsuitableModel(f"it has a node of another maker, {node.domain}.{node.kind}")
    if node.kind in _OTHER_DRAWS:
        raise UnsuitableModel(f"it has a node {node.kind}, which is not repeatable")
    for inner in _inner_nodes(content):
        if inner.kind in {*_OTHER_DRAWS, _DRAWS} or inner.domain not in _STANDARD_DOMAINS:
            raise UnsuitableModel(f"it has a node {inner.kind} inside another")


def _inner_nodes(node: memoryview) -> Iterator[_Node]:
    """Yield the nodes of the graphs in a node's attributes (If, Loop)."""
    for attribute in fields(node):
        if attribute.number != _ATTRIBUTE:
            continue
        for item in fields(attribute.content):
            if item.number not in (_INNER_GRAPH, _INNER_GRAPHS):
                continue
            for inner in fields(item.content):
                if inner.number == _NODE:
                    yield _Node.read(inner.content)
                    yield from _inner_nodes(inner.content)


def _refuse_data_elsewhere(tensor: memoryview) -> None:
    """Raise UnsuitableModel for numbers that are read from another file."""
    for item in fields(tensor):
        if item.number == _DATA_LOCATION and item.value == _EXTERNAL:
            raise UnsuitableModel("its numbers are in another file")


def _refuse_other_inputs(inputs: list[str], outputs: list[str]) -> None:
    unknown = set(inputs) - _INPUTS - {_SPEAKER_INPUT}
    missing = _INPUTS - set(inputs)
    if missing or unknown or not outputs:
        raise UnsuitableModel(
            f"its inputs are {', '.join(inputs) or 'none'}; a Piper voice has"
            f" {', '.join(sorted(_INPUTS))}"
        )


def _take_from_input(noise: str, node: _Node) -> Iterator[bytes]:
    """Yield nodes that give a tensor of the same shape from the first numbers of an input."""
    shape, count, row = (f"{noise}_{name}" for name in ("shape", "count", "row"))
    yield _node("Shape", [node.inputs[0]], [shape])
    yield _node("ReduceProd", [shape], [count])
    yield _node("Slice", [noise, _ZERO, count], [row])
    yield _node("Reshape", [row, shape], list(node.outputs), name=f"{noise}_{TOO_SHORT}")


def _node(kind: str, inputs: list[str], outputs: list[str], name: str = "") -> bytes:
    texts = [(_NODE_INPUT, name) for name in inputs] + [(_NODE_OUTPUT, name) for name in outputs]
    content = b"".join(field(number, text.encode()) for number, text in texts)
    content += field(_NODE_NAME, name.encode()) if name else b""
    return field(_NODE, content + field(_OP_TYPE, kind.encode()))


def _value(name: str, kind: int, rank: int | None = None) -> bytes:
    """Return a ValueInfoProto of a tensor; rank: the number of its dimensions, None for any."""
    tensor = number_field(1, kind)
    if rank is not None:
        tensor += field(2, field(1, b"") * rank)
    return field(_NAME, name.encode()) + field(_TYPE, field(1, tensor))


def _row_of_one_zero() -> bytes:
    """Return a TensorProto: the place of the first number."""
    head = number_field(_DIMENSION, 1) + number_field(_DATA_TYPE, _INT64)
    return head + field(_TENSOR_NAME, _ZERO.encode()) + field(_RAW_DATA, bytes(8))
