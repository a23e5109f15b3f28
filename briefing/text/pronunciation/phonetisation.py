"""A vowelled sentence to broad IPA: words linked to each other, and in pausal form at pauses.

Pauses are the end of the sentence and every mark where a newsreader breathes: ، ؛ : . ؟ ! … and
our own breath "-". Between pauses words are linked: hamzat al-wasl is dropped, a long vowel before
it becomes short, and two consonants that meet get a helping vowel (Ryding 2005, 2.7; Wright I
§§18-20).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Literal

from briefing.text.pronunciation.word_sounds import WordSounds, sounds_of
from briefing.text.script import Sentence, Token

__all__ = ["CaseEndings", "phonetise"]

CaseEndings = Literal["full", "sure", "pausal"]

_PAUSES = frozenset("،؛:.؟!…-")
_UNKNOWN = "ʔa"
"""Spoken for a word without any Arabic letter, so that each word keeps its place."""


@dataclass(slots=True)
class _Word:
    """A word of a sentence: an Arabic one, or all words of a foreign token."""

    sounds: WordSounds | None
    """None for a foreign token."""
    is_unsure: bool = False
    """True if the diacritiser is not sure of its ending."""
    has_pause: bool = False
    """True if a pause follows it."""


def phonetise(sentence: Sentence, case_endings: CaseEndings = "sure") -> Sentence:
    """Return the sentence with the `ipa` of each Arabic token: one group of sounds for each word.

    case_endings: "full" keeps every ending; "sure" leaves out those that the diacritiser marked
    in `unsure_endings`; "pausal" leaves out all. A long ending, a pronoun, and the accusative that
    is written with alif are always kept.

    If an ending is left out before the article, a voice may need a short vowel between the two
    words. It is not part of the IPA (see briefing.speech.espeak.mnemonics).
    """
    words_of_tokens: list[list[_Word]] = []
    words: list[_Word] = []
    for token in sentence.tokens:
        token_words = _read_words(token)
        words_of_tokens.append(token_words)
        words += token_words
        if token.mark in _PAUSES and words and (token_words or not token.spoken):
            words[-1].has_pause = True
    if words:
        words[-1].has_pause = True
    groups = iter(_link(words, case_endings))
    tokens = []
    for token, token_words in zip(sentence.tokens, words_of_tokens, strict=True):
        ipa = " ".join([next(groups) for _ in token_words])
        is_arabic = bool(token_words) and token_words[0].sounds is not None and not token.ipa
        tokens.append(replace(token, ipa=ipa) if is_arabic else token)
    return replace(sentence, tokens=tuple(tokens))


def _read_words(token: Token) -> list[_Word]:
    if not token.spoken:
        return []
    if token.language != "ar":
        return [_Word(None)]
    if token.ipa:  # a reading of the lexicon in IPA, the same at every place
        ipa = token.ipa
        return [_Word(WordSounds("", ipa, ipa, ipa, ipa, article=False))]
    spellings = (token.diacritised or token.vowelled or token.spoken).split()
    flags = token.unsure_endings
    return [
        _Word(sounds_of(spelling), is_unsure=flags[index : index + 1] == "?")
        for index, spelling in enumerate(spellings)
    ]


def _link(words: Sequence[_Word], case_endings: CaseEndings) -> list[str]:
    """Return the sounds of each word in its place in the sentence; "" for a foreign token."""
    groups: list[str] = []
    is_linked = False  # to a word before it
    for word, following in zip_longest(words, words[1:]):
        if word.sounds is None:
            groups.append("")
            is_linked = False
            continue
        following_sounds = following.sounds if following and not word.has_pause else None
        sounds = _choose_form(word, word.sounds, following_sounds, case_endings)
        groups.append((sounds if is_linked else word.sounds.onset + sounds) or _UNKNOWN)
        is_linked = not word.has_pause
    return groups


def _choose_form(
    word: _Word, sounds: WordSounds, following: WordSounds | None, case_endings: CaseEndings
) -> str:
    """Return the form of a word before a pause, hamzat al-wasl, or any other word."""
    if word.has_pause:
        return sounds.pausal
    leaves_out = case_endings == "pausal" or (case_endings == "sure" and word.is_unsure)
    if leaves_out and sounds.without_ending != sounds.linked:
        return sounds.without_ending
    if following is not None and _begins_with_wasl(following):
        if following.article and sounds.linked == "min":
            return "mina"  # مِنَ الـ, but مِنِ ابْنِهِ (Wright I §20 d)
        return sounds.before_wasl
    return sounds.linked


def _begins_with_wasl(word: WordSounds) -> bool:
    return word.onset != ""
