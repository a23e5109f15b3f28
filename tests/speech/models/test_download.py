"""A download ends with the whole file that it should be, or with a message and nothing installed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from briefing.errors import BriefingError, ShelfError, VoiceError
from briefing.speech.models.download import Downloaded, Limits, download, require_space
from tests.speech.models.mirror import Mirror

CONTENT = bytes(range(256)) * 1250
"""320 kB: five blocks."""
SHA256 = hashlib.sha256(CONTENT).hexdigest()
LIMITS = Limits(stall_s=0.3, tries=3, first_wait_s=0.01)
ROWS = [
    line.split("\t")
    for line in Path(__file__).with_name("download_faults.tsv").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.fixture
def mirror() -> Iterator[Mirror]:
    with Mirror({"model.onnx": CONTENT}) as made:
        yield made


def fetch(mirror: Mirror, folder: Path, sha256: str = SHA256) -> Downloaded:
    return download(f"{mirror.url}model.onnx", folder / "model.onnx", sha256=sha256, limits=LIMITS)


@pytest.mark.parametrize(
    ("fault", "script", "result", "requests"), ROWS, ids=[row[0] for row in ROWS]
)
def test_whatever_goes_wrong_the_file_is_whole_or_absent(
    mirror: Mirror, tmp_path: Path, fault: str, script: str, result: str, requests: str
) -> None:
    mirror.script.extend(script.split("|"))
    if result == "whole":
        assert fetch(mirror, tmp_path).sha256 == SHA256
        assert (tmp_path / "model.onnx").read_bytes() == CONTENT
        assert [path.name for path in tmp_path.iterdir()] == ["model.onnx"]
    else:
        with pytest.raises(BriefingError) as told:
            fetch(mirror, tmp_path)
        assert result in str(told.value)
        assert not (tmp_path / "model.onnx").exists()
    if int(requests):
        assert len(mirror.paths) == int(requests)


def test_a_later_command_goes_on_where_the_first_stopped(mirror: Mirror, tmp_path: Path) -> None:
    mirror.script.extend(["cut 100000", "status 503", "status 503", "status 503"])
    with pytest.raises(VoiceError, match=r"0\.1 MB have come; run the command again later"):
        fetch(mirror, tmp_path)
    fetch(mirror, tmp_path)
    assert mirror.ranges[-1] == "bytes=65536-"


def test_what_came_of_a_file_that_has_changed_is_dropped(mirror: Mirror, tmp_path: Path) -> None:
    mirror.script.extend(["cut 100000", "status 404"])
    with pytest.raises(VoiceError):
        fetch(mirror, tmp_path)
    changed = CONTENT[::-1]
    mirror.files["model.onnx"] = changed
    assert fetch(mirror, tmp_path, hashlib.sha256(changed).hexdigest())
    assert (tmp_path / "model.onnx").read_bytes() == changed


def test_all_that_came_before_a_crash_is_not_fetched_again(mirror: Mirror, tmp_path: Path) -> None:
    part = tmp_path / "model.onnx.part"
    part.write_bytes(CONTENT)
    facts = {"url": f"{mirror.url}model.onnx", "tag": mirror.tag(CONTENT)}
    (tmp_path / "model.onnx.part.json").write_text(json.dumps(facts))
    assert fetch(mirror, tmp_path).sha256 == SHA256
    assert mirror.ranges == [f"bytes={len(CONTENT)}-"]


def test_too_much_from_before_is_fetched_anew(mirror: Mirror, tmp_path: Path) -> None:
    (tmp_path / "model.onnx.part").write_bytes(CONTENT * 2)
    facts = {"url": f"{mirror.url}model.onnx", "tag": mirror.tag(CONTENT)}
    (tmp_path / "model.onnx.part.json").write_text(json.dumps(facts))
    assert fetch(mirror, tmp_path).sha256 == SHA256


def test_without_a_digest_the_servers_own_is_compared_and_reported(tmp_path: Path) -> None:
    with Mirror({"model.onnx": CONTENT}, declares=True) as mirror:
        assert fetch(mirror, tmp_path, sha256="") == Downloaded(SHA256, SHA256)
        mirror.script.append("garbled")
        with pytest.raises(VoiceError, match=f"not {SHA256}"):
            fetch(mirror, tmp_path / "other", sha256="")


def test_the_proxy_of_the_environment_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Mirror({"model.onnx": CONTENT}) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.delenv("NO_PROXY", raising=False)
        download("http://voices.example/model.onnx", tmp_path / "m.onnx", sha256=SHA256)
        assert proxy.paths == ["http://voices.example/model.onnx"]


def test_a_closed_port_is_reported_as_unreachable(tmp_path: Path) -> None:
    with pytest.raises(VoiceError, match="cannot be reached; run the command again"):
        download("http://127.0.0.1:9/m.onnx", tmp_path / "m.onnx", sha256="", limits=LIMITS)


def test_room_on_the_disk_is_looked_at_first(tmp_path: Path) -> None:
    with pytest.raises(ShelfError, match=r"MB are needed and .* are free; make room"):
        require_space(tmp_path / "not there yet", 1 << 60)


def test_a_folder_that_cannot_be_written_is_named(mirror: Mirror, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ShelfError, match="cannot be written"):
        fetch(mirror, tmp_path / "file")
