"""Sentences for the tests: vowelled text as tokens, without the reading stage."""

from __future__ import annotations

from pathlib import Path

from briefing.text.script import Sentence, Token

_MARKS = "،؛:.؟!…-"


def sentence_of(text: str, *, vowelled: bool = True) -> Sentence:
    """Make a sentence of words; a mark at a word's end is the token's mark."""
    tokens = []
    for word in text.split():
        mark = word[-1] if word[-1] in _MARKS and len(word) > 1 else ""
        word = word.removesuffix(mark)
        latin = word[0].isascii()
        tokens.append(
            Token(
                word,
                0,
                len(word),
                word,
                language="en" if latin else "ar",
                mark=mark,
                diacritised=word if vowelled else "",
            )
        )
    return Sentence(text, 0, len(text), tuple(tokens))


def cases(path: Path) -> list[tuple[str, str]]:
    """Read a table of cases: text and what it reads as."""
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [(row[0], row[1]) for row in rows]
