"""What was delivered to a target: the record that this machine keeps on the shelf.

audio/.state/delivery/shelf.json           the shelf's own number; it marks its targets
audio/.state/delivery/target-DIGEST.json   a record for each target
"""

from __future__ import annotations

import hashlib
import re
import uuid
from dataclasses import astuple, dataclass, field, fields
from pathlib import Path

from briefing.shelf.state_files import read_state, state_folder, write_state

__all__ = ["Ledger", "Row", "ledger_path", "read_ledger", "shelf_number"]

_FOLDER = "delivery"
_NUMBER = re.compile("[0-9a-f]{32}")


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
        rows = {address: astuple(row) for address, row in self.rows.items()}
        table = {column.name: getattr(self, column.name) for column in fields(self)}
        del table["path"]
        write_state(self.path, {**table, "rows": rows}, mode=0o600)  # it has private addresses


def ledger_path(shelf: Path, identity: str) -> Path:
    """Return where the record of a target is. identity: what names the target for the program."""
    digest = hashlib.sha256(identity.encode()).hexdigest()[:16]
    return state_folder(shelf) / _FOLDER / f"target-{digest}.json"


def read_ledger(path: Path) -> Ledger:
    """Return the record of a target; an empty one if there is none or if it is damaged."""
    values = {name: value for name, value in read_state(path).items() if name != "version"}
    try:
        rows = {str(address): Row(*row) for address, row in values.pop("rows", {}).items()}
        return Ledger(path, rows=rows, **values)
    except (TypeError, AttributeError):
        return Ledger(path)


def shelf_number(shelf: Path) -> str:
    """Return the shelf's number, 32 hexadecimal digits; it gets one if it has none.

    Raises ShelfError.
    """
    path = state_folder(shelf) / _FOLDER / "shelf.json"
    number = read_state(path).get("number")
    if not (isinstance(number, str) and _NUMBER.fullmatch(number)):
        number = uuid.uuid4().hex
        write_state(path, {"number": number})
    return number
