"""Signs that begin a number's phrase, or join two: $7.50, -5, ½, %5, 10 × 5, 3:1, ≥ 18."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from briefing.text.numbers import measures
from briefing.text.numbers.cardinals import Form, cardinal
from briefing.text.numbers.comparisons import COMPARISONS, read_comparison
from briefing.text.numbers.measures import parse
from briefing.text.numbers.money import money_before
from briefing.text.numbers.number_rules import PARTS_OF, read_number
from briefing.text.numbers.powers import is_raised
from briefing.text.numbers.ranges import FRACTIONS, read_part
from briefing.text.pieces.sentence_in_progress import Line, Reading, first_reading
from briefing.text.tables import units

__all__ = ["begins_number", "read_sign", "read_times"]

_MINUS = ("-", "−")
_BEFORE_MINUS = ("(", "ب", "ل", "و", "“", '"', ":", "،", ",", "إلى")
"""What a minus may touch: any other sign or word makes a dash of it."""
_PLUS = "زَائِدْ"
_BETWEEN = {"=": ("يُسَاوِي", "acc"), "×": ("فِي", "gen"), "+": (_PLUS, "nom")}
"""Signs between two numbers: their word, and the case of the number after it."""


@dataclass(slots=True)
class _Sign:
    """A sign and what is around it."""

    line: Line
    index: int
    """The piece where its phrase begins, an attached particle included."""
    at: int
    particle: str
    case: str

    @property
    def text(self) -> str:
        return self.line.word(self.at)

    @property
    def kind_before(self) -> str:
        return self.line.kind(self.at - 1)

    @property
    def touches(self) -> bool:
        """Whether no space comes before it."""
        return not self.line.pieces[self.at].gap

    @property
    def is_before_number(self) -> bool:
        return self.line.kind(self.at + 1) == "number"

    @property
    def touches_number(self) -> bool:
        """Whether a number follows without a space."""
        return self.is_before_number and not self.line.pieces[self.at + 1].gap

    def read_number_behind(self, case: str) -> Reading:
        """Read the number after the sign as a phrase of its own."""
        return read_number(self.line, self.at + 1, self.at + 1, "", case)


def begins_number(text: str) -> bool:
    """Return whether a sign begins the phrase of a number: $, %, -, ≥, ½.

    >>> begins_number("$"), begins_number("،")
    (True, False)
    """
    return text in units() or text in "%-" or text in COMPARISONS or text in FRACTIONS


def read_sign(line: Line, index: int, at: int, particle: str, case: str) -> Reading | None:
    """Read the number phrase that a sign begins, or the sign that stands at a number.

    index: the piece where the phrase begins, an attached particle included. None for other signs.

    >>> from briefing.text.normalisation.paragraph import spoken
    >>> spoken("½ كوب"), spoken("10 + 5"), spoken("حرارة -5")
    ('نصف كوب', 'عشرة زائد خمسة', 'حرارة سالب خمسة')
    """
    return first_reading(_RULES, _Sign(line, index, at, particle, case))


def _fraction(sign: _Sign) -> Reading | None:
    """½."""
    if sign.text not in FRACTIONS:
        return None
    words = read_part(sign.line, sign.at, *FRACTIONS[sign.text], sign.case)
    return Reading(sign.line.pieces[sign.at].end, words) if words else None


def _percentage(sign: _Sign) -> Reading | None:
    """%5."""
    if sign.text not in PARTS_OF or not sign.is_before_number:
        return None
    amount = parse(sign.line.word(sign.at + 1).lstrip("0") or "0")
    words = measures.bare(amount, Form("m", sign.case))
    return Reading(sign.line.pieces[sign.at + 1].end, f"{words} {PARTS_OF[sign.text]}")


def _comparison(sign: _Sign) -> Reading | None:
    """≥ 18."""
    return read_comparison(sign.line, sign.at, sign.particle, sign.case)


def _stoppage_time(sign: _Sign) -> Reading | None:
    """الدقيقة 90+3: it counts nothing behind it."""
    if not _follows_number_as_plus(sign) or not sign.touches_number:
        return None
    if _MINUTE.fullmatch(sign.line.word(sign.at - 2)) is None:
        return None
    amount = parse(sign.line.word(sign.at + 1))
    words = measures.bare(amount, Form("m", "gen"))
    return Reading(sign.line.pieces[sign.at + 1].end, f"{_PLUS} {words}")


_MINUTE = re.compile("[وف]?[بل]?ال?دقيقة|للدقيقة|د")


def _plus(sign: _Sign) -> Reading | None:
    """+5."""
    if sign.text != "+" or not sign.touches_number:
        return None
    case = "gen" if sign.touches else sign.case
    number = read_number(sign.line, sign.index, sign.at + 1, sign.particle, case)
    return Reading(number.end, f"{_PLUS} {number.words}")


def _ratio(sign: _Sign) -> Reading | None:
    """3:1."""
    between = sign.kind_before == "number" and sign.touches and sign.touches_number
    if sign.text != ":" or not between:
        return None
    number = sign.read_number_behind("gen")
    return Reading(number.end, f"إِلَى {number.words}")


def _and_more(sign: _Sign) -> Reading | None:
    """18+."""
    if not _follows_number_as_plus(sign) or sign.is_before_number:
        return None
    return Reading(sign.line.pieces[sign.at].end, "فَمَا فَوْق")


def _follows_number_as_plus(sign: _Sign) -> bool:
    return sign.text == "+" and sign.touches and sign.kind_before == "number"


def _plus_of_name(sign: _Sign) -> Reading | None:
    """Disney+."""
    if sign.text != "+" or not sign.touches or sign.kind_before not in ("arabic", "latin"):
        return None
    return Reading(sign.line.pieces[sign.at].end, "بْلَس")


def _operator(sign: _Sign) -> Reading | None:
    """10 × 5, 2⁵ = 32."""
    if sign.text not in _BETWEEN or not sign.is_before_number or _follows_number_as_plus(sign):
        return None
    if sign.kind_before != "number" and not is_raised(sign.line.word(sign.at - 1)):
        return None
    word, case = _BETWEEN[sign.text]
    number = sign.read_number_behind(case)
    return Reading(number.end, f"{word} {number.words}")


def _negative(sign: _Sign) -> Reading | None:
    """حرارة -5."""
    if sign.text not in _MINUS or not sign.touches_number:
        return None
    if sign.touches and sign.at and sign.line.word(sign.at - 1) not in _BEFORE_MINUS:
        return None
    return read_number(
        sign.line, sign.index, sign.at + 1, sign.particle, sign.case, is_negative=True
    )


def _money(sign: _Sign) -> Reading | None:
    """$7.50."""
    if sign.text in _MINUS and sign.line.word(sign.at + 1) in units():
        return None
    return money_before(sign.line, sign.at, sign.case)


_RULES: tuple[Callable[[_Sign], Reading | None], ...] = (
    _fraction,
    _percentage,
    _comparison,
    _stoppage_time,
    _plus,
    _ratio,
    _and_more,
    _plus_of_name,
    _operator,
    _negative,
    _money,
)


def read_times(line: Line, at: int) -> Reading | None:
    """Read the "x5" of 10x5.

    >>> from briefing.text.normalisation.paragraph import spoken
    >>> spoken("10x5")
    'عشرة في خمسة'
    """
    piece = line.pieces[at]
    if piece.gap or line.kind(at - 1) != "number" or not re.fullmatch(r"[xX]\d{1,9}", piece.text):
        return None
    return Reading(piece.end, f"فِي {cardinal(int(piece.text[1:]), Form())}")
