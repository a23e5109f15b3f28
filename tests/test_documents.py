"""The README and the shipped configuration say what the program does."""

from __future__ import annotations

import dataclasses
import tomllib

import briefing.config
from briefing.cli import parser
from briefing.commands import config_reference
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text("utf-8")


def test_the_reference_of_settings_is_that_of_the_program() -> None:
    page = (ROOT / "docs" / "configuration.md").read_text("utf-8")
    assert page == config_reference.reference()
    for key in ("`voice`", "`sources.patterns`", "`voices.espeak.speed_wpm`", "`feed.base_url`"):
        assert f"| {key} | " in page


def test_the_shipped_configuration_says_the_defaults() -> None:
    (shipped,) = briefing.config.load(ROOT / "config.toml")
    assert dataclasses.replace(shipped, path=None, base=ROOT) == dataclasses.replace(
        briefing.config.Config(), voices=shipped.voices, base=ROOT
    )
    assert tomllib.loads((ROOT / "config.toml").read_text("utf-8"))


def test_every_command_is_in_the_manual() -> None:
    manual = (ROOT / "docs" / "manual.md").read_text("utf-8")
    commands = next(
        action.choices
        for action in parser()._subparsers._group_actions  # type: ignore[union-attr]
    )
    for command in commands:  # type: ignore[union-attr]
        assert f"briefing {command}" in manual, command


def test_the_two_commands_of_the_readme_are_one_line_each() -> None:
    lines = [line for line in README.splitlines() if line.startswith("python3 -m pip install")]
    assert len(lines) == 2
    assert lines[0].endswith("briefing build")
    assert lines[1].endswith("pytest")
