"""Measure the case endings: how sure they say they are, what each rule mends and breaks.

    python -m tests.benchmarks.case_endings [FILE ...] [--list]

FILE: vowelled text as tests.benchmarks.pronunciation reads it, or a treebank (.conllu) with Case. Without
a file: our own texts, those seen while rules were written and those held out. Prints for each group of
texts a reliability curve (stated: the mean of `ending_chance`; true: the share of endings that are
right), then for each rule of briefing.text.vowels.case_rules alone the endings that it mends and breaks,
and the endings spoken wrong by kind. Words before a pause are left out: their endings are not spoken. Of
a treebank only words are counted whose last letter can show its case: no pronoun, dual, sound plural,
demonstrative; the i of ات is either case; an indefinite a is right for a genitive (diptotes).
"""

from __future__ import annotations

import argparse
import difflib
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from briefing.config import Text
from briefing.text.cleaning import clean, strip_marks
from briefing.text.normalisation.lexicon import load_lexicon
from briefing.text.normalisation.paragraph import read_paragraph
from briefing.text.pronunciation.word_sounds import sounds_of
from briefing.text.vowels import case_agreement
from briefing.text.vowels import diacritiser as module
from briefing.text.vowels.diacritiser import Diacritiser, from_vowelled
from briefing.text.vowels.marks import Reading, Word
from briefing.text.words.passives import is_name, passive_of, preposition_of
from tests.benchmarks.pronunciation import HELD_OUT, SEEN, ending_only

BINS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.99, 1.0)
_FOLDED = str.maketrans("أإآٱىة", "اااايه")
_CASES = {"Nom": "\u064f\u064c", "Acc": "\u064e\u064b", "Gen": "\u0650\u064d"}
_SHOWS_NONE = re.compile(".*(?:[اىيو]|ون|ين|ان|ذلك|تلك|هذه|أولئك|الذين)")
_NISBA = re.compile("(?:ال)?[^\\W]{2,}ي(?:ة|ين|ون)?")

Judge = Callable[[str], bool | None]
"""A reading -> whether its ending is right; None where that cannot be told."""


@dataclass
class Piece:
    """A sentence as case_agreement.agreeing gets it, and what is right for each word."""

    words: Sequence[Word]
    readings: Sequence[Reading]
    pauses: Sequence[bool]
    passives: set[int]
    judges: list[Judge]

    def read(self) -> list[Reading]:
        """Return the readings with the rules that are in force."""
        return case_agreement.agreeing(self.words, self.readings, self.pauses, self.passives)

    def spoken(self) -> Iterator[int]:
        """Return the places of the words whose endings are spoken: those before no pause."""
        return (at for at in range(len(self.words) - 1) if not self.pauses[at])


def unknown(_: str) -> bool | None:
    """Judge no reading."""
    return None


def by_sound(right: str) -> Judge:
    """Judge by a vowelled word: only its ending may differ, else the word is none of ours."""
    due = sounds_of(right).linked

    def judge(written: str) -> bool | None:
        sounds = sounds_of(written).linked
        return True if sounds == due else False if ending_only(sounds, due) else None

    return judge


def by_case(case: str) -> Judge:
    """Judge by the case that a treebank gives."""

    def judge(written: str) -> bool | None:
        marks = re.search("[\u064b-\u0650]+(?=[اى]?$)", written)
        bare = strip_marks(written)
        if not marks or _SHOWS_NONE.fullmatch(bare):
            return None
        if bare.endswith("ات") and case != "Nom":
            return "\u0650" in marks[0] or "\u064d" in marks[0]
        indefinite_a = "\u064e" in marks[0] and "ال" not in bare[:4] and not bare.startswith("لل")
        if case == "Gen" and indefinite_a:
            return True
        return any(mark in _CASES[case] for mark in marks[0])

    return judge


def pieces_of(text: str, diacritiser: Diacritiser) -> list[Piece]:
    """Return the sentences of a text as the rules of case get them."""
    caught: list[Piece] = []
    original = module.agreeing

    def catch(words, readings, pauses, passives=()):  # type: ignore[no-untyped-def]
        caught.append(Piece(words, readings, pauses, set(passives), [unknown] * len(words)))
        return original(words, readings, pauses, passives)

    module.agreeing = catch
    try:
        for sentence in read_paragraph(text, Text(), load_lexicon(None)):
            diacritiser.diacritise(sentence)
    finally:
        module.agreeing = original
    return caught


def lay_beside(pieces: Sequence[Piece], gold: Sequence[tuple[str, Judge]]) -> None:
    """Set the words of a text's sentences the judges of the same words in `gold`."""
    places = [(piece, at) for piece in pieces for at in range(len(piece.words))]
    mine = [piece.words[at].letters.translate(_FOLDED) for piece, at in places]
    theirs = [word.translate(_FOLDED) for word, _ in gold]
    matcher = difflib.SequenceMatcher(None, theirs, mine, autojunk=False)
    for first, second, size in matcher.get_matching_blocks():
        for step in range(size):
            piece, at = places[second + step]
            piece.judges[at] = gold[first + step][1]


def vowelled(file: Path, diacritiser: Diacritiser) -> Iterator[Piece]:
    """Read a vowelled file, one paragraph or "id<TAB>paragraph" a line."""
    for line in file.read_text(encoding="utf-8").splitlines():
        text = clean(line.split("\t")[-1])
        if line.startswith("#") or not text.strip():
            continue
        right = [from_vowelled(one) for one in read_paragraph(text, Text(), load_lexicon(None))]
        gold = [word for sentence in right for word in sentence.diacritised.split()]
        pieces = pieces_of(strip_marks(text), diacritiser)
        lay_beside(pieces, [(strip_marks(word), by_sound(word)) for word in gold])
        yield from pieces


def treebank(file: Path, diacritiser: Diacritiser) -> Iterator[Piece]:
    """Read a treebank in CoNLL-U."""
    for block in file.read_text(encoding="utf-8").split("\n\n"):
        text = re.search("^# text = (.*)$", block, re.MULTILINE)
        rows = [line.split("\t") for line in block.splitlines() if re.match("\\d+\t", line)]
        if not text:
            continue
        gold: list[tuple[str, Judge]] = []
        written = ""
        for row in rows:
            written += row[1]
            if "SpaceAfter=No" in row[9]:
                continue
            case = re.search("Case=(Nom|Acc|Gen)", row[5])
            counts = case and row[3] not in ("PRON", "DET") and "Dual" not in row[5]
            gold.append((strip_marks(written), by_case(case[1]) if case and counts else unknown))
            written = ""
        pieces = pieces_of(text[1], diacritiser)
        lay_beside(pieces, gold)
        yield from pieces


def print_reliability(pieces: Sequence[Piece]) -> None:
    """Print the reliability curve."""
    rows: dict[int, list[tuple[float, bool]]] = {}
    for piece in pieces:
        readings = piece.read()
        for at in piece.spoken():
            right = piece.judges[at](readings[at].written)
            chance = readings[at].ending_chance
            if right is not None and not piece.words[at].vowels[-1] and chance < 1:
                place = max(number for number, least in enumerate(BINS) if chance >= least)
                rows.setdefault(place, []).append((chance, right))
    print("| stated | endings | mean | true |\n| --- | --- | --- | --- |")
    for place in sorted(rows):
        chances, right = zip(*rows[place], strict=True)
        size = len(right)
        print(
            f"| {BINS[place]:.2f} to {BINS[place + 1]:.2f} | {size} |"
            f" {100 * sum(chances) / size:.0f}% | {100 * sum(right) / size:.0f}% |"
        )


def print_rules(pieces: Sequence[Piece]) -> None:
    """Print for each rule alone how many endings it mends and breaks."""
    rules = case_agreement.RULES
    cells = []
    try:
        case_agreement.RULES = ()
        without = [piece.read() for piece in pieces]
        for rule in rules:
            case_agreement.RULES = (rule,)
            counts: Counter[bool] = Counter()
            for piece, before in zip(pieces, without, strict=True):
                after = piece.read()
                for at in piece.spoken():
                    was, now = (piece.judges[at](row[at].written) for row in (before, after))
                    if None not in (was, now) and was != now:
                        counts[bool(now)] += 1
            cells.append(f"{rule.__name__.strip('_')} {counts[True]} : {counts[False]}")
    finally:
        case_agreement.RULES = rules
    print("mended : broken by each rule alone: " + ", ".join(cells))


def kind_of(piece: Piece, at: int) -> str:
    """Return what sort of word a wrong ending is on."""
    word = piece.words[at].letters
    joined = at > 0 and not piece.pauses[at - 1]
    before = piece.words[at - 1].letters if joined else ""
    if not joined:
        return "first of its clause"
    if is_name(word) or is_name(before) or before in ("بن", "عبد"):
        return "name, or beside one"
    if before.startswith("ال") and word.startswith("ال"):
        return "second definite word: adjective, apposition, object"
    if passive_of(before) is not None:
        return "after a verb: subject or object"
    if word[0] == "و" and len(word) > 4:
        return "after and"
    if preposition_of(before) == before:
        return "after a preposition or adverb"
    if _NISBA.fullmatch(word) or word.endswith("ة"):
        return "indefinite noun or adjective"
    return "other"


def print_kinds(pieces: Sequence[Piece], *, show: bool) -> None:
    """Print the endings that are spoken, and wrong, by kind."""
    kinds: Counter[str] = Counter()
    spoken = left = 0
    for piece in pieces:
        readings = piece.read()
        for at in piece.spoken():
            right = piece.judges[at](readings[at].written)
            if right is None:
                continue
            spoken += readings[at].ending_sure
            left += not readings[at].ending_sure
            if readings[at].ending_sure and not right:
                kinds[kind_of(piece, at)] += 1
                if show:
                    words = " ".join(word.letters for word in piece.words[max(0, at - 4) : at])
                    print(f"{kind_of(piece, at)}: {words} [{readings[at].written}]")
    listed = ", ".join(f"{kind} {count}" for kind, count in kinds.most_common())
    wrong = sum(kinds.values())
    print(f"{spoken} endings spoken, {left} left out; {wrong} spoken wrong: {listed}")


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("files", nargs="*", type=Path)
    arguments.add_argument("--list", action="store_true", help="list the endings spoken wrong")
    options = arguments.parse_args()
    diacritiser = Diacritiser()
    groups = [(str(file), (file,)) for file in options.files]
    for name, files in groups or [("seen texts", SEEN), ("held out", HELD_OUT)]:
        missing = [file for file in files if not file.is_file()]
        if missing:
            print(
                f"{missing[0]}: there is no such file; texts by others are no part of the project"
            )
            continue
        pieces: list[Piece] = []
        for file in files:
            read = treebank if file.suffix == ".conllu" else vowelled
            pieces += read(file, diacritiser)
        print(f"\n{Path(name).name}")
        print_reliability(pieces)
        print_rules(pieces)
        print_kinds(pieces, show=options.list)


if __name__ == "__main__":
    main()
