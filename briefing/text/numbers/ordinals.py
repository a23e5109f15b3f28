"""Numbers with the article and after a definite noun: القرن الـ21, المادة 7, الساعات الـ24."""

from __future__ import annotations

import re
from typing import NamedTuple

from briefing.text.numbers import counted_nouns, measures
from briefing.text.numbers.cardinals import Form, ordinal
from briefing.text.numbers.grammatical_case import case_after, noun_case
from briefing.text.numbers.numeral import Numeral, NumeralRule
from briefing.text.pieces.sentence_in_progress import Line, Reading, first_reading
from briefing.text.tables import context, nouns, people, verbs
from briefing.text.words.verb_signs import is_verb

__all__ = ["noun_behind", "read_definite", "read_ordinal"]

_NEXT_IN_ROW = 2
"""Pieces from one place in a row to the next that و joins: الدقائق 12، و34."""


def read_ordinal(number: Numeral) -> Reading | None:
    """Read القرن الـ21, المادة 7, القمة العربية الـ33: an ordinal after a definite singular noun.

    After what has no place in a row, and after a plural, None: those are counted.

    >>> from briefing.text.normalisation.paragraph import spoken
    >>> spoken("في القمة العربية الـ33")
    'في القمة العربية الثالثة والثلاثين'
    """
    return first_reading(_RULES, number)


def _minute(number: Numeral) -> Reading | None:
    """د 45: of a match."""
    if number.before != "د" or not 1 <= number.amount.whole < 150:
        return None
    return _in_row(number, "f", noun_case("الدقيقة", number.line.before(number.index - 1)))


def _in_row(number: Numeral, gender: str, case: str) -> Reading:
    """Read a place in a row; what و joins to it will be one too."""
    number.line.last_ordinal = (number.index, gender, case)
    return Reading(number.end, ordinal(number.amount.whole, gender, case))


def _day_of_month(number: Numeral) -> Reading | None:
    """في 15 من الشهر الجاري."""
    line, at = number.line, number.at
    if line.word(at + 1) != "من" or line.word(at + 2) not in ("الشهر", "شهر", "هذا"):
        return None
    before = number.before in ("في", "يوم", "حتى", "منذ", "بتاريخ", "إلى")
    if not 1 <= number.amount.whole <= 31 or not (number.is_definite or before):
        return None
    return Reading(number.end, ordinal(number.amount.whole, "m", "gen"))


def _age(number: Numeral) -> Reading | None:
    """سن الـ18, في الـ30 من عمره."""
    if not number.is_definite or not number.amount.whole:
        return None
    young = number.before in ("سن", "بسن", "دون") and not noun_behind(number.line, number.at)
    of_life = _is_year_of_life(number.line, number.at) and not number.before.startswith("ال")
    if not of_life and not (young and number.amount.whole < 100):
        return None
    return Reading(number.end, ordinal(number.amount.whole, "f", "gen"))


def _is_year_of_life(line: Line, at: int) -> bool:
    """Return whether a number is a year of life: الـ18 والـ35 من العمر."""
    if line.word(at + 1) == "وال" and line.kind(at + 2) == "number":
        at += 2
    return line.word(at + 1) == "من" and line.word(at + 2) in ("عمره", "عمرها", "العمر")


def _next_in_row(number: Numeral) -> Reading | None:
    """الدقيقتين 12 و34."""
    place, gender, case = number.line.last_ordinal
    near = number.particle in ("و", "وال") and number.index - place <= _NEXT_IN_ROW
    if not near or number.amount.whole not in _PLACES or noun_behind(number.line, number.at):
        return None
    return _in_row(number, gender, case)


def _king_or_pope(number: Numeral) -> Reading | None:
    """البابا لاون الـ14."""
    if not _is_behind_noun(number) or not number.is_definite:
        return None
    if number.amount.whole >= _MOST_KINGS:
        return None
    king = _reign(number.line.before(number.index))
    return Reading(number.end, ordinal(number.amount.whole, *king)) if king else None


def _is_behind_noun(number: Numeral) -> bool:
    return number.line.kind(number.index - 1) == "arabic" and number.amount.whole in _PLACES


def _place_in_row(number: Numeral) -> Reading | None:
    """المادة 7, القرن الـ21."""
    noun = _noun_in_front(number) if _is_behind_noun(number) else None
    if noun is None:
        return None
    if number.amount.whole > 100 and not number.is_definite:
        return Reading(number.end, measures.bare(number.amount, Form("m", noun[1])))
    return _in_row(number, *noun)


_RULES: tuple[NumeralRule, ...] = (
    _minute,
    _day_of_month,
    _age,
    _next_in_row,
    _king_or_pope,
    _place_in_row,
)
_PLACES = range(1, 1000)


_MOST_KINGS = 40
"""No name was borne by so many kings or popes."""


def _reign(words: list[str]) -> tuple[str, str] | None:
    """Return the gender and case of the king's or pope's name that these words end with.

    البابا لاون الـ14, لويس الـ16, الملك عبد الله الـ2; None for other words.
    """
    table = context()
    name = words[-1].removeprefix("و")
    for place in range(len(words) - 2, max(-1, len(words) - 5), -1):
        title = words[place].removeprefix("و").removeprefix("ال").removeprefix("لل")
        if title in table["titles_of_reign"] and not name.startswith("ال" + title):
            own = words[place + 1 :]
            if name.endswith(("ية", "ي")) and name.startswith("ال"):
                return None  # الملك السعودي الـ7
            queen = own[-1] in table["queens"] or title.endswith("ة")
            return ("f" if queen else "m"), noun_case(words[place], words[:place])
    if name not in table["reigning"]:
        return None
    return ("f" if name in table["queens"] else "m"), case_after(words[:-1])


class _NounInFront(NamedTuple):
    """The words before a number, and what each rule must know of the number."""

    words: list[str]
    number: Numeral
    place: int
    """Of the noun among the words: adjectives may follow it."""
    bare: str
    """The noun with its article alone."""

    @property
    def noun(self) -> str:
        return self.words[self.place]

    @property
    def words_before(self) -> list[str]:
        return self.words[: self.place]


_GenderAndCase = tuple[str, str]


def _noun_in_front(number: Numeral) -> _GenderAndCase | None:
    """Return gender and case of the noun in front whose place in a row the number is, or None."""
    words = number.line.before(number.index)
    if number.is_definite and (owned := _owned_noun(words)):
        return owned
    place = _head(words)
    view = _NounInFront(words, number, place, _ATTACHED.sub("ال", words[place]))
    if place < len(words) - 1 and not view.bare.startswith("ال"):
        return _head_of_idafa(view)
    if gender_and_case := _dual(view) or _noun_of_table(view):
        return gender_and_case
    return _definite_noun(view) if view.bare.startswith("ال") else None


def _owned_noun(words: list[str]) -> _GenderAndCase | None:
    """ولايته الـ2, عيدها الـ50."""
    noun, attached = _own(words[-1])
    if not noun:
        return None
    before = words[:-1]
    gender = "f" if noun.endswith(("ت", "ا")) else "m"
    if before and before[-1] in verbs("transitive") | verbs("object"):
        return gender, "acc"
    return gender, "gen" if attached else case_after(before)


def _head_of_idafa(view: _NounInFront) -> _GenderAndCase | None:
    """ذكرى الاستقلال الـ50."""
    if not view.number.is_definite:
        return None
    heads = context()["ordinal_head"]
    attached = view.noun not in heads and view.noun[0] in "بل"
    noun = view.noun if view.noun in heads else view.noun[1:]
    return counted_nouns.gender_of(noun, 1), "gen" if attached else case_after(view.words_before)


_DUAL = re.compile(r"ال(.+?)(تين|تان|ين|ان)")


def _dual(view: _NounInFront) -> _GenderAndCase | None:
    """الدقيقتين 12 و34, المادتان 5 و7."""
    number, table = view.number, context()
    match = _DUAL.fullmatch(view.bare)
    if not match or (number.is_definite and number.line.word(number.at + 1) != "وال"):
        return None
    noun = "ال" + (match[1] + "ة" if match[2].startswith("ت") else match[1])
    case = "gen" if match[2].endswith("ين") else "nom"
    if noun in table["ordinal_feminine"]:
        return "f", case
    return ("m", case) if noun in table["ordinal_masculine"] else None


def _noun_of_table(view: _NounInFront) -> _GenderAndCase | None:
    """Nouns whose numbers without article are ordinals too: المادة 7."""
    number, table = view.number, context()
    if number.is_definite or number.particle or number.amount.whole >= 100:
        return None
    feminine = view.bare in table["ordinal_feminines"]
    if not feminine and view.bare not in table["ordinal_masculines"]:
        return None
    return "f" if feminine else "m", noun_case(view.noun, view.words_before)


def _definite_noun(view: _NounInFront) -> _GenderAndCase | None:
    """القرن الـ21, القمة العربية الـ33."""
    number, table = view.number, context()
    is_feminine = view.bare in table["ordinal_feminine"]
    is_masculine = view.bare in table["ordinal_masculine"]
    is_listed = is_feminine or is_masculine
    if not is_listed and not (number.is_definite and _may_have_place(view)):
        return None
    if not number.is_definite and (number.particle or _counts_behind(view)):
        return None  # قدمت الفرقة 3 مسرحيات, شارك في القمة 22 زعيما
    feminine = is_feminine or (not is_listed and counted_nouns.gender_of(view.bare, 1) == "f")
    return "f" if feminine else "m", noun_case(view.noun, view.words_before)


def _may_have_place(view: _NounInFront) -> bool:
    """Return whether a noun that no table knows may have a place in a row."""
    noun = view.bare[2:]
    if _plural(noun) or not _singular(noun) or _plural_head(view.words_before) >= 0:
        return False
    behind = view.number.line.word(view.number.at + 1)
    counted = behind.endswith(("ون", "ين")) or (behind.endswith("ة") and not noun.endswith("ة"))
    return not (behind.startswith("ال") and counted)


def _counts_behind(view: _NounInFront) -> bool:
    """Return whether a number counts the noun after it."""
    line, at, before = view.number.line, view.number.at, view.words_before
    if not noun_behind(line, at):
        return False
    after_verb = bool(before) and is_verb(before[-1])
    return after_verb or counted_nouns.kind_of(line.word(at + 1)) == "person"


_ATTACHED = re.compile("^[وف]?(?:لل|[بك]?ال)")


def _head(words: list[str]) -> int:
    """Return the place of the noun that a number after these words belongs to.

    Adjectives are passed over (القمة العربية), and the second part of an idafa whose first part
    is a noun of rank (ذكرى الاستقلال).
    """
    place = _past_adjectives(words)
    if place and words[place].startswith("ال"):
        first = words[place - 1]
        heads = context()["ordinal_head"]
        if first in heads or (len(first) > 3 and first[0] in "وفبل" and first[1:] in heads):
            return place - 1
    return place


def _past_adjectives(words: list[str]) -> int:
    """Return the place of the noun after which adjectives end these words, or of the last word."""
    place = len(words) - 1
    while place and _ATTACHED.match(words[place - 1]):
        word, before = words[place], words[place - 1]
        relative = word.startswith("ال") and word.endswith(("ية", "ي"))
        agreeing = word.startswith("ال") and word.endswith("ة") and before.endswith(("ة", "ات"))
        if not (relative or agreeing) or word in context()["ordinal_feminine"]:
            break  # تستضيف الدوحة الدورة الـ32
        place -= 1
    return place


def _plural_head(before: list[str]) -> int:
    """Return the place of a plural in front of a definite singular, or -1: أعضاء المجلس الـ15."""
    listed = nouns()[0] | nouns()[1] | people()
    for place in range(len(before) - 1, max(-1, len(before) - 3), -1):
        word = before[place]
        if word.startswith("ال"):
            break
        many = _plural(word) or (word in listed and word not in _ONE_PERSON)
        sound = len(word) > 4 and word[-1] in "وي" and (word[-1] == "و" or word[:-1] in people())
        if many or sound:
            return place
        if word in context()["genitive"]:
            break
    return -1


_ONE_PERSON = frozenset(["رئيس", "وزير", "نائب", "عضو", "زعيم", "سفير", "لاعب", "مدير", "مدرب"])


# a singular noun with a possessive: يومها, ولايته; not a preposition (بينهم) or a plural (أعضائها)
_POSSESSIVE = re.compile(r"([^\W]{2,}?)(?:ه|ها|هم|هما|نا)")


def _without_possessive(noun: str) -> tuple[str, bool]:
    """Return the noun of a possessive, and whether ب or ل is attached: لولايته, لقبه; or ""."""
    match = _POSSESSIVE.fullmatch(noun)
    table = context()
    if not match or noun.startswith("ال") or noun in table["stands_first"] or is_verb(noun):
        return "", False
    base = match[1]
    attached = base[0] in "وفبل" and (len(base) > 5 or _whole(base[1:]) in table["genitive"])
    return (base[1:], base[0] in "بل") if attached else (base, False)


def _whole(base: str) -> str:
    """Return a noun with its ة, which is ت before a pronoun."""
    return base[:-1] + "ة" if base.endswith("ت") and not base.endswith("ات") else base


def _own(noun: str) -> tuple[str, bool]:
    """Return the same as _without_possessive of a singular that has a place in a row, else ""."""
    base, attached = _without_possessive(noun)
    table = context()
    if base in table["rank_feminine"]:
        return base, attached
    if len(base) < 3 or base in table["prepositions"] or base in table["no_rank"]:
        return "", False
    singular = _whole(base)
    if _plural(singular) or not _singular(singular) or singular.endswith(("ي", "ئ", "ؤ")):
        return "", False
    return base, attached


_FEW = re.compile(r"أ[^\W]{3}ة|أ[^\W]{2}ية")


def _plural(noun: str) -> bool:
    feminine, masculine, *_ = nouns()
    return (
        noun in feminine
        or noun in masculine
        or (_FEW.fullmatch(noun) is not None and "ال" + noun not in context()["one"])
        or (noun.endswith(("ات", "ين", "ون")) and noun not in context()["ends_in_n"])
    )


_BROKEN = re.compile(
    r"[^\Wمت][^\W]ا[^\W]{2}|أ[^\W]{3}|[^\W]{2}ائ[^\W]|أ[^\W]{2}ا[^\W]|[^\W]{2}و[^\W]|[^\W]{2}ا[^\W]|[^\W]{3,4}اء|[^\W][واء]ا[^\W]{2,3}|م[^\W]ا[^\W]ي?[^\W]|[^\W]{2}ا[^\W]ي[^\W]"
)


def _singular(noun: str) -> bool:
    """Return whether a noun without its article looks like a singular."""
    if "ال" + noun in context()["one"] or noun.endswith(("ة", "ى")):
        return True
    return not _BROKEN.fullmatch(noun)


def read_definite(number: Numeral) -> Reading:
    """Read الساعات الـ24, مجموعة الـ20, الـ24 ساعة.

    >>> from briefing.text.normalisation.paragraph import spoken
    >>> spoken("خلال الساعات الـ24")
    'خلال الساعات الأربع والعشرين'
    """
    line, at, amount = number.line, number.at, number.amount
    if amount.part:
        return Reading(number.end, "ال" + measures.bare(amount, Form("m", number.case)))
    behind_noun = line.kind(number.index - 1) == "arabic"
    gender, case = _of_noun_before(number) if behind_noun else ("m", number.case)
    behind = noun_behind(line, at)
    definite_behind = line.kind(at + 1) == "arabic" and line.word(at + 1).startswith("ال")
    if behind or (definite_behind and gender == "m" and not behind_noun):
        gender = counted_nouns.gender_of(line.word(at + 1), amount.whole)
    return Reading(
        number.end, measures.bare(amount, Form(gender, case, construct=behind, definite=True))
    )


_GROUPS = ("مجموعة", "دول", "قمة", "بمجموعة", "لمجموعة", "ومجموعة")


def _of_noun_before(number: Numeral) -> _GenderAndCase:
    """Return the gender and case that the noun before a definite number gives it."""
    count = number.amount.whole
    words = number.line.before(number.index)
    place = _past_adjectives(words)
    noun, words = words[place], words[:place]
    bare = _ATTACHED.sub("ال", noun)
    if bare.startswith("ال"):
        head = _plural_head(words)
        if head >= 0 and not _plural(bare[2:]) and _singular(bare[2:]):
            bare = noun = words[head]
            words = words[:head]
        return counted_nouns.gender_of(bare, count), noun_case(noun, words)
    if number.line.word(number.at + 1) == "+":
        return "m", "gen"
    owned = _without_possessive(noun)[0]
    if owned and _plural(owned):
        return counted_nouns.gender_of(owned, count), case_after(words)
    if noun in _GROUPS:  # مجموعة الـ7, قمة الـ20
        return "f" if count < 20 and noun != "قمة" else "m", "gen"
    governs = noun in context()["transitive"] | context()["subject"]
    owns = number.case == "nom" and not governs and number.index == number.at - 1
    return "m", "gen" if owns else number.case


def noun_behind(line: Line, at: int) -> bool:
    """Return whether a noun that the number counts stands after it."""
    return (
        line.kind(at + 1) == "arabic"
        and line.pieces[at + 1].gap == 1
        and counted_nouns.could_be_counted(line.word(at + 1))
    )
