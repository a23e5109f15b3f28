"""The diacritiser fills what author and tables leave open, and says what it is unsure of."""

import re
import subprocess
import sys
import time
from dataclasses import replace

import pytest

from briefing.text.pronunciation.phonetisation import phonetise
from briefing.text.vowels.diacritiser import Diacritiser, from_vowelled
from tests.text.pronunciation.spoken_words import sentence_of

MARKS = re.compile("[\u064b-\u0652\u0670]")


@pytest.fixture(scope="module")
def diacritiser() -> Diacritiser:
    return Diacritiser()


def vowelled(diacritiser: Diacritiser, text: str) -> str:
    return diacritiser.diacritise(sentence_of(text, vowelled=False)).diacritised


def test_a_plain_sentence_is_vowelled(diacritiser: Diacritiser) -> None:
    assert (
        vowelled(diacritiser, "وصل الوزير إلى المدينة صباح اليوم.")
        == "وَصَلَ الْوَزِيرُ إِلَى الْمَدِينَةِ صَبَاحَ الْيَوْمِ"
    )


def test_the_authors_letters_and_word_count_are_kept(diacritiser: Diacritiser) -> None:
    for text in (
        "قال المتحدث باسم الأمم المتحدة: إن الأزمة ستنتهي، فمتى؟",
        "في 2014 كتبت Farnaz عن كوفيد ڤيينا",
        "إ أ ا ء ـ ه",
    ):
        sentence = sentence_of(text, vowelled=False)
        done = diacritiser.diacritise(sentence)
        for token in done.tokens:
            assert MARKS.sub("", token.diacritised) == token.spoken, text


def test_the_authors_marks_win(diacritiser: Diacritiser) -> None:
    sentence = sentence_of("كتب الولد رسالة طويلة", vowelled=False)
    first = replace(sentence.tokens[0], vowelled="كُتِب")
    done = diacritiser.diacritise(replace(sentence, tokens=(first, *sentence.tokens[1:])))
    assert done.tokens[0].diacritised.startswith("كُتِب")


def test_a_single_mark_of_the_author_is_kept_and_the_rest_filled(diacritiser: Diacritiser) -> None:
    sentence = sentence_of("سجن الرجل يوما واحدا", vowelled=False)
    tokens = list(sentence.tokens)
    tokens[0] = replace(tokens[0], vowelled="سُجن")
    tokens[2] = replace(tokens[2], vowelled="يومًا")
    done = diacritiser.diacritise(replace(sentence, tokens=tuple(tokens)))
    assert done.tokens[0].diacritised == "سُجِنَ"
    assert done.tokens[2].diacritised == "يَوْمًا"


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("وقال إن سوق العاصمة مغلق", "سُوق"),  # no passive: سُوِّقَ
        ("وقال إن صور القديمة في لبنان", "صُور"),
        ("وقال إن دين الشركة كبير", "دَيْن"),
        ("وقال إن نوري في بغداد", "نُورِي"),
    ],
)
def test_a_whole_reading_of_the_lexicon_gets_nothing_but_an_ending(
    diacritiser: Diacritiser, text: str, reading: str
) -> None:
    sentence = sentence_of(text, vowelled=False)
    own = replace(sentence.tokens[2], vowelled=reading, source="lexicon")
    tokens = (*sentence.tokens[:2], own, *sentence.tokens[3:])
    done = diacritiser.diacritise(replace(sentence, tokens=tokens)).tokens[2].diacritised
    assert done.rstrip("َُِّْ") == reading.rstrip("َُِّْ")


def test_the_lexicons_reading_wins_over_the_built_in_names(diacritiser: Diacritiser) -> None:
    sentence = sentence_of("عاد ترامب أمس", vowelled=False)
    first, second, third = sentence.tokens
    mine = replace(second, vowelled="تِرَمْبْ")
    done = diacritiser.diacritise(replace(sentence, tokens=(first, mine, third)))
    assert done.tokens[1].diacritised == "تِرَمْبْ"


@pytest.mark.parametrize(
    ("text", "ipa"),
    [
        ("ترامب", "traːmb"),
        ("وترامب", "watraːmb"),
        ("زيلنسكي", "ziːlinskiː"),
        ("بيسكوف", "biːskuːf"),
        ("للكرملين", "lilkirimliːn"),
        ("بالناتو", "binnaːtuː"),
    ],
)
def test_names_of_the_news_are_read_right(diacritiser: Diacritiser, text: str, ipa: str) -> None:
    sentence = diacritiser.diacritise(sentence_of(f"{text} قال ذلك", vowelled=False))
    assert phonetise(sentence, "pausal").ipa.split()[0] == ipa


def test_a_first_name_is_told_from_the_word_it_looks_like(diacritiser: Diacritiser) -> None:
    assert "بِيتْ هِيغْسِيثْ" in vowelled(diacritiser, "قال وزير الدفاع بيت هيغسيث ذلك.")
    assert "بَيْتٍ" in vowelled(diacritiser, "سكن الرجل في بيت كبير.")


def test_a_final_sukun_before_the_article_gets_its_helping_vowel(diacritiser: Diacritiser) -> None:
    assert "قَالَتِ الْ" in vowelled(diacritiser, "قالت الحكومة إن الوضع مستقر.")
    assert "مِنَ الْ" in vowelled(diacritiser, "خرج الرجل من البيت.")


def test_the_pronoun_agrees_with_the_vowel_before_it(diacritiser: Diacritiser) -> None:
    done = vowelled(diacritiser, "التقى الوزير بمبعوثه في مكتبه ثم شكر مبعوثه.")
    assert "ِهُ" not in done
    assert "ُهِ" not in done


def test_a_title_without_a_full_stop_is_read_as_a_sentence(diacritiser: Diacritiser) -> None:
    assert vowelled(diacritiser, "وصل أحد عشر وزيرا").endswith("وَزِيرًا")
    assert "تَعَاقَدَتْ" in vowelled(diacritiser, "تعاقدت مع ثماني شركات")


def test_tanwin_on_its_alif_is_read_before_it(diacritiser: Diacritiser) -> None:
    sentence = sentence_of("قرأ كتابا جديدا", vowelled=False)
    first, second, third = sentence.tokens
    mine = replace(second, vowelled="كتاباً")
    done = diacritiser.diacritise(replace(sentence, tokens=(first, mine, third)))
    assert done.tokens[1].diacritised == "كِتَابًا"


def test_a_vowelled_text_is_left_as_it_is() -> None:
    assert from_vowelled(sentence_of("كَتَبَ زَيْد")).diacritised == "كَتَبَ زَيْد"


def test_the_same_sentence_reads_the_same_after_any_other(diacritiser: Diacritiser) -> None:
    first = vowelled(diacritiser, "أعلنت الحكومة خطة جديدة.")
    vowelled(diacritiser, "جرى كل شيء كما يجب في العاصمة أمس.")
    assert vowelled(diacritiser, "أعلنت الحكومة خطة جديدة.") == first


def test_what_is_unsure_is_marked(diacritiser: Diacritiser) -> None:
    sentence = sentence_of("تحدث عن درس مر به علم", vowelled=False)
    done = diacritiser.diacritise(sentence)
    assert any(token.unsure or token.unsure_endings for token in done.tokens)
    named = sentence_of("ترامب", vowelled=False)
    assert not diacritiser.diacritise(named).tokens[0].unsure


@pytest.mark.slow
def test_a_very_long_sentence_is_cut_and_not_slow(diacritiser: Diacritiser) -> None:
    words = "قال الوزير إن الحكومة ستعلن خطة جديدة غدا " * 700
    sentence = sentence_of(words, vowelled=False)
    started = time.process_time()
    done = diacritiser.diacritise(sentence)
    assert len(done.diacritised.split()) == len(words.split())
    assert time.process_time() - started < 30


def test_one_endless_word_is_bounded(diacritiser: Diacritiser) -> None:
    started = time.process_time()
    assert vowelled(diacritiser, "ه" * 200_000) == "ه" * 200_000
    assert time.process_time() - started < 5


def test_a_damma_alone_is_the_authors_sign_for_the_passive(diacritiser: Diacritiser) -> None:
    for written, right in (
        ("سُجن", "سُجِنَ"), ("أُعلن", "أُعْلِنَ"), ("نُقلت", "نُقِلَتْ"), ("أُعلنت", "أُعْلِنَتْ"),
        ("أُثبت", "أُثْبِتَ"), ("ثُبت", "ثُبِتَ"),
    ):  # fmt: skip
        sentence = sentence_of(f"{MARKS.sub('', written)} يوم أمس", vowelled=False)
        mine = replace(sentence.tokens[0], vowelled=written)
        done = diacritiser.diacritise(replace(sentence, tokens=(mine, *sentence.tokens[1:])))
        assert done.tokens[0].diacritised == right


def test_importing_it_loads_no_model_library() -> None:
    code = (
        "import sys, briefing.text.vowels.diacritiser as d; d.Diacritiser();"
        "assert not {'onnxruntime', 'numpy', 'text2tashkeel'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_a_name_of_a_place_without_tanwin_has_a_in_the_genitive(diacritiser: Diacritiser) -> None:
    for city in ("بيروت", "باريس", "طهران", "صنعاء"):
        said = vowelled(diacritiser, f"سافر الوزير من {city} يوم أمس.")
        place = next(one for one in said.split() if MARKS.sub("", one) == city)
        assert place.endswith("َ"), place


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("أسقط الجيش طائرة مسيرة فوق البحر.", "مُسَيَّرَة"),
        ("خرج الآلاف في مسيرة سلمية.", "مَسِيرَة"),
        ("زار الوفد سلطنة عمان أمس.", "عُمَان"),
        ("عقد الاجتماع في العاصمة الأردنية عمان أمس.", "عَمَّان"),
        ("من الذي سيخلف الرئيس؟", "مَن"),
        ("خرج من البيت.", "مِن"),
        ("اجتاحت سيول جارفة المدينة.", "سُيُول"),
        ("وصل الوفد إلى سيول صباحا.", "سِيُول"),
        ("جاء ذلك في ظل الأزمة.", "ظِلّ"),
        ("ظل الرجل في بيته.", "ظَلّ"),
        ("لم يقل السيد ترامب شيئا.", "يَقُل"),
        ("قتل ما لا يقل عن عشرين شخصا.", "يَقِلّ"),
    ],
)
def test_a_word_is_told_from_its_likes_by_its_neighbours(
    diacritiser: Diacritiser, text: str, right: str
) -> None:
    bare = MARKS.sub("", right)
    found = [one for one in vowelled(diacritiser, text).split() if MARKS.sub("", one) == bare]
    assert found[0].startswith(right), found


@pytest.mark.parametrize(
    "right",
    [
        "وَزِيرُ الْخَارِجِيَّةِ الْمِصْرِيُّ",
        "مَجْلِسُ الْأَمْنِ الدَّوْلِيُّ",
        "الْوَزِيرُ نَفْسُهُ",
        "رَئِيسُ الْوُزَرَاءِ الْإِسْرَائِيلِيُّ",
    ],
)
def test_what_belongs_to_a_noun_has_its_case(diacritiser: Diacritiser, right: str) -> None:
    bare = MARKS.sub("", right)
    assert right in vowelled(diacritiser, f"وصل {bare} إلى القاهرة أمس.")
    assert right.split()[-1] not in vowelled(diacritiser, f"اجتمع مع {bare} في القاهرة أمس.")


@pytest.mark.parametrize(
    ("text", "ipa"),
    [
        ("قواتها", "quwwaːt"),
        ("وقواته", "waquwwaːt"),
        ("وبالقوات", "wabilquwwaːt"),
        ("للشرطة", "liʃʃurtˤa"),
        ("السعودية", "ʔassuʕuːdijja"),
        ("والألمان", "walʔalmaːn"),
        ("لألمانيا", "liʔalmaːnijaː"),
        ("وكوريا", "wakuːrijaː"),
        ("فبرينتفورد", "fabriːntfuːrd"),
    ],
)
def test_known_words_take_particles_and_pronouns(
    diacritiser: Diacritiser, text: str, ipa: str
) -> None:
    sentence = diacritiser.diacritise(sentence_of(f"{text} كانت هناك", vowelled=False))
    assert phonetise(sentence, "pausal").ipa.split()[0].startswith(ipa)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        # The vowel of form I is the dictionary's (Wehr), not the commonest (Ryding 2005, 22.1)
        ("وصعدت أسعار القمح في الأسواق.", "وَصَعِدَتْ"),
        ("غرق مركب قبالة الشاطئ.", "غَرِقَ"),
        ("وتحد الجبال البلاد من الشمال.", "وَتَحُدُّ"),
        ("سيخلق المصنع وظائف جديدة.", "سَيَخْلُقُ"),
        # Passives of doubled verbs and of verbs with a preposition (Ryding 2005, 38.2-3)
        ("وعلى المقبرة التي لم تمس منذ قرون.", "تُمَسَّ"),
        ("ولم تضخ المياه منذ أسبوع.", "تُضَخَّ"),
        ("وقد وضعت الخطة ولا يوصف المشروع بالفاشل.", "يُوصَفُ"),
        # A noun in alif maqsura has tanwin before an adjective (Ryding 2005, 7.5.4.3)
        ("نقل إلى مستشفى ميداني قريب.", "مُسْتَشْفًى"),
        ("تقع المكاتب في مبنى قديم.", "مَبْنًى"),
        # The subject of a verb without an object, its case before the pronoun
        ("الذي انهار سقفه فجأة.", "سَقْفُهُ"),
        ("التي ارتفعت أسعارها كثيرا.", "أَسْعَارُهَا"),
        # An idafa of a verbal noun
        ("أعلن الحزب انتخاب رئيسه.", "رَئِيسِهِ"),
        # u before hamzat al-wasl behind هِم too (Wright I §20 d)
        ("وصلوا مع عائلاتهم التي نزحت.", "عَائِلَاتِهِمُ"),
        # The plural of an active participle
        ("ودعا الموزعون والمقاولون إلى الحوار.", "الْمُوَزِّعُونَ"),
        ("ودعا الموزعون والمقاولون إلى الحوار.", "وَالْمُقَاوِلُونَ"),
    ],
)
def test_a_word_of_the_news_is_read_by_its_grammar(
    diacritiser: Diacritiser, text: str, right: str
) -> None:
    assert right in vowelled(diacritiser, text).split()
