"""The tables of text/data as Python values, each read once and when first asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from briefing.text.cleaning import strip_marks
from briefing.text.table_files import table_rows, toml_table

__all__ = [
    "Unit",
    "abbreviations",
    "after_her",
    "calendar",
    "context",
    "date_words_table",
    "kinds",
    "letters",
    "masculine_of_material",
    "months",
    "nouns",
    "people",
    "plurals",
    "rate_nouns",
    "reading_table",
    "scales",
    "sentence_words",
    "spaced_abbreviations",
    "unit_pattern",
    "units",
    "verbs",
]


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of money or measure."""

    singular: str
    """Singular, vowelled, without ending."""
    plural: str
    """Plural of 3 to 10; the singular where it does not change."""
    gender: str
    adjective: str
    tail: str
    sub: str
    sub_count: int
    kind: str


@cache
def context() -> Mapping[str, frozenset[str]]:
    """Return the words that decide how a number after them is read, by group (context.toml)."""
    table = toml_table(__file__, "context.toml")
    return {name: frozenset(words.split()) for name, words in table.items()}


@cache
def reading_table() -> Mapping[str, Any]:
    """Return the table of particles, marks, breaths and asides (reading.toml)."""
    return toml_table(__file__, "reading.toml")


@cache
def sentence_words() -> Mapping[str, frozenset[str]]:
    """Return words by what they mean for a sentence's end (sentences.toml)."""
    table = toml_table(__file__, "sentences.toml")
    return {name: frozenset(words.split()) for name, words in table.items()}


@cache
def nouns() -> tuple[frozenset[str], frozenset[str], frozenset[str], frozenset[str]]:
    """Return feminine and masculine plurals, then feminine and masculine singulars (nouns.toml)."""
    table = toml_table(__file__, "nouns.toml")
    masculine = frozenset(table["plural"]["masculine"].split())
    feminine = frozenset(table["plural"]["feminine"].split()) - masculine
    singular = table["singular"]
    return (
        feminine,
        masculine,
        frozenset(singular["feminine"].split()),
        frozenset(singular["masculine"].split()),
    )


@cache
def masculine_of_material() -> frozenset[str]:
    """Return the plurals that are masculine where من follows: 9 غرامات من الذهب (nouns.toml)."""
    return frozenset(toml_table(__file__, "nouns.toml")["of_material"]["masculine"].split())


@cache
def people() -> frozenset[str]:
    """Return the nouns for people, singular and plural (nouns.toml)."""
    return frozenset(toml_table(__file__, "nouns.toml")["kind"]["person"].split())


_THIRD_PERSON = ("ي", "ت", "سي", "ست")


@cache
def institutions() -> Mapping[str, frozenset[str]]:
    """Return genitives with the institutions that an adjective behind them is of (nouns.toml).

    >>> institutions()["الأمن"] == {"مجلس"}
    True
    """
    owners: dict[str, set[str]] = {}
    for institution, genitives in toml_table(__file__, "nouns.toml")["institutions"].items():
        for genitive in genitives.split():
            owners.setdefault(genitive, set()).add(institution)
    return {genitive: frozenset(names) for genitive, names in owners.items()}


@cache
def verbs(group: str) -> frozenset[str]:
    """Return a group of context.toml's verbs in every form of the third person singular.

    The table lists one form of a verb: قتل stands for قتلت and تقتل, يبلغ for تبلغ and سيبلغ;
    of a hollow verb it lists both stems, باع and يبيع. A list with _in_t behind its name has the
    group's perfects in ت: تقدم stands for تقدمت and يتقدم.

    >>> sorted(verbs("counts") & {"مر", "مرت", "يمر", "تمر"})
    ['تمر', 'مر', 'مرت', 'يمر']
    """
    forms = set()
    perfects = context().get(f"{group}_in_t", frozenset())
    for verb in context()[group] | perfects:
        forms |= {verb}
        if verb[0] in "يت" and len(verb) > 2 and verb not in perfects:
            forms |= {prefix + verb[1:] for prefix in _THIRD_PERSON}
        if verb[0] == "ي" or verb.endswith("ت"):
            continue
        final_long = verb[-1] in "ىا"
        forms.add((verb[:-1] if final_long else verb) + "ت")
        rest = verb[1:] if verb[0] in "اأ" else verb
        rest = rest[:-1] + "ي" if final_long else rest
        forms |= {prefix + rest for prefix in _THIRD_PERSON}
    return frozenset(forms)


@cache
def plurals() -> Mapping[str, str]:
    """Return singular -> plural of the nouns that are written in the singular after 3 to 10."""
    return dict(toml_table(__file__, "nouns.toml")["few"])


@cache
def scales() -> Mapping[str, tuple[str, str]]:
    """Return written thousands, millions… -> singular and plural (scales.tsv)."""
    return {
        form: (singular, plural)
        for forms, singular, plural in table_rows(__file__, "scales.tsv")
        for form in forms.split("|")
    }


@cache
def units() -> Mapping[str, Unit]:
    """Return the units of money and measure by written form (units.tsv)."""
    table: dict[str, Unit] = {}
    for row in table_rows(__file__, "units.tsv"):
        keys, singular, plural, gender, adjective, tail, sub, count, kind = (*row, *[""] * 9)[:9]
        unit = Unit(
            singular,
            singular if plural == "=" else plural,
            gender,
            adjective,
            tail,
            sub,
            int(count or 0),
            kind,
        )
        for key in keys.split("|"):
            table.setdefault(key, unit)
    return table


@cache
def rate_nouns() -> Mapping[str, str]:
    """Return what follows a stroke: written form -> vowelled noun (rates.tsv)."""
    return {
        form: noun for forms, noun in table_rows(__file__, "rates.tsv") for form in forms.split("|")
    }


@cache
def kinds() -> Mapping[str, frozenset[str]]:
    """What counted nouns name: "time", "measure" (units.tsv's and points), "person"."""
    listed = toml_table(__file__, "nouns.toml")["kind"]
    measured = {
        strip_marks(word)
        for unit in units().values()
        if unit.kind == "measure"
        for word in (unit.singular, unit.plural)
    }
    time = frozenset(listed["time"].split())
    measure = frozenset(listed["measure"].split()) | (measured - time - {"درهم", "قرش", "فلس"})
    return {"time": time, "measure": measure, "person": people()}


@cache
def unit_pattern() -> re.Pattern[str]:
    """A unit's written form, after white space or not; no letter or digit follows it."""
    keys = sorted(units(), key=len, reverse=True)
    behind = r"(?![^\W_]|['’&-][^\W\d_])"  # L'Équipe is no litre
    return re.compile(r"[ \u00a0\u202f]?(" + "|".join(map(re.escape, keys)) + ")" + behind)


@cache
def calendar() -> Mapping[str, Mapping[str, str]]:
    """Eras and parts of the day by written form (calendar.toml)."""
    table = toml_table(__file__, "calendar.toml")
    return {"eras": table["eras"], "dayparts": table["dayparts"]}


def date_words_table() -> Mapping[str, Any]:
    """Words of dates that are other words elsewhere, and duals of months (calendar.toml)."""
    return toml_table(__file__, "calendar.toml")


@cache
def months() -> tuple[Mapping[str, tuple[str, int, str]], Mapping[tuple[str, int], str]]:
    """Months by unvowelled name -> (calendar, number, vowelled); and (calendar, number) -> name."""
    table = toml_table(__file__, "calendar.toml")
    by_name, by_number = {}, {}
    for kind in ("gregorian", "hijri"):
        for number, names in table[kind].items():
            by_number[kind, int(number)] = names[0]
            for name in names:
                by_name[strip_marks(name)] = (kind, int(number), name)
    return by_name, by_number


@cache
def abbreviations() -> Mapping[str, tuple[str, str]]:
    """Abbreviation -> (reading, what must stand by it: "name", "number", "rank" or "-")."""
    return {
        row[0]: (row[1], row[2] if len(row) > 2 else "-")
        for row in table_rows(__file__, "abbreviations.tsv")
    }


@cache
def spaced_abbreviations() -> Mapping[str, tuple[str, str]]:
    """Return abbreviations of two letters and more by their letters alone: صب for ص.ب."""
    table = {}
    for key, entry in abbreviations().items():
        written = key.split(".")
        if len(written) > 1 and written[1] and all(len(letter) < 2 for letter in written):
            table["".join(written)] = entry
    return table


@cache
def after_her() -> Mapping[str, str]:
    """Return what is said after a man's name -> after a woman's: رضي الله عنه -> عنها."""
    return {row[1]: row[3] for row in table_rows(__file__, "abbreviations.tsv") if len(row) > 3}


@cache
def letters() -> Mapping[str, str]:
    """Return letter -> its name, vowelled as it is said by itself."""
    return {row[0]: row[1] for row in table_rows(__file__, "letters.tsv")}
