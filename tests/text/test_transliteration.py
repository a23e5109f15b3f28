"""Latin names in Arabic letters, for voices that have no Latin."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.config import Text
from briefing.text.normalisation.lexicon import load_lexicon
from briefing.text.normalisation.paragraph import read_paragraph
from briefing.text.normalisation.transliteration import arabic_letters, in_arabic_letters


@pytest.mark.parametrize(
    ("latin", "arabic"),
    [
        ("Farnaz", "فارناز"), ("Fassihi", "فاسيهي"), ("Washington", "واشينغتون"),
        ("Charles", "تشارليس"), ("Smith", "سميث"), ("Philip", "فيليب"), ("Cecil", "سيسيل"),
        ("Oslo", "أوسلو"), ("Emma", "إما"), ("Müller", "مولير"),
        ("Khan", "خان"), ("Xavi", "إكسافي"), ("Rooney", "روني"), ("Stone", "ستون"),
    ],
)  # fmt: skip
def test_a_name_is_written_by_its_sound(latin: str, arabic: str) -> None:
    assert arabic_letters(latin) == arabic


@given(st.text(max_size=40))
def test_any_word_gives_arabic_letters_alone(word: str) -> None:
    assert re.fullmatch("[\u0621-\u064a]*", arabic_letters(word))


def test_the_byline_of_the_sample_can_be_said_by_a_voice_without_latin() -> None:
    (sentence,) = read_paragraph(
        "Farnaz Fassihi و جوليان بارنز ساهم التقارير.", Text(), load_lexicon(None)
    )
    assert in_arabic_letters(sentence) == "فارناز فاسيهي و جوليان بارنز ساهم التقارير"
