"""Lines that were once read wrong (tests/gold/found.tsv) are read and heard right."""

import re
from functools import cache

import pytest

from briefing.config import Text
from briefing.sources.garbled import repair_lines
from briefing.text.normalisation.lexicon import load_lexicon
from briefing.text.script_writer import ScriptWriter
from tests.conftest import ROOT
from tests.text.reading.tables import loosely

GOLD = ROOT / "tests" / "gold" / "found.tsv"
VERBS = "V6"
"""The voice and form of verbs have tests of their own: tests/text/pronunciation."""


def rows():
    lines = [line for line in GOLD.read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
    return [line.split("\t") for line in lines[1:]]


ROWS = [row for row in rows() if not row[2].startswith(VERBS)]


@cache
def writer() -> ScriptWriter:
    return ScriptWriter(Text(), load_lexicon(None), None)


def sounds(ipa: str) -> str:
    return re.sub("[ˈˌ.‿|‖\u0361\\s]", "", ipa)


@pytest.mark.parametrize("kind", sorted({row[2] for row in ROWS}))
def test_what_was_read_wrong_once_is_read_right(kind):
    wrong = []
    for number, how, cause, _, written, *_, right in ROWS:
        if cause != kind:
            continue
        said = writer().write(repair_lines(written)).sentences
        if how == "words":
            spoken = " ".join(one.spoken for one in said)
            good = loosely(spoken) in map(loosely, right.split("|"))
        else:
            spoken = sounds("".join(one.ipa for one in said))
            patterns = (
                ".*".join(re.escape(sounds(part)) for part in one.split("&"))
                for one in right.split("|")
            )
            good = any(re.search(pattern, spoken) for pattern in patterns)
        if not good:
            wrong.append(f"{number} {written}: {spoken}, not {right}")
    assert not wrong, "\n".join(wrong)
