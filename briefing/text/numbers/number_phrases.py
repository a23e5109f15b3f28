"""Numbers in their sentence to words: each rule looks at the pieces around it."""

from __future__ import annotations

import re

from briefing.text.numbers import counted_nouns, dates, measures
from briefing.text.numbers.cardinals import Form, cardinal, dual, ordinal, uncounted
from briefing.text.numbers.codes import read_code, read_law, read_phone, read_version
from briefing.text.numbers.comparisons import COMPARISONS, read_comparison
from briefing.text.numbers.dual_and_one import holds_number, singular_of
from briefing.text.numbers.eras import era_word, find_era
from briefing.text.numbers.grammatical_case import case_after, noun_case
from briefing.text.numbers.labels import is_label, label_case, names_noun
from briefing.text.numbers.measures import Amount, attach, parse
from briefing.text.numbers.money import money_before, money_behind
from briefing.text.numbers.ordinals import noun_behind, read_definite, read_ordinal
from briefing.text.numbers.powers import is_raised, read_angle, read_power
from briefing.text.numbers.ranges import (
    DASHES,
    FRACTIONS,
    read_mixed,
    read_part,
    read_slashed,
    read_span,
)
from briefing.text.numbers.times import find_daypart, read_date, read_day, read_time, read_year
from briefing.text.pieces.sentence_in_progress import PARTICLES, Line, Said
from briefing.text.tables import (
    context,
    masculine_of_material,
    plurals,
    scales,
    unit_pattern,
    units,
    verbs,
)
from briefing.text.words.verb_signs import is_verb

__all__ = ["read_figure"]


def read_figure(line: Line, index: int) -> Said | None:
    """Read the number phrase that begins at a piece, an attached particle included.

    Gives None where the piece begins none.

    >>> from briefing.text.normalisation.paragraph import spoken
    >>> spoken("بـ20 دولارا")
    'بعشرين دولارا'
    """
    particle, at = "", index
    piece = line.pieces[index]
    if piece.kind == "arabic":
        if (
            piece.text not in PARTICLES
            or at + 1 >= len(line.pieces)
            or line.pieces[at + 1].gap == 2
        ):
            return None
        particle, at = piece.text, at + 1
        following = line.pieces[at]
        starts_figure = (
            following.kind in _READERS
            or (
                following.kind == "sign"
                and (
                    following.text in units()
                    or following.text in "%-"
                    or following.text in COMPARISONS
                    or following.text in FRACTIONS
                )
            )
            or (
                following.kind == "latin"
                and following.text in units()
                and units()[following.text].kind == "money"
                and line.kind(at + 1) == "number"
            )
        )
        if not starts_figure:
            return None
        if particle == "و" and piece.gap == 0:
            return None
        lettered = line.word(index - 1) in context()["letter_used"]
        if len(particle) == 1 and not following.gap and lettered:
            return None
    said = _read(line, index, at, particle)
    if said is not None:
        line.last_number = index
    return said


def _read(line: Line, index: int, at: int, particle: str) -> Said | None:
    piece = line.pieces[at]
    case = _case(line, index, at, particle)
    if piece.kind == "sign":
        said = _sign(line, index, at, particle, case)
    elif piece.kind == "latin":
        said = _times(line, at) or money_before(line, at, case)
    elif piece.kind == "initials":
        said = money_behind(line, at)
    elif piece.kind in _READERS:
        said = _READERS[piece.kind](line, index, at, particle, case)
    else:
        return None
    if said is None:
        return None
    line.last_case = case
    letters = particle.replace("ال", "") if particle not in ("لل", "ولل") else particle[:-1]
    return Said(said.end, attach(letters, said.words), said.language, said.unsure)


def _case(line: Line, index: int, at: int, particle: str) -> str:
    if particle.rstrip("ا").endswith(("ب", "ك")) or particle in (
        "ل",
        "ول",
        "فل",
        "لل",
        "ولل",
        "بال",
        "كال",
        "وبال",
    ):
        return "gen"
    words = line.before(index)
    near = index - line.last_number <= 5
    if near and (particle in ("و", "وال") or (words and words[-1] in ("أو", "و"))):
        return line.last_case
    if particle in ("و", "وال") and words and not is_verb(words[-1]):
        return case_after(words[:-1])  # قتلت امرأة واثنان: with the noun before
    if particle == "و" and line.word(at + 1) in ("دقيقة", "دقائق", "ثانية", "ثوان") and words:
        return noun_case(words[-1], words[:-1])
    return label_case(line, index, at, words) or case_after(words, counted=_counted_kind(line, at))


def _counted_kind(line: Line, at: int) -> str:
    """Tell what the number at a piece counts: "person", "measure" or ""."""
    after = at + 1
    while line.word(after) in scales() and line.pieces[after].gap < 2:
        after += 1
    percent = line.word(after) in ("%", "بالمئة", "بالمائة") or (
        line.word(after) == "في" and line.word(after + 1) in ("المئة", "المائة")
    )
    if percent:
        # a part of them does it (رفض 38% منهم), a percentage measures it (انخفض 12%)
        behind = line.word(after + 1 + (line.word(after) == "في"))
        return "" if behind in ("من", "منهم", "منها", "منهن") else "measure"
    found = unit_pattern().match(line.text, line.pieces[after - 1].end)
    if found and units()[found[1]].kind == "measure":
        return "measure"
    return counted_nouns.kind_of(line.word(after)) if line.kind(after) == "arabic" else ""


def _negative(line: Line, at: int) -> bool:
    """Tell whether the sign at `at` makes the number behind it negative."""
    piece = line.pieces[at]
    return (
        piece.text in "-−"
        and line.kind(at + 1) == "number"
        and line.pieces[at + 1].gap == 0
        and (
            piece.gap > 0
            or at == 0
            or line.word(at - 1) in ("(", "ب", "ل", "و", "“", '"', ":", "،", ",", "إلى")
        )
    )


_BETWEEN = {"=": "يُسَاوِي", "×": "فِي", "+": "زَائِد"}
_CASE_BETWEEN = {"=": "acc", "×": "gen", "+": "nom"}
_PARTS_OF = {"%": "بِالْمِئَةِ", "‰": "بِالْأَلْفِ"}


def _sign(line: Line, index: int, at: int, particle: str, case: str) -> Said | None:
    text, piece_gap = line.pieces[at].text, line.pieces[at].gap
    following = line.kind(at + 1)
    if text in FRACTIONS:
        words = read_part(line, at, *FRACTIONS[text], case)
        return Said(line.pieces[at].end, words) if words else None
    if text in _PARTS_OF and following == "number":
        amount = parse(line.word(at + 1).lstrip("0") or "0")
        words = measures.bare(amount, Form("m", case))
        return Said(line.pieces[at + 1].end, f"{words} {_PARTS_OF[text]}")
    if said := read_comparison(line, at, particle, case, _number):
        return said
    if text == "+" and following == "number" and line.pieces[at + 1].gap == 0:
        said = _number(line, index, at + 1, particle, case if piece_gap else "gen")
        return said and Said(said.end, f"زَائِد {said.words}")
    if text == ":" and following == "number" and line.kind(at - 1) == "number":
        if piece_gap or line.pieces[at + 1].gap:
            return None
        said = _number(line, at + 1, at + 1, "", "gen")
        return said and Said(said.end, f"إِلَى {said.words}")
    if text == "+" and not piece_gap and line.kind(at - 1) == "number":
        return Said(line.pieces[at].end, "فَمَا فَوْق") if following != "number" else None
    if text == "+" and not piece_gap and line.kind(at - 1) in ("arabic", "latin"):
        return Said(line.pieces[at].end, "بْلَس")
    behind_number = line.kind(at - 1) == "number" or is_raised(line.word(at - 1))
    if text in "=×+" and following == "number" and behind_number:
        said = _number(line, at + 1, at + 1, "", _CASE_BETWEEN[text])
        return said and Said(said.end, f"{_BETWEEN[text]} {said.words}")
    if _negative(line, at):
        return _number(line, index, at + 1, particle, case, negative=True)
    if text in "-−" and line.word(at + 1) in units():
        return None
    return money_before(line, at, case)


def _times(line: Line, at: int) -> Said | None:
    """Read the "x5" of 10x5."""
    piece = line.pieces[at]
    if piece.gap or line.kind(at - 1) != "number" or not re.fullmatch(r"[xX]\d{1,9}", piece.text):
        return None
    return Said(piece.end, f"فِي {cardinal(int(piece.text[1:]), Form())}")


def _number(
    line: Line, index: int, at: int, particle: str, case: str, *, negative: bool = False
) -> Said | None:
    piece = line.pieces[at]
    amount = parse(piece.text, negative=negative)
    if len(amount.part) == 3 and _counts_people(line.word(at + 1)):
        amount = Amount(amount.whole * 1000 + int(amount.part), written=amount.written)
    definite = "ال" in particle or particle in ("لل", "ولل")
    previous = line.word(index - 1) if index and line.pieces[index].gap < 2 else ""
    touching = at > 0 and at == index and piece.gap == 0
    plain = piece.text.isdigit() and not negative
    following, after = line.kind(at + 1), line.word(at + 1)
    gap = line.pieces[at + 1].gap if at + 1 < len(line.pieces) else 2
    if gap == 2:
        following, after = "", ""
    # كوفيد-19, إف-16: a name's number
    if (
        touching
        and previous
        and line.kind(index - 1) == "sign"
        and previous in DASHES
        and line.kind(index - 2) in ("arabic", "latin")
    ):
        return Said(piece.end, uncounted(measures.bare(amount, Form())))
    if plain and (code := read_code(line, index, at) or read_law(line, index, at)):
        return code
    month = after in ("/", *DASHES) and len(line.word(at + 2)) == 4 and len(piece.text) == 2
    zeros = piece.text.lstrip("0") and amount.too_large
    if zeros and (month or _unit_behind(line, piece.end)):
        amount = parse(piece.text.lstrip("0"), negative=negative)
    if amount.too_large or previous in context()["models"]:
        return Said(piece.end, uncounted(measures.bare(amount, Form())))
    if plain:
        for rule in (read_day, read_slashed):
            said = rule(line, index, at, particle, case, amount)
            if said is not None:
                return said
        said = read_span(line, index, at, particle, case, amount, _number)
        if said is not None:
            return said
    elif following == "sign" and after in DASHES:
        said = read_span(line, index, at, particle, case, amount, _number)
        if said is not None:
            return said
    small = read_power(line, at, amount, case) or read_angle(line, at, case)
    if small or (small := read_mixed(line, at, amount, case)):
        return small
    if after in _PARTS_OF:
        words = measures.bare(amount, Form("m", case, definite=definite))
        words, end = f"{words} {_PARTS_OF[after]}", line.pieces[at + 1].end
        if line.word(at + 2) in tuple(DASHES) and line.kind(at + 3) == "number":
            until = _number(line, at + 3, at + 3, "", "gen")
            if until is not None:
                words, end = f"{words} إِلَى {until.words}", until.end
        return Said(end, words)
    if previous.endswith("القرن") and plain and 1 <= amount.whole < 40:
        era, end = find_era(line, at + 1, piece.end)
        words = ordinal(amount.whole, "m", noun_case(previous, line.before(index - 1)))
        return Said(end, words + (f" {era_word(era)}" if era else ""))
    if plain and not definite and (said := read_year(line, index, at, particle, case, amount)):
        return said
    if (clock := _clock_by_point(line, at, piece.text, previous)) and case:
        part, end = find_daypart(line, at + 1, piece.end)
        words = dates.clock(clock, "acc" if case == "nom" else case)
        return Said(end, words + (f" {part}" if part else ""))
    by_day = _before_daypart(line, at + 1) or (
        after in ("و", "إلى", "حتى", "-", "–")
        and line.kind(at + 2) == "number"
        and line.word(at + 2).isdecimal()
        and int(line.word(at + 2)[:4]) <= 12
        and _before_daypart(line, at + 3)
    )
    hour_again = by_day or (
        index - line.last_hour <= 4
        and (particle == "و" or previous in ("إلى", "حتى"))
        and not noun_behind(line, at)
    )
    if (
        (previous in ("الساعة", "الساعه", "بالساعة") or hour_again)
        and plain
        and 1 <= amount.whole <= 24
        and (particle in ("", "ال", "و") or by_day)
    ):
        part, end = find_daypart(line, at + 1, piece.end)
        line.last_hour = index
        return Said(
            end,
            dates.hour_of_day(amount.whole, "acc" if case == "nom" else case)
            + (f" {part}" if part else ""),
        )
    if following == "latin" and not gap and after in ("st", "nd", "rd", "th") and plain:
        return Said(line.pieces[at + 1].end, ordinal(amount.whole, "m", case))
    # a unit behind
    found = unit_pattern().match(line.text, piece.end)
    if found and _is_unit(line, at, found, amount):
        unit = units()[found[1]]
        return Said(found.end(), measures.with_unit(amount, unit, case))
    # thousands, millions in letters
    if following in ("arabic", "latin") and (following == "arabic" or gap == 0 or len(after) > 3):
        said = _scaled(line, at, amount, after, case, definite)
        if said:
            return said
    open_ended = after == "+" and line.kind(at + 2) != "number"
    if (
        plain
        and not open_ended
        and (said := read_ordinal(line, index, at, amount, particle, previous, definite))
    ):
        return said
    if definite:
        return read_definite(line, index, at, amount, case, previous)
    if (plain or negative) and (gender := _shared_gender(line, at, amount)):
        return Said(piece.end, measures.bare(amount, Form(gender, case)))
    if plain and _is_heat(line, index, at):
        added = previous.startswith("و") and index - line.last_number <= 3
        return Said(piece.end, cardinal(amount.whole, Form("f", line.last_case if added else case)))
    if names_noun(line, index, at):
        return Said(piece.end, uncounted(measures.bare(amount, Form("m", case))))
    # الطراز 3, iPhone 8, 5G: a name's, which counts nothing and has no ending
    named = (
        previous.startswith(("ال", "بال", "لل", "وال"))
        or previous in ("رقم", "برقم")
        or line.kind(index - 1) == "latin"
        or (following == "latin" and not gap)
    )
    if following == "arabic" and gap and not amount.part:
        label = is_label(line.before(index), latin=line.kind(index - 1) == "latin")
        said = _counted(line, at, amount, after, case, label=label)
        named = named and after != "من" and not counted_nouns.could_be_counted(after)
        return Said(said.end, uncounted(said.words)) if named else said
    if case == "nom" and plain and previous.startswith(("ال", "بال", "لل", "وال")):
        before = line.before(index - 1)
        if not before or before[-1] not in context()["lengths"]:
            case = noun_case(previous, before)  # بالقرار 2728
    words = measures.bare(amount, Form("m", case))
    return Said(piece.end, uncounted(words) if named else words)


def _is_heat(line: Line, index: int, at: int) -> bool:
    """Return whether a number is degrees that are not written: العظمى 36 والصغرى 22."""
    degrees, words = context()["degrees"], line.before(index)[-4:]
    if noun_behind(line, at) or not words:
        return False
    between = words[-1] in ("بين", "من", "إلى", "و", "")
    return words[-1] in degrees or (between and not degrees.isdisjoint(words))


def _counts_people(noun: str) -> bool:
    return counted_nouns.kind_of(noun) == "person" and counted_nouns.could_be_counted(noun)


def _unit_behind(line: Line, end: int) -> bool:
    return line.text[end : end + 1] == "%" or unit_pattern().match(line.text, end) is not None


def _before_daypart(line: Line, at: int) -> bool:
    part = line.word(at) in ("والنصف", "والربع", "والثلث") or line.word(at) in context()["dayparts"]
    return part or (
        line.word(at) in ("بعد", "قبل") and line.word(at + 1) in ("الظهر", "العصر", "الفجر")
    )


_LAST_VOWEL = re.compile("[\u064b-\u0650](?=\\s|$)")


def _clock_by_point(line: Line, at: int, text: str, previous: str) -> str:
    """Give "7:30" of "الساعة 7.30" and of agencies' minutes first, "الساعة 30,7"; else ""."""
    found = re.fullmatch(r"(\d{1,2})[.,](\d{2})", text)
    if not found:
        return ""
    greenwich = line.word(at + 1) == "ت" and line.word(at + 2) == "غ"
    if previous not in ("الساعة", "الساعه", "والساعة") and not greenwich:
        return ""
    first, second = int(found[1]), int(found[2])
    if "," in text and second <= 24 and len(found[1]) == 2:
        first, second = second, first
    return f"{first}:{second:02}" if first <= 24 and second < 60 else ""


def _shared_gender(line: Line, at: int, amount: Amount) -> str:
    """Give the gender of what the next number counts too: بين 5 و10 سنوات."""
    if (
        line.word(at + 1) not in ("و", "أو", "إلى", "الى", "حتى")
        or line.kind(at + 2) != "number"
        or amount.whole < 3
    ):
        return ""
    other = line.pieces[at + 2]
    found = unit_pattern().match(line.text, other.end)
    if found and (found[1] != "م" or not line.text[found.end() :].startswith(".")):
        return units()[found[1]].gender
    if not noun_behind(line, at + 2) or not other.text.isdecimal():
        return ""
    return counted_nouns.gender_of(line.word(at + 3), int(other.text[:9]))


def _is_unit(line: Line, at: int, found: re.Match[str], amount: Amount) -> bool:
    key = found[1]
    if (
        key in ("م", "غ", "g", "m", "l", "L", "W", "ha")
        and line.text[found.end() : found.end() + 1] == "."
        and line.text[found.end() + 1 : found.end() + 2].isalnum()
    ):
        return False
    return not (
        key in ("m",)
        and line.word(at - 1) in units()
        and units()[line.word(at - 1)].kind == "money"
    )


def _scaled(
    line: Line, at: int, amount: Amount, scale: str, case: str, definite: bool
) -> Said | None:
    end = line.pieces[at + 1].end
    found = unit_pattern().match(line.text, end)
    unit = units()[found[1]] if found else None
    following = (
        line.word(at + 2) if line.kind(at + 2) == "arabic" and line.pieces[at + 2].gap == 1 else ""
    )
    followed = bool(following) and counted_nouns.could_be_counted(following)
    words = measures.scaled(amount, scale, case, unit, followed=followed)
    if not words:
        return None
    if definite:
        words = "ال" + words
    return Said(found.end() if found else end, words)


def _counted(
    line: Line, at: int, amount: Amount, noun: str, case: str, *, label: bool = False
) -> Said:
    """Read a number and the noun it counts: عشرون يوما, ثلاث نساء, مترين.

    label: the number may name the noun in front and count nothing: القرار 1701 لحماية المدنيين.
    """
    end = line.pieces[at].end
    if noun == "من" and line.kind(at + 2) == "arabic" and line.word(at + 2).startswith("ال"):
        gender = counted_nouns.gender_of(line.word(at + 2), amount.whole)
        return Said(end, measures.bare(amount, Form(gender, case)))
    if noun == "منهن":
        return Said(end, measures.bare(amount, Form("f", case)))
    if not counted_nouns.could_be_counted(noun):
        return Said(end, measures.bare(amount, Form("m", case)))
    joined = amount.whole % 100 not in (1, 2) or holds_number(
        line, at, amount.whole, noun, label=label
    )
    if not joined:
        return Said(end, measures.bare(amount, Form("m", case)))
    of_material = line.word(at + 2) == "من" and noun in masculine_of_material()
    gender = "m" if of_material else counted_nouns.gender_of(noun, amount.whole)
    if noun in ("آخرين", "اخرين"):
        if amount.whole == 2:
            return Said(
                line.pieces[at + 1].end, f"{cardinal(2, Form('m', case))} {dual('آخَر', case)}"
            )
        case = "acc" if case == "nom" else case
    if amount.negative:
        return Said(end, "سَالِب " + cardinal(amount.whole, Form(gender, case, construct=True)))
    following = line.word(at + 2) if line.kind(at + 2) == "arabic" else ""
    in_idafa = bool(following) and counted_nouns.could_be_counted(following)
    one = singular_of(noun) if amount.whole <= 2 else noun
    words, holds = measures.counted(amount.whole, one, gender, case, in_idafa=in_idafa)
    verb = "".join(line.before(at)[-1:]).removeprefix("و")
    subject = verb in verbs("subject") or verb in verbs("person_subject")
    if case == "nom" and 3 <= amount.whole <= 10 and not subject:
        # the nominative is what is left where nothing tells the case; the spelling is the same in
        # all three, so the ending is left to the diacritiser, which sees the whole sentence
        words = _LAST_VOWEL.sub("", words, count=1)
    if (
        holds
        and noun in plurals()
        and amount.whole % 100 > 2
        and following.endswith(("ي", "يا", "ية", "يكية"))
        and len(following) > 3
    ):
        holds, words = (
            False,
            cardinal(amount.whole, Form(gender, case, construct=amount.whole % 100 <= 10)),
        )
    return Said(line.pieces[at + 1].end if holds else end, words)


_READERS = {
    "number": _number,
    "date": read_date,
    "time": read_time,
    "phone": read_phone,
    "version": read_version,
}
