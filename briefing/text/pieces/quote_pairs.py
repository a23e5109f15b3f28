"""Which quotes and brackets of a paragraph belong together: its pieces to pairs of them.

Whether a quote opens or closes is decided by its shape and the white space around it; one that was
never closed is forgotten where the next one opens, so that a slip does not swallow what follows.
"""

from __future__ import annotations

from dataclasses import dataclass

from briefing.text.pieces.scanner import Lexeme

__all__ = ["CLOSERS", "Pairs", "pair"]

_OPENS = {"«": "«", "‹": "‹", "(": "(", "[": "[", "{": "("}
_CLOSES = {"»": "«", "›": "‹", ")": "(", "]": "[", "}": "("}
_DOUBLE = frozenset('"“”„‟〝〞')
_SINGLE = frozenset("'‘’‚‛")
CLOSERS = frozenset("\"'“”„‟’‘»)]}›>")
"""What may close after a stop."""
_LONGEST = 400
"""Pieces; a quote or bracket that does not close within so many is not taken for one."""
_DEEPEST = 16


@dataclass(slots=True)
class Pairs:
    """The pairs of a paragraph, by the indices of its pieces."""

    closer: dict[int, int]
    """Opener -> closer."""
    opener: dict[int, int]
    """Closer -> opener."""
    around: list[int]
    """Of each piece, the opener of the innermost pair that it stands in, or -1."""


def pair(pieces: list[Lexeme]) -> Pairs:
    """Pair the quotes and brackets.

    >>> from briefing.text.pieces.scanner import scan
    >>> pair(scan("قال: «نعم (أو لا)» ثم")).closer
    {4: 7, 2: 8}
    """
    closer: dict[int, int] = {}
    opener: dict[int, int] = {}
    open_: list[tuple[str, int]] = []
    for at, piece in enumerate(pieces):
        if piece.kind != "sign":
            continue
        family, opens = _read(pieces, at, open_)
        if not family:
            continue
        if opens:
            if open_ and open_[-1][0] == family and family in "\"'":
                open_.pop()
            open_.append((family, at))
            if len(open_) > _DEEPEST:
                del open_[0]
            continue
        for depth in range(len(open_) - 1, max(-1, len(open_) - 4), -1):
            if open_[depth][0] == family:
                begun = open_[depth][1]
                del open_[depth:]
                if at - begun <= _LONGEST:
                    closer[begun], opener[at] = at, begun
                break
    return Pairs(closer, opener, _around(len(pieces), closer))


def _read(pieces: list[Lexeme], at: int, open_: list[tuple[str, int]]) -> tuple[str, bool]:
    """Return a sign's family and whether it opens; ("", False) for what is no quote or bracket."""
    text = pieces[at].text
    if text in _OPENS:
        return _OPENS[text], True
    if text in _CLOSES:
        return _CLOSES[text], False
    family = '"' if text in _DOUBLE else "'" if text in _SINGLE else ""
    if not family:
        return "", False
    apart = at == 0 or pieces[at].gap > 0
    behind = at + 1 == len(pieces) or pieces[at + 1].gap > 0
    if apart != behind:
        if (
            family == '"'
            and behind
            and pieces[at - 1].kind == "number"
            and not _is_open(family, open_)
        ):
            return "", False  # inches
        return family, apart
    if not apart and pieces[at + 1].kind != "sign" and pieces[at - 1].kind == "sign":
        return family, True  # :"نعم
    if not apart and pieces[at - 1].text in ("و", "ب", "ل", "ك", "ف", "ال", "بال", "لل", "وال"):
        return family, not _is_open(family, open_)
    if text in "“„":
        return family, not (not apart and _is_open(family, open_))
    if text in "”":
        return family, not _is_open(family, open_) and apart
    return family, not _is_open(family, open_)


def _is_open(family: str, open_: list[tuple[str, int]]) -> bool:
    return any(other == family for other, _ in open_[-3:])


def _around(count: int, closer: dict[int, int]) -> list[int]:
    around = [-1] * count
    inner: list[int] = []
    for at in range(count):
        while inner and closer[inner[-1]] <= at:
            inner.pop()
        around[at] = inner[-1] if inner else -1
        if at in closer:
            inner.append(at)
    return around
