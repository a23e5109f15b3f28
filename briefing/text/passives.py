"""Active or passive: what the sentence says of a verb whose vowels are not written.

A verb with an object has the same letters in both voices (Ryding 2005, chapter 38): فرض الاتحاد
عقوبات and فرضت عقوبات differ in what follows. Here a verb of the table passives.toml is weighed by
its neighbours and by the model's probabilities, and vowelled.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from math import log
from pathlib import Path
from typing import Any, NamedTuple

from briefing.text.known_words import is_diptote, known_reading
from briefing.text.verb_forms import Form, Vowels, forms_of

__all__ = [
    "Chances",
    "VerbReading",
    "forms_in_both_voices",
    "is_before_noun",
    "listed_verbs",
    "passive_of",
    "preposition_of",
    "verb_vowels",
]

_TABLE = Path(__file__).parent / "data" / "passives.toml"
_SUKUN, _SHADDA = "\u0652", "\u0651"

_SURELY = 8.0
"""Log-odds for the passive: nothing is behind the verb that could be subject and object."""
_FIRST = 6.5
"""What is behind it does not do things, and the verb begins the sentence."""
_LIKELY = 4.0
"""The same, and the verb begins a clause."""
_PERHAPS = 2.5
"""The same, behind "and" alone: it may go on with the subject before."""
_RATHER = 1.5
"""It has no object, but somebody who may do things is behind it."""
_HARDLY = -2.0
"""An object is behind it."""
_SURE = 1.5
"""Log-odds, either way, below which the voice is not sure."""
_FLOOR = 1e-6
"""Least probability that is reckoned with: the model is never surer than that."""
_OF_PLACE = frozenset({"من", "إلى", "على", "عن", "في", "ب", "ل"})
_PRONOUN = "(?:ه|ها|هم|هما|نا|ك|كم|ي)"
_WITH_PRONOUN = re.compile(f"(?:ب|ل|في|من|إلي|علي|عن|مع){_PRONOUN}")


class Chances(NamedTuple):
    """The model's probabilities of one letter."""

    a: float
    i: float
    u: float
    none: float
    double: float
    """That it has a shadda, whatever its vowel."""


@dataclass(frozen=True, slots=True)
class VerbReading:
    """The vowels of a verb, letter by letter."""

    vowels: tuple[str, ...]
    """"a" "i" "u", "o" for none, "" where the model decides."""
    doubled: tuple[bool, ...]
    passive: bool
    sure: bool


@lru_cache(maxsize=16384)
def passive_of(word: str) -> Form | None:
    """Give the passive that a word without marks may be, or None.

    >>> passive_of("وفرضت").verb, passive_of("يستأنف").imperfect, passive_of("كتاب")
    ('فرض', True, None)
    """
    forms = _forms()
    if word[:2] == "وو" and word[1:] in forms:
        return forms[word[1:]].behind(("a",))  # وَوُجِّهَتْ, not وُوجِهَتْ
    if word in forms:
        return forms[word]
    for size in (1, 2):
        front, rest = word[:size], forms.get(word[size:])
        if rest is not None and (
            front in _FRONTS or (front in _BEFORE_IMPERFECT and rest.imperfect)
        ):
            return rest.behind(tuple("i" if one == "ل" else "a" for one in front))
    return None


_FRONTS = ("و", "ف")
_BEFORE_IMPERFECT = ("س", "وس", "فس", "ل", "ول", "فل")


def verb_vowels(
    form: Form,
    chances: Sequence[Chances],
    words: Sequence[str],
    index: int,
    pauses: Sequence[bool],
    accusative: Callable[[int], bool],
    *,
    marked: bool = False,
    verb: bool = False,
) -> VerbReading | None:
    """Vowel a verb by the likelier voice, or give None for what the model takes for no verb.

    words: the sentence without marks, the verb at `index`; pauses: whether one follows each;
    chances: the model's, for each letter of the verb; accusative: tells of a place in the sentence
    whether the model takes its word rather for an accusative than for a genitive. marked: an author
    marked some letters, all as in both voices; he would not have marked the active. verb: it is
    one, whatever the model takes it for.
    """
    if index and not pauses[index - 1] and is_before_noun(words[index - 1]) and not marked:
        return None  # عَلَى طَلَبٍ
    odds = 0.0 if form.only else _odds(form, chances)
    if (marked or verb) and odds is None:
        odds = 0.0
    if odds is None or (odds < 0 and not marked and _may_be_form_v(form, words, index, chances)):
        return None
    weak = form.spelled[-1] == "ي"  # دُعِيَ: the active is دعا
    total = (
        _SURELY if form.only or weak else odds + _leaning(words, index, pauses, form, accusative)
    )
    total += _RATHER if marked else 0.0
    sure = abs(total) > _SURE
    vowels, doubled = form.passive if total > 0 else form.active
    if total <= 0 and chances[form.inner].i > chances[form.inner].a and form.verb in _WITH_I:
        return None
    if _other_form(form.verb) and (chances[form.inner].double > 0.5) != any(doubled):
        other = dict(forms_of(_other_form(form.verb)))[form.spelled].behind(form.front)
        vowels, doubled = other.passive if total > 0 else other.active
    return VerbReading(vowels, doubled, total > 0, sure)


def listed_verbs() -> tuple[str, ...]:
    """Give the verbs with an object, as active perfects."""
    return tuple(_verbs())


def is_before_noun(word: str) -> bool:
    """Tell whether no verb stands behind a word: a preposition, كل, بسبب."""
    return word in _lists()["before_nouns"]


def forms_in_both_voices(form: Form) -> tuple[Vowels, Vowels, Vowels, Vowels]:
    """Give the passive and the active of a form, and those of the other form of its letters."""
    other = form
    if _other_form(form.verb):
        other = dict(forms_of(_other_form(form.verb)))[form.spelled].behind(form.front)
    return form.passive, form.active, other.passive, other.active


def _may_be_form_v(
    form: Form, words: Sequence[str], index: int, chances: Sequence[Chances]
) -> bool:
    """Tell whether تـ may begin a perfect of form V: تَجَمَّعَ, not تُجْمَعُ."""
    if not form.imperfect or form.spelled[0] != "ت" or chances[form.inner].a < 0.5:
        return False
    before = re.sub("^[وف]", "", words[index - 1]) if index else ""
    return before not in ("أن", "لم", "لن", "لا", "ألا", "كي", "لكي")


_WITH_I = frozenset({"حفظ", "سمح"})


def _odds(form: Form, chances: Sequence[Chances]) -> float | None:
    """Give the model's own log-odds of passive against active, or None for what is no verb.

    Two letters tell the voice; the model sees them apart and says one thing twice: their mean.
    """
    first, inner = chances[form.first], chances[form.inner]
    if max(first.i, first.none) > max(first.a, first.u):
        return None
    if form.imperfect:
        if inner.u > max(inner.a, inner.i) and first.a > first.u:
            between = chances[form.first + 1]
            if between.a > between.none:  # تَنَقُّل
                return None
        yes = first.u * inner.a
        no = max(first.a * max(inner.a, inner.i, inner.u), first.u * inner.i)
    else:
        if inner.none > max(inner.a, inner.i, inner.u):
            return None
        yes = first.u * inner.i
        no = first.a * max(inner.a, inner.i, inner.u)
        if form.first == form.inner:  # احْتُلَّ
            yes, no = first.u, first.a
    return 0.5 * log((yes + _FLOOR**2) / (no + _FLOOR**2))


def _leaning(
    words: Sequence[str],
    index: int,
    pauses: Sequence[bool],
    form: Form,
    accusative: Callable[[int], bool],
) -> float:
    """Say how far its neighbours make the verb passive (above 0) or active, in log-odds."""
    following = _at(words, index + 1) if not pauses[index] else ""
    opens = _opens(words, index, pauses)
    own = _verbs()[form.verb]
    complements = {one.lstrip("!") for one in own}
    that = following.startswith(("أن", "إن")) and len(following) < 6
    if form.imperfect and that:
        bare = re.sub("^[وف]?س?", "", words[index])
        impersonal = opens or bare in ("يحتمل", "يفترض", "يؤمل")
        return _SURELY if impersonal and bare in _lists()["said_of_nobody"] else 0.0
    if "-" in own and not following:
        return -_SURELY
    if that or not following:
        speaks = "أن" in own and not form.imperfect  # وَأَضَافَ، but خُرُوقَاتٌ تُذْكَرُ
        return 0.0 if that or speaks else _SURELY
    if following in _lists()["times"]:  # يُعْلِنُ الْيَوْمَ نَتَائِجَ, but تُعْقَدُ مَسَاءَ الثُّلَاثَاءِ
        after = _at(words, _behind_time(words, index + 1, pauses))
        if after and not preposition_of(after) and after[0] != "و":
            return _HARDLY if "2" not in own and _accusative(after) else 0.0
    preposition = preposition_of(following)
    if "-" in own and "!" + preposition not in own:
        return -_SURELY
    if preposition:
        if "!" + preposition in own:
            with_pronoun = re.search(f"{_PRONOUN}$", following) and len(following) < 6
            impersonal = form.spelled[-1] != "ت" and not (form.imperfect and form.spelled[0] == "ت")
            if not impersonal:
                return 0.0  # وَعَثَرَتْ عَلَى: of nobody it is masculine
            return _SURELY if opens else _RATHER if with_pronoun else 0.0
        if preposition in own:
            return 0.0
        after = _at(words, index + 2) if not pauses[index + 1] else ""
        if _WITH_PRONOUN.fullmatch(following) and after:
            return _SURELY if preposition_of(after) else 0.0  # نَقَلَ إِلَيْهِ رِسَالَةً
        return _SURELY
    if following in _lists()["shares"]:
        return _SURELY  # طَائِرَاتٌ اعْتُرِضَ مُعْظَمُهَا
    if "*" in own:
        return _SURELY
    if following[0] == "و" and passive_of(following[1:]) is not None and "أن" not in own:
        return _LIKELY if opens else 0.0  # بَعْدَ أَنْ سُرِقَ وَهُرِّبَ
    if form.spelled.endswith(_MANY):  # what is behind is no subject: it is in the verb
        return _SURELY if following[0] == "و" and not _is_agent(following) else _HARDLY
    if _accusative(following):
        return _LIKELY if "2" in own else _HARDLY
    after = _at(words, index + 2) if not pauses[index + 1] else ""
    if "2" not in own and _accusative(after):
        return _HARDLY
    if re.fullmatch("[^\\W]{4,}ون", following):  # a nominative: its subject in either voice
        alone = preposition_of(after) in _OF_PLACE - complements
        alone = alone and not _noun_behind(words, index + 2, pauses)
        return _LIKELY if alone and opens else 0.0
    run = _definite_run(words, index + 1, pauses)
    behind = index + 1 + max(run, 1)
    after = _at(words, behind) if not pauses[behind - 1] else ""
    owner = re.search("[^ب]..(ه|ها|هم|هما)$", following)
    if index and not run and owner and _same(form, owner[1]):
        return 0.0  # قَبْلَ أَنْ تُطْلِقَ صَوَارِيخَهَا, but مَا لَمْ تُنَفَّذْ مَطَالِبُهُ
    if after[:2] in ("أن", "إن") and len(after) < 6:
        return _HARDLY  # أَظْهَرَتِ التَّجَارِبُ أَنَّ
    this = following in ("هذا", "هذه") and _at(words, index + 2).startswith("ال")
    if _is_agent(_at(words, index + 2) if this else following):
        second = _at(words, index + 2) if run > 1 and following.startswith("ال") else ""
        behind_it = preposition_of(after)
        if behind_it and behind_it in complements:
            return _HARDLY  # نَقَلَتِ الْوَكَالَةُ عَنْ مَصْدَرٍ
        if second and _is_object(following, second):
            return _HARDLY  # أَرْسَلَتِ الْمُنَظَّمَةُ الْمُسَاعَدَاتِ
        end, objects = _clause(words, index + 1, pauses)
        if objects and "2" in own:
            return _LIKELY  # عُيِّنَ الْجِنِرَالُ قَائِدًا
        rest = _rest(words, index + 2, pauses)
        if any(preposition_of(one) in complements - {""} for one in rest):
            return _HARDLY  # كَشَفَ فَرِيقٌ مِنَ الْبَاحِثِينَ عَنْ
        objects = objects or any(map(accusative, range(index + 2, end)))
        behind_it = preposition_of(_at(words, end)) if not pauses[end - 1] else ""
        alone = behind_it in _OF_PLACE or (run > 0 and (pauses[end - 1] or end == len(words)))
        alone = alone or _lasts(_at(words, end), _at(words, end + 1))
        if objects or not opens or not alone or (second and not second.endswith(("ي", "ية"))):
            return 0.0
        says = "أن" in own and any(one[:2] in ("أن", "إن") for one in rest)
        if says or _noun_behind(words, end, pauses):
            return 0.0  # عَقَدَ الْوَزِيرُ فِي بَارِيسَ لِقَاءَاتٍ
        return _LIKELY  # عُزِلَ الرَّئِيسُ مِنْ مَنْصِبِهِ
    _, objects = _clause(words, index + 1, pauses)
    second = _at(words, index + 2) if not (run or this or pauses[index + 1]) else ""
    objects = objects or (second.startswith("ال") and accusative(index + 2))
    if objects and "2" not in own:
        return _HARDLY  # رَصَدَ تِلِسْكُوبُ الْفَضَاءِ كَوْكَبًا
    ends = (
        not after
        or after.startswith(("وال", "وفي", "ومن", "وعلى", "وإلى", "ول"))
        or after.endswith("يا")
        or after in ("هذا", "هذه")  # لَمْ تُرْفَعِ الضَّرَائِبُ هَذَا الْعَامَ
        or after in ("الذي", "التي", "الذين")
        or _lasts(after, _at(words, behind + 1))
        or preposition_of(after) != ""
    )
    if run > 2 or (run and not ends) or preposition_of(after) in complements - {""}:
        return 0.0  # تُوَاجِهُ الْخُطَّةُ انْتِقَادَاتٍ
    if opens:
        return _LIKELY if index and after else _FIRST
    if words[index][0] == "و" and form.front:
        return _PERHAPS
    return _RATHER if _at(words, index - 1) in ("أن", "بأن", "ألا") else 0.0


def _definite_run(words: Sequence[str], start: int, pauses: Sequence[bool]) -> int:
    """Count the words with the article from here on: a noun, its adjectives and genitive."""
    end = start
    while _at(words, end).startswith("ال") and words[end] not in _lists()["relatives"]:
        end += 1
        if pauses[end - 1]:
            break
    return end - start


def _is_object(subject: str, second: str) -> bool:
    """Tell whether two nouns with the article cannot be noun and adjective, by their gender."""
    if second.endswith(("ي", "ية")) or subject.endswith(("ات", "ون")):
        return False
    if second.endswith("ات"):
        return True
    return subject.endswith("ة") and not second.endswith(("ة", "ى", "اء"))


def _lasts(word: str, following: str) -> bool:
    """Tell whether these say how long: مُدِّدَتِ الْهُدْنَةُ يَوْمَيْنِ, احْتُجِزَ ثَلَاثَ سَاعَاتٍ."""
    times = _lists()["lengths"]
    return word in times or (following in times and re.sub("ة$", "", word) in _UNITS)


def _rest(words: Sequence[str], start: int, pauses: Sequence[bool]) -> Sequence[str]:
    """Give the words from here to the next pause, some of them."""
    end = start
    while end < min(start + 2 * _LONGEST_NOUN, len(words)) and not pauses[end - 1]:
        end += 1
    return words[start:end]


def _noun_behind(words: Sequence[str], start: int, pauses: Sequence[bool]) -> bool:
    """Tell whether an object may stand behind the prepositions from here on."""
    place = start
    while place < len(words) and not pauses[place - 1] and preposition_of(words[place]):
        if words[place] in _lists()["openers"]:
            return False
        alone = words[place] in _lists()["prepositions"]
        if pauses[place] or place + 1 == len(words):
            return False
        if alone:
            place, objects = _clause(words, place + 1, pauses)
        else:
            place, objects = _clause(words, place, pauses)
        if objects:
            return True
    if place >= len(words) or pauses[place - 1] or _lasts(words[place], _at(words, place + 1)):
        return False
    word = words[place]
    return word[0] != "و" and word not in _lists()["relatives"] and passive_of(word) is None


def _behind_time(words: Sequence[str], index: int, pauses: Sequence[bool]) -> int:
    """Give the place behind an adverb of time and its genitive, or none behind a pause."""
    end = index + 1
    if not pauses[index] and _at(words, end).startswith("ال"):
        end += 1
    return end if not pauses[end - 1] else len(words)


def _same(form: Form, pronoun: str) -> bool:
    """Tell whether a pronoun may mean who does what the verb says: تُطْلِقُ and ها."""
    if form.spelled.endswith(_MANY):
        return pronoun in ("هم", "هما")
    feminine = form.spelled[0] == "ت" if form.imperfect else form.spelled[-1] == "ت"
    return pronoun == "هم" or pronoun == ("ها" if feminine else "ه")


def _clause(words: Sequence[str], start: int, pauses: Sequence[bool]) -> tuple[int, bool]:
    """Follow the noun at `start` with its genitives and adjectives.

    Returns the place behind them, and whether an accusative with its alif comes before the end of
    the clause: an object.
    """
    closed = False
    for index in range(start, min(start + _LONGEST_NOUN, len(words))):
        word = words[index]
        if index > start:
            if _accusative(word) and not _NUMBER.fullmatch(words[index - 1]):
                return index, True
            bare = re.sub("^و", "", word) if len(word) > 3 else word
            ends = bare in _lists()["relatives"] or preposition_of(word) != ""
            form = passive_of(word)
            ends = ends or (form is not None and (form.imperfect or word[-1] == "ت"))
            if ends:
                return index, False
            if closed and not word.startswith("ال"):
                rest = _rest(words, index, pauses)[:_NEAR]
                return index, any(map(_accusative, rest)) and not any(map(preposition_of, rest))
        closed = closed or bool(_DEFINITE.match(word)) or is_name(word)
        if pauses[index]:
            return index + 1, False
    return min(start + _LONGEST_NOUN, len(words)), False


_DEFINITE = re.compile("[وف]?[بك]?ال|[وف]?لل|.*...(?:ه|ها|هم)$")
_UNITS = frozenset(
    ["ثلاث", "أربع", "خمس", "ست", "سبع", "ثمان", "ثماني", "تسع", "عشر", "بضع", "عدة"]
)
_MANY = ("وا", "ون", "ا", "ان")
"""Endings of verbs whose subject is in them."""
_NUMBER = re.compile("عشرة?|[^\\W]{3,4}(?:ون|ين)|مئة|ألفا?")
"""Behind these an accusative is what is counted: قُتِلَ اثْنَا عَشَرَ شَخْصًا."""
_NEAR = 3
"""Words behind a name among which an object may be: رَصَدَ تِلِسْكُوبُ جِيمْس وِيب الْفَضَائِيُّ كَوْكَبًا."""
_LONGEST_NOUN = 7
"""Words of a noun with its genitives and adjectives that are looked at."""


def _at(words: Sequence[str], index: int) -> str:
    return words[index] if index < len(words) else ""


def _opens(words: Sequence[str], index: int, pauses: Sequence[bool]) -> bool:
    """Tell whether the verb begins its clause, with nobody before it who could do it."""
    if index == 0 or pauses[index - 1] or words[index - 1] == "وقد":
        return True
    before = re.sub("^[وفب](?=أ|ل)", "", words[index - 1])
    if before in ("أن", "ألا", "لم", "لن", "لا", "قد"):
        if index == 1 or pauses[index - 2]:
            return True
        head = re.sub("^[وف]", "", words[index - 2])
        return head in _lists()["impersonal" if before in ("أن", "ألا") else "openers"]
    return before in _lists()["openers"]


def preposition_of(word: str) -> str:
    """Give the preposition or adverb that a word is or begins with, or ""."""
    if word in _lists()["prepositions"]:
        return word
    if _WITH_PRONOUN.fullmatch(word):
        stem = re.sub(f"{_PRONOUN}$", "", word)
        return {"إلي": "إلى", "علي": "على"}.get(stem, stem)
    if len(word) > 3 and (word[:3] in ("بال", "بأن") or word[:2] == "لل"):
        return word[0]
    if len(word) > 3 and word[0] == "ب" and word not in _lists()["begin_with_b"]:
        return "" if known_reading(word).startswith("ب\u064e") else "ب"  # بجروح
    if word in _lists()["begin_with_l"]:
        return ""
    return "ل" if re.fullmatch("ل[^\\W]{2,}(?:ة|ه|ها|هم|ات)", word) else ""


def _accusative(word: str) -> bool:
    return len(word) > 3 and word.endswith("ا") and not word.endswith(("يا", "ها", "نا", "ما"))


def _is_agent(word: str) -> bool:
    """Tell whether somebody is named who may do what verbs say."""
    agents = _lists()["agents"]
    stem = re.sub("^ال", "", word)
    owned = re.sub("(?:ها|هما|هم|ه|نا)$", "", stem)
    if {word, stem, owned, re.sub("ت$", "ة", owned)} & agents:
        return True
    return is_name(word)


def is_name(word: str) -> bool:
    """Tell whether the tables know a word as a name."""
    reading = known_reading(word)
    ends = reading.endswith((_SUKUN, "ا", "و", "ي")) and not reading.endswith("\u064bا")
    return is_diptote(word) or ends


@cache
def _table() -> Mapping[str, Mapping[str, str]]:
    with _TABLE.open("rb") as file:
        table: dict[str, Any] = tomllib.load(file)
    return table


@cache
def _lists() -> Mapping[str, frozenset[str]]:
    return {
        name: frozenset(rows["words"].split()) for name, rows in _table().items() if "words" in rows
    }


@cache
def _verbs() -> Mapping[str, frozenset[str]]:
    return {verb: frozenset(own.split()) for verb, own in _table()["verbs"].items()}


@cache
def _forms() -> Mapping[str, Form]:
    """Spell every passive of every verb in the table."""
    forms: dict[str, Form] = {}
    for verb, own in _verbs().items():
        for spelled, form in forms_of(verb):
            if ("^" if form.imperfect else "~") not in own:
                forms.setdefault(spelled, form)
    return forms


def _other_form(verb: str) -> str:
    """Give the verb of the same letters in the other form (قَدَرَ, قَدَّرَ), where both are listed."""
    other = verb.replace(_SHADDA, "") if _SHADDA in verb else verb[:2] + _SHADDA + verb[2:]
    return other if other in _verbs() else ""
