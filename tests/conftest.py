"""A project to build in, and the sample article built once for all tests that look at it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import hypothesis
import pytest

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"

SHORT_ARTICLES = {
    "a.txt": "مطر في بيروت\n\nهطل المطر صباح اليوم. أغلقت المدارس أبوابها.\nقالت البلدية إن الطرق سالكة.\n",
    "b.txt": "فوز المنتخب\n\nفاز المنتخب في مباراة الأمس. احتفل الجمهور في الشوارع.\n",
}

BUILT_DATE = "2026-11-24"

# The same examples in every run: what passes here passes everywhere. To look for new ones:
# HYPOTHESIS_PROFILE=default
hypothesis.settings.register_profile("same", derandomize=True, deadline=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


MOST_PROCESSES = 8
BROWSER_TESTS = "tests/browser/"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Share the plain run among processes; one more than cores, as many tests wait for something.

    Chosen files and slow tests run in this process: no start of others, and output as it comes.
    """
    plain = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    if not plain or config.option.markexpr != "not slow" or config.option.collectonly:
        return 0
    return min((os.cpu_count() or 1) + 1, MOST_PROCESSES)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Keep a file's tests in one process, in order; and all of a browser's, so that one is open."""
    from xdist.scheduler import LoadFileScheduling

    class Scheduler(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file: str = super()._split_scope(nodeid)
            return BROWSER_TESTS if file.startswith(BROWSER_TESTS) else file

    return Scheduler(config, log)


@dataclass(frozen=True)
class Project:
    """A folder with articles, a shelf and a cache of its own."""

    folder: Path

    @property
    def audio(self) -> Path:
        return self.folder / "audio"

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
        kept.pop("SOURCE_DATE_EPOCH", None)
        return {**kept, "XDG_CACHE_HOME": str(self.folder / "cache"), "PYTHONPATH": str(ROOT)}

    def write(self, name: str, text: str) -> Path:
        path = self.folder / "seeds" / name
        path.write_text(text, encoding="utf-8")
        return path

    def configure(self, text: str) -> None:
        (self.folder / "config.toml").write_text(text, encoding="utf-8")

    def run(
        self,
        *arguments: str,
        timeout_s: float = 300,
        environment: dict[str, str] | None = None,
        prefix: Sequence[str] = (),
        text: str | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run a command of briefing as a user would."""
        return subprocess.run(
            [*prefix, sys.executable, "-m", "briefing", *arguments],
            cwd=self.folder,
            env={**self.environment(), **(environment or {})},
            input=text,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=timeout_s,
            check=False,
        )


def make_project(folder: Path, articles: dict[str, str] | None = None) -> Project:
    (folder / "seeds").mkdir(parents=True)
    project = Project(folder)
    for name, text in (SHORT_ARTICLES if articles is None else articles).items():
        project.write(name, text)
    return project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Two short articles, nothing built."""
    return make_project(tmp_path / "project")


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """A folder that every user can enter: pytest closes its own to others, at each start again."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture(scope="session")
def _built_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = make_project(tmp_path_factory.mktemp("built") / "project")
    done = project.run("build", "--date", BUILT_DATE)
    assert done.returncode == 0, done.stderr
    return project.folder


@pytest.fixture
def built_project(_built_once: Path, tmp_path: Path) -> Project:
    """Two short articles, built for BUILT_DATE; the test's own copy of one build for all."""
    folder = tmp_path / "project"
    shutil.copytree(_built_once, folder, symlinks=True)
    return Project(folder)


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The sample article, built; tests must not change it."""
    folder = tmp_path_factory.mktemp("sample") / "project"
    folder.mkdir()
    shutil.copytree(SEEDS, folder / "seeds")
    project = Project(folder)
    done = project.run("build", "--date", BUILT_DATE)
    assert done.returncode == 0, done.stderr
    return project
