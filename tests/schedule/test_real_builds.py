"""The service with real builds: what a listener finds on the shelf afterwards."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from tests.schedule.conftest import Site

pytestmark = [
    pytest.mark.skipif(os.name == "nt", reason="signals as POSIX has them"),
    pytest.mark.slow,  # each waits for builds
]


def sidecar(site: Site) -> dict[str, Any] | None:
    path = site.folder / "audio" / "briefing.json"
    return json.loads(path.read_text("utf-8")) if path.exists() else None


def spoken(site: Site) -> str:
    return json.dumps(sidecar(site), ensure_ascii=False)


def built(site: Site) -> int:
    return sum(event["event"] == "build ended" for event in site.events)


@pytest.mark.slow
def test_an_edited_article_is_in_a_new_edition_and_twenty_files_make_one(site: Site) -> None:
    site.write("a.txt", "عنوان\n\nوصل الوزير إلى القاهرة.\n")
    site.start(real=True)
    site.wait(lambda: built(site) == 1)
    assert "القاهرة" in spoken(site)
    site.write("a.txt", "عنوان\n\nوصل الوزير إلى بيروت.\n")
    site.wait(lambda: built(site) == 2)
    assert "بيروت" in spoken(site)
    for number in range(20):
        site.write(f"b{number:02}.txt", f"خبر\n\nوصل الخبر رقم {number}.\n")
        time.sleep(0.05)
    site.wait(lambda: built(site) == 3)
    document = sidecar(site)
    assert document is not None
    assert len(document["chapters"]) == 21
    time.sleep(1.5)
    assert built(site) == 3
    assert site.stop(signal.SIGTERM) == 0


def test_killed_in_a_real_build_it_leaves_no_process_and_the_next_start_builds(site: Site) -> None:
    site.write("a.txt", "عنوان\n\n" + "وصل الوزير إلى القاهرة صباح اليوم.\n\n" * 300)
    process = site.start(real=True, watching=False)
    site.wait(lambda: "build started" in [event["event"] for event in site.events])
    time.sleep(1)
    process.kill()
    process.wait()

    def left() -> list[str]:
        found = []
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                line = path.read_bytes()
            except OSError:
                continue
            if os.fsencode(site.config) in line:
                found.append(path.parent.name)
        return found

    site.wait(lambda: not left())
    site.start(real=True)
    site.wait(lambda: sidecar(site))
    assert site.stop(signal.SIGINT) == 0
