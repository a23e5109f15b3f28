"""The likeliest reading of a word that Arabic allows, where the model's first choice is none."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from math import log
from typing import TYPE_CHECKING, Any

from briefing.text.vowels.impossible import impossible
from briefing.text.vowels.marks import Reading, Word, best_reading

if TYPE_CHECKING:
    import numpy

    from briefing.text.vowels.tashkeel_model import Mark

__all__ = ["readings_by_chance"]

_CHOICES = 4
"""Marks of a letter that are tried."""
_FLOOR = 1e-9
_MOST = 400
"""Readings that are tried before the word is left as it is."""


def readings_by_chance(
    word: Word, chances: numpy.ndarray[Any, Any], marks: Sequence[Mark], before: str, count: int = 1
) -> list[Reading]:
    """Return the likeliest possible readings of a word, best first, at most `count`.

    chances: letters × marks, 0 where a mark is not allowed; before: the letters of the word
    before, "" after a pause. The list is empty where none of the likelier readings is possible.
    """
    order = (-chances).argsort(1)[:, :_CHOICES]
    size = len(word.letters)

    def cost(choice: tuple[int, ...]) -> float:
        return -sum(
            log(float(chances[letter, order[letter, rank]]) + _FLOOR)
            for letter, rank in enumerate(choice)
        )

    first = (0,) * size
    waiting = [(cost(first), first)]
    seen = {first}
    readings: list[Reading] = []
    for _ in range(_MOST):
        if not waiting or len(readings) == count:
            break
        _, choice = heapq.heappop(waiting)
        numbers = [int(order[letter, rank]) for letter, rank in enumerate(choice)]
        sums = chances.sum(1)
        shares = [
            float(chances[letter, number] / sums[letter]) if sums[letter] else 0.0
            for letter, number in enumerate(numbers)
        ]
        reading = best_reading(word, [marks[number] for number in numbers], shares)
        if not impossible(reading.written, word.letters, before):
            known = {one.written for one in readings}
            readings += [reading] if reading.written not in known else []
        for letter in range(size):
            if choice[letter] + 1 < _CHOICES:
                following = (*choice[:letter], choice[letter] + 1, *choice[letter + 1 :])
                if following not in seen:
                    seen.add(following)
                    heapq.heappush(waiting, (cost(following), following))
    return readings
