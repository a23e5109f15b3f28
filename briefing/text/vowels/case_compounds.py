"""Rules of case for what two nouns name together, and for what describes a noun in fixed phrases.

They run before the rules of adjectives, which would take the genitive for what is described.
"""

from __future__ import annotations

import re

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
    may_be_verb,
    opens_clause,
    takes_object,
)
from briefing.text.words.noun_signs import is_plural_subject, may_be_diptote
from briefing.text.words.passives import is_listed, is_name, preposition_of

__all__ = ["COMPOUND_RULES"]


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


def _adjective_of_named(view: CaseView, index: int) -> None:
    """صَحِيفَةُ تِشْرِينَ السُّورِيَّةُ: a nisba behind a name is of who bears it (Ryding 2005, 10.1, 11.2)."""
    if not view.follows(index) or not _FEMININE_NISBA.fullmatch(view.letters[index]):
        return
    for place in range(index - 2, max(-1, index - _LONGEST_NAME), -1):
        if not view.follows(place + 1) or not _may_be_name(view, place + 1):
            return
        head = view.letters[place]
        if any(map(view.is_definite, range(place + 2, index))):
            return  # رَبِحَتْ مَجْمُوعَةُ لَافَارْجَ الْمُنَاقَصَةَ الْعَلَنِيَّةَ
        if head.lstrip("وفبلك") in context()["bears_name"] or head in context()["bears_name"]:
            follow(view, place, index)
            view.decided.add(index)
            return


def _may_be_name(view: CaseView, index: int) -> bool:
    """Return whether a word may be a part of a name: no preposition, no verb, no adjective."""
    word = view.letters[index]
    if is_name(word):
        return True
    is_adjective = _FEMININE_NISBA.fullmatch(word) is not None
    is_adjective = is_adjective or (view.is_like_adjective(index) and not view.is_definite(index))
    is_owned = word.endswith(("ه", "ها", "هم"))
    return not (preposition_of(word) or is_adjective or is_owned or may_be_verb(view, index))


_FEMININE_NISBA = re.compile("ال[^\\W]{2,}ية")
_LONGEST_NAME = 5
"""Words of a name and its bearer, and one."""


def _feminine_of_head(view: CaseView, index: int) -> None:
    """دَوْرَةُ تَدْرِيبٍ عَسْكَرِيَّةٌ: an adjective in ة is of the noun in ة, not of its masculine genitive.

    Ryding 2005, 8.1.5, 10.1.
    """
    genitive, head = index - 1, index - 2
    if head < 0 or not (view.follows(index) and view.follows(genitive)):
        return
    if any(map(view.is_definite, (head, genitive, index))) or view.case(genitive) != GENITIVE:
        return
    words = view.letters[head], view.letters[genitive], view.letters[index]
    houses = words[0] == "دور" and words[1] in ("نشر", "عرض", "أزياء")  # دُورُ نَشْرٍ عَرَبِيَّةٌ
    if not (houses or words[0].endswith("ة")) or not words[2].endswith("ة"):
        return
    if not view.is_like_adjective(index):
        return
    if (
        words[2] in context()["nouns_in_iyya"]
        or view.letters[genitive] in _SCALES
        or is_listed(words[0], "before_counted")
    ):
        return
    if view.is_feminine(genitive) or view.is_broken_plural(genitive) or words[1].endswith("ات"):
        return
    if not view.readings[genitive].written.endswith(TANWIN[GENITIVE]):
        return  # إِعَادَةَ حُكُومَتِهِ مَسْأَلَةٌ
    if view.readings[head].written[-1:] in VOWELS and view.readings[index].written[-1:] in TANWIN:
        follow(view, head, index)
        view.decided.add(index)


_SCALES = frozenset("عشرات مئات آلاف ملايين مليارات ألف مئة مليون مليار".split())


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
    if _NISBA.fullmatch(view.letters[following]):
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


_NISBA = re.compile("ال[^\\W]{2,}ية?")


COMPOUND_RULES: tuple[CaseRule, ...] = (
    _short_adjective_of_plural,
    _person_of_trade,
    _adjective_of_indefinite_head,
    _adjective_of_named,
    _feminine_of_head,
    _round_before_final,
    _noun_that_describes,
    _pair_before_object,
)
"""In the order in which they run, each over the whole sentence."""
