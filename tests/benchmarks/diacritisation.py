"""Measure the bare models beside ours on news that was vowelled by hand.

    python -m tests.benchmarks.diacritisation [FILE ...]

Each line: what read the text, then errors as in tests.benchmarks.pronunciation. Piper's model is
measured where piper is installed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

from briefing.text.script import Sentence
from briefing.text.vowels.diacritiser import Diacritiser
from tests.benchmarks.pronunciation import SEEN, letters, marks_wrong, read_files, words_of


def bare(run: Callable[[str], str]) -> Callable[[Sentence], Sentence]:
    """Diacritise by a model alone, its words taken as they come."""

    def diacritise(sentence: Sentence) -> Sentence:
        text = " ".join(one.spoken + one.mark.replace("-", "") for one in sentence.tokens)
        words = iter(one.strip("،؛:.؟!…") for one in run(text).split())
        tokens = [
            replace(one, diacritised=" ".join(next(words, word) for word in one.spoken.split()))
            for one in sentence.tokens
        ]
        return replace(sentence, tokens=tuple(tokens))

    return diacritise


def models() -> dict[str, Callable[[Sentence], Sentence]]:
    from text2tashkeel import Diacritizer

    found = {"ours": Diacritiser().diacritise}
    for name in ("rawi-ensemble", "rawi-v2-int8", "rawi-v3-int8"):
        found[name] = bare(Diacritizer(name).diacritize)
    if find_spec("piper"):
        from piper.tashkeel import TashkeelDiacritizer

        found["piper"] = bare(TashkeelDiacritizer())
    return found


def main() -> None:
    files = [Path(name) for name in sys.argv[1:]] or list(SEEN)
    plain, right = read_files(files)
    for name, diacritise in models().items():
        words = wrong = inside = size = wrong_letters = 0
        for sentence, theirs in zip(plain, right, strict=True):
            for our, their in zip(words_of(diacritise(sentence)), words_of(theirs), strict=True):
                count, is_wrong, is_inside = marks_wrong(our, their)
                words += 1
                size += len(letters(their))
                wrong_letters += count
                wrong += is_wrong
                inside += is_inside
        print(
            f"{name}: {words} words, DER {100 * wrong_letters / size:.2f}%, WER"
            f" {100 * wrong / words:.2f}%, without case endings {100 * inside / words:.2f}%"
        )


if __name__ == "__main__":
    main()
