"""The systemd unit: whole, quoted, and accepted by systemd where there is one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from briefing.errors import ConfigError
from briefing.schedule.unit import install, unit_text

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="systemd is of Linux")


def test_install_writes_the_unit_and_says_what_to_do_next(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text("")
    told = install(config, folder=tmp_path / "units")
    text = (tmp_path / "units" / "briefing.service").read_text("utf-8")
    assert f'"schedule" "--config" "{config}"' in text
    assert "systemctl --user enable --now briefing.service" in told


def test_a_path_with_spaces_and_percents_is_quoted(tmp_path: Path) -> None:
    text = unit_text(Path('/srv/my 100% "news" $x/config.toml'), Path("/srv/my 100%"))
    assert '"/srv/my 100%% \\"news\\" $$x/config.toml"' in text
    assert "WorkingDirectory=/srv/my 100%%\n" in text


def test_a_configuration_that_would_not_run_is_refused(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('schedule.cron = "often"')
    with pytest.raises(ConfigError, match="cron"):
        install(config, folder=tmp_path / "units")
    assert not (tmp_path / "units").exists()


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here")
def test_systemd_accepts_the_unit(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text("")
    install(config, folder=tmp_path)
    here = {**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)}
    command = ["systemd-analyze", "--user", "verify", str(tmp_path / "briefing.service")]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, env=here)
    assert ended.returncode == 0, ended.stderr
