"""Where a setting is written: the file and line, for messages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

__all__ = ["Places"]


class Places:
    """Finds the line of a key in the text, for messages."""

    def __init__(self, text: str, path: Path, briefing: str = "") -> None:
        """briefing: the table [briefing.NAME] whose own keys come before those of the top."""
        self.text = text
        self.path = path
        self.briefing = briefing

    def of(self, briefing: str) -> Places:
        """Return the places of the keys of one of several briefings."""
        return Places(self.text, self.path, briefing)

    def __call__(self, *keys: str) -> str:
        """Return "file:line" of a dotted key; the file alone where it is written another way."""
        lines: dict[tuple[str, ...], int] = {}
        for written, number in self._written():
            lines.setdefault(written, number)
            if written[:1] == ("briefing",):
                lines.setdefault(("any briefing", *written[2:]), number)
        for place in (("briefing", self.briefing, *keys), keys, ("any briefing", *keys)):
            if place in lines:
                return f"{self.path}:{lines[place]}"
        return str(self.path)

    def nearest(self, *keys: str) -> str:
        """Return "file:line" of a key; of the table that it is written in, if it is on its line.

        A table of a list of tables is named by its place in the list: "sources", "feeds", "0".
        """
        alone = str(self.path)
        places = (self(*keys[:count]) for count in range(len(keys), 0, -1))
        return next((place for place in places if place != alone), alone)

    def _written(self) -> Iterator[tuple[tuple[str, ...], int]]:
        """Yield every key and table header, and the number of its line."""
        header: tuple[str, ...] = ()
        tables: dict[tuple[str, ...], int] = {}
        for number, line in enumerate(self.text.splitlines(), 1):
            stripped = line.strip()
            if match := re.match(r"\[\[([^\[\]]+)\]\]", stripped):
                names = _names(match[1])
                index = tables[names] = tables.get(names, -1) + 1
                header = (*names, str(index))
                yield names, number
                yield header, number
            elif match := re.match(r"\[([^\[\]]+)\]", stripped):
                header = _names(match[1])
                yield header, number
            elif match := re.match(r"([\w.\-\"' ]+?)\s*=", stripped):
                yield header + _names(match[1]), number


def _names(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip(" \"'") for part in dotted.split("."))
