"""Latin letters, addresses and other scripts: letter by letter, as words, or not at all."""

from __future__ import annotations

import re
import unicodedata

from briefing.config import Text
from briefing.text.normalisation.capitals import is_said_as_a_word
from briefing.text.normalisation.transliteration import arabic_letters
from briefing.text.numbers.cardinals import LARGEST, Form, cardinal, digits, ordinal, without_ending
from briefing.text.numbers.measures import bare, parse
from briefing.text.pieces.scanner import Lexeme
from briefing.text.pieces.sentence_in_progress import Line, Reading
from briefing.text.tables import context, letters

__all__ = ["read_address", "read_foreign", "read_roman", "read_sign", "spell"]

_ACRONYM = re.compile(
    r"(?:[A-Z]{1,8}|[A-Z]{1,3}(?:&[A-Z]{1,2})?)"
    r"(?:-?[0-9]{1,4}(?:\.[0-9]{1,2}|[A-Z]{0,2}|[a-z]|[a-z]{3}))?\Z"
    r"|[A-Z]-[A-Z]{1,4}\Z|[A-Z]{1,4}-[A-Z]\Z|[A-Z]{2,4}s\Z"
    r"|(?:[A-Z]{1,3}[0-9]{1,3}){2,3}\Z|[A-Z]{1,3}[0-9]{1,3}[A-Z]{1,3}[0-9]{0,3}\Z"
)
_ROMAN = re.compile(r"(?=[IVX])X{0,3}(?:IX|IV|V?I{0,3})\Z")
_SCRIPTS = (
    (0x0370, 0x03FF, "el"),
    (0x0400, 0x052F, "ru"),
    (0x0530, 0x058F, "hy"),
    (0x0590, 0x05FF, "he"),
    (0x0900, 0x097F, "hi"),
    (0x3040, 0x30FF, "ja"),
    (0x4E00, 0x9FFF, "zh"),
    (0xAC00, 0xD7AF, "ko"),
)


def spell(word: str, case: str = "nom") -> str:
    """Return an acronym's letters by their Arabic names, its number as a number in this case.

    >>> spell("BBC"), spell("F-16")
    ('بِي بِي سِي', 'إِفْ سِتَّةَ عَشَرَ')
    """
    names = letters()
    words = []
    for part in re.findall(r"[0-9]+(?:\.[0-9]+)?|[a-z]{3,}|[A-Za-z]|&", word):
        if "." in part:
            words.append(bare(parse(part), Form()))
        elif part.isdigit():
            words.append(_number(part, case))
        elif part == "&":
            words.append("آند")
        elif len(part) > 1:
            words.append(arabic_letters(part))  # A320neo
        else:
            words.append(names[part.upper()])
    return " ".join(words)


def _number(part: str, case: str) -> str:
    """Read an acronym's number, without an ending: it counts nothing."""
    if int(part) > LARGEST or part[0] == "0":
        return digits(part)
    return without_ending(cardinal(int(part), Form(case=case)))


def read_foreign(piece: Lexeme, *, among_words: bool = False, case: str = "nom") -> Reading:
    """Read a word of another script: an acronym by its letters, else as its own language.

    among_words: a foreign word comes before it, whose number it may be (Part II). case: what the
    words before it give its number: في قمة G20.
    """
    word = piece.text
    if word.isascii():
        if among_words and len(word) > 1 and _ROMAN.match(word):
            return Reading(piece.end, word, "en")
        if is_said_as_a_word(word.partition("-")[0]) and not word[-1].isdigit():
            return Reading(piece.end, word, "en")
        if _ACRONYM.match(word):
            return Reading(
                piece.end, spell(word.rstrip("s") if word[:-1].isupper() else word, case)
            )
        return Reading(piece.end, word, "en")
    letters_of_word = "".join(
        letter for letter in word if letter.isalpha() or letter in "'’-" or letter.isdecimal()
    )
    if not any(letter.isalpha() for letter in letters_of_word):
        return Reading(piece.end, digits(letters_of_word) if letters_of_word.isdecimal() else "")
    if any("\u0600" <= letter <= "\u06ff" for letter in letters_of_word):
        return Reading(piece.end, letters_of_word)
    code = ord(letters_of_word[0])
    for low, high, language in _SCRIPTS:
        if low <= code <= high:
            return Reading(piece.end, letters_of_word, language)
    return Reading(piece.end, letters_of_word, "en")


def read_sign(piece: Lexeme) -> Reading:
    """Read a sign that is a number by itself: ①, Ⅳ; what is set high or low is a note's number."""
    sign = piece.text
    value = unicodedata.numeric(sign, 0.0)
    if unicodedata.decomposition(sign).startswith(("<super>", "<sub>")) or not value.is_integer():
        return Reading(piece.end, "")
    return Reading(piece.end, cardinal(int(value), Form()) if 0 < value <= LARGEST else "")


def read_roman(line: Line, at: int, *, behind_arabic: bool) -> Reading | None:
    """Read a king's or pope's number as an ordinal: لويس XIV.

    behind_arabic: the word before it is said in Arabic.
    """
    piece = line.pieces[at]
    if not behind_arabic or not _ROMAN.match(piece.text) or piece.gap == 2:
        return None
    name = line.word(at - 1)
    if (
        len(piece.text) == 1
        and name not in context()["reigning"]
        and name not in ("القرن", "العالمية", "الحرب")
    ):
        return None
    values = {"I": 1, "V": 5, "X": 10}
    number = 0
    for letter, following in zip(piece.text, piece.text[1:] + " ", strict=True):
        value = values[letter]
        number += -value if values.get(following, 0) > value else value
    return Reading(
        piece.end,
        ordinal(
            number,
            "f"
            if name in context()["queens"] or (name.startswith("ال") and name.endswith("ة"))
            else "m",
            "gen" if context()["genitive"].intersection(line.before(at)) else "nom",
        ),
    )


def read_address(line: Line, at: int, settings: Text) -> Reading:
    """Read a URL by its host, or an e-mail address: "example dot com", "info at example dot com".

    Nothing is said where `text.addresses` is "skip".
    """
    piece = line.pieces[at]
    if settings.addresses == "skip":
        return Reading(piece.end, "")
    host = re.sub(r"^(?:[a-z]+://)?(?:www\.)?", "", piece.text)
    host = re.split(r"[/?#:]", host)[0] if piece.kind != "email" else host
    words = host.replace("@", " at ").replace(".", " dot ")
    words = " ".join(re.sub(r"[^A-Za-z0-9 -]+", " ", words).split())
    return (
        Reading(piece.end, words, "en") if re.search("[A-Za-z]", words) else Reading(piece.end, "")
    )
