"""A vowelled sentence to broad IPA: words linked to each other, pausal forms at the pauses.

Pauses are the end of the sentence and every mark that a newsreader breathes at: ، ؛ : . ؟ ! … and
our own breath "-". Between them words are linked: hamzat al-wasl falls, a long vowel before it is
short, two consonants that meet get a helping vowel (Ryding 2005, 2.7; Wright I §§18-20).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from briefing.text.pronunciation.word_sounds import WordSounds, sounds_of
from briefing.text.script import Sentence, Token

__all__ = ["CaseEndings", "phonetise"]

CaseEndings = Literal["full", "sure", "pausal"]

_PAUSES = frozenset("،؛:.؟!…-")
_UNKNOWN = "ʔa"
"""Said for a word without any Arabic letter, so that each word keeps its place."""


def phonetise(sentence: Sentence, case_endings: CaseEndings = "sure") -> Sentence:
    """Fill the `ipa` of each Arabic token: one group of sounds for each of its words.

    case_endings: "full" says every ending; "sure" leaves out those that the diacritiser marked
    in `unsure_endings`; "pausal" says none. A long ending, a pronoun and the accusative that
    is written with alif are always said.

    What stands where a word's ending is left out before the article is not written in IPA: no
    phoneme does; a voice needs a glide there (see briefing.speech.espeak.mnemonics).
    """
    tokens = sentence.tokens
    words: list[WordSounds | None] = []
    pauses: list[bool] = []
    unsure: list[bool] = []
    counts: list[int] = []
    for token in tokens:
        if not token.spoken:
            counts.append(0)
            if token.mark in _PAUSES and token.mark and pauses:
                pauses[-1] = True
            continue
        if token.language != "ar":
            counts.append(-1)
            words.append(None)
            pauses.append(bool(token.mark) and token.mark in _PAUSES)
            unsure.append(False)
            continue
        if token.ipa:
            counts.append(-1)
            words.append(_as_given(token.ipa))
            pauses.append(bool(token.mark) and token.mark in _PAUSES)
            unsure.append(False)
            continue
        readings = (token.diacritised or token.vowelled or token.spoken).split()
        counts.append(len(readings))
        flags = token.unsure_endings
        for index, reading in enumerate(readings):
            words.append(sounds_of(reading))
            pauses.append(False)
            unsure.append(flags[index : index + 1] == "?")
        if readings and token.mark and token.mark in _PAUSES:
            pauses[-1] = True
    if pauses:
        pauses[-1] = True
    groups = _link(words, pauses, unsure, case_endings)
    return replace(sentence, tokens=tuple(_filled(tokens, counts, groups)))


def _as_given(ipa: str) -> WordSounds:
    """Return a reading of the lexicon in IPA, the same at every place."""
    return WordSounds("", ipa, ipa, ipa, ipa, article=False)


def _filled(tokens: Sequence[Token], counts: Sequence[int], groups: Sequence[str]) -> list[Token]:
    filled = []
    at = 0
    for token, count in zip(tokens, counts, strict=True):
        if count > 0:
            filled.append(replace(token, ipa=" ".join(groups[at : at + count])))
        else:
            filled.append(token)
        at += abs(count)
    return filled


def _link(
    words: Sequence[WordSounds | None],
    pauses: Sequence[bool],
    unsure: Sequence[bool],
    case_endings: CaseEndings,
) -> list[str]:
    groups: list[str] = []
    linked = False  # to a word before it
    for index, word in enumerate(words):
        if word is None:
            groups.append("")
            linked = False
            continue
        following = words[index + 1] if index + 1 < len(words) and not pauses[index] else None
        if pauses[index]:
            sounds = word.pausal
        elif word.without_ending != word.linked and (
            case_endings == "pausal" or (case_endings == "sure" and unsure[index])
        ):
            sounds = word.without_ending
        elif following is not None and _begins_with_wasl(following):
            sounds = word.before_wasl
            if following.article and word.linked == "min":
                sounds = "mina"  # مِنَ الـ, but مِنِ ابْنِهِ (Wright I §20 d)
        else:
            sounds = word.linked
        groups.append((sounds if linked else word.onset + sounds) or _UNKNOWN)
        linked = not pauses[index]
    return groups


def _begins_with_wasl(word: WordSounds) -> bool:
    return word.onset != ""
