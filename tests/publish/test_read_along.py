"""The read-along book: what is in it, that it is the edition's own, and where it is published."""

import json
import shutil
import zipfile

import pytest

from tests.conftest import BUILT_DATE, Project
from tests.publish.books import DC, HALF_A_MILLISECOND, HTML, OPF, Book, heard_words, seconds

NASTY = {
    "a.txt": "سعر <b>Apple & Co</b> يرتفع 😀\n\n"
    "ارتفع سهم Apple بنسبة 3.5% إلى 230 دولارا، قال «المحلل»: \"نعم\" – فعلا. http://example.org/?b=1&c=2\n"
    "قال 25 شخصا إن iPhone 17 أفضل ]]> من غيره & <script>alert(1)</script> &nbsp; 😀👍🏽.\n"
    "***\n",
    "b.txt": "\u200f\u200f\n\nهطل المطر\x01 صباح\x0b اليوم\ufffe. أغلقت المدارس\x7f أبوابها.\n",
}


@pytest.fixture(scope="module")
def edition(_built_once, tmp_path_factory) -> Project:
    """The two short articles with a book, from clips that are spoken already; not to be changed."""
    folder = tmp_path_factory.mktemp("book") / "project"
    shutil.copytree(_built_once, folder, symlinks=True)
    project = Project(folder)
    project.configure("output.epub = true\npublisher = \"دار <الخبر> & 'شركاه'\"\n")
    done = project.run("build", "--date", BUILT_DATE)
    assert done.returncode == 0, done.stderr
    return project


@pytest.fixture(scope="module")
def book(edition) -> Book:
    return Book(edition.audio / "briefing.epub")


def test_each_word_has_the_times_of_the_sidecar_to_the_millisecond(edition, book):
    words = heard_words(edition.audio / "briefing.json")
    pars = book.pars()
    assert len(words) > 30
    assert len(pars) == len(words)
    for par, word in zip(pars, words, strict=True):
        assert word["text"] in par.text
        assert abs(par.begin_s - word["start_s"]) <= HALF_A_MILLISECOND, word
        assert abs(par.end_s - word["end_s"]) <= HALF_A_MILLISECOND, word


def test_the_text_of_the_pieces_is_the_article(edition, book):
    spoken = " ".join(par.text for par in book.pars())
    for article in sorted((edition.folder / "seeds").iterdir()):
        text = article.read_text("utf-8")
        assert " ".join(text.split()) in spoken
        spoken = spoken.partition(" ".join(text.split()))[2]


def test_the_sound_is_the_published_file_stored_as_it_is(edition, book):
    with zipfile.ZipFile(book.path) as archive:
        assert book.parts["EPUB/sound.mp3"] == (edition.audio / "briefing.mp3").read_bytes()
        assert archive.getinfo("EPUB/sound.mp3").compress_type == zipfile.ZIP_STORED
    items = book.items().values()
    types = {item.get("href"): item.get("media-type") for item in items}
    assert {par.audio for par in book.pars()} == {"sound.mp3"}
    assert types["sound.mp3"] == "audio/mpeg"


def test_a_reading_system_knows_the_file_by_its_first_bytes(book):
    start = book.path.read_bytes()[:58]
    assert start[:4] == b"PK\x03\x04"
    assert start[30:] == b"mimetypeapplication/epub+zip"


def test_its_times_are_the_edition_date(book):
    with zipfile.ZipFile(book.path) as archive:
        assert {row.date_time for row in archive.infolist()} == {(2026, 11, 24, 0, 0, 0)}
    assert book.metas("dcterms:modified") == ["2026-11-24T00:00:00Z"]
    assert [date.text for date in book.package.iter(f"{DC}date")] == [BUILT_DATE]


def test_it_is_arabic_and_read_from_right_to_left(book):
    assert book.package.find(f"{OPF}spine").get("page-progression-direction") == "rtl"
    assert [language.text for language in book.package.iter(f"{DC}language")] == ["ar"]
    for document in book.documents():
        assert (document.get("dir"), document.get("lang")) == ("rtl", "ar")
        assert document.get("{http://www.w3.org/XML/1998/namespace}lang") == "ar"


def test_headings_and_contents_lead_to_each_article(book):
    titles = ["موجز الأخبار – الثلاثاء، 24 نوفمبر 2026", "مطر في بيروت", "فوز المنتخب"]
    assert [(level, title) for level, title, _ in book.contents()] == [(0, title) for title in titles]
    assert [address for _, _, address in book.contents()] == [
        item.get("href") for item in book.spine()
    ]
    headings = ["".join(page.find(f".//{HTML}h1").itertext()) for page in book.documents()]
    assert headings == titles
    assert [title.text for title in book.package.iter(f"{DC}title")] == titles[:1]


def test_durations_are_the_sum_of_their_clips(book):
    pars = book.pars()
    own, total = {}, None
    for meta in book.package.iter(f"{OPF}meta"):
        if meta.get("property") == "media:duration":
            if meta.get("refines"):
                href = book.items()[meta.get("refines")[1:]].get("href")
                own[href.replace(".smil", ".xhtml")] = seconds(meta.text)
            else:
                total = seconds(meta.text)
    for document, duration_s in own.items():
        clips = [par.end_s - par.begin_s for par in pars if par.document == document]
        assert duration_s == pytest.approx(sum(clips), abs=1e-6)
    assert len(own) == 3
    assert total == pytest.approx(sum(own.values()), abs=1e-6)


def test_it_says_how_it_can_be_read_and_what_is_highlighted(book):
    assert "synchronizedAudioText" in book.metas("schema:accessibilityFeature")
    assert set(book.metas("schema:accessMode")) == {"textual", "auditory"}
    assert {"textual", "auditory"} <= set(book.metas("schema:accessModeSufficient"))
    assert book.metas("schema:accessibilityHazard") == ["none"]
    assert len(book.metas("schema:accessibilitySummary")) == 1
    (active,) = book.metas("media:active-class")
    assert f".{active} {{" in book.part("style.css").decode()
    assert [row.text for row in book.package.iter(f"{DC}publisher")] == ["دار <الخبر> & 'شركاه'"]


def test_the_cover_is_a_picture_of_its_own(book):
    (cover,) = (item for item in book.items().values() if item.get("properties") == "cover-image")
    assert cover.get("media-type") == "image/png"
    assert book.part(cover.get("href")).startswith(b"\x89PNG")
