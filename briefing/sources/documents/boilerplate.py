"""A page's tree -> the same tree without invisible elements and without what is not the article.

Hidden elements, comments, share buttons, related articles and menus are recognised by their
markup: element, role, class or id. The words are in data/boilerplate.toml.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from copy import deepcopy
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from briefing.sources.documents.blocks import Block, fold
from briefing.sources.documents.trees import Element, attribute, local_name

__all__ = [
    "drop",
    "drop_boilerplate",
    "drop_facts",
    "drop_hidden",
    "is_label",
    "is_pointer",
    "without_pointers",
    "words_of",
]

_HIDDEN_STYLE = re.compile(
    r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0(?:\.0*)?\s*"
    r"(?:;|!|$)|font-size\s*:\s*0(?:\.0*)?[a-z%]*\s*(?:;|!|$)|content-visibility\s*:\s*hidden"
    r"|(?:left|top|right|text-indent)\s*:\s*-\d{3,}|clip\s*:\s*rect\(0"
    r"|(?:max-)?height\s*:\s*0(?:px)?\s*(?:;|!|$))",
    re.IGNORECASE,
)
_HIDDEN_CLASS = re.compile(
    r"(?:^|\s)(?:(?:u-)?visually-?hidden(?:-focusable|-text)?|sr-only|sr-text|screen-reader(?:-text)?|hidden|d-none"
    r"|is-hidden|u-hidden|display-none|hide|invisible|assistive-text)(?=\s|$)",
    re.IGNORECASE,
)
_HIDDEN_TAGS = frozenset(
    "script style noscript template iframe frame object embed applet canvas svg form button input"
    " select textarea dialog audio video datalist amp-sidebar amp-consent amp-ad amp-social-share"
    " amp-iframe amp-analytics amp-sticky-ad amp-embed amp-auto-ads ins-ad del".split()
)
_NAMING = (
    "class",
    "id",
    "aria-labelledby",
    "data-testid",
    "data-test-id",
    "data-component",
    "data-e2e",
    "data-qa",
    "data-hook",
)
"""Attributes with a name that an element's maker gave it."""
_LONGEST_STYLE = 2_000
_OUTER_TAGS = frozenset({"nav", "footer", "aside", "menu"})
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_ARTICLE_WORDS = frozenset({"post", "article", "story", "hentry", "entry", "node"})
_ESSENTIAL_TAGS = frozenset({"html", "body", "main", "article", "h1"})
_LABEL = re.compile(
    r"(?:article|details|entry|item|news|node|post|single|story)-cat(?:egory|egories)?"
    r"(?:-(?:label|link|name|title))?"
)
"""A class of a label of a section, such as "news-cat"."""
_NOT_THE_THING = frozenset({"has", "with", "no", "without", "not", "is", "hide", "show", "js"})
_BUILDING_BLOCKS = frozenset({("elementor", "widget"), ("wp", "block"), ("so", "widget")})
"""How the names of every part begin on pages of some programs; what follows says what it is."""
_MOST_PULL_QUOTES = 20
_MOST_PARAGRAPHS_OF_FORM = 2
_MOST_WORDS_OF_FORM = 60
"""A form with more is no form for comments or letters."""
_MOST_CONSENT_WORDS = 150
_MOST_FACTS_WORDS = 25
"""An element with more words is text, whatever its class is called."""
_LONGEST_POINTER = 25
"""The most words in a line that points to another article."""
_LONGEST_LABEL = 6
_LINKED_POINTER = 0.2
"""The least share of letters in a link, in a longer line that begins as pointers do."""
_LABEL_AND_SIGN = re.compile(r"\w+\s?(?:[:：|]|\.\.|…)")
_FIRST_SEEN = re.compile(
    r"(?:ظهرت? (?:المقالة|المقال|التدوينة)|نشرت? (?:المقالة|المقال)|The post)\b.{1,400}"
    r"\b(?:أولا على|أولاً على|أولًا على|appeared first on)\b",
    re.DOTALL,
)
"""What WordPress writes under each article of a feed."""


@cache
def _table() -> dict[str, Any]:
    path = Path(__file__).parent / "data" / "boilerplate.toml"
    table: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    return table


@cache
def _words(name: str) -> tuple[frozenset[str], frozenset[tuple[str, str]]]:
    """Return the single words and the pairs of a list of class names."""
    entries = _table()[name].split()
    pairs = (tuple(entry.split("+")) for entry in entries if "+" in entry)
    return (
        frozenset(entry for entry in entries if "+" not in entry),
        frozenset((first, second) for first, second in pairs),
    )


@cache
def _joining_words() -> frozenset[str]:
    return frozenset(fold(line) for line in _table()["joining"].splitlines() if line.strip())


@cache
def _lines() -> tuple[str, ...]:
    """Return the beginnings of lines that point elsewhere, of at least two words."""
    lines = _table()["lines"].splitlines()
    return tuple(fold(line) for line in lines if len(line.split()) > 1)


@cache
def _labels() -> frozenset[str]:
    """Return the words that point elsewhere alone: "شارك" does, "شارك ألف شخص" is text."""
    lines = _table()["lines"].splitlines()
    return frozenset(fold(line) for line in lines if len(line.split()) == 1)


def drop_hidden(root: Element) -> None:
    """Remove what a reader of the page does not see, and scripts and controls."""
    for element in list(root.iter()):
        if element is not root and _is_hidden(element):
            drop(element)


def _is_hidden(element: Element) -> bool:
    tag = local_name(element)
    if not tag or tag in ("html", "body"):
        return False
    if tag == "form" and _holds_page(element):
        return False
    if tag in _HIDDEN_TAGS:
        return True
    if element.get("hidden") is not None and element.get("hidden") != "until-found":
        return True
    if element.get("aria-hidden") == "true" or element.get("layout") == "nodisplay":
        return True
    return bool(
        _HIDDEN_STYLE.search((element.get("style") or "")[:_LONGEST_STYLE])
        or _HIDDEN_CLASS.search(element.get("class") or "")
    )


def _holds_page(form: Element) -> bool:
    """Return whether a form holds the whole page, as those of ASP.NET and SharePoint do."""
    if len(form.findall(".//p")) > _MOST_PARAGRAPHS_OF_FORM:
        return True
    if form.get("id") == "aspnetForm" or any(
        field.get("name") == "__VIEWSTATE" for field in form.iter("input")
    ):
        return True
    controls = {*form.iter("select", "script", "style", "textarea", "button")}
    texts = (
        element.text or ""
        for element in form.iter()
        if element not in controls and element.getparent() not in controls
    )
    tails = (element.tail or "" for element in form.iter() if element is not form)
    words = sum(len(text.split()) for text in (*texts, *tails))
    return words > _MOST_WORDS_OF_FORM


def drop_boilerplate(root: Element, *, keep_facts: bool = False, is_page: bool = True) -> None:
    """Remove what surrounds the article, as the markup shows.

    is_page: false for a tree of only an article, whose <header> is its own. keep_facts: leave the
    article's own footer, where many pages say who wrote it and when.
    """
    _drop_pull_quotes(root)
    _drop_consent_texts(root)
    roles = frozenset(_table()["roles"].split())
    whole = _text_in_paragraphs(root)
    for element in list(root.iter()):
        tag = local_name(element)
        if not tag or tag in _ESSENTIAL_TAGS or element is root or element.getparent() is None:
            continue
        is_outside = tag in _OUTER_TAGS or (
            is_page and tag == "header" and _is_site_header(element)
        )
        named = attribute(element, "role") in roles or _is_named(element, "classes")
        named = named or (tag == "table" and _is_named(element, "tables"))
        if keep_facts and (tag == "footer" or "footer" in words_of(element)):
            is_outside = named = not _is_in_article(element)
        if (is_outside or named) and not _is_note(element) and not _is_article(element, whole):
            drop(element)


def _drop_pull_quotes(root: Element) -> None:
    """Remove quotations that only repeat a sentence in large letters, but no other text."""
    quotes = [
        element
        for element in root.iter()
        if local_name(element) not in ("", *_ESSENTIAL_TAGS) and _is_named(element, "pull_quotes")
    ]
    if not quotes:
        return
    whole = fold("".join(root.itertext()))
    for element in quotes[:_MOST_PULL_QUOTES]:
        quoted = _quotation_letters(element)
        if element is not root and quoted and whole.count(quoted) > 1:
            drop(element)


def _drop_consent_texts(root: Element) -> None:
    """Remove what stands in for an embedded post or video until the reader consents to cookies."""
    embeds = frozenset(_table()["embeds"].split())
    phrases = [fold(line) for line in _table()["consent"].splitlines() if line.strip()]
    whole = _text_in_paragraphs(root)
    for element in list(root.iter()):
        tag = local_name(element)
        if tag in ("", *_ESSENTIAL_TAGS) or element is root or embeds.isdisjoint(words_of(element)):
            continue
        text = "".join(element.itertext())
        asks = any(phrase in fold(text) for phrase in phrases)
        if asks and len(text.split()) <= _MOST_CONSENT_WORDS and not _is_article(element, whole):
            drop(element)


def _quotation_letters(element: Element) -> str:
    """Return the letters of a quotation, without who said it."""
    copied = deepcopy(element)
    copied.tail = None
    for source in list(copied.iter("cite", "footer", "figcaption")):
        drop(source)
    return fold("".join(copied.itertext()))


def drop_facts(root: Element) -> None:
    """Remove the lines that say who wrote the article and when: `page_facts` reads those."""
    for element in list(root.iter()):
        tag = local_name(element)
        if not tag or tag in _ESSENTIAL_TAGS or element is root or element.getparent() is None:
            continue
        named = tag in ("time", "address") or _is_named(element, "facts") or is_label(element)
        words = len("".join(element.itertext()).split())
        if named and words <= _MOST_FACTS_WORDS and element.find(".//h1") is None:
            drop(element)


def is_label(element: Element) -> bool:
    """Return whether an element's class says that it is the label of a section."""
    names = (element.get("class") or "").lower().replace("_", "-").split()
    labels = frozenset(_table()["labels"].split())
    return any(name in labels or _LABEL.fullmatch(name) for name in names)


def _is_named(element: Element, table: str) -> bool:
    """Return whether an element's class or id has one of a table's words."""
    single, pairs = _words(table)
    anywhere, _ = _words("anywhere") if table == "classes" else (frozenset(), None)
    for words in _names(element):
        # "post-tags" are tags, but "page-tags-list" is a list: the first and last words count
        if words[0] in single or words[-1] in single or not anywhere.isdisjoint(words):
            return True
        if any(pair in pairs for pair in pairwise(words)):
            return True
    return False


def words_of(element: Element) -> set[str]:
    """Return the words of an element's class and id, in lower case."""
    return {word for words in _names(element) for word in words}


def _names(element: Element) -> Iterator[list[str]]:
    """Yield the words of each name in an element's class, id and labels for tests.

    On pages whose classes are generated, such as "css-1x2y", only the labels say what a part is.
    """
    for name in " ".join(element.get(name) or "" for name in _NAMING).split()[:20]:
        words = [word.lower() for word in _WORDS.findall(name[:80])]
        if tuple(words[:2]) in _BUILDING_BLOCKS:
            words = words[2:]
        if words and words[0] not in _NOT_THE_THING:
            yield words


def _is_in_article(element: Element) -> bool:
    """Return whether an element is inside an article, as the markup shows."""
    return any(
        local_name(parent) in ("article", "main") or _ARTICLE_WORDS & words_of(parent)
        for parent in element.iterancestors()
        if local_name(parent) not in ("html", "body")
    )


def _is_note(element: Element) -> bool:
    return "note" in f"{attribute(element, 'type')} {element.get('role') or ''}"


def _is_site_header(header: Element) -> bool:
    """Return whether a <header> is the site's and not the article's."""
    inside = any(local_name(parent) in ("article", "main") for parent in header.iterancestors())
    return not inside and header.find(".//h1") is None


def _is_article(element: Element, whole: int) -> bool:
    """Return whether an element holds the article itself, whatever its class says."""
    if element.find(".//h1") is not None:
        return True
    return whole > 0 and _text_in_paragraphs(element) > 0.5 * whole


def _text_in_paragraphs(element: Element) -> int:
    """Return how much text an element has in paragraphs and beside line breaks, as on old pages."""
    inside = sum(len("".join(paragraph.itertext())) for paragraph in element.iter("p"))
    breaks = (line for line in element.iter("br") if local_name(line.getparent()) != "p")
    return inside + sum(len(line.tail or "") for line in breaks)


def drop(element: Element) -> None:
    """Remove an element from its tree, but not the text after it."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is not None:
            before.tail = f"{before.tail or ''}{element.tail}"
        else:
            parent.text = f"{parent.text or ''}{element.tail}"
    parent.remove(element)


def is_pointer(block: Block) -> bool:
    """Return whether a block points to another article or asks for something: "اقرأ أيضا …"."""
    if _FIRST_SEEN.match(block.text):
        return True
    words = len(block.text.split())
    if words > _LONGEST_POINTER or block.kind in ("table", "code"):
        return False
    folded = fold(block.text)
    if _LABEL_AND_SIGN.match(block.text):
        folded = fold(block.text.split(maxsplit=1)[0])
    if folded not in _labels() and not any(folded.startswith(line) for line in _lines()):
        return False
    if words <= _LONGEST_LABEL or block.linked > _LINKED_POINTER:
        return True
    return re.match(r"[^:.،]{0,40}(?::|\.\.|…)", block.text) is not None


def without_pointers(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks without those that point elsewhere and the lists of links under them.

    Words that only join the facts above an article, such as "في" before its section, go with them.
    """
    remaining: list[Block] = []
    after_pointer = False
    for block in blocks:
        if block.kind == "p" and fold(block.text) in _joining_words():
            continue
        if is_pointer(block):
            after_pointer = True
            continue
        if after_pointer and block.linked > 0.9:
            continue
        after_pointer = False
        remaining.append(block)
    return remaining
