"""A sentence to the text that a service's voice reads best: words with marks, few vowels."""

from __future__ import annotations

from briefing.speech.online.pieces import has_sound
from briefing.text.script import Sentence, Token

__all__ = ["spell"]

_MARKS = {"-": "،"}
"""How a mark is written for a service: a breath of our own is a comma, the others stay."""
_INTONATION_MARKS = "،؛:.؟!…"
_SIMPLER_SPELLING = str.maketrans({"ٱ": "ا", "ٰ": None})
"""Quranic signs of vowelled tables, which are rare in what such a voice was trained on."""


def spell(sentence: Sentence) -> str:
    """Return the sentence's words and marks as text, "" if there is nothing to say.

    Such a voice adds the vowels itself, from the whole request, and reads bare news text well.
    Punctuation shapes its melody. Vowels are added only if they are certain: written by the author
    (in `spoken`) or in a table such as the lexicon (`vowelled`). Numbers get none: each of their
    words has one reading only, and vowels nearly double the characters, which are limited in a
    request.
    """
    words: list[str] = []
    for token in sentence.tokens:
        spoken = _spell_token(token)
        mark = _MARKS.get(token.mark, token.mark)
        if spoken:
            words.append(spoken + mark)
        elif mark and words and words[-1][-1] not in _INTONATION_MARKS:
            words[-1] += mark
    text = " ".join(words)
    return text if has_sound(text) else ""


def _spell_token(token: Token) -> str:
    has_number = any(character.isdigit() for character in token.text)
    words = token.vowelled if token.vowelled and not has_number else token.spoken
    return words.translate(_SIMPLER_SPELLING)
