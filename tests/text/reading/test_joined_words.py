"""Words that many write without a space, and datelines: what is said for them, and where."""

import pytest

from briefing.config import Text
from briefing.text.normalisation.lexicon import load_lexicon
from briefing.text.normalisation.paragraph import read_paragraph, spoken


def marks(text):
    [sentence] = read_paragraph(text, Text(), load_lexicon(None))
    return {token.text: token.mark for token in sentence.tokens}


@pytest.mark.parametrize(
    ("written", "said"),
    [  # denials and pronouns stand alone (Ryding 2005, 12, 37)
        ("لايمكن القبول بذلك", "لا يمكن القبول بذلك"),
        ("لاتزال المفاوضات جارية", "لا تزال المفاوضات جارية"),
        ("ولايزال البحث جاريا", "ولا يزال البحث جاريا"),
        ("لايوجد حل", "لا يوجد حل"),
        ("لابد من التحرك", "لا بد من التحرك"),
        ("ولاشك في ذلك", "ولا شك في ذلك"),
        ("لاسيما في المدن", "لا سيما في المدن"),
        ("مازال الوضع صعبا", "ما زال الوضع صعبا"),
        ("مادام الأمر كذلك", "ما دام الأمر كذلك"),
        ("مالم يحدث ذلك", "ما لم يحدث ذلك"),
        ("ماعدا واحدا", "ما عدا واحدا"),
        ("وماهو الحل", "وما هو الحل"),
        ("ماهي الأسباب", "ما هي الأسباب"),
        ("إنشاءالله غدا", "إن شاء الله غدا"),
        ("ماشاءالله", "ما شاء الله"),
        ("لاعب ماهر", "لاعب ماهر"),
        ("ولاية لازمة", "ولاية لازمة"),
        ("مالية لاتينية", "مالية لاتينية"),
        ("وزير المالية لايبزيغ", "وزير المالية لايبزيغ"),
    ],
)
def test_words_without_their_space_are_read_apart(written, said):
    assert spoken(written) == said


def test_a_joined_word_is_one_token_at_its_place():
    [sentence] = read_paragraph("هذا لايمكن", Text(), load_lexicon(None))
    token = sentence.tokens[1]
    assert (token.text, token.start, token.end, token.spoken) == ("لايمكن", 4, 10, "لا يمكن")


@pytest.mark.parametrize(
    "text",
    [
        "القاهرة (أ ف ب) - عقد الرئيس اجتماعا",
        "القاهرة 15-7 (اف ب)- عقد الرئيس اجتماعا",
        "دمشق (سانا) – عقد الرئيس اجتماعا",
        "لندن (رويترز) — عقد الرئيس اجتماعا",
    ],
)
def test_a_dateline_ends_before_the_news(text):
    agency = list(marks(text).items())
    before = next(i for i, (word, _) in enumerate(agency) if word == "عقد") - 1
    assert agency[before][1] == ":"


def test_an_aside_between_dashes_is_no_dateline():
    assert ":" not in marks("قال الوزير (سعيد) - وهو طبيب - إنه مستعد").values()


def test_the_agency_without_its_points_is_spelled():
    assert spoken("باريس (اف ب)") == "باريس ألف فاء باء"
