"""Abbreviations, initials and single letters to words."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from briefing.text.normalisation.latin import spell
from briefing.text.pieces.sentence_in_progress import PARTICLES, Line, Reading, first_reading
from briefing.text.tables import (
    abbreviations,
    after_her,
    context,
    letters,
    spaced_abbreviations,
)

__all__ = ["read_pointed", "read_shortened"]

_LONGEST_RUN = 6
"""Letters."""
_POINTS = (".", "/")
_LONGEST_WITH_PARTICLE = 3
"""Letters of an abbreviation with a particle joined to it: ود."""
_ERAS = {"م": "الميلادي", "ه": "الهجري"}


def read_pointed(line: Line, at: int) -> Reading | None:
    """Read a Latin abbreviation with its point: Gen. Smith, No. 5."""
    dotted = line.word(at + 1) == "." and not line.pieces[at + 1].gap
    key = line.word(at) + "." * dotted
    if key not in abbreviations():
        return None
    reading, follows = abbreviations()[key]
    if not _follows(line, at + 1 + dotted, follows):
        return None
    return Reading(line.pieces[at + dotted].end, reading)


def read_shortened(line: Line, at: int) -> Reading | None:
    """Read the abbreviation that begins at a piece, or None.

    "د." before a name, "(ص)", "ق.م", an initial, a letter on its own.
    """
    kind = line.kind(at)
    if kind == "sign":
        return first_reading((_abbreviated_phrase,), _written(line, at))
    if kind == "initials":
        return first_reading((_initials,), _written(line, at))
    return first_reading(_RULES, _written(line, at))


class _Written(NamedTuple):
    """A word that may be an abbreviation, and what is around it."""

    line: Line
    at: int
    word: str
    particle: str
    """A particle that is joined to it: the و of ود. سمر."""
    bare: str
    """The word without that."""
    is_pointed: bool
    """A point, or a title's stroke, belongs to it."""

    @property
    def end(self) -> int:
        """The cleaned offset where the word ends."""
        return self.line.pieces[self.at].end

    @property
    def pointed_end(self) -> int:
        """The cleaned offset where its point ends, if it has one."""
        return self.line.pieces[self.at + self.is_pointed].end

    @property
    def following(self) -> int:
        """The piece that follows, after its point."""
        return self.at + 1 + self.is_pointed


def _written(line: Line, at: int) -> _Written:
    word = line.word(at)
    table = abbreviations()
    particle, bare = "", word
    short = 1 < len(word) <= _LONGEST_WITH_PARTICLE and word[0] in "وفبل"
    if short and word not in table and f"{word[1:]}." in table:
        particle, bare = word[0], word[1:]
    is_pointed = line.word(at + 1) in _POINTS and not line.pieces[at + 1].gap
    if is_pointed and line.word(at + 1) == "/" and not _is_slashed_title(line, at, bare):
        is_pointed = False
    return _Written(line, at, word, particle, bare, is_pointed)


def _label_before_colon(written: _Written) -> Reading | None:
    """ت: 0123456, س: متى؟: a letter that labels what follows a colon."""
    line, at = written.line, written.at
    entry = abbreviations().get(f"{written.word}:") if len(written.word) == 1 else None
    if entry is None or line.word(at + 1) != ":":
        return None
    reading, follows = entry
    if follows == "number":
        is_number = line.kind(at + 2) in ("number", "phone")
        return Reading(written.end, reading) if is_number else None
    return Reading(written.end, reading) if follows == "-" and at == 0 else None


def _spaced_letters(written: _Written) -> Reading | None:
    return _run(written.line, written.at) if len(written.word) == 1 else None


def _entry(written: _Written) -> tuple[str, str] | None:
    """Return the table's reading and what it wants to follow, or None."""
    table = abbreviations()
    return table.get(f"{written.bare}.") if written.is_pointed else table.get(written.bare)


def _middle_initial(written: _Written) -> Reading | None:
    """جورج د. بوش: no title."""
    entry = _entry(written)
    if not entry or entry[1] != "name" or not written.is_pointed or written.particle:
        return None
    if not _is_initial(written.line, written.at):
        return None
    return Reading(written.pointed_end, letters()[written.word])


def _abbreviation(written: _Written) -> Reading | None:
    """د. سمر, ص 5, كلم."""
    entry, line = _entry(written), written.line
    if not entry or not (written.bare == written.word or written.is_pointed):
        return None
    reading, follows = entry
    if not _follows(line, written.following, follows):
        return None
    if follows == "name":
        reading = _of_person(reading, line, written.at, written.following)
    end = written.end if follows == "-" else written.pointed_end
    return Reading(end, _attach(written.particle, _letters(reading)))


def _greenwich(written: _Written) -> Reading | None:
    """ت غ."""
    if written.word != "ت" or written.line.word(written.at + 1) != "غ":
        return None
    return Reading(written.line.pieces[written.at + 1].end, "بتوقيت غرينتش")


def _minute(written: _Written) -> Reading | None:
    """د 45: of a match."""
    if written.word != "د" or written.line.kind(written.following) != "number":
        return None
    return Reading(written.pointed_end, "الدقيقة")


def _letter_name(written: _Written) -> Reading | None:
    if len(written.word) != 1 or written.word not in letters():
        return None
    return _letter(written.line, written.at, written.is_pointed)


_RULES: tuple[Callable[[_Written], Reading | None], ...] = (
    _label_before_colon,
    _spaced_letters,
    _middle_initial,
    _abbreviation,
    _greenwich,
    _minute,
    _letter_name,
)


def _is_slashed_title(line: Line, at: int, bare: str) -> bool:
    """Return whether a title is set off by a slash: د/ أحمد."""
    return (
        abbreviations().get(f"{bare}.", ("", ""))[1] == "name"
        and len(line.word(at + 2)) > 2
        and line.kind(at + 2) == "arabic"
    )


def _follows(line: Line, at: int, follows: str) -> bool:
    """Return whether the piece at `at` is what an abbreviation wants after it."""
    kind = line.kind(at)
    if follows == "name":
        return kind in ("latin", "initials") or (kind == "arabic" and len(line.word(at)) > 1)
    if follows == "number":
        return kind == "number"
    return follows == "-"


def _abbreviated_phrase(written: _Written) -> Reading | None:
    """Read a phrase that is one sign, or an abbreviation in brackets: ﷺ, №, (رض)."""
    line, at = written.line, written.at
    piece = line.pieces[at]
    table = abbreviations()
    if piece.text in table:
        reading, follows = table[piece.text]
        return Reading(piece.end, reading) if _follows(line, at + 1, follows) else None
    if piece.text != "(" or line.kind(at + 1) != "arabic":
        return None
    last = at + 3 if line.word(at + 2) == "." else at + 2
    key = f"({line.word(at + 1)})"
    if line.word(last) != ")" or key not in table or line.kind(at - 1) != "arabic":
        return None
    reading = table[key][0]
    if _is_hers(line.word(at - 1)):
        reading = after_her().get(reading, reading)
    return Reading(line.pieces[last].end, reading)


def _run(line: Line, at: int) -> Reading | None:
    """Read letters that are set apart by points or spaces: ص. ب., ق م, م. ع."""
    places = [at]
    pointed = 0
    last = at
    while True:
        if line.word(last + 1) == "." and not line.pieces[last + 1].gap:
            pointed += 1
            last += 1
        following = last + 1
        if (
            line.kind(following) != "arabic"
            or len(line.word(following)) > 1
            or line.pieces[following].gap != 1
            or len(places) == _LONGEST_RUN
        ):
            break
        places.append(following)
        last = following
    if len(places) < 2 or line.is_stretched(at):
        return None
    end = line.pieces[places[-1]].end
    if last > places[-1] and last + 1 < len(line.pieces):
        end = line.pieces[last].end
    written = [line.word(place) for place in places]
    reading, follows = spaced_abbreviations().get("".join(written), ("", ""))
    if reading and _follows(line, last + 1, follows):
        if follows == "name":
            reading = _of_person(reading, line, at, last + 1)
        return Reading(end, _letters(reading))
    if pointed < len(places) - 1 and not set(written).isdisjoint(PARTICLES):
        return None
    return Reading(end, _letters(" ".join(written)))


def _is_initial(line: Line, at: int) -> bool:
    """Return whether a letter is a middle initial: a foreign first name comes before it."""
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


def _of_person(reading: str, line: Line, at: int, name: int) -> str:
    """Return a title in the gender of the name after it, or of the verb before it: قالت د. سمر."""
    before = line.word(at - 1)
    table = context()["of_her"]
    if _is_hers(line.word(name)) or before in table or before[1:] in table:
        return " ".join(word + "ة" for word in reading.split())
    return reading


def _is_hers(name: str) -> bool:
    """Return whether a name is a woman's."""
    return name in context()["her"] or (name.endswith("ة") and name not in context()["his"])


def _attach(particle: str, words: str) -> str:
    if particle == "ل" and words.startswith("ال"):
        return "ل" + words[1:]
    return particle + words


def _letters(written: str) -> str:
    """Return a reading, with the names of letters for single letters."""
    return " ".join(letters().get(letter, letter) for letter in written.split())


def _letter(line: Line, at: int, dotted: bool) -> Reading | None:
    """Read one letter by its name, unless it is a particle that is written apart."""
    piece = line.pieces[at]
    name = letters()[piece.text]
    before = line.word(at - 1) if line.kind(at - 1) == "arabic" else ""
    if dotted and at + 2 < len(line.pieces):
        return Reading(line.pieces[at + 1].end, name)
    if piece.text == "ص" and line.kind(at + 1) == "number":
        return Reading(piece.end, "صفحة")
    if _is_quoted(line, at):
        return Reading(piece.end, name)
    if piece.text in _ERAS and at >= 2 and line.word(at - 2) in ("القرن", "للقرن", "بالقرن"):
        return Reading(piece.end, _ERAS[piece.text])
    if piece.text == "و":
        return None
    if _marks_item(line, at):
        return Reading(piece.end, name)
    if before in context()["letter_used"]:
        return Reading(piece.end, name)
    if at == 0 and line.word(1) in (")", "-", ".") and line.pieces[1].gap < 2:
        return Reading(piece.end, name)
    if piece.text in "وفبلك":
        return None
    return Reading(piece.end, name)


def _marks_item(line: Line, at: int) -> bool:
    """Return whether a letter alone is an item's: أ- المقدمة ب- العرض, but not the plane ب-52."""
    if at + 2 >= len(line.pieces) or not line.pieces[at].gap or line.pieces[at + 1].gap:
        return False
    return line.word(at + 1) in ("-", "–", ")") and line.pieces[at + 2].gap > 0


def _is_quoted(line: Line, at: int) -> bool:
    """Return whether a letter alone is quoted: الفئة "ب", but not the "and" of "فتح" و"حماس"."""
    if not at or line.pieces[at].gap or line.word(at - 1) not in tuple("\"'«“("):
        return False
    opens = at == 1 or line.pieces[at - 1].gap > 0
    return opens and line.word(at + 1) in tuple("\"'»”)")


def _initials(written: _Written) -> Reading:
    """ق.م, U.S.A."""
    line, at = written.line, written.at
    piece = line.pieces[at]
    text = piece.text
    table = abbreviations()
    for key in (text, text.rstrip("."), text + "."):
        if key in table:
            reading, follows = table[key]
            if follows == "name":
                reading = _of_person(reading, line, at, at + 1)
            if follows != "rank" or line.word(at - 1) in context()["ranks"]:
                return Reading(piece.end, _letters(reading))
    if re.search("[A-Za-z]", text):
        return Reading(piece.end, spell(text))
    return Reading(
        piece.end, " ".join(letters().get(letter, letter) for letter in text if letter != ".")
    )
