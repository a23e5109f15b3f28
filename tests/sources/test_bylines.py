"""What is found in a text: its title, paragraphs and byline."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from briefing.sources.article import Article, article

HERE = Path(__file__).parent
SAMPLE = HERE.parents[1] / "seeds" / "000_ff2973d1cc67514d.txt"
BODY = "قال الوزير إن العمل مستمر في كل المدن."
LINES = [
    row.split("\t")
    for row in (HERE / "bylines.tsv").read_text(encoding="utf-8").splitlines()
    if not row.startswith("#")
]


def read(text: str) -> Article:
    return article(text, "seeds/a.txt", "0" * 64)


def test_the_sample_has_a_title_nineteen_paragraphs_and_a_byline() -> None:
    found = read(SAMPLE.read_text(encoding="utf-8"))
    assert found.title == "يقول ترامب إن الدعوة مع بوتين بداية مفاوضات السلام أوكرانيا"
    assert len(found.paragraphs) == 19
    assert found.byline == "Farnaz Fassihi و جوليان بارنز ساهم التقارير."


@pytest.mark.parametrize(("place", "expected", "line"), LINES)
def test_a_byline_is_told_from_a_paragraph(place: str, expected: str, line: str) -> None:
    lines = ["عنوان الخبر", line, BODY] if place == "top" else ["عنوان الخبر", BODY, line]
    found = read("\n".join(lines))
    assert found.byline == (line if expected == "yes" else "")
    assert (line in found.paragraphs) == (expected == "no")


def test_each_example_of_the_table_is_one() -> None:
    table = HERE.parents[1] / "briefing" / "sources" / "data" / "bylines.tsv"
    for row in table.read_text(encoding="utf-8").splitlines():
        if not row.startswith("#"):
            _, words, pattern, example = row.split("\t")
            assert re.fullmatch(pattern, example), row
            assert len(example.split()) <= int(words), row


def test_bylines_at_both_ends_are_credited_together() -> None:
    found = read(f"عنوان الخبر\nبقلم: أحمد علي\n{BODY}\nتحرير: سامي نصر\n(رويترز)")
    assert found.byline == "بقلم: أحمد علي، تحرير: سامي نصر، (رويترز)"
    assert found.paragraphs == (BODY,)


def test_a_byline_alone_under_a_title_stays_to_be_read() -> None:
    assert read("عنوان الخبر\nبقلم: أحمد علي").paragraphs == ("بقلم: أحمد علي",)


def test_a_single_line_is_a_paragraph_and_no_title() -> None:
    found = read("خبر قصير")
    assert (found.title, found.paragraphs, found.heading) == ("", ("خبر قصير",), "a")


def test_a_long_first_line_is_no_title() -> None:
    first = " ".join(["كلمة"] * 60)
    assert read(f"{first}\n\n{BODY}").title == ""


def test_blank_lines_between_single_lines_change_nothing() -> None:
    lines = ["عنوان الخبر", BODY, BODY + " ثانيا."]
    assert read("\n\n\n".join(lines)) == read("\n".join(lines))


def test_lines_broken_for_their_width_are_one_paragraph() -> None:
    block = (
        "قال الوزير في مؤتمر صحفي عقده أمس في العاصمة إن العمل\n"
        "مستمر في كل المدن والقرى وإن الحكومة ستنفق مزيدا من\n"
        "الأموال على الطرق والمدارس."
    )
    assert read(f"عنوان الخبر\n\n{block}\n\n{block}").paragraphs == (block, block)


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_line_ends_of_every_system_are_read(end: str) -> None:
    assert read(end.join(["عنوان الخبر", "", BODY, BODY])).paragraphs == (BODY, BODY)
