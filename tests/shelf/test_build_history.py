"""What is left on disk, read back; damage and a missing file count as nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from briefing.errors import ShelfError
from briefing.schedule.memory import Memory, read_memory, remember
from briefing.shelf.build_history import (
    TRIGGER_VARIABLE,
    BuildRecord,
    Builds,
    read_builds,
    record_build,
)

START = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


def build(exit_code: int, hours: int = 0) -> BuildRecord:
    started = START + timedelta(hours=hours)
    return BuildRecord(
        started, started + timedelta(seconds=2), exit_code, "خبر.txt: skipped", "2026-11-24",
        True, 3, 4, "espeak", "nightly", 123,
    )  # fmt: skip


def test_a_build_is_read_back_as_it_was_recorded(tmp_path: Path) -> None:
    record_build(tmp_path, "news", build(3))
    assert read_builds(tmp_path, "news") == Builds(build(3), build(3))


def test_a_failure_leaves_the_last_good_build_known(tmp_path: Path) -> None:
    record_build(tmp_path, "news", build(0))
    record_build(tmp_path, "news", build(1, hours=1))
    record_build(tmp_path, "news", build(2, hours=2))
    assert read_builds(tmp_path, "news") == Builds(build(2, hours=2), build(0))


def test_a_build_learns_from_its_environment_why_it_was_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(TRIGGER_VARIABLE, "retry")
    record_build(tmp_path, "news", BuildRecord(START, START, 0))
    last = read_builds(tmp_path, "news").last
    assert last is not None
    assert last.trigger == "retry"


def test_what_the_service_remembers_is_read_back(tmp_path: Path) -> None:
    memory = Memory(START, "abc", 2, START + timedelta(minutes=1))
    remember(tmp_path, "news", memory)
    assert read_memory(tmp_path, "news") == memory


@pytest.mark.parametrize(
    "damage",
    [b"", b"{", b"[]", b"\xff\xfe", b'{"version": 2}', b'{"version": 1, "last": {"started": 5}}',
     b'{"version":1,"last":{"started":"x","ended":"y","exit_code":0},"last_good":7}'],
)  # fmt: skip
def test_a_damaged_file_counts_as_none(damage: bytes, tmp_path: Path) -> None:
    (tmp_path / "news.json").write_bytes(damage)
    assert read_builds(tmp_path, "news") == Builds()


def test_wrong_values_of_a_hand_edited_file_are_left_out(tmp_path: Path) -> None:
    record_build(tmp_path, "news", build(0))
    path = tmp_path / "news.json"
    path.write_text(path.read_text("utf-8").replace('"reused": 3', '"reused": "many"'), "utf-8")
    last = read_builds(tmp_path, "news").last
    assert last is not None
    assert (last.reused, last.spoken) == (0, 4)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ShelfError, match="cannot be written"):
        record_build(tmp_path / "file", "news", build(0))


def test_nothing_but_the_file_is_left_in_the_folder(tmp_path: Path) -> None:
    for code in (0, 1):
        record_build(tmp_path, "news", build(code))
    assert [path.name for path in tmp_path.iterdir()] == ["news.json"]
