"""Words of forms V and VI that begin a clause: تَزَايَدَ الْقَلَقُ, but تَزَايُدُ الْقَلَقِ يُهَدِّدُ السُّوقَ.

Their letters are also those of imperfects of forms II and III, "she" or "you", and the perfect has
those of its verbal noun (Ryding 2005, chapters 26 and 27).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from briefing.text.characters import DAMMA, FATHA
from briefing.text.tables import context
from briefing.text.vowels.mark_masks import VOWEL
from briefing.text.vowels.verb_voice import Chances
from briefing.text.words.clauses import word_at
from briefing.text.words.conjugation import active_readings
from briefing.text.words.noun_signs import is_masculine
from briefing.text.words.passives import noun_kind
from briefing.text.words.verb_forms import Vowels
from briefing.text.words.verb_signs import is_verb

__all__ = ["agreeing_perfect", "noun_in_t"]

_LIKE_FORM_V = re.compile("ت[^\\Wاوىة][^\\Wاىةأ][^\\Wاىة]")
_PERFECT_OF_FORM_V = (FATHA,) * 4, (False, False, True, False)
_NOUN_OF_FORM_V = (FATHA, FATHA, DAMMA, FATHA), (False, False, True, False)
_LIKE_FORM_VI = re.compile("ت[^\\Wاىة]ا[^\\Wاىة][^\\Wاىةي]")
_LIKE_FORM_VI_ALONE = re.compile("ت[^\\Wاوىة]ا[^\\Wاوىةي][^\\Wاىةي]")
"""Not the letters of تُوَاجِهُ and تُحَاوِلُ, which many say of parties and clubs."""
_PERFECT_OF_FORM_VI = (FATHA, FATHA, "", FATHA, FATHA), (False,) * 5
_NOUN_OF_FORM_VI = (FATHA, FATHA, "", DAMMA, DAMMA), (False,) * 5
_COUNTS_MEN = re.compile("(?:ثلاث|أربع|خمس|ست|سبع|ثماني|تسع|عشر)ة")


def noun_in_t(letters: str) -> Vowels:
    """Return the vowels of a verbal noun of form V or VI; its last vowel is the caller's.

    >>> noun_in_t("تقدم")[1]
    (False, False, True, False)
    """
    return _NOUN_OF_FORM_V if _LIKE_FORM_V.fullmatch(letters) else _NOUN_OF_FORM_VI


def agreeing_perfect(
    words: Sequence[str],
    index: int,
    pauses: Sequence[bool],
    vowels: Callable[[int, int], Chances],
) -> Vowels | None:
    """Return the vowels of a first word that is تَسَرَّبَ, تَزَايَدَ or its noun, or None.

    Before a masculine noun تُسَرِّبُ would not agree: a verb has the gender of the subject that
    follows it (Ryding 2005, 4.2.1). A sentence seldom begins with "and" and a noun. vowels: returns
    the model's probabilities of the vowels of one letter of the word at a place.
    """
    word = words[index]
    front = word[:1] if index == 0 and word[:1] in ("و", "ف") else ""
    letters = word.removeprefix(front)
    opens = index == 0 or pauses[index - 1]
    is_vi = _LIKE_FORM_VI.fullmatch(letters) is not None
    if not (opens and (is_vi or _LIKE_FORM_V.fullmatch(letters))) or pauses[index]:
        return None
    following = word_at(words, index + 1)
    reading: Vowels | None = None
    if _LIKE_FORM_VI_ALONE.fullmatch(letters) and _COUNTS_MEN.fullmatch(following):
        reading = _PERFECT_OF_FORM_VI
    elif not is_masculine(_head(words, index + 1, letters)):
        return None
    elif is_vi:
        reading = _reading_of_vi(words, index, pauses, letters)
    elif _PERFECT_OF_FORM_V in _active_vowels(letters):
        second, third = vowels(index, len(front) + 1), vowels(index, len(front) + 2)
        is_noun = third.u > max(third.a, third.i)  # تَسَرُّبُ
        is_other = third.i > third.a or second.none > second.a  # وَتَجْمَعُ الْقَاعَةُ
        reading = None if (is_other if front else is_noun) else _PERFECT_OF_FORM_V
    if reading is None or not front:
        return reading
    return (FATHA, *reading[0]), (False, *reading[1])


def _head(words: Sequence[str], index: int, verb: str) -> str:
    """Return the noun at a place, with the article that its genitive lends it."""
    noun, behind = word_at(words, index), word_at(words, index + 1)
    is_head = noun[:2] != "ال" and noun_kind(noun) in ("thing", "agent")
    if is_head and behind.startswith("ال") and verb != "ترجم":
        return f"ال{noun}"  # تَعَطَّلَ مَوْقِعُ التَّوَاصُلِ
    return noun


def _reading_of_vi(
    words: Sequence[str], index: int, pauses: Sequence[bool], letters: str
) -> Vowels | None:
    """Return the vowels of تزايد, which has no object: a verb, or a noun that a verb follows."""
    if letters not in context()["no_object_in_t"]:
        return None
    if letters != words[index]:
        return _PERFECT_OF_FORM_VI
    place = index + 2
    while not pauses[place - 1] and word_at(words, place).startswith("ال"):
        place += 1
    after = word_at(words, place) if not pauses[place - 1] else ""
    is_said = after[:1] in ("ي", "ت") and noun_kind(after) == "unknown"
    is_noun = is_said and (is_verb(after) or bool(active_readings(after)))
    return _NOUN_OF_FORM_VI if is_noun else _PERFECT_OF_FORM_VI


def _active_vowels(letters: str) -> list[tuple[tuple[str, ...], tuple[bool, ...]]]:
    """Return the vowels and shaddas of the active verbs that a word may be."""
    return [
        (tuple(VOWEL[vowel] for vowel in vowels), doubled)
        for vowels, doubled in active_readings(letters)
    ]
