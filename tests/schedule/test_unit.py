"""The systemd unit: whole, quoted, and accepted by systemd where there is one."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from briefing.errors import ConfigError
from briefing.preconditions import require
from briefing.schedule.unit import install, unit_name, unit_text

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="systemd is of Linux")


def test_install_writes_the_unit_and_says_what_to_do_next(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text("")
    advice = install(config, folder=tmp_path / "units")
    (unit,) = (tmp_path / "units").iterdir()
    assert f'"schedule" "--config" "{config}"' in unit.read_text("utf-8")
    assert f"systemctl --user enable --now {unit.name}" in advice
    assert "restart" not in advice


def test_each_folder_has_a_unit_of_its_own_which_a_second_install_replaces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    units = tmp_path / "home" / "systemd" / "user"
    for name in ("news", "أخبار", "news/news"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "config.toml").write_text("")
        monkeypatch.chdir(folder)
        install()
    assert len(list(units.iterdir())) == 3
    (tmp_path / "link").symlink_to("news")
    monkeypatch.chdir(tmp_path)
    for spelling in ("news/config.toml", "news/../news/config.toml", "link/config.toml"):
        advice = install(Path(spelling))
        assert "systemctl --user restart briefing-news-" in advice
    assert len(list(units.iterdir())) == 3
    (tmp_path / "news" / "evening.toml").write_text('output.folder = "evening"')
    install(Path("news/evening.toml"))
    names = sorted(path.name for path in units.iterdir())
    assert len(names) == 4
    assert all(re.fullmatch(r"briefing-[A-Za-z0-9_.-]+\.service", name) for name in names)


def test_the_old_unit_of_a_folder_is_taken_over_and_that_of_another_left_alone(
    tmp_path: Path,
) -> None:
    units = tmp_path / "units"
    units.mkdir()
    for name in ("news", "sport"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "config.toml").write_text("")
    old = units / "briefing.service"
    old.write_text(
        f"[Service]\nWorkingDirectory={tmp_path / 'news'}\n"
        f'ExecStart="/old/python" "-m" "briefing" "schedule" "--config" "{tmp_path}/news/config.toml"\n'
    )
    before = old.read_text("utf-8")
    install(tmp_path / "sport" / "config.toml", folder=units)
    assert old.read_text("utf-8") == before
    advice = install(tmp_path / "news" / "config.toml", folder=units)
    assert sys.executable in old.read_text("utf-8")
    assert "systemctl --user restart briefing.service" in advice
    assert {path.name for path in units.iterdir()} == {
        "briefing.service",
        unit_name(tmp_path / "sport" / "config.toml"),
    }


def test_a_relative_folder_for_units_is_ignored_as_its_standard_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", "here")
    monkeypatch.chdir(tmp_path)
    install()
    assert len(list((tmp_path / "home/.config/systemd/user").iterdir())) == 1
    assert not (tmp_path / "here").exists()


def test_a_path_with_spaces_and_percents_is_quoted(tmp_path: Path) -> None:
    text = unit_text(Path('/srv/my 100% "news" $x/config.toml'), Path("/srv/my 100%"))
    assert '"/srv/my 100%% \\"news\\" $$x/config.toml"' in text
    assert "WorkingDirectory=/srv/my 100%%\n" in text


def test_a_configuration_that_would_not_run_is_refused(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('schedule.cron = "often"')
    with pytest.raises(ConfigError, match="cron"):
        install(config, folder=tmp_path / "units", examine=require)
    assert not (tmp_path / "units").exists()


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here")
def test_systemd_accepts_the_unit(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text("")
    install(config, folder=tmp_path)
    here = {**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)}
    command = ["systemd-analyze", "--user", "verify", str(tmp_path / unit_name(config))]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, env=here)
    assert ended.returncode == 0, ended.stderr
