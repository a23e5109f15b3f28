"""The read-along book: what is in it, that it is the edition's own, and where it is published."""

import json
import re
import shutil
import tracemalloc
import xml.etree.ElementTree as ET
import zipfile
from itertools import pairwise

import pytest

from briefing.delivery.contents import contents
from briefing.publish.read_along.documents import DocumentWriter
from briefing.publish.read_along.markup import language_tag
from briefing.publish.read_along.package import Facts, navigation, package
from briefing.publish.read_along.spans import label, spans
from briefing.publish.read_along.writer import BookWriter
from briefing.shelf.shelf import Shelf
from tests.conftest import BUILT_DATE, Project
from tests.publish.books import DC, HALF_A_MILLISECOND, HTML, OPF, Book, heard_words, seconds

CONFIGURATION = "output.epub = true\npublisher = \"دار <الخبر> & 'شركاه'\"\n"


@pytest.fixture(scope="module")
def edition(_built_once, tmp_path_factory) -> Project:
    """The two short articles with a book, from clips that are spoken already; not to be changed."""
    folder = tmp_path_factory.mktemp("book") / "project"
    shutil.copytree(_built_once, folder, symlinks=True)
    project = Project(folder)
    project.configure(CONFIGURATION)
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
    assert [(level, title) for level, title, _ in book.contents()] == [
        (0, title) for title in titles
    ]
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


# where it is published


def test_page_and_shelf_lead_to_it(edition):
    page = (edition.audio / "index.html").read_text("utf-8")
    links = re.findall(r'<a class="book" href="([^"]+)" download="briefing-2026-11-24.epub"', page)
    assert len(links) == 2  # of the page's edition, and in the list of the shelf
    kept = (edition.audio / "editions" / "briefing-2026-11-24.html").read_text("utf-8")
    (own,) = re.findall(r'<a class="book" href="([^"]+)"', kept)
    rows = json.loads((edition.audio / "shelf.json").read_text("utf-8"))["editions"]
    addresses = [*links, f"editions/{own}", *(row["book"] for row in rows)]
    assert len(addresses) == 5
    content = (edition.audio / "briefing.epub").read_bytes()
    assert all((edition.audio / address).read_bytes() == content for address in addresses)


def test_an_edition_without_a_book_leads_to_none(built_project):
    assert 'class="book"' not in (built_project.audio / "index.html").read_text("utf-8")
    rows = json.loads((built_project.audio / "shelf.json").read_text("utf-8"))["editions"]
    assert [row["book"] for row in rows] == ["", ""]


def test_it_belongs_to_the_edition(edition):
    sidecar = json.loads((edition.audio / "briefing.json").read_text("utf-8"))
    (output,) = (row for row in sidecar["outputs"] if row["path"] == "briefing.epub")
    assert output["bytes"] == (edition.audio / "briefing.epub").stat().st_size


def test_it_is_delivered_as_a_book_and_copied_from_its_dated_address(edition):
    items = contents(Shelf(edition.audio))
    item = items["briefing.epub"]
    assert item.media_type == "application/epub+zip"
    assert item.is_large
    assert item.same_as in items
    assert item.cache_control == items[item.same_as].cache_control


def test_it_has_the_same_bytes_whenever_and_wherever_it_is_made(edition, tmp_path):
    again = Project(tmp_path / "again")
    shutil.copytree(edition.folder, again.folder, symlinks=True)
    shutil.rmtree(again.audio)
    done = again.run("build", "--date", BUILT_DATE, environment={"TZ": "Asia/Tokyo"})
    assert done.returncode == 0, done.stderr
    first = (edition.audio / "briefing.epub").read_bytes()
    assert (again.audio / "briefing.epub").read_bytes() == first


@pytest.mark.parametrize("command", ["check", "build"])
def test_opus_is_refused(built_project, command):
    built_project.configure("[output]\nformat = 'opus'\nepub = true\n")
    done = built_project.run(command)
    assert done.returncode == 2
    assert "config.toml:3: output.epub = true, output.format = 'opus': many" in (
        done.stderr + done.stdout
    )
    assert "Traceback" not in done.stderr
    assert not (built_project.audio / "briefing.epub").exists()


# the pieces of a sentence


def sentence(text, *words, timing="exact"):
    """words: each with its start and end in seconds."""
    rows = [{"text": word, "start_s": start, "end_s": end} for word, start, end in words]
    ends = (rows[0]["start_s"], rows[-1]["end_s"]) if rows else (1.0, 1.0)
    return {
        "text": text,
        "spoken": text,
        "start_s": ends[0],
        "end_s": ends[1],
        "words": rows,
        "timing": timing,
    }


def pieces(row):
    return [
        (piece.text, piece.clip and (piece.clip.begin_ms, piece.clip.end_ms))
        for piece in spans(row)
    ]


def test_signs_belong_to_the_word_that_they_touch():
    row = sentence("«قال: – (نعم)!», ثم", ("قال", 1, 1.5), ("نعم", 1.5, 2), ("ثم", 2, 2.25))
    assert pieces(row) == [
        ("«قال: –", (1000, 1500)),
        ("(نعم)!»,", (1500, 2000)),
        ("ثم", (2000, 2250)),
    ]


def test_a_word_of_no_length_or_place_joins_its_neighbour():
    row = sentence("أ ب ج", ("أ", 1, 1.0002), ("ب", 1.0002, 1.5), ("ج", 1.5, 1.5001))
    assert pieces(row) == [("أ ب ج", (1000, 1500))]
    row = sentence("ب ج", ("غائب", 0.5, 1), ("ب", 1, 1.5), ("ليس هنا", 1.5, 2), ("ج", 2, 3))
    assert pieces(row) == [("ب", (500, 2000)), ("ج", (2000, 3000))]


def test_a_voice_without_times_of_words_is_highlighted_by_sentences():
    row = sentence("قال نعم.", ("قال", 1, 1.5), ("نعم.", 1.5, 2), timing="estimated")
    assert pieces(row) == [("قال نعم.", (1000, 2000))]


def test_what_is_not_spoken_has_no_sound():
    assert pieces(sentence("***")) == [("***", None)]
    assert pieces(sentence(" \u2028 ")) == []


# hostile and unusual texts

HOSTILE = "<b>&amp;]]></b>\x00\x0b\ufffe\U0001ffff\x85\u2028<script>alert(1)</script>\"'😀&nbsp;"
WHITE = re.compile("[\x00\x0b\ufffe\U0001ffff\x85\u2028]")


def listed(*titles, sections=()):
    return {
        "sources": [],
        "chapters": [{"title": title, "start_s": 0, "end_s": 1, "source": 0} for title in titles],
        "sections": list(sections),
    }


def paragraph(*sentences, chapter=0, kind="p"):
    return {"chapter": chapter, "kind": kind, "start_s": 0, "end_s": 1, "sentences": sentences}


def facts(**more):
    values = {
        "name": "news",
        "title": "موجز",
        "language": "ar",
        "edition_date": BUILT_DATE,
        "publisher": "",
        "voice": "espeak",
        "sound": "sound.mp3",
        "sound_type": "audio/mpeg",
        "cover": "cover.png",
        "cover_type": "image/png",
    }
    return Facts(**{**values, **more})


def test_no_text_becomes_markup():
    own = facts(title=label(HOSTILE, ""), publisher=label(HOSTILE, ""), voice=label(HOSTILE, ""))
    writer = DocumentWriter(own.edition_title, "ar", listed(HOSTILE), "sound.mp3")
    words = HOSTILE.split()
    row = sentence(HOSTILE, *((word, at, at + 1) for at, word in enumerate(words)))
    writer.add(paragraph(row, kind="heading"))
    writer.add(paragraph(row, kind="quote"))
    document = writer.finish()
    pages = [
        ET.fromstring(text)
        for text in (
            document.text,
            document.overlay,
            package(own, [document]),
            navigation(own, document.headings),
        )
    ]
    tags = {element.tag.rpartition("}")[2] for element in pages[0].iter()}
    assert tags <= {
        "html",
        "head",
        "title",
        "link",
        "body",
        "section",
        "h1",
        "blockquote",
        "p",
        "span",
    }
    seen = " ".join(WHITE.sub(" ", HOSTILE).split())
    assert seen in " ".join("".join(pages[0].itertext()).split())
    assert own.publisher == seen
    assert [" ".join(link.itertext()) for link in pages[3].iter(f"{HTML}a")] == [seen]


@pytest.mark.parametrize(
    ("language", "tag"), [("ar", "ar"), ("ar_EG", "ar-EG"), ('"><x', "und"), ("", "und")]
)
def test_a_language_that_is_none_breaks_nothing(language, tag):
    assert language_tag(language) == tag


@pytest.mark.parametrize("title", ["", " ", "\u200f\u200f", "\x01"])
def test_an_article_without_a_visible_title_is_in_the_contents(title):
    writer = DocumentWriter("موجز", "ar", listed(title), "sound.mp3")
    writer.add(paragraph(sentence("نص.", ("نص.", 1, 2))))
    document = writer.finish()
    assert [heading.title for heading in document.headings] == ["موجز"]
    assert ET.fromstring(document.text).findtext(f".//{HTML}title") == "موجز"


# long articles


def long_article(words, a_paragraph=500):
    """Yield the paragraphs of an article; each word takes half a second."""
    for first in range(0, words, a_paragraph):
        rows = [(f"كلمة{at}", at / 2, (at + 1) / 2) for at in range(first, first + a_paragraph)]
        yield paragraph(sentence(" ".join(word for word, *_ in rows), *rows))


def test_a_long_article_is_divided_and_nothing_is_lost():
    writer = DocumentWriter("موجز", "ar", listed("خبر"), "sound.mp3")
    documents = [writer.add(row) for row in long_article(10_000)]
    documents = [*filter(None, documents), writer.finish()]
    assert len(documents) == 3
    assert [len(document.headings) for document in documents] == [1, 0, 0]
    words = " ".join("".join(ET.fromstring(document.text)[1].itertext()) for document in documents)
    assert words.split() == ["خبر", *(f"كلمة{at}" for at in range(10_000))]
    begins = [
        float(at)
        for document in documents
        for at in re.findall(r'clipBegin="(.+?)s"', document.overlay)
    ]
    assert len(begins) == 10_000
    assert all(before < after for before, after in pairwise(begins))
    assert sum(document.duration_ms for document in documents) == 5_000_000


@pytest.mark.slow
def test_ten_hours_need_no_more_memory_than_one(tmp_path):
    hour = 7_200
    peaks = [peak_bytes(tmp_path, hours * hour) for hours in (1, 10)]
    assert peaks[1] <= 1.3 * peaks[0]


def peak_bytes(folder, words):
    """Return the most memory that writing a book needed."""
    sound = folder / "sound.mp3"
    with sound.open("wb") as file:
        file.truncate(words * 400)
    tracemalloc.start()
    try:
        with BookWriter(folder / "book.epub", facts(), listed("خبر")) as book:
            for row in long_article(words):
                book.add(row)
            book.finish(sound, b"\x89PNG")
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
