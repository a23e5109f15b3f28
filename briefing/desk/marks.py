"""How articles are read, word by word: kept in the state folder, and which words were reviewed.

An article's marks are kept until its text, the lines of the lexicon that may matter to it, or the
program changes.
"""

from __future__ import annotations

import json
import os
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from briefing.clip_cache import key_of
from briefing.config import Config
from briefing.shelf.left_out import DESK_FOLDER
from briefing.shelf.state_files import read_state, state_folder, write_state
from briefing.sources import Article
from briefing.text.cleaning import prepare
from briefing.text.normalisation.lexicon import Lexicon
from briefing.text.normalisation.lexicon_review import probe_of
from briefing.versions import files_digest

__all__ = ["Marks", "MarksFolder", "Reviewed", "lines_of"]

Marks = list[list[dict[str, Any]]]
"""For each paragraph its sentences, as `GET /api/articles/B/A/marks` has them."""

_MOST_IN_MEMORY = 8
_SOURCES_OF_NAMES = ("author", "lexicon")


def lines_of(lexicon: Lexicon, article: Article, paragraphs: Sequence[str]) -> list[str]:
    """Return the user's lines that may apply to an article; some that do not are among them."""
    own = lexicon.of_article(article.key)
    if not own.own and not own.here:
        return []
    text = " ".join(_fold(paragraph) for paragraph in paragraphs)
    lines = [f"{form} = {own.words[form]}" for form in own.own if probe_of(form) in text]
    return sorted(lines) + sorted(f"{place} = {reading}" for place, reading in own.here.items())


@lru_cache(maxsize=8192)
def _fold(paragraph: str) -> str:
    return prepare(paragraph).text.lower()


@dataclass(frozen=True)
class _Entry:
    """What is known of an article's marks without reading them."""

    stamp: str
    unsure: tuple[tuple[str, int], ...]
    """For each unsure word the digest of its sentence, and its start."""


@dataclass
class MarksFolder:
    """The marks of the articles of all briefings of a configuration."""

    _entries: dict[Path, _Entry | None] = field(default_factory=dict)
    _memory: OrderedDict[Path, tuple[str, Marks]] = field(default_factory=OrderedDict)
    _latest: OrderedDict[str, Marks] = field(default_factory=OrderedDict)
    """By the digest of an article's text: what the page was answered last."""
    _readings: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def stamp(self, config: Config, lexicon: Lexicon, article: Article, digest: str) -> str:
        """Return what the marks of an article depend on. digest: of the article's text."""
        from briefing.production.rundown import spoken_paragraphs

        lines = lines_of(lexicon, article, spoken_paragraphs(article, config))
        program = [files_digest("text", "desk")]
        return key_of("marks", [digest, repr(config.text), lines, program])

    def unsure(
        self, config: Config, article: Article, stamp: str, reviewed: Reviewed
    ) -> int | None:
        """Return how many words of an article are unsure and not reviewed; None: not read yet."""
        path = _file(config, article)
        if path not in self._entries:
            self._entries[path] = _entry(path)
        entry = self._entries[path]
        if entry is None or entry.stamp != stamp:
            return None
        return sum(1 for place in entry.unsure if place not in reviewed.of(article.key))

    def get(self, config: Config, article: Article, stamp: str) -> Marks | None:
        """Return the marks of an article, None if they must be read anew."""
        path = _file(config, article)
        if path in self._memory and self._memory[path][0] == stamp:
            self._memory.move_to_end(path)
            return self._memory[path][1]
        try:
            head, _, body = path.read_bytes().partition(b"\n")
            marks: Marks = _loads(body)
            if json.loads(head)["stamp"] != stamp:
                return None
        except (OSError, ValueError, KeyError, TypeError):
            return None
        self._remember(path, stamp, marks)
        return marks

    def put(self, config: Config, article: Article, stamp: str, marks: Marks) -> None:
        """Keep the marks of an article; on a full disk, in memory alone."""
        path = _file(config, article)
        unsure = tuple(
            (sentence["digest"], token["start"])
            for sentences in marks
            for sentence in sentences
            for token in sentence["tokens"]
            if token["unsure"]
        )
        self._entries[path] = _Entry(stamp, unsure)
        self._remember(path, stamp, marks)
        temporary = path.with_name(f".{path.name}.{os.getpid()}")
        head = json.dumps({"stamp": stamp, "unsure": unsure})
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                temporary.write_bytes(head.encode() + b"\n" + _dumps(marks))
                temporary.replace(path)
            finally:
                temporary.unlink(missing_ok=True)

    def latest(self, digest: str) -> Marks | None:
        """Return the marks of a text that the page was answered last, though readings changed."""
        return self._latest.get(digest)

    def remember_answer(self, digest: str, marks: Marks) -> None:
        """Keep marks that the page is answered. digest: of the article's text."""
        self._latest[digest] = marks
        self._latest.move_to_end(digest)
        while len(self._latest) > _MOST_IN_MEMORY:
            self._latest.popitem(last=False)

    def sweep(self, config: Config, articles: Sequence[Article]) -> None:
        """Remove the marks of articles that are there no more."""
        file_names = {_file(config, article).name for article in articles}
        folder = _folder(config)
        with suppress(OSError):
            for path in folder.iterdir():
                if path.name not in file_names:
                    path.unlink()

    def elsewhere(self, written: str) -> list[str]:
        """Return the readings that authors and the lexicon have for a word, the commonest first."""
        return [reading for reading, _ in self._readings.get(written, Counter()).most_common()]

    def _remember(self, path: Path, stamp: str, marks: Marks) -> None:
        self._memory[path] = (stamp, marks)
        while len(self._memory) > _MOST_IN_MEMORY:
            self._memory.popitem(last=False)
        for sentences in marks:
            for sentence in sentences:
                for token in sentence["tokens"]:
                    if token["source"] in _SOURCES_OF_NAMES:
                        self._readings[token["written"]][token["reading"]] += 1


def _folder(config: Config) -> Path:
    folder = state_folder(config.shelf_folder) / DESK_FOLDER
    return folder / f"marks.{config.output.name}"


def _file(config: Config, article: Article) -> Path:
    return _folder(config) / f"{key_of('article', [article.key, article.path])[:24]}.json"


def _entry(path: Path) -> _Entry | None:
    try:
        with path.open("rb") as file:
            head = json.loads(file.readline(1_000_000))
        unsure = tuple((str(digest), int(start)) for digest, start in head["unsure"])
        return _Entry(str(head["stamp"]), unsure)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _loads(data: bytes) -> Any:
    import orjson

    return orjson.loads(data)


def _dumps(value: Any) -> bytes:
    import orjson

    try:
        return orjson.dumps(value)
    except TypeError:  # a lone surrogate of a source
        return json.dumps(value).encode()


@dataclass
class Reviewed:
    """The unsure words of a briefing that an editor has looked at."""

    config: Config
    _places: Mapping[str, frozenset[tuple[str, int]]] | None = None

    def of(self, key: str) -> frozenset[tuple[str, int]]:
        """Return the places of an article: the sentence's digest, and the word's start in it."""
        return self._all().get(key, frozenset())

    def mark(self, key: str, place: tuple[str, int], reviewed: bool) -> None:
        """Write down that a word was reviewed, or was not. Raise ShelfError."""
        self._places = None  # another desk may have written meanwhile
        places = dict(self._all())
        own = places.get(key, frozenset())
        places[key] = own | {place} if reviewed else own - {place}
        rows = {name: sorted(map(list, value)) for name, value in places.items() if value}
        write_state(self._file, {"articles": rows})
        self._places = places

    @property
    def _file(self) -> Path:
        folder = state_folder(self.config.shelf_folder) / DESK_FOLDER
        return folder / f"reviewed.{self.config.output.name}.json"

    def _all(self) -> Mapping[str, frozenset[tuple[str, int]]]:
        if self._places is None:
            rows = read_state(self._file).get("articles", {})
            try:
                self._places = {
                    key: frozenset((str(digest), int(start)) for digest, start in places)
                    for key, places in rows.items()
                }
            except (AttributeError, TypeError, ValueError):
                self._places = {}
        return self._places
