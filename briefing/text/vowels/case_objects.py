"""Rules of case for what follows a verb in the accusative: its object, how much and where.

A verb agrees in gender with the subject that follows it, and a noun with the article has no
genitive behind it (Ryding 2005, 4.2.1, 7.5, 8.1.1). Each rule says how many times
likelier it makes a case (case_view.CaseView.favour).
"""

from __future__ import annotations

import re
from dataclasses import replace

from briefing.text.characters import FATHA
from briefing.text.tables import context
from briefing.text.vowels.case_objects_first import OBJECT_FIRST_RULES
from briefing.text.vowels.case_predicates import is_ordinal
from briefing.text.vowels.case_view import (
    ACCUSATIVE,
    MOSTLY,
    NOMINATIVE,
    RATHER,
    SURELY,
    CaseRule,
    CaseView,
)
from briefing.text.vowels.imperatives import imperative
from briefing.text.vowels.names import first_names, titles
from briefing.text.vowels.verbs_in_view import (
    DEEMED,
    LONGEST_NOUN,
    goes_on,
    is_describing_noun,
    is_feminine_verb,
    is_read_as_verb,
    is_woman,
    opens_clause,
    says_that,
    takes_object,
)
from briefing.text.words.known_words import has_own_article
from briefing.text.words.passives import (
    is_agent,
    is_agent_with_genitive,
    is_listed,
    is_name,
    noun_kind,
    passive_of,
    preposition_of,
    taken_by,
)
from briefing.text.words.verb_signs import is_verb, without_particle

__all__ = ["OBJECT_RULES"]


def _object_of_hidden_subject(view: CaseView, index: int) -> None:
    """تَوَلَّى الْعَرْشَ: who succeeds to something, studies or practises it is a person, no thing."""
    if not (view.follows(index) and view.begins_with_article(index)) or index - 1 in view.passives:
        return
    word = view.letters[index]
    is_thing = not (is_agent(word) or is_name(word) or has_own_article(word))
    if is_thing and _DONE_BY_PERSONS.fullmatch(view.letters[index - 1]):
        view.favour(index, ACCUSATIVE, MOSTLY)


def _object_of_imperative(view: CaseView, index: int) -> None:
    """اُتْرُكِ الْخَلِيطَ, احْفَظْ مِلَفَّكَ: who is spoken to does it, so a noun behind is the object (35.5)."""
    if not view.follows(index) or not imperative(view.letters, view.pauses, index - 1):
        return
    word = view.letters[index]
    if preposition_of(word) or is_listed(word, "times"):
        return
    if owned := _YOURS.fullmatch(view.readings[index].written):
        written = f"{owned[1]}{FATHA}{owned[2]}"
        view.readings[index] = replace(view.readings[index], written=written, rule=view.rule)
    elif view.is_noun(index) or view.begins_with_article(index):
        view.favour(index, ACCUSATIVE, SURELY)


_YOURS = re.compile("(.*[\u0621-\u064a]\u0651?)[\u064e-\u0650](ك(?:\u064e|\u0650|\u064fم\u0652?)?)")


def _what_is_decided(view: CaseView, index: int) -> None:
    """قَرَّرَ وَضْعَ حَدٍّ: who decides has been named, so a verbal noun behind it is the object."""
    verb = index - 1
    if not view.follows(index) or verb in view.passives:
        return
    if not (view.is_noun(index) or view.begins_with_article(index)):
        return
    is_masdar = noun_kind(view.letters[index]) == "thing"
    if is_masdar and _DECIDES.fullmatch(view.letters[verb]):
        view.favour(index, ACCUSATIVE, SURELY)


_DECIDES = re.compile("[وف]?س?(?:ي?قرر|قررت|ي?قرروا|يقررون)")


def _what_is_asked(view: CaseView, index: int) -> None:
    """طَلَبَ مِنْهُ الِابْتِعَادَ: whom somebody asks stands before what he asks for (7.5.1)."""
    of_him, verb = index - 1, index - 2
    if index < 2 or not (view.follows(index) and view.follows(of_him)) or verb in view.passives:
        return
    asks = view.letters[of_him] in ("منه", "منها", "منهم") and _ASKS.fullmatch(view.letters[verb])
    if asks and view.begins_with_article(index) and noun_kind(view.letters[index]) == "thing":
        view.favour(index, ACCUSATIVE, SURELY)


_ASKS = re.compile("[وف]?س?(?:[يت]?طلب|طلبت|طلبوا|[يت]طلبون)")


def _gained_or_lived(view: CaseView, index: int) -> None:
    """نَالَتْ جَائِزَةَ الدَّوْلَةِ, عَاشَ حَيَاةَ زُهْدٍ: a prize, a post and a life are what a person has.

    Who gains it may stand before it or behind it: أَحْرَزَ الْمَرْكَزَ الثَّالِثَ الرِّوَائِيُّ.
    """
    if not view.follows(index) or not (view.is_noun(index) or view.begins_with_article(index)):
        return
    verb = index - 1
    if _LIVED.fullmatch(f"{view.letters[verb]} {view.letters[index]}"):
        view.favour(index, ACCUSATIVE, MOSTLY)
        return
    if not is_listed(view.stem(index), "gained"):
        return
    while verb > 0 and index - verb < LONGEST_NOUN and view.follows(verb):
        if _gains(view, verb) or not view.begins_with_article(verb):
            break
        verb -= 1
    if not _gains(view, verb) or verb in view.passives:
        return
    view.favour(index, ACCUSATIVE, MOSTLY)
    place = index + 1
    while view.follows(place) and view.begins_with_article(place):
        if is_agent(view.letters[place]) or view.stem(place) in titles():
            if verb == index - 1:
                view.favour(place, NOMINATIVE, MOSTLY)
            return
        place += 1


def _gains(view: CaseView, verb: int) -> bool:
    return is_listed(without_particle(view.letters[verb]).removesuffix("ت"), "gains")


_LIVED = re.compile("[وف]?(?:عاش|عاشت|[يت]عيش) (?:حياة|طفولة|سنوات|قصة|تجربة|حالة)")


_DONE_BY_PERSONS = re.compile("[وف]?(?:تولى|تلقى|اعتلى|درس|أتقن|تقلد|احترف|اعتنق|امتهن|تزعم|اعتزل)")


def _object_of_joined_verb(view: CaseView, index: int) -> None:
    """تُغْرِقُ الشَّوَارِعَ وَتُعَطِّلُ حَرَكَةَ السَّيْرِ: the only noun behind a joined verb, which needs an object.

    Its subject is that of the verb before it, with which it agrees (Ryding 2005, 4.2.1, 7.5.1).
    """
    verb = index - 1
    if not view.follows(index) or verb < 2 or verb in view.passives:
        return
    word, form = view.letters[verb], passive_of(view.letters[verb])
    if form is None or word[0] not in "وف" or not form.front or taken_by(form) - {""}:
        return
    if noun_kind(view.letters[index]) != "thing" or not is_read_as_verb(view, verb):
        return
    end = index + 1
    while view.follows(end) and view.is_definite(end):
        end += 1
    if view.follows(end) and not (preposition_of(view.letters[end]) or view.letters[end][0] == "و"):
        return
    feminine = is_feminine_verb(view, verb)
    if any(
        is_verb(view.letters[place]) and is_feminine_verb(view, place) == feminine
        for place in range(verb)
    ):
        view.favour(index, ACCUSATIVE, MOSTLY)


def _object_behind_that(view: CaseView, index: int) -> None:
    """كَادَ الْحَرِيقُ أَنْ يَلْتَهِمَ الْمَصْنَعَ: who nearly does it does it himself (Ryding 2005, 34.2).

    So the second verb has its subject, and a thing behind it is its object.
    """
    verb, particle = index - 1, index - 2
    if index < 4 or not all(map(view.follows, (particle, verb, index))) or verb in view.passives:
        return
    if view.letters[particle] != "أن" or not (view.is_noun(index) or view.is_definite(index)):
        return
    first = particle - 1
    while first > 0 and particle - first < LONGEST_NOUN and goes_on(view, first):
        first -= 1
    before, is_thing = view.letters[first], noun_kind(view.letters[index]) == "thing"
    wants = is_thing and _WANTS.fullmatch(before)  # not رَفَضَ أَنْ يُغَادِرَ السَّفِيرُ
    if first == particle - 1 or not (wants or _CAN.fullmatch(before)):
        return
    if takes_object(view, verb) and is_feminine_verb(view, first) == is_feminine_verb(view, verb):
        view.favour(index, ACCUSATIVE, MOSTLY)


_CAN = re.compile("[وف]?(?:[يت]?كاد|كادت|أوشكت?|[يت]وشك|[يت]ستطيع|استطاعت?|حاولت?|[يت]حاول)")
_WANTS = re.compile(
    "[وف]?(?:قررت?|[يت]قرر|رفضت?|[يت]رفض|تعهدت?|وعدت?|[يت]عتزم|[يت]نوي|[يت]ريد|أرادت?|اختارت?)"
)


def _object_after_subject(view: CaseView, index: int) -> None:
    """أَخْبَرَ السَّيِّدُ بُوتِين السَّيِّدَ تْرَامْب: a second title after subject and name is the object.

    Ryding 2005, 7.5.1.1.
    """
    if not (view.follows(index) and view.begins_with_article(index)):
        return
    if view.stem(index) not in titles() or not view.follows(index - 1):
        return
    start = index - 1
    while start > 0 and index - start < LONGEST_NOUN and goes_on(view, start):
        start -= 1
    verb, start = start, start + 1
    if start >= index - 1 or not view.begins_with_article(start) or not view.follows(start):
        return
    if not is_agent(view.letters[start]) and view.stem(start) not in titles():
        return
    if start in view.decided and view.case(start) == ACCUSATIVE:  # أَحْرَزَ الْمَرْكَزَ الثَّالِثَ الرِّوَائِيُّ
        return
    if DEEMED.fullmatch(view.letters[verb]):  # كَانَ النَّائِبُ الْعَامُّ الْمُسْتَشَارُ مَاهِرٌ أَحَالَ
        return
    if not takes_object(view, verb) or says_that(view, index):
        return
    last = view.letters[index - 1]
    if view.is_noun(index - 1) and not (is_name(last) or last in first_names()):
        return  # قَرَّرَتِ الْمَحْكَمَةُ إِخْلَاءَ سَبِيلِ الصَّحَفِيِّ
    times = SURELY if view.letters[start] == view.letters[index] else MOSTLY
    view.favour(start, NOMINATIVE, RATHER)
    view.favour(index, ACCUSATIVE, times)


_YOUNG = ("الشاب", "الشابة", "المعماري", "المعمارية")
"""Who someone is, or what they are like: الْمُهَاجِمُ الشَّابُّ."""


def _object_after_agent(view: CaseView, index: int) -> None:
    """حَلَّ الرَّئِيسُ الْبَرْلَمَانَ: of two nouns with the article after a verb the second is the object.

    It cannot be the first one's genitive, for that has the article (Ryding 2005, 8.1.1), and is not
    its adjective, being a noun. The first is the subject: an agent, or of the verb's gender alone.
    """
    if not (view.follows(index) and view.begins_with_article(index) and index > 1):
        return
    subject, verb = index - 1, index - 2
    if not (view.follows(subject) and view.begins_with_article(subject)):
        return
    if verb in view.passives or not takes_object(view, verb) or not opens_clause(view, verb):
        return
    feminine = is_feminine_verb(view, verb)
    if feminine != is_woman(view, subject) and not (feminine and view.is_broken_plural(subject)):
        return
    if view.letters[subject] in _POLITE or view.letters[index] == "الأول":
        return  # السَّيِّدُ الْوَزِيرُ, الْوَزِيرُ الْأَوَّلُ
    is_agent_only = is_agent(view.letters[index]) and view.letters[index] not in _YOUNG
    if view.stem(index) in context()["short_adjectives"] or is_describing_noun(view, index):
        return
    is_noun = is_agent_only or not view.is_like_adjective(index)
    is_noun = is_noun or not view.may_agree(subject, index)
    if is_noun and not is_ordinal(view, index) and not says_that(view, index):
        view.favour(subject, NOMINATIVE, RATHER)
        view.favour(index, ACCUSATIVE, MOSTLY if is_agent(view.letters[subject]) else RATHER)


_POLITE = ("السيد", "السيدة", "الأستاذ", "الأستاذة", "سعادة", "معالي")
"""Behind these stands the office of the same person."""


def _annexed_person(view: CaseView, index: int) -> None:
    """اِسْتَقْبَلَ الْمَلِكُ رَئِيسَ الْوُزَرَاءِ: behind verb and agent, somebody with a genitive.

    The agent, too, may have one: أَقَالَ رَئِيسُ الْوُزَرَاءِ وَزِيرَ الدِّفَاعِ. The second is the object;
    or he is the agent himself, named twice, and then another object follows: أَلْقَى الْوَزِيرُ رَئِيسُ
    الْوَفْدِ كَلِمَةً (Ryding 2005, 7.5.1, 8.1).
    """
    subject, genitive = index - 1, index + 1
    if index < 2 or not all(view.follows(place) for place in (subject, index, genitive)):
        return
    if not view.begins_with_article(subject):
        return
    has_genitive = is_agent_with_genitive(view.letters[subject - 1], view.letters[subject])
    if has_genitive and subject > 1 and view.follows(subject - 1):
        subject -= 1
    elif not is_agent(view.letters[subject]):
        return
    if not is_agent_with_genitive(view.letters[index], view.letters[genitive]):
        return
    verb = subject - 1
    if verb in view.passives or not takes_object(view, verb) or not opens_clause(view, verb):
        return
    if is_feminine_verb(view, verb) != is_woman(view, subject) or says_that(view, index):
        return
    end = genitive + 1
    while view.follows(end) and view.begins_with_article(end) and view.is_like_adjective(end):
        end += 1
    following = view.letters[end] if view.follows(end) else "و"
    if following in ("هذا", "هذه", "ذلك", "تلك"):
        return
    is_made = _MAKES.fullmatch(view.letters[verb]) and is_agent(following)
    if not (preposition_of(following) or following[0] == "و" or is_made):
        return
    view.favour(subject, NOMINATIVE, RATHER)
    view.favour(index, ACCUSATIVE, MOSTLY)


_MAKES = re.compile("[وف]?(?:عين|سمى|انتخب|نصب|رشح|اختار)ت?")
"""عَيَّنَ رَئِيسُ الْحُكُومَةِ مُدِيرَ الشَّرِكَةِ مُسْتَشَارًا: what he is made stands behind him."""


def _object_after_adjective(view: CaseView, index: int) -> None:
    """تَقْطُنُ السَّلَاحِفُ الْبَحْرِيَّةُ الْمِيَاهَ: behind a subject and its adjective, a noun with the article.

    It is neither another adjective nor a genitive (Ryding 2005, 8.1.1, 10.1).
    """
    verb, subject, adjective = index - 3, index - 2, index - 1
    if index < 3 or not all(view.follows(place) for place in (subject, adjective, index)):
        return
    if not all(view.begins_with_article(place) for place in (subject, adjective, index)):
        return
    if view.is_like_adjective(index) or not view.is_like_adjective(adjective):
        return
    if verb in view.passives or not view.may_agree(subject, adjective):
        return
    if not (takes_object(view, verb) and opens_clause(view, verb)) or says_that(view, index):
        return
    if not has_own_article(view.letters[index]):
        view.favour(index, ACCUSATIVE, RATHER)


def _agent_after_construct(view: CaseView, index: int) -> None:
    """أَقَالَتْ إِدَارَةُ النَّادِي الْمُدَرِّبَ: after a subject and its genitive, somebody is the object.

    With the article behind the article he is no genitive (Ryding 2005, 8.1.1); behind him his name
    would stand if he were named twice.
    """
    verb, head = index - 3, index - 2
    if index < 3 or not all(view.follows(place) for place in (head, head + 1, index)):
        return
    if not (view.begins_with_article(index) and view.begins_with_article(head + 1)):
        return
    if verb in view.passives or not takes_object(view, verb) or not opens_clause(view, verb):
        return
    if not view.is_noun(head) or not is_agent(view.letters[head]) or says_that(view, index):
        return
    word = view.letters[index]
    if not is_agent(word) or word in _YOUNG or word.endswith("ي"):
        return
    end = index + 1
    while view.follows(end) and view.begins_with_article(end) and view.is_like_adjective(end):
        end += 1
    ends = not view.follows(end) or bool(preposition_of(view.letters[end]))
    if ends or _is_other_than(view, index):
        view.favour(index, ACCUSATIVE, MOSTLY)


def _is_other_than(view: CaseView, index: int) -> bool:
    """Return whether one man cannot be the institution, nor its people, whose names stand before.

    كَرَّمَتْ وِزَارَةُ الثَّقَافَةِ الشَّاعِرَ مَحْمُود دَرْوِيش, نَعَتْ نِقَابَةُ الْفَنَّانِينَ الْمُمَثِّلَ.
    """
    genitive = view.stem(index - 1)
    people = is_agent(genitive) and not genitive.endswith(("ين", "ات"))
    return view.is_feminine(index - 2) and not (view.is_feminine(index) or people)


def _object_in_construct(view: CaseView, index: int) -> None:
    """تَوَقَّعَ الصُّنْدُوقُ نُمُوَّ الِاقْتِصَادِ: a noun with a genitive after verb and subject is the object.

    It cannot be the subject's genitive, for that has the article (Ryding 2005, 7.5.1.1, 8.1.1).
    The subject may have an adjective: فَقَدَ الْبَحْثُ الْعِلْمِيُّ أَحَدَ أَعْلَامِهِ.
    """
    following, subject = index + 1, index - 1
    has_adjective = index > 2 and view.follows(subject) and view.is_like_adjective(subject)
    if has_adjective and view.begins_with_article(subject) and view.may_agree(index - 2, subject):
        subject -= 1
    verb = subject - 1
    if verb < 0 or not all(view.follows(place) for place in range(subject, following + 1)):
        return
    if verb in view.passives or not (takes_object(view, verb) and opens_clause(view, verb)):
        return
    if not view.begins_with_article(subject) or not view.is_noun(index):
        return
    is_owned = has_adjective and view.letters[following].endswith(("ه", "ها", "هم"))
    if not (
        view.begins_with_article(following) or is_owned or _ONE_OF.fullmatch(view.letters[index])
    ):
        return
    feminine = is_feminine_verb(view, verb)
    is_country = feminine and has_own_article(view.letters[subject])  # خَطَفَتِ الْجَزَائِرُ
    if feminine != is_woman(view, subject) and not is_country:
        return
    word = view.letters[index]
    lists = ("times", "adverbs", "lengths", "prepositions")
    if is_name(word) or word in first_names() or any(is_listed(word, name) for name in lists):
        return
    if not preposition_of(word) and not view.is_like_adjective(index):
        view.favour(index, ACCUSATIVE, MOSTLY if has_adjective or is_country else RATHER)


_ONE_OF = re.compile("أحد|إحدى")


def _length_of_time(view: CaseView, index: int) -> None:
    """دَامَ عَشْرَ سِنِينَ: how long something lasts is accusative (Ryding 2005, 7.5.2.1)."""
    if not view.follows(index) or not _LASTS.fullmatch(view.letters[index - 1]):
        return
    word = view.letters[index]
    if view.is_noun(index) and (is_listed(word, "before_counted") or is_listed(word, "lengths")):
        view.favour(index, ACCUSATIVE, MOSTLY)


_LASTS = re.compile("[وف]?س?(?:دام|دامت|[يت]دوم|استمر|استمرت|[يت]ستمر|استغرق|استغرقت|[يت]ستغرق)")


def _amount_of_verb(view: CaseView, index: int) -> None:
    """يَزِنُ أَكْثَرَ مِنْ طُنٍّ, يَقَعُ جَنُوبَ الْمَدِينَةِ: how much and where are accusative (Ryding 2005, 7.5.2)."""
    if not view.follows(index):
        return
    pair = f"{view.letters[index - 1]} {view.letters[index]}"
    if _WEIGHS.fullmatch(pair) or _LIES.fullmatch(pair):
        view.favour(index, ACCUSATIVE, SURELY)


_WEIGHS = re.compile(
    "[وف]?(?:[يت]زن|وزن|[يت]كلف|كلف|كلفت|[يت]ضم|[يت]تجاوز) (?:أكثر|نحو|قرابة|زهاء|حوالي)"
)


_LIES = re.compile(
    "[وف]?(?:[يت]قع|وقع|وقعت|[يت]متد|امتد|امتدت) (?:جنوب|شمال|شرق|غرب|وسط|قرب|قبالة|خلف)"
)


OBJECT_RULES: tuple[CaseRule, ...] = (
    *OBJECT_FIRST_RULES,
    _object_of_hidden_subject,
    _object_of_imperative,
    _what_is_decided,
    _what_is_asked,
    _gained_or_lived,
    _object_of_joined_verb,
    _object_behind_that,
    _object_after_subject,
    _object_after_agent,
    _annexed_person,
    _object_after_adjective,
    _agent_after_construct,
    _object_in_construct,
    _length_of_time,
    _amount_of_verb,
)
"""In the order in which they run, each over the whole sentence."""
