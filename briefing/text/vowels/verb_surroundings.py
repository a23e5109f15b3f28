"""What stands around a verb whose vowels are not written, asked by the rules of verb_rules."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from briefing.text.words.clauses import (
    definite_run,
    follow_noun,
    rest_of_clause,
    word_at,
)
from briefing.text.words.passives import (
    is_agent,
    is_listed,
    passive_of,
    preposition_of,
    taken_by,
)
from briefing.text.words.verb_forms import Form

__all__ = ["PLURAL_AND_DUAL", "Cases", "Surroundings", "begins_clause"]

PLURAL_AND_DUAL = ("وا", "ون", "ا", "ان")
"""Endings of verbs whose subject is in them."""
_FATHA = "\u064e"
_DEFINITE = re.compile("[وف]?[بك]?ال|[وف]?لل|.*(?:ه|ها|هم|هما|نا|وا|ون|ين)$")
_PARTICLES = frozenset(["كان", "كانت", "لقد", "ليس", "ليست", "وقد", "فقد", "كما", "ولم", "ولن"])


class Cases(NamedTuple):
    """The model's probabilities of the cases that a word's last letter may show."""

    nominative: float
    accusative: float
    genitive: float


@dataclass(frozen=True)
class Surroundings:
    """A verb in its sentence, and what the rules ask of the words around it."""

    words: Sequence[str]
    """The sentence without marks."""
    index: int
    """The verb's place among them."""
    pauses: Sequence[bool]
    """Whether a pause follows each word."""
    form: Form
    ending: Callable[[int], str]
    """Returns the mark that the model puts on the last letter of the word at a place."""
    cases: Callable[[int], Cases]
    """Returns how likely the model takes the word at a place for each case."""

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
        """Whether the verb begins its clause, with nobody before it who could do it."""
        return _opens(self.words, self.index, self.pauses)

    @cached_property
    def own(self) -> frozenset[str]:
        """The prepositions and flags of the verb in passives.toml."""
        return taken_by(self.form)

    @cached_property
    def complements(self) -> frozenset[str]:
        """The prepositions that the active verb takes."""
        return frozenset(entry.lstrip("!") for entry in self.own)

    @cached_property
    def preposition(self) -> str:
        """The preposition or adverb that the next word is or begins with, or ""."""
        return preposition_of(self.following) if self.following else ""

    @cached_property
    def before_that(self) -> bool:
        """Whether أن or إن follows, alone or with a pronoun."""
        return begins_clause(self.following)

    @cached_property
    def before_this(self) -> bool:
        """Whether هذا or هذه follows."""
        return self.following in ("هذا", "هذه")

    @cached_property
    def run(self) -> int:
        """How many words with the article follow: a noun, its adjectives and genitive."""
        return definite_run(self.words, self.index + 1, self.pauses)

    @cached_property
    def after_run(self) -> str:
        """The word that follows this run, or the next word, within the clause; else ""."""
        place = self.index + 1 + max(self.run, 1)
        return word_at(self.words, place) if not self.pauses[place - 1] else ""

    @cached_property
    def names_this(self) -> bool:
        """Whether هذا or هذه and its noun follow."""
        return self.before_this and word_at(self.words, self.index + 2).startswith("ال")

    @cached_property
    def has_agent(self) -> bool:
        """Whether somebody follows who may do what the verb says."""
        noun = word_at(self.words, self.index + 2) if self.names_this else self.following
        return is_agent(noun)

    @cached_property
    def noun_end(self) -> int:
        """The place after the noun that follows, with its genitives and adjectives."""
        return self._noun[0]

    @cached_property
    def has_object(self) -> bool:
        """Whether an indefinite accusative follows that noun."""
        return self._noun[1]

    @cached_property
    def _noun(self) -> tuple[int, bool]:
        return follow_noun(self.words, self.index + 1, self.pauses)

    @cached_property
    def after_noun(self) -> str:
        """The preposition after the noun that follows, or ""."""
        ends = self.pauses[self.noun_end - 1]
        return preposition_of(word_at(self.words, self.noun_end)) if not ends else ""

    @cached_property
    def rest(self) -> Sequence[str]:
        """The words from the next but one to the end of the clause, some of them."""
        return rest_of_clause(self.words, self.index + 2, self.pauses)

    @cached_property
    def has_subject_inside(self) -> bool:
        """Whether the verb's ending is its subject: plural or dual."""
        return self.form.spelled.endswith(PLURAL_AND_DUAL)

    @cached_property
    def is_feminine(self) -> bool:
        """Whether the verb is 3rd person feminine singular."""
        spelled = self.form.spelled
        return spelled[0] == "ت" if self.form.imperfect else spelled[-1] == "ت"

    @cached_property
    def says_of_thing(self) -> bool:
        """Whether the verb says something of an indefinite noun, which does nothing itself."""
        index = self.index
        noun = word_at(self.words, index - 1) if index and not self.pauses[index - 1] else ""
        if len(noun) < 3 or _DEFINITE.match(noun) or noun in _PARTICLES or is_agent(noun):
            return False
        listed = is_listed(noun, "openers") or is_listed(noun, "impersonal")
        return not (listed or preposition_of(noun) == noun) and passive_of(noun) is None

    def is_object_at(self, place: int) -> bool:
        """Return whether the model takes the word there, with the article, for an accusative."""
        word = word_at(self.words, place)
        if not word.startswith("ال") or word.endswith(("ين", "ون", "ان")):
            return False
        return self.ending(place) == _FATHA


def begins_clause(word: str) -> bool:
    """Return whether a word is أن or إن, alone or with a pronoun."""
    return word.startswith(("أن", "إن")) and len(word) < 6


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
