"""The shelf on a machine with ssh: a real sshd and rsync on loopback."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from briefing.delivery.contents import contents
from briefing.delivery.delivery import Delivery, deliver
from briefing.delivery.targets.choice import open_target
from briefing.delivery.targets.rsync import RsyncTarget
from briefing.delivery.targets.target import DeliveryError
from briefing.errors import UsageError
from briefing.shelf.shelf import Shelf
from tests.delivery.servers import Ssh, ssh_server
from tests.delivery.shelves import build, folder_fetch, missing, two_days

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)
PROGRAMS = all(
    shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")
    for name in ("rsync", "ssh", "sshd", "ssh-keygen")
)
needs_ssh = pytest.mark.skipif(not PROGRAMS, reason="needs rsync, ssh and sshd")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ssh]:
    with ssh_server(tmp_path_factory.mktemp("ssh") / "server") as running:
        yield running


@pytest.fixture
def audio(tmp_path: Path) -> Path:
    folder = tmp_path / "audio"
    two_days(folder)
    return folder


def send(
    audio: Path, web: Path, server: Ssh, monkeypatch: pytest.MonkeyPatch, hours: float = 0
) -> Delivery:
    monkeypatch.setenv("RSYNC_RSH", server.shell)
    target = open_target(server.address(web), audio.parent, audio)
    return deliver(Shelf(audio), target, grace_h=24, now=NOW + timedelta(hours=hours))


def public(audio: Path) -> dict[str, bytes]:
    return {address: item.path.read_bytes() for address, item in contents(Shelf(audio)).items()}


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }


@needs_ssh
@pytest.mark.slow
def test_all_is_there_and_only_what_changed_is_sent_again(
    audio: Path, tmp_path: Path, server: Ssh, monkeypatch: pytest.MonkeyPatch
) -> None:
    web = tmp_path / "srv" / "أخبار web"  # rsync makes it; a blank and Arabic need no quoting
    send(audio, web, server, monkeypatch)
    assert files(web) == public(audio)
    assert missing(folder_fetch(web)) == []
    dated = next(web.glob("editions/news-2026-11-22-*.mp3"))
    assert (web / "news.mp3").samefile(dated), "one content was sent once"
    assert send(audio, web, server, monkeypatch).sent == []
    build(audio, "news", 22, "غيّر")
    sent = [item.address for item in send(audio, web, server, monkeypatch).sent]
    assert sent
    assert not any(address.startswith(("sport.", "editions/sport")) for address in sent)
    assert missing(folder_fetch(web)) == []
    assert files(web).items() >= public(audio).items()


@needs_ssh
@pytest.mark.slow
def test_old_editions_go_and_files_of_others_stay(
    audio: Path, tmp_path: Path, server: Ssh, monkeypatch: pytest.MonkeyPatch
) -> None:
    web = tmp_path / "web"
    (web / "editions").mkdir(parents=True)
    (web / "editions" / "mine.txt").write_text("mine")
    send(audio, web, server, monkeypatch)
    build(audio, "news", 23, "يوم آخر")
    assert send(audio, web, server, monkeypatch, hours=1).removed == []
    removed = send(audio, web, server, monkeypatch, hours=26).removed
    assert any("news-2026-11-21" in address for address in removed)
    assert files(web) == {**public(audio), "editions/mine.txt": b"mine"}


@needs_ssh
@pytest.mark.slow
def test_another_shelf_at_the_same_target_is_told(
    audio: Path, tmp_path: Path, server: Ssh, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(audio, tmp_path / "web", server, monkeypatch)
    two_days(tmp_path / "other")
    with pytest.raises(DeliveryError, match=f"filled by another shelf .{audio} on "):
        send(tmp_path / "other", tmp_path / "web", server, monkeypatch)


@needs_ssh
def test_a_machine_that_does_not_answer_is_told_in_one_line(
    audio: Path, tmp_path: Path, server: Ssh, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RSYNC_RSH", server.shell)
    target = open_target("ssh://127.0.0.1:9/web", audio.parent, audio)
    with pytest.raises(DeliveryError, match=r"rsync stopped.*onnect.*refused.*try: ssh") as raised:
        deliver(Shelf(audio), target, grace_h=24)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("ssh://-oProxyCommand=touch/x", "is no address such as"),
        ("ssh://a.org -oX/x", "is no address such as"),
        ("ssh://-l@a.org/x", "is no address such as"),
        ("ssh://user:secret@a.org/x", "ssh-copy-id"),
        ("ssh://a.org", "has no path; write ssh://a.org/path"),
        ("ssh://a.org/", "has no path"),
        ("ssh://a.org:99999/x", "(?i)port"),
    ],
)
def test_an_address_that_would_be_an_option_or_a_secret_is_refused(
    address: str, message: str
) -> None:
    with pytest.raises(UsageError, match=message) as raised:
        RsyncTarget(address)
    assert "secret" not in str(raised.value)
