"""Rules of case for what verbal nouns and participles govern, and for a verbal noun with a pronoun.

A verbal noun has its agent as a genitive and its object in the accusative, as its verb has; so has
an active participle (Ryding 2005, 5.1.1, 5.2.1; Wright II §26, §30). Each rule says how many times
likelier it makes a case (case_view.CaseView.favour).
"""

from __future__ import annotations

import re
from dataclasses import replace

from briefing.text.characters import FATHA
from briefing.text.tables import context, people
from briefing.text.vowels.case_view import (
    ACCUSATIVE,
    GENITIVE,
    MOSTLY,
    NOMINATIVE,
    RATHER,
    SURELY,
    CaseRule,
    CaseView,
)
from briefing.text.vowels.names import first_names, titles
from briefing.text.vowels.verbs_in_view import (
    is_feminine_verb,
    is_woman,
    opens_clause,
    takes_object,
)
from briefing.text.words.passives import MASDAR, is_agent, is_name, noun_kind, preposition_of

__all__ = ["VERBAL_NOUN_RULES"]


def _object_of_verbal_noun(view: CaseView, index: int) -> None:
    """مُغَادَرَةُ الْوَفْدِ الْمَطَارَ: behind a verbal noun and its agent stands its object.

    With the article behind the article it is no genitive (8.1.1), and it is no adjective.
    """
    agent, noun = index - 1, index - 2
    if index < 2 or not (view.follows(index) and view.follows(agent)):
        return
    if not (view.begins_with_article(index) and view.begins_with_article(agent)):
        return
    if view.is_definite(noun) or not _has_object(view.letters[noun]):
        return
    if view.stem(index) in titles() or view.stem(index) in people():
        return  # بَعْدَ زِيَارَةِ الْوَزِيرِ الْمُسْتَشَارَ
    is_known = (
        noun_kind(view.letters[index]) == "thing"
        or view.stem(index) in context()["objects_like_adjectives"]
    )
    if not is_known and view.is_like_adjective(index) and view.may_agree(agent, index):
        return
    view.favour(index, ACCUSATIVE, MOSTLY)


def _has_object(word: str) -> bool:
    """Return whether news has the object of a verbal noun behind its agent."""
    nouns = context()["verbal_nouns_with_object"]
    return word in nouns or _JOINED.sub("", word) in nouns


_JOINED = re.compile("^[وف]?[بل]?(?=[^\\W]{3})")


def _object_of_participle(view: CaseView, index: int) -> None:
    """مُتَجَاهِلًا تَحْذِيرَاتِ الْأَطِبَّاءِ, مُسْتَخْدِمَةً الْغَازَ: an active participle's object is behind it."""
    before, following = index - 1, index + 1
    if view.begins_with_article(index) and view.follows(index):
        if _PARTICIPLE.fullmatch(view.readings[before].written):
            view.favour(index, ACCUSATIVE, SURELY)
        return
    is_thing = noun_kind(view.letters[index]) == "thing"
    if not (is_thing and view.follows(index) and view.is_noun(index)):
        return
    if not _PARTICIPLE.fullmatch(view.readings[before].written):
        return
    if not view.follows(following) or preposition_of(view.letters[following]):
        return
    if view.begins_with_article(following):
        view.favour(index, ACCUSATIVE, MOSTLY)
        view.favour(following, GENITIVE, MOSTLY)
    elif view.is_noun(following):  # مُؤَكِّدَةً فَتْحَ تَحْقِيقٍ
        view.favour(index, ACCUSATIVE, SURELY)


_PARTICIPLE = re.compile("م\u064f.+\u0650[^\\W](?:\u064bا|\u064eة\u064b)")
"""Of forms II to X: مُتَّهِمًا, مُتَّهِمَةً."""


def _object_of_two_things(view: CaseView, index: int) -> None:
    """عَرْقَلَ نَقْصُ الْوَقُودِ إِيصَالَ الْمُسَاعَدَاتِ: of two verbal nouns behind a verb the first does it.

    Each has its own genitive, so neither is the other's (Ryding 2005, 4.2.1, 7.5.1, 8.1).
    """
    verb, subject, of_subject, following = index - 3, index - 2, index - 1, index + 1
    if index < 3 or not all(map(view.follows, (subject, of_subject, index, following))):
        return
    if not (view.begins_with_article(of_subject) and view.begins_with_article(following)):
        return
    if not all(view.is_noun(place) and _is_done(view.letters[place]) for place in (subject, index)):
        return
    if verb in view.passives or not (takes_object(view, verb) and opens_clause(view, verb)):
        return
    if is_feminine_verb(view, verb) == view.is_feminine(subject):
        view.favour(subject, NOMINATIVE, SURELY)
        view.favour(index, ACCUSATIVE, SURELY)


def _is_done(word: str) -> bool:
    return MASDAR.fullmatch(word) is not None or noun_kind(word) == "thing"


def _object_of_second_verb(view: CaseView, index: int) -> None:
    """أَنْهَكَتِ الْحَرْبُ الْبِلَادَ وَشَرَّدَتْ مَلَايِينَ السُّكَّانِ: a second verb has the subject of the first.

    If both have its gender and what follows is not somebody who does it, that is the object
    (Ryding 2005, 4.2.1, 7.5.1); أَظْهَرَتْ دِرَاسَةٌ has its object further on.
    """
    verb, following = index - 1, index + 1
    if not (view.follows(index) and view.follows(following) and view.follows(verb)):
        return
    word = view.letters[index]
    if view.letters[verb][0] != "و" or verb in view.passives or not view.is_noun(index):
        return
    if not (takes_object(view, verb) and is_feminine_verb(view, verb)):
        return
    if is_agent(word) and word not in _AMOUNTS:
        return
    if not (_is_done(word) or word in _AMOUNTS) or not view.begins_with_article(following):
        return
    if _has_feminine_subject_before(view, verb) and not _has_object_later(view, following):
        view.favour(index, ACCUSATIVE, SURELY)


def _object_of_second_verb_in_headline(view: CaseView, index: int) -> None:
    """الْأَهْلِيُّ يَفُوزُ وَيَتَصَدَّرُ الدَّوْرِيَّ: who does the first verb has been named before it (4.2.1)."""
    verb = index - 1
    if not (view.follows(index) and view.follows(verb)) or not view.begins_with_article(index):
        return
    if not _AND_IMPERFECT.fullmatch(view.letters[verb]) or verb in view.passives:
        return
    if (
        is_agent(view.letters[index])
        or is_name(view.letters[index])
        or not takes_object(view, verb)
    ):
        return
    prefix = view.letters[verb][1]
    firsts = [at for at in range(1, verb) if _IMPERFECT.fullmatch(view.readings[at].written)]
    if not firsts or firsts[0] > _LATEST or view.letters[firsts[0]][0] != prefix:
        return
    if all(map(view.follows, range(1, verb))):
        view.favour(index, ACCUSATIVE, MOSTLY)


_AND_IMPERFECT = re.compile("و[يت][^\\W]{3,}")
_IMPERFECT = re.compile("[يت][\u064e\u064f].+\u064f")
_LATEST = 2
"""The place of a headline's verb, behind one or two words."""


_AMOUNTS = frozenset("ملايين آلاف مئات عشرات معظم جميع حركة حياة".split())


def _has_feminine_subject_before(view: CaseView, second: int) -> bool:
    """Return whether a feminine verb begins the clause of a second verb, before its subject."""
    first = second
    while first and view.follows(first):
        first -= 1
    subject = first + 1
    if subject >= second or first in view.passives or not is_feminine_verb(view, first):
        return False
    return view.begins_with_article(subject) and view.case(subject) == NOMINATIVE


def _has_object_later(view: CaseView, index: int) -> bool:
    while view.follows(index):
        if view.readings[index].written.endswith("\u064bا"):
            return True
        index += 1
    return False


def _own_object_of_purpose(view: CaseView, index: int) -> None:
    """لِتُفْرِغَ حُمُولَتَهَا: behind a verb of purpose its subject's own is the object."""
    verb, word = index - 1, view.letters[index]
    if not view.follows(index) or not _OF_PURPOSE.fullmatch(view.readings[verb].written):
        return
    pronoun = "ها" if view.letters[verb][1] == "ت" else "ه"
    stem = word.removesuffix(pronoun)
    noun = re.sub("ت$", "ة", stem)
    if stem != word and not is_agent(noun) and not preposition_of(word):
        _make_accusative(view, index, pronoun)


_OF_PURPOSE = re.compile("ل\u0650[يت][\u064e\u064f][^\\W]\u0652?.*[^\\W]\u064e")


def _object_of_two(view: CaseView, index: int) -> None:
    """تَبَادَلَتِ الدَّوْلَتَانِ السُّفَرَاءَ: a nominative dual is the subject, so a second noun is the object.

    Ryding 2005, 5.1, 7.5.1.
    """
    two, verb = index - 1, index - 2
    if index < 2 or not (view.follows(index) and view.follows(two)) or verb in view.passives:
        return
    both = view.begins_with_article(two) and view.begins_with_article(index)
    if not both or not view.readings[two].written.endswith("َانِ"):
        return
    if view.is_like_adjective(index) and not view.is_broken_plural(index):
        return
    if takes_object(view, verb) or _SHARE.fullmatch(view.letters[verb]):
        view.favour(index, ACCUSATIVE, SURELY)


_SHARE = re.compile("[وف]?س?[يت]?ت?(?:تبادل|تقاسم|تجاوز|تناول|تخطى)ت?")


def _number_of_objects(view: CaseView, index: int) -> None:
    """أَنْجَبَتِ السَّيِّدَةُ خَمْسَةَ تَوَائِمَ: behind verb and subject a number counts the objects (7.5.1)."""
    subject, verb = index - 1, index - 2
    if index < 2 or not all(map(view.follows, (subject, index, index + 1))):
        return
    if not _NUMBER.fullmatch(view.letters[index]) or not view.begins_with_article(subject):
        return
    if verb in view.passives or not (takes_object(view, verb) and opens_clause(view, verb)):
        return
    if is_feminine_verb(view, verb) == is_woman(view, subject):
        view.favour(subject, NOMINATIVE, MOSTLY)
        view.favour(index, ACCUSATIVE, SURELY)


_NUMBER = re.compile("(?:ثلاث|أربع|خمس|ست|سبع|تسع|عشر)ة?|ثمانية")


def _second_object(view: CaseView, index: int) -> None:
    """يُلْزِمُ الْقَانُونُ الشَّرِكَاتِ الْإِفْصَاحَ: what somebody is bound to do is a second object (7.5.1)."""
    verb = index - 2 if index > 1 and _BINDS.fullmatch(view.letters[index - 2]) else index - 3
    between = range(verb + 1, index + 1)
    if verb < 0 or verb in view.passives or not _BINDS.fullmatch(view.letters[verb]):
        return
    if not all(view.follows(at) and view.begins_with_article(at) for at in between):
        return
    if _is_done(view.letters[index].removeprefix("ال")):
        view.favour(index, ACCUSATIVE, SURELY)


_BINDS = re.compile("[وف]?س?(?:ألزمت?|[يت]لزم|منحت?|[يت]منح|[يت]سأل|سألت?|ناشدت?|[يت]ناشد)")


def _what_people_judge(view: CaseView, index: int) -> None:
    """اِنْتَقَدَ خُبَرَاءُ غِيَابَ الشَّفَافِيَّةِ: behind verb and people, what they do something to.

    A verbal noun is no genitive of people, and the verb needs an object (Ryding 2005, 7.5.1).
    """
    people, verb, genitive = index - 1, index - 2, index + 1
    if index < 2 or not all(map(view.follows, (people, index, genitive))):
        return
    if view.letters[people] not in context()["people_who_judge"] or not view.begins_with_article(
        genitive
    ):
        return
    word = view.letters[index]
    is_done = MASDAR.fullmatch(word) or word in context()["judged"]
    if not is_done or noun_kind(word) != "thing" or preposition_of(word):
        return
    if verb in view.passives or not (takes_object(view, verb) and opens_clause(view, verb)):
        return
    if not is_feminine_verb(view, verb):
        view.favour(people, NOMINATIVE, RATHER)
        view.favour(index, ACCUSATIVE, SURELY)


def _own_verbal_noun(view: CaseView, index: int) -> None:
    """أَعْلَنَ رَفْضَهُ: who announces his own refusal has it as the object (7.5.1)."""
    verb, word = index - 1, view.letters[index]
    if not view.follows(index) or not _DECLARES.fullmatch(view.letters[verb]):
        return
    if verb in view.passives or not opens_clause(view, verb):
        return
    pronoun = "ها" if is_feminine_verb(view, verb) else "ه"
    stem = word.removesuffix(pronoun)
    if stem != word and (MASDAR.fullmatch(stem) or noun_kind(stem) == "thing"):
        _make_accusative(view, index, pronoun)


def _own_person(view: CaseView, index: int) -> None:
    """أَقَالَ الْمُدَرِّبُ مُسَاعِدَهُ: behind verb and agent, who or what is his own is the object (7.5.1)."""
    agent, verb = index - 1, index - 2
    if index < 2 or not (view.follows(index) and view.follows(agent)):
        return
    named = view.letters[agent] in first_names() or is_name(view.letters[agent])
    if not (named or (view.begins_with_article(agent) and is_agent(view.letters[agent]))):
        return
    if verb in view.passives or not (takes_object(view, verb) and opens_clause(view, verb)):
        return
    feminine = is_feminine_verb(view, verb)
    if not named and (feminine != is_woman(view, agent) or view.case(agent) != NOMINATIVE):
        return
    stem = view.letters[index].removesuffix("ها" if feminine else "ه")
    following = index + 1
    ends = not view.follows(following) or bool(preposition_of(view.letters[following]))
    is_noun = is_agent(stem) or noun_kind(stem) == "thing" or (ends and len(stem) > 3)
    if stem != view.letters[index] and is_noun and not preposition_of(view.letters[index]):
        _make_accusative(view, index, "ها" if feminine else "ه")


def _make_accusative(view: CaseView, index: int, pronoun: str) -> None:
    """Write a noun with a pronoun as an object, unless an author marked it."""
    reading, stem = view.readings[index], view.letters[index].removesuffix(pronoun)
    owned = _OWNED.fullmatch(reading.written)
    if owned and not view.words[index].vowels[len(stem) - 1]:
        behind = "هَا" if pronoun == "ها" else "هُ"
        view.readings[index] = replace(reading, written=owned[1] + FATHA + behind, rule=view.rule)


_DECLARES = re.compile(
    "[وف]?(?:أعلنت?|أبدى|أبدت|أكدت?|كررت?|جددت?|نفى|نفت|أظهرت?|قدمت?|سحبت?|علقت?|واصلت?|أنهى|أنهت|بدأت?)"
)
_OWNED = re.compile("(.*)[\u064f\u0650]ه(?:[\u064f\u0650]|\u064eا)?")


VERBAL_NOUN_RULES: tuple[CaseRule, ...] = (
    _object_of_verbal_noun,
    _object_of_participle,
    _object_of_two_things,
    _object_of_second_verb,
    _object_of_second_verb_in_headline,
    _own_object_of_purpose,
    _object_of_two,
    _number_of_objects,
    _second_object,
    _what_people_judge,
    _own_verbal_noun,
    _own_person,
)
"""In the order in which they run, each over the whole sentence."""
