"""A clause, word by word: where a noun with its genitives and adjectives ends, and what follows.

Everything is decided by the letters and the table passives.toml. Words are without marks; `pauses`
has for each word whether a pause follows it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from briefing.text.characters import SHADDA
from briefing.text.words.known_words import known_reading
from briefing.text.words.noun_signs import is_broken_plural, is_feminine, is_like_adjective
from briefing.text.words.passives import (
    is_accusative,
    is_agent,
    is_before_noun,
    is_listed,
    is_name,
    noun_kind,
    passive_of,
    preposition_of,
)
from briefing.text.words.verb_signs import looks_like_verb

__all__ = [
    "definite_run",
    "follow_noun",
    "is_governed",
    "is_shown",
    "new_agent",
    "opens_as_verb",
    "rest_of_clause",
    "word_at",
]

_DEFINITE = re.compile("[وف]?[بك]?ال|[وف]?لل|.*...(?:ه|ها|هم)$")
_NUMBER = re.compile("عشرة?|[^\\W]{3,4}(?:ون|ين)|مئة|ألفا?")
"""An accusative after these is the counted noun: قُتِلَ اثْنَا عَشَرَ شَخْصًا."""
_QUANTIFIERS = frozenset(["كل", "جميع", "معظم", "بعض", "كافة"])
_NEAR = 3
"""An object may be among so many words after a name: رَصَدَ تِلِسْكُوبُ جِيمْس وِيب الْفَضَائِيُّ كَوْكَبًا."""
_LONGEST_NOUN = 7
"""The most words that a noun with its genitives and adjectives is followed for."""


def word_at(words: Sequence[str], index: int) -> str:
    """Return a word; "" after the last."""
    return words[index] if index < len(words) else ""


def definite_run(words: Sequence[str], start: int, pauses: Sequence[bool]) -> int:
    """Return how many words from here on have the article: a noun, its adjectives and genitive."""
    end = start
    while word_at(words, end).startswith("ال") and not is_listed(words[end], "relatives"):
        end += 1
        if pauses[end - 1]:
            break
    return end - start


def new_agent(words: Sequence[str], index: int, pauses: Sequence[bool]) -> str:
    """Return who does a headline's verb: somebody new, first, perhaps with an adjective; else "".

    >>> new_agent("شركة ناشئة تطور بطارية".split(), 2, [False] * 4)
    'شركة'
    """
    first = words[0]
    if index not in (1, 2) or any(pauses[:index]) or first.startswith("ال") or not is_agent(first):
        return ""
    agrees = index == 1 or (
        is_like_adjective(words[1]) and is_feminine(words[1]) == is_feminine(first)
    )
    return first if agrees else ""


def opens_as_verb(words: Sequence[str], index: int, pauses: Sequence[bool]) -> bool:
    """Return whether a first word like رسم or شاهد is a verb, though it may be a noun.

    An agent with the article follows, perhaps with adjectives, and an object, but no other verb: as
    a noun it would say nothing (Ryding 2005, 4.1).

    >>> opens_as_verb("رسم الفنان لوحة جديدة".split(), 0, [False] * 4)
    True
    >>> opens_as_verb("قصف الجيش مواقع المسلحين يخلف قتلى".split(), 0, [False] * 6)
    False
    """
    if not _LIKE_NOUN.fullmatch(words[index]) or (index and not pauses[index - 1]):
        return False
    place = index + 1
    if not word_at(words, place).startswith("ال") or not is_agent(words[place]):
        return False
    place += 1
    while _describes(word_at(words, place)):
        place += 1
    noun = word_at(words, place)
    if not noun or any(pauses[index:place]) or preposition_of(noun) or noun[0] in "وف":
        return False
    is_noun = noun_kind(noun) in ("thing", "agent") or is_broken_plural(noun)
    if not is_noun or is_listed(noun, "adverbs"):
        return False
    if is_like_adjective(noun) and not (is_agent(noun) or is_broken_plural(noun)):
        return False  # قَاتِلُ الرَّئِيسِ مَعْرُوفٌ
    rest = words[place + 2 :] if not noun.startswith("ال") else words[place + 1 :]
    return not any(looks_like_verb(word) or passive_of(word) is not None for word in rest)


def _describes(word: str) -> bool:
    return word.startswith("ال") and is_like_adjective(word[2:]) and not is_agent(word)


_LIKE_NOUN = re.compile("[^\\W]{3}|[^\\W]ا[^\\W]{2}")
"""The letters of forms I and III, and of a verbal noun or an active participle."""


_FORM_V = re.compile("ت[^\\Wاوىي][^\\Wاوىي][^\\Wاوىي]")
_FORM_V_OR_VI = re.compile(f"{_FORM_V.pattern}|ت[^\\Wاوىي]ا[^\\Wاىي][^\\Wاوىي]")
_LONGEST_SUBJECT = 4


def is_shown(words: Sequence[str], index: int, pauses: Sequence[bool]) -> bool:
    """Return whether a word is the verbal noun of form V or VI that a verb before shows.

    >>> is_shown("أظهر استطلاع المؤسسة تقدم الحزب".split(), 3, [False] * 5)
    True
    """
    word = words[index]
    if not _FORM_V_OR_VI.fullmatch(word) or noun_kind(word) != "thing":
        return False
    for place in range(index - 1, max(-1, index - 2 - _LONGEST_SUBJECT), -1):
        before = words[place]
        if pauses[place]:
            return False
        if is_listed(before.removeprefix("و"), "shows"):
            return place < index - 1
        if before[0] in "وف" or is_accusative(before) or is_listed(before, "relatives"):
            return False
    return False


def is_governed(words: Sequence[str], index: int, pauses: Sequence[bool]) -> bool:
    """Return whether a word is a verbal noun of form V, as a preposition before it shows.

    The letters are also those of an imperfect of form II, before which no preposition stands.

    >>> is_governed("حذر من تشكل الصقيع".split(), 2, [False] * 4)
    True
    """
    word = words[index]
    if not index or pauses[index - 1] or not _FORM_V.fullmatch(word) or known_reading(word):
        return False
    form = passive_of(word)
    if form is None or not form.imperfect or SHADDA not in form.verb[1:-1]:
        return False
    before = words[index - 1].removeprefix("و")
    return is_before_noun(before) or before in ("من", "منذ", "رغم", "دون")


def rest_of_clause(words: Sequence[str], start: int, pauses: Sequence[bool]) -> Sequence[str]:
    """Return the words from here to the next pause, but not more than a few."""
    end = start
    while end < min(start + 2 * _LONGEST_NOUN, len(words)) and not pauses[end - 1]:
        end += 1
    return words[start:end]


def follow_noun(words: Sequence[str], start: int, pauses: Sequence[bool]) -> tuple[int, bool]:
    """Follow the noun at `start` with its genitives and adjectives.

    Returns the place after them, and whether an accusative with its alif, an object, follows before
    the end of the clause.
    """
    closed = False
    for index in range(start, min(start + _LONGEST_NOUN, len(words))):
        word = words[index]
        if index > start:
            if is_accusative(word) and not _NUMBER.fullmatch(words[index - 1]):
                return index, True
            bare = re.sub("^و", "", word) if len(word) > 3 else word
            ends = is_listed(bare, "relatives") or preposition_of(word) != ""
            form = passive_of(word)
            ends = ends or (form is not None and (form.imperfect or word[-1] == "ت"))
            if ends or word in _QUANTIFIERS:
                return index, False
            if closed and not word.startswith("ال"):
                rest = rest_of_clause(words, index, pauses)[:_NEAR]
                return index, any(map(is_accusative, rest)) and not any(map(preposition_of, rest))
        closed = closed or bool(_DEFINITE.match(word)) or is_name(word)
        if pauses[index]:
            return index + 1, False
    return min(start + _LONGEST_NOUN, len(words)), False
