"""Readings of names and words: the built-in tables overlaid by the user's TOML.

[words]
"زيلنسكي" = "زِيلِنْسْكِي"
"BBC" = "بِي بِي سِي"
"ويتكوف" = "/witkuːf/"

[article."seeds/01.txt".words]   # in this article alone
"سالم" = "سَالِم"

[article."seeds/01.txt".here]    # at one place: the sentence's digest, characters before, the word
"5be0a12f94c3d876 12 كتب" = "كُتُبٌ"
"""

from __future__ import annotations

import hashlib
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from briefing.config import Config, place, toml_mistakes
from briefing.errors import ConfigError
from briefing.text.characters import FATHA, SHADDA, SUKUN, SUN_LETTERS
from briefing.text.cleaning import clean, prepare, strip_marks
from briefing.text.normalisation.ipa_readings import attach_to_ipa, is_ipa, read_ipa

__all__ = [
    "ArticleReadings",
    "Lexicon",
    "Match",
    "Place",
    "check_line",
    "configured_lexicon",
    "lexicon_of_tables",
    "load_lexicon",
    "parse_lexicon",
    "read_lexicon_file",
    "sentence_digest",
]

_BUILT_IN = "lexicon.toml"
_LETTER = r"\u0620-\u064a\u066e-\u06d3\u06d5\u06ee-\u06ff"
_WORD = re.compile(
    rf"[{_LETTER}]+(?:[-.][{_LETTER}]+){{0,6}}"
    r"|[^\W_\u0600-\u06ff]{1,60}(?:['’.&-][^\W_\u0600-\u06ff]{1,60}){0,6}"  # bounded: linear time
)
_PARTICLES = (
    "وبال",
    "فبال",
    "وكال",
    "بال",
    "كال",
    "فال",
    "وال",
    "ولل",
    "فلل",
    "وب",
    "ول",
    "فب",
    "فل",
    "وك",
    "ال",
    "لل",
    "و",
    "ف",
    "ب",
    "ل",
    "ك",
)
_PARTICLE_VOWELS = {"و": "وَ", "ف": "فَ", "ب": "بِ", "ل": "لِ", "ك": "كَ"}
_BY_LETTER = {
    letter: tuple(particle for particle in _PARTICLES if particle[0] == letter)
    for letter in "وفبلكا"
}
_LATIN = r"[A-Za-z0-9\u00aa\u00ba\u00c0-\u024f\u1e00-\u1eff]"
_NUMBERED = re.compile(rf"([A-Za-z]{{1,60}})(?:(?!{_LATIN})|-?[0-9]{{1,4}}(?!{_LATIN}))")
_READING = re.compile(r"(?:[\u0620-\u063f\u0641-\u064a\u0671-\u06d3][\u064b-\u065f\u0670]* ?)+")
_SHORTEST_AFTER_A_LETTER = 3
"""Letters: a shorter entry after one letter may well be another word."""


_PLACE = re.compile(r"([0-9a-f]{16}) ([0-9]{1,6}) (\S.*)", re.DOTALL)
_DIGEST_LENGTH = 16  # hexadecimal digits: 64 bits are plenty for the sentences of an article


@dataclass(frozen=True, slots=True)
class Place:
    """One word of one sentence, wherever in its article the sentence stands."""

    digest: str
    """Of the sentence as written, see `sentence_digest`."""
    start: int
    """Characters (code points) of the sentence before the word."""
    written: str
    """The word as written, with single spaces if there are several."""

    def __str__(self) -> str:
        """Return the place as the lexicon's file has it."""
        return f"{self.digest} {self.start} {self.written}"


@dataclass(frozen=True, slots=True)
class ArticleReadings:
    """The readings of the user's file that one article alone has."""

    words: Mapping[str, str] = field(default_factory=dict)
    """Cleaned written form -> reading."""
    here: Mapping[Place, str] = field(default_factory=dict)
    """The reading of a word at one place."""


def sentence_digest(sentence: str) -> str:
    """Return 16 hexadecimal digits that stand for a sentence as written.

    >>> sentence_digest("قطر") == sentence_digest("قطر"), len(sentence_digest("قطر"))
    (True, 16)
    """
    data = sentence.encode("utf-8", "surrogatepass")
    return hashlib.sha256(data).hexdigest()[:_DIGEST_LENGTH]


@dataclass(frozen=True, slots=True)
class Match:
    """An entry that was found at the beginning of some text."""

    written: str
    end: int
    reading: str
    """With its vowels, and the attached particles in front."""


@dataclass(frozen=True)
class Lexicon:
    """Written forms and their readings; whole words, the longest first."""

    words: Mapping[str, str] = field(default_factory=dict)
    """Cleaned written form -> reading with optional vowels."""
    first: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """First word of a written form -> the forms that begin with it, longest first."""
    own: frozenset[str] = frozenset()
    """The written forms of the user's file; the others came with this program."""

    starts: frozenset[str] = frozenset()
    """First two letters of every written form, capitals: most words differ from all of them."""
    articles: Mapping[str, ArticleReadings] = field(default_factory=dict)
    """The readings that single articles have, by the article's key."""
    here: Mapping[Place, str] = field(default_factory=dict)
    """The readings at single places; only of the lexicon of one article, see `of_article`."""
    _of_articles: dict[str, Lexicon] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of_words(cls, words: Mapping[str, str]) -> Lexicon:
        """Return a user's lexicon of some cleaned written forms alone, without the built-in one."""
        return _lexicon(words, frozenset(words))

    def of_article(self, key: str) -> Lexicon:
        """Return this lexicon with what the article of that key has for itself."""
        own = self.articles.get(key)
        if own is None:
            return self
        if key not in self._of_articles:
            words = {**self.words, **own.words}
            self._of_articles[key] = _lexicon(words, self.own | set(own.words), here=own.here)
        return self._of_articles[key]

    def with_reading(self, place: Place, reading: str) -> Lexicon:
        """Return this lexicon with another reading at one place, for one that is not written."""
        return replace(self, here={**self.here, place: reading}, _of_articles={})

    def __hash__(self) -> int:
        return id(self)

    def tables(self) -> dict[str, Any]:
        """Return the lines of the user's file as a JSON value; see `lexicon_of_tables`."""
        return {
            "words": {form: self.words[form] for form in sorted(self.own)},
            "article": {
                key: {
                    "words": dict(own.words),
                    "here": {str(place): reading for place, reading in own.here.items()},
                }
                for key, own in self.articles.items()
            },
        }

    @property
    def in_ipa(self) -> tuple[str, ...]:
        """The user's written forms whose reading is IPA."""
        return tuple(sorted(form for form in self.own if is_ipa(self.words[form])))

    def match(self, text: str, start: int) -> Match | None:
        """Return the longest entry at `start` of a cleaned text, attached particles allowed."""
        letter = text[start]
        if letter not in _BY_LETTER and not self.starts.intersection(
            (letter.upper(), text[start : start + 2].upper())
        ):
            return None
        word = _WORD.match(text, start)
        return self._match(text, start, word[0]) if word else None

    def _match(self, text: str, start: int, word: str) -> Match | None:
        entry, last = self._entry(text, start, word)
        if entry:
            return Match(entry, last, self.words[entry])
        if not "\u0621" <= word[0] <= "\u064a":
            return self._match_with_number(start, word)
        for particle in _BY_LETTER.get(word[0], ()):
            if not word.startswith(particle) or len(word) == len(particle):
                continue
            begin = start + len(particle)
            entry, last = self._entry(text, begin, word[len(particle) :])
            if len(entry) >= (_SHORTEST_AFTER_A_LETTER if len(particle) == 1 else 2):
                return Match(entry, last, _attach(particle, self.words[entry]))
            if particle.endswith("لل"):  # للزمالك: ل and الزمالك
                entry, last = self._entry(text, begin, word[len(particle) :], "ال")
                if entry:
                    return Match(entry, last, _attach(particle, self.words[entry]))
        return None

    def _match_with_number(self, start: int, word: str) -> Match | None:
        """Return an acronym that is written as a name, or whose number is joined: Nato, COP28."""
        match = _NUMBERED.match(word)
        if match is None:
            return None
        bare = match[1]
        for form in (bare, bare.upper()):
            if form in self.words and (form == bare or bare.istitle()):
                return Match(form, start + len(bare), self.words[form])
        return None

    def _entry(self, text: str, start: int, word: str, front: str = "") -> tuple[str, int]:
        """Return the longest form at `start`, less its `front`: (form, end), or ("", 0)."""
        word = front + word
        for form in self.first.get(word, ()) or self.first.get(word.split("-")[0], ()):
            written = form[len(front) :]
            end = start + len(written)
            if not text.startswith(written, start):
                match = _with_spaces(written).match(text, start) if " " in written else None
                if match is None:
                    continue
                end = match.end()
            if end == len(text) or not text[end].isalnum() or text[end].isascii() != form.isascii():
                return form, end
        return "", 0

    def matches(self, text: str) -> tuple[str, ...]:
        """Return the user's lines, "written = reading", that occur in a written text."""
        if not self.own and not self.here:
            return ()
        cleaned = prepare(text).text
        lines = {}
        folded = " ".join(text.split()) if self.here else ""
        for spot, reading in self.here.items():
            if spot.written in folded:  # perhaps in another sentence: that costs one more reading
                lines[str(spot)] = f"{spot} = {reading}"
        for word in _WORD.finditer(cleaned):
            match = self._match(cleaned, word.start(), word[0])
            if match and match.written in self.own:
                lines[match.written] = f"{match.written} = {self.words[match.written]}"
        return tuple(lines[key] for key in sorted(lines))


@cache
def _with_spaces(form: str) -> re.Pattern[str]:
    """Return the pattern of several words with any white space between them."""
    return re.compile(r"[^\S\n]{1,9}".join(map(re.escape, form.split())))


def _attach(particle: str, reading: str) -> str:
    r"""Put particles before a reading, vowelled if it is; the article takes in a sun letter.

    >>> _attach("وال", "سِيسِي") == "وَالس\u0651ِيسِي", _attach("بال", "مِصْرِي") == "بِالْمِصْرِي"
    (True, True)
    """
    if is_ipa(reading):
        return attach_to_ipa(particle, reading)
    if particle.endswith("لل") and reading.startswith(("ال", "اَل")):
        reading = reading[1:].lstrip(FATHA)
        particle = particle[:-1]
        if strip_marks(reading) == reading:
            return particle + reading
        return "".join(_PARTICLE_VOWELS[letter] for letter in particle) + reading
    if strip_marks(reading) == reading:
        return particle + reading
    article = particle[-2:] if particle.endswith(("ال", "لل")) else ""
    front = "".join(_PARTICLE_VOWELS[letter] for letter in particle.removesuffix(article))
    if not article:
        return front + reading
    front += "ال" if article == "ال" else "لِل"
    if reading[0] not in SUN_LETTERS:
        return front + SUKUN + reading
    doubled = reading[0] if SHADDA in reading[1:3] else reading[0] + SHADDA
    return front + doubled + reading[1:]


def configured_lexicon(config: Config) -> Lexicon:
    """Return the lexicon of a configuration. Raise ConfigError with file and line."""
    path = config.lexicon_file
    if not config.text.lexicon:
        return load_lexicon(path if os.path.lexists(path) else None)
    if not os.path.lexists(path):
        raise ConfigError(
            f"{place(config, 'text', 'lexicon')}: text.lexicon = {config.text.lexicon!r}:"
            f" there is no file {path}; put it there, or correct the name"
        )
    return load_lexicon(path)


def load_lexicon(path: Path | None) -> Lexicon:
    """Load the built-in lexicon, overlaid by the user's file.

    path: a TOML file with a [words] table; None: the built-in one alone. Raises ConfigError with
    file and line.
    """
    if path is None:
        return _lexicon(_built_in(), frozenset())
    return parse_lexicon(read_lexicon_file(path), str(path))


def parse_lexicon(text: str, name: str) -> Lexicon:
    """Return the built-in lexicon, overlaid by the text of a user's file.

    name: of the file, for messages. Raise ConfigError with file and line.
    """
    own, articles = _tables(text, name)
    return _lexicon({**_built_in(), **own}, frozenset(own), articles)


def lexicon_of_tables(tables: Mapping[str, Any]) -> Lexicon:
    """Return the built-in lexicon, overlaid by what `Lexicon.tables` returned.

    Raise ValueError, TypeError, KeyError or AttributeError for another value.
    """
    own = tables["words"]
    articles = {}
    for key, rows in tables["article"].items():
        here = {}
        for written, reading in rows["here"].items():
            match = _PLACE.fullmatch(written)
            if match is None:
                raise ValueError(f"{written!r} is no place")
            here[Place(match[1], int(match[2]), match[3])] = reading
        articles[key] = ArticleReadings(rows["words"], here)
    return _lexicon({**_built_in(), **own}, frozenset(own), articles)


def _lexicon(
    words: Mapping[str, str],
    own: frozenset[str],
    articles: Mapping[str, ArticleReadings] | None = None,
    here: Mapping[Place, str] | None = None,
) -> Lexicon:
    first: dict[str, list[str]] = {}
    for form in words:
        match = _WORD.match(form)
        if match:
            first.setdefault(match[0], []).append(form)
            if "-" in match[0]:
                first.setdefault(match[0].split("-")[0], []).append(form)
    return Lexicon(
        words,
        {key: tuple(sorted(forms, key=len, reverse=True)) for key, forms in first.items()},
        own,
        frozenset(form[:2].upper() for form in words),
        articles or {},
        here or {},
    )


@cache
def _built_in() -> Mapping[str, str]:
    file = Path(__file__).parent / "data" / _BUILT_IN
    return _tables(file.read_text(encoding="utf-8"), _BUILT_IN)[0]


def read_lexicon_file(path: Path) -> str:
    """Return the text of a user's file. Raise ConfigError if it cannot be read."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise ConfigError(f"{path}: there is no such lexicon; see text.lexicon") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ConfigError(f"{path}:{line}: is not UTF-8; save the file as UTF-8") from None


def _tables(text: str, name: str) -> tuple[dict[str, str], dict[str, ArticleReadings]]:
    """Return the readings of a file: those of all articles, and those of single ones by key."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = f"{name}:{toml_mistakes.line_number(error, text)}"
        mistake = toml_mistakes.explain(error, text)
        raise ConfigError(f"{line}: is not valid TOML: {mistake}") from None
    for key in table:
        if key not in ("words", "article"):
            raise ConfigError(
                f"{name}:{_line(text, key)}: unknown key {key!r}; write lines under [words]"
            )
    words = _words(table.get("words", {}), text, name, "words")
    articles = table.get("article", {})
    if not isinstance(articles, dict):
        raise ConfigError(
            f'{name}:{_line(text, "article")}: write [article."FILE".words] and lines under it'
        )
    return words, {key: _article(own, text, name, key) for key, own in articles.items()}


def _article(table: object, text: str, name: str, key: str) -> ArticleReadings:
    """Return the readings of one article. Raise ConfigError with file and line."""
    header = f'article."{key}"'
    if not isinstance(table, dict) or not set(table) <= {"words", "here"}:
        raise ConfigError(
            f"{name}:{_line(text, key)}: of an article there are [{header}.words] and"
            f" [{header}.here] alone"
        )
    words = _words(table.get("words", {}), text, name, f"{header}.words")
    here: dict[Place, str] = {}
    rows = table.get("here", {})
    if not isinstance(rows, dict):
        raise ConfigError(f"{name}:{_line(text, key)}: write [{header}.here] and lines under it")
    for written, reading in rows.items():
        match = _PLACE.fullmatch(written)
        if match is None:
            wrong = f"{written!r} is no place; it has a sentence's digest, a number and the word"
        elif not isinstance(reading, str):
            wrong = f"the reading of {written!r} must be a text in quotes"
        else:
            spot = Place(match[1], int(match[2]), match[3])
            here[spot], wrong = _reading(spot.written, reading)
        if wrong:
            raise ConfigError(f"{name}:{_line(text, written)}: {wrong}")
    return ArticleReadings(words, here)


def _words(rows: object, text: str, name: str, header: str) -> dict[str, str]:
    """Return the readings of a table. Raise ConfigError with file and line."""
    if not isinstance(rows, dict):
        raise ConfigError(
            f'{name}:{_line(text, "words")}: write [{header}] and lines "written" = "reading"'
        )
    words: dict[str, str] = {}
    for written, reading in rows.items():
        form, checked, wrong = check_line(written, reading)
        if not wrong and form in words:
            wrong = f"{written!r} is there twice; leave one line of the two"
        if wrong:
            raise ConfigError(f"{name}:{_line(text, written)}: {wrong}")
        words[form] = checked
    return words


def check_line(written: str, reading: object) -> tuple[str, str, str]:
    """Return a line's written form and reading as they are kept, and what is wrong, or ""."""
    form = " ".join(prepare(written).text.split())
    if not _WORD.match(form):
        return form, "", f"{written!r} must begin with a letter or a digit"
    if not isinstance(reading, str):
        return form, "", f"the reading of {written!r} must be a text in quotes"
    checked, wrong = _reading(written, reading)
    return form, checked, wrong


def _reading(written: str, reading: str) -> tuple[str, str]:
    """Return a reading as it is kept, and what is wrong with it, or ""."""
    if is_ipa(reading.strip()):
        try:
            sounds = read_ipa(" ".join(reading.split()))
        except ValueError as error:
            wrong = f"the reading of {written!r} has {str(error)!r}, a sound that no voice has"
            return "", f"{wrong}; write the nearest that Arabic has"
        if len(sounds.split()) != len(written.split()):
            return "", f"the reading of {written!r} must have as many words as it: {reading!r}"
        return sounds, ""
    words = " ".join(clean(reading).split())
    if not _READING.fullmatch(words):
        return "", f"the reading of {written!r} must be Arabic words: {words!r}"
    return words, ""


def _line(text: str, key: str) -> int:
    for number, line in enumerate(text.splitlines(), 1):
        if re.match(rf"""\s*\[?\s*["']?{re.escape(key)}["']?\s*[\]=.]""", line):
            return number
    return 1
