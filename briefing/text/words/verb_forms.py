"""A verb with an object -> the spellings of its passive, vowelled in both voices.

Ryding 2005, 38.1-3: the passive perfect has u, then i before the last radical (فُعِلَ, فُعِّلَ, فُوعِلَ,
أُفْعِلَ, اُفْتُعِلَ, اُسْتُفْعِلَ). The passive imperfect has u on its prefix, then a (يُفْعَلُ, يُفَعَّلُ, يُسْتَفْعَلُ).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from briefing.text.characters import SHADDA, SUKUN

__all__ = ["Form", "Vowels", "forms_of"]


Vowels = tuple[tuple[str, ...], tuple[bool, ...]]
"""For each letter "a", "i", "u", "o" (none) or "" (open), and for each whether it has a shadda."""


@dataclass(frozen=True, slots=True)
class Form:
    """A spelling that may be a passive verb."""

    verb: str
    """Its active perfect, 3rd person m. sg., as listed. A shadda marks form II, a sukun four
    radicals."""
    spelled: str
    """The letters without particles before them."""
    imperfect: bool
    first: int
    """The place of the letter whose u marks the passive."""
    inner: int
    """The place of the letter before the last radical: i in the passive perfect, a in the
    imperfect."""
    passive: Vowels
    active: Vowels
    only: bool = False
    """Whether the letters cannot be an active verb: حوصر, أصيب."""
    front: tuple[str, ...] = ()
    """The vowels of the particles before it."""

    def behind(self, front: tuple[str, ...]) -> Form:
        """Return the form with one-letter particles before it. front: their vowels."""
        size = len(front)
        no = (False,) * size
        return replace(
            self,
            first=self.first + size,
            inner=self.inner + size,
            passive=(front + self.passive[0], no + self.passive[1]),
            active=(front + self.active[0], no + self.active[1]),
            front=front,
        )


def forms_of(verb: str) -> Iterator[tuple[str, Form]]:
    """Yield the spellings of a verb's passives: 3rd person, all numbers.

    verb: the active perfect, form II with its shadda; a shadda at the end marks doubled radicals.

    >>> sorted(dict(forms_of("أعلن")))[:3]
    ['أعلن', 'أعلنت', 'أعلنتا']
    """
    second = SHADDA in verb
    letters = verb.replace(SHADDA, "").replace(SUKUN, "")
    if SUKUN in verb:
        yield from _of_four(verb, letters)
        return
    if verb.endswith(SHADDA):
        yield from _of_doubled(verb, letters)
        return
    yield from _perfects(verb, letters, second)
    yield from _imperfects(verb, letters, second)


def _of_four(verb: str, letters: str) -> Iterator[tuple[str, Form]]:
    """Yield the forms of a verb with four radicals: تُرْجِمَ, يُتَرْجَمُ."""
    for ending, last in _PERFECT_ENDINGS:
        spelled = letters + ending
        passive, active = ("u", "o", "i", *last), ("a", "o", "a", *last)
        none = (False,) * len(spelled)
        yield spelled, Form(verb, spelled, False, 0, 2, (passive, none), (active, none))
    for prefix in "يت":
        spelled = prefix + letters
        passive, active = ("u", "a", "o", "a", ""), ("u", "a", "o", "i", "")
        none = (False,) * 5
        yield spelled, Form(verb, spelled, True, 0, 3, (passive, none), (active, none))


def _of_doubled(verb: str, letters: str) -> Iterator[tuple[str, Form]]:
    """Yield the forms of doubled radicals: شُنَّتْ, يُشَنُّ, أُعِدَّ, احْتُلَّ, اسْتُغِلَّ (Ryding 2005, 38.2.3)."""
    passive: tuple[str, ...]
    active: tuple[str, ...]
    present: tuple[tuple[str, ...], tuple[str, ...]]
    match len(letters), letters[0]:
        case 2, _:
            passive, active = ("u",), ("a",)
            stem, present = letters, (("u", "a"), ("a", ""))
        case 3, "أ":
            passive, active = ("u", "i"), ("a", "a")
            stem, present = letters[1:], (("u", "a"), ("u", "i"))
        case 4, "ا":
            passive, active = ("", "o", "u"), ("", "o", "a")
            stem, present = letters[1:], (("u", "o", "a"), ("a", "o", "a"))
        case 5, "ا":
            passive, active = ("", "o", "u", "i"), ("", "o", "a", "a")
            stem, present = letters[1:], (("u", "o", "a", "a"), ("a", "o", "a", "i"))
        case _:
            return
    inner = len(letters) - 2
    for ending, last in _PERFECT_ENDINGS:
        spelled = letters + ending
        doubled = tuple(at == len(letters) - 1 for at in range(len(spelled)))
        first = passive.index("u")
        vowels = ((*passive, *last), doubled), ((*active, *last), doubled)
        yield spelled, Form(verb, spelled, False, first, max(first, inner), *vowels)
    for prefix in "يت":
        for ending, last in _IMPERFECT_ENDINGS:
            spelled = prefix + stem + ending
            doubled = tuple(at == len(stem) for at in range(len(spelled)))
            vowels = ((*present[0], *last), doubled), ((*present[1], *last), doubled)
            yield spelled, Form(verb, spelled, True, 0, len(stem) - 1, *vowels)


_PERFECT_ENDINGS = (
    ("", ("a",)),
    ("ت", ("a", "o")),
    ("وا", ("u", "", "")),
    ("تا", ("a", "a", "")),
)
_IMPERFECT_ENDINGS = (
    ("", ("",)),
    ("ون", ("u", "", "a")),
    ("وا", ("u", "", "")),
    ("ان", ("a", "", "i")),
)


def _perfects(verb: str, letters: str, second: bool) -> Iterator[tuple[str, Form]]:
    stem = _perfect(letters)
    if stem is None:
        return
    spelled, passive, active, only = stem
    inner = len(spelled) - 2
    weak = letters[-1] in "اى"
    for ending, last in _PERFECT_ENDINGS:
        if (ending == "وا" and weak) or (ending == "تا" and weak):
            continue
        double = inner if second else 1 if letters.startswith("ات") and len(letters) == 4 else -1
        doubled = tuple(at == double for at in range(len(spelled) + len(ending)))
        yield (
            spelled + ending,
            Form(
                verb,
                spelled + ending,
                imperfect=False,
                first=passive.index("u"),
                inner=inner,
                passive=((*passive, *last), doubled),
                active=((*active, *(last if ending != "ت" else ("", ""))), doubled),  # or نَقَلْتُ
                only=only,
            ),
        )


def _perfect(letters: str) -> tuple[str, tuple[str, ...], tuple[str, ...], bool] | None:
    """Return a passive perfect's letters, and the vowels in both voices except the last.

    The last value is whether the letters can only be a passive. None: there is no such passive.
    """
    weak = letters[-1] in "اى"
    spelled = letters[:-1] + "ي" if weak else letters
    if spelled[-1] == "أ":
        spelled = spelled[:-1] + "ئ"
    changed = spelled[-1] != letters[-1]
    match len(spelled), spelled[0], spelled[1:3]:
        case 6, "ا", "ست":
            return spelled, ("", "o", "u", "o", "i"), ("", "o", "a", "o", "a"), changed
        case 5, "ا", "ست":  # استعاد
            hollow = spelled[:4] + "ي" + spelled[-1]
            return (
                (hollow, ("", "o", "u", "i", ""), ("", "o", "u", "i", ""), True)
                if spelled[3] == "ا"
                else None
            )
        case 4, "ا", second if second[0] == "ت":  # اتُّهِمَ
            return spelled, ("", "u", "i"), ("", "a", "a"), changed
        case 5, "ا", _ if spelled[3] == "ا":  # اُغْتِيلَ
            hollow = spelled[:3] + "ي" + spelled[-1]
            return hollow, ("u", "o", "i", ""), ("u", "o", "i", ""), True
        case 5, "ا", _ if spelled[1] != "ت":
            return spelled, ("", "o", "u", "i"), ("", "o", "a", "a"), changed
        case 4, "أ", second if second[1] == "ا":  # أصاب
            hollow = spelled[:2] + "ي" + spelled[-1]
            return hollow, ("u", "i", ""), ("u", "i", ""), True
        case 4, "أ", second:
            between = "" if second[0] == "و" else "o"
            return spelled, ("u", between, "i"), ("a", "o", "a"), changed
        case 4, _, second if second[0] == "ا":  # حاصر
            return spelled[0] + "و" + spelled[2:], ("u", "", "i"), ("u", "", "i"), True
        case 4, "ت", _:
            return None  # form V: the perfect is mostly a verbal noun
        case 3, _, second if second[0] != "ا":
            return spelled, ("u", "i"), ("a", "i" if changed else "a"), False
    return None


def _imperfects(verb: str, letters: str, second: bool) -> Iterator[tuple[str, Form]]:
    fourth = letters[0] == "أ" and len(letters) == 4 and not second
    stem = letters[1:] if letters[0] == "ا" or fourth else letters
    stem = stem[:-1] + "ى" if stem[-1] == "ا" else stem
    if stem[0] == "أ":  # يُؤَجَّلُ, يُؤْمَرُ
        stem = "ؤ" + stem[1:]
    vowels = _imperfect_vowels(letters, stem, second, fourth)
    if vowels is None:
        return
    passive, active, prefix_vowel = vowels
    for prefix in "يت":
        for ending, last in _IMPERFECT_ENDINGS:
            if ending and stem[-1] in "ىأ":
                continue
            spelled = prefix + stem + ending
            inner = len(stem) - 1
            double = -1
            # يُوضَعُ, because the active has lost its و; but تَوَعَّدَ
            only = stem[0] == "و" and len(letters) == 3 and not second and prefix == "ي"
            only = only or (stem[-1] == "ى" and len(letters) > 3)  # يُشْتَرَى, but يَشْتَرِي
            only = only or (stem[0] == "ؤ" and len(letters) == 3 and not second)  # يُؤْخَذُ, but يَأْخُذُ
            if second or (letters[0] == "ت" and len(letters) == 4):
                double = inner
            elif letters.startswith("ات") and len(letters) == 4:
                double = 1
            doubled = tuple(at == double for at in range(len(spelled)))
            yield (
                spelled,
                Form(
                    verb,
                    spelled,
                    imperfect=True,
                    first=0,
                    inner=inner,
                    passive=(("u", *passive, *last), doubled),
                    active=((prefix_vowel, *active, *last), doubled),
                    only=only,
                ),
            )


def _imperfect_vowels(
    letters: str, stem: str, second: bool, fourth: bool
) -> tuple[tuple[str, ...], tuple[str, ...], str] | None:
    """Return the stem's vowels in the passive and in the active, and the active prefix's vowel.

    The last vowel of the stem is left out. None: there is no such passive.
    """
    waw = stem[0] == "و"
    if stem[-2] == "ا":
        if fourth:  # يُصاب
            return ("a", ""), ("", ""), ""
        return None
    if letters.startswith("است"):
        return ("o", "a", "o", "a"), ("o", "a", "o", "i"), "a"
    if letters[0] == "ا":
        if len(letters) == 5:
            return ("o", "a", "a"), ("o", "a", "i"), "a"
        return ("a", "a"), ("a", "i"), "a"
    if letters[0] == "ت" and len(letters) == 4:
        return ("a", "a", "a"), ("a", "a", "a"), "a"
    if len(letters) == 4 and letters[1] == "ا":
        return ("a", "", "a"), ("a", "", "i"), "u"
    if fourth:
        between = "" if waw else "o"
        return (between, "a"), (between, "i"), "u"
    if second:
        return ("a", "a"), ("a", "i"), "u"
    if len(letters) == 3:
        return ("" if waw else "o", "a"), ("o", ""), "a"
    return None
