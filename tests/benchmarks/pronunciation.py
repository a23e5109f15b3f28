"""Measure the diacritiser on news that was vowelled by hand: error rates, words wrongly spoken.

    python -m tests.benchmarks.pronunciation [FILE ...] [--wrong]

Without a file: every text, those that were looked at while the rules were written, then those that
were not. The columns, in % of words:

WER: words with a wrong mark; without case endings the last letter's vowel is not compared. Spoken:
words whose phonemes differ from those of the text as vowelled by hand and read with the same pausal
rules; "endings wrong" are those of them that differ in the ending alone, "left out" (no part of
them) the words whose ending is right as far as it goes. Unsure: words marked in `briefing script`,
the share of them that is wrongly spoken, and the share of the wrongly spoken that is marked.
"""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from briefing.config import Text
from briefing.text.cleaning import clean, strip_marks
from briefing.text.normalisation.lexicon import load_lexicon
from briefing.text.normalisation.paragraph import read_paragraph
from briefing.text.pronunciation.phonetisation import phonetise
from briefing.text.script import Sentence
from briefing.text.vowels.diacritiser import Diacritiser, from_vowelled

HERE = Path(__file__).parent
SEEN = tuple(sorted(HERE.glob("vowelled_*.txt")))
HELD_OUT = tuple(sorted(HERE.glob("held_out_*.txt")))
SETTINGS: tuple[Literal["full", "sure", "pausal"], ...] = ("full", "sure", "pausal")
_LETTER = re.compile("([^\u064b-\u0652\u0670])([\u064b-\u0652\u0670]*)")


def letters(word: str) -> list[tuple[str, frozenset[str]]]:
    """Give each letter with its marks; sukun and tanwin's seat do not count."""
    word = re.sub("([اى])\u064b", "\u064b\\1", word).replace("\u0652", "").replace("ٱ", "ا")
    found = [(letter, frozenset(marks)) for letter, marks in _LETTER.findall(word)]
    # a fatha before alif is the spelling's, not a reading's
    return [
        (
            letter,
            marks - {"\u064e"}
            if index + 1 < len(found) and found[index + 1][0] == "ا" and not found[index + 1][1]
            else marks,
        )
        for index, (letter, marks) in enumerate(found)
    ]


def read_files(files: Sequence[Path]) -> tuple[list[Sentence], list[Sentence]]:
    """Read vowelled files (a sentence or "id<TAB>sentence" a line): without marks, and with."""
    lexicon = load_lexicon(None)
    plain: list[Sentence] = []
    right: list[Sentence] = []
    for line in "\n".join(file.read_text(encoding="utf-8") for file in files).splitlines():
        text = clean(line.split("\t")[-1])
        if line.startswith("#") or not text.strip():
            continue
        plain += read_paragraph(strip_marks(text), Text(), lexicon)
        right += [from_vowelled(one) for one in read_paragraph(text, Text(), lexicon)]
    return plain, right


def words_of(sentence: Sentence) -> list[str]:
    return sentence.diacritised.split()


_ENDINGS = (
    "",
    "i",
    *(t + e for t in ("", "t") for e in ("", "an", "in", "un", "a", "i", "u", "ani", "ini", "uni")),
)


def stems(spoken: str) -> set[str]:
    """Give what a spoken word may be without its case ending (t is that of ta marbuta)."""
    spoken = re.sub("uː$", "uw", re.sub("iː$", "ij", spoken))  # janmuː for janmuwa
    return {spoken.removesuffix(ending) for ending in _ENDINGS if spoken.endswith(ending)}


def ending_only(mine: str, right: str) -> bool:
    """Tell whether two spoken words differ in their endings alone."""
    shared = stems(mine) & stems(right)
    return any(len(one) > 1 and len(right) - len(one) < 5 for one in shared)


def marks_wrong(our: str, their: str) -> tuple[int, bool, bool]:
    """Count the letters that are wrongly marked; tell whether one is, and one before the ending."""
    a, b = letters(our), letters(their)
    wrong = [at for at, (x, y) in enumerate(zip(a, b, strict=False)) if x[1] != y[1]]
    seat = {len(b) - 1, len(b) - 2} if b[-1][0] in "اى" else {len(b) - 1}
    return len(wrong), bool(wrong), bool(set(wrong) - seat)


@dataclass
class Spoken:
    """How many words are spoken wrongly with one setting of case_endings."""

    wrong: int = 0
    endings_wrong: int = 0
    left_out: int = 0


def unsure_words(sentence: Sentence) -> list[bool]:
    return [one.unsure for one in sentence.tokens for _ in one.spoken.split()]


def measure(files: Sequence[Path], diacritiser: Diacritiser, *, show: bool) -> str:
    """Give the row of the table for some files."""
    plain, right = read_files(files)
    started = time.process_time()
    mine = [diacritiser.diacritise(one) for one in plain]
    seconds = time.process_time() - started
    size = words = wrong_letters = wrong_words = wrong_inside = 0
    for ours, theirs in zip(mine, right, strict=True):
        for our, their in zip(words_of(ours), words_of(theirs), strict=True):
            count, wrong, inside = marks_wrong(our, their)
            words += 1
            size += len(letters(their))
            wrong_letters += count
            wrong_words += wrong
            wrong_inside += inside
            if show and wrong:
                print("word " if inside else "end  ", our, their)
    spoken = {setting: Spoken() for setting in SETTINGS}
    marked = marked_wrong = 0
    for ours, theirs in zip(mine, right, strict=True):
        due = phonetise(theirs, "full").ipa.split()
        full = phonetise(ours, "full").ipa.split()
        unsure = unsure_words(ours)
        for setting in SETTINGS:
            said = phonetise(ours, setting).ipa.split()
            for one, other, whole, doubt in zip(said, due, full, unsure, strict=True):
                ending = one != other and ending_only(one, other)
                left_out = ending and one != whole
                spoken[setting].wrong += one != other and not left_out
                spoken[setting].endings_wrong += ending and not left_out
                spoken[setting].left_out += left_out
                if setting == "sure":
                    marked += doubt
                    marked_wrong += doubt and one != other and not left_out
                    if show and one != other and not left_out:
                        print("spoken", one, other, "(marked unsure)" if doubt else "")
    cells = [
        f"{100 * wrong_letters / size:.1f}",
        f"{100 * wrong_words / words:.1f}",
        f"{100 * wrong_inside / words:.1f}",
        *(
            f"{100 * one.wrong / words:.1f} ({100 * one.endings_wrong / words:.1f};"
            f" {100 * one.left_out / words:.1f})"
            for one in spoken.values()
        ),
        f"{100 * marked / words:.1f}",
        f"{100 * marked_wrong / marked:.0f}" if marked else "-",
        f"{100 * marked_wrong / spoken['sure'].wrong:.0f}" if spoken["sure"].wrong else "-",
    ]
    speed = sum(len(one.text) for one in plain) / seconds
    name = files[0].name if len(files) == 1 else f"{len(files)} texts"
    return f"| {name} | {words} | {' | '.join(cells)} | {speed:.0f} |"


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("files", nargs="*", type=Path)
    arguments.add_argument("--wrong", action="store_true", help="list the words wrongly read")
    options = arguments.parse_args()
    diacritiser = Diacritiser()
    diacritiser.diacritise(read_files([SEEN[0]])[0][0])  # loads the model
    print(
        "| text | words | DER | WER | WER without endings | wrongly spoken, full (endings wrong;"
        " left out) | sure | pausal | marked unsure | of these wrong | of the wrong marked |"
        " characters/s |\n|" + " --- |" * 12
    )
    if options.files:
        for file in options.files:
            print(measure([file], diacritiser, show=options.wrong))
        return
    for group in (SEEN, HELD_OUT):
        for file in group:
            print(measure([file], diacritiser, show=options.wrong))
        if len(group) > 1:
            print(measure(group, diacritiser, show=False))


if __name__ == "__main__":
    main()
