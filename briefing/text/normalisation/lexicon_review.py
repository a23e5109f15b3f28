"""A user's lexicon and the articles -> the lines that do nothing, or leave it to the model."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from briefing.config import Text
from briefing.text.cleaning import prepare, strip_marks
from briefing.text.normalisation.lexicon import Lexicon, load_lexicon, sentence_digest
from briefing.text.normalisation.paragraph import read_paragraph

__all__ = ["Remark", "probe_of", "review", "starts_of"]

_KEY = re.compile(r"""\s*["']?(?P<key>[^"'=#\[]+?)["']?\s*=""")
_HEADER = re.compile(r"\s*\[([^\[\]]+)\]")
_NAME = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)'|([\w-]+))\s*(?:\.|$)""")


@dataclass(frozen=True, slots=True)
class Remark:
    """What is worth a look in one line."""

    place: str
    """file:line."""
    text: str


def review(path: Path, texts: Iterable[str], articles: Mapping[str, Sequence[str]]) -> list[Remark]:
    """Return the lines of a lexicon that match in none of the texts, or have no vowel.

    path: the user's file; texts: all that is read aloud, as written; articles: the paragraphs of
    each article by its key. Raise ConfigError where the lexicon cannot be read.
    """
    lexicon = load_lexicon(path)
    numbers = _lines(path)
    remarks: list[tuple[int, str]] = []
    unmatched = _forms_without_match(lexicon, texts)
    for form in lexicon.own:
        number = numbers.get((_WORDS, form), 0)
        remarks += _remarks_on(form, lexicon.words[form], number, form in unmatched)
    for key, own in lexicon.articles.items():
        header = ("article", key)
        paragraphs = articles.get(key, ())
        only = Lexicon.of_words(own.words)
        lost = _forms_without_match(only, paragraphs)
        for form, reading in own.words.items():
            number = numbers.get(((*header, "words"), form), 0)
            remarks += _remarks_on(form, reading, number, form in lost)
        spots = _spots(paragraphs) if own.here else frozenset()
        remarks += [
            (
                numbers.get(((*header, "here"), str(spot)), 0),
                f'"{spot.written}" is read so at one place, whose sentence is not there any more',
            )
            for spot in own.here
            if (spot.digest, spot.start) not in spots
        ]
    return [
        Remark(f"{path}:{number}" if number else str(path), text)
        for number, text in sorted(remarks)
    ]


_WORDS = ("words",)


def _remarks_on(
    form: str, reading: str, number: int, is_unmatched: bool
) -> Iterator[tuple[int, str]]:
    """Yield what is worth a look in a line, with its number."""
    if strip_marks(reading) == reading:
        yield number, f'the reading of "{form}" has no vowels, so they are guessed'
    if is_unmatched:
        yield number, f'"{form}" is in no article'


def _spots(paragraphs: Iterable[str]) -> frozenset[tuple[str, int]]:
    """Return the digest of each sentence of some paragraphs, with the start of each token."""
    lexicon = load_lexicon(None)
    return frozenset(
        (sentence_digest(sentence.text), token.start - sentence.start)
        for text in paragraphs
        for sentence in read_paragraph(text, Text(), lexicon)
        for token in sentence.tokens
    )


def _lines(path: Path) -> dict[tuple[tuple[str, ...], str], int]:
    """Return the number of each line, by its table and its written form or place."""
    header: tuple[str, ...] = ()
    numbers: dict[tuple[tuple[str, ...], str], int] = {}
    for number, line in enumerate(path.read_text("utf-8-sig").splitlines(), 1):
        if match := _HEADER.match(line):
            header = tuple(
                quoted or literal or bare for quoted, literal, bare in _NAME.findall(match[1])
            )
        elif match := _KEY.match(line):
            key = match["key"]
            form = key if header[-1:] == ("here",) else " ".join(prepare(key).text.split())
            numbers.setdefault((header, form), number)
    return numbers


def _forms_without_match(lexicon: Lexicon, texts: Iterable[str]) -> set[str]:
    """Return the user's forms that match nowhere: each is looked for until it is found.

    Every word of 1,500 articles takes seconds to match; finding its first letters takes no time.
    """
    probes = {form: probe_of(form) for form in lexicon.own}
    for text in texts:
        if not probes:
            break
        cleaned = prepare(text).text
        folded = cleaned.lower()
        if len(folded) != len(cleaned):
            folded = cleaned  # a letter whose small form is two; capitals are then not looked at
        for form, probe in list(probes.items()):
            if probe in folded and _matches(lexicon, form, probe, cleaned, folded):
                del probes[form]
    return set(probes)


def probe_of(form: str) -> str:
    """Return what every text in which a form matches must hold, in small letters.

    >>> probe_of("الزمالك"), probe_of("COP"), probe_of("بيت لحم")
    ('زمالك', 'cop', 'بيت')
    """
    first = form.split()[0].lower()
    return first[2:] if first.startswith("ال") and len(first) > 3 else first


def _matches(lexicon: Lexicon, form: str, probe: str, cleaned: str, folded: str) -> bool:
    """Return whether a form matches at a word of a cleaned text that holds its probe."""
    return next(starts_of(lexicon, form, probe, cleaned, folded), None) is not None


def starts_of(lexicon: Lexicon, form: str, probe: str, cleaned: str, folded: str) -> Iterator[int]:
    """Yield where a form matches in a cleaned text. folded: the text in small letters.

    probe: what every such place holds, see `probe_of`.
    """
    at, last = folded.find(probe), -1
    while at >= 0:
        start = at
        while start > 0 and cleaned[start - 1].isalnum():
            start -= 1
        if start != last:
            match = lexicon.match(cleaned, start)
            if match and match.written == form:
                yield start
        last = start
        at = folded.find(probe, at + 1)
