"""A planner that records which entries of the clip cache an article consists of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from briefing.production.clips import clip_key
from briefing.production.planning import Plan, Planner, notations_of, plan_of, unpack_plan
from briefing.text.script_writer import Names

if TYPE_CHECKING:
    from briefing.clip_cache import Store
    from briefing.mastering.clip import Mastering
    from briefing.speech.voice import Voice
    from briefing.text.script_writer import ArticleNames, ScriptWriter

__all__ = ["KINDS", "Kind", "Recorder", "Row"]

Kind = Literal["script", "plan", "names", "clip"]
KINDS: tuple[Kind, ...] = ("script", "plan", "names", "clip")


class Row(NamedTuple):
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
        self.fetched_plans: dict[str, Sequence[Any]] = {}
        """Rows of plans that were just fetched and looked at, by the plan's key: each is planned
        once without being read again."""
        self.readings: dict[str, Mapping[str, str]] = {}
        """How the names of each of these paragraphs are read, by the paragraph's key."""

    def plan(self, text: str, names: Names | None = None) -> Plan:
        """Plan a paragraph; see `Planner.plan`."""
        assert self._store is not None
        names = names or Names()
        key = self.key(text, names)
        rows = self.fetched_plans.pop(key, None)
        plan = self._plan_under(key, text, names, self._store) if rows is None else plan_of(rows)
        paragraph = self.paragraph_key(text, names.article)
        self.readings[paragraph] = names.readings
        self.rows += (
            Row(paragraph, "script", self._writer.key(text, names)),
            Row(paragraph, "plan", key),
            *(Row(paragraph, "clip", key) for key in self.clip_keys(plan)),
        )
        return plan

    def names_of(self, paragraphs: Sequence[str], *, title: bool, article: str) -> ArticleNames:
        """Return the names in an article's paragraphs; see `Planner.names_of`."""
        names = super().names_of(paragraphs, title=title, article=article)
        key = self.names_key(paragraphs, title=title, article=article)
        self.rows.append(Row(key, "names", key))
        return names

    def empty(self) -> tuple[list[Row], dict[str, Mapping[str, str]]]:
        """Return what was recorded, and begin anew."""
        recorded = self.rows, self.readings
        self.rows, self.readings = [], {}
        return recorded

    def paragraph_key(self, text: str, article: str) -> str:
        """Return the key of a paragraph's text, however its names are read.

        article: the key of the article whose readings of the lexicon it has.
        """
        return self._writer.key(text, Names({}, article))

    def names_key(self, paragraphs: Sequence[str], *, title: bool, article: str) -> str:
        """Return the key of the names in an article's paragraphs."""
        return self._writer.key_of_names(paragraphs, title, article)

    def stored_names(
        self, paragraphs: Sequence[str], *, title: bool, article: str
    ) -> dict[int, Names]:
        """Return the stored names of an article's paragraphs by their index, {} if none are."""
        return self._writer.stored_names(paragraphs, title=title, article=article)

    def is_stored(self, text: str, names: Names, has: Callable[[str], bool]) -> bool:
        """Return whether a paragraph is planned and spoken. has: whether there is such a clip."""
        assert self._store is not None
        packed = self._store.get(self.key(text, names))
        return packed is not None and all(map(has, self.clip_keys(unpack_plan(packed))))

    def clip_keys(self, plan: Plan) -> list[str]:
        """Return the keys of a plan's clips, without those in which nothing is spoken."""
        return [
            clip_key(notations, self._voice, self._mastering)
            for notations in map(notations_of, plan)
            if notations
        ]
