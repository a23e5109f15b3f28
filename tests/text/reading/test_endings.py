"""Endings of numbers: a subject's is known, what counts nothing has none to be linked by."""

import pytest

from briefing.config import Text
from briefing.text.normalisation.lexicon import load_lexicon
from briefing.text.normalisation.paragraph import read_paragraph
from briefing.text.pronunciation.phonetisation import phonetise
from briefing.text.vowels.diacritiser import from_vowelled


@pytest.mark.parametrize(
    ("written", "sounds"),
    [
        ("نَمُوذَجُ GPT-4 الْجَدِيدُ", "namuːðadʒu dʒiː biː tiː ʔarbaʕa ldʒadiːd"),
        ("شَبَكَةُ 5G الْجَدِيدَةُ", "ʃabakatu xamsa dʒi ldʒadiːda"),
        ("فَيْرُوسُ H5N1 الْقَاتِلُ", "fajruːsu ʔitʃ xamsa ʔin waːħidi lqaːtil"),
        ("قَنَاةُ CNN الْأَمْرِيكِيَّةُ", "qanaːtu siː ʔin ʔini lʔamriːkijja"),
        ("هَاتِف 0345", "haːtif sˤifr θalaːθa ʔarbaʕa xamsa"),
        ("الطِّرَازُ 3 الْجَدِيدُ", "ʔatˤtˤiraːzu θalaːθa ldʒadiːd"),
        ("قُتِلَ 5 مِنَ الْجُنُودِ", "qutila xamsatun mina ldʒunuːd"),  # this one counts
        ("لَقِيَ 5 عُمَّالٍ مَصْرَعَهُمْ", "laqija xamsatu ʕummaːlin masˤraʕahum"),
        ("قَضَى 4 أَطْفَالٍ حَرْقًا", "qadˤaː ʔarbaʕatu ʔatˤfaːlin ħarqaː"),
        ("دِيمِتْرِي س. بِيسْكُوفْ", "diːmitriː siːn biːskuːf"),
    ],
)
def test_a_number_is_linked_by_the_ending_that_it_has(written: str, sounds: str) -> None:
    sentences = read_paragraph(written, Text(), load_lexicon(None))
    assert " ".join(phonetise(from_vowelled(one)).ipa for one in sentences) == sounds
