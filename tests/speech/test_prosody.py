"""The offline voice's tune and pace, measured on what it really speaks (`tests.benchmarks.prosody`)."""

from __future__ import annotations

import statistics
from dataclasses import asdict
from pathlib import Path

import pytest

from briefing.clip_cache import FolderStore
from briefing.config import Config, Espeak, load
from briefing.mastering.clip import make_clip
from briefing.mastering.presets import mastering_of
from briefing.production.planning import Planner
from briefing.text.script_writer import script_writer
from tests.benchmarks import prosody
from tests.benchmarks.prosody import CONTENT, PARAGRAPH, YES_NO, notation_of, speak, voice_of

NATURAL, PLAIN = voice_of(natural=True), voice_of(natural=False)


def test_a_paragraph_begins_higher_than_it_ends() -> None:
    assert 8 <= prosody.paragraph_fall_hz(NATURAL) <= 20
    assert abs(prosody.paragraph_fall_hz(PLAIN)) < 1


def test_a_title_alone_keeps_the_middle_pitch() -> None:
    (alone,) = speak(NATURAL, PARAGRAPH[0])
    first, *_, last = speak(NATURAL, *PARAGRAPH)
    pitches = [statistics.median(prosody.contour_of(one)) for one in (last, alone, first)]
    assert pitches == sorted(pitches)
    assert len(set(pitches)) == 3


def test_a_word_before_a_pause_takes_six_to_ten_percent_longer() -> None:
    shares = prosody.lengthening()
    assert len(shares) >= 8
    assert 0.06 <= statistics.median(shares) <= 0.10
    assert min(shares) > 0.05
    assert max(shares) < 0.11


def test_a_question_for_a_content_falls_at_its_end_and_one_for_yes_or_no_rises() -> None:
    ends = {text: prosody.end_hz(speak(NATURAL, text)[0]) for text in (YES_NO, CONTENT)}
    assert ends[YES_NO] > 3
    assert ends[CONTENT] < -10


def test_the_question_word_is_higher_than_a_statements_first_word() -> None:
    question, statement = (
        prosody.contour_of(speak(NATURAL, text)[0]) for text in (CONTENT, CONTENT[:-1] + ".")
    )
    assert max(question[:6]) > max(statement[:6]) + 8


@pytest.mark.parametrize(
    ("question", "asks_for_content"),
    [
        ("إِلَى أَيْنَ ذَهَبَ الْوَزِيرُ؟", True),
        ("مِنْ أَيْنَ جَاءَ؟", True),
        ("مَنْ كَتَبَ الرِّسَالَةَ؟", True),
        ("وَمَنْ كَتَبَهَا؟", True),
        ("لِمَ غَادَرَ؟", True),
        ("فِي أَيِّ عَامٍ وُلِدَ؟", True),
        ("لَكِنْ كَيْفَ يَعُودُ؟", True),
        ("سَأَلَ الصَّحَفِيُّ: كَيْفَ تُجِيبُونَ؟", True),
        ("أَمَّا الْوَزِيرُ، فَمَاذَا قَالَ؟", True),
        ("كَمْ كِتَابًا قَرَأْتَ؟", True),
        ("هَلْ عَادَ الْوَزِيرُ؟", False),
        ("عَادَ الْوَزِيرُ؟", False),
        ("أَتَعْرِفُ مَنْ هُوَ؟", False),
        ("مِنَ الْقَاهِرَةِ جَاءَ؟", False),
        ("لَمْ يُغَادِرْ؟", False),
        ("أَلَمْ يُغَادِرْ؟", False),
        ("مَا زَالَ هُنَاكَ؟", False),
        ("هَلْ عَادَ، وَمَنْ مَعَهُ؟", False),
        ("مَاذَا حَدَثَ، وَهَلِ انْتَهَى؟", False),
        ("قَالَ إِنَّهُ يَعْرِفُ مَتَى يَعُودُ؟", False),
    ],
)
def test_a_question_is_told_by_the_word_that_its_clause_begins_with(
    question: str, asks_for_content: bool
) -> None:
    notation = notation_of(NATURAL, question)
    assert notation.endswith(".") == asks_for_content, notation
    assert ("^" in notation) == asks_for_content


def test_each_question_of_a_sentence_has_its_own_tune() -> None:
    notation = notation_of(NATURAL, "هَلْ عَادَ؟ وَمَتَى عَادَ؟")
    assert [word[-1] for word in notation.split() if word[-1] in ".?"] == ["?", "."]


@pytest.mark.parametrize("settings", [{}, {"pitch": 0}, {"pitch": 99}, {"speed_wpm": 80}])
def test_word_times_stay_exact_whatever_the_tune(settings: dict[str, int]) -> None:
    voice = type(NATURAL)({**asdict(Espeak()), **settings}, None)  # type: ignore[arg-type]
    texts = (*PARAGRAPH, CONTENT, YES_NO, "قَالَ Reuters، ثُمَّ BBC.")
    for text, speech in zip(texts, speak(voice, *texts), strict=True):
        assert speech.word_starts is not None, text
        assert len(speech.word_starts) == len(text.split())
        assert list(speech.word_starts) == sorted(set(speech.word_starts))


def test_a_sentence_keeps_its_pace_after_another() -> None:
    """The library keeps the slow pace of a last word for what it speaks next."""
    alone, before = speak(NATURAL, PARAGRAPH[0])[0], speak(NATURAL, PARAGRAPH[0], PARAGRAPH[0])[1]
    assert alone.word_starts is not None
    assert before.word_starts is not None
    assert abs(alone.word_starts[-1] - before.word_starts[-1]) < 0.02 * alone.word_starts[-1]


def test_the_same_clip_has_the_same_bytes(tmp_path: Path) -> None:
    mastering = mastering_of(_config(tmp_path), NATURAL)
    first, second = (
        make_clip(speak(voice, *PARAGRAPH), mastering).to_bytes()
        for voice in (NATURAL, voice_of(natural=True))
    )
    assert first == second


def test_one_setting_turns_it_all_off(tmp_path: Path) -> None:
    config = _config(tmp_path)
    assert mastering_of(config, PLAIN).room_tone_dbfs is None
    assert mastering_of(config, NATURAL).room_tone_dbfs == -66
    assert PLAIN.mark_continuation("[[b'a:b]].", before=True, after=True) == "[[b'a:b]]."
    assert notation_of(PLAIN, CONTENT).endswith("?")
    assert "natural=False" in PLAIN.version


def test_a_sentence_added_to_a_long_paragraph_changes_no_clip_before_it(tmp_path: Path) -> None:
    """A paragraph of several clips: the inner ones are neither its beginning nor its end."""
    config, store = _config(tmp_path), FolderStore(tmp_path / "cache")
    planner = Planner(script_writer(config, store), NATURAL, None)
    long = " ".join(f"عاد الوزير إلى القاهرة بعد زيارة طويلة رقم {n}." for n in range(70))
    clips = [[part.notation for part in clip] for clip in planner.plan(long)]
    assert len(clips) >= 3
    assert [clip[0].startswith("<") for clip in clips] == [False, *[True] * (len(clips) - 1)]
    assert [clip[-1].endswith(">") for clip in clips] == [*[True] * (len(clips) - 1), False]
    longer = [
        [part.notation for part in clip] for clip in planner.plan(f"{long} وانتهى كل شيء أمس.")
    ]
    assert longer[: len(clips) - 1] == clips[:-1]
    inner = [float(statistics.median(prosody.contour_of(one))) for one in NATURAL.speak(clips[1])]
    whole = [
        float(statistics.median(prosody.contour_of(one)))
        for one in NATURAL.speak(
            [clips[1][0].strip("<>"), *clips[1][1:-1], clips[1][-1].strip("<>")]
        )
    ]
    assert whole[0] - whole[-1] > inner[0] - inner[-1] + 6


def test_clips_join_without_a_warning_a_step_or_a_repeated_packet() -> None:
    joins = prosody.joins(100)
    assert joins.count >= 100
    assert joins.warnings == ()
    assert joins.largest_step_dbfs < -60
    assert joins.quietest_dbfs > -75
    assert -68 < joins.pauses_dbfs < -64
    assert joins.repeated_packets == 0


@pytest.mark.parametrize(("form", "quietest_dbfs"), [("m4b", -75), ("opus", -90)])
def test_other_formats_have_the_noise_too(form: str, quietest_dbfs: float) -> None:
    joins = prosody.joins(12, form)
    assert joins.largest_step_dbfs < -60
    assert joins.quietest_dbfs > quietest_dbfs
    assert -69 < joins.pauses_dbfs < -64


def _config(folder: Path) -> Config:
    (folder / "config.toml").write_text('sources.folder = "articles"\n')
    (config,) = load(folder / "config.toml")
    return config
