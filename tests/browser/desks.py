"""Runs `briefing desk` as its user does, for the tests in a browser."""

import re
import subprocess
import sys
from contextlib import contextmanager

from tests.browser.waiting import PATIENCE_S


class Desk:
    """A running desk."""

    def __init__(self, project, process, address):
        self.project = project
        self.process = process
        self.address = address

    @property
    def lexicon(self):
        return self.project.folder / "names.toml"

    def stop(self):
        self.process.terminate()
        self.process.wait(PATIENCE_S)


@contextmanager
def desk_of(project):
    """Run the desk over a project's folder on a free port."""
    log = project.folder / "desk.log"
    with log.open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "briefing", "desk", "--port", "0", "--no-browser"],
            cwd=project.folder,
            env=project.environment(),
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            encoding="utf-8",
        )
        try:
            written = re.search(r"http://\S+", process.stdout.readline())
            assert written, log.read_text("utf-8")
            yield Desk(project, process, written[0])
        finally:
            process.terminate()
            try:
                process.wait(PATIENCE_S)
            finally:
                process.kill()
                process.stdout.close()
