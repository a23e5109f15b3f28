"""A desk over two short articles."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Project, make_project
from tests.desk.desks import OpenDesk, open_desk

CONFIG = 'voice = "espeak"\n[text]\nlexicon = ""\n[cache]\nfolder = "cache"\n'


@pytest.fixture
def desk_project(tmp_path: Path) -> Project:
    """Two short articles and a configuration; nothing built, no lexicon."""
    project = make_project(tmp_path / "project")
    project.configure(CONFIG)
    return project


@pytest.fixture
def desk(desk_project: Project) -> Iterator[OpenDesk]:
    """The open desk of that project."""
    with open_desk(desk_project.folder / "config.toml") as opened:
        yield opened


@pytest.fixture(scope="module")
def gate_project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Two short articles for a whole module, whose tests add nothing to them."""
    project = make_project(tmp_path_factory.mktemp("gate") / "project")
    project.configure(CONFIG)
    return project


@pytest.fixture(scope="module")
def gate(gate_project: Project) -> Iterator[OpenDesk]:
    """The open desk of that project."""
    with open_desk(gate_project.folder / "config.toml") as opened:
        yield opened
