"""Rules of case that look further than the model: small, named, in order.

Each asks for the case of a word and says how many times likelier it makes it; the model's own
chances decide with it (case_view.CaseView.favour). What a rule mends and breaks is measured by
tests.benchmarks.case_endings.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache

from briefing.text.table_files import toml_table
from briefing.text.tables import verbs
from briefing.text.vowels.case_view import ACCUSATIVE, GENITIVE, NOMINATIVE, VOWELS, CaseView
from briefing.text.words.conjugation import active_readings
from briefing.text.words.passives import is_agent, is_listed, is_name, passive_of, preposition_of
from briefing.text.words.verb_signs import is_verb

__all__ = ["RULES"]

_SURELY = 1000.0
"""Times for what grammar leaves no choice in."""
_MOSTLY = 200.0
_RATHER = 12.0
_LONGEST_NOUN = 5
"""Words of a noun with its adjectives and name that are followed."""
_DAYS = re.compile("ال(?:أحد|[إا]ثنين|ثلاثاء|أربعاء|خميس|جمعة|سبت)")
_OF_TODAY = frozenset(
    "هذا صباح مساء فجر ظهر عصر ليل ليلة جلسة تعاملات تداولات مباريات مباراة أسعار أخبار نشرة طقس"
    " صحف عدد حلقة وحتى برنامج".split()
)
"""What "today" may be the genitive of."""
_HONORIFICS = frozenset(
    "مهندس دكتور شيخ أستاذ سيد أمير لواء عميد عقيد فريق مستشار مهندسة دكتورة"
    " أستاذة سيدة أميرة".split()
)
_TIMES = frozenset("صباح مساء فجر ظهر عصر ليل ليلة عشية ضحى".split())
_QUANTITIES = frozenset("العديد الكثير القليل المزيد البعض".split())
_NOT_FEMININE = frozenset(
    "خليفة علامة قادة طلبة قضاة دعاة ولاة حماة أئمة كافة سادة أساتذة عدة سبعة أربعة ثلاثة"
    " خمسة ستة ثمانية تسعة عشرة".split()
)


def _adverb_of_day(view: CaseView, index: int) -> None:
    """الْيَوْمَ الْأَحَدَ: a day said beside "today" is an adverb (Ryding 2005, 7.5.2.1)."""
    if view.letters[index] != "اليوم" or not view.follows(index + 1):
        return
    if not _DAYS.fullmatch(view.letters[index + 1]):
        return
    before = view.letters[index - 1] if view.follows(index) else ""
    if before in _OF_TODAY or preposition_of(before) == before:
        return
    for place in (index, index + 1):
        view.favour(place, ACCUSATIVE, _SURELY)


def _time_of_day(view: CaseView, index: int) -> None:
    """مَسَاءَ الْيَوْمِ, فَجْرَ الْأَحَدِ: an adverb, but not after a preposition (Ryding 2005, 7.5.2.1)."""
    if view.letters[index] not in _TIMES or not view.follows(index + 1):
        return
    following = view.letters[index + 1]
    if following not in ("اليوم", "أمس", "الغد", "غد") and not _DAYS.fullmatch(following):
        return
    if view.follows(index) and _governs_genitive(view, index - 1):
        return
    view.favour(index, ACCUSATIVE, _SURELY)


def _sum_of_clause(view: CaseView, index: int) -> None:
    """الْأَمْرُ الَّذِي أَقْلَقَ: it sums up the clause before it (Wright II §172, remark a)."""
    if view.letters[index] != "الأمر" or not view.follows(index + 1) or index < 3:
        return
    before = view.letters[index - 1]
    adverb = is_listed(before, "adverbs") or before == "فجأة"
    noun = view.is_noun(index - 1) and not view.is_like_adjective(index - 1)
    governs = preposition_of(before) == before or (noun and not adverb)
    if view.letters[index + 1] == "الذي" and not governs and not _is_verb(view, index - 1):
        view.favour(index, NOMINATIVE, _SURELY)


def _object_before_subject(view: CaseView, index: int) -> None:
    """تَسَلَّمَ الْجَائِزَةَ الْمُخْرِجُ: a masculine verb before a feminine noun has its object first.

    A verb agrees in gender with the subject that follows it (Ryding 2005, 4.2.1).
    """
    if not (view.follows(index) and view.begins_with_article(index)) or index - 1 in view.passives:
        return
    stem = view.stem(index)
    if not stem.endswith("ة") or stem in _NOT_FEMININE or not _takes_object(view, index - 1):
        return
    if _is_feminine_verb(view, index - 1) or not _is_read_as_verb(view, index - 1):
        return
    view.favour(index, ACCUSATIVE, _MOSTLY)
    following = index + 1
    if view.follows(following) and not stem.endswith("ية"):
        article = view.begins_with_article(following) and not view.may_agree(index, following)
        if article or (is_agent(view.letters[following]) and view.is_noun(following)):
            view.favour(following, NOMINATIVE, _MOSTLY)


def _object_after_subject(view: CaseView, index: int) -> None:
    """أَخْبَرَ السَّيِّدُ بُوتِين السَّيِّدَ تْرَامْب: a second title after subject and name is the object.

    Ryding 2005, 7.5.1.1.
    """
    if not (view.follows(index) and view.begins_with_article(index)):
        return
    titles, _ = _lists()
    if view.stem(index) not in titles or not view.follows(index - 1):
        return
    start = index - 1
    while start > 0 and index - start < _LONGEST_NOUN and _goes_on(view, start):
        start -= 1
    verb, start = start, start + 1
    if start >= index - 1 or not view.begins_with_article(start) or not view.follows(start):
        return
    if not is_agent(view.letters[start]) and view.stem(start) not in titles:
        return
    if not _takes_object(view, verb) or _says_that(view, index):
        return
    times = _SURELY if view.letters[start] == view.letters[index] else _MOSTLY
    view.favour(start, NOMINATIVE, _RATHER)
    view.favour(index, ACCUSATIVE, times)


def _says_that(view: CaseView, index: int) -> bool:
    """Return whether a clause with أن is what the verb takes."""
    return any(word in ("أن", "إن", "بأن") for word in view.letters[index : index + 6])


def _adjective_of_head(view: CaseView, index: int) -> None:
    """وَزِيرَةُ الْعَدْلِ السَّابِقَةُ: not being of the genitive's gender it is of the noun before that.

    Ryding 2005, 8.1.5 (modifiers of the first term).
    """
    if not (view.follows(index) and view.begins_with_article(index) and index > 1):
        return
    before = index - 1
    if not view.begins_with_article(before) or not view.is_like_adjective(index):
        return
    if view.may_agree(before, index) or view.letters[index] in _QUANTITIES:
        return
    head = _head_of_genitive(view, before)
    if head is not None and view.may_agree(head, index):
        _follow(view, head, index)


def _indefinite_adjective(view: CaseView, index: int) -> None:
    """نَظَرِيَّاتٌ مُخْتَلِفَةٌ: after a noun with tanwin (Ryding 2005, 10.1)."""
    before = index - 1
    if not view.follows(index) or view.is_definite(index) or view.is_definite(before):
        return
    tanwin = "\u064b\u064c\u064d"
    both = (
        view.readings[before].written[-1:] in tanwin and view.readings[index].written[-1:] in tanwin
    )
    if both and view.is_like_adjective(index) and view.may_agree(before, index):
        if before - 1 in view.passives:  # its subject: لَمْ تُسَجَّلْ خُرُوقَاتٌ أَمْنِيَّةٌ
            view.favour(index, NOMINATIVE, _MOSTLY)
        else:
            _agree(view, before, index, _RATHER)


def _name_of_title(view: CaseView, index: int) -> None:
    """الْعَمِيدِ الْمُتَقَاعِدِ مُحَمَّدٍ: a name has the case of the title before it (Ryding 2005, 11.2)."""
    titles, first = _lists()
    if not view.follows(index):
        return
    if view.letters[index] not in first and not _is_read_as_name(view, index):
        return
    place = index - 1
    while place > 0 and view.begins_with_article(place) and view.stem(place) not in titles:
        if not view.follows(place) or index - place > 2:
            return
        place -= 1
    if view.begins_with_article(place) and view.stem(place) in titles:
        _agree(view, place, index, _MOSTLY)


def _title_of_head(view: CaseView, index: int) -> None:
    """مُدِيرُ التَّعْلِيمِ الدُّكْتُورُ أَحْمَدُ: an honorific and the office before it name one man.

    So it has the case of the office, not of its genitive (Ryding 2005, 11.2).
    """
    if view.stem(index) not in _HONORIFICS or not view.begins_with_article(index):
        return
    titles, _ = _lists()
    for place in range(index - 2, max(-1, index - 5), -1):
        if not (view.follows(place + 1) and view.follows(place + 2)):
            return
        if view.letters[place].removeprefix("و") in titles:
            _follow(view, place, index)
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
            case = NOMINATIVE if before in _lists()[1] or is_name(before) else GENITIVE
    if case is not None:
        start = first_part.end() - 1
        written = reading.written[:start] + VOWELS[case] + reading.written[start + 1 :]
        view.readings[index] = replace(reading, written=written, rule=view.rule)


_SON = ("بن", "ابن", "بنت", "آل", "أبو", "أبي")
_SERVANT = re.compile("عَبْد[\u064e\u064f\u0650](?=ال)")


RULES: tuple[Callable[[CaseView, int], None], ...] = (
    _adverb_of_day,
    _time_of_day,
    _sum_of_clause,
    _object_before_subject,
    _object_after_subject,
    _adjective_of_head,
    _indefinite_adjective,
    _title_of_head,
    _name_of_title,
    _servant,
)
"""In the order in which they run, each over the whole sentence."""


def _agree(view: CaseView, head: int, index: int, times: float) -> None:
    """Write two words in the same case, the one that both together make likeliest.

    The surer of them lends its chance, no more: the model sees both by the same letters.
    """
    if not view.shows_case(index) or not view.shows_case(head):
        _follow(view, head, index)
        return
    of, by = view.chances(head), view.chances(index)
    case = max(range(3), key=lambda at: of[at] * by[at])
    if view.vowel_of(head, case) == view.case(head) and view.vowel_of(index, case) == view.case(
        index
    ):
        return
    for place, own, other in ((head, of, by), (index, by, of)):
        if view.vowel_of(place, case) == view.case(place):
            continue
        chances = [own[at] * (other[at] * times + 1 - other[at]) for at in range(3)]
        total = sum(chances) or 1.0
        view.settle(place, case, (chances[0] / total, chances[1] / total, chances[2] / total))


def _follow(view: CaseView, head: int, index: int) -> None:
    """Write a word in the case of another one, as sure as that is."""
    case = view.case(head)
    if case is None or not view.shows_case(index):
        return
    if view.shows_case(head):
        if view.case(index) != case:
            view.settle(index, case, view.chances(head))
    elif view.words[head].vowels[-1]:  # the author's or a number's
        view.favour(index, case, _SURELY)


def _head_of_genitive(view: CaseView, index: int) -> int | None:
    """Return the place of the noun that a definite genitive follows, None where it follows none."""
    for place in range(index - 1, max(-1, index - 3), -1):
        if view.pauses[place]:
            return None
        if not view.is_definite(place):
            is_singular = view.letters[place].lstrip("وفبل") not in _NOT_FEMININE
            return (
                place if is_singular and view.is_noun(place) and not _is_verb(view, place) else None
            )
        if not view.begins_with_article(place):
            return None
    return None


def _governs_genitive(view: CaseView, index: int) -> bool:
    """Return whether the next word is genitive: after a preposition or a noun without article."""
    word = view.letters[index]
    if preposition_of(word) == word:
        return True
    bare = view.readings[index].written[-1:] in VOWELS
    return bare and view.is_noun(index) and not _is_verb(view, index) and not is_name(word)


def _goes_on(view: CaseView, place: int) -> bool:
    """Return whether a word may belong to a title: its adjective, its name."""
    if not view.follows(place):
        return False
    if view.begins_with_article(place):
        return True
    word = view.letters[place]
    if is_name(word):
        return True
    return not _is_verb(view, place) and preposition_of(word) == ""


def _is_verb(view: CaseView, index: int) -> bool:
    word = view.letters[index]
    if view.is_definite(index) or word.endswith("ة"):
        return False
    return bool(is_verb(word) or active_readings(word) or passive_of(word) is not None)


def _takes_object(view: CaseView, index: int) -> bool:
    """Return whether a word is a verb that may have an object and has not its subject inside."""
    word = view.letters[index]
    bare = re.sub("^[وف](?=[^\\W]{3})|^[وف]?س(?=[يت])", "", word)
    if index in view.passives or bare in verbs("no_object") or bare.endswith(("وا", "نا", "ون")):
        return False
    if bare in verbs("transitive") or bare in verbs("object") or bare in verbs("visits"):
        return True
    return passive_of(word) is not None


def _is_feminine_verb(view: CaseView, index: int) -> bool:
    """Return whether a verb is of the 3rd person feminine: not تَسَلَّمَ, which ends in a."""
    word = view.letters[index]
    bare = re.sub("^[وف](?=[^\\W]{3})|^[وف]?س(?=[يت])", "", word)
    subjunctive = view.follows(index) and view.letters[index - 1] in (
        "أن",
        "لن",
        "كي",
        "حتى",
        "لكي",
    )
    perfect = view.readings[index].written.endswith("\u064e") and not subjunctive
    imperfect = bare[0] == "ت" and not perfect
    return bare.endswith("ت") or imperfect


def _is_read_as_verb(view: CaseView, index: int) -> bool:
    """Return whether the model reads a verb, no verbal noun: طَرَحَ, not طَرْحُ."""
    word, written = view.letters[index], view.readings[index].written
    if re.search("^[وف]?س?ي", word):
        return True
    return written.endswith("\u064e") and not ("\u0652" in written and len(word) < 4)


def _is_read_as_name(view: CaseView, index: int) -> bool:
    """Return whether a word right after an honorific can only be a name."""
    word = view.letters[index]
    if view.stem(index - 1) not in _HONORIFICS or not view.begins_with_article(index - 1):
        return False
    return view.is_noun(index) and not _is_verb(view, index) and word[0] not in "وفبل"


@cache
def _lists() -> tuple[frozenset[str], frozenset[str]]:
    table = toml_table(__file__, "names.toml")
    return tuple(  # type: ignore[return-value]
        frozenset(table[name]["words"].split()) for name in ("titles", "first_names")
    )
