"""Words that somebody wrote without hamza, or with ه for ة, ى for ي, are read as they are spelled."""

import re

import pytest

from briefing.config import Text
from briefing.text.cleaning import clean, strip_marks
from briefing.text.normalisation.lexicon import load_lexicon
from briefing.text.normalisation.paragraph import read_paragraph
from briefing.text.normalisation.spelling_slips import as_spelled
from tests.benchmarks.spelling_slips import HABITS, counts
from tests.text.reading.tables import FOLDER, cases

ROWS = cases(FOLDER / "spelling_slips.tsv")
OURS = sorted((FOLDER.parents[1] / "benchmarks").glob("[hv]*.txt"))
WORD = re.compile("[ء-ي]+")


def said(text: str) -> str:
    sentences = read_paragraph(text, Text(), load_lexicon(None))
    return " ".join(sentence.spoken for sentence in sentences)


@pytest.mark.parametrize(("written", "right"), ROWS)
def test_the_word_is_said_as_it_is_spelled(written: str, right: list[str]) -> None:
    assert said(written) in right  # to the letter: the other tables take أ and ا for one


def sentences_of_ours() -> list[list[str]]:
    lines = [line for path in OURS for line in path.read_text(encoding="utf-8").splitlines()]
    texts = [strip_marks(clean(line.split("\t")[-1])) for line in lines if line[:1] != "#"]
    return [WORD.findall(text) for text in texts]


def test_no_word_of_our_own_texts_is_changed() -> None:
    sentences = sentences_of_ours()
    changed = [
        (before, after)
        for words in sentences
        for before, after in zip(words, as_spelled(words), strict=True)
        if before != after
    ]
    assert sum(map(len, sentences)) > 12_000
    assert changed == []


@pytest.mark.parametrize(
    ("habit", "least_mended", "most_wrong"),
    [("no hamza", 0.9, 0.03), ("ه for ة", 0.7, 0.005), ("ى for ي", 0.8, 0.005)],
)
def test_a_habit_of_the_writer_is_undone(
    habit: str, least_mended: float, most_wrong: float
) -> None:
    slips, mended, wrong, _ = counts(sentences_of_ours(), HABITS[habit])
    assert slips > 800
    assert mended / slips >= least_mended
    assert wrong / slips <= most_wrong


def test_the_written_word_stays_in_its_token() -> None:
    text = "واضاف ان الحكومه"
    [sentence] = read_paragraph(text, Text(), load_lexicon(None))
    assert [text[token.start : token.end] for token in sentence.tokens] == text.split()
    assert [token.text for token in sentence.tokens] == text.split()


def test_a_lexicon_entry_for_the_written_word_wins(tmp_path) -> None:
    own = tmp_path / "lexicon.toml"
    own.write_text('[words]\n"اسامه" = "أُسَامَة"\n', encoding="utf-8")
    [sentence] = read_paragraph("قال اسامه ذلك", Text(), load_lexicon(own))
    assert [token.source for token in sentence.tokens][1] == "lexicon"
