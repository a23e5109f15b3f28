"""Each token says what read it; guesses are unsure; the lexicon takes IPA."""

import unicodedata
from pathlib import Path

import pytest

from briefing.config import Text
from briefing.errors import ConfigError
from briefing.text.cleaning import strip_marks
from briefing.text.normalisation.lexicon import load_lexicon
from briefing.text.normalisation.paragraph import read_paragraph
from briefing.text.pronunciation.phonetisation import phonetise
from briefing.text.script import Sentence, Token
from briefing.text.vowels.diacritiser import Diacritiser


@pytest.fixture(scope="module")
def diacritiser() -> Diacritiser:
    return Diacritiser()


@pytest.fixture
def lexicon_file(tmp_path: Path) -> Path:
    file = tmp_path / "names.toml"
    file.write_text(
        '[words]\n"ويتكوف" = "/witkoːf/"\n"سيسي" = "/siːsiː/"\n"فوغل" = "فُوجِلْ"\n', encoding="utf-8"
    )
    return file


def read(diacritiser: Diacritiser, text: str, lexicon: Path | None = None) -> Sentence:
    sentence = read_paragraph(text, Text(), load_lexicon(lexicon))[0]
    return phonetise(diacritiser.diacritise(sentence), "sure")


def token(sentence: Sentence, text: str) -> Token:
    return next(one for one in sentence.tokens if one.text == text)


@pytest.mark.parametrize(
    ("text", "word", "source"),
    [
        ("وصل فوغل أمس.", "فوغل", "lexicon"),
        ("وصل ترامب أمس.", "ترامب", "built_in"),
        ("طُرِحَ الكتاب أمس.", "طُرِحَ", "author"),
        ("حضر 25 نائبا.", "25", "rule"),
        ("فرضت غرامات على المخالفين.", "فرضت", "rule"),
        ("جلس الرجل قرب النافذة.", "النافذة", "model"),
        ("قال الوزير كرينبول إنه راض.", "كرينبول", "guess"),
    ],
)
def test_a_token_says_what_read_it(
    diacritiser: Diacritiser, lexicon_file: Path, text: str, word: str, source: str
) -> None:
    assert token(read(diacritiser, text, lexicon_file), word).source == source


@pytest.mark.parametrize("name", ["كرينبول", "غوتفريدسون", "بلومنتريت"])
def test_a_guessed_name_is_unsure(diacritiser: Diacritiser, name: str) -> None:
    guessed = token(read(diacritiser, f"قال الوزير {name} إنه راض."), name)
    assert guessed.source == "guess"
    assert guessed.unsure


def test_other_readings_of_a_guess_sound_differently(diacritiser: Diacritiser) -> None:
    sentence = read(diacritiser, "قال الوزير كرينبول إنه راض.")
    place = next(at for at, one in enumerate(sentence.tokens) if one.text == "كرينبول")
    others = diacritiser.candidates(sentence, place)
    assert others
    assert sentence.tokens[place].diacritised not in others
    assert {strip_marks(reading) for reading in others} == {"كرينبول"}


def test_ipa_between_slashes_is_spoken_as_it_is(
    diacritiser: Diacritiser, lexicon_file: Path
) -> None:
    sentence = read(diacritiser, "قال ويتكوف للسيسي ولويتكوف إن السيسي راض.", lexicon_file)
    assert token(sentence, "ويتكوف").ipa == "witkuːf"
    assert token(sentence, "ولويتكوف").ipa == "waliwitkuːf"
    assert token(sentence, "للسيسي").ipa == "lissiːsiː"
    assert token(sentence, "ويتكوف").spoken == "ويتكوف"


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ('"كيلوج" = "/kilʘg/"', "has 'ʘ', a sound that no voice has"),
        ('"جو بايدن" = "/dʒo/"', "as many words"),
    ],
)
def test_what_no_voice_can_say_is_told_with_its_line(tmp_path: Path, line: str, wrong: str) -> None:
    file = tmp_path / "names.toml"
    file.write_text(f'[words]\n"BBC" = "بِي بِي سِي"\n{line}\n', encoding="utf-8")
    with pytest.raises(ConfigError, match=f"names.toml:3: .*{wrong}"):
        load_lexicon(file)


@pytest.mark.parametrize(
    ("text", "word", "reading"),
    [
        ("قال الأمير بدر بن عبدالعزيز إنه راض.", "عبدالعزيز", "عَبْدِالْعَزِيزِ"),
        ("فاز اللاعب البرازيلي بالجائزة.", "البرازيلي", "الْبَرَازِيلِيُّ"),
    ],
)
def test_names_written_together_and_clusters_after_the_article(
    diacritiser: Diacritiser, text: str, word: str, reading: str
) -> None:
    read_as = token(read(diacritiser, text), word).diacritised
    assert unicodedata.normalize("NFC", read_as) == unicodedata.normalize("NFC", reading)


def test_a_reading_of_the_tables_that_the_model_disputes_is_unsure(
    diacritiser: Diacritiser,
) -> None:
    disputed = token(read(diacritiser, "زار الوفد مدينة شنغهاي أمس."), "شنغهاي")
    agreed = token(read(diacritiser, "زار الوفد مدينة القاهرة أمس."), "القاهرة")
    assert disputed.source == "built_in"
    assert disputed.unsure
    assert not agreed.unsure


@pytest.mark.parametrize("word", ["هواتف", "خصوصا", "وأضافت"])
def test_a_word_that_the_model_knows_is_no_guess(diacritiser: Diacritiser, word: str) -> None:
    text = f"{word} الشركة أن السوق واعدة." if word == "وأضافت" else f"باعت الشركة {word} جديدة."
    assert token(read(diacritiser, text), word).source != "guess"


@pytest.mark.parametrize(
    ("text", "sounds"),
    [
        ("وصل مدير عام المستشفى.", "ʕaːmm"),
        ("خسر الفريق في ثمن النهائي.", "θumn"),
        ("وقع الهجوم في مخيم جنين أمس.", "dʒiniːn"),
        ("وانتشر وسم أنقذوا الأطفال.", "ʔanqiðu"),
        ("هبت عاصفة على الساحل.", "habbat"),
        ("أشرف على المشروع مهندس شاب.", "ʔaʃrafa"),
        ("لا أحد يعرف حتى الآن.", "jaʕrif"),
        ("أظهر استطلاع الصحيفة تقدم الحزب.", "taqadduma"),
        ("طالبوا ببديل عن الخطة.", "badiːl"),
        ("دعت إلى احتجاجات سلمية.", "silmijj"),
        ("عاد الفريق إلى المران.", "miraːn"),
        ("انتقدت غياب الشفافية.", "ʃʃaffaːfijja"),
    ],
)
def test_words_of_the_news_have_their_vowels(
    diacritiser: Diacritiser, text: str, sounds: str
) -> None:
    assert sounds in read(diacritiser, text).ipa
