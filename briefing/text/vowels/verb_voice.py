"""Active or passive: what the sentence says of a verb whose vowels are not written.

A verb of the table passives.toml is weighed by its neighbours and by the model's probabilities, and
vowelled (Ryding 2005, chapter 38).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log
from typing import NamedTuple

from briefing.text.words.clauses import (
    behind_time,
    definite_run,
    follow_noun,
    is_object,
    lasts,
    noun_behind,
    rest_of_clause,
    word_at,
)
from briefing.text.words.passives import (
    WITH_PRONOUN,
    is_accusative,
    is_agent,
    is_before_noun,
    is_listed,
    other_form,
    passive_of,
    preposition_of,
    taken_by,
)
from briefing.text.words.verb_forms import Form, forms_of

__all__ = ["Chances", "VerbReading", "verb_vowels"]

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
_MANY = ("وا", "ون", "ا", "ان")
"""Endings of verbs whose subject is in them."""
_FATHA = "\u064e"
_TANWIN = ("\u064b", "\u064c", "\u064d")
_WITH_I = frozenset({"حفظ", "سمح"})


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


def verb_vowels(
    form: Form,
    chances: Sequence[Chances],
    words: Sequence[str],
    index: int,
    pauses: Sequence[bool],
    ending: Callable[[int], str],
    *,
    marked: bool = False,
    verb: bool = False,
) -> VerbReading | None:
    """Vowel a verb by the likelier voice, or give None for what the model takes for no verb.

    words: the sentence without marks, the verb at `index`; pauses: whether one follows each;
    chances: the model's, for each letter of the verb; ending: gives the mark that it puts on the
    last letter of the word at a place of the sentence. marked: an author marked some letters, all
    as in both voices; he would not have marked the active. verb: it is one, whatever the model
    takes it for.
    """
    if index and not pauses[index - 1] and is_before_noun(words[index - 1]) and not marked:
        return None  # عَلَى طَلَبٍ
    odds = 0.0 if form.only else _odds(form, chances)
    if (marked or verb) and odds is None:
        odds = 0.0
    form_v = not (marked or verb) and _may_be_form_v(form, words, index, chances)
    if odds is None or (odds < 0 and form_v):
        return None
    form_vi = _FORM_VI.fullmatch(form.spelled) and not (marked or verb or _bound(words, index))
    if form_vi and odds < 0:
        return None  # وَتَضَاعَفَ عَدَدُ
    weak = form.spelled[-1] == "ي"  # دُعِيَ: the active is دعا
    leaning = _leaning(words, index, pauses, form, ending)
    total = _SURELY if form.only or weak else odds + leaning
    if len(form.spelled) == 2 and (leaning < _SURELY or chances[-1].a < 0.5):
        return None  # رَدّ is a noun
    total += _RATHER if marked else 0.0
    sure = abs(total) > _SURE
    vowels, doubled = form.passive if total > 0 else form.active
    if total <= 0 and chances[form.inner].i > chances[form.inner].a and form.verb in _WITH_I:
        return None
    if other_form(form.verb) and (chances[form.inner].double > 0.5) != any(doubled):
        other = dict(forms_of(other_form(form.verb)))[form.spelled].behind(form.front)
        vowels, doubled = other.passive if total > 0 else other.active
    return VerbReading(vowels, doubled, total > 0, sure)


def _may_be_form_v(
    form: Form, words: Sequence[str], index: int, chances: Sequence[Chances]
) -> bool:
    """Tell whether تـ may begin a perfect of form V: تَجَمَّعَ, not تُجْمَعُ."""
    if not form.imperfect or form.spelled[0] != "ت" or chances[form.inner].a < 0.5:
        return False
    return not _bound(words, index)


_FORM_VI = re.compile("ت[^\\W]ا[^\\W]{2}")


def _bound(words: Sequence[str], index: int) -> bool:
    """Tell whether a particle stands before the verb that takes the imperfect alone."""
    before = re.sub("^[وف]", "", words[index - 1]) if index else ""
    return before in ("أن", "لم", "لن", "لا", "ألا", "كي", "لكي")


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
        if max(inner.none, inner.u) > max(inner.a, inner.i) and form.first != form.inner:
            return None  # نَقْل, كُتُب
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
    ending: Callable[[int], str],
) -> float:
    """Say how far its neighbours make the verb passive (above 0) or active, in log-odds."""
    following = word_at(words, index + 1) if not pauses[index] else ""
    opens = _opens(words, index, pauses)
    own = taken_by(form)
    complements = {one.lstrip("!") for one in own}
    that = following.startswith(("أن", "إن")) and len(following) < 6
    if form.imperfect and that:
        bare = re.sub("^[وف]?س?", "", words[index])
        impersonal = opens or bare in ("يحتمل", "يفترض", "يؤمل")
        return _SURELY if impersonal and is_listed(bare, "said_of_nobody") else 0.0
    if "-" in own and not following:
        return -_SURELY
    if that or not following:
        speaks = "أن" in own and not form.imperfect  # وَأَضَافَ، but خُرُوقَاتٌ تُذْكَرُ
        return 0.0 if that or speaks else _SURELY
    this = following in ("هذا", "هذه")
    time = index + 2 if this and not pauses[index + 1] else index + 1
    if is_listed(word_at(words, time), "times"):
        # يُعْلِنُ الْيَوْمَ نَتَائِجَ, but تُعْقَدُ مَسَاءَ الثُّلَاثَاءِ
        after = word_at(words, behind_time(words, time, pauses))
        if after and not preposition_of(after) and after[0] != "و":
            return _HARDLY if "2" not in own and is_accusative(after) else 0.0
        return -_SURELY if "-" in own else _SURELY
    preposition = preposition_of(following)
    if "-" in own and "!" + preposition not in own:
        return -_SURELY
    if preposition:
        if "!" + preposition in own:
            with_pronoun = WITH_PRONOUN.fullmatch(following)
            impersonal = form.spelled[-1] != "ت" and not (form.imperfect and form.spelled[0] == "ت")
            if not impersonal:
                return 0.0  # وَعَثَرَتْ عَلَى: of nobody it is masculine
            return _SURELY if opens else _RATHER if with_pronoun else 0.0
        if preposition in own:
            of_thing = not form.imperfect and index and ending(index - 1) in _TANWIN
            of_thing = of_thing and _of_thing(words, index, pauses)
            return _LIKELY if of_thing and preposition == following else 0.0  # هَدَفٌ سُجِّلَ فِي
        after = word_at(words, index + 2) if not pauses[index + 1] else ""
        if WITH_PRONOUN.fullmatch(following) and after:
            return _SURELY if preposition_of(after) else 0.0  # نَقَلَ إِلَيْهِ رِسَالَةً
        return _SURELY
    if is_listed(following, "shares"):
        return _SURELY  # طَائِرَاتٌ اعْتُرِضَ مُعْظَمُهَا
    if "*" in own:
        return _SURELY
    if following[0] == "و" and passive_of(following[1:]) is not None and "أن" not in own:
        return _LIKELY if opens else 0.0  # بَعْدَ أَنْ سُرِقَ وَهُرِّبَ
    if form.spelled.endswith(_MANY):  # what is behind is no subject: it is in the verb
        return _SURELY if following[0] == "و" and not is_agent(following) else _HARDLY
    if is_accusative(following):
        if "2" not in own:
            return _HARDLY
        return _RATHER if index and form.front else _LIKELY  # وَعَيَّنَ مُدِيرًا, انْتُخِبَ رَئِيسًا
    if _is_masculine(form) and _FEMININE.fullmatch(following):
        return _HARDLY  # وَكَلَّفَ لَجْنَةً: a verb beside its subject agrees with it
    after = word_at(words, index + 2) if not pauses[index + 1] else ""
    if "2" not in own and is_accusative(after):
        return _HARDLY
    if re.fullmatch("[^\\W]{4,}ون", following):  # a nominative: its subject in either voice
        alone = preposition_of(after) in _OF_PLACE - complements
        alone = alone and not noun_behind(words, index + 2, pauses)
        return _LIKELY if alone and opens else 0.0
    run = definite_run(words, index + 1, pauses)
    behind = index + 1 + max(run, 1)
    after = word_at(words, behind) if not pauses[behind - 1] else ""
    owner = re.search("[^ب]..(ه|ها|هم|هما)$", following)
    if index and not run and owner and _same(form, owner[1]):
        return 0.0  # قَبْلَ أَنْ تُطْلِقَ صَوَارِيخَهَا, but مَا لَمْ تُنَفَّذْ مَطَالِبُهُ
    if after[:2] in ("أن", "إن") and len(after) < 6:
        return _HARDLY  # أَظْهَرَتِ التَّجَارِبُ أَنَّ
    this = this and word_at(words, index + 2).startswith("ال")
    if is_agent(word_at(words, index + 2) if this else following):
        second = word_at(words, index + 2) if run > 1 and following.startswith("ال") else ""
        behind_it = preposition_of(after)
        if behind_it and behind_it in complements:
            return _HARDLY  # نَقَلَتِ الْوَكَالَةُ عَنْ مَصْدَرٍ
        if second and is_object(following, second):
            return _HARDLY  # أَرْسَلَتِ الْمُنَظَّمَةُ الْمُسَاعَدَاتِ
        end, objects = follow_noun(words, index + 1, pauses)
        if objects and "2" in own:
            return _LIKELY  # عُيِّنَ الْجِنِرَالُ قَائِدًا
        rest = rest_of_clause(words, index + 2, pauses)
        if any(preposition_of(one) in complements - {""} for one in rest):
            return _HARDLY  # كَشَفَ فَرِيقٌ مِنَ الْبَاحِثِينَ عَنْ
        objects = objects or any(_is_taken(words[at], ending(at)) for at in range(index + 2, end))
        behind_it = preposition_of(word_at(words, end)) if not pauses[end - 1] else ""
        alone = (
            behind_it in _OF_PLACE
            or (run > 0 and behind_it != "")
            or (run > 0 and (pauses[end - 1] or end == len(words)))
        )
        alone = alone or lasts(word_at(words, end), word_at(words, end + 1))
        if objects or not opens or not alone or (second and not second.endswith(("ي", "ية"))):
            return 0.0
        says = "أن" in own and any(one[:2] in ("أن", "إن") for one in rest)
        if says or noun_behind(words, end, pauses):
            return 0.0  # عَقَدَ الْوَزِيرُ فِي بَارِيسَ لِقَاءَاتٍ
        return _LIKELY  # عُزِلَ الرَّئِيسُ مِنْ مَنْصِبِهِ
    _, objects = follow_noun(words, index + 1, pauses)
    second = word_at(words, index + 2) if not (run or this or pauses[index + 1]) else ""
    objects = objects or (second != "" and _is_taken(second, ending(index + 2)))
    if run > 1:  # مَنَعَ الْحُرَّاسُ الصَّحَفِيِّينَ, فَقَدَ السَّائِقُ السَّيْطَرَةَ
        second = word_at(words, index + 2)
        taken = _is_taken(second, ending(index + 2)) and ending(index + 1) != _FATHA
        objects = objects or second.endswith("ين") or taken
    if objects and "2" not in own:
        return _HARDLY  # رَصَدَ تِلِسْكُوبُ الْفَضَاءِ كَوْكَبًا
    ends = (
        not after
        or after.startswith(("وال", "وفي", "ومن", "وعلى", "وإلى", "ول"))
        or after.endswith("يا")
        or after in ("هذا", "هذه")  # لَمْ تُرْفَعِ الضَّرَائِبُ هَذَا الْعَامَ
        or after in ("الذي", "التي", "الذين")
        or lasts(after, word_at(words, behind + 1))
        or preposition_of(after) != ""
    )
    end, _ = follow_noun(words, index + 1, pauses)
    taken_up = preposition_of(word_at(words, end)) if not pauses[end - 1] else ""
    if taken_up == "في" and "في" in complements and opens and not run:
        return _RATHER  # وَلَمْ تُسَجَّلْ خَسَائِرُ فِي الْأَرْوَاحِ
    if run > 2 or (run and not ends) or {preposition_of(after), taken_up} & (complements - {""}):
        return 0.0  # تُوَاجِهُ الْخُطَّةُ انْتِقَادَاتٍ
    if opens:
        return _LIKELY if index and after else _FIRST
    if words[index][0] == "و" and form.front:
        return _PERHAPS
    return _RATHER if word_at(words, index - 1) in ("أن", "بأن", "ألا") else 0.0


# A feminine noun; numbers in ة count masculines
_FEMININE = re.compile(
    "(?!(?:ثلاث|أربع|خمس|ست|سبع|ثماني|تسع|عشر|عد|قاد|قضا|طلب|أساتذ|قراصن)ة)(?:ال)?[^\\W]{3,}ة"
)


def _is_masculine(form: Form) -> bool:
    if form.spelled.endswith(_MANY):
        return False
    return form.spelled[0] != "ت" if form.imperfect else form.spelled[-1] != "ت"


def _is_taken(word: str, ending: str) -> bool:
    """Tell whether the model takes a noun with the article for an accusative."""
    return word.startswith("ال") and ending == _FATHA and not word.endswith(("ين", "ون", "ان"))


def _of_thing(words: Sequence[str], index: int, pauses: Sequence[bool]) -> bool:
    """Tell whether the verb says something of an indefinite noun, which does nothing itself."""
    noun = word_at(words, index - 1) if index and not pauses[index - 1] else ""
    if len(noun) < 3 or _DEFINITE.match(noun) or noun in _PARTICLES or is_agent(noun):
        return False
    listed = (
        is_listed(noun, "openers") or is_listed(noun, "impersonal") or preposition_of(noun) == noun
    )
    return not listed and passive_of(noun) is None


_DEFINITE = re.compile("[وف]?[بك]?ال|[وف]?لل|.*(?:ه|ها|هم|هما|نا|وا|ون|ين)$")
_PARTICLES = frozenset(["كان", "كانت", "لقد", "ليس", "ليست", "وقد", "فقد", "كما", "ولم", "ولن"])


def _same(form: Form, pronoun: str) -> bool:
    """Tell whether a pronoun may mean who does what the verb says: تُطْلِقُ and ها."""
    if form.spelled.endswith(_MANY):
        return pronoun in ("هم", "هما")
    feminine = form.spelled[0] == "ت" if form.imperfect else form.spelled[-1] == "ت"
    return pronoun == "هم" or pronoun == ("ها" if feminine else "ه")


def _opens(words: Sequence[str], index: int, pauses: Sequence[bool]) -> bool:
    """Tell whether the verb begins its clause, with nobody before it who could do it."""
    if index == 0 or pauses[index - 1] or words[index - 1] == "وقد":
        return True
    before = re.sub("^[وفب](?=أ|ل)", "", words[index - 1])
    if before in ("أن", "ألا", "لم", "لن", "لا", "قد"):
        if index == 1 or pauses[index - 2]:
            return True
        head = re.sub("^[وف]", "", words[index - 2])
        return is_listed(head, "impersonal" if before in ("أن", "ألا") else "openers")
    return is_listed(before, "openers")
