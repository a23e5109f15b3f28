"""When an edition counts as published, as a user builds it in one time zone and again in another."""

from __future__ import annotations

import json
import re

import pytest

from tests.conftest import Project

QUICK = """opening.line = ""
sound.opening = ""
sound.closing = ""
feed.base_url = "https://example.org/audio/"
feed.hour = "05:15"
"""


def built_in(project: Project, zone: str, *arguments: str) -> str:
    """Build in a time zone; return when the edition of the day counts as published."""
    done = project.run("build", "--date", "2026-11-24", *arguments, environment={"TZ": zone})
    assert done.returncode == 0, done.stderr
    feed = (project.audio / "feed.xml").read_text("utf-8")
    return re.findall("<pubDate>(.*?)</pubDate>", feed)[-1]


@pytest.mark.slow
def test_a_rebuild_elsewhere_gives_the_same_feed(project: Project) -> None:
    project.configure(QUICK)
    assert built_in(project, "America/New_York") == "Tue, 24 Nov 2026 05:15:00 -0500"
    sidecar = json.loads((project.audio / "briefing.json").read_text("utf-8"))
    assert sidecar["build"]["utc_offset"] == "-05:00"
    feed = (project.audio / "feed.xml").read_bytes()
    assert built_in(project, "Asia/Tokyo", "--force") == "Tue, 24 Nov 2026 05:15:00 -0500"
    assert (project.audio / "feed.xml").read_bytes() == feed
    # a clock that the configuration names is the same on each machine
    project.configure(QUICK + 'schedule.timezone = "Africa/Cairo"\n')
    assert built_in(project, "Asia/Tokyo") == "Tue, 24 Nov 2026 05:15:00 +0200"


def test_a_wrong_hour_is_named_with_its_line(project: Project) -> None:
    project.configure(QUICK.replace("05:15", "25:00"))
    done = project.run("check")
    assert done.returncode == 2
    assert "config.toml:5" in done.stderr
    assert "feed.hour" in done.stderr
    assert "06:30" in done.stderr
