"""A word without marks to the ways it can be vowelled as a verb of the tables.

Verbs of form I (verbs.toml, by the vowels that their letters do not tell) and of the derived forms
that have the same letters (خفض: خَفَضَ, خَفَّضَ, يخرج: يَخْرُجُ, يُخْرِجُ), third person, with particles before
them and object pronouns behind. Ryding 2005, chapters 21 to 32.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from briefing.text.characters import SHADDA
from briefing.text.table_files import toml_table
from briefing.text.tables import context
from briefing.text.words.passives import listed_verbs
from briefing.text.words.verb_forms import Vowels, forms_of
from briefing.text.words.verb_index import VerbIndex

__all__ = ["active_readings"]

_FRONT_VOWELS = {"و": "a", "ف": "a", "س": "a", "ل": "i"}
_PRONOUN = re.compile("(?:ها|هما|هم|ه|كم)$")
_BEHIND = {"ها": ("a", ""), "هما": ("", "a", "")}
"""Vowels of the pronouns; those of the others are the sentence's."""
# Ending -> its vowels from the last radical on
_PERFECT: dict[str, tuple[str, ...]] = {
    "": ("a",),
    "ت": ("a", "o"),
    "وا": ("u", "", ""),
    "تا": ("a", "a", ""),
}
_WITHOUT_LAST: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("ت", ("a", "a", "o")),
    ("وا", ("a", "a", "o", "")),
)
_IMPERFECT: dict[str, tuple[str, ...]] = {
    "": ("",),
    "ون": ("u", "", "a"),
    "وا": ("u", "", ""),
    "ان": ("a", "", "i"),
}


@lru_cache(maxsize=16384)
def active_readings(word: str) -> tuple[Vowels, ...]:
    """Give the active readings of a word as a verb, the vowels of each letter; none for no verb.

    >>> [vowels[:3] for vowels, _ in active_readings("غرق")]
    [('a', 'i', 'a')]
    """
    found = []
    for front in _fronts(word):
        rest = word[len(front) :]
        before = tuple(_FRONT_VOWELS[one] for one in front)
        for pronoun in ("", *_PRONOUN.findall(rest)):
            stem = rest.removesuffix(pronoun)
            if pronoun and stem.endswith(("وا", "ا", "و", "ى")):
                continue
            behind = _BEHIND.get(pronoun, ("",) * len(pronoun))
            for vowels, doubled in _readings(stem, pronoun != "") if stem else ():
                if len(vowels) != len(stem):
                    continue  # a root that lost two letters is no verb of these
                none = (False,) * len(before), (False,) * len(behind)
                found.append(((*before, *vowels, *behind), (*none[0], *doubled, *none[1])))
    return tuple(dict.fromkeys(found))


def _fronts(word: str) -> Iterator[str]:
    """Give what may be particles before a verb: nothing, وَ or فَ, and سَ or لِ before an imperfect."""
    yield ""
    joined = word[0] if word[0] in "وف" else ""
    if joined:
        yield joined
    rest = word[len(joined) :]
    if rest[:1] in ("س", "ل") and rest[1:2] in ("ي", "ت", "ن"):
        yield joined + rest[0]


@lru_cache(maxsize=16384)
def _readings(spelled: str, owned: bool) -> tuple[Vowels, ...]:
    """Give the readings of one spelling, those of form I first. owned: an object is behind it."""
    index, classes = _index()
    found: list[Vowels] = []
    with_ta: list[Vowels] = []
    verbs = list(index.of(spelled))
    for verb in sorted(verbs, key=lambda one: one not in classes):
        if owned and verb in context()["no_object"]:
            continue
        found += [reading for form, reading in _forms(verb) if form == spelled]
    if spelled[0] == "ت":
        for root in dict.fromkeys(verb.replace(SHADDA, "") for verb in index.of(spelled[1:])):
            with_ta += [reading for form, reading in _with_ta(root) if form == spelled]
    return tuple(dict.fromkeys([*found, *with_ta]))


@cache
def _index() -> tuple[VerbIndex, dict[str, str]]:
    """Give the index of every verb, and the vowels of those of form I."""
    table = toml_table(__file__, "verbs.toml")
    classes: dict[str, str] = {
        verb: kind for kind, verbs in table["form_1"].items() for verb in verbs.split()
    }
    others = (*table["derived"]["verbs"].split(), *listed_verbs())
    return VerbIndex(dict.fromkeys((*classes, *others))), classes


@cache
def _forms(verb: str) -> tuple[tuple[str, Vowels], ...]:
    kind = _index()[1].get(verb, "")
    if kind:
        return tuple(_form_1(verb, *kind.split()))
    return tuple(_derived(verb)) if verb[-1] not in "اى" else ()


def _derived(verb: str) -> Iterator[tuple[str, Vowels]]:
    if verb.endswith(SHADDA + "أ"):  # هَنَّأَ: the passive has another letter
        for ending in ("", "ت"):
            spelled = verb.replace(SHADDA, "") + ending
            yield spelled, (("a", "a", *_PERFECT[ending]), _doubled(spelled, 1))
    for spelled, form in forms_of(verb):
        if not form.only:
            yield spelled, form.active


def _with_ta(root: str) -> Iterator[tuple[str, Vowels]]:
    """Spell the perfects of forms V and VI: تَقَدَّمَ, as against تُقَدِّمُ; تَنَافَسَ, not تُنَافِسُ."""
    for ending, vowels in _PERFECT.items():
        spelled = "ت" + root + ending
        if len(root) == 3 and root[0] not in "أتو" and not {*root} & {*"اى"}:
            yield spelled, (("a", "a", "a", *vowels), _doubled(spelled, 2))
        elif len(root) == 4 and root[1] == "ا":
            yield spelled, (("a", "a", "", "a", *vowels), _doubled(spelled, -1))


def _form_1(verb: str, perfect: str, imperfect: str) -> Iterator[tuple[str, Vowels]]:
    letters = verb.replace(SHADDA, "")
    double = SHADDA in verb
    if letters[-1] in "اى":
        for ending, vowels in _WITHOUT_LAST:
            yield letters[:2] + ending, (vowels, _doubled(letters[:2] + ending, -1))
        return
    stem = ("a",) if double else ("a", perfect)
    last = letters[-1] == "أ"
    for ending, vowels in _PERFECT.items():
        if (last and ending == "وا") or (double and not ending):
            continue  # رَدّ is a noun as often
        spelled = letters + ending
        yield spelled, ((*stem, *vowels), _doubled(spelled, 1 if double else -1))
    short = letters[1:] if letters[0] == "و" and imperfect in ("i", "a") else letters
    for prefix in "يتن":
        between = (imperfect,) if double or short != letters else ("o", imperfect)
        for ending, vowels in _IMPERFECT.items():
            if ending and (prefix == "ن" or last):
                continue
            spelled = prefix + short + ending
            yield spelled, (("a", *between, *vowels), _doubled(spelled, 2 if double else -1))


def _doubled(spelled: str, at: int) -> tuple[bool, ...]:
    return tuple(index == at for index in range(len(spelled)))
