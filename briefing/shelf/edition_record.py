"""The record of an edition: what it was built from, so that a quick look shows if it is outdated.

The record is published together with the edition's files, so it always describes those files.
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["EditionRecord", "is_shelf", "read_record", "record_name", "write_record"]

_OWN_FOLDERS = (".state", ".editions")


@dataclass(frozen=True, slots=True)
class EditionRecord:
    """The record of an edition."""

    fingerprint: str
    """Digest of everything that the edition depends on."""
    wanted_voice: str
    voice: str
    edition_date: str
    stand_in: bool
    """True when another voice than the wanted one spoke."""
    speaks_date: bool = False
    """True when the edition date is spoken in it."""
    files: dict[str, tuple[int, int]] = field(default_factory=dict)
    """For each published file its size in bytes and its modification time in ns."""
    skipped: tuple[tuple[str, str], ...] = ()
    """The path of each skipped source, and why it was skipped."""
    lexicon: str = ""
    """The text of the user's lexicon that it was spoken with: a later text shows what changed."""

    def matches(self, folder: Path) -> bool:
        """Return whether all published files are in the folder, unchanged."""
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
    return any((folder / name).exists() for name in _OWN_FOLDERS)


def record_name(name: str) -> str:
    """Return the record's file name in an edition's folder."""
    return f".{name}.built"


def write_record(folder: Path, name: str, record: EditionRecord) -> None:
    """Write the record, with the sizes and times of its files as they are in the folder."""
    files = {}
    for file in record.files:
        facts = (folder / file).stat()
        files[file] = (facts.st_size, facts.st_mtime_ns)
    record = dataclasses.replace(record, files=files)
    text = json.dumps(dataclasses.asdict(record), ensure_ascii=False)
    (folder / record_name(name)).write_text(text, encoding="utf-8")


def read_record(folder: Path, name: str) -> EditionRecord | None:
    """Read the record. Return None if there is none, or if another version wrote it."""
    try:
        values = json.loads((folder / record_name(name)).read_text(encoding="utf-8"))
        files = {file: (size, modified) for file, (size, modified) in values.pop("files").items()}
        skipped = tuple((path, reason) for path, reason in values.pop("skipped"))
        return EditionRecord(**values, files=files, skipped=skipped)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
