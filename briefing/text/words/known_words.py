"""Words with fixed readings: a table of names and words, with their prefixes and nisba endings.

They guide the diacritiser. The author's marks and the lexicon have priority over them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any

from briefing.text.characters import DAMMA, FATHA, FATHATAN, KASRA, SHADDA, SUKUN, SUN_LETTERS
from briefing.text.table_files import toml_table
from briefing.text.tables import kinds, people, plurals, units

__all__ = [
    "front_vowelled",
    "has_own_article",
    "is_diptote",
    "known_reading",
    "reading_before_name",
    "reading_in_context",
]

_TABLE = "known_words.toml"
_MARKS = re.compile("[\u064b-\u0652\u0670]")
_PREFIXES = {
    "و": "و" + FATHA,
    "ف": "ف" + FATHA,
    "ب": "ب" + KASRA,
    "ل": "ل" + KASRA,
    "ك": "ك" + FATHA,
}
_SHORTEST_STEM = 4
"""A prefix is only removed from a longer word: فلوس is money, not ف and Los."""
_WITH_OWN_WAW = frozenset(("وجدة", "وجدي", "وجيه", "وشيك"))
"""Words of four letters that begin with و, but not with "and"."""
_SHORTEST_AFTER_ARTICLE = 3
_PRONOUNS = ("ه", "ها", "هم", "هما", "نا", "ك", "كم")
_ENDS_IN_KAF = re.compile("[يتن].*ك|فرنك|بنك")
# what can follow a nisba's double ya (Ryding 2005, 5.1)
_NISBA = ("ة", "تين", "تان", "ين", "ون", "ان", "ات", "ا")
_OF_PARTICIPLES = {"ون": DAMMA, "ين": "", "ة": FATHA, "ات": FATHA}
_PARTICIPLE = re.compile(f"مُ.*{KASRA}[\u0621-\u064a]")
_INNER_VOWEL = {
    "ة": FATHA,
    "تين": FATHA,
    "تان": FATHA,
    "ون": DAMMA,
    "ان": FATHA,
    "ات": FATHA,
    "ين": "",
    "ا": "",
}


@lru_cache(maxsize=16384)
def known_reading(word: str) -> str:
    """Return the vowelled reading of a word without marks, or "" if it is unknown.

    If the table has no mark on the last letter, the ending is open.

    >>> known_reading("وترامب") == "وَ" + known_reading("ترامب") != "وَ"
    True
    """
    table = _words()
    if word in table:
        return table[word]
    if len(word) == _SHORTEST_STEM and word[0] == "و" and word not in _WITH_OWN_WAW:
        return _PREFIXES["و"] + table[word[1:]] if word[1:] in table else ""
    if word[:1] in ("و", "ف") and len(word) > _SHORTEST_STEM:
        rest = known_reading(word[1:])
        if rest:
            return _PREFIXES[word[0]] + rest
    if word[:2] == "لل" and len(word) > _SHORTEST_STEM + 1:
        rest = _with_article("ال" + word[2:])
        return "ل" + KASRA + rest[1:] if rest else ""
    if word[:2] == "ال":
        return _with_article(word)
    if word[:1] in ("ب", "ل", "ك") and len(word) > _SHORTEST_STEM:
        rest = _with_article(word[1:]) if word[1:3] == "ال" else _with_ending(word[1:])
        if rest:
            return _PREFIXES[word[0]] + rest
    if word.startswith("عبدال") and word != "عبدال":
        return "عَبْد" + word[3:]  # its case and its second part depend on the sentence
    return (
        _nisba(word)
        or _participle(word)
        or _with_pronoun(word)
        or _dual(word)
        or _indefinite_accusative(word)
    )


def _indefinite_accusative(word: str) -> str:
    """Return a noun of the table with tanwin before its alif: كُوَيْكِبًا (Ryding 2005, 2.2.4)."""
    base = word.removesuffix("ا")
    reading = _words().get(base, "") if len(base) >= _SHORTEST_STEM and base != word else ""
    if not reading or not "ء" < reading[-1] <= "ي" or reading[-1] in "اويىةت":
        return ""
    return "" if base.endswith(("هم", "كم")) else reading + FATHATAN + "ا"


def _dual(word: str) -> str:
    """Return the dual of a measure or of a counted thing: دولارين has no plural in ين."""
    base = word.removesuffix("ين")
    if base == word or len(base) < 3 or base not in _countable_nouns():
        return ""
    return base + FATHA + "ي" + SUKUN + "ن" + KASRA


@cache
def _countable_nouns() -> frozenset[str]:
    """Return the masculine singulars in the tables of counted nouns, except persons."""
    listed = kinds()["time"] | kinds()["measure"] | plurals().keys()
    money = {_MARKS.sub("", unit.singular) for unit in units().values()}
    return frozenset(noun for noun in (listed | money) - people() if noun[-1] not in "ةاىويء")


def _participle(word: str) -> str:
    """Return the plural or feminine of an active participle of the table: مُوَزِّعُونَ, مُفْرِطَة."""
    for ending, before in _OF_PARTICIPLES.items():
        base = word.removesuffix(ending)
        reading = _words().get(base, "") if base != word else ""
        of_form_iii = base[2:3] == "ا" and ending in ("ة", "ات")
        if not _PARTICIPLE.fullmatch(reading) or of_form_iii:
            continue  # مُعَالِج, but مُعَالَجَة
        return reading + before + ending + (FATHA if ending == "ون" else "")
    return ""


def _with_ending(word: str) -> str:
    return _words().get(word, "") or _participle(word)


def _with_pronoun(word: str) -> str:
    """Return a known word with a pronoun: قُوَّاتها. Its case depends on the sentence."""
    table = _words()
    for pronoun in _PRONOUNS:
        base = word.removesuffix(pronoun)
        doubled = len(base) > 2 and table.get(base, "").endswith(SHADDA)  # مِلَفُّهُ
        if base == word or (len(base) < _SHORTEST_STEM and not doubled):
            continue
        if pronoun == "ك" and _ENDS_IN_KAF.fullmatch(word):
            continue  # يدرك
        reading = table.get(base, "")
        if not reading and base.endswith("ت"):
            reading = table.get(base[:-1] + "ة", "")
            reading = reading[:-1] + "ت" if reading.endswith("ة") else ""
        if reading[-1:] == SHADDA or (
            reading and "ء" < reading[-1] <= "ي" and reading[-1] not in "اويىة"
        ):
            return reading + pronoun
    return ""


def reading_before_name(word: str, following: str) -> str:
    """Return the reading of a first name that is otherwise another word (بيت before هيغسيث), or "".

    following: the next word, without marks.
    """
    if word not in _before_names():
        return ""
    name = known_reading(following)
    return _before_names()[word] if name.endswith((SUKUN, "ي", "و", "ا")) else ""


def reading_in_context(before: str, word: str, after: str) -> str:
    """Return the reading that a word has between its neighbours, or "".

    before, after: the neighbours without marks; "^" before the first word of a clause, "" if there
    is none.

    >>> reading_in_context("سلطنة", "عمان", "") != reading_in_context("الأردنية", "عمان", "")
    True
    """
    for front, stem in _stems(word):
        for row in _in_context().get(stem, ()):
            if front and row.get("alone"):
                continue
            behind = bool({before, _bare(before), "*"} & {*row["before"].split()})
            ahead = bool(
                {after, after.removeprefix("ال"), after[:2] + "*"} & {*row["after"].split()}
            )
            if (behind and ahead) if row.get("both") else (behind or ahead):
                return _with_front(front, row["reading"])
    return ""


def _stems(word: str) -> Iterator[tuple[str, str]]:
    yield "", word
    for front in ("ال", "وال", "بال", "و", "ب", "ل"):
        if word.startswith(front) and len(word) > len(front) + 2:
            yield front, word[len(front) :]


def _bare(word: str) -> str:
    """Return a word without its article and what is before it."""
    return re.sub("^(?:و|ب|ل)?ال|^لل|^و", "", word)


def _with_front(front: str, reading: str) -> str:
    if not front:
        return reading
    letters = "".join(_PREFIXES.get(letter, "") for letter in front.removesuffix("ال"))
    if not front.endswith("ال"):
        return letters + reading
    return letters + _with_article_on(reading)


def front_vowelled(letters: str) -> str:
    """Return joined particles with their vowels: وَ, بِ.

    >>> len(front_vowelled("و"))
    2
    """
    return "".join(_PREFIXES[letter] for letter in letters)


def is_diptote(word: str) -> bool:
    """Return whether a word without marks is a name whose genitive ends in a: فِي بَيْرُوتَ.

    >>> is_diptote("وبيروت"), is_diptote("البيت")
    (True, False)
    """
    names = _diptotes()
    return word in names or (
        word[:1] in _PREFIXES and len(word) > 3 and (word[1:] in names or is_diptote(word[1:]))
    )


def has_own_article(word: str) -> bool:
    """Return whether the table has a word with its article, as names of countries have one.

    >>> has_own_article("الهند"), has_own_article("المشروع")
    (True, False)
    """
    return word.startswith("ال") and word in _words()


def _with_article(word: str) -> str:
    table = _words()
    if word in table:
        return table[word]
    stem = word[2:]
    reading = (
        (table.get(stem, "") if len(stem) >= _SHORTEST_AFTER_ARTICLE else "")
        or _nisba(stem)
        or _participle(stem)
    )
    if not reading or stem[0] == "ا":
        return ""
    return _with_article_on(reading)


def _with_article_on(reading: str) -> str:
    if reading[1:2] == SUKUN:  # three consonants would meet: الْكِرِمْلِين
        reading = reading[0] + KASRA + reading[2:]
    if reading[0] in SUN_LETTERS:
        return "ال" + reading[0] + SHADDA + reading[1:].replace(SHADDA, "", reading[1] == SHADDA)
    return "ال" + SUKUN + reading


def _nisba(word: str) -> str:
    for ending in _NISBA:
        base = word.removesuffix(ending)
        reading = _words().get(base, "") if base != word else ""
        if reading.endswith("ي" + SHADDA):
            if ending == "ا":
                return reading + FATHATAN + "ا"
            if ending == "ين":  # dual or plural, depending on the sentence
                return reading + "ين"
            written = {"تين": "تَيْنِ", "تان": "تَانِ"}.get(ending, ending)
            return reading + _INNER_VOWEL[ending] + written
    return ""


@cache
def _words() -> dict[str, str]:
    return {
        _MARKS.sub("", written): reading
        for written, reading in toml_table(__file__, _TABLE)["words"].items()
    }


@cache
def _before_names() -> dict[str, str]:
    names: dict[str, str] = toml_table(__file__, _TABLE)["before_names"]
    return names


@cache
def _in_context() -> dict[str, list[dict[str, Any]]]:
    rows: dict[str, list[dict[str, Any]]] = toml_table(__file__, _TABLE)["in_context"]
    return rows


@cache
def _diptotes() -> frozenset[str]:
    return frozenset(toml_table(__file__, _TABLE)["diptotes"]["words"].split())


@cache
def nouns_of_damma_and_shadda() -> frozenset[str]:
    """Return the nouns that have the marks of a passive of form II: سُكَّر, سُلَّم, أُمَّة."""
    return frozenset(toml_table(__file__, _TABLE)["of_damma_and_shadda"]["words"].split())
