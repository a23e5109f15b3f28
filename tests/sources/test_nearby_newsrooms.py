"""Documents near those of the fifth set of own_documents: the same kinds, written otherwise."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator

import pytest

from briefing.errors import SourceError
from briefing.sources.article import article
from briefing.sources.documents.store import DocumentStore
from tests.sources.test_nearby_documents import (
    FIRST,
    LAST,
    SECOND,
    TEXT,
    THIRD,
    TITLE,
    article_page,
    book,
    page,
    paragraphs,
    read,
)

BODY = f"<h1>{TITLE}</h1>{paragraphs(*TEXT)}"


@pytest.fixture(scope="module")
def documents() -> Iterator[DocumentStore]:
    with DocumentStore(None) as documents:
        yield documents


@pytest.mark.parametrize("style", ["ImageCaption", "Table_20_Caption", "Tabellencaption"])
def test_a_style_of_captions_may_have_any_name_that_ends_so(
    style: str, documents: DocumentStore
) -> None:
    lines = "".join(f"<text:p>{text}</text:p>" for text in (TITLE, FIRST))
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:text>'
        f'{lines}<text:p text:style-name="{style}">الميناء في الشتاء.</text:p>'
        f"<text:p>{LAST}</text:p></office:text></office:body></office:document-content>"
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("content.xml", content)
    assert list(read("a.odt", packed.getvalue(), documents).paragraphs) == [FIRST, LAST]


@pytest.mark.parametrize(
    "opening", ['<ol class="references">', '<ul class="footnotes">', '<ol role="doc-endnotes">']
)
def test_a_list_that_is_marked_as_notes_is_not_read(opening: str, documents: DocumentStore) -> None:
    notes = f"{opening}<li>القياس في مرصد الميناء.</li></{opening[1:3]}>"
    post = {"title": {"rendered": TITLE}, "content": {"rendered": paragraphs(*TEXT) + notes}}
    assert list(read("a.json", json.dumps(post), documents).paragraphs) == TEXT


NITF = {
    "the part of the paper": (
        '<tobject><tobject.subject tobject.subject.type="طقس"/></tobject>'
        '<pubdata position.section="بيئة"/>',
        "بيئة",
    ),
    "what it is about": (
        '<tobject><tobject.subject tobject.subject.type="Weather"/>'
        '<tobject.subject tobject.subject.matter="بيئة"/></tobject>',
        "بيئة",
    ),
    "a subject in English": (
        '<tobject><tobject.subject tobject.subject.type="Weather"/></tobject>',
        "",
    ),
}


@pytest.mark.parametrize(("head", "section"), NITF.values(), ids=NITF)
def test_the_section_of_a_telegram(head: str, section: str, documents: DocumentStore) -> None:
    telegram = (
        f"<nitf><head>{head}</head><body><body.head><hedline><hl1>{TITLE}</hl1></hedline><dateline>"
        '<story.date norm="20261124T0600Z">24 نوفمبر</story.date></dateline></body.head>'
        f"<body.content>{paragraphs(*TEXT)}</body.content></body></nitf>"
    )
    found = read("a.xml", telegram, documents)
    assert (found.title, found.section, found.date[:10]) == (TITLE, section, "2026-11-24")


def test_a_telegram_in_two_languages_is_named_in_arabic(documents: DocumentStore) -> None:
    item = (
        '<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="a"><contentMeta>'
        '<headline xml:lang="en">A thousand trees</headline>'
        f'<headline xml:lang="ar">{TITLE}</headline><creator><name xml:lang="en">Luma Eid</name>'
        '<name xml:lang="ar">لمى عيد</name></creator>'
        "<subject><name>environment</name></subject><subject><name>بيئة</name></subject>"
        '</contentMeta><contentSet><inlineXML><html xmlns="http://www.w3.org/1999/xhtml">'
        f"<body>{paragraphs(*TEXT)}</body></html></inlineXML></contentSet></newsItem>"
    )
    found = read("a.xml", item, documents)
    assert (found.title, found.byline, found.section) == (TITLE, "لمى عيد", "بيئة")


WRAPPED = (
    "بدأت البلدية أمس غرس ألف شجرة حول الميناء القديم، بعد\n"
    "شتاء قليل المطر وصيف طويل جفت فيه الآبار القريبة من\n"
    "الساحل كله."
)


@pytest.mark.parametrize("line", ["بقلم: لمى عيد", "كتبت لمى عيد", "تقرير - لمى عيد"])
def test_a_byline_directly_under_the_title_is_no_wrapped_line(line: str) -> None:
    found = article(f"{TITLE}\n{line}\n\n{WRAPPED}\n\n{WRAPPED}\n", "a.txt", "")
    assert (found.title, found.byline) == (TITLE, line)
    assert found.paragraphs == (WRAPPED, WRAPPED)


@pytest.mark.parametrize("line", ["(رويترز)", "المصدر: وكالات", "(إعداد لمى عيد - تحرير سامر نصر)"])
def test_a_byline_directly_under_a_wrapped_text_is_no_line_of_it(line: str) -> None:
    found = article(f"{TITLE}\n\n{WRAPPED}\n\n{WRAPPED}\n{line}\n", "a.txt", "")
    assert (found.byline, found.paragraphs) == (line, (WRAPPED, WRAPPED))


def test_a_wrapped_text_that_ends_like_a_byline_keeps_its_end() -> None:
    end = "وقال المدير إن الذي يسقي الشجر هو الذي يعرف قيمته، وأنه\nبقلم رصاص رسم على الجدار خريطة"
    assert article(f"{TITLE}\n\n{WRAPPED}\n\n{end}\n", "a.txt", "").paragraphs[-1] == end


PATH = {"@type": "BreadcrumbList", "itemListElement": [
    {"position": 1, "name": "الرئيسية"},
    {"position": 2, "item": {"@id": "https://a.example/b", "name": "بيئة"}},
    {"position": 3, "name": TITLE},
]}  # fmt: skip
SECTIONS = {
    "a link to a category": (f'<p>نشر في <a rel="category tag" href="/b">بيئة</a></p>{BODY}', "بيئة"),
    "a label": (f'<span class="entry-cat-label">بيئة</span>{BODY}', "بيئة"),
    "a label with its name": (f'<div class="article_category">القسم: بيئة</div>{BODY}', "بيئة"),
    "a path of links": (
        f'<ul class="breadcrumb"><li><a href="/">الرئيسية</a></li><li><a href="/b">بيئة</a></li>'
        f'<li><a href="/b/1">{TITLE}</a></li></ul>{BODY}',
        "بيئة",
    ),
    "a path from the home page": (
        f'<div class="pathway"><a href="/">الرئيسية</a> / <a href="/b">بيئة</a></div>{BODY}',
        "بيئة",
    ),
    "a path of something else": (f'<div class="path"><a href="/b">مسار المشي</a></div>{BODY}', ""),
    "a path in JSON-LD": (
        f'<script type="application/ld+json">{json.dumps(PATH)}</script>{BODY}',
        "بيئة",
    ),
    "the home page alone": ('<nav class="breadcrumb"><a href="/">الصفحة الرئيسية</a></nav>' + BODY, ""),
}  # fmt: skip


@pytest.mark.parametrize(("body", "section"), SECTIONS.values(), ids=SECTIONS)
def test_the_section_of_a_page(body: str, section: str, documents: DocumentStore) -> None:
    found = read("a.html", page(f"<main>{body}</main>"), documents)
    assert (found.section, list(found.paragraphs)) == (section, TEXT)


@pytest.mark.parametrize("name", ["article_title", "news-headline", "post-title"])
@pytest.mark.parametrize("head", [f"جريدة الجبل :: {TITLE}", f"{TITLE} | جريدة الجبل"])
def test_a_title_that_is_no_heading_is_not_read_twice(
    head: str, name: str, documents: DocumentStore
) -> None:
    body = f'<div class="site-title">جريدة الجبل</div><div class="{name}">{TITLE}</div>'
    text = page(f"{body}{paragraphs(*TEXT)}").replace(f"<title>{TITLE}", f"<title>{head}")
    found = read("a.html", text, documents)
    assert (found.title, list(found.paragraphs)) == (TITLE, TEXT)


def test_words_that_join_the_facts_are_not_read(documents: DocumentStore) -> None:
    facts = "<p>بواسطة</p><p class='author'>لمى عيد</p><p>في</p><p class='date'>24 نوفمبر 2026</p>"
    text = page(f"<main><h1>{TITLE}</h1><div>{facts}</div>{paragraphs(*TEXT)}</main>")
    found = read("a.html", text, documents)
    assert (found.byline, found.date, list(found.paragraphs)) == ("لمى عيد", "2026-11-24", TEXT)


def test_a_short_label_above_the_headline_is_not_read_but_a_sentence_is(
    documents: DocumentStore,
) -> None:
    label = f'<main><span class="badge">بيئة وساحل</span>{BODY}</main>'
    assert list(read("a.html", page(label), documents).paragraphs) == TEXT
    first = "عاد الشجر إلى الميناء."
    sentence = f"<main><article><p>{first}</p>{BODY}</article></main>"
    assert list(read("a.html", page(sentence), documents).paragraphs) == [first, *TEXT]


@pytest.mark.parametrize(
    "date",
    [
        "تاريخ النشر : الثلاثاء , 24-11-2026 11:48 PM",
        "نشر في 24 تشرين الثاني 2026",
        "الثلاثاء 14 جمادى الآخرة 1448 هـ الموافق 24 نوفمبر 2026 م",
    ],
)
def test_the_lines_under_a_headline_that_nothing_marks(date: str, documents: DocumentStore) -> None:
    facts = f'<div class="d-flex"><div>كتبت - لمى عيد</div><div>{date}</div></div>'
    text = page(f"<div id='today'>السبت 28 تشرين الثاني 2026</div><main><h1>{TITLE}</h1>{facts}"
                f"{paragraphs(*TEXT)}</main>")  # fmt: skip
    found = read("a.html", text, documents)
    assert (found.byline, found.date) == ("كتبت - لمى عيد", "2026-11-24")
    assert list(found.paragraphs) == TEXT


EMBEDS = {
    "a network's card": '<div data-e2e="embed-card"><strong>هل تسمح بعرض المحتوى من تويتر؟</strong>'
    "<p>موافقتكم مطلوبة قبل عرض أي مواد، لأنها قد تتضمن ملفات ارتباط.</p></div>",
    "a video's place": '<figure class="embed-placeholder"><p>لتشغيل هذا الفيديو، يرجى تفعيل ملفات'
    " تعريف الارتباط من طرف ثالث.</p></figure>",
}


@pytest.mark.parametrize("middle", EMBEDS.values(), ids=EMBEDS)
def test_a_text_that_asks_for_consent_is_not_read(middle: str, documents: DocumentStore) -> None:
    assert list(read("a.html", article_page(middle), documents).paragraphs) == TEXT


def test_a_sentence_about_cookies_is_read(documents: DocumentStore) -> None:
    text = "ولا يحفظ موقع البلدية ملفات تعريف الارتباط في أجهزة الزوار."
    found = read("a.html", article_page(f"<p>{text}</p>"), documents)
    assert list(found.paragraphs) == [FIRST, SECOND, text, THIRD, LAST]


def ghost_post(**more: object) -> dict[str, object]:
    return {
        "title": TITLE,
        "html": paragraphs(*TEXT),
        "published_at": "2026-11-24T05:00:00Z",
        **more,
    }


@pytest.mark.parametrize(
    "more",
    [
        {"primary_author": {"name": "لمى عيد"}, "primary_tag": {"name": "بيئة"}},
        {"authors": [{"name": "لمى عيد"}], "tags": [{"name": "بيئة"}, {"name": "شجر"}]},
        {"html": "", "plaintext": "\n\n".join(TEXT), "authors": [{"name": "لمى عيد"}],
         "primary_tag": {"name": "بيئة"}},
    ],
    ids=["primary", "lists", "plain"],
)  # fmt: skip
def test_a_post_of_ghost(more: dict[str, object], documents: DocumentStore) -> None:
    found = read("a.json", json.dumps({"posts": [ghost_post(**more)], "meta": {}}), documents)
    assert (found.title, list(found.paragraphs)) == (TITLE, TEXT)
    assert (found.byline, found.date[:10], found.section) == ("لمى عيد", "2026-11-24", "بيئة")


def test_an_export_of_ghost(documents: DocumentStore) -> None:
    export = {"db": [{"meta": {}, "data": {"posts": [ghost_post(status="published")]}}]}
    assert list(read("a.json", json.dumps(export), documents).paragraphs) == TEXT


def test_the_date_of_a_book_may_stand_on_its_title_page_alone(documents: DocumentStore) -> None:
    def html(body: str) -> str:
        return f'<html xmlns:epub="http://www.idpf.org/2007/ops"><body>{body}</body></html>'

    items = "".join(f'<item id="{name}" href="{name}.xhtml" media-type="application/xhtml+xml"/>'
                    for name in "ab")  # fmt: skip
    parts = {
        "META-INF/container.xml": '<container><rootfiles><rootfile full-path="c.opf"/></rootfiles></container>',
        "c.opf": '<package xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata><dc:title>كتاب</dc:title>'
        f"<dc:date></dc:date></metadata><manifest>{items}</manifest>"
        '<spine><itemref idref="a"/><itemref idref="b"/></spine></package>',
        "a.xhtml": html('<section epub:type="titlepage"><p class="date">24 تشرين الثاني 2026</p></section>'),
        "b.xhtml": html(BODY),
    }  # fmt: skip
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        for member, content in parts.items():
            file.writestr(member, content)
    found = read("a.epub", packed.getvalue(), documents)
    assert (found.date, list(found.paragraphs)) == ("2026-11-24", TEXT)


def test_the_parts_of_a_page_builder_are_all_read(documents: DocumentStore) -> None:
    def part(kind: str, content: str) -> str:
        return f'<div class="elementor-element elementor-widget elementor-widget-{kind}">{content}</div>'

    facts = '<ul><li itemprop="author">لمى عيد</li><li itemprop="datePublished">24 نوفمبر، 2026</li></ul>'
    texts = "".join(part("text-editor", paragraphs(text)) for text in TEXT)
    shares = part("share-buttons", "<p>شاركوا معنا ما تعرفونه عن الشجر.</p>")
    text = page(
        f"<main>{part('heading', f'<h1>{TITLE}</h1>')}{part('post-info', facts)}{texts}{shares}</main>"
    )
    found = read("a.html", text, documents)
    assert (found.byline, found.date) == ("لمى عيد", "2026-11-24")
    assert list(found.paragraphs) == TEXT


def test_names_in_the_hooks_of_a_page_are_facts(documents: DocumentStore) -> None:
    facts = (
        '<ul><li><span data-hook="user-name">لمى عيد</span></li><li><span data-hook="time-ago">24 نوفمبر'
        ' 2026</span></li><li><span data-hook="time-to-read">دقيقة قراءة واحدة</span></li></ul>'
    )
    text = page(
        f'<article>{facts}<h1 data-hook="post-title">{TITLE}</h1>{paragraphs(*TEXT)}</article>'
    )
    found = read("a.html", text, documents)
    assert (found.byline, found.date, list(found.paragraphs)) == ("لمى عيد", "2026-11-24", TEXT)


def test_an_encyclopedias_own_lines_are_not_read(documents: DocumentStore) -> None:
    text = page(
        f'<div id="content"><h1>{TITLE}</h1><div id="siteSub">من ويكي المدينة، الموسوعة الحرة</div>'
        '<div class="mw-parser-output"><div class="hatnote">هذه المقالة عن الشجر في المدن.</div>'
        '<table class="infobox"><tr><th>البلد</th><td>لبنان</td></tr><tr><th>الشجر</th><td>1000</td></tr></table>'
        f'{paragraphs(FIRST, SECOND)}<h2>الشجر<span class="mw-editsection">[<a href="/e">عدل</a>]</span></h2>'
        f'{paragraphs(THIRD, LAST)}<h2>مراجع</h2><ol class="references"><li>سجل البلدية.</li></ol></div>'
        '<div id="catlinks">تصنيفات: أشجار</div></div>'
    )
    assert list(read("a.html", text, documents).paragraphs) == [FIRST, SECOND, "الشجر", THIRD, LAST]


@pytest.mark.parametrize("label", ["موضوعات متعلقة", "نرشح لك:", "لقراءة المزيد"])
def test_a_label_of_other_articles_is_not_read(label: str, documents: DocumentStore) -> None:
    middle = f'<p><strong>{label}</strong></p><p><a href="/a">الخباز يفتح فرنا في الحي</a></p>'
    assert list(read("a.html", article_page(middle), documents).paragraphs) == TEXT


def test_a_date_for_screen_readers_counts_where_no_other_is_visible(
    documents: DocumentStore,
) -> None:
    date = '<div><span class="screen-reader-text">Published On 24 Nov 2026</span></div>'
    text = article_page("").replace("</h1>", f"</h1>{date}")
    found = read("a.html", text, documents)
    assert (found.date, list(found.paragraphs)) == ("2026-11-24", TEXT)


def test_a_heading_of_notes_is_read_with_the_notes_alone(documents: DocumentStore) -> None:
    text = f"# {TITLE}\n\n{FIRST}[^1]\n\n{LAST}\n\n## الهوامش\n\n[^1]: سجل البلدية.\n"
    assert list(read("a.md", text, documents).paragraphs) == [FIRST, LAST]
    with_picture = (
        f"# {TITLE}\n\n{FIRST}\n\n## صور الميناء\n\n![الميناء](a.jpg)\n\n## الشجر\n\n{LAST}\n"
    )
    assert list(read("a.md", with_picture, documents).paragraphs) == [FIRST, "الشجر", LAST]


ROW = {
    "title": TITLE,
    "content": "\n\n".join(TEXT),
    "author": "بقلم: لمى عيد",
    "date": "2026-11-24",
}
OTHER_JSON = {
    "an object": {**ROW, "category": "بيئة"},
    "a list": [{**ROW, "section": "بيئة"}],
    "a list in an object": {"status": "ok", "articles": [{**ROW, "category": {"name": "بيئة"}}]},
    "WordPress.com": {
        "found": 1,
        "posts": [
            {
                **ROW,
                "content": paragraphs(*TEXT),
                "author": {"ID": 7, "name": "لمى عيد"},
                "categories": {"بيئة": {"ID": 3, "name": "بيئة"}},
            }
        ],
    },
    "attributes": {"data": [{"id": 1, "attributes": {**ROW, "categories": ["بيئة"]}}]},
}


@pytest.mark.parametrize("value", OTHER_JSON.values(), ids=OTHER_JSON)
def test_objects_with_a_title_and_a_text_are_articles(
    value: object, documents: DocumentStore
) -> None:
    found = read("a.json", json.dumps(value), documents)
    assert (found.title, list(found.paragraphs)) == (TITLE, TEXT)
    assert (found.byline, found.date, found.section) == ("لمى عيد", "2026-11-24", "بيئة")


@pytest.mark.parametrize("value", [{"a": 1}, [], {"title": TITLE}, {"posts": [7, {"title": []}]}])
def test_json_without_an_article_is_refused(value: object, documents: DocumentStore) -> None:
    with pytest.raises(SourceError, match="unknown kind"):
        read("a.json", json.dumps(value), documents)


VERSES = ["يا شجر الميناء هل تذكر من مر هنا", "ومن سقاك الماء في كانون"]


@pytest.mark.parametrize("break_", ["\n", "<br>"])
def test_a_poem_is_read_line_by_line_and_code_is_not(break_: str, documents: DocumentStore) -> None:
    verse = f'<pre class="wp-block-verse">{break_.join(VERSES)}</pre>'
    found = read("a.html", article_page(verse), documents)
    assert list(found.paragraphs) == [FIRST, SECOND, *VERSES, THIRD, LAST]
    code = "<pre><code>for tree in trees: print(tree)  # شجرة</code></pre>"
    assert list(read("a.html", article_page(code), documents).paragraphs) == TEXT


def test_an_indented_poem_of_markdown_is_read(documents: DocumentStore) -> None:
    lines = "\n".join(f"    {line}" for line in VERSES)
    text = f"# {TITLE}\n\n{FIRST}\n\n{lines}\n\n{LAST}\n"
    assert list(read("a.md", text, documents).paragraphs) == [FIRST, *VERSES, LAST]


def test_a_button_is_not_read(documents: DocumentStore) -> None:
    buttons = '<div class="wp-block-buttons"><div class="wp-block-button"><a href="/a">سجل اسمك</a></div></div>'
    post = {"title": {"rendered": TITLE}, "content": {"rendered": paragraphs(*TEXT) + buttons}}
    assert list(read("a.json", json.dumps(post), documents).paragraphs) == TEXT


@pytest.mark.parametrize("end", [" | جريدة الجبل", " - جريدة الجبل", " :: جريدة الجبل"])
def test_the_name_of_a_feed_is_no_part_of_a_title(end: str, documents: DocumentStore) -> None:
    feed = (
        '<rss version="2.0"><channel><title>جريدة الجبل</title>'
        f"<item><title>{TITLE}{end}</title><description>{FIRST}</description></item></channel></rss>"
    )
    assert read("a.xml", feed, documents).title == TITLE
    other = feed.replace(end, " - خبر عاجل")
    assert read("a.xml", other, documents).title == f"{TITLE} - خبر عاجل"


NOTES = {
    "a callout's title": (
        f"{FIRST}\n\n> [!info] للعلم\n> {SECOND}\n\n{LAST}\n",
        [FIRST, "للعلم", SECOND, LAST],
    ),
    "a callout without a title": (f"{FIRST}\n\n> [!note]\n> {SECOND}\n", [FIRST, SECOND]),
    "highlighted code": (
        f"{FIRST}\n\n{{% highlight python %}}\nprint(1)\n{{% endhighlight %}}\n\n{LAST}\n",
        [FIRST, LAST],
    ),
    "tags under the title": (f"###### tags: `شجر` `ميناء`\n\n{FIRST}\n", [FIRST]),
}


@pytest.mark.parametrize(("text", "expected"), NOTES.values(), ids=NOTES)
def test_what_editors_of_notes_write(
    text: str, expected: list[str], documents: DocumentStore
) -> None:
    assert list(read("a.md", f"# {TITLE}\n\n{text}", documents).paragraphs) == expected


def test_facts_in_bold_under_the_title_are_lines(documents: DocumentStore) -> None:
    text = f"# {TITLE}\n\n**بقلم:** لمى عيد\n**التاريخ**: 24 نوفمبر 2026\n\n{FIRST}\n\n{LAST}\n"
    found = read("a.md", text, documents)
    assert (found.byline, found.date) == ("بقلم: لمى عيد", "2026-11-24")
    assert list(found.paragraphs) == [FIRST, LAST]


def test_keys_of_front_matter_may_be_arabic(documents: DocumentStore) -> None:
    head = f"---\nالعنوان: {TITLE}\nالكاتب: لمى عيد\nالتاريخ: 2026-11-24\nالقسم: بيئة\n---\n"
    found = read("a.md", f"{head}{FIRST}\n\n{LAST}\n", documents)
    assert (found.title, found.byline) == (TITLE, "لمى عيد")
    assert (found.date, found.section) == ("2026-11-24", "بيئة")


TABLES = {
    "values of several kinds": (
        (("المكان", "مدرسة النور"), ("الهاتف", "555"), ("الموعد", "السبت")),
        ["المكان: مدرسة النور.", "الهاتف: 555.", "الموعد: السبت."],
    ),
    "names with a colon": (
        (("المكان:", "مدرسة النور"), ("الموعد:", "السبت")),
        ["المكان: مدرسة النور.", "الموعد: السبت."],
    ),
    "quantities from the first row on": (
        (("الطول", "60 سنتيمترا"), ("الوزن", "38 غراما")),
        ["الطول: 60 سنتيمترا.", "الوزن: 38 غراما."],
    ),
    "a column of numbers": (
        (("المدينة", "الشجر"), ("صور", "40"), ("جبيل", "55")),
        ["المدينة: صور، الشجر: 40.", "المدينة: جبيل، الشجر: 55."],
    ),
    "a column of numbers that lacks one": (
        (("المدينة", "الشجر"), ("صور", "40"), ("صيدا", "لا شيء"), ("جبيل", "55")),
        ["المدينة: صور، الشجر: 40.", "المدينة: صيدا، الشجر: لا شيء.", "المدينة: جبيل، الشجر: 55."],
    ),
    "a column of a year": (
        (("المدينة", "2026"), ("صور", "40"), ("جبيل", "55")),
        ["المدينة: صور، 2026: 40.", "المدينة: جبيل، 2026: 55."],
    ),
    "a column of words": (
        (("المدينة", "الشجر"), ("صور", "زيتون"), ("جبيل", "خروب")),
        ["المدينة: صور، الشجر: زيتون.", "المدينة: جبيل، الشجر: خروب."],
    ),
}


@pytest.mark.parametrize(("rows", "expected"), TABLES.values(), ids=TABLES)
def test_an_unmarked_table_of_two_columns(
    rows: tuple[tuple[str, str], ...], expected: list[str], documents: DocumentStore
) -> None:
    lines = "".join(f"<tr><td>{name}</td><td>{value}</td></tr>" for name, value in rows)
    found = read("a.html", article_page(f"<table>{lines}</table>"), documents)
    assert list(found.paragraphs) == [FIRST, SECOND, *expected, THIRD, LAST]


def test_a_line_that_is_drawn_is_not_read(documents: DocumentStore) -> None:
    found = read("a.html", article_page("<p>ـــــــــــــــ</p><p>_______</p>"), documents)
    assert list(found.paragraphs) == TEXT


def test_a_page_in_a_form_is_read_and_a_form_is_not(documents: DocumentStore) -> None:
    lines = "".join(f"<div>{text}</div>" for text in TEXT)
    letters = '<form><p>اكتب إلى البلدية</p><label>الاسم</label><input name="a"></form>'
    text = page(
        f'<form id="aspnetForm"><h2 class="title">{TITLE}</h2><div>{lines}</div></form>{letters}'
    )
    assert list(read("a.html", text, documents).paragraphs) == TEXT


def test_a_blog_whose_page_is_a_widget_is_read(documents: DocumentStore) -> None:
    body = "<br /><br />".join(TEXT)
    text = page(
        '<div class="widget Blog"><h2 class="date-header">الثلاثاء، 24 نوفمبر 2026</h2>'
        f'<h3 class="post-title">{TITLE}</h3><div class="post-body">{body}</div></div>'
        '<div class="widget PopularPosts"><h2>الأشهر</h2><div>كيف تنمو شجرة في صخر الميناء.</div></div>'
    )
    found = read("a.html", text, documents)
    assert (found.title, found.date, list(found.paragraphs)) == (TITLE, "2026-11-24", TEXT)


def test_a_dash_behind_a_name_is_no_part_of_it(documents: DocumentStore) -> None:
    name = '<div class="td-post-author-name"><div>بواسطة</div> <a href="/a">لمى عيد</a><div> - </div></div>'
    assert (
        read("a.html", article_page("").replace("</h1>", f"</h1>{name}"), documents).byline
        == "لمى عيد"
    )


def test_the_header_of_a_chapter_has_its_title(documents: DocumentStore) -> None:
    header = f"<header><p>الفصل الثاني عشر</p><h2>{TITLE}</h2></header>"
    found = read(
        "a.epub", book(f"<section>{header}{paragraphs(*TEXT)}</section>", "", "x"), documents
    )
    assert (found.title, list(found.paragraphs)) == (TITLE, TEXT)


SHORT = {
    "شارك في الغرس ألف طالب.": True,
    "إعلان النتائج غدا": True,
    "تعليقات الجيران على الغرس": True,
    "شارك": False,
    "إعلان": False,
    "طباعة | حفظ": False,
}


@pytest.mark.parametrize(("line", "is_text"), SHORT.items(), ids=SHORT)
def test_a_word_that_points_elsewhere_alone_begins_sentences_too(
    line: str, is_text: bool, documents: DocumentStore
) -> None:
    text = paragraphs(FIRST, SECOND, line, THIRD, LAST)
    post = {"title": {"rendered": TITLE}, "content": {"rendered": text}}
    expected = [FIRST, SECOND, line, THIRD, LAST] if is_text else TEXT
    assert list(read("a.json", json.dumps(post), documents).paragraphs) == expected


@pytest.mark.parametrize(
    "line",
    [
        f"ظهرت المقالة {TITLE} أولاً على جريدة الجبل.",
        f"The post {TITLE} appeared first on Jabal.",
        f"نشرت المقالة {TITLE} أولا على جريدة الجبل.",
    ],
)
def test_where_a_post_appeared_first_is_not_read(line: str, documents: DocumentStore) -> None:
    feed = (
        '<rss version="2.0"><channel><title>ق</title>'
        f"<item><title>{TITLE}</title><description><![CDATA[{paragraphs(*TEXT, line)}]]></description></item>"
        "</channel></rss>"
    )
    assert list(read("a.xml", feed, documents).paragraphs) == TEXT


def test_the_label_of_another_article_is_not_the_section(documents: DocumentStore) -> None:
    other = '<div class="slider"><span class="category">رياضة</span><h3>فوز جديد</h3></div>'
    label = '<span class="category">بيئة</span>'
    text = page(f"{other}<main><article>{label}{BODY}</article></main>")
    assert read("a.html", text, documents).section == "بيئة"
    assert read("a.html", text.replace(label, ""), documents).section == ""


def test_a_box_of_information_is_read(documents: DocumentStore) -> None:
    box = "وتباع الشتلة في مشتل البلدية بعشرين ليرة."
    middle = f'<div class="uagb-infobox"><p>{box}</p></div>'
    found = read("a.html", article_page(middle), documents)
    assert list(found.paragraphs) == [FIRST, SECOND, box, THIRD, LAST]


CALLS = [
    '<p>تابعوا آخر أخبارنا عبر <a href="/n">خدمة الأخبار</a></p>',
    '<p>لمتابعة آخر الأخبار انضموا إلى <a href="/t">قناتنا على تلغرام</a></p>',
    "<p>مدة القراءة: 3 دقائق</p>",
    "<div>الرابط المختصر: https://a.example/1</div>",
    '<div class="lwptoc"><b>المحتويات</b><div><a href="#a">الشجر</a></div></div>',
    '<div class="donation-box"><p>ساهم معنا في سقاية الشجر هذا الصيف.</p></div>',
]


@pytest.mark.parametrize("call", CALLS, ids=range(len(CALLS)))
def test_calls_to_the_reader_are_not_read(call: str, documents: DocumentStore) -> None:
    assert list(read("a.html", article_page(call), documents).paragraphs) == TEXT


@pytest.mark.parametrize(
    "box",
    [
        '<div class="elementor-widget elementor-widget-text-editor"><div>{}</div></div>',
        '<div class="alert alert-info"><p>{}</p></div>',
        '<div class="accordion-item"><div>{}</div></div>',
        '<div class="sc-4f2 timeline-content">{}</div>',
    ],
)
def test_a_sentence_between_two_paragraphs_is_read(box: str, documents: DocumentStore) -> None:
    text = "وجاء الجيران جميعا إلى الميناء مع أولادهم."
    found = read("a.html", article_page(box.format(text)), documents)
    assert list(found.paragraphs) == [FIRST, SECOND, text, THIRD, LAST]


@pytest.mark.parametrize(
    ("line", "is_text"),
    [
        ('<p>● <a href="/a">الخباز يفتح فرنا في الحي</a></p>', False),
        ('<blockquote><a href="/a">الخباز يفتح فرنا في الحي</a></blockquote>', False),
        ('<p><a href="/a">ونشرت البلدية خريطة الأشجار.</a></p>', True),
        ('<ul><li><a href="/a">خريطة الأشجار</a></li></ul>', True),
    ],
)
def test_a_linked_headline_in_a_feed_is_not_read(
    line: str, is_text: bool, documents: DocumentStore
) -> None:
    text = paragraphs(FIRST, SECOND) + line + paragraphs(THIRD, LAST)
    post = {"title": {"rendered": TITLE}, "content": {"rendered": text}}
    found = read("a.json", json.dumps(post), documents)
    assert len(found.paragraphs) == len(TEXT) + is_text
