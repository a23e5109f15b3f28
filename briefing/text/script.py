"""What the text stages hand on: an article's paragraphs as they will be spoken.

A `Sentence` keeps its written text beside what is spoken; a `Token` keeps one piece of the
written text beside its reading. Offsets are characters (code points) into the paragraph as read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

__all__ = ["Paragraph", "Sentence", "Token", "token_fields"]


@dataclass(frozen=True, slots=True)
class Token:
    """One written piece and its reading.

    A token may read as several words ("2014" as three) or as none (an emoji: spoken is "").
    """

    text: str
    """The verbatim slice of the paragraph, paragraph[start:end]."""
    start: int
    end: int
    spoken: str
    """Words only, with single spaces between them and no vowel marks but those of the author or
    the lexicon; "" where nothing is said. A foreign token stays in its own script."""
    language: str = "ar"
    """ISO 639-1: "ar", or the language of a foreign token ("en" for Latin script)."""
    unsure: bool = False
    """True where the model or the rules are not sure how it is read."""
    mark: str = ""
    """The punctuation that follows and shapes the voice: one of "،" "؛" ":" "." "؟" "!" "…",
    "-" (a breath of our own in a long sentence), or ""."""
    vowelled: str = ""
    """`spoken` with vowels, where a table knows them (numbers, lexicon); "" leaves them to the
    diacritiser. Same words, same order as `spoken`."""
    diacritised: str = ""
    """`spoken` fully vowelled, after diacritisation; same number of words as `spoken`."""
    unsure_endings: str = ""
    """One character for each word of `diacritised`: "?" where the diacritiser is not sure of its
    case or mood ending, "." where it is; "" where it is sure of all."""
    source: str = ""
    """What read it: "author" (his marks), "lexicon" (the user's), "built_in" (our tables), "rule",
    "model", "guess" (a name or foreign word that no table knows); "" before diacritisation, and
    where nothing is said."""
    rule: str = ""
    """The rule or table that read it, or that settled its vowels or its ending: "year",
    "known_words", "case_agreement"; "" where none did."""
    ipa: str = ""
    """Broad IPA of the words, one space between words, after phonetisation; "" for a foreign
    token, which the voice speaks by its own means."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as written, and the tokens that say it."""

    text: str
    """The verbatim slice of the paragraph, paragraph[start:end]."""
    start: int
    end: int
    tokens: Sequence[Token]

    @property
    def spoken(self) -> str:
        """The tokens' readings joined: words only."""
        return " ".join(token.spoken for token in self.tokens if token.spoken)

    @property
    def diacritised(self) -> str:
        """The tokens' vowelled readings joined."""
        return " ".join(token.diacritised or token.spoken for token in self.tokens if token.spoken)

    @property
    def ipa(self) -> str:
        """The tokens' phonemes joined, one space between words."""
        return " ".join(token.ipa for token in self.tokens if token.ipa)

    def as_json(self) -> dict[str, Any]:
        """Return the row of `briefing script --json`, without the number of its paragraph."""
        return {
            "text": self.text,
            "start": self.start,
            "end": self.end,
            "spoken": self.spoken,
            "diacritised": self.diacritised,
            "ipa": self.ipa,
            "tokens": [
                {
                    "text": token.text,
                    "start": token.start,
                    "end": token.end,
                    "spoken": token.spoken,
                    "language": token.language,
                    "unsure": token.unsure,
                    "source": token.source,
                    "rule": token.rule,
                }
                for token in self.tokens
            ],
        }


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph as written and its sentences, in order."""

    text: str
    sentences: Sequence[Sentence]


@cache
def token_fields() -> Mapping[str, type]:
    """Return the types of a token's fields by their names, in order."""
    types = {"str": str, "int": int, "bool": bool}
    return {item.name: types[str(item.type)] for item in fields(Token)}
