"""A Word document -> the same document with the numbers of its lists in its text.

A list may continue after a paragraph, and may begin with another number than one. mammoth numbers
each list from one. So the number of each item is written before it, between two marks, which
`html_blocks` reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from briefing.sources.documents.html_blocks import NUMBER_MARK
from briefing.sources.documents.trees import Element

__all__ = ["write_numbers"]

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_UNORDERED = frozenset({"bullet", "none", ""})
_HIGHEST = 100_000


@dataclass(frozen=True)
class _Level:
    start: int
    is_ordered: bool


@dataclass
class _Numbering:
    """The content of word/numbering.xml, by the ids of lists and levels."""

    lists: dict[str, str] = field(default_factory=dict)
    """The abstract list of each list."""
    levels: dict[tuple[str, str], _Level] = field(default_factory=dict)
    """By abstract list and level."""
    restarts: dict[tuple[str, str], int] = field(default_factory=dict)
    """By list and level: the number with which it starts again."""


def write_numbers(document: Element, numbering: Element | None, styles: Element | None) -> None:
    """Write the number of each item of an ordered list into a document's tree."""
    if numbering is None:
        return
    lists, by_style = _numbering(numbering), _by_style(styles)
    counters: dict[tuple[str, int], int] = {}
    started: set[tuple[str, str]] = set()
    for paragraph in document.iter(f"{_W}p"):
        number, level = _place(paragraph, by_style)
        abstract = lists.lists.get(number)
        if abstract is None or not level.isdigit():
            continue
        depth, facts = int(level), lists.levels.get((abstract, level), _Level(1, False))
        restart = lists.restarts.get((number, level))
        if restart is not None and (number, level) not in started:
            counters.pop((abstract, depth), None)
        started.add((number, level))
        start = facts.start if restart is None else restart
        value = counters.get((abstract, depth), start - 1) + 1
        counters[abstract, depth] = value
        for other in [key for key in counters if key[0] == abstract and key[1] > depth]:
            del counters[other]
        if facts.is_ordered and 0 <= value < _HIGHEST:
            _write(paragraph, value)


def _place(paragraph: Element, by_style: Mapping[str, tuple[str, str]]) -> tuple[str, str]:
    """Return the list and level of a paragraph, its own or its style's; "" for none."""
    properties = paragraph.find(f"{_W}pPr")
    if properties is None:
        return "", ""
    own = properties.find(f"{_W}numPr")
    style = properties.find(f"{_W}pStyle")
    number, level = by_style.get(_value(style), ("", "0"))
    if own is not None:
        number = _value(own.find(f"{_W}numId")) or number
        level = _value(own.find(f"{_W}ilvl")) or level
    return number, level


def _by_style(styles: Element | None) -> dict[str, tuple[str, str]]:
    places = {}
    for style in styles if styles is not None else ():
        numbering = style.find(f"{_W}pPr/{_W}numPr")
        if numbering is not None:
            level = _value(numbering.find(f"{_W}ilvl")) or "0"
            places[style.get(f"{_W}styleId") or ""] = (_value(numbering.find(f"{_W}numId")), level)
    return places


def _numbering(root: Element) -> _Numbering:
    result = _Numbering()
    for abstract in root.iter(f"{_W}abstractNum"):
        name = abstract.get(f"{_W}abstractNumId") or ""
        for level in abstract.iter(f"{_W}lvl"):
            form = _value(level.find(f"{_W}numFmt"))
            start = _integer(_value(level.find(f"{_W}start")), 1)
            facts = _Level(start, form not in _UNORDERED)
            result.levels[name, level.get(f"{_W}ilvl") or "0"] = facts
    for number in root.iter(f"{_W}num"):
        name = number.get(f"{_W}numId") or ""
        result.lists[name] = _value(number.find(f"{_W}abstractNumId"))
        for override in number.iter(f"{_W}lvlOverride"):
            restart = _value(override.find(f"{_W}startOverride"))
            if restart:
                level = override.get(f"{_W}ilvl") or "0"
                result.restarts[name, level] = _integer(restart, 1)
    return result


def _value(element: Element | None) -> str:
    return str(element.get(f"{_W}val") or "") if element is not None else ""


def _integer(text: str, otherwise: int) -> int:
    return int(text) if text.isdigit() and len(text) < 7 else otherwise


def _write(paragraph: Element, value: int) -> None:
    """Write a number before the first text of a paragraph."""
    text = next(iter(paragraph.iter(f"{_W}t")), None)
    if text is not None:
        text.text = f"{NUMBER_MARK}{value}{NUMBER_MARK}{text.text or ''}"
