"""The shelf in a folder of a web server: complete, in order, and nobody else's files touched."""

from __future__ import annotations

import os
import shutil
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from briefing.delivery.contents import Stage, contents
from briefing.delivery.delivery import Delivery, deliver, is_delivered
from briefing.delivery.targets.choice import open_target
from briefing.delivery.targets.folder import FolderTarget
from briefing.delivery.targets.target import DeliveryError
from briefing.errors import ShelfError
from briefing.shelf.shelf import Shelf
from tests.delivery.shelves import build, enclosures, folder_fetch, missing, two_days

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)


@pytest.fixture
def audio(tmp_path: Path) -> Path:
    folder = tmp_path / "audio"
    two_days(folder)
    return folder


def send(audio: Path, web: Path, hours: float = 0, *, dry_run: bool = False) -> Delivery:
    target = open_target(str(web), web.parent, audio)
    now = NOW + timedelta(hours=hours)
    return deliver(Shelf(audio), target, grace_h=24, now=now, dry_run=dry_run)


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }


def public(audio: Path) -> dict[str, bytes]:
    return {address: item.path.read_bytes() for address, item in contents(Shelf(audio)).items()}


def test_all_that_is_published_is_there_with_the_same_bytes_and_nothing_else(
    audio: Path, tmp_path: Path
) -> None:
    web = tmp_path / "web"
    delivery = send(audio, web)
    assert files(web) == public(audio)
    assert {item.address for item in delivery.sent} == set(files(web))
    assert {"feed.xml", "sport.xml", "index.html", "shelf.json", "news.mp3"} <= set(files(web))
    assert len(enclosures(folder_fetch(web))) == 2
    assert missing(folder_fetch(web)) == []


def test_dated_files_go_first_and_feeds_last(audio: Path, tmp_path: Path) -> None:
    sent = [item.address for item in send(audio, tmp_path / "web").sent]
    first_page = min(sent.index("index.html"), sent.index("news.html"))
    assert all(sent.index(file) < first_page for file in sent if file.endswith((".mp3", ".vtt")))
    assert sent[-2:] == ["feed.xml", "sport.xml"]
    stages = [item.stage for item in send(audio, tmp_path / "other").sent]
    assert stages == sorted(stages)
    assert set(stages) == set(Stage)


def test_what_is_there_already_is_not_sent_again(audio: Path, tmp_path: Path) -> None:
    web = tmp_path / "web"
    first = send(audio, web)
    again = send(audio, web)
    assert (again.sent, again.unchanged) == ([], len(first.sent))
    build(audio, "news", 22, "غيّر")
    changed = [item.address for item in send(audio, web).sent]
    assert changed
    assert not any(address.startswith(("sport.", "editions/sport")) for address in changed)
    assert files(web).keys() >= public(audio).keys()
    assert missing(folder_fetch(web)) == []


def test_a_dry_run_changes_nothing_and_lists_what_would_be_sent(
    audio: Path, tmp_path: Path
) -> None:
    web = tmp_path / "web"
    planned = send(audio, web, dry_run=True)
    assert not web.exists()
    assert [item.address for item in planned.sent] == [
        item.address for item in send(audio, web).sent
    ]


def test_an_old_edition_goes_only_when_no_feed_has_named_it_for_the_time_of_grace(
    audio: Path, tmp_path: Path
) -> None:
    web = tmp_path / "web"
    send(audio, web)
    old = next(name for name in files(web) if "news-2026-11-21" in name and name.endswith("mp3"))
    build(audio, "news", 23, "يوم آخر")  # output.keep = 2: the 21st is kept no more
    delivery = send(audio, web, hours=24)
    assert old in files(web)
    assert delivery.removed == []
    assert delivery.waiting > 0
    assert old not in enclosures(folder_fetch(web))
    assert send(audio, web, hours=47).removed == []
    assert old in send(audio, web, hours=48).removed
    assert files(web) == public(audio)


def test_a_lost_or_changed_file_is_sent_again(audio: Path, tmp_path: Path) -> None:
    web = tmp_path / "web"
    send(audio, web)
    (web / "news.mp3").unlink()
    (web / "news.vtt").write_text("broken")
    assert {item.address for item in send(audio, web).sent} == {"news.mp3", "news.vtt"}
    assert files(web) == public(audio)


def test_files_of_others_are_never_touched(audio: Path, tmp_path: Path) -> None:
    web = tmp_path / "web"
    (web / "editions").mkdir(parents=True)
    (web / "about.html").write_text("mine")
    (web / "editions" / "old.mp3").write_text("mine, too")
    send(audio, web)
    build(audio, "news", 23, "يوم آخر")
    send(audio, web, hours=24)
    send(audio, web, hours=100)
    assert (web / "about.html").read_text() == "mine"
    assert (web / "editions" / "old.mp3").read_text() == "mine, too"


def test_a_file_of_somebody_at_our_address_is_refused_before_anything_is_sent(
    audio: Path, tmp_path: Path
) -> None:
    web = tmp_path / "web"
    web.mkdir()
    (web / "index.html").write_text("welcome to nginx")
    with pytest.raises(DeliveryError, match=r"index\.html is there and was not published by this"):
        send(audio, web)
    assert files(web) == {"index.html": b"welcome to nginx"}


def test_a_link_at_our_address_leads_no_write_elsewhere(audio: Path, tmp_path: Path) -> None:
    web = tmp_path / "web"
    send(audio, web)
    secret = tmp_path / "secret"
    secret.write_text("secret")
    (web / "news.mp3").unlink()
    (web / "news.mp3").symlink_to(secret)
    send(audio, web)
    assert secret.read_text() == "secret"
    assert files(web) == public(audio)


def test_a_second_shelf_at_the_same_target_is_told_whose_it_is(audio: Path, tmp_path: Path) -> None:
    web, other = tmp_path / "web", tmp_path / "other"
    send(audio, web)
    two_days(other)
    before = files(web)
    with pytest.raises(DeliveryError, match=f"is filled by another shelf .{audio} on "):
        send(other, web)
    assert files(web) == before


def test_an_empty_shelf_is_told(tmp_path: Path) -> None:
    (tmp_path / "audio").mkdir()
    with pytest.raises(ShelfError, match="nothing is published yet"):
        send(tmp_path / "audio", tmp_path / "web")
    assert not (tmp_path / "web").exists()


def test_a_folder_that_is_not_mounted_is_told(audio: Path, tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match="mount or create it"):
        send(audio, tmp_path / "nas" / "web")
    assert not (tmp_path / "nas").exists()


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_told(audio: Path, tmp_path: Path) -> None:
    web = tmp_path / "web"
    web.mkdir(mode=0o555)
    with pytest.raises(DeliveryError, match="make it writable"):
        send(audio, web)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a full device")
def test_a_full_target_is_told_and_the_next_run_goes_on(
    audio: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The copy meets a device that is always full, after three files."""
    web, copies, copy = tmp_path / "web", [], shutil.copyfile

    def copyfile(source: Path, place: Path) -> object:
        copies.append(place)
        return copy(source, "/dev/full" if len(copies) == 4 else place)

    monkeypatch.setattr(shutil, "copyfile", copyfile)
    with pytest.raises(DeliveryError, match="No space left on device; free space"):
        send(audio, web)
    assert len(files(web)) == 3
    assert not is_delivered(Shelf(audio), FolderTarget(web), 24)
    assert len(send(audio, web).sent) == len(public(audio)) - 3
    assert files(web) == public(audio)
    assert is_delivered(Shelf(audio), FolderTarget(web), 24)


def test_the_record_says_whether_a_delivery_is_due(audio: Path, tmp_path: Path) -> None:
    web = tmp_path / "web"
    target, shelf = FolderTarget(web), Shelf(audio)
    assert not is_delivered(shelf, target, 24, NOW)
    send(audio, web)
    assert is_delivered(shelf, target, 24, NOW)
    build(audio, "sport", 23, "خبر")
    assert not is_delivered(shelf, target, 24, NOW)
    send(audio, web)
    assert is_delivered(shelf, target, 24, NOW)
    assert not is_delivered(shelf, target, 24, NOW + timedelta(hours=24)), "the 21st must go"
