"""Verbs that end in ت, of which the letters do not say whether I, you or she is meant.

كتبت is كَتَبْتُ, كَتَبْتَ, كَتَبْتِ or كَتَبَتْ (Ryding 2005, 20.1). In what is read aloud nearly nobody speaks to
a woman, and who speaks of himself says so elsewhere in the sentence, too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from briefing.text.characters import DAMMA, FATHA, KASRA, SUKUN
from briefing.text.vowels.marks import Reading, Word

__all__ = ["third_persons"]

_PERSON = re.compile(
    f"((?:[وف]{FATHA})?(?!ال)[^\\W].*[^\\Wيوا]){SUKUN}ت([{DAMMA}{KASRA}])"
    f"(ه[{DAMMA}{KASRA}]?|ه{FATHA}ا|ه[{DAMMA}{KASRA}]م(?:{SUKUN}|{FATHA}ا)?)?"
)
_WEAK = re.compile(f"((?:[وف]{FATHA})?[^\\W]{FATHA}[^\\W]{KASRA}ي){SUKUN}?ت[{DAMMA}{KASRA}]")
"""لَقِيتُ, for لَقِيَتْ."""
_SHORTEST = 4
"""Letters of a verb with its ت: وقت and بنت are nouns."""
_SPEAKER = re.compile(
    "[وف]?(?:أنا|أن[تي]|أني|إني|أنني|إنني|لأنني|لأني|أنك|إنك|لأنك|كنت|لست|[^\\W]{2,}ني|لي|بي|عندي|معي|مني|عني|لدي|نفسي|لك|بك|منك)"
)
"""Words of a sentence whose speaker speaks of himself, or to somebody."""
_FEMININE = re.compile("التي|[^\\W]{2,}(?:ة|ات|اء)|كبرى|أخرى|أولى|صغرى|عظمى|وسطى")


def third_persons(
    words: Sequence[Word], readings: Sequence[Reading], pauses: Sequence[bool]
) -> list[Reading]:
    """Return the readings, with "she" where the model had "I" or "you" without any sign of it.

    "You" of a woman becomes "she" unless somebody speaks in the sentence; "I" only behind a
    feminine noun or relative pronoun: نَهْضَةً كُبْرَى جَعَلَتْهَا. pauses: whether one follows each word.
    """
    if any(_SPEAKER.fullmatch(word.letters) for word in words):
        return list(readings)
    mended = []
    for index, (word, reading) in enumerate(zip(words, readings, strict=True)):
        match = None if any(word.vowels) else _PERSON.fullmatch(reading.written)
        before = words[index - 1].letters if index and not pauses[index - 1] else ""
        size = len(re.sub("^[وف](?=[^\\W]{4})|(?:ها|هم|هما|ه)$", "", word.letters))
        is_verb = match is not None and size >= _SHORTEST
        if match and is_verb and (match[2] == KASRA or _FEMININE.fullmatch(before)):
            written = f"{match[1]}{FATHA}ت{SUKUN}{match[3] or ''}"
            reading = replace(reading, written=written.replace(f"ه{KASRA}", f"ه{DAMMA}"))
        elif (weak := _WEAK.fullmatch(reading.written)) and not any(word.vowels):
            reading = replace(reading, written=f"{weak[1]}{FATHA}ت{SUKUN}")
        mended.append(reading)
    return mended
