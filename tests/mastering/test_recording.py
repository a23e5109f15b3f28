"""A recording written where it stays: tags and headers in the room before its packets."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from mutagen.id3 import ID3
from mutagen.mp3 import MP3

from briefing.mastering.clip import make_clip
from briefing.mastering.formats.tags import ChapterMark, Tags, id3_room, id3_tag
from briefing.mastering.recording import Recorder, RecordingFacts
from tests.conftest import Project
from tests.mastering.speaking import mastering, spoken
from tests.publish.cover_drawing import cover_png
from tests.sound import decode

TAGS = Tags(
    title="موجز",
    language="ar",
    edition_date="2026-11-28",
    publisher="دار الأخبار",
    software="briefing",
    chapters=(ChapterMark("أول", 0.25, 4.0), ChapterMark("ثان", 5.0, 9.5)),
    cover=cover_png(100),
    lyrics="كلام كثير\n" * 200,
)
INFO_FRAME_BYTES = 208
"""64 kbit/s at 22,050 Hz."""


def recorder_in(
    path: Path, room: int, sound_format: str = "mp3"
) -> tuple[Recorder, RecordingFacts]:
    recorder = Recorder(path.open("w+b"), 7, room)
    for speeches in spoken()[:3]:
        recorder.append(make_clip(speeches, mastering(format=sound_format)), 0.5)
    return recorder, recorder.finish()


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("copied")
    recorder, facts = recorder_in(folder / "body", 0)
    recorder.assemble(folder / "a.mp3", facts, TAGS)
    recorder.body.close()
    return folder / "a.mp3"


@pytest.mark.parametrize("cut", [0, 1, 100])
def test_an_mp3_is_decoded_to_the_sample(tmp_path: Path, cut: int) -> None:
    recorder, facts = recorder_in(tmp_path / "body", 0)
    facts = replace(facts, samples=facts.samples - cut)
    recorder.assemble(tmp_path / "a.mp3", facts, None)
    recorder.body.close()
    assert len(decode(tmp_path / "a.mp3").samples) == facts.samples


@pytest.mark.parametrize("spare", [0, 1, 127, 128, 5000])
def test_tags_and_sound_are_those_of_a_copied_recording(
    copied: Path, tmp_path: Path, spare: int
) -> None:
    path = tmp_path / "a.mp3"
    recorder, facts = recorder_in(path, len(id3_tag(TAGS)) + INFO_FRAME_BYTES + spare)
    assert recorder.complete(facts, TAGS)
    recorder.body.close()
    assert path.stat().st_size == copied.stat().st_size + spare
    assert ID3(path).pprint() == ID3(copied).pprint()
    assert MP3(path).info.length == MP3(copied).info.length
    assert decode(path).warnings == ()
    assert np.array_equal(decode(path).samples, decode(copied).samples)


def test_room_that_is_too_small_by_a_byte_is_left_alone_and_the_recording_copied(
    copied: Path, tmp_path: Path
) -> None:
    body = tmp_path / "body"
    recorder, facts = recorder_in(body, len(id3_tag(TAGS)) + INFO_FRAME_BYTES - 1)
    recorder.body.flush()
    before = body.read_bytes()
    assert not recorder.complete(facts, TAGS)
    assert body.read_bytes() == before
    recorder.assemble(tmp_path / "a.mp3", facts, TAGS)
    recorder.body.close()
    assert (tmp_path / "a.mp3").read_bytes() == copied.read_bytes()


@pytest.mark.parametrize("sound_format", ["m4b", "opus"])
def test_formats_with_an_index_before_or_between_the_packets_are_copied_behind_any_room(
    tmp_path: Path, sound_format: str
) -> None:
    files = []
    for room in (0, 100_000):
        recorder, facts = recorder_in(tmp_path / f"body-{room}", room, sound_format)
        assert not recorder.complete(facts, TAGS)
        files.append(tmp_path / f"a-{room}.{sound_format}")
        recorder.assemble(files[-1], facts, TAGS)
        recorder.body.close()
    assert files[0].read_bytes() == files[1].read_bytes()


@pytest.mark.parametrize("chapters", [0, 1, 300])
def test_the_room_that_is_foreseen_is_enough_and_little_more(chapters: int) -> None:
    marks = [
        ChapterMark(f"فصل رقم {n} وعنوانه", n * 400.0, n * 400.0 + 399) for n in range(chapters)
    ]
    tags = Tags("موجز", "ar", "2026-11-28", "ناشر", "briefing", marks, TAGS.cover, "جملة.\n" * 5000)
    text_bytes = len(tags.lyrics.encode())
    room = id3_room([one.title for one in marks], text_bytes, len(tags.cover))
    needed = len(id3_tag(tags)) + INFO_FRAME_BYTES
    assert needed <= room <= needed + 6000 + text_bytes // 32 + 40 * chapters


def test_the_sample_is_written_in_place(sample: Project) -> None:
    """Its tag is followed by padding, and by nothing else that is not its packets."""
    data = (sample.audio / "briefing.mp3").read_bytes()
    tag_bytes = 10 + sum(
        byte << shift for byte, shift in zip(data[6:10], (21, 14, 7, 0), strict=True)
    )
    assert data[tag_bytes - 500 : tag_bytes] == bytes(500)
    assert data[tag_bytes : tag_bytes + 2] == b"\xff\xf3"


@pytest.mark.slow
def test_an_edition_whose_tags_outgrow_their_room_is_copied(project: Project) -> None:
    """The opening line is the user's, of any length, and not foreseen."""
    line = "هذا موجز طويل الكلام. " * 200
    project.configure(f'[opening]\nline = "{line}"\n')
    done = project.run("build")
    assert done.returncode == 0, done.stderr
    path = (project.audio / "briefing.mp3").resolve()
    assert ID3(path)["USLT::ara"].text.startswith(line[:200])
    told = json.loads((project.audio / "briefing.json").read_text("utf-8"))
    assert decode(path).seconds == pytest.approx(told["duration_s"], abs=0.001)
    assert ".body" not in [one.name for one in path.parent.iterdir()]
