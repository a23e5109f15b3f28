"""Where a paragraph's sentences are: the written pieces to runs of them.

A sentence ends at . ! ? ؟ … ۔ with the quotes and brackets that close after it, unless the stop
belongs to an initial, an abbreviation, a list marker, a number or a quotation that goes on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from briefing.text.cleaning import prepare
from briefing.text.scanning import Piece, scan
from briefing.text.tables import abbreviations, context

__all__ = ["sentence_ends", "sentence_spans"]

_STOPS = frozenset(".!?؟…۔‼⁇⁈⁉")
_CLOSERS = frozenset("\"'”’»)]}›")
_OPENERS = {"“": "”", "«": "»", "(": ")", "[": "]"}
_COMMAS = frozenset("،؛,;:")
_BULLETS = frozenset("•▪●◦‣■□▫➤►✓✔")
_SAYING = re.compile(
    r"[وف]?(?:قال|قالت|يقول|تقول|سأل|سألت|تساءل|تساءلت|كتب|كتبت|صرخ|هتف|هتفت|أضاف|أضافت|صاح)\Z"
)
_GOES_ON = re.compile(r"(?:ثم|لكن|بل|أو|حتى|و[^\W]+|ف[^\W]{4,})\Z")
_TITLES = frozenset(
    (
        "Mr",
        "Mrs",
        "Ms",
        "Dr",
        "St",
        "Prof",
        "Jr",
        "Sr",
        "vs",
        "No",
        "Inc",
        "Ltd",
        "Co",
        "Corp",
        "أد",
    )
)
_LONGEST_QUOTE = 400
"""Pieces; a quote or bracket that does not close within so many is not taken for one."""


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Give (start, end) of each sentence of a written text, white space between left out.

    >>> [ "ديمتري س. بيسكوف. قال"[a:b] for a, b in sentence_spans("ديمتري س. بيسكوف. قال") ]
    ['ديمتري س. بيسكوف.', 'قال']
    """
    cleaned = prepare(text)
    pieces = scan(cleaned.text)
    return [span for span, _ in spans_of(text, cleaned.ends, pieces)]


def spans_of(
    text: str, ends: Sequence[int], pieces: list[Piece]
) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Give each sentence's span in the written text and its pieces [first, last)."""
    result = []
    begin = first = 0
    stops = sentence_ends(pieces)
    for number, last in enumerate(stops):
        finish = len(text) if number == len(stops) - 1 else ends[pieces[last - 1].end - 1]
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


def sentence_ends(pieces: list[Piece]) -> list[int]:
    """Give for each sentence the index behind its last piece."""
    ends: list[int] = []
    closing = _closings(pieces)
    start = 0
    marker = -1
    at = 0
    count = len(pieces)
    while at < count:
        piece = pieces[at]
        if at > start and (
            piece.gap == 2 or (piece.kind == "sign" and piece.text in _BULLETS and piece.gap)
        ):
            ends.append(at)
            start = at
        if (
            piece.kind == "number"
            and at + 1 < count
            and pieces[at + 1].text in (".", ")", "-")
            and not pieces[at + 1].gap
            and at + 2 < count
            and pieces[at + 2].gap
        ):
            value = int(piece.text) if piece.text.isdecimal() and len(piece.text) < 4 else -1
            if at == start and value >= 0:
                marker = value
                at += 2
                continue
            if 0 <= marker == value - 1 and piece.gap:
                ends.append(at)
                start, marker = at, value
                at += 2
                continue
        if piece.kind == "sign" and piece.text in _STOPS:
            run = at
            while (
                run < count
                and pieces[run].kind == "sign"
                and pieces[run].text in _STOPS
                and (run == at or not pieces[run].gap)
            ):
                run += 1
            stop = run
            while (
                stop < count
                and pieces[stop].kind == "sign"
                and pieces[stop].text in _CLOSERS
                and (not pieces[stop].gap or _closes(pieces, stop, closing, at))
            ):
                stop += 1
            if _is_end(pieces, start, at, run, stop, closing):
                ends.append(stop)
                start = stop
            at = stop
            continue
        if (
            piece.kind == "initials"
            and piece.text.endswith(".")
            and at > start
            and at + 1 < count
            and pieces[at + 1].gap
            and re.match(r"و[^\W]{2,}", pieces[at + 1].text)
        ):
            ends.append(at + 1)
            start = at + 1
        at += 1
    if start < count or not ends:
        ends.append(count)
    return [
        end for number, end in enumerate(ends) if end > (ends[number - 1] if number else 0)
    ] or [count]


def _closes(pieces: list[Piece], at: int, closing: dict[int, int], stop: int) -> bool:
    """Tell whether a closer set apart by a space closes what was opened before the stop."""
    opened = closing.get(-at - 1, -1)
    return 0 <= opened < stop


def _closings(pieces: list[Piece]) -> dict[int, int]:
    """Pair quotes and brackets: opener -> closer, and -closer-1 -> opener."""
    pairs: dict[int, int] = {}
    open_: list[tuple[str, int]] = []
    for at, piece in enumerate(pieces):
        if piece.kind != "sign":
            continue
        text = piece.text
        if open_ and text == open_[-1][0]:
            _, opened = open_.pop()
            if at - opened <= _LONGEST_QUOTE:
                pairs[opened] = at
                pairs[-at - 1] = opened
        elif text in _OPENERS:
            open_.append((_OPENERS[text], at))
        elif text == '"':
            open_.append(('"', at))
        elif text in ")]”»" and len(open_) > 1 and text == open_[-2][0]:
            open_.pop()
            _, opened = open_.pop()
            if at - opened <= _LONGEST_QUOTE:
                pairs[opened] = at
                pairs[-at - 1] = opened
        if len(open_) > 50:
            del open_[:25]
    depth: list[int] = []
    for at in range(len(pieces)):
        if depth and at > depth[-1]:
            depth.pop()
        if depth:
            pairs[-(10**9) - at] = depth[-1]
        if at in pairs and (not depth or pairs[at] <= depth[-1]):
            depth.append(pairs[at])
    return pairs


def _is_end(
    pieces: list[Piece], start: int, at: int, run: int, stop: int, closing: dict[int, int]
) -> bool:
    """Decide on the stops pieces[at:run], closed by pieces[run:stop]."""
    if stop >= len(pieces):
        return True
    following = pieces[stop]
    if following.gap == 2:
        return True
    if following.kind == "sign" and following.text in _COMMAS:
        return False
    mark = pieces[at].text
    before = pieces[at - 1] if at > start else None
    inside = closing.get(-(10**9) - at)
    if inside is not None and inside >= stop:
        if pieces[inside].text in ")]":
            return False
        behind = pieces[inside + 1] if inside + 1 < len(pieces) else None
        if behind is not None and behind.text in _COMMAS:
            return False
    if mark == "…" or (mark == "." and run - at > 1):
        if before is None or (inside is not None and inside >= stop):
            return False
        if before.text in context()["hanging"] and not pieces[at].gap:
            return False
        return bool(following.gap) and not (
            following.kind == "arabic" and _GOES_ON.match(following.text)
        )
    if mark != ".":
        if before is None:
            return False
        if (
            stop > run
            and following.kind == "arabic"
            and (_SAYING.match(following.text) or following.text in context()["links"])
        ):
            return False
        return not (pieces[at - 1].text == "(" and following.text == ")")
    return _point_ends(pieces, start, at, stop, before)


def _point_ends(pieces: list[Piece], start: int, at: int, stop: int, before: Piece | None) -> bool:
    following = pieces[stop]
    if before is None:
        return False
    touching = not pieces[at].gap
    links = following.kind == "arabic" and following.text in context()["links"]
    if links and touching and stop == at + 1:
        if before.text in ("إلخ", "الخ", "م", "ص", "هـ", "ه") and len(before.text) < 4:
            return False
        dated = at - 2 >= start and pieces[at - 2].text in ("يوم", "بتاريخ", "تاريخ")
        if before.kind == "number" and "." in before.text and dated:
            return False
    if touching and before.kind in ("arabic", "latin") and len(before.text) == 1 and stop == at + 1:
        behind_number = (
            at >= 2
            and pieces[at - 2].kind in ("number", "date", "time")
            and before.kind == "arabic"
        )
        if not behind_number or (before.text not in "هم" and at - 2 == start):
            return False
    if touching and before.text in _TITLES and stop == at + 1:
        return False
    if (
        touching
        and before.kind == "arabic"
        and f"{before.text}." in abbreviations()
        and before.text not in ("إلخ", "الخ")
        and len(before.text) < 3
        and stop == at + 1
    ):
        return at >= 2 and pieces[at - 2].kind in ("number", "date")
    if not following.gap and stop == at + 1:
        if following.kind in ("arabic",):
            return (
                before.kind in ("arabic", "number", "date", "sign", "latin")
                and len(before.text) > (2 if before.kind == "arabic" else 1)
            ) or before.kind == "sign"
        if following.kind in ("number", "date", "time"):
            return before.kind == "arabic" and len(before.text) > 2
        if following.kind == "latin":
            return before.kind == "arabic" and len(before.text) > 2
        return following.kind == "sign" and following.text in '“«"(['
    return True
