"""The words of a request and Microsoft's word boundaries to the time at which each word begins.

The service writes words its own way (أ as ا, without vowels) and may join two words or split one.
Words and boundaries are therefore matched by their order and letters.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher

from briefing.speech.edge.answer import Boundary

__all__ = ["spoken_until_s", "word_starts_s"]

_SAME_LETTERS = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ئ": "ي", "ؤ": "و", "ة": "ه", "ـ": None}
)
_LEAST_ALIKE = 0.5
"""Of two words in the same place: the share of letters that they have in common."""
_SHORTEST_S_PER_LETTER = 1 / 30
"""At twice the usual speed; the words that a cut connection loses are not the fastest ones."""


def word_starts_s(words: Sequence[str], boundaries: Sequence[Boundary]) -> list[float] | None:
    """Return the seconds at which each word begins, or None unless all of them are known.

    >>> word_starts_s(["أعلنت", "مصر."], [Boundary("اعلنت", 0.1, 0.5), Boundary("مصر", 0.6, 0.9)])
    [0.1, 0.6]
    """
    starts_s = [boundary.start_s for boundary in boundaries]
    if starts_s != sorted(starts_s):
        return None
    letters = [_skeleton(word) for word in words]
    service_letters = [_skeleton(boundary.text) for boundary in boundaries]
    if len(words) == len(boundaries) and all(map(_are_alike, letters, service_letters)):
        return starts_s
    if "".join(letters) != "".join(service_letters):
        return None
    start_by_letter: dict[int, float] = {}
    position = 0
    for text, start_s in zip(service_letters, starts_s, strict=True):
        start_by_letter.setdefault(position, start_s)
        position += len(text)
    matched_s: list[float] = []
    position = 0
    for text in letters:
        if position not in start_by_letter:
            return None  # joined with the word before it
        matched_s.append(start_by_letter[position])
        position += len(text)
    return matched_s


def spoken_until_s(text: str, boundaries: Sequence[Boundary]) -> float:
    """Return the seconds that the whole sound must have at least.

    It lasts until the end of the last word that the service reports, and as long as the letters
    after that word take at the fastest. A word that is not reported elsewhere is no loss.
    """
    if not boundaries:
        return 0.0
    sent = _skeleton(text)
    reported = [_skeleton(boundary.text) for boundary in boundaries]
    at = sent.rfind(reported[-1])
    after_last = len(sent) - at - len(reported[-1]) if at >= 0 else 0
    missing = min(after_last, max(0, len(sent) - sum(map(len, reported))))
    return max(boundary.end_s for boundary in boundaries) + missing * _SHORTEST_S_PER_LETTER


def _skeleton(text: str) -> str:
    """Return the letters and digits alone, without vowels, each hamza as the letter under it."""
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_SAME_LETTERS)
    return "".join(letter for letter in folded if letter.isalnum())


def _are_alike(one_text: str, other_text: str) -> bool:
    return SequenceMatcher(None, one_text, other_text, autojunk=False).ratio() >= _LEAST_ALIKE
