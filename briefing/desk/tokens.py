"""The tokens of a running desk: 256 random bits each, of which the disk has digests alone.

`briefing desk --link` adds the digest of a new token to the running desk's file in the state
folder, where only its user may write.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from briefing.errors import BriefingError
from briefing.shelf.left_out import DESK_FOLDER
from briefing.shelf.state_files import read_state, state_folder, write_state

__all__ = ["Tokens", "add_link"]

_BYTES = 32
_MOST_LINKS = 100


@dataclass
class Tokens:
    """The tokens of one running desk."""

    folder: Path
    """The shelf's."""
    port: int
    run: str = field(default_factory=lambda: secrets.token_hex(8))
    """What tells this run from others on the same port."""
    token: str = field(default_factory=lambda: secrets.token_hex(_BYTES))
    """The token that is printed at the start."""

    def open(self) -> None:
        """Write down that a desk runs on this port. Raise ShelfError."""
        write_state(self._file, {"run": self.run, "pid": os.getpid(), "links": []})

    def close(self) -> None:
        """Remove the file of this run."""
        if read_state(self._file).get("run") == self.run:
            self._file.unlink(missing_ok=True)

    def is_token(self, text: str) -> bool:
        """Return whether a text is a token of this run."""
        digest = _digest(text)
        valid = hmac.compare_digest(digest, _digest(self.token))
        if valid or len(text) != 2 * _BYTES:
            return valid
        table = read_state(self._file)
        links = table.get("links", []) if table.get("run") == self.run else []
        return any(
            hmac.compare_digest(digest.encode(), link.encode())
            for link in links
            if isinstance(link, str)
        )

    @property
    def _file(self) -> Path:
        return _file(self.folder, self.port)


def add_link(folder: Path, port: int | None) -> tuple[int, str]:
    """Return the port of a running desk and a new token for it.

    folder: the shelf's. port: of one of several desks; None: of the only one. Raise BriefingError
    if there is none, or several.
    """
    desks = {
        int(path.stem.removeprefix("running-")): table
        for path in (state_folder(folder) / DESK_FOLDER).glob("running-*.json")
        if path.stem.removeprefix("running-").isdigit()
        and _is_alive((table := read_state(path)).get("pid"))
    }
    if port is not None:
        desks = {number: table for number, table in desks.items() if number == port}
    if not desks:
        raise BriefingError("no desk is running here; start one: briefing desk")
    if len(desks) > 1:
        ports = ", ".join(map(str, sorted(desks)))
        raise BriefingError(f"several desks are running; name one with --port: {ports}")
    ((number, table),) = desks.items()
    token = secrets.token_hex(_BYTES)
    links = [*table.get("links", []), _digest(token)][-_MOST_LINKS:]
    write_state(_file(folder, number), {**table, "links": links})
    return number, token


def _file(folder: Path, port: int) -> Path:
    return state_folder(folder) / DESK_FOLDER / f"running-{port}.json"


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _is_alive(pid: object) -> bool:
    if not isinstance(pid, int) or pid <= 0:
        return False
    if os.name == "nt":
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
