"""A cleaned paragraph to its written pieces: words, numbers, dates, addresses, signs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from briefing.text.characters import ARABIC_LETTERS

__all__ = ["DASHES", "Lexeme", "scan"]

DASHES = "-–—"

_LATIN = "A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff"
_TOP_LEVEL = (
    "com|org|net|edu|gov|mil|info|news|app|online|site|xyz|int|co|tv|io|me|ai|ly|be|uk|us|eu|fr|de|ru"
    "|cn|tr|ir|il|eg|sa|ae|qa|kw|bh|om|ye|iq|sy|lb|jo|ps|sd|tn|dz|ma|mr"
)
# Every repetition is bounded, or its parts begin with different characters: no backtracking.
_KINDS = (
    (
        "url",
        r"(?:(?:https?|ftp)://|www\.)[^\s<>\"«»“”،؛]{1,2000}(?<![.,:;!?؟)'\]…])",
    ),
    ("email", r"[A-Za-z0-9_.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}"),
    (
        "domain",
        r"(?<![A-Za-z0-9.])[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{2,30}){0,3}"
        rf"\.(?:{_TOP_LEVEL})(?![A-Za-z0-9])(?:/[^\s<>\"«»“”،؛]{{0,500}}(?<![.,:;!?؟)'\]…]))?",
    ),
    (
        "date",
        r"(?<![\d/.-])(?:\d{1,2}([/.-])\d{1,2}\1\d{4}|\d{4}([/.-])\d{1,2}\2\d{1,2}|\d{1,2}/\d{1,2}/\d{2})(?![\d/]|[.-]\d)",
    ),
    ("time", r"(?<![\d:])\d{1,2}:[0-5]\d(?::[0-5]\d)?(?![\d:])"),
    (
        "phone",
        r"(?<![\d.+])(?:\+|00)\d(?:[ ()-]{0,2}\d){6,16}(?!\d)"
        r"|(?<![\d.-])0\d{1,3}-\d{5,8}(?![\d-])"
        r"|(?<![\d./-])(?:0\d{1,3}|[78]\d)/\d{6,8}(?![\d/-])"  # Lebanon: 01/345678, 70/345678
        r"|(?<![\d.-])0\d \d{3} \d{3}(?![\d-])|(?<![\d.-])0\d(?:[ -]?\d){7,9}(?![\d-])"
        r"|(?<![\d.-])\d{3}-\d{3,4}(?:-\d{3,4}){1,4}(?![\d-])",
    ),
    ("version", r"(?<![\d.])(?!\d{1,3}(?:\.\d{3}){2,5}(?![\d.]))\d{1,5}(?:\.\d{1,5}){2,6}(?!\d)"),
    (
        "number",
        r"[1-9]\d{0,2}(?:(?:[,٬]\d{3}){1,8}|(?:[ \u00a0\u202f]\d{3}){1,8}|(?:\.\d{3}){2,8})"
        r"(?!\d)(?:[.٫]\d{1,9}(?!\d))?"
        r"|\d{1,6}ر\d{1,6}(?![^\W_])"  # agencies' decimals, the part first: 5ر3 is 3.5
        r"|\d{1,4000}[.,٫]\d{1,15}(?!\d)|[.٫]\d{1,9}(?!\d)|\d{1,4000}",
    ),
    (
        "initials",
        rf"(?<![{ARABIC_LETTERS}])[ء-ي](?:\.[ء-ي]){{1,5}}(?![{ARABIC_LETTERS}])\.?|(?<![{_LATIN}])(?:[A-Z]\.){{2,8}}(?![{_LATIN}])[A-Z]?",
    ),
    (
        "latin",
        # -16 belongs to F-16 and not to Shahed-136, whose number is a piece of its own
        rf"[{_LATIN}][{_LATIN}0-9]*(?:['’&][{_LATIN}0-9]+|-[{_LATIN}][{_LATIN}0-9]*"
        rf"|(?<=[A-Z0-9])-[0-9][{_LATIN}0-9]*)*"
        r"(?:(?<=[0-9])\.[0-9]{1,2}(?![0-9.]))?",
    ),
    ("arabic", rf"[{ARABIC_LETTERS}]+"),
    ("sign", r"[\u00b2\u00b3\u00b9\u00bc-\u00be\u2070-\u218b\u2460-\u24ff\u2776-\u2793]"),
    (
        "other",
        rf"[^\W\d_{ARABIC_LETTERS}{_LATIN}\u00b2\u00b3\u00b9\u00bc-\u00be\u2070-\u218b\u2460-\u24ff\u2776-\u2793\ufdfa-\ufdfd]+|\d",
    ),
    ("newline", r"[^\S\n]*\n\s*"),
    ("space", r"[^\S\n]+"),
    ("any", r"(?s:.)"),
)


@dataclass(slots=True)
class Lexeme:
    """A written piece of a cleaned paragraph."""

    kind: str
    text: str
    start: int
    end: int
    gap: int
    """0: it touches the piece before; 1: white space before it; 2: a new line, or the beginning."""


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<{name}>{_renumber(pattern)})" for name, pattern in _KINDS))


def _renumber(pattern: str) -> str:
    return (
        pattern.replace("([/.-])", "(?P<a>[/.-])", 1)
        .replace("([/.-])", "(?P<b>[/.-])")
        .replace("\\1", "(?P=a)")
        .replace("\\2", "(?P=b)")
    )


def scan(text: str) -> list[Lexeme]:
    """Cut a cleaned text into its pieces; white space becomes the gap before the next one.

    >>> [piece.text for piece in scan("في 12/11/2024 قال: 3.5%")]
    ['في', '12/11/2024', 'قال', ':', '3.5', '%']
    """
    pieces: list[Lexeme] = []
    gap = 2
    for match in _pattern().finditer(text):
        kind = match.lastgroup or "sign"
        if kind == "any":
            kind = "sign"
        if kind in ("a", "b"):
            kind = "date"
        if kind == "space":
            gap = max(gap, 1)
            continue
        if kind == "newline":
            gap = 2
            continue
        pieces.append(Lexeme(kind, match[0], match.start(), match.end(), gap))
        gap = 0
    return pieces
