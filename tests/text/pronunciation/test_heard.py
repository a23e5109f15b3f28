"""What is heard of written lines: numbers in their case, dates, duals, an author's passive."""

import re
from pathlib import Path

import pytest

from briefing.config import Text
from briefing.text.normalisation.lexicon import load_lexicon
from briefing.text.script_writer import ScriptWriter

TABLE = Path(__file__).with_name("written_and_heard.tsv")


def rows():
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def sounds(ipa: str) -> str:
    return re.sub("[ˈˌ.‿|‖\u0361\\s]", "", ipa)


@pytest.fixture(scope="module")
def writer():
    return ScriptWriter(Text(), load_lexicon(None), None)


def test_written_lines_are_heard_as_the_table_says(writer):
    wrong = []
    for written, right in rows():
        heard = sounds("".join(one.ipa for one in writer.write(written).sentences))
        patterns = (
            ".*".join(re.escape(sounds(part)) for part in one.split("&"))
            for one in right.split("|")
        )
        if not any(re.search(pattern, heard) for pattern in patterns):
            wrong.append(f"\n  {written}\n    heard {heard}\n    want  {right}")
    assert not wrong, "".join(wrong)
