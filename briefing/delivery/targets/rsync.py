"""A machine with ssh as target, filled by the system's rsync.

rsync writes each file beside its place and renames it, goes on with a broken file where it
stopped, and skips what has the same size and time. Two names of one content are sent once (-H).
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from briefing.delivery.targets.target import DeliveryError, Parcel, Present
from briefing.errors import UsageError

__all__ = ["RsyncTarget"]

_PARTIAL = ".briefing-partial"
_TIMEOUT_S = 60
"""Without a byte for so long, rsync gives up."""
_ROW = re.compile(r"-\S{9}\s+([\d,]+) (\d{4}/\d\d/\d\d \d\d:\d\d:\d\d) (.+)")
"""A file in the output of --list-only (rsync(1))."""
_MISSING = 23
"""rsync's exit code if, among others, a folder does not exist."""
_WORD = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
"""A user or a host: never an option of ssh."""
_HOST = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*|\[?[0-9A-Fa-f:.]+\]?")


class RsyncTarget:
    """A folder on a machine that takes ssh."""

    def __init__(self, address: str) -> None:
        """address: ssh://[user@]host[:port]/path, where /~/path is in the user's home.

        Raises UsageError.
        """
        parts = urlsplit(address)
        try:
            port = parts.port
        except ValueError as error:
            raise UsageError(f"{address}: {error}") from error
        host, user = parts.hostname or "", parts.username or ""
        if parts.password is not None:
            raise UsageError(
                f"ssh://{host}: a password in an address would be read by others; give this"
                " machine a key (ssh-copy-id)"
            )
        if not _HOST.fullmatch(host) or (user and not _WORD.fullmatch(user)):
            raise UsageError(f"{address}: is no address such as ssh://user@host/path")
        path = unquote(parts.path)
        if len(path) < 2 or "\n" in path or "\0" in path:
            raise UsageError(f"{address}: has no path; write ssh://{host}/path")
        self._path = path[3:] if path.startswith("/~/") else path
        self._host = f"{user}@{host}" if user else host
        self._shell = os.environ.get("RSYNC_RSH") or "ssh -o BatchMode=yes -o ConnectTimeout=20"
        if port:
            self._shell += f" -p {port}"
        self.label = f"ssh://{self._host}{f':{port}' if port else ''}{path}"
        self.identity = self.label.rstrip("/")

    @property
    def _remote(self) -> str:
        host = f"[{self._host}]" if self._host.count(":") > 1 else self._host
        return f"{host}:{self._path.rstrip('/')}/"

    def listing(self, folders: Sequence[str]) -> dict[str, Present]:
        """Ask for the list of the files."""
        # by a file, because arguments are seen by other users of this machine
        rules = [f"+ /{folder}" for folder in folders if folder] + ["- */"]
        with _list_of(rules, end="\n") as filters:
            result = self._run(
                ["--list-only", "-r", f"--filter=merge {filters}", self._remote],
                allowed=(0, _MISSING),
            )
        if result.returncode == _MISSING and "No such file" not in result.stderr:
            raise self._refusal(result)
        present = {}
        for line in result.stdout.splitlines():
            if match := _ROW.fullmatch(line):
                time = datetime.strptime(match[2], "%Y/%m/%d %H:%M:%S").replace(tzinfo=UTC)
                size = int(match[1].replace(",", ""))
                present[match[3]] = Present(size, str(int(time.timestamp())))
        return present

    def has_content(self, parcel: Parcel, present: Present) -> bool:
        """Compare size and time, as rsync does."""
        return (present.bytes, present.tag) == (parcel.item.bytes, _tag(parcel))

    def send(self, parcels: Sequence[Parcel], on_sent: Callable[[Parcel, str], None]) -> None:
        """Send the files of a stage over one connection."""
        names = dict.fromkeys(
            name
            for parcel in parcels
            for name in (parcel.item.same_as, parcel.item.address)
            if name and (_top(parcel) / name).is_file()
        )
        if not names:
            return
        with _list_of(names) as list_file:
            self._run(
                [
                    *("-rtH", "--mkpath", "--from0", f"--files-from={list_file}"),
                    *(f"--partial-dir={_PARTIAL}", "--chmod=D755,F644"),
                    *("--", f"{_top(parcels[0])}/", self._remote),
                ]
            )
        for parcel in parcels:
            on_sent(parcel, _tag(parcel))

    def mark(self, name: str, content: bytes) -> None:
        """Send a small file."""
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / name).write_bytes(content)
            self._run(["-t", "--mkpath", "--chmod=F644", "--", f"{folder}/{name}", self._remote])

    def read_mark(self, name: str) -> str:
        """Fetch a small file."""
        with tempfile.TemporaryDirectory() as folder:
            result = self._run(
                ["--max-size=1000", "--", f"{self._remote}{name}", f"{folder}/"], allowed=range(256)
            )
            path = Path(folder) / name
            if result.returncode or not path.is_file():
                return ""
            return path.read_bytes()[:200].decode("utf-8", "replace")

    def remove(self, addresses: Sequence[str]) -> None:
        """Have rsync delete what is missing in an empty folder."""
        if not addresses:
            return
        with tempfile.TemporaryDirectory() as folder, _list_of(addresses) as list_file:
            for address in addresses:
                (Path(folder) / address).parent.mkdir(parents=True, exist_ok=True)
            self._run(
                [
                    *("-r", "--delete-missing-args", "--from0", f"--files-from={list_file}"),
                    *("--", f"{folder}/", self._remote),
                ]
            )

    def _run(
        self, arguments: Sequence[str], allowed: Sequence[int] = (0,)
    ) -> subprocess.CompletedProcess[str]:
        program = shutil.which("rsync")
        if program is None:
            raise DeliveryError(
                f"{self.label}: rsync is not installed; install it (apt-get install rsync), also"
                " on that machine"
            )
        result = subprocess.run(
            [program, "-s", f"--timeout={_TIMEOUT_S}", "-e", self._shell, *arguments],
            env={**os.environ, "LC_ALL": "C", "TZ": "UTC"},
            stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", check=False,
        )  # fmt: skip
        if result.returncode not in allowed:
            raise self._refusal(result)
        return result

    def _refusal(self, result: subprocess.CompletedProcess[str]) -> DeliveryError:
        lines = [line.strip() for line in result.stderr.splitlines() if line.strip()]
        cause = next((line for line in lines if not line.startswith("rsync error")), "")
        return DeliveryError(
            f"{self.label}: rsync stopped with exit code {result.returncode}:"
            f" {cause[:300] or 'it gave no reason'}; try: ssh {self._host}"
        )


def _top(parcel: Parcel) -> Path:
    """Return the folder under which a parcel lies at its address."""
    return parcel.path.parents[parcel.item.address.count("/")]


def _tag(parcel: Parcel) -> str:
    return str(parcel.item.modified_ns // 1_000_000_000)


@contextmanager
def _list_of(names: Iterable[str], end: str = "\0") -> Iterator[str]:
    """Yield the path of a file with names. end: what follows each."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "names"
        path.write_bytes(b"".join(f"{name}{end}".encode() for name in names))
        yield str(path)
