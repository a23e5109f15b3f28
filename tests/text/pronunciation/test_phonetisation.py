"""Vowelled words are read by the rules of Modern Standard Arabic."""

import re
import time
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from briefing.config import load
from briefing.text.pronunciation.phonetisation import phonetise
from briefing.text.pronunciation.syllables import phonemes
from briefing.text.script_writer import script_writer
from tests.conftest import ROOT
from tests.text.pronunciation.spoken_words import cases, sentence_of

HERE = Path(__file__).parent
GOLD = HERE.parents[1] / "gold" / "phonemes.tsv"
VOWEL_FIRST = re.compile("([\u064b-\u0650])\u0651")
CASES = cases(GOLD) + cases(HERE / "phonemes.tsv") + cases(HERE / "phonemes_by_class.tsv")
SHADDA_FIRST = re.compile("\u0651([\u064b-\u0650])")


# A noun for each letter and how it sounds at a pause, without the article
SUN_NOUNS = {
    "تِجَارَةِ": "tidʒaːra",
    "ثَوْرَةِ": "θawra",
    "دُوَلِ": "duwal",
    "ذَهَبِ": "ðahab",
    "رَجُلِ": "radʒul",
    "زَيْتِ": "zajt",
    "سُوقِ": "suːq",
    "شَعْبِ": "ʃaʕb",
    "صَوْتِ": "sˤawt",
    "ضَيْفِ": "dˤajf",
    "طَقْسِ": "tˤaqs",
    "ظُلْمِ": "ðˤulm",
    "لَوْنِ": "lawn",
    "نُورِ": "nuːr",
}
MOON_NOUNS = {
    "أَمْنِ": "ʔamn",
    "بَحْرِ": "baħr",
    "جَيْشِ": "dʒajʃ",
    "حَرْبِ": "ħarb",
    "خُبْزِ": "xubz",
    "عَدْلِ": "ʕadl",
    "غَرْبِ": "ɣarb",
    "فَجْرِ": "fadʒr",
    "قَرَارِ": "qaraːr",
    "كُتُبِ": "kutub",
    "مُدُنِ": "mudun",
    "هُدْنَةِ": "hudna",
    "وَطَنِ": "watˤan",
    "يَوْمِ": "jawm",
}
PARTICLES = {
    "ال": "ʔal",
    "بِال": "bil",
    "كَال": "kal",
    "وَال": "wal",
    "فَال": "fal",
    "لِل": "lil",
    "وَلِل": "walil",
    "وَبِال": "wabil",
    "وَكَال": "wakal",
    "فَبِال": "fabil",
    "فَلِل": "falil",
    "لَل": "lal",
    "وَلَل": "walal",
    "أَبِال": "ʔabil",
    "أَفَال": "ʔafal",
    "أَوَال": "ʔawal",
    "أَلِل": "ʔalil",
    "تَحْتَ ال": "taħta l",
    "لَدَى ال": "lada l",
    "أَوِ ال": "ʔawi l",
    "كَتَبَتِ ال": "katabati l",
    "قَاضٍ ال": "qaːdˤini l",
    "فَتًى ال": "fatani l",
    "مِنَ ال": "mina l",
    "فِي ال": "fi l",
    "عَلَى ال": "ʕala l",
    "قَالُوا ال": "qaːlu l",
    "هَذَا ال": "haːða l",
    "رَجُلٌ ال": "radʒuluni l",
    "هُمُ ال": "humu l",
    "قَدِ ال": "qadi l",
}


def joined(ipa: str) -> str:
    return ipa.replace(" ", "")


@pytest.mark.parametrize(("particle", "before"), PARTICLES.items())
def test_the_article_is_assimilated_to_a_sun_letter_alone_after_every_particle(
    particle: str, before: str
) -> None:
    for noun, sounds in SUN_NOUNS.items():
        right = joined(before)[:-1] + phonemes(sounds)[0] + sounds
        for written in (noun[0] + "ّ" + noun[1:], noun[:2] + "ّ" + noun[2:]):
            assert joined(phonetise(sentence_of(particle + written)).ipa) == right, noun
    for noun, sounds in MOON_NOUNS.items():
        for lam in ("ْ", ""):
            said = joined(phonetise(sentence_of(particle + lam + noun)).ipa)
            assert said == joined(before) + sounds, noun


@pytest.mark.parametrize(("prefix", "before"), [("", ""), ("وَ", "wa"), ("فَ", "fa"), ("أَ", "ʔa")])
@pytest.mark.parametrize(("pronoun", "sounds"), [("هُوَ", "huwa"), ("هِيَ", "hija")])
def test_a_pronoun_keeps_its_vowel_at_a_pause(
    prefix: str, before: str, pronoun: str, sounds: str
) -> None:
    # the vowel belongs to the word and is no case ending (Wright I §224)
    assert joined(phonetise(sentence_of(prefix + pronoun)).ipa) == before + sounds


@pytest.mark.parametrize(("text", "right"), CASES)
def test_a_vowelled_phrase_reads_as_the_grammar_says(text: str, right: str) -> None:
    for ordered in (
        text,
        VOWEL_FIRST.sub("\u0651\\1", text),
        SHADDA_FIRST.sub("\\1\u0651", text),
    ):
        assert joined(phonetise(sentence_of(ordered), "full").ipa) in map(joined, right.split("|"))


@pytest.mark.parametrize(
    "spell",
    [
        str,
        lambda text: unicodedata.normalize("NFC", text),
        lambda text: unicodedata.normalize("NFD", text),
        lambda text: text.replace("ًا", "اً"),
        lambda text: re.sub("^ا|(?<= )ا", "ٱ", text),
        lambda text: text.replace("ي", "ی").replace("ك", "ک"),
        lambda text: f"\u200f«{text}»",
    ],
    ids=[
        "as-written",
        "composed",
        "decomposed",
        "tanwin-on-alif",
        "alif-wasla",
        "persian",
        "quoted",
    ],
)
def test_a_vowelled_text_is_read_by_the_whole_program_however_it_is_spelled(
    spell: Callable[[str], str],
) -> None:
    (config,) = load(ROOT / "config.toml")
    writer = script_writer(config, None, vowelled=True)
    wrong = []
    for text, right in CASES:
        said = "".join(one.ipa for one in writer.write(spell(text)).sentences)
        if joined(said) not in map(joined, right.split("|")):
            wrong.append(f"{text}: {said}, not {right}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(("text", "right"), CASES)
def test_each_word_keeps_a_group_of_its_own(text: str, right: str) -> None:
    said = phonetise(sentence_of(text))
    assert [len(one.ipa.split()) for one in said.tokens] == [1] * len(text.split())


def test_a_token_of_several_words_has_a_group_for_each() -> None:
    token = sentence_of("أَلْفَيْنِ").tokens[0]
    token = replace(token, spoken="ألفين وأربعة عشر", diacritised="أَلْفَيْنِ وَأَرْبَعَةَ عَشَرَ")
    said = phonetise(replace(sentence_of("عَامَ"), tokens=(token,)))
    assert said.ipa == "ʔalfajni waʔarbaʕata ʕaʃar"


def test_every_mark_that_a_newsreader_breathes_at_is_a_pause() -> None:
    for mark in "،؛:.؟!…-":
        said = phonetise(sentence_of(f"كِتَابٌ{mark} الْيَوْمَ"), "full").ipa
        assert said == "kitaːb ʔaljawm", mark


def test_a_foreign_word_has_no_ipa_and_the_article_after_it_is_said_whole() -> None:
    said = phonetise(sentence_of("قَالَ Farnaz الْيَوْمَ"), "full")
    assert [one.ipa for one in said.tokens] == ["qaːla", "", "ʔaljawm"]


def test_an_unsure_ending_is_left_out_and_a_sure_one_is_said() -> None:
    sentence = sentence_of("رَئِيسُ بَلَدِيَّةِ بَيْرُوتَ")
    first, second, third = sentence.tokens
    sentence = replace(sentence, tokens=(replace(first, unsure_endings="?"), second, third))
    assert phonetise(sentence, "sure").ipa == "raʔiːs baladijjati bajruːt"
    assert phonetise(sentence, "full").ipa == "raʔiːsu baladijjati bajruːt"


def test_pausal_speech_leaves_out_every_short_ending_and_keeps_the_construct_t() -> None:
    assert (
        phonetise(sentence_of("جَامِعَةُ دِمَشْقَ الْكَبِيرَةُ فِيهَا طُلَّابٌ"), "pausal").ipa
        == "dʒaːmiʕat dimaʃq lkabiːra fiːhaː tˤullaːb"
    )


def test_the_accusative_that_is_written_with_alif_is_always_said() -> None:
    sentence = sentence_of("وَزِيرًا سَابِقًا")
    tokens = tuple(replace(one, unsure_endings="?") for one in sentence.tokens)
    assert phonetise(replace(sentence, tokens=tokens), "sure").ipa == "waziːran saːbiqaː"


def test_letters_without_marks_and_strange_characters_still_give_each_word_a_group() -> None:
    for text in ("محمد", "ه", "ًٌٍ", "ـ", "ااا", "ال", "ء", "لل", "اَّ", "٣", "ۀ"):
        assert len(phonetise(sentence_of(text)).ipa.split()) == 1, text


def test_nothing_to_say_gives_no_ipa() -> None:
    empty = replace(sentence_of("x"), tokens=())
    assert phonetise(empty).ipa == ""


def test_a_hundred_thousand_characters_take_less_than_five_seconds() -> None:
    text = " ".join(one for one, _ in CASES)
    sentence = sentence_of(text)
    started = time.process_time()
    for _ in range(100_000 // len(text) + 1):
        phonetise(sentence)
    assert time.process_time() - started < 5


# Stems that begin with hamzat al-wasl, as they sound behind a vowel and at a pause
WASL_NOUNS = {
    "اسْتِقْبَالٌ": "stiqbaːl",
    "اسْتِقَالَةٌ": "stiqaːla",
    "اسْتِيرَادٌ": "stiːraːd",
    "اسْتِئْنَافٌ": "stiʔnaːf",
    "انْفِجَارٌ": "nfidʒaːr",
    "انْضِمَامٌ": "ndˤimaːm",
    "انْهِيَارٌ": "nhijaːr",
    "انْتِخَابَاتٌ": "ntixaːbaːt",
    "اجْتِمَاعٌ": "dʒtimaːʕ",
    "ارْتِفَاعٌ": "rtifaːʕ",
    "امْتِحَانٌ": "mtiħaːn",
    "اكْتِشَافٌ": "ktiʃaːf",
    "اقْتِصَادٌ": "qtisˤaːd",
    "احْتِجَاجٌ": "ħtidʒaːdʒ",
    "اخْتِيَارٌ": "xtijaːr",
    "انْتِهَاءٌ": "ntihaːʔ",
    "ازْدِحَامٌ": "zdiħaːm",
    "اضْطِرَابٌ": "dˤtˤiraːb",
    "اصْطِدَامٌ": "sˤtˤidaːm",
    "اتِّفَاقٌ": "ttifaːq",
    "ادِّعَاءٌ": "ddiʕaːʔ",
    "اطِّلَاعٌ": "tˤtˤilaːʕ",
    "ائْتِلَافٌ": "ʔtilaːf",
    "الْتِزَامٌ": "ltizaːm",
    "احْمِرَارٌ": "ħmiraːr",
    "اطْمِئْنَانٌ": "tˤmiʔnaːn",
    "ابْنٌ": "bn",
    "ابْنَةٌ": "bna",
    "اسْمٌ": "sm",
    "امْرَأَةٌ": "mraʔa",
    "اثْنَانِ": "θnaːn",
    "اثْنَتَيْنِ": "θnatajn",
}
WASL_VERBS = {
    "اسْتَقْبَلَ": "staqbal",
    "اسْتَقَالَتْ": "staqaːlat",
    "اسْتَعَدُّوا": "staʕadduː",
    "اسْتُشْهِدَ": "stuʃhid",
    "اسْتُعِيدَتْ": "stuʕiːdat",
    "انْفَجَرَ": "nfadʒar",
    "انْضَمَّ": "ndˤamm",
    "انْهَارَ": "nhaːr",
    "انْتَهَى": "ntahaː",
    "انْتُخِبَ": "ntuxib",
    "اجْتَمَعُوا": "dʒtamaʕuː",
    "ارْتَفَعَتْ": "rtafaʕat",
    "احْتَجَّ": "ħtadʒdʒ",
    "احْتُلَّتْ": "ħtullat",
    "اخْتَارَ": "xtaːr",
    "اخْتِيرَ": "xtiːr",
    "ازْدَادَ": "zdaːd",
    "اضْطُرَّ": "dˤtˤurr",
    "اصْطَدَمَ": "sˤtˤadam",
    "اتَّفَقَا": "ttafaqaː",
    "اتُّهِمَ": "ttuhim",
    "ادَّعَى": "ddaʕaː",
    "اطَّلَعَ": "tˤtˤalaʕ",
    "الْتَقَى": "ltaqaː",
    "الْتَزَمُوا": "ltazamuː",
    "احْمَرَّ": "ħmarr",
    "اطْمَأَنَّ": "tˤmaʔann",
}
PREPOSITIONS = {"بِ": "bi", "لِ": "li", "كَ": "ka"}
JOINING = {"": "", "وَ": "wa", "فَ": "fa"}


def read(text: str) -> str:
    return joined(phonetise(sentence_of(text), "full").ipa)


@pytest.mark.parametrize(("stem", "sounds"), WASL_NOUNS.items())
def test_hamzat_al_wasl_of_a_noun_falls_behind_every_particle(stem: str, sounds: str) -> None:
    assert read(stem) == "ʔi" + sounds
    assert read(f"هَذَا {stem}") == "haːða" + sounds
    assert read(f"رَجُلٌ {stem}") == "radʒuluni" + sounds
    for joining, first in JOINING.items():
        if joining:
            assert read(joining + stem) == first + sounds
        for preposition, second in PREPOSITIONS.items():
            assert read(joining + preposition + stem) == first + second + sounds
            article = "لِلِ" if preposition == "لِ" else preposition + "الِ"
            assert read(joining + article + stem) == first + second + "li" + sounds
        assert read(f"{joining}الِ{stem}") == (first or "ʔa") + "li" + sounds
    assert read(f"مِنَ الِ{stem}") == "minali" + sounds
    assert read(f"فِي الِ{stem}") == "fili" + sounds


@pytest.mark.parametrize(("stem", "sounds"), WASL_VERBS.items())
def test_hamzat_al_wasl_of_a_verb_falls_behind_every_particle(stem: str, sounds: str) -> None:
    passive = stem[2:4] in ("ُّ",) or "ُ" in stem[3:6] or stem.startswith("اخْتِي")
    onset = "u" if passive and not stem.endswith("وا") else "i"
    assert read(stem) == f"ʔ{onset}{sounds}"
    assert read(f"هُوَ {stem}") == "huwa" + sounds
    assert read(f"الَّذِي {stem}") == "ʔallaði" + sounds
    assert read(f"قَدِ {stem}") == "qadi" + sounds
    assert read(f"قَدْ {stem}") == "qadi" + sounds
    for particle, first in {"وَ": "wa", "فَ": "fa", "لَ": "la", "أَ": "ʔa"}.items():
        assert read(particle + stem) == first + sounds, particle


QAT = {
    "أَمْرٌ": "ʔamr",
    "أُمٌّ": "ʔumm",
    "إِعْلَانٌ": "ʔiʕlaːn",
    "أَعْلَنَ": "ʔaʕlan",
    "أُعْلِنَ": "ʔuʕlin",
    "أَسْمَاءٌ": "ʔasmaːʔ",
    "إِنْسَانٌ": "ʔinsaːn",
    "أُنْثَى": "ʔunθaː",
    "آخَرُ": "ʔaːxar",
    "أَوَّلُ": "ʔawwal",
    "إِيرَانُ": "ʔiːraːn",
    "أَيَّامٌ": "ʔajjaːm",
    "أَلْمَانِيَا": "ʔalmaːnijaː",
    "إِلْغَاءٌ": "ʔilɣaːʔ",
    "أَلْفٌ": "ʔalf",
    "أُسْتَاذٌ": "ʔustaːð",
    "إِسْتَانْبُولُ": "ʔistaːnbuːl",
    "أَنْتُمْ": "ʔantum",
    "إِثْيُوبِيَا": "ʔiθjuːbijaː",
    "أَتَّفِقُ": "ʔattafiq",
}


@pytest.mark.parametrize(("word", "sounds"), QAT.items())
def test_a_hamza_that_cuts_is_said_behind_every_particle(word: str, sounds: str) -> None:
    assert read(word) == sounds
    assert read(f"هَذَا {word}") == "haːðaː" + sounds
    assert read(f"قَدْ {word}") == "qad" + sounds
    for joining, first in JOINING.items():
        for preposition, second in {**PREPOSITIONS, "": "", "لَ": "la"}.items():
            assert read(joining + preposition + word) == first + second + sounds
    assert read(f"أَ{word}") == "ʔa" + sounds
    for article, before in {"الْ": "ʔal", "بِالْ": "bil", "لِلْ": "lil", "وَالْ": "wal"}.items():
        assert read(article + word) == before + sounds


NAMES = {
    "تْرَامْب": "traːmb",
    "بْلِينْكِن": "bliːnkin",
    "كْلِينْتُون": "kliːntuːn",
    "فْرَنْكُو": "frankuː",
    "بُوتِين": "buːtiːn",
    "وَاشِنْطُن": "waːʃintˤun",
    "فَانْس": "faːns",
    "فَاغْنَر": "faːɣnar",
    "كَارْتَر": "kaːrtar",
    "كَاسْتْرُو": "kaːstruː",
    "لَاتْفِيَا": "laːtfijaː",
    "لُبْنَان": "lubnaːn",
    "لَنْدَن": "landan",
    "لُولَا": "luːlaː",
    "بَانْكُوك": "baːnkuːk",
    "فِيِينَّا": "fijiːnnaː",
    "وِيلْيَام": "wiːljaːm",
    "وُوهَان": "wuːhaːn",
    "أُوكْرَانْيَا": "ʔuːkraːnjaː",
    "يُونْكَر": "juːnkar",
    "وَالْتَر": "waːltar",
    "كَالِيفُورْنِيَا": "kaːliːfuːrnijaː",
    "بَالِي": "baːliː",
    "لَاسْ": "laːs",
}


@pytest.mark.parametrize(("name", "sounds"), NAMES.items())
def test_a_foreign_name_keeps_its_sounds_behind_every_particle(name: str, sounds: str) -> None:
    assert read(name) == sounds
    assert read(f"قَالَ {name}") == "qaːla" + sounds
    for joining, first in JOINING.items():
        for preposition, second in {**PREPOSITIONS, "": ""}.items():
            assert read(joining + preposition + name) == first + second + sounds


IMPERATIVES = {
    "اكْتُبْ": "uktub",
    "اذْهَبْ": "iðhab",
    "اجْلِسْ": "idʒlis",
    "انْظُرُوا": "unðˤuruː",
    "افْتَحِي": "iftaħiː",
    "اسْمَعُوا": "ismaʕuː",
    "ارْجِعْ": "irdʒiʕ",
    "اعْمَلُوا": "iʕmaluː",
    "اقْرَأْ": "iqraʔ",
    "اسْأَلْ": "isʔal",
    "ادْخُلَا": "udxulaː",
    "اتْرُكْ": "utruk",
    "ارْحَلُوا": "irħaluː",
    "انْصُرْ": "unsˤur",
    "احْذَرْ": "iħðar",
    "اغْفِرْ": "iɣfir",
    "اتَّقُوا": "ittaquː",
    "انْتَظِرْ": "intaðˤir",
    "اسْتَمِعُوا": "istamiʕuː",
    "امْشُوا": "imʃuː",
    "اشْكُرْهُمْ": "uʃkurhum",
    "اضْرِبُوهُ": "idˤribuːh",
    "الْزَمُوا": "ilzamuː",
}


@pytest.mark.parametrize(("verb", "sounds"), IMPERATIVES.items())
def test_an_imperative_begins_with_the_vowel_of_its_verb_and_is_linked(
    verb: str, sounds: str
) -> None:
    assert read(verb) == "ʔ" + sounds
    for before, said in {"وَ": "wa", "فَ": "fa", "ثُمَّ ": "θumma", "قَالَ ": "qaːla"}.items():
        assert read(before + verb) == said + sounds[1:], before


# word: at a pause, before a consonant, before hamzat al-wasl
ENDINGS = {
    "كِتَابُ": ("kitaːb", "kitaːbu", "kitaːbu"),
    "كِتَابٌ": ("kitaːb", "kitaːbun", "kitaːbuni"),
    "كِتَابٍ": ("kitaːb", "kitaːbin", "kitaːbini"),
    "كِتَابًا": ("kitaːbaː", "kitaːban", "kitaːbani"),
    "دَوْلَةُ": ("dawla", "dawlatu", "dawlatu"),
    "دَوْلَةٍ": ("dawla", "dawlatin", "dawlatini"),
    "دَوْلَةً": ("dawla", "dawlatan", "dawlatani"),
    "حَيَاةِ": ("ħajaː", "ħajaːti", "ħajaːti"),
    "عَرَبِيٌّ": ("ʕarabijj", "ʕarabijjun", "ʕarabijjuni"),
    "عَرَبِيَّةٌ": ("ʕarabijja", "ʕarabijjatun", "ʕarabijjatuni"),
    "عَرَبِيًّا": ("ʕarabijjaː", "ʕarabijjan", "ʕarabijjani"),
    "فَتًى": ("fataː", "fatan", "fatani"),
    "عَصًا": ("ʕasˤaː", "ʕasˤan", "ʕasˤani"),
    "مُسْتَشْفَى": ("mustaʃfaː", "mustaʃfaː", "mustaʃfa"),
    "دُنْيَا": ("dunjaː", "dunjaː", "dunja"),
    "صَحْرَاءُ": ("sˤaħraːʔ", "sˤaħraːʔu", "sˤaħraːʔu"),
    "مَاءً": ("maːʔaː", "maːʔan", "maːʔani"),
    "جُزْءًا": ("dʒuzʔaː", "dʒuzʔan", "dʒuzʔani"),
    "الْقَاضِي": ("ʔalqaːdˤiː", "ʔalqaːdˤiː", "ʔalqaːdˤi"),
    "قَاضِيًا": ("qaːdˤijaː", "qaːdˤijan", "qaːdˤijani"),
    "قَاضٍ": ("qaːdˤ", "qaːdˤin", "qaːdˤini"),
    "وَزِيرَانِ": ("waziːraːn", "waziːraːni", "waziːraːni"),
    "وَزِيرَا": ("waziːraː", "waziːraː", "waziːra"),
    "وَزِيرَيِ": ("waziːraj", "waziːraji", "waziːraji"),
    "وَزِيرَيْ": ("waziːraj", "waziːraj", "waziːraji"),
    "مُعَلِّمُونَ": ("muʕallimuːn", "muʕallimuːna", "muʕallimuːna"),
    "مُعَلِّمُو": ("muʕallimuː", "muʕallimuː", "muʕallimu"),
    "مُعَلِّمِي": ("muʕallimiː", "muʕallimiː", "muʕallimi"),
    "مُعَلِّمَاتٍ": ("muʕallimaːt", "muʕallimaːtin", "muʕallimaːtini"),
    "بَيْتُهُ": ("bajtuh", "bajtuhu", "bajtuhu"),
    "بَيْتِهِ": ("bajtih", "bajtihi", "bajtihi"),
    "بَيْتُهَا": ("bajtuhaː", "bajtuhaː", "bajtuha"),
    "بَيْتُهُمْ": ("bajtuhum", "bajtuhum", "bajtuhumu"),
    "بَيْتِهِمْ": ("bajtihim", "bajtihim", "bajtihimi"),
    "بَيْتُكُمْ": ("bajtukum", "bajtukum", "bajtukumu"),
    "بَيْتُكَ": ("bajtuk", "bajtuka", "bajtuka"),
    "بَيْتُنَا": ("bajtunaː", "bajtunaː", "bajtuna"),
    "بَيْتِي": ("bajtiː", "bajtiː", "bajti"),
    "بَيْتُهُنَّ": ("bajtuhunn", "bajtuhunna", "bajtuhunna"),
    "عَلَيَّ": ("ʕalajj", "ʕalajja", "ʕalajja"),
    "كَتَبَ": ("katab", "kataba", "kataba"),
    "كَتَبَتْ": ("katabat", "katabat", "katabati"),
    "كَتَبْتُ": ("katabt", "katabtu", "katabtu"),
    "كَتَبْنَا": ("katabnaː", "katabnaː", "katabna"),
    "كَتَبُوا": ("katabuː", "katabuː", "katabu"),
    "كَتَبْتُمْ": ("katabtum", "katabtum", "katabtumu"),
    "كَتَبَا": ("katabaː", "katabaː", "kataba"),
    "دَعَا": ("daʕaː", "daʕaː", "daʕa"),
    "رَمَى": ("ramaː", "ramaː", "rama"),
    "بَقِيَ": ("baqiː", "baqija", "baqija"),
    "دَعَوْا": ("daʕaw", "daʕaw", "daʕawu"),
    "يَدْعُو": ("jadʕuː", "jadʕuː", "jadʕu"),
    "يَرْمِي": ("jarmiː", "jarmiː", "jarmi"),
    "يَرْمِيَ": ("jarmiː", "jarmija", "jarmija"),
    "يَكْتُبُونَ": ("jaktubuːn", "jaktubuːna", "jaktubuːna"),
    "لَمْ": ("lam", "lam", "lami"),
    "مِنْ": ("min", "min", "mina"),
    "عَنْ": ("ʕan", "ʕan", "ʕani"),
    "مُذْ": ("muð", "muð", "muðu"),
    "مُنْذُ": ("munð", "munðu", "munðu"),
    "هُمْ": ("hum", "hum", "humu"),
    "أَنْتُمْ": ("ʔantum", "ʔantum", "ʔantumu"),
    "فِي": ("fiː", "fiː", "fi"),
    "عَلَى": ("ʕalaː", "ʕalaː", "ʕala"),
    "هَذَا": ("haːðaː", "haːðaː", "haːða"),
    "ذَلِكَ": ("ðaːlik", "ðaːlika", "ðaːlika"),
    "أُولَئِكَ": ("ʔulaːʔik", "ʔulaːʔika", "ʔulaːʔika"),
    "الَّذِي": ("ʔallaðiː", "ʔallaðiː", "ʔallaði"),
    "عَمْرٌو": ("ʕamr", "ʕamrun", "ʕamruni"),
    "مِائَةٍ": ("miʔa", "miʔatin", "miʔatini"),
    "تِسْعُمِائَةِ": ("tisʕumiʔa", "tisʕumiʔati", "tisʕumiʔati"),
    "رَأَوْا": ("raʔaw", "raʔaw", "raʔawu"),
    "لَوْ": ("law", "law", "lawi"),
    "أَوْ": ("ʔaw", "ʔaw", "ʔawi"),
    "كَيْ": ("kaj", "kaj", "kaji"),
    "شَيْءٌ": ("ʃajʔ", "ʃajʔun", "ʃajʔuni"),
    "عَدُوٌّ": ("ʕaduww", "ʕaduwwun", "ʕaduwwuni"),
    "بُوتِينْ": ("buːtiːn", "buːtiːn", "buːtiːni"),
    "بُوتِين": ("buːtiːn", "buːtiːn", "buːtiːni"),
    "مُوسْكُو": ("muːskuː", "muːskuː", "muːsku"),
}


@pytest.mark.parametrize(("word", "forms"), ENDINGS.items())
def test_an_ending_sounds_as_its_place_wants(word: str, forms: tuple[str, str, str]) -> None:
    pausal, linked, before_wasl = forms
    assert read(word) == read(f"{word}،") == pausal
    assert read(f"{word} كَبِيرٌ") == linked + "kabiːr"
    assert read(f"{word} الْبَيْتُ") == before_wasl + "lbajt"
    assert read(f"{word} الشَّمْسُ") == before_wasl + "ʃʃams"
    assert read(f"{word}، الْبَيْتُ") == pausal + "ʔalbajt"
    if word != "مِنْ":
        assert read(f"{word} انْتِخَابٌ") == before_wasl + "ntixaːb"
        assert read(f"{word} اللَّهُ") == before_wasl + "llaːh"
