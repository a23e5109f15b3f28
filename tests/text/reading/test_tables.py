"""Every table beside this file, and the sample of tests/gold, is read as it says."""

import pytest

from briefing.config import Text
from briefing.text.normalisation.lexicon import load_lexicon
from briefing.text.normalisation.paragraph import read_paragraph
from tests.text.reading.tables import FOLDER, GOLD, cases, loosely

LEXICON = load_lexicon(None)
TABLES = [GOLD, *sorted(FOLDER.glob("*.tsv"))]


def read(written: str) -> str:
    return " ".join(one.spoken for one in read_paragraph(written, Text(), LEXICON))


@pytest.mark.parametrize("table", TABLES, ids=lambda path: path.stem)
def test_written_forms_are_said_as_the_table_says(table):
    wrong = [
        f"{written}\n  said {said}\n  want {' | '.join(right)}"
        for written, right in cases(table)
        if loosely(said := read(written)) not in map(loosely, right)
    ]
    assert not wrong, "\n".join(wrong)


def test_no_written_form_has_two_lines():
    written = [one for table in TABLES for one, _ in cases(table)]
    assert len(written) == len(set(written))
