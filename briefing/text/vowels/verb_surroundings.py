"""The words around a verb without vowels, with the questions that verb_evidence asks of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Protocol

from briefing.text.words.clauses import definite_run, word_at
from briefing.text.words.known_words import known_reading
from briefing.text.words.passives import is_listed, passive_of, preposition_of, taken_by
from briefing.text.words.verb_forms import Form
from briefing.text.words.verb_signs import looks_like_verb

__all__ = ["Cases", "Opinion", "Surroundings", "begins_clause"]

_PLURAL_AND_DUAL = ("وا", "ون", "ا", "ان")
"""Endings of verbs that contain the subject."""
_JOINED = 0.5
"""A first ب or ل is no preposition if the probability of an i on it is below this."""
_SIGHT = 13
"""How many words after the verb are looked at."""


class Cases(NamedTuple):
    """The model's probabilities of the cases that a word's last letter may show."""

    nominative: float
    accusative: float
    genitive: float


class Opinion(Protocol):
    """The model's opinion of the words of the sentence."""

    def ending(self, place: int) -> str:
        """Return the mark that it puts on the last letter of the word at a place."""

    def cases(self, place: int) -> Cases:
        """Return its probabilities of the cases of the word at a place."""

    def begins_with_i(self, place: int) -> float:
        """Return its probability of an i on the first letter of the word at a place."""

    def begins_with_a(self, place: int) -> float:
        """Return its probability of an a on the first letter of the word at a place."""


@dataclass(frozen=True)
class Surroundings:
    """A verb in its sentence, and facts about the words around it."""

    words: Sequence[str]
    """The sentence without marks."""
    index: int
    """The verb's place among them."""
    pauses: Sequence[bool]
    """Whether a pause follows each word."""
    form: Form
    model: Opinion

    @cached_property
    def following(self) -> str:
        """The next word of the clause, or ""."""
        return word_at(self.words, self.index + 1) if not self.pauses[self.index] else ""

    @cached_property
    def second(self) -> str:
        """The next word but one of the clause, or ""."""
        if not self.following or self.pauses[self.index + 1]:
            return ""
        return word_at(self.words, self.index + 2)

    @cached_property
    def opens(self) -> bool:
        """Whether the verb begins its clause, so that no possible subject is before it."""
        return _opens(self.words, self.index, self.pauses)

    @cached_property
    def own(self) -> frozenset[str]:
        """The prepositions and flags of the verb in passives.toml."""
        return taken_by(self.form)

    @cached_property
    def complements(self) -> frozenset[str]:
        """The prepositions that the active verb governs."""
        return frozenset(entry.lstrip("!") for entry in self.own)

    @cached_property
    def preposition(self) -> str:
        """The preposition or adverb that the next word is or begins with, or ""."""
        preposition = preposition_of(self.following) if self.following else ""
        joined = preposition in ("ب", "ل") and preposition != self.following
        if joined and self.model.begins_with_i(self.index + 1) < _JOINED:
            return ""  # تَرَكَتْ بَصْمَتَهَا
        return preposition

    @cached_property
    def before_that(self) -> bool:
        """Whether أن or إن follows, alone or with a pronoun."""
        return begins_clause(self.following)

    @cached_property
    def run(self) -> int:
        """How many words with the article follow: a noun, its adjectives and genitive."""
        return definite_run(self.words, self.index + 1, self.pauses)

    @cached_property
    def after_run(self) -> str:
        """The word that follows this run, or the next word, within the clause; else ""."""
        place = self.index + 1 + max(self.run, 1)
        if place > len(self.words) or self.pauses[place - 1]:
            return ""
        return word_at(self.words, place)

    @cached_property
    def before(self) -> str:
        """The word before within the clause, without "and", or ""."""
        if not self.index or self.pauses[self.index - 1]:
            return ""
        return re.sub("^[وف]", "", self.words[self.index - 1])

    @cached_property
    def follows_relative(self) -> bool:
        """Whether the verb is in a relative clause about the noun before: الَّتِي فُرِضَتْ."""
        return is_listed(self.before, "relative_pronouns")

    @cached_property
    def clause(self) -> Sequence[int]:
        """The places from the next word but one to the end of the clause, at most _SIGHT."""
        places = []
        for place in range(self.index + 2, min(self.index + _SIGHT, len(self.words))):
            if self.pauses[place - 1] or _ends_clause(self.words[place]):
                break
            places.append(place)
            if begins_clause(self.words[place]):
                break
        return places

    @cached_property
    def has_subject_inside(self) -> bool:
        """Whether the verb's ending is its subject, plural or dual."""
        return self.form.spelled.endswith(_PLURAL_AND_DUAL)

    @cached_property
    def is_feminine(self) -> bool:
        """Whether the verb is 3rd person feminine singular."""
        spelled = self.form.spelled
        return spelled[0] == "ت" if self.form.imperfect else spelled[-1] == "ت"


_THAT = re.compile("[أإ]ن(?:ه|ها|هم|هما|هن|نا|ني|ي|ك|كم)?")


def begins_clause(word: str) -> bool:
    """Return whether a word is أن or إن, alone or with a pronoun."""
    return _THAT.fullmatch(word) is not None


def _ends_clause(word: str) -> bool:
    """Return whether another clause begins with a word: a relative, a conjunction, a verb."""
    bare = re.sub("^[وف]", "", word)
    if is_listed(bare, "conjunctions") or (
        is_listed(bare, "relatives") and not begins_clause(word)
    ):
        return True
    form = passive_of(word)
    if form is not None and (form.imperfect or word[-1] == "ت") and not word.startswith("ال"):
        return True
    return looks_like_verb(word) and word[0] != "ا" and not known_reading(word)


def _opens(words: Sequence[str], index: int, pauses: Sequence[bool]) -> bool:
    if index == 0 or pauses[index - 1] or words[index - 1] == "وقد":
        return True
    before = re.sub("^[وفب](?=أ|ل)", "", words[index - 1])
    if before in ("أن", "ألا", "لم", "لن", "لا", "قد"):
        if index == 1 or pauses[index - 2]:
            return True
        head = re.sub("^[وف]", "", words[index - 2])
        return is_listed(head, "impersonal" if before in ("أن", "ألا") else "openers")
    return is_listed(before, "openers")
