"""`briefing script`: what an editor sees of how each word will be read, and why."""

from __future__ import annotations

import json
import re
from typing import NamedTuple

import pytest

from briefing.text.cleaning import strip_marks
from tests.conftest import Project

ARTICLE = """غارة على المدينة

قال د. سمير في 15/09/2024 إن 3 جنود قُتلوا، وارتفع سعر BBC بنسبة 5% إلى $7.50 [1].

درسَ الموضوعَ في عام 2014.
"""


class Row(NamedTuple):
    reader: str
    written: str
    spoken: str


@pytest.fixture
def article(project: Project) -> Project:
    project.write("a.txt", ARTICLE)
    (project.folder / "names.toml").write_text('[words]\n"سمير" = "سَمِير"\n', encoding="utf-8")
    (project.folder / "config.toml").write_text('[text]\nlexicon = "names.toml"\n', "utf-8")
    return project


@pytest.fixture
def blocks(article: Project) -> list[list[str]]:
    """Return the rows of `script --why`, sentence by sentence."""
    done = article.run("script", "--why", "seeds/a.txt")
    assert done.returncode == 0, done.stderr
    blocks = [
        [line for line in block.splitlines() if "\u200e" in line]
        for block in done.stdout.split("\n\n")
    ]
    return [rows for rows in blocks if rows]


def row_of(line: str) -> Row:
    reader, written, spoken = (cell.strip() for cell in line.split("\u200e")[:3])
    return Row(reader, written, spoken)


def test_why_names_what_read_each_word(blocks: list[list[str]]) -> None:
    rows = {row.written: row for rows in blocks for row in map(row_of, rows)}
    assert rows["15/09/2024"].reader == "rule: date"
    assert rows["2014"].reader == "rule: year"
    assert rows["د."].reader == "rule: abbreviation"
    assert strip_marks(rows["د."].spoken) == "الدكتور"
    assert rows["3"].reader == "rule: number_and_noun"
    assert rows["5%"].reader == "rule: percentage"
    assert rows["$7.50"].reader == "rule: money"
    assert rows["BBC"][::2] == ("rule: acronym", "بِي بِي سِي")
    assert rows["سمير"].reader == "lexicon"
    assert rows["غارة"].reader == "built_in: known_words"
    assert rows["درسَ"].reader.startswith("author")
    assert rows["1"] == ("not spoken: footnote", "1", "")


def test_why_has_a_row_for_each_word_in_the_order_written(blocks: list[list[str]]) -> None:
    assert [row_of(line).written for line in blocks[-1]] == ["درسَ", "الموضوعَ", "في", "عام", "2014"]


def test_columns_of_why_stand_below_each_other(blocks: list[list[str]]) -> None:
    for rows in blocks:
        without_marks = [re.sub("[\u064b-\u0652]", "", line) for line in rows]
        starts = {re.match(r" *[^\u200e]*\u200e *", line).end() for line in without_marks}  # type: ignore[union-attr]
        assert len(starts) == 1, rows


def test_json_has_the_same_rules(article: Project) -> None:
    done = article.run("script", "--json", "seeds/a.txt")
    tokens = [token for line in done.stdout.splitlines() for token in json.loads(line)["tokens"]]
    rules = {token["text"]: token["rule"] for token in tokens}
    assert rules["15/09/2024"] == "date"
    assert rules["غارة"] == "known_words"
    assert rules["درسَ"] == ""


def test_why_and_json_exclude_each_other(article: Project) -> None:
    done = article.run("script", "--why", "--json", "seeds/a.txt")
    assert done.returncode == 2
    assert "--json" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_zero_with_an_english_ending_is_read(project: Project) -> None:
    project.write("a.txt", "بلغ 0st نقطة.")
    done = project.run("script", "seeds/a.txt")
    assert done.returncode == 0, done.stderr
    assert "صِفْر" in done.stdout


@pytest.mark.parametrize("steering", ["\x1b[2J", "\x1b]0;title\x07", "\u202e", "\u2066"])
def test_a_text_steers_no_terminal(project: Project, steering: str) -> None:
    text = f"فاز {steering}ويتكوف 2{steering} - 1 في ج{steering}نيف."
    done = project.run("script", "--why", "-", text=text)
    assert done.returncode == 0, done.stderr
    assert not set("\x1b\x07\u202e\u2066") & set(done.stdout)
