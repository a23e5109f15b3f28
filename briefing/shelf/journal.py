"""Publication without symbolic links: copies, and a journal that the next command completes.

A briefing's journal is written before any published file is touched. Writing it is the commit
point: if the process dies afterwards, the briefing is half changed, and the next command
completes it. (Only with symbolic links is it certain that no reader ever sees a half-changed
briefing.)

    audio/.state/journal/NAME.json     the publication in progress
    audio/.state/published/NAME.json   the last finished one: each address and its source
"""

from __future__ import annotations

import filecmp
import json
import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from briefing.shelf.addresses import (
    EDITIONS,
    VIEWS,
    Addresses,
    OnMove,
    addresses_of,
    is_sidecar,
    move_aside,
)
from briefing.shelf.flushing import flush, flush_folder
from briefing.shelf.lock import STATE_FOLDER

__all__ = ["CopiedNames", "Publication", "read_old", "read_publication", "write_publication"]

_VIEWS_KEY = ".views"
"""The name of the views' record. No briefing's name begins with a dot."""


@dataclass(frozen=True, slots=True)
class Publication:
    """Which files a briefing has at its addresses."""

    edition: str
    """The name of the edition's folder; "" if the briefing is removed from the shelf."""
    files: Mapping[str, str] = field(default_factory=dict)
    """For each address the file that is copied there; both are relative to the shelf."""


class CopiedNames:
    """The public names of a shelf, as copies. See `addresses.PublicNames`."""

    def __init__(self, folder: Path, on_move: OnMove) -> None:
        self._folder = folder
        self._on_move = on_move
        self._journals = folder / STATE_FOLDER / "journal"
        self._records = folder / STATE_FOLDER / "published"

    def names(self) -> list[str]:
        """Return the published briefings, in no order."""
        stems = {path.stem for place in (self._journals, self._records) for path in _jsons(place)}
        return [name for name in stems - {_VIEWS_KEY} if self.current(name) is not None]

    def current(self, name: str) -> Path | None:
        """Return the folder of the edition that was committed last, or None."""
        for place in (self._journals, self._records):
            publication = read_publication(place / f"{name}.json")
            if publication is not None:
                folder = self._folder / EDITIONS / name / publication.edition
                return folder if publication.edition and folder.is_dir() else None
        return None

    def is_ours(self, address: str) -> bool:
        """Return whether this program has published something at an address."""
        return any(address in (_read(path).files) for path in _jsons(self._records))

    def commit(self, name: str, edition: str, new: Addresses, before: Addresses) -> None:
        """Publish an edition. Once the journal is written, the next command can complete it."""
        self._journals.mkdir(parents=True, exist_ok=True)
        publication = Publication(edition, _sources(name, new))
        write_publication(self._journals / f"{name}.json", publication)
        self._roll_forward(name)

    def heal(self, name: str) -> None:
        """Complete a committed publication, and restore published files that others changed."""
        self._roll_forward(name)
        record = read_publication(self._records / f"{name}.json")
        if record is not None:
            self.put(record, record)

    def clear(self, name: str, addresses: Addresses) -> None:
        """Do nothing: copies are made after the commit, so there is nothing to remove."""

    def withdraw(self, name: str) -> None:
        """Remove a briefing from the shelf."""
        self.commit(name, "", {}, {})
        (self._records / f"{name}.json").unlink(missing_ok=True)

    def adopt(self, name: str, edition: Path, before: Publication) -> None:
        """Register an edition whose files have been published already; `heal` completes it.

        before: the files that are at the addresses now.
        """
        new = _sources(name, addresses_of(edition))
        mine = {address: before.files[address] for address in new if address in before.files}
        for place in (self._records, self._journals):
            place.mkdir(parents=True, exist_ok=True)
        write_publication(self._records / f"{name}.json", Publication("", mine))
        write_publication(self._journals / f"{name}.json", Publication(edition.name, new))

    def shows(self, file: str) -> bool:
        """Return whether a file of the folder of views is published."""
        return _same(self._folder / VIEWS / file, self._folder / file)

    def show(self, file: str) -> None:
        """Publish a file of the folder of views."""
        path = self._records / f"{_VIEWS_KEY}.json"
        record = _read(path)
        source, target = self._folder / VIEWS / file, self._folder / file
        if file not in record.files:
            if os.path.lexists(target) and not _same(source, target):
                self._on_move(target, move_aside(target))
            path.parent.mkdir(parents=True, exist_ok=True)
            files = {**record.files, file: f"{VIEWS}/{file}"}
            write_publication(path, Publication("", files))
        if not _same(source, target):
            _copy(source, target)

    def hide(self, file: str) -> None:
        """Remove the address of a file of the folder of views."""
        path = self._records / f"{_VIEWS_KEY}.json"
        files = dict(_read(path).files)
        if files.pop(file, None):
            (self._folder / file).unlink(missing_ok=True)
            write_publication(path, Publication("", files))

    def _roll_forward(self, name: str) -> None:
        journal, record = self._journals / f"{name}.json", self._records / f"{name}.json"
        publication = read_publication(journal)
        if publication is None:
            return
        self.put(publication, _read(record))
        self._records.mkdir(parents=True, exist_ok=True)
        write_publication(record, publication)
        journal.unlink()
        flush_folder(journal.parent)

    def put(self, publication: Publication, before: Publication) -> None:
        """Make the shelf's files those of a publication. Repeating it changes nothing."""
        # sidecars last: until then each sidecar is that of the previous edition
        for name in sorted(publication.files, key=is_sidecar):
            source, target = self._folder / publication.files[name], self._folder / name
            if not source.exists() or _same(source, target):
                continue
            if os.path.lexists(target) and not self._is_as_published(before, name):
                self._on_move(target, move_aside(target))
            target.parent.mkdir(parents=True, exist_ok=True)
            _copy(source, target)
        obsolete = before.files.keys() - publication.files.keys()
        for name in sorted(obsolete, key=is_sidecar, reverse=True):
            if self._is_as_published(before, name):
                (self._folder / name).unlink(missing_ok=True)
                if "/" in name:
                    with suppress(OSError):  # the folder still holds other editions
                        (self._folder / name).parent.rmdir()
        flush_folder(self._folder)

    def _is_as_published(self, before: Publication, name: str) -> bool:
        source = before.files.get(name)
        return source is not None and _same(self._folder / source, self._folder / name)


def read_publication(path: Path) -> Publication | None:
    """Return the publication of a journal or record, or None if it cannot be read."""
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        edition, files = str(values["edition"]), values["files"]
        return Publication(edition, {str(key): str(files[key]) for key in files})
    except (OSError, ValueError, TypeError, KeyError, IndexError, RecursionError):
        return None


def read_old(path: Path) -> Publication | None:
    """Return the publication of an earlier version, which had one for all briefings, or None."""
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        edition, files = str(values["edition"]), [str(file) for file in values["files"]]
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None
    return Publication(edition, {file: f"{EDITIONS}/{edition}/{file}" for file in files})


def write_publication(path: Path, publication: Publication) -> None:
    """Replace a journal or record, and flush it to the disk. Raises OSError."""
    new = path.with_suffix(".new")
    with new.open("w", encoding="utf-8") as file:
        json.dump(asdict(publication), file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    flush_folder(path.parent)


def _read(path: Path) -> Publication:
    return read_publication(path) or Publication("")


def _sources(name: str, addresses: Addresses) -> dict[str, str]:
    return {
        address: f"{EDITIONS}/{name}/{folder}/{file}"
        for address, (folder, file) in addresses.items()
    }


def _jsons(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.json")) if folder.is_dir() else []


def _copy(source: Path, target: Path) -> None:
    """Replace a file by a complete copy of another in one step."""
    new = target.with_name(f".{target.name}.new")
    shutil.copy2(source, new)
    flush(new)
    new.replace(target)


def _same(path: Path, other: Path) -> bool:
    if not path.is_file() or not other.is_file() or other.is_symlink():
        return False
    facts, other_facts = path.stat(), other.stat()
    if (facts.st_size, facts.st_mtime_ns) == (other_facts.st_size, other_facts.st_mtime_ns):
        return True
    return facts.st_size == other_facts.st_size and filecmp.cmp(path, other, shallow=False)
