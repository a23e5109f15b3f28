"""A small document of each kind, which is read before any untrusted one.

Libraries open files when they are first used, but the process that reads an untrusted document
cannot open any.
"""

from __future__ import annotations

import io
import zipfile

__all__ = ["sample_document"]

_LINES = (
    "حذرت هيئة الأرصاد من عاصفة رملية تضرب غرب البلاد مساء الخميس، وتصل سرعتها إلى 70 كيلومترا.",
    "ودعت الهيئة السائقين إلى تجنب الطريق الصحراوي بين الرابعة عصرا ومنتصف الليل.",
)
_BODY = (
    f"<h1>عاصفة رملية</h1><p>بقلم: رائد مكي</p><p>{_LINES[0]}</p><h2>ما التالي؟</h2><p>{_LINES[1]}"
    "<sup><a href='#fn1'>1</a></sup></p><ol><li>أولا.</li></ol><blockquote><p>قال.</p></blockquote>"
    "<table><tr><th>أ</th><th>ب</th></tr><tr><td>1</td><td>2</td></tr></table>"
    "<figure><img src='a.jpg' alt='غبار'><figcaption>صورة</figcaption></figure><pre>x</pre>"
    "<p><a href='/x'>اقرأ أيضا: خبر</a></p>"
)
_PAGE = (
    "<!DOCTYPE html><html lang='ar'><head><meta charset='utf-8'><title>عاصفة رملية - موقع</title>"
    "<meta name='date' content='26 نوفمبر 2026'>"
    "<script type='application/ld+json'>{}</script></head>"
    f"<body><nav><a href='/'>الرئيسية</a></nav><article>{_BODY}<time>26/11/2026</time></article>"
    "<div class='comments'>رأي</div></body></html>"
)
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_ODF = "urn:oasis:names:tc:opendocument:xmlns"
_RELATIONS = (
    f"<Relationships xmlns='{_PACKAGE}/relationships'><Relationship Id='r1'"
    f" Type='{_OFFICE}/officeDocument' Target='word/document.xml'/></Relationships>"
)
_TYPES = (
    f"<Types xmlns='{_PACKAGE}/content-types'><Default Extension='xml'"
    " ContentType='application/xml'/>"
    "</Types>"
)
_PACKED = {
    "docx": {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _RELATIONS,
        "word/document.xml": f"<w:document xmlns:w='{_W}'><w:body>"
        + "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in ("عاصفة", *_LINES))
        + "</w:body></w:document>",
    },
    "odt": {
        "content.xml": f"<o:document-content xmlns:o='{_ODF}:office:1.0' xmlns:t='{_ODF}:text:1.0'>"
        "<o:body><o:text>"
        + "".join(f"<t:p>{line}</t:p>" for line in ("عاصفة", *_LINES))
        + "</o:text></o:body></o:document-content>",
    },
    "epub": {
        "META-INF/container.xml": "<container><rootfiles><rootfile full-path='a.opf'/></rootfiles>"
        "</container>",
        "a.opf": "<package xmlns:dc='http://purl.org/dc/elements/1.1/'><metadata><dc:title>ع</dc:title>"
        "</metadata><manifest><item id='a' href='a.xhtml' media-type='application/xhtml+xml'/>"
        "</manifest><spine><itemref idref='a'/></spine></package>",
        "a.xhtml": f"<html><head><title>ع</title></head><body>{_BODY}</body></html>",
    },
}
_TEXTS = {
    "markdown": "---\ntitle: عاصفة\ndate: 2026-11-26\npublish: 2026-11-26T06:00\n---\n\n"
    + "\n\n".join(_LINES)
    + "\n\n- أ[^1]\n\n| أ | ب |\n|--|--|\n| 1 | 2 |\n\n[^1]: حاشية\n",
    "page": _PAGE,
    "xml": "<rss version='2.0'><channel><title>ت</title><item><title>عاصفة &amp;amp; رمل</title>"
    "<pubDate>Thu, 26 Nov 2026 05:15:00 GMT</pubDate>"
    f"<description><![CDATA[{_BODY}]]></description></item></channel>",  # without its end
    "json": '[{"title": {"rendered": "عاصفة"},'
    ' "content": {"rendered": "<p>حذرت.</p><p>ودعت.</p>"}}]',
}


def sample_document(kind: str) -> bytes:
    """Return a small document. kind: the name of its kind."""
    if kind in _TEXTS:
        return _TEXTS[kind].encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in _PACKED[kind].items():
            file.writestr(name, text)
    return packed.getvalue()
