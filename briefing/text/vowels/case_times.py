"""Rules of case for times and directions: as adverbs they are accusative (Ryding 2005, 7.5.2)."""

from __future__ import annotations

import re

from briefing.text.tables import context, verbs
from briefing.text.vowels.case_view import (
    ACCUSATIVE,
    GENITIVE,
    MOSTLY,
    NOMINATIVE,
    SURELY,
    TANWIN,
    VOWELS,
    CaseView,
)
from briefing.text.vowels.names import first_names
from briefing.text.vowels.verbs_in_view import DEEMED, is_read_as_verb, may_be_verb
from briefing.text.words.passives import is_name, preposition_of
from briefing.text.words.verb_signs import is_verb, without_particle

__all__ = ["TIME_RULES"]

_DAYS = re.compile("ال(?:أحد|[إا]ثنين|ثلاثاء|أربعاء|خميس|جمعة|سبت)")
_OF_TODAY = frozenset(
    "هذا نهار صباح مساء فجر ظهر عصر ليل ليلة جلسة تعاملات تداولات مباريات مباراة أسعار أخبار نشرة"
    " طقس صحف عدد حلقة وحتى برنامج".split()
)
"""What "today" may be the genitive of."""
_TIMES = frozenset("صباح مساء فجر ظهر عصر ليل ليلة عشية ضحى".split())


def _adverb_of_day(view: CaseView, index: int) -> None:
    """الْيَوْمَ الْأَحَدَ: a day said beside "today" is an adverb (Ryding 2005, 7.5.2.1)."""
    if view.letters[index] not in ("اليوم", "غدا", "أمس") or not view.follows(index + 1):
        return
    if not _DAYS.fullmatch(view.letters[index + 1]):
        return
    before = view.letters[index - 1] if view.follows(index) else ""
    if before in _OF_TODAY or preposition_of(before) == before:
        return
    for place in (index, index + 1):
        if view.letters[place] != "أمس":
            view.favour(place, ACCUSATIVE, SURELY)


def _today_behind_verb(view: CaseView, index: int) -> None:
    """يَصِلُ الْيَوْمَ وَزِيرُ الْخَارِجِيَّةِ: between a verb and another noun it is an adverb (7.5.2.1)."""
    following = index + 1
    if view.letters[index] != "اليوم" or not (view.follows(index) and view.follows(following)):
        return
    word = view.letters[following]
    if not (view.is_noun(following) or view.begins_with_article(following)):
        return
    if _DAY_ITSELF.fullmatch(word) or preposition_of(word):
        return
    if _is_verb_before(view, index) and not DEEMED.fullmatch(view.letters[index - 1]):
        view.favour(index, ACCUSATIVE, SURELY)


_DAY_ITSELF = re.compile(
    "الذي|ال(?:أول|ثاني|ثالث|رابع|خامس|سادس|سابع|ثامن|تاسع|عاشر|أخير|تالي|دراسي|وطني|عالمي|دولي|موعود"
    "|منتظر|سابق|ماضي|طويل|كامل)|نفسه|ذاته|نفسها"
)


def _time_of_day(view: CaseView, index: int) -> None:
    """مَسَاءَ الْيَوْمِ, فَجْرَ الْأَحَدِ: an adverb, but not after a preposition (Ryding 2005, 7.5.2.1)."""
    if view.letters[index] not in _TIMES or not view.follows(index + 1):
        return
    following = view.letters[index + 1]
    if following not in ("اليوم", "أمس", "الغد", "غد") and not _DAYS.fullmatch(following):
        return
    view.make_construct(index)
    if view.follows(index) and _governs_genitive(view, index - 1):
        return
    view.favour(index, ACCUSATIVE, SURELY)


def _these_days(view: CaseView, index: int) -> None:
    """تُقَامُ هَذِهِ الْأَيَّامَ: an adverb, but not after a preposition or a noun in construct."""
    if not view.follows(index) or view.letters[index - 1 : index + 1] != ["هذه", "الأيام"]:
        return
    if index < 2 or not view.follows(index - 1) or not _governs_genitive(view, index - 2):
        view.favour(index, ACCUSATIVE, MOSTLY)


def _part_of_time(view: CaseView, index: int) -> None:
    """تَضْرِبُ الْمِنْطَقَةَ نِهَايَةَ الْأُسْبُوعِ: an adverb, but not after a preposition or a verb."""
    if not view.follows(index) or not view.follows(index + 1):
        return
    pair = f"{view.letters[index]} {view.letters[index + 1]}"
    if not _PART_OF_TIME.fullmatch(pair) or is_verb(view.letters[index - 1]):
        return
    if not _governs_genitive(view, index - 1):
        view.favour(index, ACCUSATIVE, MOSTLY)


_PART_OF_TIME = re.compile(
    "(?:نهاية|بداية|مطلع|منتصف|أواخر|أوائل)"
    " (?:الأسبوع|الشهر|العام|السنة|القرن|الموسم|النهار|العقد|الليل|الصيف|الشتاء)"
)


def _day_alone(view: CaseView, index: int) -> None:
    """أَعْلَنَتِ الْوِزَارَةُ الْخَمِيسَ: a day with nothing before it that governs it is an adverb.

    So it is between a verb and its subject, which it cannot be: افْتُتِحَتِ الْجُمُعَةَ فَعَالِيَّاتُ الْمُؤْتَمَرِ.
    """
    if not _DAYS.fullmatch(view.letters[index]) or not view.follows(index):
        return
    before = view.letters[index - 1]
    if _is_verb_before(view, index):
        alone = not DEEMED.fullmatch(before) and view.follows(index + 1)
    else:
        named = is_name(before) or before in first_names() or before.endswith(("ه", "ها", "هم"))
        alone = (view.is_definite(index - 1) and before != "اليوم") or named
    if not alone or preposition_of(before) == before:
        return
    view.favour(index, ACCUSATIVE, SURELY)
    following = index + 1
    if view.follows(following) and _COMING.fullmatch(view.letters[following]):
        view.favour(following, ACCUSATIVE, SURELY)


def _is_verb_before(view: CaseView, index: int) -> bool:
    before = index - 1
    if is_verb(view.letters[before]):
        return True
    if may_be_verb(view, before):
        return is_read_as_verb(view, before)
    no_genitive = view.chances(index)[GENITIVE] < _UNLIKELY
    return no_genitive and _IMPERFECT.search(view.readings[before].written) is not None


_UNLIKELY = 0.2
_IMPERFECT = re.compile("^(?:[وف]\u064e)?(?:س\u064e)?ت[\u064e\u064f].*\u064f$")
"""تَنْطَلِقُ, but تَدْرِيبُ الْجُمُعَةِ, too."""
_COMING = re.compile("ال(?:مقبل|ماضي|قادم|فائت|جاري|منصرم)ة?")


def _witness_of_events(view: CaseView, index: int) -> None:
    """شَهِدَ الْعَامُ زِيَادَةً: the time is what "witnesses", and so the subject (Ryding 2005, 4.2.1)."""
    witnesses = view.follows(index) and _WITNESSES.fullmatch(view.letters[index - 1])
    if witnesses and view.stem(index) in _PERIODS:
        view.favour(index, NOMINATIVE, SURELY)


_WITNESSES = re.compile("[وف]?(?:شهدت?|س?[يت]شهد)")
_PERIODS = frozenset("عام سنة شهر أسبوع موسم قرن عقد نصف ربع فترة يوم أيام شهور أعوام".split())


def _governs_genitive(view: CaseView, index: int) -> bool:
    """Return whether the next word is genitive: after a preposition or a noun without article."""
    word = view.letters[index]
    if preposition_of(word) == word:
        return True
    bare = view.readings[index].written[-1:] in VOWELS
    return bare and view.is_noun(index) and not may_be_verb(view, index) and not is_name(word)


def _every(view: CaseView, index: int) -> None:
    """يَصْدُرُ عَدَدٌ كُلَّ شَهْرٍ: "every" before a time says how often; no noun before it is of it.

    Ryding 2005, 7.5.3.4; behind a preposition it is genitive.
    """
    if view.letters[index] != "كل" or not view.follows(index + 1) or not view.follows(index):
        return
    if view.letters[index + 1] not in context()["periods"] or not view.is_noun(index - 1):
        return
    if preposition_of(view.letters[index - 1]):
        return
    if view.letters[index - 1] in context()["parts_of_time"]:  # نِهَايَةَ كُلِّ شَهْرٍ
        view.favour(index, GENITIVE, SURELY)
        if not (view.follows(index - 1) and preposition_of(view.letters[index - 2])):
            view.settle(index - 1, ACCUSATIVE, (0.0, 1.0, 0.0))
        return
    view.favour(index, ACCUSATIVE, SURELY)
    verb = without_particle(view.letters[index - 1])
    if may_be_verb(view, index - 1) or verb in verbs("no_object"):
        return  # تَزْدَادُ كُلَّ دَقِيقَةٍ
    if view.readings[index - 1].written[-1:] in VOWELS and view.shows_case(index - 1):
        view.add_tanwin(index - 1)


def _direction(view: CaseView, index: int) -> None:
    """ضَرَبَتْ هَزَّةٌ أَرْضِيَّةٌ جَنُوبَ الْبِلَادِ: a direction that nothing governs says where, or is the object.

    Ryding 2005, 7.5.2.2, 16.3. Behind tanwin or the article stands no genitive without one (8.1).
    """
    if view.letters[index] not in _DIRECTIONS or not view.follows(index):
        return
    if not (view.follows(index + 1) and view.is_definite(index + 1)):
        return
    before = index - 1
    ends = view.readings[before].written[-1:] in TANWIN or view.begins_with_article(before)
    if ends and not preposition_of(view.letters[before]):
        view.favour(index, ACCUSATIVE, SURELY)


_DIRECTIONS = frozenset("جنوب شمال شرق غرب وسط جنوبي شمالي شرقي غربي".split())


TIME_RULES = (
    _direction,
    _every,
    _adverb_of_day,
    _today_behind_verb,
    _day_alone,
    _time_of_day,
    _these_days,
    _part_of_time,
    _witness_of_events,
)
"""In the order in which they run, each over the whole sentence."""
