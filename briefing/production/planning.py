"""Paragraphs -> the texts of their clips, and the pause after each clip.

A paragraph's plan is kept in the cache, so a rebuild neither reads nor phonetises paragraphs that
did not change.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from briefing.clip_cache import key_of
from briefing.config import Pauses
from briefing.speech.voice import Store, Voice
from briefing.text.script import Sentence
from briefing.versions import files_digest

if TYPE_CHECKING:
    from briefing.text.script_writer import ArticleNames, Names, ScriptWriter

__all__ = [
    "LONGEST_CLIP",
    "Part",
    "Piece",
    "Plan",
    "Planner",
    "notations_of",
    "pieces",
    "plan_of",
    "unpack_plan",
]

LONGEST_CLIP = 1500
"""Characters spoken in one clip, about two and a half minutes. A longer paragraph is divided into
several clips, so that memory does not grow with its length."""


@dataclass(frozen=True, slots=True)
class Part:
    """A sentence, or a part of a sentence that is too long for one clip."""

    text: str
    """The whole sentence as written."""
    spoken: str
    words: tuple[tuple[str, int], ...]
    """Each written token that is spoken, and the number of words that it is spoken as."""
    notation: str
    """The input of the voice; "" if there is nothing to speak."""
    continues: bool
    """True if the sentence began in an earlier part."""


Plan = tuple[tuple[Part, ...], ...]
"""The parts of a paragraph, clip by clip."""


@dataclass(frozen=True, slots=True)
class Piece:
    """The text of one clip: a paragraph, or a part of a paragraph that is too long for one clip."""

    chapter: int | None
    """The number of its article, from 0; None for the opening."""
    parts: tuple[Part, ...]
    last: bool
    """True for the last piece of its paragraph."""
    pause_after_s: float
    of: int = 1
    """The number of pieces of its paragraph."""
    kind: str = "p"
    """The kind of its paragraph, see `Article.kinds`."""

    @property
    def notations(self) -> tuple[str, ...]:
        """The inputs of the voice, one for each part that is spoken."""
        return notations_of(self.parts)


def notations_of(parts: Sequence[Part]) -> tuple[str, ...]:
    """Return the inputs of the voice for the parts of a clip, without those that say nothing."""
    return tuple(part.notation for part in parts if part.notation)


class Planner:
    """Plans paragraphs for one voice, or takes their plans from the cache."""

    def __init__(self, writer: ScriptWriter, voice: Voice, store: Store | None) -> None:
        """store: where plans are kept; None: nowhere."""
        self._writer = writer
        self._voice = voice
        self._store = store
        self._base = key_of(
            "plan", [voice.name, voice.version, files_digest("speech", "production")]
        )

    def plan(self, text: str, names: Names | None = None) -> Plan:
        """Plan a paragraph. names: the names of its article that occur in it."""
        if self._store is None:
            return self._new(text, names)
        return self._plan_under(self.key(text, names), text, names, self._store)

    def _plan_under(self, key: str, text: str, names: Names | None, store: Store) -> Plan:
        """Return the plan that is stored under its key, or plan the paragraph and store it."""
        packed = store.get(key)
        if packed is not None:
            return unpack_plan(packed)
        plan = self._new(text, names)
        # a source may have lone surrogates, which only ASCII JSON can hold
        store.put(key, json.dumps(plan, default=_fields, separators=(",", ":")).encode())
        return plan

    def key(self, text: str, names: Names | None = None) -> str:
        """Return the key of a paragraph's plan."""
        return key_of("plan", [self._base, self._writer.key(text, names)])

    def names_of(self, paragraphs: Sequence[str], *, title: bool, article: str) -> ArticleNames:
        """Return the names in an article's paragraphs.

        title: the first paragraph is its title. article: its key.
        """
        return self._writer.names_of(paragraphs, title=title, article=article)

    def _new(self, text: str, names: Names | None) -> Plan:
        """Divide a paragraph's script into clips between sentences, or words if one is too long."""
        groups: list[list[Part]] = [[]]
        room = LONGEST_CLIP
        for sentence in self._writer.write(text, names).sentences:
            for index, cut in enumerate(_cuts(sentence)):
                size = len(cut.spoken)
                if groups[-1] and size > room:
                    groups.append([])
                    room = LONGEST_CLIP
                groups[-1].append(self._part(cut, continues=index > 0))
                room -= size
        return tuple(self._in_paragraph(groups))

    def _in_paragraph(self, groups: Sequence[Sequence[Part]]) -> Iterator[tuple[Part, ...]]:
        """Yield each clip's parts; the voice learns where the paragraph goes on beyond a clip."""
        for number, parts in enumerate(groups):
            spoken = [index for index, part in enumerate(parts) if part.notation]
            clip = list(parts)
            for index in {*spoken[:1], *spoken[-1:]} if len(groups) > 1 else ():
                notation = self._voice.mark_continuation(
                    clip[index].notation,
                    before=index == spoken[0] and number > 0,
                    after=index == spoken[-1] and number < len(groups) - 1,
                )
                clip[index] = replace(clip[index], notation=notation)
            yield tuple(clip)

    def _part(self, sentence: Sentence, *, continues: bool) -> Part:
        counts = ((token.text, len(token.spoken.split())) for token in sentence.tokens)
        return Part(
            text=sentence.text,
            spoken=sentence.spoken,
            words=tuple((text, count) for text, count in counts if count),
            notation=self._voice.notation(sentence),
            continues=continues,
        )


def pieces(
    chapter: int | None, plan: Plan, pauses: Pauses, pause_after_s: float, kind: str = "p"
) -> Iterator[Piece]:
    """Yield the pieces of a paragraph, with the pauses between them and after the last."""
    for index, parts in enumerate(plan):
        if index == len(plan) - 1:
            yield Piece(chapter, parts, True, pause_after_s, len(plan), kind)
        else:
            pause_s = pauses.breath_s if plan[index + 1][0].continues else pauses.sentence_s
            yield Piece(chapter, parts, False, pause_s, len(plan), kind)


def _fields(part: Part) -> Sequence[object]:
    return (part.text, part.spoken, part.words, part.notation, part.continues)


def unpack_plan(packed: bytes) -> Plan:
    """Return the plan that was stored as JSON."""
    return plan_of(json.loads(packed))


def plan_of(rows: Sequence[Any]) -> Plan:
    """Return the plan that the rows of that JSON are."""
    return tuple(
        tuple(
            Part(text, spoken, tuple(map(tuple, words)), notation, continues)
            for text, spoken, words, notation, continues in group
        )
        for group in rows
    )


def _cuts(sentence: Sentence) -> Iterator[Sentence]:
    if len(sentence.text) <= LONGEST_CLIP and len(sentence.spoken) <= LONGEST_CLIP:
        yield sentence
        return
    tokens = sentence.tokens
    start = size = 0
    for index, token in enumerate(tokens):
        if size and size + len(token.spoken) > LONGEST_CLIP:
            yield _slice(sentence, start, index)
            start, size = index, 0
        size += len(token.spoken) + 1
    yield _slice(sentence, start, len(tokens))


def _slice(sentence: Sentence, start: int, end: int) -> Sentence:
    return replace(sentence, tokens=tuple(sentence.tokens[start:end]))
