"""A number with the noun, or the thousands, that follow it: عشرون يوما, ثلاث نساء, ثلاثة آلاف."""

from __future__ import annotations

import re

from briefing.text.characters import SHORT_VOWELS, TANWIN
from briefing.text.numbers import counted_nouns, measures
from briefing.text.numbers.cardinals import Form, cardinal, dual
from briefing.text.numbers.dual_and_one import holds_number, singular_of
from briefing.text.numbers.numeral import Numeral
from briefing.text.pieces.sentence_in_progress import Reading
from briefing.text.tables import masculine_of_material, plurals, unit_pattern, units, verbs

__all__ = ["read_counted", "read_scaled"]

_LAST_VOWEL = re.compile(f"[{TANWIN}{SHORT_VOWELS}](?=\\s|$)")
_ADJECTIVE_ENDINGS = ("ي", "يا", "ية", "يكية")


def read_scaled(number: Numeral) -> Reading | None:
    """Read thousands, millions … after a number, and their unit or the noun that follows.

    >>> from briefing.text.normalisation.paragraph import spoken
    >>> spoken("3 ملايين دولار")
    'ثلاثة ملايين دولار'
    """
    line, at = number.line, number.at
    end = line.pieces[at + 1].end
    match = unit_pattern().match(line.text, end)
    unit = units()[match[1]] if match else None
    follows = line.kind(at + 2) == "arabic" and line.pieces[at + 2].gap == 1
    is_followed = follows and counted_nouns.could_be_counted(line.word(at + 2))
    words = measures.read_thousands(
        number.amount, number.after, number.case, unit, followed=is_followed
    )
    if not words:
        return None
    if number.is_definite:
        words = "ال" + words
    return Reading(match.end() if match else end, words)


def read_counted(number: Numeral, *, label: bool = False) -> Reading:
    """Read a number and the noun it counts: عشرون يوما, ثلاث نساء, مترين.

    label: the number may name the noun in front and count nothing: القرار 1701 لحماية المدنيين.

    >>> from briefing.text.normalisation.paragraph import spoken
    >>> spoken("قُتل 3 جنود")
    'قتل ثلاثة جنود'
    """
    line, at, amount, noun = number.line, number.at, number.amount, number.after
    if noun == "من" and line.kind(at + 2) == "arabic" and line.word(at + 2).startswith("ال"):
        return _bare(number, counted_nouns.gender_of(line.word(at + 2), amount.whole))
    if noun == "منهن":
        return _bare(number, "f")
    if not counted_nouns.could_be_counted(noun) or not (
        amount.whole % 100 not in (1, 2) or holds_number(line, at, amount.whole, noun, label=label)
    ):
        return _bare(number, "m")
    of_material = line.word(at + 2) == "من" and noun in masculine_of_material()
    gender = "m" if of_material else counted_nouns.gender_of(noun, amount.whole)
    case = number.case
    if noun in ("آخرين", "اخرين"):
        if amount.whole == 2:
            two = f"{cardinal(2, Form('m', case))} {dual('آخَر', case)}"
            return Reading(line.pieces[at + 1].end, two)
        case = "acc" if case == "nom" else case
    if amount.negative:
        words = cardinal(amount.whole, Form(gender, case, construct=True))
        return Reading(number.end, f"سَالِب {words}")
    return _with_noun(number, gender, case)


def _bare(number: Numeral, gender: str) -> Reading:
    return Reading(number.end, measures.bare(number.amount, Form(gender, number.case)))


def _with_noun(number: Numeral, gender: str, case: str) -> Reading:
    line, at, count, noun = number.line, number.at, number.amount.whole, number.after
    following = line.word(at + 2) if line.kind(at + 2) == "arabic" else ""
    in_idafa = bool(following) and counted_nouns.could_be_counted(following)
    singular = singular_of(noun) if count <= 2 else noun
    words, holds = measures.read_with_noun(count, singular, gender, case, in_idafa=in_idafa)
    if case == "nom" and 3 <= count <= 10 and not _follows_its_verb(number):
        # the nominative is what is left where nothing shows the case; the spelling is the same in
        # all three, so the ending is left to the diacritiser, which sees the whole sentence
        words = _LAST_VOWEL.sub("", words, count=1)
    has_adjective = following.endswith(_ADJECTIVE_ENDINGS) and len(following) > 3
    if holds and noun in plurals() and count % 100 > 2 and has_adjective:
        holds = False
        words = cardinal(count, Form(gender, case, construct=count % 100 <= 10))
    return Reading(line.pieces[at + 1].end if holds else number.end, words)


def _follows_its_verb(number: Numeral) -> bool:
    """Return whether the verb before a number has what is counted for its subject."""
    verb = "".join(number.line.before(number.at)[-1:]).removeprefix("و")
    return verb in verbs("subject") or verb in verbs("person_subject")
