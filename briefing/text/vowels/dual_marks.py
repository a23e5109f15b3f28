"""Marks of the duals that their neighbours tell: هَدَفَيْنِ نَظِيفَيْنِ, سَفِيرَيْ مِصْرَ وَالْأُرْدُنِّ.

Without vowels a dual in ين has the letters of a sound plural, and one in ي those of a nisba.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from briefing.text.characters import FATHA, KASRA, SUKUN
from briefing.text.tables import context, kinds
from briefing.text.vowels.marks import Word
from briefing.text.words.noun_signs import is_broken_plural, is_dual_of_thing, is_like_adjective
from briefing.text.words.passives import is_agent, is_listed, is_name, noun_kind, preposition_of
from briefing.text.words.verb_signs import is_verb

__all__ = ["OF_DUAL", "are_two_of", "is_beside_dual", "tells_of_two"]


def is_beside_dual(words: Sequence[Word], pauses: Sequence[bool], index: int) -> bool:
    """هَدَفَيْنِ نَظِيفَيْنِ: what follows a dual of a thing, and has an article as it has, describes it.

    Ryding 2005, 5.1, 7.1. زَارَ قَبْلَ يَوْمَيْنِ لَاجِئِينَ: after a dual of time it may be another's object.
    """
    letters = words[index].letters
    if not index or pauses[index - 1] or not _MAY_DESCRIBE_TWO.fullmatch(letters):
        return False
    if letters[0] == "و" and letters.removesuffix("ين") not in context()["own_waw"]:
        return False
    before = words[index - 1]
    if letters.startswith("ال") and before.letters.startswith("وال") and index > 2:
        before = words[index - 3]  # الْقَرْنَيْنِ الثَّالِثِ وَالسَّادِسِ الْمِيلَادِيَّيْنِ
    if letters.startswith("ال") and _describes_construct(words, pauses, index):
        return not any(words[index].vowels[-3:])
    same = letters.startswith("ال") == (_WITH_ARTICLE.match(before.letters) is not None)
    if not same or any(words[index].vowels[-3:]) or letters in context()["ends_in_n"]:
        return False
    if before.vowels[-3:] != OF_DUAL and not is_dual_of_thing(before.letters):
        return False
    of_time = before.letters.removesuffix("ين").removeprefix("و").removeprefix("ب")
    return of_time not in kinds()["time"] or letters in _OF_TWO_TIMES


def _describes_construct(words: Sequence[Word], pauses: Sequence[bool], index: int) -> bool:
    """رَئِيسَيْ مَصْلَحَةِ الْجَمَارِكِ السَّابِقَيْنِ: an adjective in ين is of the two, not of a thing."""
    for place in range(index - 1, max(-1, index - 4), -1):
        word = words[place]
        if pauses[place] or word.letters.endswith(("ين", "ون")):
            return False
        if word.letters.endswith("ي") and word.vowels[-2:] == (FATHA, SUKUN):
            return place < index - 1
        if is_agent(word.letters) and is_broken_plural(word.letters.removeprefix("ال")):
            return False
    return False


OF_DUAL = (FATHA, SUKUN, KASRA)
_MAY_DESCRIBE_TWO = re.compile("(?:ال)?[^\\W]{3,}ين")
_WITH_ARTICLE = re.compile("[وف]?(?:[بك]?ال|لل)")
_OF_TWO_TIMES = frozenset("كاملين متتاليين متواصلين متتابعين إضافيين آخرين ماليين دراسيين".split())


def tells_of_two(words: Sequence[Word], pauses: Sequence[bool], index: int) -> bool:
    """الْعَسْكَرِيَّيْنِ اللَّذَيْنِ, مُسْتَثْمِرَيْنِ سُورِيٌّ وَسُعُودِيٌّ: what follows tells that they are two.

    A relative pronoun or a verb of two, or an adjective for each (Ryding 2005, 5.1, 14.2, 21.1).
    """
    letters = words[index].letters
    if not _MAY_DESCRIBE_TWO.fullmatch(letters) or any(words[index].vowels[-3:]) or pauses[index]:
        return False
    if letters.removeprefix("ال") in context()["ends_in_n"]:
        return False
    if index and letters[:2] != "ال" and words[index - 1].letters in ("كانا", "كانتا"):
        return not pauses[index - 1]
    first, second = ([word.letters for word in words[index + 1 : index + 3]] + ["", ""])[:2]
    if _is_of_two(first) or _is_one_of_each(first, second):
        return True
    has_adjective = _MAY_DESCRIBE_TWO.fullmatch(first) and not pauses[index + 1]
    return bool(has_adjective) and _is_of_two(second)  # الْعَسْكَرِيَّيْنِ الْيُونَانِيَّيْنِ اللَّذَيْنِ


def _is_of_two(word: str) -> bool:
    if word in ("اللذين", "اللتين"):
        return True
    of_now = _DUAL_IMPERFECT.fullmatch(word)
    return word in context()["verbs_of_two"] or (of_now is not None and is_verb(of_now[1]))


_DUAL_IMPERFECT = re.compile("((?:س?[يت])[^\\W]{3,})ان")


def _is_one_of_each(first: str, second: str) -> bool:
    """Return whether two words are adjectives of one person each: سوري وسعودي."""
    both = _ONE.fullmatch(first) and _ONE.fullmatch(second.removeprefix("و"))
    return bool(both) and second.startswith("و")


_ONE = re.compile("(?:ال)?[^\\W]{3,}ية?")


def are_two_of(letters: Sequence[str], pauses: Sequence[bool], index: int) -> bool:
    """سَفِيرَيْ مِصْرَ وَالْأُرْدُنِّ: before its genitive a dual loses its n (Ryding 2005, 5.1, 8.1).

    Only of nouns that have no other plural in ـين and no nisba that is often said.
    """
    stem = letters[index].removesuffix("ي")
    if stem == letters[index] or index + 1 == len(letters) or pauses[index]:
        return False
    joined = stem[1:] if stem[:1] in ("و", "ف", "ب", "ل", "ك") else stem
    governed = index > 0 and not pauses[index - 1] and preposition_of(letters[index - 1])
    is_nisba = {stem, joined} & context()["duals_behind_prepositions"] and not governed
    if is_nisba or not {stem, joined} & context()["duals_in_construct"]:
        return False
    following = letters[index + 1]
    if is_listed(following, "times") or preposition_of(following):
        return False
    if following in ("الأول", "الأولى"):
        return False
    if following.startswith("ال") and is_like_adjective(following[2:]):
        return noun_kind(following) != "unknown"  # مَشْرُوعِي الْجَدِيدُ
    if following.startswith("ال") or is_name(following) or noun_kind(following) != "unknown":
        return True
    return letters[index + 2 : index + 3] != [] and letters[index + 2][0] == "و"  # نَهْرَيْ بِيَا وَكَاتُونَ
