"""A page's tree -> the facts about its article: title, byline, date, section, address.

They are read from JSON-LD (schema.org), Open Graph, microdata and usual class names. This takes
milliseconds; a library that guesses dates in 223 languages takes seconds for each page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any
from urllib.parse import urljoin, urlsplit

from briefing.sources.article import split_bylines
from briefing.sources.documents.authors import NAMED_BY, author_of, names_position
from briefing.sources.documents.blocks import fold, same_text, tidy
from briefing.sources.documents.boilerplate import words_of
from briefing.sources.documents.dates import is_date_line, iso_date, written_date
from briefing.sources.documents.page_section import page_section
from briefing.sources.documents.trees import Element, local_name

__all__ = [
    "Facts",
    "page_facts",
    "schema_facts",
    "schema_names",
    "web_address",
    "without_site",
]

_NOBODY: Mapping[str, str] = {}
_ARTICLE_TYPES = re.compile(r"(?:\w*Article|\w*Posting|Report|Review|LiveBlogPosting)")
_SITE_SUFFIX = re.compile(r"\s+(?:::|[|–—:·»«-])\s+")
_SEPARATORS = " |–—:·»«-"
_NO_TITLE = re.compile(
    r"-? ?no title specified|untitled(?: document)?|new page ?\d*|(?:مستند )?(?:بلا|بدون) عنوان",
    re.IGNORECASE,
)
"""What programs write into the title of a page that has none."""
_MOST_BYLINE_WORDS = 9
_MOST_OBJECTS = 2_000
"""The most JSON-LD objects that are looked at."""
_DATE_WORDS = frozenset(
    "date datetime dateline time timestamp posted published publish created submitted meta info"
    " updated".split()
)
_MOST_UNDER_TITLE = 40
"""The most elements under a headline that are looked at for a line with the date."""
_INLINE = frozenset({"a", "b", "em", "i", "strong"})
_CLASS_WORDS = re.compile(r"[a-z]+")
_OF_SITE = frozenset({"brand", "logo", "page", "site", "widget"})
"""Words of a class that is a title, but not the article's."""
_AROUND_NAMES = " -–—|•·،,"
_USER_NAME = frozenset({"user", "name"})
_BYLINE_WORDS = frozenset({"author", "authors", "by", "byline", "writer", "reporter", "vcard"})


@dataclass(frozen=True, slots=True)
class Facts:
    """What a page says about its article; "" if it says nothing."""

    title: str = ""
    byline: str = ""
    date: str = ""
    section: str = ""
    url: str = ""
    language: str = ""
    body: str = ""
    """The text of the article, if JSON-LD has it."""
    publisher: str = ""
    is_live: bool = False
    """True for a page of many short reports, which is written while something happens."""


def page_facts(root: Element, visible: Element, address: str = "") -> Facts:
    """Return the facts of a page.

    root: the whole page. visible: the page without what is hidden, comments and related articles.
    Both are <html> elements. address: where the page was fetched from.
    """
    meta = _metas(root)
    objects = list(_json_ld(root))
    named = schema_names(objects)
    schema = next(
        (facts for row in objects if (facts := schema_facts(row, named)) is not None), Facts()
    )
    canonical = next((link.get("href") or "" for link in _links(root, "canonical")), "")
    url = canonical or meta.get("og:url", "") or _saved_from(root) or address
    title = _title(root, visible, meta, schema)
    return Facts(
        title=title,
        byline=_named_byline(visible, meta, schema) or _byline_under(visible, title),
        is_live=schema.is_live,
        date=schema.date or _date(visible, meta) or _date_under(visible, title, root),
        section=schema.section
        or tidy(meta.get("article:section", ""))
        or page_section(root, visible, title, objects),
        url=web_address(url, address),
        language=root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or "",
        body=schema.body,
    )


def web_address(url: str, base: str = "") -> str:
    """Return an absolute address on the web; "" if it is none.

    >>> web_address("/a?x=1", "https://news.example/"), web_address("javascript:alert(1)")
    ('https://news.example/a?x=1', '')
    """
    try:
        joined = urljoin(base, url.strip())
        parts = urlsplit(joined)
    except ValueError:
        return ""
    plain = parts.scheme in ("http", "https") and parts.hostname and parts.username is None
    return joined if plain and joined.isprintable() else ""


def schema_names(objects: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return the names of schema.org objects by their "@id", by which others refer to them."""
    return {
        row["@id"]: _text(row.get("name"))
        for row in objects
        if isinstance(row.get("@id"), str) and isinstance(row.get("name"), str)
    }


def schema_facts(row: Mapping[str, Any], named: Mapping[str, str] = _NOBODY) -> Facts | None:
    """Return the facts of a schema.org object, or None if it is no article.

    named: the names of other objects by their "@id".
    """
    kinds = row.get("@type")
    names = kinds if isinstance(kinds, list) else [kinds]
    if not any(isinstance(name, str) and _ARTICLE_TYPES.fullmatch(name) for name in names):
        return None
    section = row.get("articleSection")
    if isinstance(section, list):
        section = section[0] if section else ""
    page = row.get("mainEntityOfPage")
    address = row.get("url") or (page.get("@id") if isinstance(page, dict) else page)
    return Facts(
        title=_text(row.get("headline") or row.get("name")),
        byline="، ".join(dict.fromkeys(_names(row.get("author") or row.get("creator"), named))),
        date=iso_date(_text(row.get("datePublished") or row.get("dateCreated"))),
        section=_text(section),
        url=web_address(_text(address)),
        language=_text(row.get("inLanguage")),
        publisher=next(_names(row.get("publisher"), named), ""),
        is_live="LiveBlogPosting" in names,
        body=row["articleBody"] if isinstance(row.get("articleBody"), str) else "",
    )


def _text(value: Any) -> str:
    """Return a text of JSON, which may be escaped for HTML."""
    from html import unescape

    return tidy(re.sub(r"<[^<>]*>", "", unescape(value))) if isinstance(value, str) else ""


def _names(value: Any, named: Mapping[str, str]) -> Iterator[str]:
    for author in value if isinstance(value, list) else [value]:
        name = author
        if isinstance(author, dict):
            name = author.get("name") or named.get(str(author.get("@id")))
        for item in name if isinstance(name, list) else [name]:
            text = _text(item)
            if text and "://" not in text:
                yield text


def _json_ld(root: Element) -> Iterator[Mapping[str, Any]]:
    """Yield every object of the page's JSON-LD, outer ones first."""
    waiting: list[Any] = []
    for script in root.iter("script"):
        if (script.get("type") or "").strip().lower() == "application/ld+json":
            try:
                waiting.append(json.loads(script.text or "", strict=False))
            except (ValueError, RecursionError):
                continue
    for _ in range(_MOST_OBJECTS):
        if not waiting:
            return
        value = waiting.pop(0)
        if isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, dict):
            yield value
            waiting.extend(item for item in value.values() if isinstance(item, dict | list))


def _metas(root: Element) -> dict[str, str]:
    metas: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        content = meta.get("content") or ""
        name = name.strip().lower()
        if name == "author" and name in metas and content.strip() not in metas[name]:
            metas[name] += f"، {content.strip()}"
        elif name and content.strip():
            metas.setdefault(name, content.strip())
    return metas


def _links(root: Element, relation: str) -> Iterator[Element]:
    for link in root.iter("link", "a"):
        if relation in (link.get("rel") or "").lower().split():
            yield link


def _saved_from(root: Element) -> str:
    """Return the address that a browser writes into a page that it saves."""
    return str(root.get("data-saved-from") or "")


def _title(root: Element, visible: Element, meta: Mapping[str, str], schema: Facts) -> str:
    """Return the article's headline, preferably a visible one that the markup confirms."""
    named = tidy(meta.get("og:title", "") or meta.get("twitter:title", ""))
    element = root.find(".//title")
    head = tidy("".join(element.itertext())) if element is not None else ""
    head = "" if _NO_TITLE.fullmatch(head) else head
    site = meta.get("og:site_name", "")
    calls = [name for name in (schema.title, named) if name] or [head]
    marked = [_text_of(element) for element in visible.iter() if "headline" in _properties(element)]
    headings = [
        *map(_text_of, visible.iter("h1")),
        *marked,
        *map(_text_of, visible.iter("h2", "h3")),
        *map(_text_of, filter(_is_named_title, visible.iter())),
    ]
    confirmed = [
        heading
        for heading in headings
        if len(heading.split()) > 1 and any(fold(heading) in fold(name) for name in calls)
    ]
    if confirmed:
        return max(confirmed, key=len)
    if schema.title:
        return schema.title
    if not any(calls):
        titled = map(_text_of, filter(_is_titled, visible.iter()))
        if title := next(filter(None, titled), ""):
            return title
    first = [heading for heading in map(_text_of, visible.iter("h1")) if heading]
    if len(first) == 1 and not same_text(first[0], site) and not named:
        return first[0]
    return _without_site(named or head, site)


def _is_titled(element: Element) -> bool:
    """Return whether an element's class marks the title, as in Google Docs and on old sites."""
    return bool(local_name(element)) and "title" in (element.get("class") or "").split()


def _is_named_title(element: Element) -> bool:
    """Return whether an element's class says that it is a title, such as "article_title"."""
    if not local_name(element):
        return False
    names = (_CLASS_WORDS.findall(name.lower()) for name in (element.get("class") or "").split())
    return any(
        words and words[-1] in ("title", "headline") and _OF_SITE.isdisjoint(words)
        for words in names
    )


def _text_of(element: Element) -> str:
    return tidy("".join(element.itertext()))


def _properties(element: Element) -> list[str]:
    """Return an element's microdata properties."""
    return (element.get("itemprop") or "").split() if local_name(element) else []


def without_site(title: str, site: str) -> str:
    """Return a title without the name of its site at its end, and otherwise unchanged.

    >>> without_site("قطرة دم وأربع دقائق - صحة الآن", "صحة الآن")
    'قطرة دم وأربع دقائق'
    """
    parts = _SITE_SUFFIX.split(title)
    if len(parts) < 2 or not same_text(parts[-1], site):
        return title
    return title[: title.rindex(parts[-1])].rstrip(_SEPARATORS)


def _without_site(title: str, site: str) -> str:
    """Return a page's title without the name of its site, if need be guessed.

    >>> _without_site("قطرة دم وأربع دقائق - صحة الآن", "")
    'قطرة دم وأربع دقائق'
    """
    parts = _SITE_SUFFIX.split(title)
    if len(parts) == 1:
        return title
    if site and same_text(parts[0], site):
        return title[title.index(parts[1]) :]
    longest = max(parts, key=lambda part: len(part.split()))
    return longest if len(longest.split()) >= 3 else title


def _named_byline(visible: Element, meta: Mapping[str, str], schema: Facts) -> str:
    """Return the names of persons if the page has some, else its publisher's if it is named so."""
    sites = [schema.publisher, meta.get("og:site_name", "")]
    if schema.byline and not any(same_text(schema.byline, site) for site in sites):
        return schema.byline
    return _byline(visible, meta, sites) or schema.byline


def _byline(visible: Element, meta: Mapping[str, str], sites: Sequence[str]) -> str:
    general = ""
    for name in ("author", "article:author", "dc.creator", "parsely-author", "sailthru.author"):
        text = NAMED_BY.sub("", tidy(meta.get(name, "")))
        if "://" not in text and not text.startswith("@") and author_of(text):
            if not any(same_text(text, site) for site in sites):
                return text
            general = text
    marked = [_text_of(element) for element in visible.iter() if _names_author(element)]
    marked = [text for text in marked if text and len(text.split()) <= _MOST_BYLINE_WORDS]
    if marked:
        return NAMED_BY.sub("", "، ".join(dict.fromkeys(marked)))
    return _byline_by_class(visible) or general


def _names_author(element: Element) -> bool:
    """Return whether the markup says that an element is the author's name."""
    if not local_name(element):
        return False
    if "author" in (element.get("rel") or "").lower().split():
        return True
    if "fn" in (element.get("class") or "").split():  # a name in hCard, an older microformat
        return any("vcard" in words_of(above) for above in element.iterancestors())
    properties, parent = _properties(element), element.getparent()
    if "name" in properties and parent is not None:
        return "author" in _properties(parent)
    return "author" in properties and not any("name" in _properties(part) for part in element)


def _byline_by_class(visible: Element) -> str:
    names: list[str] = []
    first = None
    for element in visible.iter():
        words = words_of(element) if local_name(element) else set()
        if not (_BYLINE_WORDS & words or words >= _USER_NAME):
            continue
        text = NAMED_BY.sub("", _names_in(element)).strip(_AROUND_NAMES)
        if (
            not text
            or text.endswith(":")
            or len(text.split()) > _MOST_BYLINE_WORDS
            or written_date(text)
        ):
            continue
        if first is None or fold(text) in fold(names[0]):
            first, names = element, [text]  # an inner element with the same name
        elif element.getparent() is first.getparent():
            names.append(text)  # a sibling: another author of the article
        else:
            break
    return "، ".join(names)


def _names_in(element: Element) -> str:
    """Return the text of a byline, of a list the names without the authors' positions."""
    items = [_text_of(item) for item in element.iter("li")]
    if not items:
        return _text_of(element)
    return "، ".join(item for item in items if item and not names_position(item))


def _date_under(visible: Element, title: str, root: Element) -> str:
    """Return the date of a line shortly under the headline that has nothing else.

    If no such line is visible, one that only screen readers read counts.
    """
    lines = chain(_lines_under(visible, title), _lines_under(root, title))
    return next(filter(None, map(written_date, filter(is_date_line, lines))), "")


def _byline_under(visible: Element, title: str) -> str:
    """Return the line shortly under the headline that reads like a byline: "كتب - أحمد علي"."""
    for text in _lines_under(visible, title):
        if split_bylines((text, ""), has_title=True)[0]:
            return text
    return ""


def _lines_under(visible: Element, title: str) -> Iterator[str]:
    """Yield the texts of the elements shortly under the headline that have one line of text."""
    elements = visible.iter()
    if not any(same_text(_text_of(item), title) for item in elements if local_name(item) == "h1"):
        return
    for element in islice(elements, _MOST_UNDER_TITLE):
        inside = (child for child in element if local_name(child) not in _INLINE)
        if local_name(element) and not any(map(_text_of, inside)):
            yield _text_of(element)


def _date(visible: Element, meta: Mapping[str, str]) -> str:
    names = (
        "article:published_time",
        "datepublished",
        "dc.date",
        "date",
        "pubdate",
        "parsely-pub-date",
    )
    for name in names:
        if date := iso_date(meta.get(name, "")):
            return date
    for element in visible.iter():
        published = "datepublished" in (element.get("itemprop") or "").lower()
        if published or local_name(element) == "time":
            text = element.get("datetime") or element.get("content") or "".join(element.itertext())
            if date := iso_date(text):
                return date
    for element in visible.iter():
        if local_name(element) and any(
            _DATE_WORDS & {word} or word.endswith("date") for word in words_of(element)
        ):
            text = "".join(element.itertext())
            if len(text.split()) <= 30 and (date := written_date(text)):
                return date
    return ""
