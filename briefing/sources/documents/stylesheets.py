"""The bold that a stylesheet gives to classes -> the elements, where `blocks_of` sees it.

LibreOffice, Google Docs and converters to EPUB write headings as paragraphs that only look like
headings.
"""

from __future__ import annotations

import re
from itertools import islice

from briefing.sources.documents.trees import Element

__all__ = ["bold_classes", "is_bold_style", "mark_bold", "office_bold_classes"]

_LONGEST_STYLESHEET = 200_000
"""Characters."""
_CSS_RULE = re.compile(r"\.([\w-]{1,80})\s{0,9}\{([^{}]{0,2000})\}")
_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|bolder|[6-9]00)\b", re.IGNORECASE)
_STYLE = re.compile(r"<style[^<>]{0,200}>([^<]{0,200000})", re.IGNORECASE)
_OFFICE_NAME = re.compile(r"(?:[PTc]|para|span)\d{1,4}")
_MOST_STYLES = 20


def is_bold_style(css: str) -> bool:
    """Return whether declarations of CSS make a text bold."""
    return "font-weight" in css.lower() and _BOLD.search(css) is not None


def bold_classes(css: str) -> frozenset[str]:
    """Return the classes that a stylesheet makes bold.

    >>> sorted(bold_classes("p.P1 { color: red } .P2, .P3 { font-weight: bold; }"))
    ['P3']
    """
    rules = _CSS_RULE.finditer(css[:_LONGEST_STYLESHEET])
    return frozenset(rule[1] for rule in rules if is_bold_style(rule[2]))


def office_bold_classes(page: str) -> frozenset[str]:
    """Return the bold classes of a page's own stylesheets whose names an office program made.

    On other pages, bold classes are mostly labels and not headings.
    """
    sheets = [match[1] for match in islice(_STYLE.finditer(page), _MOST_STYLES)]
    names = frozenset[str]().union(*map(bold_classes, sheets))
    return frozenset(name for name in names if _OFFICE_NAME.fullmatch(name))


def mark_bold(root: Element, classes: frozenset[str]) -> None:
    """Write the bold of classes into the elements that have them."""
    for element in root.iter("p", "span", "div") if classes else ():
        if not classes.isdisjoint((element.get("class") or "").split()):
            element.set("style", f"{element.get('style') or ''};font-weight:bold")
