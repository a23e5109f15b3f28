"""Rules of case for the subject behind its verb, which is nominative (Ryding 2005, 4.2.1).

Each rule says how many times likelier it makes a case (case_view.CaseView.favour).
"""

from __future__ import annotations

import re

from briefing.text.tables import verbs
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
from briefing.text.vowels.verbs_in_view import (
    DEEMED,
    is_feminine_verb,
    is_woman,
    may_be_verb,
    opens_clause,
    takes_object,
)
from briefing.text.words.known_words import is_diptote
from briefing.text.words.noun_signs import may_be_diptote
from briefing.text.words.passives import (
    is_agent,
    is_listed,
    is_name,
    is_whole_time,
    noun_kind,
    passive_of,
    preposition_of,
    taken_by,
)
from briefing.text.words.verb_signs import without_particle

__all__ = ["IMPERFECT_IN_A", "PERFECT", "PLACES", "REMAINS", "SUBJECT_RULES"]


def _subject_after_owned_verb(view: CaseView, index: int) -> None:
    """تُدِيرُهُ عِمَالَةٌ: a verb that has its object joined to it has its subject behind it.

    A noun with ة or ات after a feminine verb, as the verb agrees with it (Ryding 2005, 4.2.1).
    """
    verb = index - 1
    if not view.follows(index) or not view.is_noun(index) or verb in view.passives:
        return
    if view.case(index) != ACCUSATIVE:
        return
    joined = _JOINED.fullmatch(view.letters[verb])
    bare = joined[1] if joined else ""
    form = passive_of(bare) if bare else None
    if form is None or "2" in taken_by(form) or is_listed(form.verb, "two_objects"):
        return
    is_feminine = bare.endswith("ت") or (bare.startswith("ت") and form.imperfect)
    if is_feminine and view.letters[index].endswith(("ة", "ات")):
        view.favour(index, NOMINATIVE, MOSTLY)


_JOINED = re.compile("[وف]?([^\\W]{3,})(?:ه|ها|هم)")


def _agent_after_verb(view: CaseView, index: int) -> None:
    """ثَمَّنَ الرَّئِيسُ جُهُودَ الْوَسَاطَةِ: an agent right after its verb is the subject, never genitive.

    A noun after it, which cannot be its genitive, is the object (Ryding 2005, 4.2.1, 7.5.1.1).
    """
    verb, following = index - 1, index + 1
    if not (view.follows(index) and view.begins_with_article(index)) or verb in view.passives:
        return
    if not (is_agent(view.letters[index]) and takes_object(view, verb)):
        return
    before_this = view.follows(following) and view.letters[following] in ("هذا", "هذه")
    if not opens_clause(view, verb) or (view.case(index) != GENITIVE and not before_this):
        return
    if is_feminine_verb(view, verb) != is_woman(view, index):
        return
    view.favour(index, NOMINATIVE, MOSTLY)
    if not (view.follows(following) and view.is_noun(following)):
        return
    word = view.letters[following]
    if not (is_name(word) or preposition_of(word)):
        view.favour(following, ACCUSATIVE, RATHER)


def _no_genitive_after_imperfect(view: CaseView, index: int) -> None:
    """تَمْتَصُّ الْجُذُورُ الْمَاءَ: what follows an imperfect is no genitive, but subject or object.

    Ryding 2005, 21.1, 4.2.1: its prefix has a or u and the next letter no vowel, but not تَمْثِيلُ.
    """
    if not (view.follows(index) and view.begins_with_article(index)):
        return
    if not may_be_verb(view, index - 1):
        return  # تُهْمَةُ السَّرِقَةِ, يَنَابِيعُ الْجَبَلِ
    if view.case(index) == GENITIVE and _IMPERFECT.fullmatch(view.readings[index - 1].written):
        view.exclude_genitive(index)


_IMPERFECT = re.compile(
    "(?:[وف]َ)?(?:سَ)?(?:ي[َُ]|تُ(?=[^\\W]َا[^\\W]ِ)|ت[َُ](?=[^\\W]ْ)(?![^ي]*ي.?.?.?$)).{4,}ُ"
)


def _subject_of_passive(view: CaseView, index: int) -> None:
    """يُمْنَعُ التَّدْخِينُ: a thing right behind a passive is its subject (Ryding 2005, 38.1)."""
    verb = index - 1
    if verb not in view.passives or not (view.follows(index) and view.begins_with_article(index)):
        return
    form = passive_of(view.letters[verb])
    if form is None or "2" in taken_by(form) or is_listed(form.verb, "two_objects"):
        return
    if noun_kind(view.letters[index]) == "thing":
        view.favour(index, NOMINATIVE, SURELY)


def _no_genitive_after_form_ii(view: CaseView, index: int) -> None:
    """ثَمَّنَ مُدِيرُ الْجَامِعَةِ الدَّعْمَ: nor is an agent after a perfect whose shadda shows that it is one."""
    verb = view.readings[index - 1].written
    if not view.follows(index) or not _FORM_II.fullmatch(verb) or index - 1 in view.passives:
        return
    if is_listed(view.letters[index - 1], "before_counted") or view.letters[index - 1][-1] == "ة":
        return  # أَوَّلَ, مَكَّةَ
    if view.case(index) != GENITIVE:
        return
    if is_agent(view.letters[index]) and view.is_noun(index):
        view.favour(index, NOMINATIVE, SURELY)
    elif view.begins_with_article(index):  # خَيَّمَ الْحُزْنُ
        view.exclude_genitive(index)


def _object_behind_relative_verb(view: CaseView, index: int) -> None:
    """مِمَّا سَبَّبَ إِفْلَاسَ الشَّرِكَةِ: what did it stands before, so no genitive follows, but the object.

    Ryding 2005, 7.5.1.1, 14.2; the shadda shows that it is a verb.
    """
    verb = index - 1
    if not (view.follows(index) and view.follows(verb)) or verb in view.passives:
        return
    if verb < 1 or view.letters[verb - 1] not in ("مما", "الذي", "ما"):
        return
    if not _FORM_II.fullmatch(view.readings[verb].written) or not view.is_noun(index):
        return
    if view.case(index) == GENITIVE and not preposition_of(view.letters[index]):
        view.favour(index, ACCUSATIVE, MOSTLY)


_FORM_II = re.compile("(?:[وف]\u064e)?[^\\W]\u064e[^\\W]\u0651\u064e[^\\W]\u064e")
"""بَيَّنَ, وَثَمَّنَ: no noun has these vowels."""


def _no_genitive_after_perfect(view: CaseView, index: int) -> None:
    """سَحَبَ حِزْبُ الْعُمَّالِ: nor is what follows a plain perfect at the beginning of a clause."""
    verb = index - 1
    if not view.follows(index) or view.follows(verb) or verb in view.passives:
        return
    if not _PLAIN_PERFECT.fullmatch(view.readings[verb].written) or not may_be_verb(view, verb):
        return
    if preposition_of(view.letters[verb]) or is_listed(view.letters[verb], "adverbs"):
        return
    if view.letters[verb].removeprefix("و") in ("حسب", "وسط", "فقد"):
        return  # حَسَبَ مَوْقِعِ الشَّرِكَةِ, فَقَدِ اقْتَصَرَتْ
    word = view.letters[index]
    is_noun = view.is_noun(index) or view.begins_with_article(index)
    if not is_noun or preposition_of(word) or word.endswith(("ه", "هم")):
        return
    if view.case(index) == GENITIVE:
        view.exclude_genitive(index)


_PLAIN_PERFECT = re.compile(
    "(?:[وف]\u064e)?[^\\W]\u064e(?:[^\\W][\u064e\u0650][^\\W]\u064e|[^\\W]\u0651\u064e|[^\\W]\u064eا)"
)
"""سَحَبَ, شَنَّ, سَطَا: a noun has these vowels as an object alone, and none is there yet."""


def _subject_before_object(view: CaseView, index: int) -> None:
    """دَهَسَتْ شَاحِنَةٌ طِفْلًا: before an object in alif, not its adjective, a noun is the subject.

    Ryding 2005, 7.5.1.1; the alif of the tanwin is written (2.2.4).
    """
    verb, following = index - 1, index + 1
    if not (view.follows(index) and view.follows(following)) or verb in view.passives:
        return
    if not view.letters[index].endswith("ة") or view.is_definite(index):
        return
    if DEEMED.fullmatch(view.letters[verb]):  # كَانَتْ تَابِعَةً سِيَاسِيًّا
        return
    if not takes_object(view, verb) or not is_feminine_verb(view, verb):
        return
    if not opens_clause(view, verb):
        return
    if view.readings[following].written.endswith("\u064bا"):
        view.favour(index, NOMINATIVE, MOSTLY)


def _struck_before_subject(view: CaseView, index: int) -> None:
    """تَجْتَاحُ الْبِلَادَ مَوْجَةُ بَرْدٍ: what strikes or spreads comes after the place, if it is indefinite.

    A definite object is before an indefinite subject (Ryding 2005, 4.2.1; Wright II §114).
    """
    following = index + 1
    if not (view.follows(index) and view.follows(following) and view.begins_with_article(index)):
        return
    if view.letters[index] not in PLACES or not _STRIKES.fullmatch(view.letters[index - 1]):
        return
    if view.is_noun(following) and not is_listed(view.letters[following], "adverbs"):
        view.favour(index, ACCUSATIVE, MOSTLY)
        view.favour(following, NOMINATIVE, MOSTLY)
        if view.follows(following + 1) and view.case(following + 1) == GENITIVE:
            view.make_construct(following)  # مَوْجَةُ بَرْدٍ


PLACES = frozenset(
    "البلاد المنطقة العاصمة المدينة الجزيرة القرية الإقليم الولاية المحافظة الساحل القارة العالم"
    " البلدة الأسواق الشوارع الجنوب الشمال الشرق الغرب الساحة القطاع".split()
)
"""Places with the article that something may strike or spread over."""


_STRIKES = re.compile("[وف]?س?[يت]?(?:جتاح|اجتاح|ضرب|هز|عم|سود|ساد|غمر|كتسح|اكتسح|غزو|غزا)ت?")


def _subject_of_intransitive(view: CaseView, index: int) -> None:
    """هَبَطَتْ أَسْهُمُ الشَّرِكَاتِ: a verb that has no object has its subject behind it.

    Ryding 2005, 4.2.1.
    """
    verb = index - 1
    if verb > 0 and view.follows(verb) and is_whole_time(view.letters[verb]):
        verb -= 1  # تَنْطَلِقُ الْيَوْمَ مُنَافَسَاتُ الْجَوْلَةِ
    before, read = view.letters[verb], view.readings[verb].written
    bare = without_particle(before)
    if not view.follows(index) or bare not in verbs("no_object") or REMAINS.fullmatch(before):
        return
    if _PLAIN_NOUN.fullmatch(read):
        return  # وَقْفَ إِطْلَاقِ النَّارِ
    may_be_passive = passive_of(before) is not None and not _FORM_V_OR_VI.fullmatch(read)
    if may_be_passive or not (PERFECT.search(read) or IMPERFECT_IN_A.search(read)):
        return  # يَعْرِضُ النَّتَائِجَ has the letters of تَعَرَّضَ, too
    word = view.letters[index]
    lists = ("times", "adverbs", "lengths", "before_counted")
    if any(is_listed(word, name) for name in lists) or word in ("غير", "ذات") or word[0] == "ك":
        return
    if _OF_PURPOSE.match(word):
        return  # تَمْتَدُّ لِتَشْمَلَ
    is_construct = view.is_noun(index) and view.readings[index].written[-1:] in VOWELS
    is_construct = is_construct and view.follows(index + 1) and preposition_of(word) == ""
    definite = view.begins_with_article(index) and opens_clause(view, verb)
    if is_construct or definite:
        view.favour(index, NOMINATIVE, MOSTLY)


_PLAIN_NOUN = re.compile("(?:[وف]\u064e)?[^\\W]\u064e[^\\W]\u0652[^\\W]\u064e")
_FORM_V_OR_VI = re.compile(
    "(?:[وف]\u064e)?ت\u064e[^\\W]\u064e(?:[^\\W]\u0651\u064e|ا[^\\W]\u064e)[^\\W]\u064e(?:ت[\u0652\u0650])?"
)
"""تَرَاجَعَ: no passive has these vowels."""
_OF_PURPOSE = re.compile("ل[يتن][^\\W]{3}")
IMPERFECT_IN_A = re.compile("^(?:[وف]\u064e)?(?:س\u064e)?[يت]\u064e.*\u064f$")
"""The active imperfect: a first, no u."""


PERFECT = re.compile("^[^\u064f]*(?:\u064e|\u064eت[\u0652\u0650])$")
"""The active perfect, singular: no u, not تَأَخُّرَ."""


REMAINS = re.compile("[وف]?[يت]?(?:زال|بقى|دوم)ت?")
"""لَا تَزَالُ غَيْرَ قَابِلَةٍ: these have a predicate."""


def _who_suffered(view: CaseView, index: int) -> None:
    """مُنِيَتِ الشَّرِكَةُ بِخَسَائِرَ: a verb that is always passive has its subject behind it (38.4)."""
    is_noun = view.is_noun(index) or view.begins_with_article(index)
    if view.follows(index) and is_noun and _SUFFERED.fullmatch(view.letters[index - 1]):
        view.favour(index, NOMINATIVE, SURELY)


_SUFFERED = re.compile("[وف]?(?:مني|منيت)")


def _what_begins(view: CaseView, index: int) -> None:
    """أُغْلِقَتِ الصَّنَادِيقُ وَبَدَأَ فَرْزُ الْأَصْوَاتِ: not of the gender of who was named, it begins itself.

    Ryding 2005, 4.2.1: a verb agrees with its subject.
    """
    verb = index - 1
    if verb < 2 or view.letters[verb] != "وبدأ" or not view.follows(index):
        return
    if noun_kind(view.letters[index]) != "thing" or view.is_feminine(index):
        return
    start = verb
    while start and view.follows(start):
        start -= 1
    if is_feminine_verb(view, start) and opens_clause(view, start):
        view.favour(index, NOMINATIVE, SURELY)


def _what_is_possible(view: CaseView, index: int) -> None:
    """بِإِمْكَانِ الْمُسْتَخْدِمِينَ حَذْفُ الرَّسَائِلِ: what is possible is the subject behind its predicate.

    Ryding 2005, 4.2.2 (an equational sentence turned round).
    """
    word = view.letters[index]
    is_noun = view.is_noun(index) or view.begins_with_article(index)
    if not view.follows(index) or not is_noun or preposition_of(word) or word == "نتيجة":
        return
    before = view.letters[index - 1]
    owned = _POSSIBLE_TO.fullmatch(before)
    of_noun = index > 1 and view.follows(index - 1) and view.letters[index - 2] in _POSSIBLE
    if owned or (of_noun and view.is_noun(index) and view.begins_with_article(index - 1)):
        view.favour(index, NOMINATIVE, SURELY)


_POSSIBLE = frozenset("بإمكان بوسع باستطاعة بمقدور".split())
_POSSIBLE_TO = re.compile("(?:بإمكان|بوسع|باستطاعت|بمقدور)(?:ه|ها|هم|هما|نا|ي|ك)")


def _noun_of_headline(view: CaseView, index: int) -> None:
    """ضَبْطُ شِحْنَةِ مُخَدِّرَاتٍ: a verbal noun that begins a sentence is nominative, before its genitive.

    Nothing is there to govern it; an adverb is none (Ryding 2005, 4.1, 7.5.1, 8.1).
    """
    following, word = index + 1, view.letters[index]
    if index or not view.follows(following) or view.case(index) not in (ACCUSATIVE, NOMINATIVE):
        return
    if not _VERBAL_NOUN.fullmatch(view.readings[index].written) or preposition_of(word):
        return
    lists = ("times", "adverbs", "lengths", "adverbials", "prepositions")
    if any(is_listed(word, name) for name in lists) or word in ("وفق", "رغم", "غير", "نحو"):
        return
    if word.endswith("ت") or is_name(view.letters[following]):  # كُنْتُ; رُزِقَ سَعْدٌ
        return
    if is_diptote(word) or _IMPERFECT.fullmatch(view.readings[following].written):
        return  # مِصْرُ تُؤَجِّلُ
    if view.letters[following] in first_names():
        return
    if (
        preposition_of(view.letters[following])
        or view.readings[following].written[-1] in TANWIN[:2]
    ):
        return
    if view.is_noun(following) or view.begins_with_article(following):
        view.favour(index, NOMINATIVE, SURELY)
        if not may_be_diptote(view.letters[following]):
            view.favour(following, GENITIVE, SURELY)


_VERBAL_NOUN = re.compile(
    "(?:[^\\W][\u064e\u064f\u0650][^\\W]\u0652|ت\u064e[^\\W]\u064eا[^\\W]\u064f)[^\\W][\u064e\u064f]"
)
"""ضَبْطَ, فَتْحُ, تَزَايُدُ: no verb has these vowels."""


SUBJECT_RULES: tuple[CaseRule, ...] = (
    _subject_after_owned_verb,
    _agent_after_verb,
    _no_genitive_after_imperfect,
    _subject_of_passive,
    _no_genitive_after_form_ii,
    _object_behind_relative_verb,
    _no_genitive_after_perfect,
    _subject_before_object,
    _struck_before_subject,
    _subject_of_intransitive,
    _who_suffered,
    _what_begins,
    _what_is_possible,
    _noun_of_headline,
)
"""In the order in which they run, each over the whole sentence."""
