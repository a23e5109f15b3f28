"""Where a reading applies: the place of one word, or how many places of some articles."""

from __future__ import annotations

from collections.abc import Iterable

from briefing.text.cleaning import prepare
from briefing.text.normalisation.lexicon import Lexicon, Place, check_line, sentence_digest
from briefing.text.normalisation.lexicon_review import probe_of, starts_of
from briefing.text.script import Sentence, Token

__all__ = ["count_places", "ending_left_open", "place_of"]

_ENDINGS = "\u064b\u064c\u064d\u064e\u064f\u0650\u0652"
"""Marks of case and mood on a last letter."""


def place_of(sentence: Sentence, token: Token) -> Place:
    """Return the place of a token of a sentence."""
    written = " ".join(token.text.split())
    return Place(sentence_digest(sentence.text), token.start - sentence.start, written)


def count_places(written: str, texts: Iterable[str]) -> int:
    """Return at how many places of some texts a line of the lexicon for a word would apply.

    The word may have particles before it there.
    """
    form, _, _ = check_line(written, "ا")
    lexicon = Lexicon.of_words({form: "ا"})
    probe = probe_of(form)
    count = 0
    for text in texts:
        cleaned = prepare(text).text
        folded = cleaned.lower()
        if len(folded) != len(cleaned):
            folded = cleaned
        count += sum(1 for _ in starts_of(lexicon, form, probe, cleaned, folded))
    return count


def ending_left_open(reading: str, before: str) -> str:
    r"""Return a reading without its last mark, if that is the one that the word had before.

    So a reading for many places brings the vowels of the word, and each place keeps its own case.

    >>> ending_left_open("مُحَمَّدٌ", "مَحْمَدٌ") == "مُحَمَّد", ending_left_open("كُتُبٌ", "كُتُبُ") == "كُتُبٌ"
    (True, True)
    """
    if reading[-1:] in _ENDINGS and reading[-1:] == before[-1:] and " " not in reading:
        return reading[:-1]
    return reading
