"""Readings of the lexicon in IPA, between slashes: "ويتكوف" = "/witkuːf/".

Each symbol must be one that the voices have; the vowels e, o, ɛ, ɔ and their like go to the nearest
of Arabic's three.
"""

from __future__ import annotations

import re
from functools import cache

from briefing.text.pronunciation.spelling import consonants

__all__ = ["attach_to_ipa", "is_ipa", "read_ipa"]

_IPA = re.compile("/[^/]+/")
_VOWELS = {
    **dict.fromkeys("aæɑɐʌ", "a"),
    **dict.fromkeys("ieɛɪyəø", "i"),
    **dict.fromkeys("uoɔʊɯ", "u"),
}
_LENGTH = {"ː": "ː", ":": "ː", "ˑ": ""}
_SILENT = frozenset("ˈˌ.'‿\u0361")
_SAME = {"g": "ɡ", "r": "r", "ɹ": "r", "ɾ": "r", "ʁ": "ɣ", "χ": "x", "ŋ": "n", "ʤ": "dʒ", "ʧ": "tʃ"}
"""Symbols that are written for one that the voices have."""
_PARTICLES = {"و": "wa", "ف": "fa", "ب": "bi", "ل": "li", "ك": "ka"}
_SUN = re.compile("tˤ|dˤ|sˤ|ðˤ|ʃ|θ|[tdsznrlð](?!ʒ)")


def is_ipa(reading: str) -> bool:
    """Return whether a reading is IPA between slashes."""
    return _IPA.fullmatch(reading) is not None


def read_ipa(reading: str) -> str:
    """Return a reading in the symbols of the voices, between slashes.

    Raises ValueError with the symbol that no voice has.

    >>> read_ipa("/ˈwɪtkoːf/")
    '/witkuːf/'
    """
    text = reading[1:-1]
    sounds: list[str] = []
    at = 0
    while at < len(text):
        symbol = next(
            (known_symbol for known_symbol in _symbols() if text.startswith(known_symbol, at)),
            text[at],
        )
        at += len(symbol)
        if symbol in _symbols():
            sounds.append(symbol)
        elif symbol in _VOWELS:
            sounds.append(_VOWELS[symbol])
        elif symbol in _LENGTH:
            sounds.append(_LENGTH[symbol])
        elif symbol == " ":
            sounds.append(symbol)
        elif symbol in _SAME:
            sounds.append(_SAME[symbol])
        elif symbol not in _SILENT:
            raise ValueError(symbol)
    return f"/{''.join(sounds)}/"


def attach_to_ipa(particle: str, reading: str) -> str:
    """Return a reading in IPA with particles before it; the article takes in a sun letter.

    >>> attach_to_ipa("وال", "/sisi/"), attach_to_ipa("ب", "/witkuːf/")
    ('/wassisi/', '/biwitkuːf/')
    """
    sounds = reading[1:-1]
    article = particle.endswith(("ال", "لل"))
    front = "".join(_PARTICLES[letter] for letter in particle.removesuffix("ال").removesuffix("لل"))
    if not article:
        return f"/{front}{sounds}/"
    front += "li" if particle.endswith("لل") else ""
    sun = _SUN.match(sounds)
    vowel = "" if front else "ʔa"
    return f"/{front}{vowel}{sun[0] if sun else 'l'}{sounds}/"


@cache
def _symbols() -> tuple[str, ...]:
    """Return the consonants that the voices have, the longest first."""
    return tuple(sorted({*consonants().values()}, key=len, reverse=True))
