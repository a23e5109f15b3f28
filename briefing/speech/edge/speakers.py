"""The Arabic speakers of Microsoft's Edge, as the service listed them in 2026."""

from __future__ import annotations

import difflib

__all__ = ["ARABIC", "nearest"]

# fmt: off
ARABIC = tuple(
    f"ar-{country}-{name}Neural"
    for country, names in {
        "AE": ("Fatima", "Hamdan"), "BH": ("Ali", "Laila"), "DZ": ("Amina", "Ismael"),
        "EG": ("Salma", "Shakir"), "IQ": ("Bassel", "Rana"), "JO": ("Sana", "Taim"),
        "KW": ("Fahed", "Noura"), "LB": ("Layla", "Rami"), "LY": ("Iman", "Omar"),
        "MA": ("Jamal", "Mouna"), "OM": ("Abdullah", "Aysha"), "QA": ("Amal", "Moaz"),
        "SA": ("Hamed", "Zariyah"), "SY": ("Amany", "Laith"), "TN": ("Hedi", "Reem"),
        "YE": ("Maryam", "Saleh"),
    }.items()
    for name in names
)
# fmt: on


def nearest(speaker: str) -> str | None:
    """Return the Arabic speaker that was probably meant, None for one of the list or none near.

    >>> nearest("ar-SA-HamidNeural")
    'ar-SA-HamedNeural'
    """
    if speaker in ARABIC:
        return None
    return next(iter(difflib.get_close_matches(speaker, ARABIC, 1)), None)
