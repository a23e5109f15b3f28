"""Rules of case for what two nouns name together, and for what describes a noun in fixed phrases.

They run before the rules of adjectives, which would take the genitive for what is described.
"""

from __future__ import annotations

import re
from dataclasses import replace

from briefing.text.tables import context
from briefing.text.vowels.case_adjectives import FEMININE_NISBA, follow
from briefing.text.vowels.case_view import (
    ACCUSATIVE,
    GENITIVE,
    NOMINATIVE,
    SURELY,
    TANWIN,
    VOWELS,
    CaseRule,
    CaseView,
)
from briefing.text.vowels.verbs_in_view import (
    is_describing_noun,
    is_feminine_verb,
    opens_clause,
    takes_object,
)
from briefing.text.words.noun_signs import is_plural_subject, may_be_diptote
from briefing.text.words.passives import preposition_of

__all__ = ["COMPOUND_RULES"]


def _dual_with_a(view: CaseView, index: int) -> None:
    """الْمُنْتَخَبَيْنِ: a dual has i behind its n, a plural i before its y (Ryding 2005, 5.4)."""
    reading = view.readings[index]
    is_open = not view.words[index].vowels[-1]  # no author's الْأَعْلَيْنَ
    if is_open and _MIXED.search(reading.written) and view.begins_with_article(index):
        written = _MIXED.sub("\u064eي\u0652ن\u0650", reading.written)
        view.readings[index] = replace(reading, written=written, rule=view.rule)


def _adjectives_of_dual(view: CaseView, index: int) -> None:
    """الْوَزِيرَيْنِ الْفَرَنْسِيَّ وَالْأَلْمَانِيَّ: one adjective for each of two (Ryding 2005, 5.1, 10.1)."""
    before, after = index - 1, index + 1
    if not (
        view.follows(index) and view.follows(after) and _DUAL.search(view.readings[before].written)
    ):
        return
    both = _SINGLE_NISBA.fullmatch(view.letters[index]) and view.begins_with_article(before)
    if not both or not _SINGLE_NISBA.fullmatch(view.letters[after].removeprefix("و")):
        return
    if not view.letters[after].startswith("وال"):
        return
    chances = view.chances(index)
    case = GENITIVE if chances[GENITIVE] > chances[ACCUSATIVE] else ACCUSATIVE
    view.favour(index, case, SURELY)
    follow(view, index, after)


_MIXED = re.compile("\u064eي\u0652?ن\u064e$")
_DUAL = re.compile("\u064eي\u0652ن\u0650$")
_SINGLE_NISBA = re.compile("ال[^\\W]{2,}ية?")


def _short_adjective_of_plural(view: CaseView, index: int) -> None:
    """مَسْؤُولُونَ كِبَارٌ: the plural shows its case (Ryding 2005, 5.4.2.1, 10.1)."""
    if not view.follows(index) or view.letters[index] not in context()["short_adjectives"]:
        return
    if not is_plural_subject(view.letters[index - 1]) or view.letters[index - 1][-1] != "ن":
        return
    view.favour(index, NOMINATIVE, SURELY)
    if view.shows_case(index) and view.readings[index].written[-1] == VOWELS[NOMINATIVE]:
        view.add_tanwin(index)


def _person_of_trade(view: CaseView, index: int) -> None:
    """رَجُلِ أَعْمَالٍ: two words for one thing, the second a genitive (Ryding 2005, 8.1.1)."""
    before = index - 1
    if not view.follows(index) or view.letters[index] not in context()["trades"]:
        return
    if view.stem(before) not in context()["people_of_trades"] or view.is_definite(before):
        return
    if not (view.shows_case(before) and view.shows_case(index)):
        return  # the author's
    view.make_construct(before)
    view.favour(index, GENITIVE, SURELY)
    has_genitive = view.follows(index + 1) and view.is_definite(index + 1)  # أَمْنِ الدَّوْلَةِ
    if view.readings[index].written[-1:] == VOWELS[GENITIVE] and not has_genitive:
        view.add_tanwin(index)


def _adjective_of_indefinite_head(view: CaseView, index: int) -> None:
    """قَالَ رَجُلُ أَعْمَالٍ سُعُودِيٌّ: a masculine singular is of the noun before a plural's genitive.

    Ryding 2005, 8.1.5, 10.1.
    """
    before, head = index - 1, index - 2
    if head < 0 or not (view.follows(index) and view.follows(before)):
        return
    if any(map(view.is_definite, (head, before, index))) or view.case(before) != GENITIVE:
        return
    stem = view.stem(before)
    is_genitive = view.readings[head].written[-1:] in VOWELS and view.is_noun(head)
    if not is_genitive or not _PLURAL_OF_GENITIVE.fullmatch(stem):
        return
    adjective = view.letters[index]
    if _SINGULAR_ADJECTIVE.fullmatch(adjective) and view.may_agree(head, index):
        follow(view, head, index)
        view.decided.add(index)


_PLURAL_OF_GENITIVE = re.compile("(?!أستاذ)أ[^\\W]{2}ا[^\\W]|(?![إا])[^\\W]{3}اء")
_SINGULAR_ADJECTIVE = re.compile(
    "[^\\W]{3,}ي|[^\\W]{2}ي[^\\Wةا]|[^\\W]ا[^\\W]{2}|م[^\\W]{2}و[^\\W]"
)


def _round_before_final(view: CaseView, index: int) -> None:
    """إِلَى الدَّوْرِ نِصْفِ النِّهَائِيِّ: with its genitive it describes the round.

    Ryding 2005, 8.1.6.
    """
    before, after = index - 1, index + 1
    if not (view.follows(index) and view.follows(after)):
        return
    if view.letters[index] not in _PARTS or not _FINAL.fullmatch(view.letters[after]):
        return
    if _ROUND.fullmatch(view.letters[before]):
        follow(view, before, index)


_PARTS = frozenset("نصف ربع ثمن".split())
_FINAL = re.compile("النهائية?")
_ROUND = re.compile("[وف]?(?:[بك]?ال|لل)(?:دور|أدوار|مباراة|مباريات|مواجهة|جولة)")


def _noun_that_describes(view: CaseView, index: int) -> None:
    """الدُّوَلُ الْأَعْضَاءُ: a noun that says what another one is has its case (Ryding 2005, 11.2)."""
    if is_describing_noun(view, index):
        follow(view, index - 1, index)


def _goods_behind_place(view: CaseView, index: int) -> None:
    """مُسْتَوْدَعِ أَخْشَابٍ: a plural of the pattern أفعال or أفعلة has tanwin, or a genitive of its own.

    So with a bare vowel and nothing behind it, it is the genitive of the noun before it (Ryding
    2005, 5.4.2, 8.1.1). So is one without tanwin behind what holds it: حَاوِيَةِ فَوَاكِهَ.
    """
    before, after = index - 1, index + 1
    if not view.follows(index) or view.readings[index].written[-1:] != VOWELS[ACCUSATIVE]:
        return
    if view.follows(after) and not preposition_of(view.letters[after]):
        return
    if view.readings[before].written[-1:] not in TANWIN or not view.is_noun(before):
        return
    if _AFAAL.fullmatch(view.letters[index]) and view.shows_case(index):
        if not (view.is_like_adjective(before) and _describes_noun(view, before)):
            view.make_construct(before)
            view.favour(index, GENITIVE, SURELY)
            if view.case(index) == GENITIVE:
                view.add_tanwin(index)
    elif may_be_diptote(view.letters[index]) and view.letters[before] in context()["holds_goods"]:
        view.make_construct(before)


def _describes_noun(view: CaseView, index: int) -> bool:
    return view.follows(index) and view.readings[index - 1].written[-1:] in TANWIN


_AFAAL = re.compile("أ(?!شياء)[^\\W]{2}ا[^\\W]|أ[^\\W]{3}ة")


def _pair_before_object(view: CaseView, index: int) -> None:
    """اِتَّهَمَتْ مُنَظَّمَاتٌ حُقُوقِيَّةٌ الْجَيْشَ: behind a subject and its adjective, both indefinite, the object.

    Neither has a genitive, so both have tanwin (Ryding 2005, 7.2.1, 7.5.1, 10.1).
    """
    noun, verb, following = index - 1, index - 2, index + 1
    if index < 2 or not all(map(view.follows, (noun, index, following))) or verb in view.passives:
        return
    if not FEMININE_NISBA.fullmatch(view.letters[index]) or not view.may_agree(noun, index):
        return
    if not view.is_noun(noun) or not view.begins_with_article(following):
        return
    if view.stem(following) in context()["said_of"] or view.case(noun) != NOMINATIVE:
        return
    if _SINGLE_NISBA.fullmatch(view.letters[following]):
        return  # an adjective of the genitive before it
    is_verb = takes_object(view, verb) and opens_clause(view, verb)
    if not is_verb or not is_feminine_verb(view, verb) or not view.shows_case(index):
        return
    view.favour(index, NOMINATIVE, SURELY)
    for place in (noun, index):
        is_bare = view.readings[place].written[-1:] == VOWELS[NOMINATIVE]
        if is_bare and (place == index or not may_be_diptote(view.letters[place])):
            view.add_tanwin(place)
    view.favour(following, ACCUSATIVE, SURELY)


COMPOUND_RULES: tuple[CaseRule, ...] = (
    _dual_with_a,
    _adjectives_of_dual,
    _short_adjective_of_plural,
    _person_of_trade,
    _adjective_of_indefinite_head,
    _round_before_final,
    _noun_that_describes,
    _goods_behind_place,
    _pair_before_object,
)
"""In the order in which they run, each over the whole sentence."""
