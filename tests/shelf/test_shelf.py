"""What stands on the shelf is always whole."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from briefing.errors import ShelfError
from briefing.shelf.shelf import Shelf
from tests.another_user import needs_root, run_as_nobody
from tests.publish.shelves import litter, publish, title, write_edition

ROOT = Path(__file__).parents[2]


@pytest.fixture(params=[True, False], ids=["links", "journal"])
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "audio", links=request.param)


@pytest.fixture
def linked(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "audio")


def test_before_the_first_edition_there_is_none(shelf: Shelf) -> None:
    shelf.recover("briefing")
    assert shelf.current("briefing") is None
    assert not shelf.folder.exists()


def test_an_edition_replaces_the_one_before(shelf: Shelf) -> None:
    for content in ("one", "two", "three"):
        publish(shelf, content)
        assert title(shelf.folder) == content
        current = shelf.current("briefing")
        assert current is not None
        assert title(current) == content


def test_what_is_not_committed_leaves_nothing(shelf: Shelf) -> None:
    publish(shelf, "one")
    with shelf.edition("briefing") as staged:
        write_edition(staged.folder, "briefing", "two")
    assert title(shelf.folder) == "one"
    assert len(list((shelf.folder / ".editions" / "briefing").iterdir())) == 1


def test_a_failure_in_the_middle_leaves_the_edition_that_stands(shelf: Shelf) -> None:
    publish(shelf, "one")
    with pytest.raises(ZeroDivisionError), shelf.edition("briefing") as staged:  # noqa: PT012
        write_edition(staged.folder, "briefing", "two")
        1 // 0  # noqa: B018
    assert title(shelf.folder) == "one"
    assert len(list((shelf.folder / ".editions" / "briefing").iterdir())) == 1


def test_several_briefings_share_a_shelf(shelf: Shelf) -> None:
    publish(shelf, "one", "news")
    publish(shelf, "two", "news.sport")
    publish(shelf, "three", "news")
    assert title(shelf.folder, "news") == "three"
    assert title(shelf.folder, "news.sport") == "two"


def test_a_commit_touches_no_file_of_another_briefing(shelf: Shelf) -> None:
    publish(shelf, "one", "news")
    publish(shelf, "one", "sport")
    before = {path: path.lstat() for path in sorted(shelf.folder.rglob("*news*"))}
    publish(shelf, "two", "sport")
    after = {path: path.lstat() for path in sorted(shelf.folder.rglob("*news*"))}
    assert {path: facts.st_ctime_ns for path, facts in after.items()} == {
        path: facts.st_ctime_ns for path, facts in before.items()
    }


def test_a_file_that_is_no_longer_published_goes(shelf: Shelf) -> None:
    publish(shelf, "one", endings=(".mp3", ".vtt", ".srt"))
    publish(shelf, "two")
    assert not os.path.lexists(shelf.folder / "briefing.srt")


def test_an_open_reader_keeps_the_edition_before(linked: Shelf) -> None:
    publish(linked, "one")
    before = linked.current("briefing")
    assert before is not None
    with (linked.folder / "briefing.mp3").open("rb") as file:
        publish(linked, "two")
        assert b"one" in file.read()
    assert title(before) == "one"
    publish(linked, "three")
    assert not before.exists()


def test_what_stands_is_never_in_the_way_of_the_next(shelf: Shelf) -> None:
    """Making way removes what is older than the edition that stands, and nothing else."""
    with shelf.edition("briefing") as staged:
        staged.remove_old_editions()
        assert staged.folder.is_dir()
    publish(shelf, "one")
    oldest = shelf.current("briefing")
    publish(shelf, "two")
    standing = shelf.current("briefing")
    assert oldest is not None
    assert standing is not None
    with shelf.edition("briefing") as staged:
        write_edition(staged.folder, "briefing", "three")
        staged.remove_old_editions()
        assert not oldest.exists()
        assert title(shelf.folder) == title(standing) == "two"
        staged.commit()
    assert title(shelf.folder) == "three"
    assert title(standing) == "two"


def test_the_shelf_can_be_moved(linked: Shelf, tmp_path: Path) -> None:
    publish(linked, "one")
    moved = linked.folder.rename(tmp_path / "elsewhere")
    assert title(moved) == "one"


@pytest.mark.parametrize("copied", ["file", "whole"])
def test_a_copy_of_the_shelf_without_links_is_taken_up(
    linked: Shelf, tmp_path: Path, copied: str
) -> None:
    publish(linked, "one")
    copy = tmp_path / "copy"
    shutil.copytree(linked.folder, copy, symlinks=copied == "file")
    if copied == "file":
        (copy / "briefing.mp3").unlink()
        shutil.copy(linked.folder / "briefing.mp3", copy / "briefing.mp3")
    publish(Shelf(copy), "two")
    assert title(copy) == "two"
    assert litter(copy) == []


@pytest.mark.parametrize("name", ["briefing.mp3", "briefing.vtt", "index.html"])
def test_somebody_elses_file_is_refused_and_stays(shelf: Shelf, name: str) -> None:
    shelf.folder.mkdir()
    (shelf.folder / name).write_text("mine")
    with pytest.raises(ShelfError, match="move it away"):
        publish(shelf, "one")
    assert (shelf.folder / name).read_text() == "mine"
    assert shelf.current("briefing") is None
    (shelf.folder / name).rename(shelf.folder / "mine.txt")
    publish(shelf, "one")
    publish(shelf, "two")
    assert title(shelf.folder) == "two"
    assert (shelf.folder / "mine.txt").read_text() == "mine"
    assert shelf.notices == []


def test_published_files_that_were_removed_or_replaced_are_put_back(shelf: Shelf) -> None:
    publish(shelf, "one")
    (shelf.folder / "briefing.mp3").unlink()
    (shelf.folder / "briefing.json").unlink()
    (shelf.folder / "briefing.json").write_text("edited by hand")
    shelf.recover("briefing")
    assert title(shelf.folder) == "one"
    assert (shelf.folder / "briefing.kept-1.json").read_text() == "edited by hand"
    assert ["briefing.kept-1.json" in one for one in shelf.notices] == [True]


def test_what_dead_processes_left_is_removed(shelf: Shelf) -> None:
    publish(shelf, "one")
    dead = shelf.folder / ".editions" / "briefing" / "dead"
    dead.mkdir()
    (dead / "briefing.mp3").write_text("half")
    (shelf.folder / ".new.briefing").symlink_to(".editions/briefing/dead")
    shelf.recover("briefing")
    assert not dead.exists()
    assert litter(shelf.folder) == [] or not shelf._links


def test_a_committed_journal_is_rolled_forward(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "audio", links=False)
    publish(shelf, "one")
    blocked = shelf.folder / ".state" / "published" / "briefing.new"
    blocked.mkdir()  # a step after the commit fails
    with pytest.raises(ShelfError), shelf.edition("briefing") as staged:  # noqa: PT012
        write_edition(staged.folder, "briefing", "two")
        staged.commit()
    blocked.rmdir()
    Shelf(shelf.folder).recover("briefing")
    assert title(shelf.folder) == "two"
    assert list((shelf.folder / ".state" / "journal").iterdir()) == []


def test_a_shelf_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "audio").write_text("")
    with pytest.raises(ShelfError, match="cannot be written"):
        publish(Shelf(tmp_path / "audio"), "one")


def test_another_failure_than_the_disks_is_not_told_as_one(linked: Shelf) -> None:
    with pytest.raises(ConnectionResetError), linked.edition("briefing"):
        raise ConnectionResetError("the network")


PUBLISH = """
import resource, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from tests.publish.shelves import publish
from briefing.errors import ShelfError
from briefing.shelf.shelf import Shelf
if len(sys.argv) > 4:
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[4]),) * 2)
try:
    publish(Shelf(Path(sys.argv[2])), sys.argv[3])
except ShelfError as error:
    sys.exit(f"ShelfError {error}")
"""


def run(folder: Path, *arguments: object) -> str:
    done = subprocess.run(
        [sys.executable, "-c", PUBLISH, str(ROOT), str(folder), *map(str, arguments)],
        capture_output=True,
        text=True,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.stderr


PUBLISH_FIRST = """
import sys
from pathlib import Path
from tests.publish.shelves import publish
from briefing.errors import ShelfError
from briefing.shelf.shelf import Shelf
publish(Shelf(Path(sys.argv[1])), "one")
"""
PUBLISH_SECOND = """
try:
    publish(Shelf(Path(sys.argv[1])), "two")
except ShelfError as error:
    print(error)
"""


@needs_root
def test_a_shelf_that_may_not_be_written_is_told(public_folder: Path) -> None:
    shelf = public_folder / "audio"
    done = run_as_nobody(PUBLISH_FIRST, PUBLISH_SECOND, shelf)
    assert not done.stderr
    assert "cannot be written: Permission denied" in done.stdout
    assert title(shelf) == "one"


@pytest.mark.parametrize("limit", [0, 1, 100, 4000, 8000])
def test_a_limit_on_file_size_leaves_the_edition_that_stands(linked: Shelf, limit: int) -> None:
    publish(linked, "one")
    assert "ShelfError" in run(linked.folder, "two" * 10, limit)
    assert title(linked.folder) == "one"
    assert litter(linked.folder) == []
    assert run(linked.folder, "three", resource.RLIM_INFINITY) == ""
    assert title(linked.folder) == "three"


@pytest.mark.skipif(
    not sys.platform.startswith("linux") or os.geteuid() != 0, reason="needs root to mount"
)
def test_a_full_disk_leaves_the_edition_that_stands(tmp_path: Path) -> None:
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=160k", "t", tmp_path]).returncode:
        pytest.skip("may not mount")
    shelf = tmp_path / "audio"
    outcomes = []
    try:
        publish(Shelf(shelf), "one")
        fill = tmp_path / "fill"
        for free in range(0, 60_000, 4096):  # a page less of room each time
            fill.unlink(missing_ok=True)
            with fill.open("wb", buffering=0) as file:
                try:
                    while file.write(bytes(4096)):
                        pass
                except OSError:
                    file.truncate(max(0, fill.stat().st_size - free))
            before = title(shelf)
            said = run(shelf, f"free {free}")
            outcomes.append(said)
            assert title(shelf) == (before if said else f"free {free}")
            assert litter(shelf) == []
            if not said:
                break
        assert any("No space left" in one for one in outcomes)
        assert outcomes[-1] == ""
    finally:
        subprocess.run(["umount", tmp_path], check=True)
