"""Where sentences end."""

from pathlib import Path

import pytest

from briefing.config import Text
from briefing.text.lexicon import load_lexicon
from briefing.text.reading import read_paragraph
from briefing.text.sentences import sentence_spans

TABLE = Path(__file__).parents[1] / "cases" / "sentences.tsv"

CASES = [
    "وقال المتحدث ، ديمتري س. بيسكوف ، للصحفيين إن الدعوة استمرت ساعة.|قال إنه وافق.",
    "“ستعود قوية على الفور”.|قال مكتب الرئيس.",
    "“نريد أن نوقف الحرب.”|(حدث ما يقدر بالآلاف.)",
    "أكد د. علي ذلك.|ثم غادر أ.د. محمد القاعة.",
    "بلغ 3.5 بالمئة.|وكان 2.1 قبل عام.",
    "هل جاء؟!|نعم، جاء.",
    "قال: «لن نعود.»، وخرج.",
    "«هل تعود؟» سأل المذيع.",
    "1. الأول.|2. الثاني.",
    "• الأول|• الثاني",
    "قال إنه... لن يعود.",
    "وقعت عام 490 ق.م. في اليونان.",
    "عنوان بلا نقطة",
    "زار J. Smith القاهرة.|ثم عاد.",
]


def test_sentences_end_where_the_table_says():
    wrong = []
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        written, wanted = line.split("\t")
        found = " ⏎ ".join(written[start:end] for start, end in sentence_spans(written))
        if found != wanted:
            wrong.append(f"\n  found {found}\n  want  {wanted}")
    assert not wrong, "".join(wrong)


@pytest.mark.parametrize("case", CASES)
def test_sentences_end_where_a_reader_stops(case):
    text = case.replace("|", " ")
    said = [one.text for one in read_paragraph(text, Text(), load_lexicon(None))]
    assert said == case.split("|")


def test_a_space_that_was_left_out_does_not_join_sentences():
    said = read_paragraph("انتهى الاجتماع.وغادر الوفد.", Text(), load_lexicon(None))
    assert [one.text for one in said] == ["انتهى الاجتماع.", "وغادر الوفد."]


def test_a_line_break_ends_a_sentence():
    assert [one.text for one in read_paragraph("عنوان\nنص", Text(), load_lexicon(None))] == [
        "عنوان",
        "نص",
    ]


def test_a_long_sentence_gets_a_breath_and_stays_one():
    clause = "وقال المسؤول في المدينة الكبيرة التي زارها الوفد أمس إن العمل في المشروع الجديد"
    (sentence,) = read_paragraph(" ".join([clause] * 4) + ".", Text(), load_lexicon(None))
    assert any(token.mark == "-" for token in sentence.tokens)


def test_marks_that_shape_the_voice_follow_their_word():
    (sentence,) = read_paragraph("هل جاء، أم لا؟", Text(), load_lexicon(None))
    assert [token.mark for token in sentence.tokens] == ["", "،", "", "؟"]


def test_the_vowels_that_the_author_wrote_are_kept():
    (sentence,) = read_paragraph("كَتَبَ الرجلُ", Text(), load_lexicon(None))
    assert [(token.spoken, token.vowelled) for token in sentence.tokens] == [
        ("كتب", "كَتَبَ"),
        ("الرجل", "الرجلُ"),
    ]


def test_numbers_come_with_their_vowels_and_case():
    (sentence,) = read_paragraph("إلى 25 نائبا", Text(), load_lexicon(None))
    assert sentence.tokens[1].vowelled == "خَمْسَةٍ وَعِشْرِينَ"


def test_asides_are_not_read_unless_asked_for():
    text = "اقرأ أيضا: خبر آخر"
    assert [one.spoken for one in read_paragraph(text, Text(), load_lexicon(None))] == [""]
    asked = read_paragraph(text, Text(read_asides=True), load_lexicon(None))
    assert asked[0].spoken == "اقرأ أيضا خبر آخر"


def test_the_order_of_dates_is_a_setting():
    american = read_paragraph("3/4/2025", Text(date_order="mdy"), load_lexicon(None))
    assert american[0].spoken.startswith("الرابع من مارس")
