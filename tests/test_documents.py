"""The README and the shipped configuration say what the program does."""

from __future__ import annotations

import dataclasses
import tomllib

import briefing.config
from briefing.cli import parser
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text("utf-8")


def tables() -> list[tuple[str, type]]:
    found: list[tuple[str, type]] = [("", briefing.config.Config)]
    found += [
        (f"{item.name}.", item.default_factory)  # type: ignore[misc]
        for item in dataclasses.fields(briefing.config.Config)
        if "meaning" not in item.metadata and dataclasses.is_dataclass(item.default_factory)
    ]
    return [
        *found,
        ("voices.espeak.", briefing.config.Espeak),
        ("voices.gtts.", briefing.config.Gtts),
        ("voices.NAME.", briefing.config.Neural),
    ]


def shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, tuple):
        return "[" + ", ".join(f'"{one}"' for one in value) + "]"
    return f"{value:g}" if isinstance(value, float) else str(value)


def test_every_setting_stands_in_the_readme_with_its_default_and_meaning() -> None:
    for prefix, table in tables():
        for name, default, meaning in briefing.config.setting_help(table):
            row = f"| `{prefix}{name}` | `{shown(default)}` | {meaning.replace('|', '/')} |"
            assert row in README, row


def test_the_shipped_configuration_says_the_defaults() -> None:
    (shipped,) = briefing.config.load(ROOT / "config.toml")
    assert dataclasses.replace(shipped, path=None, base=ROOT) == dataclasses.replace(
        briefing.config.Config(), voices=shipped.voices, base=ROOT
    )
    assert tomllib.loads((ROOT / "config.toml").read_text("utf-8"))


def test_every_command_is_in_the_readme_and_every_command_there_exists() -> None:
    commands = next(
        action.choices
        for action in parser()._subparsers._group_actions  # type: ignore[union-attr]
    )
    for command in commands:  # type: ignore[union-attr]
        assert f"briefing {command}" in README, command


def test_the_two_commands_of_the_readme_are_one_line_each() -> None:
    lines = [line for line in README.splitlines() if line.startswith("python3 -m pip install")]
    assert len(lines) == 2
    assert lines[0].endswith("briefing build")
    assert lines[1].endswith("pytest")
