"""Evidence of a verb's voice in phrases that news has every day: قَرَّرَ وَضْعَ, يُقَدَّرُ عَدَدُهُمْ.

Each phrase is proof of a voice: verb_voice.
"""

from __future__ import annotations

from collections.abc import Iterator

from briefing.text.vowels.idioms_of_active import ACTIVE
from briefing.text.vowels.idioms_of_passive import PASSIVE
from briefing.text.vowels.verb_surroundings import Surroundings

__all__ = ["of_idiom"]


def of_idiom(view: Surroundings) -> Iterator[tuple[str, float]]:
    """Yield the names of the phrases that a verb stands in, each with 1.0."""
    for phrase, is_in in (*ACTIVE.items(), *PASSIVE.items()):
        if is_in(view):
            yield phrase, 1.0
