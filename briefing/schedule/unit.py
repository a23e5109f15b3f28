"""A configuration file -> a systemd user unit that runs `briefing schedule` on it.

The unit starts at login. Each folder has a unit of its own, so several can be installed.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

from briefing.config import CONFIG_NAME, Config, load
from briefing.errors import BriefingError, UsageError
from briefing.user_folders import config_home

__all__ = ["install", "unit_name", "unit_text"]

_OLD_NAME = "briefing.service"
"""The unit of earlier versions, which had one unit for all folders."""
_LONGEST_LABEL = 60


def install(
    config_path: Path | None = None,
    *,
    folder: Path | None = None,
    examine: Callable[[Config], object] = lambda _: None,
) -> str:
    """Write the unit; return what the user should do next.

    A unit of the old name that runs in the same folder keeps its name, so that no second service
    is started there. folder: default $XDG_CONFIG_HOME/systemd/user or ~/.config/systemd/user.
    examine: raises an error if a configuration would not run. Raise UsageError if the system is
    not Linux, BriefingError if the unit cannot be written.
    """
    if not sys.platform.startswith("linux"):
        raise UsageError("--install writes a systemd unit, which is for Linux; start it yourself")
    for config in load(config_path):
        examine(config)
    path = Path(os.path.abspath(config_path or CONFIG_NAME))  # noqa: PTH100 - links stay
    text = unit_text(path if path.exists() else None, path.parent)
    units = folder or config_home() / "systemd" / "user"
    old = units / _OLD_NAME
    unit = old if _runs_the_same(old, path, text) else units / unit_name(path)
    replaced = unit.exists()
    try:
        unit.parent.mkdir(parents=True, exist_ok=True)
        unit.write_text(text, "utf-8")
    except OSError as error:
        raise BriefingError(f"{unit}: cannot be written: {error.strerror}") from None
    start = f"systemctl --user enable --now {unit.name}"
    if replaced:
        start += f" && systemctl --user restart {unit.name}"
    return "\n".join(
        [
            f"{unit}: written. Start it, now and at every login:",
            f"  systemctl --user daemon-reload && {start}",
            "Let it run also while you are not logged in:",
            "  loginctl enable-linger",
            "See its state and its log:",
            f"  briefing status; journalctl --user -u {unit.name}",
        ]
    )


def unit_name(config: Path) -> str:
    """Return the name of the unit of a configuration's folder, however its path is written.

    A configuration file with another name than config.toml has a unit of its own.

    >>> unit_name(Path("/srv/news/config.toml"))
    'briefing-news-0ca4d511.service'
    """
    place = Path(os.path.realpath(config))
    label = place.parent.name
    if place.name == CONFIG_NAME:
        place = place.parent
    else:
        label += f"-{place.stem}"
    digest = hashlib.sha256(os.fsencode(place)).hexdigest()[:8]
    # systemd.unit(5): ASCII letters, digits and :-_.\\ alone
    label = re.sub(r"[^A-Za-z0-9_.]+", "-", label)[:_LONGEST_LABEL].strip("-.")
    return f"briefing-{label}-{digest}.service" if label else f"briefing-{digest}.service"


def _runs_the_same(unit: Path, config: Path, text: str) -> bool:
    """Return whether a unit has the same folder and configuration as the text of a new one."""
    try:
        lines = unit.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return False
    folder = next(line for line in text.splitlines() if line.startswith("WorkingDirectory="))
    command = next((line for line in lines if line.startswith("ExecStart=")), "")
    same = _quote(str(config)) in command
    return folder in lines and (same or '"--config"' not in command)


def unit_text(config: Path | None, folder: Path) -> str:
    """Return the text of the unit, for this Python.

    config: None uses the default settings. folder: the working directory of the service.
    """
    command = [sys.executable, "-m", "briefing", "schedule"]
    if config:
        command += ["--config", str(config)]
    return f"""\
[Unit]
Description=Spoken briefing of {str(folder).replace("%", "%%")}, rebuilt nightly and on change
StartLimitIntervalSec=0

[Service]
Type=exec
WorkingDirectory={str(folder).replace("%", "%%")}
ExecStart={" ".join(_quote(word) for word in command)}
Restart=on-failure
RestartSec=30
# exit code 2: the configuration is wrong; a restart would not help
RestartPreventExitStatus=2
KillMode=mixed
TimeoutStopSec=30
Nice=10

[Install]
WantedBy=default.target
"""


def _quote(word: str) -> str:
    """Quote a word of ExecStart: systemd.service(5), "Command lines"; systemd.unit(5)."""
    for plain, escaped in (("\\", "\\\\"), ('"', '\\"'), ("%", "%%"), ("$", "$$"), ("\n", "\\n")):
        word = word.replace(plain, escaped)
    return f'"{word}"'
