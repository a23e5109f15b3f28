"""The same story is known again: by its id, its link, its words; and two stories stay two."""

from __future__ import annotations

import pytest

from briefing.selection.stories import Stories, canonical_link, story_of
from briefing.sources import Article
from tests.selection.articles import article, entry, story

AGENCY = """أعلنت وزارة الصحة اليوم أن حملة التلقيح ضد شلل الأطفال تبدأ الأحد المقبل في جميع المحافظات وتستمر خمسة أيام.
وقال المتحدث باسم الوزارة إن الفرق الجوالة ستزور البيوت في القرى البعيدة، وإن اللقاح مجاني لكل طفل دون الخامسة.
ودعت الوزارة الأهالي إلى إحضار بطاقة التلقيح، وأكدت أن المراكز تفتح أبوابها من الثامنة صباحًا حتى السادسة مساءً."""
SHORTENED = """أعلنت وزارة الصحة اليوم أن حملة التلقيح ضد شلل الأطفال تبدأ الأحد المقبل في جميع المحافظات وتستمر خمسة أيام.
وقال المتحدث باسم الوزارة إن الفرق الجوالة ستزور البيوت في القرى البعيدة، وإن اللقاح مجاني لكل طفل دون الخامسة.
وتأتي الحملة بعد تسجيل إصابة في البلد المجاور."""
FOLLOW_UP = """انطلقت صباح الأحد حملة التلقيح ضد شلل الأطفال، وسجل اليوم الأول تلقيح أكثر من ستين ألف طفل.
وقال طبيب في مركز العاصمة إن الإقبال فاق التوقعات، وإن الأمهات انتظرن أمام الباب قبل أن يفتح.
وتنوي الوزارة أن تمدد الحملة يومين إن بقيت جرعات."""
WEATHER = """يكون الطقس غدًا غائمًا جزئيًا مع احتمال هطول أمطار خفيفة على الساحل.
وتتراوح درجات الحرارة بين 14 و21 درجة، والرياح جنوبية غربية سرعتها 30 كيلومترًا في الساعة."""
NEXT_WEATHER = """يكون الطقس غدًا مشمسًا مع ارتفاع في الحرارة، ويتشكل الضباب على المرتفعات ليلًا.
وتتراوح درجات الحرارة بين 16 و24 درجة، والرياح شمالية شرقية سرعتها 15 كيلومترًا في الساعة."""


def same(first: Article, second: Article, *, by_text: bool = True) -> bool:
    return Stories([story_of(first)]).match(story_of(second), by_text=by_text) is not None


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("https://example.org/news/12", "example.org/news/12"),
        ("http://www.example.org:80/news/12/?utm_source=rss&utm_medium=feed#comments", "example.org/news/12"),
        ("https://example.org/read?id=7&fbclid=IwAR0&page=2", "example.org/read?id=7&page=2"),
        ("https://example.org:8443/a", "example.org:8443/a"),
        ("https://EXAMPLE.org/A", "example.org/A"),
        ("https://example.org/", ""),
        ("https://example.org/?utm_source=x", ""),
        ("tag:example.org,2026:7", ""),
        ("https://[::1/a", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_an_address_is_told_by_its_page_and_not_by_who_led_there(address: str, link: str) -> None:
    assert canonical_link(address) == link


def test_two_outlets_print_one_agency_text_under_their_own_headlines() -> None:
    first = entry("أ", "1", AGENCY, title="حملة لتلقيح الأطفال في المحافظات")
    second = entry("ب", "77", SHORTENED, title="الصحة تطلق حملة تلقيح الأحد")
    assert same(first, second)
    assert same(second, first)


@pytest.mark.parametrize(("first", "second"), [(AGENCY, FOLLOW_UP), (WEATHER, NEXT_WEATHER)])
def test_a_follow_up_and_tomorrows_weather_are_other_stories(first: str, second: str) -> None:
    assert not same(entry("أ", "1", first), entry("أ", "2", second))
    assert not same(entry("أ", "1", first), entry("ب", "1", second))


def test_vowels_and_spelling_do_not_tell_texts_apart() -> None:
    plain = AGENCY.replace("أعلنت", "اعلنت").replace("مساءً", "مساء")
    vowelled = AGENCY.replace("وزارة الصحة", "وِزَارَةُ الصِّحَّةِ").replace("اليوم", "اليـــوم")
    assert same(entry("أ", "1", plain), entry("ب", "2", vowelled))


def test_a_part_of_a_long_text_is_found_in_it() -> None:
    """The long one is remembered by a sample of its runs."""
    long = " ".join(story(number) for number in range(40))
    assert same(entry("أ", "1", long), entry("ب", "2", " ".join(long.split()[1000:1400])))
    assert not same(entry("أ", "1", long), entry("ب", "2", story(999, 400)))


def test_a_quotation_that_two_articles_share_does_not_make_them_one() -> None:
    quotation = "لن نقبل بأقل من اتفاق عادل يحفظ حقوق العمال"
    first, second = f"{story(1)} {quotation}", f"{quotation} {story(2)}"
    assert not same(entry("أ", "1", first), entry("ب", "2", second))


def test_short_texts_are_the_same_only_word_for_word() -> None:
    text = "الرئيس يصل إلى القاهرة"
    assert same(entry("أ", "1", text), entry("ب", "2", f"{text}."))
    assert not same(entry("أ", "1", text), entry("ب", "2", "الرئيس يصل إلى بغداد"))


def test_an_edited_entry_keeps_its_id() -> None:
    assert same(entry("أ", "1", AGENCY), entry("أ", "1", FOLLOW_UP))


def test_ids_that_any_feed_may_give_are_those_of_one_feed() -> None:
    assert not same(entry("أ", "1", AGENCY), entry("ب", "1", FOLLOW_UP))
    for key in (
        "https://example.org/?p=1",
        "tag:example.org,2026:1",
        "urn:uuid:225c695c-cfb8-4ebb",
    ):
        assert same(entry("أ", key, AGENCY), entry("ب", key, FOLLOW_UP))


def test_one_link_in_two_feeds_is_one_story_and_in_one_feed_may_be_several() -> None:
    link = "https://example.org/live/9"
    first = entry("أ", "1", AGENCY, url=f"{link}?utm_source=a")
    assert same(first, entry("ب", "2", FOLLOW_UP, url=f"{link}#top"))
    assert not same(first, entry("أ", "2", FOLLOW_UP, url=f"{link}#entry-2"))
    assert same(first, entry("أ", "2", SHORTENED, url=link))


def test_a_feed_that_links_all_its_entries_to_the_front_page_keeps_them() -> None:
    front = "https://example.org/"
    assert not same(entry("أ", "1", AGENCY, url=front), entry("ب", "2", FOLLOW_UP, url=front))


def test_a_file_of_the_folder_is_another_article_when_its_text_is_another() -> None:
    monday, tuesday = article("اليوم", AGENCY), article("اليوم", FOLLOW_UP)
    assert not same(monday, tuesday)
    assert same(monday, article("اليوم", SHORTENED))
    assert same(monday, article("باسم آخر", AGENCY))
    assert not same(monday, article("باسم آخر", SHORTENED))


def test_two_files_of_the_folder_are_both_read_in_one_edition() -> None:
    assert not same(article("أ", AGENCY), article("ب", AGENCY), by_text=False)


def test_a_file_of_the_folder_and_an_entry_of_a_feed_may_be_one_story() -> None:
    saved = article("محفوظ", AGENCY, url="https://example.org/1")
    assert same(saved, entry("أ", "1", SHORTENED), by_text=False)
    assert same(saved, entry("أ", "2", FOLLOW_UP, url="http://example.org/1"), by_text=False)
    assert not same(saved, entry("أ", "2", FOLLOW_UP, url="http://example.org/2"), by_text=False)
