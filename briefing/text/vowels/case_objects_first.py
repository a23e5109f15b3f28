"""Rules of case for an object that stands before its subject.

The verb agrees in gender with the subject that follows it, and a noun with the article has no
genitive behind it (Ryding 2005, 4.2.1, 7.5, 8.1.1).
"""

from __future__ import annotations

import re

from briefing.text.tables import context, verbs
from briefing.text.vowels.case_view import (
    ACCUSATIVE,
    MOSTLY,
    NOMINATIVE,
    SURELY,
    CaseRule,
    CaseView,
    owned_in_case,
)
from briefing.text.vowels.verbs_in_view import (
    NOT_FEMININE,
    is_feminine_verb,
    is_read_as_verb,
    opens_clause,
    says_that,
    takes_object,
)
from briefing.text.words.known_words import has_own_article
from briefing.text.words.noun_signs import (
    is_broken_plural,
    is_masculine,
    is_plural_subject,
    is_sound_plural,
)
from briefing.text.words.passives import (
    is_agent,
    is_agent_with_genitive,
    is_listed,
    is_name,
    noun_kind,
    preposition_of,
)
from briefing.text.words.verb_signs import without_particle

__all__ = ["OBJECT_FIRST_RULES"]


def _object_before_subject(view: CaseView, index: int) -> None:
    """تَسَلَّمَ الْجَائِزَةَ الْمُخْرِجُ: a masculine verb before a feminine noun has its object first.

    A verb agrees in gender with the subject that follows it, and is feminine before a plural of
    things: يَلْتَقِطُ الْحَشَرَاتِ (Ryding 2005, 4.2.1, 7.1).
    """
    if not (view.follows(index) and view.begins_with_article(index)) or index - 1 in view.passives:
        return
    stem = view.stem(index)
    word = view.letters[index]
    plural = stem.endswith("ات") or (is_broken_plural(stem) and noun_kind(word) == "thing")
    plural = plural and not _ELATIVE.fullmatch(view.letters[index - 1])  # أَحْدَثُ الْجُهُودِ
    if not (plural or stem.endswith("ة")) or stem in NOT_FEMININE:
        return
    unlisted = _IMPERFECT.fullmatch(view.letters[index - 1]) is not None
    unlisted = unlisted and without_particle(view.letters[index - 1]) not in verbs("no_object")
    if not (takes_object(view, index - 1) or (unlisted and stem.endswith("ات"))):
        return
    if is_feminine_verb(view, index - 1) or not is_read_as_verb(view, index - 1):
        return
    view.favour(index, ACCUSATIVE, MOSTLY)
    following = index + 1
    if view.follows(following) and not stem.endswith("ية"):
        article = view.begins_with_article(following) and not view.may_agree(index, following)
        if article or (is_agent(view.letters[following]) and view.is_noun(following)):
            view.favour(following, NOMINATIVE, MOSTLY)


def _object_before_plural(view: CaseView, index: int) -> None:
    """حَضَرَ الْمُؤْتَمَرَ مُمَثِّلُو شَرِكَاتٍ: a second nominative is the subject, the first noun the object.

    A plural in ـون or ـو is nominative by its letters (Ryding 2005, 4.2.1, 5.4.2.1); a number or
    quantity, if the model reads it so.
    """
    behind = _behind_object(view, index)
    if not behind:
        return
    after = behind + 1
    described = view.follows(after) and is_plural_subject(view.letters[after])
    described = described and view.is_noun(behind) and not view.is_definite(behind)
    if described:  # أَعَدَّ التَّقْرِيرَ خُبَرَاءُ مُسْتَقِلُّونَ
        view.favour(behind, NOMINATIVE, SURELY)
    counted = _COUNTED.fullmatch(view.letters[behind]) and view.case(behind) == NOMINATIVE
    if described or counted or is_plural_subject(view.letters[behind]):
        view.favour(index, ACCUSATIVE, SURELY)


def _object_before_agent(view: CaseView, index: int) -> None:
    """اِفْتَتَحَ الْمَعْرِضَ وَزِيرُ الثَّقَافَةِ: what only people do, somebody does (Ryding 2005, 4.2.1)."""
    behind = _behind_object(view, index)
    if not behind or not view.follows(behind + 1) or not _is_done_by_people(view, index - 1):
        return
    led = _LED.fullmatch(f"{view.letters[index - 1]} {view.letters[index]}")
    if not (led or noun_kind(view.letters[index]) == "thing") or is_feminine_verb(view, index - 1):
        return
    if _has_genitive(view, behind):
        view.favour(behind, NOMINATIVE, SURELY)
        view.favour(index, ACCUSATIVE, SURELY)


_LED = re.compile("[وف]?س?(?:يترأس|ترأس|يقود|قاد) (?:الوفد|الفريق|البعثة|اللجنة|المجموعة)")


def _has_genitive(view: CaseView, place: int) -> bool:
    """Return whether an agent stands before a genitive, or two: نَائِبُ وَزِيرِ الدِّفَاعِ."""
    word, after = view.letters[place], view.letters[place + 1]
    if is_agent_with_genitive(word, after):
        return True
    last = place + 2
    is_chain = view.follows(last) and is_agent(word) and not view.is_definite(place)
    return is_chain and is_agent_with_genitive(after, view.letters[last])


def _behind_object(view: CaseView, index: int) -> int:
    """Return the place behind a verb, a noun that may be its object, and its adjective; else 0."""
    verb, behind = index - 1, index + 1
    if not (view.follows(index) and view.begins_with_article(index)) or verb in view.passives:
        return 0
    by_people = _is_done_by_people(view, verb)
    if not (by_people or takes_object(view, verb)):
        return 0
    is_one = (by_people and view.letters[verb][-1] == "ى") or is_read_as_verb(view, verb)
    if is_sound_plural(view.stem(index)) or not is_one:
        return 0
    if view.follows(behind) and view.begins_with_article(behind):
        if not (view.is_like_adjective(behind) and view.may_agree(index, behind)):
            return 0
        behind += 1  # حَضَرَ الْحَفْلَ السَّنَوِيَّ مَسْؤُولُونَ
    return behind if view.follows(behind) else 0


def _is_done_by_people(view: CaseView, verb: int) -> bool:
    return without_particle(view.letters[verb]) in verbs("done_by_people")


_COUNTED = re.compile(
    "(?:ثلاث|أربع|خمس|ست|سبع|ثماني|تسع|عشر)ة|عشرات|مئات|آلاف|ملايين|عدد|مجموعة|معظم"
)
_IMPERFECT = re.compile("[وف]?س?ي[^\\W]{3,}")
_ELATIVE = re.compile("[وفلب]?أ[^\\W]{2,3}")
_MAY_BE_FEMININE = re.compile(
    "[^\\W]{2}ا[^\\W]|أ[^\\W]{3}"  # الذئاب, الأسهم
    "|حكم|قيم|عرب|ناس|طير|روح"
)
"""Letters of plurals and of singulars, and nouns of either gender (Ryding 2005, 5.1.2)."""


def _object_after_feminine_verb(view: CaseView, index: int) -> None:
    """سَتُمَوِّلُ الْمَشْرُوعَ مَصَارِفُ: what a feminine verb precedes and is masculine is not its subject.

    The reverse of `_object_before_subject` (Ryding 2005, 4.2.1).
    """
    if not (view.follows(index) and view.begins_with_article(index)) or index - 1 in view.passives:
        return
    word = view.letters[index]
    if not is_masculine(word) or has_own_article(word) or is_name(word):
        return
    stem = view.stem(index)
    if _MAY_BE_FEMININE.fullmatch(stem) and stem not in context()["masculine_singulars"]:
        return
    verb = index - 1
    # تُقَلِّلُ التَّوَتُّرَ وَتَزِيدُ التَّرْكِيزَ: not of its gender, whatever the tables say of the verb
    goes_on = _AND_SHE.fullmatch(view.readings[verb].written) is not None
    if not ((takes_object(view, verb) or goes_on) and is_feminine_verb(view, verb)):
        return
    if not (goes_on or opens_clause(view, verb)) or says_that(view, index):
        return
    view.favour(index, ACCUSATIVE, MOSTLY)
    following = index + 1
    if not (view.follows(following) and view.is_noun(following)):
        return
    if view.is_broken_plural(following) or view.letters[following].endswith("ات"):
        view.favour(following, NOMINATIVE, SURELY)


_AND_SHE = re.compile("و\u064eت[\u064e\u064f][^\\W](?:\u0650ي|\u064fو|\u064eا)[^\\W]\u064f")
"""وَتَزِيدُ: no verbal noun has these vowels."""


def _own_subject(view: CaseView, index: int) -> None:
    """رَافَقَتِ الْوَزِيرَ زَوْجَتُهُ: a feminine verb's subject is who is his, and he is the object.

    Ryding 2005, 4.2.1; Wright II §119: the pronoun is with the noun behind.
    """
    object_, verb = index - 1, index - 2
    if index < 2 or not (view.follows(index) and view.follows(object_)) or verb in view.passives:
        return
    owned = owned_in_case(view.readings[index].written, NOMINATIVE)
    if not owned or not view.letters[index].endswith("ته") or not view.begins_with_article(object_):
        return
    if view.is_feminine(object_) or not is_agent(view.letters[object_]):
        return
    if takes_object(view, verb) and is_feminine_verb(view, verb):
        view.favour(object_, ACCUSATIVE, MOSTLY)
        view.put_owned(index, NOMINATIVE)


def _annexed_object_of_feminine_verb(view: CaseView, index: int) -> None:
    """وَأَدَّتْ دَوْرَ الْبُطُولَةِ: a masculine thing before its genitive is no feminine verb's subject."""
    verb, word = index - 1, view.letters[index]
    if not view.follows(index) or view.begins_with_article(index) or verb in view.passives:
        return
    if not (view.follows(index + 1) and view.begins_with_article(index + 1)):
        return
    if noun_kind(word) != "thing" or not is_masculine(f"ال{word}"):
        return
    if word in _SHORT_PLURALS or preposition_of(word) or is_listed(word, "times"):
        return
    if takes_object(view, verb) and is_feminine_verb(view, verb):
        view.favour(index, ACCUSATIVE, MOSTLY)


_SHORT_PLURALS = frozenset(
    "جبال رجال ثمار بحار رمال رياح سهام حبال جمال ديار ثياب طباع نقاط عظام خيام قلاع".split()
)
"""Plurals of things with the letters of قرار and سراح."""


OBJECT_FIRST_RULES: tuple[CaseRule, ...] = (
    _object_before_subject,
    _object_before_plural,
    _object_before_agent,
    _object_after_feminine_verb,
    _own_subject,
    _annexed_object_of_feminine_verb,
)
"""In the order in which they run, each over the whole sentence."""
