"""The opening and closing sound and the separator: ours, a user's, none."""

from __future__ import annotations

import json
import wave
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from briefing.mastering.sounds import decode_sound, synthesise
from tests.conftest import SHORT_ARTICLES, Project
from tests.sound import Sound, decode

_PAUSE_TOLERANCE_S = 0.03


def built(project: Project) -> tuple[dict[str, Any], Sound]:
    done = project.run("build", "--date", "2026-11-24")
    assert done.returncode == 0, done.stderr
    value: dict[str, Any] = json.loads((project.audio / "briefing.json").read_text("utf-8"))
    return value, decode(project.audio / "briefing.mp3")


def tone(seconds: float, rate: int, level: float = 0.5) -> NDArray[np.float64]:
    return level * np.sin(2 * np.pi * 440 * np.arange(round(seconds * rate)) / rate)


def write_wav(path: Path, samples: NDArray[np.float64], rate: int, channels: int = 1) -> None:
    whole = np.repeat(np.round(samples * 32767).astype("<i2")[:, None], channels, axis=1)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(whole.tobytes())


def write_encoded(path: Path, samples: NDArray[np.float64], rate: int, codec: str) -> None:
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate, layout="stereo")
        planes = np.repeat(samples[None, :].astype(np.float32), 2, axis=0)
        frame = av.AudioFrame.from_ndarray(planes, format="fltp", layout="stereo")
        frame.sample_rate = rate
        resampler = av.AudioResampler(
            format=stream.codec_context.format,
            layout="stereo",
            rate=rate,
            frame_size=stream.codec_context.frame_size or 1024,
        )
        for part in (*resampler.resample(frame), *resampler.resample(None)):
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))


def gaps(sidecar: dict[str, Any]) -> dict[str, float]:
    """Give the silences around the sounds, by what is on both sides of them."""
    parts = [("words", one["start_s"], one["end_s"]) for one in sidecar["paragraphs"]]
    parts += [(one["kind"], one["start_s"], one["end_s"]) for one in sidecar["sounds"]]
    parts.sort(key=lambda one: one[1])
    found = {}
    for (before, _, end_s), (after, start_s, _) in pairwise(parts):
        if {before, after} != {"words"}:
            found[f"{before} {after}"] = start_s - end_s
    return found


def test_a_briefing_opens_and_closes_with_a_sound_and_its_articles_are_in_its_chapters(
    project: Project,
) -> None:
    sidecar, sound = built(project)
    assert [one["kind"] for one in sidecar["sounds"]] == ["opening", "closing"]
    opening, closing = sidecar["sounds"]
    assert opening["start_s"] < 0.4
    assert opening["end_s"] < sidecar["paragraphs"][0]["start_s"]
    assert closing["start_s"] > sidecar["paragraphs"][-1]["end_s"]
    for one in sidecar["sounds"]:
        assert sound.level_db(one["start_s"], one["start_s"] + 1) > -30
    titles = [one for one in sidecar["paragraphs"] if one["chapter"] is not None]
    assert sidecar["chapters"][0]["start_s"] == titles[0]["start_s"]
    assert sidecar["chapters"][-1]["end_s"] == titles[-1]["end_s"]


def test_a_separator_stands_between_articles_alone_and_pauses_hold_around_it(
    project: Project,
) -> None:
    project.write("c.txt", "خبر ثالث\n\nوهذا هو النص.\n")
    project.configure('[sound]\nseparator = "default"\n[pauses]\narticle_s = 1.2\nsound_s = 0.5\n')
    sidecar, sound = built(project)
    kinds = [one["kind"] for one in sidecar["sounds"]]
    assert kinds == ["opening", "separator", "separator", "closing"]
    expected = {
        "opening words": 0.5,
        "words separator": 1.2,
        "separator words": 0.5,
        "words closing": 1.2,
    }
    measured = gaps(sidecar)
    assert measured.keys() == expected.keys()
    for kind, seconds in expected.items():
        assert measured[kind] == pytest.approx(seconds, abs=_PAUSE_TOLERANCE_S), kind
    for one in sidecar["sounds"][1:]:
        assert sound.level_db(one["start_s"] - 1.1, one["start_s"] - 0.02) < -65
    loudness, peak = sound.loudness()
    assert loudness == pytest.approx(-16, abs=0.5)
    assert peak <= -1


def test_no_sound_is_heard_where_the_settings_say_so(project: Project) -> None:
    project.configure('[sound]\nopening = ""\nclosing = ""\n')
    sidecar, _ = built(project)
    assert sidecar["sounds"] == []
    assert sidecar["paragraphs"][0]["start_s"] < 0.4
    assert sidecar["duration_s"] - sidecar["paragraphs"][-1]["end_s"] < 0.7


@pytest.mark.parametrize(
    ("name", "codec", "rate"),
    [
        ("sound.wav", "", 44100),
        ("صوت.mp3", "libmp3lame", 48000),
        ("sound.ogg", "libopus", 48000),
        ("sound.flac", "flac", 96000),
        ("sound.m4a", "aac", 32000),
    ],
)
def test_a_users_file_may_have_any_format(tmp_path: Path, name: str, codec: str, rate: int) -> None:
    path = tmp_path / name
    if codec:
        write_encoded(path, tone(1.5, rate), rate, codec)
    else:
        write_wav(path, tone(1.5, rate), rate, channels=2)
    samples = decode_sound(path.read_bytes(), 22050)
    assert len(samples) / 22050 == pytest.approx(1.5, abs=0.1)
    piece = samples[8192:16384] * np.hanning(8192)
    assert int(np.argmax(np.abs(np.fft.rfft(piece)))) * 22050 / 8192 == pytest.approx(440, abs=4)


def test_a_users_file_is_heard_at_the_loudness_of_the_speech(project: Project) -> None:
    write_encoded(project.folder / "صوت.mp3", tone(1.5, 48000, 0.02), 48000, "libmp3lame")
    project.configure('[sound]\nopening = "صوت.mp3"\n')
    sidecar, sound = built(project)
    opening = sidecar["sounds"][0]
    assert opening["end_s"] - opening["start_s"] == pytest.approx(1.5, abs=0.1)
    # a tone of 440 Hz that is -16 LUFS on two speakers has about -19 dB RMS
    assert sound.level_db(opening["start_s"] + 0.2, opening["end_s"] - 0.2) == pytest.approx(
        -19, abs=1.2
    )


@pytest.mark.slow
def test_a_changed_file_makes_the_edition_out_of_date(project: Project) -> None:
    path = project.folder / "jingle.wav"
    write_wav(path, tone(1, 22050), 22050)
    project.configure('[sound]\nopening = "jingle.wav"\n')
    before, _ = built(project)
    assert "nothing to do" in project.run("build", "--date", "2026-11-24").stderr
    write_wav(path, tone(2, 22050), 22050)
    after, _ = built(project)
    assert after["build"]["clips_spoken"] == 0
    lengths = [one["sounds"][0]["end_s"] - one["sounds"][0]["start_s"] for one in (before, after)]
    assert lengths == pytest.approx([1, 2], abs=0.05)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "cannot be read: No such file or directory"),
        (b"", "is not a sound that can be decoded"),
        (b"no sound at all, but some words " * 99, "is not a sound that can be decoded"),
        ("silence", "is silent"),
        ("long", "is longer than 60 seconds"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_before_anything_is_spoken(
    project: Project, content: bytes | str | None, message: str
) -> None:
    path = project.folder / "jingle.wav"
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content == "silence":
        write_wav(path, tone(2, 8000, 0.0), 8000)
    elif content == "long":
        write_wav(path, tone(61, 8000), 8000)
    project.configure('[sound]\nclosing = "jingle.wav"\n')
    done = project.run("build")
    assert done.returncode == 2
    assert f"config.toml:2: sound.closing = 'jingle.wav': {path} {message}" in done.stderr
    assert "Traceback" not in done.stderr
    assert not project.audio.exists() or not list(project.audio.glob("briefing*"))


def test_a_missing_file_leaves_the_edition_and_check_tells_it(project: Project) -> None:
    built(project)
    before = (project.audio / "briefing.json").read_bytes()
    project.configure('[sound]\nclosing = "jingle.wav"\n')
    assert project.run("build").returncode == 2
    done = project.run("check")
    assert done.returncode == 2
    assert "jingle.wav cannot be read: No such file" in done.stderr
    assert (project.audio / "briefing.json").read_bytes() == before


@pytest.mark.parametrize("kind", ["opening", "separator", "closing"])
def test_our_own_sounds_begin_and_end_softly(kind: str) -> None:
    samples = synthesise(kind, 22050)
    assert 0.5 < len(samples) / 22050 < 4
    assert np.abs(samples[:3]).max() < 0.001
    assert np.abs(samples[-3:]).max() < 0.001
    assert np.abs(samples).max() < 1


def test_silence_at_the_ends_of_a_file_is_no_part_of_its_sound(tmp_path: Path) -> None:
    path = tmp_path / "padded.wav"
    write_wav(path, np.pad(tone(1, 22050), (22050, 2 * 22050)), 22050)
    assert len(decode_sound(path.read_bytes(), 22050)) == pytest.approx(22050, abs=50)


def test_one_article_has_no_separator(project: Project) -> None:
    for name in list(SHORT_ARTICLES)[1:]:
        (project.folder / "seeds" / name).unlink()
    project.configure('[sound]\nseparator = "default"\n')
    sidecar, _ = built(project)
    assert [one["kind"] for one in sidecar["sounds"]] == ["opening", "closing"]
