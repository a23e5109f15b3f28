"""A sentence's readings as the rules of case see and change them.

Ryding 2005, chapters 5 and 7: which words show a case, by which vowel, and what of two words may
agree in gender and number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Sequence
from dataclasses import replace
from functools import lru_cache

from briefing.text.tables import context
from briefing.text.vowels.marks import SURE_ENDING, Cases, Reading, Word, is_form_viii_of_lam
from briefing.text.words.known_words import is_diptote
from briefing.text.words.noun_signs import (
    is_broken_plural,
    is_feminine,
    is_like_adjective,
    is_sound_plural,
)
from briefing.text.words.passives import is_listed, preposition_of

__all__ = [
    "ACCUSATIVE",
    "GENITIVE",
    "MOSTLY",
    "NOMINATIVE",
    "RATHER",
    "SURELY",
    "TANWIN",
    "VOWELS",
    "CaseRule",
    "CaseView",
    "case_of_owned",
    "owned_in_case",
]

NOMINATIVE, ACCUSATIVE, GENITIVE = 0, 1, 2
VOWELS = ("\u064f", "\u064e", "\u0650")
"""The vowel of each case."""
SURELY = 1000.0
"""Times for what grammar leaves no choice in."""
MOSTLY = 200.0
RATHER = 12.0
TANWIN = ("\u064c", "\u064b", "\u064d")
_OWNED = re.compile(
    "(?!هَذِه|.*(?:وَجْه|مِيَاه|شِفَاه|شِبْه|شَبَه|فِقْه|ِيه|تِجَاه|تِبَاه|جَاه|فَوَاكِه|وُجُوه|نَزِيه|شَابِه|لل\u0651?\u064eه)[\u064b-\u0650]?$)"
    "(.*[\u0621-\u064a]\u0651?)[\u064e-\u0650]"
    "(ه[\u064f\u0650]?|هَا|ه[\u064f\u0650]م[\u0652\u064f\u0650]?|ه[\u064f\u0650]مَا)"
)
"""A noun, the vowel of its case, and its pronoun: قَارِبُهُمْ."""
_CASE_OF = {mark: case for marks in (VOWELS, TANWIN) for case, mark in enumerate(marks)}
_WITHOUT_CASE = frozenset("تلك ذلك ذاك هذا هذه هؤلاء أولئك".split())
_PRONOUNS = ("ه", "ها", "هم", "هما")
_DEFINITE = re.compile("[وف]?(?:[بك]?ال|لل)[^\\W]{2,}")
_ARTICLE = re.compile("[وف]?(?:[بك]?ال|لل)")
_LONG_ENDING = re.compile(".*(?:[اىيو]|[^\\W]{2}(?:ون|ين|ان))")
_CONSONANTAL_YA = re.compile("(?:ي\u0651|\u0652ي)[\u064b-\u0650]$")
"""الِائْتِمَانِيُّ, الرَّأْيُ: the case is the vowel of a doubled ي, or of one behind a consonant."""


@lru_cache(maxsize=8192)
def _has_article(word: str) -> bool:
    is_other = is_listed(word, "relatives") or is_form_viii_of_lam(word)
    return _DEFINITE.fullmatch(word) is not None and not is_other


def owned_in_case(written: str, case: int) -> str:
    """Return a noun with a pronoun in a case, "" if it is no such noun: اسْتِقَالَتَهُ.

    The pronoun has i behind i (Ryding 2005, 12.2).
    """
    match = _OWNED.fullmatch(written)
    if not match:
        return ""
    other, own = ("ه\u064f", "ه\u0650") if case == GENITIVE else ("ه\u0650", "ه\u064f")
    return f"{match[1]}{VOWELS[case]}{match[2].replace(other, own)}"


def case_of_owned(written: str) -> int | None:
    """Return the case of a noun with a pronoun, None if it is no such noun: حَمْلَتُهَا."""
    match = _OWNED.fullmatch(written)
    return VOWELS.index(written[match.end(1)]) if match else None


class CaseView:
    """The words of a sentence, their readings, and what may be asked of them."""

    def __init__(
        self,
        words: Sequence[Word],
        readings: Sequence[Reading],
        pauses: Sequence[bool],
        passives: Container[int],
    ) -> None:
        """words: as given; pauses: whether one follows each; passives: places of such verbs."""
        self.words = words
        self.letters = [word.letters for word in words]
        self.readings = list(readings)
        self.pauses = pauses
        self.passives = passives
        self.decided: set[int] = set()
        """The places of words whose case a rule has asked for and that have it."""
        self.rule = ""
        """The name of the rule that runs."""
        # what does not change while the rules run, and each of them asks for
        places = range(len(words))
        self._following = frozenset(place for place in places[1:] if not pauses[place - 1])
        self._definite = frozenset(place for place in places if _has_article(self.letters[place]))
        self._bare = frozenset(place for place in places if self._may_be_bare_noun(place))

    def _may_be_bare_noun(self, index: int) -> bool:
        word = self.letters[index]
        return len(word) > 2 and index not in self._definite and preposition_of(word) != word

    def __len__(self) -> int:
        return len(self.words)

    def follows(self, index: int) -> bool:
        """Return whether a word follows another one without a pause."""
        return index in self._following

    def is_definite(self, index: int) -> bool:
        """Return whether a word has the article."""
        return index in self._definite

    def begins_with_article(self, index: int) -> bool:
        """Return whether a word has the article and nothing joined before it."""
        return index in self._definite and self.letters[index].startswith("ال")

    def stem(self, index: int) -> str:
        """Return a word without its article and what is joined before that."""
        word = self.letters[index]
        return _ARTICLE.sub("", word, count=1) if self.is_definite(index) else word

    def is_noun(self, index: int) -> bool:
        """Return whether a word without article is read as a noun: the model gives it a case."""
        return index in self._bare and self.readings[index].written[-1:] in _CASE_OF

    def is_like_adjective(self, index: int) -> bool:
        """Return whether a word has the letters of an adjective: nisba, participle, فعيل, أفعل."""
        return is_like_adjective(self.stem(index))

    def is_feminine(self, index: int) -> bool:
        """Return whether a noun takes a feminine adjective for certain."""
        stem = self.stem(index)
        return is_feminine(stem)

    def is_broken_plural(self, index: int) -> bool:
        """Return whether a noun has the letters of a plural that takes a feminine adjective."""
        return is_broken_plural(self.stem(index))

    def shows_case(self, index: int) -> bool:
        """Return whether the case of a word is the vowel of its last letter, and open."""
        word = self.letters[index]
        may_be_owned = word.endswith(_PRONOUNS) and index not in self._definite
        owned = may_be_owned and case_of_owned(self.readings[index].written) is not None
        if owned or word in _WITHOUT_CASE:
            return False  # شِرَائِهِمُ, تِلْكَ
        return (
            not self.words[index].vowels[-1]
            and not self._ends_long(index)
            and not is_diptote(word)
            and self.readings[index].written[-1:] in _CASE_OF
        )

    def _ends_long(self, index: int) -> bool:
        stem = self.stem(index)
        is_consonant = _CONSONANTAL_YA.search(self.readings[index].written) is not None
        is_long = _LONG_ENDING.fullmatch(stem) is not None and not is_consonant
        return is_long and stem not in context()["ends_in_an"] | context()["ends_in_n"]

    def case(self, index: int) -> int | None:
        """Return the case that a word is read in, None where its ending shows none."""
        return _CASE_OF.get(self.readings[index].written[-1:])

    def chances(self, index: int) -> Cases:
        """Return how likely a word is in each case: the i of ات is either (Ryding 2005, 7.2.2)."""
        cases = self.readings[index].cases
        if not self._is_sound_feminine(index):
            return cases
        either = (cases[ACCUSATIVE] + cases[GENITIVE]) / 2
        return cases[NOMINATIVE], either, either

    def favour(self, index: int, case: int, times: float) -> None:
        """Make a case of a word so many times likelier than the model has it."""
        if self.shows_case(index):
            self.settle(index, case, self.raise_chance(self.chances(index), case, times))

    def exclude_genitive(self, index: int) -> None:
        """Write a word that cannot be genitive in the likelier one of the other cases."""
        if not self.shows_case(index):
            return
        nominative, accusative, _ = self.chances(index)
        total = nominative + accusative or 1.0
        cases = nominative / total, accusative / total, 0.0
        self.settle(index, NOMINATIVE if nominative >= accusative else ACCUSATIVE, cases)

    @staticmethod
    def raise_chance(cases: Cases, case: int, times: float) -> Cases:
        """Return the chances of the cases with one of them so many times likelier."""
        raised = [chance * (times if at == case else 1.0) for at, chance in enumerate(cases)]
        total = sum(raised) or 1.0
        return raised[0] / total, raised[1] / total, raised[2] / total

    def settle(self, index: int, case: int, cases: Cases) -> None:
        """Write a word's ending by the chances of its cases; `case`: what the rule asks for."""
        reading = self.readings[index]
        chance = cases[case]
        written = reading.written
        if self.case(index) != self.vowel_of(index, case):
            if chance < max(cases):
                return
            marks = TANWIN if written[-1] in TANWIN else VOWELS
            written = written[:-1] + marks[self.vowel_of(index, case)]
        self.decided.add(index)
        self.readings[index] = replace(
            reading,
            written=written,
            cases=cases,
            ending_chance=chance,
            ending_sure=chance >= SURE_ENDING,
            rule=reading.rule if written == reading.written else self.rule,
        )

    def make_construct(self, index: int) -> None:
        """Write a noun before its genitive: with no tanwin (Ryding 2005, 8.1)."""
        reading = self.readings[index]
        if reading.written[-1:] in TANWIN:
            vowel = VOWELS[TANWIN.index(reading.written[-1])]
            self.readings[index] = replace(reading, written=reading.written[:-1] + vowel)

    def add_tanwin(self, index: int) -> None:
        """Write a noun or adjective that has no genitive: with tanwin for its vowel (8.1)."""
        reading = self.readings[index]
        mark = TANWIN[VOWELS.index(reading.written[-1])]
        written = reading.written[:-1] + mark
        self.readings[index] = replace(reading, written=written, rule=self.rule)

    def make_nominative(self, index: int) -> None:
        """Write a word that has no other case and no genitive: nominative, with tanwin."""
        if self.shows_case(index):
            self.settle(index, NOMINATIVE, (1.0, 0.0, 0.0))
        if self.readings[index].written[-1:] in VOWELS:
            self.add_tanwin(index)

    def put_owned(self, index: int, case: int) -> None:
        """Write a noun with a pronoun in a case."""
        reading = self.readings[index]
        written = owned_in_case(reading.written, case) or reading.written
        self.readings[index] = replace(reading, written=written, rule=self.rule)

    def vowel_of(self, index: int, case: int) -> int:
        """Return the case whose vowel a word shows: that of ات has i for a."""
        return GENITIVE if case == ACCUSATIVE and self._is_sound_feminine(index) else case

    def _is_sound_feminine(self, index: int) -> bool:
        stem = self.stem(index)
        return len(stem) > 3 and stem.endswith("ات") and stem not in context()["own_ta"]

    def may_agree(self, noun: int, adjective: int) -> bool:
        """Return whether gender and number let an adjective belong to a noun."""
        of, by = self.stem(noun), self.stem(adjective)
        if is_sound_plural(of) and not by.endswith(("ون", "ين")):
            return False  # الْمُحَقِّقُونَ الْمُشْتَبَهَ بِهِ
        if by.endswith("ة"):
            return self.is_feminine(noun) or self.is_broken_plural(noun)
        if by.endswith("ات"):
            return of.endswith("ات") or self.is_broken_plural(noun)
        return not self.is_feminine(noun)


CaseRule = Callable[[CaseView, int], None]
"""A rule looks at the word at a place and settles its case, or that of words beside it."""
