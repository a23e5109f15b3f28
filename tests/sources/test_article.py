"""Text to an article: title, paragraphs, byline."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.sources.article import article
from tests.conftest import SEEDS

BODY = "قال الوزير إن المفاوضات مستمرة.\nوأضاف أن الاتفاق قريب."


def parts(text: str) -> tuple[str, tuple[str, ...], str]:
    made = article(text, "seeds/a.txt", "0" * 64)
    return made.title, made.paragraphs, made.byline


def test_the_sample_has_a_title_nineteen_paragraphs_and_a_byline() -> None:
    (seed,) = SEEDS.glob("*.txt")
    title, paragraphs, byline = parts(seed.read_text("utf-8"))
    assert title == "يقول ترامب إن الدعوة مع بوتين بداية مفاوضات السلام أوكرانيا"
    assert len(paragraphs) == 19
    assert byline == "Farnaz Fassihi و جوليان بارنز ساهم التقارير."


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\n\n", "\n \t\n"])
def test_paragraphs_are_lines_however_lines_end(end: str) -> None:
    text = end.join(["عنوان الخبر", *BODY.split("\n")])
    assert parts(text) == ("عنوان الخبر", tuple(BODY.split("\n")), "")


def test_lines_that_were_broken_for_their_width_are_one_paragraph() -> None:
    block = (
        "قال الوزير في مؤتمر صحفي عقده مساء أمس في العاصمة إن\n"
        "المفاوضات مستمرة بين الطرفين وإن الاتفاق بات قريبا\n"
        "رغم ما تردد عن خلافات حول البند الأخير من المسودة."
    )
    title, paragraphs, _ = parts(f"عنوان\n\n{block}\n\n{block}\n")
    assert title == "عنوان"
    assert paragraphs == (block, block)


def test_list_items_stay_apart() -> None:
    items = (
        "- وقف إطلاق النار في كل المناطق دون شروط مسبقة",
        "- تبادل الأسرى بين الطرفين برعاية أممية كاملة",
    )
    assert parts("عنوان\n\n" + "\n".join(items))[1] == items


def test_a_first_line_that_reads_like_a_paragraph_is_no_title() -> None:
    title, paragraphs, _ = parts(BODY)
    assert title == ""
    assert len(paragraphs) == 2


def test_a_single_line_is_a_paragraph() -> None:
    assert parts("خبر عاجل من بيروت") == ("", ("خبر عاجل من بيروت",), "")


@pytest.mark.parametrize(
    "line",
    [
        "بقلم أحمد علي",
        "كتب: أحمد علي",
        "المصدر: وكالات",
        "إعداد: سامي حداد - تحرير: ليلى منصور",
        "(رويترز)",
        "سامي علي ساهم في إعداد هذا التقرير.",
        "رويترز",
    ],
)
def test_a_byline_at_the_end_is_credited_and_not_a_paragraph(line: str) -> None:
    title, paragraphs, byline = parts(f"عنوان\n\n{BODY}\n{line}\n")
    assert byline == line
    assert paragraphs == tuple(BODY.split("\n"))
    assert title == "عنوان"


@pytest.mark.parametrize(
    "line",
    [
        "كتب ترامب على منصته أن الحرب انتهت.",
        "وساهم في تقرير مصير المدينة عدد من الوزراء، ثم عادوا إلى بيوتهم. وانتهى الأمر.",
        "المصدر الوحيد للمياه هو النهر.",
        "شارك الرئيس في القمة.",
    ],
)
def test_a_last_paragraph_that_begins_like_a_byline_is_read(line: str) -> None:
    _, paragraphs, byline = parts(f"عنوان\n\n{BODY}\n{line}\n")
    assert byline == ""
    assert paragraphs[-1] == line


def test_a_byline_under_the_title_is_found() -> None:
    assert parts(f"عنوان\nبقلم أحمد علي\n\n{BODY}")[2] == "بقلم أحمد علي"


@given(st.text(max_size=400))
def test_no_character_but_white_space_is_lost(text: str) -> None:
    made = article(text, "a.txt", "")
    kept = "".join([made.title, *made.paragraphs, made.byline])
    for character in text:
        if not character.isspace() and character not in "\ufeff،\x1c\x1d\x1e\x1f":
            assert character in kept
