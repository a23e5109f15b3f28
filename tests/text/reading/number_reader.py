"""Arabic number words back to their values: a reader that shares nothing with the program's rules.

It knows what a listener knows: the number words in every gender and case, the dual and the single
noun (كتابان is two, كتاب واحد is one), ألف ليلة وليلة, halves and quarters, cents behind dollars,
ordinals, and the hours of the clock.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction

__all__ = ["Noun", "clock", "values"]

_MARKS = re.compile("[\u064b-\u0652\u0670\u0640]")
_FATHATAN = "\u064b"


def _plain(word: str) -> str:
    return _MARKS.sub("", word)


def _table(text: str) -> dict[str, int]:
    rows = (row.split() for row in text.strip().splitlines())
    return {_plain(word): int(value) for value, *words in rows for word in words}


_UNITS = _table(
    """
    0 صفر صفرا
    1 واحد واحدا واحدة أحد إحدى
    2 اثنان اثنين اثنتان اثنتين اثنا اثني اثنتا اثنتي
    3 ثلاث ثلاثا ثلاثة
    4 أربع أربعا أربعة
    5 خمس خمسا خمسة
    6 ست ستا ستة
    7 سبع سبعا سبعة
    8 ثمان ثماني ثمانيا ثمانية
    9 تسع تسعا تسعة
    """
)
_ORDINALS = _table(
    """
    1 الأول الأولى الحادي الحادية
    2 الثاني الثانية
    3 الثالث الثالثة
    4 الرابع الرابعة
    5 الخامس الخامسة
    6 السادس السادسة
    7 السابع السابعة
    8 الثامن الثامنة
    9 التاسع التاسعة
    10 العاشر العاشرة
    """
)
_TENS = _table(
    """
    20 عشرون عشرين
    30 ثلاثون ثلاثين
    40 أربعون أربعين
    50 خمسون خمسين
    60 ستون ستين
    70 سبعون سبعين
    80 ثمانون ثمانين
    90 تسعون تسعين
    """
)
_HUNDREDS = _table(
    """
    100 مئة
    200 مئتان مئتين مئتا مئتي
    300 ثلاثمئة
    400 أربعمئة
    500 خمسمئة
    600 ستمئة
    700 سبعمئة
    800 ثمانمئة ثمانيمئة
    900 تسعمئة
    """
)
_SCALES = _table(
    """
    1000 ألف آلاف
    1000000 مليون ملايين
    1000000000 مليار مليارات
    """
)
_TWO_ENDINGS = ("ان", "ين", "ا", "ي")
_PARTS = {
    "نصف": Fraction(1, 2), "ثلث": Fraction(1, 3), "ربع": Fraction(1, 4),
    "ثلثان": Fraction(2, 3), "ثلثين": Fraction(2, 3), "ثلثي": Fraction(2, 3),
}  # fmt: skip
_MANY_PARTS = {"أثلاث": 3, "أرباع": 4, "أخماس": 5, "أسداس": 6, "أسباع": 7, "أثمان": 8, "أعشار": 10}
_SHARE = re.compile(r"(?<!\S)(?:ب|فِ?ي )[ً-ْ]*ال[ً-ْ]*مِ?ئَ?ةِ?(?!\S)")
_POINTS = ("فاصلة", "نقطة")


_SILENT = ("مئوية", "مئويتان", "مئويتين", "بعد")
"""درجة مئوية واحدة, السادسة عشرة بعد المئة"""


@dataclass(frozen=True)
class Noun:
    """A noun that is counted: singular, plural, and how many of it make one of a larger unit."""

    one: str
    many: str
    part_of: int = 1

    def duals(self) -> set[str]:
        """Return its duals in all cases."""
        stem = self.one[:-1] + "ت" if self.one.endswith("ة") else self.one
        return {_plain(stem + ending) for ending in _TWO_ENDINGS}

    def singles(self) -> set[str]:
        """Return its singular, and with the alif of the accusative."""
        return {_plain(self.one), _plain(self.one + "ا")}


@dataclass
class _Reader:
    nouns: tuple[Noun, ...]
    numbers: list[Fraction] = field(default_factory=list)
    total: Fraction | None = None
    """The number under way; None: none is."""
    group: int | None = None
    """Its part below the next scale word."""
    digits: list[int] | None = None
    """The numbers behind the decimal point: صفر واحد وعشرون is 0, 21; None: no point was heard."""
    last: int = 0
    """The number word that was heard last: ثلاثة of ثلاثة أرباع."""
    perhaps_two: bool = False
    """The last noun was a dual by its letters: شهرا of شهرا واحدا."""
    counted: bool = False
    """Its noun was heard: what و adds now is a half, a cent or one more."""
    negative: bool = False

    def value(self) -> Fraction | None:
        if self.total is None and self.group is None:
            return None
        number = (self.total or Fraction(0)) + (self.group or 0)
        if self.digits:
            written = "".join(map(str, self.digits))
            number += Fraction(int(written), 10 ** len(written))
        return -number if self.negative else number

    def close(self) -> None:
        number = self.value()
        if number is None:
            return
        self.numbers.append(number)
        self.total = self.group = self.digits = None
        self.counted = self.negative = self.perhaps_two = False

    def add(self, value: int, joined: bool) -> None:
        """Hear a number word; one that و does not join begins a new number."""
        self.last = value
        if self.counted and joined:
            self.group = (self.group or 0) + value
            return
        if self.digits is not None:
            if joined and self.digits:
                self.digits[-1] += value
            else:
                self.digits.append(value)
            return
        after_scale = self.total is not None and self.group is None
        if not joined and (self.group is not None or after_scale):
            self.close()
        self.group = (self.group or 0) + value

    def scale(self, size: int, times: int = 1) -> None:
        if self.digits is not None:
            whole = self.value()
            assert whole is not None
            self.total, self.group, self.digits = abs(whole) * size, None, None
            return
        if self.total is not None and 0 < self.total < 1:  # نصف مليون
            self.total *= size
            return
        self.total = (self.total or Fraction(0)) + (self.group or 1) * times * size
        self.group = None


def _dual_scale(word: str, marked: str) -> int:
    """Return the scale whose dual a word is, else 0; ألفًا is one thousand, ألفَا two."""
    for one, size in _SCALES.items():
        if word in (one + "ان", one + "ين", one + "ي"):
            return size
        if word == one + "ا" and _FATHATAN not in marked:
            return size
    return 0


def values(vowelled: str, nouns: tuple[Noun, ...] = ()) -> list[Fraction]:
    """Return the numbers that are heard, in order.

    vowelled: the words, with marks where they tell ألفًا (a thousand) from ألفَا (two).
    """
    reader = _Reader(nouns)
    for marked in _SHARE.sub(" ", vowelled).split():
        _hear(reader, _plain(marked), marked)
    reader.close()
    return reader.numbers


def _hear(reader: _Reader, word: str, marked: str) -> None:
    forms = [(word, False, marked)]
    if word[0] in "وف":
        forms.append((word[1:], True, marked[1:]))
    if word[0] in "بلك":
        forms.append((word[1:], False, marked))
    if word.startswith(("وب", "ول")):
        forms.append((word[2:], True, marked))
    for form, joined, own in forms:
        if any(
            hear(reader, bare, joined, own)
            for bare in _without_article(form)
            for hear in (_point, _number_word, _scale_word, _part, _noun)
        ):
            return
    if word == "سالب":
        reader.close()
        reader.negative = True
    elif word not in _SILENT:
        reader.close()


def _without_article(word: str) -> list[str]:
    forms = [word]
    if word.startswith("ال"):
        forms.append(word[2:])
    if word.startswith("ل") and len(word) > 4:
        forms.append("ال" + word[1:])
    return forms


def _point(reader: _Reader, word: str, joined: bool, marked: str) -> bool:
    if word not in _POINTS or reader.value() is None:
        return False
    reader.digits = []
    return True


def _number_word(reader: _Reader, word: str, joined: bool, marked: str) -> bool:
    if reader.counted and not joined and word in ("واحد", "واحدة", "واحدا"):
        if reader.perhaps_two and reader.total is not None:
            reader.total -= 1
        return True
    if word in ("عشر", "عشرة"):
        if reader.digits and 0 < reader.last < 10 and not joined:
            reader.digits[-1] += 10
        elif reader.digits is None and 0 < (reader.group or 0) % 100 < 10 and not joined:
            reader.group = (reader.group or 0) + 10
        else:
            reader.add(10, joined)
        return True
    if word == "مئة" and reader.group is not None and 3 <= reader.group <= 9 and not joined:
        reader.group *= 100  # ثلاث مئة
        return True
    for table in (_UNITS, _TENS, _HUNDREDS, _ORDINALS):
        if word in table:
            reader.add(table[word], joined)
            return True
    return False


def _scale_word(reader: _Reader, word: str, joined: bool, marked: str) -> bool:
    if size := _dual_scale(word, marked):
        if not joined:
            reader.close()
        reader.scale(size, 2)
        return True
    bare = word.removesuffix("ا")
    if bare not in _SCALES:
        return False
    if reader.value() is not None and joined:
        reader.total = (reader.total or Fraction(0)) + (reader.group or 0) + _SCALES[bare]
        reader.group = None
        return True
    reader.scale(_SCALES[bare])
    return True


def _part(reader: _Reader, word: str, joined: bool, marked: str) -> bool:
    if word in _MANY_PARTS and reader.group is not None:
        whole = reader.group - reader.last
        reader.total = (
            (reader.total or Fraction(0)) + whole + Fraction(reader.last, _MANY_PARTS[word])
        )
        reader.group = None
        return True
    bare = word.removesuffix("ا")
    if bare != word and _FATHATAN not in marked:
        part = {"ثلث": Fraction(2, 3)}.get(bare)  # ثلثا السكان
    else:
        part = _PARTS.get(bare)
    if part is None:
        return False
    if reader.value() is None or not joined:
        reader.close()
        reader.total = part
    else:
        reader.total = (reader.total or Fraction(0)) + (reader.group or 0) + part
        reader.group = None
    return True


def _noun(reader: _Reader, word: str, joined: bool, marked: str) -> bool:
    for noun in reader.nouns:
        two, single = word in noun.duals(), word in noun.singles()
        if two and single:  # دولارا: the accusative where a number was heard before it
            two = reader.value() is None and _FATHATAN not in marked
            single = not two
        if not (two or single or word == _plain(noun.many)):
            continue
        if noun.part_of > 1 and reader.total is not None and reader.group is not None:
            reader.total += Fraction(reader.group, noun.part_of)
            reader.group = None
        elif noun.part_of > 1 and reader.value() is not None and not reader.counted:
            reader.total = Fraction(reader.value() or 0) / noun.part_of
            reader.group = None
        elif two or (single and (joined or reader.value() is None)):
            if not joined:
                reader.close()
            added = Fraction(2 if two else 1, noun.part_of)
            reader.total = (reader.total or Fraction(0)) + (reader.group or 0) + added
            reader.group = None
        else:
            reader.total, reader.group = abs(reader.value() or Fraction(0)), None
            if reader.digits:
                reader.digits = None
        reader.counted, reader.perhaps_two = True, two
        return True
    return False


_QUARTERS = {"والنصف": 30, "والربع": 15, "والثلث": 20, "إلا ربعا": -15, "إلا ثلثا": -20}
_HOURS = {
    **_ORDINALS,
    "الواحدة": 1,
    "عشرة": 10,
    "والعشرون": 20,
    "والعشرين": 20,
    "العشرون": 20,
    "العشرين": 20,
}


def clock(vowelled: str) -> int:
    """Return the minutes since twelve that are heard: السابعة والنصف, الثامنة إلا ربعا."""
    words = _plain(vowelled).split()
    hour = 0
    while words and words[0] in _HOURS:
        hour += _HOURS[words.pop(0)]
    rest = " ".join(words)
    if rest in _QUARTERS:
        return hour * 60 + _QUARTERS[rest]
    return hour * 60 + int(sum(values(rest, (Noun("دقيقة", "دقائق"),))))
