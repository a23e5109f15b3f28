"""The sidecar's types and its schema name the same keys, and require the same ones."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from briefing.shelf import sidecar
from tests.conftest import ROOT

SCHEMA = json.loads((ROOT / "briefing" / "publish" / "sidecar.schema.json").read_text("utf-8"))
PROPERTIES = SCHEMA["properties"]
SENTENCE = SCHEMA["$defs"]["sentence"]


def objects() -> Iterator[tuple[type, dict[str, Any]]]:
    """Yield each type with the object of the schema that it stands for."""
    head = {name: rule for name, rule in PROPERTIES.items() if name != "paragraphs"}
    yield (
        sidecar.Head,
        {"properties": head, "required": SCHEMA["required"]},
    )
    yield sidecar.Output, PROPERTIES["outputs"]["items"]
    yield sidecar.AudioFacts, PROPERTIES["audio"]
    yield sidecar.VoiceFacts, PROPERTIES["voice"]
    yield sidecar.Source, PROPERTIES["sources"]["items"]
    yield sidecar.Chapter, PROPERTIES["chapters"]["items"]
    yield sidecar.Section, PROPERTIES["sections"]["items"]
    yield sidecar.LeftOut, PROPERTIES["left_out"]["items"]
    yield sidecar.SoundMark, PROPERTIES["sounds"]["items"]
    yield sidecar.Paragraph, PROPERTIES["paragraphs"]["items"]
    yield sidecar.Sentence, SENTENCE
    yield sidecar.Word, SENTENCE["properties"]["words"]["items"]
    yield sidecar.Generator, PROPERTIES["generator"]
    yield sidecar.BuildFacts, PROPERTIES["build"]
    yield sidecar.SkippedSource, PROPERTIES["build"]["properties"]["skipped"]["items"]


@pytest.mark.parametrize(
    ("kind", "rule"), [*objects()], ids=lambda value: getattr(value, "__name__", "")
)
def test_a_type_has_the_keys_of_its_object_in_the_schema(kind: Any, rule: dict[str, Any]) -> None:
    optional = {name for name, hint in kind.__annotations__.items() if "NotRequired" in str(hint)}
    assert set(kind.__annotations__) == set(rule["properties"])
    assert set(kind.__annotations__) - optional == set(rule["required"]) - {"paragraphs"}


def test_every_object_of_the_schema_has_its_type() -> None:
    found = json.dumps(SCHEMA).count('"type": "object"')
    assert found == len(list(objects()))
