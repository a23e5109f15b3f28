"""One vowelled word to its sounds in broad IPA: linked, before hamzat al-wasl, and at a pause.

Rules of Modern Standard Arabic as in W. Wright, A Grammar of the Arabic Language (3rd ed., cited
as Wright I and the section), K. C. Ryding, A Reference Grammar of Modern Standard Arabic (2005,
chapter 2), and R. Thelwall and M. A. Sa'adeddin, "Arabic", Journal of the IPA 20 (1990).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from briefing.text.pronunciation.hamzat_wasl import article_place, settle_start
from briefing.text.pronunciation.spelling import (
    SHORT,
    SMALL_WAW,
    SMALL_YEH,
    TANWIN,
    Letter,
    add_unwritten,
    consonants,
    letters_of,
)

__all__ = ["WordSounds", "clitic_vowels", "sounds_of"]

# Pausal forms that keep their vowel: it is the pronoun's, not a case (Wright I §224)
_KEEP_AT_PAUSE = frozenset({"هو", "هي", "وهو", "وهي", "فهو", "فهي", "لهو", "لهي", "أهو", "أهي"})
_LONG_A_AT_PAUSE = frozenset({"أنا", "وأنا", "فأنا"})


@dataclass(frozen=True, slots=True)
class WordSounds:
    """The sounds of one word in each of its places. Each is broad IPA without spaces.

    All but `onset` begin with the sound that follows a word before it: a word with hamzat
    al-wasl begins with its consonant cluster there.
    """

    onset: str
    """What goes before the rest at the start of an utterance: "ʔa", "ʔi", "ʔu" or ""."""
    linked: str
    """Before a word that begins with one consonant."""
    before_wasl: str
    """Before a word that begins with hamzat al-wasl: long vowels short, helping vowels said."""
    pausal: str
    """At a pause."""
    without_ending: str
    """Within an utterance, its ending left out; equal to `linked` where it has none to leave."""
    article: bool
    """It begins with the article's own alif (ال)."""


_OR_OR_IF = re.compile("[وف]?[أل]و")


def clitic_vowels(word: str) -> int:
    """Count the vowels, at the start of an utterance, of the article and what is before it.

    >>> clitic_vowels("وَالْبَيْتِ"), clitic_vowels("الْبَيْتِ"), clitic_vowels("وَالِدٌ")
    (1, 1, 0)
    """
    units = letters_of(word)
    place = article_place(units, "".join(one.letter for one in units)) if units else None
    return 0 if place is None else max(1, place)


@dataclass(slots=True)
class _Building:
    """The sounds said so far: IPA pieces, and what the last letter left behind."""

    sounds: list[str] = field(default_factory=list)
    ending: str = ""
    """The vowel of the last letter: "a" "i" "u" "an" … "o" (sukun), "" (unmarked), "long"."""


@lru_cache(maxsize=65536)
def sounds_of(word: str) -> WordSounds:
    """Give the sounds of one vowelled word (shadda and vowel in either order).

    A letter without a mark has no vowel. Letters that Arabic does not know are passed over.

    >>> sounds_of("السَّلَامُ").linked, sounds_of("السَّلَامُ").pausal
    ('ssalaːmu', 'ssalaːm')
    >>> sounds_of("فِي").before_wasl
    'fi'
    """
    units = letters_of(word)
    if not units:
        return WordSounds("", "", "", "", "", article=False)
    bare = "".join(one.letter for one in units)
    add_unwritten(units, bare)
    onset, article = settle_start(units, bare)
    built = _Building()
    for index in range(len(units)):
        _sound(units, index, built)
    return _forms(units, bare, built, onset, article)


def _sound(units: list[Letter], index: int, built: _Building) -> None:
    """Say one letter."""
    unit = units[index]
    if unit.silent:
        return
    letter = unit.letter
    if letter == "آ" and built.ending == "a" and _is_hamza(units, index + 1):
        _lengthen(built, "a")  # جَآءَ, the spelling of the Quran: the sign is of length there
    elif letter == "آ":
        built.sounds += ["ʔ", "aː"]
        built.ending = "long"
    elif letter == "ا":
        _sound_alif(units, index, built)
    elif letter == "ى" and not (unit.vowel or unit.shadda) and built.ending not in ("i", "o"):
        _lengthen(built, "a")
    elif letter in "ويى":
        _sound_glide(units, index, built)
    elif letter == SMALL_WAW:
        _lengthen(built, "u")
    elif letter == SMALL_YEH:
        _lengthen(built, "i")
    elif letter == "ة":
        if built.ending not in ("a", "long"):
            built.sounds.append("a")
        built.sounds.append("t")
        _vowel(unit, built)
    else:
        sound = consonants()[letter]
        if unit.shadda and index > 0:
            built.sounds.append(sound)
        built.sounds.append(sound)
        if not unit.vowel and not unit.dagger and index == 0 and letter in "أإ":
            unit.vowel = "i" if letter == "إ" else "a"
        _vowel(unit, built)


def _is_hamza(units: list[Letter], index: int) -> bool:
    return index < len(units) and units[index].letter in "ءئؤ"


def _vowel(unit: Letter, built: _Building) -> None:
    """Say a letter's vowel."""
    if unit.dagger:
        built.sounds.append("aː")
        built.ending = "long"
        return
    if unit.vowel and unit.vowel != "o":
        built.sounds.append(unit.vowel)
    built.ending = unit.vowel


def _lengthen(built: _Building, vowel: str) -> None:
    """Make the short vowel just said long, or say a long one after a bare consonant."""
    if built.ending in TANWIN:
        return  # the seat of tanwin
    if built.ending == vowel:
        built.sounds[-1] = vowel + "ː"
        built.ending = "long"
    elif built.ending in ("", "o"):
        built.sounds.append(vowel + "ː")
        built.ending = "long"


def _sound_alif(units: list[Letter], index: int, built: _Building) -> None:
    unit = units[index]
    if unit.vowel in ("a", "i", "u") or (unit.vowel in TANWIN and index == 0):
        # a hamza whose sign was not written; after a vowel of the same colour, length
        if built.ending == unit.vowel == "a":
            _lengthen(built, "a")
        else:
            built.sounds.append("ʔ")
            _vowel(unit, built)
        return
    # After i and u it is silent (مِائة, كتبوا's is dropped in _sound_glide); after a, length
    if index == len(units) - 1 and units[index - 1].letter == "و" and built.ending == "o":
        return  # دَعَوْا
    _lengthen(built, "a")


def _sound_glide(units: list[Letter], index: int, built: _Building) -> None:
    """Say و or ي: a long vowel after its own vowel, else a consonant (Ryding 2005, 2.3.2)."""
    unit = units[index]
    sound, own = ("w", "u") if unit.letter == "و" else ("j", "i")
    following = units[index + 1] if index + 1 < len(units) else None
    last = following is None
    if unit.shadda:
        if index > 0:
            built.sounds.append(sound)
        built.sounds.append(sound)
        _vowel(unit, built)
        return
    if unit.dagger and not unit.vowel and built.ending == "a":
        _lengthen(built, "a")  # ٱلصَّلَوٰة, the spelling of the Quran (Wright I §7, remark d)
        return
    if unit.vowel not in ("", "o") or unit.dagger:
        built.sounds.append(sound)
        _vowel(unit, built)
        return
    silent_alif = (
        following is not None
        and following.letter == "ا"
        and index + 2 == len(units)
        and not following.vowel
    )
    if silent_alif and own == "u" and built.ending in ("u", "", "a", "o"):
        # واو الجماعة and its silent alif (Wright I §7 a): كَتَبُوا, دَعَوْا
        assert following is not None
        following.silent = True
        if built.ending == "a":
            built.sounds.append("w")
            built.ending = "o"
        else:
            _lengthen(built, "u")
        return
    before_long_a = (
        following is not None
        and (
            (following.letter in "اى" and not following.vowel)
            or following.letter in "آة"
            or following.dagger
        )
        and unit.vowel == ""
    )
    if built.ending == own and not before_long_a:
        _lengthen(built, own)
    elif built.ending == "" and index > 0 and not before_long_a and built.sounds:
        _lengthen(built, own)  # بوتين, unmarked: a foreign name's long vowel
    else:
        built.sounds.append(sound)
        built.ending = unit.vowel if not last else "o"


def _forms(
    units: list[Letter], bare: str, built: _Building, onset: str, article: bool
) -> WordSounds:
    sounds = built.sounds
    whole = "".join(sounds)
    ending = built.ending
    feminine = bare[-1] == "ة"
    if ending in SHORT or ending in TANWIN:
        stem = "".join(sounds[:-1])
    else:
        stem = whole
    out = without = stem
    if feminine:
        # At a pause ة is "a" (Ryding 2005, 2.5; Wright I §226)
        out = stem.removesuffix("t")
        # An ending left out: "t" stays where a genitive may follow, without article and tanwin
        without = stem if ending in SHORT and not _has_article(units) else out
        if ending in ("", "o"):
            whole = out
    elif ending == "an":
        out = stem + "aː"  # Wright I §223
        without = whole
    elif ending in SHORT:
        out = without = _vocalised(stem)
    if bare in _KEEP_AT_PAUSE or not _has_vowel(onset + out):
        out = without = whole
    elif bare in _LONG_A_AT_PAUSE:
        # أنا is short within an utterance (Wright I §184)
        out, whole = whole, whole.removesuffix("ː")
        without = whole
    return WordSounds(onset, whole, _before_wasl(units, whole, ending), out, without, article)


def _has_article(units: list[Letter]) -> bool:
    letters = "".join(one.letter for one in units[:5])
    return any(
        letters.startswith(prefix + "ال") for prefix in ("", "و", "ف", "ب", "ك", "وب", "فب")
    ) or (letters.startswith(("لل", "ولل", "فلل")))


def _vocalised(stem: str) -> str:
    """A glide left at the end is its vowel: بَقِيَ is baqiː at a pause (Wright I §224)."""
    if stem.endswith("ij") and not stem.endswith("jj"):
        return stem[:-1] + "ː"
    if stem.endswith("uw") and not stem.endswith("ww"):
        return stem[:-1] + "ː"
    return stem


def _has_vowel(sounds: str) -> bool:
    return any(vowel in sounds for vowel in "aiu")


def _before_wasl(units: list[Letter], whole: str, ending: str) -> str:
    """The form before hamzat al-wasl (Wright I §20; Ryding 2005, 2.7)."""
    if whole.endswith("ː"):
        return whole[:-1]
    if ending in SHORT or whole.endswith(("a", "i", "u")):
        return whole
    if ending in TANWIN:
        return whole + "i"
    letters = "".join(one.letter for one in units)
    if letters.endswith(("هم", "كم", "تم")) and len(units) > 1 and units[-2].vowel == "u":
        return whole + "u"
    if letters == "مذ" or (whole.endswith("aw") and not _OR_OR_IF.fullmatch(letters)):
        return whole + "u"  # the w of the plural: دَعَوُا الـ, مُصْطَفَوُ الـ; but أَوِ الـ, لَوِ الـ
    return whole + "i"
