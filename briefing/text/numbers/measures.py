"""Numbers with what they count: money, measures, percentages, decimals, counted nouns."""

from __future__ import annotations

import re
from dataclasses import dataclass

from briefing.text.characters import FATHA, KASRA
from briefing.text.numbers.cardinals import (
    LARGEST,
    Form,
    cardinal,
    decline,
    digits,
    dual,
    fraction,
    join,
)
from briefing.text.tables import Unit, context, plurals, scales, units

__all__ = [
    "Amount",
    "attach",
    "bare",
    "behind_scale",
    "decimal",
    "parse",
    "read_thousands",
    "read_with_noun",
    "with_fraction",
    "with_unit",
]

_MANY_DIGITS = 3
"""Up to so many digits after the decimal point are read as one number."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A written number."""

    whole: int
    part: str = ""
    """Digits after the decimal point."""
    written: str = ""
    negative: bool = False

    @property
    def too_large(self) -> bool:
        """Read digit by digit."""
        return (
            len(self.written) > 15
            or self.whole > LARGEST
            or (len(self.written) > 1 and self.written[0] == "0" and not self.part)
        )


def parse(text: str, *, negative: bool = False) -> Amount:
    """Parse a written number; a comma or point before three digits groups, if it can.

    >>> parse("1,234.5").whole, parse("7,99").part, parse("1 500").whole, parse("5ر3").part
    (1234, '99', 1500, '5')
    """
    text = re.sub("[ \u00a0\u202f٬]", "", text)
    part_first = text.partition("ر")
    if part_first[1]:
        text = f"{part_first[2]}.{part_first[0]}"
    if re.fullmatch(r"[1-9]\d{0,2}(?:,\d{3})+(?:[.٫]\d+)?", text):
        text = text.replace(",", "")
    elif re.fullmatch(r"[1-9]\d{0,2}(?:(?:\.\d{3}){2,}(?:٫\d+)?|\.000)", text):
        text = text.replace(".", "")
    whole, _, part = re.sub("[,٫]", ".", text).partition(".")
    if len(whole) > 18:
        return Amount(LARGEST + 1, part, whole, negative)
    return Amount(int(whole or "0"), part, whole, negative)


def attach(particle: str, words: str) -> str:
    """Put an attached particle before words; ل takes the article's alif away.

    >>> attach("ب", "خَمْسِينَ"), attach("ل", "الْأَرْبَعِ")
    ('بِخَمْسِينَ', 'لِلْأَرْبَعِ')
    """
    if particle.endswith("ال") and words.startswith("ال"):
        particle = particle.removesuffix("ال")
    if particle.endswith(("ال", "لل")):
        words = ("ال" if particle.endswith("ال") else "") + words
        particle = particle.removesuffix("ال")
        if particle.endswith("لل"):
            words, particle = "لِل" + words, particle[:-2]
    for letter in reversed(particle):
        vowel = KASRA if letter in "بل" else FATHA
        if letter == "ل" and words.startswith("الل"):
            words = words[2:]  # لِلِّتْرِ is written with two
        words = letter + vowel + (words[1:] if letter == "ل" and words.startswith("ال") else words)
    return words


def decimal(amount: Amount, form: Form) -> str:
    """Read "whole فاصلة part": the case is the whole part's (Ryding 15.8).

    In the accusative the part takes the genitive's form: newsreaders do not say خمسا, واحدا there.
    """
    words = [cardinal(amount.whole, form), "فَاصِلَةْ"]
    if form.case == "acc":
        form = Form(form.gender, "gen", form.construct, form.definite)
    part = amount.part
    zeros = len(part) - len(part.lstrip("0"))
    if zeros == len(part):
        return words[0] if len(part) < 3 else f"{words[0]} فَاصِلَةْ {digits(part)}"
    if len(part) > _MANY_DIGITS:
        words.append(digits(part))
    else:
        words.extend(["صِفْر"] * zeros)
        words.append(cardinal(int(part[zeros:]), form))
    return " ".join(words)


def bare(amount: Amount, form: Form) -> str:
    """Read a number with nothing to count."""
    if amount.too_large:
        words = digits(amount.written[:4000]) + (
            f" فَاصِلَةْ {digits(amount.part)}" if amount.part else ""
        )
    elif amount.part:
        words = decimal(amount, form)
    else:
        words = cardinal(amount.whole, form)
    return f"سَالِب {words}" if amount.negative else words


def _noun(unit: Unit, form: Form, state: str, plural: bool, case: str) -> str:
    # ميغاواط and غيغابايت stay as they are; يوان and ين are declined
    unchanged = unit.plural == unit.singular and unit.kind == "measure"
    word = (
        unit.singular
        if unchanged
        else decline(unit.plural if plural else unit.singular, case, state)
    )
    if not unit.adjective:
        return word
    feminine = unit.gender == "f" or plural
    adjective = unit.adjective + ("َة" if feminine else "")
    return f"{word} {decline(adjective, case)}"


def _count(number: int, unit: Unit, form: Form) -> str:
    """Read a whole number of units."""
    tail = number % 100
    plain = "construct" if unit.tail and not unit.tail.startswith(("فِي", "يَ")) else "indefinite"
    if number == 1:
        singular = _noun(unit, form, plain, False, form.case)
        return f"{singular} {decline('وَاحِدَة' if unit.gender == 'f' else 'وَاحِد', form.case)}"
    if number == 2:
        both = dual(unit.singular, form.case)
        if both == unit.singular:
            return f"{cardinal(2, form)} {unit.singular}"
        if unit.adjective:
            return f"{both} {dual(unit.adjective + ('َة' if unit.gender == 'f' else ''), form.case)}"
        return both
    if number > 100 and tail in (1, 2):
        rest = cardinal(number - tail, Form("m", form.case, construct=False))
        return join([rest, _count(tail, unit, form).replace(" وَاحِد", " وَاحِد")])
    if (tail == 0 and number) or number == 0:
        words = cardinal(number, Form(unit.gender, form.case, construct=True))
        return f"{words} {_noun(unit, form, plain, False, 'gen')}"
    if tail <= 10:
        words = cardinal(number, Form(unit.gender, form.case, construct=True))
        return f"{words} {_noun(unit, form, plain, unit.plural != unit.singular, 'gen')}"
    return (
        f"{cardinal(number, Form(unit.gender, form.case))} {_noun(unit, form, plain, False, 'acc')}"
    )


def behind_scale(unit: Unit) -> str:
    """Read a unit after a number that ends in thousands or millions: the genitive singular."""
    noun = _noun(unit, Form(unit.gender), "indefinite", False, "gen")
    return f"{noun} {unit.tail}" if unit.tail else noun


def with_fraction(number: int, part: str, unit: Unit, case: str) -> str:
    """Read so many units and a part of one: كيلومتران ونصف."""
    form = Form(unit.gender, case)
    if not number:
        return f"{part} {_noun(unit, form, 'indefinite', False, 'gen')}"
    singular = _noun(unit, form, "indefinite", False, case)
    tail = f" {unit.tail}" if unit.tail else ""
    return join([singular if number == 1 else _count(number, unit, form), part]) + tail


def with_unit(amount: Amount, unit: Unit, case: str) -> str:
    """Read an amount of a unit, sub-units as such.

    >>> from briefing.text.tables import Unit, context, plurals, scales, units
    >>> from briefing.text.cleaning import strip_marks
    >>> strip_marks(with_unit(parse("7.50"), units()["$"], "nom"))
    'سبعة دولارات وخمسون سنتا'
    """
    form = Form(unit.gender, case)
    tail = f" {unit.tail}" if unit.tail else ""
    if amount.too_large:
        return f"{bare(amount, form)} {unit.singular}{tail}"
    sub = units().get(unit.sub)
    digits_of_sub = len(str(unit.sub_count)) - 1
    part, negative = amount.part.rstrip("0"), amount.negative
    if not part:
        words = _count(amount.whole, unit, form)
    elif unit.kind == "money" and sub and len(part) <= digits_of_sub:
        parts = [_count(int(part.ljust(digits_of_sub, "0")), sub, Form(sub.gender, case))]
        if amount.whole:
            parts.insert(0, _count(amount.whole, unit, form))
        words = join(parts)
    elif part == "5" and unit.kind == "measure":
        words = _half(amount, unit, form)
    else:
        amount = Amount(amount.whole, part)
        last = int(part) if len(part) <= _MANY_DIGITS else 0
        noun = _noun(unit, form, "indefinite", 3 <= last <= 10, "gen" if last <= 10 else "acc")
        words = f"{decimal(amount, form)} {noun}"
    return ("سَالِب " if negative else "") + words + tail


def _half(amount: Amount, unit: Unit, form: Form) -> str:
    if not amount.whole:
        noun = _noun(unit, form, "indefinite", False, "gen")
        return f"{fraction(1, 2, form.case, construct=True)} {noun}"
    words = _count(amount.whole, unit, form)
    if amount.whole == 1:
        words = _noun(unit, form, "indefinite", False, form.case)
    return join([words, fraction(1, 2, form.case)])


def read_thousands(
    amount: Amount, scale: str, case: str, unit: Unit | None, *, followed: bool
) -> str:
    """Read a number of thousands, millions…, with a unit or a noun after it.

    >>> from briefing.text.cleaning import strip_marks
    >>> strip_marks(read_thousands(parse("2"), "مليون", "nom", None, followed=True))
    'مليونا'
    """
    if scale not in scales():
        return ""
    singular, plural = scales()[scale]
    followed = followed or unit is not None
    end = "construct" if followed else "indefinite"
    tail = amount.whole % 100
    form = Form("m", case, construct=True)
    if amount.part.strip("0"):
        last = int(amount.part) if len(amount.part) <= _MANY_DIGITS else 0
        many_form = scale.startswith(("آلا", "ملايين", "مليارات", "بلايين", "تريليونات")) or (
            scale.isascii() and 3 <= amount.whole <= 10
        )
        words = (
            decimal(amount, Form("m", case))
            + " "
            + decline(
                plural if many_form else singular, "gen" if many_form or last < 11 else "acc", end
            )
        )
    elif amount.whole == 1:
        words = decline(singular, case, end)
    elif amount.whole == 2:
        words = dual(singular, case, followed)
    elif amount.whole > 100 and tail in (1, 2):
        words = f"{cardinal(amount.whole, Form('m', case))} {decline(singular, 'gen', end)}"
    elif 3 <= tail <= 10:
        words = f"{cardinal(amount.whole, form)} {decline(plural, 'gen', end)}"
    elif tail >= 11:
        words = f"{cardinal(amount.whole, form)} {decline(singular, 'acc', end)}"
    else:
        words = f"{cardinal(amount.whole, form)} {decline(singular, 'gen', end)}"
    if unit is not None:
        words += f" {behind_scale(unit)}"
    return ("سَالِب " if amount.negative else "") + words


def read_with_noun(
    number: int, noun: str, gender: str, case: str, *, in_idafa: bool = False
) -> tuple[str, bool]:
    """Read a number before a written noun: its words, and whether they hold the noun already.

    in_idafa: another noun follows that may belong to this one: 12 رجل أعمال.

    >>> from briefing.text.cleaning import strip_marks
    >>> [strip_marks(read_with_noun(2, noun, "m", "gen")[0]) for noun in ("دولار", "جنديا")]
    ['دولارين', 'جنديين']
    """
    singular = noun
    if (
        singular.endswith("ا") and len(singular) > 3 and not singular.endswith(("ءا", "يا"))
    ) or singular.endswith(("ديا", "نيا", "ميا")):
        singular = singular[:-1]
    plural = noun.endswith(("ات", "ين", "ون"))
    tail = number % 100
    if (
        number == 2
        and len(noun) > 4
        and noun.endswith(("ين", "ون", "تان"))
        and noun not in context()["ends_in_n"]
    ):
        return dual(noun[:-3] + "ة" if noun[-3] == "ت" else noun[:-2], case), True
    few = plurals().get(noun)
    if few and 3 <= tail <= 10:
        return f"{cardinal(number, Form(gender, case, construct=True))} {few}", True
    if few and tail > 10 and gender == "m" and not in_idafa:
        return f"{cardinal(number, Form(gender, case))} {noun}ا", True
    if (
        number == 1
        and not plural
        and case == "acc"
        and gender == "m"
        and singular[-1] not in "ةاىءوي"
    ):
        return f"{singular}ا {decline('وَاحِد', case)}", True
    if number == 1 and not plural:
        return f"{singular} {decline('وَاحِدَة' if gender == 'f' else 'وَاحِد', case)}", True
    if number == 2 and not plural:
        return dual(singular, case), True
    if number > 100 and tail == 1 and not plural:
        return (
            f"{cardinal(number - 1, Form(gender, case, construct=True))} {singular} وَ{singular}",
            True,
        )
    if number > 100 and tail == 2 and not plural:
        return f"{cardinal(number - 2, Form(gender, case))} وَ{dual(singular, case)}", True
    return cardinal(number, Form(gender, case, construct=tail <= 10)), False
