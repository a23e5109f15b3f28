"""The sample article, built: what a listener hears is what the sidecar says."""

from __future__ import annotations

import hashlib
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from mutagen.id3 import ID3

import briefing.publish
from tests.conftest import SEEDS, Project
from tests.sound import Sound, decode

TITLE = "يقول ترامب إن الدعوة مع بوتين بداية مفاوضات السلام أوكرانيا"
_PAUSE_TOLERANCE_S = 0.03
_SILENT_DB, _SPEECH_DB = -55.0, -40.0


@pytest.fixture(scope="module")
def sidecar(sample: Project) -> dict[str, Any]:
    value: dict[str, Any] = json.loads((sample.audio / "briefing.json").read_text("utf-8"))
    return value


@pytest.fixture(scope="module")
def sound(sample: Project) -> Sound:
    return decode(sample.audio / "briefing.mp3")


def test_the_mp3_is_seven_minutes_of_speech_and_decodes_without_a_warning(sound: Sound) -> None:
    assert 6 * 60 < sound.seconds < 9 * 60
    assert sound.warnings == ()


def test_the_tags_say_title_date_and_language(sample: Project) -> None:
    tags = ID3(sample.audio / "briefing.mp3")
    assert tags["TIT2"].text == ["موجز الأخبار"]
    assert str(tags["TDRC"].text[0]) == "2026-11-24"
    assert tags["TLAN"].text == ["ara"]


def test_an_only_article_is_the_only_chapter_and_lasts_from_end_to_end(
    sample: Project, sidecar: dict[str, Any]
) -> None:
    tags = ID3(sample.audio / "briefing.mp3")
    (chapter,) = tags.getall("CHAP")
    assert chapter.sub_frames["TIT2"].text == [TITLE]
    assert chapter.start_time == 0
    assert chapter.end_time == pytest.approx(sidecar["duration_s"] * 1000, abs=1)
    (contents,) = tags.getall("CTOC")
    assert contents.child_element_ids == [chapter.element_id]


def test_the_sidecar_has_the_form_that_its_schema_says(sidecar: dict[str, Any]) -> None:
    schema = Path(briefing.publish.__file__).with_name("sidecar.schema.json")
    jsonschema.validate(sidecar, json.loads(schema.read_text("utf-8")))


def test_the_digests_in_the_sidecar_are_those_of_the_files(
    sample: Project, sidecar: dict[str, Any]
) -> None:
    for output in sidecar["outputs"]:
        data = (sample.audio / output["path"]).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (output["bytes"], output["sha256"])
    assert sidecar["audio"]["sha256"] in {one["sha256"] for one in sidecar["outputs"]}


def test_the_source_is_credited_with_title_byline_and_digest(sidecar: dict[str, Any]) -> None:
    (source,) = sidecar["sources"]
    (seed,) = SEEDS.glob("*.txt")
    assert source["title"] == TITLE
    assert source["byline"] == "Farnaz Fassihi و جوليان بارنز ساهم التقارير."
    assert source["sha256"] == hashlib.sha256(seed.read_bytes()).hexdigest()


def test_the_sidecar_knows_the_length_to_ten_milliseconds(
    sound: Sound, sidecar: dict[str, Any]
) -> None:
    assert sidecar["duration_s"] == pytest.approx(sound.seconds, abs=0.01)


def test_every_written_sentence_is_in_the_sidecar_in_order(sidecar: dict[str, Any]) -> None:
    (seed,) = SEEDS.glob("*.txt")
    article = seed.read_text("utf-8")
    position = 0
    for paragraph in sidecar["paragraphs"]:
        for sentence in paragraph["sentences"]:
            position = article.index(sentence["text"], position) + len(sentence["text"])
    assert position > 0.97 * len(article) - 60  # the byline is credited, not read


def test_each_sentence_sounds_at_its_time(sound: Sound, sidecar: dict[str, Any]) -> None:
    for sentence in _sentences(sidecar):
        assert sound.level_db(sentence["start_s"], sentence["end_s"]) > _SPEECH_DB
        assert sound.level_db(sentence["start_s"] - 0.005, sentence["start_s"] + 0.12) > -60
        assert sound.level_db(sentence["end_s"] - 0.12, sentence["end_s"]) > -60


def test_between_sentences_is_silence_as_long_as_the_settings_say(
    sound: Sound, sidecar: dict[str, Any]
) -> None:
    settings = {"sentence": 0.45, "paragraph": 0.75, "title": 1.0}
    seen = set()
    for number, paragraph in enumerate(sidecar["paragraphs"]):
        inside = [("sentence", *pair) for pair in pairwise(paragraph["sentences"])]
        after = "title" if number == 0 else "paragraph"
        following = sidecar["paragraphs"][number + 1 : number + 2]
        across = [(after, paragraph["sentences"][-1], one["sentences"][0]) for one in following]
        for kind, one, other in (*inside, *across):
            seen.add(kind)
            pause_s = other["start_s"] - one["end_s"]
            assert pause_s == pytest.approx(settings[kind], abs=_PAUSE_TOLERANCE_S), kind
            silence = sound.level_db(one["end_s"] + 0.01, other["start_s"] - 0.01)
            assert silence < _SILENT_DB, (kind, one["text"])
    assert seen == set(settings)


def test_the_loudness_is_minus_16_as_heard_and_the_sidecar_says_what_is_measured(
    sound: Sound, sidecar: dict[str, Any]
) -> None:
    loudness, peak = sound.loudness()
    assert loudness == pytest.approx(-16, abs=0.5)
    assert peak <= -1
    assert sidecar["audio"]["loudness_lufs"] == pytest.approx(loudness, abs=0.1)
    assert sidecar["audio"]["true_peak_dbtp"] == pytest.approx(peak, abs=0.3)


def test_word_times_run_through_their_sentence(sidecar: dict[str, Any]) -> None:
    for sentence in _sentences(sidecar):
        words = sentence["words"]
        assert words[0]["start_s"] == sentence["start_s"]
        assert words[-1]["end_s"] == pytest.approx(sentence["end_s"], abs=1e-3)
        for one, other in pairwise(words):
            assert one["start_s"] <= one["end_s"] <= other["start_s"] + 1e-3


def _sentences(sidecar: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for paragraph in sidecar["paragraphs"] for one in paragraph["sentences"]]
