"""Abbreviations, initials and single letters to words."""

from __future__ import annotations

import re

from briefing.text.foreign import spell
from briefing.text.line import Line, Said
from briefing.text.tables import abbreviations, context, letters

__all__ = ["read_shortened"]


def read_shortened(line: Line, at: int) -> Said | None:
    """Read the abbreviation that begins at a piece, or None.

    "د." before a name, "(ص)", "ق.م", an initial, a letter that stands alone.
    """
    piece = line.pieces[at]
    table = abbreviations()
    if piece.kind == "sign":
        if piece.text in "ﷺﷻ﷽":
            return Said(piece.end, table[piece.text][0])
        if piece.text == "(" and line.kind(at + 1) == "arabic" and line.word(at + 2) == ")":
            entry = table.get(f"({line.word(at + 1)})")
            if entry and at > 0 and line.kind(at - 1) == "arabic":
                return Said(line.pieces[at + 2].end, entry[0])
        return None
    if piece.kind == "initials":
        return _initials(line, at)
    word = piece.text
    particle = ""
    bare = word
    if (
        word not in table
        and len(word) > 1
        and word[0] in "وفبل"
        and len(word) <= 3
        and f"{word[1:]}." in table
    ):
        particle, bare = word[0], word[1:]
    dotted = line.word(at + 1) == "." and not line.pieces[at + 1].gap
    entry = table.get(f"{bare}.") if dotted else table.get(bare)
    if entry and entry[1] == "name" and dotted and not particle and _is_initial(line, at):
        return Said(line.pieces[at + 1].end, letters()[word])
    if entry and (bare == word or dotted):
        reading, follows = entry
        next_kind = line.kind(at + 2 if dotted else at + 1)
        if (
            (follows == "name" and next_kind in ("arabic", "latin", "initials"))
            or (follows == "number" and next_kind == "number")
            or follows == "-"
        ):
            end = line.pieces[at + 1].end if dotted and follows != "-" else piece.end
            if follows == "name":
                reading = _of_person(reading, line, at + 2 if dotted else at + 1)
            words = _letters(reading) if len(reading.split()[0]) == 1 else reading
            return Said(end, _attached(particle, words))
    if word == "ت" and line.word(at + 1) == "غ":
        return Said(line.pieces[at + 1].end, "بتوقيت غرينتش")
    if word == "د" and line.kind(at + 2 if dotted else at + 1) == "number":
        return Said(line.pieces[at + 1].end if dotted else piece.end, "الدقيقة")
    if len(word) == 1 and word in letters():
        return _letter(line, at, dotted)
    return None


def _is_initial(line: Line, at: int) -> bool:
    """Tell a middle initial from a title: a foreign first name stands before it."""
    before = line.word(at - 1) if at and line.kind(at - 1) == "arabic" else ""
    if before in context()["first_names"]:
        return line.pieces[at].text in letters()
    table = context()
    return (
        len(before) >= 6
        and before[0] not in "اأإويتفبلسم"
        and before not in table["genitive"]
        and before not in table["transitive"]
        and not before.endswith(("ة", "ت", "وا", "ون"))
        and line.pieces[at].text in letters()
    )


def _of_person(reading: str, line: Line, at: int) -> str:
    """Give the title the gender of the name behind it."""
    name = line.word(at)
    if name in context()["her"] or (name.endswith("ة") and name not in context()["his"]):
        return " ".join(word + "ة" for word in reading.split())
    return reading


def _attached(particle: str, words: str) -> str:
    if particle == "ل" and words.startswith("ال"):
        return "ل" + words[1:]
    return particle + words


def _letters(written: str) -> str:
    return " ".join(letters().get(letter, letter) for letter in written.split())


def _letter(line: Line, at: int, dotted: bool) -> Said | None:
    """Read one letter by its name, unless it is a particle that stands apart."""
    piece = line.pieces[at]
    name = letters()[piece.text]
    before = line.word(at - 1) if line.kind(at - 1) == "arabic" else ""
    if dotted and at + 2 < len(line.pieces):
        return Said(line.pieces[at + 1].end, name)
    if piece.text == "ص" and line.kind(at + 1) == "number":
        return Said(piece.end, "صفحة")
    if piece.text == "و":
        return None
    if before in context()["letter_used"] or (
        line.word(at - 1) in "\"'«“(" and line.word(at + 1)[:1] in tuple("\"'»”)") and at
    ):
        return Said(piece.end, name)
    if at == 0 and line.word(1) in (")", "-", ".") and line.pieces[1].gap < 2:
        return Said(piece.end, name)
    if piece.text in "وفبلك":
        return None
    return Said(piece.end, name)


def _initials(line: Line, at: int) -> Said:
    piece = line.pieces[at]
    text = piece.text
    table = abbreviations()
    for key in (text, text.rstrip("."), text + "."):
        if key in table:
            reading = table[key][0]
            return Said(piece.end, _letters(reading) if len(reading.split()[0]) == 1 else reading)
    if re.search("[A-Za-z]", text):
        return Said(piece.end, spell(text))
    return Said(
        piece.end, " ".join(letters().get(letter, letter) for letter in text if letter != ".")
    )
