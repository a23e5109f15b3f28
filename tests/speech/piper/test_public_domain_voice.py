"""A real Piper voice builds a real article: the same bytes each time, exact times, no needless work.

It is an English voice: what it says of Arabic has an accent, but all else is as with an Arabic one.
"""

from __future__ import annotations

import functools
import hashlib
import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from briefing.commands.voices import install
from briefing.config import load
from tests.conftest import SEEDS, Project, make_project
from tests.speech.piper.public_domain import WHY_SKIPPED, model_path

MODEL = model_path()
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(MODEL is None, reason=WHY_SKIPPED),
]
DAY, NEXT_DAY = "2026-11-24", "2026-11-25"
PARAGRAPHS = 5
BUILD_TIMEOUT_S = 1800


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The beginning of the sample, and the voice."""
    text = next(SEEDS.glob("*.txt")).read_text("utf-8")
    lines = [line for line in text.splitlines() if line.strip()][: PARAGRAPHS + 1]
    folder = tmp_path_factory.mktemp("joe") / "project"
    project = make_project(folder, {"a.txt": "\n\n".join(lines) + "\n"})
    configure(project)
    (config,) = load(project.folder / "config.toml")
    install(config, str(MODEL), name="joe", agreed=True, line=len, notify=len)
    return project


def configure(project: Project, **settings: object) -> None:
    lines = [f"{key} = {json.dumps(value)}" for key, value in settings.items()]
    project.configure("\n".join([*lines, 'voice = "joe"', "[models]", 'folder = "models"', ""]))


def built(project: Project, *arguments: str) -> str:
    """Build; return what the command says of its clips."""
    done = project.run("build", *arguments, timeout_s=BUILD_TIMEOUT_S)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


def digest(project: Project) -> str:
    return hashlib.sha256((project.audio / "briefing.mp3").read_bytes()).hexdigest()


def digest_of_sound(project: Project) -> str:
    """Digest the frames of the MP3, without the tags before them."""
    content = (project.audio / "briefing.mp3").read_bytes()
    assert content[:3] == b"ID3"
    size = functools.reduce(lambda value, byte: value << 7 | byte, content[6:10], 0)
    return hashlib.sha256(content[10 + size :]).hexdigest()


def sidecar(project: Project) -> dict[str, Any]:
    value: dict[str, Any] = json.loads((project.audio / "briefing.json").read_text("utf-8"))
    return value


def spoken_clips(message: str) -> int:
    if "up to date, nothing to do" in message:
        return 0
    count = re.search(r"clips spoken: (\d+)", message)
    assert count, message
    return int(count[1])


def test_a_real_voice_builds_the_same_bytes_again_and_speaks_only_what_changed(
    project: Project,
) -> None:
    digests = []
    for workers in (1, 2):
        configure(project, workers=workers)
        message = built(project, "--force", "--date", DAY)
        digests.append(digest(project))
    assert digests[0] == digests[1]
    clips = spoken_clips(message)
    assert clips >= PARAGRAPHS

    facts = sidecar(project)
    sentences = [each for paragraph in facts["paragraphs"] for each in paragraph["sentences"]]
    assert len(sentences) >= PARAGRAPHS
    for sentence in sentences:
        assert sentence["timing"] == "exact"
        starts = [word["start_s"] for word in sentence["words"]]
        assert all(before <= after for before, after in pairwise(starts))
        assert sentence["start_s"] <= starts[0]
        assert starts[-1] < sentence["end_s"]
    assert facts["voice"]["online"] is False

    sound = digest_of_sound(project)
    assert spoken_clips(built(project, "--date", NEXT_DAY)) == 0
    assert digest_of_sound(project) == sound  # its tags have another date

    article = project.folder / "seeds" / "a.txt"
    article.write_text(article.read_text("utf-8").rstrip() + " وانتهى الأمر مساء أمس.\n", "utf-8")
    assert spoken_clips(built(project, "--date", NEXT_DAY)) == 1


def test_what_it_lacks_of_arabic_is_told_at_its_installation(tmp_path: Path) -> None:
    project = make_project(tmp_path / "project")
    configure(project)
    (config,) = load(project.folder / "config.toml")
    messages: list[str] = []
    install(config, str(MODEL), name="joe", agreed=True, line=len, notify=messages.append)
    assert any("was made for en" in message for message in messages)
