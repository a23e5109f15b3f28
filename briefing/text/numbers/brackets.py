"""Numbers in brackets that belong to the words around them: المادة (7), عدد (3) سيارات."""

from __future__ import annotations

import re
from dataclasses import replace

from briefing.text.numbers.counted_nouns import could_be_counted, kind_of
from briefing.text.numbers.list_numbers import is_in_series, items_of
from briefing.text.pieces.scanner import Lexeme
from briefing.text.tables import context, nouns

__all__ = ["without_brackets"]

_ARTICLE = re.compile("^[وف]?(?:لل|[بك]?ال)")


def without_brackets(pieces: list[Lexeme]) -> list[Lexeme]:
    """Return the pieces without brackets around a number that is named or counted.

    A year or a score in brackets is an aside and keeps them.

    >>> from briefing.text.normalisation.paragraph import spoken
    >>> spoken("المادة (7) من القانون رقم (10)"), spoken("عدد (3) سيارات")
    ('المادة السابعة من القانون رقم عشرة', 'عدد ثلاث سيارات')
    """
    if not any(piece.text == "(" for piece in pieces):
        return pieces
    items = items_of(pieces)
    places = [
        at
        for at in range(1, len(pieces) - 1)
        if pieces[at].kind == "number"
        and pieces[at - 1].text == "("
        and pieces[at + 1].text == ")"
        and (
            _is_named(pieces, at)
            or (not is_in_series(pieces, at, items) and _is_counted(pieces, at))
        )
    ]
    if not places:
        return pieces
    dropped = {at + step for at in places for step in (-1, 1)}
    inside = frozenset(places)
    return [
        replace(piece, gap=pieces[at - 1].gap) if at in inside else piece
        for at, piece in enumerate(pieces)
        if at not in dropped
    ]


def _is_named(pieces: list[Lexeme], at: int) -> bool:
    """المادة (7), رقم (10)."""
    before = pieces[at - 2].text if at > 1 else ""
    table = context()
    bare = _ARTICLE.sub("ال", before)
    return (
        before in table["before_brackets"]
        or bare in table["ordinal_masculine"]
        or bare in table["ordinal_feminine"]
    )


def _is_counted(pieces: list[Lexeme], at: int) -> bool:
    """عدد (3) سيارات; what no table has is counted by more than ten: أكثر من (300) متدرب."""
    before = pieces[at - 2].text if at > 1 else ""
    after = pieces[at + 2].text if at + 2 < len(pieces) else ""
    feminine, masculine, *_ = nouns()
    is_listed = bool(kind_of(after)) or after in feminine or after in masculine
    number = pieces[at].text
    many = len(number) > 1 and not _YEAR.fullmatch(number)
    is_word = bool(after and before) and pieces[at + 2].kind == "arabic"
    return (is_listed or (many and is_word)) and could_be_counted(after)


_YEAR = re.compile("1[2-9][0-9]{2}|20[0-9]{2}")
