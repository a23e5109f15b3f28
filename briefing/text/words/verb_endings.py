"""The ends of plural verbs, which the letters alone do not show: عَانَوْا, يَتَلَقَّوْنَ, امْتَدُّوا.

A defective verb has a before the و of its plural where its singular ends in ى (Ryding 2005, 25.1),
a doubled one its shadda before a vowel (22.3). The verbs are in verbs.toml, [endings].
"""

from __future__ import annotations

import re
from functools import cache

from briefing.text.characters import DAMMA, FATHA, KASRA, SHADDA, SUKUN
from briefing.text.table_files import toml_table

__all__ = ["mend_ending"]

_MARK = "[\u064b-\u0652]"
_PERFECT = re.compile("[وف]?([^\\W]{2,}?)(ت|وا|ا)")
_IMPERFECT = re.compile("[وف]?[سل]?[يت]([^\\W]{2,}?)(ون|وا|ان)")
_HAMZA = re.compile("[وف]?[سل]?[يت][^\\W]{2,}ؤو[نا]|[وف]?[^\\W]{2,}ؤوا")
_WITH_U = re.compile("[وف]?(?:جر|بط|دن)ؤوا")
_FORM_III = re.compile("[وف]?[^\\Wا]ا[^\\Wاوىي][^\\Wاوىي]وا")


def mend_ending(written: str, letters: str, *, starts: bool) -> str:
    """Return a vowelled word whose ending is that of its verb.

    letters: the word without marks; starts: whether it begins a clause, where it may be an order.

    >>> mend_ending("دُعُوا", "دعوا", starts=False) == "دُعُوا"  # the passive has no diphthong
    True
    >>> mend_ending("مَارِسُوا", "مارسوا", starts=True) == "مَارِسُوا"
    True
    """
    if not letters.endswith(("ا", "ن", "ت")) or len(letters) < 4:
        return written
    if _is_defective(letters):
        return _with_a_before_waw(written)
    if _is_doubled(letters):
        return _with_shadda(written, letters)
    if _HAMZA.fullmatch(letters) and not _WITH_U.fullmatch(letters):
        return re.sub(f"([^\\Wا]{SHADDA}?){_MARK}(?=ؤ{DAMMA}و)", rf"\1{FATHA}", written)
    if not starts and _FORM_III.fullmatch(letters):
        return re.sub(f"(ا[^\\W]){KASRA}(?=[^\\W]{DAMMA}وا$)", rf"\1{FATHA}", written)
    return written


def _is_defective(letters: str) -> bool:
    perfect, imperfect = _PERFECT.fullmatch(letters), _IMPERFECT.fullmatch(letters)
    if perfect and perfect[2] == "وا" and perfect[1] in _stems("defective"):
        return True
    if not imperfect or imperfect[2] == "ان":
        return False
    stem = imperfect[1]
    of_form_v = stem.startswith("ت") and stem in _stems("defective")
    return of_form_v or stem in _stems("imperfect_in_a")


def _is_doubled(letters: str) -> bool:
    perfect, imperfect = _PERFECT.fullmatch(letters), _IMPERFECT.fullmatch(letters)
    if perfect and perfect[1] in _verbs("doubled"):
        return True
    return imperfect is not None and "ا" + imperfect[1] in _verbs("doubled")


def _with_a_before_waw(written: str) -> str:
    """Return the plural with a diphthong; a passive has u in it all along: دُعُوا."""
    parts = re.fullmatch(f"(.*[^\\W])({_MARK}*)و{_MARK}*(ا|ن{_MARK}*)", written)
    if not parts or (parts[3] == "ا" and DAMMA in parts[1]):
        return written
    shadda = SHADDA if SHADDA in parts[2] else ""
    return f"{parts[1]}{shadda}{FATHA}و{SUKUN}{parts[3]}"


def _with_shadda(written: str, letters: str) -> str:
    ending = "ت" if letters.endswith("ت") else "(?:وا|و?ن|ان|ا)"
    pattern = f"([^\\W])({_MARK})(?=(?:{ending}|و|ا){_MARK}*(?:ا|ن{_MARK}*)?$)"
    return re.sub(pattern, rf"\1{SHADDA}\2", written, count=1)


@cache
def _stems(name: str) -> frozenset[str]:
    """Return verbs without their last letter."""
    return frozenset(verb[:-1] for verb in _verbs(name))


@cache
def _verbs(name: str) -> frozenset[str]:
    table = toml_table(__file__, "verbs.toml")
    return frozenset(table["endings"][name].split())
