"""A private briefing at a bucket and by ssh: under its key, and gone with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from briefing.config import Config, Feed, Output
from briefing.delivery.delivery import Delivery, deliver
from briefing.delivery.targets.choice import open_target
from briefing.publish import publication
from briefing.shelf.private_shelves import key_of, replace_key
from briefing.shelf.shelf import Shelf, building
from tests.delivery.servers import bucket_server, ssh_server
from tests.delivery.shelves import BASE, Fetch, folder_fetch, missing
from tests.delivery.test_bucket import fetcher
from tests.delivery.test_rsync import needs_ssh
from tests.publish.shelf_maker import shelve

DAYS = ("2026-11-21", "2026-11-22")


@contextmanager
def bucket(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, Fetch]]:
    with bucket_server() as store:
        for name, value in store.environment().items():
            monkeypatch.setenv(name, value)
        for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
            monkeypatch.delenv(name, raising=False)
        yield "s3://shelf/private", fetcher(store, "private")


@contextmanager
def ssh(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, Fetch]]:
    with ssh_server(folder / "ssh") as server:
        monkeypatch.setenv("RSYNC_RSH", server.shell)
        yield server.address(folder / "web"), folder_fetch(folder / "web")


@pytest.mark.slow
@pytest.mark.parametrize(
    "place", [bucket, pytest.param(ssh, marks=needs_ssh)], ids=["bucket", "ssh"]
)
def test_a_private_briefing_is_under_its_key_until_that_is_replaced(
    place: type, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    audio = tmp_path / "audio"
    private = audio / ".private" / "sport.0123456789abcdef"
    news = Config(output=Output(name="news", folder=str(audio)), feed=Feed(BASE))
    sport = Config(
        output=Output(name="sport", folder=str(audio)),
        feed=Feed(BASE, private=True),
        private_folder=private,
    )
    for day in DAYS:
        for config, shelf in ((news, audio), (sport, private)):
            articles = [(f"خبر {config.output.name}", [f"نص {day}."], None)]
            shelve(shelf, config, date=day, articles=articles)

    def send() -> Delivery:
        return deliver(Shelf(audio), open_target(target, tmp_path, audio), grace_h=24)

    with place(tmp_path, monkeypatch) as (target, fetch):
        send()
        old = key_of(private)
        assert whole(fetch, old)
        assert missing(fetch) == []
        assert fetch("sport.mp3") is None
        assert send().sent == []
        with building(private, "sport", 0):
            replace_key(private)
            publication.recover(Shelf(private), sport)
        new = key_of(private)
        delivery = send()
        assert all(item.address.startswith(f"{new}/") for item in delivery.sent)
        assert whole(fetch, new)
        assert {address.split("/")[0] for address in delivery.removed} == {old}
        for address in delivery.removed:
            assert fetch(address) is None
        assert missing(fetch) == []
        assert send().sent == []


def whole(fetch: Fetch, key: str) -> bool:
    """Return whether a private feed and all that it names are there."""
    feed = (fetch(f"{key}/feed.xml") or b"").decode()
    urls = [part.split('"')[0] for part in feed.split(f'url="{BASE}')[1:]]
    assert len(urls) == 6  # sound, transcript and chapters of two days
    return all(url.startswith(f"{key}/") and fetch(url) for url in urls)
