"""Bytes to text: UTF-8, UTF-16 or Windows-1256, detected from the bytes and never guessed.

A wrong guess would be read aloud as nonsense. Anything that is not clearly in one of the three
encodings is therefore refused, with a message that says what to do about it.
"""

from __future__ import annotations

import codecs
import re

from briefing.errors import SourceError
from briefing.sources.garbled import repair_lines

__all__ = ["decode", "decode_markup"]

_SAVE = "save it as UTF-8"
_UNKNOWN = f"is in an unknown encoding; {_SAVE}"
_BINARY = f"is a binary file, not a text; {_SAVE}"

# longest first: a UTF-32 mark begins with a UTF-16 one
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_KNOWN_BINARY = {
    b"%PDF": "a PDF file",
    b"PK\x03\x04": "a ZIP archive or an Office document",
    b"\xd0\xcf\x11\xe0": "an old Office document",
    b"{\\rtf": "an RTF document",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"ID3": "a sound file",
    b"RIFF": "a sound file",
    b"OggS": "a sound file",
    b"\x7fELF": "a program",
    b"7z\xbc\xaf": "an archive",
    b"\x1f\x8b": "a compressed file",
}
_ARABIC = re.compile(
    r"[\u0620-\u065F\u066E-\u06D3\u06FA-\u06FF\u0750-\u077F\uFB50-\uFDFF\uFE70-\uFEFC]"
)
_CONTROLS = re.compile(r"[\x01-\x08\x0e-\x19\x1b-\x1f]")  # without 1A, which ends a DOS text
_NOT_TEXT = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufdd0-\ufdef\ufffe\uffff]")
"""Never part of a text, and not allowed in XML, which the feed is."""
_WEB_PAGE = re.compile(r"\s*<(?:!doctype\s+html|html|\?xml)\b", re.IGNORECASE)
_MOJIBAKE = re.compile("[\u00d8\u00d9][\u0080-\u00bf\u0152-\u0192\u02c6-\u02dc\u2013-\u2122]")
"""UTF-8 that was read as Windows-1252 and saved again has such a pair for each Arabic letter."""
_COMMON_LETTERS = frozenset("اليمنورتهبأعى")
"""The most frequent letters: three quarters of any Arabic text, a third of random bytes."""
_FEWEST_COMMON, _ENOUGH_LETTERS = 0.45, 12
_UTF16_HIGH_BYTES = bytes((0x00, 0x06, 0x20, 0xFB, 0xFE))
"""The high bytes of Latin and punctuation, Arabic, typographic marks, and presentation forms."""
# An Arabic word has no Latin letter in it. Text in another encoding (ISO-8859-6, Mac, DOS) or
# another script, decoded as Windows-1256, has one in most words.
_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile(r"[A-Za-zÀ-ÿŒœƒˆ×÷]")
_MOST_MIXED_WORDS = 0.02
_SIGN_IN_WORD = re.compile("[\u0621-\u064a][\u00d7\u00f7][\u0621-\u064a]")
"""× or ÷ within a word: other encodings have letters in their places."""
_HIGH_BYTES = bytes(range(0x80, 0x100))
_UTF8_SEQUENCE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)


def decode(data: bytes) -> str:
    """Return the text of a source.

    Raise SourceError for anything but Arabic text; its message continues a sentence that begins
    with the file's name, and says what to do.

    >>> decode("سلام".encode("cp1256")) == decode("سلام".encode("utf-16")) == "سلام"
    True
    """
    text = repair_lines(_NOT_TEXT.sub("", _decode(data)))
    if not text.strip("\ufeff \t\r\n\f\v"):
        raise SourceError("is empty; write an article in it or remove it")
    if _WEB_PAGE.match(text[:200]):
        raise SourceError("is a web page (HTML or XML), not a text; save its text as UTF-8")
    if not _ARABIC.search(text):
        if len(_MOJIBAKE.findall(text)) > len(text) // 10:
            raise SourceError(
                "holds Arabic that was converted wrongly (\u00d8\u00a7 for \u0627);"
                " take the original and save it as UTF-8"
            )
        raise SourceError("has no Arabic in it; this program reads Arabic")
    return text


def decode_markup(data: bytes) -> str:
    """Return the text of markup, by evidence; the encoding that it declares often is another.

    Raise SourceError, with the reason and what to do as its message.
    """
    text = _NOT_TEXT.sub("", _decode(data)).removeprefix("\ufeff")
    if not text.strip():
        raise SourceError("is empty; write an article in it or remove it")
    return text


def _decode(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(encoding)
            except UnicodeDecodeError as error:
                raise SourceError(
                    f"is marked as {encoding} but damaged at byte {error.start + len(mark)};"
                    f" repair it and {_SAVE}"
                ) from None
    for magic, kind in _KNOWN_BINARY.items():
        if data.startswith(magic):
            raise SourceError(f"is {kind}, not a text; save its text as UTF-8")
    if (text := _decode_unmarked_utf16(data)) is not None:
        return text
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        _refuse_damaged_utf8(data, error)
        return _decode_windows_1256(data)
    if len(_NOT_TEXT.findall(text)) > len(text) // 20:
        raise SourceError(_BINARY)
    return text


def _decode_unmarked_utf16(data: bytes) -> str | None:
    """Decode UTF-16 without a byte order mark, if that is what the bytes are; else return None.

    Every second byte of such a text has one of very few values.
    """
    if len(data) < 2 or len(data) % 2:
        return None
    sample = data[:65536]
    for encoding, high in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        expected = len(high) - len(high.translate(None, _UTF16_HIGH_BYTES))
        arabic_or_space = high.count(0x06) + high.count(0x00)
        if expected >= 0.97 * len(high) and arabic_or_space >= 0.8 * len(high) and 0x06 in high:
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                return None
    return None


def _refuse_damaged_utf8(data: bytes, error: UnicodeDecodeError) -> None:
    """Raise SourceError if most bytes are UTF-8: Windows-1256 would make nonsense of them."""
    high = len(data) - len(data.translate(None, _HIGH_BYTES))
    in_sequences = sum(len(sequence) for sequence in _UTF8_SEQUENCE.findall(data))
    if in_sequences <= high / 2:
        return
    line = data.count(b"\n", 0, error.start) + 1
    if error.reason == "unexpected end of data":
        raise SourceError(f"is damaged UTF-8: line {line} ends within a letter; copy it again")
    raise SourceError(f"is damaged UTF-8: line {line}, byte {error.start}; repair it and {_SAVE}")


def _decode_windows_1256(data: bytes) -> str:
    """Decode Windows-1256. Raise SourceError unless the words are Arabic."""
    if b"\0" in data:
        raise SourceError(_BINARY)
    text = data.decode("cp1256")
    words = [word for word in _WORD.findall(text) if _ARABIC.search(word)]
    letters = [letter for word in words for letter in word if _ARABIC.match(letter)]
    if _CONTROLS.search(text) or _SIGN_IN_WORD.search(text) or not words:
        raise SourceError(_UNKNOWN)
    if sum(1 for word in words if _LATIN.search(word)) > _MOST_MIXED_WORDS * len(words):
        raise SourceError(_UNKNOWN)
    common = sum(1 for letter in letters if letter in _COMMON_LETTERS)
    if len(letters) >= _ENOUGH_LETTERS and common < _FEWEST_COMMON * len(letters):
        raise SourceError(_UNKNOWN)
    return text
