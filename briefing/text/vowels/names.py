"""The names of people in an article, with the same reading throughout the article.

A name that is in no table is read by the model, which may read it differently in each sentence.
Here, names are found by the words before them (a title, a first name). A name is then read as its
author marked it anywhere in the article, or else as it was read where it first occurs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from briefing.text.characters import MARKS
from briefing.text.cleaning import clean, strip_marks
from briefing.text.script import Sentence
from briefing.text.table_files import toml_table
from briefing.text.tables import context
from briefing.text.vowels.impossible import is_native
from briefing.text.words.conjugation import active_readings
from briefing.text.words.known_words import known_reading
from briefing.text.words.passives import is_name, passive_of, preposition_of
from briefing.text.words.verb_signs import is_verb

__all__ = [
    "UNSURE",
    "Mentions",
    "first_names",
    "is_guess",
    "mentions",
    "name_in",
    "press_readings",
    "reading_of",
    "titles",
    "with_silent_heh",
]

UNSURE = "?"
"""Appended to a reading that the diacritiser was not sure of."""
_LETTERS = "\u0620-\u063f\u0641-\u064a"
_WORD = re.compile(f"[{_LETTERS}{MARKS}]+")
_FRONT = "وفبلك"
_SHORTEST = 3
_BETWEEN = 4
"""So many words with the article may be between a title and the name: الدفاع الأمريكي السابق."""
_PRONOUN = re.compile("(?:ه|ها|هم|هما|نا)$")
_PARTICLE = re.compile("(?:ل|ب|ك)?(?:إن|أن|لكن)(?:ه|ها|هم|هما|نا|ني)|[فم]?ما|ممن|عما|عمن")
_ENDING = re.compile("[\u064b-\u0650\u0652]+$")

Mentions = Sequence[Mapping[str, str]]
"""For each paragraph the names in it that also occur elsewhere in the article, each with the
reading that its author marked anywhere, or ""."""


def mentions(paragraphs: Sequence[str]) -> Mentions:
    """Find the names that occur in an article more than once.

    >>> names = mentions(["قال الوزير سرغيني إن", "ورفض سرغيني"])
    >>> [sorted(paragraph) == ["سرغيني"] for paragraph in names]
    [True, True]
    """
    words = [list(_words(clean(text))) for text in paragraphs]
    names = {name for paragraph in words for name in _names(paragraph)}
    if not names:
        return [{} for _ in paragraphs]
    counts = dict.fromkeys(names, 0)
    marked: dict[str, str] = {}
    by_paragraph: list[dict[str, str]] = []
    for paragraph in words:
        here: dict[str, str] = {}
        for written, bare, _ in paragraph:
            name = name_in(bare, names)
            if name:
                counts[name] += 1
                here[name] = ""
                if written != bare:
                    marked.setdefault(name, _stem(written, bare, name))
        by_paragraph.append(here)
    return [
        {name: marked.get(name, "") for name in here if counts[name] > 1 or marked.get(name)}
        for here in by_paragraph
    ]


def name_in(word: str, names: Mapping[str, str] | set[str]) -> str:
    """Return the name that a word without marks is, alone or after one joined letter, or ""."""
    if word in names:
        return word
    return word[1:] if word[:1] in _FRONT and word[1:] in names else ""


def reading_of(name: str, sentence: Sentence) -> str:
    """Return how a sentence reads a name, without its ending; "" if it does not occur there."""
    for token in sentence.tokens:
        if token.language != "ar":
            continue
        for bare, read in zip(
            map(strip_marks, token.spoken.split()), token.diacritised.split(), strict=False
        ):
            if name_in(bare, {name}) and strip_marks(read) == bare:
                return _stem(read, bare, name) + (UNSURE if token.unsure else "")
    return ""


def is_guess(words: Sequence[str], index: int, pauses: Sequence[bool]) -> bool:
    """Return whether a word is a name or a foreign word that is in no table.

    Such a word has no shape of an Arabic root, or follows a title or a first name. words: a
    sentence without marks. pauses: for each word whether a pause follows it.

    >>> is_guess(["قال", "الوزير", "سرغيني"], 2, [False] * 3), is_guess(["قال"], 0, [False])
    (True, False)
    """
    word = words[index]
    if len(word) < _SHORTEST or known_reading(word):
        return False
    if not is_native(word) and not word.startswith(("ال", "وال", "بال", "لل")):
        return not active_readings(word) and passive_of(word) is None
    if index == 0 or pauses[index - 1] or not _may_be_name(word):
        return False
    before = words[index - 1]
    if before in first_names() or before.removeprefix("ال") in titles():
        return True
    return is_name(before) or (index > 1 and is_name(words[index - 2]) and not is_native(before))


_SILENT_HEH = re.compile("(?<=\u0650ي\u0647)[\u064f\u0650]$")


def with_silent_heh(reading: str) -> str:
    """Return a foreign name whose final ه is no pronoun (شولتزيهْ, إيكيهْ): it takes no vowel.

    >>> with_silent_heh("شُولْتْزِيهِ") == "شُولْتْزِيهْ", with_silent_heh("بَيْتُهُ") == "بَيْتُهُ"
    (True, True)
    """
    return _SILENT_HEH.sub(_SUKUN, reading)


def press_readings(letters: str) -> tuple[str, ...]:
    """Return the ways in which newsreaders read the letters of a foreign name.

    ا, و and ي are long vowels. Two consonants at the beginning get i or a between them; others
    remain a cluster or get i between them.

    >>> len(press_readings("كيلوج")), len(press_readings("سطيف")) > 1
    (1, True)
    """
    return tuple(dict.fromkeys(_press_reading(letters, *fills) for fills in _FILLS))


_FILLS = (("\u0650", "\u0652"), ("\u064e", "\u0652"), ("\u0650", "\u0650"))
"""The vowel of a cluster at the beginning, and that of a later cluster."""
_LONG = {"ا": "\u064e", "و": "\u064f", "ي": "\u0650"}
_SUKUN = "\u0652"


def _press_reading(letters: str, first: str, later: str) -> str:
    written: list[str] = []
    last = len(letters) - 1
    for index, letter in enumerate(letters):
        following = letters[index + 1] if index < last else ""
        long = letter in _LONG and index > 0 and written[-1].endswith(_LONG[letter])
        if long or (letter == "ا" and index > 0):
            written.append(letter)
        elif following in _LONG and (index + 1 == last or letters[index + 2] not in "اويى"):
            written.append(letter + _LONG[following])
        elif following == "ة":
            written.append(letter + _LONG["ا"])
        elif index == 0:
            written.append(letter + first)
        else:
            meets = written[-1].endswith(_SUKUN)
            written.append(letter + (later if meets and index < last else _SUKUN))
    return "".join(written)


def _stem(written: str, bare: str, name: str) -> str:
    """Return the vowelled form of a name without joined letters and case ending."""
    if bare != name:
        written = written[1:].lstrip(MARKS)
    return _ENDING.sub("", written)


def _words(text: str) -> Iterator[tuple[str, str, bool]]:
    """Yield each word as written and without marks, and whether only spaces are before it."""
    last = 0
    plain = strip_marks(text) == text
    for match in _WORD.finditer(text):
        bare = match[0] if plain else strip_marks(match[0])
        yield match[0], bare, text[last : match.start()].isspace()
        last = match.end()


def _names(words: Sequence[tuple[str, str, bool]]) -> Iterator[str]:
    """Yield the words after titles and first names that may be names."""
    for index, (_, word, _) in enumerate(words):
        at = index + 1
        bare = word[1:] if word[:1] in "وفل" and word[1:].removeprefix("ال") in titles() else word
        owned = _PRONOUN.sub("", bare) in titles() and bare not in titles()
        if owned or bare.removeprefix("ال") in titles():
            while at < len(words) and at - index <= _BETWEEN and _follows_with(words, at, "ال"):
                at += 1
            if at == index + 1 and not owned and not bare.startswith("ال"):
                continue
        elif word not in first_names():
            continue
        elif at < len(words) and _follows_with(words, at, "ال") and _may_be_name(words[at][1][2:]):
            yield words[at][1]  # محمد الحلبوسي
            continue
        for _ in range(2):  # a first name and a surname
            if at < len(words) and words[at][2] and _may_be_name(words[at][1]):
                yield words[at][1]
            elif at >= len(words) or not words[at][2] or words[at][1] not in first_names():
                break
            at += 1


def _follows_with(words: Sequence[tuple[str, str, bool]], at: int, front: str) -> bool:
    return words[at][2] and words[at][1].startswith(front)


def _may_be_name(word: str) -> bool:
    if len(word) < _SHORTEST or word.startswith("ال") or known_reading(word):
        return False
    if _PRONOUN.sub("", word) in titles() or _PARTICLE.fullmatch(word):
        return False
    if (
        word in context()["not_counted"]
        or word in context()["genitive"]
        or preposition_of(word) == word
    ):
        return False
    return not (active_readings(word) or passive_of(word) or (len(word) < 6 and is_verb(word)))


@cache
def titles() -> frozenset[str]:
    """Return the titles and offices that stand before a name, without article (names.toml)."""
    return frozenset(toml_table(__file__, "names.toml")["titles"]["words"].split())


@cache
def first_names() -> frozenset[str]:
    """Return the first names that a family name may follow (names.toml)."""
    return frozenset(toml_table(__file__, "names.toml")["first_names"]["words"].split())
