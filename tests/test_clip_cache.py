"""The clip cache keeps what was used, and gives back only what was put under the key."""

from __future__ import annotations

import errno
import os
import time
import tracemalloc
from pathlib import Path

import pytest

from briefing.clip_cache import FolderStore, entry_of, key_of, value_of
from tests.conftest import Project

LARGE = bytes(1_100_000)


def entry(store: FolderStore, key: str) -> Path:
    (path,) = store.folder.rglob(key)
    return path


def test_an_entry_put_in_the_place_of_another_counts_as_missing(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "cache")
    right, wrong = key_of("clip", 1), key_of("clip", 2)
    store.put(right, b"one")
    store.put(wrong, b"two")
    entry(store, right).write_bytes(entry(store, wrong).read_bytes())
    assert store.get(right) is None
    assert store.get(wrong) == b"two"


def test_what_was_used_since_then_stays_however_full_the_cache_is(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "cache")
    old, used = key_of("clip", "old"), key_of("clip", "used")
    for key in (old, used):
        store.put(key, b"sound")
    os.utime(entry(store, old), (0, 0))
    assert store.trim(0, used_since=time.time()) == 1
    assert (store.get(old), store.get(used)) == (None, b"sound")


def test_a_build_drops_none_of_its_own_clips_from_a_full_cache(project: Project) -> None:
    project.configure("[cache]\nmax_mb = 1\n")
    store = FolderStore(project.folder / "cache" / "briefing")
    store.put(key_of("clip", "large"), LARGE)
    # of another briefing that is being built: used later than the clips of this one
    os.utime(entry(store, key_of("clip", "large")), (time.time() + 60,) * 2)
    assert project.run("build").returncode == 0
    project.configure("[cache]\nmax_mb = 1\n[pauses]\nparagraph_s = 1\n")
    assert "clips spoken: 0," in project.run("build").stderr


def together(count: int) -> dict[str, bytes]:
    """Entries that are put together."""
    return {
        key: entry_of(key, f"value {number}".encode() * 100)
        for number, key in enumerate(key_of("clip", [number]) for number in range(count))
    }


@pytest.mark.parametrize("count", [1, 2, 250])
def test_entries_put_together_are_read_one_by_one(tmp_path: Path, count: int) -> None:
    entries = together(count)
    FolderStore(tmp_path / "cache").put_entries(entries)
    store = FolderStore(tmp_path / "cache")
    assert all(map(store.has, entries))
    for key, content in entries.items():
        assert store.get(key) == value_of(key, content)
    assert not list(store.folder.rglob(".new-*"))


def test_what_entries_are_read_as_is_handed_over_once(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "cache")
    entries = together(3)
    objects = {key: object() for key in entries}
    store.put_entries(entries, soon=objects)
    assert store.holds_objects
    assert [store.take(key) for key in entries] == list(objects.values())
    assert not store.holds_objects
    assert [store.take(key) for key in entries] == [None] * 3
    assert all(store.get(key) == value_of(key, content) for key, content in entries.items())


def test_entries_that_were_just_stored_are_not_stored_again_unless_they_are_damaged(
    tmp_path: Path,
) -> None:
    store = FolderStore(tmp_path / "cache")
    entries = together(5)
    first, second, *_ = entries
    store.put_entries(entries)
    file = entry(store, first).stat().st_ino
    store.put_entries({first: entries[first], second: entries[second]})
    assert entry(store, first).stat().st_ino == file
    path = entry(store, first)
    path.write_bytes(path.read_bytes()[:-1].replace(entries[first], bytes(len(entries[first]))))
    assert store.get(first) is None
    store.put_entries(entries)
    assert store.get(first) == value_of(first, entries[first])
    store.clear()
    store.put_entries(entries)
    assert all(map(store.has, entries))


def test_values_that_nobody_reads_do_not_fill_the_memory(tmp_path: Path) -> None:
    tracemalloc.start()
    try:
        store = FolderStore(tmp_path / "cache")
        for number in range(100):
            key = key_of("clip", number)
            entry = entry_of(key, LARGE)
            store.put_entries({key: entry}, soon={key: value_of(key, entry)})
        used, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert used < 40 * len(LARGE)
    assert all(store.get(key_of("clip", number)) == LARGE for number in (0, 99))


def test_entries_put_together_count_once_and_are_removed_one_by_one(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "cache")
    entries = together(40)
    store.put_entries(entries)
    used = store.usage()
    assert used.entries == 40
    size = sum(map(len, entries.values()))
    assert size < used.bytes < 1.2 * size + 5000
    other = FolderStore(store.folder)
    gone, *kept = entries
    entry(store, gone).unlink()
    assert not other.has(gone)
    assert all(other.get(key) is not None for key in kept)
    assert other.clear().entries == 39
    assert other.usage().bytes == 0


def test_a_damaged_entry_among_several_counts_as_missing_and_the_others_stay(
    tmp_path: Path,
) -> None:
    entries = together(5)
    first, *rest = entries
    FolderStore(tmp_path / "cache").put_entries(entries)
    store = FolderStore(tmp_path / "cache")
    path = entry(store, first)
    content = bytearray(path.read_bytes())
    content[content.index(entries[first]) + 30] ^= 1
    path.write_bytes(content)
    assert store.get(first) is None
    assert all(store.get(key) is not None for key in rest)
    FolderStore(store.folder).put_entries(entries)
    assert all(store.get(key) == value_of(key, content) for key, content in entries.items())
    assert not list(store.folder.rglob(".new-*"))
    store.put(first, b"again")
    assert store.get(first) == b"again"


@pytest.mark.parametrize(
    "content",
    [
        b"BRFP",
        b"BRFP\xff\xff\xff\xff",
        b"BRFP\x01\x00\x00\x00" + bytes(40),
        b"BRFP\x01\x00\x00\x00" + bytes.fromhex(key_of("clip", 1)) + b"\xff" * 8,
        b"BRFP\x01\x00\x00\x00" + bytes.fromhex(key_of("clip", 1)) + bytes(8),
    ],
    ids=["head", "count", "key", "place", "empty"],
)
def test_a_file_of_several_entries_that_is_none_counts_as_missing(
    tmp_path: Path, content: bytes
) -> None:
    store = FolderStore(tmp_path / "cache")
    key = key_of("clip", 1)
    store.put(key, b"sound")
    entry(store, key).write_bytes(content)
    assert store.get(key) is None


def test_without_links_each_entry_is_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    entries = together(4)
    FolderStore(tmp_path / "cache").put_entries(entries)
    store = FolderStore(tmp_path / "cache")
    assert [store.get(key) for key in entries] == [
        value_of(key, content) for key, content in entries.items()
    ]
    assert store.usage().bytes == sum(map(len, entries.values()))
