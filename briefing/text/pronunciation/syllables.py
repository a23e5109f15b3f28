"""The phonemes of a word in broad IPA, and the vowel that bears its stress."""

from __future__ import annotations

import re

__all__ = ["LONG", "VOWELS", "phonemes", "stressed_vowel"]

_PHONEME = re.compile(r"dʒ|tʃ|[sdtð]ˤ|[aiu]ː|.")
VOWELS = frozenset({"a", "i", "u", "aː", "iː", "uː"})
LONG = frozenset({"aː", "iː", "uː"})


def phonemes(group: str) -> list[str]:
    """Split broad IPA into its phonemes; a geminate is two.

    >>> phonemes("tˤtˤaːwila")
    ['tˤ', 'tˤ', 'aː', 'w', 'i', 'l', 'a']
    """
    return _PHONEME.findall(group)


def stressed_vowel(sounds: list[str], clitic_vowels: int = 0) -> int | None:
    """Return the index of the stressed vowel, or None if there is no vowel.

    A superheavy last syllable (CVːC, CVCC) bears the stress, else a heavy syllable before it, else
    the third from the end (Ryding 2005, 2.4; Thelwall and Sa'adeddin 1990).

    clitic_vowels: how many of the first vowels belong to the article and what comes before it;
    these never bear the stress.

    >>> stressed_vowel(phonemes("kitaːb")), stressed_vowel(phonemes("kataba"))
    (3, 1)
    """
    nuclei = [index for index, sound in enumerate(sounds) if sound in VOWELS]
    if not nuclei:
        return None
    free = nuclei[clitic_vowels:] or nuclei[-1:]
    last = free[-1]
    coda = len(sounds) - 1 - last
    if len(free) == 1 or coda >= 2 or (sounds[last] in LONG and coda >= 1):
        return last
    penult = free[-2]
    if len(free) == 2 or sounds[penult] in LONG or last - penult > 2:
        return penult
    return free[-3]
