"""What the rules of case ask of a verb in a sentence: whether it is one, and what it may have.

All of it is judged by letters, tables and the model's reading; nothing is changed here.
"""

from __future__ import annotations

import re
from functools import cache

from briefing.text.tables import context, verbs
from briefing.text.vowels.case_view import VOWELS, CaseView
from briefing.text.words.conjugation import FORM_III, active_readings
from briefing.text.words.passives import is_name, listed_verbs, passive_of, preposition_of
from briefing.text.words.verb_signs import is_verb, without_particle

__all__ = [
    "DEEMED",
    "LONGEST_NOUN",
    "NOT_FEMININE",
    "agrees_with",
    "goes_on",
    "is_describing_noun",
    "is_feminine_verb",
    "is_read_as_verb",
    "is_woman",
    "may_be_verb",
    "opens_clause",
    "says_that",
    "takes_object",
]

LONGEST_NOUN = 5
"""Words of a noun with its adjectives and name that are followed."""
DEEMED = re.compile("[وف]?(?:(?:[يت]عد|[يت]عتبر)|كان|كانت|[يت]كون|ليس|ليست|بات|باتت|أصبح|أصبحت)")
"""Verbs with a predicate: what something is deemed, was or became."""

NOT_FEMININE = frozenset(
    "نسوة خليفة علامة رحالة داعية طاغية نابغة راوية قادة طلبة قضاة دعاة ولاة حماة أئمة كافة سادة"
    " أساتذة عدة سبعة أربعة ثلاثة"
    " قراصنة بحارة مارة قناصة فراعنة أساقفة بطاركة صيادلة عباقرة جبابرة عمالقة سحرة"
    " خمسة ستة ثمانية تسعة عشرة".split()
)


def may_be_verb(view: CaseView, index: int) -> bool:
    """Return whether a word has the letters of a verb."""
    word = view.letters[index]
    if view.is_definite(index) or word.endswith("ة"):
        return False
    return bool(is_verb(word) or active_readings(word) or passive_of(word) is not None)


def is_describing_noun(view: CaseView, index: int) -> bool:
    """Return whether a noun says what the one before it is: الدُّوَلُ الْأَعْضَاءُ, الشَّرِكَةُ الْأُمُّ."""
    return (
        view.follows(index)
        and view.begins_with_article(index)
        and view.is_definite(index - 1)
        and view.stem(index) in context()["describing_nouns"]
        and view.stem(index - 1) in context()["described_by_nouns"]
    )


def says_that(view: CaseView, index: int) -> bool:
    """Return whether a clause with أن is what the verb takes."""
    return any(word in ("أن", "إن", "بأن") for word in view.letters[index : index + 6])


def goes_on(view: CaseView, place: int) -> bool:
    """Return whether a word may belong to a title: its adjective, its name."""
    if not view.follows(place):
        return False
    if view.begins_with_article(place):
        return True
    word = view.letters[place]
    if is_name(word):
        return True
    return not may_be_verb(view, place) and preposition_of(word) == ""


_WITH_OBJECT = ("transitive", "object", "visits", "with_object")


def takes_object(view: CaseView, index: int) -> bool:
    """Return whether a word is a verb that may have an object and has not its subject inside."""
    word = view.letters[index]
    bare = without_particle(word)
    forms = {word, bare}  # وَاجَهَ has its own و
    if index in view.passives or forms & verbs("no_object") or bare.endswith(("وا", "نا", "ون")):
        return False
    if any(forms & verbs(group) for group in (*_WITH_OBJECT, "two_letters")):
        return True
    return passive_of(word) is not None or _is_form_iii(bare)


def _is_form_iii(word: str) -> bool:
    """Return whether a word is a perfect of form III with an object: رَافَقَتْ."""
    return word in _forms_iii() or word.removesuffix("ت") in _forms_iii()


@cache
def _forms_iii() -> frozenset[str]:
    """Return the verbs like رافق: their passive has another letter, so `passive_of` knows none."""
    return frozenset(verb for verb in listed_verbs() if FORM_III.fullmatch(verb))


def is_feminine_verb(view: CaseView, index: int) -> bool:
    """Return whether a verb is of the 3rd person feminine: not تَسَلَّمَ and بَاتَ, which end in a."""
    word = view.letters[index]
    bare = without_particle(word)
    imperfect = view.follows(index) and view.letters[index - 1] in _BEFORE_IMPERFECT
    written = view.readings[index].written
    perfect = written.endswith("\u064e") or _LIKE_TABANNA.fullmatch(written) is not None
    perfect = perfect and not imperfect
    return (bare.endswith("ت") or bare[0] == "ت") and not perfect


_LIKE_TABANNA = re.compile("(?:[وف]\u064e)?ت\u064e[^\\Wت]\u064e(?:[^\\W]\u0651|ا[^\\W])\u064eى")
"""تَبَنَّى, تَفَادَى: the perfects of forms V and VI in ى."""


_BEFORE_IMPERFECT = frozenset(
    "أن وأن بأن لأن ألا وألا بألا لئلا لا ولا لن ولن لم ولم كي لكي حتى".split()
)


def is_woman(view: CaseView, index: int) -> bool:
    """Return whether a noun before or after a verb makes it feminine: not الْخَلِيفَةُ."""
    return view.is_feminine(index) and view.stem(index) not in NOT_FEMININE


def agrees_with(view: CaseView, verb: int, index: int) -> bool:
    """Return whether a noun behind a verb may be its subject by gender (Ryding 4.2.1, 7.1)."""
    feminine = is_feminine_verb(view, verb)
    return feminine == is_woman(view, index) or (feminine and view.is_broken_plural(index))


_FEMININE_PERFECT = re.compile("\u064eت[\u0650\u0652]$")
"""اِسْتَهْدَفَتِ الْمَوْقِعَ: not الْبَيْتِ, which has no a before its last letter."""


def is_read_as_verb(view: CaseView, index: int) -> bool:
    """Return whether the model reads a verb, no verbal noun: طَرَحَ, not طَرْحُ."""
    word, written = view.letters[index], view.readings[index].written
    if re.search("^[وف]?س?ي", word) or _FEMININE_PERFECT.search(written):
        return True
    if written.endswith("\u064f") and without_particle(word) in verbs("no_object"):
        return True  # تَنْخَفِضُ
    if word.endswith("ى"):  # اِلْتَقَى
        return any(without_particle(word) in verbs(group) for group in _WITH_OBJECT)
    form = passive_of(word)
    if form is not None and form.imperfect and written.endswith(("\u064f", "\u064e", "\u0652")):
        return not word.endswith(("ه", "ها", "هم"))  # تَسْتَهْدِفُ, not تَقَلُّبَاتِهِمُ
    return written.endswith("\u064e") and not (
        "\u0652" in written and len(without_particle(word)) < 4
    )  # وَدَفْعَ


def opens_clause(view: CaseView, index: int) -> bool:
    """Return whether a word is read as a verb that no word before it governs.

    رَفَضَ طَلَبَ الدِّفَاعِ: طلب is no verb here.
    """
    if not is_read_as_verb(view, index):
        return False
    word = view.letters[index]
    return (
        not view.follows(index)
        or word[0] in "وف"
        or (word.removeprefix("س")[0] in "يت" and view.readings[index].written[-1:] == VOWELS[0])
        or view.letters[index - 1] in _BEFORE_VERBS
    )


_BEFORE_VERBS = frozenset(
    "أن قد وقد لقد لم لن لا ما ثم كما حيث بعدما عندما حين فيما بينما لما إذ الذي التي كي"
    " سوف".split()
)
