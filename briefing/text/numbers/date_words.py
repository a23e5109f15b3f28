"""Words of a date that are other words elsewhere: يومي السبت والأحد, 10 محرم, ظهر الثلاثاء.

The two days of a date are a dual in construct (Ryding 7.4; Wright I § 315), the months of the Hijra
their names, and noon an adverb of time before its day (Hasan, المفعول فيه).
"""

from __future__ import annotations

from collections.abc import Container
from functools import cache

from briefing.text.characters import FATHA, KASRA, SUKUN
from briefing.text.numbers.times import find_month
from briefing.text.pieces.sentence_in_progress import Line, Reading
from briefing.text.tables import date_words_table, months
from briefing.text.words.known_words import front_vowelled

__all__ = ["read_date_word"]

_PARTICLES = ("و", "ف", "ب", "ل", "ك")
_SIGHT = 4
"""Pieces from a dual to the second of its dates: يومي 20 و21."""


def read_date_word(line: Line, at: int) -> Reading | None:
    """Read the dual, the month or the noon of a date; None for other words.

    >>> from briefing.text.pieces.scanner import scan
    >>> text = "يومي السبت والأحد"
    >>> read_date_word(Line(text, scan(text)), 0).words
    'يَوْمَيِ'
    """
    if line.word(at) not in _first_words():
        return None
    return _dual(line, at) or _hijri_month(line, at) or _noon(line, at)


@cache
def _first_words() -> frozenset[str]:
    """Return the words that may begin a date's word, with each particle."""
    hijri = {name.split()[0] for name, month in months()[0].items() if month[0] == "hijri"}
    words = {"ظهر", *_duals(), *hijri}
    return frozenset(particle + word for particle in ("", *_PARTICLES) for word in words)


@cache
def _words() -> dict[str, frozenset[str]]:
    table = date_words_table()["words"]
    return {name: frozenset(words.split()) for name, words in table.items()}


@cache
def _duals() -> dict[str, str]:
    duals: dict[str, str] = date_words_table()["duals"]
    return duals


def _bare(word: str, table: Container[str]) -> tuple[str, str]:
    """Return the particle of a word and the rest, where a table knows the rest alone."""
    if word[:1] in _PARTICLES and word[1:] in table:
        return word[0], word[1:]
    return "", word


def _dual(line: Line, at: int) -> Reading | None:
    particle, word = _bare(line.word(at), _duals())
    if word not in _duals() or at + 1 >= len(line.pieces) or line.pieces[at + 1].gap != 1:
        return None
    behind = line.word(at + 1)
    number = line.kind(at + 1) == "number"
    dated = number or behind in _words()["days"] or find_month(line, at + 1)[0] is not None
    if not (dated and _has_second(line, at)):
        return None
    ordinal_behind = number and word in ("يومي", "ليلتي")
    vowel = KASRA if behind.startswith("ال") or ordinal_behind else SUKUN
    return Reading(line.pieces[at].end, f"{front_vowelled(particle)}{_duals()[word]}{vowel}")


def _has_second(line: Line, at: int) -> bool:
    """Return whether a second date is joined to the one after a piece: السبت والأحد, 7 و8."""
    pieces = line.pieces[at + 2 : at + 2 + _SIGHT]
    return any(piece.kind == "arabic" and piece.text.startswith("و") for piece in pieces)


def _hijri_month(line: Line, at: int) -> Reading | None:
    month, after = find_month(line, at)
    if month is None or month[0] != "hijri" or not _is_dated(line, at, after):
        return None
    written = " ".join(line.word(place) for place in range(at, after))
    reading = months()[0][written][2]
    return Reading(line.pieces[after - 1].end, reading)


def _is_dated(line: Line, at: int, after: int) -> bool:
    """Return whether a month's name stands in a date: after a day, or before a year."""
    before = line.word(at - 1)
    day = at - 2 if before == "من" else at - 1
    if line.kind(day) == "number" and day >= 0:
        return True
    if before in _words()["before_month"]:
        return True
    if before == "من" and line.word(at - 2) in _words()["ordinals"]:
        return True
    year = line.word(after)
    return line.kind(after) == "number" and year.isdecimal() and 1200 <= int(year[:5]) <= 1500


def _noon(line: Line, at: int) -> Reading | None:
    particle, word = _bare(line.word(at), ("ظهر",))
    behind = line.word(at + 1)
    if word != "ظهر" or particle in ("ب", "ك") or behind not in _words()["noon_of"]:
        return None
    if line.word(at + 2) in ("أن", "أنه", "أنها"):
        return None  # ظهر اليوم أن
    if particle in ("و", "ف") and behind not in _words()["days"]:
        return None
    after_preposition = particle == "ل" or line.word(at - 1) in _words()["before_noon"]
    case = KASRA if after_preposition else FATHA
    return Reading(line.pieces[at].end, f"{front_vowelled(particle)}ظُهْر{case}")
