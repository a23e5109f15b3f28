"""Stress falls by the weight of the syllables."""

import pytest

from briefing.text.syllables import phonemes, stressed_vowel
from briefing.text.word_sounds import clitic_vowels


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
