"""Rules of case for a subject or an object that does not stand right behind its verb.

When or where it was stands between them (Ryding 2005, 4.2.1). Each rule says how many times
likelier it makes a case (case_view.CaseView.favour).
"""

from __future__ import annotations

import re

from briefing.text.characters import SUKUN
from briefing.text.tables import context, people, verbs
from briefing.text.vowels.case_subjects import IMPERFECT_IN_A, PERFECT, REMAINS
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
)
from briefing.text.vowels.verbs_in_view import (
    DEEMED,
    LONGEST_NOUN,
    agrees_with,
    is_feminine_verb,
    is_read_as_verb,
    is_woman,
    may_be_verb,
    opens_clause,
    takes_object,
)
from briefing.text.words.known_words import is_diptote, known_reading
from briefing.text.words.noun_signs import begins_with_own, is_feminine_thing
from briefing.text.words.passives import (
    is_agent,
    is_listed,
    is_name,
    is_whole_time,
    noun_kind,
    preposition_of,
)
from briefing.text.words.verb_signs import without_particle

__all__ = ["DEATH", "LATER_NOUN_RULES", "NUMBERS"]


def _subject_behind_time(view: CaseView, index: int) -> None:
    """وَقَعَ أَمْسِ انْفِجَارٌ: behind a verb without object, and when it was, stands its subject.

    Ryding 2005, 4.2.1. The verb has its gender; a passive verb has a subject alone (38.4).
    """
    verb = index - 1
    while verb > 0 and view.follows(verb) and _WHEN.fullmatch(view.letters[verb]):
        verb -= 1
    if verb == index - 1 or not view.follows(index) or not view.follows(verb + 1):
        return
    begins = _BEGINS.fullmatch(view.letters[verb]) and not view.follows(verb)
    word, following = view.letters[index], index + 1
    # اِسْتَقْبَلَ الْيَوْمَ الْمَلِكُ وَفْدًا
    is_object = view.follows(following) and view.readings[following].written.endswith("\u064bا")
    acts = is_object and is_agent(word) and view.begins_with_article(index)
    if not (begins or acts or _has_no_object(view, verb)):
        return
    lists = ("times", "adverbs", "adverbials", "lengths", "prepositions")
    if any(is_listed(word, name) for name in lists) or preposition_of(word) or word[0] in "وفك":
        return
    if not (view.is_noun(index) or view.begins_with_article(index)):
        return
    if not agrees_with(view, verb, index):
        return
    view.favour(index, NOMINATIVE, SURELY)
    is_adjective = view.follows(following) and view.is_like_adjective(following)
    both = is_adjective and view.is_noun(index) and view.is_noun(following)
    if both and view.may_agree(index, following) and not preposition_of(view.letters[following]):
        view.favour(following, NOMINATIVE, MOSTLY)


_BEGINS = re.compile("[وف]?س?(?:[يت]بدأ|بدأت?)")
_WHEN = re.compile(
    "سابقا|أمس|اليوم|غدا|الآن|السبت|الأحد|الاثنين|الإثنين|الثلاثاء|الأربعاء|الخميس|الجمعة|الماضي|الماضية"
    "|المقبل|المقبلة|الجاري|الليلة|مساء|صباح|فجر|ظهر|ليلة|صباحا|ليلا|فجرا|ظهرا|عصرا|حديثا|مؤخرا"
    "|أخيرا|رسميا|قريبا|مجددا|لاحقا|حاليا|فجأة|سنويا|يوميا|عالميا|محليا|تدريجيا"
)


def _who_met_his_death(view: CaseView, index: int) -> None:
    """لَقِيَ خَمْسَةُ عُمَّالٍ مَصْرَعَهُمْ: his own death is the object, so that he stands before it (7.5.1)."""
    if not view.follows(index) or not _MET.fullmatch(view.letters[index - 1]):
        return
    if any(DEATH.fullmatch(word) for word in view.letters[index + 1 : index + 5]):
        view.favour(index, NOMINATIVE, SURELY)


_MET = re.compile("[وف]?(?:لقيت?|[يت]لقى)")
DEATH = re.compile("(?:مصرع|حتف)(?:ه|ها|هم|هما)")


def _subject_behind_preposition(view: CaseView, index: int) -> None:
    """تُحِيطُ بِالْوَاحَةِ كُثْبَانٌ: an indefinite noun behind the preposition of a verb is its subject.

    The verb has no object, and the noun is no genitive, for that before it is definite
    (Ryding 2005, 4.2.1, 8.1.1).
    """
    if not view.follows(index) or not view.is_noun(index) or preposition_of(view.letters[index]):
        return
    word, written = view.letters[index], view.readings[index].written
    if not (word.endswith("ة") or written[-1:] in TANWIN) or word[0] in "وفك":
        return
    lists = ("times", "adverbs", "lengths", "adverbials")
    if any(is_listed(word, name) for name in lists):
        return
    verb = _before_preposition(view, index)
    if verb > 0 and view.follows(verb) and is_whole_time(view.letters[verb]):
        verb -= 1  # خَرَجَتِ الْجُمُعَةَ فِي الْمَدِينَةِ مُظَاهَرَاتٌ
    if verb > 0 and view.follows(verb) and is_listed(view.letters[verb], "times_of"):
        verb -= 1  # وَصَلَ فَجْرَ الْيَوْمِ إِلَى الْعَاصِمَةِ وَفْدٌ
    if verb < 0 or not view.follows(verb + 1):
        return
    around = without_particle(view.letters[verb]) in _AROUND
    agrees = verb not in view.passives or agrees_with(view, verb, index)
    if around or (agrees and _has_no_object(view, verb, surely=True)):
        view.favour(index, NOMINATIVE, MOSTLY)


def _number_behind_preposition(view: CaseView, index: int) -> None:
    """أَوْقَفَتِ الشُّرْطَةُ فِي الْمَدِينَةِ ثَلَاثَةَ أَشْخَاصٍ, شَارَكَ فِي النَّدْوَةِ ثَلَاثَةُ خُبَرَاءَ: how many behind a place.

    Behind a subject they are the object, right behind a verb without object the subject; what the
    preposition governs is before them (Ryding 2005, 4.2.1, 7.5.1, 15.1).
    """
    counted = index + 1
    if view.letters[index] not in NUMBERS or not (view.follows(index) and view.follows(counted)):
        return
    place = _before_preposition(view, index)
    if place < 0 or view.begins_with_article(counted) or view.letters[counted][0] == "و":
        return
    if is_read_as_verb(view, place) and not view.is_definite(place):
        if _has_no_object(view, place) or view.letters[place] in _TAKE_PART:
            view.favour(index, NOMINATIVE, SURELY)
        return
    if _ends_subject(view, place):
        view.favour(index, ACCUSATIVE, SURELY)


NUMBERS = frozenset(
    "ثلاثة أربعة خمسة ستة سبعة ثمانية تسعة عشرة ثلاث أربع خمس ست سبع تسع عشر بضعة بضع".split()
)
_TAKE_PART = ("شارك", "وشارك", "يشارك", "حضر", "سقط", "قضى", "لقي", "أصيب")


def _thing_behind_preposition(view: CaseView, index: int) -> None:
    """دَانَ الْمَجْلِسُ بِأَشَدِّ الْعِبَارَاتِ الْهُجُومَ: a thing behind verb, subject and a definite noun of "by".

    It has the article, as the noun before it has, so it is no genitive (Ryding 2005, 7.5.1, 8.1.1).
    """
    is_thing = view.begins_with_article(index) and noun_kind(view.letters[index]) == "thing"
    if not (view.follows(index) and is_thing) or view.is_like_adjective(index):
        return
    before = view.letters[index - 1]
    place = _before_preposition(view, index)
    if place < 1 or not (view.begins_with_article(index - 1) or _OWNED.fullmatch(before)):
        return
    is_time = is_listed(view.letters[index], "times")
    if view.begins_with_article(place) and not is_time and _ends_subject(view, place):
        view.favour(index, ACCUSATIVE, MOSTLY)


def _ends_subject(view: CaseView, place: int) -> bool:
    """Return whether the subject of a verb that still needs an object ends at a place."""
    verb = place
    while verb > max(0, place - LONGEST_NOUN) and view.follows(verb):
        if verb < place and opens_clause(view, verb) and may_be_verb(view, verb):
            break
        verb -= 1
    is_verb = verb < place and opens_clause(view, verb) and takes_object(view, verb)
    return is_verb and verb not in view.passives and agrees_with(view, verb, verb + 1)


def _agent_behind_preposition(view: CaseView, index: int) -> None:
    """وَصَلَ إِلَى الْقَاهِرَةِ الرَّئِيسُ: somebody behind a verb without object, and a thing, is its subject.

    He does not describe a thing, and is no genitive of what has the article or a pronoun (Ryding
    2005, 4.2.1, 8.1.1).
    """
    word = view.letters[index]
    if not (view.follows(index) and view.begins_with_article(index) and is_agent(word)):
        return
    verb, before = _before_preposition(view, index), view.letters[index - 1]
    is_owned = before.endswith(("ه", "ها", "هم", "نا"))
    if verb < 0 or not (view.is_definite(index - 1) or is_owned or is_name(before)):
        return
    if view.stem(index - 1) in people():
        return  # تَحَدَّثَ إِلَى الْوَزِيرِ الْمُقَالِ
    if _has_no_object(view, verb) and is_feminine_verb(view, verb) == is_woman(view, index):
        view.favour(index, NOMINATIVE, SURELY)


def _construct_behind_preposition(view: CaseView, index: int) -> None:
    """تَجَمَّعَ أَمَامَ السَّفَارَةِ مِئَاتُ الْمُتَظَاهِرِينَ: a noun with its genitive in the same place."""
    following, word = index + 1, view.letters[index]
    if not (view.follows(index) and view.follows(following) and view.is_noun(index)):
        return
    if preposition_of(word) or preposition_of(view.letters[following]) or word[0] in "وفك":
        return
    lists = ("times", "adverbs", "lengths", "adverbials", "prepositions")
    if any(is_listed(word, name) for name in lists) or word in ("غير", "نحو", "ذات", "كل"):
        return
    is_bare = view.readings[index].written[-1:] in VOWELS
    verb = _before_preposition(view, index)
    if verb < 0 or not is_bare:
        return
    if not (view.begins_with_article(following) or view.case(following) == GENITIVE):
        return
    agrees = agrees_with(view, verb, index) or _AMOUNTS.fullmatch(word)
    if agrees and _has_no_object(view, verb):
        view.favour(index, NOMINATIVE, SURELY)


def _object_behind_preposition(view: CaseView, index: int) -> None:
    """وَجَّهَ إِلَى الْحُكُومَةِ انْتِقَادَاتٍ: a thing that is feminine is no subject of a masculine verb.

    Ryding 2005, 4.2.1, 7.1.
    """
    word = view.letters[index]
    if not (view.follows(index) and view.is_noun(index)) or preposition_of(word) or word[0] == "ف":
        return
    verb = _before_preposition(view, index)
    if verb < 0 or verb in view.passives or not takes_object(view, verb):
        return
    if DEEMED.fullmatch(view.letters[verb]):  # أَصْبَحَ مِنَ السَّهْلِ مُشَارَكَةُ التَّطْبِيقِ
        return
    if not is_feminine_thing(word) or is_feminine_verb(view, verb):
        return
    if is_read_as_verb(view, verb) and not without_particle(view.letters[verb]).endswith("وا"):
        view.favour(index, ACCUSATIVE, MOSTLY)


def _object_behind_name(view: CaseView, index: int) -> None:
    """اِسْتَقْبَلَ شِيرَاكُ الرَّئِيسَ: behind a verb and a name alone, a noun with the article is the object.

    A title would stand before the name, and a name has no genitive (Ryding 2005, 8.1.1, 11.2).
    """
    verb = _before_named_subject(view, index)
    if verb < 0 or verb in view.passives or not takes_object(view, verb):
        return
    if not (view.follows(index) and view.begins_with_article(index)):
        return
    of_two = view.letters[index - 2 : index] == ["الولايات", "المتحدة"]
    word = view.letters[index]
    describes = _OF_THE_STATES.match(word) if of_two else _NISBA.fullmatch(word)
    is_other = not (describes or is_listed(word, "times"))
    if is_other and opens_clause(view, verb):
        view.favour(index, ACCUSATIVE, SURELY)


def _before_named_subject(view: CaseView, index: int) -> int:
    """Return the place of the verb before the name that stands before a word; -1 without."""
    name = index - 1
    if view.letters[max(0, index - 2) : index] == ["الولايات", "المتحدة"]:
        head, feminine = index - 2, True
    elif name > 0 and view.letters[name - 1] in context()["bears_name"]:
        head, feminine = index - 2, True  # رَبِحَتْ مَجْمُوعَةُ لَافَارْجَ الْمُنَاقَصَةَ
        is_name = noun_kind(view.letters[name]) in ("unknown", "name")
        if view.is_definite(name) or not is_name or preposition_of(view.letters[name]):
            return -1
    elif known_reading(view.letters[name]).endswith(SUKUN) and not view.is_definite(name):
        head, feminine = name, False
    else:
        return -1
    verb = head - 1
    if verb < 0 or not all(map(view.follows, range(head, index + 1))):
        return -1
    return verb if is_feminine_verb(view, verb) == feminine else -1


_OF_THE_STATES = re.compile("الأمي?ر")
_NISBA = re.compile("ال[^\\W]{2,}ية?")


_AMOUNTS = re.compile("عشرات|مئات|آلاف|ملايين")


def _has_no_object(view: CaseView, verb: int, *, surely: bool = False) -> bool:
    """Return whether a word is a verb that has no object, or a passive.

    surely: one that never has; else also one that seldom has: وَصَلَ, رَكِبَ.
    """
    before, read = view.letters[verb], view.readings[verb].written
    if verb in view.passives or _PASSIVE.fullmatch(read):
        return True
    bare = without_particle(before)
    seldom = bare in verbs("subject") and not surely
    has_none = bare in verbs("no_object") or seldom or _MUTUAL.fullmatch(bare)
    if not has_none or REMAINS.fullmatch(before):
        return False
    return bool(PERFECT.search(read) or IMPERFECT_IN_A.search(read))


_PASSIVE = re.compile("(?:[وف]\u064e)?(?:س\u064e)?[يت]\u064f[^\\W]\u0652[^\\W]\u064e[^\\W]\u064f")
"""تُعْقَدُ: of form I or IV."""


def _before_preposition(view: CaseView, index: int) -> int:
    """Return the place before a preposition and its noun that end before a word; -1 without."""
    place = index - 1
    while place > max(0, index - LONGEST_NOUN) and view.follows(place):
        word = view.letters[place]
        if place < index - 1 and not view.is_definite(place) and _joins_preposition(word):
            return place - 1  # اِنْعَقَدَ بِقَصْرِ قَرْطَاجَ
        owned = _OWNED.fullmatch(word) and preposition_of(view.letters[place - 1])
        named = is_name(word) or is_diptote(word)
        if not (view.is_definite(place) or _GOVERNED.fullmatch(word) or named or owned):
            break
        place -= 1
    if place < index - 1 and preposition_of(view.letters[place + 1]):
        return place  # تُحِيطُ بِالْوَاحَةِ
    alone = [preposition_of(word) == word for word in view.letters[: place + 1]]
    if place == index - 1 or not any(alone[-2:]):
        return -1
    return place - 1 if alone[-1] else place - 2  # يَتَنَافَسُ عَلَى مَقْعَدِ الدَّائِرَةِ


def _joins_preposition(word: str) -> bool:
    joins = preposition_of(word) in ("ب", "ل") and _GOVERNED.fullmatch(word) is None
    return joins and not begins_with_own(word)


_OWNED = re.compile("[^\\W]{2,}(?:ه|ها|هم|نا)")
_GOVERNED = re.compile("(?:ب|ل|في|من|إلي|علي|عن|مع)(?:ه|ها|هم)|(?:بال|لل)[^\\W]+")


_MUTUAL = re.compile(
    "(?!ي?ت(?:ناول|بادل|جاوز|جاهل|داول|قاسم|دارك|قاضى)ت?)"
    "(?:[يت]ت[^\\W]ا[^\\W]{2}|ت[^\\W]ا[^\\W]{2}ت|[يت]ن[^\\W]{3}|ان[^\\W]{3}ت?)"
)
"""Forms VI and VII: يَتَنَافَسُ, تَنْحَدِرُ."""


_AROUND = frozenset({"يحيط", "تحيط"})


LATER_NOUN_RULES: tuple[CaseRule, ...] = (
    _subject_behind_time,
    _who_met_his_death,
    _subject_behind_preposition,
    _number_behind_preposition,
    _thing_behind_preposition,
    _agent_behind_preposition,
    _construct_behind_preposition,
    _object_behind_preposition,
    _object_behind_name,
)
"""In the order in which they run, each over the whole sentence."""
