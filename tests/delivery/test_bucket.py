"""The shelf in a bucket: headers, budgets of requests and bytes, and a store that fails."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import Message
from pathlib import Path

import pytest

from briefing.buckets import Patience
from briefing.delivery.contents import contents
from briefing.delivery.delivery import Delivery, deliver
from briefing.delivery.targets.choice import open_target
from briefing.delivery.targets.target import DeliveryError
from briefing.errors import UsageError
from briefing.shelf.shelf import Shelf
from tests.delivery.servers import SIGNED, Bucket, bucket_server
from tests.delivery.shelves import Fetch, build, missing, two_days

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)


@pytest.fixture(scope="module")
def store() -> Iterator[Bucket]:
    with bucket_server() as bucket:
        yield bucket


@pytest.fixture
def prefix(store: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A prefix of the bucket of its own, and the environment that leads to the store."""
    for name, value in store.environment().items():
        monkeypatch.setenv(name, value)
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    yield tmp_path.name
    store.fault, store.before = "", None


@pytest.fixture
def audio(tmp_path: Path) -> Path:
    folder = tmp_path / "audio"
    two_days(folder)
    return folder


def send(audio: Path, prefix: str, hours: float = 0) -> Delivery:
    target = open_target(f"s3://shelf/{prefix}", audio.parent, audio)
    return deliver(Shelf(audio), target, grace_h=24, now=NOW + timedelta(hours=hours))


def fetcher(store: Bucket, prefix: str) -> Fetch:
    def fetch(address: str) -> bytes | None:
        try:
            return get(store, prefix, address)[0]
        except urllib.error.HTTPError:
            return None

    return fetch


def get(store: Bucket, prefix: str, address: str) -> tuple[bytes, Message]:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    url = f"{store.url}/shelf/{prefix}/{address}"
    with opener.open(urllib.request.Request(url, headers=SIGNED)) as answer:
        return answer.read(), answer.headers


def test_all_is_there_with_the_headers_that_listeners_need(
    audio: Path, store: Bucket, prefix: str
) -> None:
    send(audio, prefix)
    fetch = fetcher(store, prefix)
    for address, item in contents(Shelf(audio)).items():
        assert fetch(address) == item.path.read_bytes(), address
    assert missing(fetch) == []
    dated = next(address for address in contents(Shelf(audio)) if "news-2026-11-21-" in address)
    expected = {
        "news.mp3": ("audio/mpeg", "must-revalidate"),
        "news.vtt": ("text/vtt; charset=utf-8", "must-revalidate"),
        "news.chapters.json": ("application/json+chapters", "must-revalidate"),
        "feed.xml": ("application/rss+xml; charset=utf-8", "must-revalidate"),
        "index.html": ("text/html; charset=utf-8", "must-revalidate"),
        f"{dated.split('.')[0]}.vtt": ("text/vtt; charset=utf-8", "immutable"),
    }
    for address, (kind, cached) in expected.items():
        headers = get(store, prefix, address)[1]
        assert headers["Content-Type"] == kind
        assert cached in headers["Cache-Control"], address


def test_requests_and_bytes_of_a_first_an_unchanged_and_a_changed_run(
    audio: Path, store: Bucket, prefix: str
) -> None:
    store.requests.clear()
    first = send(audio, prefix)
    # the list, the mark, the list again (another machine?), a request a file
    copies = sum(bool(item.same_as) and item.address.endswith("mp3") for item in first.sent)
    assert store.methods() == {"GET": 2, "PUT": len(first.sent) + 1}
    assert copies == 2

    store.requests.clear()
    send(audio, prefix)
    assert store.methods() == {"GET": 1}
    assert sum(size for _, _, size in store.requests) == 0

    build(audio, "news", 22, "غيّر")
    store.requests.clear()
    changed = send(audio, prefix)
    assert store.methods() == {"GET": 1, "PUT": len(changed.sent)}
    sounds = [size for _, path, size in store.requests if path.endswith(".mp3") and size]
    assert len(sounds) == 1, "the dated sound is sent, its lasting name is a copy in the bucket"
    assert sounds[0] == Path(audio / "news.mp3").stat().st_size


def test_an_old_edition_is_removed_after_the_time_of_grace(
    audio: Path, store: Bucket, prefix: str
) -> None:
    send(audio, prefix)
    build(audio, "news", 23, "يوم آخر")
    assert send(audio, prefix, hours=1).removed == []
    removed = send(audio, prefix, hours=26).removed
    assert any("news-2026-11-21" in address for address in removed)
    fetch = fetcher(store, prefix)
    assert [address for address in removed if fetch(address) is not None] == []
    assert missing(fetch) == []


def test_a_run_without_its_record_sends_nothing_that_is_there(
    audio: Path, store: Bucket, prefix: str
) -> None:
    send(audio, prefix)
    for path in (audio / ".state" / "delivery").glob("target-*.json"):
        path.unlink()
    store.requests.clear()
    assert send(audio, prefix).sent == []
    assert store.methods() == {"GET": 1}


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ("403", "the credentials do not allow this"),
        ("503", "s3://shelf/.*: the server answers 503"),
    ],
)
def test_a_store_that_refuses_is_told_in_one_line_without_the_key(
    audio: Path,
    store: Bucket,
    prefix: str,
    fault: str,
    message: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("briefing.delivery.targets.bucket._PATIENCE", Patience(1, 60, 300))
    store.fault = fault
    with pytest.raises(DeliveryError, match=message) as raised:
        send(audio, prefix)
    assert "\n" not in str(raised.value)
    assert "secret" not in str(raised.value)
    store.fault = ""
    send(audio, prefix)
    assert missing(fetcher(store, prefix)) == []


def test_a_store_that_is_down_or_has_no_such_bucket_is_told(
    audio: Path, store: Bucket, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = open_target("s3://nobody/x", audio.parent, audio)
    with pytest.raises(DeliveryError, match="there is no such bucket; create it"):
        deliver(Shelf(audio), target, grace_h=24)
    monkeypatch.setattr("briefing.delivery.targets.bucket._PATIENCE", Patience(1, 60, 300))
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    with pytest.raises(DeliveryError, match=r"s3://shelf/.*: the connection is refused; see"):
        send(audio, prefix)


def test_http_is_spoken_with_this_machine_only(
    audio: Path, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("briefing.delivery.targets.bucket._PATIENCE", Patience(0, 60, 300))
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://192.0.2.1:1")
    with pytest.raises(DeliveryError, match=r"(?i)scheme|http"):
        send(audio, prefix)


@pytest.mark.parametrize("address", ["s3://key:secret@shelf/x", "s3://shelf/x?versions", "s3:///x"])
def test_an_address_with_a_key_or_a_question_is_refused(address: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="write s3://bucket/prefix") as raised:
        open_target(address, tmp_path, tmp_path / "audio")
    assert "secret" not in str(raised.value)


def test_another_shelf_at_the_same_prefix_is_told(
    audio: Path, store: Bucket, prefix: str, tmp_path: Path
) -> None:
    send(audio, prefix)
    two_days(tmp_path / "other")
    store.requests.clear()
    with pytest.raises(DeliveryError, match=f"filled by another shelf .{audio} on "):
        send(tmp_path / "other", prefix)
    assert "PUT" not in store.methods()
    assert json.loads(get(store, prefix, "shelf.json")[0])
