"""A Word document's own styles and outline levels -> the styles that mammoth knows.

A newspaper's template has styles of its own, which are based on "heading 2" or have an outline
level. Files that come from RTF have outline levels without any style.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from lxml import etree

from briefing.sources.documents.trees import Element

__all__ = ["is_on", "name_by_base", "name_headings", "write_bold"]

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING = re.compile(r"heading ([1-6])", re.IGNORECASE)
_NO_HEADING = re.compile(r"(?:sub)?title|toc.*|.*caption", re.IGNORECASE)
_LEVELS = 6
_OFF = frozenset({"0", "false", "off"})
_LONGEST_CHAIN = 20
"""Of styles that are based on each other."""
_MOST_WORDS = 25
"""A longer paragraph is text, whatever its outline level is."""


def name_headings(stories: Iterable[Element], styles: Element) -> None:
    """Rename heading styles to "heading N", and give paragraphs with an outline level such a style.

    stories: the parts with the text. The trees are modified.
    """
    by_id = _paragraph_styles(styles)
    levels = {name: level for name in by_id if (level := _level(name, by_id)) is not None}
    for name, level in levels.items():
        _write_name(by_id[name], f"heading {level + 1}")
    added: dict[int, str] = {}
    for story in stories:
        for paragraph in story.iter(f"{_W}p"):
            level = _outline_level(paragraph)
            style = paragraph.find(f"{_W}pPr/{_W}pStyle")
            named = style.get(f"{_W}val") or "" if style is not None else ""
            if level is None or named in levels or _is_no_heading(by_id.get(named)):
                continue
            if len("".join(paragraph.itertext()).split()) <= _MOST_WORDS:
                _set_style(paragraph, _added_style(level, styles, added))


def _level(name: str, by_id: dict[str, Element]) -> int | None:
    """Return the level, from 0, of a style that is a heading or based on one; None for others."""
    if _is_no_heading(by_id.get(name)):
        return None
    for style in _bases(name, by_id):
        if heading := _HEADING.fullmatch(_name_of(style)):
            return int(heading[1]) - 1
        if style.find(f"{_W}pPr/{_W}outlineLvl") is not None:
            return _outline_level(style)
    return None


def _paragraph_styles(styles: Element) -> dict[str, Element]:
    return {
        style.get(f"{_W}styleId") or "": style
        for style in styles.iter(f"{_W}style")
        if style.get(f"{_W}type", "paragraph") == "paragraph"
    }


def _bases(name: str, by_id: dict[str, Element]) -> Iterator[Element]:
    """Yield a style, the one that it is based on, and so on (ECMA-376 part 1, 17.7.4.3)."""
    for _ in range(_LONGEST_CHAIN):
        style = by_id.get(name)
        if style is None:
            return
        yield style
        name = _value(style, "basedOn")


def name_by_base(styles: Element, targets: Collection[str]) -> None:
    """Rename a template's own style as the known style that it is based on.

    targets: names in lower case, such as "title": "عنوان الصفحة", based on it, is the title.
    """
    by_id = _paragraph_styles(styles)
    for name, style in by_id.items():
        bases = map(_name_of, _bases(name, by_id))
        base = next((base for base in bases if base.casefold() in targets), "")
        if base and _name_of(style):
            _write_name(style, base)


def _is_no_heading(style: Element | None) -> bool:
    return style is not None and _NO_HEADING.fullmatch(_name_of(style)) is not None


def _name_of(style: Element) -> str:
    return _value(style, "name")


def _value(style: Element, name: str) -> str:
    element = style.find(f"{_W}{name}")
    return element.get(f"{_W}val") or "" if element is not None else ""


def _outline_level(element: Element) -> int | None:
    """Return the outline level of a style or paragraph, 0 to 5; None for body text."""
    level = element.find(f"{_W}pPr/{_W}outlineLvl")
    value = level.get(f"{_W}val") or "" if level is not None else ""
    return int(value) if re.fullmatch(f"[0-{_LEVELS - 1}]", value) else None


def _write_name(style: Element, text: str) -> None:
    name = style.find(f"{_W}name")
    if name is None:
        name = etree.SubElement(style, f"{_W}name")
    name.set(f"{_W}val", text)


def _added_style(level: int, styles: Element, added: dict[int, str]) -> str:
    """Return the id of a style "heading N" that is in the document for this purpose."""
    if level not in added:
        added[level] = f"outline-level-{level}"
        style = etree.SubElement(styles, f"{_W}style")
        style.set(f"{_W}type", "paragraph")
        style.set(f"{_W}styleId", added[level])
        _write_name(style, f"heading {level + 1}")
    return added[level]


def _set_style(paragraph: Element, identity: str) -> None:
    properties = paragraph.find(f"{_W}pPr")
    if properties is None:
        return
    style = properties.find(f"{_W}pStyle")
    if style is None:
        style = etree.Element(f"{_W}pStyle")
        properties.insert(0, style)
    style.set(f"{_W}val", identity)


def write_bold(stories: Iterable[Element], styles: Element) -> None:
    """Write the bold of paragraph styles and of Arabic letters into the runs.

    mammoth only looks at the runs, and there only at the weight of other letters.
    """
    by_id = {style.get(f"{_W}styleId") or "": style for style in styles.iter(f"{_W}style")}
    bold = {name for name in by_id if _has_bold(name, by_id)}
    for story in stories:
        for run in story.iter(f"{_W}r"):
            if is_on(run.find(f"{_W}rPr/{_W}bCs")):
                _make_bold(run)
        for paragraph in story.iter(f"{_W}p") if bold else ():
            style = paragraph.find(f"{_W}pPr/{_W}pStyle")
            if style is not None and style.get(f"{_W}val") in bold:
                for run in paragraph.iter(f"{_W}r"):
                    _make_bold(run)


def _has_bold(name: str, by_id: dict[str, Element]) -> bool:
    for style in _bases(name, by_id):
        for tag in ("bCs", "b"):  # Arabic letters have the weight of complex scripts
            weight = style.find(f"{_W}rPr/{_W}{tag}")
            if weight is not None:
                return is_on(weight)
    return False


def is_on(switch: Element | None) -> bool:
    """Return whether a property such as w:b or w:vanish is there and not switched off."""
    return switch is not None and (switch.get(f"{_W}val") or "") not in _OFF


def _make_bold(run: Element) -> None:
    properties = run.find(f"{_W}rPr")
    if properties is None:
        properties = etree.Element(f"{_W}rPr")
        run.insert(0, properties)
    if properties.find(f"{_W}b") is None:
        properties.insert(0, etree.Element(f"{_W}b"))
