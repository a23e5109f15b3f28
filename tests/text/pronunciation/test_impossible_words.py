"""What cannot be a native Arabic word is never spoken."""

import os
import random
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from briefing.config import Text
from briefing.text.cleaning import clean, strip_marks
from briefing.text.normalisation.lexicon import load_lexicon
from briefing.text.normalisation.paragraph import read_paragraph
from briefing.text.script import Sentence
from briefing.text.vowels.diacritiser import Diacritiser
from briefing.text.vowels.impossible import (
    Impossible,
    impossible,
    impossible_patterns,
    is_native,
)
from briefing.text.words.known_words import known_reading

TEXTS = sorted((Path(__file__).parents[2] / "benchmarks").glob("*.txt"))
GOLD = os.environ.get("BRIEFING_FOREIGN_TEXT", "")
"""A vowelled text by others, one paragraph a line, that is no part of the project."""


def lines_of(*files: Path) -> list[str]:
    text = "\n".join(file.read_text(encoding="utf-8") for file in files)
    return [clean(line.split("\t")[-1]) for line in text.splitlines() if line[:1] not in ("", "#")]


def readings(lines: Sequence[str]) -> list[Sentence]:
    diacritiser, lexicon = Diacritiser(), load_lexicon(None)
    return [
        diacritiser.diacritise(sentence)
        for line in lines
        for sentence in read_paragraph(strip_marks(line), Text(), lexicon)
    ]


def blocked(sentences: Sequence[Sentence]) -> list[tuple[str, str]]:
    """Give the words of sentences that are impossible and that no table has said."""
    found = []
    for sentence in sentences:
        for token in sentence.tokens:
            words = token.diacritised.split()
            if token.vowelled or token.language != "ar" or len(words) != 1:
                continue
            letters = strip_marks(words[0])
            if letters != token.spoken or known_reading(letters) or token.unsure:
                continue
            name = impossible(words[0], letters)
            if name:
                found.append((name, words[0]))
    return found


def test_the_table_has_a_source_for_each_of_its_patterns() -> None:
    rows = impossible_patterns()
    assert len(rows) >= 20
    assert len({row.name for row in rows}) == len(rows)
    assert all(re.search("Wright|Ryding", row.grammar) for row in rows)


@pytest.mark.parametrize("row", impossible_patterns(), ids=lambda row: row.name)
def test_each_pattern_blocks_its_example(row: Impossible) -> None:
    before = re.sub(r"\^\[وف\]\?|\(\?:|\)?\$|\|.*", "", row.before)
    before = "شبكة" if "(?!" in before else before  # no particle
    assert row.pattern.search(row.blocks)
    assert impossible(row.blocks, strip_marks(row.blocks), before)


def test_a_loanword_may_have_a_cluster() -> None:
    assert not is_native("إلكترونية")
    assert not impossible("إِلِكْتْرُونِيَّة", "إلكترونية")


def test_hardly_a_word_vowelled_by_hand_is_impossible() -> None:
    words = [word.strip('؟.،؛:!"«»()') for line in lines_of(*TEXTS) for word in line.split()]
    wrong = []
    for word in words:
        ordered = re.sub("([\u064b-\u0652])\u0651", "\u0651\\1", word)
        if name := impossible(ordered, strip_marks(word)):
            wrong.append((name, word))
    assert len(words) > 5000
    assert len(wrong) < 10, wrong


@pytest.mark.slow
def test_no_word_of_our_texts_is_read_as_an_impossible_one() -> None:
    assert not blocked(readings(lines_of(*TEXTS[:6])))


@pytest.mark.slow
@pytest.mark.skipif(not Path(GOLD).is_file(), reason="BRIEFING_FOREIGN_TEXT names no text")
def test_no_word_by_others_is_read_as_an_impossible_one_in_any_order() -> None:
    lines = lines_of(Path(GOLD))
    words = " ".join(lines).split()
    chance = random.Random(1)
    shuffled = [" ".join(chance.choices(words, k=20)) for _ in range(5000)]
    assert not blocked(readings([*lines, *shuffled]))
