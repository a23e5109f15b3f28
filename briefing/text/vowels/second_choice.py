"""The most probable possible reading of a word, if the model's first choice is impossible."""

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
"""How many marks of each letter are tried."""
_FLOOR = 1e-9
_MOST = 400
"""How many readings are tried before the first choice is kept."""


def readings_by_chance(
    word: Word, chances: numpy.ndarray[Any, Any], marks: Sequence[Mark], before: str, count: int = 1
) -> list[Reading]:
    """Return the most probable possible readings of a word, best first, at most `count`.

    chances: letters × marks, 0 if a mark is not allowed. before: the letters of the previous word;
    "" after a pause. The list is empty if none of the readings that are tried is possible.
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
    queued = {first}
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
        is_new = reading.written not in {previous.written for previous in readings}
        if is_new and not impossible(reading.written, word.letters, before):
            readings.append(reading)
        for letter in range(size):
            if choice[letter] + 1 < _CHOICES:
                following = (*choice[:letter], choice[letter] + 1, *choice[letter + 1 :])
                if following not in queued:
                    queued.add(following)
                    heapq.heappush(waiting, (cost(following), following))
    return readings
