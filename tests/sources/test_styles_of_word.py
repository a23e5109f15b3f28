"""Styles of a Word template of one's own: they mean what the style means that they are based on."""

import io
import zipfile

import pytest

from briefing.sources.documents.parsing import parse

pytest.importorskip(
    "mammoth", reason="briefing[documents] is not installed; briefing[test] brings it"
)

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"
PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{TYPES}.document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{TYPES}.styles+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
    'officeDocument" Target="word/document.xml"/></Relationships>',
    "word/_rels/document.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
    'relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/styles" Target="styles.xml"/></Relationships>',
}  # fmt: skip


def style(number: str, name: str, base: str = "") -> str:
    based = f'<w:basedOn w:val="{base}"/>' if base else ""
    return f'<w:style w:type="paragraph" w:styleId="{number}"><w:name w:val="{name}"/>{based}</w:style>'


def word_file(styles: str, paragraphs: list[tuple[str, str]]) -> bytes:
    """paragraphs: (style, text)."""
    body = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="{number}"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>'
        for number, text in paragraphs
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in PARTS.items():
            archive.writestr(name, content)
        archive.writestr("word/styles.xml", f"<w:styles {W}>{styles}</w:styles>")
        archive.writestr(
            "word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>"
        )
    return packed.getvalue()


TEXT = "قال الوزير إن الخطة الجديدة ستبدأ غدا في العاصمة وفي المدن الكبرى كلها."


def test_a_style_based_on_a_heading_is_a_heading_and_one_based_on_the_title_the_title() -> None:
    styles = (
        style("1", "Normal")
        + style("2", "heading 2", "1")
        + style("3", "Title", "1")
        + style("a", "فرعي", "2")
        + style("b", "فرعي صغير", "a")
        + style("c", "عنوان الصفحة", "3")
        + style("d", "متن الخبر", "1")
    )
    paragraphs = [
        ("c", "خطة جديدة في العاصمة"),
        ("d", TEXT),
        ("a", "تفاصيل الخطة"),
        ("d", TEXT),
        ("b", "ردود الفعل"),
        ("d", TEXT),
    ]
    (document,) = parse(word_file(styles, paragraphs), "a.docx")
    assert document.title == "خطة جديدة في العاصمة"
    assert [(part.kind, part.text) for part in document.paragraphs] == [
        ("p", TEXT),
        ("heading", "تفاصيل الخطة"),
        ("p", TEXT),
        ("heading", "ردود الفعل"),
        ("p", TEXT),
    ]


def test_styles_that_are_based_on_each_other_are_text() -> None:
    styles = style("a", "أول", "b") + style("b", "ثان", "a") + style("c", "ثالث", "none")
    (document,) = parse(word_file(styles, [("a", TEXT), ("b", TEXT), ("c", TEXT)]), "a.docx")
    assert [part.kind for part in document.paragraphs] == ["p"] * 3
