"""`offline = true` opens no socket, and no voice that would."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

from tests.conftest import Project

_WITHOUT_SOCKETS = """
import socket, sys
def refuse(*_, **__):
    raise SystemExit("a socket was opened")
class Refused(socket.socket):
    __init__ = refuse
socket.socket = Refused
socket.create_connection = socket.getaddrinfo = refuse
from briefing.cli import main
sys.exit(main(sys.argv[1:]))
"""


def test_an_offline_build_opens_no_socket(project: Project) -> None:
    project.configure('offline = true\nvoice = "auto"\n')
    done = subprocess.run(
        [sys.executable, "-c", _WITHOUT_SOCKETS, "build"],
        cwd=project.folder,
        env=project.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (project.audio / "briefing.mp3").stat().st_size > 10_000


def test_an_offline_build_makes_no_network_call_of_the_system(project: Project) -> None:
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed")
    project.configure('offline = true\nvoice = "auto"\n')
    trace = project.folder / "trace"
    done = project.run(
        "build", prefix=["strace", "-f", "-qq", "-e", "trace=%network", "-o", str(trace)]
    )
    assert done.returncode == 0, done.stderr
    calls = trace.read_text(errors="replace")
    assert "AF_INET" not in calls


def test_an_online_voice_is_refused_offline(project: Project) -> None:
    project.configure('offline = true\nvoice = "gtts"\n')
    done = project.run("build")
    assert done.returncode == 2
    assert "offline = true" in done.stderr
    assert not (project.audio / "briefing.mp3").exists()


def test_no_library_keeps_an_identifier_of_this_machine_or_anything_else_of_its_own(
    project: Project,
) -> None:
    # ONNX Runtime's telemetry writes a device identifier beside its queue of reports; it is silent
    # where it believes itself in a test, so those variables are taken away
    environment = dict.fromkeys(("CI", "GITHUB_ACTIONS", "TF_BUILD", "PYTEST_CURRENT_TEST"), "")
    done = project.run("build", environment={**environment, "HOME": str(project.folder / "home")})
    assert done.returncode == 0, done.stderr
    written = {path.name for path in (project.folder / "cache").iterdir()}
    assert written == {"briefing"}
    assert not (project.folder / "home").exists()
