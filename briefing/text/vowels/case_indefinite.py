"""Rules of case for an indefinite subject right behind its verb: قَدَّمَ وَزِيرٌ اسْتِقَالَتَهُ.

It has tanwin, as what follows is its adjective or the object and no genitive (Ryding 2005, 4.2.1,
7.5.1, 8.1). Each rule says how many times likelier it makes a case (case_view.CaseView.favour).
"""

from __future__ import annotations

import re
from dataclasses import replace

from briefing.text.characters import FATHATAN
from briefing.text.tables import context
from briefing.text.vowels.case_later_nouns import DEATH, NUMBERS
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
    owned_in_case,
)
from briefing.text.vowels.names import first_names, titles
from briefing.text.vowels.verbs_in_view import (
    is_feminine_verb,
    may_be_verb,
    opens_clause,
    takes_object,
)
from briefing.text.words.known_words import is_diptote
from briefing.text.words.noun_signs import may_be_diptote
from briefing.text.words.passives import (
    is_accusative,
    is_agent,
    is_listed,
    is_name,
    noun_kind,
    passive_of,
    preposition_of,
)
from briefing.text.words.verb_signs import is_verb

__all__ = ["INDEFINITE_RULES"]


def _people_without_genitive(view: CaseView, index: int) -> None:
    """سَرَقَ لُصُوصٌ سَيَّارَةَ الْمُدِيرِ: thieves are nobody's, so what follows them is the object.

    Ryding 2005, 7.5.1.1, 8.1.
    """
    people, verb = index - 1, index - 2
    if index < 2 or not (view.follows(index) and view.follows(people)) or verb in view.passives:
        return
    if view.letters[people] not in context()["no_genitive"] or not takes_object(view, verb):
        return
    has_genitive = view.follows(index + 1) and view.begins_with_article(index + 1)
    if preposition_of(view.letters[index]) or view.begins_with_article(index):
        return
    if view.is_like_adjective(index) and not has_genitive:
        return  # لِصٌّ مُحْتَرِفٌ
    if not (opens_clause(view, verb) and view.is_noun(index)):
        return
    view.make_nominative(people)
    view.favour(index, ACCUSATIVE, SURELY)


def _his_own(view: CaseView, index: int) -> None:
    """قَدَّمَ وَزِيرٌ اسْتِقَالَتَهُ, أَعْلَنَ حِزْبٌ مُعَارِضٌ انْسِحَابَهُ: what is his is the object, not what he is of.

    Unless another object follows: انْتَقَدَ رَئِيسُ حِزْبِهِ الْقَرَارَ (Ryding 2005, 7.5.1.1, 8.1.6).
    """
    person = index - 1
    describes = view.is_like_adjective(person) and view.letters[person] not in titles()
    if index > 2 and view.follows(person) and describes and is_agent(view.letters[person - 1]):
        person -= 1
    verb = person - 1
    if verb < 0 or not all(view.follows(place) for place in range(person, index + 1)):
        return
    owned = owned_in_case(view.readings[index].written, ACCUSATIVE)
    if not owned or not _is_noun_of(view, index, person) or not is_agent(view.letters[person]):
        return
    if not all(_may_have_tanwin(view, place) for place in range(person, index)):
        return
    takes = takes_object(view, verb) or DEATH.fullmatch(view.letters[index])
    if verb in view.passives or not takes or not opens_clause(view, verb):
        return
    if is_feminine_verb(view, verb) != view.letters[person].endswith("ة"):
        return
    end = index + 1
    while view.follows(end) and view.begins_with_article(end) and view.is_like_adjective(end):
        end += 1
    if view.follows(end) and not _ends_clause(view.letters[end]):
        return
    for place in range(person, index):
        view.make_nominative(place)
    view.put_owned(index, ACCUSATIVE)
    for place in range(index + 1, end):
        view.favour(place, ACCUSATIVE, SURELY)


def _is_noun_of(view: CaseView, index: int, person: int) -> bool:
    """Return whether a word is a noun, and its pronoun may mean a person."""
    word, owner = view.letters[index], view.letters[person]
    if preposition_of(word) or (re.match("[يتن]", word) and noun_kind(word) == "unknown"):
        return False
    return word.endswith("ها") if owner.endswith("ة") else word.endswith(("ه", "هم"))


def _ends_clause(word: str) -> bool:
    """Return whether no object follows: a preposition, a time or "and"."""
    lists = ("times", "adverbs", "adverbials", "lengths")
    return bool(preposition_of(word)) or word[0] == "و" or any(is_listed(word, n) for n in lists)


def _subject_and_adjective(view: CaseView, index: int) -> None:
    """ضَرَبَ إِعْصَارٌ قَوِيٌّ سَوَاحِلَ: a masculine noun without article and alif behind a verb is its subject.

    As an object it would have an alif. It has tanwin, as its adjective is no genitive, and what
    follows both is the object (Ryding 2005, 2.2.4, 4.2.1, 7.5.1, 10.1).
    """
    noun, verb, following = index - 1, index - 2, index + 1
    if index < 2 or not (view.follows(noun) and view.follows(index)) or verb in view.passives:
        return
    if not (_may_have_tanwin(view, noun) and _may_have_tanwin(view, index)):
        return
    is_thing = view.letters[index] in context()["like_adjectives"]  # إِنْتَاجُ حَدِيدِ التَّسْلِيحِ
    if is_thing or not (view.may_agree(noun, index) and _is_adjective(view, index)):
        return
    takes = takes_object(view, verb)
    if not ((may_be_verb(view, verb) or takes) and opens_clause(view, verb)):
        return
    is_verb = not (preposition_of(view.letters[verb]) or view.letters[verb] in ("حسب", "وحسب"))
    if is_feminine_verb(view, verb):  # جَرَفَتْ سُيُولٌ جَارِفَةٌ
        of_plural = view.is_broken_plural(noun) and view.letters[index].endswith("ة")
        fits = of_plural and is_agent(view.letters[noun])
    else:
        fits = not view.is_feminine(noun)
    if not (is_verb and fits):
        return
    if view.follows(following) and view.stem(following) in context()["said_of"]:
        return  # رَجُلٌ كَبِيرُ السِّنِّ
    is_participle = view.letters[index].startswith("م") and view.letters[index][-1] != "ي"
    if is_participle and view.follows(following) and view.begins_with_article(following):
        return  # تَقْرِيرُ مُرَاقِبِ الْحِسَابَاتِ
    for place in (noun, index):
        view.make_nominative(place)
    if not (view.follows(following) and takes):
        return
    is_noun = view.begins_with_article(following) or view.is_noun(following)
    if is_noun and not _ends_clause(view.letters[following]):
        view.favour(following, ACCUSATIVE, MOSTLY if view.is_definite(following) else RATHER)


def _may_have_tanwin(view: CaseView, index: int) -> bool:
    """Return whether a word is a noun without article whose ending shows every case with tanwin."""
    word = view.letters[index]
    lists = ("times", "adverbs", "lengths", "prepositions")
    is_participle = view.readings[index].written.startswith("م\u064f")  # مُزَارِع, not مَزَارِع
    if not (view.is_noun(index) and view.shows_case(index)):
        return False
    if may_be_diptote(word) and not is_participle:
        return False
    if word.endswith(("ات", "اء", "ه")) or preposition_of(word):
        return False
    if word[0] in "كلب" and noun_kind(word) == "unknown" != noun_kind(word[1:]):
        return False  # كَتَصْوِيرٍ, لِحَظْرٍ
    joined = word[1:] if word[0] in "وفبلك" else word
    if is_name(word) or {word, joined} & context()["before_genitives"]:
        return False  # كُلُّ, لِكُلِّ
    return not any(is_listed(word, name) for name in lists)


def _is_adjective(view: CaseView, index: int) -> bool:
    """Return whether a word is an adjective and nobody: قَوِيّ, تُرْكِيّ, not مُدِير."""
    word = view.letters[index]
    return _SINGLE_NISBA_BARE.fullmatch(word) is not None or (
        view.is_like_adjective(index) and not is_agent(word)
    )


_SINGLE_NISBA_BARE = re.compile("[^\\W]{3,}ي")


def _tanwin_of_alif(view: CaseView, index: int) -> None:
    """اِكْتَشَفَ عُلَمَاءُ كَوْكَبًا: the alif of a noun alone is that of its tanwin (Ryding 2005, 2.2.4).

    Before a genitive it may be the end of two of them: عُضْوَا الْمَجْلِسِ.
    """
    word, reading, following = view.letters[index], view.readings[index], index + 1
    if not is_accusative(word) or not reading.written.endswith(f"{VOWELS[ACCUSATIVE]}ا"):
        return
    noun = word[:-1]
    if len(noun) < _SHORTEST_NOUN or noun_kind(noun) not in ("thing", "agent"):
        return
    if is_name(word) or is_name(noun) or noun in first_names() or is_diptote(noun):
        return  # جُوزِيفَا, بِيرُوتَا
    if view.words[index].exact or is_verb(noun) or passive_of(noun) is not None:
        return
    in_construct = view.follows(following) and (
        view.begins_with_article(following) or view.case(following) == GENITIVE
    )
    if not in_construct:
        written = f"{reading.written[:-2]}{TANWIN[ACCUSATIVE]}ا"
        view.readings[index] = replace(reading, written=written, rule=view.rule)


_SHORTEST_NOUN = 3


def _manner(view: CaseView, index: int) -> None:
    """عَارَضَ بِشِدَّةٍ قَرَارَ الْحُكُومَةِ: "strongly" and its like have no genitive, but the verb an object.

    Ryding 2005, 11.1.1, 7.5.1. بِشِدَّةِ الْبَرْدِ: but without a verb before them they may have one.
    """
    verb, following = index - 1, index + 1
    if view.letters[index] not in context()["manners"] or not view.follows(index):
        return
    reading = view.readings[index]
    if not (view.follows(following) and reading.written.endswith(VOWELS[GENITIVE])):
        return
    if view.begins_with_article(following) and not may_be_verb(view, verb):
        return
    written = reading.written[:-1] + TANWIN[GENITIVE]
    view.readings[index] = replace(reading, written=written, rule=view.rule)
    is_noun = view.is_noun(following) or view.begins_with_article(following)
    if is_noun and not preposition_of(view.letters[following]):
        view.favour(following, ACCUSATIVE, MOSTLY)


def _pair_of_genders(view: CaseView, index: int) -> None:
    """ثَلَاثُمِئَةِ طَالِبٍ وَطَالِبَةٍ: a man's noun and the same of a woman have one case (8.1.7)."""
    man = index - 1
    if not view.follows(index) or view.letters[index] != f"و{view.letters[man]}ة":
        return
    if view.readings[man].written[-1:] in TANWIN and not view.words[index].vowels[-1]:
        written = view.readings[index].written
        if written[-1:] in (*TANWIN, *VOWELS):
            written = written[:-1] + view.readings[man].written[-1]
            view.readings[index] = replace(view.readings[index], written=written, rule=view.rule)


def _time_since(view: CaseView, index: int) -> None:
    """تَشْهَدُ الْبِلَادُ مُنْذُ أَشْهُرٍ احْتِجَاجَاتٍ: how long ago something is has no genitive (8.1, 16.3)."""
    following = index + 1
    if not (view.follows(index) and view.follows(following)):
        return
    if view.letters[index - 1] not in ("منذ", "قبل") or view.letters[index] not in _LENGTHS:
        return
    word = view.letters[following]
    is_noun = view.is_noun(following) and not view.begins_with_article(following)
    if not is_noun or preposition_of(word) or view.readings[index].written[-1:] not in VOWELS:
        return
    view.add_tanwin(index)
    if word == "عدة" or view.is_like_adjective(following):
        return  # مُنْذُ أَشْهُرٍ عِدَّةٍ
    nominative, accusative, _ = view.chances(following)
    if view.case(following) == GENITIVE:
        view.favour(following, NOMINATIVE if nominative > accusative else ACCUSATIVE, SURELY)


_LENGTHS = frozenset("أشهر سنوات أيام ساعات أعوام شهور عقود".split())


def _minutes_later(view: CaseView, index: int) -> None:
    """بَعْدَ دَقَائِقَ عَمَّ الظَّلَامُ: without article or genitive it has a behind a preposition (5.4.2.2)."""
    if view.letters[index] != "دقائق" or not view.follows(index) or view.words[index].vowels[-1]:
        return
    has_genitive = view.follows(index + 1) and view.begins_with_article(index + 1)
    reading = view.readings[index]
    if not has_genitive and reading.written.endswith(VOWELS[GENITIVE]):
        written = reading.written[:-1] + VOWELS[ACCUSATIVE]
        view.readings[index] = replace(reading, written=written, rule=view.rule)


def _plural_before_place(view: CaseView, index: int) -> None:
    """فِي أَحَدِ مُسْتَشْفَيَاتِ لَنْدَنَ: a genitive plural in ات before a place is of it (Ryding 2005, 8.1)."""
    place = index + 1
    if not (view.follows(index) and view.follows(place) and view.letters[index].endswith("ات")):
        return
    before = view.letters[index - 1]
    governed = before in ("أحد", "إحدى", "بعض") or preposition_of(before)
    is_place = is_name(view.letters[place]) and view.letters[place] not in first_names()
    if governed and is_place and view.readings[index].written.endswith(TANWIN[GENITIVE]):
        view.make_construct(index)


def _object_behind_any(view: CaseView, index: int) -> None:
    """لَمْ تَتَبَنَّ أَيُّ جِهَةٍ الْهُجُومَ: behind "any" one who did not do it stands the object (7.5.1)."""
    noun, denial = index - 1, index - 4
    if denial < 0 or not all(map(view.follows, range(denial + 1, index + 1))):
        return
    if view.letters[index - 2] != "أي" or view.letters[denial] not in _DENIES:
        return
    verb = index - 3
    if verb in view.passives or not (view.is_noun(noun) and view.begins_with_article(index)):
        return
    if is_feminine_verb(view, verb) != view.is_feminine(noun):
        return
    if view.readings[noun].written[-1:] in VOWELS:
        view.add_tanwin(noun)
    view.favour(index - 2, NOMINATIVE, SURELY)
    view.favour(index, ACCUSATIVE, SURELY)


_DENIES = ("لم", "ولم", "لن", "ولن", "لا", "ولا")


def _adjective_of_counted(view: CaseView, index: int) -> None:
    """خَمْسَةُ سُفَرَاءَ جُدُدٍ: what is counted is genitive, though a diptote has a; so is its adjective.

    Ryding 2005, 5.4.2.2, 10.1, 15.1.
    """
    counted, number = index - 1, index - 2
    if number < 0 or not (view.follows(index) and view.follows(counted)):
        return
    if not _counts(view.letters[number]) or FATHATAN in view.readings[counted].written:
        return  # خَمْسَ عَشْرَةَ إِصَابَةً جَدِيدَةً
    is_last = not view.follows(index + 1) or not view.begins_with_article(index + 1)
    adjective = view.letters[index] in _OF_PEOPLE_OR_THINGS
    if adjective and is_last and view.shows_case(index):
        view.settle(index, GENITIVE, (0.0, 0.0, 1.0))
        if view.readings[index].written[-1:] in VOWELS:
            view.add_tanwin(index)


def _counts(word: str) -> bool:
    """Return whether a word is a number from 3 to 10, perhaps with what is joined before it."""
    return bool({word, word[1:]} & NUMBERS)


_OF_PEOPLE_OR_THINGS = frozenset("جدد جديدة قدامى عرب أجانب أخرى كبيرة صغيرة كبار صغار".split())


def _counted_before_owned(view: CaseView, index: int) -> None:
    """لَقِيَ عَشَرَةُ عُمَّالٍ مَصْرَعَهُمْ: what is theirs is the object, so the counted have no genitive (8.1)."""
    number, owned = index - 1, index + 1
    if not (view.follows(index) and view.follows(owned)):
        return
    if not _counts(view.letters[number]) or not DEATH.fullmatch(view.letters[owned]):
        return
    if view.readings[index].written.endswith(VOWELS[GENITIVE]):
        view.add_tanwin(index)


def _no_genitive_before_verb(view: CaseView, index: int) -> None:
    """زِيَارَةِ عَمَلٍ تَدُومُ, سَائِقٍ دَهَسَ: a verb is no genitive, so a noun before it has tanwin (8.1).

    Only a time has a clause for its genitive: يَوْمَ يَعُودُ (Ryding 2005, 8.1.7; Wright II §78).
    """
    verb = index + 1
    reading = view.readings[index]
    if not view.follows(verb) or reading.written[-1:] not in VOWELS:
        return
    noun = view.letters[index]
    is_number = is_listed(noun, "before_counted")
    if is_number or not _may_have_tanwin(view, index) or noun_kind(noun) == "unknown":
        return
    if view.case(index) == ACCUSATIVE and not noun.endswith("ة"):
        return  # its tanwin would have an alif
    if may_be_verb(view, index) and view.case(index) != GENITIVE:
        return
    if noun in context()["before_clauses"] or not _is_plain_verb(view, verb):
        return
    view.add_tanwin(index)


def _is_plain_verb(view: CaseView, index: int) -> bool:
    """Return whether a word can be read as nothing but a verb: يَعُودُ, سَتَعُودُ, دَهَسَ."""
    word, written = view.letters[index], view.readings[index].written
    if noun_kind(word) != "unknown" or not may_be_verb(view, index):
        return False
    return _PLAIN_VERB.fullmatch(written) is not None


_PLAIN_VERB = re.compile(
    "(?:سَ)?(?:ي[\u064e\u064f].{4,}|ت[\u064e\u064f](?:[^\\W]\u0652|[^\\W]\u064f|[^\\W]\u064eا[^\\W]\u0650).+)(?:\u064f|\u064fون\u064e)"
    "|[^\\W]\u064e[^\\W][\u064e\u0650][^\\W]\u064e(?:ت[\u0652\u0650])?"
)


INDEFINITE_RULES: tuple[CaseRule, ...] = (
    _tanwin_of_alif,
    _people_without_genitive,
    _his_own,
    _subject_and_adjective,
    _manner,
    _pair_of_genders,
    _time_since,
    _object_behind_any,
    _plural_before_place,
    _minutes_later,
    _adjective_of_counted,
    _counted_before_owned,
    _no_genitive_before_verb,
)
"""In the order in which they run, each over the whole sentence."""
