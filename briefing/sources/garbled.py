"""Lines whose letters were robbed of their code or order, mended where that is certain.

Three kinds: UTF-8 that was read as Windows-1252 or Windows-1256 (Ø§Ù„Ø³Ù„Ø§Ù…), and Arabic in
visual order, its letters from left to right, as old PDF files hold it (ﻡﻼﺴﻟﺍ). Each is told by what
Arabic cannot have: sequences that decode to Arabic letters, words that begin with ة or with a
letter's final form.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["mended_line", "mended_lines"]

_FEWEST = 3
"""Letters that must decode to Arabic before a line is taken for a wrongly decoded one."""
_ARABIC = re.compile("[\u0621-\u064a]")
_FORMS = re.compile("[\ufe80-\ufefc]")
_WORD = re.compile("[\u0621-\u064a\u064b-\u0652\ufe80-\ufefc]+")
_LEFT_TO_RIGHT = re.compile(
    r"[0-9\u0660-\u0669A-Za-z](?:[0-9\u0660-\u0669A-Za-z.,:/%+-]*[0-9\u0660-\u0669A-Za-z%])?"
)
_MIRRORED = str.maketrans("()[]{}«»<>", ")(][}{»«><")


def _as_windows_1252() -> dict[int, int]:
    """Return the characters of Windows-1252 and of Latin-1 as bytes."""
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
# pairs, as Arabic letters are in UTF-8, and the threes of its punctuation
_SEQUENCES = re.compile(
    f"(?:[{re.escape(_LEADS)}][{re.escape(_TAILS)}]|[\u00e2\u00ef][{re.escape(_TAILS)}]{{2}})+"
)


_SUSPECT = re.compile(
    f"[{re.escape(_LEADS)}][{re.escape(_TAILS)}]|[\ufe80-\ufefc]|[\u0637\u0638][^\\w\\s]"
    "|(?<![\u0621-\u065f])[\u0629\u0649]"
)
"""What no line but one to look at has."""


def mended_lines(text: str) -> str:
    """Return a text with each of its lines mended.

    >>> mended_lines("سلام") == "سلام"
    True
    """
    if not _SUSPECT.search(text):
        return text
    return "\n".join(mended_line(line) if line else line for line in text.split("\n"))


def mended_line(line: str) -> str:
    """Return a line as it was before it was decoded wrongly or put in visual order.

    >>> mended_line("Ø§Ù„Ø³Ù„Ø§Ù…"), mended_line("ﺔﻣﺯﻷﺍ ﻥﺇ") == "إن الأزمة"
    ('السلام', True)
    """
    if _SEQUENCES.search(line):
        line = _from_windows_1252(line)
    elif line.count("\u0637") + line.count("\u0638") > len(line) // 5:
        line = _from_windows_1256(line)
    return _in_logical_order(line) if _is_visual(line) else line


def _from_windows_1252(line: str) -> str:
    mended = _SEQUENCES.sub(_decoded, line)
    gained = len(_ARABIC.findall(mended)) - len(_ARABIC.findall(line))
    whole = not re.search("[\u00d8\u00d9]", mended)  # else bytes were lost, and words with them
    return mended if gained >= _FEWEST and whole else line


def _decoded(match: re.Match[str]) -> str:
    try:
        return bytes(_BYTE_OF[ord(character)] for character in match[0]).decode("utf-8")
    except UnicodeDecodeError:
        return match[0]


def _from_windows_1256(line: str) -> str:
    """Return UTF-8 that was read as Windows-1256: real Arabic is never UTF-8 by chance."""
    try:
        mended = line.encode("cp1256").decode("utf-8")
    except UnicodeError:
        return line
    return mended if len(_ARABIC.findall(mended)) >= _FEWEST else line


def _is_visual(line: str) -> bool:
    """Return whether a line's Arabic stands from left to right."""
    words = _WORD.findall(line)
    if _FORMS.search(line):
        turned = sum(map(_is_turned, words))
        upright = sum(_is_turned(word[::-1]) for word in words)
        return turned > 2 * upright
    impossible = sum(word[0] in "ةى" for word in words)
    articles = sum(len(word) > 3 and word.startswith("ال") for word in words)
    turned = sum(len(word) > 3 and word.endswith("لا") for word in words)
    ends = sum(word[-1] in "ةى" for word in words)
    return impossible + turned >= _FEWEST and impossible > 0 and not articles and not ends


def _is_turned(word: str) -> bool:
    """Return whether a word begins with a letter's final form or ends with an initial one."""
    if len(word) < 2:
        return False
    first, last = (
        unicodedata.decomposition(letter).partition(" ")[0] for letter in (word[0], word[-1])
    )
    return first == "<final>" or last == "<initial>"


def _in_logical_order(line: str) -> str:
    """Return a line from visual order; numbers and Latin words keep their own."""
    turned = line[::-1].translate(_MIRRORED)
    turned = _LEFT_TO_RIGHT.sub(lambda match: match[0][::-1], turned)
    return _FORMS.sub(lambda match: unicodedata.normalize("NFKC", match[0]), turned)
