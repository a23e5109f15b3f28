"""The mood of a verb that a particle before it decides: لِيُنَاقِشَ, لِتَشْمَلَ.

Ryding 2005, 34.2: the subjunctive ends in a; 35.2.3: a command, the jussive, begins a clause.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from briefing.text.characters import DAMMA, FATHA, KASRA, SUKUN
from briefing.text.vowels.marks import Reading, Word
from briefing.text.words.conjugation import active_readings
from briefing.text.words.passives import noun_kind

__all__ = ["with_moods"]

_OF_PURPOSE = re.compile("ل[يتن](?!كن$)[^\\W]{2,}[^\\Wاىيوةنهء]")
_IMPERFECT = re.compile(
    f"ل{KASRA}(?:ي[{FATHA}{DAMMA}]|[تن](?:{DAMMA}|{FATHA}[^\\W]{SUKUN})).*[{DAMMA}{SUKUN}{KASRA}]"
)
"""A verb: لِتَعَلُّمِ has no letter without vowel behind its ت."""


def with_moods(
    words: Sequence[Word], readings: Sequence[Reading], pauses: Sequence[bool]
) -> list[Reading]:
    """Return the readings with the subjunctive behind لِ, and the jussive behind "or".

    pauses: whether one follows each word.
    """
    changed = list(readings)
    for index, (word, reading) in enumerate(zip(words, readings, strict=True)):
        if not index or pauses[index - 1]:
            continue
        if _is_of_purpose(word, reading):
            written = reading.written[:-1] + FATHA
            changed[index] = replace(reading, written=written, rule="verb_of_purpose")
        elif _is_denied_too(words, pauses, index) and _INDICATIVE.fullmatch(reading.written):
            written = reading.written[:-1] + SUKUN
            changed[index] = replace(reading, written=written, rule="denied_too")
        elif _is_without_particle(words, index, reading):
            written = reading.written[:-1] + DAMMA
            changed[index] = replace(reading, written=written, rule="nothing_makes_it_subjunctive")
    return changed


_INDICATIVE = re.compile(f"[يت][{FATHA}{DAMMA}][^\\W].*[^\\Wاوي]{DAMMA}")


def _is_denied_too(words: Sequence[Word], pauses: Sequence[bool], index: int) -> bool:
    """لَمْ يُحَدِّدْهُمْ أَوْ يَكْشِفِ الْمَزِيدَ: what is denied behind "or" is jussive, too (35.2.1)."""
    if words[index - 1].letters != "أو" or words[index].vowels[-1]:
        return False
    for place in range(index - 2, max(-1, index - _SIGHT), -1):
        if pauses[place]:
            return False
        if words[place].letters in ("لم", "ولم", "فلم"):
            return words[place + 1].letters[0] == words[index].letters[0]
    return False


_SIGHT = 6


def _is_without_particle(words: Sequence[Word], index: int, reading: Reading) -> bool:
    """تَضُمُّ شَبَابًا وَتَسْتَبْعِدُ الْقَائِدَ: a subjunctive follows a particle, its own or an earlier verb's.

    Ryding 2005, 34.2.
    """
    word = words[index]
    if word.exact or word.vowels[-1] or not _SUBJUNCTIVE.fullmatch(reading.written):
        return False
    if noun_kind(word.letters) != "unknown" or not active_readings(word.letters):
        return False
    return not any(_MAKES_SUBJUNCTIVE.fullmatch(other.letters) for other in words[:index])


_SUBJUNCTIVE = re.compile(
    f"(?:و{FATHA})?(?:ي[{FATHA}{DAMMA}]|ت{FATHA}س{SUKUN}ت{FATHA}|ت{DAMMA}[^\\W]{FATHA})"
    f".{{2,}}[^\\Wوا](?<!{DAMMA}ون)(?<!{FATHA}ان){FATHA}"
)
_MAKES_SUBJUNCTIVE = re.compile(
    "[وف]?[بلك]?أ(?:ن|لا)|[وف]?لن|[وف]?ل?كي(?:لا)?|[وف]?حتى|لئلا|[وف]?ل[يتن].+|أو"
)


def _is_of_purpose(word: Word, reading: Reading) -> bool:
    """Return whether a word is لِ and a verb that is read in another mood."""
    if word.vowels[-1] or not _OF_PURPOSE.fullmatch(word.letters):
        return False
    if not _IMPERFECT.fullmatch(reading.written) or noun_kind(word.letters[1:]) != "unknown":
        return False
    is_noun = reading.written.endswith(KASRA) and not active_readings(word.letters)
    return not is_noun or word.exact  # a noun behind لِ is genitive
