"""Everything that can fail around a build but the voice, a row each in faults.tsv.

fault: what fails, for people; way, argument: how, see ways.py; codes: the exit codes that the
build may end with; edition: whether the new edition or the old one stands then; said: a pattern
that the messages match, nothing for silence. After each the shelf is whole, nobody is at work,
and the next build publishes and leaves no litter.
"""

from __future__ import annotations

import csv
import json
import re
import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import SHORT_ARTICLES, Project, make_project
from tests.faults.shelves import litter, processes_in, published
from tests.faults.ways import WAYS, edition

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the faults are made Linux's way")

with Path(__file__).with_name("faults.tsv").open(encoding="utf-8", newline="") as table:
    ROWS = list(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE))
NEW_WORD = "الخميس"
RESULTS: list[tuple[str, str]] = []


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A project with its first edition, to copy; prints what came of all faults at the end."""
    project = make_project(tmp_path_factory.mktemp("faults") / "project", SHORT_ARTICLES)
    done = project.run("build", "--date", "2026-11-24")
    assert done.returncode == 0, done.stderr
    yield project
    told = Counter(result.partition("; ")[0] for _, result in RESULTS)
    lines = [f"  {fault:70} {result}" for fault, result in RESULTS]
    summary = ", ".join(f"{count} {result}" for result, count in sorted(told.items()))
    print("\n" + "\n".join(lines) + f"\nfaults around a build: {len(RESULTS)}: {summary}")


def spoken(project: Project) -> str:
    return (project.audio / "briefing.vtt").read_text("utf-8")


def _marked(row: dict[str, str]) -> object:
    marks = [] if row["speed"] == "fast" else [pytest.mark.slow]
    return pytest.param(row, id=row["fault"], marks=marks)


@pytest.mark.parametrize("row", [_marked(row) for row in ROWS])
def test_a_fault_is_told_and_costs_no_edition(
    row: dict[str, str], built: Project, tmp_path: Path
) -> None:
    RESULTS.append((row["fault"], "FAILED"))
    project = Project(tmp_path / "project")
    shutil.copytree(built.folder, project.folder, symlinks=True)
    project.write("a.txt", SHORT_ARTICLES["a.txt"].replace("اليوم", NEW_WORD))
    before = published(project.audio)
    date = ["--date", "2026-11-25"]
    with WAYS[row["way"]](project, row["argument"]) as run:
        done = project.run(
            "build", *date, *run.arguments, prefix=run.prefix, environment=run.environment
        )
    told = [
        line
        for line in done.stderr.splitlines()
        # the editions' days may be those to come where the clock is wrong
        if line.startswith("briefing: ") and "dated later than today" not in line
    ]
    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode in map(int, row["codes"].split(",")), done.stderr
    assert re.search(row["said"], "\n".join(told)), done.stderr
    assert row["said"] or not told, told
    assert len(told) <= 3
    assert processes_in(project.folder) == []
    if row["edition"] == "new":
        assert NEW_WORD in spoken(project)
    stands = "the shelf itself was changed"
    if not row["way"].startswith(("edited", "replaced")):
        after = published(project.audio)
        assert row["edition"] != "old" or after == before
        assert after is not None
        stands = f"the {'old' if after == before else 'new'} edition stands"

    (project.folder / "config.toml").unlink(missing_ok=True)
    again = project.run("build", *date)
    assert again.returncode == 0, again.stderr
    assert published(project.audio) is not None
    assert NEW_WORD in spoken(project)
    assert litter(project.audio) == []
    # the edition tells the truth about itself
    sidecar = json.loads((project.audio / "briefing.json").read_bytes())
    assert sidecar["edition_date"] == "2026-11-25"
    assert edition(project).parents[1] == project.audio.resolve() / ".editions"
    assert not (project.folder / "stolen").exists()
    RESULTS[-1] = (row["fault"], f"exit code {done.returncode}, {stands}; mended by the next build")
