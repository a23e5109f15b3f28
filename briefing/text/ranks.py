"""Numbers with the article and behind a definite noun: القرن الـ21, المادة 7, الساعات الـ24."""

from __future__ import annotations

import re

from briefing.text import agreement, quantities
from briefing.text.case import case_after, noun_case
from briefing.text.line import Line, Said
from briefing.text.numerals import Form, ordinal
from briefing.text.quantities import Amount
from briefing.text.tables import context, nouns

__all__ = ["noun_behind", "read_definite", "read_ordinal"]


def read_ordinal(
    line: Line, index: int, at: int, amount: Amount, particle: str, previous: str, definite: bool
) -> Said | None:
    """Read القرن الـ21, المادة 7: an ordinal behind a definite singular noun."""
    if previous == "د" and 1 <= amount.whole < 150:
        line.last_ordinal = (index, "f", "gen")
        return Said(line.pieces[at].end, ordinal(amount.whole, "f", "gen"))
    if definite and line.word(at + 1) == "من" and 1 <= amount.whole < 100:
        if line.word(at + 2) in ("الشهر", "شهر", "هذا"):
            return Said(line.pieces[at].end, ordinal(amount.whole, "m", "gen"))
        if line.word(at + 2) in ("عمره", "عمرها", "العمر"):
            return Said(line.pieces[at].end, ordinal(amount.whole, "f", "gen"))
    place, gender, case = line.last_ordinal
    if particle == "و" and index - place <= 3 and 1 <= amount.whole <= 999:
        line.last_ordinal = (index, gender, case)
        return Said(line.pieces[at].end, ordinal(amount.whole, gender, case))
    if line.kind(index - 1) != "arabic" or not 1 <= amount.whole <= 999:
        return None
    noun = previous
    bare = re.sub(r"^[وف]?(?:لل|[بك]?ال)", "ال", noun)
    table = context()
    known_m, known_f = bare in table["ordinal_masculine"], bare in table["ordinal_feminine"]
    two = re.fullmatch(r"ال(.+?)(تين|تان|ين|ان)", bare)
    if two and not definite:
        base = "ال" + (two[1] + "ة" if two[2].startswith("ت") else two[1])
        if base in table["ordinal_feminine"] or base in table["ordinal_masculine"]:
            gender = "f" if base in table["ordinal_feminine"] else "m"
            case = "gen" if two[2].endswith("ين") else "nom"
            line.last_ordinal = (index, gender, case)
            return Said(line.pieces[at].end, ordinal(amount.whole, gender, case))
    own = _OWN.fullmatch(noun)
    if own and definite:
        gender = "f" if own[1].endswith(("ت", "ا")) else "m"
        return Said(
            line.pieces[at].end,
            ordinal(amount.whole, gender, case_after(line.before(index - 1))),
        )
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
    elif not definite and amount.whole > 99:
        return None
    if not definite and particle:
        return None
    gender = "f" if known_f or (not known_m and agreement.gender_of(bare, 1) == "f") else "m"
    case = noun_case(noun, line.before(index - 1))
    return Said(line.pieces[at].end, ordinal(amount.whole, gender, case))


_OWN = re.compile(
    r"[وفبل]?(يوم|عام|أسبوع|شهر|عيد|هدف|موسم|مؤتمر|كتاب|اجتماع|لقب|مهرجان|دورت|نسخت|حلقت|ذكرا|سنت|جولت|مبارات)(?:ه|ها|هم|هما|نا)"
)


def _plural(noun: str) -> bool:
    feminine, masculine, *_ = nouns()
    return (
        noun in feminine
        or noun in masculine
        or (noun.endswith(("ات", "ين", "ون")) and noun not in ("قانون",))
    )


_BROKEN = re.compile(
    r"أ[^\W]{3}|[^\W]{2}ائ[^\W]|أ[^\W]{2}ا[^\W]|[^\W]{2}و[^\W]|[^\W]{2}ا[^\W]|[^\W]{3,4}اء|[^\W][واء]ا[^\W]{2,3}|م[^\W]ا[^\W]ي?[^\W]|[^\W]{2}ا[^\W]ي[^\W]"
)


def _singular(noun: str) -> bool:
    """Tell whether a noun without its article looks like a singular."""
    if "ال" + noun in context()["one"] or noun.endswith(("ة", "ى")):
        return True
    return not _BROKEN.fullmatch(noun)


def read_definite(
    line: Line, index: int, at: int, amount: Amount, case: str, previous: str
) -> Said | None:
    """Read الساعات الـ24, مجموعة الـ20, الـ24 ساعة."""
    piece = line.pieces[at]
    if amount.part:
        return Said(piece.end, "ال" + quantities.bare(amount, Form("m", case)))
    gender = "m"
    if line.kind(index - 1) == "arabic":
        noun = re.sub(r"^[وف]?(?:لل|[بك]?ال)", "ال", previous)
        if noun.startswith("ال"):
            gender = agreement.gender_of(noun, amount.whole)
            case = noun_case(previous, line.before(index - 1))
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
        gender = agreement.gender_of(line.word(at + 1), amount.whole)
    return Said(piece.end, quantities.bare(amount, Form(gender, case, definite=True)))


def noun_behind(line: Line, at: int) -> bool:
    """Tell whether a noun that the number counts stands behind it."""
    return (
        line.kind(at + 1) == "arabic"
        and line.pieces[at + 1].gap == 1
        and agreement.could_be_counted(line.word(at + 1))
    )
