"""Lines with a wrong encoding or in visual order -> the same lines, repaired where this is certain.

Four kinds: UTF-8 that was read as Windows-1252 or Windows-1256 (Ø§Ù„Ø³Ù„Ø§Ù…), Arabic of eight
bits that was read as Western (ÇáÓáÇã), and Arabic in visual order, its letters from left to right,
as old PDF files hold it (ﻡﻼﺴﻟﺍ). Each is told by what Arabic cannot have: sequences that decode to
Arabic letters, words that begin with ة or with a letter's final form. What can no longer be mended
is named by `robbery`, so that nobody speaks it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence

__all__ = ["repair_line", "repair_lines", "robbery", "without_robbed_lines"]

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
    "|(?<![\u0621-\u065f])[\u0629\u0649]|[\u00c0-\u00ff]{2}"
    "|(?<![\u0621-\u065f])(?:يف|نإ|نأ|يتلا|يذلا|ناك)(?![\u0621-\u065f])"
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
    elif len(_WESTERN.findall(line)) >= _FEWEST_WESTERN:
        line = _from_western(line)
    return _in_logical_order(line) if _is_visual(line) else line


_WESTERN = re.compile("[\u00c0-\u00ff]")
_FEWEST_WESTERN = 6
_PLAIN_LATIN = re.compile("[A-Za-z]")
_COMMON = frozenset(
    (
        "من في على إلى أن إن عن مع هذا التي الذي كان كانت قال بعد قبل بين خلال لا ما لم لن قد أو ثم"
    ).split()
)
"""The commonest words of Arabic; no two are each other's letters turned."""
_ARABIC_OF_EIGHT_BITS = ("cp1256", "iso8859_6")


def _from_western(line: str) -> str:
    """Return Arabic of eight bits that was read as Western (ÇáÓáÇã), where one encoding fits."""
    high = len(_WESTERN.findall(line))
    if 4 * len(_PLAIN_LATIN.findall(line)) > high:
        return line  # French, Vietnamese
    candidates = []
    for encoding in _ARABIC_OF_EIGHT_BITS:
        try:
            mended = bytes(
                _BYTE_OF.get(ord(letter), ord(letter)) if ord(letter) != 0x60C else 0xA1
                for letter in line
            ).decode(encoding)
        except (ValueError, UnicodeDecodeError):
            continue
        words = _WORD.findall(mended)
        common = sum(word in _COMMON or (len(word) > 3 and word[:2] == "ال") for word in words)
        candidates.append((common, mended))
    candidates.sort(reverse=True)
    if not candidates or not candidates[0][0]:
        return line
    if len(candidates) > 1 and candidates[0][0] < 2 * candidates[1][0] + 1:
        return line
    return candidates[0][1]


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
    certain, turned, upright = _order_of(words)
    return certain > 0 and turned >= _FEWEST and turned > 4 * upright


_TURNED = frozenset(word[::-1] for word in _COMMON)
_ONLY_TURNED = frozenset(word[::-1] for word in "في على إلى إن التي الذي كان كانت خلال".split())
"""Common words whose letters make no word from the other end."""


def _order_of(words: Sequence[str]) -> tuple[int, int, int]:
    """Return how many words are certainly turned, how many look so, and how many are upright."""
    certain = sum(word[0] in "ةى" or word in _ONLY_TURNED for word in words if len(word) > 1)
    turned = sum(
        word[0] in "ةى" or word in _TURNED or (len(word) > 3 and word.endswith("لا"))
        for word in words
        if len(word) > 1
    )
    upright = sum(
        word[-1] in "ةى" or word in _COMMON or (len(word) > 3 and word.startswith("ال"))
        for word in words
        if len(word) > 1
    )
    return certain, turned, upright


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


_LEFT_OVER = re.compile(f"[\u00d8\u00d9][{re.escape(_TAILS)}]")
_LOST_TAILS = re.compile("(?<![A-Za-z])[\u00d8\u00d9](?![A-Za-z])")
_TA_AND_ZA = re.compile("[\u0637\u0638]")
_REPLACED = re.compile("(?:\ufffd|\u00ef\u00bf\u00bd)")
_QUESTION_MARKS = re.compile(r"(?<!\S)\?{2,}(?!\S)")
_MOST_TA_AND_ZA = 0.25
"""Share of ط and ظ among letters: they are 1.5% of Arabic."""
_FEWEST_LETTERS = 8
_MOST_LONE_LETTERS = 0.7
"""Share of words of one letter, as a PDF file gives them whose words were spaced out."""


def robbery(line: str) -> str:
    """Return what a line was robbed of that nobody can mend, "" for a line to be read.

    The reason goes on with what to do.

    >>> robbery("وصل الوفد"), bool(robbery("Ø§Ù Ø³Ù Ø§Ù Ø¹ÙÙ"))
    ('', True)
    """
    return next((f"{reason}{_AGAIN}" for is_so, reason in _ROBBERIES if is_so(line)), "")


def _is_converted(line: str) -> bool:
    ta_and_za = len(_TA_AND_ZA.findall(line))
    return (
        len(_LEFT_OVER.findall(line)) >= _FEWEST
        or len(_LOST_TAILS.findall(line)) > _FEWEST
        or (
            ta_and_za >= _FEWEST_LETTERS
            and ta_and_za > _MOST_TA_AND_ZA * len(_ARABIC.findall(line))
        )
    )


def _is_western(line: str) -> bool:
    high = len(_WESTERN.findall(line))
    plain = len(_PLAIN_LATIN.findall(line))
    return high >= _FEWEST_WESTERN and 4 * plain < high and not _ARABIC.search(line)


def _has_lost_letters(line: str) -> bool:
    return len(_REPLACED.findall(line)) >= _FEWEST


def _is_question_marks(line: str) -> bool:
    marks = _QUESTION_MARKS.findall(line)
    return len(marks) >= _FEWEST and 2 * sum(map(len, marks)) > len(line.replace(" ", ""))


def _is_spaced_out(line: str) -> bool:
    alone = sum(len(word) == 1 for word in _WORD.findall(line))
    return alone >= _FEWEST_LETTERS and alone > _MOST_LONE_LETTERS * len(line.split())


def _is_partly_turned(line: str) -> bool:
    certain, turned, upright = _order_of(_WORD.findall(line))
    return certain > 1 and turned > upright


_AGAIN = "; copy the line again from its original and save it as UTF-8"
_ROBBERIES: tuple[tuple[Callable[[str], bool], str], ...] = (
    (_is_converted, "its Arabic was converted wrongly"),
    (_is_western, "its Arabic was read as Western letters"),
    (_has_lost_letters, "letters of it are lost (\ufffd)"),
    (_is_question_marks, "its letters became question marks"),
    (_is_spaced_out, "its letters stand apart, so that no word is seen"),
    (_is_partly_turned, "some of its letters stand from left to right"),
)


def without_robbed_lines(text: str) -> tuple[str, list[tuple[int, str]]]:
    """Return a text without the lines that cannot be mended, and these: number from 1, reason.

    An empty line stands for each, so that the numbers of the others stay.

    >>> without_robbed_lines("وصل الوفد")
    ('وصل الوفد', [])
    """
    lines = text.split("\n")
    robbed = [(number, robbery(line)) for number, line in enumerate(lines, 1) if line]
    robbed = [(number, reason) for number, reason in robbed if reason]
    for number, _ in robbed:
        lines[number - 1] = ""
    return "\n".join(lines), robbed
