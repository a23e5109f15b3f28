"""A user's lexicon and the articles -> the lines that do nothing, or leave it to the model."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from briefing.text.cleaning import prepare, strip_marks
from briefing.text.normalisation.lexicon import Lexicon, load_lexicon

__all__ = ["Remark", "probe_of", "review", "starts_of"]

_KEY = re.compile(r"""\s*["']?(?P<key>[^"'=#\[]+?)["']?\s*=""")


@dataclass(frozen=True, slots=True)
class Remark:
    """What is worth a look in one line."""

    place: str
    """file:line."""
    text: str


def review(path: Path, texts: Iterable[str]) -> list[Remark]:
    """Return the lines of a lexicon that match in none of the texts, or have no vowel.

    path: the user's file; texts: all that is read aloud, as written. Raise ConfigError where the
    lexicon cannot be read.
    """
    lexicon = load_lexicon(path)
    unmatched = _forms_without_match(lexicon, texts)
    lines = dict(_lines(path))
    remarks = []
    for form in sorted(lexicon.own, key=lambda form: lines.get(form, 0)):
        place = f"{path}:{lines[form]}" if form in lines else str(path)
        reading = lexicon.words[form]
        if strip_marks(reading) == reading:
            remarks.append(
                Remark(place, f'the reading of "{form}" has no vowels, so they are guessed')
            )
        if form in unmatched:
            remarks.append(Remark(place, f'"{form}" is in no article'))
    return remarks


def _lines(path: Path) -> Iterator[tuple[str, int]]:
    """Yield each written form, cleaned, and the number of its line."""
    for number, line in enumerate(path.read_text("utf-8-sig").splitlines(), 1):
        if match := _KEY.match(line):
            yield " ".join(prepare(match["key"]).text.split()), number


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
