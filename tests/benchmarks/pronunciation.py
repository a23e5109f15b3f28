"""Measure the diacritiser on news that was vowelled by hand: error rates, words wrongly spoken.

    python -m tests.benchmarks.pronunciation [FILE ...] [--wrong]

DER: letters whose marks are wrong. WER: words with a wrong mark; without case endings the last
letter's vowel is not compared. Spoken: words whose phonemes differ from those of the text as
vowelled by hand and read with the same pausal rules, for each setting of `case_endings`; a word
that differs in an ending left out alone is counted apart, one with a wrong ending as well.
"""

from __future__ import annotations

import argparse
import re
import time
from pathlib import Path

from briefing.config import Text
from briefing.text.cleaning import clean, strip_marks
from briefing.text.diacritisation import Diacritiser, from_vowelled
from briefing.text.lexicon import load_lexicon
from briefing.text.phonetisation import phonetise
from briefing.text.reading import read_paragraph
from briefing.text.script import Sentence

HERE = Path(__file__).parent
_LETTER = re.compile("([^\u064b-\u0652\u0670])([\u064b-\u0652\u0670]*)")
_MARKS = "\u064b-\u0652\u0670"


def letters(word: str) -> list[tuple[str, frozenset[str]]]:
    """Give each letter with its marks; sukun and tanwin's seat do not count."""
    word = re.sub("([اى])\u064b", "\u064b\\1", word).replace("\u0652", "").replace("ٱ", "ا")
    found = [(letter, frozenset(marks)) for letter, marks in _LETTER.findall(word)]
    # a fatha before alif and a kasra before ya are the spelling's, not a reading's
    return [
        (
            letter,
            marks - {"\u064e"}
            if index + 1 < len(found) and found[index + 1][0] == "ا" and not found[index + 1][1]
            else marks,
        )
        for index, (letter, marks) in enumerate(found)
    ]


def read_files(files: list[Path]) -> tuple[list[Sentence], list[Sentence]]:
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
    return {spoken.removesuffix(ending) for ending in _ENDINGS if spoken.endswith(ending)}


def ending_only(mine: str, right: str) -> bool:
    """Tell whether two spoken words differ in their endings alone."""
    shared = stems(mine) & stems(right)
    return any(len(one) > 1 and len(right) - len(one) < 5 for one in shared)


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("files", nargs="*", type=Path)
    arguments.add_argument("--wrong", action="store_true", help="list the words wrongly read")
    options = arguments.parse_args()
    files = options.files or [HERE / "vowelled_news.txt"]
    diacritiser = Diacritiser()
    plain, right = read_files(files)
    diacritiser.diacritise(plain[0])
    started = time.process_time()
    mine = [diacritiser.diacritise(one) for one in plain]
    seconds = time.process_time() - started
    characters = sum(len(one.text) for one in plain)
    n_letters = wrong_letters = n_words = wrong_words = wrong_inside = 0
    for ours, theirs in zip(mine, right, strict=True):
        for our, their in zip(words_of(ours), words_of(theirs), strict=True):
            a, b = letters(our), letters(their)
            n_words += 1
            n_letters += len(b)
            differing = [
                index for index, (x, y) in enumerate(zip(a, b, strict=False)) if x[1] != y[1]
            ]
            wrong_letters += len(differing)
            wrong_words += bool(differing)
            inside = [index for index in differing if index != len(b) - 1]
            if inside and b[-1][0] in "اى" and inside == [len(b) - 2]:
                inside = []
            wrong_inside += bool(inside)
            if options.wrong and differing:
                print(("word " if inside else "end  "), our, their)
    print(
        f"{n_words} words, DER {100 * wrong_letters / n_letters:.2f}%, WER"
        f" {100 * wrong_words / n_words:.2f}%, without case endings"
        f" {100 * wrong_inside / n_words:.2f}%; {characters / seconds:.0f} characters/s"
    )
    for setting in ("full", "sure", "pausal"):
        wrong = endings = left_out = 0
        for ours, theirs in zip(mine, right, strict=True):
            said = phonetise(ours, setting).ipa.split()  # type: ignore[arg-type]
            due = phonetise(theirs, "full").ipa.split()
            full = phonetise(ours, "full").ipa.split()
            for one, other, ending in zip(said, due, full, strict=True):
                if one == other:
                    continue
                if one != ending and ending_only(one, other):
                    left_out += 1
                elif ending_only(one, other):
                    endings += 1
                else:
                    wrong += 1
                    if options.wrong and setting == "sure":
                        print("spoken", one, other)
        print(
            f'case_endings "{setting}": wrongly spoken {100 * (wrong + endings) / n_words:.2f}%'
            f" (of these endings {100 * endings / n_words:.2f}%), endings left out"
            f" {100 * left_out / n_words:.2f}%"
        )


if __name__ == "__main__":
    main()
