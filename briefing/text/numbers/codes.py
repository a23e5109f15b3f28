"""Numbers that name and do not count: telephones, versions, accounts, identities."""

from __future__ import annotations

import re

from briefing.text.numbers import dates, measures
from briefing.text.numbers.cardinals import Form, cardinal, digits
from briefing.text.numbers.measures import Amount
from briefing.text.pieces.scanner import DASHES
from briefing.text.pieces.sentence_in_progress import Line, Reading
from briefing.text.tables import context, letters

__all__ = ["read_account", "read_code", "read_law", "read_phone", "read_version"]


def read_phone(line: Line, index: int, at: int, particle: str, case: str) -> Reading | None:
    """Read a telephone's number digit by digit.

    >>> from briefing.text.normalisation.paragraph import spoken
    >>> spoken("هاتف 01-345678")
    'هاتف صفر واحد ثلاثة أربعة خمسة ستة سبعة ثمانية'
    """
    piece = line.pieces[at]
    words = digits(re.sub(r"\D", "", piece.text))
    return Reading(piece.end, ("زَائِدْ " if piece.text.startswith("+") else "") + words)


def read_version(line: Line, index: int, at: int, particle: str, case: str) -> Reading | None:
    """Read the numbers of a version or an address, the points by their name.

    >>> from briefing.text.normalisation.paragraph import spoken
    >>> spoken("النسخة 2.0.1")
    'النسخة اثنان نقطة صفر نقطة واحد'
    """
    piece = line.pieces[at]
    parts = piece.text.split(".")
    return Reading(
        piece.end,
        " نُقْطَة ".join(measures.bare(Amount(int(part), written=part), Form()) for part in parts),
    )


_ACCOUNT = re.compile(
    r"[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9])"
    r"|[0-9]{4}(?: [0-9]{4}){3}(?![0-9])"
)
"""An IBAN (ISO 13616) or a card's number, in groups of four or none."""
_SHORTEST_ACCOUNT = 15
"""Letters and digits of an IBAN (Norway's)."""


def read_account(line: Line, at: int) -> Reading | None:
    """Read an international account number or a card's sign by sign.

    >>> from briefing.text.normalisation.paragraph import spoken
    >>> spoken("BH67 BMAG 0000 1299 1234 56").split()[:6]
    ['بي', 'إتش', 'ستة', 'سبعة', 'بي', 'إم']
    """
    match = _ACCOUNT.match(line.text, line.pieces[at].start)
    if match is None:
        return None
    signs = match[0].replace(" ", "")
    if len(signs) < _SHORTEST_ACCOUNT or sum(sign.isdecimal() for sign in signs) < _CODE:
        return None
    names = letters()
    words = [digits(sign) if sign.isdecimal() else names[sign] for sign in signs]
    return Reading(match.end(), " ".join(words))


_CODE = 5
"""Digits: a longer number after a word for a code is read digit by digit."""


def read_code(line: Line, index: int, at: int) -> Reading | None:
    """Read an account's, an identity's or a fax's number after a word of the table "codes".

    >>> from briefing.text.normalisation.paragraph import spoken
    >>> spoken("فاكس 555-1234")
    'فاكس خمسة خمسة خمسة واحد اثنان ثلاثة أربعة'
    """
    if context()["codes"].isdisjoint(line.before(index)[-2:]):
        return None
    last = at
    while line.word(last + 1) in tuple(DASHES) and not line.pieces[last + 1].gap:
        if line.kind(last + 2) != "number" or line.pieces[last + 2].gap:
            break
        last += 2
    written = [line.word(place) for place in range(at, last + 1, 2)]
    if sum(map(len, written)) < _CODE or not all(
        digits_of_part.isdecimal() for digits_of_part in written
    ):
        return None
    return Reading(line.pieces[last].end, digits("".join(written)))


_YEARS = range(1900, 2101)
_NEXT_LAW = 5
"""Pieces from one law's number to the next: القانونان رقم 15/2023 و16/2023."""


def read_law(line: Line, index: int, at: int) -> Reading | None:
    """Read the number and year of a law, decree or case after a word of the table "laws".

    >>> from briefing.text.normalisation.paragraph import spoken
    >>> spoken("القانون رقم 15/2023")
    'القانون رقم خمسة عشر لسنة ألفين وثلاثة وعشرين'
    """
    number, year = line.word(at), line.word(at + 2)
    if line.word(at + 1) not in ("/", "⁄") or line.word(at + 3) == "/":
        return None
    if len(year) != 4 or not (number + year).isdecimal() or int(year) not in _YEARS:
        return None
    named = not context()["laws"].isdisjoint(line.before(index)[-2:])
    if not (named or at - line.last_law <= _NEXT_LAW) or len(number) > _CODE:
        return None
    line.last_law = at
    counted = cardinal(int(number), Form("m", "gen"))
    return Reading(line.pieces[at + 2].end, f"{counted} لِسَنَةِ {dates.year(int(year))}")
