"""Many briefings on one shelf: published at the same moment, damaged, seen by others."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from briefing.config import Config, Feed, Neighbour, Output
from briefing.errors import ShelfError
from briefing.publish import publication
from briefing.shelf.lock import Busy
from briefing.shelf.shelf import Shelf, building
from tests.conftest import ROOT
from tests.publish.shelf_maker import shelve
from tests.publish.shelves import litter, views_agree, whole

NAMES = tuple(f"b{number}" for number in range(6))


def table(folder: Path, name: str) -> Config:
    neighbours = tuple(Neighbour(one, folder, has_feed=True) for one in NAMES)
    config = Config(output=Output(name=name, folder=str(folder)), feed=Feed("https://example.org/"))
    return dataclasses.replace(config, neighbours=neighbours)


def publish(folder: Path, name: str, day: int, text: str = "نص.", **more: object) -> None:
    articles = [("خبر", [f"{text} {day}."], None)]
    shelve(folder, table(folder, name), date=f"2026-11-{day:02}", articles=articles, **more)


@pytest.mark.parametrize("links", [True, False], ids=["links", "journal"])
def test_threads_that_publish_at_the_same_moment_leave_all_whole_and_listed(
    tmp_path: Path, links: bool
) -> None:
    shelf, over, torn = tmp_path / "audio", threading.Event(), []
    shelf.mkdir()

    def standing() -> dict[str, str]:
        return {link.name: str(link.readlink()) for link in shelf.glob(".current.*")}

    def read() -> None:
        while not over.is_set() and links:  # copies are whole only between two commands
            before = standing()
            try:
                for name in NAMES:
                    whole(shelf, name)
            except (AssertionError, FileNotFoundError) as error:
                if standing() == before:  # else one was published while it was read
                    torn.append(error)

    def write(name: str) -> None:
        for day in range(1, 5):
            publish(shelf, name, day, links=links)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        with ThreadPoolExecutor(len(NAMES)) as pool:
            list(pool.map(write, NAMES))
    finally:
        over.set()
        reader.join()
    assert torn == []
    assert all(whole(shelf, name) for name in NAMES)
    views_agree(shelf, NAMES)
    rows = json.loads((shelf / "shelf.json").read_text("utf-8"))["editions"]
    assert [row["name"] for row in rows if not row["kept"]] == list(NAMES)
    assert {(row["name"], row["date"]) for row in rows if row["kept"]} == {
        (name, f"2026-11-{day:02}") for name in NAMES for day in range(1, 5)
    }
    feeds = {path.name for path in shelf.glob("*.xml")}
    assert feeds == {"feed.xml", *(f"{name}.xml" for name in NAMES[1:])}
    assert litter(shelf) == []


PUBLISH = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from tests.publish.test_many_briefings import publish
print("ready", flush=True)
sys.stdin.readline()
for day in range(1, 6):
    publish(Path(sys.argv[2]), sys.argv[3], day)
"""


def test_processes_that_publish_at_the_same_moment_do_too(tmp_path: Path) -> None:
    shelf = tmp_path / "audio"
    command = [sys.executable, "-W", "ignore", "-c", PUBLISH, str(ROOT), str(shelf)]
    pipe = subprocess.PIPE
    publishers = [
        subprocess.Popen([*command, name], stdin=pipe, stdout=pipe, stderr=pipe, text=True)
        for name in NAMES[:3]
    ]
    for process in publishers:
        process.stdout.readline()  # they begin together
    for process in publishers:
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in publishers:
        _, said = process.communicate(timeout=120)
        assert process.returncode == 0, said
    assert all(whole(shelf, name) for name in NAMES[:3])
    views_agree(shelf, NAMES[:3])
    assert litter(shelf) == []


def test_builds_of_two_briefings_do_not_wait_and_of_one_do(tmp_path: Path) -> None:
    with (
        building(tmp_path, "one", 0),
        building(tmp_path, "two", 0),
        pytest.raises(Busy, match="another process is at work"),
        building(tmp_path, "one", 0),
    ):
        pass


def test_a_commit_links_and_flushes_nothing_of_the_editions_kept_before(tmp_path: Path) -> None:
    for day in range(1, 4):
        publish(tmp_path, "b0", day)
    before = {path: path.lstat().st_ctime_ns for path in (tmp_path / ".kept").iterdir()}
    publish(tmp_path, "b0", 4)
    after = {path: path.lstat().st_ctime_ns for path in (tmp_path / ".kept").iterdir()}
    assert {path: after[path] for path in before} == before
    assert len(after) == len(before) * 4 // 3


def test_a_damaged_listing_costs_no_kept_edition(tmp_path: Path) -> None:
    for day in range(1, 4):
        publish(tmp_path, "b0", day)
    listing = Shelf(tmp_path).current("b0") / ".listing.json"
    listing.write_bytes(listing.read_bytes()[:100])
    publish(tmp_path, "b0", 4)
    rows = json.loads((tmp_path / "shelf.json").read_text("utf-8"))["editions"]
    assert [row["date"][-2:] for row in rows if row["kept"]] == ["04", "03", "02", "01"]
    assert all((tmp_path / row["audio"]).is_file() for row in rows)


@pytest.mark.parametrize("damage", ["half", "gone", "shapeless"])
def test_a_damaged_register_costs_no_feed_its_address(tmp_path: Path, damage: str) -> None:
    for name in ("b0", "b1", "b2"):
        publish(tmp_path, name, 1)
    register = tmp_path / ".briefings.json"
    if damage == "gone":
        register.unlink()
    else:
        register.write_bytes({"half": register.read_bytes()[:30], "shapeless": b"[1]"}[damage])
    moved = (Neighbour("b2", tmp_path, True), Neighbour("b0", tmp_path, True))
    config = dataclasses.replace(table(tmp_path, "b2"), neighbours=moved)
    shelve(tmp_path, config, date="2026-11-02")
    for name, file in (("b0", "feed.xml"), ("b1", "b1.xml"), ("b2", "b2.xml")):
        assert f">{name}-2026" in (tmp_path / file).read_text("utf-8")


def test_views_that_a_dead_process_did_not_make_are_made_by_the_next_command(
    tmp_path: Path,
) -> None:
    publish(tmp_path, "b0", 1)
    publish(tmp_path, "b1", 1)
    stale = (tmp_path / "shelf.json").read_bytes(), (tmp_path / "index.html").read_bytes()
    publish(tmp_path, "b1", 2)
    record = tmp_path / ".views" / ".made.json"
    made = json.loads(record.read_text())
    made["editions"]["b1"] = "of before"
    record.write_text(json.dumps(made))
    for file, content in zip(("shelf.json", "index.html"), stale, strict=True):
        (tmp_path / ".views" / file).write_bytes(content)
    with building(tmp_path, "b0", 0):
        publication.recover(Shelf(tmp_path), table(tmp_path, "b0"))
    views_agree(tmp_path, ["b0", "b1"])


@pytest.mark.parametrize("links", [True, False], ids=["links", "journal"])
def test_a_page_of_the_users_own_is_refused_and_one_put_in_its_place_moved_aside(
    tmp_path: Path, links: bool
) -> None:
    page = tmp_path / "index.html"
    page.write_text("mine")
    with pytest.raises(ShelfError, match=r"index\.html: is in the way"):
        publish(tmp_path, "b0", 1, links=links)
    assert page.read_text() == "mine"
    page.unlink()
    publish(tmp_path, "b0", 1, links=links)
    if links:
        page.unlink()
        page.write_text("also mine")
        publish(tmp_path, "b0", 2, links=links)
        assert (tmp_path / "index.kept-1.html").read_text() == "also mine"
    views_agree(tmp_path, ["b0"])


def test_of_a_kept_edition_only_what_is_kept_takes_room(tmp_path: Path) -> None:
    for day in range(1, 5):
        publish(tmp_path, "b0", day)
    folders = sorted((tmp_path / ".editions" / "b0").iterdir())
    assert [(folder / "b0.html").exists() for folder in folders] == [False, False, True, True]
    assert [(folder / "feed.xml").exists() for folder in folders] == [False, False, True, True]
    assert all((folder / ".page.html").exists() for folder in folders)
    assert whole(tmp_path, "b0")
