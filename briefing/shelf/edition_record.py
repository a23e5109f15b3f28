"""What stands on the shelf, and from what it was built: decides in a moment if it is out of date.

The record is published with the edition, so it is always that of the files beside it.
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["Built", "is_shelf", "read_built", "record_name", "write_built"]

_OURS = (".state", ".editions")


@dataclass(frozen=True, slots=True)
class Built:
    """The record of an edition."""

    fingerprint: str
    """Digest of everything that the edition depends on."""
    wanted_voice: str
    voice: str
    edition_date: str
    stand_in: bool
    """True when another voice spoke than the one wanted."""
    speaks_date: bool = False
    """True when the edition date is heard in it."""
    files: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Of each published file: its bytes and its time of modification (ns)."""
    skipped: tuple[tuple[str, str], ...] = ()
    """Sources that were skipped, and why."""

    def stands(self, folder: Path) -> bool:
        """Say whether the files that were published are in the folder, untouched."""
        for name, (size, modified_ns) in self.files.items():
            try:
                facts = (folder / name).stat()
            except OSError:
                return False
            if (facts.st_size, facts.st_mtime_ns) != (size, modified_ns):
                return False
        return True


def is_shelf(folder: Path) -> bool:
    """Return whether this program has published or recorded anything in the folder."""
    return any((folder / name).exists() for name in _OURS)


def record_name(name: str) -> str:
    """Give the record's file name in an edition's folder."""
    return f".{name}.built"


def write_built(folder: Path, name: str, built: Built) -> None:
    """Write the record of the files that are in the folder."""
    files = {}
    for file in built.files:
        facts = (folder / file).stat()
        files[file] = (facts.st_size, facts.st_mtime_ns)
    built = dataclasses.replace(built, files=files)
    text = json.dumps(dataclasses.asdict(built), ensure_ascii=False)
    (folder / record_name(name)).write_text(text, encoding="utf-8")


def read_built(folder: Path, name: str) -> Built | None:
    """Read the record; None where there is none, or one of another version of this program."""
    try:
        values = json.loads((folder / record_name(name)).read_text(encoding="utf-8"))
        files = {file: (size, modified) for file, (size, modified) in values.pop("files").items()}
        skipped = tuple((path, reason) for path, reason in values.pop("skipped"))
        return Built(**values, files=files, skipped=skipped)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
