"""The order of an edition and the headings in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from briefing.config import Edition
from briefing.selection import Lineup, arrange
from briefing.sources import Article
from tests.selection.articles import article

A = article("أ", section="رياضة", date="2026-11-27T08:00:00+02:00")
B = article("ب", section="اقتصاد", date="2026-11-28")
C = article("ج", section="رياضة", date="2026-11-28T09:00:00Z")
D = article("د")
E = article("ه", section="اقتصاد", date="2026-11-26", order=1)


def titles(lineup: Lineup) -> str:
    return " ".join(one.title for one in lineup.articles)


def arranged(
    articles: Sequence[Article] = (A, B, C, D, E), waiting: Sequence[int] = (), **settings: Any
) -> Lineup:
    return arrange(articles, Edition(**settings), waiting)


def test_by_default_articles_stay_in_the_order_of_the_sources_without_headings() -> None:
    assert titles(arranged()) == "أ ب ج د ه"
    assert arranged().groups == ()


def test_newest_first_and_what_has_no_date_last() -> None:
    assert titles(arranged(order="newest")) == "ب ج أ ه د"


def test_moments_are_compared_across_time_zones() -> None:
    early = article("باكر", date="2026-11-28T01:00:00+03:00")
    late = article("متأخر", date="2026-11-27T23:30:00Z")
    assert titles(arranged([early, late], order="newest")) == "متأخر باكر"


def test_by_section_in_each_the_author_s_order_then_the_newest_first() -> None:
    lineup = arranged(order="section")
    assert titles(lineup) == "ج أ ه ب د"
    assert [(one.title, list(one.places)) for one in lineup.groups] == [
        ("رياضة", [0, 1]),
        ("اقتصاد", [2, 3]),
        ("أخبار أخرى", [4]),
    ]


def test_sections_come_as_they_are_named_and_others_after_them() -> None:
    lineup = arranged(order="newest", sections=("اقتصاد",))
    assert titles(lineup) == "ب ه ج أ د"
    assert [lineup.heading_before(place) for place in range(5)] == [
        "اقتصاد",
        "",
        "رياضة",
        "",
        "أخبار أخرى",
    ]


def test_files_keep_their_order_within_named_sections() -> None:
    assert titles(arranged(sections=("اقتصاد", "رياضة"))) == "ب ه أ ج د"


def test_a_section_is_the_same_with_and_without_vowels_and_spaces() -> None:
    pair = [article("أ", section=" اِقتصاد "), article("ب", section="اقتصاد")]
    (group,) = arranged(pair, sections=("اقتصاد",)).groups
    assert (group.title, group.count) == ("اقتصاد", 2)


def test_where_no_article_has_a_section_none_is_announced() -> None:
    assert arranged([D], order="section", sections=("رياضة",)).groups == ()


@pytest.mark.parametrize("order", ["file", "newest", "section"])
def test_what_waited_comes_first_in_its_section(order: str) -> None:
    lineup = arranged(waiting=[0], order=order, sections=("رياضة",))
    assert titles(lineup).startswith("أ ج")


def test_a_section_whose_first_article_is_cut_keeps_its_heading() -> None:
    lineup = arranged(order="section").only([1, 3])
    assert [lineup.heading_before(place) for place in range(2)] == ["رياضة", "اقتصاد"]
