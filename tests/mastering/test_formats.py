"""Each format as a user gets it: exact times, chapters, tags, one file, the same bytes."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from mutagen.mp4 import MP4
from mutagen.oggopus import OggOpus

from tests.conftest import Project, make_project
from tests.sound import Sound, decode

FORMATS = {"mp3": "mp3", "m4b": "aac", "opus": "opus"}
FEED = '[feed]\nbase_url = "https://example.org/audio/"\n'


def configured(project: Project, form: str, more: str = "") -> None:
    project.configure(f'publisher = "دار الأخبار"\n[output]\nformat = "{form}"\n{FEED}{more}')


def built(project: Project, *arguments: str) -> dict[str, Any]:
    done = project.run("build", "--date", "2026-11-24", *arguments)
    assert done.returncode == 0, done.stderr
    value: dict[str, Any] = json.loads((project.audio / "briefing.json").read_text("utf-8"))
    return value


@pytest.fixture(scope="module", params=FORMATS)
def form(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def made(form: str, tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = make_project(tmp_path_factory.mktemp(form) / "project")
    configured(project, form)
    built(project)
    return project


@pytest.fixture(scope="module")
def sidecar(made: Project) -> dict[str, Any]:
    value: dict[str, Any] = json.loads((made.audio / "briefing.json").read_text("utf-8"))
    return value


@pytest.fixture(scope="module")
def sound(made: Project, form: str) -> Sound:
    return decode(made.audio / f"briefing.{form}")


def test_the_sidecar_names_the_file_and_its_codec(
    form: str, sidecar: dict[str, Any], made: Project
) -> None:
    assert sidecar["audio"]["file"] == f"briefing.{form}"
    assert sidecar["audio"]["codec"] == FORMATS[form]
    assert sidecar["audio"]["bytes"] == (made.audio / f"briefing.{form}").stat().st_size


def test_the_length_is_exact_to_ten_milliseconds(sound: Sound, sidecar: dict[str, Any]) -> None:
    assert sidecar["duration_s"] == pytest.approx(sound.seconds, abs=0.01)
    assert sidecar["audio"]["sample_rate_hz"] == sound.rate


def test_the_first_word_of_each_sentence_is_heard_at_its_time(
    sound: Sound, sidecar: dict[str, Any]
) -> None:
    for paragraph in sidecar["paragraphs"]:
        for sentence in paragraph["sentences"]:
            assert sound.level_db(sentence["start_s"] - 0.2, sentence["start_s"] - 0.035) < -55
            assert sound.level_db(sentence["start_s"], sentence["start_s"] + 0.12) > -50


def test_loudness_and_peak_are_right_in_every_format(sound: Sound, sidecar: dict[str, Any]) -> None:
    loudness, peak = sound.loudness()
    assert loudness == pytest.approx(-16, abs=0.5)
    assert peak <= -1
    assert sidecar["audio"]["loudness_lufs"] == pytest.approx(loudness, abs=0.2)


def test_players_find_the_opening_and_each_article_as_chapters_without_a_gap(
    made: Project, form: str, sidecar: dict[str, Any]
) -> None:
    with av.open(str(made.audio / f"briefing.{form}")) as container:
        chapters = [
            (
                chapter["metadata"]["title"],
                float(chapter["start"] * chapter["time_base"]),
                float(chapter["end"] * chapter["time_base"]),
            )
            for chapter in container.chapters()
        ]
    assert [title for title, _, _ in chapters] == ["المقدمة", "مطر في بيروت", "فوز المنتخب"]
    starts = [0, *(chapter["start_s"] for chapter in sidecar["chapters"])]
    ends = [*starts[1:], sidecar["duration_s"]]
    for (_, start_s, end_s), start, end in zip(chapters, starts, ends, strict=True):
        assert start_s == pytest.approx(start, abs=0.001)
        assert end_s == pytest.approx(end, abs=0.01)
    # the file of chapters has the same ones
    listed = json.loads((made.audio / "briefing.chapters.json").read_text("utf-8"))["chapters"]
    assert [chapter["title"] for chapter in listed] == [title for title, _, _ in chapters]
    assert [chapter["startTime"] for chapter in listed] == starts
    assert [chapter["endTime"] for chapter in listed] == pytest.approx(ends, abs=0.001)


def test_seeking_gives_the_samples_that_are_there(made: Project, form: str, sound: Sound) -> None:
    """From a place in the middle on, a player hears what it would have heard in a row."""
    with av.open(str(made.audio / f"briefing.{form}")) as container:
        stream = container.streams.audio[0]
        container.seek(round(20 / stream.time_base), stream=stream)
        first = None
        pieces = []
        for frame in container.decode(stream):
            first = frame.pts * float(frame.time_base) if first is None else first
            pieces.append(frame.to_ndarray().ravel())
            if len(pieces) == 200:
                break
    assert first is not None
    assert first == pytest.approx(20, abs=1.1)
    lead_in = av.open(str(made.audio / f"briefing.{form}")).streams.audio[0]
    offset = (lead_in.start_time or 0) * float(lead_in.time_base)
    wave = np.concatenate(pieces).astype(np.float32)
    settled = round(0.2 * sound.rate)  # overlap and reservoir of the packets before
    at = round((first - offset) * sound.rate) + settled
    heard = sound.samples[at : at + len(wave) - settled]
    difference = np.abs(heard - wave[settled : settled + len(heard)])
    assert float(np.max(difference)) < 0.02


def test_the_page_the_feed_and_the_list_name_the_file_of_the_format(
    made: Project, form: str
) -> None:
    others = [f".{one}" for one in FORMATS if one != form]
    page, feed = ((made.audio / name).read_text("utf-8") for name in ("index.html", "feed.xml"))
    listed = (made.audio / "shelf.json").read_text("utf-8")
    for text in (page, feed, listed):
        assert f".{form}" in text
        assert not [one for one in others if one in text.replace(".m4b-", "")]
    kind = {"mp3": "audio/mpeg", "m4b": "audio/x-m4a", "opus": "audio/ogg"}[form]
    assert f'type="{kind}"' in feed


@pytest.mark.parametrize("form", ["m4b"], indirect=True)
def test_mp4_tags_say_title_publisher_date_words_and_cover(made: Project) -> None:
    tags = MP4(made.audio / "briefing.m4b").tags
    assert tags["\xa9nam"] == ["موجز الأخبار"]
    assert tags["\xa9ART"] == ["دار الأخبار"]
    assert tags["\xa9day"] == ["2026-11-24"]
    assert "هطل المطر صباح اليوم." in tags["\xa9lyr"][0]
    assert bytes(tags["covr"][0]).startswith(b"\x89PNG")


@pytest.mark.parametrize("form", ["opus"], indirect=True)
def test_opus_comments_say_title_publisher_date_words_and_cover(made: Project) -> None:
    tags = OggOpus(made.audio / "briefing.opus").tags
    assert tags["title"] == ["موجز الأخبار"]
    assert tags["artist"] == ["دار الأخبار"]
    assert tags["date"] == ["2026-11-24"]
    assert tags["chapter000"] == ["00:00:00.000"]
    assert tags["chapter001name"] == ["مطر في بيروت"]
    assert "هطل المطر صباح اليوم." in tags["lyrics"][0]
    assert tags["metadata_block_picture"]


@pytest.mark.parametrize("form", ["m4b", "opus"], indirect=True)
def test_a_change_speaks_one_paragraph_and_gives_the_bytes_of_a_build_from_nothing(
    form: str, made: Project, tmp_path: Path
) -> None:
    project = make_project(tmp_path / "project")
    configured(project, form)
    project.write("a.txt", "مطر في بيروت\n\nكان هنا كلام آخر.\nقالت البلدية إن الطرق سالكة.\n")
    built(project)
    project.write("a.txt", (made.folder / "seeds" / "a.txt").read_text("utf-8"))
    assert built(project)["build"]["clips_spoken"] == 1
    digests = {
        hashlib.sha256((one.audio / f"briefing.{form}").read_bytes()).hexdigest()
        for one in (made, project)
    }
    assert len(digests) == 1


@pytest.mark.slow
def test_a_new_format_leaves_no_file_of_the_old_one(project: Project) -> None:
    configured(project, "mp3")
    built(project)
    configured(project, "opus")
    built(project)
    names = {path.name for path in project.audio.iterdir()}
    assert "briefing.opus" in names
    assert "briefing.mp3" not in names
    assert not list(project.audio.glob("editions/*.mp3"))
    configured(project, "mp3")
    assert built(project)["build"]["clips_spoken"] == 0  # the clips of both are kept


def test_the_podcast_preset_is_44_1_khz_and_96_kbit(project: Project) -> None:
    project.configure('[sound]\npreset = "podcast"\n')
    audio = built(project)["audio"]
    assert (audio["sample_rate_hz"], audio["bitrate_bps"]) == (44100, 96000)
    sound = decode(project.audio / "briefing.mp3")
    assert sound.rate == 44100
    assert sound.warnings == ()
    loudness, peak = sound.loudness()
    assert loudness == pytest.approx(-16, abs=0.5)
    assert peak <= -1


def test_a_format_that_is_none_is_named_with_its_place(project: Project) -> None:
    project.configure('[output]\nformat = "wav"\n')
    done = project.run("build")
    assert done.returncode == 2
    assert "config.toml:2: output.format = 'wav' must be one of mp3, m4b, opus" in done.stderr


def test_a_bitrate_that_keeps_no_speech_whole_is_refused(project: Project) -> None:
    project.configure("[sound]\nbitrate_kbps = 8\n")
    done = project.run("build")
    assert done.returncode == 2
    assert "config.toml:2: sound.bitrate_kbps = 8 must be 0" in done.stderr
