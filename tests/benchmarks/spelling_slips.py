"""How many slips of spelling are undone in a text that somebody else wrote.

    python -m tests.benchmarks.spelling_slips FILE...

FILE: Arabic text that is spelled right, with or without marks. Each habit (no hamza, ه for ة, ى for
ي, ي for ى) is put on all its words, and the words are then spelled again. The first row is the text
as it is: what is changed there is a slip of its writer, or ours. A file that is missing is named.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable
from pathlib import Path

from briefing.text.cleaning import clean, strip_marks
from briefing.text.normalisation.spelling_slips import as_spelled

HABITS: dict[str, Callable[[str], str]] = {
    "as it is": lambda word: word,
    "no hamza": lambda word: re.sub("^((?:[وف]?(?:[بكل]?ال|لل|[بكل])?))[أإ]", r"\1ا", word),
    "ه for ة": lambda word: re.sub("ة$", "ه", word),
    "ى for ي": lambda word: re.sub("ي$", "ى", word),
    "ي for ى": lambda word: re.sub("ى$", "ي", word),
}
_WORD = re.compile("[ء-ي]+")


def counts(
    sentences: list[list[str]], habit: Callable[[str], str]
) -> tuple[int, int, int, list[tuple[str, str]]]:
    """Return the words with a slip, those mended, those made wrong, and what else was changed."""
    slips = mended = wrong = 0
    others = []
    for right in sentences:
        written = [habit(word) for word in right]
        for word, slip, read in zip(right, written, as_spelled(written), strict=True):
            if word == slip:
                others += [(word, read)] * (read != word)
                continue
            slips += 1
            mended += read == word
            wrong += read not in (word, slip)
    return slips, mended, wrong, others


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("files", nargs="+", type=Path)
    arguments.add_argument("--list", action="store_true", help="list the words changed as they are")
    options = arguments.parse_args()
    files = [file for file in options.files if file.exists()]
    for file in set(options.files) - set(files):
        print(f"{file} is missing")
    if not files:
        sys.exit(0)
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    sentences = [_WORD.findall(strip_marks(clean(line))) for line in lines if line[:1] != "#"]
    print(f"{sum(map(len, sentences))} words")
    print("| habit | slips | mended, % | made wrong, % | other words changed |")
    print("| --- | --- | --- | --- | --- |")
    for name, habit in HABITS.items():
        slips, mended, wrong, others = counts(sentences, habit)
        shares = [f"{100 * number / slips:.1f}" if slips else "" for number in (mended, wrong)]
        print(f"| {name} | {slips} | {' | '.join(shares)} | {len(others)} |")
        if options.list and not slips:
            print(*(f"{before} > {after}" for before, after in sorted(set(others))), sep="\n")


if __name__ == "__main__":
    main()
