"""Numbers with the article and behind a definite noun: القرن الـ21, المادة 7, الساعات الـ24."""

from __future__ import annotations

import re

from briefing.text.numbers import counted_nouns, measures
from briefing.text.numbers.cardinals import Form, ordinal
from briefing.text.numbers.grammatical_case import case_after, noun_case
from briefing.text.numbers.measures import Amount
from briefing.text.pieces.sentence_in_progress import Line, Said
from briefing.text.tables import context, nouns, people, verbs
from briefing.text.words.verb_signs import is_verb

__all__ = ["noun_behind", "read_definite", "read_ordinal"]

_NEXT_IN_ROW = 2
"""Pieces from one place in a row to the next that و joins: الدقائق 12، و34."""


def read_ordinal(
    line: Line, index: int, at: int, amount: Amount, particle: str, previous: str, definite: bool
) -> Said | None:
    """Read القرن الـ21, المادة 7, القمة العربية الـ33: an ordinal behind a definite singular noun.

    Behind what has no place in a row, and behind a plural, None: those are counted.

    >>> from briefing.text.normalisation.paragraph import spoken
    >>> spoken("في القمة العربية الـ33")
    'في القمة العربية الثالثة والثلاثين'
    """
    end = line.pieces[at].end
    number = amount.whole
    if previous == "د" and 1 <= number < 150:
        line.last_ordinal = (index, "f", "gen")
        return Said(end, ordinal(number, "f", "gen"))
    if line.word(at + 1) == "من" and 1 <= number < 100:
        day = number <= 31 and line.word(at + 2) in ("الشهر", "شهر", "هذا")
        if day and (definite or previous in ("في", "يوم", "حتى", "منذ", "بتاريخ", "إلى")):
            return Said(end, ordinal(number, "m", "gen"))
    young = previous in ("سن", "بسن", "دون") and not noun_behind(line, at) and number < 100
    if definite and (young or (_age(line, at) and not previous.startswith("ال"))):
        return Said(end, ordinal(number, "f", "gen"))
    place, gender, case = line.last_ordinal
    near = particle in ("و", "وال") and index - place <= _NEXT_IN_ROW
    if near and 1 <= number <= 999 and not noun_behind(line, at):
        line.last_ordinal = (index, gender, case)
        return Said(end, ordinal(number, gender, case))
    if line.kind(index - 1) != "arabic" or not 1 <= number <= 999:
        return None
    if definite and number < _MOST_KINGS and (found := _reign(line.before(index))):
        return Said(end, ordinal(number, *found))
    found = _row(line, index, at, number, particle, definite)
    if found is None:
        return None
    gender, case = found
    if number > 100 and not definite:
        return Said(end, measures.bare(amount, Form("m", case)))
    line.last_ordinal = (index, gender, case)
    return Said(end, ordinal(number, gender, case))


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


def _age(line: Line, at: int) -> bool:
    """Tell whether a number is a year of life: الـ18 والـ35 من العمر."""
    if line.word(at + 1) == "وال" and line.kind(at + 2) == "number":
        at += 2
    return line.word(at + 1) == "من" and line.word(at + 2) in ("عمره", "عمرها", "العمر")


def _row(
    line: Line, index: int, at: int, number: int, particle: str, definite: bool
) -> tuple[str, str] | None:
    """Give the gender and case of the noun in front whose place in a row the number tells."""
    words = line.before(index)
    own, attached = _own(words[-1]) if definite else ("", False)
    if own:
        before = words[:-1]
        taken = bool(before) and before[-1] in verbs("transitive") | verbs("object")
        gender = "f" if own.endswith(("ت", "ا")) else "m"
        case = "gen" if attached else case_after(before)
        return gender, "acc" if taken else case
    place = _head(words)
    noun, before = words[place], words[:place]
    bare = _ATTACHED.sub("ال", noun)
    table = context()
    if place < len(words) - 1 and not bare.startswith("ال"):
        if not definite:
            return None
        particled = noun not in table["ordinal_head"] and noun[0] in "بل"
        bare = noun if noun in table["ordinal_head"] else noun[1:]
        gender = counted_nouns.gender_of(bare, 1)
        return gender, "gen" if particled else case_after(before)
    known_m, known_f = bare in table["ordinal_masculine"], bare in table["ordinal_feminine"]
    two = re.fullmatch(r"ال(.+?)(تين|تان|ين|ان)", bare)
    if two and (not definite or line.word(at + 1) == "وال"):
        base = "ال" + (two[1] + "ة" if two[2].startswith("ت") else two[1])
        if base in table["ordinal_feminine"] or base in table["ordinal_masculine"]:
            gender = "f" if base in table["ordinal_feminine"] else "m"
            return gender, "gen" if two[2].endswith("ين") else "nom"
    listed_f = bare in table["ordinal_feminines"]
    listed = listed_f or bare in table["ordinal_masculines"]
    if listed and not definite and not particle and number < 100:
        return "f" if listed_f else "m", noun_case(noun, before)
    if not bare.startswith("ال"):
        return None
    if not (known_m or known_f):
        if not definite or _plural(bare[2:]) or not _singular(bare[2:]):
            return None
        behind = line.word(at + 1)
        if behind.startswith("ال") and (
            behind.endswith(("ون", "ين")) or (behind.endswith("ة") and not bare.endswith("ة"))
        ):
            return None
        if _plural_head(before) >= 0:
            return None
    counts = noun_behind(line, at) and (
        (before and is_verb(before[-1])) or counted_nouns.kind_of(line.word(at + 1)) == "person"
    )
    if not definite and (particle or counts):
        return None  # قدمت الفرقة 3 مسرحيات, شارك في القمة 22 زعيما
    gender = "f" if known_f or (not known_m and counted_nouns.gender_of(bare, 1) == "f") else "m"
    return gender, noun_case(noun, before)


_ATTACHED = re.compile("^[وف]?(?:لل|[بك]?ال)")


def _head(words: list[str]) -> int:
    """Give the place of the noun that a number behind these words belongs to.

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
    """Give the place of the noun behind which adjectives end these words, or of the last word."""
    place = len(words) - 1
    while place and _ATTACHED.match(words[place - 1]):
        word, before = words[place], words[place - 1]
        relative = word.startswith("ال") and word.endswith(("ية", "ي"))
        agreeing = word.startswith("ال") and word.endswith("ة") and before.endswith(("ة", "ات"))
        if not (relative or agreeing):
            break
        place -= 1
    return place


def _plural_head(before: list[str]) -> int:
    """Give the place of a plural in front of a definite singular, or -1: أعضاء المجلس الـ15."""
    known = nouns()[0] | nouns()[1] | people()
    for place in range(len(before) - 1, max(-1, len(before) - 3), -1):
        word = before[place]
        if word.startswith("ال"):
            break
        many = _plural(word) or (word in known and word not in _ONE_PERSON)
        sound = len(word) > 4 and word[-1] in "وي" and (word[-1] == "و" or word[:-1] in people())
        if many or sound:
            return place
        if word in context()["genitive"]:
            break
    return -1


_ONE_PERSON = frozenset(["رئيس", "وزير", "نائب", "عضو", "زعيم", "سفير", "لاعب", "مدير", "مدرب"])


# a singular noun with a possessive: يومها, ولايته; not a preposition (بينهم) or a plural (أعضائها)
_POSSESSIVE = re.compile(r"([^\W]{2,}?)(?:ه|ها|هم|هما|نا)")


def _possessed(noun: str) -> tuple[str, bool]:
    """Give the noun of a possessive, and whether ب or ل is attached: لولايته, لقبه; or ""."""
    found = _POSSESSIVE.fullmatch(noun)
    table = context()
    if not found or noun.startswith("ال") or noun in table["stands_first"] or is_verb(noun):
        return "", False
    base = found[1]
    attached = base[0] in "وفبل" and (len(base) > 5 or _whole(base[1:]) in table["genitive"])
    return (base[1:], base[0] in "بل") if attached else (base, False)


def _whole(base: str) -> str:
    """Give a noun its ة back, which is ت before a pronoun."""
    return base[:-1] + "ة" if base.endswith("ت") and not base.endswith("ات") else base


def _own(noun: str) -> tuple[str, bool]:
    """Give what _possessed gives, of a singular that has a place in a row; else ""."""
    base, attached = _possessed(noun)
    table = context()
    if base in table["rank_feminine"]:
        return base, attached
    if len(base) < 3 or base in table["prepositions"] or base in table["no_rank"]:
        return "", False
    one = _whole(base)
    if _plural(one) or not _singular(one) or one.endswith(("ي", "ئ", "ؤ")):
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
    """Tell whether a noun without its article looks like a singular."""
    if "ال" + noun in context()["one"] or noun.endswith(("ة", "ى")):
        return True
    return not _BROKEN.fullmatch(noun)


def read_definite(
    line: Line, index: int, at: int, amount: Amount, case: str, previous: str
) -> Said | None:
    """Read الساعات الـ24, مجموعة الـ20, الـ24 ساعة.

    >>> from briefing.text.normalisation.paragraph import spoken
    >>> spoken("خلال الساعات الـ24")
    'خلال الساعات الأربع والعشرين'
    """
    piece = line.pieces[at]
    if amount.part:
        return Said(piece.end, "ال" + measures.bare(amount, Form("m", case)))
    gender = "m"
    if line.kind(index - 1) == "arabic":
        words = line.before(index)
        place = _past_adjectives(words)
        previous, words = words[place], words[:place]
        noun = _ATTACHED.sub("ال", previous)
        if noun.startswith("ال"):
            head = _plural_head(words)
            if head >= 0 and not _plural(noun[2:]) and _singular(noun[2:]):
                noun = previous = words[head]
                words = words[:head]
            gender = counted_nouns.gender_of(noun, amount.whole)
            case = noun_case(previous, words)
        elif line.word(at + 1) == "+":
            case = "gen"
        elif (base := _possessed(previous)[0]) and _plural(base):
            gender, case = counted_nouns.gender_of(base, amount.whole), case_after(words)
        else:
            if (
                case == "nom"
                and previous not in context()["transitive"] | context()["subject"]
                and index == at - 1
            ):
                case = "gen"
            if previous in ("مجموعة", "دول", "قمة", "بمجموعة", "لمجموعة", "ومجموعة"):
                case = "gen"
                gender = "f" if amount.whole < 20 and previous != "قمة" else "m"
    if noun_behind(line, at) or (
        line.kind(at + 1) == "arabic"
        and line.word(at + 1).startswith("ال")
        and gender == "m"
        and line.kind(index - 1) != "arabic"
    ):
        gender = counted_nouns.gender_of(line.word(at + 1), amount.whole)
    form = Form(gender, case, construct=noun_behind(line, at), definite=True)
    return Said(piece.end, measures.bare(amount, form))


def noun_behind(line: Line, at: int) -> bool:
    """Tell whether a noun that the number counts stands behind it."""
    return (
        line.kind(at + 1) == "arabic"
        and line.pieces[at + 1].gap == 1
        and counted_nouns.could_be_counted(line.word(at + 1))
    )
