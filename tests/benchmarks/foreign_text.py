"""Measure the program on vowelled text by others, beside the bare model and without its verb rules.

    python -m tests.benchmarks.foreign_text FILE

FILE: fully vowelled Arabic, one paragraph a line, # for comments. It is read stripped of its marks,
as an article would be, and compared by ear with the text as vowelled, its endings left out as the
program leaves them. Words of which the file leaves letters unmarked are not counted. Prints for each
system, in % of words: wrongly spoken (inside the word; in the ending alone), endings left out,
marked unsure, and of the wrong words those marked; then how many words the verb rules mend and
break. Where there is no such file it says so: texts by others are no part of the project.
"""

from __future__ import annotations

import argparse
import difflib
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from briefing.config import Text
from briefing.text.cleaning import clean, strip_marks
from briefing.text.normalisation.lexicon import load_lexicon
from briefing.text.normalisation.paragraph import read_paragraph
from briefing.text.pronunciation.phonetisation import phonetise
from briefing.text.script import Sentence, Token
from briefing.text.vowels import diacritiser as module
from briefing.text.vowels.diacritiser import Diacritiser, from_vowelled
from briefing.text.vowels.marks import Word, word_of
from briefing.text.vowels.sentence_verbs import SentenceVerbs, SettledWord
from tests.benchmarks.pronunciation import ending_only, unsure_words

_MARK = "[\u064b-\u0652\u0670]"
_UNITS = re.compile(f"([\u0621-\u064a])({_MARK}*)")
_FOLDED = str.maketrans("أإآٱىة", "اااايه")


@dataclass(frozen=True)
class Spoken:
    """One word of the text: as spoken, whether marked unsure, and how it compares."""

    sounds: str
    unsure: bool
    wrong: bool
    ending: bool
    left_out: bool


@contextmanager
def without_verb_rules() -> Iterator[None]:
    """Read as if no table knew a verb."""
    original = SentenceVerbs.settle

    def settle(verbs: SentenceVerbs, index: int) -> SettledWord:
        return SettledWord(verbs._words[index])

    SentenceVerbs.settle = settle  # type: ignore[method-assign]
    try:
        yield
    finally:
        SentenceVerbs.settle = original  # type: ignore[method-assign]


@contextmanager
def bare_model() -> Iterator[None]:
    """Read by the model alone: no tables, no verb rules, no agreement."""
    given, agreeing = module._words_of, module.agreeing

    def unread(before: Token | None, token: Token, following: Token | None) -> list[Word]:
        known = token.vowelled.split() or token.spoken.split()
        return [word_of(word) for word in known]

    module._words_of = unread
    module.agreeing = lambda words, readings, *_: list(readings)  # type: ignore[assignment]
    try:
        with without_verb_rules():
            yield
    finally:
        module._words_of, module.agreeing = given, agreeing


SYSTEMS: dict[str, Callable[[], AbstractContextManager[None]]] = {
    "bare model": bare_model,
    "without verb rules": without_verb_rules,
    "as it is": nullcontext,
}


def is_unmarked(word: str) -> bool:
    """Return whether a vowelled word leaves a letter unmarked that has a vowel."""
    units = _UNITS.findall(word)
    return any(
        not marks
        and letter not in "اىآ"
        and not (letter in "وي" and at)
        and not (letter == "ل" and at < 4)
        for at, (letter, marks) in enumerate(units[:-1])
    )


def pairs(mine: Sequence[Sentence], right: Sequence[Sentence]) -> Iterator[tuple[str, str, Spoken]]:
    """Lay the words of one line beside those of the file: its word, a key and how ours compares."""
    sides = [
        [
            (word, sounds, full, unsure)
            for sentence in sentences
            for word, sounds, full, unsure in zip(
                sentence.diacritised.split(),
                phonetise(sentence, setting).ipa.split(),
                phonetise(sentence, "full").ipa.split(),
                unsure_words(sentence),
                strict=False,
            )
        ]
        for sentences, setting in ((mine, "sure"), (right, "full"))
    ]
    letters = [[strip_marks(row[0]).translate(_FOLDED) for row in side] for side in sides]
    blocks = difflib.SequenceMatcher(None, *letters, autojunk=False).get_matching_blocks()
    for first, second, size in blocks:
        for step in range(size):
            _, sounds, whole, unsure = sides[0][first + step]
            word, due, _, _ = sides[1][second + step]
            if is_unmarked(word):
                continue
            ending = sounds != due and ending_only(sounds, due)
            left = ending and sounds != whole
            spoken = Spoken(sounds, unsure, sounds != due and not left, ending and not left, left)
            yield word, f"{second + step}", spoken


def read(lines: Sequence[str], system: str) -> dict[str, tuple[str, Spoken]]:
    """Read the lines by a system; the words by their places in the file."""
    lexicon, diacritiser = load_lexicon(None), Diacritiser()
    words = {}
    with SYSTEMS[system]():
        for number, line in enumerate(lines):
            mine = [
                diacritiser.diacritise(one)
                for one in read_paragraph(strip_marks(line), Text(), lexicon)
            ]
            right = [from_vowelled(one) for one in read_paragraph(line, Text(), lexicon)]
            for word, key, spoken in pairs(mine, right):
                words[f"{number}:{key}"] = (word, spoken)
    return words


def row_of(name: str, words: Sequence[Spoken]) -> str:
    """Give a system's row of the table."""
    size = len(words)
    wrong = [one for one in words if one.wrong]
    inside = sum(not one.ending for one in wrong)
    unsure = sum(one.unsure for one in words)
    caught = sum(one.unsure for one in wrong)
    left = sum(one.left_out for one in words)
    return (
        f"| {name} | {size} | {100 * len(wrong) / size:.2f} | {100 * inside / size:.2f}"
        f" | {100 * (len(wrong) - inside) / size:.2f} | {100 * left / size:.2f}"
        f" | {100 * unsure / size:.1f} | {100 * caught / max(1, len(wrong)):.0f} |"
    )


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("file", type=Path)
    options = arguments.parse_args()
    if not options.file.is_file():
        print(f"{options.file}: there is no such file; texts by others are no part of the project")
        return
    text = options.file.read_text(encoding="utf-8")
    lines = [clean(line) for line in text.splitlines() if line.strip() and line[0] != "#"]
    readings = {name: read(lines, name) for name in SYSTEMS}
    print(
        "| system | words | wrongly spoken | inside | ending | endings left out | marked unsure"
        " | of the wrong marked |\n|" + " --- |" * 8
    )
    for name, words in readings.items():
        print(row_of(name, [spoken for _, spoken in words.values()]))
    with_rules, without = readings["as it is"], readings["without verb rules"]
    both = [(with_rules[key][1], without[key][1]) for key in with_rules.keys() & without.keys()]
    mended = sum(not ours.wrong and other.wrong for ours, other in both)
    broken = sum(ours.wrong and not other.wrong for ours, other in both)
    print(f"verb rules: {mended} words mended, {broken} broken")


if __name__ == "__main__":
    main()
