"""Tables of pages: each row is said with its headings, and a cell that spans several is in each."""

from briefing.sources.documents.parsing import parse

PAGE = """<html lang="ar"><body><article><h1>نتائج المباريات</h1>
<p>هذه نتائج اليوم كما أعلنها الاتحاد العربي لكرة القدم بعد نهاية المباريات كلها في العاصمة.</p>
<table>{}</table>
<p>وتتواصل المباريات غدا في الملعب نفسه بمشاركة أربعة فرق أخرى كما قال المنظمون.</p>
</article></body></html>"""


def rows_of(table: str) -> list[str]:
    (document,) = parse(PAGE.format(table).encode(), "page.html")
    return [part.text for part in document.paragraphs if part.kind == "row"]


def test_a_cell_that_spans_three_rows_is_said_in_each() -> None:
    table = """<tr><th>اليوم</th><th>الفريق</th><th>النقاط</th></tr>
    <tr><td rowspan="3">السبت</td><td>الشباب</td><td>ثلاث</td></tr>
    <tr><td>النصر</td><td>نقطة</td></tr><tr><td>الهلال</td><td>صفر</td></tr>
    <tr><td>الأحد</td><td>الوحدة</td><td>نقطة</td></tr>"""
    assert rows_of(table) == [
        "اليوم: السبت، الفريق: الشباب، النقاط: ثلاث.",
        "اليوم: السبت، الفريق: النصر، النقاط: نقطة.",
        "اليوم: السبت، الفريق: الهلال، النقاط: صفر.",
        "اليوم: الأحد، الفريق: الوحدة، النقاط: نقطة.",
    ]
