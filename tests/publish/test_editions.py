"""Dated editions: one a day, never changed under their name, no more than asked for."""

import re

import pytest

from briefing.config import Config, Output
from briefing.shelf.listing import read_listing
from briefing.shelf.shelf import Shelf
from briefing.shelf.sidecar_reader import paragraphs, read_edition
from tests.publish.shelf_maker import publish, shelve

ARTICLES = [("عنوان", ["نص أول. نص ثان."], None)]
OTHER = [("عنوان", ["نص أول. نص ثالث."], None)]


@pytest.fixture
def shelf(tmp_path):
    return tmp_path / "audio"


def build(shelf, date, articles=ARTICLES, keep=30, name="briefing", **more):
    config = Config(output=Output(name=name, keep=keep))
    shelve(shelf, config, date=date, articles=articles, **more)


def names(shelf):
    """The kept files, their pages aside."""
    return sorted(path.name for path in (shelf / "editions").glob("*") if path.suffix != ".html")


def dates(shelf, name="briefing"):
    return [kept.row.date for kept in read_listing(Shelf(shelf).current(name)).kept_editions]


def test_an_edition_is_kept_with_all_its_files_under_its_date_and_digest(shelf):
    build(shelf, "2026-11-24")
    assert len(names(shelf)) == 4
    for name in names(shelf):
        assert re.fullmatch(
            r"briefing-2026-11-24-[0-9a-f]{12}(\.mp3|\.json|\.vtt|\.chapters\.json)", name
        )
    kept = next((shelf / "editions").glob("*.mp3"))
    assert kept.samefile(shelf / "briefing.mp3"), "no second copy of the sound"


def test_another_day_is_another_edition(shelf):
    build(shelf, "2026-11-23")
    build(shelf, "2026-11-24")
    assert len({name[:19] for name in names(shelf)}) == 2


def test_a_rebuild_of_the_day_takes_its_place_with_a_new_audio_name(shelf):
    build(shelf, "2026-11-24")
    before = names(shelf)
    build(shelf, "2026-11-24", OTHER)
    assert len(names(shelf)) == 4
    assert not set(before) & set(names(shelf))


def test_a_rebuild_with_the_same_sound_and_text_keeps_every_name(shelf):
    build(shelf, "2026-11-24", seconds=1)
    before = names(shelf)
    build(shelf, "2026-11-24", seconds=2)
    assert names(shelf) == before
    kept = read_edition(next((shelf / "editions").glob("*-????????????.json")))
    assert kept.head["build"]["seconds"] == 2


def test_the_oldest_go_when_there_are_too_many(shelf):
    for day in range(20, 25):
        build(shelf, f"2026-11-{day}", keep=3)
    assert dates(shelf) == ["2026-11-24", "2026-11-23", "2026-11-22"]
    assert len(names(shelf)) == 12


def test_keep_0_keeps_none_and_no_folder(shelf):
    build(shelf, "2026-11-23")
    build(shelf, "2026-11-24", keep=0)
    assert names(shelf) == []
    assert len(list((shelf / ".editions" / "briefing").iterdir())) == 2, "it and the one before"


def test_an_older_edition_takes_no_space_for_what_is_not_kept_of_it(shelf):
    for day in range(20, 24):
        build(shelf, f"2026-11-{day}")
    assert len(names(shelf)) == 16
    pages = list((shelf / ".editions" / "briefing").glob("*/briefing.html"))
    assert len(pages) == 2, "the current edition's, and the one before may still be read"


def test_without_kept_editions_there_is_no_folder_for_them(shelf):
    build(shelf, "2026-11-24", keep=0)
    assert not (shelf / "editions").is_symlink()


def test_another_briefing_of_the_shelf_is_left_alone(shelf):
    build(shelf, "2026-11-20", name="briefing")
    build(shelf, "2026-11-20", name="briefing-long")
    build(shelf, "2026-11-21", name="briefing", keep=1)
    assert dates(shelf, "briefing") == ["2026-11-21"]
    assert dates(shelf, "briefing-long") == ["2026-11-20"]
    assert {name[:-4] for name in names(shelf) if name.endswith(".mp3")} == {
        name[:-5] for name in names(shelf) if re.search("[0-9a-f]{12}.json", name)
    }


def test_the_previous_editions_files_are_not_written_into(shelf, tmp_path):
    build(shelf, "2026-11-24")
    outside = tmp_path / "open.json"
    kept = next((shelf / "editions").glob("*-????????????.json"))
    outside.hardlink_to(kept.resolve())
    before = outside.read_bytes()
    build(shelf, "2026-11-24", seconds=7)
    assert outside.read_bytes() == before


def test_sidecars_are_read_a_paragraph_at_a_time_wherever_the_key_stands(tmp_path):
    sidecar = publish(tmp_path, sound=False)
    assert list(paragraphs(tmp_path / "briefing.json")) == sidecar["paragraphs"]
    head = read_edition(tmp_path / "briefing.json").head
    assert head == {key: value for key, value in sidecar.items() if key != "paragraphs"}


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{",
        '{"a": 1}',
        '{"schema_version": 2}',
        '{"schema_version": 1',
        "nonsense",
        "\ud800",
    ],
)
def test_what_is_no_sidecar_is_passed_over(tmp_path, content):
    (tmp_path / "other.json").write_bytes(content.encode("utf-8", "surrogatepass"))
    assert read_edition(tmp_path / "other.json") is None
