"""Rules of case for a noun with a pronoun, whose case is the vowel before that: خِطَابَهُ, مُعْظَمُهُمْ.

Ryding 2005, 8.1.6, 12.2. Each rule says which case the noun has, and why it can have no other.
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
    SURELY,
    TANWIN,
    VOWELS,
    CaseRule,
    CaseView,
    case_of_owned,
)
from briefing.text.vowels.verbs_in_view import (
    is_feminine_verb,
    is_read_as_verb,
    is_woman,
    opens_clause,
    takes_object,
)
from briefing.text.words.known_words import known_reading
from briefing.text.words.noun_signs import begins_with_own, is_feminine
from briefing.text.words.passives import MASDAR, is_agent, noun_kind, preposition_of
from briefing.text.words.verb_signs import without_particle

__all__ = ["OWNED_RULES"]

_OWNED = re.compile("([^\\W]{2,})(ه|ها|هم|هما)")


def _part_of_them(view: CaseView, index: int) -> None:
    """شَخْصًا، مُعْظَمُهُمْ مِنَ الْمَدَنِيِّينَ: what part of them is something begins a clause: nominative.

    Wright II §183: a clause of circumstance. Behind the noun and before what they are.
    """
    before, following = index - 1, index + 1
    if not (view.follows(index) and view.follows(following)):
        return
    if not _PART.fullmatch(view.letters[index]) or view.is_definite(before):
        return
    noun, says = view.letters[before], view.letters[following]
    written = view.readings[before].written
    is_noun = written.endswith(("\u064bا", "ِينَ")) or written[-1:] in TANWIN
    if not (is_noun or view.case(before) == GENITIVE) or preposition_of(noun) == noun:
        return
    if says == "من" or view.is_noun(following) or view.is_definite(following):
        view.put_owned(index, NOMINATIVE)


_PART = re.compile(
    "(?:معظم|أغلب|غالبيت|أغلبيت|جل|أكثر|نصف|ثلث|ربع|بعض|أشهر|أبرز|أهم|آخر|أحدث|أكبر)(?:هم|ها|هن|هما)"
)


def _what_is_drawn(view: CaseView, index: int) -> None:
    """يَلْفِتُ انْتِبَاهَهُمْ مَنْظَرُ الْقِطَعِ: somebody's attention is drawn by what stands behind it.

    Ryding 2005, 4.2.1, 7.5.1.
    """
    verb, following = index - 1, index + 1
    owned = _OWNED.fullmatch(view.letters[index])
    if not owned or not view.follows(index) or owned[1] not in context()["drawn"]:
        return
    if without_particle(view.letters[verb]) not in context()["draws"] or verb in view.passives:
        return
    view.put_owned(index, ACCUSATIVE)
    if view.follows(following) and not preposition_of(view.letters[following]):
        view.favour(following, NOMINATIVE, SURELY)


def _finds_himself(view: CaseView, index: int) -> None:
    """وَجَدَ الرَّجُلُ نَفْسَهُ فِي حَيْرَةٍ: who finds himself is the object, too (Ryding 2005, 12.4)."""
    subject, verb = index - 1, index - 2
    if index < 2 or not (view.follows(index) and view.follows(subject)) or verb in view.passives:
        return
    himself = view.letters[index] in ("نفسه", "نفسها", "أنفسهم")
    if himself and _FINDS.fullmatch(view.letters[verb]) and view.begins_with_article(subject):
        view.favour(subject, NOMINATIVE, SURELY)
        view.put_owned(index, ACCUSATIVE)


_FINDS = re.compile("[وف]?س?(?:وجدت?|[يت]جد|اعتبرت?|[يت]عتبر|رأى|رأت|[يت]رى|عرضت?|قدمت?)")


def _own_object_of_verbal_noun(view: CaseView, index: int) -> None:
    """أَثْنَاءَ إِلْقَاءِ الرَّئِيسِ خِطَابَهُ: behind a verbal noun and its agent, his own is the object.

    Wright II §26: a verbal noun governs as its verb does.
    """
    agent, noun = index - 1, index - 2
    owned = _OWNED.fullmatch(view.letters[index])
    if index < 2 or not owned or not (view.follows(index) and view.follows(agent)):
        return
    if not (view.begins_with_article(agent) and is_agent(view.letters[agent])):
        return
    if (
        view.is_definite(noun)
        or not _does(view.letters[noun])
        or preposition_of(view.letters[index])
    ):
        return
    if (owned[2] == "ها") == is_woman(view, agent) and view.case(agent) == GENITIVE:
        view.put_owned(index, ACCUSATIVE)


def _does(word: str) -> bool:
    return any(MASDAR.fullmatch(form) and noun_kind(form) == "thing" for form in (word, word[1:]))


def _lost_his_own(view: CaseView, index: int) -> None:
    """خَسِرَتْ مُبَارَاتَهَا, لَعِبَ مُبَارَاتَهُ: what only people do, they do to their own (7.5.1)."""
    verb = index - 1
    owned = _OWNED.fullmatch(view.letters[index])
    if not owned or not view.follows(index) or verb in view.passives:
        return
    if not _BY_PEOPLE.fullmatch(view.letters[verb]) or not is_read_as_verb(view, verb):
        return
    if (owned[2] == "ها") == is_feminine_verb(view, verb) and not is_agent(owned[1]):
        view.put_owned(index, ACCUSATIVE)


_BY_PEOPLE = re.compile(
    "[وف]?س?(?:وضعت|[يت]?(?:خسر|لعب|خوض|فقد|واصل|قضي|نهي)ت?|خاضت?|أنهى|أنهت|قضى|قضت)"
)


def _own_behind_subject(view: CaseView, index: int) -> None:
    """قَادَ النَّجْمُ الْمِصْرِيُّ فَرِيقَهُ: behind verb, subject and adjective stands what is his, the object.

    Ryding 2005, 4.2.1, 7.5.1: the subject has the article, so what follows is no genitive (8.1.1).
    """
    adjective, subject, verb = index - 1, index - 2, index - 3
    owned = _OWNED.fullmatch(view.letters[index])
    if index < 3 or not owned or not all(map(view.follows, (subject, adjective, index))):
        return
    if not (view.begins_with_article(subject) and view.begins_with_article(adjective)):
        return
    if not view.may_agree(subject, adjective):
        return
    if verb in view.passives or not (takes_object(view, verb) and opens_clause(view, verb)):
        return
    is_hers = is_woman(view, subject)
    if is_hers != is_feminine_verb(view, verb) or is_hers != (owned[2] == "ها"):
        return
    is_known = noun_kind(owned[1]) in ("thing", "agent") or begins_with_own(owned[1])
    if is_known and not preposition_of(view.letters[index]) and view.is_like_adjective(adjective):
        view.put_owned(index, ACCUSATIVE)


def _and_his(view: CaseView, index: int) -> None:
    """عَاقَبَتْهُ اللَّجْنَةُ بِالْإِيقَافِ وَتَغْرِيمِهِ: what "and" joins to the noun of a preposition (8.1.7, 16.1).

    Behind verbs that say to what somebody is sentenced, or what is asked for.
    """
    owned = _OWNED.fullmatch(view.letters[index].removeprefix("و"))
    if not owned or view.letters[index][0] != "و" or not MASDAR.fullmatch(owned[1]):
        return
    place = index - 1
    while place > 0 and index - place < _FAR_BEHIND and view.follows(place + 1):
        word = view.letters[place]
        noun = re.sub("^بال|^ب", "", word)
        if preposition_of(word) == "ب" and noun != word and _does(noun):
            break
        place -= 1
    else:
        return
    verbs = (view.letters[at].removeprefix("و").removesuffix("ت") for at in range(place))
    if any(verb in context()["sentences_to"] for verb in verbs):
        view.put_owned(index, GENITIVE)


_FAR_BEHIND = 7
"""So many words behind the first noun the second may stand."""


def _whose_study_goes_on(view: CaseView, index: int) -> None:
    """الْحَوَافِزُ الْجَارِي بَحْثُهَا: what goes on or is planned stands behind its participle, nominative.

    The participle describes the noun before it, but its subject is this (Ryding 2005, 10.4).
    """
    owned = _OWNED.fullmatch(view.letters[index])
    before = view.letters[index - 1].removeprefix("ال")
    if not owned or not view.follows(index) or before not in context()["goes_on"]:
        return
    joined = view.readings[index].written.startswith(("بِ", "لِ"))
    if view.begins_with_article(index - 1) and not joined:
        view.put_owned(index, NOMINATIVE)


def _whose_term_ends(view: CaseView, index: int) -> None:
    """الْأَمِينُ الْعَامُّ الْمُنْتَهِيَةُ وِلَايَتُهُ: beside a man a feminine participle has its own subject.

    The pronoun means him, and the noun before that is feminine (Ryding 2005, 10.4).
    """
    participle = index - 1
    owned = _OWNED.fullmatch(view.letters[index])
    if not owned or not view.follows(index) or not owned[1].endswith("ت") or owned[2] == "ها":
        return
    man, written = participle - 1, view.readings[index].written
    if man < 0 or not view.follows(participle) or written.startswith(("وَ", "فَ", "بِ", "لِ")):
        return
    is_hers = view.begins_with_article(participle) and view.letters[participle].endswith("ة")
    if not view.is_definite(man) or view.is_feminine(man) or view.is_broken_plural(man):
        return
    is_hers = is_hers and view.stem(participle).startswith("م")
    is_office = is_agent(view.letters[participle])  # الْمُدِيرَةُ
    if is_hers and view.is_like_adjective(participle) and not is_office:
        view.put_owned(index, NOMINATIVE)


def _what_is_intended(view: CaseView, index: int) -> None:
    """الَّذِي تَعْتَزِمُ إِقَامَتَهُ: what somebody means to do with a thing is the object (7.5.1)."""
    verb = index - 1
    owned = _OWNED.fullmatch(view.letters[index])
    if not owned or not view.follows(index) or verb in view.passives:
        return
    noun = re.sub("ت$", "ة", owned[1])
    is_thing = MASDAR.fullmatch(noun) or noun_kind(noun) == "thing"
    if is_thing and without_particle(view.letters[verb]) in context()["intends"]:
        view.put_owned(index, ACCUSATIVE)


def _own_lands(view: CaseView, index: int) -> None:
    """فَقَدَتِ الْبِلَادُ أَرَاضِيَهَا: nouns in ي show the accusative alone (Ryding 2005, 5.4.3, 7.5.1).

    Behind a verb and its subject with the article, which is of its gender.
    """
    reading = view.readings[index]
    match = _DEFECTIVE.fullmatch(reading.written)
    if index < 2 or not match or not view.follows(index) or not view.is_definite(index - 1):
        return
    verb = index - 2
    while (
        verb > max(0, index - _LONGEST_SUBJECT)
        and view.follows(verb)
        and not opens_clause(view, verb)
    ):
        verb -= 1
    subject = verb + 1
    is_verb = opens_clause(view, verb) and takes_object(view, verb) and verb not in view.passives
    if not is_verb or is_feminine_verb(view, verb) != _is_feminine_head(view, subject):
        return
    view.readings[index] = replace(reading, written=f"{match[1]}{FATHA}{match[2]}", rule=view.rule)


_DEFECTIVE = re.compile("([^\\W]\u064e[^\\W]\u064eا[^\\W]\u0650ي)(هَا|هُ|هِ|ه)")
_LONGEST_SUBJECT = 5


def _is_feminine_head(view: CaseView, index: int) -> bool:
    return view.is_feminine(index) or view.letters[index] in ("البلاد", "الدول", "الشركات")


def _my_own(view: CaseView, index: int) -> None:
    """أُسْلُوبِي التَّدْرِيبِيُّ: before an adjective with the article ـي is "my", no nisba's (10.1, 12.2)."""
    following, reading = index + 1, view.readings[index]
    match = _NISBA.fullmatch(reading.written)
    if not match or view.is_definite(index) or not view.follows(following):
        return
    described = view.begins_with_article(following) and view.is_like_adjective(following)
    word = view.letters[index]
    is_thing = noun_kind(word[:-1]) == "thing" and not known_reading(word)  # إِسْبَانِيّ
    if described and is_thing and not view.words[index].vowels[-1]:
        view.readings[index] = replace(reading, written=match[1], rule=view.rule)


_NISBA = re.compile(f"(.*\u0650ي){SHADDA}[{''.join((*TANWIN, *VOWELS))}]")


def _adjective_of_owned(view: CaseView, index: int) -> None:
    """حَمْلَتُهَا الِانْتِخَابِيَّةُ: an adjective with the article has its case (Ryding 2005, 10.1)."""
    before = index - 1
    if not view.follows(index) or not view.begins_with_article(index):
        return
    owned = _OWNED.fullmatch(view.letters[before])
    case = case_of_owned(view.readings[before].written) if owned else None
    yours = _YOURS.fullmatch(view.readings[before].written)
    if yours and noun_kind(view.letters[before][:-1]) == "thing":  # حِسَابَكَ الْمَصْرِفِيَّ
        owned, case = re.fullmatch("(.*)(ك)", view.letters[before]), VOWELS.index(yours[1])
    if not owned or case is None or preposition_of(view.letters[before]):
        return
    is_first = owned[1] in context()["elatives"] or is_agent(view.letters[index])
    if is_first or view.letters[before].endswith("الله"):
        return  # حِزْبُ اللَّهِ اللُّبْنَانِيُّ, أَشْهَرُهَا الصَّحَافِيُّ رِضَا
    if owned[1].endswith("ات") and case == GENITIVE:
        return  # قَطَعَا عَلَاقَاتِهِمَا الدِّبْلُومَاسِيَّةَ
    noun, adjective = owned[1], view.letters[index]
    is_adjective = _NISBA_WITH_ARTICLE.fullmatch(adjective) or adjective in _ORDINALS
    feminine = noun.endswith("ت") or is_feminine(noun)
    if is_adjective and feminine == adjective.endswith("ة"):
        view.favour(index, case, MOSTLY)


_YOURS = re.compile(".{3,}([\u064e-\u0650])ك[\u064e\u0650]?")
_NISBA_WITH_ARTICLE = re.compile("ال[^\\W]{3,}ية?")
_ORDINALS = frozenset(
    "الأيمن الأيسر الأخير الأخيرة السابق السابقة المقبل المقبلة القادم القادمة الأول الأولى الثاني"
    " الثانية الثالث الثالثة الرابع الرابعة الخامس الخامسة الجديد الجديدة".split()
)


OWNED_RULES: tuple[CaseRule, ...] = (
    _part_of_them,
    _what_is_drawn,
    _finds_himself,
    _own_object_of_verbal_noun,
    _lost_his_own,
    _own_behind_subject,
    _and_his,
    _whose_study_goes_on,
    _whose_term_ends,
    _what_is_intended,
    _own_lands,
    _my_own,
    _adjective_of_owned,
)
"""In the order in which they run, each over the whole sentence."""
