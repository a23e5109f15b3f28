"""Words in capitals: those that are said as words (TIME), and those that are spelled (HSBC).

Known ones are rows of the lexicon (NATO). Of the rest, one that can be cut into English syllables
is a word: T|I|M|E, TR|U|MP, but not UN|HCR. The syllables, and the initialisms that look like
words (OSCE), are data/capitals.toml. Three letters and fewer are spelled but for a list.
"""

from __future__ import annotations

import re
from functools import cache

from briefing.text.table_files import toml_table

__all__ = ["is_said_as_a_word"]


def is_said_as_a_word(word: str) -> bool:
    """Return whether a word in capitals is said as a word, and not spelled.

    >>> [is_said_as_a_word(one) for one in ("TIME", "REUTERS", "HSBC", "UNHCR", "IAEA", "OSCE")]
    [True, True, False, False, False, False]
    """
    shortest, words, spelled, syllables = _table()
    if word in words:
        return True
    if len(word) < shortest or not word.isupper() or word in spelled:
        return False
    return syllables.match(word.lower()) is not None


@cache
def _table() -> tuple[int, frozenset[str], frozenset[str], re.Pattern[str]]:
    table = toml_table(__file__, "capitals.toml")
    onset, nucleus, coda = (
        "|".join(sorted(table[key].split(), key=len, reverse=True))
        for key in ("onsets", "nuclei", "codas")
    )
    # words of capitals are short (normalisation.latin): what is tried again is bounded
    syllables = (
        rf"(?:{onset})?(?:{nucleus})(?:(?:(?:{coda})?(?:{onset}))(?:{nucleus})){{0,5}}(?:{coda})?\Z"
    )
    words, spelled = frozenset(table["words"]), frozenset(table["spelled"])
    return table["shortest"], words, spelled, re.compile(syllables)
