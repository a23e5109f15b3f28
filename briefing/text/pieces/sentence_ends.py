"""Where a paragraph's sentences are: the written pieces to runs of them.

A sentence ends at . ! ? ؟ … ۔ with the quotes and brackets that close after it, unless the stop
belongs to an initial, an abbreviation, a list marker, a number, a title in quotes, a bracket or a
quotation that goes on. The words that decide are in data/sentences.toml.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

from briefing.text.cleaning import prepare, strip_marks
from briefing.text.pieces.quote_pairs import CLOSERS, Pairs, pair
from briefing.text.pieces.scanner import Lexeme, scan
from briefing.text.tables import abbreviations, context, letters, sentence_words, verbs
from briefing.text.words.noun_signs import begins_with_own
from briefing.text.words.verb_signs import is_verb

__all__ = ["sentence_ends", "sentence_spans"]

_STOPS = frozenset(".!?؟…۔‼⁇⁈⁉")
_COMMAS = frozenset("،؛,;:")
_BULLETS = frozenset("•▪●◦‣■□▫➤►✓✔")
_ADDS = re.compile(r"و[^\W]{2,}")
"""A word that و is joined to: after an abbreviation it begins the next sentence."""
_WORDS = frozenset(("arabic", "latin", "number", "initials", "date", "time", "other"))
_FEW = 3
"""Words; what is shorter before or after an ellipsis is no sentence of its own."""
_SHORT_ASIDE = 3
"""Pieces; a question in brackets that is no longer is an aside in its sentence."""
_LONGEST_TITLE = 14
"""Pieces; a quotation that nobody says and that is no longer is a name or a title."""
_FAR = 8
"""Pieces between a verb of saying and the quotation that it brings."""


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Return (start, end) of each sentence of a written text, white space between left out.

    >>> [ "ديمتري س. بيسكوف. قال"[a:b] for a, b in sentence_spans("ديمتري س. بيسكوف. قال") ]
    ['ديمتري س. بيسكوف.', 'قال']
    """
    cleaned = prepare(text)
    pieces = scan(cleaned.text)
    return [span for span, _ in spans_of(text, cleaned.ends, pieces)]


def spans_of(
    text: str, ends: Sequence[int], pieces: list[Lexeme]
) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Return each sentence's span in the written text and its pieces [first, last)."""
    result = []
    begin = first = 0
    stops = sentence_ends(pieces)
    for number, last in enumerate(stops):
        finish = len(text) if number == len(stops) - 1 else ends[pieces[last - 1].end - 1]
        while finish < len(text) and unicodedata.category(text[finish]) == "Cf":
            finish += 1  # a direction mark stays with the stop that it follows
        slice_ = text[begin:finish]
        bare = slice_.strip()
        if bare:
            lead = len(slice_) - len(slice_.lstrip())
            result.append(((begin + lead, begin + lead + len(bare)), (first, last)))
        begin, first = finish, last
    if not result and text.strip():
        lead = len(text) - len(text.lstrip())
        result.append(((lead, lead + len(text.strip())), (0, len(pieces))))
    return result


def sentence_ends(pieces: list[Lexeme]) -> list[int]:
    """Return for each sentence the index of the piece after its last."""
    cutter = _Cutter(pieces)
    while cutter.at < len(pieces):
        cutter.step()
    return cutter.finish()


class _Cutter:
    """Passes over the pieces of a paragraph and ends its sentences."""

    def __init__(self, pieces: list[Lexeme]) -> None:
        self._pieces = pieces
        self._pairs = pair(pieces)
        self._ends: list[int] = []
        self._start = 0
        """The first piece of the sentence under way."""
        self._item = -1
        """The number of the list's item under way."""
        self.at = 0

    def step(self) -> None:
        """Pass over the next piece, or the next pieces that belong together."""
        piece = self._pieces[self.at]
        begins_item = _is_bullet(piece) and piece.gap
        if self.at > self._start and (piece.gap == 2 or begins_item):
            self._end(self.at)
        if self._passes_list_number() or self._passes_stop():
            return
        if (
            piece.kind == "initials"
            and self.at > self._start
            and _initials_end(self._pieces, self.at)
        ):
            self._end(self.at + 1)
        self.at += 1

    def finish(self) -> list[int]:
        """Return the ends: at least one, each after the one before it."""
        count, ends = len(self._pieces), self._ends
        if self._start < count or not ends:
            ends.append(count)
        ascending = [end for before, end in zip((0, *ends), ends, strict=False) if end > before]
        return ascending or [count]

    def _end(self, at: int) -> None:
        self._ends.append(at)
        self._start = at

    def _passes_list_number(self) -> bool:
        """Pass over the number of a list's item: a sentence ends before the next item."""
        at = self.at
        number = _marker(self._pieces, at)
        if number < 0:
            return False
        begins = at == self._start or (number == 1 and self._pieces[at - 1].text == ":")
        if not begins:
            if not (0 <= self._item == number - 1 and self._pieces[at].gap):
                return False
            self._end(at)
        self._item = number
        self.at += 2
        return True

    def _passes_stop(self) -> bool:
        """Pass over a stop and what closes after it: a sentence may end there."""
        pieces = self._pieces
        if not _is_one_of(pieces[self.at], _STOPS):
            return False
        at, run, behind = self._stops_and_closers()
        if _is_end(pieces, self._pairs, self._start, at, run, behind):
            if not _is_emoji(pieces[self._start]):
                behind = _behind_emoji(pieces, behind)
            self._end(behind)
        self.at = behind
        return True

    def _stops_and_closers(self) -> tuple[int, int, int]:
        """Return the places of the deciding stop, after its run and after its closers."""
        pieces, count = self._pieces, len(self._pieces)
        at, run = self.at, self.at + 1
        while run < count and _is_one_of(pieces[run], _STOPS) and not pieces[run].gap:
            run += 1
        behind = _behind_closers(pieces, self._pairs, at, run)
        while run < behind < count and _is_one_of(pieces[behind], _STOPS):
            if pieces[behind].gap:
                break
            # "نعم!". and (نعم.). have a stop of the sentence's own
            at, run = behind, behind + 1
            behind = _behind_closers(pieces, self._pairs, at, run)
        return at, run, behind


def _behind_emoji(pieces: list[Lexeme], at: int) -> int:
    while at < len(pieces) and _is_emoji(pieces[at]) and pieces[at].gap < 2:
        at += 1
    return at


def _behind_closers(pieces: list[Lexeme], pairs: Pairs, at: int, run: int) -> int:
    """Return the index after the quotes and brackets that close after the stops pieces[at:run]."""
    stop = run
    while (
        stop < len(pieces)
        and _is_one_of(pieces[stop], CLOSERS)
        and (not pieces[stop].gap or 0 <= pairs.opener.get(stop, -1) < at)
        and pairs.closer.get(stop) is None
    ):
        stop += 1
    return stop


def _is_one_of(piece: Lexeme, signs: frozenset[str]) -> bool:
    return piece.kind == "sign" and piece.text in signs


def _is_bullet(piece: Lexeme) -> bool:
    return piece.kind == "sign" and piece.text in _BULLETS


def _is_emoji(piece: Lexeme) -> bool:
    return (
        piece.kind == "sign"
        and piece.text >= "\u2600"
        and piece.text not in _BULLETS
        and unicodedata.category(piece.text) in ("So", "Sk")
    )


def _marker(pieces: list[Lexeme], at: int) -> int:
    """Return the number of the list item that begins at a piece ("2.", "2)", "2-"), else -1."""
    piece = pieces[at]
    if (
        piece.kind == "number"
        and len(piece.text) < 4
        and piece.text.isdecimal()
        and at + 2 < len(pieces)
        and pieces[at + 1].text in (".", ")", "-")
        and not pieces[at + 1].gap
        and pieces[at + 2].gap
    ):
        return int(piece.text)
    return -1


def _initials_end(pieces: list[Lexeme], at: int) -> bool:
    """Return whether the point of an abbreviation ends the sentence too: ق.م. وقد عثر عليه."""
    piece = pieces[at]
    if not piece.text.endswith(".") or at + 1 == len(pieces) or not pieces[at + 1].gap:
        return False
    if abbreviations().get(piece.text, ("", ""))[1] in ("name", "number"):
        return False
    return _adds(pieces[at + 1].text) and not _joins(pieces, at + 1)


def _joins(pieces: list[Lexeme], at: int) -> bool:
    """Return whether و joins a number, a noun or a preposition to what is before, and no sentence.

    336 ق.م. و323 ق.م., القرن الثاني ق.م. والقرن الأول, وحتى عام 146; but ق.م. والتقى كهنتها.
    """
    word = _word(pieces[at])
    if word == "و":
        return at + 1 < len(pieces) and not pieces[at + 1].gap
    rest = word[1:]
    if word[:1] != "و" or word in sentence_words()["begins"]:
        return False
    definite = rest.startswith("ال") and rest not in verbs("transitive")
    return definite or rest in context()["links"]


def _adds(word: str) -> bool:
    """Return whether و is joined to a word, as it begins a sentence: وقد, وانتصر; not وفق, وزير."""
    return _ADDS.match(word) is not None and word not in sentence_words()["own_waw"]


def _is_end(pieces: list[Lexeme], pairs: Pairs, start: int, at: int, run: int, stop: int) -> bool:
    """Decide on the stops pieces[at:run], closed by pieces[run:stop]."""
    if stop >= len(pieces):
        return True
    following = pieces[stop]
    if following.gap == 2:
        return True
    if at == start or _is_one_of(following, _COMMAS):
        return False
    inside = pairs.around[at]
    quoted = False
    while inside >= 0:
        closer = pairs.closer[inside]
        if closer >= stop:
            quoted = True
            behind = pieces[closer + 1] if closer + 1 < len(pieces) else None
            if (
                pieces[inside].text in "([{"
                or (behind is not None and behind.text in _COMMAS)
                or (closer - inside <= _LONGEST_TITLE and not _is_speech(pieces, inside))
            ):
                return False
        inside = pairs.around[inside]
    mark = pieces[at].text
    if stop > run and not _closed_ends(pieces, pairs, start, at, stop):
        return False
    if mark == "…" or (mark == "." and run - at > 1):
        return not quoted and _ellipsis_ends(pieces, start, at, run, stop)
    if mark not in ".۔":
        return True
    return _point_ends(pieces, start, at, stop)


def _word(piece: Lexeme) -> str:
    return piece.text if piece.kind == "arabic" else ""


def _is_speech(pieces: list[Lexeme], opener: int) -> bool:
    """Return whether a quotation is what somebody says, and not a name or title in the sentence."""
    if opener == 0 or pieces[opener].gap == 2 or pieces[opener - 1].text in (":", "."):
        return True
    words = sentence_words()
    for at in range(opener - 1, max(-1, opener - _FAR), -1):
        piece = pieces[at]
        if _is_one_of(piece, _STOPS):
            return at == opener - 1
        if piece.kind == "arabic" and (
            piece.text in words["saying"] or piece.text in words["speech"]
        ):
            return True
    return False


def _closed_ends(pieces: list[Lexeme], pairs: Pairs, start: int, at: int, stop: int) -> bool:
    """Return whether a stop before a closing quote or bracket may end the sentence."""
    following = pieces[stop]
    word = _word(following)
    words = sentence_words()
    goes_on = word in words["completes"] or word in context()["links"]
    opener = pairs.opener.get(stop - 1, -1)
    if pieces[stop - 1].text in ")]}":
        if opener <= start:
            return True
        short = at - opener < 2 or (at - opener == 2 and len(pieces[at - 1].text) == 1)
        asks = pieces[at].text in "؟?!" and at - opener <= _SHORT_ASIDE
        return not goes_on and not short and not asks  # (!), (ص.), (أين؟)
    if opener > start and _is_named(pieces, opener):
        return word in words["begins"] and word not in words["of_the_name"]
    if pieces[at].text in "؟?!" and _carries_on(word):
        return False
    if word in words["saying"]:
        return opener > start + 1 or (opener < 0 and pieces[at].text in ".۔")
    if (len(pieces[at - 1].text) == 1 or pieces[at - 1].text in _letter_names()) and opener > start:
        return _adds(word)  # "سيمنز إيه. جي." الألمانية
    if word == "و" and stop + 1 < len(pieces) and not pieces[stop + 1].gap:
        return False  # «لا للحرب!» و«نعم للسلام!»
    if pieces[at].text in ".۔" or pieces[at].text == "…":
        return word not in words["completes"] and not (
            goes_on and opener > start and not _is_speech(pieces, opener)
        )
    if opener > start and not _is_speech(pieces, opener):
        return word in words["begins"]
    return not goes_on


def _is_named(pieces: list[Lexeme], opener: int) -> bool:
    """Return whether a quotation is the name of a work or a slogan: رواية "من أنت؟"."""
    before = pieces[opener - 1]
    word = _word(before)
    bare = word.removeprefix("و").removeprefix("ب").removeprefix("ل").removeprefix("ال")
    return pieces[opener].gap < 2 and not {word, bare}.isdisjoint(sentence_words()["works"])


_JOINED_WITH_FA = re.compile(r"ف[^\W]{4,}")
_BY = re.compile(r"ب[^\W]{2,}")


def _carries_on(word: str) -> bool:
    """Return whether a word after a quoted question carries the sentence on: فأجاب, بخط كبير."""
    if word in sentence_words()["carries_on"] or _JOINED_WITH_FA.fullmatch(word):
        return True
    return _BY.fullmatch(word) is not None and not begins_with_own(word) and not is_verb(word)


def _ellipsis_ends(pieces: list[Lexeme], start: int, at: int, run: int, stop: int) -> bool:
    following = pieces[stop]
    if pieces[at - 1].text in context()["hanging"] and not pieces[at].gap:
        return False
    if not following.gap:
        return False
    word = _word(following)
    if word in sentence_words()["goes_on"] or _ADDS.match(word) or re.match(r"ف[^\W]{4,}", word):
        return False
    if stop > run or word in sentence_words()["begins"]:
        return True
    return _has_words(pieces, range(at - 1, start - 1, -1)) and _has_words(
        pieces, range(stop, len(pieces))
    )


def _has_words(pieces: list[Lexeme], places: range) -> bool:
    """Return whether _FEW words stand at these places, before any other stop."""
    count = 0
    for at in places:
        if _is_one_of(pieces[at], _STOPS):
            return False
        count += pieces[at].kind in _WORDS
        if count == _FEW:
            return True
    return False


def _point_ends(pieces: list[Lexeme], start: int, at: int, stop: int) -> bool:
    """Decide on one point, after a word or set apart from it."""
    before, following = pieces[at - 1], pieces[stop]
    if stop > at + 1:
        return True
    if not pieces[at].gap and (ends := _short_ends(pieces, start, at)) is not None:
        return ends
    if following.gap:
        return True
    # no space after the point
    word = before.text
    if following.kind == "arabic":
        if following.text in sentence_words()["domains"]:
            return False
        return (
            before.kind in ("arabic", "number", "date", "sign", "latin")
            and len(word) > (2 if before.kind == "arabic" else 1)
        ) or before.kind == "sign"
    if following.kind in ("number", "date", "time", "latin"):
        return before.kind == "arabic" and len(word) > 2
    return following.kind == "sign" and following.text in '“«"([('


class _Point(NamedTuple):
    """A point right after a word, and what is around it."""

    pieces: list[Lexeme]
    start: int
    """The first piece of the sentence."""
    at: int

    @property
    def before(self) -> Lexeme:
        return self.pieces[self.at - 1]

    @property
    def word(self) -> str:
        """The text before the point."""
        return self.before.text

    @property
    def next_word(self) -> str:
        """The Arabic word after the point, or ""."""
        return _word(self.pieces[self.at + 1])

    @property
    def is_linked(self) -> bool:
        """Whether the next word carries the sentence on: في, من."""
        return self.next_word in context()["links"]

    @property
    def is_counted(self) -> bool:
        """Whether a number comes before the word: 5 كم."""
        if self.at - 2 < self.start:
            return False
        counter = self.pieces[self.at - 2]
        return counter.kind in ("number", "date", "time") or counter.text == "°"

    @property
    def second_before(self) -> str:
        """The text before the word, "" where the sentence begins with the word."""
        return self.pieces[self.at - 2].text if self.at - 2 >= self.start else ""


def _short_ends(pieces: list[Lexeme], start: int, at: int) -> bool | None:
    """Decide on the point of an initial, an abbreviation or a date; None where it is none."""
    point = _Point(pieces, start, at)
    for rule in _POINT_RULES.get(point.before.kind, ()):
        ends = rule(point)
        if ends is not None:
            return ends
    return None


def _point_of_date(point: _Point) -> bool | None:
    """يوم 12.5. في."""
    dated = point.second_before in ("يوم", "بتاريخ", "تاريخ")
    return False if "." in point.word and dated and point.is_linked else None


def _point_of_latin(point: _Point) -> bool | None:
    """George W. Bush, Dr. Smith."""
    is_title = point.word in sentence_words()["latin_titles"]
    return False if len(point.word) == 1 or is_title else None


def _point_of_unit(point: _Point) -> bool | None:
    """5 كم. مربع."""
    goes_on = point.next_word in sentence_words()["behind_units"]
    return False if point.is_counted and goes_on else None


def _point_of_and_so_on(point: _Point) -> bool | None:
    return False if point.word in ("إلخ", "الخ") and point.is_linked else None


def _point_of_letter(point: _Point) -> bool | None:
    """ديمتري س. بيسكوف, ق. م., 5 م."""
    pieces, at, word = point.pieces, point.at, point.word
    if len(word) > 1:
        return None
    if len(point.next_word) == 1 and at + 2 < len(pieces) and pieces[at + 2].text == ".":
        return False
    spaced = _spaced_letters(pieces, point.start, at)
    if abbreviations().get(spaced, ("", ""))[1] == "-":
        return _adds(point.next_word)
    if point.is_counted:
        if word in "مه" and _joins(pieces, at + 1):
            return False
        begins_sentence = word in "هم" and at - 2 == point.start
        return not (point.is_linked and word in "مصه") and not begins_sentence
    return point.second_before in context()["letter_used"] and not point.is_linked


def _point_of_letter_name(point: _Point) -> bool | None:
    """سي. إن. إن."""
    if point.word not in _letter_names():
        return None
    return point.next_word in sentence_words()["begins"]


def _point_of_two_letters(point: _Point) -> bool | None:
    """كم., هـ., ود. سمر."""
    word = point.word
    if len(word) != 2:
        return None
    if point.is_linked and word == "هـ":
        return False
    reading, follows = abbreviations().get(f"{word}.", ("", ""))
    if reading:
        return point.is_counted and follows != "name"
    with_particle = abbreviations().get(f"{word[1]}.", ("", ""))
    if not point.is_counted and word[0] in "وفبلك" and with_particle[1] == "name":
        return word == "ود" and _adds(point.next_word)
    return None


_PointRules = tuple[Callable[[_Point], bool | None], ...]

_POINT_RULES: dict[str, _PointRules] = {
    "number": (_point_of_date,),
    "latin": (_point_of_latin,),
    "arabic": (
        _point_of_unit,
        _point_of_and_so_on,
        _point_of_letter,
        _point_of_letter_name,
        _point_of_two_letters,
    ),
}
"""By the kind of what comes before the point; the first rule that decides."""


def _spaced_letters(pieces: list[Lexeme], start: int, at: int) -> str:
    """Return the letters and points up to a point, without the spaces between: ق. م. -> ق.م."""
    first = at - 1
    while (
        first - 2 >= start
        and pieces[first - 1].text == "."
        and len(pieces[first - 2].text) == 1
        and pieces[first - 2].kind == "arabic"
        and at - first < 8
    ):
        first -= 2
    return "".join(piece.text for piece in pieces[first : at + 1])


@cache
def _letter_names() -> frozenset[str]:
    names = (strip_marks(name) for letter, name in letters().items() if letter.isascii())
    return frozenset(names) - {"في", "إن"}
