"""Rules of case for a noun and its genitive: which word is one, and what has no tanwin before it.

Ryding 2005, 5.4, 8.1, 15, 16. Each rule says how many times likelier it makes a case
(case_view.CaseView.favour).
"""

from __future__ import annotations

import re
from dataclasses import replace

from briefing.text.tables import context
from briefing.text.vowels.case_view import (
    GENITIVE,
    MOSTLY,
    NOMINATIVE,
    SURELY,
    VOWELS,
    CaseRule,
    CaseView,
    case_of_owned,
)
from briefing.text.vowels.names import first_names
from briefing.text.vowels.verbs_in_view import may_be_verb
from briefing.text.words.noun_signs import begins_with_own, may_be_diptote
from briefing.text.words.passives import is_listed, is_name, noun_kind, preposition_of

__all__ = ["CONSTRUCT_RULES"]


def _millions_of(view: CaseView, index: int) -> None:
    """خَمْسَةُ مَلَايِينِ دُولَارٍ: a diptote with a genitive has i (Ryding 2005, 7.5.4.2)."""
    reading = view.readings[index]
    if view.letters[index] == "مليارات" and view.follows(index + 1):
        noun = view.letters[index + 1]
        if view.case(index + 1) == GENITIVE and noun[0] != "و" and not preposition_of(noun):
            view.make_construct(index)  # ثَمَانِيَةُ مِلْيَارَاتِ نَسَمَةٍ
        return
    if view.letters[index] not in ("ملايين", "بلايين") or not reading.written.endswith("\u064e"):
        return
    following = index + 1
    if not (view.follows(index) and view.follows(following)):
        return
    number = re.sub("^[وف]?[بل](?=خمس|ست|سبع|ثما|تسع|ثلاث|أربع|عشر)", "", view.letters[index - 1])
    counted = is_listed(number, "before_counted") or number in (
        "أربعة",
        "بضعة",
    )
    word = view.letters[following]
    is_noun = view.case(following) is not None or word in ("يورو", "كيلو")
    if counted and is_noun and not preposition_of(word) and word[0] != "و":
        written = reading.written[:-1] + VOWELS[GENITIVE]
        view.readings[index] = replace(reading, written=written, rule=view.rule)


def _after_construct(view: CaseView, index: int) -> None:
    """مَنْزِلَ الْمُشْتَبَهِ بِهِ: after a noun with neither article nor tanwin the genitive follows.

    Ryding 2005, 8.1.1. Only of persons named by a participle, which the model reads as a subject.
    """
    before = index - 1
    if not (view.follows(index) and view.begins_with_article(index) and view.is_noun(before)):
        return
    if view.readings[before].written[-1] not in VOWELS or may_be_verb(view, before):
        return
    word = view.letters[before]
    lists = ("times", "adverbs", "prepositions")
    if is_name(word) or word in first_names() or any(is_listed(word, name) for name in lists):
        return
    if view.case(index) == NOMINATIVE and _PARTICIPLE.fullmatch(view.stem(index)):
        view.favour(index, GENITIVE, MOSTLY)


def _after_adverb(view: CaseView, index: int) -> None:
    """دَاخِلَ حَاوِيَةِ فَوَاكِهَ: behind an adverb of place or time stands a genitive (Ryding 16.3)."""
    if not view.follows(index) or view.case(index) in (None, GENITIVE):
        return
    if view.readings[index - 1].written.removeprefix("وَ") not in _ADVERBS:
        return
    word = view.letters[index]
    is_noun = view.is_noun(index) and not (word[0] == "أ" or may_be_diptote(word))  # بَعْدَ أَقَلَّ مِنْ
    if is_noun or view.begins_with_article(index):
        view.favour(index, GENITIVE, MOSTLY)


_ADVERBS = frozenset(
    "دَاخِلَ خَارِجَ أَمَامَ وَرَاءَ تَحْتَ فَوْقَ ضِدَّ خِلَالَ عَقِبَ إِثْرَ حَوْلَ دُونَ قُرْبَ وَسَطَ ضِمْنَ بَعْدَ قَبْلَ بَيْنَ عِنْدَ".split()
)


_PARTICIPLE = re.compile("مشتبه|متهم|مدان|محتجز|معتقل|مفقود|مطلوب|مختطف|مصاب")


def _genitive_of_defective(view: CaseView, index: int) -> None:
    """وَالِي الْوِلَايَةِ, قَاضِي التَّحْقِيقِ: in ي, which shows no case, without article before a noun with it.

    So that is its genitive (Ryding 2005, 5.4.3, 8.1).
    """
    before = index - 1
    if not view.follows(index) or not view.begins_with_article(index):
        return
    word = view.letters[before]
    if {word, word[1:]} & context()["defective_agents"] and view.case(before) is None:
        view.favour(index, GENITIVE, SURELY)


def _construct_before_genitive(view: CaseView, index: int) -> None:
    """دَقِيقَةَ صَمْتٍ: a noun that is not genitive has no tanwin before a genitive.

    An adjective would have its case, so what follows is its genitive (Ryding 2005, 8.1).
    """
    following = index + 1
    if view.readings[index].written.endswith("\u064bى"):
        _construct_in_alif(view, index)
    if not view.follows(following) or view.case(index) is None:
        return
    if view.case(index) == GENITIVE and not _is_thing(view, following):
        return
    written = view.readings[following].written
    word = view.letters[following]
    of_many = view.letters[index].endswith("ات") and word.endswith("ية")
    if of_many or word in ("شبه", "عرب", "أجانب"):
        return  # تَدْرِيبَاتٍ عَمَلِيَّةٍ, رِجَالِ قَانُونٍ عَرَبٍ
    is_genitive = written.endswith("\u064d") and not view.is_definite(following)
    is_alone = word[0] not in "وبلك" or begins_with_own(word)
    if is_genitive and is_alone and not preposition_of(word):
        view.make_construct(index)


def _is_thing(view: CaseView, index: int) -> bool:
    """Return whether a word is a noun of the tables and no adjective: فِي انْفِجَارِ لَغْمٍ."""
    word = view.letters[index]
    nouns = context()["nouns_in_iyya"] | context()["never_adjectives"]
    is_adjective = view.is_like_adjective(index) and word not in nouns
    return noun_kind(word) in ("thing", "agent") and not is_adjective


def _construct_in_alif(view: CaseView, index: int) -> None:
    """رَفْعُ مُسْتَوَى مَعِيشَةِ الْأُسَرِ: neither has one that ends in ى, whose case does not show."""
    following = index + 1
    if not view.follows(following) or preposition_of(view.letters[following]):
        return
    word, written = view.letters[following], view.readings[following].written
    is_adjective = view.is_like_adjective(following) and view.may_agree(index, following)
    if case_of_owned(written) == GENITIVE:  # مُسْتَوَى مَعِيشَتِهِمْ
        is_adjective, written = False, VOWELS[GENITIVE]
    if written[-1] in "\u0650\u064d" and word[0] not in "وبلك" and not is_adjective:
        reading = view.readings[index]
        view.readings[index] = replace(reading, written=reading.written[:-2] + "\u064eى")


def _thousand_of(view: CaseView, index: int) -> None:
    """أَلْفِ مُتَطَوِّعٍ: a hundred, a thousand and a million have a genitive (Ryding 2005, 15.5)."""
    following = index + 1
    if view.letters[index] not in _SCALES or not view.follows(following):
        return
    word, written = view.letters[following], view.readings[following].written
    if word.startswith("و"):
        return  # أَلْفٍ وَتِسْعِمِئَةٍ: what is added is not what is counted
    is_noun = not view.is_definite(following) and not preposition_of(word)
    if is_noun and written.endswith("\u064d"):
        view.make_construct(index)


_SCALES = frozenset(
    front + scale
    for front in ("", "و", "ب", "ل")
    for scale in ("ألف", "مئة", "مائة", "مليون", "مليار")
)


def _genitive_of_amount(view: CaseView, index: int) -> None:
    """عَشَرَاتِ الْمُشْتَبَهِ بِهِمْ: what dozens and most are of is genitive (Ryding 2005, 15.1)."""
    is_amount = {view.letters[index], view.letters[index - 1]} <= context()["large_amounts"]
    is_of_noun = (view.begins_with_article(index) or is_amount) and view.is_noun(index - 1)
    if view.follows(index) and is_of_noun and view.letters[index - 1] in _AMOUNTS:
        view.favour(index, GENITIVE, SURELY)


_AMOUNTS = frozenset(
    "عشرات مئات آلاف ملايين مليارات بعض معظم أغلب غالبية كل جميع كافة أحد إحدى".split()
)


def _genitive_of_joined(view: CaseView, index: int) -> None:
    """لِمُسْتَثْمِرٍ: nor has a noun behind لِ or بِ, joined to it, a nominative (Ryding 2005, 16.2)."""
    word = view.letters[index]
    if word[0] not in "لب" or view.is_definite(index) or noun_kind(word[1:]) == "unknown":
        return
    joined = view.readings[index].written.startswith(f"{word[0]}\u0650")
    is_nominative = view.case(index) == NOMINATIVE and view.shows_case(index)
    if joined and noun_kind(word) == "unknown" and is_nominative:
        view.settle(index, GENITIVE, (0.0, 0.0, 1.0))


def _genitive_of_any(view: CaseView, index: int) -> None:
    """أَيُّ دَلِيلٍ: what any is of is genitive (Ryding 2005, 15.3); أَيْ with sukun is "that is"."""
    if not view.follows(index) or view.letters[index - 1].lstrip("وفبكل") != "أي":
        return
    if "\u0651" not in view.readings[index - 1].written:
        return
    if view.is_noun(index):
        if not may_be_diptote(view.letters[index]):  # بِأَيِّ حَوَافِزَ
            view.favour(index, GENITIVE, SURELY)
    elif view.letters[index] in _OF_THEM and view.readings[index - 1].written[-1] in VOWELS:
        view.add_tanwin(index - 1)


_OF_THEM = ("من", "منهم", "منها", "منهما", "منا", "منكم")
"""أَيٌّ مِنْهُمْ: without its genitive it has tanwin."""


CONSTRUCT_RULES: tuple[CaseRule, ...] = (
    _millions_of,
    _genitive_of_amount,
    _genitive_of_any,
    _genitive_of_joined,
    _after_construct,
    _after_adverb,
    _genitive_of_defective,
    _construct_before_genitive,
    _thousand_of,
)
"""In the order in which they run, each over the whole sentence."""
