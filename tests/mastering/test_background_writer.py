"""What is written beside the work arrives whole, in order, or is told."""

from __future__ import annotations

import os
import random
import threading
from pathlib import Path

import pytest

from briefing.mastering import background_writer
from briefing.mastering.background_writer import BackgroundWriter


@pytest.mark.parametrize("with_pwritev", [True, False])
def test_pieces_arrive_in_order_behind_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, with_pwritev: bool
) -> None:
    if not with_pwritev:
        monkeypatch.delattr(os, "pwritev", raising=False)
    chance = random.Random(5)
    sizes = [0, 1, 3_000_000, *(chance.randrange(200_000) for _ in range(100)), *[1] * 3000]
    pieces = [chance.randbytes(size) for size in sizes]
    with (tmp_path / "file").open("w+b") as file:
        writer = BackgroundWriter(file, 1234)
        for number, piece in enumerate(pieces):
            writer.write(memoryview(piece) if number % 2 else piece)
        writer.flush()
        file.seek(0)
        assert file.read() == bytes(1234) + b"".join(pieces)


def test_a_system_that_writes_a_part_is_asked_for_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = os.pwritev

    def some(handle: int, pieces: list[memoryview], at: int) -> int:
        return written(handle, [b"".join(pieces)[:7]], at)

    monkeypatch.setattr(background_writer.os, "pwritev", some)
    with (tmp_path / "file").open("w+b") as file:
        writer = BackgroundWriter(file, 0)
        for word in (b"one", b"", b"two and three", b"four"):
            writer.write(word)
        writer.flush()
        file.seek(0)
        assert file.read() == b"onetwo and threefour"


def test_what_the_disk_refuses_is_raised(tmp_path: Path) -> None:
    with Path("/dev/full").open("r+b", buffering=0) as file:
        writer = BackgroundWriter(file, 0)  # type: ignore[arg-type]
        writer.write(bytes(3 << 20))
        with pytest.raises(OSError, match="No space left"):
            writer.write(bytes(3 << 20))
        writer.write(b"more")
        with pytest.raises(OSError, match="No space left"):
            writer.flush()
        writer.close()


def test_no_thread_is_left_and_few_pieces_need_none(tmp_path: Path) -> None:
    with (tmp_path / "file").open("w+b") as file:
        writer = BackgroundWriter(file, 0)
        writer.write(b"few")
        writer.flush()
        before = threading.active_count()
        for _ in range(5):
            writer.write(bytes(1 << 20))
        assert threading.active_count() == before + 1
        writer.flush()
        assert threading.active_count() == before
