"""What was delivered to a target: the record that this machine keeps on the shelf.

audio/.state/delivery/shelf         the shelf's own number, which marks the targets that it fills
audio/.state/delivery/DIGEST.json   a record for each target
"""

from __future__ import annotations

import hashlib
import json
import uuid
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from briefing.errors import ShelfError
from briefing.shelf.flushing import flush
from briefing.shelf.lock import STATE_FOLDER

__all__ = ["Ledger", "Row", "ledger_path", "read_ledger", "shelf_number"]

_FOLDER = "delivery"
_VERSION = 1


@dataclass(frozen=True, slots=True)
class Row:
    """A file as it was delivered."""

    bytes: int
    modified_ns: int
    """Of the file on the shelf."""
    tag: str
    """What the target showed for it afterwards, such as an ETag."""


@dataclass
class Ledger:
    """The files that a target has from this shelf."""

    path: Path
    target: str = ""
    """As messages show it, without secrets."""
    rows: dict[str, Row] = field(default_factory=dict)
    unnamed: dict[str, str] = field(default_factory=dict)
    """Files that the feeds name no more -> since when, as an ISO time in UTC."""
    begun: list[str] = field(default_factory=list)
    """Files whose sending was begun: a killed run may have left any of them there."""
    problem: str = ""
    """Why the last run failed; "" if it did not."""
    at: str = ""
    """When the last run ended, as an ISO time in UTC."""
    shelf_state: str = ""
    """A digest of what was delivered by the last complete run."""

    def write(self) -> None:
        """Write the record. Raises ShelfError."""
        values = {"version": _VERSION, **asdict(self)}
        del values["path"]
        values["rows"] = {
            address: [row.bytes, row.modified_ns, row.tag] for address, row in self.rows.items()
        }
        new = self.path.with_name(f".{self.path.name}.new")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            new.write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8")
            flush(new)
            new.replace(self.path)
        except OSError as error:
            raise ShelfError(
                f"{self.path}: cannot be written: {error.strerror or error}; free space, or make"
                " the folder writable"
            ) from error


def ledger_path(shelf: Path, identity: str) -> Path:
    """Return where the record of a target is. identity: what names the target for the program."""
    digest = hashlib.sha256(identity.encode()).hexdigest()[:16]
    return shelf / STATE_FOLDER / _FOLDER / f"{digest}.json"


def read_ledger(path: Path) -> Ledger:
    """Return the record of a target; an empty one if there is none or if it is damaged."""
    try:
        values: Any = json.loads(path.read_bytes())
        if values.pop("version") != _VERSION:
            return Ledger(path)
        rows = {str(address): Row(*row) for address, row in values.pop("rows").items()}
        return Ledger(path, rows=rows, **values)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return Ledger(path)


def shelf_number(shelf: Path) -> str:
    """Return the shelf's number, 32 hexadecimal digits; it gets one if it has none.

    Raises ShelfError.
    """
    path = shelf / STATE_FOLDER / _FOLDER / "shelf"
    try:
        number = path.read_text("ascii").strip()
        if len(number) == 32 and set(number) <= set("0123456789abcdef"):
            return number
    except (OSError, ValueError):
        pass
    number = uuid.uuid4().hex
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(number, "ascii")
        flush(path)
    except OSError as error:
        raise ShelfError(f"{path}: cannot be written: {error.strerror or error}") from error
    return number
