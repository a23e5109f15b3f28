"""The clip cache keeps what was used, and gives back only what was put under the key."""

from __future__ import annotations

import os
import time
from pathlib import Path

from briefing.clip_cache import FolderStore, key_of
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
