"""Cases that grammar decides: case_endings.txt, written from it before the program was tried."""

import re
from collections import Counter
from pathlib import Path

import pytest

from briefing.text.cleaning import strip_marks
from briefing.text.vowels.diacritiser import Diacritiser
from tests.text.pronunciation.spoken_words import sentence_of

ROWS = [
    tuple(line.split("\t"))
    for line in Path(__file__).with_name("case_endings.txt").read_text("utf-8").splitlines()
    if line and line[0] != "#"
]
VOWELS = "\u064b\u064c\u064d\u064e\u064f\u0650"
MARK = re.compile("[\u064b-\u0652]")
ALL_RIGHT = (
    "adverb",
    "predicate",
    "predicate_of_that",
    "servant",
    "topic",
    "late",
    "had",
    "governed",
    "state",
    "joined",
    "there",
    "title_predicate",
    "relative_object",
    "intransitive",
    "people",
    "annexed",
    "no_alif",
    "his_own",
    "relative",
    "how_often",
    "dual",
    "own_subject",
    "passive",
    "degree",
    "how_many",
    "named",
    "feminine_head",
    "two_of",
    "owned",
    "named_subject",
    "decided",
    "plural_t",
    "chain",
    "asked",
    "newest",
    "place",
    "like_elative",
    "object_of_agent",
    "sources",
    "done_then",
    "goes_on",
    "intends",
    "two_construct",
    "manner",
    "this_object",
    "material",
    "other_than",
    "two_things",
    "second_object",
    "pair",
    "between",
    "second_verb",
    "purpose_object",
    "plural_subject",
    "every_month",
    "headline_object",
    "time_since",
    "into_force",
    "houses",
    "participle_object",
    "object_of_two",
    "large_amounts",
    "any",
    "own_of_state",
    "spreads",
    "plural_of_place",
    "number_of_objects",
    "number_behind",
    "defective_head",
    "office_of_polite",
    "term_ends",
    "draft",
    "before_verb",
    "and_she",
    "man_in_ta",
    "joined_behind",
    "plural_in_ya",
    "own_behind_adjective",
    "and_his",
    "sisters_of_that",
    "if_not",
    "country_object",
    "joined_masdar",
    "yours",
    "adjective_of_owned_limb",
    "took_over",
    "form_vi_subject",
    "adjective_of_counted",
    "object_of_imperative",
    "counted_death",
    "clause_object",
    "object_behind_by",
    "begins_itself",
    "foundation",
    "most_famous",
    "subject_with_his",
    "agent_of_perfect",
    "object_behind_in",
    "his_act",
    "evening",
    "construct_of_person",
    "alif",
    "nisba",
    "century",
    "joined_object",
    "owned_verb",
    "is_done",
    "witness",
    "imperfect_or_noun",
    "this_behind_adverb",
    "their_own",
    "has_begun",
    "practical",
    "party_of_god",
    "deemed",
    "headline_imperfect",
    "ordinal_of_two_parts",
    "stop_of",
)
MOST_WRONG = {"object": 4, "title_and_name": 4, "apposition": 2, "clause": 2}
"""Endings of a kind that are spoken wrong; 1 for others. Lower them when a rule mends some."""


WRITTEN_OTHERWISE = {
    "degree": 1,
    "goes_on": 1,
    "joined": 2,
    "late": 1,
    "like_elative": 2,
    "object_behind_in": 1,
    "participle_object": 1,
    "plural_subject": 1,
    "predicate_of_that": 1,
    "sisters_of_that": 1,
}
"""Sentences of a kind with an ending that is written wrong, though left out when it is spoken."""


@pytest.fixture(scope="module")
def diacritiser() -> Diacritiser:
    return Diacritiser()


def spoken_wrong(diacritiser: Diacritiser, text: str) -> list[str]:
    """Return the words whose ending is spoken, and not as the text has it."""
    done = diacritiser.diacritise(sentence_of(strip_marks(text), vowelled=False))
    wrong = []
    words = text.split()
    at = 0
    for token in done.tokens:
        for number, word in enumerate(token.diacritised.split()):
            due = words[at]
            unsure = token.unsure_endings[number : number + 1] == "?"
            if due[-1] in VOWELS and word[-1] != due[-1] and not unsure:
                wrong.append(f"{word} for {due}")
            at += 1
    assert at == len(words)
    return wrong


def test_few_endings_of_each_kind_are_spoken_wrong(diacritiser: Diacritiser) -> None:
    wrong: dict[str, list[str]] = {kind: [] for kind, _ in ROWS}
    for kind, text in ROWS:
        wrong[kind] += spoken_wrong(diacritiser, text)
    counts = Counter({kind: len(words) for kind, words in wrong.items()})
    too_many = {
        kind: wrong[kind]
        for kind in counts
        if counts[kind] > MOST_WRONG.get(kind, 0 if kind in ALL_RIGHT else 1)
    }
    assert not too_many


def marks_of(word: str) -> dict[int, str]:
    """Return the vowels of a word by the number of their letter: طَلَبُهُ has a, a, u and u at 0 to 3."""
    marks = {}
    letter = -1
    for character in word:
        if character in VOWELS:
            marks[letter] = character
        elif not MARK.fullmatch(character):
            letter += 1
    return marks


def test_what_the_rules_settle_is_written_right(diacritiser: Diacritiser) -> None:
    """Also an ending that is left out when it is spoken, and one before a pronoun."""
    wrong: dict[str, list[str]] = {kind: [] for kind, _ in ROWS}
    for kind, text in ROWS:
        done = diacritiser.diacritise(sentence_of(strip_marks(text), vowelled=False))
        words = [word for token in done.tokens for word in token.diacritised.split()]
        pairs = zip(words, text.split(), strict=True)
        if any(not marks_of(due).items() <= marks_of(word).items() for word, due in pairs):
            wrong[kind].append(done.diacritised)
    too_many = {
        kind: wrong[kind] for kind in ALL_RIGHT if len(wrong[kind]) > WRITTEN_OTHERWISE.get(kind, 0)
    }
    assert not too_many


@pytest.mark.parametrize(
    "text",
    [
        "أظهرت وزيرةُ العدلِ السابقةُ تضامنَها",
        "رحبت دولُ الخليجِ العربيةُ بالاتفاقِ",
        "تنطلق مبادرةُ إطعام اليومَ السبتَ في جدة",
        "أطلقت إدارةُ تعليمِ نجران عصرَ اليومِ مسيرةً",
        "انهار السقف فجأة الأمرُ الذي أدى إلى إصابةِ عاملين",
        "قدم الدورةَ المهندسُ سعيد الغامدي",
        "افتتح الندوةَ عميد الكلية",
        "هنأ الملكُ سلمان الرئيسَ الصينيَّ شي جين بينغ باليوم الوطني",
        "أخبر السيد بوتين السيدَ ترامب بموقف بلاده",
        "تحدث رئيسُ بلديةِ نجران المهندسُ سالم عن المشروعِ",
        "أوضحت الدكتورةُ نجلاءُ سعد أن النتائج أولية",
        "كرم المحافظُ عبداللهِ الزهراني",
        "ثمة نظرياتٌ مختلفةٌ حول الأمر",
        "قدم المدعي العام أدلة جديدة تثبت تورطَ المتهمين",
        "تسلم الرئيس أوراق اعتماد خمسة سفراء جددٍ",
        "لقي عشرة عمالٍ مصرعهم جراء انهيار منجم للفحم",
        "حل الوفد البرلماني بنواكشوط في زيارة عملٍ تدوم ثلاثة أيام",
        "أوقفت عناصر الأمن في ضواحي مراكش ثلاثةَ أشخاص",
        "شارك في الندوة ثلاثةُ خبراء",
        "دان مجلس الأمن بأشد العبارات الهجومَ الإرهابي",
        "ليت الأمرَ كان بهذه السهولة",
        "لولا تدخلُ رجالِ الإطفاء لالتهمت النيران الحي بأكمله",
        "أشرف والي الولايةِ على تدشين محطة لتحلية مياه البحر",
        "أغلقت صناديق الاقتراع وبدأ فرزُ الأصوات",
    ],
)
def test_what_a_rule_of_case_asks_for_is_written(diacritiser: Diacritiser, text: str) -> None:
    done = diacritiser.diacritise(
        sentence_of(strip_marks(text), vowelled=False)
    ).diacritised.split()
    assert [
        (word, due)
        for word, due in zip(done, text.split(), strict=True)
        if due[-1] in VOWELS and word[-1] != due[-1]
    ] == []


@pytest.mark.parametrize(
    ("text", "owned"),
    [  # Ryding 2005, 7.5.1, 8.1.7, 10.4
        ("قاد النجم المصري فريقه إلى فوز عريض خارج الديار", "فَرِيقَهُ"),
        ("عاقبت لجنة الانضباط المدافع بالإيقاف ثلاث مباريات وتغريمه ألف دولار", "وَتَغْرِيمِهِ"),
        (
            "انتخب المؤتمرون أمينا عاما جديدا للحزب خلفا للأمين العام المنتهية ولايته",
            "وِلَايَتُهُ",
        ),
    ],
)
def test_a_noun_with_a_pronoun_has_its_case_before_that(
    diacritiser: Diacritiser, text: str, owned: str
) -> None:
    done = diacritiser.diacritise(sentence_of(text, vowelled=False)).diacritised
    assert owned in done.split()


@pytest.mark.parametrize(
    ("text", "first_part"),
    [
        ("زار الأمير فهد بن عبدالعزيز المدينة", "عَبْدِ"),
        ("قال عبدالله إن الفريق جاهز", "عَبْدُ"),
        ("بحث الوفد مع عبدالرحمن السديري المشروع", "عَبْدِ"),
    ],
)
def test_the_first_part_of_abd_with_an_article_has_its_case(
    diacritiser: Diacritiser, text: str, first_part: str
) -> None:
    done = diacritiser.diacritise(sentence_of(strip_marks(text), vowelled=False)).diacritised
    assert first_part in done
