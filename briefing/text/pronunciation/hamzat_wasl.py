"""The beginning of a word: the article, hamzat al-wasl, and a hamza whose sign is not written.

Wright I §§18-22; Ryding 2005, 2.2.5 (sun letters) and 2.7 (linking).
"""

from __future__ import annotations

import re

from briefing.text.pronunciation.spelling import SHORT, SUN, Letter, weak_imperatives

__all__ = ["article_place", "settle_start"]

# The nouns that begin with hamzat al-wasl and i (Wright I §19 e): ابن ابنة اسم اثنان امرأة …
_WASL_NOUNS = ("ابن", "ابنت", "اسم", "اثن", "امرأ", "امرؤ", "امرئ", "امرا")
_OATH = "ايم"
"""وَايْمُ اللَّهِ, the tenth of them; the only one with a."""
# The t of form VIII and what it becomes (Wright I §56)
_FORM_VIII = frozenset("تطد")
_ASSIMILATED = frozenset("تطدثذزسصضظ")


def settle_start(units: list[Letter], bare: str) -> tuple[str, bool]:
    """Find the article and hamzat al-wasl; silence what they silence.

    Returns the onset at the start of an utterance and whether the article begins the word.
    Wright I §19: hamzat al-wasl is said at the start only, with a in the article, u where the
    verb's first vowel is u, else i.
    """
    at = _alif_after_proclitics(units, bare)
    if at is None:
        _settle_question(units)
        return "", False
    alif = units[at]
    article = _is_article(units, at)
    if article:
        alif.silent = True
        _settle_lam(units, at + 1)
        return ("ʔa" if at == 0 else ""), at == 0
    if not _is_wasl(units, at, bare):
        if at == 0:
            _settle_hamza(units)
        return "", False
    onset = ""
    if at == 0:
        onset = "ʔ" + (alif.vowel if alif.vowel in ("i", "u") else _wasl_vowel(units, bare))
    alif.silent = True
    alif.vowel = ""
    return onset, False


def article_place(units: list[Letter], bare: str) -> int | None:
    """Give the index of the article's alif, or of what stands for it in للـ; None without one.

    Index and number of the letters before it, each with a vowel of its own, are the same.
    """
    at = _alif_after_proclitics(units, bare)
    if at is not None:
        return at if _is_article(units, at) else None
    at = _asking(units, bare)
    at += bare[at : at + 1] in ("و", "ف")
    if bare[at : at + 2] != "لل" or len(units) < at + 4:
        return None
    if units[at].vowel not in ("", "i") and not _is_emphatic(units, at):
        return None
    lam = units[at + 1]
    return at + 1 if lam.shadda or lam.vowel in ("", "o") or units[at + 2].letter == "ا" else None


def _settle_question(units: list[Letter]) -> None:
    """Settle the article behind the أ of a question, آلرَّئِيسُ: the two are one long a.

    Wright I §20, remark d.
    """
    if len(units) < 4 or units[0].letter != "آ" or units[1].letter != "ل":
        return
    if units[1].vowel in ("", "o") and units[2].letter in SUN and units[2].shadda:
        units[1].silent = True


def _alif_after_proclitics(units: list[Letter], bare: str) -> int | None:
    """Find the alif that may be hamzat al-wasl: first, or after و ف ب ل ك (أ)."""
    if len(units) < 3 and bare[:1] != "ا":
        return None
    at = _asking(units, bare)
    if bare[at] in "وف" and units[at].vowel in ("", "a") and not units[at].shadda:
        at += 1
    if (
        at < len(units)
        and bare[at] in "بلكت"
        and bare[at + 1 : at + 2] == "ا"
        and at + 2 < len(bare)
        and (bare[at] != "ت" or bare[at + 1 :] == "الله")
    ):
        wanted = {"ب": "i", "ل": "i", "ك": "a", "ت": "a"}[bare[at]]
        if units[at].vowel in ("", wanted) or (bare[at] == "ل" and units[at].vowel == "a"):
            at += 1
    elif (
        at < len(units)
        and bare[at] == "ل"
        and bare[at + 1 : at + 2] == "ل"
        and (units[at].vowel in ("", "i") or _is_emphatic(units, at))
    ):
        # للـ: the article's alif is not written (Wright I §19 c, remark)
        if len(units) > at + 2:
            _settle_lam(units, at + 1)
        return None
    if at >= len(units) - 1 or bare[at] != "ا" or units[at].dagger:
        return None
    return at


_ASKING = re.compile("أ(?:[وف]?[بلك]?ا|[وف]?لل)")


def _asking(units: list[Letter], bare: str) -> int:
    """Give the place behind the أ of a question before particles: أَبِالشَّمْسِ, أَاسْتَقَالَ."""
    return int(units[0].vowel in ("", "a") and _ASKING.match(bare) is not None)


def _is_emphatic(units: list[Letter], at: int) -> bool:
    """Tell the لَ of emphasis before the article: لَلْحَقُّ (Wright I §361)."""
    return units[at].vowel == "a" and len(units) > at + 2 and units[at + 1].vowel in ("", "o")


def _is_article(units: list[Letter], at: int) -> bool:
    lam = units[at + 1]
    if lam.letter == "ل" and at + 2 == len(units):
        return units[at].wasla  # ٱلْ before a word of another script
    if lam.letter != "ل" or at + 2 >= len(units) or units[at].vowel in ("i", "u"):
        return False
    after = units[at + 2]
    if lam.shadda:  # الّذي
        return True
    if lam.vowel == "o":
        # الْتَقَى is a verb of form VIII, الْقَمَر has the article, الْشَّمْس too
        return after.letter not in SUN or after.shadda or after.letter == "ل"
    if lam.vowel == "i":  # الِاتِّحَاد
        return after.letter == "ا"
    if lam.vowel:
        return False
    if at > 0 and units[at - 1].vowel == "a" and after.letter not in SUN:
        return after.letter in "اآ" or bool(after.vowel) or after.shadda
    return True


def _settle_lam(units: list[Letter], at: int) -> None:
    """Settle the article's lam: assimilated before a sun letter (Ryding 2005, 2.2.5)."""
    if at + 1 == len(units) or units[at].shadda:
        return
    lam, after = units[at], units[at + 1]
    if lam.vowel in ("", "o") and after.letter in SUN:
        if after.letter == "ل" and not after.shadda and lam.vowel == "o" and not after.vowel:
            return
        lam.silent = True
        after.shadda = True
    elif after.letter == "ا" and at + 2 < len(units) and lam.vowel != "a":  # not لِلَاتْفِيَا
        # الاتحاد, الاسم: a second hamzat al-wasl, with the helping vowel i
        if _closed(units, at + 1):
            lam.vowel = "i"
            after.silent = True
            after.vowel = ""
        elif lam.vowel in ("", "o"):
            _settle_hamza(units, at + 1)


def _closed(units: list[Letter], alif: int) -> bool:
    """Tell whether the letter after the alif has no vowel or is double: so begins a wasl stem."""
    if alif + 1 >= len(units):
        return False
    following = units[alif + 1]
    if following.shadda or following.vowel == "o":
        return True
    return not following.vowel and not following.dagger and following.letter not in "اويىآ"


def _is_wasl(units: list[Letter], at: int, bare: str) -> bool:
    if units[at].vowel == "a" or not _closed(units, at):
        return False
    if at == 0:
        return True
    before = units[at - 1]
    if before.vowel == "i" or before.letter == "أ":
        return True
    stem = bare[at:]
    if stem == _OATH:
        return before.letter in "وف" and units[-1].vowel == "u"
    following = units[at + 1]
    if stem.startswith(_WASL_NOUNS):
        return True
    if following.shadda:  # وَاتَّفَقَ, كَاتِّفَاقٍ; not وَافٍ, كَافَّة
        if following.letter not in _ASSIMILATED or len(stem) < 4:
            return False
        return bare[at - 1] in "وفل" or (bare[at - 1] == "ك" and following.vowel == "i")
    if not _is_of_a_pattern(units[at:], stem, bare[at - 1]):
        return False
    if stem.startswith("است"):
        return True
    if following.vowel != "o" and before.vowel == "a" and bare[at - 1] not in "وف":
        return False
    doubled = len(stem) > 3 and units[at + 3].shadda  # وَانضَمَّ
    if (len(stem) >= 5 or doubled) and (stem[1] == "ن" or stem[2] in _FORM_VIII):
        return True
    if len(stem) > 3 and before.vowel == "a":
        redness = stem[-1] == stem[-3] and stem[-2] == "ا" and units[at + 2].vowel == "i"
        if units[-1].shadda or redness:
            return True  # لَاحْمَرَّ, كَاحْمِرَارٍ
    # imperatives after و and ف; a foreign name has a long vowel there (وَارْسُو)
    if bare[at - 1] not in "وف" or following.vowel != "o":
        return False
    return stem in weak_imperatives() if len(stem) < 4 else units[at + 3].letter != "ا"


def _is_of_a_pattern(stem: list[Letter], bare: str, particle: str) -> bool:
    """Tell whether a stem behind a particle with a can be a verb, a masdar or an imperative.

    Long a before a bare consonant is no Arabic syllable but is common in foreign names: فَاغْنَر,
    وَاتْسُون, كَانْسَاس, كَاسْتْرُو. A stem with hamzat al-wasl has a short vowel after its cluster, long
    ī only in the passive of a hollow verb or in form X, long ū never (Wright I §§44-66).
    """
    second = stem[2] if len(stem) > 2 else stem[1]
    third = stem[3] if len(stem) > 3 else None
    last = stem[-1]
    if second.vowel == "o" or stem[1].letter in "ويى":
        return False
    if third is None or not second.vowel:
        return second.vowel in SHORT or len(stem) > 3  # the latter: vowels not written
    bare_glide = not third.vowel and not third.shadda and not third.dagger
    if third.letter == "و" and second.vowel == "u" and bare_glide:
        return bare.endswith("وا") and len(stem) == 5  # وَادْعُوا
    if third.letter == "ي" and second.vowel == "i" and bare_glide:
        return _is_hollow_passive(stem) or (bare.startswith("است") and len(stem) > 5)
    if particle == "ك" and second.vowel != "i":
        return False  # like a …: a masdar
    if bare.startswith("است"):
        return third.vowel != "u"
    if particle == "ل" and third.vowel == "o":
        return False  # لَانْكَسْتَر
    if particle in "ل" or third.letter == "ا":
        # the perfect tense ends in a vowel or a suffix with its sukun: not لَابْتُوب, فَانْدَام
        return bool(last.vowel) or last.letter in "اى" or second.vowel == "i"
    # an imperative ends in a vowel or in sukun: not فَاغْنَر
    return bool(last.vowel) or last.letter in "اوى" or len(stem) > 4 or not stem[1].vowel


def _wasl_vowel(units: list[Letter], bare: str) -> str:
    if bare.startswith(_WASL_NOUNS):
        return "i"
    if bare.endswith("وا") and bare[:-2] in weak_imperatives():
        return weak_imperatives()[bare[:-2]]
    if bare == _OATH:
        return "a"
    if _is_hollow_passive(units):
        return "u"
    for one in units[1:-1]:
        if one.vowel in SHORT:
            return "u" if one.vowel == "u" else "i"
    return "i"


def _is_hollow_passive(units: list[Letter]) -> bool:
    """Tell اُخْتِيرَ and اُنْقِيدَ: the u is the passive's though an ī follows (Wright I §159)."""
    if len(units) < 5 or not (units[1].letter == "ن" or units[2].letter in _FORM_VIII):
        return False
    glide, last = units[3], units[4]
    after = units[5].letter if len(units) > 5 else ""
    return (
        units[2].vowel == "i"
        and (glide.letter, glide.vowel, glide.shadda) == ("ي", "", False)
        and (last.vowel, after) in (("a", ""), ("a", "ت"), ("u", "و"))  # not اسْتِيرَاد
    )


def _settle_hamza(units: list[Letter], at: int = 0) -> None:
    """Read an alif that cannot be wasl as a hamza whose sign was not written (اوباما, ايران)."""
    alif = units[at]
    following = units[at + 1] if at + 1 < len(units) else None
    if not alif.vowel and following is not None and not following.vowel and not following.shadda:
        if following.letter == "و":
            alif.vowel = "u"
        elif following.letter in "يى":
            alif.vowel = "i"
    alif.letter = "إ" if alif.vowel == "i" else "أ"
    alif.vowel = alif.vowel or "a"
