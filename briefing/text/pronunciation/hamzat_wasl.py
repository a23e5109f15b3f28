"""The beginning of a word: the article, hamzat al-wasl, and a hamza without its sign.

Wright I §§18-22; Ryding 2005, 2.2.5 (sun letters) and 2.7 (linking).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from briefing.text.pronunciation.spelling import SHORT, SUN_LETTERS, Letter, weak_imperatives

__all__ = ["article_place", "settle_start"]

# The nouns that begin with hamzat al-wasl and i (Wright I §19 e): ابن ابنة اسم اثنان امرأة …
_WASL_NOUNS = ("ابن", "ابنت", "اسم", "اثن", "امرأ", "امرؤ", "امرئ", "امرا")
_OATH = "ايم"
"""وَايْمُ اللَّهِ, the tenth of them; the only one with a."""
# The t of form VIII and the letters that it becomes (Wright I §56)
_FORM_VIII = frozenset("تطد")
_ASSIMILATED = frozenset("تطدثذزسصضظ")
# The perfect of form VIII of لقي لحق لزم لهم لفت لمس لقط لبس لوي لجأ لهب لأم لقم لحف لحم لصق لثم
_LAM_PERFECT = re.compile(
    "الت(?:ق[ىيتاو]|حق|زم|هم|فت|مس|قط|بس|و[ىيت]|جأ|جؤو|هب|أم|ئم|قم|حف|حم|صق|ثم)"
    "(?:تا?|ا|وا?|نا?|تما?|تن)?(?:ه|ها|هما?|هن|ك|كم|ني|نا)?"
)


def settle_start(units: list[Letter], bare: str) -> tuple[str, bool]:
    """Find the article and hamzat al-wasl, and mark the letters that they make silent.

    Return the onset at the start of an utterance, and whether the word begins with the article.
    Wright I §19: hamzat al-wasl is spoken at the start only, with a in the article, u if the verb's
    first vowel is u, else i.
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
    if not _is_wasl(_Stem(units, at, bare)):
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
    """Return the index of the article's alif, or of its substitute in للـ; None if there is none.

    The index is also the number of letters before the article, each with a vowel of its own.
    """
    at = _alif_after_proclitics(units, bare)
    if at is not None:
        return at if _is_article(units, at) else None
    at = _question_length(units, bare)
    at += bare[at : at + 1] in ("و", "ف")
    if bare[at : at + 2] != "لل" or len(units) < at + 4:
        return None
    if units[at].vowel not in ("", "i") and not _is_emphatic(units, at):
        return None
    lam = units[at + 1]
    return at + 1 if lam.shadda or lam.vowel in ("", "o") or units[at + 2].letter == "ا" else None


def _settle_question(units: list[Letter]) -> None:
    """Settle the article after the أ of a question, آلرَّئِيسُ: the two are one long a.

    Wright I §20, remark d.
    """
    if len(units) < 4 or units[0].letter != "آ" or units[1].letter != "ل":
        return
    if units[1].vowel in ("", "o") and units[2].letter in SUN_LETTERS and units[2].shadda:
        units[1].silent = True


def _alif_after_proclitics(units: list[Letter], bare: str) -> int | None:
    """Return the index of the alif that may be hamzat al-wasl: first, or after و ف ب ل ك (أ)."""
    if len(units) < 3 and bare[:1] != "ا":
        return None
    at = _question_length(units, bare)
    if bare[at] in "وف" and units[at].vowel in ("", "a") and not units[at].shadda:
        at += 1
    if (
        at < len(units)
        and bare[at] in "بلكت"
        and bare[at + 1 : at + 2] == "ا"
        and at + 2 < len(bare)
        and (bare[at] != "ت" or bare[at + 1 :] == "الله")
    ):
        usual_vowel = {"ب": "i", "ل": "i", "ك": "a", "ت": "a"}[bare[at]]
        if units[at].vowel in ("", usual_vowel) or (bare[at] == "ل" and units[at].vowel == "a"):
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


_QUESTION = re.compile("أ(?:[وف]?[بلك]?ا|[وف]?لل)")


def _question_length(units: list[Letter], bare: str) -> int:
    """Return 1 if the word begins with the أ of a question, else 0: أَبِالشَّمْسِ, أَاسْتَقَالَ."""
    return int(units[0].vowel in ("", "a") and _QUESTION.match(bare) is not None)


def _is_emphatic(units: list[Letter], at: int) -> bool:
    """Return whether a ل is that of emphasis before the article: لَلْحَقُّ (Wright I §361)."""
    return units[at].vowel == "a" and len(units) > at + 2 and units[at + 1].vowel in ("", "o")


def _is_article(units: list[Letter], at: int) -> bool:
    """Return whether the alif at an index is the article's."""
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
        return after.letter not in SUN_LETTERS or after.shadda or after.letter == "ل"
    if lam.vowel == "i":  # الِاتِّحَاد
        return after.letter == "ا"
    if lam.vowel or _is_form_viii_of_lam(units[at:]):
        return False
    if at > 0 and units[at - 1].vowel == "a" and after.letter not in SUN_LETTERS:
        return after.letter in "اآ" or bool(after.vowel) or after.shadda
    return True


def _is_form_viii_of_lam(stem: list[Letter]) -> bool:
    """Return whether a stem is a perfect such as الْتَقَى, whose lam is written without its sukun.

    A noun with the article has a double t, التَّقْرِير, or another second radical (Wright I §§55, 65).
    """
    t = stem[2]
    if t.letter != "ت" or t.shadda or len(stem) < 5 or stem[3].shadda:
        return False
    if (t.vowel, stem[3].vowel) not in (("a", "a"), ("a", ""), ("u", "i")):
        return False
    return _LAM_PERFECT.fullmatch("".join(unit.letter for unit in stem)) is not None


def _settle_lam(units: list[Letter], at: int) -> None:
    """Settle the article's lam, which is assimilated to a sun letter (Ryding 2005, 2.2.5)."""
    if at + 1 == len(units) or units[at].shadda:
        return
    lam, after = units[at], units[at + 1]
    if lam.vowel in ("", "o") and after.letter in SUN_LETTERS:
        if after.letter == "ل" and not after.shadda and lam.vowel == "o" and not after.vowel:
            return
        lam.silent = True
        after.shadda = True
    elif after.letter == "ا" and at + 2 < len(units) and lam.vowel != "a":  # not لِلَاتْفِيَا
        # الاتحاد, الاسم: a second hamzat al-wasl, with the helping vowel i
        if _opens_cluster(units, at + 1):
            lam.vowel = "i"
            after.silent = True
            after.vowel = ""
        elif lam.vowel in ("", "o"):
            _settle_hamza(units, at + 1)


def _opens_cluster(units: list[Letter], alif: int) -> bool:
    """Return whether the letter after the alif is double or has no vowel, as in a wasl stem."""
    if alif + 1 >= len(units):
        return False
    following = units[alif + 1]
    if following.shadda or following.vowel == "o":
        return True
    return not following.vowel and not following.dagger and following.letter not in "اويىآ"


@dataclass(frozen=True, slots=True)
class _Stem:
    """A word from the alif that may be hamzat al-wasl."""

    units: list[Letter]
    """Of the whole word."""
    at: int
    """The index of the alif."""
    word: str
    """The whole word without marks."""

    @property
    def bare(self) -> str:
        """The stem without marks."""
        return self.word[self.at :]

    @property
    def before(self) -> Letter:
        """The letter before the alif, which is a particle."""
        return self.units[self.at - 1]

    @property
    def particle(self) -> str:
        """The letter before the alif as written."""
        return self.word[self.at - 1]

    @property
    def following(self) -> Letter:
        """The letter after the alif."""
        return self.units[self.at + 1]


def _is_wasl(stem: _Stem) -> bool:
    """Return whether the alif of a stem is hamzat al-wasl, by the first rule that can tell."""
    return next(
        (verdict for rule in _WASL_RULES if (verdict := rule(stem)) is not None),
        False,
    )


def _no_cluster(stem: _Stem) -> bool | None:
    alif = stem.units[stem.at]
    return False if alif.vowel == "a" or not _opens_cluster(stem.units, stem.at) else None


def _first_letter(stem: _Stem) -> bool | None:
    return True if stem.at == 0 else None


def _after_i_or_question(stem: _Stem) -> bool | None:
    return True if stem.before.vowel == "i" or stem.before.letter == "أ" else None


def _oath(stem: _Stem) -> bool | None:
    if stem.bare != _OATH:
        return None
    return stem.before.letter in "وف" and stem.units[-1].vowel == "u"


def _wasl_noun(stem: _Stem) -> bool | None:
    return True if stem.bare.startswith(_WASL_NOUNS) else None


def _assimilated_form_viii(stem: _Stem) -> bool | None:
    """Decide on a double letter after the alif: وَاتَّفَقَ, كَاتِّفَاقٍ; not وَافٍ, كَافَّة."""
    if not stem.following.shadda:
        return None
    if stem.following.letter not in _ASSIMILATED or len(stem.bare) < 4:
        return False
    return stem.particle in "وفل" or (stem.particle == "ك" and stem.following.vowel == "i")


def _no_pattern(stem: _Stem) -> bool | None:
    has_pattern = _has_pattern(stem.units[stem.at :], stem.bare, stem.particle)
    return None if has_pattern else False


def _form_x(stem: _Stem) -> bool | None:
    return True if stem.bare.startswith("است") else None


def _no_sukun_after_a(stem: _Stem) -> bool | None:
    is_bare_after_a = stem.following.vowel != "o" and stem.before.vowel == "a"
    return False if is_bare_after_a and stem.particle not in "وف" else None


def _form_vii_or_viii(stem: _Stem) -> bool | None:
    bare = stem.bare
    is_geminate = len(bare) > 3 and stem.units[stem.at + 3].shadda  # وَانضَمَّ
    is_long_enough = len(bare) >= 5 or is_geminate
    return True if is_long_enough and (bare[1] == "ن" or bare[2] in _FORM_VIII) else None


def _form_ix(stem: _Stem) -> bool | None:
    """Decide on verbs of colours and their masdars after a particle with a: لَاحْمَرَّ, كَاحْمِرَارٍ."""
    bare = stem.bare
    if len(bare) < 4 or stem.before.vowel != "a":
        return None
    is_masdar = bare[-1] == bare[-3] and bare[-2] == "ا" and stem.units[stem.at + 2].vowel == "i"
    return True if stem.units[-1].shadda or is_masdar else None


def _imperative(stem: _Stem) -> bool | None:
    """Decide on imperatives after و and ف. A foreign name has a long vowel there (وَارْسُو)."""
    if stem.particle not in "وف" or stem.following.vowel != "o":
        return None
    if len(stem.bare) < 4:
        return stem.bare in weak_imperatives()
    return stem.units[stem.at + 3].letter != "ا"


_WASL_RULES: tuple[Callable[[_Stem], bool | None], ...] = (
    _no_cluster,
    _first_letter,
    _after_i_or_question,
    _oath,
    _wasl_noun,
    _assimilated_form_viii,
    _no_pattern,
    _form_x,
    _no_sukun_after_a,
    _form_vii_or_viii,
    _form_ix,
    _imperative,
)
"""In this order. Each returns whether the alif is hamzat al-wasl, or None if it cannot tell."""


def _has_pattern(stem: list[Letter], bare: str, particle: str) -> bool:
    """Return whether a stem after a particle with a can be a verb, a masdar or an imperative.

    Long a before a consonant without a vowel is not an Arabic syllable, but it is common in foreign
    names: فَاغْنَر, وَاتْسُون, كَانْسَاس, كَاسْتْرُو. A stem with hamzat al-wasl has a short vowel after its
    cluster, long ī only in the passive of a hollow verb or in form X, and never long ū (Wright I
    §§44-66).
    """
    second = stem[2] if len(stem) > 2 else stem[1]
    third = stem[3] if len(stem) > 3 else None
    last = stem[-1]
    if second.vowel == "o" or stem[1].letter in "ويى":
        return False
    if third is None or not second.vowel:
        return second.vowel in SHORT or len(stem) > 3  # the latter: without written vowels
    is_long_vowel = not third.vowel and not third.shadda and not third.dagger
    if third.letter == "و" and second.vowel == "u" and is_long_vowel:
        return bare.endswith("وا") and len(stem) == 5  # وَادْعُوا
    if third.letter == "ي" and second.vowel == "i" and is_long_vowel:
        return _is_hollow_passive(stem) or (bare.startswith("است") and len(stem) > 5)
    if particle == "ك" and second.vowel != "i":
        return False  # "like a …" needs a masdar, whose first vowel is i
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
    """Return the vowel of hamzat al-wasl at the start of an utterance."""
    if bare.startswith(_WASL_NOUNS):
        return "i"
    if bare.endswith("وا") and bare[:-2] in weak_imperatives():
        return weak_imperatives()[bare[:-2]]
    if bare == _OATH:
        return "a"
    if _is_hollow_passive(units):
        return "u"
    for unit in units[1:-1]:
        if unit.vowel in SHORT:
            return "u" if unit.vowel == "u" else "i"
    return "i"


def _is_hollow_passive(units: list[Letter]) -> bool:
    """Return whether a stem is like اُخْتِيرَ and اُنْقِيدَ: u although ī follows (Wright I §159)."""
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
    """Turn an alif that cannot be wasl into a hamza: its sign was not written (اوباما, ايران)."""
    alif = units[at]
    following = units[at + 1] if at + 1 < len(units) else None
    if not alif.vowel and following is not None and not following.vowel and not following.shadda:
        if following.letter == "و":
            alif.vowel = "u"
        elif following.letter in "يى":
            alif.vowel = "i"
    alif.letter = "إ" if alif.vowel == "i" else "أ"
    alif.vowel = alif.vowel or "a"
