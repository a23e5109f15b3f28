"""Documents that are near those of own_documents: the same kind of markup, written otherwise."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from briefing.config import Config
from briefing.sources import Article
from briefing.sources.documents.articles import read_articles
from briefing.sources.documents.kinds import kind_of
from briefing.sources.documents.store import DocumentStore
from tests.sources.held_documents import HeldDocument
from tests.sources.test_held_documents import skip_unless_installed

TITLE = "البلدية تزرع ألف شجرة حول الميناء القديم"
FIRST = "بدأت البلدية أمس غرس ألف شجرة حول الميناء القديم، بعد شتاء قليل المطر."
SECOND = "ويشارك في العمل طلاب من ست مدارس، ويسقون ما غرسوا مرة في الأسبوع."
THIRD = "وقال المهندس سامر عيد إن الأشجار من الزيتون والخروب لأنها تصبر على العطش."
LAST = "وينتهي العمل في آخر آذار إذا لم تشتد الريح على الشتلات الصغيرة."
TEXT = [FIRST, SECOND, THIRD, LAST]


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def page(body: str, head: str = "") -> str:
    return (
        f'<!DOCTYPE html><html lang="ar" dir="rtl"><head><meta charset="utf-8"><title>{TITLE}'
        f"</title>{head}</head><body>{body}</body></html>"
    )


def article_page(middle: str, head: str = "") -> str:
    """Return a page with a title, two paragraphs, something in the middle, and two more."""
    body = f"<h1>{TITLE}</h1>{paragraphs(FIRST, SECOND)}{middle}{paragraphs(THIRD, LAST)}"
    return page(f'<main><div class="css-1x2">{body}</div></main>', head)


@pytest.fixture(scope="module")
def documents() -> Iterator[DocumentStore]:
    with DocumentStore(None) as documents:
        yield documents


def read(name: str, data: str | bytes, documents: DocumentStore) -> Article:
    skip_unless_installed(HeldDocument(Path(name), {}))
    kind = kind_of(name)
    assert kind is not None
    data = data.encode() if isinstance(data, str) else data
    [reading] = read_articles(data, name, "0" * 64, kind, Config(), documents)
    return reading.article


def headings(article: Article) -> list[str]:
    return [
        text for place, text in enumerate(article.paragraphs) if article.kind_of(place) == "heading"
    ]


UNSPOKEN = {
    "a pull quote in a figure": '<figure class="quote-pull"><blockquote><p>تصبر على العطش</p>'
    "</blockquote></figure>",
    "a pull quote with who said it": '<blockquote class="c-pullquote"><p>تصبر على العطش</p>'
    "<cite>سامر عيد</cite></blockquote>",
    "a related box by a label": '<section data-testid="related-stories"><h2>قصص أخرى</h2>'
    '<p><a href="/a">كيف تنمو شجرة في الصخر؟</a></p></section>',
    "a list of linked questions": '<ul><li><a href="/a">كيف تنمو شجرة في الصخر؟</a></li></ul>',
    "a promise of links": '<div data-component="links-block"><a href="/a">لماذا جف النبع؟</a></div>',
    "a box of subscriptions": '<div class="box-jetpack-subscriptions"><h3>النشرة</h3>'
    "<p>ضع بريدك هنا ليصلك الجديد من أخبار البلدية.</p></div>",
    "a table of contents": '<div id="toc_container"><p>في هذا المقال</p>'
    '<ul><li><a href="#a">الميناء</a></li></ul></div>',
    "an embedded address": "<p>https://video.example/watch?v=1</p>",
    "a helper for screen readers": '<span class="visually-hidden-text">نهاية الإعلان</span>',
}


@pytest.mark.parametrize("middle", UNSPOKEN.values(), ids=UNSPOKEN)
def test_what_is_no_text_of_the_article_is_not_read(middle: str, documents: DocumentStore) -> None:
    article = read("a.html", article_page(middle), documents)
    assert (article.title, list(article.paragraphs)) == (TITLE, TEXT)


SPOKEN = {
    "a pull quote that nothing else has": (
        '<blockquote class="pull-quote"><p>من يغرس شجرة يغرس ظلا لغيره.</p></blockquote>',
        "من يغرس شجرة يغرس ظلا لغيره.",
    ),
    "a sentence that is a link": (
        '<p><a href="/a">ونشرت البلدية خريطة بمواضع الأشجار كلها.</a></p>',
        "ونشرت البلدية خريطة بمواضع الأشجار كلها.",
    ),
    "an address in a sentence": (
        "<p>ويسجل المتطوعون أسماءهم في https://shajar.example قبل يوم الخميس.</p>",
        "ويسجل المتطوعون أسماءهم في https://shajar.example قبل يوم الخميس.",
    ),
    "a bold question": (
        "<p><b>ومن يسقي الشجر في الصيف؟</b></p>",
        "ومن يسقي الشجر في الصيف؟",
    ),
    "a bold sentence": (
        "<p><b>وتكفي صهاريج البلدية شهرين فقط.</b></p>",
        "وتكفي صهاريج البلدية شهرين فقط.",
    ),
}


@pytest.mark.parametrize(("middle", "text"), SPOKEN.values(), ids=SPOKEN)
def test_what_is_text_of_the_article_is_read(
    middle: str, text: str, documents: DocumentStore
) -> None:
    article = read("a.html", article_page(middle), documents)
    assert list(article.paragraphs) == [FIRST, SECOND, text, THIRD, LAST]
    assert headings(article) == []


BOLD_LINES = {
    "strong": "<p><strong>أشجار تصبر</strong></p>",
    "a style": '<p style="text-align:right;font-weight: 700">أشجار تصبر</p>',
    "a span": '<p><span style="FONT-WEIGHT:bold">أشجار</span> <b>تصبر</b></p>',
    "a division": "<div><b>أشجار تصبر</b></div>",
    "with a break": "<p><b>أشجار تصبر</b><br></p>",
}


@pytest.mark.parametrize("line", BOLD_LINES.values(), ids=BOLD_LINES)
def test_a_bold_line_between_paragraphs_is_a_heading(line: str, documents: DocumentStore) -> None:
    article = read("a.html", article_page(line), documents)
    assert headings(article) == ["أشجار تصبر"]
    entry = {"id": "1", "title": TITLE, "content_html": paragraphs(FIRST) + line + paragraphs(LAST)}
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": [entry]}
    assert headings(read("f.json", json.dumps(feed), documents)) == ["أشجار تصبر"]


def test_bold_text_as_a_whole_has_no_headings(documents: DocumentStore) -> None:
    bold = article_page("<p><b>أشجار تصبر على العطش</b></p>").replace("<p>", "<p><b>")
    assert headings(read("a.html", bold.replace("</p>", "</b></p>"), documents)) == []


AUTHORS = {
    "a list with a position": (
        '<div data-testid="byline"><ul><li>لمى عيد</li><li>محررة الشؤون المحلية</li></ul></div>',
        "",
    ),
    "an organisation in JSON-LD": (
        '<p class="author">لمى عيد</p>',
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "'
        + TITLE
        + '", "author": {"@type": "Organization", "name": "صوت الميناء"},'
        ' "publisher": {"name": "صوت الميناء"}}</script>',
    ),
    "the site as the author": (
        '<a rel="author" href="/l">لمى عيد</a>',
        '<meta name="author" content="صوت الميناء">'
        '<meta property="og:site_name" content="صوت الميناء">',
    ),
}


@pytest.mark.parametrize(("line", "head"), AUTHORS.values(), ids=AUTHORS)
def test_a_person_is_the_author_before_the_site(
    line: str, head: str, documents: DocumentStore
) -> None:
    article = read("a.html", article_page("", head).replace("</h1>", f"</h1>{line}"), documents)
    assert (article.byline, list(article.paragraphs)) == ("لمى عيد", TEXT)


def test_the_site_is_the_author_if_the_page_names_nobody(documents: DocumentStore) -> None:
    head = AUTHORS["the site as the author"][1]
    assert read("a.html", article_page("", head), documents).byline == "صوت الميناء"


LIVE = {
    "microdata": '<div itemprop="liveBlogUpdate"><h3>{0}</h3><div itemprop="articleBody">{1}</div>'
    "</div>",
    "articles": "<article><h3>{0}</h3>{1}</article>",
    "classes": '<div class="live-update"><h3>{0}</h3>{1}</div>',
}


@pytest.mark.parametrize("report", LIVE.values(), ids=LIVE)
def test_all_reports_of_a_live_page_are_read(report: str, documents: DocumentStore) -> None:
    texts = [("غرس آخر شجرة", [THIRD, LAST]), ("وصول الطلاب", [FIRST, SECOND])]
    reports = "".join(report.format(title, paragraphs(*lines)) for title, lines in texts)
    head = (
        '<script type="application/ld+json">{"@type": "LiveBlogPosting", "headline": "'
        + TITLE
        + '"}</script>'
    )
    for body in (f"<main><h1>{TITLE}</h1>{reports}</main>", f"<h1>{TITLE}</h1>{reports}"):
        more = '<div class="related"><a href="/b">وزير يزور الميناء</a></div>'
        article = read("a.html", page(body + more, head), documents)
        assert list(article.paragraphs) == [
            "غرس آخر شجرة", THIRD, LAST, "وصول الطلاب", FIRST, SECOND
        ]  # fmt: skip
        assert headings(article) == ["غرس آخر شجرة", "وصول الطلاب"]


def test_a_page_with_two_articles_that_is_not_live_is_its_first(documents: DocumentStore) -> None:
    other = '<article><h2>خبر آخر</h2><div itemprop="articleBody"><p>كلام من خبر آخر.</p></div></article>'
    body = (
        f'<article><h1>{TITLE}</h1><div itemprop="articleBody">{paragraphs(*TEXT)}</div></article>'
    )
    assert list(read("a.html", page(body + other), documents).paragraphs) == TEXT


MARKDOWN = {
    "Jekyll": "{% include figure.html src='a.jpg' %}\n\n" + FIRST + "\n\n{{ page.author }}\n",
    "Hugo over lines": '{{< figure\n  src="a.jpg"\n  caption="شجرة" >}}\n\n' + FIRST,
    "MDX": "import Box from '../box.js'\n\n" + FIRST + "\n\n<Box />\n",
    "a closed box": '??? note "أشجار"\n\n    ' + FIRST,
    "a box of two paragraphs": "!!! tip\n\n    " + FIRST + "\n",
    "a button": FIRST + "\n\n[سجل اسمك](https://a.example){ .md-button .md-button--primary }\n",
    "an icon": FIRST[:-1] + " :fontawesome-solid-tree:.\n",
    "an address": FIRST + "\n\nhttps://video.example/1\n",
    "attributes": FIRST + "\n{: .lead #first }\n",
    "GitLab's contents": "[[_TOC_]]\n\n" + FIRST,
}


@pytest.mark.parametrize("text", MARKDOWN.values(), ids=MARKDOWN)
def test_commands_of_static_sites_are_not_read(text: str, documents: DocumentStore) -> None:
    article = read("a.md", f"# {TITLE} {{ #top }}\n\n{text}\n\n{LAST}\n", documents)
    assert article.title == TITLE
    read_texts = [line.replace(" .", ".") for line in article.paragraphs]
    assert [line for line in read_texts if line != "أشجار"] == [FIRST, LAST]


def test_code_keeps_what_looks_like_a_box(documents: DocumentStore) -> None:
    text = f"# {TITLE}\n\n{FIRST}\n\n```\n!!! note\n    x\n```\n\n{LAST}\n"
    assert list(read("a.md", text, documents).paragraphs) == [FIRST, LAST]


@pytest.mark.parametrize(
    "author", ['"[[لمى عيد]]"', "[[لمى عيد]]", '\n  - "[[people/l|لمى عيد]]"', "لمى عيد"]
)
def test_an_author_may_be_a_link_to_a_note(author: str, documents: DocumentStore) -> None:
    text = f"---\ntitle: {TITLE}\nauthor: {author}\n---\n{FIRST}\n\n{LAST}\n"
    assert read("a.md", text, documents).byline == "لمى عيد"


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/><Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
    'officeDocument" Target="word/document.xml"/></Relationships>',
    "word/_rels/document.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/'
    '2006/relationships"><Relationship Id="s" Type="http://schemas.openxmlformats.org/officeDocument/'
    '2006/relationships/styles" Target="styles.xml"/></Relationships>',
}


def word(lines: list[tuple[str, str]], styles: str, author: str = "") -> bytes:
    """Return a Word file. lines: the properties of each paragraph and its text."""
    text = "".join(
        f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{line}</w:t></w:r></w:p>"
        for properties, line in lines
    )
    parts = {
        **PARTS,
        "word/document.xml": f'<w:document xmlns:w="{W}"><w:body>{text}</w:body></w:document>',
        "word/styles.xml": f'<w:styles xmlns:w="{W}">{styles}</w:styles>',
        "docProps/core.xml": f'<c xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>{author}</dc:creator></c>',
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return packed.getvalue()


STYLES = (
    '<w:style w:type="paragraph" w:styleId="2"><w:name w:val="heading 2"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="a"><w:name w:val="عنوان فرعي"/><w:basedOn w:val="2"/>'
    '</w:style><w:style w:type="paragraph" w:styleId="b"><w:name w:val="عنوان وسط"/><w:pPr>'
    '<w:outlineLvl w:val="1"/></w:pPr></w:style><w:style w:type="paragraph" w:styleId="c">'
    '<w:name w:val="نص"/><w:basedOn w:val="2"/><w:pPr><w:outlineLvl w:val="9"/></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="loop"><w:name w:val="x"/><w:basedOn w:val="loop"/></w:style>'
)


@pytest.mark.parametrize(
    ("properties", "is_heading"),
    [
        ('<w:pStyle w:val="2"/>', True),
        ('<w:pStyle w:val="a"/>', True),
        ('<w:pStyle w:val="b"/>', True),
        ('<w:outlineLvl w:val="2"/>', True),
        ('<w:pStyle w:val="loop"/><w:outlineLvl w:val="2"/>', True),
        ('<w:pStyle w:val="c"/>', False),
        ('<w:pStyle w:val="loop"/>', False),
        ('<w:outlineLvl w:val="9"/>', False),
        ("", False),
    ],
)
def test_headings_of_a_newspapers_own_styles_are_headings(
    properties: str, is_heading: bool, documents: DocumentStore
) -> None:
    lines = [("", TITLE), ("", FIRST), (properties, "أشجار تصبر"), ("", LAST)]
    article = read("a.docx", word(lines, STYLES), documents)
    assert (article.title, list(article.paragraphs)) == (TITLE, [FIRST, "أشجار تصبر", LAST])
    assert headings(article) == (["أشجار تصبر"] if is_heading else [])


@pytest.mark.parametrize(
    ("lines", "byline", "date"),
    [
        (["بقلم: لمى عيد"], "بقلم: لمى عيد", ""),
        (["ألف شجرة في ستة أشهر", "كتبت: لمى عيد"], "كتبت: لمى عيد", ""),
        (["24 تشرين الثاني 2026", "كتبت: لمى عيد"], "كتبت: لمى عيد", "2026-11-24"),
        (["كتبت: لمى عيد", "صور - الثلاثاء ٢٤/١١/٢٠٢٦"], "كتبت: لمى عيد", "2026-11-24"),
        (["الثلاثاء 15 جمادى الآخرة 1448 هـ"], "مكتب التحرير", ""),
        ([], "مكتب التحرير", ""),
    ],
)
def test_the_line_of_the_author_counts_before_the_files_properties(
    lines: list[str], byline: str, date: str, documents: DocumentStore
) -> None:
    texts = [("", line) for line in [TITLE, *lines, FIRST, SECOND, LAST]]
    article = read("a.docx", word(texts, STYLES, author="مكتب التحرير"), documents)
    assert (article.title, article.byline, article.date) == (TITLE, byline, date)
    assert [text for text in article.paragraphs if text.endswith(".")] == [FIRST, SECOND, LAST]
    assert len(article.paragraphs) == 3 + ("ألف شجرة في ستة أشهر" in lines)


def test_a_date_above_the_title_is_not_the_title(documents: DocumentStore) -> None:
    texts = [("", line) for line in ["24 تشرين الثاني 2026", TITLE, FIRST, LAST]]
    article = read("a.docx", word(texts, STYLES), documents)
    assert (article.title, article.date) == (TITLE, "2026-11-24")
    texts = [("", line) for line in ["نشرة الأخبار 24 نوفمبر 2026", FIRST, LAST]]
    assert read("a.docx", word(texts, STYLES), documents).title == "نشرة الأخبار 24 نوفمبر 2026"


@pytest.mark.parametrize(
    ("rows", "lines"),
    [
        ([["2025", "60"], ["2026", "85"]], ["2025، 60.", "2026، 85."]),
        ([["السنة", "الثمن"], ["2026", "85"]], ["السنة: 2026، الثمن: 85."]),
        ([["", "2025", "2026"], ["زيتون", "60", "85"]], ["زيتون، 2025: 60، 2026: 85."]),
    ],
)
def test_the_first_row_of_a_table_is_its_heading_unless_it_is_data(
    rows: list[list[str]], lines: list[str], documents: DocumentStore
) -> None:
    cells = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    article = read("a.html", article_page(f"<table>{cells}</table>"), documents)
    assert list(article.paragraphs) == [FIRST, SECOND, *lines, THIRD, LAST]


@pytest.mark.parametrize(
    ("run", "style"),
    [
        ("<w:rPr><w:b/></w:rPr>", ""),
        ("<w:rPr><w:bCs/><w:rtl/></w:rPr>", ""),
        ("", '<w:pStyle w:val="strong"/>'),
    ],
)
def test_a_bold_line_of_word_is_a_heading(run: str, style: str, documents: DocumentStore) -> None:
    styles = STYLES + (
        '<w:style w:type="paragraph" w:styleId="strong"><w:name w:val="بارز"/>'
        "<w:rPr><w:bCs/></w:rPr></w:style>"
    )
    lines = [("", TITLE), ("", FIRST), (style, "أشجار تصبر"), ("", LAST)]
    packed = io.BytesIO(word(lines, styles))
    bold = io.BytesIO()
    with zipfile.ZipFile(packed) as source, zipfile.ZipFile(bold, "w") as target:
        for name in source.namelist():
            text = source.read(name).decode()
            target.writestr(name, text.replace("<w:r><w:t>أشجار", f"<w:r>{run}<w:t>أشجار"))
    assert headings(read("a.docx", bold.getvalue(), documents)) == ["أشجار تصبر"]


@pytest.mark.parametrize("weight", ["fo:font-weight", "style:font-weight-complex"])
@pytest.mark.parametrize("element", ["paragraph", "text"])
def test_a_bold_line_of_libreoffice_is_a_heading(
    weight: str, element: str, documents: DocumentStore
) -> None:
    line = (
        '<text:p text:style-name="P1">أشجار تصبر</text:p>'
        if element == "paragraph"
        else '<text:p><text:span text:style-name="P1">أشجار تصبر</text:span></text:p>'
    )
    before, after = (f"<text:p>{text}</text:p>" for text in (FIRST, LAST))
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
        ' xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"'
        ' xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0">'
        f'<office:automatic-styles><style:style style:name="P1" style:family="{element}">'
        f'<style:text-properties {weight}="bold"/></style:style></office:automatic-styles>'
        f"<office:body><office:text><text:p>{TITLE}</text:p>{before}{line}{after}"
        "</office:text></office:body></office:document-content>"
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("content.xml", content)
    article = read("a.odt", packed.getvalue(), documents)
    assert (article.title, list(article.paragraphs)) == (TITLE, [FIRST, "أشجار تصبر", LAST])
    assert headings(article) == ["أشجار تصبر"]


def book(chapter: str, css: str, name: str) -> bytes:
    """Return an EPUB of one chapter, which has a name in the table of contents."""
    parts = {
        "META-INF/container.xml": '<container><rootfiles><rootfile full-path="c.opf"/></rootfiles></container>',
        "c.opf": '<package xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata><dc:title>كتاب</dc:title>'
        "<dc:creator>دار الكتب</dc:creator></metadata><manifest>"
        '<item id="a" href="a.xhtml" media-type="application/xhtml+xml"/>'
        '<item id="s" href="s.css" media-type="text/css"/>'
        '<item id="n" href="n.ncx" media-type="application/x-dtbncx+xml"/></manifest>'
        '<spine><itemref idref="a"/></spine></package>',
        "n.ncx": f"<ncx><navMap><navPoint><navLabel><text>{name}</text></navLabel>"
        '<content src="a.xhtml"/></navPoint></navMap></ncx>',
        "s.css": css,
        "a.xhtml": f"<html><head><title>a.xhtml</title></head><body>{chapter}</body></html>",
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        for member, content in parts.items():
            file.writestr(member, content)
    return packed.getvalue()


@pytest.mark.parametrize("name", ["Section 1", TITLE])
def test_a_book_that_only_looks_as_if_it_had_headings(name: str, documents: DocumentStore) -> None:
    line = '<p class="p"><span class="span1">أشجار تصبر</span></p>'
    byline = '<p class="byline">بقلم لمى عيد</p>'
    chapter = f"<p>{TITLE}</p>{byline}{paragraphs(FIRST)}{line}{paragraphs(LAST)}"
    css = ".p { margin: 0 }\n.span1 {\n  font-size: 16pt;\n  font-weight: bold;\n}"
    article = read("a.epub", book(chapter, css, name), documents)
    assert (article.title, article.byline) == (TITLE, "لمى عيد")
    assert list(article.paragraphs) == [FIRST, "أشجار تصبر", LAST]
    assert headings(article) == ["أشجار تصبر"]


def test_a_book_without_bylines_has_its_author(documents: DocumentStore) -> None:
    chapter = f"<h1>{TITLE}</h1>{paragraphs(*TEXT)}"
    assert read("a.epub", book(chapter, "", TITLE), documents).byline == "دار الكتب"


def test_the_xhtml_of_an_office_program(documents: DocumentStore) -> None:
    items = "".join(f"<li><p><span>{number}.</span>شجرة</p></li>" for number in (1, 2))
    text = page(
        f'<p>{TITLE}</p>{paragraphs(FIRST)}<p class="P2">أشجار تصبر</p>{paragraphs(SECOND)}'
        f"<ol>{items}</ol>{paragraphs(THIRD, LAST)}",
        "<style>.P1 { color:red } .P2 { font-weight:bold; }</style>",
    ).replace(f"<title>{TITLE}", "<title>- no title specified")
    article = read("a.html", text, documents)
    assert article.title == TITLE
    assert list(article.paragraphs) == [
        FIRST, "أشجار تصبر", SECOND, "1. شجرة", "2. شجرة", THIRD, LAST
    ]  # fmt: skip
    assert headings(article) == ["أشجار تصبر"]


PERSON = {"@type": "Person", "@id": "https://a.example/#l", "name": "لمى عيد"}
REFERRING = {"@type": "NewsArticle", "headline": TITLE, "author": {"@id": PERSON["@id"]}}


def test_an_author_may_be_a_reference_within_json_ld(documents: DocumentStore) -> None:
    graph = json.dumps({"@graph": [PERSON, REFERRING]})
    head = f'<script type="application/ld+json">{graph}</script>'
    assert read("a.html", article_page("", head), documents).byline == "لمى عيد"
    saved = json.dumps({"@graph": [PERSON, {**REFERRING, "articleBody": "\n\n".join(TEXT)}]})
    assert read("a.json", saved, documents).byline == "لمى عيد"


def test_a_post_of_wordpress_without_embedded_authors(documents: DocumentStore) -> None:
    post = {
        "title": {"rendered": TITLE},
        "content": {"rendered": paragraphs(*TEXT)},
        "yoast_head_json": {"author": "لمى عيد"},
    }
    assert read("a.json", json.dumps(post), documents).byline == "لمى عيد"


def test_lines_of_a_feeds_plain_text_are_paragraphs(documents: DocumentStore) -> None:
    feed = (
        f'<rss version="2.0"><channel><title>ق</title><item><title>{TITLE}</title><description>'
        + "\n".join(TEXT)
        + "</description></item></channel></rss>"
    )
    assert list(read("a.xml", feed, documents).paragraphs) == TEXT


def test_the_keys_of_pelican_and_tags_of_joplin(documents: DocumentStore) -> None:
    text = f"Title: {TITLE}\nDate: 2026-11-24 10:20\nAuthor: لمى عيد\n\n{FIRST}\n\n{LAST}\n\n#شجر #ميناء\n"
    article = read("a.md", text, documents)
    assert (article.title, article.byline, article.date[:10]) == (TITLE, "لمى عيد", "2026-11-24")
    assert list(article.paragraphs) == [FIRST, LAST]


def test_the_label_of_a_section_is_not_read_but_an_article_of_a_category_is(
    documents: DocumentStore,
) -> None:
    label = f'<span class="post-category">بيئة</span><h1>{TITLE}</h1>'
    article = read("a.html", article_page("").replace(f"<h1>{TITLE}</h1>", label), documents)
    assert list(article.paragraphs) == TEXT
    short = page(f'<h1>{TITLE}</h1><div class="category-news post">{paragraphs(FIRST)}</div>')
    assert list(read("a.html", short, documents).paragraphs) == [FIRST]
