"""What an editor does to an article's words: the scope of a reading, its line, where it applies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from briefing.desk.library import Desk
from briefing.sources import Article
from briefing.text.normalisation.lexicon import Lexicon, Place
from briefing.text.normalisation.lexicon_places import count_places, ending_left_open
from briefing.text.normalisation.lexicon_writing import Line

__all__ = ["SCOPES", "Scope", "Word", "line_of", "narrower_lines", "places_of", "reading_for"]

Scope = Literal["here", "article", "always"]
SCOPES: tuple[Scope, ...] = ("here", "article", "always")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of an article as it is read now."""

    article: Article
    place: Place
    reading: str

    @property
    def written(self) -> str:
        """The word as written."""
        return self.place.written


def line_of(word: Word, scope: Scope) -> Line:
    """Return the line of the lexicon in which a reading for a scope stands."""
    if scope == "here":
        return Line(word.written, word.article.key, word.place)
    return Line(word.written, word.article.key if scope == "article" else "")


def reading_for(word: Word, reading: str, scope: Scope) -> str:
    """Return the reading to write: for many places without the ending that this place gave it."""
    return reading if scope == "here" else ending_left_open(reading, word.reading)


def narrower_lines(word: Word, scope: Scope, lexicon: Lexicon) -> list[Line]:
    """Return the lines that would hide a reading of a wider scope at this place."""
    own = lexicon.articles.get(word.article.key)
    if own is None or scope == "here":
        return []
    lines = [line_of(word, "here")] if word.place in own.here else []
    if scope == "always" and Line(word.written).key in own.words:
        lines.append(line_of(word, "article"))
    return lines


def places_of(word: Word, desk: Desk) -> dict[str, object]:
    """Return at how many places each scope applies: here, in the article, in all articles."""
    counts = [count_places(word.written, desk.paragraphs(article)) for _, article in desk.read]
    own = count_places(word.written, desk.paragraphs(word.article))
    return {
        "here": 1,
        "article": max(1, own),
        "always": {"places": max(1, sum(counts)), "articles": max(1, _positive(counts))},
    }


def count_applied(scope: Scope, places: dict[str, object]) -> tuple[int, int]:
    """Return at how many places of how many articles a written reading applies."""
    if scope == "always":
        counts = places["always"]
        assert isinstance(counts, dict)
        return counts["places"], counts["articles"]
    count = places[scope]
    assert isinstance(count, int)
    return count, 1


def _positive(counts: Iterable[int]) -> int:
    return sum(1 for count in counts if count)
