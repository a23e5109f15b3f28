"""Rules of case for adjectives, which agree with their noun (Ryding 2005, 10.1, 8.1.5).

Each says how many times likelier it makes a case (case_view.CaseView.favour).
"""

from __future__ import annotations

import re
from dataclasses import replace

from briefing.text.characters import FATHA, SHADDA
from briefing.text.tables import context
from briefing.text.vowels.case_view import (
    ACCUSATIVE,
    GENITIVE,
    MOSTLY,
    NOMINATIVE,
    RATHER,
    SURELY,
    TANWIN,
    VOWELS,
    CaseRule,
    CaseView,
)
from briefing.text.vowels.names import first_names
from briefing.text.vowels.verbs_in_view import DEEMED, NOT_FEMININE, may_be_verb
from briefing.text.words.noun_signs import may_be_diptote
from briefing.text.words.passives import is_name, preposition_of

__all__ = ["ADJECTIVE_RULES", "FEMININE_NISBA", "agree", "follow"]

_QUANTITIES = frozenset("العديد الكثير القليل المزيد البعض".split())


def _adjective_of_decided(view: CaseView, index: int) -> None:
    """الْمَادَّةُ الْخَامِسَةُ: an adjective goes with its noun into the case that a rule asked for.

    Ryding 2005, 10.1: noun and adjective agree in case.
    """
    before = index - 1
    if before not in view.decided or not view.follows(index):
        return
    if index in view.decided:  # اِحْتَلَّ الْفَرِيقُ الْمَرْكَزَ
        return
    if not (view.begins_with_article(before) and view.begins_with_article(index)):
        return
    if view.stem(before).endswith("ات"):  # its i is either case
        return
    if view.is_like_adjective(index) and view.may_agree(before, index):
        follow(view, before, index)


def _adjective_of_head(view: CaseView, index: int) -> None:
    """وَزِيرَةُ الْعَدْلِ السَّابِقَةُ: not being of the genitive's gender it is of the noun before that.

    Ryding 2005, 8.1.5 (modifiers of the first term).
    """
    if not (view.follows(index) and view.begins_with_article(index) and index > 1):
        return
    before = index - 1
    if not view.begins_with_article(before) or not view.is_like_adjective(index):
        return
    if index in view.decided:  # اِسْتَقْبَلَ وَزِيرُ الْخَارِجِيَّةِ السَّفِيرَ
        return
    of_people = _PEOPLE.fullmatch(view.stem(before)) and not view.letters[index].endswith("ون")
    if (view.may_agree(before, index) and not of_people) or view.letters[index] in _QUANTITIES:
        return
    head = _head_of_genitive(view, before)
    if head is not None and view.may_agree(head, index):
        follow(view, head, index)


_PEOPLE = re.compile("وزراء|أعضاء|أعيان|أمناء|سفراء|علماء|خبراء|زعماء|شركاء|نواب|أعمال")
"""Plurals of people, whose adjective is plural: رَئِيسُ الْوُزَرَاءِ الْإِسْبَانِيُّ."""


def _adjective_with_genitive(view: CaseView, index: int) -> None:
    """كِتَابًا ذَائِعَ الصِّيتِ: an adjective with a genitive goes with the noun before it.

    Ryding 2005, 8.1.6: it has neither article nor tanwin.
    """
    before, after = index - 1, index + 1
    if not (view.follows(index) and view.follows(after) and view.begins_with_article(after)):
        return
    if (
        view.is_definite(index)
        or view.letters[index].removesuffix("ة") not in context()["describes"]
    ):
        return
    case = view.case(before)
    noun = view.readings[before].written
    is_open = noun.endswith("\u064bا")
    if case == NOMINATIVE and noun[-1:] in VOWELS and _is_triptote(view, before):
        view.add_tanwin(before)  # وَفْدٌ رَفِيعُ الْمُسْتَوَى
        noun = view.readings[before].written
    if noun[-1:] not in TANWIN and not is_open:
        return
    if view.stem(before).endswith("ات") and case == GENITIVE and not _is_governed(view, before):
        case = ACCUSATIVE  # وَجَّهَتْ إِلَيْهِ انْتِقَادَاتٍ شَدِيدَةَ اللَّهْجَةِ
    view.favour(index, ACCUSATIVE if is_open or case is None else case, MOSTLY)


def _is_governed(view: CaseView, index: int) -> bool:
    """Return whether something may have a noun without article as its genitive."""
    word = view.letters[index]
    if not view.follows(index):
        return word[0] in "بلك"
    before = index - 1
    is_noun = view.is_noun(before) and not may_be_verb(view, before)
    return bool(preposition_of(view.letters[before]) or preposition_of(word)) or is_noun


def _nisba_of_noun(view: CaseView, index: int) -> None:
    """نَبَاتٌ لِيفِيٌّ: behind a noun with tanwin, ـي is the nisba's (Ryding 2005, 5.4, 10.1).

    An indefinite قَاضٍ has no ي, and "my" would leave the noun without tanwin.
    """
    before = index - 1
    written = view.readings[index].written
    if not view.follows(index) or not written.endswith("\u0650ي") or len(view.letters[index]) < 4:
        return
    if _is_no_nisba(view.letters[index]):  # غَيْرُ صَحِيحٍ وَسَيُؤَدِّي إِلَى
        return
    if view.follows(index + 1) and view.begins_with_article(index + 1):
        return  # وَفْدٌ لِتَقَصِّي الْحَقَائِقِ
    noun = view.readings[before].written
    is_plural = view.words[index].exact  # مُتَرْجَمَةٍ لِمَعَانِي الْقُرْآنِ
    if is_plural or is_name(view.letters[before]) or view.letters[before] in first_names():
        return
    case = ACCUSATIVE if noun.endswith("\u064bا") else view.case(before)
    if view.is_definite(index) or case in (None, ACCUSATIVE) or noun[-1:] not in TANWIN:
        return
    ending = "\u0651" + TANWIN[case]
    view.readings[index] = replace(
        view.readings[index], written=written + ending, rule=view.rule, ending_sure=False
    )


def _is_no_nisba(letters: str) -> bool:
    """Return whether ـي ends a word with و, a verb, or a plural before its genitive."""
    if letters[0] == "و":
        return letters not in context()["own_waw"]
    if letters[0] in "يت":
        return "ا" not in letters and letters not in context()["nisbas_like_verbs"]
    return letters.endswith("يي")


def _indefinite_adjective(view: CaseView, index: int) -> None:
    """نَظَرِيَّاتٌ مُخْتَلِفَةٌ: after a noun with tanwin (Ryding 2005, 10.1).

    Behind a passive it is the subject's: لَمْ تُسَجَّلْ خُرُوقَاتٌ أَمْنِيَّةٌ.
    """
    before = index - 1
    if not view.follows(index) or view.is_definite(index) or view.is_definite(before):
        return
    if index in view.decided:
        return
    both = all(view.readings[place].written[-1:] in TANWIN for place in (before, index))
    if both and view.is_like_adjective(index) and view.may_agree(before, index):
        governed = preposition_of(view.letters[before])  # أُصِيبَ بِمَرَضٍ حَادٍّ
        deemed = before > 0 and DEEMED.fullmatch(view.letters[before - 1])  # يُعَدُّ تُحْفَةً فَنِّيَّةً
        if before - 1 in view.passives and not (governed or deemed):
            view.favour(index, NOMINATIVE, MOSTLY)
        else:
            agree(view, before, index, RATHER)


def _tanwin_of_pair(view: CaseView, index: int) -> None:
    """فِيلْمٌ تُونِسِيٌّ: of an indefinite noun and its adjective in one case both have tanwin.

    A noun without tanwin would have a genitive (Ryding 2005, 7.2.1, 8.1.1, 10.1).
    """
    before, after = index - 1, index + 1
    if not view.follows(index) or view.is_definite(index) or view.is_definite(before):
        return
    noun, adjective = view.readings[before].written, view.readings[index].written
    is_plural = _NISBA_PLURAL.search(adjective) is not None
    both = view.case(before) == NOMINATIVE and (is_plural or view.case(index) == NOMINATIVE)
    if not both or not view.is_noun(before):
        return
    likely = view.is_like_adjective(index) or view.chances(index)[NOMINATIVE] > _LIKELY
    if not (is_plural or (likely and view.may_agree(before, index))):
        return
    if noun[-1] in VOWELS and (is_plural or adjective[-1] in TANWIN):
        if _is_triptote(view, before):
            view.add_tanwin(before)
    elif noun[-1] in TANWIN and _NISBA.search(adjective):
        in_construct = (
            view.follows(after) and view.is_definite(after) and view.case(after) == GENITIVE
        )
        if not in_construct:  # رَجُلٌ عَرَبِيُّ الْأَصْلِ
            view.add_tanwin(index)


_LIKELY = 0.8
_NISBA = re.compile("\u0650ي\u0651[\u064e\u064f]$")
_NISBA_PLURAL = re.compile("\u0650ي\u0651\u064fون\u064e$")


def _is_triptote(view: CaseView, index: int) -> bool:
    """Return whether a nominative is a noun that may have tanwin, and no imperfect or name."""
    word = view.letters[index]
    if not view.is_noun(index) or (_LIKE_IMPERFECT.match(word) and may_be_verb(view, index)):
        return False
    is_known = is_name(word) or word in first_names() or may_be_diptote(word)
    return view.shows_case(index) and not is_known


_LIKE_IMPERFECT = re.compile("[وف]?س?[يتنأ]")


def _doubled_adjective(view: CaseView, index: int) -> None:
    """إِضْرَابٌ عَامٌّ: عَامّ and خَاصّ with shadda are no genitive of the noun before them."""
    before = index - 1
    if not view.follows(index) or not _DOUBLED.fullmatch(view.letters[index]):
        return
    if (
        view.is_definite(before)
        or view.case(before) != NOMINATIVE
        or not _is_triptote(view, before)
    ):
        return
    if view.follows(index + 1) and view.is_definite(index + 1):
        return  # مُدِيرُ عَامِّ الشَّرِكَةِ
    written = view.readings[index].written
    if view.case(index) == GENITIVE and SHADDA in written and view.may_agree(before, index):
        view.favour(index, NOMINATIVE, SURELY)
        if view.case(index) == NOMINATIVE and view.readings[before].written[-1] in VOWELS:
            view.add_tanwin(before)


_DOUBLED = re.compile("(?:عام|خاص|حاد|هام|جاد|تام)ة?")


def _adjective_of_diptote(view: CaseView, index: int) -> None:
    """عَلَى مَوَاقِعَ اسْتِرَاتِيجِيَّةٍ: a plural without tanwin has a for i, and its adjective has the i.

    With i it would have a genitive behind it (Ryding 2005, 5.4.2.2, 7.5.4.2).
    """
    before = index - 1
    if not view.follows(index) or view.is_definite(index) or view.is_definite(before):
        return
    plural = view.letters[before]
    if not _PLURAL.fullmatch(plural) or not FEMININE_NISBA.fullmatch(view.letters[index]):
        return
    is_noun = view.letters[index] in context()["nouns_in_iyya"]  # مَزَارِعِ تَرْبِيَةِ الْمَاشِيَةِ
    if is_noun or view.letters[index] == "ثمانية" or not view.may_agree(before, index):
        return
    reading = view.readings[before]
    governed = plural[0] in "بل" or (
        view.follows(before) and preposition_of(view.letters[before - 1])
    )
    if view.case(before) == GENITIVE and view.case(index) == GENITIVE:
        written = reading.written[:-1] + VOWELS[ACCUSATIVE]
        view.readings[before] = replace(reading, written=written, rule=view.rule)
    elif view.case(before) == view.case(index) == ACCUSATIVE and governed:
        view.favour(index, GENITIVE, SURELY)


FEMININE_NISBA = re.compile("(?![لكوف])[^\\W]{2,}ية")
_PLURAL = re.compile("[وف]?[بل]?[^\\W]{2}ا[^\\W]ي?[^\\Wةاىي]")


def _ordinal_of_two_parts(view: CaseView, index: int) -> None:
    """الدَّوْرَةُ الْخَامِسَةَ عَشْرَةَ: both parts of an ordinal from 11 to 19 always end in a (15.6)."""
    ten = index + 1
    if not view.follows(ten) or view.letters[ten] not in ("عشر", "عشرة"):
        return
    if not _UNIT.fullmatch(view.letters[index]):
        return
    for place in (index, ten):
        if view.shows_case(place):
            view.settle(place, ACCUSATIVE, (0.0, 1.0, 0.0))
    noun, adjective = index - 1, ten + 1
    if noun < 0 or not (view.follows(adjective) and view.begins_with_article(noun)):
        return
    is_adjective = view.begins_with_article(adjective) and view.is_like_adjective(adjective)
    if is_adjective and view.may_agree(noun, adjective):  # فِي الْقَرْنِ التَّاسِعَ عَشَرَ الْمِيلَادِيِّ
        follow(view, noun, adjective)


_UNIT = re.compile("ال(?:حادية|ثانية|ثالثة?|رابعة?|خامسة?|سادسة?|سابعة?|ثامنة?|تاسعة?)")


def _ordinal_of_noun(view: CaseView, index: int) -> None:
    """كَانَ الْمَرْكَزُ الْأَوَّلُ: an ordinal with the article is an adjective (Ryding 2005, 15.6).

    Behind a genitive it may be the first noun's.
    """
    before = index - 1
    if not view.follows(index) or not _ORDINAL.fullmatch(view.letters[index]):
        return
    if not view.begins_with_article(before) or not view.may_agree(before, index):
        return
    if before and view.follows(before) and view.is_noun(before - 1):
        return
    agree(view, before, index, RATHER)


_ORDINAL = re.compile("ال(?:أول|أولى|ثالثة?|رابعة?|خامسة?|سادسة?|سابعة?|ثامنة?|تاسعة?|عاشرة?)")


def _defective_adjective(view: CaseView, index: int) -> None:
    """الْعَامَ الْمَاضِيَ: an adjective in ي shows the accusative alone (Ryding 2005, 5.4.1, 10.1)."""
    before, reading = index - 1, view.readings[index]
    if not view.follows(index) or not _DEFECTIVE.fullmatch(view.letters[index]):
        return
    if not reading.written.endswith("\u0650ي") or not view.begins_with_article(before):
        return
    if view.case(before) == ACCUSATIVE and view.may_agree(before, index):
        view.readings[index] = replace(reading, written=reading.written + FATHA, rule=view.rule)


_DEFECTIVE = re.compile("ال[^\\W]ا[^\\W]ي")


def _other_than(view: CaseView, index: int) -> None:
    """الصَّادِرَاتُ غَيْرُ النَّفْطِيَّةِ: "other than" with an adjective describes the noun before it.

    Behind the article it has the noun's case, and the adjective is its genitive (10.6).
    """
    noun, adjective = index - 1, index + 1
    if view.letters[index] != "غير" or not (view.follows(index) and view.follows(adjective)):
        return
    if not (view.begins_with_article(noun) and view.begins_with_article(adjective)):
        return
    follow(view, noun, index)
    cases = view.readings[noun].cases
    if (
        noun in view.decided
        and view.stem(noun).endswith("ات")
        and cases[ACCUSATIVE] > cases[GENITIVE]
    ):
        view.settle(index, ACCUSATIVE, cases)  # يَدْعَمُ الْبَنْكُ الشَّرِكَاتِ غَيْرَ الْحُكُومِيَّةِ
    view.favour(adjective, GENITIVE, SURELY)


ADJECTIVE_RULES: tuple[CaseRule, ...] = (
    _adjective_of_decided,
    _adjective_of_head,
    _adjective_with_genitive,
    _nisba_of_noun,
    _indefinite_adjective,
    _tanwin_of_pair,
    _other_than,
    _doubled_adjective,
    _adjective_of_diptote,
    _ordinal_of_noun,
    _ordinal_of_two_parts,
    _defective_adjective,
)
"""In the order in which they run, each over the whole sentence."""


def agree(view: CaseView, head: int, index: int, times: float) -> None:
    """Write two words in the same case, the one that both together make likeliest.

    The surer of them lends its chance, no more: the model sees both by the same letters.
    """
    if not view.shows_case(index) or not view.shows_case(head):
        follow(view, head, index)
        return
    of, by = view.chances(head), view.chances(index)
    case = max(range(3), key=lambda at: of[at] * by[at])
    if view.vowel_of(head, case) == view.case(head) and view.vowel_of(index, case) == view.case(
        index
    ):
        return
    for place, own, other in ((head, of, by), (index, by, of)):
        if view.vowel_of(place, case) == view.case(place):
            continue
        chances = [own[at] * (other[at] * times + 1 - other[at]) for at in range(3)]
        total = sum(chances) or 1.0
        view.settle(place, case, (chances[0] / total, chances[1] / total, chances[2] / total))
    if head in view.decided and index not in view.decided:
        follow(view, head, index)  # ضَرَبَتِ الْمَدِينَةَ عَاصِفَةٌ شَدِيدَةٌ


def follow(view: CaseView, head: int, index: int) -> None:
    """Write a word in the case of another one, as sure as that is."""
    case = view.case(head)
    if case is None or not view.shows_case(index):
        return
    if view.shows_case(head):
        if view.case(index) != case:
            view.settle(index, case, view.chances(head))
    elif view.words[head].vowels[-1]:  # the author's or a number's
        view.favour(index, case, SURELY)


def _head_of_genitive(view: CaseView, index: int) -> int | None:
    """Return the place of the noun that a definite genitive follows, None where it follows none."""
    for place in range(index - 1, max(-1, index - 3), -1):
        if view.pauses[place]:
            return None
        if not view.is_definite(place):
            is_singular = view.letters[place].lstrip("وفبل") not in NOT_FEMININE
            return (
                place
                if is_singular and view.is_noun(place) and not may_be_verb(view, place)
                else None
            )
        if not view.begins_with_article(place):
            return None
    return None
