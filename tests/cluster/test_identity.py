"""What tells two machines apart, and what is printed of a stranger."""

from __future__ import annotations

import json

import pytest

from briefing.cluster.identity import identity_here

OWN = identity_here()


def test_a_machine_matches_itself_through_json() -> None:
    assert OWN.differences(json.loads(json.dumps(OWN.as_row()))) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"libraries": {**OWN.libraries, "lameenc": "1.8.1"}}, "lameenc 1.8.1 instead of"),
        ({"libraries": {}}, "onnxruntime none instead of"),
        ({"program": "0" * 64}, "another state of briefing, 000000000000 instead of"),
        ({"python": "3.99"}, "python 3.99 instead of"),
        ({"system": "Linux glibc 2.99"}, "system Linux glibc 2.99 instead of"),
        ({"processor": OWN.processor + " avx1024"}, "another kind of processor: it has avx1024"),
        ({"processor": "sparc"}, "it lacks "),
    ],
    ids=["encoder", "no libraries", "program", "python", "system", "more", "less"],
)
def test_each_difference_is_told(change: dict[str, object], told: str) -> None:
    assert told in "; ".join(OWN.differences({**OWN.as_row(), **change}))


@pytest.mark.parametrize("row", [None, 7, "x", []], ids=str)
def test_a_worker_without_the_preload_is_told_how_to_start(row: object) -> None:
    assert "--preload briefing.cluster.worker" in OWN.differences(row)[0]


def test_what_a_stranger_sends_is_printed_short_and_steers_no_terminal() -> None:
    row = {**OWN.as_row(), "python": "\x1b[2J" + "x" * 100_000, "libraries": [["lameenc"]]}
    text = "; ".join(OWN.differences(row))
    assert "\x1b" not in text
    assert len(text) < 2_000


def test_two_identities_have_two_digests() -> None:
    import dataclasses

    others = [
        dataclasses.replace(OWN, program="0"),
        dataclasses.replace(OWN, python="0"),
        dataclasses.replace(OWN, libraries={**OWN.libraries, "av": "0"}),
        dataclasses.replace(OWN, processor="0"),
        dataclasses.replace(OWN, system="0"),
    ]
    assert len({OWN.digest, *(other.digest for other in others)}) == 6
