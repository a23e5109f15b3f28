"""Latin words to Arabic letters, for voices without Latin: by sound, as the press writes names.

A voice that speaks Latin by its own means (espeak, gtts) does not need it; one that does not gives
`in_arabic_letters(sentence)` the place of `sentence.spoken` in its notation.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

from briefing.text.script import Sentence

__all__ = ["arabic_letters", "in_arabic_letters"]

_SOFT_C = re.compile(r"c(?=[eiy])")
_SILENT_E = re.compile(r"(?<=[a-z]{2})(?<=[^aeiou])e\b")
_DOUBLED = re.compile(r"([b-df-hj-np-tv-z])\1")


def arabic_letters(word: str) -> str:
    """Write a Latin word in Arabic letters; what is no Latin letter is left out.

    >>> arabic_letters("Farnaz"), arabic_letters("Fassihi"), arabic_letters("Stone")
    ('فارناز', 'فاسيهي', 'ستون')
    """
    plain = unicodedata.normalize("NFKD", word).lower()
    plain = re.sub("[^a-z]", "", plain)
    plain = _DOUBLED.sub(r"\1", _SILENT_E.sub("", _SOFT_C.sub("s", plain)))
    table, longest = _table()
    written, at = [], 0
    while at < len(plain):
        for size in range(longest, 0, -1):
            row = table.get(plain[at : at + size])
            if row:
                written.append(row[at > 0])
                at += size
                break
    return "".join(written)


def in_arabic_letters(sentence: Sentence) -> str:
    """Return what is spoken, with every foreign word in Arabic letters."""
    return " ".join(
        token.spoken
        if token.language == "ar"
        else " ".join(filter(None, map(arabic_letters, token.spoken.split())))
        for token in sentence.tokens
        if token.spoken
    )


@cache
def _table() -> tuple[dict[str, tuple[str, str]], int]:
    rows = {}
    text = (Path(__file__).parent / "data" / "transliteration.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            latin, first, elsewhere = line.split("\t")
            rows[latin] = (first, elsewhere)
    return rows, max(map(len, rows))
