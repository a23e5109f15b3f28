"""Stress falls by the weight of the syllables."""

import re

import pytest

from briefing.speech.espeak.mnemonics import espeak_notation
from briefing.text.pronunciation.phonetisation import phonetise
from briefing.text.pronunciation.syllables import phonemes, stressed_vowel
from briefing.text.pronunciation.word_sounds import clitic_vowels
from tests.text.pronunciation.spoken_words import sentence_of

VOWEL = re.compile("'?[aiu][ː:]?")


@pytest.mark.parametrize(
    ("group", "stressed"),
    [
        ("kitaːb", "kit'aːb"),  # superheavy last: CVːC
        ("qalb", "q'alb"),  # superheavy last: CVCC
        ("ʕarabijj", "ʕarab'ijj"),
        ("muʕallim", "muʕ'allim"),  # heavy penult: CVC
        ("kaːtib", "k'aːtib"),  # heavy penult: CVː
        ("madrasa", "m'adrasa"),  # light penult: antepenult
        ("madrasatu", "madr'asatu"),
        ("kataba", "k'ataba"),
        ("walad", "w'alad"),
        ("katabuː", "k'atabuː"),  # a long open last syllable is not superheavy
        ("min", "m'in"),
        ("ttiħaːd", "ttiħ'aːd"),
        ("bi", "b'i"),
    ],
)
def test_stress_by_weight(group: str, stressed: str) -> None:
    sounds = phonemes(group)
    place = stressed_vowel(sounds)
    assert place is not None
    sounds[place] = "'" + sounds[place]
    assert "".join(sounds) == stressed


def test_the_article_bears_no_stress() -> None:
    sounds = phonemes("ʔalqamar")
    assert stressed_vowel(sounds, clitic_vowels("الْقَمَرُ")) == sounds.index("a", 3)


def test_a_group_without_a_vowel_has_no_stress() -> None:
    assert stressed_vowel(phonemes("s")) is None


@pytest.mark.parametrize(
    ("text", "stressed"),
    [
        # vowelled text and its sounds, ' before the stressed vowel of each word
        ("كِتَابٌ جَدِيدٌ", "kit'aːbun dʒad'iːd"),
        ("كَتَبَ الرِّسَالَةَ", "k'ataba rris'aːla"),
        ("مَدْرَسَتُهُمْ كَبِيرَةٌ", "madras'atuhum kab'iːra"),
        ("الْقَمَرُ", "ʔalq'amar"),
        ("السَّلَامُ وَالْأَمَلُ", "ʔassal'aːmu walʔ'amal"),
        ("لِلْوَلَدِ", "lilw'alad"),
        ("وَلِلْوَلَدِ", "walilw'alad"),
        ("وَبِالْقَلَمِ", "wabilq'alam"),
        ("وَالِدٌ", "w'aːlid"),
        ("بَالِغٌ", "b'aːliɣ"),
        ("كَالِبٌ", "k'aːlib"),
        ("فَالِحٌ", "f'aːliħ"),
        ("الْتَقَى الْوَزِيرُ", "ʔ'iltaqa lwaz'iːr"),
        ("الْتَقَيْنَا", "ʔiltaq'ajnaː"),
        ("وَالْتَقَى", "w'altaqaː"),
        ("لِلُبْنَانَ", "lilubn'aːn"),
        ("كَتَبْتُ", "kat'abt"),
        ("مُعَلِّمٌ مِصْرِيٌّ", "muʕ'allimun misˤr'ijj"),
        ("اسْتَقْبَلَ الْوَزِيرُ", "ʔist'aqbala lwaz'iːr"),
        ("قَالَ اللَّهُ", "q'aːla ll'aːh"),
        ("فِي الْبَيْتِ", "fi lb'ajt"),
        ("الِاتِّحَادُ الْأُورُوبِّيُّ", "ʔalittiħ'aːdu lʔuːruːbb'ijj"),
        ("الِاسْمُ", "ʔal'ism"),
        ("جُمْهُورِيَّةٌ", "dʒumhuːr'ijja"),
        ("شَجَرَتُهَا", "ʃadʒar'atuhaː"),
        ("دَوْلَتَانِ", "dawlat'aːn"),
        ("هَذِهِ الدُّوَلُ", "h'aːðihi dd'uwal"),
        ("أَلْمَانِيَا", "ʔalm'aːnijaː"),
        ("مُبَارَاةٌ", "mub'aːraː"),
        ("الْيَوْمَ", "ʔalj'awm"),
        ("الَّذِي قَالَ", "ʔall'aðiː q'aːl"),
    ],
)
def test_each_word_of_a_phrase_is_stressed_by_its_weight(text: str, stressed: str) -> None:
    notation = espeak_notation(phonetise(sentence_of(text), "full"))
    wanted = [VOWEL.findall(word) for word in stressed.split()]
    said = [VOWEL.findall(word) for word in notation.replace("a.", "a").split()]
    assert said == [[one.replace("ː", ":") for one in word] for word in wanted]
