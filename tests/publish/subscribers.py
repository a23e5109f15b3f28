"""Two podcast programs by others, as subscribers: each in a home of its own, asked over loopback.

What they have understood is read from their own databases.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path


def _run(home: Path, *command: str) -> str:
    environment = {name: text for name, text in os.environ.items() if "proxy" not in name.lower()}
    done = subprocess.run(
        command,
        env={**environment, "HOME": str(home), "GPODDER_HOME": str(home), "LC_ALL": "C.UTF-8"},
        cwd=home,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _read(database: Path, query: str) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(query).fetchall()


def _grouped(rows: list[tuple[str, str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for feed, guid in rows:
        found.setdefault(feed, set()).add(guid)
    return found


class Gpodder:
    """gpodder, by its command line."""

    program = "gpo"

    def __init__(self, home: Path) -> None:
        home.mkdir()
        self._home = home

    def subscribe(self, feeds: Sequence[str]) -> None:
        for feed in feeds:
            _run(self._home, "gpo", "subscribe", feed)

    def update(self) -> None:
        _run(self._home, "gpo", "update")

    def episodes(self) -> dict[str, set[str]]:
        """For each feed the guids of its episodes."""
        query = "SELECT p.url, e.guid FROM episode e JOIN podcast p ON p.id = e.podcast_id"
        return _grouped(_read(self._home / "Database", query))

    def downloads(self, feed: str) -> int:
        """Download a feed's episodes, and return how many came whole."""
        _run(self._home, "gpo", "download", feed)
        return len(list((self._home / "Downloads").rglob("*.mp3")))


class Newsboat:
    """newsboat, by its command line."""

    program = "newsboat"

    def __init__(self, home: Path) -> None:
        home.mkdir()
        self._home = home
        self._feeds: list[str] = []

    def subscribe(self, feeds: Sequence[str]) -> None:
        self._feeds += feeds
        (self._home / "urls").write_text("\n".join(self._feeds) + "\n")

    def update(self) -> None:
        _run(self._home, *self._command(), "-x", "reload")

    def _command(self) -> list[str]:
        return ["newsboat", "-u", f"{self._home}/urls", "-c", f"{self._home}/cache"]

    def episodes(self) -> dict[str, set[str]]:
        """For each feed the guids of its episodes."""
        return _grouped(_read(self._home / "cache", "SELECT feedurl, guid FROM rss_item"))

    def downloads(self, feed: str) -> int:
        """Return how many enclosures it would download."""
        query = f"SELECT feedurl, enclosure_url FROM rss_item WHERE feedurl = '{feed}'"
        return sum(1 for _, address in _read(self._home / "cache", query) if address)
