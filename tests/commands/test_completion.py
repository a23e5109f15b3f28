"""Shell completion: a real bash completes commands, options and files by the printed script."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from briefing.cli import parser
from briefing.commands.completion import SHELLS, completion_script
from tests.conftest import Project

needs_bash = pytest.mark.skipif(not shutil.which("bash"), reason="no bash")


def complete(folder: Path, *words: str) -> list[str]:
    """Press the Tab key after the words, in a folder; return what bash offers."""
    script = completion_script(parser(), "bash")
    line = " ".join(f"'{word}'" for word in words)
    press = (
        f"COMP_WORDS=({line}); COMP_CWORD={len(words) - 1}; _shtab_briefing;"
        ' printf "%s\\n" "${COMPREPLY[@]}"'
    )
    done = subprocess.run(
        ["bash", "--norc", "-c", f"{script}\n{press}"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stderr == ""
    return done.stdout.split()


@needs_bash
def test_bash_completes_a_command_its_options_and_its_files(tmp_path: Path) -> None:
    (tmp_path / "seeds.txt").touch()
    assert complete(tmp_path, "briefing", "bu") == ["build"]
    assert complete(tmp_path, "briefing", "build", "--fo") == ["--force"]
    assert complete(tmp_path, "briefing", "script", "see") == ["seeds.txt"]
    assert complete(tmp_path, "briefing", "build", "--config", "see") == ["seeds.txt"]


def test_what_is_for_the_service_alone_is_not_offered() -> None:
    for shell in SHELLS:
        assert "follow-stdin" not in completion_script(parser(), shell)


def test_the_command_prints_the_script_and_names_the_shells_it_knows(project: Project) -> None:
    done = project.run("--print-completion", "zsh")
    assert done.returncode == 0
    assert done.stdout.startswith("#compdef briefing")
    done = project.run("--print-completion", "fihs")
    assert done.returncode == 2
    assert "there is no shell 'fihs'; did you mean fish?" in done.stderr
