"""Web and e-mail addresses, where they are to be read, are read as one says them."""

import pytest

from briefing.config import Text
from briefing.text.normalisation.lexicon import load_lexicon
from briefing.text.normalisation.paragraph import read_paragraph


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("زوروا https://www.example.com/a?b=1 اليوم", "زوروا example dot com اليوم"),
        ("زوروا news.example.org.", "زوروا news dot example dot org"),
        ("راسلونا على info@example.com", "راسلونا على info at example dot com"),
        ("راسلوا first.last@example.com", "راسلوا first dot last at example dot com"),
    ],
)
def test_an_address_is_said_by_its_names(written: str, spoken: str) -> None:
    sentences = read_paragraph(written, Text(addresses="read"), load_lexicon(None))
    assert " ".join(one.spoken for one in sentences) == spoken
