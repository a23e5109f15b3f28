"""Every table beside this file, and the sample of tests/gold, is read as it says."""

import re
from pathlib import Path

import pytest

from briefing.config import Text
from briefing.text.lexicon import load_lexicon
from briefing.text.reading import read_paragraph

HERE = Path(__file__).parent
GOLD = HERE.parents[1] / "gold" / "spoken.tsv"


def cases():
    for path in [GOLD, *sorted(HERE.glob("*.tsv"))]:
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip() and not line.startswith("#"):
                written, spoken = line.split("\t")
                yield pytest.param(written, spoken.split("|"), id=f"{path.stem}: {written}")


def loosely(words: str) -> str:
    words = re.sub("[\u064b-\u0652\u0670]", "", words)
    words = re.sub("[أإآ]", "ا", words).replace("مائة", "مئة")
    return re.sub(r"(ثلاث|اربع|خمس|ست|سبع|ثمان|تسع) مئة", r"\1مئة", words)


@pytest.mark.parametrize(("written", "spoken"), list(cases()))
def test_written_forms_are_said_as_the_tables_say(written, spoken):
    said = " ".join(one.spoken for one in read_paragraph(written, Text(), load_lexicon(None)))
    assert loosely(said) in [loosely(one) for one in spoken]
