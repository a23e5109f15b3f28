"""A page's tree -> the section of its article, as a label or the path to the page shows it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from briefing.sources.documents.blocks import fold, same_text, tidy
from briefing.sources.documents.boilerplate import is_label, words_of
from briefing.sources.documents.trees import Element, local_name

__all__ = ["page_section"]

_MOST_WORDS = 4
"""The most words of a section's name."""
_MOST_PATH_WORDS = 40
"""The most words of a path; a longer element with such a class is something else."""
_PATH_WORDS = frozenset({"breadcrumb", "breadcrumbs", "crumb", "crumbs"})
_HOME_PATH_WORDS = frozenset({"path", "pathway", "trail"})
"""Words that are also used for other things: a path must begin at the home page."""
_HOME = re.compile(r"(?:(?:الصفحة )?الرئيسي?[ةه]|البداية|أنت هنا|home(?: page)?)\W*", re.IGNORECASE)
_LABELLED = re.compile(r"^(?:القسم|التصنيف|تصنيف|الفئة)\s*[:：]\s*")


def page_section(
    root: Element, visible: Element, title: str, objects: Iterable[Mapping[str, Any]]
) -> str:
    """Return the section of a page's article; "" if it shows none.

    root: the whole page. visible: the page without what surrounds the article. title: the
    article's. objects: those of the page's JSON-LD.
    """
    article = _around_headline(visible, title)
    return (
        _linked_category(article)
        or _label(article)
        or _end_of_path(_schema_path(objects), title)
        or _end_of_path(_path(root), title)
    )


def _around_headline(visible: Element, title: str) -> Element:
    """Return the <article> or <main> with the headline, else the whole page.

    Labels outside are those of other articles.
    """
    for heading in visible.iter("h1"):
        if same_text("".join(heading.itertext()), title):
            around = heading.iterancestors("article", "main")
            return next(around, visible)
    return visible


def _linked_category(visible: Element) -> str:
    """Return the first link that the markup calls one to a category, as WordPress does."""
    for link in visible.iter("a"):
        if "category" in (link.get("rel") or "").split() and (name := _name(link)):
            return name
    return ""


def _label(visible: Element) -> str:
    for element in visible.iter():
        if not local_name(element) or not is_label(element):
            continue
        links = list(element.iter("a"))
        if name := _name(links[0] if links else element):
            return name
    return ""


def _name(element: Element) -> str:
    """Return the text of an element if it is short enough for a section's name."""
    text = _LABELLED.sub("", tidy("".join(element.itertext())))
    return text if len(text.split()) <= _MOST_WORDS else ""


def _schema_path(objects: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the names of a path in JSON-LD (schema.org, BreadcrumbList)."""
    for row in objects:
        steps = row.get("itemListElement")
        if row.get("@type") != "BreadcrumbList" or not isinstance(steps, list):
            continue
        names = []
        for step in steps:
            item = step.get("item") if isinstance(step, dict) else None
            name = step.get("name") if isinstance(step, dict) else None
            name = name or (item.get("name") if isinstance(item, dict) else None)
            names.append(tidy(name) if isinstance(name, str) else "")
        return names
    return []


def _path(root: Element) -> list[str]:
    """Return the names of the path to the page, from the home page on."""
    for element in root.iter():
        if not local_name(element) or local_name(element) in ("html", "body"):
            continue
        words = words_of(element)
        is_path = not _PATH_WORDS.isdisjoint(words)
        if not is_path and _HOME_PATH_WORDS.isdisjoint(words):
            continue
        names = list(_steps(element))
        if names and (is_path or _HOME.fullmatch(names[0])):
            return names
    return []


def _steps(path: Element) -> Iterator[str]:
    if len("".join(path.itertext()).split()) > _MOST_PATH_WORDS:
        return
    yield from (tidy("".join(link.itertext())) for link in path.iter("a"))


def _end_of_path(names: Iterable[str], title: str) -> str:
    """Return the last name of a path that is neither the home page nor the article itself."""
    sections = [
        name
        for name in names
        if fold(name)
        and len(name.split()) <= _MOST_WORDS
        and not _HOME.fullmatch(name)
        and not same_text(name, title)
    ]
    return sections[-1] if sections else ""
