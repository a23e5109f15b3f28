"""The tags of an MP3, as players read them."""

from __future__ import annotations

from pathlib import Path

import av
import pytest
from mutagen.id3 import ID3, CTOCFlags
from mutagen.mp3 import MP3

from briefing.mastering.formats.tags import ChapterMark, Tags, id3_tag
from tests.conftest import Project
from tests.publish.cover_drawing import cover_png
from tests.sound import decode

CHAPTERS = (
    ChapterMark("عنوان طويل جدا للفصل الأول من هذا الموجز", 0.25, 10.0),
    ChapterMark("ثان", 11.5, 20.125),
    ChapterMark("فصل ثالث", 21.0, 30.0),
)


def tagged(path: Path, **values: object) -> ID3:
    facts: dict[str, object] = {
        "title": "موجز",
        "language": "ar",
        "edition_date": "2026-11-25",
        "publisher": "دار الأخبار",
        "software": "briefing",
        "chapters": CHAPTERS,
        "cover": cover_png(100),
        "lyrics": "كلام\nكثير",
    }
    path.write_bytes(id3_tag(Tags(**{**facts, **values})))  # type: ignore[arg-type]
    return ID3(path)


def test_players_see_title_artist_album_date_language_words_and_cover(tmp_path: Path) -> None:
    tags = tagged(tmp_path / "a.mp3")
    texts = {name: tags[name].text[0] for name in ("TIT2", "TPE1", "TPUB", "TALB", "TLAN", "TCON")}
    assert texts == {
        "TIT2": "موجز",
        "TPE1": "دار الأخبار",
        "TPUB": "دار الأخبار",
        "TALB": "موجز",
        "TLAN": "ara",
        "TCON": "Podcast",
    }
    assert str(tags["TDRC"].text[0]) == "2026-11-25"
    (words,) = tags.getall("USLT")
    assert (words.lang, words.text) == ("ara", "كلام\nكثير")
    (cover,) = tags.getall("APIC")
    assert (cover.mime, cover.type) == ("image/png", 3)
    assert cover.data == cover_png(100)


def test_a_jpeg_of_the_users_is_told_as_one(tmp_path: Path) -> None:
    (cover,) = tagged(tmp_path / "a.mp3", cover=b"\xff\xd8\xff\xe0 picture").getall("APIC")
    assert cover.mime == "image/jpeg"


@pytest.mark.parametrize(("language", "code"), [("ar-EG", "ara"), ("en", "eng"), ("xx", "und")])
def test_languages_are_told_in_three_letters(tmp_path: Path, language: str, code: str) -> None:
    assert tagged(tmp_path / "a.mp3", language=language)["TLAN"].text == [code]


def test_the_table_of_contents_is_top_level_ordered_and_titled(tmp_path: Path) -> None:
    tags = tagged(tmp_path / "a.mp3")
    (contents,) = tags.getall("CTOC")
    assert contents.flags == CTOCFlags.TOP_LEVEL | CTOCFlags.ORDERED
    assert contents.sub_frames["TIT2"].text == ["موجز"]
    chapters = {one.element_id: one for one in tags.getall("CHAP")}
    listed = [chapters[name] for name in contents.child_element_ids]
    assert [one.sub_frames["TIT2"].text[0] for one in listed] == [one.title for one in CHAPTERS]
    assert [(one.start_time, one.end_time) for one in listed] == [
        (250, 10000),
        (11500, 20125),
        (21000, 30000),
    ]


def test_chapters_stand_in_their_order_for_players_that_read_no_table(tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    tagged(path)
    data = path.read_bytes()
    places = [data.index(chapter.title.encode()) for chapter in CHAPTERS]
    assert places == sorted(places)


def test_the_sample_has_its_words_and_cover_and_says_its_length(sample: Project) -> None:
    path = sample.audio / "briefing.mp3"
    file = MP3(path)
    assert file.info.length == pytest.approx(decode(path).seconds, abs=0.08)
    (words,) = file.tags.getall("USLT")
    (seed,) = (sample.folder / "seeds").glob("*.txt")
    assert words.text.splitlines()[0] == seed.read_text("utf-8").splitlines()[0].strip()
    assert len(words.text) > 4000
    (cover,) = file.tags.getall("APIC")
    assert cover.data.startswith(b"\x89PNG")
    with av.open(str(path)) as container:
        picture = container.streams.video[0]
        assert (picture.width, picture.height) == (600, 600)


def test_the_seek_table_leads_to_the_frames_of_its_time(sample: Project) -> None:
    """At each percent of the time, the table's place in the bytes is the time's, within 1%."""
    data = (sample.audio / "briefing.mp3").read_bytes()
    at = data.index(b"Info")
    count, size = (int.from_bytes(data[at + k : at + k + 4], "big") for k in (8, 12))
    table = data[at + 16 : at + 116]
    frame = data.rindex(b"\xff\xf3", 0, at)
    assert size == len(data) - frame
    assert list(table) == sorted(table)
    for percent, place in enumerate(table):
        assert place / 256 == pytest.approx(percent / 100, abs=0.01)
    assert count * 576 / 22050 == pytest.approx(decode(sample.audio / "briefing.mp3").seconds, 0.01)
