"""Two podcast programs by others, as subscribers: each in a home of its own, asked over loopback.

What they have understood is read from their own databases.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path


def _environment(home: Path) -> dict[str, str]:
    kept = {name: text for name, text in os.environ.items() if "proxy" not in name.lower()}
    return {**kept, "HOME": str(home), "GPODDER_HOME": str(home), "LC_ALL": "C.UTF-8"}


def _run(home: Path, *command: str) -> str:
    done = subprocess.run(
        command,
        env=_environment(home),
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
        """Download a feed's episodes with podboat, newsboat's downloader; return how many came."""
        query = f"SELECT feedurl, enclosure_url FROM rss_item WHERE feedurl = '{feed}'"
        addresses = [address for _, address in _read(self._home / "cache", query) if address]
        folder = self._home / "downloads"
        folder.mkdir(exist_ok=True)
        rows = [f'{address} "{folder}/{Path(address).name}"\n' for address in addresses]
        (self._home / "queue").write_text("".join(rows), "utf-8")
        (self._home / "config").write_text(f'download-path "{folder}"\n', "utf-8")
        with _terminal(
            self._home,
            *("podboat", "-a", "-C", f"{self._home}/config", "-q", f"{self._home}/queue"),
        ):
            _wait_for(lambda: len(list(folder.glob("*.mp3"))) == len(addresses))
        return len(addresses)


@contextmanager
def _terminal(home: Path, *command: str) -> Iterator[None]:
    """Run a program that wants a terminal; it is ended at the end."""
    terminal, its_end = os.openpty()
    process = subprocess.Popen(
        command,
        stdin=its_end,
        stdout=its_end,
        stderr=its_end,
        env=_environment(home) | {"TERM": "xterm"},
        cwd=home,
        start_new_session=True,
    )
    os.close(its_end)
    drain = threading.Thread(target=_drain, args=(terminal,), daemon=True)
    drain.start()
    try:
        yield
    finally:
        process.kill()
        process.wait()
        drain.join(timeout=60)
        os.close(terminal)


def _drain(terminal: int) -> None:
    with suppress(OSError):  # its other end was closed
        while os.read(terminal, 4096):
            pass


def _wait_for(condition: Callable[[], bool], timeout_s: float = 120) -> None:
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "nothing was downloaded"
        time.sleep(0.1)
