import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.speech.online.pieces import Cut, cut, has_sound

NEWS = (
    "كانت هذه أول محادثة مؤكدة بين الرجلين خلال فترة ولاية السيد ترامب الثانية، حيث أوضح السيد"
    " ترامب للمستشارين أن إيجاد نهاية مدعومة من الولايات المتحدة بدأت روسيا هي أولوية لإدارته."
)


def texts(sentence, longest=100):
    return [piece.text for piece in cut(sentence, longest)]


def test_a_short_sentence_is_one_piece():
    assert texts("قال الوزير، أمس، إنه سيسافر.") == ["قال الوزير، أمس، إنه سيسافر."]


def test_a_long_sentence_is_cut_at_its_comma_before_anywhere_else():
    assert texts(NEWS)[0].endswith("الثانية،")


@pytest.mark.parametrize("mark", ["،", "؛", ":"])
def test_each_mark_of_a_clause_is_a_place_to_cut(mark):
    sentence = " ".join(["كلمة"] * 9) + f"{mark} " + " ".join(["كلمة"] * 14)
    assert texts(sentence)[0].endswith(mark)


def test_without_a_mark_the_cut_falls_before_a_conjunction():
    sentence = " ".join(["كلمة"] * 12) + " وأضاف " + " ".join(["كلمة"] * 12)
    first, second = cut(sentence, 100)
    assert second.text.startswith("وأضاف")
    assert first.ends_at is Cut.CONJUNCTION


def test_without_mark_or_conjunction_the_cut_falls_between_words():
    first, second = cut(" ".join(["كلمة"] * 25), 100)
    assert first.ends_at is Cut.WORD
    assert {*first.text.split(), *second.text.split()} == {"كلمة"}


def test_a_word_that_is_too_long_is_cut_last_and_keeps_its_vowels_with_its_letters():
    pieces = cut("نعم " + "بَ" * 120 + " لا", 101)
    assert [piece.ends_at for piece in pieces].count(Cut.INSIDE) == 2
    assert not any(re.match("\u064e", piece.text) for piece in pieces)


@pytest.mark.parametrize("text", ["", " ", "…", "؟ ! .", "— ، —"])
def test_what_has_no_letter_is_no_piece(text):
    assert cut(text, 100) == []


def test_a_mark_set_apart_by_a_space_stays_with_the_word_before_it():
    assert texts("روسيا ، حيث") == ["روسيا، حيث"]


def test_a_sentence_of_a_million_letters_is_cut_in_bounded_time():
    assert len(cut("ب" * 1_000_000, 100)) == 10_000


@given(st.text(st.sampled_from("ابتثوهنيلمَّ، ؛:.؟a1 "), max_size=600), st.integers(8, 120))
def test_nothing_is_lost_or_doubled_and_no_piece_is_too_long(sentence, longest):
    pieces = cut(sentence, longest)
    assert all(len(piece.text) <= longest for piece in pieces)
    assert all(has_sound(piece.text) for piece in pieces)
    said = "".join(piece.text for piece in pieces)
    assert re.sub(r"\W", "", said) == re.sub(r"\W", "", sentence)
