"""A word without marks -> the ways in which it can be vowelled as a verb of the tables.

The verbs are those of form I (in verbs.toml with the vowels that their letters do not show) and of
the derived forms with the same letters (خفض: خَفَضَ, خَفَّضَ, يخرج: يَخْرُجُ, يُخْرِجُ), in the third person,
with particles before them and object pronouns after them. Ryding 2005, chapters 21 to 32.
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

__all__ = ["FORM_III", "active_readings"]

_SHORTEST_OF_US = 3
"""Letters: a shorter word in ن is mostly a noun."""
_FRONT_VOWELS = {"و": "a", "ف": "a", "س": "a", "ل": "i"}
_PRONOUN = re.compile("(?:ها|هما|هم|ه|كم)$")
_BEHIND = {"ها": ("a", ""), "هما": ("", "a", "")}
"""The vowels of the pronouns; those of other pronouns depend on the sentence."""
# ending -> the vowels from the last radical on
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
    """Return the vowels of a word in each of its active readings as a verb; () if it is no verb.

    >>> [vowels[:3] for vowels, _ in active_readings("غرق")]
    [('a', 'i', 'a')]
    """
    readings = []
    for front in _fronts(word):
        rest = word[len(front) :]
        before = tuple(_FRONT_VOWELS[letter] for letter in front)
        for pronoun in ("", *_PRONOUN.findall(rest)):
            stem = rest.removesuffix(pronoun)
            if pronoun and stem.endswith(("وا", "ا", "و", "ى")):
                continue
            behind = _BEHIND.get(pronoun, ("",) * len(pronoun))
            for vowels, doubled in _readings(stem, pronoun != "") if stem else ():
                if len(vowels) != len(stem):
                    continue  # a root that has lost two letters is not in the tables
                none = (False,) * len(before), (False,) * len(behind)
                readings.append(((*before, *vowels, *behind), (*none[0], *doubled, *none[1])))
    return tuple(dict.fromkeys(readings))


def _fronts(word: str) -> Iterator[str]:
    """Yield possible particles before a verb: none, وَ or فَ, and سَ or لِ before an imperfect."""
    yield ""
    joined = word[0] if word[0] in "وف" else ""
    if joined:
        yield joined
    rest = word[len(joined) :]
    if rest[:1] in ("س", "ل") and rest[1:2] in ("ي", "ت", "ن"):
        yield joined + rest[0]


@lru_cache(maxsize=16384)
def _readings(spelled: str, has_object: bool) -> tuple[Vowels, ...]:
    """Return the readings of a spelling, form I first. has_object: a pronoun follows as object."""
    if spelled[0] == "ن" and len(spelled) > _SHORTEST_OF_US:  # نُوَجِّهُ, as يُوَجِّهُ (Ryding 2005, 21.1)
        return _readings(f"ي{spelled[1:]}", has_object)
    index, classes = _index()
    without_ta: list[Vowels] = []
    with_ta: list[Vowels] = []
    verbs = list(index.of(spelled))
    for verb in sorted(verbs, key=lambda verb: verb not in classes):
        if has_object and (verb in context()["no_object"] or FORM_III.fullmatch(spelled)):
            continue  # قَاتِلُهُ is as often a noun
        without_ta += [reading for form, reading in _forms(verb) if form == spelled]
    if spelled[0] == "ت":
        for root in dict.fromkeys(verb.replace(SHADDA, "") for verb in index.of(spelled[1:])):
            if has_object and "ت" + root not in _with_object():
                continue  # تَرَاجُعَهَا is a noun: the verb has no object
            with_ta += [reading for form, reading in _with_ta(root) if form == spelled]
    return tuple(dict.fromkeys([*without_ta, *with_ta]))


@cache
def _with_object() -> frozenset[str]:
    """Return the verbs that may have an object."""
    return frozenset(listed_verbs())


@cache
def _index() -> tuple[VerbIndex, dict[str, str]]:
    """Return the index of every verb, and the vowels of those of form I."""
    table = toml_table(__file__, "verbs.toml")
    classes: dict[str, str] = {
        verb: kind for kind, verbs in table["form_1"].items() for verb in verbs.split()
    }
    derived = (*table["derived"]["verbs"].split(), *listed_verbs())
    return VerbIndex(dict.fromkeys((*classes, *derived))), classes


@cache
def _forms(verb: str) -> tuple[tuple[str, Vowels], ...]:
    kind = _index()[1].get(verb, "")
    if kind:
        return tuple(_form_1(verb, *kind.split()))
    return tuple(_derived_forms(verb)) if verb[-1] not in "اى" else ()


def _derived_forms(verb: str) -> Iterator[tuple[str, Vowels]]:
    if verb.endswith(SHADDA + "أ"):  # هَنَّأَ: the passive has another letter
        for ending in ("", "ت"):
            spelled = verb.replace(SHADDA, "") + ending
            yield spelled, (("a", "a", *_PERFECT[ending]), _shaddas_at(spelled, 1))
    if FORM_III.fullmatch(verb):  # شَاهَدَ: the passive has another letter
        for ending, vowels in _PERFECT.items():
            yield verb + ending, (("a", "", "a", *vowels), _shaddas_at(verb + ending, -1))
    for spelled, form in forms_of(verb):
        if not form.only:
            yield spelled, form.active


FORM_III = re.compile("[^\\Wا]ا[^\\Wاوىي][^\\Wاوىيأ]")


def _with_ta(root: str) -> Iterator[tuple[str, Vowels]]:
    """Yield the perfects of forms V and VI: تَقَدَّمَ in contrast to تُقَدِّمُ; تَنَافَسَ, not تُنَافِسُ."""
    for ending, vowels in _PERFECT.items():
        spelled = "ت" + root + ending
        if len(root) == 3 and root[0] not in "أتو" and not {*root} & {*"اى"}:
            yield spelled, (("a", "a", "a", *vowels), _shaddas_at(spelled, 2))
        elif len(root) == 4 and root[1] == "ا":
            yield spelled, (("a", "a", "", "a", *vowels), _shaddas_at(spelled, -1))


def _form_1(verb: str, perfect: str, imperfect: str) -> Iterator[tuple[str, Vowels]]:
    letters = verb.replace(SHADDA, "")
    double = SHADDA in verb
    if letters[-1] in "اى":
        for ending, vowels in _WITHOUT_LAST:
            yield letters[:2] + ending, (vowels, _shaddas_at(letters[:2] + ending, -1))
        return
    stem = ("a",) if double else ("a", perfect)
    last = letters[-1] == "أ"
    for ending, vowels in _PERFECT.items():
        if (last and ending == "وا") or (double and not ending):
            continue  # رَدّ is just as often a noun
        spelled = letters + ending
        yield spelled, ((*stem, *vowels), _shaddas_at(spelled, 1 if double else -1))
    short = letters[1:] if letters[0] == "و" and imperfect in ("i", "a") else letters
    for prefix in "يتن":
        between = (imperfect,) if double or short != letters else ("o", imperfect)
        for ending, vowels in _IMPERFECT.items():
            if ending and (prefix == "ن" or last):
                continue
            spelled = prefix + short + ending
            yield spelled, (("a", *between, *vowels), _shaddas_at(spelled, 2 if double else -1))


def _shaddas_at(spelled: str, at: int) -> tuple[bool, ...]:
    return tuple(index == at for index in range(len(spelled)))
