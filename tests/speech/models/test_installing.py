"""`briefing voices --install` and `--remove`, as a user runs them."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from briefing.cli import main
from briefing.clip_cache import FolderStore
from briefing.commands.voices import install
from briefing.config import load
from briefing.errors import ConfigError, ShelfError, VoiceError
from briefing.speech.voices import voices_of
from tests.conftest import Project
from tests.speech.models.mirror import Mirror
from tests.speech.piper.made_model import SYMBOLS, Fault, config_of, write_model

PATH = "ar/ar_JO/kareem/low/ar_JO-kareem-low.onnx"


@pytest.fixture
def at_home(project: Project) -> Project:
    """A project whose models are in a folder of its own."""
    project.configure('[models]\nfolder = "models"\n')
    return project


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return write_model(tmp_path / "made.onnx")


@pytest.fixture
def mirror(model: Path) -> Iterator[Mirror]:
    files = {PATH: model.read_bytes(), f"{PATH}.json": Path(f"{model}.json").read_bytes()}
    with Mirror(files, declares=True) as made:
        yield made


def install_here(project: Project, what: str | Path, name: str | None = None) -> list[str]:
    """What the command does, in this process; return what it tells. Raise BriefingError."""
    messages: list[str] = []
    (config,) = load(project.folder / "config.toml")
    install(config, str(what), name=name, agreed=True, line=messages.append, notify=messages.append)
    return messages


def configure(project: Project, mirror: Mirror, text: str = "") -> None:
    project.configure(f'{text}\n[models]\nfolder = "models"\nmirror = "{mirror.url}"\n')


def sidecar(project: Project) -> dict[str, Any]:
    value: dict[str, Any] = json.loads((project.audio / "briefing.json").read_text("utf-8"))
    return value


def test_a_voice_is_fetched_listed_spoken_with_and_removed(
    at_home: Project, mirror: Mirror
) -> None:
    configure(at_home, mirror, 'voice = "kareem-low"')
    refused = at_home.run("voices", "--install", "kareem-low")
    assert refused.returncode == 2
    assert "add --yes" in refused.stderr
    assert mirror.paths == []
    done = at_home.run("voices", "--install", "kareem-low", "--yes")
    assert done.returncode == 0, done.stderr
    for words in (
        "licence: MIT",
        "have not heard this voice",
        mirror.url,
        str(at_home.folder / "models"),
    ):
        assert words in done.stderr
    digest = hashlib.sha256(mirror.files[PATH]).hexdigest()
    assert f"SHA-256 {digest}, as the server declares" in done.stderr
    listed = at_home.run("voices").stdout
    assert "* kareem-low offline; 0 MB, speaker made, ar, 22.05 kHz, licence: MIT" in listed
    built = at_home.run("build")
    assert built.returncode == 0, built.stderr
    voice = sidecar(at_home)["voice"]
    assert (voice["engine"], voice["name"], voice["online"]) == ("kareem-low", "made", False)
    assert at_home.run("voices", "--remove", "kareem-low").returncode == 0
    gone = at_home.run("build")
    assert gone.returncode == 2
    assert "install it: briefing voices --install kareem-low" in gone.stderr
    assert sidecar(at_home)["voice"] == voice
    assert [path.name for path in (at_home.folder / "models").glob("[!.]*")] == []


def test_a_second_installation_fetches_nothing_and_a_damaged_one_is_mended(
    at_home: Project, mirror: Mirror
) -> None:
    configure(at_home, mirror, 'voice = "kareem-low"')
    command = ("voices", "--install", "kareem-low", "--yes")
    assert at_home.run(*command).returncode == 0
    count = len(mirror.paths)
    assert "is installed already" in at_home.run(*command).stdout
    assert len(mirror.paths) == count
    stored = at_home.folder / "models" / "kareem-low" / "model.onnx"
    content = bytearray(stored.read_bytes())
    content[len(content) // 2] ^= 1
    stored.write_bytes(content)
    failed = at_home.run("build")
    assert failed.returncode == 1
    assert "is damaged; mend it with: briefing voices --install kareem-low" in failed.stderr
    assert "unavailable: its model in" in at_home.run("voices").stdout
    assert at_home.run(*command).returncode == 0
    assert at_home.run("build").returncode == 0


def test_a_file_of_another_digest_than_the_catalogues_is_refused(
    at_home: Project, mirror: Mirror
) -> None:
    configure(at_home, mirror)
    for path in list(mirror.files):
        mirror.files[path.replace("low", "medium")] = mirror.files[path]
    done = at_home.run("voices", "--install", "kareem", "--yes")
    assert done.returncode == 1
    assert "is not the file that it should be" in done.stderr
    assert "kareem" not in at_home.run("voices").stdout


def test_offline_refuses_a_name_and_takes_a_file(
    at_home: Project, mirror: Mirror, model: Path
) -> None:
    configure(at_home, mirror, "offline = true")
    refused = at_home.run("voices", "--install", "kareem-low", "--yes")
    assert refused.returncode == 2
    assert "offline = true" in refused.stderr
    done = at_home.run("voices", "--install", str(model), "--name", "mine")
    assert done.returncode == 0, done.stderr
    assert mirror.paths == []
    assert "mine" in at_home.run("voices").stdout


@pytest.mark.skipif(sys.platform == "win32", reason="ulimit is the shell's")
def test_a_full_disk_is_reported_and_the_next_attempt_goes_on(
    at_home: Project, mirror: Mirror
) -> None:
    configure(at_home, mirror)
    mirror.files[f"{PATH}.json"] += b" " * 400_000
    full = ["sh", "-c", 'ulimit -f 200; exec "$@"', "sh"]
    command = ("voices", "--install", "kareem-low", "--yes")
    done = at_home.run(*command, prefix=full)
    assert done.returncode == 1
    assert "make room, then run the command again" in done.stderr
    assert "Traceback" not in done.stderr
    done = at_home.run(*command)
    assert done.returncode == 0, done.stderr
    assert any(asked.startswith("bytes=") for asked in mirror.ranges)


def _other(path: Path, **changes: Any) -> None:
    Path(f"{path}.json").write_text(json.dumps({**config_of(), **changes}), encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda path: path.write_bytes(b""), "the file is empty"),
        (lambda path: path.write_bytes(b"<html>not found</html>" * 9), "it is no ONNX model"),
        (lambda path: path.write_bytes(path.read_bytes()[:-700]), "it is no ONNX model, or only a part"),
        (lambda path: Path(f"{path}.json").write_text("{"), "made.onnx.json is no JSON"),
        (lambda path: Path(f"{path}.json").write_text("[1]"), "is no description of a model"),
        (lambda path: Path(f"{path}.json").unlink(), "made.onnx.json: is missing"),
        (lambda path: _other(path, phoneme_id_map={"a": [1]}), "has no phoneme_id_map with the signs"),
        (lambda path: _other(path, num_symbols=4), "the model has 4 symbols"),
        (lambda path: _other(path, audio={"sample_rate": 96_000}), "must be a number from 8000 to 48000"),
        (lambda path: _other(path, audio={}), "audio.sample_rate is None"),
        (lambda path: _other(path, phoneme_type="text"), "phoneme_type is 'text'"),
        (lambda path: _other(path, inference={"length_scale": "x"}), "inference.length_scale is 'x'"),
        (lambda path: write_model(path, Fault.INPUTS), "its inputs are input, input_lengths, scales, spectrogram"),
        (lambda path: write_model(path, Fault.SILENCE), "its sound is no speech: silence"),
        (lambda path: write_model(path, Fault.NOISE), "its sound is no speech: noise"),
        (lambda path: write_model(path, Fault.EMPTY), "no sound"),
        (lambda path: write_model(path, Fault.ENDLESS), "s of sound of 8 words"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_voice_is_refused_with_its_reason(
    at_home: Project, model: Path, change: Any, told: str
) -> None:
    change(model)
    with pytest.raises(VoiceError) as refusal:
        install_here(at_home, model, "mine")
    assert told in str(refusal.value)
    assert [path.name for path in (at_home.folder / "models").glob("[!.]*")] == []
    assert list((at_home.folder / "models").glob(".new-*")) == []


@pytest.mark.parametrize(("sample_rate_hz", "recorded_hz"), [(8_000, 16_000), (48_000, 48_000)])
def test_a_model_of_any_rate_is_recorded(
    at_home: Project, tmp_path: Path, sample_rate_hz: int, recorded_hz: int
) -> None:
    model = write_model(tmp_path / "rate.onnx", sample_rate_hz=sample_rate_hz)
    install_here(at_home, model, "mine")
    done = at_home.run("build", "--voice", "mine")
    assert done.returncode == 0, done.stderr
    assert sidecar(at_home)["audio"]["sample_rate_hz"] == recorded_hz


def test_a_model_without_some_sounds_says_what_it_speaks_instead(
    at_home: Project, model: Path
) -> None:
    lacking = {sign: ids for sign, ids in SYMBOLS.items() if sign not in "ħʕ"}
    _other(model, phoneme_id_map=lacking)
    told = "\n".join(install_here(at_home, model, "mine"))
    assert "has no sign for some sounds of Arabic and speaks ħ as h, ʕ as ʔ" in told
    assert "without ħ ʕ" in told
    assert at_home.run("build", "--voice", "mine").returncode == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--install", "karem"], "did you mean kareem?"),
        (["--install", "/nowhere/x.onnx"], "there is no such file"),
        (["--install", "MODEL", "--name", "espeak"], "is the name of another voice"),
        (["--install", "MODEL", "--name", "Ab/c"], "has small letters, digits"),
        (["--remove", "mine"], "there is no such neural voice"),
        (["--remove", "../mine"], "there is no such neural voice"),
        (["--yes"], "belong to --install"),
    ],
)
def test_wrong_usage_is_told_with_what_may_be(
    at_home: Project,
    model: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    told: str,
) -> None:
    monkeypatch.chdir(at_home.folder)
    words = [str(model) if word == "MODEL" else word for word in arguments]
    assert main(["voices", *words]) == 2
    assert told in capsys.readouterr().err


def test_the_name_of_an_installed_voice_is_replaced_only_if_that_is_agreed_to(
    at_home: Project, model: Path
) -> None:
    install_here(at_home, model, "mine")
    refused = at_home.run("voices", "--install", str(model), "--name", "mine")
    assert refused.returncode == 2
    assert "a voice mine is installed and will be replaced" in refused.stderr
    install_here(at_home, model, "mine")


def chosen(project: Project) -> list[str]:
    (config,) = load(project.folder / "config.toml")
    store = FolderStore(project.folder / "cache")
    return [voice.name for voice in voices_of(config, None, store)]


def test_auto_prefers_the_installed_voice_and_models_default_says_which(
    at_home: Project, model: Path
) -> None:
    for name in ("second", "first"):
        install_here(at_home, model, name)
    text = 'voice = "auto"\noffline = true\n[models]\nfolder = "models"\n'
    at_home.configure(text)
    assert chosen(at_home) == ["first", "espeak"]
    at_home.configure(f'{text}default = "second"\n')
    assert chosen(at_home) == ["second", "espeak"]
    at_home.configure(text.replace("offline = true\n", ""))
    assert chosen(at_home)[0] == "first"
    at_home.configure(f'{text}default = "third"\n')
    done = at_home.run("build")
    assert done.returncode == 2
    assert "config.toml:5: models.default = 'third' is no installed neural voice" in done.stderr
    shutil.rmtree(at_home.folder / "models")
    at_home.configure(text)
    assert chosen(at_home) == ["espeak"]


def test_another_model_under_the_same_name_makes_the_edition_out_of_date(
    at_home: Project, tmp_path: Path, model: Path
) -> None:
    at_home.configure('voice = "mine"\n[models]\nfolder = "models"\n')
    install_here(at_home, model, "mine")
    assert at_home.run("build").returncode == 0
    install_here(at_home, model, "mine")
    assert "nothing to do" in at_home.run("build").stderr
    install_here(at_home, write_model(tmp_path / "other.onnx", Fault.NO_DURATIONS), "mine")
    assert "clips spoken" in at_home.run("build").stderr


def test_a_wrong_setting_of_a_neural_voice_is_told_with_its_line(
    at_home: Project, model: Path
) -> None:
    install_here(at_home, model, "mine")
    text = 'voice = "mine"\n[models]\nfolder = "models"\n[voices.mine]\n'
    for setting, told in (
        ("speed = 9", "config.toml:5: voices.mine.speed = 9.0 must be at most 2"),
        ("sped = 1", "config.toml:5: unknown key voices.mine.sped; did you mean speed?"),
    ):
        at_home.configure(f"{text}{setting}\n")
        with pytest.raises(ConfigError) as refusal:
            chosen(at_home)
        assert told in str(refusal.value)


@pytest.mark.skipif(os.name == "nt", reason="modes are POSIX's")
def test_a_folder_that_cannot_be_made_is_named(at_home: Project, model: Path) -> None:
    (at_home.folder / "models").write_text("a file")
    with pytest.raises(ShelfError, match=r"change models\.folder"):
        install_here(at_home, model, "mine")
