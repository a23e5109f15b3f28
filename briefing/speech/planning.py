"""Scripts to the clips they need: what each says, and the pause after it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from briefing.config import Pauses
from briefing.speech.voice import Voice
from briefing.text.script import Paragraph, Sentence

__all__ = ["LONGEST_CLIP", "Part", "Piece", "pieces"]

LONGEST_CLIP = 1500
"""Characters spoken in one clip, about two and a half minutes; a longer paragraph is several
clips, so that memory stays flat whatever its length."""


@dataclass(frozen=True, slots=True)
class Part:
    """A sentence, or a part of one that is too long for a clip."""

    sentence: Sentence
    continues: bool = False
    """True when the sentence began in an earlier part."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What one clip says: a paragraph, or a part of one that is too long for a clip."""

    chapter: int
    parts: tuple[Part, ...]
    notations: tuple[str, ...]
    """What the voice is given for each part, "" where there is nothing to say."""
    last: bool
    """True for the last piece of its paragraph."""
    pause_after_s: float

    @property
    def said(self) -> tuple[bool, ...]:
        """Which of its parts are in the clip."""
        return tuple(bool(notation) for notation in self.notations)


def pieces(
    chapter: int, paragraph: Paragraph, voice: Voice, pauses: Pauses, pause_after_s: float
) -> Iterator[Piece]:
    """Cut a paragraph into pieces at its sentences, and longer sentences at their words."""
    groups: list[list[Part]] = [[]]
    room = LONGEST_CLIP
    for part in (part for sentence in paragraph.sentences for part in _parts(sentence)):
        size = len(part.sentence.spoken)
        if groups[-1] and size > room:
            groups.append([])
            room = LONGEST_CLIP
        groups[-1].append(part)
        room -= size
    for index, group in enumerate(groups):
        last = index == len(groups) - 1
        if last:
            pause = pause_after_s
        else:
            pause = pauses.breath_s if groups[index + 1][0].continues else pauses.sentence_s
        notations = tuple(voice.notation(part.sentence) for part in group)
        yield Piece(chapter, tuple(group), notations, last, pause)


def _parts(sentence: Sentence) -> Iterator[Part]:
    if len(sentence.text) <= LONGEST_CLIP and len(sentence.spoken) <= LONGEST_CLIP:
        yield Part(sentence)
        return
    tokens = sentence.tokens
    start = size = 0
    continues = False
    for index, token in enumerate(tokens):
        if size and size + len(token.spoken) > LONGEST_CLIP:
            yield Part(_slice(sentence, start, index), continues)
            start, size, continues = index, 0, True
        size += len(token.spoken) + 1
    yield Part(_slice(sentence, start, len(tokens)), continues)


def _slice(sentence: Sentence, start: int, end: int) -> Sentence:
    return replace(sentence, tokens=tuple(sentence.tokens[start:end]))
