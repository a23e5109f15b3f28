"""Characters as the text stages expect them: Arabic letters, ASCII digits, nothing invisible.

`prepare` keeps the place of every character in the written text, so that what is read can be
traced to what was written.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from briefing.text.characters import FATHA, KASRA, MARKS, TATWEEL, without_tatweel

__all__ = ["Clean", "clean", "prepare", "strip_marks"]

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
    f"[{_INVISIBLE}]+|[{MARKS}{TATWEEL}]+|[{_PRESENTATION}]|[{re.escape(_TRANSLATED)}]|[\uff01-\uff5e]"
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
    """Of each cleaned character, the offset after what it was written as, its marks included."""


def prepare(text: str) -> Clean:
    """Clean a paragraph: remove vowel marks, tatweel and invisible characters, and
    replace letters that stand for Arabic ones.

    HTML entities become the characters that they stand for, and tags a space.

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
    for match in _SPECIAL.finditer(text):
        start, end = match.span()
        if start > last:
            out.append(text[last:start])
            starts.extend(range(last, start))
            ends.extend(range(last + 1, start + 1))
        new = _replacement(match)
        if text[start] == TATWEEL and _stands_alone(text, start, end):
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
    """Return whether a tatweel is written for a dash: القاهرة ـ قال."""
    return (
        (start == 0 or text[start - 1].isspace())
        and (end == len(text) or text[end].isspace())
        and not text[start:end].strip(TATWEEL)
    )


def _is_mark(character: str) -> bool:
    return character == TATWEEL or unicodedata.combining(character) > 0


def _replacement(match: re.Match[str]) -> str:
    piece, first = match[0], match[0][0]
    if first == "ی":
        return _yeh(match.string, match.start())
    if first in _TRANSLATED:
        return chr(_LETTERS[ord(first)])
    if "\u200b" in piece or "\u200c" in piece:
        return _between_words(match)
    if first == "&":
        import html

        unescaped = piece
        for _ in range(_OFTEN):
            unescaped = html.unescape(unescaped)
        if unescaped == piece:
            return piece
        return (
            " "
            if unescaped.isspace()
            else prepare(unescaped).text
            if "&" not in unescaped
            else unescaped
        )
    if first == "<":
        return " "
    if "\uff01" <= first <= "\uff5e":
        return chr(ord(first) - 0xFEE0)
    if "\ufb50" <= first <= "\ufefc":
        if first in "\ufdfa\ufdfb\ufdfc\ufdfd":
            return first  # a phrase or a currency: the tables say it
        if first in "\ufd3e\ufd3f":
            return "(" if first == "\ufd3e" else ")"
        mended = without_tatweel(unicodedata.normalize("NFKC", first))
        return strip_marks(mended).strip().translate(_LETTERS)
    return ""


_HASHTAG = re.compile(r"#[^\s#]{1,100}\Z")


def _between_words(match: re.Match[str]) -> str:
    """Return what invisible signs stand for: a zero-width space between two words ends the first.

    So does a zero-width non-joiner in a hashtag (#لا‌للحرب); elsewhere it only shapes a letter.
    """
    text, (start, end) = match.string, match.span()
    if not (start and end < len(text) and text[start - 1].isalnum() and text[end].isalnum()):
        return ""
    if "\u200b" in match[0]:
        return " "
    return "_" if _HASHTAG.search(text, max(0, start - 100), start) else ""


_WORD_BEFORE = re.compile(r"[^\W\d_]{1,20}\Z")


def _yeh(text: str, place: int) -> str:
    """Return the Arabic letter of a Farsi yeh: at a word's end ى where the table says so."""
    following = place + 1
    while following < len(text) and _is_mark(text[following]):
        following += 1
    if following < len(text) and text[following].isalpha():
        return "ي"
    if text[place - 1 : place] in (KASRA, FATHA):
        return "ي" if text[place - 1] == KASRA else "ى"  # the author's vowel decides
    before = strip_marks(text[max(0, place - 40) : place]).translate(_LETTERS)
    match = _WORD_BEFORE.search(before)
    if match is None:
        return "ي"
    word = match[0]
    if word == "عل" and _is_name_of_ali(before[: match.start()], text[following:]):
        return "ي"
    return "ى" if any(form in _ends_in_maksura() for form in _without_particles(word)) else "ي"


def _is_name_of_ali(before: str, behind: str) -> bool:
    """Return whether علی is the name: after a title or a first name, or before بن."""
    from briefing.text.table_files import toml_table

    titles = toml_table(__file__, "reading.toml")["before_ali"].split()
    return before.split()[-1:] in [[title] for title in titles] or behind.split()[:1] == ["بن"]


_PARTICLES = re.compile("[وف]?(?:[بك]?ال|لل|[بلك])?")


def _without_particles(word: str) -> set[str]:
    """Return a word without each of the particles that may be joined to it: والقتل, القتل, قتل."""
    match = _PARTICLES.match(word)
    longest = match.end() if match else 0
    return {word[start:] for start in range(longest + 1)}


@cache
def _ends_in_maksura() -> frozenset[str]:
    """Return the words that end in ى, without it."""
    from briefing.text.table_files import toml_table

    listed = toml_table(__file__, "reading.toml")["maksura"].split()
    return frozenset(word.removesuffix("ى") for word in listed)


def clean(text: str) -> str:
    """Clean one written piece and keep its vowel marks.

    >>> clean("السـيّـد") == "السيّد" and clean("ﻻ") == "لا" and clean("٢٠٢٤") == "2024"
    True
    """

    def mend(match: re.Match[str]) -> str:
        if match[0][0] == TATWEEL:
            return re.sub(f"[^{MARKS}]", "", match[0])
        return match[0] if _marks().match(match[0][0]) else _replacement(match)

    return without_tatweel(_SPECIAL.sub(mend, text))


def strip_marks(text: str) -> str:
    """Remove vowel marks and the marks of recitation.

    >>> strip_marks("كِتَابٌ") == "كتاب"
    True
    """
    return _marks().sub("", text)


@cache
def _marks() -> re.Pattern[str]:
    return re.compile(f"[{MARKS}]")
