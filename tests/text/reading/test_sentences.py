"""Where sentences end."""

from pathlib import Path

import pytest

from briefing.config import Text
from briefing.text.normalisation.lexicon import load_lexicon
from briefing.text.normalisation.paragraph import read_paragraph
from briefing.text.pieces.sentence_ends import sentence_spans

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


LONG = (
    "أعلن المتحدث باسم وزارة الخارجية في مؤتمر صحفي عقد مساء أمس في العاصمة أن المحادثات بين مصر والسودان "
    "حول سد النهضة ستستأنف في الأسبوع المقبل وأن الوفدين سيبحثان آلية ملء الخزان وتشغيله في سنوات الجفاف "
    "الممتد وتبادل البيانات بين الدول الثلاث على ضفاف النهر"
)


def test_a_long_sentence_gets_a_breath_before_a_conjunction_and_stays_one():
    (sentence,) = read_paragraph(LONG + ".", Text(), load_lexicon(None))
    breaths = [at for at, token in enumerate(sentence.tokens) if token.mark == "-"]
    assert breaths
    for at in breaths:
        assert sentence.tokens[at + 1].text.startswith("و")
        assert sentence.tokens[at].text not in ("بين", "في", "على", "من", "حول")
    said = [token.text for token in sentence.tokens]
    assert said.index("والسودان") - 1 not in breaths


def test_a_short_sentence_gets_no_breath():
    (sentence,) = read_paragraph(" ".join(LONG.split()[:30]), Text(), load_lexicon(None))
    assert not [token for token in sentence.tokens if token.mark]


def test_a_comma_is_breath_enough():
    text = "قال الوزير في مؤتمر صحفي عقد أمس في القاهرة، " * 6 + "وغادر."
    (sentence,) = read_paragraph(text, Text(), load_lexicon(None))
    assert {token.mark for token in sentence.tokens} == {"", "،", "."}


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


ASIDES = [
    "اقرأ أيضا: خبر آخر",
    "إقرأ أيضاً - خبر آخر",
    "(اقرأ أيضا: خبر آخر)",
    "شاهد أيضا: مقطع آخر",
    "مواضيع ذات صلة",
    "صورة: رويترز",
    "تصوير: أحمد علي",
    "التعليق على الصورة، مظاهرة في بغداد",
    "صدر الصورة، Getty Images",
    "(رويترز)",
    "© AFP 2024",
    "المصدر: الجزيرة + وكالات",
    "// انتهى //",
    "- انتهت -",
    "(النهاية)",
    "13:52 ت م",
    "لش/م ن/ر ه",
    "#تعليم #مكتبات_الحي",
    "@hayy_news",
]
TEXT = [
    "شاهد أيضا الرئيس العرض العسكري",
    "تابع الوزير قائلا إن الأمر انتهى",
    "صورة قاتمة للاقتصاد",
    "المصدر: مسؤول في الوزارة",
    "رويترز تعلن فصل موظفين",
    "اقرأ كتابا كل شهر",
    "(وكالات)",
    "انتهى.",
    "- انتهى العام الدراسي -",
    "#تعليم في كل حي",
    "وصل القطار 13:52",
    "نعم / لا",
    "و / أو",
]


@pytest.mark.parametrize("text", ASIDES)
def test_asides_are_in_tokens_and_not_read(text):
    said = read_paragraph(text, Text(), load_lexicon(None))
    assert said[0].tokens
    assert not "".join(one.spoken for one in said)


@pytest.mark.parametrize("text", TEXT)
def test_what_only_begins_like_an_aside_is_read(text):
    assert "".join(one.spoken for one in read_paragraph(text, Text(), load_lexicon(None)))


def test_an_aside_at_the_end_of_a_paragraph_is_not_read():
    said = read_paragraph("انتهى اللقاء. اقرأ أيضا: خبر آخر", Text(), load_lexicon(None))
    assert [one.spoken for one in said] == ["انتهى اللقاء", ""]


def test_asides_are_not_read_unless_asked_for():
    text = "اقرأ أيضا: خبر آخر"
    assert [one.spoken for one in read_paragraph(text, Text(), load_lexicon(None))] == [""]
    asked = read_paragraph(text, Text(read_asides=True), load_lexicon(None))
    assert asked[0].spoken == "اقرأ أيضا خبر آخر"


def test_the_order_of_dates_is_a_setting():
    american = read_paragraph("3/4/2025", Text(date_order="mdy"), load_lexicon(None))
    assert american[0].spoken.startswith("الرابع من مارس")
