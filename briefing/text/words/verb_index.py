"""Verbs by the letters of their forms, so that only verbs that match a word are conjugated."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from briefing.text.characters import SHADDA, SUKUN

__all__ = ["VerbIndex"]

_WEAK = str.maketrans("اويىأؤئء", "@@@@@@@@")
_SUFFIXES = ("", "ت", "وا", "تا", "ون", "ان")


class VerbIndex:
    """Finds the verbs of which a word without marks may be a form.

    It may find too many, because a weak letter or hamza matches any other.
    """

    def __init__(self, verbs: Iterable[str]) -> None:
        """verbs: active perfects, 3rd person m. sg., with their shadda and sukun."""
        self._by_stem: dict[str, list[str]] = {}
        for verb in verbs:
            letters = re.sub(f"[{SHADDA}{SUKUN}]", "", verb)
            stems = [letters]
            if letters[0] in "اأو":
                stems.append(letters[1:])  # يُرْسِلُ, يَقْتَرِحُ, يَصِفُ
            if letters[-1] in "اى":
                stems.append(letters[:-1])  # دَعَتْ
            for stem in dict.fromkeys(stem.translate(_WEAK) for stem in stems):
                self._by_stem.setdefault(stem, []).append(verb)

    def of(self, word: str) -> Iterator[str]:
        """Yield the verbs in their order, for a word without particles and pronouns."""
        previous = set()
        bases = (word, word[1:]) if word[:1] in ("ي", "ت", "ن") else (word,)
        for base in bases:
            for suffix in _SUFFIXES:
                if not base.endswith(suffix):
                    continue
                stem = base[: len(base) - len(suffix)].translate(_WEAK)
                for verb in self._by_stem.get(stem, ()):
                    if verb not in previous:
                        previous.add(verb)
                        yield verb
