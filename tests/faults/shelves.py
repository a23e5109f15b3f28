"""What must hold of a shelf after any fault, and of the machine after any build."""

from __future__ import annotations

import hashlib
import json
import os
import time
from pathlib import Path

from tests.publish import shelves


def published(shelf: Path) -> dict[str, str] | None:
    """Give the digests of the published files, each checked against the sidecar; None before the
    first edition. Fails where they do not belong together."""
    sidecar = shelf / "briefing.json"
    if not sidecar.exists():
        assert not (shelf / "briefing.mp3").exists(), "an MP3 without its sidecar"
        return None
    data = sidecar.read_bytes()
    digests = {"briefing.json": hashlib.sha256(data).hexdigest()}
    for output in json.loads(data)["outputs"]:
        content = (shelf / output["path"]).read_bytes()
        assert len(content) == output["bytes"], output["path"]
        assert hashlib.sha256(content).hexdigest() == output["sha256"], output["path"]
        digests[output["path"]] = output["sha256"]
    return digests


def litter(shelf: Path) -> list[str]:
    """Return what a finished build should not leave: half editions, trial and dangling links."""
    current = (shelf / ".current.briefing").resolve()
    found = [path.name for path in current.iterdir() if path.name.startswith((".body", ".rows"))]
    return found + shelves.litter(shelf, strangers=True)


def processes_in(folder: Path, *, wait_s: float = 30.0) -> list[int]:
    """List the processes that still work in a folder, after giving them a while to end."""
    deadline = time.monotonic() + wait_s
    while True:
        found = [
            pid for pid in map(int, filter(str.isdigit, os.listdir("/proc"))) if _in(pid, folder)
        ]
        if not found or time.monotonic() > deadline:
            return found
        time.sleep(0.05)


def _in(pid: int, folder: Path) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        return state != "Z" and Path(os.readlink(f"/proc/{pid}/cwd")) == folder
    except OSError:
        return False
