"""A configuration file -> a systemd user unit that runs `briefing schedule` on it from login on."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from briefing.config import CONFIG_NAME, load
from briefing.errors import BriefingError, UsageError
from briefing.preconditions import require

__all__ = ["UNIT_NAME", "install", "unit_text"]

UNIT_NAME = "briefing.service"


def install(config_path: Path | None = None, *, folder: Path | None = None) -> str:
    """Write the unit, and give what to do next, as text for the user.

    folder: default $XDG_CONFIG_HOME/systemd/user or ~/.config/systemd/user. Raises ConfigError for
    a configuration that would not run, UsageError where there is no systemd.
    """
    if not sys.platform.startswith("linux"):
        raise UsageError("--install writes a systemd unit, which is for Linux; start it yourself")
    for config in load(config_path):
        require(config)
    path = (config_path or Path(CONFIG_NAME)).absolute()
    home = os.environ.get("XDG_CONFIG_HOME", "")
    base = Path(home) if home.startswith("/") else Path.home() / ".config"
    unit = (folder or base / "systemd" / "user") / UNIT_NAME
    try:
        unit.parent.mkdir(parents=True, exist_ok=True)
        unit.write_text(unit_text(path if path.exists() else None, path.parent), "utf-8")
    except OSError as error:
        raise BriefingError(f"{unit}: cannot be written: {error.strerror}") from None
    return "\n".join(
        [
            f"{unit}: written. Start it, now and at every login:",
            f"  systemctl --user daemon-reload && systemctl --user enable --now {UNIT_NAME}",
            "Let it run while you are not logged in:",
            "  loginctl enable-linger",
            "See how it goes:",
            f"  briefing status; journalctl --user -u {UNIT_NAME}",
        ]
    )


def unit_text(config: Path | None, folder: Path) -> str:
    """Write the unit for this Python. config: None takes the defaults; folder: where it runs."""
    command = [sys.executable, "-m", "briefing", "schedule"]
    if config:
        command += ["--config", str(config)]
    return f"""\
[Unit]
Description=Spoken briefing, rebuilt nightly and on change
StartLimitIntervalSec=0

[Service]
Type=exec
WorkingDirectory={str(folder).replace("%", "%%")}
ExecStart={" ".join(_quoted(word) for word in command)}
Restart=on-failure
RestartSec=30
# a wrong configuration does not mend itself
RestartPreventExitStatus=2
KillMode=mixed
TimeoutStopSec=30
Nice=10

[Install]
WantedBy=default.target
"""


def _quoted(word: str) -> str:
    """Quote a word of ExecStart: systemd.service(5), "Command lines"; systemd.unit(5)."""
    for plain, escaped in (("\\", "\\\\"), ('"', '\\"'), ("%", "%%"), ("$", "$$"), ("\n", "\\n")):
        word = word.replace(plain, escaped)
    return f'"{word}"'
