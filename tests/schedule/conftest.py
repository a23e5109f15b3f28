"""A folder with a service in it: the real service process, its build the stand-in's or the real."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
STAND_IN = [sys.executable, str(Path(__file__).parent / "builder.py")]
_START = """
import sys
from pathlib import Path
from briefing import cli
from briefing.preconditions import examine
from briefing.schedule import service
sys.exit(service.run(Path(sys.argv[1]), command=sys.argv[2:], examine=examine))
"""


class Site:
    """A configuration, its articles, and a service that may be started on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seeds = folder / "seeds"
        self.seeds.mkdir()
        self.config = folder / "config.toml"
        self.configure()
        self.said = ""
        self.process: subprocess.Popen[str] | None = None

    def configure(self, top: str = "", schedule: str = "") -> None:
        self.config.write_text(
            f'{top}\n[cache]\nfolder = "cache"\n[schedule]\nsettle_s = 0.4\n{schedule}\n', "utf-8"
        )

    def write(self, name: str, text: str = "خبر.") -> Path:
        path = self.seeds / name
        path.write_text(text, "utf-8")
        return path

    def order(self, **what: Any) -> None:
        (self.folder / "orders.json").write_text(json.dumps(what))

    def start(self, *, real: bool = False, watching: bool = True) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", _START, str(self.config), *STAND_IN]
        if real:
            command = [sys.executable, "-m", "briefing", "schedule", "--config", str(self.config)]
        process = self.process = subprocess.Popen(
            command,
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            encoding="utf-8",
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            start_new_session=True,
        )
        self.said = ""

        def listen() -> None:
            assert process.stderr
            with process.stderr as lines:
                for line in lines:
                    self.said += line

        threading.Thread(target=listen, daemon=True).start()
        if watching:
            self.wait(lambda: "watching" in self.said)
        return process

    def wait(self, condition: Callable[[], object], seconds: float = 90) -> None:
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, f"waited {seconds} s; the service said:\n{self.said}"
            time.sleep(0.05)

    @property
    def builds(self) -> list[dict[str, Any]]:
        path = self.folder / "builds.jsonl"
        lines = path.read_text().splitlines() if path.exists() else []
        return [json.loads(line) for line in lines]

    @property
    def events(self) -> list[dict[str, Any]]:
        path = self.folder / "audio" / ".state" / "schedule.log"
        lines = path.read_text("utf-8").splitlines() if path.exists() else []
        return [json.loads(line) for line in lines]

    def wait_builds(self, number: int, *, no_more: bool = False) -> None:
        """Wait for a number of builds to end; with no_more, see that no other follows."""

        def ended() -> list[dict[str, Any]]:
            return [event for event in self.events if event["event"] == "build ended"]

        self.wait(lambda: len(ended()) >= number)
        if no_more:
            time.sleep(1.0)
        assert len(ended()) == number == len(self.builds)

    def stop(self, number: int = signal.SIGTERM) -> int:
        assert self.process
        self.process.send_signal(number)
        return self.process.wait(90)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path)
    made.write("a.txt")
    yield made
    if made.process:
        made.process.kill()
        made.process.wait()
