"""Documents near those of the sixth set of own_documents: the same kinds, written otherwise."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from briefing.sources.documents.dates import is_date_line, written_date
from briefing.sources.documents.front_matter import front_matter
from briefing.sources.documents.store import DocumentStore
from tests.sources.test_nearby_documents import FIRST, LAST, TEXT, TITLE, article_page, read

CAPTION = "الشتلات قبل غرسها، تصوير ندى"


@pytest.fixture(scope="module")
def documents() -> Iterator[DocumentStore]:
    with DocumentStore(None) as documents:
        yield documents


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("الإثنين, 04 كانون2/يناير 2027 09:15", "2027-01-04"),
        ("الأربعاء، 14 تشرين1/أكتوبر 2026", "2026-10-14"),
        ("٣١ كانون١ ٢٠٢٦", "2026-12-31"),
        ("23 تشرين 2 2026", "2026-11-23"),
        ("2 تشرين الثاني 2026", "2026-11-02"),
    ],
)
def test_the_months_of_the_levant_may_be_numbered(line: str, date: str) -> None:
    assert written_date(line) == date
    assert is_date_line(line.removesuffix(" 09:15"))


@pytest.mark.parametrize("picture", ["![الميناء](a.jpg)", "[![الميناء](a.jpg)](b.jpg)"])
@pytest.mark.parametrize("line", [f"*{CAPTION}*", f"_{CAPTION}_", f"<i>{CAPTION}</i>"])
def test_a_line_in_italics_under_a_picture_is_its_caption(
    picture: str, line: str, documents: DocumentStore
) -> None:
    text = f"# {TITLE}\n\n{FIRST}\n\n{picture}\n{line}\n\n{LAST}\n"
    assert list(read("a.md", text, documents).paragraphs) == [FIRST, LAST]


@pytest.mark.parametrize(
    "line",
    [f"*{CAPTION}*", f"![الميناء](a.jpg)\n*{CAPTION}* وحدها", f"![الميناء](a.jpg) {CAPTION}"],
)
def test_other_italics_and_other_texts_beside_a_picture_are_read(
    line: str, documents: DocumentStore
) -> None:
    text = f"# {TITLE}\n\n{FIRST}\n\n{line}\n\n{LAST}\n"
    assert CAPTION in " ".join(read("a.md", text, documents).paragraphs)


def test_categories_in_a_table_of_taxonomies_are_the_section() -> None:
    pytest.importorskip("yaml", reason="the extra briefing[documents] is not installed")
    head = '+++\ntitle = "عنوان"\n[taxonomies]\nCategories = ["بيئة", "مدن"]\ntags = ["شجر"]\n+++\n'
    assert front_matter(head)[0].section == "بيئة"
    assert front_matter("---\ntitle: عنوان\ntaxonomies: بيئة\n---\n")[0].section == ""


@pytest.mark.parametrize("date", ["Nov 3 2026", "3 November 2026", "2026-11-03", "'2026-11-03'"])
def test_the_date_of_a_front_matter_may_be_called_pub_date(date: str) -> None:
    pytest.importorskip("yaml", reason="the extra briefing[documents] is not installed")
    assert front_matter(f"---\ntitle: عنوان\npubDate: {date}\n---\n")[0].date == "2026-11-03"


@pytest.mark.parametrize(
    "question",
    [
        "<h4>هل كان هذا المقال مفيدا؟</h4>",
        "<p>هل أفادتك هذه الصفحة؟</p>",
        '<div class="page-feedback"><h3>قيم الصفحة</h3><p>قال 91 % من الزوار نعم من 34 رأيا</p></div>',
        '<section id="was-it-helpful"><p>أخبرنا برأيك في هذا المحتوى</p></section>',
    ],
)
def test_a_page_s_question_whether_it_was_useful_is_not_read(
    question: str, documents: DocumentStore
) -> None:
    assert list(read("a.html", article_page(question), documents).paragraphs) == TEXT
