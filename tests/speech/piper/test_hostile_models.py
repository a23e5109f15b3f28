"""A model's file is another's: it is read within its bounds and refused for what it has no need of."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from briefing.speech.piper.graph import UnsuitableModel, rewrite
from briefing.speech.piper.protobuf import Malformed, fields
from tests.speech.piper.made_model import Fault, message, number, write_model


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Fault.OUTSIDE_DATA, "its numbers are in another file"),
        (Fault.FOREIGN_NODE, r"a node of another maker, com\.example\.Gelu"),
        (Fault.OTHER_RANDOM, "RandomUniformLike, which is not repeatable"),
        (Fault.INPUTS, "its inputs are .*spectrogram"),
    ],
)
def test_a_model_with_other_parts_is_refused(tmp_path: Path, fault: Fault, reason: str) -> None:
    model = write_model(tmp_path / "made.onnx", fault)
    with pytest.raises(UnsuitableModel, match=reason):
        rewrite(model, tmp_path / "rewritten.onnx")


def test_a_model_is_not_rewritten_twice(tmp_path: Path) -> None:
    model = write_model(tmp_path / "made.onnx")
    rewrite(model, tmp_path / "once.onnx")
    with pytest.raises(UnsuitableModel, match="briefing_noise_0"):
        rewrite(tmp_path / "once.onnx", tmp_path / "twice.onnx")


def test_random_damage_is_refused_or_harmless(tmp_path: Path) -> None:
    whole = write_model(tmp_path / "made.onnx").read_bytes()
    damaged = tmp_path / "damaged.onnx"
    dice = random.Random(1)
    for _ in range(200):
        content = bytearray(whole)
        for _ in range(dice.randrange(1, 8)):
            content[dice.randrange(len(content))] = dice.randrange(256)
        damaged.write_bytes(content[: dice.randrange(1, len(content) + 1)])
        try:
            rewrite(damaged, tmp_path / "rewritten.onnx")
        except UnsuitableModel as error:
            assert str(error)


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        (message(1, message(4, b"RandomNormalLike")), "RandomNormalLike without an input"),
        (message(11, b""), "its inputs are "),
    ],
    ids=["a node without an input", "an input without a name"],
)
def test_a_part_without_its_fields_is_refused(tmp_path: Path, part: bytes, reason: str) -> None:
    model = tmp_path / "made.onnx"
    model.write_bytes(number(1, 8) + message(8, number(2, 15)) + message(7, part))
    with pytest.raises(UnsuitableModel, match=reason):
        rewrite(model, tmp_path / "rewritten.onnx")


@pytest.mark.parametrize(
    "content", [b"\x0a\xff\xff\xff\xff\x0f", b"\x08" + b"\xff" * 20, b"\x0b\x01", b"\x0a"]
)
def test_a_field_that_leads_out_of_its_message_is_malformed(content: bytes) -> None:
    with pytest.raises(Malformed):
        list(fields(memoryview(content)))
