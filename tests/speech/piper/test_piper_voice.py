"""A neural voice says the same again, knows where its words are, and lets no bad take pass."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

import pytest

from briefing.clip_cache import FolderStore
from briefing.commands.voices import install
from briefing.config import load
from briefing.errors import VoiceError
from briefing.speech.piper.pieces import LONGEST_PIECE, cut, halves, size
from briefing.speech.voice import Speech, Voice
from briefing.speech.voices import make_voice, settings_of
from tests.conftest import Project
from tests.speech.piper.made_model import HOP, SYMBOLS, Fault, write_model

SENTENCE = "qˈaːla rraʔˈiːsu, ʔˈinna lʕˈamala bˈadaʔa."
LONG = " ".join(f"{'bˈadaʔa ' * 6}qˈaːla," for _ in range(12)).rstrip(",") + "."


def installed(project: Project, fault: Fault = Fault.NONE, name: str = "mine") -> None:
    model = write_model(project.folder / "made.onnx", fault)
    project.configure('voice = "mine"\n[models]\nfolder = "models"\n')
    (config,) = load(project.folder / "config.toml")
    install(config, str(model), name=name, agreed=True, line=len, notify=len)


def voice_of(project: Project, **settings: float) -> Voice:
    (config,) = load(project.folder / "config.toml")
    store = FolderStore(project.folder / "cache")
    return make_voice("mine", {**settings_of(config, "mine"), **settings}, store)


def spoken(voice: Voice, *notations: str) -> Sequence[Speech]:
    return list(voice.speak(notations))


def test_the_same_words_sound_the_same_whatever_was_said_before(project: Project) -> None:
    installed(project)
    voice = voice_of(project)
    first = spoken(voice, SENTENCE, "hˈal sˈadaqa?")
    assert spoken(voice, "hˈal sˈadaqa?", SENTENCE)[::-1] == first
    assert spoken(voice_of(project), SENTENCE)[0] == first[0]


def test_settings_shape_the_sound_and_the_version(project: Project) -> None:
    installed(project)
    plain, fast = voice_of(project), voice_of(project, speed=1.5)
    assert plain.version != fast.version
    ratio = len(spoken(plain, SENTENCE)[0].samples) / len(spoken(fast, SENTENCE)[0].samples)
    assert 1.3 < ratio < 1.7
    assert spoken(voice_of(project, noise=0.0), SENTENCE) != spoken(plain, SENTENCE)


def _loudness_at(speech: Speech, sample: int) -> float:
    import numpy as np

    wave = np.frombuffer(speech.samples, "<i2").astype(float)
    return float(np.abs(wave[sample : sample + HOP]).max())


def test_words_begin_where_they_are_said_to(project: Project) -> None:
    installed(project)
    (speech,) = spoken(voice_of(project), SENTENCE)
    words = SENTENCE.split(" ")
    assert speech.word_starts is not None
    assert len(speech.word_starts) == len(words)
    for start in speech.word_starts:
        # the made model is silent at the space before a word and loud in its first sound
        assert _loudness_at(speech, start - HOP) == 0
        assert _loudness_at(speech, start) > 3000


def test_the_times_of_words_go_on_over_the_pieces_of_a_long_sentence(project: Project) -> None:
    installed(project)
    words = LONG.split(" ")
    assert size(words) > 2 * LONGEST_PIECE
    (speech,) = spoken(voice_of(project), LONG)
    starts = speech.word_starts
    assert starts is not None
    assert len(starts) == len(words)
    assert list(starts) == sorted(set(starts))
    assert all(_loudness_at(speech, start) > 3000 for start in starts)


def test_a_model_that_does_not_tell_its_durations_has_its_words_estimated(project: Project) -> None:
    installed(project, Fault.NO_DURATIONS)
    assert spoken(voice_of(project), SENTENCE)[0].word_starts is None


def test_pieces_are_bounded_and_cut_at_marks() -> None:
    words = LONG.split(" ")
    pieces = cut(words)
    assert all(size(piece) <= LONGEST_PIECE for piece in pieces)
    assert [word for piece in pieces for word in piece] == words
    assert all(piece[-1][-1] in ",." for piece in pieces)
    without_marks = ["bˈadaʔa"] * 100
    assert [word.rstrip(",") for piece in cut(without_marks) for word in piece] == without_marks
    assert halves(["a", "b,", "c", "d."]) == [["a", "b,"], ["c", "d."]]


def test_a_bad_take_is_made_again_or_in_halves(project: Project) -> None:
    """The moody model is silent in every other take, as its noise has it."""
    installed(project, Fault.MOODY)
    voice = voice_of(project)
    sentences = [f"{word} {SENTENCE}" for word in ("hˈal", "lˈam", "lˈan", "mˈin")]
    for speech in spoken(voice, *sentences):
        words = speech.word_starts
        assert words is not None
        assert all(_loudness_at(speech, start) > 3000 for start in words)


def test_what_stays_wrong_ends_the_build_with_the_word_in_question(project: Project) -> None:
    installed(project, Fault.DRONE)
    voice = voice_of(project)
    assert spoken(voice, SENTENCE)
    with pytest.raises(VoiceError, match=r"mine: its model makes .* for 'vˈiːdijuː'"):
        spoken(voice, f"qˈaːla vˈiːdijuː {SENTENCE}")
    project.write("a.txt", "خبر\n\nعزفوا لحن Vivaldi في المساء.\n")
    done = project.run("build")
    assert done.returncode == 1
    assert "mine: its model makes" in done.stderr
    project.configure('voice = "auto"\noffline = true\n[models]\nfolder = "models"\n')
    done = project.run("build")
    assert done.returncode == 3, done.stderr
    sidecar = json.loads((project.audio / "briefing.json").read_text("utf-8"))
    assert sidecar["voice"]["engine"] == "espeak"


def _digest(project: Project) -> str:
    return hashlib.sha256((project.audio / "briefing.mp3").read_bytes()).hexdigest()


def test_one_worker_and_several_make_the_same_bytes_and_the_cache_is_used(project: Project) -> None:
    installed(project)
    text = (project.folder / "config.toml").read_text()
    digests = set()
    for workers in (1, 2):
        project.configure(f"workers = {workers}\n{text}")
        done = project.run("build", "--force", "--date", "2026-11-24")
        assert done.returncode == 0, done.stderr
        digests.add(_digest(project))
    assert len(digests) == 1
    sidecar = json.loads((project.audio / "briefing.json").read_text("utf-8"))
    sentences = [each for paragraph in sidecar["paragraphs"] for each in paragraph["sentences"]]
    assert all(sentence["timing"] == "exact" for sentence in sentences)
    project.write("c.txt", "خبر ثالث\n\nهدأ البحر مساء اليوم.\n")
    done = project.run("build", "--date", "2026-11-24")
    assert "clips spoken: 2, " in done.stderr


def test_say_and_check_know_the_voice(project: Project) -> None:
    installed(project)
    said = project.run("say", "مرحبا بكم", "-o", "hello.mp3")
    assert said.returncode == 0, said.stderr
    assert (project.folder / "hello.mp3").stat().st_size > 1000
    assert "voice mine: can speak" in project.run("check").stdout


def test_a_model_without_a_symbol_speaks_the_nearest(project: Project) -> None:
    installed(project)
    even = {"noise": 0.0, "rhythm_noise": 0.0}
    words = "ħamal baʔada."
    own, near = spoken(voice_of(project, **even), words, words.replace("ħ", "h"))
    assert own != near
    without = {sign: ids for sign, ids in SYMBOLS.items() if sign != "ħ"}
    stored = project.folder / "models" / "mine" / "model.json"
    stored.write_text(json.dumps({**json.loads(stored.read_text()), "phoneme_id_map": without}))
    assert spoken(voice_of(project, **even), words) == [near]
