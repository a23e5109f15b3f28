"""A planner that records which entries of the clip cache an article consists of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from briefing.production.clips import clip_key
from briefing.production.planning import Plan, Planner, notations_of

if TYPE_CHECKING:
    from briefing.clip_cache import Store
    from briefing.mastering.clip import Mastering
    from briefing.speech.voice import Voice
    from briefing.text.script_writer import ArticleNames, Names, ScriptWriter

__all__ = ["KINDS", "Kind", "Recorder", "Row"]

Kind = Literal["script", "plan", "names", "clip"]
KINDS: tuple[Kind, ...] = ("script", "plan", "names", "clip")


@dataclass(frozen=True, slots=True)
class Row:
    """An entry of the clip cache that belongs to a paragraph."""

    paragraph: str
    """The key of the paragraph's text; of an article's names, their own key."""
    kind: Kind
    key: str


class Recorder(Planner):
    """Plans paragraphs, and keeps the rows of what was planned."""

    def __init__(
        self, writer: ScriptWriter, voice: Voice, store: Store, mastering: Mastering
    ) -> None:
        super().__init__(writer, voice, store)
        self._mastering = mastering
        self.rows: list[Row] = []
        """Of all that was planned since the caller last emptied it."""

    def plan(self, text: str, names: Names | None = None) -> Plan:
        """Plan a paragraph; see `Planner.plan`."""
        plan = super().plan(text, names)
        paragraph = self.paragraph_key(text)
        self.rows += (
            Row(paragraph, "script", self._writer.key(text, names)),
            Row(paragraph, "plan", self.key(text, names)),
            *(Row(paragraph, "clip", key) for key in self.clip_keys(plan)),
        )
        return plan

    def names_of(self, paragraphs: Sequence[str], *, title: bool) -> ArticleNames:
        """Return the names in an article's paragraphs; see `Planner.names_of`."""
        names = super().names_of(paragraphs, title=title)
        key = self.names_key(paragraphs, title=title)
        self.rows.append(Row(key, "names", key))
        return names

    def paragraph_key(self, text: str) -> str:
        """Return the key of a paragraph's text, however its names are read."""
        return self._writer.key(text)

    def names_key(self, paragraphs: Sequence[str], *, title: bool) -> str:
        """Return the key of the names in an article's paragraphs."""
        return self._writer.key_of_names(paragraphs, title)

    def clip_keys(self, plan: Plan) -> list[str]:
        """Return the keys of a plan's clips, without those in which nothing is spoken."""
        return [
            clip_key(notations, self._voice, self._mastering)
            for notations in map(notations_of, plan)
            if notations
        ]
