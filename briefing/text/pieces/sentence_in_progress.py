"""A sentence that is being read: its pieces, and what the rules remember of those before."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from briefing.text.characters import TATWEEL
from briefing.text.cleaning import Clean
from briefing.text.pieces.scanner import Lexeme
from briefing.text.tables import reading_table

__all__ = ["PARTICLES", "Line", "Reading", "first_reading", "rule_name"]

PARTICLES = frozenset(reading_table()["particles"].split())
_MAX_BACK = 8


@dataclass(slots=True)
class Reading:
    """The words of one piece or several, up to the cleaned offset `end`."""

    end: int
    words: str
    """Vowelled as far as is known."""
    language: str = "ar"
    unsure: bool = False
    rule: str = ""
    """The name of the rule that read them: "year", "range"; "" where no rule did."""


@dataclass
class Line:
    """A sentence that is being read: its text, its pieces, and what the rules remember."""

    text: str
    pieces: list[Lexeme]
    date_order: str = "dmy"
    written: str = ""
    cleaned: Clean | None = None
    items: frozenset[tuple[str, int]] | None = None
    """The numbers of a list's items in it, see list_numbers; None until somebody asks."""
    last_number: int = -100
    last_case: str = "nom"
    last_year: int = -100
    last_hour: int = -100
    last_score: int = -100
    last_law: int = -100
    last_ordinal: tuple[int, str, str] = (-100, "", "")

    def kind(self, index: int) -> str:
        """Return the kind of a piece, "" beyond the ends."""
        return self.pieces[index].kind if 0 <= index < len(self.pieces) else ""

    def word(self, index: int) -> str:
        """Return the text of a piece, "" beyond the ends."""
        return self.pieces[index].text if 0 <= index < len(self.pieces) else ""

    def after(self, end: int, index: int) -> int:
        """Return the index of the first piece at or after a cleaned offset."""
        while index < len(self.pieces) and self.pieces[index].start < end:
            index += 1
        return index

    def is_stretched(self, index: int) -> bool:
        """Return whether a piece was written with a tatweel at its end."""
        if self.cleaned is None:
            return False
        last = self.pieces[index].end - 1
        return TATWEEL in self.written[self.cleaned.starts[last] : self.cleaned.ends[last]]

    def before(self, index: int) -> list[str]:
        """Return the Arabic words of the clause before a piece, at most _MAX_BACK."""
        words: list[str] = []
        quotes = 0
        inside = False
        for at in range(index - 1, max(-1, index - 2 * _MAX_BACK), -1):
            piece = self.pieces[at]
            if inside or (piece.text == ")" and self._is_aside(at)):
                inside = piece.text != "("  # خاض اللاعب (29 عاما) 67 مباراة
            elif piece.kind == "arabic":
                words.append(piece.text)
            elif piece.kind == "sign" and piece.text in "\"'“”«»()_#" and quotes < 2:
                quotes += 1
            elif piece.kind in ("latin", "number"):
                words.append("")
            else:
                break
            if len(words) == _MAX_BACK:
                break
        return words[::-1]

    def _is_aside(self, index: int) -> bool:
        """Return whether the bracket that closes at a piece opens near, around several pieces."""
        opened = range(index - 3, max(-1, index - _ASIDE), -1)
        return any(self.pieces[at].text == "(" for at in opened)


_ASIDE = 8
"""The most pieces of an aside in brackets that a clause goes on behind."""
_View = TypeVar("_View")


def first_reading(
    rules: Iterable[Callable[[_View], Reading | None]], view: _View
) -> Reading | None:
    """Return the reading of the first rule that has one, which bears that rule's name.

    A rule is named by its function, less "read_"; a rule that asks other rules leaves their name.
    """
    for rule in rules:
        reading = rule(view)
        if reading is not None:
            reading.rule = reading.rule or rule_name(rule)
            return reading
    return None


def rule_name(rule: Callable[..., object]) -> str:
    """Return the name of a rule as `briefing script --why` prints it."""
    return rule.__name__.removeprefix("_").removeprefix("read_")
