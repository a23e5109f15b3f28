"""Signs before a number that compare it or give its margin: ≥ 18 عاما, العدد > 100, ± 3%.

A newsreader says ≥ and ≤ after the number, فأكثر and فأقل, which fits any noun; the others before
it.
"""

from __future__ import annotations

from briefing.text.numbers import counted_nouns
from briefing.text.numbers.number_rules import read_number
from briefing.text.pieces.sentence_in_progress import Line, Reading

__all__ = ["COMPARISONS", "read_comparison"]

_BEHIND = {"≥": "فَأَكْثَرَ", "⩾": "فَأَكْثَرَ", "≧": "فَأَكْثَرَ", "≤": "فَأَقَلَّ", "⩽": "فَأَقَلَّ", "≦": "فَأَقَلَّ"}
_APART = {">": "أَكْبَر مِنْ", "<": "أَصْغَر مِنْ"}
"""Set apart by spaces: the sign of arithmetic."""
_JOINED = {">": "أَكْثَر مِنْ", "<": "أَقَلّ مِنْ"}
_ABOUT = {"~": "نَحْو", "≈": "نَحْو", "∼": "نَحْو", "≃": "نَحْو", "≅": "نَحْو"}
_MARGIN = {"±": "زَائِد أَوْ نَاقِص", "∓": "نَاقِص أَوْ زَائِد"}
COMPARISONS = frozenset((*_BEHIND, *_APART, *_ABOUT, *_MARGIN, "≠"))


def read_comparison(line: Line, at: int, particle: str, case: str) -> Reading | None:
    """Read a sign of comparison and the number after it.

    >>> from briefing.text.normalisation.paragraph import spoken
    >>> spoken("لمن عمره ≥ 18 عاما"), spoken("العدد > 100"), spoken("هامش ± 3%")
    ('لمن عمره ثمانية عشر عاما فأكثر', 'العدد أكبر من مئة', 'هامش زائد أو ناقص ثلاثة بالمئة')
    """
    sign = line.word(at)
    if sign not in COMPARISONS or line.kind(at + 1) != "number" or line.pieces[at + 1].gap == 2:
        return None
    if sign in _BEHIND:
        return _at_least(line, at, case)
    word, case = _word_before(line, at, particle)
    number = read_number(line, at + 1, at + 1, particle, case)
    return Reading(number.end, f"{word} {number.words}")


def _word_before(line: Line, at: int, particle: str) -> tuple[str, str]:
    """Return the word of a sign that is said before its number, and the case of the number."""
    sign = line.word(at)
    if sign in _MARGIN:
        return _MARGIN[sign], "nom" if line.pieces[at].gap else "gen"
    if sign == "≠":
        equals = "تُسَاوِي" if line.word(at - 1).endswith("ة") else "يُسَاوِي"
        return f"لَا {equals}", "acc"
    apart = line.pieces[at + 1].gap == 1 and sign in _APART and not particle
    return _APART[sign] if apart else {**_JOINED, **_ABOUT}[sign], "gen"


def _at_least(line: Line, at: int, case: str) -> Reading:
    """Read ≥ and ≤ after the number and the noun that it counts."""
    number = read_number(line, at + 1, at + 1, "", case)
    words, end = number.words, number.end
    noun = line.after(end, at + 1)
    counted = line.kind(noun) == "arabic" and line.pieces[noun].gap == 1
    if counted and noun == at + 2 and counted_nouns.could_be_counted(line.word(noun)):
        words, end = f"{words} {line.word(noun)}", line.pieces[noun].end
    return Reading(end, f"{words} {_BEHIND[line.word(at)]}")
