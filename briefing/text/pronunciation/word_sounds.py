"""One vowelled word to its sounds in broad IPA: linked, before hamzat al-wasl, and at a pause.

The rules of Modern Standard Arabic follow W. Wright, A Grammar of the Arabic Language (3rd ed.,
cited as Wright I and the section), K. C. Ryding, A Reference Grammar of Modern Standard Arabic
(2005, chapter 2), and R. Thelwall and M. A. Sa'adeddin, "Arabic", Journal of the IPA 20 (1990).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
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

# Pausal forms that keep their vowel: it belongs to the pronoun and is not a case (Wright I §224)
_KEEP_AT_PAUSE = frozenset({"هو", "هي", "وهو", "وهي", "فهو", "فهي", "لهو", "لهي", "أهو", "أهي"})
_LONG_A_AT_PAUSE = frozenset({"أنا", "وأنا", "فأنا"})


@dataclass(frozen=True, slots=True)
class WordSounds:
    """The sounds of one word in each place of a sentence. Each is broad IPA without spaces.

    All but `onset` are for use after another word. A word with hamzat al-wasl therefore begins
    with its consonant cluster.
    """

    onset: str
    """The sounds added before the others at the start of an utterance: "ʔa", "ʔi", "ʔu" or ""."""
    linked: str
    """Before a word that begins with one consonant."""
    before_wasl: str
    """Before a word that begins with hamzat al-wasl: long vowels short, helping vowels added."""
    pausal: str
    """At a pause."""
    without_ending: str
    """Inside an utterance, without its ending; equal to `linked` if it has no ending."""
    article: bool
    """True if the word begins with the article's own alif (ال)."""


_OR_OR_IF = re.compile("[وف]?[أل]و")


def clitic_vowels(word: str) -> int:
    """Return how many vowels the article and what comes before it have at a sentence's start.

    >>> clitic_vowels("وَالْبَيْتِ"), clitic_vowels("الْبَيْتِ"), clitic_vowels("وَالِدٌ")
    (1, 1, 0)
    """
    units = letters_of(word)
    place = article_place(units, _write_bare(units)) if units else None
    return 0 if place is None else max(1, place)


def _write_bare(units: list[Letter]) -> str:
    """Return the letters of a word without marks."""
    return "".join(unit.letter for unit in units)


@dataclass(slots=True)
class _Output:
    """The sounds of a word's letters so far."""

    sounds: list[str] = field(default_factory=list)
    ending: str = ""
    """The vowel of the last letter: "a" "i" "u" "an" … "o" (sukun), "" (unmarked), "long"."""


@lru_cache(maxsize=65536)
def sounds_of(word: str) -> WordSounds:
    """Return the sounds of one vowelled word (shadda and vowel in either order).

    A letter without a mark has no vowel. Letters that are not Arabic are skipped.

    >>> sounds_of("السَّلَامُ").linked, sounds_of("السَّلَامُ").pausal
    ('ssalaːmu', 'ssalaːm')
    >>> sounds_of("فِي").before_wasl
    'fi'
    """
    units = letters_of(word)
    if not units:
        return WordSounds("", "", "", "", "", article=False)
    bare = _write_bare(units)
    add_unwritten(units, bare)
    onset, article = settle_start(units, bare)
    output = _Output()
    for index, unit in enumerate(units):
        if not unit.silent:
            _PRONOUNCE.get(unit.letter, _pronounce_consonant)(units, index, output)
    return _make_forms(units, bare, output, onset, article)


def _pronounce_consonant(units: list[Letter], index: int, output: _Output) -> None:
    unit = units[index]
    sound = consonants()[unit.letter]
    if unit.shadda and index > 0:
        output.sounds.append(sound)
    output.sounds.append(sound)
    if not unit.vowel and not unit.dagger and index == 0 and unit.letter in "أإ":
        unit.vowel = "i" if unit.letter == "إ" else "a"
    _pronounce_vowel(unit, output)


def _pronounce_vowel(unit: Letter, output: _Output) -> None:
    if unit.dagger:
        output.sounds.append("aː")
        output.ending = "long"
        return
    if unit.vowel and unit.vowel != "o":
        output.sounds.append(unit.vowel)
    output.ending = unit.vowel


def _lengthen(output: _Output, vowel: str) -> None:
    """Make the last short vowel long, or add a long vowel after a consonant without one."""
    if output.ending in TANWIN:
        return  # the seat of tanwin
    if output.ending == vowel:
        output.sounds[-1] = vowel + "ː"
        output.ending = "long"
    elif output.ending in ("", "o"):
        output.sounds.append(vowel + "ː")
        output.ending = "long"


def _pronounce_madda(units: list[Letter], index: int, output: _Output) -> None:
    before_hamza = index + 1 < len(units) and units[index + 1].letter in "ءئؤ"
    if output.ending == "a" and before_hamza:
        _lengthen(output, "a")  # جَآءَ: in the spelling of the Quran the sign means length
        return
    output.sounds += ["ʔ", "aː"]
    output.ending = "long"


def _pronounce_alif(units: list[Letter], index: int, output: _Output) -> None:
    unit = units[index]
    if unit.vowel in ("a", "i", "u") or (unit.vowel in TANWIN and index == 0):
        # a hamza whose sign was not written; but after a, length
        if output.ending == unit.vowel == "a":
            _lengthen(output, "a")
        else:
            output.sounds.append("ʔ")
            _pronounce_vowel(unit, output)
        return
    # after i and u it is silent: مِائة (that of كتبوا is silenced by _pronounce_glide)
    if index == len(units) - 1 and units[index - 1].letter == "و" and output.ending == "o":
        return  # دَعَوْا
    _lengthen(output, "a")


def _pronounce_maqsura(units: list[Letter], index: int, output: _Output) -> None:
    unit = units[index]
    if unit.vowel or unit.shadda or output.ending in ("i", "o"):
        _pronounce_glide(units, index, output)  # ى written for ي
    else:
        _lengthen(output, "a")


def _pronounce_marbuta(units: list[Letter], index: int, output: _Output) -> None:
    if output.ending not in ("a", "long"):
        output.sounds.append("a")
    output.sounds.append("t")
    _pronounce_vowel(units[index], output)


def _pronounce_small_waw(_units: list[Letter], _index: int, output: _Output) -> None:
    _lengthen(output, "u")


def _pronounce_small_yeh(_units: list[Letter], _index: int, output: _Output) -> None:
    _lengthen(output, "i")


def _pronounce_glide(units: list[Letter], index: int, output: _Output) -> None:
    """Add و or ي: a long vowel after its own vowel, else a consonant (Ryding 2005, 2.3.2)."""
    unit = units[index]
    sound, own = ("w", "u") if unit.letter == "و" else ("j", "i")
    following = units[index + 1] if index + 1 < len(units) else None
    if unit.dagger and not (unit.vowel or unit.shadda) and output.ending == "a":
        _lengthen(output, "a")  # ٱلصَّلَوٰة, the spelling of the Quran (Wright I §7, remark d)
        return
    if unit.shadda or unit.vowel not in ("", "o") or unit.dagger:
        if unit.shadda and index > 0:
            output.sounds.append(sound)
        output.sounds.append(sound)
        _pronounce_vowel(unit, output)
        return
    if own == "u" and output.ending in ("u", "", "a", "o") and _is_plural_waw(units, index):
        _pronounce_plural_waw(units[index + 1], output)
        return
    before_long_a = following is not None and unit.vowel == "" and _begins_long_a(following)
    if output.ending == own and not before_long_a:
        _lengthen(output, own)
    elif output.ending == "" and index > 0 and not before_long_a and output.sounds:
        _lengthen(output, own)  # بوتين, unmarked: a foreign name's long vowel
    else:
        output.sounds.append(sound)
        output.ending = unit.vowel if following is not None else "o"


def _is_plural_waw(units: list[Letter], index: int) -> bool:
    """Return whether only a silent alif follows, as in كَتَبُوا and دَعَوْا (Wright I §7 a)."""
    if index + 2 != len(units):
        return False
    following = units[index + 1]
    return following.letter == "ا" and not following.vowel


def _pronounce_plural_waw(alif: Letter, output: _Output) -> None:
    alif.silent = True
    if output.ending == "a":
        output.sounds.append("w")
        output.ending = "o"
    else:
        _lengthen(output, "u")


def _begins_long_a(unit: Letter) -> bool:
    """Return whether a letter lengthens the a of the letter before it, or has a long a itself."""
    return (unit.letter in "اى" and not unit.vowel) or unit.letter in "آة" or unit.dagger


_PRONOUNCE: Mapping[str, Callable[[list[Letter], int, _Output], None]] = {
    "آ": _pronounce_madda,
    "ا": _pronounce_alif,
    "ى": _pronounce_maqsura,
    "و": _pronounce_glide,
    "ي": _pronounce_glide,
    "ة": _pronounce_marbuta,
    SMALL_WAW: _pronounce_small_waw,
    SMALL_YEH: _pronounce_small_yeh,
}
"""How a letter adds its sounds; all other letters are consonants."""


def _make_forms(
    units: list[Letter], bare: str, output: _Output, onset: str, article: bool
) -> WordSounds:
    """Return the forms of a word from the sounds of its letters."""
    linked = "".join(output.sounds)
    ending = output.ending
    if ending in SHORT or ending in TANWIN:
        stem = "".join(output.sounds[:-1])
    else:
        stem = linked
    pausal = without = stem
    if bare[-1] == "ة":
        # at a pause ة is "a" (Ryding 2005, 2.5; Wright I §226)
        pausal = stem.removesuffix("t")
        # without its ending, the word keeps "t" if a genitive may follow: no article, no tanwin
        without = stem if ending in SHORT and not _has_article(units) else pausal
        if ending in ("", "o"):
            linked = pausal
    elif ending == "an":
        pausal = stem + "aː"  # Wright I §223
        without = linked
    elif ending in SHORT:
        pausal = without = _vocalise_glide(stem)
    if bare in _KEEP_AT_PAUSE or not _has_vowel(onset + pausal):
        pausal = without = linked
    elif bare in _LONG_A_AT_PAUSE:
        # أنا is short inside an utterance (Wright I §184)
        pausal, linked = linked, linked.removesuffix("ː")
        without = linked
    before_wasl = _before_wasl(units, linked, ending)
    return WordSounds(onset, linked, before_wasl, pausal, without, article)


def _has_article(units: list[Letter]) -> bool:
    letters = _write_bare(units[:5])
    return any(
        letters.startswith(prefix + "ال") for prefix in ("", "و", "ف", "ب", "ك", "وب", "فب")
    ) or (letters.startswith(("لل", "ولل", "فلل")))


def _vocalise_glide(stem: str) -> str:
    """Turn a glide at the end into its vowel: بَقِيَ is baqiː at a pause (Wright I §224)."""
    if stem.endswith("ij") and not stem.endswith("jj"):
        return stem[:-1] + "ː"
    if stem.endswith("uw") and not stem.endswith("ww"):
        return stem[:-1] + "ː"
    return stem


def _has_vowel(sounds: str) -> bool:
    return any(vowel in sounds for vowel in "aiu")


def _before_wasl(units: list[Letter], linked: str, ending: str) -> str:
    """Return a word's form before hamzat al-wasl (Wright I §20; Ryding 2005, 2.7)."""
    if linked.endswith("ː"):
        return linked[:-1]
    if ending in SHORT or linked.endswith(("a", "i", "u")):
        return linked
    if ending in TANWIN:
        return linked + "i"
    letters = _write_bare(units)
    if letters.endswith(("هم", "كم", "تم")) and len(units) > 1 and units[-2].vowel == "u":
        return linked + "u"
    if letters == "مذ" or (linked.endswith("aw") and not _OR_OR_IF.fullmatch(letters)):
        return linked + "u"  # the w of the plural: دَعَوُا الـ, مُصْطَفَوُ الـ; but أَوِ الـ, لَوِ الـ
    return linked + "i"
