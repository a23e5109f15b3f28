"""Characters as the text stages want them: mended letters, ASCII digits, nothing invisible.

`prepare` keeps the place of every character in the written text, so that what is read can be
traced to what was written.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

__all__ = ["Clean", "clean", "prepare", "strip_marks"]

MARKS = "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u08d3-\u08ff"
_INVISIBLE = (
    "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufff9-\uffff"
)
_PRESENTATION = "\ufb50-\ufdff\ufe70-\ufefc"
# Persian and Urdu letters that stand for an Arabic one; digits of both kinds; full-width forms
_LETTERS = str.maketrans(
    "یېێۍکګڪۀەہھۂۃےۓٱٲٳ٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٪−‐‑",
    "ييييكككهههههةييااا01234567890123456789%---",
)
_TRANSLATED = "".join(map(chr, _LETTERS))
_OFTEN = 4
"""How often an entity may have been encoded: &amp;nbsp;."""
_TAGS = (
    "p|br|b|i|em|strong|span|div|a|u|s|q|h[1-6]|li|ul|ol|dl|dt|dd|img|figure|figcaption|picture"
    "|source|blockquote|cite|small|big|sub|sup|del|ins|mark|font|center|hr|pre|code|table|thead"
    "|tbody|tfoot|tr|td|th|caption|article|section|aside|header|footer|nav|main|iframe|video|audio"
    "|noscript|label|button|input|form|time|abbr|wbr|html|body|head|title|meta|link|script|style"
)
_SPECIAL = re.compile(
    f"[{_INVISIBLE}]+|[{MARKS}\u0640]+|[{_PRESENTATION}]|[{re.escape(_TRANSLATED)}]|[\uff01-\uff5e]"
    "|&(?:amp;){0,3}(?:[A-Za-z]{2,8}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});"
    "|<(?:!--[^<>]{0,1000}--|(?P<code>script|style)[^<>]{0,300}>[^<]{0,2000}</(?P=code)"
    f"|/?(?:{_TAGS})(?:\\s[^<>]{{0,500}})?/?)>"
    "|[\u0300-\u036f]+"
)


@dataclass(frozen=True, slots=True)
class Clean:
    """A paragraph's cleaned text, and where each of its characters was written."""

    text: str
    starts: list[int] | range
    """Of each cleaned character, the offset of what it was written as."""
    ends: list[int] | range
    """The offset behind it, its vowel marks included."""


def prepare(text: str) -> Clean:
    """Clean a paragraph: vowel marks, tatweel and invisible characters go, letters are mended.

    HTML entities become what they mean and tags a space.

    >>> prepare("السـيّـد&nbsp;١٢").text
    'السيد 12'
    """
    first = _SPECIAL.search(text)
    if first is None:
        return Clean(text, range(len(text)), range(1, len(text) + 1))
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    last = 0
    for found in _SPECIAL.finditer(text):
        start, end = found.span()
        if start > last:
            out.append(text[last:start])
            starts.extend(range(last, start))
            ends.extend(range(last + 1, start + 1))
        new = _replacement(found[0])
        if text[start] == "\u0640" and _stands_alone(text, start, end):
            new = "-"
        if new:
            out.append(new)
            starts.extend([start] * len(new))
            ends.extend([end] * len(new))
        elif ends and _is_mark(text[start]):
            ends[-1] = end
        last = end
    if last < len(text):
        out.append(text[last:])
        starts.extend(range(last, len(text)))
        ends.extend(range(last + 1, len(text) + 1))
    return Clean("".join(out), starts, ends)


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Tell a tatweel that is written for a dash: القاهرة ـ قال."""
    return (
        (start == 0 or text[start - 1].isspace())
        and (end == len(text) or text[end].isspace())
        and not text[start:end].strip("\u0640")
    )


def _is_mark(character: str) -> bool:
    return character == "\u0640" or unicodedata.combining(character) > 0


def _replacement(piece: str) -> str:
    first = piece[0]
    if first in _TRANSLATED:
        return chr(_LETTERS[ord(first)])
    if first == "&":
        import html

        meant = piece
        for _ in range(_OFTEN):
            meant = html.unescape(meant)
        if meant == piece:
            return piece
        return " " if meant.isspace() else prepare(meant).text if "&" not in meant else meant
    if first == "<":
        return " "
    if "\uff01" <= first <= "\uff5e":
        return chr(ord(first) - 0xFEE0)
    if "\ufb50" <= first <= "\ufefc":
        if first in "\ufdfa\ufdfb\ufdfc\ufdfd":
            return first  # a phrase or a currency: the tables say it
        if first in "\ufd3e\ufd3f":
            return "(" if first == "\ufd3e" else ")"
        mended = unicodedata.normalize("NFKC", first).replace("\u0640", "")
        return strip_marks(mended).strip().translate(_LETTERS)
    return ""


def clean(text: str) -> str:
    """Clean one written piece and keep its vowel marks.

    >>> clean("السـيّـد") == "السيّد" and clean("ﻻ") == "لا" and clean("٢٠٢٤") == "2024"
    True
    """

    def mend(found: re.Match[str]) -> str:
        if found[0][0] in "\u0640":
            return re.sub(f"[^{MARKS}]", "", found[0])
        return found[0] if _marks().match(found[0][0]) else _replacement(found[0])

    return _SPECIAL.sub(mend, text).replace("\u0640", "")


def strip_marks(text: str) -> str:
    """Remove vowel marks and the marks of recitation.

    >>> strip_marks("كِتَابٌ") == "كتاب"
    True
    """
    return _marks().sub("", text)


@cache
def _marks() -> re.Pattern[str]:
    return re.compile(f"[{MARKS}]")
