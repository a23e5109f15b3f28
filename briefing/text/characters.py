"""Arabic characters by name and by class, as the Arabic library has them (pyarabic.araby).

The classes are the library's; what is added to one is said beside it. Stripping goes by regular
expressions over these classes, one pass for all marks, where the library's `strip_diacritics` makes
fifty. Lam-alif ligatures are taken apart by Unicode's compatibility forms, since the library's
`normalize_ligature` loses the hamza of "ﻷ".
"""

from __future__ import annotations

from pyarabic import araby

__all__ = [
    "ARABIC_LETTERS",
    "DAGGER_ALIF",
    "DAMMA",
    "DAMMATAN",
    "FATHA",
    "FATHATAN",
    "HAMZA_ABOVE",
    "HAMZA_BELOW",
    "KASRA",
    "KASRATAN",
    "LETTERS",
    "MADDA_ABOVE",
    "MARKS",
    "SHADDA",
    "SHORT_VOWELS",
    "SMALL_WAW",
    "SMALL_YEH",
    "SUKUN",
    "SUN_LETTERS",
    "TANWIN",
    "TASHKEEL",
    "TATWEEL",
    "without_tatweel",
]

FATHA: str = araby.FATHA
DAMMA: str = araby.DAMMA
KASRA: str = araby.KASRA
SUKUN: str = araby.SUKUN
SHADDA: str = araby.SHADDA
FATHATAN: str = araby.FATHATAN
DAMMATAN: str = araby.DAMMATAN
KASRATAN: str = araby.KASRATAN
DAGGER_ALIF: str = araby.MINI_ALEF
SMALL_WAW: str = araby.SMALL_WAW
SMALL_YEH: str = araby.SMALL_YEH
HAMZA_ABOVE: str = araby.HAMZA_ABOVE
HAMZA_BELOW: str = araby.HAMZA_BELOW
MADDA_ABOVE: str = araby.MADDA_ABOVE
TATWEEL: str = araby.TATWEEL

SHORT_VOWELS = FATHA + DAMMA + KASRA
TANWIN = "".join(araby.TANWIN)
"""an, un, in."""
TASHKEEL = "".join(araby.TASHKEEL)
"""The marks of vowelled text: short vowels, tanwin, sukun, shadda."""
_EXTENDED = "\u08d3-\u08ff"
"""A range of a regular expression: Arabic Extended-A's marks, which the library does not have."""
MARKS = "".join(sorted({*araby.DIACRITICS, *araby.SMALL})) + _EXTENDED
"""The inside of a regular expression's class: all marks of vowels and of recitation."""
LETTERS = "".join(sorted(araby.LETTERS))
"""The letters of Arabic, hamza's seats included."""
SUN_LETTERS = frozenset(araby.SUN)
"""The letters to which the article's lam is assimilated (Ryding 2005, 2.2.5)."""
ARABIC_LETTERS = (
    "\u0620-\u064a\u066e\u066f\u0671-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06ff\u0750-\u077f"
)
"""The inside of a regular expression's class: the letters of all languages in Arabic script."""


def without_tatweel(text: str) -> str:
    """Return a text without the stroke that lengthens letters.

    >>> without_tatweel("السـيد")
    'السيد'
    """
    stripped: str = araby.strip_tatweel(text)
    return stripped
