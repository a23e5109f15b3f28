"""Faces and hearts of punctuation, which no newsreader says: :) ;-) <3 XD ^_^."""

from __future__ import annotations

import re

from briefing.text.numbers import counted_nouns
from briefing.text.pieces.sentence_in_progress import Line, Reading
from briefing.text.tables import context, scales, unit_pattern

__all__ = ["read_emoticon"]

_FACE = re.compile(r">?[:;=]['’]?[-^o]?[)(DPp]+|[(]-?[:;=]|</?3+|\^[_.-]?\^|-_+-|[xX]D+")
"""Eyes, nose and mouth; a mouth and eyes; hearts, whole and broken; eyes alone; laughter."""


def read_emoticon(line: Line, at: int) -> Reading | None:
    """Read an emoticon as silence: it has spaces on both sides.

    "<3" is a number after a noun that has a value: درجة الحموضة <3.

    >>> from briefing.text.normalisation.paragraph import spoken
    >>> spoken("شكرا :) على الدعم <3."), spoken("عدد <3")
    ('شكرا على الدعم', 'عدد أقل من ثلاثة')
    """
    piece = line.pieces[at]
    match = _FACE.match(line.text, piece.start) if piece.gap or _after_one(line, at) else None
    if match is None or _GOES_ON.match(line.text, match.end()):
        return None
    if "3" in match[0] and _is_number(line, at, match.end()):
        return None
    return Reading(match.end(), "")


_GOES_ON = re.compile(r"-?[^\W_]|[%‰$€]|[.,،:]\d")
"""What makes a number of a heart, or a word of a face: <3%, <3.5, :Dubai, XD-1."""


def _after_one(line: Line, at: int) -> bool:
    """Return whether a piece touches an emoji, as a second face does."""
    return at > 0 and line.kind(at - 1) == "sign" and line.word(at - 1) >= "\u2600"


def _is_number(line: Line, at: int, end: int) -> bool:
    """Return whether a "<3" is less than three: of a noun that has a value, or of what follows."""
    values = context()["lengths"]
    if any(word.removeprefix("ال") in values for word in line.before(at)[-2:]):
        return True
    if line.kind(at - 1) in ("number", "latin") and len(line.word(at - 1)) < 3:
        return True  # pH <3
    behind = line.word(line.after(end, at))
    return (
        unit_pattern().match(line.text, end) is not None
        or behind in scales()
        or (counted_nouns.could_be_counted(behind) and counted_nouns.kind_of(behind) != "")
    )
