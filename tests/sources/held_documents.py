"""Documents with what is to be read of them (expected.json), and how the two are compared.

The fields of expected.json are explained in documents/README.md. Right means: title, byline, date,
section, order, headings and paragraphs equal, white space and quotation marks aside, and nothing
more said.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from briefing.sources import Article

HERE = Path(__file__).parent
_ASIDE = re.compile("[\\s«»\"“”'‘’\u200e\u200f]+")


@dataclass(frozen=True)
class HeldDocument:
    """A document and what is expected of it."""

    path: Path
    expected: Mapping[str, Any]

    @property
    def is_hostile(self) -> bool:
        return bool(self.expected.get("hostile"))


def held_documents(folder: str) -> Iterator[HeldDocument]:
    for path in sorted((HERE / folder).glob("*/expected.json")):
        expected = json.loads(path.read_text(encoding="utf-8"))
        yield HeldDocument(path.parent / expected["file"], expected)


def misses(document: HeldDocument, articles: Sequence[Article] | None, problem: str) -> list[str]:
    """List what is not as expected. articles: None where the document was refused, for a problem."""
    expected = document.expected
    found: list[str] = []
    texts = [text for article in articles or () for text in (article.title, *article.paragraphs)]
    if any(expected.get("must_not", "\0") in text for text in texts):
        found.append(f"says {expected['must_not']!r}")
    if articles is None:
        if "error" not in expected and not expected.get("or_error"):
            found.append(f"is refused: {problem}")
        if not problem or "\n" in problem:
            found.append(f"the reason is no line: {problem!r}")
        told = expected.get("error", "")
        if told in {"save it as .docx", "damaged", "too large when unpacked", "not a feed"} or (
            told == "an old Office document"
        ):
            found += [] if told in problem else [f"does not tell {told!r}: {problem}"]
        return found
    if "error" in expected:
        return found if expected.get("or_read") else [*found, "is not refused"]
    if len(articles) != len(expected["articles"]):
        found.append(f"{len(articles)} articles, not {len(expected['articles'])}")
    for article, one in zip(articles, expected["articles"], strict=False):
        found += _misses(article, one, expected)
    return found


def _misses(article: Article, one: Mapping[str, Any], expected: Mapping[str, Any]) -> list[str]:
    optional = {_plain(text) for text in [*one.get("optional", ()), *expected.get("optional", ())]}
    spoken = [_plain(text) for text in article.paragraphs]
    kinds = [article.kind_of(index) for index in range(len(spoken))]
    read = [text for text in spoken if text not in optional]
    wanted = [_plain(text) for text in one["paragraphs"] if _plain(text) not in optional]
    headings = [text for text, kind in zip(spoken, kinds, strict=True) if kind == "heading"]
    wanted_headings = [_plain(one["paragraphs"][index]) for index in one.get("headings", ())]
    found = [
        f"{name} {getattr(article, name)!r}"
        for name in ("title", "byline", "section", "order")
        if name in one and _plain(str(getattr(article, name))) != _plain(str(one[name]))
    ]
    if "date" in one and article.date[:10] != one["date"]:
        found.append(f"date {article.date!r}")
    if expected.get("subset"):
        return [*found, *(f"lost {text!r}" for text in wanted if text not in read)]
    if [text for text in headings if text not in optional] != wanted_headings:
        found.append(f"headings {headings}")
    if read != wanted:
        found += [f"lost {text!r}" for text in wanted if text not in read]
        found += [f"too much {text!r}" for text in read if text not in wanted]
        found += ["in another order"] if sorted(read) == sorted(wanted) else []
    return found


def _plain(text: str) -> str:
    return _ASIDE.sub("", text)
