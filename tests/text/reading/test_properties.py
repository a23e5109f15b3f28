"""What holds of every reading, whatever is written."""

import random
import re
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from briefing.config import Text
from briefing.text.normalisation.lexicon import load_lexicon
from briefing.text.normalisation.paragraph import read_paragraph

ROOT = Path(__file__).parents[3]
LEXICON = load_lexicon(None)
ARTICLE = next((ROOT / "seeds").glob("*.txt")).read_text(encoding="utf-8")
TOKENS = sorted(
    {
        word
        for path in [ROOT / "tests/gold/spoken.tsv", *ROOT.glob("tests/text/reading/*.tsv")]
        for line in path.read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
        for word in line.split("\t")[0].split()
    }
)
SIGNS = [*'.,،؛؟!…-/:()«»"“”%$ \n\t', " ", " ", "ال", "بـ", "و", "XIV", "12", "3.5"]
MIXTURES = st.lists(st.sampled_from(TOKENS) | st.sampled_from(SIGNS), max_size=30)


def read(text):
    return read_paragraph(text, Text(), LEXICON)


def assert_sound(text):
    """Spans in order and whole; tokens inside them; nothing in `spoken` that is no word."""
    at = 0
    for sentence in read(text):
        assert not text[at : sentence.start].strip()
        assert text[sentence.start : sentence.end] == sentence.text
        at, last = sentence.end, sentence.start
        for token in sentence.tokens:
            assert last <= token.start < token.end <= sentence.end
            assert text[token.start : token.end] == token.text
            last = token.end
            assert token.spoken == " ".join(token.spoken.split())
            if token.language == "ar":
                assert not re.search(r"[0-9A-Za-z\W_]", token.spoken.replace(" ", ""))
            if token.vowelled:
                assert len(token.vowelled.split()) == len(token.spoken.split())
    assert not text[at:].strip()


@given(st.text(max_size=60))
@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_text_is_read_whole(text):
    assert_sound(text)


@given(MIXTURES, st.sampled_from(["", " "]))
@settings(max_examples=300, deadline=None)
def test_mixtures_of_real_tokens_are_read_whole(parts, between):
    assert_sound(between.join(parts))


@given(MIXTURES)
@example(["NGOs", "XII"])
@example(["لويس", "XIV", "XII"])
@example(["$3bn", "XII"])
@settings(max_examples=300, deadline=None)
def test_reading_what_is_spoken_changes_nothing(parts):
    spoken = " ".join(one.spoken for one in read(" ".join(parts)) if one.spoken)
    assert " ".join(one.spoken for one in read(spoken) if one.spoken) == spoken


@given(st.lists(st.sampled_from(TOKENS), min_size=1, max_size=20))
@settings(max_examples=200, deadline=None)
def test_every_written_word_is_in_a_token(parts):
    text = " ".join(parts)
    covered = {
        place
        for one in read(text)
        for token in one.tokens
        for place in range(token.start, token.end)
    }
    # a tatweel alone is a dash
    for word in re.finditer(
        r"[\u0621-\u063a\u0641-\u064aA-Za-z0-9]+", re.sub("</?b>|&[a-z]+;", " ", text)
    ):
        if text[word.start() : word.end()] == word[0]:
            assert word.start() in covered or "<" in text or "&" in text


def test_ten_thousand_random_documents_are_read_without_an_exception():
    chance = random.Random(3)
    for _ in range(10_000):
        planes = (0x80, 0x800, 0x3000, 0xFFFF, sys.maxunicode)
        text = "".join(
            chr(chance.randrange(chance.choice(planes))) for _ in range(chance.randrange(12))
        )
        read(text)


@pytest.mark.slow
def test_soup_of_letters_figures_and_signs_is_read_without_an_exception():
    chance = random.Random(5)
    soup = "ابتدذرسشعفقكلمنهويةىأإء ،؛؟!.:-()«»'0123456789٠٣%$€/+ـًُِّ\u200f\n\tABcd🙂½²"
    for _ in range(5_000):
        for sentence in read("".join(chance.choices(soup, k=chance.randrange(120)))):
            for token in sentence.tokens:
                if token.language == "ar":
                    assert not re.search(r"[^\u0621-\u0670 ]", token.spoken), token


def test_a_run_of_letters_that_no_voice_could_say_is_marked_and_not_said():
    (sentence,) = read("كلمة " + "بت" * 50 + " أخرى")
    assert sentence.spoken == "كلمة أخرى"
    assert [token.unsure for token in sentence.tokens] == [False, True, False]


HOSTILE = {
    "marks": "\u064e" * 100_000,
    "a word of marks": "ب" + "\u0651" * 100_000,
    "digits": "1" * 100_000,
    "groups": "1," * 50_000,
    "points": "1." * 50_000,
    "commas": "،" * 100_000,
    "stops": ". " * 50_000,
    "open quotes": "«" * 50_000,
    "straight quotes": '"ا ' * 30_000,
    "letters": "أ." * 50_000,
    "one word": "ا" * 200_000,
    "one Latin word": "a-" * 100_000,
    "dots and letters": "a." * 50_000,
    "at signs": "a@" * 50_000,
    "tags": "#" * 100_000,
    "entities": "&amp" * 40_000,
    "tags of markup": "<p " * 50_000,
    "nulls": "\x00" * 100_000,
    "surrogates": "\ud800" * 50_000,
    "dashes": "1-" * 50_000,
    "telephones": "123-" * 30_000,
    "slashes": "1/" * 50_000,
    "spaces": " " * 200_000,
    "lines": "\n" * 200_000,
    "spaces and digits": "1 234 " * 30_000,
    "brackets": "()" * 50_000,
    "open brackets": "(" * 40_000,
    "numbers of items": "1) ا " * 20_000,
    "numbers in brackets": "(1) ا " * 20_000,
    "slips of spelling": "واضاف ان الحكومه " * 10_000,
    "letters and squares": "a²" * 20_000,
    "apostrophes": "'a" * 20_000,
    "tags of words": "#_" * 20_000,
    "joiners": "\U0001f468\u200d" * 20_000,
    "initials set apart": "د. " * 13_000,
    "speech without an end": "قال «كلمة. " * 4_000,
    "comments": "<!--" * 10_000,
    "scripts": "<script>" * 5_000,
    "entities of entities": "&amp;" * 8_000,
    "one letter": "ه" * 40_000,
}


def seconds_to_read(text: str) -> float:
    """CPU time of reading `text`, in seconds: the shorter of two, for a machine that is shared."""
    spent = []
    for _ in range(2):
        started = time.process_time()
        read(text)
        spent.append(time.process_time() - started)
    return min(spent)


@pytest.mark.slow
def test_hostile_text_takes_no_more_than_linear_time():
    """Four times the text takes four times as long (sixteen if it were quadratic).

    Each character also costs at most twenty times as much as one of an article in the same run.
    The worst costs six times as much: each "1." is a number that is read.
    """
    ordinary = ARTICLE * 4
    usual = seconds_to_read(ordinary) / len(ordinary)
    slow = {}
    for name, text in HOSTILE.items():
        spent = seconds_to_read(text)
        growth = spent / max(seconds_to_read(text[: len(text) // 4]), 0.02)
        if growth > 9 or spent / len(text) > 20 * usual:
            slow[name] = (growth, spent / len(text) / usual)
    assert not slow
