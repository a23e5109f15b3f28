"""A scheduler and workers of Dask on loopback, started as their users start them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.conftest import ROOT

PATIENCE_S = 600.0
"""A loaded machine takes a minute to start a few processes that load models."""
_POLL_S = 0.05
QUIET = {
    "DASK_DISTRIBUTED__ADMIN__TICK__INTERVAL": "1s",
    "DASK_DISTRIBUTED__ADMIN__SYSTEM_MONITOR__INTERVAL": "5s",
}
"""Dask's settings as docs/cluster.md has them: by default it looks at itself 50 times a second."""


def wait_until(condition: Callable[[], Any], what: Callable[[], str] = lambda: "") -> Any:
    """Wait until a condition is true; return its value."""
    deadline = time.monotonic() + PATIENCE_S
    while not (value := condition()):
        assert time.monotonic() < deadline, what() or "it did not happen in time"
        time.sleep(_POLL_S)
    return value


@dataclass
class Cluster:
    """The processes of a cluster, and what its clients need."""

    folder: Path
    environment: Mapping[str, str]
    protocol: str = "tcp"
    scheduler: subprocess.Popen[bytes] | None = None
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    address: str = ""
    _started: int = 0

    def start_scheduler(self, port: int = 0) -> None:
        """Start the scheduler; port: 0 for any free one."""
        place = self.folder / f"scheduler-{self._number()}.json"
        self.scheduler = self._start(
            "scheduler", "--host", "127.0.0.1", "--port", str(port), "--protocol", self.protocol,
            "--scheduler-file", str(place),
        )  # fmt: skip
        text = wait_until(lambda: place.exists() and place.read_text(), self.logs)
        self.address = json.loads(text)["address"]

    def start_worker(
        self, *, preload: str = "briefing.cluster.worker", **environment: str
    ) -> subprocess.Popen[bytes]:
        """Start a worker, with some variables more; it registers when it has loaded its models."""
        number = self._number()
        worker = self._start(
            "worker", self.address, "--nthreads", "1", "--no-nanny", "--death-timeout", "60",
            "--memory-limit", "0", "--local-directory", str(self.folder / f"worker-{number}"),
            *(["--preload", preload] if preload else []), **environment,
        )  # fmt: skip
        self.workers.append(worker)
        return worker

    def start_workers(self, count: int, **options: str) -> None:
        """Start workers and wait until all have registered."""
        before = self.registered()
        for _ in range(count):
            self.start_worker(**options)
        wait_until(lambda: self.registered() >= before + count, self.logs)

    def registered(self) -> int:
        """Return how many workers have registered, as their logs say."""
        return sum("Registered to:" in log.read_text() for log in self.folder.glob("worker-*.log"))

    def processor_s(self) -> float:
        """Return the processor time of all processes so far, in seconds."""
        processes = [*self.workers, *([self.scheduler] if self.scheduler else [])]
        return sum(processor_s(process.pid) for process in processes if process.poll() is None)

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """Kill a process, as a lack of memory does."""
        process.send_signal(signal.SIGKILL)
        process.wait(PATIENCE_S)
        if process in self.workers:
            self.workers.remove(process)

    def stop(self) -> None:
        """Kill every process."""
        for process in [*self.workers, *([self.scheduler] if self.scheduler else [])]:
            with suppress(OSError):
                process.kill()
            process.wait(PATIENCE_S)

    def logs(self) -> str:
        """Return the ends of all logs, for a message."""
        logs = sorted(self.folder.glob("*.log"))
        return "\n".join(f"{log.name}:\n{log.read_text()[-1500:]}" for log in logs)

    def _number(self) -> int:
        self._started += 1
        return self._started

    def _start(self, kind: str, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
        log = self.folder / f"{kind}-{self._started}.log"
        with log.open("wb") as stream:
            return subprocess.Popen(
                [sys.executable, "-m", "dask", kind, *arguments, "--no-dashboard"],
                cwd=self.folder,
                env={**self.environment, **environment},
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
            )


@contextmanager
def cluster(
    folder: Path,
    workers: int,
    environment: Mapping[str, str] | None = None,
    protocol: str = "tcp",
) -> Iterator[Cluster]:
    """Run a scheduler and some workers. environment: in addition to this process's."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    kept.pop("PYTHONDONTWRITEBYTECODE", None)  # Dask has 300 modules, to compile at each start
    variables = {
        **kept,
        "PYTHONPATH": str(ROOT),
        "OMP_NUM_THREADS": "1",
        **QUIET,
        "XDG_CACHE_HOME": str(folder / "cache"),
        "XDG_DATA_HOME": str(folder / "data"),
        **(environment or {}),
    }
    processes = Cluster(folder, variables, protocol)
    try:
        processes.start_scheduler()
        processes.start_workers(workers)
        yield processes
    finally:
        processes.stop()


def processor_s(pid: int) -> float:
    """Return the processor time of a process and of its ended children, in seconds (Linux)."""
    facts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, facts[11:15])) / os.sysconf("SC_CLK_TCK")


def other_version(folder: Path, package: str, version: str) -> Path:
    """Make a folder in which a package seems installed in another version; for PYTHONPATH."""
    (folder / f"{package}-{version}.dist-info").mkdir(parents=True)
    return folder


def voice_package(folder: Path, name: str, source: str) -> Path:
    """Make a folder with a package that has a voice, of a class named Voice; for PYTHONPATH."""
    information = folder / f"{name}_voice-1.dist-info"
    information.mkdir(parents=True)
    (information / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {name}-voice\nVersion: 1\n"
    )
    entry = f"[briefing.voices]\n{name} = {name}_voice:Spoken\n"
    (information / "entry_points.txt").write_text(entry)
    (folder / f"{name}_voice.py").write_text(source)
    return folder


def python_path(*folders: Path) -> str:
    """Return PYTHONPATH with these folders before the checkout."""
    return os.pathsep.join(map(str, [*folders, ROOT]))


__all__: Sequence[str] = [
    "PATIENCE_S",
    "Cluster",
    "cluster",
    "other_version",
    "processor_s",
    "python_path",
    "voice_package",
    "wait_until",
]
