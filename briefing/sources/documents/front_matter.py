"""The front matter of a Markdown file (YAML between ---, TOML between +++) -> metadata.

YAML anchors are refused, because with them a short text can become a huge one. Only scalars and
lists of scalars are used.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from typing import Any

from briefing.errors import SourceError
from briefing.sources.documents.assembling import Metadata
from briefing.sources.documents.dates import iso_date

__all__ = ["front_matter"]

MOST_BYTES = 64 * 1024
_YAML = re.compile(r"---[ \t]*\n(.*?)(?:^|\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_TOML = re.compile(r"\+\+\+[ \t]*\n(.*?)(?:^|\n)\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL)
_KEYS = re.compile(r"((?:[A-Za-z][\w-]{0,40}:[ \t][^\n]{0,1000}\n){1,30})(?:\n|\Z)")
_KEY_LINE = re.compile(r"^([\w-]+):[ \t]+(.*)$", re.MULTILINE)
_TITLE_KEY = re.compile(r"^title:", re.IGNORECASE | re.MULTILINE)
"""Pelican and MultiMarkdown write KEY: VALUE without marks around it."""
_LINE = re.compile(r"([\w-]+)\s*:\s*(.*)")
_WIKI_LINK = re.compile(r"\[\[([^\[\]|]*)(?:\|([^\[\]]*))?\]\]")
_LINK = re.compile(r"https?://\S+")
_DATES = ("date", "pubdate", "published", "created", "التاريخ", "تاريخ")
_TRUE = frozenset({"true", "yes", "on", "1"})
_FALSE = frozenset({"false", "no", "off", "0"})


def front_matter(text: str) -> tuple[Metadata, str]:
    """Return the metadata of the front matter, and the text after it. Raise SourceError.

    text: with "\\n" as its line ends.
    """
    if match := _YAML.match(text):
        table = _yaml(match[1])
        if table is None:
            return Metadata(), text  # a horizontal line, not front matter
    elif match := _TOML.match(text):
        table = _toml(match[1])
    elif (match := _KEYS.match(text)) and _TITLE_KEY.search(match[0]):
        table = dict(_KEY_LINE.findall(match[1]))
    else:
        return Metadata(), text
    return _metadata(table), text[match.end() :]


def _metadata(table: Mapping[str, Any]) -> Metadata:
    values = _lower_keys(table.get("taxonomies")) | _lower_keys(table)
    publish = _first(values, "publish", "publish_date", "publishdate")
    unpublished = {publish.lower(), _first(values, "published").lower()} & _FALSE
    hidden = bool(unpublished) or _first(values, "draft").lower() in _TRUE
    order = _first(values, "order", "weight")
    link = _first(values, "url", "link", "canonical", "canonical_url", "source")
    return Metadata(
        title=_first(values, "title", "العنوان", "عنوان"),
        byline=_names(values, "author", "authors", "byline", "الكاتب", "الكاتبة", "كاتب", "المؤلف"),
        date=iso_date(_first(values, *_DATES)),
        section=_first(values, "section", "category", "categories", "القسم", "قسم", "التصنيف"),
        order=int(order) if re.fullmatch(r"-?\d{1,9}", order) else None,
        url=link if _LINK.fullmatch(link) else "",
        language=_first(values, "lang", "language"),
        draft=hidden,
        publish=_moment(publish),
    )


def _lower_keys(table: Any) -> dict[str, Any]:
    """Return a table with its keys in lower case; empty for what is no table, or absent.

    Zola has the categories in a table of their own, `[taxonomies]`.
    """
    items = table.items() if isinstance(table, Mapping) else ()
    return {str(key).lower(): value for key, value in items}


def _moment(text: str) -> str:
    """Return the time before which an article must not be read. Raise SourceError."""
    if not text or text.lower() in _TRUE | _FALSE:
        return ""
    moment = iso_date(text)
    if not moment:
        raise SourceError(
            f"has publish: {text} in its front matter, which is no time; write it like"
            " 2026-11-27T06:00"
        )
    return moment


def _first(values: Mapping[str, Any], *names: str) -> str:
    """Return the first value that exists; of a list its first element."""
    for name in names:
        value = values.get(name)
        if isinstance(value, list):
            value = next(iter(_flat(value)), None)
        if value is not None and not isinstance(value, dict | list):
            return _scalar(value)
    return ""


def _names(values: Mapping[str, Any], *names: str) -> str:
    for name in names:
        value = values.get(name)
        items = _flat(value)
        written = [_scalar(_name_of(item) if isinstance(item, dict) else item) for item in items]
        if any(written):
            return "، ".join(filter(None, written))
    return ""


def _name_of(author: Mapping[str, Any]) -> Any:
    return author.get("name") or author.get("display_name")


def _scalar(value: Any) -> str:
    if value is None or isinstance(value, dict | list):
        return ""
    if isinstance(value, datetime.date):
        return value.isoformat()
    return _WIKI_LINK.sub(lambda link: link[2] or link[1], str(value).strip())


def _flat(value: Any) -> list[Any]:
    """Return a value's elements; YAML takes the unquoted [[name]] of a note for a list in a list.

    >>> _flat([["سهام"], "نادر"]), _flat("سهام")
    (['سهام', 'نادر'], ['سهام'])
    """
    items = value if isinstance(value, list) else [value]
    return [part for item in items for part in (item if isinstance(item, list) else [item])]


def _yaml(text: str) -> dict[str, Any] | None:
    """Return the table of YAML front matter, or None if it is none."""
    import yaml

    if len(text.encode("utf-8", "replace")) > MOST_BYTES:
        raise SourceError("has more than 64 KB of front matter; shorten it")
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=loader)):
            raise SourceError("uses anchors (& and *) in its front matter; write the values out")
        table = yaml.load(text, Loader=loader)  # this loader only makes strings
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        return _lines(text, error)
    return table if isinstance(table, dict) else None


def _lines(text: str, error: Exception) -> dict[str, Any]:
    """Read front matter that is not strictly YAML, such as a title with a colon in it."""
    table: dict[str, Any] = {}
    for number, line in enumerate(text.split("\n"), 2):
        if not line.strip() or line.startswith(("#", " ", "\t", "-")):
            continue
        match = _LINE.fullmatch(line.strip())
        if not match:
            reason = str(getattr(error, "problem", "") or "not YAML")
            raise SourceError(
                f"has front matter that cannot be read, line {number}: {reason}; write KEY: VALUE"
            )
        table[match[1]] = match[2].strip().strip("\"'")
    return table


def _toml(text: str) -> dict[str, Any]:
    import tomllib

    if len(text.encode("utf-8", "replace")) > MOST_BYTES:
        raise SourceError("has more than 64 KB of front matter; shorten it")
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SourceError(f"has front matter that is not TOML: {error}; correct it") from None
