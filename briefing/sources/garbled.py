"""Lines with a wrong encoding or in visual order -> the same lines, repaired where this is certain.

There are three kinds: UTF-8 that was read as Windows-1252 or as Windows-1256 (Ø§Ù„Ø³Ù„Ø§Ù…), and
Arabic in visual order, its letters from left to right, as in old PDF files (ﻡﻼﺴﻟﺍ). They are
recognised by what correct Arabic cannot have: sequences that decode to Arabic letters, words that
begin with ة or with a letter's final form.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["repair_line", "repair_lines"]

_FEWEST = 3
"""A line counts as wrongly decoded only if at least this many letters decode to Arabic."""
_ARABIC = re.compile("[\u0621-\u064a]")
_FORMS = re.compile("[\ufe80-\ufefc]")
_WORD = re.compile("[\u0621-\u064a\u064b-\u0652\ufe80-\ufefc]+")
_LEFT_TO_RIGHT = re.compile(
    r"[0-9\u0660-\u0669A-Za-z](?:[0-9\u0660-\u0669A-Za-z.,:/%+-]*[0-9\u0660-\u0669A-Za-z%])?"
)
_MIRRORED = str.maketrans("()[]{}«»<>", ")(][}{»«><")


def _as_windows_1252() -> dict[int, int]:
    """Return the byte of each character of Windows-1252 and of Latin-1."""
    table = {byte: byte for byte in range(0x80, 0x100)}
    for byte in range(0x80, 0x100):
        try:
            character = bytes([byte]).decode("cp1252")
        except UnicodeDecodeError:
            character = chr(byte)
        table[ord(character)] = byte
    return table


_BYTE_OF = _as_windows_1252()
_LEADS = "".join(chr(code) for code, byte in _BYTE_OF.items() if 0xC2 <= byte <= 0xDF)
_TAILS = "".join(chr(code) for code, byte in _BYTE_OF.items() if byte < 0xC0)
# in UTF-8 an Arabic letter has two bytes, and some of its punctuation three
_SEQUENCES = re.compile(
    f"(?:[{re.escape(_LEADS)}][{re.escape(_TAILS)}]|[\u00e2\u00ef][{re.escape(_TAILS)}]{{2}})+"
)


_SUSPECT = re.compile(
    f"[{re.escape(_LEADS)}][{re.escape(_TAILS)}]|[\ufe80-\ufefc]|[\u0637\u0638][^\\w\\s]"
    "|(?<![\u0621-\u065f])[\u0629\u0649]"
)
"""Quick test: a line without this cannot be garbled."""


def repair_lines(text: str) -> str:
    """Return a text with each of its lines repaired.

    >>> repair_lines("سلام") == "سلام"
    True
    """
    if not _SUSPECT.search(text):
        return text
    return "\n".join(repair_line(line) if line else line for line in text.split("\n"))


def repair_line(line: str) -> str:
    """Return a line as it was before it was decoded wrongly or put into visual order.

    >>> repair_line("Ø§Ù„Ø³Ù„Ø§Ù…"), repair_line("ﺔﻣﺯﻷﺍ ﻥﺇ") == "إن الأزمة"
    ('السلام', True)
    """
    if _SEQUENCES.search(line):
        line = _from_windows_1252(line)
    elif line.count("\u0637") + line.count("\u0638") > len(line) // 5:
        line = _from_windows_1256(line)
    return _in_logical_order(line) if _is_visual(line) else line


def _from_windows_1252(line: str) -> str:
    repaired = _SEQUENCES.sub(_decode, line)
    gained = len(_ARABIC.findall(repaired)) - len(_ARABIC.findall(line))
    whole = not re.search("[\u00d8\u00d9]", repaired)  # otherwise bytes are missing
    return repaired if gained >= _FEWEST and whole else line


def _decode(match: re.Match[str]) -> str:
    try:
        return bytes(_BYTE_OF[ord(character)] for character in match[0]).decode("utf-8")
    except UnicodeDecodeError:
        return match[0]


def _from_windows_1256(line: str) -> str:
    """Return the text of UTF-8 that was read as Windows-1256; real Arabic never looks like it."""
    try:
        repaired = line.encode("cp1256").decode("utf-8")
    except UnicodeError:
        return line
    return repaired if len(_ARABIC.findall(repaired)) >= _FEWEST else line


def _is_visual(line: str) -> bool:
    """Return whether a line's Arabic letters are in the order from left to right."""
    words = _WORD.findall(line)
    if _FORMS.search(line):
        reversed_words = sum(map(_is_reversed, words))
        ordinary_words = sum(_is_reversed(word[::-1]) for word in words)
        return reversed_words > 2 * ordinary_words
    impossible = sum(word[0] in "ةى" for word in words)
    articles = sum(len(word) > 3 and word.startswith("ال") for word in words)
    reversed_articles = sum(len(word) > 3 and word.endswith("لا") for word in words)
    ends = sum(word[-1] in "ةى" for word in words)
    evidence = impossible + reversed_articles
    return evidence >= _FEWEST and impossible > 0 and not articles and not ends


def _is_reversed(word: str) -> bool:
    """Return whether a word begins with a letter's final form or ends with an initial one."""
    if len(word) < 2:
        return False
    first, last = (
        unicodedata.decomposition(letter).partition(" ")[0] for letter in (word[0], word[-1])
    )
    return first == "<final>" or last == "<initial>"


def _in_logical_order(line: str) -> str:
    """Return a line in logical order; numbers and Latin words, which run as before, are kept."""
    logical = line[::-1].translate(_MIRRORED)
    logical = _LEFT_TO_RIGHT.sub(lambda match: match[0][::-1], logical)
    return _FORMS.sub(lambda match: unicodedata.normalize("NFKC", match[0]), logical)
