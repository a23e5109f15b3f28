"""What a terminal shows while briefings are built."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Project, make_project

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs a pseudo-terminal")

PARAGRAPH = " ".join(
    f"قال الوزير إن العمل في المدينة رقم {123_456 + number} يبدأ غدا صباحا." for number in range(90)
)
"""Its numbers are several times as long when they are spoken."""


def shown(project: Project, *arguments: str) -> str:
    """Build on a terminal; return all that it showed."""
    ours, theirs = os.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "briefing", "build", *arguments],
        cwd=project.folder, env={**project.environment(), "TERM": "xterm", "COLUMNS": "100"},
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=theirs,
    ) as build:  # fmt: skip
        os.close(theirs)
        text = b""
        while True:
            try:
                text += os.read(ours, 1 << 16)
            except OSError:  # closed at the other end
                break
        os.close(ours)
    assert build.returncode == 0, text.decode()
    return text.decode()


@pytest.mark.slow
def test_a_long_paragraph_is_counted_in_pieces_and_each_phase_named(tmp_path: Path) -> None:
    text = shown(make_project(tmp_path / "project", {"a.txt": f"عنوان\n\n{PARAGRAPH}\n"}))
    at = [text.index(phase) for phase in ("reading", "vowelling", "speaking")]
    assert at == sorted(at)
    assert re.search(r"vowelling sentence \d+ of 90,", text)
    foreseen = int(re.findall(r"vowelling, 0 of (\d+) pieces", text)[0])
    total = int(re.findall(r"speaking, \d+ of (\d+) pieces", text)[-1])
    spoken, reused = re.findall(r"clips spoken: (\d+), from the cache: (\d+)", text)[0]
    assert total == int(spoken) + int(reused) > foreseen > 3
    assert "Traceback" not in text


def test_briefings_built_together_share_one_display(tmp_path: Path) -> None:
    project = make_project(tmp_path / "project", {"a.txt": "عنوان\n\nنص قصير.\n"})
    project.configure(
        'workers = 2\n[briefing.one]\noutput.folder = "audio-one"\n'
        '[briefing.two]\noutput.folder = "audio-two"\n'
    )
    text = shown(project)
    assert re.search(r"one: \w+", text)
    assert re.search(r"two: \w+", text)
    assert "of 2 briefings done" in text
