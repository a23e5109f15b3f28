"""The passive is told from the active by what follows the verb."""

import re
import unicodedata
from pathlib import Path

import pytest

from briefing.config import Text
from briefing.text.cleaning import strip_marks
from briefing.text.normalisation.lexicon import load_lexicon
from briefing.text.normalisation.paragraph import read_paragraph
from briefing.text.vowels.diacritiser import Diacritiser
from briefing.text.vowels.verb_weights import weigh
from briefing.text.words.passives import passive_of
from tests.benchmarks import verb_weights

LINES = Path(__file__).with_name("verb_voices.txt").read_text(encoding="utf-8").splitlines()[1:]
FIRST_WRITTEN = 152
ENCYCLOPEDIC = 26
LETTER = re.compile("([^\u064b-\u0652])([\u064b-\u0652]*)")
MARKS = re.compile("[\u064b-\u0652]")


@pytest.fixture(scope="module")
def diacritiser() -> Diacritiser:
    return Diacritiser()


def read(diacritiser: Diacritiser, text: str) -> str:
    sentences = read_paragraph(text, Text(), load_lexicon(None))
    return " ".join(diacritiser.diacritise(one).diacritised for one in sentences)


def in_one_order(text: str) -> str:
    """Put each letter's marks in Unicode's order."""
    return unicodedata.normalize("NFC", text)


def agrees(wanted: str, read_as: str) -> bool:
    """Tell whether every mark written in `wanted`, but for its ending, is in the reading."""
    pairs = list(zip(LETTER.findall(wanted), LETTER.findall(read_as), strict=True))
    return all(
        not marks or {*marks} - {"\u0652"} == {*found} - {"\u0652"}
        for (_, marks), (_, found) in pairs[:-1]
    )


@pytest.mark.slow
def test_the_table_of_weights_is_what_the_training_makes(diacritiser: Diacritiser) -> None:
    training = {
        name: list(verb_weights.verbs_of(files, diacritiser))
        for name, files in verb_weights.TRAINING.items()
    }
    learned = verb_weights.learn(training)
    rows = verb_weights.TABLE.read_text(encoding="utf-8").splitlines()
    written = dict(row.split("\t") for row in rows if not row.startswith("#"))
    assert written.keys() == learned.keys()
    assert {name: float(weight) for name, weight in written.items()} == pytest.approx(
        learned, abs=0.03
    )


# Half of these verbs are passive, and the model reads four in five of those as active. In news by
# others a fifth is passive: without evidence that no object follows (استهدفت السفينة بصاروخ may go
# on, or leave its subject out) the active is the better reading, so some of these are given up.
@pytest.mark.parametrize(
    ("lines", "fewest_verbs", "most_wrong"),
    [
        pytest.param(LINES[:FIRST_WRITTEN], 150, 14, id="as first written"),
        pytest.param(LINES[-ENCYCLOPEDIC:], 25, 1, id="encyclopedic"),
        pytest.param(LINES, 400, 60, id="all"),
    ],
)
def test_nearly_every_verb_is_read_in_its_voice(
    diacritiser: Diacritiser, lines: list[str], fewest_verbs: int, most_wrong: int
) -> None:
    wrong = []
    verbs = 0
    for line in lines:
        readings = read(diacritiser, strip_marks(line)).split()
        for wanted in filter(MARKS.search, line.split()):
            wanted = wanted.strip(".،؟")
            verbs += 1
            found = [one for one in readings if strip_marks(one) == strip_marks(wanted)]
            if not any(agrees(wanted, one) for one in found):
                wrong.append((wanted, *found))
    assert verbs > fewest_verbs
    assert len(wrong) <= most_wrong, wrong


@pytest.mark.parametrize(
    ("active", "passive"),
    [
        ("قَتَلَ الجيش ثلاثة مسلحين", "قُتِلَ ثلاثة مدنيين في غارة"),
        ("لن تَفْرِضَ الحكومة ضرائب", "لن تُفْرَضَ العقوبات قبل نهاية العام"),
        ("أَفْرَجَتِ السلطات عن السجناء", "وأُفْرِجَ عن السجناء مساء أمس"),
        ("يَنْتَظِرُ السكان وصول المساعدات", "يُنْتَظَرُ أن يصل الوفد غدا"),
        ("عَقَدَ الوزيران اجتماعا", "وعُقِدَ الاجتماع في القاهرة"),
        ("ونَقَلَتِ الوكالة عن مصدر قوله", "ونُقِلَتِ الجثث إلى المستشفى"),
        ("ولم يَكْشِفِ المتحدث عن اسم الضحية", "ولم يُكْشَفْ عن اسم الضحية"),
    ],
)
def test_the_same_letters_are_read_by_what_follows(
    diacritiser: Diacritiser, active: str, passive: str
) -> None:
    for line in (active, passive):
        wanted = next(filter(MARKS.search, line.split()))
        words = read(diacritiser, strip_marks(line) + ".").split()
        assert any(
            strip_marks(one) == strip_marks(wanted) and agrees(wanted, one) for one in words
        ), (wanted, words)


@pytest.mark.parametrize(
    ("text", "active"),
    [
        ("ويمكن الآن حجز التذاكر من المنزل.", "وَيُمْكِنُ"),
        ("وقال إنه يمكن للزائر أن يلمس المعروضات.", "يُمْكِنُ"),
        ("جرت القرعة أمس في قاعة البلدية.", "جَرَتِ"),
        ("كما جرت تدريبات مشتركة في البحر.", "جَرَتْ"),
        ("ولم تعد المدينة كما كانت.", "تَعُدِ"),
        ("وعثروا على عملات قديمة تحت البيت.", "وَعَثَرُوا"),
        ("الذين أدركوا الحافلة قبل رحيلها.", "أَدْرَكُوا"),
        ("يبعد المخيم 40 كلم عن الحدود.", "يَبْعُدُ"),
        ("وأظهر استطلاع أن أكثرهم راضون.", "وَأَظْهَرَ"),
        ("احتفلت قبيلة بني هلال بالعيد.", "بَنِي"),
    ],
)
def test_a_verb_without_evidence_of_the_passive_is_active(
    diacritiser: Diacritiser, text: str, active: str
) -> None:
    assert in_one_order(active) in in_one_order(read(diacritiser, text)).split()


@pytest.mark.parametrize(
    ("text", "passive"),
    [
        ("دمر المعبد من قبل الغزاة.", "دُمِّرَ"),
        ("اكتشفت المقبرة على يد بعثة فرنسية.", "اكْتُشِفَتِ"),
        ("يباع المنتج ويشترى عبر الإنترنت.", "وَيُشْتَرَى"),
        ("ويعد المتحف أحد أكبر متاحف المنطقة.", "وَيُعَدُّ"),
        ("فرضت غرامات على المخالفين.", "فُرِضَتْ"),
    ],
)
def test_a_verb_with_evidence_of_the_passive_is_passive(
    diacritiser: Diacritiser, text: str, passive: str
) -> None:
    assert in_one_order(passive) in in_one_order(read(diacritiser, text)).split()


def test_the_evidence_that_decides_is_named() -> None:
    assert weigh({"always": 1.0, "model": -1.0, "thing_alone": 1.0}).rule == "thing_alone"
    assert weigh({"always": 1.0, "model": -6.0, "object_later": 1.0}).rule == "object_later"


def test_the_noun_behind_a_passive_is_its_subject(diacritiser: Diacritiser) -> None:
    assert "قُطِعَتِ الطُّرُقُ" in read(diacritiser, "حيث قطعت الطرق المؤدية إلى القرية.")
    assert "سُرِّحَ مِئَاتُ الْعُمَّالِ" in read(diacritiser, "سرح مئات العمال من المصنع.")


def test_the_authors_marks_decide_the_voice(diacritiser: Diacritiser) -> None:
    assert "عَقَدَ" in read(diacritiser, "عَقَدَ الاجتماع في القاهرة.")


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("سيُعقد الاجتماع غدا.", "سَيُعْقَدُ"),
        ("اعتُقل الرجل أمس.", "اعْتُقِلَ"),
        ("وُزّعت المساعدات أمس.", "وُزِّعَتِ"),
        ("يُعلن الوزير النتائج غدا.", "يُعْلِنُ"),
        ("طَرَح الوزير الخطة أمس.", "طَرَحَ"),
        ("لم يُكشف عن اسمه.", "يُكْشَفْ"),
        ("أوقِف الرجل أمس.", "أُوقِفَ"),
    ],
)
def test_one_mark_of_the_author_settles_the_voice(
    diacritiser: Diacritiser, text: str, right: str
) -> None:
    assert right in read(diacritiser, text).split()


@pytest.mark.parametrize(
    ("word", "verb"),
    [
        ("وفُرضت", "فرض"),
        ("يُستأنف", "استأنف"),
        ("سيُعقد", "عقد"),
        ("حوصروا", "حاصر"),
        ("أصيبت", "أصاب"),
    ],
)
def test_a_spelling_is_traced_to_its_verb(word: str, verb: str) -> None:
    found = passive_of(strip_marks(word))
    assert found is not None
    assert found.verb == verb


@pytest.mark.parametrize("word", ["كتاب", "وزير", "أمس", "يكون", "يحدث", "الفرض", "غير"])
def test_other_words_are_no_passives(word: str) -> None:
    assert passive_of(word) is None
