"""Rules of case that look further than the model: small, named, in order.

Each asks for the case of a word and says how many times likelier it makes it; the model's own
chances decide with it (case_view.CaseView.favour). What a rule mends and breaks is measured by
tests.benchmarks.case_endings.
"""

from __future__ import annotations

import re
from dataclasses import replace

from briefing.text.tables import context
from briefing.text.vowels.case_adjectives import ADJECTIVE_RULES, agree, follow
from briefing.text.vowels.case_clauses import CLAUSE_RULES
from briefing.text.vowels.case_compounds import COMPOUND_RULES
from briefing.text.vowels.case_degrees import DEGREE_RULES
from briefing.text.vowels.case_duals import DUAL_RULES
from briefing.text.vowels.case_indefinite import INDEFINITE_RULES
from briefing.text.vowels.case_known_subjects import KNOWN_SUBJECT_RULES
from briefing.text.vowels.case_later_nouns import LATER_NOUN_RULES
from briefing.text.vowels.case_objects import OBJECT_RULES
from briefing.text.vowels.case_owned import OWNED_RULES
from briefing.text.vowels.case_predicates import PREDICATE_RULES
from briefing.text.vowels.case_subjects import SUBJECT_RULES
from briefing.text.vowels.case_times import TIME_RULES
from briefing.text.vowels.case_verbal_nouns import VERBAL_NOUN_RULES
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
from briefing.text.vowels.names import first_names, titles
from briefing.text.vowels.verbs_in_view import may_be_verb
from briefing.text.words.noun_signs import begins_with_own, may_be_diptote
from briefing.text.words.passives import is_listed, is_name, noun_kind, preposition_of

__all__ = ["RULES"]

_HONORIFICS = frozenset(
    "مهندس دكتور شيخ أستاذ سيد أمير لواء عميد عقيد فريق مستشار مهندسة دكتورة"
    " أستاذة سيدة أميرة".split()
)


def _sum_of_clause(view: CaseView, index: int) -> None:
    """الْأَمْرُ الَّذِي أَقْلَقَ: it sums up the clause before it (Wright II §172, remark a)."""
    if view.letters[index] != "الأمر" or not view.follows(index + 1) or index < 3:
        return
    before = view.letters[index - 1]
    adverb = is_listed(before, "adverbs") or before == "فجأة"
    noun = view.is_noun(index - 1) and not view.is_like_adjective(index - 1)
    governs = preposition_of(before) == before or (noun and not adverb)
    if view.letters[index + 1] == "الذي" and not governs and not may_be_verb(view, index - 1):
        view.favour(index, NOMINATIVE, SURELY)


def _noun_of_particle(view: CaseView, index: int) -> None:
    """لَيْتَ الْأَمْرَ, كَأَنَّ الْأَرْضَ: behind إِنَّ and its sisters a noun is accusative (7.5.3.1)."""
    if not view.follows(index) or not view.begins_with_article(index):
        return
    if _EMPHATIC.fullmatch(view.letters[index - 1]):
        view.favour(index, ACCUSATIVE, SURELY)


_EMPHATIC = re.compile("[وف]?(?:[بل]?[أإ]ن|كأن|ليت|لعل)")


def _noun_of_if_not(view: CaseView, index: int) -> None:
    """لَوْلَا تَدَخُّلُ الْإِطْفَاءِ: what there was stands behind it in the nominative (Wright II §183)."""
    is_noun = view.is_noun(index) or view.begins_with_article(index)
    if view.follows(index) and is_noun and view.letters[index - 1] in ("لولا", "ولولا", "فلولا"):
        view.favour(index, NOMINATIVE, SURELY)
        genitive = index + 1
        if not view.is_definite(index) and view.follows(genitive) and view.is_noun(genitive):
            view.favour(genitive, GENITIVE, MOSTLY)


def _predicate_of_topic(view: CaseView, index: int) -> None:
    """الْبُرْكَانُ فَتْحَةٌ فِي الْأَرْضِ: with no verb before it, an indefinite noun says what the first one is.

    Both are nominative (Ryding 2005, 4.1); a noun with the article has no genitive behind it.
    """
    if index < 1 or not view.is_noun(index) or not view.is_definite(index - 1):
        return
    word, written = view.letters[index], view.readings[index].written
    if not (word.endswith("ة") or written[-1:] in TANWIN) or preposition_of(word):
        return
    lists = ("times", "adverbs", "lengths")
    if any(is_listed(noun, name) for noun in (word, view.letters[0]) for name in lists):
        return
    if is_listed(word, "adverbials") or _LAM_AND_VERB.fullmatch(view.letters[0]):
        return
    starts = view.begins_with_article(0) or _is_subject_in_construct(view, index)
    if (
        starts
        and all(view.is_definite(place) for place in range(1, index))
        and all(view.follows(place) for place in range(1, index + 1))
    ):
        view.favour(index, NOMINATIVE, MOSTLY)
        view.favour(0, NOMINATIVE, MOSTLY)


def _is_subject_in_construct(view: CaseView, index: int) -> bool:
    """Return whether a sentence begins with a noun and its genitive: كَأْسُ الْعَالَمِ."""
    kind = noun_kind(view.letters[0])
    return index > 1 and kind in ("agent", "thing") and not may_be_verb(view, 0)


_LAM_AND_VERB = re.compile("الت[^\\W]{2}ت")
"""الْتَهَمَتْ: the first letters are no article."""


def _state_after_pause(view: CaseView, index: int) -> None:
    """بَحَثَتِ الْفِرَقُ، مُسْتَعِينَةً بِكِلَابٍ: a participle behind a pause says how it was done: accusative.

    Ryding 2005, 7.5.2.5. It has ة, no article, and what it governs behind it.
    """
    if not index or not view.pauses[index - 1] or not _STATE.fullmatch(view.letters[index]):
        return
    following = index + 1
    if view.follows(following) and preposition_of(view.letters[following]):
        view.favour(index, ACCUSATIVE, MOSTLY)


_STATE = re.compile("م[^\\W]{3,}ة")


def _millions_of(view: CaseView, index: int) -> None:
    """خَمْسَةُ مَلَايِينِ دُولَارٍ: a diptote with a genitive has i (Ryding 2005, 7.5.4.2)."""
    reading = view.readings[index]
    if view.letters[index] == "مليارات" and view.follows(index + 1):
        noun = view.letters[index + 1]
        if view.case(index + 1) == GENITIVE and noun[0] != "و" and not preposition_of(noun):
            view.make_construct(index)  # ثَمَانِيَةُ مِلْيَارَاتِ نَسَمَةٍ
        return
    if view.letters[index] not in ("ملايين", "بلايين") or not reading.written.endswith("\u064e"):
        return
    following = index + 1
    if not (view.follows(index) and view.follows(following)):
        return
    number = re.sub("^[وف]?[بل](?=خمس|ست|سبع|ثما|تسع|ثلاث|أربع|عشر)", "", view.letters[index - 1])
    counted = is_listed(number, "before_counted") or number in (
        "أربعة",
        "بضعة",
    )
    word = view.letters[following]
    is_noun = view.case(following) is not None or word in ("يورو", "كيلو")
    if counted and is_noun and not preposition_of(word) and word[0] != "و":
        written = reading.written[:-1] + VOWELS[GENITIVE]
        view.readings[index] = replace(reading, written=written, rule=view.rule)


def _after_construct(view: CaseView, index: int) -> None:
    """مَنْزِلَ الْمُشْتَبَهِ بِهِ: after a noun with neither article nor tanwin the genitive follows.

    Ryding 2005, 8.1.1. Only of persons named by a participle, which the model reads as a subject.
    """
    before = index - 1
    if not (view.follows(index) and view.begins_with_article(index) and view.is_noun(before)):
        return
    if view.readings[before].written[-1] not in VOWELS or may_be_verb(view, before):
        return
    word = view.letters[before]
    lists = ("times", "adverbs", "prepositions")
    if is_name(word) or word in first_names() or any(is_listed(word, name) for name in lists):
        return
    if view.case(index) == NOMINATIVE and _PARTICIPLE.fullmatch(view.stem(index)):
        view.favour(index, GENITIVE, MOSTLY)


def _after_adverb(view: CaseView, index: int) -> None:
    """دَاخِلَ حَاوِيَةِ فَوَاكِهَ: behind an adverb of place or time stands a genitive (Ryding 16.3)."""
    if not view.follows(index) or view.case(index) in (None, GENITIVE):
        return
    if view.readings[index - 1].written.removeprefix("وَ") not in _ADVERBS:
        return
    word = view.letters[index]
    is_noun = view.is_noun(index) and not (word[0] == "أ" or may_be_diptote(word))  # بَعْدَ أَقَلَّ مِنْ
    if is_noun or view.begins_with_article(index):
        view.favour(index, GENITIVE, MOSTLY)


_ADVERBS = frozenset(
    "دَاخِلَ خَارِجَ أَمَامَ وَرَاءَ تَحْتَ فَوْقَ ضِدَّ خِلَالَ عَقِبَ إِثْرَ حَوْلَ دُونَ قُرْبَ وَسَطَ ضِمْنَ بَعْدَ قَبْلَ بَيْنَ عِنْدَ".split()
)


_PARTICIPLE = re.compile("مشتبه|متهم|مدان|محتجز|معتقل|مفقود|مطلوب|مختطف|مصاب")


def _genitive_of_defective(view: CaseView, index: int) -> None:
    """وَالِي الْوِلَايَةِ, قَاضِي التَّحْقِيقِ: in ي, which shows no case, without article before a noun with it.

    So that is its genitive (Ryding 2005, 5.4.3, 8.1).
    """
    before = index - 1
    if not view.follows(index) or not view.begins_with_article(index):
        return
    word = view.letters[before]
    if {word, word[1:]} & context()["defective_agents"] and view.case(before) is None:
        view.favour(index, GENITIVE, SURELY)


def _construct_before_genitive(view: CaseView, index: int) -> None:
    """دَقِيقَةَ صَمْتٍ: a noun that is not genitive has no tanwin before a genitive.

    An adjective would have its case, so what follows is its genitive (Ryding 2005, 8.1).
    """
    following = index + 1
    if view.readings[index].written.endswith("\u064bى"):
        _construct_in_alif(view, index)
    if not view.follows(following) or view.case(index) is None:
        return
    if view.case(index) == GENITIVE and not _is_thing(view, following):
        return
    written = view.readings[following].written
    word = view.letters[following]
    of_many = view.letters[index].endswith("ات") and word.endswith("ية")
    if of_many or word in ("شبه", "عرب", "أجانب"):
        return  # تَدْرِيبَاتٍ عَمَلِيَّةٍ, رِجَالِ قَانُونٍ عَرَبٍ
    is_genitive = written.endswith("\u064d") and not view.is_definite(following)
    is_alone = word[0] not in "وبلك" or begins_with_own(word)
    if is_genitive and is_alone and not preposition_of(word):
        view.make_construct(index)


def _is_thing(view: CaseView, index: int) -> bool:
    """Return whether a word is a noun of the tables and no adjective: فِي انْفِجَارِ لَغْمٍ."""
    word = view.letters[index]
    nouns = context()["nouns_in_iyya"] | context()["never_adjectives"]
    is_adjective = view.is_like_adjective(index) and word not in nouns
    return noun_kind(word) in ("thing", "agent") and not is_adjective


def _construct_in_alif(view: CaseView, index: int) -> None:
    """رَفْعُ مُسْتَوَى مَعِيشَةِ الْأُسَرِ: neither has one that ends in ى, whose case does not show."""
    following = index + 1
    if not view.follows(following) or preposition_of(view.letters[following]):
        return
    word, written = view.letters[following], view.readings[following].written
    is_adjective = view.is_like_adjective(following) and view.may_agree(index, following)
    if case_of_owned(written) == GENITIVE:  # مُسْتَوَى مَعِيشَتِهِمْ
        is_adjective, written = False, VOWELS[GENITIVE]
    if written[-1] in "\u0650\u064d" and word[0] not in "وبلك" and not is_adjective:
        reading = view.readings[index]
        view.readings[index] = replace(reading, written=reading.written[:-2] + "\u064eى")


def _thousand_of(view: CaseView, index: int) -> None:
    """أَلْفِ مُتَطَوِّعٍ: a hundred, a thousand and a million have a genitive (Ryding 2005, 15.5)."""
    following = index + 1
    if view.letters[index] not in _SCALES or not view.follows(following):
        return
    word, written = view.letters[following], view.readings[following].written
    if word.startswith("و"):
        return  # أَلْفٍ وَتِسْعِمِئَةٍ: what is added is not what is counted
    is_noun = not view.is_definite(following) and not preposition_of(word)
    if is_noun and written.endswith("\u064d"):
        view.make_construct(index)


_SCALES = frozenset(
    front + scale
    for front in ("", "و", "ب", "ل")
    for scale in ("ألف", "مئة", "مائة", "مليون", "مليار")
)


def _genitive_of_amount(view: CaseView, index: int) -> None:
    """عَشَرَاتِ الْمُشْتَبَهِ بِهِمْ: what dozens and most are of is genitive (Ryding 2005, 15.1)."""
    is_amount = {view.letters[index], view.letters[index - 1]} <= context()["large_amounts"]
    is_of_noun = (view.begins_with_article(index) or is_amount) and view.is_noun(index - 1)
    if view.follows(index) and is_of_noun and view.letters[index - 1] in _AMOUNTS:
        view.favour(index, GENITIVE, SURELY)


_AMOUNTS = frozenset(
    "عشرات مئات آلاف ملايين مليارات بعض معظم أغلب غالبية كل جميع كافة أحد إحدى".split()
)


def _genitive_of_joined(view: CaseView, index: int) -> None:
    """لِمُسْتَثْمِرٍ: nor has a noun behind لِ or بِ, joined to it, a nominative (Ryding 2005, 16.2)."""
    word = view.letters[index]
    if word[0] not in "لب" or view.is_definite(index) or noun_kind(word[1:]) == "unknown":
        return
    joined = view.readings[index].written.startswith(f"{word[0]}\u0650")
    is_nominative = view.case(index) == NOMINATIVE and view.shows_case(index)
    if joined and noun_kind(word) == "unknown" and is_nominative:
        view.settle(index, GENITIVE, (0.0, 0.0, 1.0))


def _genitive_of_any(view: CaseView, index: int) -> None:
    """أَيُّ دَلِيلٍ: what any is of is genitive (Ryding 2005, 15.3); أَيْ with sukun is "that is"."""
    if not view.follows(index) or view.letters[index - 1].lstrip("وفبكل") != "أي":
        return
    if "\u0651" not in view.readings[index - 1].written:
        return
    if view.is_noun(index):
        if not may_be_diptote(view.letters[index]):  # بِأَيِّ حَوَافِزَ
            view.favour(index, GENITIVE, SURELY)
    elif view.letters[index] in _OF_THEM and view.readings[index - 1].written[-1] in VOWELS:
        view.add_tanwin(index - 1)


_OF_THEM = ("من", "منهم", "منها", "منهما", "منا", "منكم")
"""أَيٌّ مِنْهُمْ: without its genitive it has tanwin."""


def _name_of_title(view: CaseView, index: int) -> None:
    """الْعَمِيدِ الْمُتَقَاعِدِ مُحَمَّدٍ: a name has the case of the title before it (Ryding 2005, 11.2)."""
    if not view.follows(index):
        return
    if view.letters[index] not in first_names() and not _is_read_as_name(view, index):
        return
    place = index - 1
    while place > 0 and view.begins_with_article(place) and view.stem(place) not in titles():
        if not view.follows(place) or index - place > 2:
            return
        place -= 1
    if view.begins_with_article(place) and view.stem(place) in titles():
        agree(view, place, index, MOSTLY)


def _title_of_head(view: CaseView, index: int) -> None:
    """مُدِيرُ التَّعْلِيمِ الدُّكْتُورُ أَحْمَدُ: an honorific and the office before it name one man.

    So it has the case of the office, not of its genitive (Ryding 2005, 11.2).
    """
    if view.stem(index) not in _HONORIFICS or not view.begins_with_article(index):
        return
    if index and view.readings[index - 1].written[-1:] in TANWIN:
        return  # قَادَ مُدَرِّبٌ إِسْبَانِيٌّ الْفَرِيقَ
    for place in range(index - 2, max(-1, index - 5), -1):
        if not (view.follows(place + 1) and view.follows(place + 2)):
            return
        if view.letters[place].removeprefix("و") in titles():
            follow(view, place, index)
            return
        if view.is_definite(place) and not view.begins_with_article(place):
            return
        if preposition_of(view.letters[place]) == view.letters[place]:
            return


def _servant(view: CaseView, index: int) -> None:
    """عَبْدُالْعَزِيزِ, written together: the case is that of its first part, before the article.

    Genitive after بن, a preposition or a noun without article; that of a title; else nominative,
    for the model sees an a before every alif.
    """
    reading = view.readings[index]
    first_part = _SERVANT.search(reading.written)
    if not first_part or view.words[index].vowels[view.letters[index].index("عبد") + 2]:
        return
    case: int | None = NOMINATIVE
    if view.follows(index):
        before = view.letters[index - 1]
        if before in _SON or preposition_of(before) == before:
            case = GENITIVE
        elif view.is_definite(index - 1):
            case = view.case(index - 1)
        elif view.is_noun(index - 1) and view.case(index - 1) != ACCUSATIVE:
            case = NOMINATIVE if before in first_names() or is_name(before) else GENITIVE
    if case is not None:
        start = first_part.end() - 1
        written = reading.written[:start] + VOWELS[case] + reading.written[start + 1 :]
        view.readings[index] = replace(reading, written=written, rule=view.rule)


_SON = ("بن", "ابن", "بنت", "آل", "أبو", "أبي")


_SERVANT = re.compile("عَبْد[\u064e\u064f\u0650](?=ال)")


RULES: tuple[CaseRule, ...] = (
    _noun_of_particle,
    _noun_of_if_not,
    _sum_of_clause,
    _predicate_of_topic,
    _state_after_pause,
    *OBJECT_RULES,
    *PREDICATE_RULES,
    *SUBJECT_RULES,
    *KNOWN_SUBJECT_RULES,
    *CLAUSE_RULES,
    *LATER_NOUN_RULES,
    *VERBAL_NOUN_RULES,
    *TIME_RULES,
    _millions_of,
    _genitive_of_amount,
    _genitive_of_any,
    _genitive_of_joined,
    _after_construct,
    _after_adverb,
    _genitive_of_defective,
    _construct_before_genitive,
    _thousand_of,
    *OWNED_RULES,
    *DEGREE_RULES,
    *DUAL_RULES,
    *COMPOUND_RULES,
    *INDEFINITE_RULES,
    *ADJECTIVE_RULES,
    _title_of_head,
    _name_of_title,
    _servant,
)
"""In the order in which they run, each over the whole sentence."""


def _is_read_as_name(view: CaseView, index: int) -> bool:
    """Return whether a word right after an honorific can only be a name."""
    word = view.letters[index]
    if view.stem(index - 1) not in _HONORIFICS or not view.begins_with_article(index - 1):
        return False
    if noun_kind(word) == "thing":
        return False  # عَثَرُوا عَلَى الشَّيْخِ جُثَّةً
    return view.is_noun(index) and not may_be_verb(view, index) and word[0] not in "وفبل"
